"""HR's API over signals: attendance, leave and surveys one by one, and batches (F2, F4, F7)."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rencai.employees.rules.signals import AttendanceWeek, Groups, Survey, SurveyAnswers
from rencai.kernel.errors import LostRace
from rencai.store.table import Item
from tests.logs import logged
from tests.training.training_office import EMPLOYEE, EVENT, Caller, Office, office

WORDS = "压力很大,周末也在加班"
SICK = {"kind": "sick", "starts_on": "2026-02-26", "ends_on": "2026-02-27", "days": 1.5}
SURVEY = {
    "answers": [
        {"question_id": "mood", "score": 2, "text": WORDS},
        {"question_id": "load", "score": 3},
        {"question_id": "wish", "text": "想学习数据分析"},
    ]
}


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office(monkeypatch) as fresh:
        fresh.hires(since=date(2020, 1, 6))
        yield fresh


@pytest.fixture
def call() -> Caller:
    return Caller()


def path(kind: str, key: str, employee_id: str = EMPLOYEE) -> str:
    return f"/employees/{employee_id}/{kind}/{key}"


def on_file(one: Office) -> list[Item]:
    """Everything on record of the employee, answers too."""
    return [item for kind in ("EMPLOYEE", "ANSWERS") for item in one.table.query_all(f"{kind}#{EMPLOYEE}")]


def item(kind: str, key: str, body: dict[str, Any], employee_id: Any = EMPLOYEE) -> dict[str, Any]:
    told = {"leave_kind" if kind == "leave" and name == "kind" else name: body[name] for name in body}
    return {"kind": kind, "employee_id": employee_id, "key": key, **told}


WEEK = item("attendance", "2026-W09", {"hours": 55, "overtime_hours": 15})
GOOD = (
    WEEK,
    item("leave", "QJ-1", SICK),
    item("performance", "2026-02", {"score": 8, "out_of": 10}),
    item("survey", "2026-03", SURVEY),
)


def rejected(index: int, *errors: tuple[str, str]) -> dict[str, Any]:
    told = [{"path": where, "message": message} for where, message in errors]
    return {"index": index, "status": "rejected", "errors": told}


def taken(index: int, status: str = "recorded") -> dict[str, Any]:
    return {"index": index, "status": status, "errors": None}


def problem(status: int, code: str, title: str, path: str, message: str, detail: str = "") -> Any:
    return (
        status,
        {
            "type": f"urn:rencai:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail or message,
            "errors": [{"path": path, "message": message}],
            "request_id": EVENT["requestContext"]["requestId"],
        },
    )


def told(one: Office) -> list[tuple[str, dict[str, Any]]]:
    """Events of signals, by the table's stream."""
    one.published.clear()
    one.relays()
    return [
        (event.name, dict(event.data))
        for _, event in one.published
        if event.name.partition(".")[0] in ("attendance", "leave", "survey")
    ]


# --- one by one


def test_a_week_is_recorded_and_corrected(one: Office, call: Caller) -> None:
    recorded = {"employee_id": EMPLOYEE, "week": "2026-W09", "hours": 55.5, "overtime_hours": 15.0}
    for _ in range(2):
        body = {"hours": 55.5, "overtime_hours": 15}
        assert call("PUT", path("attendance", "2026-W09"), body) == (200, recorded)
        one.passes(hours=1)
    corrected = recorded | {"hours": 40.0, "overtime_hours": None}
    assert call("PUT", path("attendance", "2026-W09"), {"hours": 40}) == (200, corrected)
    assert told(one) == [("attendance.recorded", {"week": "2026-W09"})] * 2


def test_a_leave_is_recorded_moved_and_cancelled(one: Office, call: Caller) -> None:
    recorded = {"employee_id": EMPLOYEE, "leave_id": "QJ-1", "cancelled": False, **SICK}
    for _ in range(2):
        assert call("PUT", path("leave", "QJ-1"), SICK) == (200, recorded)
    later = SICK | {"ends_on": "2027-03-02", "days": 3, "cancelled": True}
    assert call("PUT", path("leave", "QJ-1"), later) == (200, recorded | later)
    assert told(one) == [("leave.recorded", {"leave_id": "QJ-1"})] * 2


def test_a_survey_is_recorded_and_its_words_are_nowhere_to_be_read(one: Office, call: Caller) -> None:
    with logged() as log:
        for _ in range(2):
            assert call("PUT", path("surveys", "2026-03"), SURVEY) == (
                200,
                {"employee_id": EMPLOYEE, "month": "2026-03", "answers": 3, "score": 2.5},
            )
        events = told(one)
    assert events == [("survey.answered", {"month": "2026-03"})]
    items = on_file(one)
    assert WORDS not in log.text + json.dumps([str(found) for found in items], ensure_ascii=False)
    assert one.signals.survey_texts(EMPLOYEE, "2026-03") == {"mood": WORDS, "wish": "想学习数据分析"}


def test_signals_are_no_entries_of_the_history_but_work_performance_is(one: Office, call: Caller) -> None:
    one.passes(hours=1)
    assert call("POST", "/signals", {"items": list(GOOD)})[1]["recorded"] == 4
    one.relays()
    history = call("GET", f"/employees/{EMPLOYEE}/training/history")[1]["items"]
    assert [entry["type"] for entry in history] == ["plan.assigned", "performance.recorded"]


BAD_RULES = [
    (
        "attendance",
        "2026-W10",
        {"hours": 8, "overtime_hours": 8.5},
        "overtime_beyond_hours",
        "overtime_hours",
        "加班时间是工作时间的一部分,不能超过 8 小时",
        "Overtime is part of the hours at work; it should be at most 8",
    ),
    (
        "attendance",
        "2026-W11",
        {"hours": 8},
        "period_to_come",
        "week",
        "2026-W11 还没有到;最晚可以录到 2026-W10",
        "2026-W11 is still to come; the latest that can be recorded is 2026-W10",
    ),
    (
        "attendance",
        "2025-W53",
        {"hours": 8},
        "week_unknown",
        "week",
        "没有 2025-W53 这一周;2025 年只有 52 周(ISO 8601)",
        "There is no week 2025-W53: 2025 has 52 weeks (ISO 8601)",
    ),
    (
        "leave",
        "QJ-1",
        SICK | {"ends_on": "2026-02-25"},
        "leave_ends_before_start",
        "ends_on",
        "假期的结束日期不能早于开始日期 2026-02-26",
        "The leave starts on 2026-02-26; it should end on that day or later",
    ),
    (
        "leave",
        "QJ-1",
        SICK | {"ends_on": "2027-03-03"},
        "leave_too_far_ahead",
        "ends_on",
        "假期最多可以提前一年登记,结束日期不能晚于 2027-03-02",
        "Leave can be recorded a year ahead; it should end on 2027-03-02 or earlier",
    ),
    (
        "leave",
        "QJ-1",
        SICK | {"days": 2.5},
        "leave_days_beyond",
        "days",
        "这段日期只有 2 天,假期天数不能超过它",
        "From its first day to its last there are 2; `days` should be at most that",
    ),
    (
        "survey",
        "2026-04",
        SURVEY,
        "period_to_come",
        "month",
        "2026-04 还没有到;最晚可以录到 2026-03",
        "2026-04 is still to come; the latest that can be recorded is 2026-03",
    ),
    (
        "survey",
        "2026-03",
        {"answers": [{"question_id": "mood", "score": 1}, {"question_id": "mood", "score": 2}]},
        "question_repeated",
        "answers[1].question_id",
        "问题“mood”重复;每个问题只能有一个回答",
        "Question 'mood' comes twice; it should have one answer",
    ),
    (
        "survey",
        "2026-03",
        {"answers": [{"question_id": f"q{n}", "text": "累" * 1667} for n in range(6)]},
        "answers_too_long",
        "answers",
        "文字回答共 10002 个字符,上限为 10000",
        "The texts have 10002 characters together; at most 10000 are accepted",
    ),
]


@pytest.mark.parametrize(("kind", "key", "body", "code", "where", "chinese", "english"), BAD_RULES)
def test_what_is_against_a_rule_is_refused_one_by_one_and_in_a_batch(
    one: Office,
    call: Caller,
    kind: str,
    key: str,
    body: dict[str, Any],
    code: str,
    where: str,
    chinese: str,
    english: str,
) -> None:
    place = path("surveys" if kind == "survey" else kind, key)
    assert call("PUT", place, body) == problem(422, code, "不符合规则", where, chinese)
    assert call("PUT", place, body, language="en") == problem(422, code, "Against a rule", where, english)
    within = "key" if where in ("week", "month") else where
    for language, message in (("zh-CN", chinese), ("en", english)):
        batch = {"items": [item(kind, key, body)]}
        assert call("POST", "/signals", batch, language=language) == (
            200,
            {"items": [rejected(0, (within, message))], "recorded": 0, "unchanged": 0, "rejected": 1},
        )
    assert told(one) == []


BAD_FORMS = [
    ("attendance", {}, "hours", "is required"),
    ("attendance", {"hours": "40"}, "hours", "should be a number"),
    ("attendance", {"hours": True}, "hours", "should be a number"),
    ("attendance", {"hours": -0.5}, "hours", "should be at least 0"),
    ("attendance", {"hours": 168.5}, "hours", "should be at most 168"),
    ("attendance", {"hours": float("nan")}, "hours", "should be a finite number"),
    ("attendance", {"hours": 0.00001}, "hours", "should have at most 4 decimal places"),
    ("attendance", {"hours": 8, "overtime_hours": -1}, "overtime_hours", "should be at least 0"),
    ("leave", SICK | {"days": 0}, "days", "should be greater than 0"),
    ("leave", SICK | {"starts_on": "2026-02-30"}, "starts_on", "should be a date, as in 2026-03-02"),
    ("leave", SICK | {"starts_on": 20260226}, "starts_on", "should be a date, as in 2026-03-02"),
    ("leave", SICK | {"cancelled": "true"}, "cancelled", "should be true or false"),
    ("survey", {"answers": []}, "answers", "should not be empty"),
    (
        "survey",
        {"answers": [{"question_id": f"q{n}", "score": 1} for n in range(51)]},
        "answers",
        "should have at most 50 items",
    ),
    (
        "survey",
        {"answers": [{"question_id": "mood"}]},
        "answers[0]",
        "a score or a text is required",
    ),
    (
        "survey",
        {"answers": [{"question_id": "mood", "score": 6}]},
        "answers[0].score",
        "should be at most 5",
    ),
    (
        "survey",
        {"answers": [{"question_id": "mood", "score": True}]},
        "answers[0].score",
        "should be a whole number",
    ),
    (
        "survey",
        {"answers": [{"question_id": "mood", "text": "累" * 2001}]},
        "answers[0].text",
        "should have at most 2000 characters",
    ),
]
KEYS = {"attendance": "2026-W10", "leave": "QJ-1", "survey": "2026-03"}


@pytest.mark.parametrize(("kind", "body", "where", "message"), BAD_FORMS)
def test_what_has_not_the_form_is_refused_one_by_one_and_in_a_batch(
    one: Office, call: Caller, kind: str, body: dict[str, Any], where: str, message: str
) -> None:
    place = path("surveys" if kind == "survey" else kind, KEYS[kind])
    assert call("PUT", place, body, language="en") == problem(
        400, "malformed", "The request is malformed", where, message, f"{where}: {message}"
    )
    assert call("POST", "/signals", {"items": [item(kind, KEYS[kind], body)]}, language="en")[1]["items"] == [
        rejected(0, (where, message))
    ]
    assert told(one) == []


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("attendance", "2026-W00", "week"),
        ("attendance", "2026-W54", "week"),
        ("attendance", "2026-10", "week"),
        ("attendance", "2026W10", "week"),
        ("leave", "x" * 65, "leave_id"),
        ("leave", "-1", "leave_id"),
        ("leave", "张三", "leave_id"),
        ("surveys", "2026-13", "month"),
        ("surveys", "2026-W10", "month"),
    ],
)
def test_a_key_has_a_form(one: Office, call: Caller, kind: str, key: str, name: str) -> None:
    bodies: dict[str, dict[str, Any]] = {"attendance": {"hours": 8}, "leave": SICK, "surveys": SURVEY}
    body = bodies[kind]
    status, refusal = call("PUT", path(kind, key), body)
    assert (status, [error["path"] for error in refusal["errors"]]) == (400, [name])
    batch = {"items": [item(kind.removesuffix("s"), key, body)]}
    (result,) = call("POST", "/signals", batch)[1]["items"]
    assert [error["path"] for error in result["errors"]] == ["key"]
    assert told(one) == []


def test_who_is_no_employee_has_no_signals(one: Office, call: Caller) -> None:
    for kind, key, body in (
        ("attendance", "2026-W10", {"hours": 8}),
        ("leave", "QJ-1", SICK),
        ("surveys", "2026-03", SURVEY),
    ):
        status, refusal = call("PUT", path(kind, key, "emp_nobody"), body, language="en")
        assert (status, refusal["detail"]) == (404, "There is no employee emp_nobody")
        assert call("PUT", path(kind, key, "x" * 129), body)[0] == 400
    assert told(one) == []


def test_a_week_begins_where_the_tenant_is(one: Office, call: Caller) -> None:
    # Sunday, 8 March, 16:00 UTC is Monday in Shanghai.
    one.passes(days=6, hours=14, minutes=59)
    assert call("PUT", path("attendance", "2026-W11"), {"hours": 8})[0] == 422
    one.passes(minutes=1)
    assert call("PUT", path("attendance", "2026-W11"), {"hours": 8})[0] == 200
    batch = {"items": [item("attendance", "2026-W11", {"hours": 8})]}
    assert call("POST", "/signals", batch)[1]["unchanged"] == 1


# --- batches


def test_a_batch_says_of_each_item_what_became_of_it_and_again_changes_nothing(
    one: Office, call: Caller
) -> None:
    one.hires("emp_02", name="李明", since=date(2020, 1, 6))
    items = [
        GOOD[0],
        "a week",
        GOOD[1],
        item("attendance", "2026-W09", {"hours": 169}),
        GOOD[2],
        item("attendance", "2026-W09", {"hours": 8}, "emp_nobody"),
        GOOD[3],
        {"kind": "mood", "employee_id": EMPLOYEE, "key": "2026-03"},
        item("attendance", "2026-W09", {"hours": 35}, "emp_02"),
        {"kind": "leave"},
    ]
    bad = {
        1: rejected(1, ("item", "应为对象")),
        3: rejected(3, ("hours", "应不大于 168")),
        5: rejected(5, ("employee_id", "没有这个员工:emp_nobody")),
        7: rejected(7, ("kind", "应为“attendance”、“leave”、“performance”或“survey”")),
        9: rejected(
            9,
            *(
                (name, "必填")
                for name in ("employee_id", "leave_kind", "starts_on", "ends_on", "days", "key")
            ),
        ),
    }
    for status, recorded, unchanged in (("recorded", 5, 0), ("unchanged", 0, 5)):
        code, answer = call("POST", "/signals", {"items": items})
        # Which field of a form is named first is pydantic's.
        answer["items"][9]["errors"].sort(key=lambda error: error["path"])
        expected = [bad.get(index) or taken(index, status) for index in range(10)]
        expected[9] = {**bad[9], "errors": sorted(bad[9]["errors"], key=lambda error: error["path"])}
        assert (code, answer) == (
            200,
            {"items": expected, "recorded": recorded, "unchanged": unchanged, "rejected": 5},
        )
    assert one.signals.attendance("emp_02", 8) == [AttendanceWeek("2026-W09", Decimal(35), None)]
    assert one.signals.survey_texts(EMPLOYEE, "2026-03")["mood"] == WORDS
    assert [month.percent for month in one.performances.of(EMPLOYEE)] == [80]
    assert len(told(one)) == 4


def test_a_batch_and_the_calls_for_one_record_the_same(one: Office, call: Caller) -> None:
    call("POST", "/signals", {"items": list(GOOD)})
    call("PUT", path("attendance", "2026-W09"), {"hours": 55, "overtime_hours": 15})
    call("PUT", path("leave", "QJ-1"), SICK)
    call("PUT", path("performance", "2026-02"), {"score": 8, "out_of": 10})
    call("PUT", path("surveys", "2026-03"), SURVEY)
    assert len(told(one)) == 3
    items = on_file(one)
    versions = {found["sk"]: found["version"] for found in items if found.get("recorded_at")}
    assert versions == {
        "ATTENDANCE#2026-W09": 1,
        "LEAVE#QJ-1": 1,
        "PERFORMANCE#2026-02": 1,
        "SURVEY#2026-03": 1,
    }


def test_f7_what_somebody_answered_by_their_link_nobody_answers_over(one: Office, call: Caller) -> None:
    other = {"answers": [{"question_id": "mood", "score": 5}]}
    assert call("PUT", path("surveys", "2026-03"), other)[0] == 200
    answers = SurveyAnswers(Survey("2026-03", (("mood", 2),)), {})
    one.signals.answer_survey(EMPLOYEE, answers, Groups("运营", "上海", "sales"), one.now)
    before = on_file(one)
    same = {"answers": [{"question_id": "mood", "score": 2}]}
    said = "The employee has answered the survey of 2026-03 by their own link; nobody else answers over it"
    for body in (other, same):
        assert call("PUT", path("surveys", "2026-03"), body, language="en") == problem(
            409, "survey_answered", "Conflict", "month", said
        )
        batch = {"items": [item("survey", "2026-03", body), item("survey", "2026-02", body)]}
        assert call("POST", "/signals", batch, language="en")[1]["items"][0] == rejected(0, ("key", said))
    after = [found for found in on_file(one) if "2026-02" not in found["sk"]]
    assert after == before
    # How many questions, and so whether there are words, is theirs to know as well.
    surveys = call("GET", f"/employees/{EMPLOYEE}")[1]["surveys"]
    assert surveys == [{"month": "2026-02", "answers": 1}, {"month": "2026-03", "answers": None}]


def test_of_two_items_that_contradict_the_first_counts_each_time(one: Office, call: Caller) -> None:
    """Recorded in turn they would change the record each time the batch is sent."""
    other = WEEK | {"hours": 40}
    repeated = "items[0] is about the same and says otherwise; send one of the two"
    for first, second in (("recorded", "unchanged"), ("unchanged", "unchanged")):
        batch = {"items": [WEEK, other, dict(WEEK)]}
        assert call("POST", "/signals", batch, language="en")[1]["items"] == [
            taken(0, first),
            rejected(1, ("key", repeated)),
            taken(2, second),
        ]
    assert call("POST", "/signals", {"items": [WEEK, other]})[1]["items"][1]["errors"] == [
        {"path": "key", "message": "与“items[0]”是同一条记录,但内容不同;请只保留一项"}
    ]
    assert [week.hours for week in one.signals.attendance(EMPLOYEE, 8)] == [55]


def test_what_only_looks_the_same_is_not(one: Office, call: Caller) -> None:
    one.hires("emp_02", name="李明", since=date(2020, 1, 6))
    items = [
        item("performance", "2026-02", {"score": 80}),
        item("performance", "2026-02", {"score": 70}, "emp_02"),
        item("performance", "2026-01", {"score": 60}),
        item("survey", "2026-02", SURVEY),
    ]
    assert call("POST", "/signals", {"items": items})[1]["recorded"] == 4


def test_an_items_own_rules_of_work_performance(one: Office, call: Caller) -> None:
    items = [
        item("performance", "2026-04", {"score": 80}),
        item("performance", "2026-03", {"score": 101}),
        item("performance", "2026-03", {"score": "80"}),
    ]
    assert call("POST", "/signals", {"items": items}, language="en")[1]["items"] == [
        rejected(0, ("key", "2026-04 is still to come; performance can be recorded up to 2026-03")),
        rejected(1, ("score", "The score should be between 0 and 100")),
        rejected(2, ("score", "should be a number")),
    ]


def test_a_race_lost_twice_is_that_items_error(
    one: Office, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loses(*_: object) -> bool:
        raise LostRace

    with monkeypatch.context() as patched:
        patched.setattr(type(one.signals), "record_leave", loses)
        answer = call("POST", "/signals", {"items": list(GOOD)}, language="en")[1]
    assert answer["items"] == [
        taken(0),
        rejected(1, ("item", "Something else changed this at the same moment; please try again")),
        taken(2),
        taken(3),
    ]
    assert call("POST", "/signals", {"items": list(GOOD)})[1]["recorded"] == 1


def test_a_batch_of_500_and_no_more(one: Office, call: Caller) -> None:
    last = date(2026, 2, 27)
    days = [(last - timedelta(days=number)).isoformat() for number in range(500)]
    items = [item("leave", f"QJ-{day}", SICK | {"starts_on": day, "ends_on": day, "days": 1}) for day in days]
    assert call("POST", "/signals", {"items": items})[1] == {
        "items": [taken(number) for number in range(500)],
        "recorded": 500,
        "unchanged": 0,
        "rejected": 0,
    }
    assert call("POST", "/signals", {"items": [*items, WEEK]}) == problem(
        400, "malformed", "请求格式不对", "items", "最多 500 项", "items: 最多 500 项"
    )
    nothing = {"items": [], "recorded": 0, "unchanged": 0, "rejected": 0}
    assert call("POST", "/signals", {"items": []}) == (200, nothing)


def test_a_batch_has_a_limit_in_bytes(one: Office, call: Caller) -> None:
    padded = WEEK | {"note": "x" * 1024 * 1024}
    status, refusal = call("POST", "/signals", {"items": [padded]}, language="en")
    assert (status, refusal["type"]) == (413, "urn:rencai:problem:body_too_large")
    assert told(one) == []
