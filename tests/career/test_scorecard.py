"""The balanced scorecard (F6): points, renormalisation, grade, incentive; with the scorecard that is shipped."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.career.rules.scorecard import (
    Lacking,
    Measured,
    MetricRule,
    Scorecard,
    Scored,
    grade_text,
    lacking_text,
    reason_text,
    score,
)
from rencai.training.rules.rules import COURSE_CATALOGUE
from tests.career.scorecard_builders import CARD, RULES, both, of
from tests.shipped import ShippedConfigurations

CATALOGUE: Final = ShippedConfigurations().latest(COURSE_CATALOGUE).document


THE_EXAMPLE: Final = {
    "sales": of(18_000, target=18_000),
    "acos": of(35, company=25),
    "satisfaction": of(90),
    "training_completion": of(100),
}


def points(scored: Scored) -> dict[str, Decimal]:
    return {
        metric.rule.id: metric.points
        for part in scored.perspectives
        for metric in part.metrics
        if metric.points is not None
    }


# --- F6, the worked example -------------------------------------------------------------------------------------------


def test_f6_the_worked_example_is_eight_and_a_half_which_is_excellent() -> None:
    scored = score(CARD, THE_EXAMPLE)
    assert scored.score == Decimal("8.5")
    assert scored.grade is not None
    assert (scored.grade.id, scored.grade.name.zh_cn) == ("excellent", "优秀")
    assert points(scored) == {"sales": 10, "satisfaction": 9, "acos": 4, "training_completion": 10}
    assert {part.perspective.id: (part.score, part.share) for part in scored.perspectives} == {
        "financial": (Decimal(10), Decimal("0.4")),
        "customer": (Decimal(9), Decimal("0.3")),
        "internal_process": (Decimal(4), Decimal("0.2")),
        "learning": (Decimal(10), Decimal("0.1")),
    }
    assert (grade_text(scored, "zh-CN"), grade_text(scored, "en")) == (
        "综合得分 8.5(优秀)",
        "a score of 8.5 (excellent)",
    )


def test_f6_the_worked_example_recommends_senior_operations_training_and_says_why() -> None:
    scored = score(CARD, THE_EXAMPLE)
    assert scored.incentive is not None
    said = {
        language: f"{reason_text(CARD, scored, language)} → {scored.incentive.name.text(language)}"
        for language in ("zh-CN", "en")
    }
    assert said == {
        "zh-CN": "客户满意度和培训优秀,ACoS 偏高 → 高级运营培训(广告投放)",
        "en": "satisfaction and training excellent, ACoS high → senior operations training (advertising)",
    }
    course = CATALOGUE.courses[scored.incentive.course or ""]
    assert course.name.zh_cn == "高级运营培训(广告投放)"


def test_f6_what_was_not_told_is_named_and_has_no_weight() -> None:
    scored = score(CARD, THE_EXAMPLE)
    assert [(one.rule.id, one.lacking, one.share) for one in scored.missing] == [
        (id_, Lacking.NOT_TOLD, Decimal(0))
        for id_ in ("gross_margin", "repurchase", "inventory_turnover", "skill_gain")
    ]
    assert {id_: scored.metric(id_).share for id_ in THE_EXAMPLE} == {
        "sales": Decimal("0.4"),
        "satisfaction": Decimal("0.3"),
        "acos": Decimal("0.2"),
        "training_completion": Decimal("0.1"),
    }
    acos = scored.metric("acos")
    assert (acos.reference, acos.ratio) == (Decimal(25), Decimal("1.4"))
    # 0.6 of each perspective is there.
    assert scored.coverage == Decimal("0.6")


def test_f6_the_shipped_scorecard_has_the_weights_and_metrics_of_the_requirement() -> None:
    assert {part.id: (part.weight, [metric.id for metric in part.metrics]) for part in CARD.perspectives} == {
        "financial": (Decimal("0.4"), ["sales", "gross_margin"]),
        "customer": (Decimal("0.3"), ["satisfaction", "repurchase"]),
        "internal_process": (Decimal("0.2"), ["acos", "inventory_turnover"]),
        "learning": (Decimal("0.1"), ["training_completion", "skill_gain"]),
    }


def test_every_course_of_the_shipped_scorecard_is_in_the_catalogue() -> None:
    assert [pair for pair in CARD.named_courses() if pair[1] not in CATALOGUE.courses] == []
    assert ("incentive 'advertising'", "amazon-advertising") in set(CARD.named_courses())


# --- points -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "company", "expected"),
    [
        ("0", "25", "10"),
        ("25", "25", "10"),
        ("27.5", "25", "8.5"),
        ("30", "25", "7"),
        ("35", "25", "4"),
        ("40", "25", "1"),
        ("45", "25", "0.5"),
        ("50", "25", "0"),
        ("200", "25", "0"),
        # 10 - 15 x (10 / 30): a ratio that has no end
        ("40", "30", "5"),
        ("31", "30", "9.5"),
    ],
)
def test_f6_the_curve_of_acos_is_ten_less_fifteen_times_what_is_above_the_companys(
    value: str, company: str, expected: str
) -> None:
    assert RULES["acos"].points(Decimal(value), Decimal(company)) == Decimal(expected)


@pytest.mark.parametrize(("value", "expected"), [("-10", "0"), ("0", "0"), ("62.35", "6.24"), ("120", "10")])
def test_a_curve_is_flat_beyond_its_ends_and_points_are_rounded_half_up(value: str, expected: str) -> None:
    assert RULES["satisfaction"].points(Decimal(value), Decimal(100)) == Decimal(expected)


def test_what_has_nothing_to_be_compared_with_is_missing_and_says_so() -> None:
    scored = score(
        CARD,
        {
            "sales": of(1),
            "gross_margin": of(30, target=30),
            "acos": of(1),
            "repurchase": of(20, company=0),
            "inventory_turnover": of(4, company=-1),
        },
    )
    assert {one.rule.id: one.lacking for one in scored.missing} == {
        "sales": Lacking.NO_TARGET,
        "acos": Lacking.NO_COMPANY_FIGURE,
        "repurchase": Lacking.NO_COMPANY_FIGURE,
        "inventory_turnover": Lacking.NO_COMPANY_FIGURE,
        "satisfaction": Lacking.NOT_TOLD,
        "training_completion": Lacking.NOT_TOLD,
        "skill_gain": Lacking.NOT_TOLD,
    }
    assert (scored.score, scored.coverage) == (Decimal(10), Decimal("0.16"))
    assert lacking_text(Lacking.NO_COMPANY_FIGURE, "en") == "no company figure yet for this month"
    assert lacking_text(Lacking.NO_TARGET, "zh-CN") == "本月没有设定目标"


def test_of_whom_nothing_is_known_there_is_no_score() -> None:
    scored = score(CARD, {})
    assert (scored.score, scored.grade, scored.incentive) == (None, None, None)
    assert scored.coverage == 0
    assert len(scored.missing) == len(CARD.metrics)
    assert reason_text(CARD, scored, "en") == ""
    assert (grade_text(scored, "zh-CN"), grade_text(scored, "en")) == (
        "没有可以计分的指标",
        "nothing to score",
    )


# --- grades and incentives --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("satisfaction", "grade"),
    [
        ("85", "excellent"),
        ("84.9", "good"),
        ("70", "good"),
        ("69.9", "fair"),
        ("50", "fair"),
        ("49.9", "to_improve"),
        ("0", "to_improve"),
    ],
)
def test_a_grade_begins_at_its_bound(satisfaction: str, grade: str) -> None:
    found = score(CARD, {"satisfaction": of(satisfaction)}).grade
    assert found is not None
    assert found.id == grade


@pytest.mark.parametrize(
    ("values", "incentive", "chinese", "english"),
    [
        ({"acos": of(50, company=25)}, "advertising", "ACoS 偏高", "ACoS high"),
        (
            {"acos": of(50, company=25), "satisfaction": of(95), "training_completion": of(80)},
            "advertising",
            "ACoS 偏高",
            "ACoS high",
        ),
        (
            {"inventory_turnover": of(1, company=4), "satisfaction": of(40)},
            "inventory",
            "库存周转偏慢",
            "inventory turnover slow",
        ),
        ({"satisfaction": of(40)}, "customer_service", "客户满意度偏低", "satisfaction low"),
        ({"training_completion": of(40)}, "study_time", "培训未完成", "training behind"),
        ({"sales": of(5, target=10)}, "sales_data", "销售额未达标", "sales below target"),
        ({"sales": of(10, target=10)}, "promotion", "综合得分 10(优秀)", "a score of 10 (excellent)"),
        ({"sales": of(8, target=10)}, "recognition", "综合得分 8(良好)", "a score of 8 (good)"),
        ({"sales": of(6, target=10)}, None, "", ""),
    ],
)
def test_the_first_incentive_that_holds_is_recommended_with_what_it_looks_at(
    values: dict[str, Measured], incentive: str | None, chinese: str, english: str
) -> None:
    scored = score(CARD, values)
    assert (scored.incentive.id if scored.incentive else None) == incentive
    assert (reason_text(CARD, scored, "zh-CN"), reason_text(CARD, scored, "en")) == (chinese, english)


def document() -> dict[str, Any]:
    return CARD.model_dump(by_alias=True)


def test_a_reason_lists_what_is_said_alike_together() -> None:
    rule = {
        "id": "all_round",
        "name": both("全面"),
        "when": [{"metric": id_, "at_least": 0} for id_ in ("sales", "acos", "satisfaction", "skill_gain")]
        + [{"metric": "satisfaction", "at_most": 10}],
    }
    card = Scorecard.model_validate(document() | {"incentives": [rule]})
    values = {
        "sales": of(7, target=10),
        "acos": of(1, company=2),
        "satisfaction": of(90),
        "skill_gain": of(20),
    }
    scored = score(card, values)
    assert reason_text(card, scored, "zh-CN") == "销售额一般,ACoS、客户满意度和技能提升优秀"
    assert reason_text(card, scored, "en") == "sales fair, ACoS, satisfaction and skill gain excellent"


# --- properties -------------------------------------------------------------------------------------------------------


figures = st.decimals(-1000, 1000, places=4)
references = st.decimals("0.0001", 1000, places=4)
measures = st.builds(Measured, st.none() | figures, st.none() | references, st.none() | references)
everything = st.dictionaries(st.sampled_from(sorted(RULES)), measures)


@given(everything)
def test_a_score_is_between_nought_and_ten_and_its_shares_are_one(values: dict[str, Measured]) -> None:
    scored = score(CARD, values)
    assert 0 <= scored.coverage <= 1
    assert (scored.score is None) == (scored.coverage == 0)
    assert (scored.grade is None) == (scored.score is None)
    shares = [metric.share for part in scored.perspectives for metric in part.metrics]
    if scored.score is not None:
        assert 0 <= scored.score <= 10
        # Each is rounded to four decimals.
        assert abs(sum(shares, Decimal(-1))) <= Decimal("0.0004")
        assert len(scored.missing) == len(RULES) - sum(share > 0 for share in shares)
    else:
        assert set(shares) == {0}


@given(everything)
def test_the_trace_can_be_recomputed_by_hand(values: dict[str, Measured]) -> None:
    def mean(parts: list[tuple[Decimal, Decimal | None]]) -> Decimal | None:
        there = [(weight, value) for weight, value in parts if value is not None]
        if not there:
            return None
        exact = sum((weight * value for weight, value in there), Decimal(0)) / sum(
            (weight for weight, _ in there), Decimal(0)
        )
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    scored = score(CARD, values)
    for part in scored.perspectives:
        assert part.score == mean([(one.rule.weight, one.points) for one in part.metrics])
    assert scored.score == mean([(part.perspective.weight, part.score) for part in scored.perspectives])


@given(everything, st.sampled_from(sorted(RULES)))
def test_to_be_told_that_nothing_is_known_of_a_metric_changes_nothing(
    values: dict[str, Measured], id_: str
) -> None:
    without = {known: one for known, one in values.items() if known != id_}
    untold = without | {id_: Measured(None, Decimal(10), Decimal(10))}
    before, after = score(CARD, without), score(CARD, untold)
    assert (before.score, before.coverage, points(before)) == (after.score, after.coverage, points(after))


@given(everything)
def test_the_order_in_which_values_are_told_makes_no_difference(values: dict[str, Measured]) -> None:
    backwards: Mapping[str, Measured] = dict(reversed(values.items()))
    assert score(CARD, values) == score(CARD, backwards)


def _falls(rule: MetricRule) -> bool:
    return rule.curve[-1][1] < rule.curve[0][1]


@given(everything, st.sampled_from(sorted(RULES)), figures, figures, references)
def test_a_better_value_never_has_a_lower_score(
    values: dict[str, Measured], id_: str, one: Decimal, other: Decimal, reference: Decimal
) -> None:
    worse, better = sorted((one, other), reverse=_falls(RULES[id_]))
    low, high = (
        score(CARD, values | {id_: Measured(value, reference, reference)}).score for value in (worse, better)
    )
    assert low is not None
    assert high is not None
    assert low <= high
