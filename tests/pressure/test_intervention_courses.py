"""Interventions (F5): the courses they bring into the plan."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from functions.training.support import support
from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.store.performances import Performances
from rencai.hiring.rules.documents import ONBOARDING_KIT, OnboardingKit
from rencai.kernel.errors import LostRace, NotFound
from rencai.platform.consumer import Retry
from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE, Intervention, InterventionCatalogue
from rencai.pressure.store.interventions import Interventions
from rencai.store.configurations import Configurations, Versioned
from rencai.training.planning import Training, courses_of
from rencai.training.rules.plan import PlanStatus, Reason, ReasonKind, TrainingPlan
from rencai.training.rules.probation import Standing, probation_score
from rencai.training.rules.review import review_plan
from rencai.training.rules.rules import COURSE_CATALOGUE, CourseCatalogue
from rencai.training.store.plans import TrainingPlans
from tests.builders import EMPLOYEE
from tests.keyed import IDS
from tests.pressure.measured import ACTIONS, AFTER, ended, opened
from tests.training.training_builders import (
    CALENDAR,
    CATALOGUE,
    POLICY,
    RULES,
    STARTS_ON,
    ZONE,
    KnownConfigurations,
    MemoryTable,
    OpenVault,
    enrolled,
    fact,
    learner,
    local,
    made,
)

# --- the courses of an intervention -----------------------------------------------------------------------------------


FIRST = "int_01ABC_20260310_1"
DUE_ON = date(2026, 3, 27)
COURSES = ("offline-coaching", "product-basics")
WORKER = Employee(EMPLOYEE, "王五", "sales", "上海", STARTS_ON, local(2))


class Office:
    """One tenant's training; the catalogue has gained a course since the plan was made."""

    def __init__(self) -> None:
        self.table = MemoryTable()
        self.configurations = KnownConfigurations(
            course_catalogue=[CATALOGUE],
            training_rules=[RULES],
            probation_policy=[POLICY],
            onboarding_kit=[OnboardingKit(everyone=())],
        )
        self.plans = TrainingPlans(self.table, OpenVault())
        self.performances = Performances(self.table)
        self.training = Training(
            self.plans,
            self.performances,
            self.configurations,
            ZONE,
            lambda: self.configurations.latest(ONBOARDING_KIT).document.starts_after_days,
            IDS,
        )

    def assigned(self) -> TrainingPlan:
        return self.training.assign(learner(("negotiation", 70)), STARTS_ON, local(2))

    def supports(self, *courses: str, employee: Employee = WORKER, about: str = FIRST) -> bool:
        return self.training.support(employee, courses or COURSES, about, DUE_ON, "hr:1", local(10))

    def plan(self) -> TrainingPlan:
        return self.plans.get(EMPLOYEE).plan

    def help(self) -> list[str]:
        return [item.item_id for item in self.plan().items if item.is_help]


@pytest.fixture
def office() -> Office:
    return Office()


def test_f5_the_courses_of_an_intervention_come_into_the_plan(office: Office) -> None:
    before = office.assigned()
    newer = CourseCatalogue(courses={**CATALOGUE.courses, "calm": CATALOGUE.courses["extra-material"]})
    office.configurations.documents[COURSE_CATALOGUE.name].append(newer)
    office.table.told.clear()
    assert office.supports("calm", "product-basics")
    plan = office.plan()
    (added,) = plan.items[len(before.items) :]
    assert added.reasons == (Reason(ReasonKind.SUPPORT, FIRST),)
    assert (added.item_id, added.course_id) == (f"calm~{FIRST}", "calm")
    assert (added.starts_on, added.due_on, added.due_at) == (date(2026, 3, 10), DUE_ON, local(27, 18))
    assert courses_of(plan, office.configurations)[added.item_id] == newer.courses["calm"]
    data = {
        "item_id": added.item_id,
        "course_id": "calm",
        "change": "added",
        "reason": "support",
        "rule": FIRST,
    }
    changes = [(name, data) for _, name, data in office.table.told if name == "plan.changed"]
    assert changes == [("plan.changed", data)]


def test_f5_the_same_again_adds_nothing_and_another_intervention_only_what_is_not_there(
    office: Office,
) -> None:
    office.assigned()
    assert office.supports()
    writes, told = office.table.writes, list(office.table.told)
    assert office.supports()
    assert (office.table.writes, office.table.told) == (writes, told)
    assert office.supports(*COURSES, "extra-material", about="int_01ABC_20260310_2")
    assert office.help() == [
        f"offline-coaching~{FIRST}",
        "extra-material~int_01ABC_20260310_2",
    ]


def test_f5_what_helps_counts_for_nothing_in_the_probation_and_stays(office: Office) -> None:
    before = office.assigned()
    office.supports()
    plan = office.plan()
    item_id = f"offline-coaching~{FIRST}"
    learnt = enrolled(plan, fact("negotiation", local(12), 100, 85), fact(item_id, local(12), 10, 5))
    scores = [
        probation_score(
            one, learnt, {}, [MonthlyPerformance("2026-03", Decimal(8), Decimal(10))], POLICY, local(31)
        )
        for one in (before, plan)
    ]
    assert scores[1].courses[-1].standing is Standing.HELP
    assert replace(scores[1], courses=scores[1].courses[:-1]) == scores[0]
    # A rule takes offline coaching out of the plan of who can negotiate.
    reviewed = review_plan(plan, learnt, RULES, CALENDAR, local(31)).plan
    assert [one.removed_by for one in reviewed.items if one.item_id in ("role-play", item_id)] == [
        "seasoned",
        None,
    ]


def test_f5_who_came_without_a_plan_gets_one_of_these_courses_only(office: Office) -> None:
    assert office.supports()
    plan = office.plan()
    assert (plan.status, plan.role, plan.profile_of, plan.unanswered) == (
        PlanStatus.ASSIGNED,
        "sales",
        "",
        (),
    )
    assert [item.course_id for item in plan.items] == list(COURSES)
    assert office.table.names() == ["plan.assigned", "plan.changed", "plan.changed"]
    assert office.table.told[0][2] == {"role": "sales", "items": 2}
    writes = office.table.writes
    assert office.supports()
    assert office.table.writes == writes


def test_f5_a_probation_that_was_over_before_is_not_scored_now(office: Office) -> None:
    long_here = replace(WORKER, starts_on=date(2020, 1, 6))
    month = MonthlyPerformance("2020-02", Decimal(80), Decimal(100))
    office.performances.record(EMPLOYEE, month, "import", local(2))
    office.table.told.clear()
    assert office.supports(employee=long_here)
    office.training.review(EMPLOYEE, local(31))
    assert "probation.scored" not in office.table.names()
    scored = office.plans.get(EMPLOYEE).scored
    assert scored
    assert (scored.score, scored.final) == (None, True)


def test_f5_a_draft_waits_until_it_is_assigned(office: Office) -> None:
    office.training.draft(learner(), local(2))
    assert not office.supports()
    assert office.plan().status is PlanStatus.DRAFT


def test_f5_a_course_that_nobody_knows_is_not_passed_over(office: Office) -> None:
    office.assigned()
    with pytest.raises(NotFound, match="course yoga"):
        office.supports("offline-coaching", "yoga")
    assert office.help() == []


@pytest.mark.parametrize("has_plan", [True, False])
def test_f5_two_at_once_add_it_once(office: Office, has_plan: bool) -> None:
    if has_plan:
        office.assigned()
    office.table.before_put.append(lambda: office.supports())
    assert office.supports()
    assert office.help().count(f"offline-coaching~{FIRST}") == 1


def test_f5_overtaken_twice_is_for_the_queue(office: Office) -> None:
    office.assigned()

    def overtaken() -> None:
        raise LostRace

    office.table.before_put.extend([overtaken, overtaken])
    with pytest.raises(LostRace):
        office.supports()
    assert office.supports()
    assert office.help() == [f"offline-coaching~{FIRST}"]


def test_f5_a_plan_made_with_support_is_read_as_it_was_written(office: Office) -> None:
    office.assigned()
    office.supports()
    versions = {item.item_id: item.catalogue_version for item in office.plan().items}
    assert versions[f"offline-coaching~{FIRST}"] == 1
    assert {version for id_, version in versions.items() if "~" not in id_} == {None}
    plain = made(("negotiation", 70))
    assert courses_of(plain, office.configurations).keys() == {item.item_id for item in plain.items}
    assert CALENDAR.days.is_working(DUE_ON)


# --- the consumer -----------------------------------------------------------------------------------------------------


class _Kept:
    """An intervention and its employee on record."""

    def __init__(self, intervention: Intervention, employee: Employee | None = WORKER) -> None:
        self._intervention = intervention
        self._employee = employee

    def get(self, id_: str) -> Any:
        return self._intervention if id_ == self._intervention.intervention_id else self._employee


class _Actions:
    @staticmethod
    def latest(kind: object) -> Versioned[InterventionCatalogue]:
        assert kind is INTERVENTION_CATALOGUE
        action = ACTIONS.actions["support_training"].model_copy(update={"courses": COURSES})
        actions = {**ACTIONS.actions, "support_training": action}
        return Versioned("default", 1, ACTIONS.model_copy(update={"actions": actions}))


def acts(office: Office, intervention: Intervention, employee: Employee | None = WORKER) -> None:
    kept = _Kept(intervention, employee)
    support(
        intervention.intervention_id,
        interventions=cast(Interventions, kept),
        employees=cast(Any, kept),
        configurations=cast(Configurations, _Actions()),
        training=office.training,
        now=local(10),
    )


def test_f5_support_training_enrols_and_the_other_actions_do_not(office: Office) -> None:
    office.assigned()
    acts(office, replace(opened(), actions=("comp_leave",)))
    assert office.help() == []
    for _ in range(2):
        acts(office, opened())
    assert office.help() == [f"offline-coaching~{opened().intervention_id}"]


def test_f5_what_is_closed_brings_no_courses_any_more(office: Office) -> None:
    office.assigned()
    acts(office, ended(AFTER))
    assert office.help() == []


def _nobody(office: Office) -> None:
    acts(office, opened(), None)


def _drafted(office: Office) -> None:
    office.training.draft(learner(), local(2))
    acts(office, opened())


@pytest.mark.parametrize(("act", "error"), [(_nobody, NotFound), (_drafted, Retry)])
def test_f5_what_cannot_be_done_yet_is_tried_again(
    office: Office, act: Callable[[Office], None], error: type[Exception]
) -> None:
    with pytest.raises(error):
        act(office)
