"""Shapes of the events' ``data``: thin (ids, stage, scores), never personal data.

A contract for consumers and for the tests, which hold every event that is told and every rule in template.yaml against
it. No function validates with it, so it is no function's import.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from .events import EventName


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InterviewReceived(_Data):
    interview_id: str
    vendor: str
    requisition_id: str
    role: str


class CandidateProfiled(_Data):
    """``qualifies`` routes: true goes on to the offer, false to the talent pool. ``overall`` 0-100."""

    role: str
    overall: float | None
    coverage: float
    qualifies: bool
    model_version: int


class CandidateDeclinedByUs(_Data):
    role: str
    reason: str


class OfferProgressed(_Data):
    offer_id: str


class OfferSent(_Data):
    offer_id: str
    envelope_id: str


class OfferClosed(_Data):
    """``reason`` is free text from the vendor and may hold personal data, so it stays in the table."""

    offer_id: str
    envelope_id: str


class CheckProgressed(_Data):
    check_id: str


class ReviewRequested(_Data):
    check_id: str


class ReviewDecided(_Data):
    """``review_id`` names the decision; its reason is sealed in the table."""

    decision: str
    review_id: str


class EmployeeOnboarded(_Data):
    employee_id: str
    role: str


class TransitionRefused(_Data):
    fact: str
    stage: str


class CandidateMerged(_Data):
    """``other`` is the candidate or application that is one with this candidate now, or no more. Both of two candidates
    hear of it, each with the other's id.
    """

    merge_id: str
    other: str


class MergeQuestioned(_Data):
    """A person has to say whether these are one; ``candidates`` are those it may be."""

    merge_id: str
    candidates: list[str]


class ApplicationReceived(_Data):
    application_id: str


class AssessmentCompleted(_Data):
    assessment_id: str


class OfferResent(_Data):
    """``attempt`` counts the envelopes: the second is 2."""

    offer_id: str
    attempt: int


class TrainingProgressed(_Data):
    enrolment_id: str
    item_id: str
    completion_percent: float | None
    exam_score: float | None


class PlanAssigned(_Data):
    role: str
    items: int


class PlanChanged(_Data):
    """``change``: added, removed, restored or rescheduled. ``rule`` names the rule or the proposal behind it."""

    item_id: str
    course_id: str
    change: str
    reason: str
    rule: str


class TrainingWarned(_Data):
    """``value`` and ``threshold`` 0-100; ``value`` is None when the LMS told nothing. ``times`` counts its returns."""

    warning_id: str
    item_id: str
    course_id: str
    cause: str
    value: float | None
    threshold: float
    times: int


class TrainingWarningDecided(_Data):
    """``proposals`` are those HR accepted, none when it declined. Its reason is sealed in the table: ``note``
    names it.
    """

    warning_id: str
    item_id: str
    cause: str
    proposals: list[str]
    times: int
    note: str | None


class PerformanceRecorded(_Data):
    """``month``: ``2026-11``. The score stays in the table."""

    month: str


class AttendanceRecorded(_Data):
    """``week``: ``2026-W10``. The hours stay in the table."""

    week: str


class LeaveRecorded(_Data):
    """Recorded, corrected or cancelled: ``leave_id`` names it. Its kind and days stay in the table."""

    leave_id: str


class SurveyAnswered(_Data):
    """``month``: ``2026-11``. The answers stay in the table."""

    month: str


class ProbationScored(_Data):
    """``score`` 0-100 of what is there; ``coverage`` 0-1 is the weight of what is there."""

    score: float | None
    coverage: float
    policy_version: int


class JourneyResumed(_Data):
    """The step of this stage is to be taken (again): nothing has come of it so far, or a merge was undone."""

    stage: str


class JourneyOverdue(_Data):
    """``asked``: what came of asking the vendor (``open``, ``unreachable``, ``refused``); None where none is asked."""

    stage: str
    due_at: str
    asked: str | None


class DeliveryReceived(_Data):
    vendor: str
    delivery_id: str


class DeliverySettled(_Data):
    """What became of a delivery whose fact had to wait for an earlier one."""

    delivery_id: str
    status: str
    reason: str | None = None


class VendorUnreachable(_Data):
    vendor: str


class EmployeeRecorded(_Data):
    """Put on record, or corrected, otherwise than by hiring through Rencai. What is told stays in the table."""


class CareerRecorded(_Data):
    """Level, skills or projects of the career ladder. What they are stays in the table."""


class ScanFinished(_Data):
    """Counts of one run of the nightly scan; ``seconds`` from its start to its last shard."""

    scan_id: str
    employees: int
    raised: int
    changed: int
    cleared: int
    open: int
    seconds: float


class AlertTold(_Data):
    """``level``: yellow, orange or red. The signals and their values stay in the table."""

    alert_id: str
    level: str


class InterventionOpened(_Data):
    """Opened, or changed while it is open. ``due_on`` is a date; its notes and its owner stay in the table."""

    intervention_id: str
    alert_id: str
    actions: list[str]
    due_on: str


class InterventionClosed(_Data):
    """``outcome``: worked, partly, not_worked or left."""

    intervention_id: str
    alert_id: str
    outcome: str


class ImportPartDone(_Data):
    """A part of an import was written (or undone): whose files it changed is kept with the part."""

    part: int
    undone: bool


class ImportToldOf(_Data):
    """``kind``: people, recruiting, training, performance, attendance, leave or surveys."""

    kind: str


class ImportFinished(_Data):
    """``duplicates`` were so already."""

    accepted: int
    rejected: int
    duplicates: int


DATA_MODELS: Final[Mapping[EventName, type[_Data]]] = {
    EventName.INTERVIEW_RECEIVED: InterviewReceived,
    EventName.CANDIDATE_PROFILED: CandidateProfiled,
    EventName.CANDIDATE_DECLINED_BY_US: CandidateDeclinedByUs,
    EventName.CANDIDATE_MERGED: CandidateMerged,
    EventName.CANDIDATE_UNMERGED: CandidateMerged,
    EventName.MERGE_QUESTIONED: MergeQuestioned,
    EventName.APPLICATION_RECEIVED: ApplicationReceived,
    EventName.ASSESSMENT_COMPLETED: AssessmentCompleted,
    EventName.OFFER_DRAFTED: OfferProgressed,
    EventName.OFFER_SENT: OfferSent,
    EventName.OFFER_SIGNED: OfferClosed,
    EventName.OFFER_DECLINED: OfferClosed,
    EventName.OFFER_EXPIRED: OfferClosed,
    EventName.OFFER_VOIDED: OfferClosed,
    EventName.OFFER_RESENT: OfferResent,
    EventName.CHECK_REQUESTED: CheckProgressed,
    EventName.CHECK_CLEARED: CheckProgressed,
    EventName.CHECK_FLAGGED: CheckProgressed,
    EventName.REVIEW_REQUESTED: ReviewRequested,
    EventName.REVIEW_DECIDED: ReviewDecided,
    EventName.EMPLOYEE_ONBOARDED: EmployeeOnboarded,
    EventName.PLAN_ASSIGNED: PlanAssigned,
    EventName.PLAN_CHANGED: PlanChanged,
    EventName.TRAINING_PROGRESSED: TrainingProgressed,
    EventName.TRAINING_WARNING_RAISED: TrainingWarned,
    EventName.TRAINING_WARNING_RETURNED: TrainingWarned,
    EventName.TRAINING_WARNING_CLEARED: TrainingWarned,
    EventName.TRAINING_WARNING_DECIDED: TrainingWarningDecided,
    EventName.PERFORMANCE_RECORDED: PerformanceRecorded,
    EventName.ATTENDANCE_RECORDED: AttendanceRecorded,
    EventName.LEAVE_RECORDED: LeaveRecorded,
    EventName.SURVEY_ANSWERED: SurveyAnswered,
    EventName.PROBATION_SCORED: ProbationScored,
    EventName.EMPLOYEE_RECORDED: EmployeeRecorded,
    EventName.CAREER_RECORDED: CareerRecorded,
    EventName.SCAN_FINISHED: ScanFinished,
    EventName.ALERT_RAISED: AlertTold,
    EventName.ALERT_CHANGED: AlertTold,
    EventName.ALERT_CLEARED: AlertTold,
    EventName.INTERVENTION_OPENED: InterventionOpened,
    EventName.INTERVENTION_CHANGED: InterventionOpened,
    EventName.INTERVENTION_CLOSED: InterventionClosed,
    EventName.JOURNEY_RESUMED: JourneyResumed,
    EventName.JOURNEY_OVERDUE: JourneyOverdue,
    EventName.TRANSITION_REFUSED: TransitionRefused,
    EventName.DELIVERY_RECEIVED: DeliveryReceived,
    EventName.DELIVERY_SETTLED: DeliverySettled,
    EventName.VENDOR_UNREACHABLE: VendorUnreachable,
    EventName.IMPORT_FINISHED: ImportFinished,
    EventName.IMPORT_CONFIRMED: ImportToldOf,
    EventName.IMPORT_PART_DONE: ImportPartDone,
    EventName.IMPORT_UNDO_ASKED: ImportToldOf,
    EventName.IMPORT_UNDONE: ImportToldOf,
}
