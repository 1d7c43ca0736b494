"""``check.cleared`` or ``review.decided`` (approve) -> the employee on record, their training plan, and the onboarding
notice that brings it (B6).
"""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.correspondence import Correspondence
from rencai.domain import ids
from rencai.domain.employee import Employee
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.domain.training_plan import Learner, TrainingPlan
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.store.employees import Employees
from rencai.store.interviews import Interviews
from rencai.store.journeys import Journeys
from rencai.store.people import People
from rencai.training import Training, gaps_of


def onboard(
    candidate_id: str,
    *,
    journeys: Journeys,
    interviews: Interviews,
    people: People,
    employees: Employees,
    configurations: Configurations,
    training: Training,
    correspondence: Correspondence,
    now: datetime,
) -> None:
    """Make the candidate an employee, assign the plan, write to them, and close the journey: in this order, so that a
    crash anywhere leaves the journey at ``cleared`` and the same delivery finishes it.
    """
    record = journeys.get(candidate_id)
    if record.journey.stage is not Stage.CLEARED:
        logger.info("nobody to onboard", extra={"stage": record.journey.stage})
        return
    card = record.card
    kit = configurations.onboarding_kit()
    profile_of = f"{card.vendor}/{card.profile_of}"
    employee = employees.hire(
        Employee(
            employee_id=ids.employee_id(candidate_id),
            candidate_id=candidate_id,
            name=card.name,
            role=card.role,
            location=card.location,
            profile_of=profile_of,
            starts_on=training.first_day(now),
            created_at=now,
        )
    )
    person = people.get(candidate_id)
    profile = interviews.get(card.vendor, card.profile_of).profile
    model = configurations.competency_model(profile.model_id, profile.model_version).document
    learner = Learner(employee.employee_id, card.role, profile_of, gaps_of(profile), person.learning_style)
    plan = training.assign(learner, employee.starts_on, now)
    values = {
        "name": person.name,
        "role": model.name.text(person.locale),
        "location": card.location,
        "starts_on": employee.starts_on,
        "materials": kit.materials(card.role, person.locale),
        "strengths": [model.competencies[id_].name.text(person.locale) for id_ in profile.strengths],
        "improve": [model.competencies[id_].name.text(person.locale) for id_ in profile.improve],
        "plan": _described(plan, configurations, person.locale),
    }
    correspondence.write(person, "onboarding", employee.employee_id, values, now)
    fact = Fact(
        FactKind.ONBOARDED,
        employee.employee_id,
        {"employee": employee.employee_id},
        {"employee_id": employee.employee_id, "role": card.role},
    )
    journeys.apply(candidate_id, fact, now, record)


def _described(plan: TrainingPlan, configurations: Configurations, language: str) -> list[dict[str, Any]]:
    """The plan's courses as the letter shows them, the first due first."""
    catalogue = configurations.course_catalogue(plan.catalogue_version).document
    rules = configurations.training_rules(plan.rules_version).document
    described = []
    for item in sorted(plan.current, key=lambda one: (one.due_on, one.starts_on)):
        course = catalogue.courses[item.course_id]
        described.append(
            {
                "name": course.name.text(language),
                "kind": course.kind,
                "lessons": course.lessons,
                "days": course.days,
                "sessions_per_week": course.sessions_per_week,
                "why": rules.why(item.reasons[0].rule).text(language),
                "starts_on": item.starts_on,
                "due_on": item.due_on,
            }
        )
    return described


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``check.cleared`` and ``review.decided`` calls this."""

    def act(told: BusEvent) -> None:
        onboard(
            told.detail.subject.id,
            journeys=wiring.journeys(),
            interviews=wiring.interviews(),
            people=wiring.people(),
            employees=wiring.employees(),
            configurations=wiring.configurations(),
            training=wiring.training(),
            correspondence=wiring.correspondence(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
