"""An intervention that was opened, and the card of its employee before and after."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey
from rencai.pressure.rules.card import NO_WORDS, make_card
from rencai.pressure.rules.intervention import (
    INTERVENTION_CATALOGUE,
    Intervention,
    InterventionCatalogue,
    Outcome,
    closed,
    measures,
)
from rencai.pressure.rules.policy import RISK_POLICY, RiskPolicy, SignalKind
from rencai.pressure.rules.scan import measured
from tests.builders import EMPLOYEE
from tests.pressure.spoken import UNSPOKEN, words
from tests.shipped import SHIPPED

SHIPPED_POLICY = cast(RiskPolicy, SHIPPED[RISK_POLICY, "default"])
ACTIONS = cast(InterventionCatalogue, SHIPPED[INTERVENTION_CATALOGUE, "default"])
OPENED_ON = date(2026, 11, 23)
"""A Monday, the first day of week 48."""
FOUR_WEEKS_LATER = OPENED_ON + timedelta(days=28)
K = SignalKind


def weeks(hours: int, first: int, count: int = 4) -> list[AttendanceWeek]:
    return [AttendanceWeek(f"2026-W{number}", Decimal(hours), None) for number in range(first, first + count)]


def months(**scores: int | str) -> list[MonthlyPerformance]:
    """``m08=9`` is a 9 of 10 in August."""
    return [
        MonthlyPerformance(f"2026-{month[1:]}", Decimal(score), Decimal(10))
        for month, score in scores.items()
    ]


def sick(first: date, days: int) -> Leave:
    return Leave(f"QJ-{first}", LeaveKind.SICK, first, first + timedelta(days=days - 1), Decimal(days))


def survey(month: str, score: int) -> Survey:
    return Survey(month, (("workload", score),))


BEFORE: dict[str, Any] = {
    "weeks": weeks(55, 44),
    "leave": [sick(date(2026, 11, 4), 2), sick(date(2026, 11, 17), 2)],
    "months": months(m08=9, m09=8, m10=6),
    "survey": survey("2026-11", 2),
    "words": words("pressure", "strained"),
}
AFTER: dict[str, Any] = BEFORE | {
    "weeks": [*weeks(55, 44), *weeks(40, 48)],
    "months": [*BEFORE["months"], *months(m11=8)],
    "survey": survey("2026-12", 4),
    "words": UNSPOKEN,
}


def card(today: date = FOUR_WEEKS_LATER, left_on: date | None = None, **facts: Any) -> bytes:
    told: dict[str, Any] = {"weeks": [], "leave": [], "months": [], "survey": None, "words": NO_WORDS} | facts
    return make_card(
        told["weeks"], told["leave"], told["months"], told["survey"], told["words"], left_on, today
    )


def opened(facts: dict[str, Any] | None = None, policy: RiskPolicy = SHIPPED_POLICY) -> Intervention:
    """Opened from an alert that says what is raised by ``facts``."""
    before = card(OPENED_ON, **(BEFORE if facts is None else facts))
    judged = measured(policy, before, OPENED_ON)
    assert judged
    return Intervention(
        intervention_id="int_01ABC_20261122_1",
        alert_id="alr_01ABC_20261122",
        employee_id=EMPLOYEE,
        actions=("redistribute_work", "support_training"),
        owner="李经理",
        due_on=date(2026, 12, 21),
        opened_on=OPENED_ON,
        opened_at=datetime(2026, 11, 23, 1, tzinfo=UTC),
        opened_by="hr:1",
        level=judged.level,
        signals=judged.signals,
        before=measures(policy, before, OPENED_ON),
        policy_version=1,
        request="req-1",
        asked="digest",
    )


def ended(
    facts: dict[str, Any],
    intervention: Intervention | None = None,
    today: date = FOUR_WEEKS_LATER,
    left_on: date | None = None,
    policy: RiskPolicy = SHIPPED_POLICY,
) -> Intervention:
    now = datetime.combine(today, datetime.min.time(), UTC)
    told = card(today, left_on, **facts)
    return closed(intervention or opened(), policy, 2, told, left_on, "hr:2", "req-2", now, today)


def came_to(facts: dict[str, Any], *args: Any, **more: Any) -> tuple[Outcome, tuple[SignalKind, ...]]:
    closing = ended(facts, *args, **more).closing
    assert closing
    return closing.outcome, closing.not_measured
