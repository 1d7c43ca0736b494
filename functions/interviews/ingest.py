"""One interview result in: validated, scored, put on record, and the candidate's journey opened."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import REOPENS
from rencai.hiring.rules.profiled import profiled
from rencai.hiring.store.journeys import CandidateCard, CandidateRecord, Journeys, Sighting, to_card_document
from rencai.interviews.rules.interview import Interview, content_digest
from rencai.interviews.rules.profile import Profile
from rencai.interviews.rules.speakers import Speaker
from rencai.interviews.scorers import Scorers
from rencai.interviews.speaking import Speaking
from rencai.interviews.store.interviews import Interviews, Placed, StoredInterview
from rencai.kernel.ids import Ids
from rencai.people.contacts import Contacts
from rencai.people.merging import Merging
from rencai.people.recognition import Recognition
from rencai.people.rules.identity import Contact
from rencai.people.store.merges import Merges, Standing
from rencai.store.objects import Bucket
from rencai.store.table import decided
from rencai.wiring import Wired


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

    speaking: Speaking
    scorers: Scorers
    interviews: Interviews
    contacts: Contacts
    journeys: Journeys
    merges: Merges
    recognition: Recognition
    merging: Merging
    ids: Ids

    def ingest(
        self,
        interview: Interview,
        *,
        speaker: Speaker,
        source: str,
        keep_raw: Callable[[], str],
        now: datetime,
    ) -> Ingested:
        """Take in one valid result. ``speaker`` is who brings it, ``source`` names the delivery (a file's line, or
        ``api``); ``keep_raw`` puts the raw bytes where they stay and returns where.

        Raises ``DomainError``: VENDOR_NOT_BOUND (``Forbidden``) before anything else; UNKNOWN_ROLE; INTERVIEW_CHANGED
        (a ``Conflict``) for a reused id with other content.
        """
        self.speaking.refuse_unbound(speaker, interview.vendor)
        scorer = self.scorers.of(interview.position.role)
        own_id = self.ids.candidate_id(interview.vendor, interview.candidate.external_id)
        own = self.merges.standing(own_id)
        profile = scorer.profile(interview)
        offered = StoredInterview(
            vendor=interview.vendor,
            interview_id=interview.interview_id,
            candidate_id=own_id,
            source=source,
            raw=keep_raw(),
            profile=replace(profile, inputs_digest=_keyed(profile.inputs_digest, self.ids)),
        )
        stored = self.interviews.record(offered, now)
        first = stored is offered
        # Somebody else may decide at this moment who this is: then it is decided anew, on what they left.
        candidate_id = decided(
            lambda: self._put_on_record(interview, own_id, own, stored, now),
            lambda: self._put_on_record(interview, own_id, self.merges.standing(own_id), stored, now),
        )
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
        candidate_id, record = self.merges.resolve(own_id, own)
        said = interview.candidate
        contact = Contact(said.name, said.email, said.phone, said.national_id)
        if _applied(own.record, fact) or _applied(record, fact):
            self.merging.finish(own_id, contact, now)
            return own_id if _applied(own.record, fact) else candidate_id
        seen = Sighting(record)
        unknown = own.record is None and own.into is None
        if unknown:
            recognised = self.recognition.newcomer(own_id, contact, now)
            candidate_id, seen = recognised.candidate_id, recognised.seen
        gave_more = self.contacts.interviewed(interview, own_id, candidate_id, new=unknown, now=now)
        if gave_more:
            self.recognition.known_better(candidate_id, gave_more, now)
        if candidate_id != own_id:
            self.interviews.attribute(stored, candidate_id, _placed(interview, own_id, seen.record))
        self.journeys.open(_card(interview, stored.profile), candidate_id, fact, now, seen)
        if unknown or candidate_id != own_id:
            # It may have been decided meanwhile, by a person or because of another delivery, whose this is.
            self.merging.finish(own_id, contact, now)
        return candidate_id


def _applied(record: CandidateRecord | None, fact: Fact) -> bool:
    return record is not None and fact.key in record.journey.applied


def _placed(interview: Interview, own_id: str, record: CandidateRecord | None) -> Placed:
    resting = record is not None and (record.journey.place in REOPENS or record.journey.review is not None)
    return Placed(
        candidate_id=own_id,
        name=interview.candidate.name,
        location=interview.position.location,
        requisition_id=interview.position.requisition_id,
        external_id=interview.candidate.external_id,
        before=to_card_document(record.card) if record and resting else None,
    )


def _card(interview: Interview, profile: Profile) -> CandidateCard:
    return CandidateCard(
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


def kept_by_content(
    interview: Interview, raw: bytes, bucket: Callable[[], Bucket], ids: Ids
) -> Callable[[], str]:
    """Keeps a result that came by itself in the bucket, beside the others, under the digest of what it says."""
    return lambda: bucket().put(f"raw/{_keyed(content_digest(interview), ids)}.json", raw)


def _keyed(digest: str, ids: Ids) -> str:
    # Phones and national ids are in it, and little else may be: whoever knows that little could find them out.
    return ids.digest("interview", digest)


def ingestion_of(wired: Wired) -> Ingestion:
    """The use case with the tenant's collaborators."""
    return Ingestion(
        wired.interviews.speaking,
        wired.interviews.scorers,
        wired.interviews.interviews,
        wired.people.contacts,
        wired.hiring.journeys,
        wired.people.merges,
        wired.people.recognition,
        wired.people.merging,
        wired.ids,
    )
