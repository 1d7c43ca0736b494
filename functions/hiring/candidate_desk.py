"""What HR looks at and decides about candidates. It stands here because it needs ``people``, a floor above."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from rencai.hiring.offer_desk import OfferDesk
from rencai.hiring.rules.background import Finding
from rencai.hiring.rules.journey import Fact, Journey, is_withdrawn
from rencai.hiring.rules.moves import TRANSITIONS, FactKind
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.hiring.rules.stages import Review, Stage
from rencai.hiring.rules.withdrawal import GoesOn, WithdrawalCode, WithdrawnBy, goes_on
from rencai.hiring.store.assessments import Assessment, Assessments
from rencai.hiring.store.journeys import CandidateCard, CandidateRecord, Journeys
from rencai.hiring.store.offers import Checks
from rencai.interviews.rules.competency import COMPETENCY_MODEL, CompetencyModel
from rencai.interviews.store.interviews import Interviews, StoredInterview
from rencai.kernel.errors import CommonRefusal, Conflict, DomainError
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.people.store.applications import Applications, Link, StoredApplication
from rencai.store.configurations import Configurations
from rencai.store.table import Item
from rencai.store.timeline import Timeline
from rencai.wiring import Wired

_CLOSINGS: Final = frozenset({EventName.OFFER_DECLINED, EventName.OFFER_VOIDED})
_DECISIONS: Final = frozenset(
    {EventName.ONBOARDING_RESCHEDULED, EventName.CANDIDATE_RECONSIDERED, EventName.CANDIDATE_WITHDRAWN}
)
FURTHEST: Final = timedelta(days=366)
"""How far away a first day may be."""

Decision = Literal["approve", "reject"]

_FACTS: Final[Mapping[Review, Mapping[Decision, FactKind]]] = {
    Review.INTERVIEW: {"approve": FactKind.INTERVIEW_APPROVED, "reject": FactKind.INTERVIEW_REJECTED},
    Review.CHECK: {"approve": FactKind.REVIEW_APPROVED, "reject": FactKind.REVIEW_REJECTED},
}


@dataclass(frozen=True, slots=True)
class ScoredFile:
    """The interview that decided, or that a person decides about, and the model version that scored it."""

    interview: StoredInterview
    model: CompetencyModel


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """A candidate with the application that is theirs (``link`` is to it); while a person has to decide, what about:
    the findings of the check, or the interview; what is to be known of a journey that was withdrawn, and why an offer
    was declined or voided.
    """

    record: CandidateRecord
    link: Link | None
    application: StoredApplication | None
    findings: list[Finding] | None
    scored: ScoredFile | None
    withdrawal: "Withdrawal | None"
    closing_reason: str | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Whose word ended the journey, why, and what goes on all the same."""

    by: WithdrawnBy
    code: WithdrawalCode
    reason: str | None
    at: datetime
    goes_on: list[GoesOn]


@dataclass(frozen=True, slots=True)
class ProfileFile(ScoredFile):
    """The same with the candidate's assessment."""

    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the timeline. ``data`` has the reason HR gave, where it was asked for one, and the candidate's for
    declining an offer.
    """

    at: datetime
    type: str
    actor: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CandidateDesk:
    """The use case and its collaborators."""

    journeys: Journeys
    checks: Checks
    offer_desk: OfferDesk
    assessments: Assessments
    interviews: Interviews
    applications: Applications
    timeline: Timeline
    configurations: Configurations
    zone: ZoneInfo

    def look(self, candidate_id: str) -> CandidateFile:
        """Where a candidate stands; raises ``NotFound``."""
        record, link = self.applications.of_journey(candidate_id)
        application = self.applications.get(link.application_id) if link else None
        findings = scored = None
        if record.journey.review is Review.CHECK:
            findings = self.checks.findings(candidate_id, record.journey.about["check"])
        elif record.journey.review is Review.INTERVIEW:
            scored = self._scored(record.card)
        return CandidateFile(
            record,
            link,
            application,
            findings,
            scored,
            self._withdrawal(record.journey),
            self.offer_desk.closing_reason(record.journey),
        )

    def profile(self, candidate_id: str) -> ProfileFile:
        """The profile that decided; raises ``NotFound``."""
        scored = self._scored(self.journeys.get(candidate_id).card)
        return ProfileFile(scored.interview, scored.model, self.assessments.find(candidate_id))

    def history(self, candidate_id: str, limit: int, cursor: str | None) -> tuple[list[Happened], str | None]:
        """A page of what happened, oldest first, and where the next one begins; raises ``NotFound``."""
        self.journeys.get(candidate_id)
        page = self.timeline.page(Subject(kind=SubjectKind.CANDIDATE, id=candidate_id), limit, cursor)
        return [self._happened(candidate_id, item) for item in page.items], page.next

    def review(
        self,
        candidate_id: str,
        decision: Decision,
        reason: str,
        *,
        about: Review | None,
        review_id: str,
        actor: str,
        now: datetime,
    ) -> CandidateFile:
        """Decide on an interview that shows too little, or on a flagged background check: on what waits, where nothing
        is said of it (``about``). Decided again it changes nothing.

        Raises ``NotFound``; ``IllegalTransition`` when nothing waits, or something else does; ``Conflict`` when the
        request of this id decided otherwise.
        """
        record = self.journeys.get(candidate_id)
        known = _decided(record.journey, review_id)
        if known and (known[1] != decision or about not in (None, known[0])):
            raise Conflict(CommonRefusal.KEY_REUSED)
        if not known:
            _refuse_reused(record.journey, review_id)
        about = about or (known[0] if known else record.journey.review) or Review.CHECK
        if record.journey.review is about and not known:
            # The reason may speak of the person, so it is sealed beside the journey and the event only names it.
            self.checks.decided(candidate_id, review_id, reason, now)
        data: dict[str, Any] = {"decision": decision, "review_id": review_id}
        kind = _FACTS[about][decision]
        if kind is FactKind.INTERVIEW_REJECTED:
            data["declined"] = {"role": record.card.role, "reason": "not_approved"}
        self.journeys.apply(candidate_id, Fact(kind, review_id, data=data, actor=actor), now, record)
        return self.look(candidate_id)

    def reconsider(
        self, candidate_id: str, reason: str, *, decision_id: str, actor: str, now: datetime
    ) -> CandidateFile:
        """Take somebody out of the talent pool after all: from here on they qualify, by a person's word and whatever a
        rule said. The same request again changes nothing. Raises ``NotFound``; ``IllegalTransition`` for anybody else.
        """
        record = self.journeys.get(candidate_id)
        new = _is_new(record.journey, FactKind.RECONSIDERED, decision_id)
        if new and record.journey.stage is Stage.TALENT_POOL:
            self.checks.decided(candidate_id, decision_id, reason, now)
        data = {"role": record.card.role, "decision_id": decision_id}
        fact = Fact(FactKind.RECONSIDERED, decision_id, data=data, actor=actor)
        self.journeys.apply(candidate_id, fact, now, record)
        return self.look(candidate_id)

    def reschedule(
        self, candidate_id: str, starts_on: date, reason: str, *, decision_id: str, actor: str, now: datetime
    ) -> CandidateFile:
        """Have a candidate begin work on this day, whatever the tenant's days of grace say. The same request again
        changes nothing. Raises ``NotFound``; ``IllegalTransition`` before they qualify and once they are cleared;
        ``DomainError`` (FIRST_DAY_TOO_FAR) for a day that is over, or more than a year away; ``Conflict`` (KEY_REUSED)
        when the request of this id has said another.
        """
        record = self.journeys.get(candidate_id)
        fact = Fact(
            FactKind.RESCHEDULED,
            decision_id,
            {"starts_on": starts_on.isoformat(), "rescheduled": decision_id},
            {"starts_on": starts_on.isoformat(), "decision_id": decision_id},
            actor,
        )
        known = record.journey.about
        if known.get("rescheduled") == decision_id and known["starts_on"] != starts_on.isoformat():
            raise Conflict(CommonRefusal.KEY_REUSED)
        if _is_new(record.journey, FactKind.RESCHEDULED, decision_id):
            today = now.astimezone(self.zone).date()
            latest = today + FURTHEST
            if not today <= starts_on <= latest:
                raise DomainError(
                    HiringRefusal.FIRST_DAY_TOO_FAR, "starts_on", earliest=str(today), latest=str(latest)
                )
            if record.journey.place in TRANSITIONS[FactKind.RESCHEDULED].sources:
                self.checks.decided(candidate_id, decision_id, reason, now)
        self.journeys.apply(candidate_id, fact, now, record)
        return self.look(candidate_id)

    def withdraw(
        self,
        candidate_id: str,
        by: WithdrawnBy,
        code: WithdrawalCode,
        reason: str,
        *,
        decision_id: str,
        actor: str,
        now: datetime,
    ) -> CandidateFile:
        """End an open journey: the candidate has said no, or HR stops. The same request again changes nothing. Raises
        ``NotFound``; ``IllegalTransition`` when nothing is open.
        """
        record = self.journeys.get(candidate_id)
        new = _is_new(record.journey, FactKind.WITHDRAWN, decision_id)
        known = record.journey.about
        if known.get("withdrawal") == decision_id and (known["withdrawn_by"], known["withdrawn_for"]) != (
            by,
            code,
        ):
            raise Conflict(CommonRefusal.KEY_REUSED)
        if new and record.journey.place in TRANSITIONS[FactKind.WITHDRAWN].sources:
            self.checks.decided(candidate_id, decision_id, reason, now)
        about = {"withdrawal": decision_id, "withdrawn_by": by, "withdrawn_for": code}
        data = {"by": by, "code": code, "decision_id": decision_id}
        self.journeys.apply(
            candidate_id, Fact(FactKind.WITHDRAWN, decision_id, about, data, actor), now, record
        )
        return self.look(candidate_id)

    def _withdrawal(self, journey: Journey) -> Withdrawal | None:
        if not is_withdrawn(journey):
            return None
        about, entered = journey.about, journey.stages[-1].entered_at
        assessment = self.assessments.find(journey.candidate_id)
        assessed = assessment is not None and assessment.completed_at is None
        return Withdrawal(
            WithdrawnBy(about["withdrawn_by"]),
            WithdrawalCode(about["withdrawn_for"]),
            self.checks.reason(journey.candidate_id, about["withdrawal"]),
            entered,
            list(goes_on(journey, assessed=assessed)),
        )

    def _scored(self, card: CandidateCard) -> ScoredFile:
        stored = self.interviews.get(card.vendor, card.profile_of)
        profile = stored.profile
        model = self.configurations.of_version(COMPETENCY_MODEL, profile.model_version, profile.model_id)
        return ScoredFile(stored, model.document)

    def _happened(self, candidate_id: str, item: Item) -> Happened:
        data = json.loads(item["data"])
        if item["type"] == EventName.REVIEW_DECIDED:
            data["reason"] = self.checks.reason(candidate_id, data["review_id"])
        if item["type"] in _DECISIONS:
            data["reason"] = self.checks.reason(candidate_id, data["decision_id"])
        if item["type"] == EventName.OFFER_RESENT:
            data["reason"] = self.offer_desk.offers.resend_reason(candidate_id, data["attempt"])
        if item["type"] in _CLOSINGS:
            data["reason"] = self.offer_desk.offers.closing_reason(candidate_id, data["envelope_id"])
        at = datetime.fromisoformat(item["sk"].split("#")[1])
        return Happened(at, item["type"], item["actor"], data)


_BY_REQUEST: Final = (
    *(kind for kinds in _FACTS.values() for kind in kinds.values()),
    FactKind.RESCHEDULED,
    FactKind.RECONSIDERED,
    FactKind.WITHDRAWN,
)
"""What a person decides by a request, whose id names the decision and its reason."""


def _is_new(journey: Journey, kind: FactKind, decision_id: str) -> bool:
    """Whether this request comes for the first time. Raises ``Conflict`` (KEY_REUSED) when it has decided something
    else: a reason must not take the place of another's.
    """
    if Fact(kind, decision_id).key in journey.applied:
        return False
    _refuse_reused(journey, decision_id)
    return True


def _refuse_reused(journey: Journey, decision_id: str) -> None:
    if any(Fact(kind, decision_id).key in journey.applied for kind in _BY_REQUEST):
        raise Conflict(CommonRefusal.KEY_REUSED)


def _decided(journey: Journey, review_id: str) -> tuple[Review, Decision] | None:
    """What this request has decided before, if it comes again."""
    for about, kinds in _FACTS.items():
        for decision, kind in kinds.items():
            if Fact(kind, review_id).key in journey.applied:
                return about, decision
    return None


def candidate_desk_of(wired: Wired) -> CandidateDesk:
    """The use case with the tenant's collaborators."""
    return CandidateDesk(
        wired.hiring.journeys,
        wired.hiring.checks,
        wired.hiring.offer_desk,
        wired.hiring.assessments,
        wired.interviews.interviews,
        wired.people.applications,
        wired.timeline,
        wired.configurations,
        wired.zone,
    )
