"""Names of everything that is published: past tense, dotted. What each carries stands in its capability.

The one list of names: every rule pattern of the template is held against it by a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

SOURCE: Final = "rencai"


class EventName(StrEnum):
    """``detail-type`` on the bus."""

    INTERVIEW_RECEIVED = "interview.received"
    CANDIDATE_PROFILED = "candidate.profiled"
    CANDIDATE_DECLINED_BY_US = "candidate.declined_by_us"
    CANDIDATE_RECONSIDERED = "candidate.reconsidered"
    CANDIDATE_WITHDRAWN = "candidate.withdrawn"
    CANDIDATE_MERGED = "candidate.merged"
    CANDIDATE_UNMERGED = "candidate.unmerged"
    MERGE_QUESTIONED = "merge.questioned"
    IDENTITY_UPDATED = "identity.updated"
    IDENTITY_QUESTIONED = "identity.questioned"
    IDENTITY_DECIDED = "identity.decided"
    IDENTITY_CORRECTED = "identity.corrected"
    CONTACT_VIEWED = "contact.viewed"
    TRANSCRIPT_VIEWED = "transcript.viewed"
    READING_MARKED = "reading.marked"
    APPLICATION_RECEIVED = "application.received"
    ASSESSMENT_COMPLETED = "assessment.completed"
    OFFER_DRAFTED = "offer.drafted"
    OFFER_SENT = "offer.sent"
    OFFER_SIGNED = "offer.signed"
    OFFER_DECLINED = "offer.declined"
    OFFER_EXPIRED = "offer.expired"
    OFFER_VOIDED = "offer.voided"
    OFFER_RESENT = "offer.resent"
    OFFER_CONTESTED = "offer.contested"
    CHECK_REQUESTED = "check.requested"
    CHECK_CLEARED = "check.cleared"
    CHECK_FLAGGED = "check.flagged"
    REVIEW_REQUESTED = "review.requested"
    REVIEW_DECIDED = "review.decided"
    ONBOARDING_RESCHEDULED = "onboarding.rescheduled"
    EMPLOYEE_ONBOARDED = "employee.onboarded"
    PLAN_ASSIGNED = "plan.assigned"
    PLAN_CHANGED = "plan.changed"
    TRAINING_PROGRESSED = "training.progressed"
    TRAINING_COMPLETED = "training.completed"
    TRAINING_WARNING_RAISED = "training.warning_raised"
    TRAINING_WARNING_RETURNED = "training.warning_returned"
    TRAINING_WARNING_CLEARED = "training.warning_cleared"
    TRAINING_WARNING_DECIDED = "training.warning_decided"
    TRAINING_RATING_ASKED = "training.rating_asked"
    TRAINING_RATING_DECIDED = "training.rating_decided"
    MENTOR_NAMED = "mentor.named"
    MENTOR_REMINDED = "mentor.reminded"
    MENTOR_RATED = "mentor.rated"
    PERFORMANCE_RECORDED = "performance.recorded"
    ATTENDANCE_RECORDED = "attendance.recorded"
    LEAVE_RECORDED = "leave.recorded"
    SURVEY_ANSWERED = "survey.answered"
    PROBATION_SCORED = "probation.scored"
    EMPLOYEE_RESCHEDULED = "employee.rescheduled"
    EMPLOYEE_RECORDED = "employee.recorded"
    CAREER_RECORDED = "career.recorded"
    SCAN_FINISHED = "scan.finished"
    ALERT_RAISED = "alert.raised"
    ALERT_CHANGED = "alert.changed"
    ALERT_CLEARED = "alert.cleared"
    INTERVENTION_OPENED = "intervention.opened"
    INTERVENTION_CHANGED = "intervention.changed"
    INTERVENTION_CLOSED = "intervention.closed"
    JOURNEY_RESUMED = "journey.resumed"
    JOURNEY_OVERDUE = "journey.overdue"
    TRANSITION_REFUSED = "transition.refused"
    NOTICE_UNDELIVERABLE = "notice.undeliverable"
    NOTICE_SETTLED = "notice.settled"
    DELIVERY_RECEIVED = "delivery.received"
    DELIVERY_SETTLED = "delivery.settled"
    VENDOR_UNREACHABLE = "vendor.unreachable"
    WORK_ABANDONED = "work.abandoned"
    IMPORT_FINISHED = "import.finished"
    IMPORT_CONFIRMED = "import.confirmed"
    IMPORT_PART_DONE = "import.part_done"
    IMPORT_UNDO_ASKED = "import.undo_asked"
    IMPORT_UNDONE = "import.undone"


class SubjectKind(StrEnum):
    """What an event is about."""

    CANDIDATE = "candidate"
    APPLICATION = "application"
    EMPLOYEE = "employee"
    DELIVERY = "delivery"
    UPLOAD = "upload"
    IMPORT = "import"
    SCAN = "scan"
    VENDOR = "vendor"


class Subject(BaseModel):
    """``kind`` and id of the aggregate whose write carried the event."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    kind: SubjectKind
    id: str


class Envelope(BaseModel):
    """The ``detail`` of a published event. Built by who reads or publishes one; most functions do neither."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    event_id: str
    version: int = 1
    tenant_id: str
    occurred_at: AwareDatetime
    correlation_id: str
    subject: Subject
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it rides on the item whose write it tells of; the relay adds tenant, subject and correlation.

    ``id`` is derived from the aggregate's id and version, so that a write retried after a crash tells the same event.
    """

    id: str
    name: EventName
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: str = "rencai"


class EventData(BaseModel):
    """What an event carries; each capability has the shapes of those it tells."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


Shapes = Mapping[EventName, type[EventData]]
"""What each event of a capability carries."""
