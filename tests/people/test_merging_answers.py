"""HR's answers (A6), by the use case."""

import pytest

from rencai.hiring.rules.stages import Stage
from rencai.kernel.errors import NotFound
from rencai.people.rules.refusals import PeopleRefusal
from rencai.people.store.applications import Link
from rencai.people.store.merges import MergeStatus
from tests.people.answers import CHILD, asked, different, refusal, same, undo
from tests.people.tenant import APP, FIRST, LI, PASSPORT, SECOND, START, ZHOU, Tenant


def test_a6_hr_says_they_are_one(one: Tenant) -> None:
    merge = same(one, asked(one))
    assert (merge.status, merge.into, merge.absorbed) == (MergeStatus.MERGED, FIRST, SECOND)
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.QUALIFIED, Stage.WITHDRAWN)
    last = merge.history[-1]
    assert (last.actor, one.merges.reason(merge.merge_id, last)) == ("hr-1", "同一个人")
    told = one.told()
    assert (SECOND, "candidate.merged", {"merge_id": merge.merge_id, "other": FIRST}) in told
    assert (FIRST, "candidate.merged", {"merge_id": merge.merge_id, "other": SECOND}) in told
    # Whatever comes from that source is theirs from now on.
    assert one.hand_in(CHILD, vendor="other", interview_id="theirs-2") == FIRST
    assert one.journeys.get(FIRST).card.interview_ids == ("itv-1", "theirs-2")


def test_a6_hr_may_have_the_other_one_stand(one: Tenant) -> None:
    merge = asked(one)
    one.sends_offer(SECOND)
    assert refusal(lambda: same(one, merge)) is PeopleRefusal.MERGE_UNDER_WAY
    assert one.the_merge().status is MergeStatus.QUESTION
    assert one.stage(SECOND) is Stage.OFFER_SENT
    same(one, merge, SECOND)
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.WITHDRAWN, Stage.OFFER_SENT)
    assert one.hand_in(ZHOU, interview_id="itv-2") == SECOND


def test_a6_one_of_several_has_to_be_named(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.hand_in(LI, vendor="other", interview_id="theirs")
    third = one.hand_in({**ZHOU, "email": LI["email"]}, vendor="third")
    merge = one.the_merge()
    for wrong in (None, third, "cand_nobody"):
        assert refusal(lambda wrong=wrong: same(one, merge, wrong)) is PeopleRefusal.MERGE_INTO_WHOM  # type: ignore[misc]
    same(one, merge, SECOND)
    assert one.hand_in(ZHOU, vendor="third", interview_id="again") == SECOND
    assert (one.stage(FIRST), one.stage(third)) == (Stage.QUALIFIED, Stage.WITHDRAWN)


def test_a6_hr_says_they_are_two_and_is_not_asked_again_for_the_same_reason(one: Tenant) -> None:
    merge = different(one, asked(one))
    assert merge.status is MergeStatus.DIFFERENT
    assert (one.stage(FIRST), one.stage(SECOND)) == (Stage.QUALIFIED, Stage.QUALIFIED)
    one.hand_in({**CHILD, "email": "x@example.com"}, vendor="other", interview_id="theirs-2")
    assert one.the_merge().status is MergeStatus.DIFFERENT
    one.passes(days=1)
    one.hand_in({**CHILD, "email": ZHOU["email"]}, vendor="other", interview_id="theirs-3")
    again = one.the_merge()
    assert (again.status, again.round, again.merge_id) == (MergeStatus.QUESTION, 2, merge.merge_id)
    assert [entry.status for entry in again.history] == ["question", "different", "question"]
    same(one, again)
    assert one.stage(SECOND) is Stage.WITHDRAWN
    undo(one, again)
    assert one.stage(SECOND) is Stage.QUALIFIED


def test_a6_a_decision_counts_once(one: Tenant) -> None:
    merge = same(one, asked(one))
    before = one.items()
    assert same(one, merge) == merge
    assert same(one, merge, FIRST) == merge
    assert refusal(lambda: same(one, merge, SECOND)) is PeopleRefusal.MERGE_NOT_OPEN
    assert refusal(lambda: different(one, merge)) is PeopleRefusal.MERGE_NOT_OPEN
    assert one.items() == before
    with pytest.raises(NotFound):
        one.merging.undo("mrg_nothing", "-", "hr", START)


def test_a6_what_is_different_can_be_neither_merged_nor_undone(one: Tenant) -> None:
    settled = different(one, asked(one))
    assert different(one, settled) == settled
    assert refusal(lambda: same(one, settled)) is PeopleRefusal.MERGE_NOT_OPEN
    assert refusal(lambda: undo(one, settled)) is PeopleRefusal.MERGE_NOT_OPEN


def test_a6_three_sources_in_a_row_are_one(one: Tenant) -> None:
    merge = asked(one)
    third = one.hand_in({"name": "周小小", "phone": ZHOU["phone"]}, vendor="third", interview_id="3rd")
    (later,) = [other for other in one.all_merges() if other.merge_id != merge.merge_id]
    same(one, merge)
    # Asked about before: the second of them is the first now.
    same(one, later, SECOND)
    assert one.merges.get(later.merge_id).into == FIRST
    assert one.hand_in(LI, vendor="third", interview_id="again") == FIRST
    assert one.stage(third) is Stage.WITHDRAWN


def test_two_who_became_one_in_the_meantime_are_merged_in_word_only(one: Tenant) -> None:
    """A question about A and C, when both have become B."""
    a = one.hand_in({**ZHOU, "national_id": PASSPORT})
    c = one.hand_in({"name": "?", "phone": ZHOU["phone"]}, vendor="other", interview_id="theirs")
    question = one.the_merge()
    one.hand_in(
        {"name": "?", "phone": ZHOU["phone"], "national_id": PASSPORT}, vendor="other", interview_id="t2"
    )
    assert one.the_merge().status is MergeStatus.QUESTION
    b = one.hand_in({"name": "b", "phone": ZHOU["phone"]}, vendor="third", interview_id="3rd")
    (about_b,) = [merge for merge in one.all_merges() if merge.other == b]
    same(one, about_b, a)
    same(one, question)
    assert one.merges.resolve(c)[0] == one.merges.resolve(b)[0] == a


def test_a6_hr_links_an_application(one: Tenant) -> None:
    one.hand_in(ZHOU)
    one.applied({"name": "助理", "email": ZHOU["email"]})
    merge = same(one, one.the_merge())
    assert (merge.into, merge.absorbed) == (FIRST, APP)
    assert one.applications.of(FIRST) == Link(APP, "app-1")
    assert one.applications.get(APP).candidate_id == FIRST
    undo(one, merge)
    assert one.applications.of(FIRST) is None
    assert one.applications.get(APP).candidate_id is None
    one.applied({"name": "周晓", "email": ZHOU["email"]}, status="interview")
    assert one.applications.get(APP).candidate_id is None
    assert one.the_merge().status is MergeStatus.UNDONE


def test_the_application_comes_along_and_goes_back(one: Tenant) -> None:
    child = {**CHILD, "email": "child@example.com"}
    one.hand_in(child, vendor="other", interview_id="theirs")
    one.applied(child)
    one.hand_in({"name": "周晓", "phone": ZHOU["phone"]})
    (merge,) = [merge for merge in one.all_merges() if merge.status is MergeStatus.QUESTION]
    merge = same(one, merge, FIRST)
    assert one.applications.of(FIRST) == one.applications.of(SECOND) == Link(APP, "app-1")
    assert one.people.get(FIRST).email == child["email"]
    undo(one, merge)
    assert (one.applications.of(FIRST), one.people.get(FIRST).email) == (None, None)
    assert one.applications.of(SECOND) == Link(APP, "app-1")
