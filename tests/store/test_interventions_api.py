"""HR's API over interventions (F5): from the alert to what it came to, and how many worked."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rencai import wiring
from rencai.domain import ids
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.employee import Employee
from rencai.domain.errors import Refusal
from rencai.domain.performance import MonthlyPerformance
from rencai.domain.risk import Alert, make_card, measured
from rencai.domain.signals import AttendanceWeek, Leave, LeaveKind, Survey
from rencai.platform.api import Api
from rencai.store.cards import Cards
from rencai.store.employees import employee_key
from rencai.store.interventions import Interventions
from rencai.store.sealed import Vault
from rencai.store.table import Table
from risk_api import interventions
from tests.journey.faults import Faulty
from tests.store import training_office
from tests.store.tenant import Between
from tests.store.training_office import EMPLOYEE, EVENT, TABLE, ZONE, Office, _client, both, office
from tests.unit.logs import logged
from training_plan.support import support

OPENED_AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
"""Monday, 9:00 in Shanghai."""
RAISED_ON = date(2026, 11, 22)
ALERT = "alr_01ABC_20261122"
FIRST = "int_01ABC_20261122_1"
WORDS = "本人希望先减少夜班"
ACTIONS: dict[str, Any] = {
    "actions": {
        "redistribute_work": {
            "name": both("重新分配工作", "Redistribute work"),
            "about": both("移交任务", "Hand over tasks"),
            "signals": ["long_hours"],
        },
        "support_training": {
            "name": both("支持性培训", "Support training"),
            "about": both("学会调节", "Learn to cope"),
            "signals": ["survey"],
            "courses": ["reading", "product"],
        },
    }
}
POLICY: dict[str, Any] = {
    "survey": {"words": [{"id": "pressure", "name": both("压力大", "Pressure"), "present": ["压力很大"]}]}
}
ASKED: dict[str, Any] = {
    "actions": ["redistribute_work", "support_training"],
    "owner": "李经理",
    "due_on": "2026-12-21",
    "note": WORDS,
}


def weeks(hours: int, first: int, count: int = 4) -> list[AttendanceWeek]:
    return [AttendanceWeek(f"2026-W{number}", Decimal(hours), None) for number in range(first, first + count)]


def month(number: int, score: int) -> MonthlyPerformance:
    return MonthlyPerformance(f"2026-{number:02}", Decimal(score), Decimal(10))


SICK = Leave("QJ-1", LeaveKind.SICK, date(2026, 11, 16), date(2026, 11, 19), Decimal(4))
OLD_MONTHS = [month(8, 9), month(9, 8), month(10, 6)]


class Risk(Office):
    """An office with one employee under pressure."""

    def __init__(self) -> None:
        super().__init__()
        self.now = OPENED_AT
        self.configure(ConfigurationKind.INTERVENTION_CATALOGUE, ACTIONS)
        self.configure(ConfigurationKind.RISK_POLICY, POLICY)
        self.key_id = _client("kms").create_key()["KeyMetadata"]["KeyId"]
        self.vault = Vault(_client("kms"), self.key_id, "test")
        self.cards = Cards(self.table)
        self.interventions = Interventions(self.table, self.vault)
        self.employs(EMPLOYEE)
        self.under_pressure()

    def employs(self, employee_id: str) -> None:
        """Somebody who came from another system, long ago."""
        self.employees.hire(
            Employee(employee_id, "王五", "sales", "上海", date(2020, 1, 6), self.now, employee_no="10086")
        )

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def under_pressure(self, employee_id: str = EMPLOYEE) -> None:
        """What is known is on the card, and the scan has seen it."""
        self.told(
            weeks(55, 44), [SICK], OLD_MONTHS, Survey("2026-11", (("load", 2),)), ["pressure"], employee_id
        )
        self.scanned(employee_id)

    def told(
        self,
        hours: list[AttendanceWeek],
        leave: list[Leave],
        months: list[MonthlyPerformance],
        survey: Survey,
        words: list[str],
        employee_id: str = EMPLOYEE,
    ) -> None:
        card = make_card(hours, leave, months, survey, words, None, self.today)
        self.cards.replace(self.cards.get(employee_id), employee_id, card)

    def recovers(self) -> None:
        """Four weeks later: 40 hours a week, performance 8, no more leave, a better survey."""
        self.passes(days=28)
        better = Survey("2026-12", (("load", 4),))
        self.told([*weeks(55, 44), *weeks(40, 48)], [SICK], [*OLD_MONTHS, month(11, 8)], better, [])

    def scanned(self, employee_id: str = EMPLOYEE) -> None:
        """A night's scan, as far as this employee goes."""
        card = self.cards.get(employee_id)
        assert card
        judged = measured(self.configurations.risk_policy().document, card.card, self.today)
        day = card.alert.raised_on if card.alert else RAISED_ON
        alert = (
            Alert(ids.alert_id(employee_id, day), employee_id, judged, day, "scan_1", 1) if judged else None
        )
        self.cards.tell(card, alert, "scan_1", self.now)

    def leaves(self, day: date) -> None:
        """It is their last day."""
        self.table.update(employee_key(EMPLOYEE), {"left_on": day.isoformat()})

    def supports(self) -> None:
        """The consumer of ``intervention.opened`` and ``intervention.changed``."""
        support(
            FIRST,
            interventions=self.interventions,
            employees=self.employees,
            configurations=self.configurations,
            training=self.training,
            now=self.now,
        )

    def interposed(self, at: int, act: Any) -> Between:
        """Somebody acts right before the routes' ``at``-th call to the interventions' table."""
        between = Between(at, act)
        calls: Any = between
        client: Any = Faulty("dynamodb", _client("dynamodb"), calls)
        self.interventions = Interventions(Table(client, TABLE), self.vault)
        return between

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The interventions' events by the table's stream."""
        self.published.clear()
        self.relays()
        return [
            (event.name, dict(event.data))
            for _, event in self.published
            if event.name.startswith("intervention.")
        ]


class Caller:
    """HR's API over a risk office; each call is a request of its own unless it has a key."""

    def __init__(self) -> None:
        self._api = Api("zh-CN")
        self._api.resolver.include_router(interventions.router)
        self._calls = 0

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        actor: str = "hr:1",
        **query: str,
    ) -> tuple[int, Any]:
        """Status and body of an answer."""
        event = json.loads(json.dumps(EVENT))
        self._calls += 1
        event |= {"httpMethod": method, "path": path, "resource": path}
        event["body"] = json.dumps(body) if body is not None else None
        event["queryStringParameters"] = query or None
        event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} if query else None
        event["headers"] = {
            name: value for name, value in event["headers"].items() if "dempotency" not in name
        }
        event["headers"]["Accept-Language"] = "zh-CN"
        event["requestContext"]["requestId"] = f"request-{self._calls}"
        event["requestContext"]["authorizer"] = {"claims": {"sub": actor}}
        if key:
            event["headers"]["Idempotency-Key"] = key
        answer = self._api.handle(event, object())
        return answer["statusCode"], json.loads(answer["body"])

    def opens(self, body: dict[str, Any] | None = None, alert: str = ALERT, **more: Any) -> tuple[int, Any]:
        return self("POST", f"/risk/alerts/{alert}/interventions", body or ASKED, **more)

    def closes(self, body: dict[str, Any] | None = None, **more: Any) -> tuple[int, Any]:
        return self("POST", f"/risk/interventions/{FIRST}/close", body or {}, **more)

    def shows(self) -> Any:
        status, answer = self("GET", f"/risk/interventions/{FIRST}")
        assert status == 200
        return answer


@pytest.fixture
def risk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Risk]:
    monkeypatch.setattr("tests.store.training_office.Office", Risk)
    with office(monkeypatch) as made:
        assert isinstance(made, Risk)
        for name in ("cards", "interventions"):
            monkeypatch.setattr(wiring, name, lambda name=name: getattr(made, name))
        yield made


@pytest.fixture
def call() -> Caller:
    return Caller()


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    status, problem = answer
    return status, problem["type"].removeprefix("urn:rencai:problem:")


# --- the worked example -----------------------------------------------------------------------------------------------


def test_f5_from_the_alert_to_what_it_came_to(risk: Risk, call: Caller) -> None:
    status, opened = call.opens()
    assert status == 201
    assert opened["before"]["measures"] == {
        "hours_per_week": 55.0,
        "weeks": 4,
        "performance": 6.0,
        "performance_month": "2026-10",
        "leave_times": 1,
        "leave_days": 4.0,
        "survey_lowest": 2,
        "survey_words": ["压力大"],
        "survey_month": "2026-11",
    }
    assert [one["kind"] for one in opened["before"]["signals"]] == [
        "long_hours",
        "falling_performance",
        "frequent_leave",
        "survey",
    ]
    assert "从 9 降到 6" in opened["before"]["signals"][1]["text"]
    assert opened["actions"] == [
        {"id": "redistribute_work", "name": "重新分配工作"},
        {"id": "support_training", "name": "支持性培训"},
    ]
    shown = ("intervention_id", "name", "status", "owner", "due_on", "level", "opened_by", "outcome", "after")
    assert [opened[name] for name in shown] == [
        *(FIRST, "王五", "open", "李经理", "2026-12-21", "red", "hr:1", None, None)
    ]
    risk.recovers()
    status, closed = call.closes({"note": "恢复正常"}, actor="hr:2")
    assert (status, closed["status"], closed["outcome"], closed["not_measured"]) == (
        200,
        "closed",
        "worked",
        [],
    )
    assert closed["after"] == {
        "measures": {
            "hours_per_week": 40.0,
            "weeks": 4,
            "performance": 8.0,
            "performance_month": "2026-11",
            "leave_times": 0,
            "leave_days": 0.0,
            "survey_lowest": 4,
            "survey_words": [],
            "survey_month": "2026-12",
        },
        "signals": [],
    }
    assert [(note["text"], note["actor"]) for note in closed["notes"]] == [
        (WORDS, "hr:1"),
        ("恢复正常", "hr:2"),
    ]
    assert call.shows() == closed
    assert call("GET", "/risk/interventions", status="closed")[1]["summary"] == {
        "open": 0,
        "worked": 1,
        "partly": 0,
        "not_worked": 0,
        "left": 0,
    }
    about = {"intervention_id": FIRST, "alert_id": ALERT}
    assert risk.events() == [
        (
            "intervention.opened",
            {**about, "actions": ["redistribute_work", "support_training"], "due_on": "2026-12-21"},
        ),
        ("intervention.closed", {**about, "outcome": "worked"}),
    ]


def test_f5_support_training_comes_into_the_plan_and_the_employee_reads_why(risk: Risk, call: Caller) -> None:
    from employee_api.training_presenter import PlanPresenter

    call.opens()
    for _ in range(2):
        risk.supports()
    file = risk.training_plans.get(EMPLOYEE)
    assert [(item.course_id, item.due_on) for item in file.plan.items] == [
        ("reading", date(2026, 12, 21)),
        ("product", date(2026, 12, 21)),
    ]
    view = PlanPresenter.of(file, risk.configurations, "zh-CN").plan({}, {}, lambda *_: None, risk.now, ZONE)
    assert [(item.name, item.reasons[0].kind) for item in view.items] == [
        ("补充资料", "support"),
        ("产品知识", "support"),
    ]
    assert {item.reasons[0].why for item in view.items} == {"这是公司给您的支持,帮助您找回自己的节奏。"}
    hr = training_office.Caller()
    assert [hr("GET", f"/employees/{EMPLOYEE}/{page}")[0] for page in ("training", "probation")] == [200, 200]
    risk.relays()
    history = hr("GET", f"/employees/{EMPLOYEE}/training/history")[1]["items"]
    assert {entry["data"].get("text") for entry in history if entry["type"] == "plan.changed"} == {
        "这是公司给您的支持,帮助您找回自己的节奏。"
    }
    risk.enrols()
    score, _ = risk.training.score(risk.training_plans.get(EMPLOYEE), risk.now)
    assert {course.standing for course in score.courses} == {"help"}


def test_f5_support_training_that_is_chosen_later_comes_into_the_plan_too(risk: Risk, call: Caller) -> None:
    call.opens(ASKED | {"actions": ["redistribute_work"]})
    risk.supports()
    assert risk.training_plans.find(EMPLOYEE) is None
    path = f"/risk/interventions/{FIRST}"
    status, changed = call("PATCH", path, {"actions": ["support_training"], "owner": " 王主管 "})
    assert (status, changed["owner"], [one["id"] for one in changed["actions"]]) == (
        200,
        "王主管",
        ["support_training"],
    )
    assert call("PATCH", path, {"owner": "王主管"})[0] == 200
    assert [name for name, _ in risk.events()] == ["intervention.opened", "intervention.changed"]
    risk.supports()
    assert len(risk.training_plans.get(EMPLOYEE).plan.items) == 2


def test_f7_a_survey_that_spoke_of_no_pressure_is_not_told_by_an_intervention(
    risk: Risk, call: Caller
) -> None:
    content = Survey("2026-11", (("load", 4),))
    risk.told(weeks(55, 44), [], [], content, [])
    risk.scanned()
    opened = call.opens()[1]
    assert [one["kind"] for one in opened["before"]["signals"]] == ["long_hours"]
    assert opened["before"]["measures"]["survey_lowest"] is None
    assert opened["before"]["measures"]["survey_month"] == "2026-11"
    # By the closing it does.
    risk.passes(days=28)
    risk.told(weeks(40, 48), [], [], Survey("2026-12", (("load", 1),)), [])
    closed = call.closes()[1]
    assert (closed["outcome"], closed["after"]["measures"]["survey_lowest"]) == ("worked", 1)
    assert closed["before"]["measures"]["survey_lowest"] is None


def test_f5_who_left_is_counted_by_itself(risk: Risk, call: Caller) -> None:
    call.opens()
    risk.recovers()
    risk.leaves(risk.today)
    assert call.closes()[1]["outcome"] == "left"


# --- opening ----------------------------------------------------------------------------------------------------------


def test_the_same_request_again_has_the_same_answer(risk: Risk, call: Caller) -> None:
    first = call.opens(key="k-1")
    again = ASKED | {"actions": ASKED["actions"][::-1]}
    assert first == call.opens(again, key="k-1")
    risk.cards.tell(_card(risk), None, "scan_2", risk.now)
    assert first == call.opens(key="k-1"), "also when the alert is gone by then"
    assert code(call.opens(ASKED | {"owner": "别人"}, key="k-1")) == (409, Refusal.KEY_REUSED)
    assert code(call.opens(key="k-1", actor="hr:2")) == (409, Refusal.INTERVENTION_OPEN)
    assert len(risk.events()) == 1


def _card(risk: Risk) -> Any:
    card = risk.cards.get(EMPLOYEE)
    assert card
    return card


def test_of_two_people_one_opens(risk: Risk, call: Caller) -> None:
    risk.employs("emp_02ABC")
    risk.under_pressure("emp_02ABC")
    call.opens(alert="alr_02ABC_20261122")
    straight = risk.interventions
    known = straight.get("int_02ABC_20261122_1")
    theirs = replace(known, alert_id=ALERT, employee_id=EMPLOYEE, owner="另一位", request="theirs", version=0)

    def acts() -> None:
        straight.open(ALERT, "theirs", "", lambda id_: replace(theirs, intervention_id=id_), None)

    between = risk.interposed(2, acts)
    status, problem = call.opens()
    assert between.acted
    assert (status, problem["detail"]) == (409, f"这条预警已有进行中的干预 {FIRST}")
    assert call.shows()["owner"] == "另一位"
    assert call.shows()["notes"] == []


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        ("alr_01ABC_20261101", (409, Refusal.ALERT_NOT_OPEN)),
        ("alr_01NOBODY_20261122", (404, Refusal.NOT_FOUND)),
        ("nonsense", (404, Refusal.NOT_FOUND)),
    ],
)
def test_only_the_present_alert_can_be_acted_on(
    risk: Risk, call: Caller, alert: str, expected: tuple[int, str]
) -> None:
    assert code(call.opens(alert=alert)) == expected
    assert risk.events() == []


def test_an_alert_that_is_cleared_is_not_acted_on(risk: Risk, call: Caller) -> None:
    risk.recovers()
    risk.scanned()
    assert code(call.opens()) == (409, Refusal.ALERT_NOT_OPEN)


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        (
            {"actions": ["massage"]},
            "actions[0]",
            "没有干预措施“massage”;可选:redistribute_work, support_training",
        ),
        ({"due_on": "2026-11-22"}, "due_on", "截止日期不能早于今天(2026-11-23)"),
    ],
)
def test_what_is_against_the_rules(
    risk: Risk, call: Caller, body: dict[str, Any], path: str, message: str
) -> None:
    status, problem = call.opens(ASKED | body)
    assert (status, problem["errors"]) == (422, [{"path": path, "message": message}])
    assert risk.events() == []


@pytest.mark.parametrize(
    "body",
    [
        {"actions": []},
        {"owner": "  "},
        {"due_on": "21.12.2026"},
        {"note": ""},
        {"note": "长" * 2001},
        {"actions": None},
    ],
)
def test_what_has_not_the_form(risk: Risk, call: Caller, body: dict[str, Any]) -> None:
    status, problem = call.opens(ASKED | body)
    assert (status, len(problem["errors"])) == (400, 1)
    assert risk.events() == []


# --- closing, changing, noting ----------------------------------------------------------------------------------------


def test_closed_once_and_the_same_request_again_has_the_same_answer(risk: Risk, call: Caller) -> None:
    call.opens()
    risk.recovers()
    first = call.closes({"note": "恢复正常"}, key="k-2")
    risk.passes(days=40)
    assert call.closes({"note": "恢复正常"}, key="k-2") == first
    assert code(call.closes()) == (409, Refusal.INTERVENTION_CLOSED)
    assert code(call("PATCH", f"/risk/interventions/{FIRST}", {"owner": "别人"})) == (
        409,
        Refusal.INTERVENTION_CLOSED,
    )
    assert len(call.shows()["notes"]) == 2


@pytest.mark.parametrize("at", [1, 2])
def test_closed_while_the_scan_clears_the_alert(risk: Risk, call: Caller, at: int) -> None:
    call.opens()
    risk.recovers()
    between = risk.interposed(at, risk.scanned)
    status, closed = call.closes()
    assert between.acted
    assert (status, closed["outcome"]) == (200, "worked")
    assert _card(risk).alert is None


def test_a_next_one_follows_when_the_first_is_closed(risk: Risk, call: Caller) -> None:
    call.opens()
    call.closes()
    status, second = call.opens()
    assert (status, second["intervention_id"]) == (201, "int_01ABC_20261122_2")


def test_closed_at_once_has_not_worked(risk: Risk, call: Caller) -> None:
    call.opens()
    closed = call.closes()[1]
    assert (closed["outcome"], closed["not_measured"]) == (
        "not_worked",
        ["long_hours", "falling_performance", "frequent_leave", "survey"],
    )
    assert closed["after"]["measures"] == closed["before"]["measures"]


def test_notes_are_added_also_afterwards_and_are_nowhere_to_be_read(risk: Risk, call: Caller) -> None:
    path = f"/risk/interventions/{FIRST}/notes"
    with logged() as log:
        call.opens()
        call.closes()
        risk.passes(days=90)
        status, added = call("POST", path, {"text": "三个月后仍然稳定"}, key="k-3")
        assert call("POST", path, {"text": "三个月后仍然稳定"}, key="k-3") == (status, added)
        assert code(call("POST", path, {"text": "别的"}, key="k-3")) == (409, Refusal.KEY_REUSED)
        risk.events()
    assert (status, added["text"], added["actor"]) == (201, "三个月后仍然稳定", "hr:1")
    assert [note["text"] for note in call.shows()["notes"]] == [WORDS, "三个月后仍然稳定"]
    kept = str(list(risk.table.query_all(f"EMPLOYEE#{EMPLOYEE}"))) + log.text
    assert not [words for words in (WORDS, "三个月后仍然稳定") if words in kept]
    assert "李经理" not in log.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"owner": "别人"}),
        ("POST", "/notes", {"text": "x"}),
        ("POST", "/close", {}),
    ],
)
@pytest.mark.parametrize("id_", ["int_01ABC_20261122_9", "nonsense", "int_"])
def test_there_is_no_such_intervention(
    risk: Risk, call: Caller, method: str, path: str, body: Any, id_: str
) -> None:
    assert code(call(method, f"/risk/interventions/{id_}{path}", body)) == (404, Refusal.NOT_FOUND)


# --- lists ------------------------------------------------------------------------------------------------------------


def test_open_and_closed_ones_are_listed_with_how_many_worked(risk: Risk, call: Caller) -> None:
    for number, due in ((2, "2026-12-20"), (3, "2026-12-01")):
        employee_id = f"emp_0{number}ABC"
        risk.employs(employee_id)
        risk.under_pressure(employee_id)
        call.opens(ASKED | {"due_on": due}, ids.alert_id(employee_id, RAISED_ON))
    call.opens()
    first, page = call("GET", "/risk/interventions", limit="2"), None
    assert [one["intervention_id"] for one in first[1]["items"]] == [
        "int_03ABC_20261122_1",
        "int_02ABC_20261122_1",
    ]
    assert first[1]["summary"] == {"open": 3, "worked": 0, "partly": 0, "not_worked": 0, "left": 0}
    assert [one["notes"] for one in first[1]["items"]] == [None, None]
    page = call("GET", "/risk/interventions", limit="2", cursor=first[1]["next"])[1]
    assert [one["intervention_id"] for one in page["items"]] == [FIRST]
    assert (page["summary"], page["next"]) == (None, None)
    risk.recovers()
    call.closes()
    risk.passes(minutes=1)
    call("POST", "/risk/interventions/int_02ABC_20261122_1/close", {})
    closed = call("GET", "/risk/interventions", status="closed")[1]
    assert [(one["intervention_id"], one["outcome"], one["name"]) for one in closed["items"]] == [
        # Leave alone was measured: none was taken since.
        ("int_02ABC_20261122_1", "partly", "王五"),
        (FIRST, "worked", "王五"),
    ]
    assert closed["summary"] == {"open": 1, "worked": 1, "partly": 1, "not_worked": 0, "left": 0}


def test_a_list_is_of_open_or_closed_ones(risk: Risk, call: Caller) -> None:
    assert call("GET", "/risk/interventions", status="late")[0] == 400
    assert code(call("GET", "/risk/interventions", status="closed", cursor="x"))[0] == 400


def test_times_are_the_tenants(risk: Risk, call: Caller) -> None:
    """Just after midnight in Shanghai it is still yesterday in UTC."""
    risk.now = datetime(2026, 11, 23, 16, 1, tzinfo=UTC)
    assert code(call.opens(ASKED | {"due_on": "2026-11-23"})) == (422, Refusal.DUE_IN_THE_PAST)
    assert call.opens(ASKED | {"due_on": "2026-11-24"})[0] == 201
    assert risk.today - RAISED_ON == timedelta(days=2)
