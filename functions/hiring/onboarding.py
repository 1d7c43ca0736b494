"""``check.cleared`` or ``review.decided`` (approve) -> the employee on record, their training plan, and the onboarding
notice that brings it (B6).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from rencai.employees.rules.employee import Employee
from rencai.employees.store.employees import Employees
from rencai.hiring.rules.documents import ONBOARDING_KIT
from rencai.hiring.rules.first_day import starts_on
from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.journeys import Journeys
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.interviews.store.interviews import Interviews
from rencai.kernel import ids
from rencai.letters.correspondence import Correspondence
from rencai.people.rules.contact import ContactField
from rencai.people.rules.phone import textable
from rencai.people.store.employee_contacts import EmployeeContacts
from rencai.people.store.people import People
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.training.planning import Training, gaps_of
from rencai.training.rules.plan import Learner, TrainingPlan
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def onboard(
    candidate_id: str,
    *,
    journeys: Journeys,
    interviews: Interviews,
    people: People,
    employees: Employees,
    employee_contacts: EmployeeContacts,
    configurations: Configurations,
    training: Training,
    correspondence: Correspondence,
    now: datetime,
    since: int | None = None,
) -> None:
    """Make the candidate an employee, assign the plan, write to them, and close the journey: in this order, so that a
    crash anywhere leaves the journey at ``cleared`` and the same delivery finishes it.

    ``since`` is the version of the journey that has this done, where that is known (``Journeys.get``).
    """
    record = journeys.get(candidate_id, since=since)
    if record.journey.stage is not Stage.CLEARED:
        logger.info("nobody to onboard", extra={"stage": record.journey.stage})
        return
    card = record.card
    kit = configurations.latest(ONBOARDING_KIT).document
    profile_of = f"{card.vendor}/{card.profile_of}"
    person = people.get(candidate_id, consistent=True)
    employee = employees.hire(
        Employee(
            employee_id=ids.employee_id(candidate_id),
            candidate_id=candidate_id,
            name=person.name,
            role=card.role,
            location=card.location,
            profile_of=profile_of,
            starts_on=training.first_day(now, starts_on(record.journey)),
            created_at=now,
            # From here on it is the employee's file that says where they are reached.
            email=person.email,
            phone=person.phone,
            locale=person.locale,
        )
    )
    # HR may have corrected the person at this moment, or the employee since an earlier try.
    reached = employee_contacts.following(employee.employee_id, people.held(candidate_id), now)
    profile = interviews.profile(card.vendor, card.profile_of)
    model = configurations.of_version(COMPETENCY_MODEL, profile.model_version, profile.model_id).document
    learner = Learner(employee.employee_id, card.role, profile_of, gaps_of(profile), person.learning_style)
    plan = training.assign(learner, employee.starts_on, now)
    values = {
        "name": reached[ContactField.NAME],
        "role": model.name.text(person.locale),
        "location": card.location,
        "starts_on": employee.starts_on,
        "materials": kit.materials(card.role, person.locale),
        "strengths": [model.competencies[id_].name.text(person.locale) for id_ in profile.strengths],
        "improve": [model.competencies[id_].name.text(person.locale) for id_ in profile.improve],
        "plan": _described(plan, configurations, person.locale),
    }
    addressee = replace(
        person.addressee,
        email=reached.get(ContactField.EMAIL),
        phone=textable(reached.get(ContactField.PHONE)),
    )
    correspondence.write(addressee, "onboarding", employee.employee_id, values, now)
    fact = Fact(
        FactKind.ONBOARDED,
        employee.employee_id,
        {"employee": employee.employee_id},
        {"employee_id": employee.employee_id, "role": card.role},
    )
    journeys.apply(candidate_id, fact, now, record)


def _described(plan: TrainingPlan, configurations: Configurations, language: str) -> list[dict[str, Any]]:
    """The plan's courses as the letter shows them, the first due first."""
    catalogue = configurations.of_version(COURSE_CATALOGUE, plan.catalogue_version).document
    rules = configurations.of_version(TRAINING_RULES, plan.rules_version).document
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


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``check.cleared`` and ``review.decided`` calls this."""
    onboard(
        told.detail.subject.id,
        journeys=wired.hiring.journeys,
        interviews=wired.interviews.interviews,
        people=wired.people.people,
        employees=wired.employees.employees,
        employee_contacts=wired.people.employee_contacts,
        configurations=wired.configurations,
        training=wired.training.training,
        correspondence=wired.letters.correspondence,
        now=wired.clock(),
        since=told.since,
    )


handler = on_event(act)
