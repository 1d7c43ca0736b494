"""``candidate.profiled`` of who qualifies -> the training plan to expect (C1); it becomes final at onboarding."""

from datetime import datetime
from typing import Any

from rencai import wiring
from rencai.domain import ids
from rencai.domain.training_plan import Learner
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.interviews import Interviews
from rencai.store.journeys import Journeys
from rencai.store.people import People
from rencai.training import Training, gaps_of


def draft_plan(
    candidate_id: str,
    *,
    journeys: Journeys,
    interviews: Interviews,
    people: People,
    training: Training,
    now: datetime,
) -> None:
    """Draft the plan by the profile that counts now, whichever interview the event told of."""
    card = journeys.get(candidate_id).card
    profile = interviews.get(card.vendor, card.profile_of).profile
    learner = Learner(
        employee_id=ids.employee_id(candidate_id),
        role=card.role,
        profile_of=f"{card.vendor}/{card.profile_of}",
        gaps=gaps_of(profile),
        style=people.get(candidate_id).learning_style,
    )
    training.draft(learner, now)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind ``candidate.profiled`` calls this."""

    def act(told: BusEvent) -> None:
        draft_plan(
            told.detail.subject.id,
            journeys=wiring.journeys(),
            interviews=wiring.interviews(),
            people=wiring.people(),
            training=wiring.training(),
            now=wiring.clock(),
        )

    return consume_events(event, context, wiring.queue(), act)
