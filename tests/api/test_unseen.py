"""What nobody sees of a number, an id or a name makes no other one: through every door that lets one in (F1, A6)."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final
from urllib.parse import quote

import pytest
from aws_lambda_powertools.event_handler.openapi.params import Body
from hypothesis import given
from hypothesis import strategies as st

from functions.employees.signals import SignalBatch
from functions.people.contacts import CandidateCorrection
from rencai.employees.batch import _checked, _Told
from rencai.employees.rules.signals import LeaveReport
from rencai.interviews.rules.interview import Interview, content_digest
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.rows import ImportRow
from rencai.migration.store.imports import ImportStatus
from rencai.people.rules.application import Application
from rencai.people.rules.contact import Told, differing, in_clear
from rencai.people.rules.identity import Contact
from rencai.platform.api import Api, PathId
from rencai.survey.rules.survey import entered
from rencai.vendors.dialects import greenhouse
from tests.builders import encoded, result
from tests.kernel.test_seen import CF
from tests.keyed import IDS
from tests.migration.import_office import Office, csv, office
from tests.migration.import_rows import COURSE, FINDING, LEAVE, MONTH, PEOPLE, PLAIN, SURVEY, WEEK, row
from tests.platform.test_api import EVENT
from tests.survey.test_form import FORM

FILES: Final[dict[str, tuple[ImportKind, tuple[str, ...], tuple[str, ...]]]] = {
    "people": (
        ImportKind.PEOPLE,
        PEOPLE,
        ("BC801", "张三", "销售", "深圳", "2026-03-02", "2026年10月31日", "zhang@example.com", "P3", "中文"),
    ),
    "months": (
        ImportKind.PERFORMANCE,
        MONTH,
        ("BC801", "2026年10月", "8.5", "10", "1.2万元", "12,000", "人民币", "12.5%", "7"),
    ),
    "weeks": (ImportKind.ATTENDANCE, WEEK, ("BC801", "2026-W10", "40:30", "5.5")),
    "leave": (
        ImportKind.LEAVE,
        LEAVE,
        ("BC801", "QJ-1", "年假", "2026-03-02", "13/3/2026", "2", "否"),
    ),
    "surveys": (ImportKind.SURVEYS, SURVEY, ("BC801", "2026-10", "4", "2", "压力很大")),
    "courses": (ImportKind.TRAINING, COURSE, ("BC801", "选品技巧", "90 %", "85", "2026/3/2")),
    "findings": (ImportKind.RECRUITING, FINDING, ("BC801", "Mar 2, 2026", "沟通", "8", "10")),
}
between = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(CF)), min_size=1, max_size=4)


def _with(text: str, unseen: list[tuple[int, str]]) -> str:
    for at, character in unseen:
        text = text[:at] + character + text[at:]
    return text


@pytest.mark.parametrize("file", FILES)
@given(st.data())
def test_f1_a_row_says_what_is_seen_of_it(file: str, data: st.DataObject) -> None:
    kind, headers, cells = FILES[file]
    seen = row(kind, headers, *cells, mapping=PLAIN)
    assert isinstance(seen, ImportRow), seen
    at = data.draw(st.integers(0, len(cells) - 1))
    written = [_with(cell, data.draw(between)) if place == at else cell for place, cell in enumerate(cells)]
    assert row(kind, headers, *written, mapping=PLAIN) == seen
    marked = tuple(_with(header, data.draw(between)) for header in headers)
    assert row(kind, marked, *cells, mapping=PLAIN) == seen


@pytest.mark.parametrize("empty", ["\u200b", "\ufeff \u2060", "\u3164", "\u2800"])
def test_f1_a_cell_in_which_nothing_is_seen_is_empty(empty: str) -> None:
    kind, headers, cells = FILES["people"]
    assert row(kind, headers, *(empty for _ in cells), mapping=PLAIN) is None
    without = row(kind, headers, *cells[:5], empty, empty, empty, empty, mapping=PLAIN)
    assert without == row(kind, headers, *cells[:5], "", "", "", "", mapping=PLAIN)
    nameless = row(kind, headers, cells[0], empty, *cells[2:], mapping=PLAIN)
    assert isinstance(nameless, list)
    assert [(one.field, one.rule) for one in nameless] == [("name", "cell_required")]


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as fresh:
        yield fresh


def test_f1_who_has_the_same_number_is_the_same_employee(one: Office) -> None:
    header = ("工号", "姓名", "岗位", "工作地点", "入职日期")
    shown = "BCTP801"
    written = (
        f"{shown}\ufeff",
        f"\u200b{shown}",
        f"{shown}\u202c",
        "BC\u00adTP801",
        "ＢＣＴＰ８０１",
        "BCTP８０\ufe0f１",
    )
    for number in written:
        done = one.brings("people", csv(header, (number, "张三", "sales", "深圳", "2026-01-05")))
        assert done.status is ImportStatus.FINISHED
        assert done.counts.rejected == 0
    assert {key[0] for key in one.items() if key[0].startswith("EMPLOYEE#")} == {
        f"EMPLOYEE#{IDS.employee_of_number(shown)}"
    }
    employee = one.employees.get(IDS.employee_of_number(shown))
    assert employee is not None
    assert employee.employee_no == shown
    for number in written:
        told = one.brings("attendance", csv(("工号", "周", "工时"), (number, "2026-W08", 40)))
        assert (told.counts.unmatched, told.counts.rejected) == (0, 0)
    assert len(one.signals.attendance(employee.employee_id, 9)) == 1


def test_f1_who_came_under_such_a_number_before_gets_the_one_that_is_seen(one: Office) -> None:
    before = one.hires("BCTP\u200b801")
    people = csv(
        ("Rencai 员工 ID", "工号", "姓名", "岗位", "工作地点", "入职日期"),
        (before, "BCTP801", "张三", "sales", "深圳", "2026-01-05"),
    )
    assert one.brings("people", people).counts.rejected == 0
    told = one.brings("attendance", csv(("工号", "周", "工时"), ("BCTP\ufeff801", "2026-W08", 40)))
    assert told.counts.created == 1
    assert len(one.signals.attendance(before, 9)) == 1


# --- the API ----------------------------------------------------------------------------------------------------------


def _echo() -> Api:
    api = Api("en")

    @api.resolver.put("/employees/<employee_id>/leave/<leave_id>")
    def put(
        employee_id: PathId, leave_id: str, report: Annotated[LeaveReport, Body()], role: str = ""
    ) -> dict[str, Any]:
        return {"about": [employee_id, leave_id, role], "leave": report.model_dump(mode="json")}

    @api.resolver.post("/contact")
    def post(correction: Annotated[CandidateCorrection, Body()]) -> dict[str, Any]:
        return correction.model_dump()

    return api


ECHO: Final = _echo()


def _call(
    method: str, path: str, body: Any, query: dict[str, str] | None = None, ascii_: bool = False
) -> Any:
    event = json.loads(json.dumps(EVENT))
    event |= {"httpMethod": method, "path": path, "resource": path, "pathParameters": None}
    event |= {"body": json.dumps(body, ensure_ascii=ascii_), "queryStringParameters": query}
    event["multiValueQueryStringParameters"] = {name: [value] for name, value in (query or {}).items()}
    event["headers"]["Content-Type"] = "application/json"
    answer = ECHO.handle(event, None)
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])


LEAVE_OF: Final = {"kind": "annual", "starts_on": "2026-03-02", "ends_on": "2026-03-03", "days": 2}


@given(between, between, st.booleans(), st.booleans())
def test_a_call_is_about_what_is_seen_of_its_ids(
    unseen: list[tuple[int, str]], more: list[tuple[int, str]], encoded_: bool, ascii_: bool
) -> None:
    ids = [_with("emp_01ABC", unseen), _with("QJ-1", more)]
    path = "/employees/{}/leave/{}".format(*(map(quote, ids) if encoded_ else ids))
    body = {**LEAVE_OF, "kind": _with("annual", more), "starts_on": _with("2026-03-02", unseen)}
    answered = _call("PUT", path, body, {"role": _with("sales", more)}, ascii_)
    assert answered["about"] == ["emp_01ABC", "QJ-1", "sales"]
    assert answered == _call("PUT", "/employees/emp_01ABC/leave/QJ-1", LEAVE_OF, {"role": "sales"})


@given(between)
def test_a_correction_says_what_is_seen_of_it(unseen: list[tuple[int, str]]) -> None:
    seen = {"phone": "+8613800000001", "national_id": "E3141592", "email": "a@b.cn", "name": "张三"}
    written = {name: _with(value, unseen) for name, value in seen.items()}
    read = _call("POST", "/contact", {**written, "reason": "改"})
    assert {name: read[name] for name in seen} == seen


def test_a_file_is_asked_for_by_the_name_it_was_given() -> None:
    # What a body keeps of a text, a query keeps: names of files are in both.
    name = "👩\u200d💻 علی\u200cرضا.csv"
    for written in (name, f"\ufeff{name}\u200b"):
        answered = _call("PUT", "/employees/emp_01ABC/leave/QJ-1", LEAVE_OF, {"role": written})
        assert answered["about"] == ["emp_01ABC", "QJ-1", name]


def test_a_name_and_a_reason_keep_what_their_script_needs() -> None:
    name, reason = "علی\u200cرضا", "👩\u200d💻 می\u200cروم"
    answered = _call("POST", "/contact", {"name": f"\u202b{name}\u202c", "reason": f"{reason}\ufeff"})
    assert (answered["name"], answered["reason"]) == (name, reason)


@given(between)
def test_an_item_of_a_batch_is_told_of_who_is_seen(unseen: list[tuple[int, str]]) -> None:
    item = {"kind": "attendance", "employee_id": "emp_01ABC", "key": "2026-W10", "hours": 40}
    written = {
        name: _with(value, unseen) if isinstance(value, str) else value for name, value in item.items()
    }
    from rencai.platform.bodies import parsed_as_seen

    batch = SignalBatch.model_validate(parsed_as_seen(json.dumps({"items": [written]}, ensure_ascii=False)))
    (told,) = _checked(batch.items, date(2026, 11, 22))
    assert isinstance(told, _Told)
    assert told.employee_id == "emp_01ABC"


# --- what vendors tell ------------------------------------------------------------------------------------------------

_OF_A_PERSON: Final = ("phone", "email", "national_id", "locale", "name")
_OF_A_POSITION: Final = ("requisition_id", "role", "location")


@given(between)
def test_a6_an_interview_is_of_who_is_seen(unseen: list[tuple[int, str]]) -> None:
    document = result()
    document["candidate"] |= {"phone": "+8613800000001", "locale": "zh-CN", "national_id": "E3141592"}
    seen = Interview.model_validate_json(encoded(document))
    for part, names in (("candidate", _OF_A_PERSON), ("position", _OF_A_POSITION)):
        for name in names:
            document[part][name] = _with(document[part][name], unseen)
    for answer in document["answers"]:
        answer |= {name: _with(answer[name], unseen) for name in ("question_id", "topic")}
    read = Interview.model_validate_json(encoded(document))
    assert read == seen
    assert content_digest(read) == content_digest(seen)


def test_a_vendors_own_ids_are_as_it_wrote_them() -> None:
    document = result()
    document["candidate"]["external_id"] = "c-1\u200b"
    assert Interview.model_validate_json(encoded(document)).candidate.external_id == "c-1\u200b"
    assert Application(external_id="a-1\u200b").external_id == "a-1\u200b"


@given(between)
def test_a6_an_application_is_of_who_is_seen(unseen: list[tuple[int, str]]) -> None:
    said = {
        "name": "张三", "email": "a@b.cn", "phone": "138 0000 0001", "national_id": "E3141592", "requisition_id": "R-1",
        "role": "sales", "location": "深圳", "status": "applied",
    }  # fmt: skip
    written = {name: _with(value, unseen) for name, value in said.items()}
    assert Application.model_validate({"external_id": "1", **written}) == Application.model_validate(
        {"external_id": "1", **said}
    )
    one, other = (
        Contact(told["name"], told["email"], told["phone"], told["national_id"]) for told in (said, written)
    )
    assert one.identifiers() == other.identifiers()
    assert not differing(Told(in_clear(one)), Told(in_clear(other)))


@given(between, st.sampled_from(["伟", "𠮷", "㐂", "𰻝", "﨑", "々"]))
def test_a_name_in_han_is_put_together_the_chinese_way(unseen: list[tuple[int, str]], given_: str) -> None:
    candidate = {"first_name": _with(given_, unseen), "last_name": _with("𫞩", unseen)}
    body = {"action": "application_updated", "payload": {"application": {"id": 1, "candidate": candidate}}}
    (fact,) = greenhouse.parse("ats", json.dumps(body).encode())
    assert getattr(fact, "application").name == f"𫞩{given_}"  # noqa: B009 - of any fact


@given(between)
def test_f7_an_answer_of_a_survey_is_what_is_seen(unseen: list[tuple[int, str]]) -> None:
    report, errors = entered(FORM, {"satisfaction": _with("4", unseen)})
    assert errors == {}
    assert report is not None
    assert report.answers[0].score == Decimal(4)
