"""Ids: prefixed by kind, derived from what they stand for, and telling nobody what that is."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rencai.kernel import ids
from rencai.kernel.ids import Ids
from tests.keyed import ID_SECRET, IDS

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ULID = r"[0-9A-HJKMNP-TV-Z]{26}"
AT = datetime(2026, 3, 2, tzinfo=UTC)
OTHERS = Ids(lambda: b"another tenant's secret, and as long")

MADE: dict[str, Callable[[Ids], str]] = {
    "candidate": lambda one: one.candidate_id("aiview", "ats-1001"),
    "employee": lambda one: one.employee_of_number("10086"),
    "application": lambda one: one.application_id("ats", "app-1"),
    "delivery": lambda one: one.delivery_id("esign", "msg_1"),
    "arrival": lambda one: one.arrival_id("esign", "request-1"),
    "note": lambda one: one.note_id("wrn_1", "3", "hr:1", "家里有事"),
    "mark": lambda one: one.mark_id("cand_01ABC", "request-1"),
    "import": lambda one: one.import_id(AT, "client#key"),
    "upload": lambda one: one.upload_id(AT, "interviews/裁员名单.jsonl", "v1"),
    "name": lambda one: one.name_digest("沟通能力"),
    "request": lambda one: one.request_digest("hr:1", "key-1"),
    "digest": lambda one: one.digest("review", "enr_1", "谈判技巧有明显提升"),
}
"""Whatever is made of words from outside."""


def test_an_id_is_the_same_on_every_machine() -> None:
    """Worked out apart from the code; a change here orphans what is stored."""
    known = Ids(lambda: b"0123456789abcdef0123456789abcdef")
    assert (known.candidate_id("aiview", "ats-1001"), known.delivery_id("esign", "msg_1")) == (
        "cand_1ZBAVJ5BT57S1JSN5KJ0PP4E0W",
        "dlv_2DRKWP00AQRRPAKSC5R45PE7DR",
    )


def test_every_maker_is_looked_at() -> None:
    public = {name for name in vars(Ids) if not name.startswith("_")}
    assert len(public) == len(MADE)


@pytest.mark.parametrize("what", MADE)
def test_what_an_id_is_made_of_cannot_be_found_by_trying(what: str) -> None:
    """An employee number was found in 0.7 s: whoever tries has the words, and not the secret."""
    made = MADE[what]
    assert made(IDS) == made(Ids(ID_SECRET.encode))
    # The part of an import's or an upload's id that is the time tells when, and no more.
    assert made(IDS)[-16:] != made(OTHERS)[-16:]


@pytest.mark.parametrize("secret", [b"", b"short", b"x" * 31])
def test_nothing_is_made_under_what_is_no_secret(secret: bytes) -> None:
    """Nor is anything of it in the error."""
    with pytest.raises(ValueError, match="less than 32 bytes") as refused:
        Ids(lambda: secret).candidate_id("aiview", "ats-1001")
    assert not secret or secret.decode() not in str(refused.value)


def test_the_secret_is_asked_for_when_the_first_id_is_made_and_never_again() -> None:
    asked: list[bytes] = []

    def secret() -> bytes:
        asked.append(b"0123456789abcdef0123456789abcdef")
        return asked[-1]

    one = Ids(secret)
    assert not asked
    for _ in range(3):
        one.candidate_id("aiview", "ats-1001")
    assert len(asked) == 1


def test_a_secret_that_could_not_be_read_is_asked_for_again() -> None:
    answers = iter([b"", b"0123456789abcdef0123456789abcdef"])
    one = Ids(lambda: next(answers))
    with pytest.raises(ValueError, match="bytes"):
        one.candidate_id("aiview", "ats-1001")
    assert one.candidate_id("aiview", "ats-1001") == "cand_1ZBAVJ5BT57S1JSN5KJ0PP4E0W"


@given(words, words)
def test_ids_are_prefixed_and_shaped_like_ulids(one: str, other: str) -> None:
    assert re.fullmatch(f"cand_{ULID}", IDS.candidate_id(one, other))
    assert re.fullmatch(f"dlv_{ULID}", IDS.delivery_id(one, other))
    assert IDS.candidate_id(one, other) == IDS.candidate_id(one, other)
    assert IDS.candidate_id(one, other)[5:] != IDS.delivery_id(one, other)[4:]


@given(st.tuples(words, words), st.tuples(words, words))
def test_different_people_have_different_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    assume(one != other)
    assert IDS.candidate_id(*one) != IDS.candidate_id(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("", "abc"), ("abc", "")),
        (("a:1", "b"), ("a", "1:b")),
        (("a", "1:b1:c"), ("a1:b", "1:c")),
        (("张", "三"), ("张三", "")),
        (("Ａ", "b"), ("A", "b")),
        (("\ud800", "b"), ("\ud801", "b")),
    ],
)
def test_where_a_name_ends_matters(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert IDS.candidate_id(*one) != IDS.candidate_id(*other)
    assert IDS.delivery_id(*one) != IDS.delivery_id(*other)


def test_the_kind_of_what_was_said_matters_and_bytes_are_what_they_are_as_text() -> None:
    assert IDS.digest("body", "x") != IDS.digest("review", "x")
    assert IDS.digest("body", "张") == IDS.digest("body", "张".encode())


@given(words, words)
def test_a_candidates_other_ids_lead_back(vendor: str, external_id: str) -> None:
    candidate = IDS.candidate_id(vendor, external_id)
    offer, employee = ids.offer_id(candidate), ids.employee_id(candidate)
    assert re.fullmatch(f"off_{ULID}", offer)
    assert re.fullmatch(f"emp_{ULID}", employee)
    assert [ids.candidate_of(one) for one in (offer, employee, candidate)] == [candidate] * 3


moments = st.timedeltas(timedelta(0), timedelta(days=29_000)).map(
    lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since
)


@given(moments, st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)), words)
def test_upload_ids_sort_by_time(at: datetime, later: timedelta, name: str) -> None:
    first, second = IDS.upload_id(at, name), IDS.upload_id(at + later, name)
    assert re.fullmatch(f"upl_{ULID}", first)
    assert first[4:14] <= second[4:14]
    assert first == IDS.upload_id(at, name)


def test_uploads_of_one_moment_differ_by_what_they_are() -> None:
    assert IDS.upload_id(AT, "a.jsonl", "v1") != IDS.upload_id(AT, "a.jsonl", "v2")
    assert IDS.upload_id(AT, "ab", "c") != IDS.upload_id(AT, "a", "bc")


def test_a_name_is_the_same_whatever_its_case_and_white_space() -> None:
    assert IDS.name_digest(" Negotiation  basics") == IDS.name_digest("negotiation Basics")


def test_event_ids_name_the_write() -> None:
    assert ids.event_id("cand_01ABC", 3, 1) == "evt_01ABC_3_1"
    assert ids.event_id("cand_01ABC", 31, 0) != ids.event_id("cand_01ABC", 3, 10)
