"""Plans drafted and assigned (C1), and what the rules say about themselves, on a table in memory."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rencai.interviews.rules.profile import CompetencyScore, FacialPolicy, Profile
from rencai.kernel.errors import LostRace, NotFound
from rencai.training.planning import gaps_of
from rencai.training.rules.plan import Gap, PlanStatus, make_plan
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES, CourseCatalogue, TrainingRules
from tests.builders import EMPLOYEE
from tests.training.memory_office import CLEARED_AT, NEGOTIATOR, Office, current
from tests.training.training_builders import (
    CALENDAR,
    CATALOGUE,
    RULES,
    RULES_DOCUMENT,
    STARTS_ON,
    assign,
    learner,
    local,
    texts,
)

# --- draft ------------------------------------------------------------------------------------------------------------


def test_c1_the_gaps_are_the_measured_areas_to_improve() -> None:
    def score(id_: str, value: int | None) -> CompetencyScore:
        return CompetencyScore(id_, Decimal("0.25"), value, value)

    profile = Profile(
        role="sales",
        model_id="sales",
        model_version=1,
        facial_policy=FacialPolicy.IGNORE,
        overall=Decimal(80),
        overall_without_facial=Decimal(80),
        coverage=Decimal("0.75"),
        qualifies=True,
        competencies=(
            score("execution", 90),
            score("negotiation", 70),
            score("learning", None),
            score("empathy", 60),
        ),
        strengths=("execution",),
        improve=("empathy", "negotiation", "learning"),
        inputs_digest="d",
    )
    assert gaps_of(profile) == (Gap("negotiation", 70), Gap("empathy", 60))


def test_c1_a_candidate_can_expect_a_plan_that_nobody_is_told_of(office: Office) -> None:
    plan = office.training.draft(NEGOTIATOR, CLEARED_AT)
    expected = make_plan(NEGOTIATOR, RULES, (1, 1), STARTS_ON, PlanStatus.DRAFT, CALENDAR)
    assert plan == expected
    assert office.plan() == replace(expected, version=1)
    assert (office.table.told, office.plans.due(local(31), 10)) == ([], [])


def test_c1_the_first_day_is_a_working_day_where_the_tenant_is(office: Office) -> None:
    assert office.training.first_day(CLEARED_AT) == STARTS_ON
    assert office.training.first_day(local(13, 23, 59, month=2)) == date(2026, 2, 27), "a Friday"
    assert office.training.first_day(local(14, 0, 0, month=2)) == STARTS_ON, "the 28th is a Saturday"


def test_c1_the_same_draft_again_is_not_written(office: Office) -> None:
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    office.unchanged(lambda: office.training.draft(NEGOTIATOR, CLEARED_AT + timedelta(hours=3)))


def test_c1_a_draft_is_made_again_when_another_interview_counts(office: Office) -> None:
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    office.training.draft(replace(learner(), profile_of="aiview/itv-2"), CLEARED_AT)
    plan = office.plan()
    assert (plan.profile_of, plan.version, current(plan)) == (
        "aiview/itv-2",
        2,
        ["orientation", "product-knowledge", "product-basics"],
    )


def test_c1_a_draft_leaves_an_assigned_plan_alone(office: Office) -> None:
    office.assigned()
    office.unchanged(lambda: office.training.draft(learner(), CLEARED_AT))


def test_c1_a_draft_that_is_overtaken_by_the_onboarding_leaves_its_plan_alone(office: Office) -> None:
    office.table.before_put.append(lambda: office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT))
    plan = office.training.draft(learner(), CLEARED_AT)
    assert (plan.status, office.plan()) == (PlanStatus.ASSIGNED, plan)


# --- assign -----------------------------------------------------------------------------------------------------------


def test_c1_the_plan_is_assigned_once_and_its_dates_are_watched(office: Office) -> None:
    plan = office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    assert plan == make_plan(NEGOTIATOR, RULES, (1, 1), STARTS_ON, PlanStatus.ASSIGNED, CALENDAR)
    assert office.table.told == [(EMPLOYEE, "plan.assigned", {"role": "sales", "items": 5})]
    assert office.plans.get(EMPLOYEE).next_review_at == local(5, 18)
    office.unchanged(lambda: office.training.assign(learner(), date(2026, 4, 1), local(3)))


def test_c1_a_plan_is_assigned_by_the_rules_of_the_day(office: Office) -> None:
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    newer = TrainingRules.model_validate({**RULES_DOCUMENT, "required": []})
    office.edits(TRAINING_RULES, newer)
    plan = office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    assert (plan.rules_version, current(plan)) == (2, ["negotiation", "role-play"])
    assert office.plan() == replace(plan, version=2)


@pytest.mark.parametrize("course", ["role-play", "product-cases", "exam-clinic"])
def test_c1_no_plan_is_made_while_a_rule_names_a_course_the_catalogue_has_not(
    office: Office, course: str
) -> None:
    """... be it one that the plan begins with, may come to have, or that may be proposed."""
    courses = {id_: known for id_, known in CATALOGUE.courses.items() if id_ != course}
    office.edits(COURSE_CATALOGUE, CourseCatalogue(courses=courses))
    with pytest.raises(NotFound, match=f"course {course}"):
        office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    assert office.plans.find(EMPLOYEE) is None


def test_a_race_that_is_lost_twice_is_lost(office: Office) -> None:
    def others() -> None:
        office.plans.save(
            replace(office.plan(), style="visual" if office.plan().style is None else None),
            [],
            None,
            None,
            CLEARED_AT,
        )

    office.training.draft(NEGOTIATOR, CLEARED_AT)
    # Each of our tries is overtaken, and whoever overtakes is not.
    office.table.before_put.extend([others, lambda: None, others, lambda: None])
    with pytest.raises(LostRace):
        office.training.draft(learner(), CLEARED_AT)


# --- what the rules say about themselves ------------------------------------------------------------------------------


def test_every_course_that_a_rule_names_can_be_explained() -> None:
    assert RULES.why("can_not_negotiate").zh_cn == "can_not_negotiate"
    assert RULES.why("coach").text("zh-CN") == "线下辅导"
    with pytest.raises(KeyError):
        RULES.why("nobody")
    assert RULES.courses() <= set(CATALOGUE.courses)
    assert {"product-cases", "offline-coaching", "role-play", "negotiation"} <= RULES.courses()


def test_a_rule_and_a_proposal_have_different_ids() -> None:
    required = [{"id": "coach", "why": texts("x"), "add": [assign("orientation", 1)]}]
    with pytest.raises(ValueError, match="'coach' is the id of two"):
        TrainingRules.model_validate({**RULES_DOCUMENT, "required": required})
