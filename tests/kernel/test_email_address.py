"""E-mail addresses of people: what nobody sees in them is dropped, and what makes two of one is refused, at every door
they come in by.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rencai.inbox.dialect import NotInContract
from rencai.inbox.facts import NotActedOn
from rencai.interviews.rules.facts import InterviewCompleted
from rencai.interviews.rules.interview import Interview, content_digest
from rencai.kernel.email_address import Email, ToldEmail
from rencai.kernel.seen import visible
from rencai.kernel.wording import field_errors
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.rows import ImportRow, Person
from rencai.people.rules.application import Application
from rencai.people.rules.contact import usable
from rencai.people.rules.facts import ApplicationUpdated
from rencai.people.rules.identity import Contact, normalised_email
from rencai.vendors.dialects import greenhouse, standard_webhooks
from tests.builders import encoded, result
from tests.migration.import_rows import PEOPLE, row

ADDRESS: Final = "zhou.xiao@example.com"
CF: Final = tuple(
    character for character in map(chr, range(0x110000)) if unicodedata.category(character) == "Cf"
)
UNSEEN: Final = (*CF, "\u034f", "\u115f", "\u3164", "\ufe0f", "\uffa0", "\U000e0100")
"""The last six are of other categories, and no more to be seen."""


class Refused(Exception):
    """What a door says of an address: where, and which rule."""


# --- the doors ------------------------------------------------------------------------------------------------------


def _interview_document(address: str) -> dict[str, Any]:
    document = result()
    document["candidate"]["email"] = address
    return document


def _refused(error: ValidationError) -> Refused:
    found = [(".".join(map(str, one["loc"])), one["type"]) for one in error.errors(include_url=False)]
    return Refused(*found)


def handed_in(address: str) -> str | None:
    """``POST /interviews``, and a line of an upload."""
    try:
        return Interview.model_validate_json(encoded(_interview_document(address))).candidate.email
    except ValidationError as error:
        raise _refused(error) from None


def _delivered(type_: str, vendor: str, data: Mapping[str, Any]) -> Any:
    body = {"type": type_, "timestamp": "2026-03-02T01:00:00Z", "data": data}
    try:
        (fact,) = standard_webhooks.parse(vendor, json.dumps(body).encode())
    except NotInContract as error:
        raise Refused(str(error)) from None
    return fact


def interview_webhook(address: str) -> str | None:
    fact = _delivered("interview.completed", "interview", _interview_document(address))
    assert isinstance(fact, InterviewCompleted)
    return fact.interview.candidate.email


def ats_webhook(address: str) -> str | None:
    fact = _delivered("application.updated", "ats", {"external_id": "1", "candidate": {"email": address}})
    assert isinstance(fact, ApplicationUpdated)
    return fact.application.email


def ats_pull(address: str) -> str | None:
    try:
        return Application.model_validate({"external_id": "1", "email": address}).email
    except ValidationError as error:
        raise _refused(error) from None


def greenhouse_webhook(address: str) -> str | None:
    """The pull from Greenhouse is read by it too."""
    candidate = {"email_addresses": [{"value": address, "type": "personal"}]}
    body = {"action": "application_updated", "payload": {"application": {"id": 1, "candidate": candidate}}}
    try:
        (fact,) = greenhouse.parse("ats", json.dumps(body).encode())
    except NotInContract as error:
        raise Refused(str(error)) from None
    assert not isinstance(fact, NotActedOn)
    assert isinstance(fact, ApplicationUpdated)
    return fact.application.email


def cell(address: str) -> str | None:
    """A file of employees."""
    read = row(ImportKind.PEOPLE, PEOPLE, "1", "甲", "销售", "深圳", "2026-03-02", "", address)
    if isinstance(read, ImportRow):
        assert isinstance(read.record, Person)
        return read.record.email
    assert read is not None
    raise Refused(*((error.field, error.rule) for error in read))


DOORS: Final[Mapping[str, Callable[[str], str | None]]] = {
    one.__name__: one
    for one in (handed_in, interview_webhook, ats_webhook, ats_pull, greenhouse_webhook, cell)
}
every_door = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)


@every_door
@pytest.mark.parametrize("address", [ADDRESS, "o'brien+tag@mail.example.com", "张三@例子.公司"])
def test_an_address_is_kept_as_it_is(door: Callable[[str], str | None], address: str) -> None:
    assert door(address) == address


@every_door
@pytest.mark.parametrize("unseen", ["\u200b", "\u200f", "\u202e", "\u2060", "\ufeff", "\xad", "\ufe0f"])
@pytest.mark.parametrize("at", [0, 4, len(ADDRESS)])
def test_what_nobody_sees_is_dropped(door: Callable[[str], str | None], unseen: str, at: int) -> None:
    assert door(ADDRESS[:at] + unseen + ADDRESS[at:]) == ADDRESS


@every_door
@pytest.mark.parametrize(
    "address",
    [
        "a@b.cn,c@d.cn",
        "a,b@c.cn",
        "a@b,c.cn",
        "a;b@c.cn",
        "a\uff0cb@c.cn",  # full-width, which mail software may take for the other
        "a、b@c.cn",
        "a\uff1bb@c.cn",
        "a@b\uff20c.cn",
        "a@b@c.cn",
        "a b@c.cn",
        "a\tb@c.cn",
        "a\xa0b@c.cn",
        "a\u2028b@c.cn",
        "a\x00b@c.cn",
        "a\x1bb@c.cn",
        "a\x7fb@c.cn",
        "a\x85b@c.cn",
        "a@b.cn\r\nBcc: c@d.cn",
        "a@b.c\nn",
        "a\u200b,b@c.cn",
        "a@b.cn <c@d.cn>",
        "周<a@b.cn",
        "<a@b.cn>周",
        "<a@b.cn><c@d.cn>",
        "邮箱:d@example.com",
        '"a"@b.cn',
        "a(b)@c.cn",
        "a@[192.0.2.1]",
        "a\\@b.cn",
        "group:a@b.cn",
        "=?utf-8?q?a=2Cb?=@c.cn",
    ],
)
def test_what_may_be_read_as_something_else_is_refused(
    door: Callable[[str], str | None], address: str
) -> None:
    with pytest.raises(Refused) as refused:
        door(address)
    assert "email" in str(refused.value)
    assert address not in str(refused.value)


@every_door
@pytest.mark.parametrize(
    "address",
    [
        "d@example..com",
        "d@.example.com",
        "d@-example.com",
        "d@example-.com",
        "d@exam_ple.com",
        "d@example.com/",
        "d@example.com!",
        "d@example.com?subject=x",
    ],
)
def test_no_letter_goes_to_what_is_no_address(door: Callable[[str], str | None], address: str) -> None:
    try:
        read = door(address)
    except Refused:
        assert door in (handed_in, interview_webhook, cell)
    else:
        # An ATS tells what it knows, and would not tell another thing: the applicant is not refused for it.
        assert door in (ats_webhook, ats_pull, greenhouse_webhook)
        assert usable(Contact(email=read)).email is None


# --- of all addresses -----------------------------------------------------------------------------------------------

clean = st.from_regex(
    r"[a-z0-9!#$%&*+./^_`{|}~-][a-z0-9!#$%&'*+./^_`{|}~-]{0,19}@[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{2,6}){1,2}",
    fullmatch=True,
)
tails = st.text(" \t\r\n\xa0\u3000;；,，、。｡.．>＞)）]】》」』\"'”’|", max_size=4)
heads = st.text(" \t\xa0\u3000<＜(（[【《「『\"'“‘", max_size=4)
EMAIL: Final = TypeAdapter[str](Email)
TOLD: Final = TypeAdapter[str](ToldEmail)


@given(clean, st.lists(st.tuples(st.integers(0, 40), st.sampled_from(UNSEEN)), max_size=5))
def test_with_or_without_what_nobody_sees_it_is_one_address(
    address: str, unseen: list[tuple[int, str]]
) -> None:
    written = address
    for at, character in unseen:
        written = written[:at] + character + written[at:]
    assert visible(written) == address
    assert normalised_email(written) == normalised_email(address)
    assert EMAIL.validate_python(written) == TOLD.validate_python(f" {written} ") == address


@given(
    clean,
    st.integers(0, 40),
    st.sampled_from([*map(chr, range(0x21)), *map(chr, range(0x7F, 0xA1)), *',;<>()[]:"\\']),
)
def test_no_character_that_ends_an_address_stands_in_one(address: str, at: int, character: str) -> None:
    at = min(at, len(address))
    written = address[:at] + character + address[at:]
    for door in (EMAIL, TOLD):
        try:
            read = door.validate_python(written)
        except ValidationError:
            continue
        # Of a told one, what is none is as it was told.
        assert (read == address and at in (0, len(address))) or (
            door is TOLD and normalised_email(read) is None
        )


@given(clean, heads, tails, st.sampled_from(["", "mailto:", "MAILTO:"]))
def test_what_stands_around_an_address_is_no_part_of_it(
    address: str, head: str, tail: str, scheme: str
) -> None:
    for door in (EMAIL, TOLD):
        assert door.validate_python(f"{head}{scheme}{address}{tail}") == address


@every_door
@pytest.mark.parametrize(
    "written",
    [
        f"{ADDRESS};",
        f"{ADDRESS}，",
        f"<{ADDRESS}>",
        f"周晓 <{ADDRESS}>",
        f'"周晓" <{ADDRESS}>;',
        f"周晓＜{ADDRESS}＞",
        f"mailto:{ADDRESS}",
        f"Zhou <mailto:{ADDRESS}>",
        f"{ADDRESS}。",
        f"{ADDRESS}.",
        f"({ADDRESS})",
        f"'{ADDRESS}'",
        f"{ADDRESS}; {ADDRESS}",
        ADDRESS.replace("@", "＠"),
        ADDRESS.replace("e.c", "e。c"),
        ADDRESS.replace("zhou", "ｚｈｏｕ"),
        f"\ufeff{ADDRESS}\u200b ;",
    ],
)
def test_an_address_is_read_out_of_what_a_client_wrote(
    door: Callable[[str], str | None], written: str
) -> None:
    assert door(written) == ADDRESS


@given(st.text())
def test_what_is_accepted_is_accepted_again_and_holds_nothing_unseen(text: str) -> None:
    for door in (EMAIL, TOLD):
        try:
            once = door.validate_python(text)
        except ValidationError:
            continue
        assert door.validate_python(once) == once
        assert not set(once) & {*UNSEEN, ",", ";", "\r", "\n", "\0"}
        assert once.count("@") <= 1


@given(clean)
def test_the_digest_of_a_result_is_that_of_the_address_without(address: str) -> None:
    written, seen = (
        Interview.model_validate_json(encoded(_interview_document(one)))
        for one in (f"\u200b{address}\u2060", address)
    )
    assert content_digest(written) == content_digest(seen)


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("zh-CN", "应为一个邮箱地址,例如 zhou@example.com"),
        ("en", "should be one e-mail address, such as zhou@example.com"),
    ],
)
def test_the_refusal_says_what_would_be_right(language: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Interview.model_validate(_interview_document("a,b@c.cn"))
    (found,) = field_errors(refused.value.errors(include_url=False), language)
    assert found.path == "candidate.email"
    assert found.message.startswith(message)


def test_of_several_addresses_in_greenhouse_one_that_nobody_sees_is_none() -> None:
    candidate = {"email_addresses": [{"value": "\u200b", "type": "personal"}, {"value": ADDRESS}]}
    body = {"action": "application_updated", "payload": {"application": {"id": 1, "candidate": candidate}}}
    (fact,) = greenhouse.parse("ats", json.dumps(body).encode())
    assert isinstance(fact, ApplicationUpdated)
    assert fact.application.email == ADDRESS
