"""HR is asked what a mentor's review counts that nothing read for sure, and says so once (C3, C4)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from rencai.kernel.errors import Conflict, NotFound
from rencai.training.rules.asking import answered
from rencai.training.rules.courses import ABOUT, Enrolment, progressed
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.ratings import Answer, AskedFor, RatedBy, Rating
from tests.training.training_builders import IMPROVED, POLICY, fact, local, marked, rate

NEW = Enrolment("emp_01ABC", "negotiation", "enr-negotiation", local(23, 18))
AT = local(12)


def told(review: str, day: int) -> CourseProgressed:
    return fact("negotiation", local(day), review=review)


def after(facts: Sequence[CourseProgressed], enrolment: Enrolment = NEW) -> Enrolment:
    for one in facts:
        enrolment = progressed(enrolment, one, rate, marked)
    return enrolment


def said(enrolment: Enrolment, level: int | None, actor: str = "hr:1") -> Enrolment:
    assert enrolment.asked is not None
    return answered(enrolment, enrolment.asked.rating_id, level, POLICY.mentor, 4, actor, AT)


@pytest.mark.parametrize(
    ("words", "cause"),
    [("还行吧", AskedFor.UNSURE), ("准时参加", AskedFor.UNREAD), ("进步神速", None), (IMPROVED, None)],
)
def test_c4_hr_is_asked_about_words_that_count_nothing(words: str, cause: AskedFor | None) -> None:
    known = after([told(words, 9)])
    assert (known.asked.cause if known.asked else None) == cause
    assert (known.rating is None) == (cause is not None)


def test_c4_nobody_is_asked_about_help_for_it_counts_nothing_anyway() -> None:
    helped = replace(NEW, item_id=f"coaching{ABOUT}negotiation")
    assert progressed(helped, told("还行吧", 9), rate, marked).asked is None


def test_c4_hr_rates_on_the_same_scale_and_it_is_on_record_who_and_when() -> None:
    known = said(after([told("还行吧", 9)]), 4)
    assert known.rating == Rating(Decimal(80), RatedBy.HR, 4, 4)
    assert known.asked is not None
    assert known.asked.answer == Answer(4, "hr:1", AT)


def test_c4_hr_says_that_it_rates_nothing() -> None:
    known = said(after([told("准时参加", 9)]), None)
    assert known.rating is None
    assert known.asked is not None
    assert not known.asked.is_open


def test_the_same_again_changes_nothing_and_another_answer_is_refused() -> None:
    known = said(after([told("还行吧", 9)]), 4)
    assert said(known, 4, "hr:2") is known
    for other in (3, None):
        with pytest.raises(Conflict):
            said(known, other)


def test_a_newer_review_settles_it() -> None:
    known = after([told("还行吧", 9)])
    assert known.asked is not None
    newer = after([told("进步神速", 10)], known)
    assert (newer.asked, newer.rating and newer.rating.level) == (None, 5)
    with pytest.raises(NotFound):
        answered(newer, known.asked.rating_id, 4, POLICY.mentor, 1, "hr:1", AT)
    asked_anew = after([told("准时参加", 11)], said(known, 4)).asked
    assert asked_anew is not None
    assert asked_anew.is_open
    assert asked_anew.rating_id != known.asked.rating_id


def test_an_older_review_and_the_same_words_again_leave_what_hr_said() -> None:
    known = said(after([told("还行吧", 9)]), 4)
    later = after([told("进步神速", 8), told("还行吧", 11), fact("negotiation", local(11), 90)], known)
    assert (later.rating, later.asked) == (known.rating, known.asked)


def test_in_whatever_order_reviews_come_the_same_is_asked() -> None:
    facts = [told("还行吧", 9), told("进步神速", 10), told("准时参加", 11), told("还行吧", 8)]
    assert len({after(order) for order in permutations(facts)}) == 1
