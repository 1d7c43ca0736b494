"""The probation score and its trace (C3), and what a mentor's words count (C4)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.plan import TrainingPlan
from rencai.training.rules.probation import (
    CourseScore,
    ProbationPolicy,
    ProbationScore,
    Standing,
    probation_ends_on,
    probation_score,
)
from rencai.training.rules.ratings import Rated, Rating
from tests.examples import examples
from tests.training.training_builders import IMPROVED, POLICY, by_rule, enrolled, fact, local, made, rate

PLAN = made(("negotiation", 70))
WEIGHTS = {"negotiation": Decimal(2)}
ENDS_ON = date(2026, 6, 1)
BEFORE_ANY_DUE, ALL_DUE = local(4), local(31)
EIGHTY = MonthlyPerformance("2026-03", Decimal(80), Decimal(100))
PRAISED = fact("negotiation", local(4), 100, 85, IMPROVED)


def scored(
    *facts: CourseProgressed,
    months: Sequence[MonthlyPerformance] = (),
    policy: ProbationPolicy = POLICY,
    plan: TrainingPlan = PLAN,
    now: datetime = BEFORE_ANY_DUE,
) -> ProbationScore:
    return probation_score(plan, enrolled(plan, *facts), WEIGHTS, months, policy, now)


def course(found: ProbationScore, item_id: str) -> CourseScore:
    (one,) = (one for one in found.courses if one.item_id == item_id)
    return one


# --- C3 ---------------------------------------------------------------------------------------------------------------


def test_c3_training_94_by_30_and_performance_80_by_70_is_84_20() -> None:
    found = scored(PRAISED, months=[EIGHTY])
    waiting = [
        CourseScore(one, Standing.NOT_DUE, Decimal(1))
        for one in ("orientation", "product-knowledge", "product-basics")
    ]
    expected = ProbationScore(
        score=Decimal("84.20"),
        coverage=Decimal(1),
        missing=(),
        training=Decimal("94.00"),
        courses=(
            *waiting,
            CourseScore(
                "negotiation",
                Standing.COUNTED,
                Decimal(2),
                completion=Decimal(100),
                exam=Decimal(85),
                mentor=Decimal(100),
                score=Decimal("94.00"),
            ),
            CourseScore("role-play", Standing.NOT_DUE, Decimal(1)),
        ),
        performance=Decimal("80.00"),
        months=(EIGHTY,),
        ends_on=ENDS_ON,
    )
    assert found == expected
    assert (str(found.score), str(found.training), str(found.performance)) == ("84.20", "94.00", "80.00")


@pytest.mark.parametrize(
    ("training", "score"), [("0.5", "87.00"), ("1", "94.00"), ("0", "80.00"), ("0.25", "83.50")]
)
def test_c3_the_weights_are_the_tenants(training: str, score: str) -> None:
    policy = POLICY.model_copy(
        update={"training_weight": Decimal(training), "performance_weight": 1 - Decimal(training)}
    )
    assert scored(PRAISED, months=[EIGHTY], policy=policy).score == Decimal(score)


def test_c3_without_work_performance_the_score_is_of_the_training_and_says_so() -> None:
    found = scored(PRAISED)
    assert (found.score, found.coverage, found.missing) == (
        Decimal("94.00"),
        Decimal("0.30"),
        ("performance",),
    )


def test_c3_without_training_the_score_is_of_the_performance_and_says_so() -> None:
    found = scored(months=[EIGHTY])
    assert (found.score, found.coverage, found.missing) == (Decimal("80.00"), Decimal("0.70"), ("training",))


def test_c3_what_was_not_measured_is_not_zero() -> None:
    found = scored()
    assert (found.score, found.coverage, found.missing) == (None, Decimal(0), ("training", "performance"))
    assert (found.training, found.performance, found.months) == (None, None, ())


def test_c3_a_part_that_weighs_nothing_is_not_missed() -> None:
    policy = POLICY.model_copy(update={"training_weight": Decimal(0), "performance_weight": Decimal(1)})
    assert scored(policy=policy).missing == ("performance",)
    found = scored(PRAISED, policy=policy)
    assert (found.score, found.coverage, found.training) == (None, Decimal(0), Decimal("94.00"))


# --- a course ---------------------------------------------------------------------------------------------------------


def test_c4_a_completed_course_with_its_exam_and_praise_counts_94() -> None:
    assert course(scored(PRAISED), "negotiation").score == Decimal("94.00")


@pytest.mark.parametrize(
    ("told", "score"),
    [
        ({"percent": 100}, "100.00"),
        ({"exam": 85}, "85.00"),
        ({"review": "没有明显提升"}, "40.00"),
        ({"percent": 100, "exam": 85}, "92.50"),
        ({"percent": 100, "exam": "85.01"}, "92.51"),
        ({"percent": 100, "review": IMPROVED}, "100.00"),
        ({"percent": 0, "exam": 0}, "0.00"),
        ({"exam": 70, "review": "按时参加"}, "70.00"),
    ],
)
def test_c3_a_course_is_the_mean_of_what_is_there_rounded_half_up(told: dict[str, Any], score: str) -> None:
    assert (
        str(course(scored(fact("orientation", local(3), **told), now=ALL_DUE), "orientation").score) == score
    )


def test_c3_a_course_counts_by_its_weight() -> None:
    found = scored(PRAISED, fact("orientation", local(3), 100, 100))
    assert found.training == Decimal("96.00"), "(2 x 94 + 100) / 3"


@pytest.mark.parametrize(
    ("percent", "now", "counted"),
    [
        (79, local(5, 17, 59), None),
        (79, local(5, 18), Decimal(79)),
        (100, local(5, 17, 59), Decimal(100)),
        (0, local(5, 18), Decimal(0)),
        (None, local(5, 18), None),
    ],
)
def test_c3_completion_counts_once_the_course_is_complete_or_due(
    percent: int | None, now: datetime, counted: Decimal | None
) -> None:
    """... and the exam at once."""
    found = course(scored(fact("orientation", local(3), percent, 60), now=now), "orientation")
    assert (found.standing, found.completion, found.exam) == (Standing.COUNTED, counted, Decimal(60))


@pytest.mark.parametrize(
    ("facts", "now", "standing"),
    [
        ([], BEFORE_ANY_DUE, Standing.NOT_DUE),
        ([], ALL_DUE, Standing.NOTHING_TOLD),
        ([fact("orientation", local(3), 50)], BEFORE_ANY_DUE, Standing.NOT_DUE),
        ([fact("orientation", local(3), 50)], ALL_DUE, Standing.COUNTED),
    ],
)
def test_c3_why_a_course_counts_or_not(
    facts: list[CourseProgressed], now: datetime, standing: Standing
) -> None:
    assert course(scored(*facts, now=now), "orientation").standing is standing


def test_c3_what_was_taken_out_or_is_due_after_the_probation_does_not_count() -> None:
    items = [
        replace(one, removed_by="seasoned") if one.item_id == "role-play" else one
        for one in PLAN.items
        if one.item_id in ("role-play", "negotiation")
    ]
    items[0] = replace(items[0], due_on=ENDS_ON)
    items.append(replace(PLAN.items[0], due_on=ENDS_ON + timedelta(days=1)))
    plan = replace(PLAN, items=tuple(items))
    done = [fact(one.item_id, local(3), 100, 50) for one in items]
    found = scored(*done, plan=plan)
    assert [(one.item_id, one.standing, one.score) for one in found.courses] == [
        ("negotiation", Standing.COUNTED, Decimal("75.00")),
        ("role-play", Standing.REMOVED, None),
        ("orientation", Standing.AFTER_PROBATION, None),
    ]
    assert found.training == Decimal("75.00")


def test_c3_what_counts_of_a_course_is_the_tenants() -> None:
    policy = ProbationPolicy.model_validate({"course": {"completion": "0", "exam": "1", "mentor": "0"}})
    found = course(scored(PRAISED, policy=policy), "negotiation")
    assert (found.score, found.completion) == (Decimal("85.00"), Decimal(100))
    only_completed = course(scored(fact("orientation", local(3), 100), policy=policy), "orientation")
    assert only_completed.score is None


# --- the months -------------------------------------------------------------------------------------------------------


def test_c3_the_months_of_the_probation_count_oldest_first_on_any_scale() -> None:
    months = [
        MonthlyPerformance("2026-06", Decimal("4.5"), Decimal(5)),
        MonthlyPerformance("2026-02", Decimal(0), Decimal(100)),
        MonthlyPerformance("2026-03", Decimal(2), Decimal(3)),
        MonthlyPerformance("2026-07", Decimal(0), Decimal(100)),
    ]
    found = scored(months=months)
    assert found.months == (months[2], months[0])
    assert [str(one.percent) for one in found.months] == ["66.67", "90.00"]
    assert str(found.performance) == "78.34", "half up"


@pytest.mark.parametrize(
    ("starts_on", "months", "ends_on"),
    [
        (date(2026, 3, 2), 3, date(2026, 6, 1)),
        (date(2026, 3, 1), 6, date(2026, 8, 31)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2026, 7, 2), 6, date(2027, 1, 1)),
        (date(2026, 11, 28), 3, date(2027, 2, 27)),
        (date(2026, 11, 29), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
    ],
)
def test_c3_a_probation_ends_on_the_day_before(starts_on: date, months: int, ends_on: date) -> None:
    assert probation_ends_on(starts_on, months) == ends_on


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 6))
def test_c3_who_starts_later_ends_no_earlier(starts_on: date, months: int) -> None:
    ends_on = probation_ends_on(starts_on, months)
    assert ends_on <= probation_ends_on(starts_on + timedelta(days=1), months)
    assert ends_on < probation_ends_on(starts_on, months + 1)
    assert timedelta(days=27) <= (ends_on - starts_on) / months <= timedelta(days=31)


# --- the policy -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("review", "rating"),
    [
        (IMPROVED, by_rule("much_better", 100)),
        ("谈判技巧没有明显提升", by_rule("no_better", 40)),
        ("表达有所提升", by_rule("better", 80)),
        ("有所提升,谈判明显提升", by_rule("much_better", 100)),
        ("按时参加", None),
    ],
)
def test_c4_a_review_counts_by_the_first_rule_that_holds(review: str, rating: Rating | None) -> None:
    assert rate(review) == Rated(rating)


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({"training_weight": "0.4"}, "training_weight and performance_weight should add up to 1"),
        ({"course": {"mentor": "0.3"}}, "completion, exam and mentor should add up to 1"),
        ({"months": 7}, "less than or equal to 6"),
        ({"mentor": [{"id": "x", "present": ["提升(?!不)"], "score": 1}]}, "looks ahead"),
        (
            {"mentor": {"rules": [{"id": "x", "present": ["提升"], "score": 101}]}},
            "less than or equal to 100",
        ),
        (
            {"mentor": {"scale": [level.model_dump() for level in POLICY.mentor.scale][:4]}},
            "at least 5 items",
        ),
        (
            {"mentor": {"scale": [level.model_dump() for level in POLICY.mentor.scale][::-1]}},
            "cannot count less than a lower one",
        ),
    ],
)
def test_c3_a_policy_that_does_not_add_up_is_refused(policy: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ProbationPolicy.model_validate(policy)


# --- recomputed -------------------------------------------------------------------------------------------------------

percents = st.none() | st.decimals(0, 100, places=2)
facts_told = st.builds(
    lambda item_id, percent, exam, review: fact(item_id, local(3), percent, exam, review),
    st.sampled_from([one.item_id for one in PLAN.items]),
    percents,
    percents,
    st.none() | st.sampled_from([IMPROVED, "没有明显提升", "有所提升", "按时参加"]),
)
performances = st.builds(
    lambda month, score, more: MonthlyPerformance(f"2026-{month:02}", score, score + more),
    st.integers(1, 12),
    st.decimals(0, 100, places=2),
    st.decimals("0.01", 50, places=2),
)


def _mean(parts: list[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    there = [(Fraction(weight), Fraction(score)) for weight, score in parts if score is not None and weight]
    if not there:
        return None
    exact = sum(weight * score for weight, score in there) / sum(weight for weight, _ in there)
    return Decimal(int(exact * 100 + Fraction(1, 2))) / 100


@examples(300)
@given(
    st.lists(facts_told, max_size=8),
    st.lists(performances, max_size=5, unique_by=lambda one: one.month),
    st.integers(0, 100),
    st.integers(0, 31),
)
def test_c3_the_score_can_be_recomputed_from_its_trace(
    facts: list[CourseProgressed], months: list[MonthlyPerformance], weight: int, days: int
) -> None:
    policy = POLICY.model_copy(
        update={"training_weight": Decimal(weight) / 100, "performance_weight": 1 - Decimal(weight) / 100}
    )
    now = local(2) + timedelta(days=days)
    found = scored(*facts, months=months, policy=policy, now=now)
    own = policy.course
    for one in found.courses:
        parts = [(own.completion, one.completion), (own.exam, one.exam), (own.mentor, one.mentor)]
        assert one.score == _mean(parts)
        assert (one.score is not None) == (one.standing is Standing.COUNTED)
    assert found.training == _mean([(one.weight, one.score) for one in found.courses])
    assert found.performance == _mean([(Decimal(1), one.percent) for one in found.months])
    parts = [(policy.training_weight, found.training), (policy.performance_weight, found.performance)]
    assert found.score == _mean(parts)
    counted = sum(one.weight for one in found.courses if one.standing is Standing.COUNTED)
    untold = sum(one.weight for one in found.courses if one.standing is Standing.NOTHING_TOLD)
    told = [Decimal(counted) / (counted + untold) if counted else Decimal(0), Decimal(1)]
    there = [weight * share for (weight, score), share in zip(parts, told, strict=True) if score is not None]
    assert found.coverage == sum(there, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert found.score is None or 0 <= found.score <= 100
    assert scored(*facts, months=months[::-1], policy=policy, now=now) == found
