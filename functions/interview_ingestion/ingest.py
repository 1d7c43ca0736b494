"""One interview result in: validated, scored, put on record, and the candidate's journey opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from rencai import wiring
from rencai.domain import ids
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.errors import DomainError, NotFound, Refusal
from rencai.domain.identity import Contact
from rencai.domain.interview import Interview
from rencai.domain.journey import REOPENS, Fact
from rencai.domain.profiled import profiled
from rencai.domain.scoring import FacialPolicy, Profile, Scorer
from rencai.platform.settings import settings
from rencai.recognition import Recognition
from rencai.store.configurations import Configurations
from rencai.store.interviews import Interviews, Placed, StoredInterview
from rencai.store.journeys import CandidateRecord, Card, Journeys, Sighting, to_card_document
from rencai.store.merges import Merges, Standing
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

    A result belongs on the record of whoever its source is: mostly the candidate its own id makes, else the one that
    source was merged into (A6). A source with neither journey nor alias is looked up by phone, e-mail and national id.
    """

    scorers: Scorers
    interviews: Interviews
    people: People
    journeys: Journeys
    merges: Merges
    recognition: Recognition

    def ingest(
        self, interview: Interview, *, source: str, keep_raw: Callable[[], str], now: datetime
    ) -> Ingested:
        """Take in one valid result. ``source`` names the delivery (a file's line, or ``api``); ``keep_raw`` puts the
        raw bytes where they stay and returns where.

        Raises ``DomainError``: UNKNOWN_ROLE; INTERVIEW_CHANGED (a ``Conflict``) for a reused id with other content.
        """
        scorer = self.scorers.of(interview.position.role)
        own_id = ids.candidate_id(interview.vendor, interview.candidate.external_id)
        own = self.merges.standing(own_id)
        offered = StoredInterview(
            vendor=interview.vendor,
            interview_id=interview.interview_id,
            candidate_id=own_id,
            source=source,
            raw=keep_raw(),
            profile=scorer.profile(interview),
        )
        stored = self.interviews.record(offered, now)
        first = stored is offered
        candidate_id = self._put_on_record(interview, own_id, own, stored, now)
        return Ingested(interview.interview_id, candidate_id, created=first or stored.source == source)

    def _put_on_record(
        self,
        interview: Interview,
        own_id: str,
        own: Standing,
        stored: StoredInterview,
        now: datetime,
    ) -> str:
        """Have the result on the right journey, unless it is on one already; returns whose."""
        position = interview.position
        fact = profiled(interview.vendor, interview.interview_id, position.requisition_id, stored.profile)
        # The journey tells whether a delivery came to its end before, or died half-way.
        if _applied(own.record, fact):
            return own_id
        candidate_id, record = self.merges.resolve(own_id, own)
        if _applied(record, fact):
            return candidate_id
        seen = Sighting(record)
        unknown = own.record is None and own.into is None
        said = interview.candidate
        contact = Contact(said.name, said.email, said.phone, said.national_id)
        if unknown:
            recognised = self.recognition.newcomer(own_id, contact, now)
            candidate_id, seen = recognised.candidate_id, recognised.seen
        identity = self.recognition.identities.identity(own_id, contact)
        gave_more = self.people.record(own_id, said, identity, new=unknown)
        if gave_more:
            self.recognition.known_better(candidate_id, gave_more, now)
        if candidate_id != own_id:
            self.interviews.attribute(stored, candidate_id, _placed(interview, own_id, seen.record))
        self.journeys.open(_card(interview, stored.profile), candidate_id, fact, now, seen)
        return candidate_id


def _applied(record: CandidateRecord | None, fact: Fact) -> bool:
    return record is not None and fact.key in record.journey.applied


def _placed(interview: Interview, own_id: str, record: CandidateRecord | None) -> Placed:
    resting = record is not None and record.journey.stage in REOPENS
    return Placed(
        candidate_id=own_id,
        name=interview.candidate.name,
        location=interview.position.location,
        requisition_id=interview.position.requisition_id,
        external_id=interview.candidate.external_id,
        before=to_card_document(record.card) if record and resting else None,
    )


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


@cache
def wired_ingestion() -> Ingestion:
    """The use case with its real collaborators, shared by the triggers of this folder."""
    scorers = Scorers(wiring.configurations(), FacialPolicy(settings()["FACIAL_SIGNALS"]))
    return Ingestion(
        scorers,
        wiring.interviews(),
        wiring.people(),
        wiring.journeys(),
        wiring.merges(),
        wiring.recognition(),
    )
