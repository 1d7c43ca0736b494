"""One interview result in: validated, scored, put on record, and the candidate's journey opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from rencai import wiring
from rencai.domain import ids
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.errors import DomainError, NotFound, Refusal
from rencai.domain.interview import Interview
from rencai.domain.journey import Fact, FactKind
from rencai.domain.scoring import FacialPolicy, Profile, Scorer
from rencai.platform.settings import settings
from rencai.store.configurations import Configurations
from rencai.store.interviews import Interviews, StoredInterview
from rencai.store.journeys import Card, Journeys
from rencai.store.people import People


class Scorers:
    """A compiled scorer for each role's newest model, compiled again only when the version changes."""

    def __init__(self, configurations: Configurations, policy: FacialPolicy) -> None:
        self._configurations = configurations
        self._policy = policy
        self._compiled: dict[str, Scorer] = {}

    def of(self, role: str) -> Scorer:
        """The scorer of ``role``; raises ``DomainError`` (UNKNOWN_ROLE) naming the roles there are."""
        try:
            latest = self._configurations.competency_model(role)
        except NotFound:
            known = ", ".join(self._configurations.names(ConfigurationKind.COMPETENCY_MODEL))
            raise DomainError(Refusal.UNKNOWN_ROLE, "position.role", role=role, known=known) from None
        scorer = self._compiled.get(role)
        if scorer is None or scorer.version != latest.version:
            scorer = self._compiled[role] = Scorer(latest.document, latest.version, self._policy)
        return scorer


@dataclass(frozen=True, slots=True)
class Ingested:
    """``created`` is false when the same content was on record before this ``source`` brought it."""

    interview_id: str
    candidate_id: str
    created: bool


@dataclass(frozen=True, slots=True)
class Ingestion:
    """The use case and its collaborators.

    The writes are ordered so that a crash between any two is healed by the same delivery coming again: the result
    first (it decides what is a duplicate), the journey last (its write tells the event).
    """

    scorers: Scorers
    interviews: Interviews
    people: People
    journeys: Journeys

    def ingest(
        self, interview: Interview, *, source: str, keep_raw: Callable[[], str], now: datetime
    ) -> Ingested:
        """Take in one valid result. ``source`` names the delivery (a file's line, or ``api``); ``keep_raw`` puts the
        raw bytes where they stay and returns where.

        Raises ``DomainError``: UNKNOWN_ROLE; INTERVIEW_CHANGED (a ``Conflict``) for a reused id with other content.
        """
        scorer = self.scorers.of(interview.position.role)
        candidate_id = ids.candidate_id(interview.vendor, interview.candidate.external_id)
        offered = StoredInterview(
            vendor=interview.vendor,
            interview_id=interview.interview_id,
            candidate_id=candidate_id,
            source=source,
            raw=keep_raw(),
            profile=scorer.profile(interview),
        )
        stored = self.interviews.record(offered, now)
        fact = _profiled(interview, stored.profile)
        first = stored is offered
        # On record already: the journey tells whether that delivery came to its end or died half-way.
        if first or not self._applied(candidate_id, fact):
            self.people.record(candidate_id, interview.candidate)
            self.journeys.open(_card(interview, stored.profile), candidate_id, fact, now)
        return Ingested(interview.interview_id, candidate_id, created=first or stored.source == source)

    def _applied(self, candidate_id: str, fact: Fact) -> bool:
        record = self.journeys.find(candidate_id)
        return record is not None and fact.key in record.journey.applied


def _card(interview: Interview, profile: Profile) -> Card:
    return Card(
        name=interview.candidate.name,
        role=interview.position.role,
        location=interview.position.location,
        requisition_id=interview.position.requisition_id,
        vendor=interview.vendor,
        external_id=interview.candidate.external_id,
        interview_ids=(interview.interview_id,),
        profile_of=interview.interview_id,
        overall=profile.overall,
    )


def _profiled(interview: Interview, profile: Profile) -> Fact:
    role = interview.position.role
    return Fact(
        FactKind.PROFILED,
        f"{interview.vendor}/{interview.interview_id}",
        data={
            "received": {
                "interview_id": interview.interview_id,
                "vendor": interview.vendor,
                "requisition_id": interview.position.requisition_id,
                "role": role,
            },
            "profiled": {
                "role": role,
                "overall": float(profile.overall) if profile.overall is not None else None,
                "coverage": float(profile.coverage),
                "qualifies": profile.qualifies,
                "model_version": profile.model_version,
            },
            "declined": {"role": role, "reason": "below_pass_score"},
        },
        actor=interview.vendor,
    )


@cache
def wired_ingestion() -> Ingestion:
    """The use case with its real collaborators, shared by the triggers of this folder."""
    scorers = Scorers(wiring.configurations(), FacialPolicy(settings()["FACIAL_SIGNALS"]))
    return Ingestion(scorers, wiring.interviews(), wiring.people(), wiring.journeys())
