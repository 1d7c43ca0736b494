"""Journeys: one small hot item a candidate, listed by stage."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from rencai.hiring.rules.journey import Advanced, Fact, Journey, advance, contested
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import STAGE_DUE, Place, Stage, StageEntry
from rencai.kernel.errors import IllegalTransition, LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.store.table import (
    ABSENT,
    LISTS_INDEX,
    Item,
    Key,
    Page,
    Table,
    compact,
    decided,
    from_cursor,
    instant,
    to_cursor,
    to_events,
    version_is,
)


def journey_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``JOURNEY``."""
    return Key(f"CANDIDATE#{candidate_id}", "JOURNEY")


def refusal_key(candidate_id: str, fact_key: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``REFUSAL#offer_signed:env_1``: one record however often it is tried."""
    return Key(f"CANDIDATE#{candidate_id}", f"REFUSAL#{fact_key}")


def stage_index_key(stage: Stage, role: str, candidate_id: str) -> tuple[str, str]:
    """``STAGE#offer_sent`` / ``sales#cand_01ABC``: by stage, and by role within it."""
    return f"STAGE#{stage}", f"{role}#{candidate_id}"


@dataclass(frozen=True, slots=True)
class CandidateCard:
    """What a list shows of a candidate and what every step needs, kept on the journey to save a read."""

    name: str
    role: str
    location: str
    requisition_id: str
    vendor: str
    external_id: str
    interview_ids: tuple[str, ...]
    profile_of: str
    """Interview id of the profile that decided."""
    overall: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CandidateRecord:
    """A journey with its card."""

    journey: Journey
    card: CandidateCard


@dataclass(frozen=True, slots=True)
class Sighting:
    """What somebody has just read where a journey would be; ``record`` None: there was none."""

    record: CandidateRecord | None


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _history(stages: Sequence[StageEntry]) -> str:
    """``[[stage, entered (epoch milliseconds), seconds until due or null], ...]``"""
    return compact(
        [
            [
                e.stage,
                _milliseconds(e.entered_at),
                round((e.due_at - e.entered_at).total_seconds()) if e.due_at else None,
            ]
            for e in stages
        ]
    )


def _from_history(text: str) -> tuple[StageEntry, ...]:
    return tuple(
        StageEntry(
            Stage(stage),
            _moment(entered),
            _moment(entered) + timedelta(seconds=seconds) if seconds is not None else None,
        )
        for stage, entered, seconds in json.loads(text)
    )


def _applied(journey: Journey) -> str:
    """The keys of applied facts; an id that ``about`` holds too is written as its name: ``offer_signed:@envelope``.

    An id that begins with ``@`` by itself is written with another one before it.
    """
    names = {id_: f"@{name}" for name, id_ in journey.about.items()}
    parts = (key.partition(":") for key in journey.applied)
    return compact([f"{kind}:{names.get(id_) or _escaped(id_)}" for kind, _, id_ in parts])


def _escaped(id_: str) -> str:
    return f"@{id_}" if id_.startswith("@") else id_


def _from_applied(text: str, about: Mapping[str, str]) -> tuple[str, ...]:
    def id_of(written: str) -> str:
        if written.startswith("@@"):
            return written[1:]
        return about[written[1:]] if written.startswith("@") else written

    parts = (key.partition(":") for key in json.loads(text))
    return tuple(f"{kind}:{id_of(written)}" for kind, _, written in parts)


def to_card_document(card: CandidateCard) -> list[Any]:
    """A card as JSON-ready values, for keeping it elsewhere."""
    overall = str(card.overall) if card.overall is not None else None
    return [*astuple(card)[:-1], overall]


def from_card_document(document: Sequence[Any]) -> CandidateCard:
    """The inverse of ``to_card_document``."""
    name, role, location, requisition_id, vendor, external_id, interview_ids, profile_of, overall = document
    return CandidateCard(
        name=name,
        role=role,
        location=location,
        requisition_id=requisition_id,
        vendor=vendor,
        external_id=external_id,
        interview_ids=tuple(interview_ids),
        profile_of=profile_of,
        overall=Decimal(overall) if overall is not None else None,
    )


def to_journey_item(record: CandidateRecord, events: Sequence[Event]) -> Item:
    """The hot item, kept under 1 KB, which is one write unit: nothing in it is written twice (stage, role and
    candidate are in the index's keys), and what no query looks at is compact JSON.
    """
    journey, card = record.journey, record.card
    index_pk, index_sk = stage_index_key(journey.stage, card.role, journey.candidate_id)
    updated_at = journey.updated_at
    return {
        "gsi1pk": index_pk,
        "gsi1sk": index_sk,
        "updated_at": instant(updated_at) if updated_at else None,
        "due_at": instant(journey.due_at) if journey.due_at else None,
        "name": card.name,
        "overall": card.overall,
        "card": compact(
            [
                card.location,
                card.requisition_id,
                card.vendor,
                card.external_id,
                card.profile_of,
                list(card.interview_ids),
            ]
        ),
        "history": _history(journey.stages),
        "about": compact(dict(journey.about)),
        "applied": _applied(journey),
        "pending": compact(
            [[f.kind, f.id, dict(f.about), dict(f.data), f.actor, f.delivery] for f in journey.pending]
        )
        if journey.pending
        else None,
        "version": journey.version,
        "events": to_events(events),
    }


def from_journey_item(item: Item) -> CandidateRecord:
    """The inverse of ``to_journey_item``."""
    location, requisition_id, vendor, external_id, profile_of, interview_ids = json.loads(item["card"])
    about = json.loads(item["about"])
    journey = Journey(
        candidate_id=_candidate_id(item),
        stages=_from_history(item["history"]),
        about=about,
        applied=_from_applied(item["applied"], about),
        pending=tuple(
            Fact(FactKind(kind), id_, about, data, actor, delivery)
            for kind, id_, about, data, actor, delivery in json.loads(item.get("pending", "[]"))
        ),
        version=item["version"],
    )
    overall = item.get("overall")
    card = CandidateCard(
        name=item["name"],
        role=_role(item),
        location=location,
        requisition_id=requisition_id,
        vendor=vendor,
        external_id=external_id,
        interview_ids=tuple(interview_ids),
        profile_of=profile_of,
        overall=Decimal(overall) if overall is not None else None,
    )
    return CandidateRecord(journey, card)


def _candidate_id(item: Item) -> str:
    return str(item["pk"].partition("#")[2])


def _role(item: Item) -> str:
    return str(item["gsi1sk"].rpartition("#")[0])


def _listed(item: Item) -> Item:
    """What a list shows, from the index's projection."""
    return {
        "candidate_id": _candidate_id(item),
        "name": item["name"],
        "role": _role(item),
        "stage": item["gsi1pk"].partition("#")[2],
        "overall": item.get("overall"),
        "due_at": item.get("due_at"),
        "updated_at": item["updated_at"],
    }


class _StageDue(Mapping[Place, timedelta]):
    """How long places may be stayed at. Who does not enter one that is waited at does not ask, for it costs a read."""

    def __init__(self, ask: Callable[[], Mapping[Place, timedelta]]) -> None:
        self._ask = ask

    def __getitem__(self, place: Place) -> timedelta:
        if place not in STAGE_DUE:
            raise KeyError(place)
        return self._ask()[place]

    def __iter__(self) -> Iterator[Place]:
        return iter(STAGE_DUE)

    def __len__(self) -> int:
        return len(STAGE_DUE)


class Journeys:
    """Reads journeys and moves them; the only writer of stages. A lost race is decided again, once, on what the winner
    left; losing twice is for the caller's retry.
    """

    def __init__(
        self, table: Table, stage_due: Callable[[], Mapping[Place, timedelta]] = lambda: STAGE_DUE
    ) -> None:
        self._table = table
        self._stage_due = _StageDue(stage_due)

    def find(self, candidate_id: str) -> CandidateRecord | None:
        """The candidate's journey, read consistently, or None."""
        item = self._table.get(journey_key(candidate_id))
        return from_journey_item(item) if item else None

    def get(self, candidate_id: str, *, since: int | None = None) -> CandidateRecord:
        """The candidate's journey; raises ``NotFound``. ``since``: the version that is known to be written, see
        ``Table.get_since``.
        """
        item = self._table.get_since(journey_key(candidate_id), since)
        if item is None:
            raise NotFound("candidate", candidate_id)
        return from_journey_item(item)

    def open(
        self, card: CandidateCard, candidate_id: str, fact: Fact, now: datetime, seen: Sighting | None = None
    ) -> Advanced:
        """Apply a ``PROFILED`` fact: open the candidate's journey, or add the interview to the one there is.

        ``card`` describes the new interview; it replaces the stored one only when the journey (re)opens with it.
        ``seen`` saves reading again what the caller has just read; the write is conditional all the same.
        """
        return decided(
            lambda: self._open(card, candidate_id, fact, now, seen),
            lambda: self._open(card, candidate_id, fact, now, None),
        )

    def correct(self, candidate_id: str, correction: Callable[[CandidateCard], CandidateCard]) -> None:
        """Correct what the card says; nothing happened to the candidate, so the stage stays and nothing is told.

        Raises ``NotFound``. Corrected again, it stays as it is.
        """
        decided(lambda: self._correct(candidate_id, correction))

    def rename(self, candidate_id: str, name: str) -> None:
        """Correct the name that lists show; see ``correct``."""
        self.correct(candidate_id, lambda card: replace(card, name=name))

    def apply(
        self, candidate_id: str, fact: Fact, now: datetime, known: CandidateRecord | None = None
    ) -> Advanced:
        """Advance the journey by ``fact``. Raises ``NotFound``, or ``IllegalTransition`` after recording it.

        ``known`` is the record as the caller has read it, consistently or not. It saves reading it again where a write
        comes of it, which is conditional on its version. A lost race is decided on a fresh one; so is a fact of which
        nothing comes, known already or refused, for what was read a moment ago may be behind.
        """
        return decided(
            lambda: self._apply(candidate_id, fact, now, known),
            lambda: self._apply(candidate_id, fact, now, None),
        )

    def page(self, stage: Stage | None, role: str | None, limit: int, cursor: str | None) -> Page:
        """Candidates by stage and role, in stage order; each with ``candidate_id``,
        ``name``, ``role``, ``stage``, ``overall``, ``due_at`` and ``updated_at``."""
        stages = [stage] if stage else list(Stage)
        found, following = self._table.page_of_lists(
            {one.value: f"STAGE#{one}" for one in stages},
            limit,
            cursor,
            lambda _, items: [_listed(item) for item in items],
            prefix=f"{role}#" if role else "",
        )
        return Page(found, following)

    def overdue(self, stage: Stage, now: datetime, limit: int, cursor: str | None) -> Page:
        """Of up to ``limit`` candidates at ``stage`` those whose due time has come, as ``page`` lists them. A page may
        be empty and still have a next one: the list is in the order of roles, not of due times.
        """
        items, last = self._table.query(
            f"STAGE#{stage}", limit=limit, start=from_cursor(cursor), index=LISTS_INDEX
        )
        late = [_listed(item) for item in items if "due_at" in item and item["due_at"] <= instant(now)]
        return Page(late, to_cursor(last))

    def _correct(self, candidate_id: str, correction: Callable[[CandidateCard], CandidateCard]) -> None:
        record = self.get(candidate_id)
        card = correction(record.card)
        if card != record.card:
            journey = replace(record.journey, version=record.journey.version + 1)
            self._save(CandidateRecord(journey, card), ())

    def _open(
        self, card: CandidateCard, candidate_id: str, fact: Fact, now: datetime, seen: Sighting | None
    ) -> Advanced:
        record = seen.record if seen else self.find(candidate_id)
        before = record.journey if record else Journey(candidate_id)
        advanced = advance(before, fact, now, self._stage_due)
        if not advanced.changed:
            return advanced
        if record is None:
            kept = card
        else:
            reopened = len(advanced.journey.stages) > len(before.stages)
            base = card if reopened else record.card
            kept = replace(base, interview_ids=(*record.card.interview_ids, *card.interview_ids))
        self._save(CandidateRecord(advanced.journey, kept), advanced.events)
        return advanced

    def _apply(self, candidate_id: str, fact: Fact, now: datetime, known: CandidateRecord | None) -> Advanced:
        record = known or self.get(candidate_id)
        try:
            advanced = advance(record.journey, fact, now, self._stage_due)
        except IllegalTransition as refusal:
            if known:
                raise LostRace from None
            self._record_refusal(record.journey, fact, refusal, now)
            raise
        if advanced.changed:
            self._save(CandidateRecord(advanced.journey, record.card), advanced.events)
        elif known:
            raise LostRace
        return advanced

    def _save(self, record: CandidateRecord, events: Sequence[Event]) -> None:
        journey = record.journey
        self._table.put(
            journey_key(journey.candidate_id),
            to_journey_item(record, events),
            version_is(journey.version - 1),
        )

    def _record_refusal(
        self, journey: Journey, fact: Fact, refusal: IllegalTransition, now: datetime
    ) -> None:
        candidate_id = journey.candidate_id
        refused = Event(
            f"evt_{candidate_id.partition('_')[2]}_refused_{fact.key}_0",
            EventName.TRANSITION_REFUSED,
            now,
            {"fact": refusal.fact, "stage": refusal.stage},
            fact.actor,
        )
        # They take their ids from the first.
        told = to_events([refused, *contested(journey, fact, journey.version, 1, now)])
        # Already recorded: the vendor sent it again.
        with suppress(LostRace):
            self._table.put(refusal_key(candidate_id, fact.key), {"events": told}, ABSENT)
