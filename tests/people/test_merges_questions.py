"""People from two sources, on moto's table (A6): a question is told once."""

from typing import Any, Final

from rencai.people.store.merges import MergeStatus
from tests.journey.faults import Crash, Faults
from tests.people.tenant import APP, EMAIL, LI, OTHER_PASSPORT, PASSPORT, PHONE, ZHOU, Tenant, tenant

SAID: Final = {"name": "助理", "email": ZHOU["email"]}


def questions(one: Tenant) -> list[tuple[str, dict[str, Any]]]:
    """Every image that told of a question, by the event's id; the same event may be among them twice."""
    return [(event.id, dict(event.data)) for _, event in one.told_again() if event.name == "merge.questioned"]


def test_a6_a_question_is_told_once_however_often_the_ats_updates(one: Tenant) -> None:
    one.hand_in(ZHOU)
    for status in ("new", "phone screen", "interview", "offer"):
        one.passes(hours=1)
        one.applied(SAID, status=status)
    merge = one.the_merge()
    assert (merge.status, len(merge.history)) == (MergeStatus.QUESTION, 1)
    assert [data for _, data in questions(one)] == [{"merge_id": merge.merge_id, "candidates": [APP]}]


def test_a6_a_question_with_more_to_it_is_told_again_and_stays_the_same_question(one: Tenant) -> None:
    one.hand_in({**ZHOU, "national_id": PASSPORT})
    one.applied({**SAID, "national_id": OTHER_PASSPORT})
    one.passes(hours=1)
    for _ in range(3):
        one.applied({**SAID, "phone": ZHOU["phone"], "national_id": OTHER_PASSPORT})
    merge = one.the_merge()
    assert merge.matched == {PHONE, EMAIL}
    assert merge.round == 1
    assert [entry.status for entry in merge.history] == [MergeStatus.QUESTION] * 2
    assert len(questions(one)) == len({event_id for event_id, _ in questions(one)}) == 2


def test_a6_a_question_about_others_is_told_anew(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.applied(SAID)
    one.hand_in(LI, vendor="other")
    for _ in range(2):
        one.applied({**SAID, "phone": LI["phone"]})
    assert sorted(len(data["candidates"]) for _, data in questions(one)) == [1, 2]


def test_a6_a_question_is_told_once_through_a_crash_at_any_call() -> None:
    at, died = 0, True
    while died:
        at, died = at + 1, False
        with tenant() as one:
            one.hand_in(ZHOU)
            try:
                one.seen_by(Faults(at=at, when="after")).applied(SAID)
            except Crash:
                died = True
                one.applied(SAID)
            assert len(questions(one)) == 1
    assert at > 5
