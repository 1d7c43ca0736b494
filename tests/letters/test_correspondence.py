"""A letter is sent once, or HR is told once that it does not arrive, whoever dies or repeats in between."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from functions.letters import mail_events
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.kernel.events import EventName, SubjectKind
from rencai.letters.addressee import Addressee
from rencai.letters.correspondence import Correspondence
from rencai.letters.notices import LEASE, Claim, Notices, notice_key, tags_of
from rencai.letters.sms import NotTaken, ShortMessage
from rencai.letters.wording import Undeliverable
from rencai.platform.consumer import Retry
from rencai.platform.mail import Refused, Unanswered
from rencai.store.table import Table, from_events
from tests.builders import NOW
from tests.shipped import ShippedConfigurations

WHO = Addressee("cand_01ABC", "zhou.xiao@example.com", "zh-CN")
ABOUT = "itv-周-1"
LETTER = f"talent_pool#{ABOUT}"
VALUES = {"name": "周晓", "role": "销售", "location": "上海"}
TAGS = tags_of(WHO.id, LETTER)


@dataclass
class FakeMail:
    """Letters sent, by their tags. ``fails`` is raised instead of sending, ``dies`` after it."""

    letters: list[Mapping[str, str]] = field(default_factory=list)
    fails: Exception | None = None
    dies: Exception | None = None

    def send(self, to: str, subject: str, html: str, reference: str, tags: Mapping[str, str]) -> str:
        if self.fails:
            raise self.fails
        self.letters.append(tags)
        if self.dies:
            raise self.dies
        return f"msg-{len(self.letters)}"


@dataclass
class FakeSms:
    """Messages sent. ``fails`` is raised instead of sending, ``dies`` after it."""

    messages: list[ShortMessage] = field(default_factory=list)
    fails: Exception | None = None
    dies: BaseException | None = None

    def send(self, message: ShortMessage) -> str:
        if self.fails:
            raise self.fails
        self.messages.append(message)
        if self.dies:
            raise self.dies
        return f"sms-{len(self.messages)}"


class Died(BaseException):
    """The process ended."""


@dataclass
class Office:
    """Who writes, and what they use."""

    table: Table
    mail: FakeMail = field(default_factory=FakeMail)
    sms: FakeSms | None = None

    @property
    def notices(self) -> Notices:
        return Notices(self.table)

    def writes(self, after: timedelta = timedelta(0), who: Addressee = WHO) -> bool:
        correspondence = Correspondence(self.notices, ShippedConfigurations(), self.mail, lambda: self.sms)
        return correspondence.write(who, "talent_pool", ABOUT, VALUES, NOW + after)

    def hears(
        self, kind: str, tags: Mapping[str, str] = TAGS, message_id: str = "msg-1", **more: Any
    ) -> None:
        """SES's own shape, with the parts that we must not keep."""
        event = {
            "eventType": kind,
            "mail": {
                "timestamp": NOW.isoformat(),
                "source": "hr@example.com",
                "messageId": message_id,
                "destination": [WHO.email],
                "commonHeaders": {"to": [WHO.email], "subject": "关于您的面试"},
                "tags": {"ses:configuration-set": ["rencai-test"]}
                | {name: [value] for name, value in tags.items()},
            },
            kind.lower(): more,
        }
        mail_events.hear(json.dumps(event), notices=self.notices, now=NOW)

    @property
    def kept(self) -> dict[str, Any]:
        return self.table.get(notice_key(WHO.id, LETTER)) or {}

    @property
    def told(self) -> list[tuple[EventName, Mapping[str, Any]]]:
        events = self.kept.get("events")
        return [(event.name, event.data) for event in from_events(events)] if events else []


@pytest.fixture
def office(dynamodb: Any) -> Office:
    return Office(Table(dynamodb, "rencai-test"))


def undeliverable(reason: str) -> list[tuple[EventName, Mapping[str, Any]]]:
    return [(EventName.NOTICE_UNDELIVERABLE, {"letter": "talent_pool", "reason": reason})]


def test_a_letter_is_sent_once(office: Office) -> None:
    assert [office.writes(), office.writes(timedelta(days=1))] == [True, True]
    assert office.mail.letters == [TAGS]
    assert (office.kept["message_id"], office.told) == ("msg-1", [])


def test_tags_say_nothing_personal_and_hold_only_what_a_tag_may() -> None:
    assert TAGS["addressee"] == WHO.id
    assert TAGS["template"] == "talent_pool"
    assert all(value.isascii() and set(value) <= set(value) - set("#@ ") for value in TAGS.values())
    assert tags_of(WHO.id, "talent_pool#" + "长" * 128)["letter"] != TAGS["letter"]


def test_a_letter_that_is_refused_for_good_is_told_to_hr_once_and_not_tried_again(office: Office) -> None:
    office.mail.fails = Refused("SES answered MessageRejected")
    assert office.writes() is False
    assert office.told == undeliverable("refused")
    office.mail.fails = None
    told = office.kept["told_at"]
    assert office.writes(timedelta(days=1)) is False
    assert (office.mail.letters, office.kept["told_at"]) == ([], told)


def test_who_has_no_address_is_told_to_hr_once(office: Office) -> None:
    nobody = Addressee(WHO.id, None, "zh-CN")
    assert [office.writes(who=nobody), office.writes(timedelta(days=1), nobody)] == [False, False]
    assert office.told == undeliverable("no_address")
    assert office.kept["told_at"].startswith(NOW.date().isoformat())


def test_a_letter_that_was_sent_stays_sent_when_the_address_is_gone(office: Office) -> None:
    office.writes()
    office.writes(timedelta(days=1), Addressee(WHO.id, None, "zh-CN"))
    assert office.told == []


def test_what_was_not_taken_now_is_sent_by_the_next_try(office: Office) -> None:
    office.mail.fails = Retry("SES answered TooManyRequestsException")
    with pytest.raises(Retry):
        office.writes()
    office.mail.fails = None
    assert office.writes(timedelta(seconds=5)) is True
    assert len(office.mail.letters) == 1


@pytest.mark.parametrize("dies", [Died(), Unanswered("SES: ReadTimeoutError")], ids=["died", "no answer"])
def test_a_letter_sent_but_not_marked_is_found_and_not_sent_twice(
    office: Office, dies: BaseException
) -> None:
    office.mail.dies = dies  # type: ignore[assignment]
    with pytest.raises(type(dies)):
        office.writes()
    office.mail.dies = None
    # While it may be on its way nobody sends it again.
    with pytest.raises(Retry, match="another delivery"):
        office.writes(LEASE - timedelta(seconds=1))
    office.hears("Send")
    assert office.writes(LEASE + timedelta(seconds=1)) is True
    assert (len(office.mail.letters), office.kept["message_id"]) == (1, "msg-1")


def test_what_died_before_it_was_sent_is_sent_when_nothing_was_heard_of_it(office: Office) -> None:
    office.mail.fails = Died()  # type: ignore[assignment]
    with pytest.raises(Died):
        office.writes()
    office.mail.fails = None
    assert office.writes(LEASE + timedelta(seconds=1)) is True
    assert len(office.mail.letters) == 1


@pytest.mark.parametrize(
    ("kind", "reason"), [("Bounce", "bounced"), ("Complaint", "complained"), ("Reject", "rejected")]
)
def test_a_letter_that_does_not_arrive_is_told_to_hr_once(office: Office, kind: str, reason: str) -> None:
    office.writes()
    office.hears("Send")
    office.hears(kind, bounceType="Permanent", bouncedRecipients=[{"emailAddress": WHO.email}])
    assert office.told == undeliverable(reason)
    once = office.kept
    office.hears(kind)
    office.hears("Complaint")
    assert office.kept == once
    assert str(WHO.email) not in json.dumps(office.kept, default=str)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("Bounce", {"bounceType": "Transient", "bounceSubType": "General"}),
        ("Complaint", {"complaintFeedbackType": "not-spam"}),
    ],
)
def test_who_is_out_of_the_office_or_takes_it_out_of_the_spam_got_the_letter(
    office: Office, kind: str, more: Any
) -> None:
    assert office.notices.claim(WHO.id, LETTER, NOW) is Claim.YOURS
    office.hears(kind, **more)
    assert (office.told, office.kept["message_id"]) == ([], "msg-1")
    assert office.notices.claim(WHO.id, LETTER, NOW + timedelta(days=1)) is Claim.SENT


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        ("Bounce", {"bounceType": "Transient", "bounceSubType": "MailboxFull"}, "bounced"),
        ("Bounce", {"bounceType": "Undetermined", "bounceSubType": "Undetermined"}, "bounced"),
        ("Bounce", {"bounceType": "Permanent", "bounceSubType": "General"}, "bounced"),
        ("Bounce", {"bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList"}, "bounced"),
        ("Complaint", {"complaintFeedbackType": "abuse"}, "complained"),
        ("Complaint", {"complaintFeedbackType": None}, "complained"),
    ],
)
def test_every_other_bounce_and_complaint_is_told(office: Office, kind: str, more: Any, reason: str) -> None:
    office.writes()
    office.hears(kind, **more)
    assert office.told == undeliverable(reason)


@pytest.mark.parametrize(
    "order", [("Bounce", "Send", None), ("Send", "Bounce", None), ("Bounce", None, "Send")]
)
def test_events_in_any_order_come_to_the_same(office: Office, order: tuple[str | None, ...]) -> None:
    """None is our own mark."""
    assert office.notices.claim(WHO.id, LETTER, NOW) is Claim.YOURS
    for event in order:
        if event:
            office.hears(event)
        else:
            office.notices.sent(WHO.id, LETTER, "msg-1", NOW)
    kept = office.kept
    assert (kept["undeliverable"], kept["message_id"]) == ("bounced", "msg-1")
    assert "lease_until" not in kept
    assert office.writes(timedelta(days=1)) is False
    assert office.mail.letters == []


def test_a_late_word_of_a_letter_is_not_lost_to_a_try_that_was_refused_meanwhile(office: Office) -> None:
    office.notices.claim(WHO.id, LETTER, NOW)
    office.hears("Send")
    office.notices.release(WHO.id, LETTER, NOW)
    assert office.notices.claim(WHO.id, LETTER, NOW + timedelta(days=1)) is Claim.SENT


def test_when_a_letter_was_sent_is_what_was_heard_first(office: Office) -> None:
    """A letter that was sent twice all the same is told of twice."""
    office.notices.claim(WHO.id, LETTER, NOW)
    office.notices.sent(WHO.id, LETTER, "msg-1", NOW - timedelta(minutes=3))
    first = office.kept
    office.hears("Send", message_id="msg-2")
    assert office.kept == first


def test_word_of_letters_that_are_not_ours_changes_nothing(office: Office) -> None:
    for tags in ({}, {"addressee": WHO.id}, {**TAGS, "letter": "0" * 32}, {**TAGS, "addressee": "emp_01ABC"}):
        office.hears("Send", tags)
        office.hears("Bounce", tags)
    assert office.kept == {}


def test_one_letter_of_many_is_found(office: Office) -> None:
    for number in range(130):
        office.notices.claim(WHO.id, f"talent_pool#{number:03}", NOW)
    office.hears("Send", tags_of(WHO.id, "talent_pool#007"))
    assert office.notices.claim(WHO.id, "talent_pool#007", NOW + timedelta(days=1)) is Claim.SENT
    assert office.notices.claim(WHO.id, "talent_pool#008", NOW + timedelta(days=1)) is Claim.YOURS


def test_deliveries_and_the_greeting_of_a_new_destination_are_nothing_to_do(office: Office) -> None:
    office.hears("Delivery")
    mail_events.hear(
        "Successfully validated SNS topic for Amazon SES event publishing.", notices=office.notices, now=NOW
    )
    assert office.kept == {}


@pytest.mark.parametrize(
    "body", ["", "no JSON", "[]", "{}", '{"eventType": "Send"}', '{"eventType": "Send", "mail": 1}']
)
def test_what_cannot_be_read_is_put_aside(office: Office, body: str) -> None:
    with pytest.raises(VendorRefusal, match="an event that cannot be read"):
        mail_events.hear(body, notices=office.notices, now=NOW)


def test_an_employees_letter_is_told_of_the_employee(office: Office) -> None:
    from functions.relay.relay import subject_of

    key = notice_key("emp_01ABC", "survey_invitation#2026-11")
    office.notices.undeliverable("emp_01ABC", "survey_invitation#2026-11", Undeliverable.NO_ADDRESS, NOW)
    (event,) = from_events((office.table.get(key) or {})["events"])
    assert (event.data["letter"], subject_of(key.pk, key.sk).kind) == (
        "survey_invitation",
        SubjectKind.EMPLOYEE,
    )


# --- as a text message -----------------------------------------------------------------------------------------------

PHONE_ALONE = Addressee(WHO.id, None, "zh-CN", "+8613800000001")
BOTH = Addressee(WHO.id, WHO.email, "zh-CN", "+8613800000001")


@pytest.fixture
def carried(office: Office) -> Office:
    office.sms = FakeSms()
    return office


def messages(office: Office) -> list[ShortMessage]:
    assert office.sms
    return office.sms.messages


def test_who_has_no_address_gets_a_text_message_once(carried: Office) -> None:
    assert [carried.writes(who=PHONE_ALONE), carried.writes(timedelta(days=1), PHONE_ALONE)] == [True, True]
    (message,) = messages(carried)
    assert (message.addressee, message.to, message.letter, message.language) == (
        WHO.id,
        "+8613800000001",
        "talent_pool",
        "zh-CN",
    )
    assert message.text.startswith("周晓,您好!感谢您应聘上海的销售岗位。")
    assert "周晓" not in repr(message)
    assert "138" not in repr(message)
    assert (carried.kept["message_id"], carried.told) == ("sms-1", [])


@pytest.mark.parametrize(
    ("locale", "language"), [("zh", "zh-CN"), ("zh-Hant-HK", "zh-CN"), ("en-GB", "en"), ("fr", "en")]
)
def test_a_message_says_which_of_the_two_languages_it_is_in(
    carried: Office, locale: str, language: str
) -> None:
    """Carriers' templates are approved in these two; nobody's is called ``en-GB``."""
    assert carried.writes(who=Addressee(WHO.id, None, locale, "+8613800000001")) is True
    (message,) = messages(carried)
    assert (message.language, "您好" in message.text) == (language, language == "zh-CN")


def test_who_has_an_address_gets_no_message_beside_the_letter(carried: Office) -> None:
    assert carried.writes(who=BOTH) is True
    assert (len(carried.mail.letters), messages(carried)) == (1, [])


def test_where_the_mail_service_refuses_for_good_a_message_is_sent(carried: Office) -> None:
    carried.mail.fails = Refused("SES answered MessageRejected")
    assert carried.writes(who=BOTH) is True
    assert (len(messages(carried)), carried.told) == (1, [])


@pytest.mark.parametrize("who", [PHONE_ALONE, BOTH])
def test_where_neither_takes_it_hr_is_told_once(carried: Office, who: Addressee) -> None:
    assert carried.sms
    carried.mail.fails = Refused("SES answered MessageRejected")
    carried.sms.fails = NotTaken("sms: answered isv.MOBILE_NUMBER_ILLEGAL")
    assert [carried.writes(who=who), carried.writes(timedelta(days=1), who)] == [False, False]
    assert carried.told == undeliverable("sms_refused")


def test_without_a_carrier_a_phone_alone_is_no_way(office: Office) -> None:
    assert office.writes(who=PHONE_ALONE) is False
    assert office.told == undeliverable("no_address")


def test_a_carrier_that_does_not_answer_is_asked_again_once_the_claim_is_over(carried: Office) -> None:
    assert carried.sms
    carried.sms.fails = VendorUnavailable("sms", "ReadTimeoutError")
    with pytest.raises(VendorUnavailable):
        carried.writes(who=PHONE_ALONE)
    carried.sms.fails = None
    # It may have taken the message.
    with pytest.raises(Retry):
        carried.writes(timedelta(minutes=1), PHONE_ALONE)
    assert carried.writes(LEASE + timedelta(seconds=1), PHONE_ALONE) is True
    assert (len(messages(carried)), carried.told) == (1, [])


def test_who_dies_after_the_message_was_taken_asks_for_the_same_one_again(carried: Office) -> None:
    assert carried.sms
    carried.sms.dies = Died()
    with pytest.raises(Died):
        carried.writes(who=PHONE_ALONE)
    carried.sms.dies = None
    assert carried.writes(LEASE + timedelta(seconds=1), PHONE_ALONE) is True
    # A carrier with idempotency keys sends it once.
    assert len({message.reference for message in messages(carried)}) == 1


def test_an_account_that_is_at_fault_is_nobodys_letter_lost(carried: Office) -> None:
    assert carried.sms
    carried.sms.fails = VendorRefusal("sms", "answered isv.OUT_OF_SERVICE")
    with pytest.raises(VendorRefusal):
        carried.writes(who=PHONE_ALONE)
    assert carried.told == []


def test_a_letter_without_words_for_a_message_reaches_nobody_by_phone(carried: Office) -> None:
    correspondence = Correspondence(
        carried.notices, ShippedConfigurations(), carried.mail, lambda: carried.sms
    )
    assert not correspondence.reaches(PHONE_ALONE, "survey_invitation")
    assert correspondence.reaches(BOTH, "survey_invitation")
    assert correspondence.reaches(PHONE_ALONE, "onboarding")
