"""What the balanced scorecard is measured by (F6): the months, their targets, and the training."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from rencai.career.rules.scorecard import Measured, measured, training_completion
from rencai.employees.rules.performance import Metric, MonthlyPerformance
from rencai.employees.rules.records import LearningRecord
from rencai.pressure.rules.company import MonthFigures
from rencai.training.rules.courses import Enrolment, Told
from rencai.training.rules.plan import PlanItem, PlanStatus, Reason, ReasonKind, TrainingPlan
from tests.career.scorecard_builders import CARD, ROLE, RULES, of

NOON: Final = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY: Final = date(2026, 11, 22)


def month(*metrics: Metric) -> MonthlyPerformance:
    return MonthlyPerformance("2026-11", None, Decimal(100), metrics)


def test_values_are_the_months_with_its_targets_and_the_companys_means() -> None:
    told = month(
        Metric("acos", Decimal(35)),
        Metric("lateness", Decimal(3)),
        Metric("sales", Decimal(18_000), Decimal(18_000), "USD"),
    )
    company = MonthFigures(
        Decimal(7), {"acos": Decimal(25), "sales:CNY": Decimal(90_000), "sales:USD": Decimal(15_000)}
    )
    assert measured(CARD, told, company, Decimal(100)) == {
        **dict.fromkeys(RULES, Measured()),
        "acos": of(35, company=25),
        "sales": Measured(Decimal(18_000), Decimal(18_000), Decimal(15_000), "USD"),
        "training_completion": of(100),
    }
    assert measured(CARD, None, None, None) == dict.fromkeys(RULES, Measured())


def test_a_completion_that_the_month_tells_of_counts_and_not_the_computed_one() -> None:
    told = month(Metric("training_completion", Decimal(40)))
    assert measured(CARD, told, None, Decimal(100))["training_completion"] == of(40)


def item(item_id: str, due_at: datetime, kind: ReasonKind = ReasonKind.REQUIRED, **more: Any) -> PlanItem:
    return PlanItem(item_id, (Reason(kind, "rule"),), TODAY, due_at.date(), due_at, NOON, **more)


def enrolment(item_id: str, percent: str | None) -> Enrolment:
    told = Told(f"{Decimal(percent):010.4f}", NOON) if percent is not None else None
    return Enrolment("emp_1", item_id, f"enr-{item_id}", NOON, told)


def completion(
    items: list[tuple[PlanItem, str | None]], learnt: list[LearningRecord] | None = None
) -> Decimal | None:
    plan = TrainingPlan(
        "emp_1", ROLE, "aiview/itv-1", None, PlanStatus.ASSIGNED, TODAY, 1, 1, tuple(one for one, _ in items)
    )
    enrolments = {one.item_id: enrolment(one.item_id, percent) for one, percent in items}
    return training_completion(plan, enrolments, learnt or [], NOON, TODAY)


def test_training_is_the_mean_of_what_is_complete_or_was_due() -> None:
    later = NOON + timedelta(seconds=1)
    assert completion(
        [
            (item("due", NOON), "70"),
            (item("complete", later), "100"),
            (item("runs", later), "20"),
            (item("untold", NOON), None),
            (item("help", NOON, ReasonKind.WARNING), "0"),
            (item("support", NOON, ReasonKind.SUPPORT), "0"),
            (item("taken-out", NOON, removed_by="rule"), "0"),
        ]
    ) == Decimal(85)
    assert completion([(item("a", NOON), "0"), (item("b", NOON), "0"), (item("c", NOON), "100")]) == Decimal(
        "33.33"
    )
    assert completion([(item("runs", later), "20")]) is None
    assert completion([]) is None


def test_without_a_plan_training_is_what_earlier_systems_tell_up_to_the_month() -> None:
    def learnt(percent: int, on: date | None) -> LearningRecord:
        return LearningRecord("基础运营", Decimal(percent), None, on)

    told = [learnt(100, TODAY), learnt(50, None), learnt(0, TODAY + timedelta(days=1))]
    assert training_completion(None, {}, told, NOON, TODAY) == 75
    assert training_completion(None, {}, told[2:], NOON, TODAY) is None
    # With a plan they do not count.
    assert completion([(item("due", NOON), "10")], told) == 10
