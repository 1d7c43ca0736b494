"""The personal plan at its beginning (C1): what every gap brings, and when it is due."""

from dataclasses import replace
from datetime import date

import pytest

from rencai.kernel.work_calendar import WorkCalendar
from rencai.training.rules.plan import Gap, PlanStatus, Reason, ReasonKind, TrainingPlan, make_plan
from tests.builders import EMPLOYEE
from tests.training.plan_builders import NEGOTIATOR, item, ruled
from tests.training.training_builders import CALENDAR, RULES, STARTS_ON, assign, learner, local, made, texts


def required(rule_id: str) -> Reason:
    return Reason(ReasonKind.REQUIRED, rule_id)


def test_c1_negotiation_70_brings_the_online_course_and_the_role_play_workshop() -> None:
    gap = Reason(ReasonKind.GAP, "can_not_negotiate", "negotiation", 70)
    expected = TrainingPlan(
        employee_id=EMPLOYEE,
        role="sales",
        profile_of="aiview/itv-1",
        style=None,
        status=PlanStatus.ASSIGNED,
        starts_on=STARTS_ON,
        rules_version=1,
        catalogue_version=1,
        items=(
            item("orientation", STARTS_ON, date(2026, 3, 5), required("everyone")),
            item("product-knowledge", STARTS_ON, date(2026, 3, 16), required("for_sales")),
            item("product-basics", STARTS_ON, date(2026, 3, 30), required("for_sales")),
            item("negotiation", STARTS_ON, date(2026, 3, 23), gap),
            item("role-play", date(2026, 3, 24), date(2026, 3, 30), gap),
        ),
    )
    assert expected == NEGOTIATOR


def test_c1_data_analysis_65_brings_the_online_course_and_a_mentor() -> None:
    gap = Reason(ReasonKind.GAP, "can_not_analyse", "data_analysis", 65)
    assert made(("data_analysis", 65), role="marketing").items == (
        item("orientation", STARTS_ON, date(2026, 3, 5), required("everyone")),
        item("excel", STARTS_ON, date(2026, 3, 16), gap),
        item("market-report", date(2026, 3, 9), date(2026, 4, 13), gap),
    )


@pytest.mark.parametrize(("score", "answered"), [(75, True), (76, False)])
def test_c1_a_gap_is_answered_up_to_the_score_of_its_rule(score: int, answered: bool) -> None:
    plan = made(("negotiation", score))
    assert (plan.item("negotiation") is not None) is answered
    assert plan.unanswered == (() if answered else (Gap("negotiation", score),))


def test_c1_a_gap_that_no_rule_of_the_role_answers_is_said_to_be_unanswered() -> None:
    plan = made(("negotiation", 40), ("poetry", 10), role="marketing")
    assert [one.item_id for one in plan.items] == ["orientation"]
    assert plan.unanswered == (Gap("negotiation", 40), Gap("poetry", 10))


def test_c1_a_course_that_several_rules_name_is_one_item_due_first() -> None:
    rules = ruled(
        required=[
            {
                "id": "all",
                "why": texts("all"),
                "add": [assign("negotiation", 20), assign("negotiation", 4, 2)],
            }
        ]
    )
    gap = Reason(ReasonKind.GAP, "can_not_negotiate", "negotiation", 70)
    expected = replace(
        item("negotiation", date(2026, 3, 4), date(2026, 3, 6), required("all")),
        reasons=(required("all"), gap),
    )
    assert made(("negotiation", 70), rules=rules).item("negotiation") == expected


def test_c1_days_are_working_days_from_the_first_day_of_work_where_the_tenant_is() -> None:
    days_off = frozenset({date(2026, 3, 3), date(2026, 3, 4)})
    calendar = replace(
        CALENDAR, days=WorkCalendar(days_off=days_off, worked_weekends=frozenset({date(2026, 3, 7)}))
    )
    plan = make_plan(learner(), RULES, (1, 1), date(2026, 3, 3), PlanStatus.DRAFT, calendar)
    (orientation, *_) = plan.items
    assert (orientation.starts_on, orientation.due_on) == (date(2026, 3, 5), date(2026, 3, 9))
    assert orientation.due_at == local(9, 18)
