"""Every decision -> the ATS hears of it (B8)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from rencai.hiring.rules.journey import Journey
from rencai.hiring.rules.stages import Review, Stage
from rencai.kernel.events import EventName
from rencai.people.rules.ports import Ats
from rencai.people.store.applications import Applications
from rencai.platform.consumer import BusEvent, Retry
from rencai.platform.observability import logger
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event

STAGES: Final[Mapping[EventName, Stage]] = {
    EventName.CANDIDATE_PROFILED: Stage.QUALIFIED,
    EventName.CANDIDATE_DECLINED_BY_US: Stage.TALENT_POOL,
    EventName.CANDIDATE_RECONSIDERED: Stage.QUALIFIED,
    EventName.CANDIDATE_WITHDRAWN: Stage.WITHDRAWN,
    EventName.OFFER_SENT: Stage.OFFER_SENT,
    EventName.OFFER_SIGNED: Stage.SIGNED,
    EventName.OFFER_DECLINED: Stage.OFFER_DECLINED,
    EventName.OFFER_EXPIRED: Stage.OFFER_EXPIRED,
    EventName.OFFER_VOIDED: Stage.WITHDRAWN,
    EventName.CHECK_CLEARED: Stage.CLEARED,
    EventName.REVIEW_REQUESTED: Stage.IN_REVIEW,
    EventName.REVIEW_DECIDED: Stage.CLEARED,
    EventName.EMPLOYEE_ONBOARDED: Stage.ONBOARDED,
}
"""The stage each event means; the one of ``review.decided`` depends on what was decided."""
_LINKED_WITHIN: Final = timedelta(hours=1)
"""``candidate.merged`` is told before the link is made; a crash between the two is healed long before this."""
_TOLD: Final = frozenset(STAGES.values()) | {Stage.REJECTED}


def tell_ats(told: BusEvent, *, applications: Applications, ats: Ats, now: datetime) -> None:
    """Tell the ATS the stage this event means. The idempotency key names the event and where it is told: between two
    tries the candidate's application may be found, and another address is another call. When an application is found to
    be the candidate's, it is told where they stood then: what had been decided before, it could not be told.

    It is told of the candidate's application (A6); of one nobody has found the application of, by the id the interview
    vendor knows them by, where the ATS knows that too.
    """
    data = told.detail.data
    candidate_id = told.detail.subject.id
    if told.name is EventName.CANDIDATE_MERGED and not data["other"].startswith("app_"):
        return  # two candidates have become one; what that decides is told by itself
    if told.name is EventName.CANDIDATE_PROFILED and (not data["qualifies"] or data.get("review")):
        return  # told by candidate.declined_by_us or review.requested, which ride on the same write
    of_interview = told.name is EventName.REVIEW_DECIDED and data.get("about") == Review.INTERVIEW
    if of_interview and data["decision"] == "reject":
        return  # told by candidate.declined_by_us, which rides on the same write
    record, application = applications.of_journey(candidate_id)
    stage = STAGES.get(told.name) or _last_told(record.journey, told.detail.occurred_at)
    if of_interview:
        stage = Stage.QUALIFIED
    elif told.name is EventName.REVIEW_DECIDED and data["decision"] == "reject":
        stage = Stage.REJECTED
    if stage is None or (not ats.orders_by_time and _has_left(record.journey, stage)):
        logger.info("nothing to tell the ATS, or something later", extra={"stage": stage})
        return
    if application is None and told.name is EventName.CANDIDATE_MERGED:
        if now - told.detail.occurred_at < _LINKED_WITHIN:
            raise Retry("the application is not linked yet")
        return  # nor will it be: that was undone
    if application is None and not ats.knows_interview_ids:
        logger.info("the ATS has no application of this candidate")
        return
    external_id = (application or record.card).external_id
    occurred_at = told.detail.occurred_at
    ats.tell_stage(
        external_id=external_id,
        stage=stage,
        reason=told.name,
        occurred_at=occurred_at,
        idempotency_key=_key(told.detail.event_id, external_id, stage, told.name, occurred_at.isoformat()),
    )


def _key(event_id: str, *told: str) -> str:
    """Names all that is told; an ATS may call an application anything, and a header takes no such thing. The same event
    may come about again in a tenant that was restored, at another time.
    """
    said = hashlib.sha256("\n".join(told).encode()).hexdigest()
    return f"{event_id}.{said[:16]}"


def _last_told(journey: Journey, by: datetime | None = None) -> Stage | None:
    """The latest of the journey's stages that an ATS is told, or the latest ``by`` a moment: told again after a crash,
    it is the same.
    """
    entries = [entry for entry in journey.stages if entry.stage in _TOLD]
    return next((entry.stage for entry in reversed(entries) if by is None or entry.entered_at <= by), None)


def _has_left(journey: Journey, stage: Stage) -> bool:
    """Whether the ATS is told of a later stage than this: a message that comes late would undo that."""
    return _last_told(journey) is not stage


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind every decision calls this."""
    tell_ats(
        told,
        applications=wired.people.applications,
        ats=wired.vendors.ats,
        now=wired.clock(),
    )


handler = on_event(act)
