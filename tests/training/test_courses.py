"""What is kept of a course, whatever order its facts come in (C2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.training.rules.courses import MARK_STEP, Enrolment, Reached, Told, progressed
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.ratings import Rated
from tests.examples import examples
from tests.training.training_builders import IMPROVED, by_rule, fact, local, marked, rate

NEW = Enrolment("emp_01ABC", "negotiation", "enr-negotiation", local(23, 18))
EARLY, LATE = local(9), local(10)


def told(
    percent: object = None, exam: object = None, review: str | None = None, at: datetime = EARLY
) -> CourseProgressed:
    return fact("negotiation", at, percent, exam, review)


def after(*facts: CourseProgressed, enrolment: Enrolment = NEW) -> Enrolment:
    for one in facts:
        enrolment = progressed(enrolment, one, rate, marked)
    return enrolment


def test_c2_completion_exam_and_review_come_back() -> None:
    known = after(told(80, 85, IMPROVED))
    assert known.review is not None
    assert known == replace(
        NEW,
        completion=Told("00080.0000", EARLY),
        exam=Told("00085.0000", EARLY),
        review=Told(known.review.value, EARLY),
        rating=by_rule("much_better", 100),
        reached=(Reached(80, EARLY),),
    )
    assert (known.completion_percent, known.exam_score) == (Decimal(80), Decimal(85))


def test_before_anything_is_told_nothing_is_known() -> None:
    assert (NEW.completion_percent, NEW.exam_score, NEW.reached_at(5)) == (None, None, None)


@pytest.mark.parametrize("facts", [(told(90, at=LATE), told(40)), (told(40), told(90, at=LATE))])
def test_the_latest_by_the_time_it_was_so_counts(facts: tuple[CourseProgressed, ...]) -> None:
    assert after(*facts).completion == Told("00090.0000", LATE)


def test_progress_may_go_down_and_its_marks_stay() -> None:
    known = after(told(90), told(40, at=LATE))
    assert (known.completion_percent, known.reached) == (Decimal(40), (Reached(90, EARLY),))


@pytest.mark.parametrize("facts", [(told(9.5), told(10)), (told(10), told(9.5))])
def test_of_two_values_of_one_moment_the_greater_number_counts(facts: tuple[CourseProgressed, ...]) -> None:
    assert after(*facts).completion_percent == 10


def test_what_is_not_told_leaves_what_is_known() -> None:
    known = after(told(50, 60, IMPROVED), told(at=LATE))
    assert known == after(told(50, 60, IMPROVED))


def test_a_fact_that_is_no_news_changes_no_object() -> None:
    known = after(told(50, 60, IMPROVED))
    assert progressed(known, told(50, 60, IMPROVED), rate, marked) is known
    elsewhere = EARLY.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    assert progressed(known, told(50, 60, IMPROVED, at=elsewhere), rate, marked) is known
    assert (
        progressed(known, told(exam=50, review="有所提升", at=EARLY - timedelta(days=1)), rate, marked)
        is known
    )


def test_a_review_is_rated_when_it_comes_and_not_again() -> None:
    asked: list[str] = []

    def rated(review: str) -> Rated:
        asked.append(review)
        return rate(review)

    known = NEW
    for one in (
        told(review=IMPROVED, at=LATE),
        told(review=IMPROVED, at=LATE),
        told(review="没有提升"),
        told(90),
    ):
        known = progressed(known, one, rated, marked)
    assert asked == [IMPROVED]
    assert known.rating == by_rule("much_better", 100)


def test_a_later_review_that_nothing_reads_counts_nothing() -> None:
    known = after(told(review=IMPROVED), told(review="按时参加", at=LATE))
    assert (known.review is not None, known.rating) == (True, None)


def test_an_empty_review_is_no_review() -> None:
    assert after(told(review="")) is NEW


def test_a_review_is_kept_as_its_digest_and_differs_by_enrolment() -> None:
    mine, other = after(told(review=IMPROVED)), replace(NEW, enrolment_id="enr-other")
    theirs = progressed(other, told(review=IMPROVED), rate, marked)
    assert mine.review
    assert theirs.review
    assert IMPROVED not in repr(mine)
    assert mine.review.value != theirs.review.value


def test_c5_a_mark_is_reached_when_the_learner_was_first_seen_at_or_above_it() -> None:
    known = after(
        told(82, at=local(12)), told(60, at=local(10)), told(79.9, at=local(11)), told(95, at=local(14))
    )
    assert known.reached == (
        Reached(60, local(10)),
        Reached(75, local(11)),
        Reached(80, local(12)),
        Reached(95, local(14)),
    )
    assert [known.reached_at(mark) for mark in (5, 65, 80, 85, 100)] == [
        local(10),
        local(11),
        local(12),
        local(14),
        None,
    ]


def test_a_higher_mark_reached_earlier_replaces_the_lower_ones_after_it() -> None:
    known = after(told(60, at=local(11)), told(70, at=local(12)), told(80, at=local(10)))
    assert known.reached == (Reached(80, local(10)),)


# --- any order, any number of times -----------------------------------------------------------------------------------

_OFFSETS = [UTC, *(timezone(timedelta(minutes=minutes)) for minutes in (480, -660, 345))]
moments = st.builds(
    lambda hours, microseconds, zone: (
        local(9) + timedelta(hours=hours, microseconds=microseconds)
    ).astimezone(zone),
    st.integers(0, 4),
    st.sampled_from([0, 1, 499, 999, 1000, 1500]),
    st.sampled_from(_OFFSETS),
)
percents = st.none() | st.sampled_from(["0", "4.9", "5", "79.99", "80", "80.5", "100"]).map(Decimal)
facts_told = st.builds(
    CourseProgressed,
    st.just(NEW.enrolment_id),
    moments,
    percents,
    percents,
    st.none() | st.sampled_from([IMPROVED, "没有明显提升", "有所提升", "按时参加"]),
)
lists = st.lists(facts_told, max_size=10)


def _latest(facts: Sequence[tuple[datetime, Decimal | None]]) -> Decimal | None:
    there = [(at, value) for at, value in facts if value is not None]
    return max(there)[1] if there else None


def _kept(at: datetime) -> datetime:
    """To the millisecond."""
    return at - timedelta(microseconds=at.microsecond % 1000)


@examples(300)
@given(lists)
def test_what_is_known_is_what_the_facts_say(facts: list[CourseProgressed]) -> None:
    """Held against the definition: the latest of each kind, and the first time at or above each mark."""
    known = after(*facts)
    assert known.completion_percent == _latest([(one.occurred_at, one.completion_percent) for one in facts])
    assert known.exam_score == _latest([(one.occurred_at, one.exam_score) for one in facts])
    for mark in range(MARK_STEP, 101, MARK_STEP):
        seen = [
            _kept(one.occurred_at)
            for one in facts
            if one.completion_percent is not None and one.completion_percent >= mark
        ]
        assert known.reached_at(mark) == min(seen, default=None)
    reviews = [one for one in facts if one.mentor_review]
    if reviews:
        last = max(one.occurred_at for one in reviews)
        among = {rate(one.mentor_review or "").rating for one in reviews if one.occurred_at == last}
        assert known.rating in among
    else:
        assert (known.review, known.rating) == (None, None)


@examples(300)
@given(lists.flatmap(lambda facts: st.tuples(st.just(facts), st.permutations([*facts, *facts[:3]]))))
def test_any_order_and_any_duplication_come_to_the_same(
    both: tuple[list[CourseProgressed], list[CourseProgressed]],
) -> None:
    facts, shuffled = both
    assert after(*shuffled) == after(*facts)


@examples(300)
@given(lists, facts_told)
def test_marks_rise_with_time_and_what_was_told_is_told(
    facts: list[CourseProgressed], again: CourseProgressed
) -> None:
    known = after(*facts, again)
    assert progressed(known, again, rate, marked) is known
    assert [one.mark for one in known.reached] == sorted({one.mark for one in known.reached})
    assert [one.at for one in known.reached] == sorted({one.at for one in known.reached})


@pytest.mark.parametrize("percent", ["79.99996", "99.99999"])
def test_c5_a_mark_is_reached_when_the_completion_on_record_has_it(percent: str) -> None:
    known = after(told(percent))
    assert known.completion_percent is not None
    mark = int(known.completion_percent) // MARK_STEP * MARK_STEP
    assert known.reached == (Reached(mark, EARLY),)


def test_c4_below_the_threshold_is_not_rounded_up_to_it() -> None:
    completion = after(told("79.99996")).completion_percent
    assert completion is not None
    assert completion < 80
