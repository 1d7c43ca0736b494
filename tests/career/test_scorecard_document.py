"""The document of a balanced scorecard (F6): what hangs together, and what does not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from rencai.career.rules.scorecard import Scorecard, score
from tests.career.scorecard_builders import RULES, both, of


def metric(**changed: Any) -> dict[str, Any]:
    return {
        "id": "sales",
        "name": both("销售额"),
        "weight": 1,
        "compared_with": "target",
        "curve": [[0, 0], [1, 10]],
    } | changed


def card(*metrics: dict[str, Any], **changed: Any) -> dict[str, Any]:
    whole = {"id": "all", "name": both("全部"), "weight": 1, "metrics": list(metrics) or [metric()]}
    grades = [
        {"id": "good", "name": both("好"), "at_least": 5},
        {"id": "poor", "name": both("差"), "at_least": 0},
    ]
    return {"perspectives": [whole], "grades": grades} | changed


def incentive(**told: Any) -> list[dict[str, Any]]:
    return [{"id": "bonus", "name": both("奖金")} | told]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (card(metric(weight=0.9)), "the weights of the metrics of 'all' should add up to 1"),
        (
            card(metric(weight=0.6), metric(id="acos", weight=0.6)),
            "the weights of the metrics of 'all' should add up to 1",
        ),
        (card(metric(weight=0.5), metric(weight=0.5)), "two metrics have the same id"),
        (
            card(perspectives=[card()["perspectives"][0] | {"weight": 0.5}]),
            "the weights of the perspectives should add up to 1",
        ),
        (
            card(perspectives=[card()["perspectives"][0] | {"weight": 0.5}] * 2),
            "two perspectives have the same id",
        ),
        (card(metric(curve=[[1, 10], [1, 5]])), "the ratios of the curve should rise"),
        (card(metric(curve=[[0, 0], [1, 11]])), "less than or equal to 10"),
        (card(metric(curve=[[0, 0]])), "at least 2 items"),
        (card(metric(reference=5)), "a reference goes with compared_with: fixed"),
        (card(metric(compared_with="fixed")), "a reference goes with compared_with: fixed"),
        (card(grades=card()["grades"][:1]), "the last is at_least 0"),
        (card(grades=card()["grades"][::-1]), "grades go from the best down"),
        (card(low=5, high=5), "low should be below high"),
        (
            card(incentives=incentive(when=[{"metric": "acos", "at_most": 5}])),
            "incentive 'bonus': there is no 'acos'",
        ),
        (card(incentives=incentive(grades=["best"])), "incentive 'bonus': there is no 'best'"),
        (card(incentives=incentive() * 2), "two incentives have the same id"),
        (
            card(incentives=incentive(when=[{"metric": "sales", "at_most": 5, "at_least": 1}])),
            "either at_least or at_most",
        ),
    ],
)
def test_a_scorecard_that_does_not_hang_together_is_refused(told: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Scorecard.model_validate(told)


def test_a_small_scorecard_is_accepted() -> None:
    small = Scorecard.model_validate(card(incentives=incentive(grades=["good"])))
    scored = score(small, {"sales": of(5, target=10)})
    assert (scored.score, scored.grade, scored.incentive) == (
        Decimal(5),
        small.grades[0],
        small.incentives[0],
    )
    assert replace(scored.metric("sales"), rule=RULES["sales"]).ratio == Decimal("0.5")
