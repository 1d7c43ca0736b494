"""Whom a letter did not reach: HR has a list of them, with what it takes to call, until somebody has."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.api.contact import handler
from rencai.employees.rules.employee import Employee
from rencai.kernel.errors import Conflict, NotFound
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.letters.notices import Notices, notice_key, tags_of
from rencai.letters.undelivered import How, Undelivered, UndeliveredLetter
from rencai.letters.wording import LETTERS, WHY, Undeliverable
from rencai.store.table import Table, from_events
from tests.builders import NOW
from tests.moto_table import TABLE
from tests.people.tenant import FIRST, ZHOU, Tenant, tenant
from tests.people.test_contact_employees import BROUGHT, brought
from tests.people.test_contact_facts import WHOLE
from tests.shipped import DOCUMENTS
from tests.template import ROOT
from tests.wired import serves

WHO = "cand_01ABC"
LETTER = "talent_pool#itv-1"
LATER = NOW + timedelta(minutes=5)
EVENT = json.loads((ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


@pytest.fixture
def table(dynamodb: Any) -> Table:
    return Table(dynamodb, TABLE)


def lost(table: Table, who: str = WHO, letter: str = LETTER, after: int = 0) -> None:
    Notices(table).undeliverable(who, letter, Undeliverable.NO_ADDRESS, NOW + timedelta(minutes=after))


def waiting(table: Table) -> list[UndeliveredLetter]:
    return Undelivered(table).page(25, None)[0]


def test_a_letter_that_did_not_arrive_waits_until_somebody_has_called(table: Table) -> None:
    lost(table)
    (letter,) = waiting(table)
    assert (letter.addressee, letter.template, letter.reason, letter.told_at, letter.settled) == (
        WHO,
        "talent_pool",
        Undeliverable.NO_ADDRESS,
        NOW,
        None,
    )
    settled = Undelivered(table).settle(letter.notice_id, How.CALLED, "hr:1", LATER).settled
    assert settled is not None
    assert (settled.how, settled.actor, settled.at) == (How.CALLED, "hr:1", LATER)
    assert waiting(table) == []
    (told,) = from_events(table.get(notice_key(WHO, LETTER))["events"])  # type: ignore[index]
    assert (told.name, told.data, told.actor) == (
        EventName.NOTICE_SETTLED,
        {"letter": "talent_pool", "how": "called"},
        "hr:1",
    )


def test_what_is_said_of_it_first_stays(table: Table) -> None:
    lost(table)
    id_ = waiting(table)[0].notice_id
    undelivered = Undelivered(table)
    first = undelivered.settle(id_, How.CALLED, "hr:1", LATER)
    assert undelivered.settle(id_, How.CALLED, "hr:2", LATER + timedelta(hours=1)) == first
    with pytest.raises(Conflict):
        undelivered.settle(id_, How.NOT_NEEDED, "hr:2", LATER)
    # A bounce that SES tells of late is of the same letter.
    assert Notices(table).heard_undeliverable(tags_of(WHO, LETTER), Undeliverable.BOUNCED, LATER)
    assert waiting(table) == []


def test_what_the_index_still_lists_is_not_shown_once_it_is_settled(table: Table) -> None:
    """An index lags: somebody who looks right after would call the same person again."""
    lost(table)
    key = notice_key(WHO, LETTER)
    listed = {name: value for name, value in (table.get(key) or {}).items() if name.startswith("gsi1")}
    Undelivered(table).settle(waiting(table)[0].notice_id, How.CALLED, "hr:1", LATER)
    table.update(key, listed)
    assert waiting(table) == []


def test_a_letter_that_bounces_after_it_was_sent_is_listed_too(table: Table) -> None:
    notices = Notices(table)
    notices.claim(WHO, LETTER, NOW)
    notices.sent(WHO, LETTER, "msg-1", NOW)
    assert waiting(table) == []
    notices.heard_undeliverable(tags_of(WHO, LETTER), Undeliverable.BOUNCED, LATER)
    assert [one.reason for one in waiting(table)] == [Undeliverable.BOUNCED]


@pytest.mark.parametrize(
    "notice_id",
    ["ntc_cand_01ABC_0123", "ntc_cand_nobody_0123", "ntc_", "ntc_cand_01ABC", "cand_01ABC", "ntc_scan_1_2"],
)
def test_there_is_no_other_notice(table: Table, notice_id: str) -> None:
    lost(table)
    with pytest.raises(NotFound):
        Undelivered(table).settle(notice_id, How.CALLED, "hr:1", NOW)


def test_a_letter_that_arrived_is_nothing_to_settle(table: Table) -> None:
    notices = Notices(table)
    notices.claim(WHO, LETTER, NOW)
    notices.sent(WHO, LETTER, "msg-1", NOW)
    with pytest.raises(NotFound):
        Undelivered(table).settle(f"ntc_{WHO}_{tags_of(WHO, LETTER)['letter']}", How.CALLED, "hr:1", NOW)


def test_the_oldest_is_called_first_page_by_page(table: Table) -> None:
    for after in range(5):
        lost(table, f"cand_{after}", after=after)
    undelivered = Undelivered(table)
    seen, cursor = undelivered.page(2, None)
    while cursor:
        more, cursor = undelivered.page(2, cursor)
        seen += more
    assert [one.addressee for one in seen] == [f"cand_{number}" for number in range(5)]


def test_every_letter_and_every_reason_has_its_words() -> None:
    assert set(LETTERS) == {name for kind, name in DOCUMENTS if kind.name == "notice_template"}
    assert set(WHY) == set(Undeliverable)


# --- over HTTP ------------------------------------------------------------------------------------------------------


@pytest.fixture
def one() -> Iterator[Tenant]:
    with tenant() as made:
        yield made


def call(method: str, path: str, body: Any = None, language: str = "zh-CN") -> tuple[int, Any]:
    event = json.loads(json.dumps(EVENT)) | {"httpMethod": method, "path": path, "resource": path}
    event["body"] = json.dumps(body) if body is not None else None
    event["queryStringParameters"] = event["multiValueQueryStringParameters"] = None
    for headers in ("headers", "multiValueHeaders"):
        event[headers]["Accept-Language"] = language if headers == "headers" else [language]
    answer = handler(event, Context())
    return answer["statusCode"], json.loads(answer["body"])


def test_hr_sees_whom_to_call_and_says_that_it_did(one: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    serves(monkeypatch, one.wired)
    one.hand_in({**WHOLE, "email": None})
    brought(one)
    notices = one.wired.letters.notices
    notices.undeliverable(FIRST, "onboarding#emp_1", Undeliverable.NO_ADDRESS, NOW)
    notices.undeliverable(BROUGHT, "survey_invitation#2026-11", Undeliverable.BOUNCED, LATER)
    status, page = call("GET", "/notices/undeliverable")
    assert status == 200
    candidate, employee = page["items"]
    assert candidate["contact"] == {"name": ZHOU["name"], "phone": ZHOU["phone"], "email": None}
    assert (candidate["subject"], candidate["letter_name"], candidate["why"]) == (
        FIRST,
        "入职通知",
        "没有电子邮箱",
    )
    assert employee["contact"]["email"] == "li@example.com"
    assert (
        call("GET", "/notices/undeliverable", language="en")[1]["items"][0]["letter_name"]
        == "Onboarding notice"
    )
    # Who is shown what it takes to call them finds on their timeline that it was read, and by whom.
    for kind, subject in ((SubjectKind.CANDIDATE, FIRST), (SubjectKind.EMPLOYEE, BROUGHT)):
        history = one.wired.timeline.page(Subject(kind=kind, id=subject), 25, None).items
        assert [entry["type"] for entry in history].count(EventName.CONTACT_VIEWED) >= 1
    path = f"/notices/{candidate['notice_id']}/settlement"
    assert call("POST", path, {"how": "by pigeon"})[0] in (400, 422)
    status, settled = call("POST", path, {"how": "called"})
    assert (status, settled["settled"]["how"]) == (200, "called")
    assert call("POST", path, {"how": "other_way"})[1]["type"] == "urn:rencai:problem:notice_settled"
    assert [item["subject"] for item in call("GET", "/notices/undeliverable")[1]["items"]] == [BROUGHT]
    assert call("POST", "/notices/ntc_cand_nobody_ff/settlement", {"how": "called"})[0] == 404


def test_who_is_on_file_no_more_is_listed_without_contact_data(
    one: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    serves(monkeypatch, one.wired)
    one.wired.letters.notices.undeliverable(
        "emp_gone", "survey_invitation#2026-11", Undeliverable.BOUNCED, NOW
    )
    (item,) = call("GET", "/notices/undeliverable")[1]["items"]
    assert (item["subject"], item["contact"]) == ("emp_gone", None)


def test_whom_to_call_is_what_the_employee_s_own_file_says(
    one: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    serves(monkeypatch, one.wired)
    one.hand_in(WHOLE)
    one.wired.employees.employees.hire(
        Employee(
            employee_id="emp_1",
            candidate_id=FIRST,
            name=ZHOU["name"],
            role="sales",
            location="上海",
            starts_on=NOW.date(),
            created_at=NOW,
            phone="+8613900000009",
        )
    )
    one.wired.letters.notices.undeliverable("emp_1", "onboarding#emp_1", Undeliverable.BOUNCED, NOW)
    (item,) = call("GET", "/notices/undeliverable")[1]["items"]
    assert item["contact"] == {"name": ZHOU["name"], "phone": "+8613900000009", "email": WHOLE["email"]}
