"""``check.cleared`` or ``review.decided`` (approve) -> the employee on record and the onboarding notice (B6)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rencai import wiring
from rencai.correspondence import Correspondence
from rencai.domain import ids
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.configurations import Configurations
from rencai.store.employees import Employee, Employees
from rencai.store.interviews import Interviews
from rencai.store.journeys import Journeys
from rencai.store.people import People


def onboard(
    candidate_id: str,
    *,
    journeys: Journeys,
    interviews: Interviews,
    people: People,
    employees: Employees,
    configurations: Configurations,
    correspondence: Correspondence,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Make the candidate an employee, write to them, and close the journey: in this order, so that a crash anywhere
    leaves the journey at ``cleared`` and the same delivery finishes it.
    """
    record = journeys.get(candidate_id)
    if record.journey.stage is not Stage.CLEARED:
        logger.info("nobody to onboard", extra={"stage": record.journey.stage})
        return
    card = record.card
    kit = configurations.onboarding_kit()
    employee = employees.hire(
        Employee(
            employee_id=ids.employee_id(candidate_id),
            candidate_id=candidate_id,
            name=card.name,
            role=card.role,
            location=card.location,
            profile_of=f"{card.vendor}/{card.profile_of}",
            starts_on=(now.astimezone(zone) + timedelta(days=kit.starts_after_days)).date(),
            created_at=now,
        )
    )
    person = people.get(candidate_id)
    profile = interviews.get(card.vendor, card.profile_of).profile
    model = configurations.competency_model(profile.model_id, profile.model_version).document
    values = {
        "name": person.name,
        "role": model.name.text(person.locale),
        "location": card.location,
        "starts_on": employee.starts_on,
        "materials": kit.materials(card.role, person.locale),
        "strengths": [model.competencies[id_].name.text(person.locale) for id_ in profile.strengths],
        "improve": [model.competencies[id_].name.text(person.locale) for id_ in profile.improve],
    }
    correspondence.write(person, "onboarding", employee.employee_id, values, now)
    fact = Fact(
        FactKind.ONBOARDED,
        employee.employee_id,
        {"employee": employee.employee_id},
        {"employee_id": employee.employee_id, "role": card.role},
    )
    journeys.apply(candidate_id, fact, now, record)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``check.cleared`` and ``review.decided`` calls this."""
    zone = ZoneInfo(settings()["TIME_ZONE"])

    def act(told: BusEvent) -> None:
        onboard(
            told.detail.subject.id,
            journeys=wiring.journeys(),
            interviews=wiring.interviews(),
            people=wiring.people(),
            employees=wiring.employees(),
            configurations=wiring.configurations(),
            correspondence=wiring.correspondence(),
            zone=zone,
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
