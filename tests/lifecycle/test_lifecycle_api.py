"""HR's API over the life cycle of one employee (F2)."""

import base64
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from functions.lifecycle import lifecycle
from functions.pressure.card import Cardmaking
from functions.pressure.scan_messages import ScanPart
from functions.pressure.scan_part import scan_a_part
from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import Metric, MonthlyPerformance
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey, SurveyAnswers
from rencai.employees.store.performances import performance_told
from rencai.employees.store.records import learning_told, recruiting_told
from rencai.employees.store.signals import attendance_told
from rencai.interviews.rules.profile import FacialPolicy, Profile
from rencai.interviews.store.interviews import StoredInterview
from rencai.kernel.events import Event, EventName, Subject, SubjectKind
from rencai.lifecycle.rules.entries import System
from rencai.lifecycle.rules.summary import Measure, Verdict
from rencai.pressure.rules.card import NO_WORDS
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.pressure.store.cards import Cards
from rencai.store.corrections import Correctable, write
from rencai.training.rules.rules import COURSE_CATALOGUE
from tests.keyed import IDS
from tests.training.training_office import CATALOGUE, EMPLOYEE, START, Caller, Office, both, office

TODAY = date(2026, 3, 2)
FILE = f"/employees/{EMPLOYEE}"
WEEKS = ("2026-W06", "2026-W07", "2026-W08", "2026-W09")
COLLEAGUES = [f"emp_{number:02}" for number in range(12)]
SALES = MonthlyPerformance(
    "2026-02", None, Decimal(100), (Metric("sales", Decimal(12000), Decimal(12000), "USD"),)
)


class Firm:
    """An office with the stores of this issue beside it; ``example`` came from other systems, all by one import."""

    def __init__(self, of: Office) -> None:
        self.office = of
        of.wired.pressure.cards = self.cards = Cards(of.table, 1)
        self.scans = of.wired.pressure.scans
        self.interviews = of.wired.interviews.interviews

    def imports(self, *told: Correctable) -> None:
        for one in told:
            write(self.office.table, one, None, "hr", self.office.now, batch="imp_1")

    def brings(self, employee_id: str, **more: Any) -> None:
        """Somebody who was not hired through Rencai."""
        told: dict[str, Any] = {"name": "张三", "role": "ecommerce_operations", "location": "深圳"} | more
        self.office.employees.hire(
            Employee(employee_id, starts_on=date(2026, 1, 5), created_at=self.office.now, **told)
        )

    def works(self, employee_id: str, overtime: Any, weeks: tuple[str, ...] = WEEKS) -> None:
        over = Decimal(overtime)
        self.imports(*(attendance_told(employee_id, AttendanceWeek(week, 35 + over, over)) for week in weeks))

    def scans_all(self, *employees: str) -> None:
        """Cards are made, and the night comes."""
        of = self.office
        policy = of.configurations.latest(RISK_POLICY)
        making = Cardmaking(
            self.cards, of.employees, of.signals, of.performances, policy.document, lambda _: NO_WORDS
        )
        for employee_id in employees:
            making.remake(employee_id, TODAY)
        record = self.scans.begin(TODAY, policy.version, 1, of.now)
        scan_a_part(
            ScanPart(record.scan_id, record.run, 0, (0,)),
            scans=self.scans,
            cards=self.cards,
            configurations=of.configurations,
            clock=lambda: of.now,
        )

    def example(self, overtime: int = 15) -> None:
        self.brings(EMPLOYEE)
        self.imports(
            recruiting_told(
                EMPLOYEE, RecruitingRecord(date(2025, 12, 20), "沟通能力", Decimal(8), Decimal(10)), IDS
            ),
            learning_told(EMPLOYEE, LearningRecord("亚马逊选品技巧", Decimal(90), None, None), IDS),
            performance_told(EMPLOYEE, SALES),
        )
        self.works(EMPLOYEE, overtime)


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    with office(monkeypatch) as fresh:
        yield Firm(fresh)


@pytest.fixture
def call() -> Caller:
    caller = Caller()
    caller._api.include(lifecycle.router)
    return caller


def read(call: Caller, language: str = "zh-CN", **query: str) -> Any:
    status, body = call("GET", f"{FILE}/lifecycle", language=language, **query)
    assert status == 200, body
    return body


def pages(call: Caller, limit: int) -> list[list[Any]]:
    """Every page, to the end; only the first has a summary."""
    query: dict[str, str] = {"limit": str(limit)}
    found: list[list[Any]] = []
    while True:
        page = read(call, **query)
        assert (page["summary"] is None) is bool(found)
        found.append(page["items"])
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


def shown(call: Caller) -> list[tuple[Any, ...]]:
    names = ("at", "system", "title", "value", "unit", "company", "source")
    return [tuple(entry[name] for name in names) for entry in read(call)["items"]]


def happens(one: Firm, subject: Subject, name: EventName, at: Any, number: int = 0, **data: Any) -> None:
    one.office.timeline.record([(subject, Event(f"evt_{subject.id}_{name}_{number}", name, at, data))])


def test_f2_capable_but_under_too_much_pressure(one: Firm, call: Caller) -> None:
    one.example()
    for employee_id in COLLEAGUES:
        one.brings(employee_id, name="李四")
        one.works(employee_id, "11.25")
    one.scans_all(EMPLOYEE, *COLLEAGUES)
    assert read(call, "en")["summary"] == {
        "verdict": "capable_under_pressure",
        "text": "capable, under too much pressure: intervene",
        "capability": [
            {
                "measure": "interview",
                "text": "interview, 沟通能力: 8 of 10 (asked for: 8)",
                "value": 8.0,
                "unit": "/10",
                "company": None,
                "threshold": 8.0,
                "holds": True,
            },
            {
                "measure": "courses",
                "text": "'亚马逊选品技巧' completed: 90 % (asked for: 90 %)",
                "value": 90.0,
                "unit": "percent",
                "company": None,
                "threshold": 90.0,
                "holds": True,
            },
            {
                "measure": "performance",
                "text": "sales in February 2026: 12,000 USD, target 12,000 USD (met), "
                "the company's mean: 12,000 USD",
                "value": 12000.0,
                "unit": "USD",
                "company": 12000.0,
                "threshold": 12000.0,
                "holds": True,
            },
        ],
        "pressure": [
            {
                "measure": "overtime",
                "text": "overtime in 4 weeks: 60 h, the company's mean: 46.15 h, 30 % above it (limit: 25 % above)",
                "value": 60.0,
                "unit": "hours",
                "company": 46.15,
                "threshold": 57.69,
                "holds": True,
            }
        ],
        "missing": [],
        "scan_id": "scn_20260302",
    }
    page = read(call)
    assert page["summary"]["text"] == "有能力,但压力过大:建议干预"
    assert page["next"] is None
    assert shown(call) == [
        (None, "training", "《亚马逊选品技巧》", 90.0, "percent", None, "import"),
        ("2025-12-20", "interview", "面试:沟通能力", 8.0, "/10", None, "import"),
        ("2026-01-05", "onboarding", "到岗第一天", None, None, None, "import"),
        ("2026-02-01", "attendance", "2026 年 2 月加班", 60.0, "hours", None, "import"),
        ("2026-02-01", "performance", "2026 年 2 月销售额", 12000.0, "USD", 12000.0, "import"),
    ]
    assert page["items"][-1]["data"] == {"month": "2026-02", "target": 12000.0, "target_met": True}


def test_f2_before_the_first_scan_the_company_is_not_known(one: Firm, call: Caller) -> None:
    one.example()
    summary = read(call)["summary"]
    assert (summary["verdict"], summary["scan_id"]) == ("not_enough_known", None)
    assert summary["text"] == "资料不足,暂不下结论:缺少本人加班时长和公司平均"
    assert summary["missing"] == [{"measure": "overtime", "text": "本人加班时长和公司平均"}]


def test_f2_an_open_alert_is_pressure(one: Firm, call: Caller) -> None:
    # 55 hours a week; the overtime of who is alone is the mean.
    one.example(overtime=20)
    one.scans_all(EMPLOYEE)
    summary = read(call)["summary"]
    assert summary["verdict"] == "capable_under_pressure"
    assert [(reason["measure"], reason["holds"]) for reason in summary["pressure"]] == [
        ("overtime", False),
        ("alert", True),
    ]
    assert summary["pressure"][1]["text"] == "压力预警:黄色"


def test_f2_the_rules_are_the_tenants(one: Firm, call: Caller) -> None:
    one.example()
    one.scans_all(EMPLOYEE)
    assert read(call)["summary"]["verdict"] == "capable"
    rules = {"lifecycle": {"overtime_above_percent": 0, "course_percent": 95, "at_least": 3}}
    one.office.configure(RISK_POLICY, rules)
    one.office.passes(minutes=2)
    assert read(call)["summary"]["verdict"] == "under_pressure"


def test_who_was_hired_through_rencai_has_the_way_they_came(one: Firm, call: Caller) -> None:
    profile = Profile(
        role="sales",
        model_id="sales",
        model_version=1,
        facial_policy=FacialPolicy.USE,
        overall=Decimal("91.50"),
        overall_without_facial=None,
        coverage=Decimal("0.8"),
        qualifies=True,
        competencies=(),
        strengths=("negotiation",),
        improve=(),
        inputs_digest="d",
    )
    one.interviews.record(StoredInterview("aiview", "itv-1", "cand_01ABC", "api/1", "raw", profile), START)
    candidate = Subject(kind=SubjectKind.CANDIDATE, id="cand_01ABC")
    for number, interview_id in enumerate(("itv-0", "itv-1")):
        received = {"interview_id": interview_id, "vendor": "aiview", "requisition_id": "r", "role": "sales"}
        happens(one, candidate, EventName.INTERVIEW_RECEIVED, START, number, **received)
    one.office.passes(days=1)
    happens(one, candidate, EventName.OFFER_SIGNED, one.office.now, offer_id="off_1")
    one.office.passes(hours=1)
    one.office.hires()
    one.office.passes(hours=1)
    one.office.learns("orientation", 100, 60, "谈判技巧有明显提升")
    one.office.learns("product", 50)
    one.office.relays()
    found = [(entry["system"], entry["title"], entry["value"]) for entry in read(call)["items"]]
    # The first day begins at midnight; what has yet to begin comes last.
    assert found == [
        ("interview", "收到面试结果", None),
        ("interview", "收到面试结果", 91.5),
        ("onboarding", "到岗第一天", None),
        ("recruiting", "offer 已签署", None),
        ("training", "培训计划下发", None),
        ("training", "培训预警:公司入门", 60.0),
        ("onboarding", "试用期得分", 84.0),
        ("training", "《公司入门》", 100.0),
        ("training", "《产品知识》", 50.0),
        ("training", "《谈判技巧实战》", None),
        ("training", "《角色扮演》", None),
    ]
    page = read(call, "en")
    assert page["items"][1]["data"] == {
        "interview_id": "itv-1",
        "vendor": "aiview",
        "requisition_id": "r",
        "role": "sales",
        "strengths": ["Negotiation skills"],
        "coverage": 0.8,
    }
    # The course that runs counts neither way; the mentor's words are not shown here.
    assert [(reason["measure"], reason["value"]) for reason in page["summary"]["capability"]] == [
        ("interview", 91.5),
        ("courses", 100.0),
    ]
    assert "明显提升" not in json.dumps(page, ensure_ascii=False)


def test_a_course_that_an_intervention_brought_from_a_later_catalogue_has_its_name(
    one: Firm, call: Caller
) -> None:
    of = one.office
    one.brings(EMPLOYEE, role="sales")
    employee = of.employees.get(EMPLOYEE)
    assert employee
    of.training.support(employee, ["product"], "int_1", TODAY, "hr:1", of.now)
    calm = {"name": both("压力管理", "Staying calm"), "kind": "online", "lessons": 3}
    later = CATALOGUE | {"courses": {**CATALOGUE["courses"], "calm": calm}}
    of.configure(COURSE_CATALOGUE, later)
    of.passes(minutes=2)
    of.training.support(employee, ["calm"], "int_2", TODAY, "hr:1", of.now)
    of.enrols()
    titles = [entry["title"] for entry in read(call)["items"] if entry["system"] == "training"]
    assert sorted(titles) == ["《产品知识》", "《压力管理》"]


def test_a_survey_was_answered_and_no_more_is_said(one: Firm, call: Caller) -> None:
    one.brings(EMPLOYEE)
    survey = Survey("2026-02", (("mood", 1), ("stress", 2)))
    one.office.signals.record_survey(EMPLOYEE, SurveyAnswers(survey, {"mood": "压力很大"}), "hr", START)
    entry = read(call)["items"][-1]
    assert entry == {
        "at": "2026-02-01",
        "system": "survey",
        "kind": "answered",
        "title": "2026 年 2 月满意度调查:已回答",
        "value": None,
        "unit": None,
        "company": None,
        "source": "rencai",
        "data": {"month": "2026-02"},
    }


def test_what_an_import_wrote_is_the_imports_until_it_is_corrected(one: Firm, call: Caller) -> None:
    one.example()
    corrected = MonthlyPerformance("2026-02", Decimal(9), Decimal(10))
    one.office.performances.record(EMPLOYEE, corrected, "hr", START)
    performed = [entry for entry in read(call)["items"] if entry["system"] == "performance"]
    assert [(entry["kind"], entry["source"]) for entry in performed] == [("score", "rencai")]


def years_of_history(one: Firm) -> None:
    """Two years of weeks, months, surveys and leave, with events on the days between."""
    one.brings(EMPLOYEE, candidate_id="cand_01ABC", left_on=date(2026, 2, 28))
    weeks = [f"{year}-W{week:02}" for year in (2024, 2025) for week in range(1, 53)]
    one.works(EMPLOYEE, 5, tuple(weeks))
    for year in (2024, 2025):
        for number in range(1, 13):
            month = f"{year}-{number:02}"
            metrics = (Metric("acos", Decimal(25)), Metric("sales", Decimal(1000), None, "USD"))
            one.imports(
                performance_told(EMPLOYEE, MonthlyPerformance(month, Decimal(8), Decimal(10), metrics))
            )
            if number % 4 == 0:
                answers = SurveyAnswers(Survey(month, (("mood", 3),)), {})
                one.office.signals.record_survey(EMPLOYEE, answers, "hr", START)
                day = date(year, number, 1)
                leave = Leave(f"L-{month}", LeaveKind.ANNUAL, day, day, Decimal(1))
                one.office.signals.record_leave(EMPLOYEE, leave, "hr", START)
    for kind, id_ in ((SubjectKind.EMPLOYEE, EMPLOYEE), (SubjectKind.CANDIDATE, "cand_01ABC")):
        for number in range(40):
            # Two at each moment, some on the first instant of a month in the tenant's zone.
            at = START.replace(
                year=2024 + number // 24, month=1 + number // 2 % 12, day=1 + number % 2 // 2, hour=16
            )
            happens(one, Subject(kind=kind, id=id_), EventName.CAREER_RECORDED, at, number)
            skipped = Subject(kind=kind, id=id_)
            happens(one, skipped, EventName.EMPLOYEE_RECORDED, at, number)


@pytest.mark.parametrize("limit", [9, 25, 100])
def test_pages_follow_one_another_whatever_their_size(one: Firm, call: Caller, limit: int) -> None:
    years_of_history(one)
    read = pages(call, limit)
    assert {len(page) for page in read[:-1]} == {limit}
    found = [entry for page in read for entry in page]
    # 24 months of attendance and of three figures each, 6 surveys, 6 leaves, 80 events, two days of employment.
    assert len(found) == 24 + 72 + 6 + 6 + 80 + 2
    # Two events of one moment look alike, and so do the candidate's and the employee's.
    assert len({json.dumps(entry) for entry in found}) == len(found) - 60
    days = [entry["at"] for entry in found if "T" not in entry["at"]]
    moments = [entry["at"] for entry in found if "T" in entry["at"]]
    assert (days, moments) == (sorted(days), sorted(moments))
    assert sum(entry["value"] for entry in found if entry["system"] == "attendance") == 5 * 52 * 2


def test_a_page_reads_no_more_of_a_long_history_than_of_a_short_one(
    one: Firm, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    years_of_history(one)
    read_items: list[int] = []
    query = one.office.table.query

    def counting(*args: Any, **more: Any) -> Any:
        items, last = query(*args, **more)
        read_items.append(len(items))
        return items, last

    first = read(call, limit="10")
    monkeypatch.setattr(one.office.table, "query", counting)
    read(call, limit="10", cursor=first["next"])
    # Of some 320 items, 25 or 26 a source and the nine leaves.
    assert sum(read_items) < 5 * 26 + 9 + 10


def test_the_companys_figures_stand_beside_the_months_a_scan_saw(one: Firm, call: Caller) -> None:
    one.brings(EMPLOYEE)
    one.brings("emp_02")
    for month in ("2025-10", "2026-02"):
        one.imports(
            performance_told(EMPLOYEE, MonthlyPerformance(month, Decimal(90), Decimal(100))),
            performance_told("emp_02", MonthlyPerformance(month, Decimal(6), Decimal(10))),
        )
    one.scans_all(EMPLOYEE, "emp_02")
    scores = [entry for entry in read(call)["items"] if entry["kind"] == "score"]
    assert [(entry["value"], entry["unit"], entry["company"]) for entry in scores] == [
        (90.0, "/100", None),
        (90.0, "/100", 75.0),
    ]


def test_overtime_is_of_the_weeks_the_last_scan_looked_at(one: Firm, call: Caller) -> None:
    one.example()
    one.scans_all(EMPLOYEE)
    # A week on, nobody scanned again: the new week is on record, and not in the company's figures.
    one.office.passes(days=7)
    one.works(EMPLOYEE, 40, ("2026-W10",))
    (reason,) = read(call)["summary"]["pressure"]
    assert (reason["value"], reason["company"]) == (60.0, 60.0)


def cursor(**position: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "position",
    [
        "x",
        cursor(),
        cursor(after="2026-03-02T01:00:00.000Z"),
        cursor(after="2026-03-02", id="a"),
        cursor(after="2026-13-02T01:00:00.000Z", id="a"),
        cursor(after="0001-01-01T00:00:00.000Z", id="a"),
        cursor(after="9999-12-31T23:00:00.000Z", id="a"),
        cursor(after={"a": "b"}, id="a"),
        cursor(after="", id={"a": "b"}),
    ],
)
def test_a_cursor_we_did_not_make_is_refused(one: Firm, call: Caller, position: str) -> None:
    one.brings(EMPLOYEE)
    status, refusal = call("GET", f"{FILE}/lifecycle", cursor=position)
    assert (status, refusal["type"]) == (400, "urn:rencai:problem:bad_cursor")


def test_who_is_no_employee_has_no_life_cycle(one: Firm, call: Caller) -> None:
    status, refusal = call("GET", f"{FILE}/lifecycle", language="en")
    assert (status, refusal["detail"]) == (404, f"There is no employee {EMPLOYEE}")
    assert call("GET", f"/employees/{'x' * 129}/lifecycle")[0] == 400
    one.brings(EMPLOYEE)
    assert call("GET", f"{FILE}/lifecycle", limit="101")[0] == 400


def test_what_the_documentation_names_is_what_there_is() -> None:
    def named(view: type[BaseModel], field: str) -> list[str]:
        values: list[str] = view.model_json_schema()["properties"][field]["enum"]
        return values

    assert named(lifecycle.LifecycleEntryView, "system") == list(System)
    assert named(lifecycle.LifecycleSummaryView, "verdict") == list(Verdict)
    assert named(lifecycle.LifecycleReasonView, "measure") == list(Measure)
