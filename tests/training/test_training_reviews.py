"""Plans reviewed: adapted, warned about and scored (C3, C4, C5), on a table in memory."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.training.rules.plan import WarningStatus
from rencai.training.rules.probation import PROBATION_POLICY, ProbationPolicy
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES, CourseCatalogue, TrainingRules
from rencai.training.store.plans import Scored
from tests.builders import EMPLOYEE
from tests.training.memory_office import CLEARED_AT, EXAM_WARNING, NEGOTIATOR, Office, current
from tests.training.training_builders import (
    CATALOGUE,
    IMPROVED,
    POLICY,
    RULES_DOCUMENT,
    STARTS_ON,
    learner,
    local,
)

MARCH = MonthlyPerformance("2026-03", Decimal(80), Decimal(100))


# --- review -----------------------------------------------------------------------------------------------------------


def test_who_has_no_plan_or_a_draft_is_not_reviewed(office: Office) -> None:
    assert office.reviews(local(3)) is None
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    office.unchanged(lambda: office.reviews(local(31)))
    assert office.reviews(local(31)) is None


def test_a_review_without_news_writes_nothing(office: Office) -> None:
    office.assigned()
    office.unchanged(lambda: office.reviews(local(3)))


def test_c4_c5_a_review_adapts_the_plan_warns_and_scores_in_one_write(office: Office) -> None:
    office.assigned()
    office.tells("product-knowledge", local(3), 80)
    office.tells("negotiation", local(3), 10, 60)
    office.table.told.clear()
    writes = office.table.writes
    plan = office.reviews(local(4))
    assert plan is not None
    assert current(plan) == ["orientation", "product-knowledge", "negotiation", "role-play", "product-cases"]
    assert office.table.writes == writes + 1

    def changed(item_id: str, change: str, rule_id: str) -> dict[str, Any]:
        return {
            "item_id": item_id,
            "course_id": item_id,
            "change": change,
            "reason": "progress",
            "rule": rule_id,
        }

    warned = {
        "warning_id": EXAM_WARNING,
        "item_id": "negotiation",
        "course_id": "negotiation",
        "cause": "exam",
        "value": 60.0,
        "threshold": 70.0,
        "times": 1,
    }
    assert office.table.told == [
        (EMPLOYEE, "plan.changed", changed("product-basics", "removed", "basics_known")),
        (EMPLOYEE, "plan.changed", changed("product-cases", "added", "cases")),
        (EMPLOYEE, "training.warning_raised", warned),
        (EMPLOYEE, "probation.scored", {"score": 60.0, "coverage": 0.3, "policy_version": 1}),
    ]
    file = office.plans.get(EMPLOYEE)
    assert file.scored == Scored(Decimal(60), Decimal("0.3"), 1)
    assert file.next_review_at == local(5, 18)
    office.unchanged(lambda: office.reviews(local(4)))


def test_c3_the_score_is_told_when_it_is_another(office: Office) -> None:
    office.assigned()
    assert office.performances.record(EMPLOYEE, MARCH, "hr:1", local(3))
    office.table.told.clear()
    office.reviews(local(3))
    office.unchanged(lambda: office.reviews(local(3)))
    office.tells("negotiation", local(4), 100, 85, IMPROVED)
    office.reviews(local(4))
    scores = [data for _, name, data in office.table.told if name == "probation.scored"]
    assert scores == [
        {"score": 80.0, "coverage": 0.7, "policy_version": 1},
        {"score": 84.2, "coverage": 1.0, "policy_version": 1},
    ]
    file = office.plans.get(EMPLOYEE)
    score, policy = office.training.score(file, local(4))
    assert (score.score, file.scored) == (Decimal("84.20"), Scored(Decimal("84.20"), Decimal(1), 1))
    assert (policy.version, policy.document) == (1, POLICY)


def test_c3_courses_weigh_what_the_catalogue_of_the_plan_says(office: Office) -> None:
    office.assigned()
    office.tells("orientation", local(3), 100, 100)
    office.tells("negotiation", local(3), 100, 85, IMPROVED)
    alike = {
        id_: course.model_copy(update={"weight": Decimal(1)}) for id_, course in CATALOGUE.courses.items()
    }
    office.edits(COURSE_CATALOGUE, CourseCatalogue(courses=alike))
    score, _ = office.training.score(office.plans.get(EMPLOYEE), local(4))
    assert score.training == Decimal("96.00"), "(2 x 94 + 100) / 3, whatever the catalogue says since"


def test_c3_another_policy_counts_from_the_next_review(office: Office) -> None:
    office.warned()
    halves = POLICY.model_copy(
        update={"training_weight": Decimal("0.5"), "performance_weight": Decimal("0.5")}
    )
    office.edits(PROBATION_POLICY, halves)
    office.reviews(local(4))
    assert office.table.told == [
        (EMPLOYEE, "probation.scored", {"score": 60.0, "coverage": 0.5, "policy_version": 2})
    ]


def test_c5_a_plan_is_reviewed_by_the_rules_that_made_it(office: Office) -> None:
    office.assigned()
    office.edits(TRAINING_RULES, TrainingRules.model_validate({**RULES_DOCUMENT, "progress": []}))
    office.tells("product-knowledge", local(3), 80)
    office.reviews(local(4))
    assert "product-cases" in current(office.plan())


def test_a_review_that_is_overtaken_sees_what_the_other_left(office: Office) -> None:
    office.assigned()
    office.tells("negotiation", local(3), 10, 60)

    def overtakes() -> None:
        office.tells("product-knowledge", local(3), 80)
        office.reviews(local(4))

    office.table.told.clear()
    # Ours comes to its write after the other's two.
    office.table.before_put.append(overtakes)
    office.reviews(local(4))
    assert office.table.names().count("training.warning_raised") == 1
    assert office.changed_items() == [("removed", "product-basics"), ("added", "product-cases")]


def test_a_review_that_is_slow_does_not_undo_what_a_faster_one_saw(office: Office) -> None:
    """The faster one found the plan as it should be, wrote nothing, and so did not stop the slow one."""
    office.assigned()
    office.tells("negotiation", local(3), exam=85)
    office.reviews(local(3))
    office.tells("negotiation", local(4), exam=60)

    def retaken_meanwhile() -> None:
        office.tells("negotiation", local(4, 10), exam=85)
        office.reviews(local(4, 10))

    office.table.before_put.append(retaken_meanwhile)
    office.reviews(local(4))
    assert [one.status for one in office.plan().warnings] in ([], [WarningStatus.CLEARED])


def test_c4_a_review_decided_again_does_not_clear_what_has_come_due_meanwhile(office: Office) -> None:
    office.training.assign(learner(role="support"), STARTS_ON, CLEARED_AT)
    office.enrols()
    office.tells("orientation", local(5, 17), exam=90)
    office.table.told.clear()
    office.table.before_put.append(lambda: office.reviews(local(5, 18)))
    office.reviews(local(5, 18) - timedelta(seconds=1))
    assert [name for name in office.table.names() if "warning" in name] == ["training.warning_raised"]


# --- the end of the probation -----------------------------------------------------------------------------------------


def test_c3_an_ended_probation_keeps_its_score_whatever_comes_later(office: Office) -> None:
    office.assigned()
    office.tells("product-knowledge", local(3), 100, 80)
    office.performances.record(EMPLOYEE, MARCH, "hr:1", local(31))
    office.reviews(local(31))
    over = local(2, 0, month=6)
    office.reviews(over - timedelta(seconds=1))
    running = office.plans.get(EMPLOYEE)
    assert running.scored is not None
    assert (running.scored.final, running.next_review_at) == (False, over)

    office.reviews(over)
    ended = office.plans.get(EMPLOYEE)
    assert ended.scored == replace(running.scored, final=True)
    assert ended.next_review_at is None
    assert EMPLOYEE not in office.plans.due(local(1, month=7), 10)
    office.edits(
        PROBATION_POLICY,
        ProbationPolicy(training_weight=Decimal(1), performance_weight=Decimal(0), months=6),
    )
    office.tells("negotiation", over + timedelta(days=1), 100, 20)
    office.performances.record(EMPLOYEE, replace(MARCH, score=Decimal(1)), "hr:1", over)
    office.table.told.clear()
    office.reviews(over + timedelta(days=2))
    later = office.plans.get(EMPLOYEE)
    assert later.scored == ended.scored
    shown, policy = office.training.score(later, over + timedelta(days=3))
    assert (shown.score, shown.coverage) == (ended.scored.score, ended.scored.coverage)
    assert policy.document == POLICY
    assert "probation.scored" not in [name for _, name, _ in office.table.told]
