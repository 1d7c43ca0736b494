"""The monthly survey on moto's table (F7): the whole way, and who is invited."""

import json
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from functions.survey import invite, letters
from rencai.interviews.rules.interview import Candidate
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.letters.correspondence import Correspondence
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.letters.sms import ShortMessage
from rencai.people.rules.contact import ContactField, Source, SourceKind, Told
from rencai.people.rules.identity import Identity
from rencai.pressure.store.cards import Cards
from tests.logs import logged
from tests.shipped import DOCUMENTS
from tests.survey.company import (
    NOTHING_TOLD,
    TOTALS,
    WORDS,
    Company,
    Context,
    FakeQueue,
    consumed,
    invitation_of,
    opened,
    read,
    sent,
)


class Carrier:
    """Text messages sent; ``fails`` is raised instead."""

    def __init__(self, fails: Exception | None) -> None:
        self.fails = fails
        self.messages: list[ShortMessage] = []

    def send(self, message: ShortMessage) -> str:
        if self.fails:
            raise self.fails
        self.messages.append(message)
        return f"sms-{len(self.messages)}"


class Parking(FakeQueue):
    """What was put aside for a person."""

    def __init__(self) -> None:
        self.parked: list[str] = []

    def park(self, body: str, reason: str) -> None:
        self.parked.append(reason)


# --- the whole way


def test_f7_from_the_schedule_through_letter_link_and_page_to_the_results(one: Company) -> None:
    everybody = [f"emp_{number}" for number in range(7)]
    for employee_id in everybody:
        one.employs(employee_id, department="运营" if employee_id < "emp_5" else "法务")
    one.asks()
    assert sorted(to for to, _, _ in one.mail.letters) == [f"{one_}@example.com" for one_ in everybody]
    assert {subject for _, subject, _ in one.mail.letters} == {"2026 年 11 月员工满意度调查:想听听您的感受"}
    for number, employee_id in enumerate(everybody):
        assert opened(one.link(employee_id))[0] == 200
        fields = {"stress": str(1 + number % 5), "comment": WORDS}
        status, thanks = sent(one.link(employee_id), fields)
        assert (status, "谢谢" in thanks) == (200, True)
    assert [one_.survey.scores for one_ in one.signals.surveys("emp_0", 1)] == [
        (("comment", None), ("stress", 1))
    ]
    assert one.signals.survey_texts("emp_0", "2026-11") == {"comment": WORDS}
    # Open, there are only totals: of two figures an answer apart, the difference would be the answer.
    asked = TOTALS | {"invited": 7, "answered": 7}
    assert read(by="department") == asked | {"by": "department"}
    one.passes(days=14, hours=15)
    assert one.today == date(2026, 12, 10)
    # Closed, and not counted yet: what was sent in the last second is on its way.
    assert read(by="department") == asked | {"by": "department", "open": False}
    assert one.sqs.messages == []
    one.passes(minutes=15)
    one.counts()
    stress = {
        "id": "stress",
        "text": "这个月,工作压力在您能应对的范围内吗?",
        "answers": 7,
        # 1 + 2 + 3 + 4 + 5 + 1 + 2, of 7
        "mean": 2.57,
        "distribution": [2, 2, 1, 1, 1],
    }
    closed = asked | {"open": False, "made_at": "2026-12-09T16:15:00Z", "questions": [stress]}
    assert read() == closed
    # Five answers in operations would be enough, and would leave two.
    assert read(by="department") == closed | {
        "by": "department",
        "groups": [
            {"name": "法务", "answered": 2, "questions": []},
            {"name": "运营", "answered": 5, "questions": []},
        ],
    }
    assert read(by="role")["groups"] == [{"name": "sales", "answered": 7, "questions": [stress]}]
    assert WORDS not in json.dumps(read(), ensure_ascii=False)


# --- inviting


def test_f7_a_run_twice_writes_to_nobody_twice_and_to_who_came_since(one: Company) -> None:
    for number in range(3):
        one.employs(f"emp_{number}")
    one.asks()
    one.employs("emp_3")
    one.passes(days=1)
    one.asks()
    assert sorted(to for to, _, _ in one.mail.letters) == [f"emp_{number}@example.com" for number in range(4)]
    # The last day stays what it was.
    assert read() == TOTALS | {"invited": 4}
    one.passes(days=31)
    one.asks()
    assert len(one.mail.letters) == 8


def test_every_message_may_come_twice(one: Company) -> None:
    for number in range(3):
        one.employs(f"emp_{number}")
    invite.handler({}, Context())
    one.delivers(times=2)
    assert len(one.mail.letters) == 3
    assert read()["invited"] == 3


def test_once_the_survey_is_closed_nobody_is_asked(one: Company) -> None:
    one.employs("emp_0")
    one.now = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
    invite.handler({}, Context())
    waiting, one.sqs.messages = one.sqs.messages, []
    one.passes(days=15)
    for body in waiting:
        consumed(body)
    one.delivers()
    one.asks()
    assert one.mail.letters == []


def test_only_who_works_is_asked(one: Company) -> None:
    one.employs("emp_stays", left_on=date(2026, 11, 25))
    one.employs("emp_left", left_on=date(2026, 11, 24))
    one.employs("emp_to_come", starts_on=date(2026, 11, 26))
    one.cards.replace(None, "emp_gone", NOTHING_TOLD)
    one.asks()
    assert [to for to, _, _ in one.mail.letters] == ["emp_stays@example.com"]


def test_who_was_hired_is_written_to_as_a_candidate_was(one: Company) -> None:
    said = {"external_id": "1", "name": "Mei", "email": "mei@example.com", "locale": "en"}
    source = Source(SourceKind.INTERVIEW, "aiview/itv-1", one.now)
    told = Told({ContactField.NAME: "Mei", ContactField.EMAIL: "mei@example.com"})
    mei = Candidate.model_validate(said)
    one.people.record("cand_1", mei, told, Identity("cand_1"), source, new=True, now=one.now)
    one.employs("emp_1", candidate_id="cand_1", email=None, locale=None)
    one.employs("emp_2", candidate_id="cand_erased", email="two@example.com", locale=None)
    one.asks()
    assert sorted((to, subject[:8]) for to, subject, _ in one.mail.letters) == [
        ("mei@example.com", "Employee"),
        ("two@example.com", "2026 年 1"),
    ]
    assert '<html lang="en">' in opened(one.survey_links.url(invitation_of("emp_1")).rpartition("/")[2])[1]


def test_who_cannot_be_reached_is_counted_and_logged_without_a_name(one: Company) -> None:
    one.employs("emp_0")
    one.employs("emp_1", email=None)
    one.employs("emp_2", email=None)
    with logged() as log:
        one.asks()
    assert (read()["invited"], read()["without_address"]) == (1, 2)
    counted = [line["without_address"] for line in log.lines("without_address") if "without_address" in line]
    assert sum(counted) == 2
    assert not [text for text in ("周晓", "example.com", one.link("emp_0")) if text in log.text]


def test_an_address_that_is_refused_keeps_no_other_waiting(one: Company) -> None:
    one.wired.pressure.cards = Cards(one.table, 1)
    for number in range(3):
        one.employs(f"emp_{number}")
    one.mail.refuses = {"emp_1@example.com"}
    invite.handler({}, Context())
    (shard,) = one.sqs.messages
    assert consumed(shard) == []
    part = one.sqs.messages[-1]
    assert consumed(part) == [{"itemIdentifier": "m-1"}]
    assert read()["invited"] == 2
    one.mail.refuses = set()
    assert consumed(part) == []
    assert sorted(to for to, _, _ in one.mail.letters) == [f"emp_{number}@example.com" for number in range(3)]
    assert read()["invited"] == 3


@pytest.mark.parametrize(
    ("fails", "parked"),
    [
        (VendorUnavailable("sms", "the circuit is open"), False),
        (VendorRefusal("sms", "answered isv.OUT_OF_SERVICE"), True),
    ],
)
def test_a_carrier_that_fails_keeps_no_other_waiting(one: Company, fails: Exception, parked: bool) -> None:
    one.wired.pressure.cards = Cards(one.table, 1)
    words = DOCUMENTS[NOTICE_TEMPLATE, "survey_invitation"].content
    content = {**words, "sms": {"zh-CN": "请填写问卷:{{ url }}", "en": "The survey: {{ url }}"}}
    one.configurations.put(NOTICE_TEMPLATE, "survey_invitation", content, actor="test", now=one.now)
    one.passes(minutes=2)
    carrier = Carrier(fails)
    one.wired.letters.correspondence = Correspondence(
        one.wired.letters.notices, one.configurations, cast(Any, one.mail), lambda: carrier
    )
    queue = Parking()
    one.wired.queue = cast(Any, queue)
    one.employs("emp_0")
    for number in (1, 2):
        one.employs(f"emp_{number}", email=None, phone=f"1380000000{number}")
    one.employs("emp_3")
    invite.handler({}, Context())
    (shard,) = one.sqs.messages
    assert consumed(shard) == []
    part = one.sqs.messages[-1]
    assert (consumed(part) == [], len(queue.parked)) == (parked, int(parked))
    assert sorted(to for to, _, _ in one.mail.letters) == ["emp_0@example.com", "emp_3@example.com"]
    assert read()["invited"] == 2
    carrier.fails = None
    one.passes(minutes=11)
    assert consumed(part) == []
    assert sorted(message.addressee for message in carrier.messages) == ["emp_1", "emp_2"]
    assert len(one.mail.letters) == 2


def test_a_large_shard_is_cut_into_parts(one: Company) -> None:
    one.wired.pressure.cards = Cards(one.table, 1)
    for number in range(letters.AT_ONCE + 1):
        one.cards.replace(None, f"emp_{number:03}", NOTHING_TOLD)
    invite.handler({}, Context())
    (shard,) = one.sqs.messages
    one.sqs.messages = []
    assert consumed(shard) == []
    sizes = [len(json.loads(body)["employee_ids"]) for body in one.sqs.messages]
    assert sizes == [letters.AT_ONCE, 1]
