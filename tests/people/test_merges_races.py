"""People from two sources, on moto's table (A6): races and crashes."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from rencai.kernel import ids
from rencai.people.store.identities import CROWD
from rencai.people.store.merges import MergeStatus
from tests.journey.faults import Crash, Faults
from tests.people.tenant import FIRST, LI, NATIONAL_ID, ZHOU, Between, Paused, Tenant, tenant

RACES = {
    "the same": ZHOU,
    "one identifier": {"name": "周小", "phone": ZHOU["phone"]},
}


@pytest.mark.parametrize("person", RACES.values(), ids=RACES)
def test_a6_two_who_come_at_once_end_as_one_or_as_a_question(person: dict[str, Any]) -> None:
    """The second comes in whole right before each call of the first."""
    at, ended = 1, set()
    while True:
        with tenant() as one:
            between = Between(at, lambda: one.hand_in(person, vendor="other", interview_id="theirs"))
            own = one.seen_by(between).hand_in(ZHOU)
            if not between.acted:
                break
            theirs = one.hand_in(person, vendor="other", interview_id="theirs")
            merge = one.the_merge()
            ended.add(merge.status)
            if merge.status is MergeStatus.MERGED:
                assert own == theirs == merge.into
                assert one.candidates() == {own}
            else:
                assert merge.status is MergeStatus.QUESTION
                assert set(merge.parties) == one.candidates() == {own, theirs}
        at += 1
    assert at > 7
    assert MergeStatus.QUESTION in ended
    assert (MergeStatus.MERGED in ended) == (person == ZHOU)


@pytest.mark.parametrize("first_at", range(1, 8))
def test_a6_two_who_overlap_end_as_one_or_as_a_question(first_at: int) -> None:
    """The second begins before a call of the first, comes to one of its own, and ends after the first has ended."""
    for second_at in range(1, 8):
        with tenant() as one:
            paused = Paused(second_at)
            second = Thread(target=one.seen_by(paused).hand_in, args=(ZHOU, "other", "theirs"), daemon=True)

            def begins(second: Thread = second, paused: Paused = paused) -> None:
                second.start()
                paused.wait_for(second)

            own = one.seen_by(Between(first_at, begins)).hand_in(ZHOU)
            paused.go_on()
            second.join()
            theirs = one.hand_in(ZHOU, vendor="other", interview_id="theirs")
            merge = one.the_merge()
            if merge.status is MergeStatus.MERGED:
                assert one.hand_in(ZHOU) == theirs == merge.into
                assert one.candidates() == {theirs}
            else:
                assert merge.status is MergeStatus.QUESTION
                assert set(merge.parties) == one.candidates() == {own, theirs}


def test_a6_two_interviews_of_one_source_at_once_are_one_candidate() -> None:
    at = 1
    while True:
        with tenant() as one:
            between = Between(at, lambda: one.hand_in(ZHOU, interview_id="itv-2"))
            one.seen_by(between).hand_in(ZHOU)
            if not between.acted:
                break
            assert one.candidates() == {FIRST}
            assert one.all_merges() == []
            assert sorted(one.journeys.get(FIRST).card.interview_ids) == ["itv-1", "itv-2"]
        at += 1


def _comparable(one: Tenant) -> Any:
    """All that is on record but sealed values, which are never the same twice."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(member) for name, member in value.items()}
        if isinstance(value, list):
            return [plain(member) for member in value]
        return "" if isinstance(value, bytes) else value

    kept = [{**plain(item), "events": None} for item in one.items()]
    return sorted(kept, key=lambda item: (item["pk"], item["sk"])), sorted(one.told(), key=str)


def _known_by_phone(one: Tenant) -> None:
    one.hand_in(ZHOU)


def _applied_twice(one: Tenant) -> None:
    one.applied(ZHOU)
    one.applied(ZHOU, "app-2")


def _merged_before(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in(ZHOU, vendor="other", interview_id="theirs-0")


@pytest.mark.parametrize(
    ("before", "person"),
    [
        (_known_by_phone, {**ZHOU, "national_id": NATIONAL_ID}),
        (_known_by_phone, {"name": "周小", "phone": ZHOU["phone"]}),
        (_applied_twice, ZHOU),
        (_merged_before, LI),
    ],
)
def test_a_crash_at_any_call_is_healed_by_the_same_delivery(before: Any, person: dict[str, Any]) -> None:
    _healed(before, lambda crashing: crashing.hand_in(person, vendor="other", interview_id="theirs"))


def _healed(before: Callable[[Tenant], object], arrives: Callable[[Tenant], object]) -> None:
    """Whoever arrives dies at each call, and comes again."""
    with tenant() as first:
        before(first)
        again = first.again()

        def whole(faults: Faults) -> Any:
            one = again()
            crashing = one.seen_by(faults)
            try:
                arrives(crashing)
            except Crash:
                arrives(crashing)
            return _comparable(one)

        undisturbed = Faults()
        expected = whole(undisturbed)
        for at in range(1, len(undisturbed.calls) + 1):
            faults = Faults(at=at)
            assert whole(faults) == expected, faults.crashed_at


@pytest.mark.parametrize("person", [ZHOU, {"name": "周小", "phone": ZHOU["phone"]}, LI])
def test_a_crash_while_an_application_comes_in_is_healed(person: dict[str, Any]) -> None:
    _healed(_known_by_phone, lambda crashing: crashing.applied(person))


def _half_made(one: Tenant) -> list[str]:
    """The merges on record that have not come true."""
    return [
        merge.merge_id
        for merge in one.all_merges()
        if merge.status is MergeStatus.MERGED
        and merge.absorbed
        and merge.into
        != (
            one.merges.resolve(merge.absorbed)[0]
            if ids.is_candidate(merge.absorbed)
            else one.applications.candidate_of(merge.absorbed)
        )
    ]


BEGUN: dict[str, tuple[Callable[[Tenant], None], Callable[[Tenant], object]]] = {
    "an interview": (_known_by_phone, lambda one: one.hand_in(ZHOU, "other", "theirs")),
    "an application": (_known_by_phone, lambda one: one.applied(ZHOU)),
    "an interview after applications": (_applied_twice, lambda one: one.hand_in(ZHOU, "other", "theirs")),
}


def _somebody_else(one: Tenant) -> None:
    one.hand_in({"name": "周小", "phone": ZHOU["phone"]}, vendor="third", interview_id="3rd")


def _a_crowd(one: Tenant) -> None:
    for number in range(CROWD + 1):
        person = {"name": f"候选{number}", "phone": ZHOU["phone"], "email": ZHOU["email"]}
        one.hand_in(person, vendor="third", interview_id=f"3rd-{number}", external_id=str(number))


@pytest.mark.parametrize("comes", [_somebody_else, _a_crowd])
@pytest.mark.parametrize(("before", "arrives"), BEGUN.values(), ids=BEGUN)
def test_a6_a_merge_that_was_begun_is_finished_whoever_comes_before_the_retry(
    before: Callable[[Tenant], None], arrives: Callable[[Tenant], object], comes: Callable[[Tenant], None]
) -> None:
    at, half_made, died = 0, 0, True
    with tenant() as first:
        before(first)
        again = first.again()
        while died:
            at, died, one = at + 1, False, again()
            faults = Faults(at=at)
            try:
                arrives(one.seen_by(faults))
            except Crash:
                died = True
                if half := _half_made(one):
                    half_made += 1
                    comes(one)
                    assert _half_made(one) == half
                arrives(one)
            assert _half_made(one) == [], faults.crashed_at
    assert half_made > 1
