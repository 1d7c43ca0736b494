"""What HR undoes (A6), and crashes on the way to an answer or back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rencai.hiring.rules.stages import Review, Stage
from rencai.people.rules.refusals import PeopleRefusal
from rencai.people.store.merges import Merge, MergeStatus
from tests.journey.faults import Crash, Faults
from tests.people.answers import CHILD, asked, different, refusal, same, undo
from tests.people.tenant import FIRST, PASSPORT, SECOND, ZHOU, Tenant, tenant


def test_a6_a_merge_by_hr_is_undone(one: Tenant) -> None:
    merge = same(one, asked(one))
    one.hand_in(CHILD, vendor="other", interview_id="theirs-2")
    one.passes(hours=1)
    undone = undo(one, merge)
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.QUALIFIED, Stage.QUALIFIED)
    assert one.journeys.get(FIRST).card.interview_ids == ("itv-1",)
    assert one.journeys.get(SECOND).card.interview_ids == ("theirs", "theirs-2")
    assert one.interviews.get("other", "theirs-2").candidate_id == SECOND
    assert one.hand_in(CHILD, vendor="other", interview_id="theirs-3") == SECOND
    assert [(e.status, e.actor) for e in undone.history] == [
        ("question", "rencai"),
        ("merged", "hr-1"),
        ("undone", "hr-2"),
    ]
    names = [(subject, name) for subject, name, _ in one.told()]
    for candidate_id in (FIRST, SECOND):
        assert names.count((candidate_id, "candidate.merged")) == 1
        assert names.count((candidate_id, "candidate.unmerged")) == 1
    # Its next step is taken again.
    assert (SECOND, "journey.resumed") in names


def test_a6_a_merge_by_rule_is_undone_and_never_done_again_by_rule(one: Tenant) -> None:
    one.hand_in({**ZHOU, "email": "old@example.com", "national_id": PASSPORT})
    one.hand_in({**ZHOU, "national_id": PASSPORT}, vendor="other", interview_id="theirs")
    merge = one.the_merge()
    assert one.candidates() == {FIRST}
    undo(one, merge)
    assert one.candidates() == {FIRST, SECOND}
    assert one.stage(SECOND) is Stage.QUALIFIED
    assert one.journeys.get(SECOND).card == replace(
        one.journeys.get(FIRST).card, vendor="other", interview_ids=("theirs",), profile_of="theirs"
    )
    assert one.interviews.get("other", "theirs").placed is None
    assert one.people.get(SECOND).email == ZHOU["email"]
    names = [(subject, name) for subject, name, _ in one.told()]
    assert (FIRST, "candidate.unmerged") in names
    assert (SECOND, "candidate.profiled") in names
    assert one.hand_in(ZHOU, vendor="other", interview_id="theirs-2") == SECOND
    assert one.the_merge().status is MergeStatus.UNDONE


def test_what_a_merge_lent_is_given_back(one: Tenant) -> None:
    one.hand_in({"name": "周晓", "phone": ZHOU["phone"]})
    one.hand_in({**ZHOU, "national_id": PASSPORT}, vendor="other", interview_id="theirs")
    lent = one.people.get(FIRST)
    assert (lent.email, one.people.national_id(lent)) == (ZHOU["email"], PASSPORT)
    undo(one, one.the_merge())
    own = one.people.get(FIRST)
    assert (own.email, own.phone, one.people.national_id(own)) == (None, ZHOU["phone"], None)


def test_a6_a_journey_that_went_on_from_the_others_interview_stands(one: Tenant) -> None:
    one.hand_in(ZHOU, passes=False)
    one.hand_in(ZHOU, vendor="other", interview_id="theirs")
    one.sends_offer(FIRST)
    merge, before = one.the_merge(), one.items()
    assert refusal(lambda: undo(one, merge)) is PeopleRefusal.MERGE_RESTS_ON_IT
    assert one.items() == before


def test_a6_a_journey_that_came_to_nothing_by_the_others_interview_is_as_it_was(one: Tenant) -> None:
    one.hand_in(ZHOU, passes=False)
    card = one.journeys.get(FIRST).card
    for interview_id in ("theirs", "theirs-2"):
        one.hand_in(ZHOU, vendor="other", interview_id=interview_id, passes=False)
    assert one.journeys.get(FIRST).card.profile_of == "theirs-2"
    undo(one, one.the_merge())
    assert one.journeys.get(FIRST).card == card
    assert one.journeys.get(SECOND).card.interview_ids == ("theirs", "theirs-2")


def test_a6_who_waits_for_a_person_is_merged_and_comes_back_to_the_same_review(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in(CHILD, vendor="other", interview_id="theirs", thin=True)
    assert one.journeys.get(SECOND).journey.review is Review.INTERVIEW
    merge = same(one, one.the_merge())
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.QUALIFIED, Stage.WITHDRAWN)
    undo(one, merge)
    assert one.journeys.get(SECOND).journey.review is Review.INTERVIEW


def test_a6_a_review_that_the_others_full_interview_ended_is_not_held_against_them(one: Tenant) -> None:
    """Whether they go on rests on it; that they rest in the pool does not keep the two one."""
    one.hand_in(ZHOU, thin=True)
    card = one.journeys.get(FIRST).card
    one.hand_in(ZHOU, vendor="other", interview_id="theirs", passes=False)
    assert (one.stage(FIRST), one.journeys.get(FIRST).card.profile_of) == (Stage.TALENT_POOL, "theirs")
    undo(one, one.the_merge())
    assert (one.journeys.get(FIRST).card, one.stage(SECOND)) == (card, Stage.TALENT_POOL)


def test_a6_a_journey_that_the_others_full_interview_let_in_stands(one: Tenant) -> None:
    one.hand_in(ZHOU, thin=True)
    one.hand_in(ZHOU, vendor="other", interview_id="theirs")
    assert one.stage(FIRST) is Stage.QUALIFIED
    assert refusal(lambda: undo(one, one.the_merge())) is PeopleRefusal.MERGE_RESTS_ON_IT


def test_a6_undone_twice_is_undone_once(one: Tenant) -> None:
    merge = same(one, asked(one))
    undone = undo(one, merge)
    before, told = one.items(), one.told()
    assert undo(one, merge) == undone
    assert (one.items(), one.told()) == (before, told)


STEPS: dict[str, tuple[Callable[[Tenant], Merge], Callable[[Tenant, Merge], Merge]]] = {
    "same": (asked, same),
    "undo by hr": (lambda one: _decided(one), undo),
    "undo by rule": (lambda one: _by_rule(one), undo),
    "undo of a link": (lambda one: _linked(one), undo),
}


def _decided(one: Tenant) -> Merge:
    merge = same(one, asked(one))
    one.hand_in(CHILD, vendor="other", interview_id="theirs-2")
    return merge


def _by_rule(one: Tenant) -> Merge:
    one.hand_in(ZHOU, passes=False)
    for interview_id in ("itv-1", "theirs"):
        one.hand_in(ZHOU, vendor="other", interview_id=interview_id, passes=False)
    return one.the_merge()


def _linked(one: Tenant) -> Merge:
    one.hand_in(ZHOU)
    one.applied(ZHOU)
    return one.the_merge()


@pytest.mark.parametrize(("before", "step"), STEPS.values(), ids=STEPS)
def test_a_crash_at_any_call_is_healed_by_asking_again(
    before: Callable[[Tenant], Merge], step: Callable[[Tenant, Merge], Merge]
) -> None:
    with tenant() as first:
        merge = before(first)
        again = first.again()

        def whole(faults: Faults) -> Any:
            one = again()
            crashing = one.seen_by(faults)
            try:
                step(crashing, merge)
            except Crash:
                step(crashing, merge)
            kept = sorted((item["pk"], item["sk"], item.get("gsi1pk", "")) for item in one.items())
            cards = {candidate: one.journeys.get(candidate).card for candidate in one.candidates()}
            people = {candidate: one.people.get(candidate).email for candidate in one.candidates()}
            return kept, cards, people, sorted(one.told(), key=str)

        undisturbed = Faults()
        expected = whole(undisturbed)
        for at in range(1, len(undisturbed.calls) + 1):
            faults = Faults(at=at)
            assert whole(faults) == expected, (at, faults.crashed_at)


def _dies_after_a_put(through: Callable[[str, Callable[[], Any]], Any]) -> Callable[..., Any]:
    """The journey's write is the first put of a decision, and the record's the next."""

    def dying(name: str, call: Callable[[], Any]) -> Any:
        answer = through(name, call)
        if name == "dynamodb.put_item":
            raise Crash(name)
        return answer

    return dying


def test_a_decision_that_died_half_way_is_not_turned_round(one: Tenant) -> None:
    merge = asked(one)
    dying = Faults()
    dying.through = _dies_after_a_put(dying.through)  # type: ignore[method-assign]  # the test's own way to die
    with pytest.raises(Crash):
        same(one.seen_by(dying), merge)
    assert one.stage(SECOND) is Stage.WITHDRAWN
    assert one.the_merge().status is MergeStatus.QUESTION
    assert refusal(lambda: different(one, merge)) is PeopleRefusal.MERGE_NOT_OPEN
    assert refusal(lambda: same(one, merge, SECOND)) is PeopleRefusal.MERGE_NOT_OPEN
    assert same(one, merge).status is MergeStatus.MERGED
