"""People from two sources, on moto's table (A6): by what they are recognised, and what of it is kept."""

import pytest

from rencai.people.rules.identity import Contact, IdentifierKind
from rencai.people.store.identities import CROWD, Fingerprints
from rencai.people.store.merges import MergeStatus
from tests.keyed import IDS
from tests.people.tenant import APP, FIRST, LI, NATIONAL_ID, PHONE, SECOND, START, ZHOU, Tenant

# --- fingerprints and identities


def test_fingerprints_differ_by_kind_and_key_and_fit_a_number() -> None:
    one, other = Fingerprints(lambda: b"one"), Fingerprints(lambda: b"other")
    marks = {one.of("phone", "1"), one.of("email", "1"), other.of("phone", "1")}
    assert len(marks) == 3
    assert one.of("phone", "1") in marks
    assert all(len(str(mark)) <= 38 for mark in marks)


def test_the_secret_is_asked_for_once_and_only_when_needed() -> None:
    asked = []

    def key() -> bytes:
        asked.append(1)
        return b"key"

    fingerprints = Fingerprints(key)
    assert asked == []
    fingerprints.of("phone", "1")
    fingerprints.of("phone", "2")
    assert asked == [1]


def test_no_identifier_can_be_read_from_the_table(one: Tenant) -> None:
    one.hand_in({**ZHOU, "national_id": NATIONAL_ID})
    one.applied({**LI, "national_id": NATIONAL_ID})
    entries = [item for item in one.items() if item["pk"].startswith("IDENTITY#")]
    assert len(entries) == 6
    for secret in (*ZHOU.values(), *LI.values(), NATIONAL_ID, "13800000001", "zhou"):
        assert secret not in str(entries)


def test_what_a_crowd_shares_tells_nobody_apart(one: Tenant) -> None:
    """An agency's mailbox on every line of an import must not ask a question a line."""
    for number in range(CROWD + 4):
        person = {"name": f"候选{number}", "email": "agency@example.com", "phone": f"+861390000{number:04d}"}
        one.hand_in(person, interview_id=f"itv-{number}", external_id=str(number))
    asked = {merge.other for merge in one.all_merges()}
    last = [IDS.candidate_id("aiview", str(number)) for number in range(CROWD + 1, CROWD + 4)]
    assert not asked & set(last)
    # The phone still tells: somebody who shares the mailbox as well is not taken for the same because of both.
    same_phone = {"name": "别人", "email": "agency@example.com", "phone": "+8613900000013"}
    other = one.hand_in(same_phone, vendor="other")
    assert other == SECOND
    (question,) = [merge for merge in one.all_merges() if merge.other == SECOND]
    assert question.matched == {PHONE}


@pytest.mark.parametrize("written", ["N/A", "无", "none", "-", "000000", "123456", "123456789", "A123456789"])
def test_a6_a_placeholder_for_a_national_id_makes_nobody_one(one: Tenant, written: str) -> None:
    people = [
        {"name": f"候选{number}", "phone": f"+861390000{number:04d}", "national_id": written}
        for number in range(15)
    ]
    for number, person in enumerate(people):
        one.hand_in(person, interview_id=f"itv-{number}", external_id=str(number))
    assert one.candidates() == {IDS.candidate_id("aiview", str(number)) for number in range(15)}
    assert one.all_merges() == []


def test_a6_a_national_id_that_a_crowd_has_given_tells_nobody_apart(one: Tenant) -> None:
    """A placeholder that passes for a genuine one: the first few are questions, and it ends there."""
    count = CROWD + 5
    for number in range(count):
        person = {
            "name": f"候选{number}",
            "phone": f"+861390000{number:04d}",
            "national_id": NATIONAL_ID,
        }
        one.hand_in(person, interview_id=f"itv-{number}", external_id=str(number))
    assert one.candidates() == {IDS.candidate_id("aiview", str(number)) for number in range(count)}
    merges = one.all_merges()
    assert {merge.status for merge in merges} == {MergeStatus.QUESTION}
    last = {IDS.candidate_id("aiview", str(number)) for number in range(CROWD + 1, count)}
    assert not {party for merge in merges for party in merge.parties} & last


def test_a6_a_national_id_alone_is_a_question(one: Tenant) -> None:
    one.hand_in({**ZHOU, "national_id": NATIONAL_ID})
    assert one.hand_in({**LI, "national_id": NATIONAL_ID}, vendor="other") == SECOND
    merge = one.the_merge()
    assert (merge.status, merge.matched) == (
        MergeStatus.QUESTION,
        frozenset({IdentifierKind.NATIONAL_ID}),
    )


@pytest.mark.parametrize("field", ["name", "email", "phone"])
def test_a6_a_national_id_and_anything_else_are_one(one: Tenant, field: str) -> None:
    one.hand_in({**ZHOU, "national_id": NATIONAL_ID})
    person = {**LI, field: ZHOU[field], "national_id": "110105 19491231 002x"}
    assert one.hand_in(person, vendor="other") == FIRST


# --- applications


def test_identities_of_contacts_that_say_nothing_are_not_written(one: Tenant) -> None:
    one.identities.record(one.identities.identity(APP, Contact(name="周晓")), START)
    assert not [item for item in one.items() if item["pk"].startswith("IDENTITY#")]
