"""Ids: prefixed by kind, derived from what they stand for."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rencai.kernel import ids

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ULID = r"[0-9A-HJKMNP-TV-Z]{26}"


def test_an_id_is_the_same_on_every_machine() -> None:
    """Worked out apart from the code; a change here orphans what is stored."""
    assert (ids.candidate_id("aiview", "ats-1001"), ids.delivery_id("esign", "msg_1")) == (
        "cand_7Z0717V3KVSZ46D65KY3XYD9Q5",
        "dlv_0AVTW15SM5PGVRDW7Z49V2XCMF",
    )


@given(words, words)
def test_ids_are_prefixed_and_shaped_like_ulids(one: str, other: str) -> None:
    assert re.fullmatch(f"cand_{ULID}", ids.candidate_id(one, other))
    assert re.fullmatch(f"dlv_{ULID}", ids.delivery_id(one, other))
    assert ids.candidate_id(one, other) == ids.candidate_id(one, other)
    assert ids.candidate_id(one, other)[5:] != ids.delivery_id(one, other)[4:]


@given(st.tuples(words, words), st.tuples(words, words))
def test_different_people_have_different_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    assume(one != other)
    assert ids.candidate_id(*one) != ids.candidate_id(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("", "abc"), ("abc", "")),
        (("a:1", "b"), ("a", "1:b")),
        (("a", "1:b1:c"), ("a1:b", "1:c")),
        (("张", "三"), ("张三", "")),
        (("Ａ", "b"), ("A", "b")),
    ],
)
def test_where_a_name_ends_matters(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert ids.candidate_id(*one) != ids.candidate_id(*other)
    assert ids.delivery_id(*one) != ids.delivery_id(*other)


@given(words, words)
def test_a_candidates_other_ids_lead_back(vendor: str, external_id: str) -> None:
    candidate = ids.candidate_id(vendor, external_id)
    offer, employee = ids.offer_id(candidate), ids.employee_id(candidate)
    assert re.fullmatch(f"off_{ULID}", offer)
    assert re.fullmatch(f"emp_{ULID}", employee)
    assert [ids.candidate_of(one) for one in (offer, employee, candidate)] == [candidate] * 3


moments = st.timedeltas(timedelta(0), timedelta(days=29_000)).map(
    lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since
)


@given(moments, st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)), words)
def test_upload_ids_sort_by_time(at: datetime, later: timedelta, name: str) -> None:
    first, second = ids.upload_id(at, name), ids.upload_id(at + later, name)
    assert re.fullmatch(f"upl_{ULID}", first)
    assert first[4:14] <= second[4:14]
    assert first == ids.upload_id(at, name)


def test_uploads_of_one_moment_differ_by_what_they_are() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert ids.upload_id(at, "a.jsonl", "v1") != ids.upload_id(at, "a.jsonl", "v2")
    assert ids.upload_id(at, "ab", "c") != ids.upload_id(at, "a", "bc")


def test_event_ids_name_the_write() -> None:
    assert ids.event_id("cand_01ABC", 3, 1) == "evt_01ABC_3_1"
    assert ids.event_id("cand_01ABC", 31, 0) != ids.event_id("cand_01ABC", 3, 10)
