"""A mentor's mark by link, and the words beside it and in the learning platform (C3, C4)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import permutations

import pytest

from rencai.training.rules.asking import answered
from rencai.training.rules.courses import Enrolment, marked_by_link, progressed
from rencai.training.rules.ratings import AskedFor, Mark, RatedBy, Rating
from tests.training.training_builders import IMPROVED, POLICY, fact, local, marked, rate

NEW = Enrolment("emp_01ABC", "negotiation", "enr-negotiation", local(23, 18))
Step = Callable[[Enrolment], Enrolment]


def mark(level: int, day: int, words: str | None = None) -> Step:
    made = Mark(level, POLICY.mentor.counts(level), 2, local(day))
    return lambda known: marked_by_link(known, made, words, rate, marked)


def told(words: str, day: int) -> Step:
    return lambda known: progressed(known, fact("negotiation", local(day), review=words), rate, marked)


def after(*steps: Step, enrolment: Enrolment = NEW) -> Enrolment:
    for step in steps:
        enrolment = step(enrolment)
    return enrolment


def test_c3_a_mark_counts_as_the_scale_says() -> None:
    known = after(mark(4, 9))
    assert known.rating == Rating(Decimal(80), RatedBy.LINK, 2, 4)
    assert (known.asked, known.review) == (None, None)


def test_the_latest_mark_counts_and_a_late_one_is_no_news() -> None:
    known = after(mark(2, 9), mark(4, 10))
    assert known.rating is not None
    assert known.rating.level == 4
    assert mark(1, 9)(known) is known
    assert mark(4, 10)(known) is known


@pytest.mark.parametrize(
    ("level", "words", "asked"),
    [
        (5, "没什么长进", True),
        (3, "没什么长进", True),
        (2, "没什么长进", False),
        (1, "还行吧", False),
        (1, "准时", False),
    ],
)
def test_c4_words_beside_a_mark_never_change_it_and_hr_is_asked_where_they_surely_say_else(
    level: int, words: str, asked: bool
) -> None:
    known = after(mark(level, 9, words))
    assert known.rating is not None
    assert (known.rating.by, known.rating.level) == (RatedBy.LINK, level)
    assert (known.asked.cause if known.asked else None) == (AskedFor.DIFFERS if asked else None)


def test_c4_a_mark_settles_what_was_asked_about_words() -> None:
    assert after(told("还行吧", 9)).asked is not None
    assert after(told("还行吧", 9), mark(4, 10)).asked is None


def test_words_of_the_platform_do_not_outdo_a_mark_and_older_ones_are_not_held_against_it() -> None:
    older = after(told("没什么长进", 8), mark(5, 9))
    assert (older.rating and older.rating.level, older.asked) == (5, None)
    newer = after(mark(5, 9), told("没什么长进", 10))
    assert newer.rating is not None
    assert (newer.rating.level, newer.asked and newer.asked.cause) == (5, AskedFor.DIFFERS)
    assert after(mark(5, 9), told(IMPROVED, 10)).rating == after(mark(5, 9)).rating, "nor does a rule of HR's"


def test_hr_settles_a_difference_and_another_mark_settles_hrs_word() -> None:
    known = after(mark(5, 9, "没什么长进"))
    assert known.asked is not None
    said = answered(known, known.asked.rating_id, 2, POLICY.mentor, 3, "hr:1", local(11))
    assert said.rating == Rating(Decimal(60), RatedBy.HR, 3, 2)
    again = mark(4, 12)(said)
    assert (again.rating and again.rating.by, again.asked) == (RatedBy.LINK, None)


STEPS: Sequence[Step] = (
    told("没什么长进", 8),
    mark(5, 9, "进步神速"),
    told("还行吧", 10),
    mark(4, 11, "没什么长进"),
    told("没什么长进", 12),
)


def test_in_whatever_order_marks_and_words_come_the_same_counts() -> None:
    assert len({after(*order) for order in permutations(STEPS)}) == 1
