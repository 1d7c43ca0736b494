"""``candidate.profiled`` of who qualifies, or a person's approval -> the training plan to expect (C1); it becomes final
at onboarding.
"""

from datetime import datetime

from rencai.hiring.rules.first_day import starts_on
from rencai.hiring.rules.stages import Review
from rencai.hiring.store.journeys import Journeys
from rencai.interviews.store.interviews import Interviews
from rencai.kernel import ids
from rencai.people.store.people import People
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.training.planning import Training, gaps_of
from rencai.training.rules.plan import Learner
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def draft_plan(
    candidate_id: str,
    *,
    journeys: Journeys,
    interviews: Interviews,
    people: People,
    training: Training,
    now: datetime,
    since: int | None = None,
) -> None:
    """Draft the plan by the profile that counts now, whichever interview the event told of; of whom a person has yet to
    decide about, none.

    ``since`` is the version of the journey that has this done, where that is known (``Journeys.get``).
    """
    record = journeys.get(candidate_id, since=since)
    if record.journey.review is Review.INTERVIEW:
        logger.info("a person decides first")
        return
    card = record.card
    profile = interviews.profile(card.vendor, card.profile_of)
    learner = Learner(
        employee_id=ids.employee_id(candidate_id),
        role=card.role,
        profile_of=f"{card.vendor}/{card.profile_of}",
        gaps=gaps_of(profile),
        style=people.get(candidate_id).learning_style,
    )
    training.draft(learner, now, starts_on(record.journey))


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind ``candidate.profiled``, ``journey.resumed`` (qualified) and ``onboarding.rescheduled`` calls
    this.
    """
    draft_plan(
        told.detail.subject.id,
        journeys=wired.hiring.journeys,
        interviews=wired.interviews.interviews,
        people=wired.people.people,
        training=wired.training.training,
        now=wired.clock(),
        since=told.since,
    )


handler = on_event(act)
