"""The hiring journey and ``advance``, by the table of ``moves``. Nothing else may change a stage (B9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from rencai.hiring.rules.refusals import HiringRefusal
from rencai.kernel import ids
from rencai.kernel.errors import CommonRefusal, IllegalTransition, Refusal
from rencai.kernel.events import Event, EventName

from .moves import MAY_COME_EARLY, RANK, REOPENS, RESUMABLE, TRANSITIONS, FactKind
from .stages import STAGE_DUE, Place, Review, Stage, StageEntry


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened. ``id`` says what it is about (an envelope, a check), not which message brought it,
    so the same fact in two deliveries is one fact. ``about`` names the things it refers to: ``{"envelope": "env_1"}``.
    ``delivery`` is the webhook that brought it, which hears what became of it when it had to wait (several, with spaces
    between them, when more than one brought it meanwhile).
    """

    kind: FactKind
    id: str
    about: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: str = "rencai"
    delivery: str | None = None

    @property
    def key(self) -> str:
        """What a journey remembers of an applied fact, e.g. ``offer_signed:env_1``."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Journey:
    """One candidate's way from interview to onboarding. ``version`` counts the writes; 0 is not yet written."""

    candidate_id: str
    stages: tuple[StageEntry, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    applied: tuple[str, ...] = ()
    pending: tuple[Fact, ...] = ()
    version: int = 0

    @property
    def stage(self) -> Stage:
        """The stage the candidate is at now."""
        return self.stages[-1].stage if self.stages else Stage.INTERVIEWED

    @property
    def review(self) -> Review | None:
        """What waits for a person's decision: whatever this way came to last, its interview or its check."""
        if self.stage is not Stage.IN_REVIEW:
            return None
        came = (entry.stage for entry in reversed(self.stages))
        last = next((stage for stage in came if stage in (Stage.INTERVIEWED, Stage.CHECKING)), None)
        return Review.INTERVIEW if last is Stage.INTERVIEWED else Review.CHECK

    @property
    def place(self) -> Place:
        """Where exactly the journey stands."""
        return self.review or self.stage

    @property
    def came_from(self) -> Place:
        """Where exactly it stood before the present stage."""
        return replace(self, stages=self.stages[:-1]).place

    @property
    def attempt(self) -> int:
        """Which envelope the offer goes out in, or went: the second, when it has been sent again, is 2."""
        return int(self.about.get("attempt", "1"))

    @property
    def due_at(self) -> datetime | None:
        """By when the present stage should be left."""
        return self.stages[-1].due_at if self.stages else None

    @property
    def updated_at(self) -> datetime | None:
        """When the present stage was entered."""
        return self.stages[-1].entered_at if self.stages else None


_REFUSED: Final[Mapping[FactKind, Refusal]] = {
    FactKind.INTERVIEW_APPROVED: HiringRefusal.NOTHING_TO_REVIEW,
    FactKind.INTERVIEW_REJECTED: HiringRefusal.NOTHING_TO_REVIEW,
    FactKind.REVIEW_APPROVED: HiringRefusal.NOTHING_TO_REVIEW,
    FactKind.REVIEW_REJECTED: HiringRefusal.NOTHING_TO_REVIEW,
    FactKind.RESCHEDULED: HiringRefusal.NOTHING_TO_RESCHEDULE,
    FactKind.RECONSIDERED: HiringRefusal.NOTHING_TO_RECONSIDER,
    FactKind.WITHDRAWN: HiringRefusal.NOTHING_TO_WITHDRAW,
}
"""What a person asks for is refused in words of its own."""

_WAITS: Final[Mapping[Review | None, Refusal]] = {
    Review.INTERVIEW: HiringRefusal.REVIEW_OF_INTERVIEW,
    Review.CHECK: HiringRefusal.REVIEW_OF_CHECK,
}
"""What somebody is told who decides about the other."""

_TAKEN_UP: Final = frozenset({FactKind.INTERVIEW_APPROVED, FactKind.UNMERGED, FactKind.RECONSIDERED})
"""What leads to a stage whose step nobody has heard of: it is told (``journey.resumed``)."""

_ADVERSE: Final = frozenset(
    {FactKind.CHECK_FLAGGED, FactKind.OFFER_VOIDED, FactKind.OFFER_DECLINED, FactKind.OFFER_EXPIRED}
)


@dataclass(frozen=True, slots=True)
class Advanced:
    """What ``advance`` made: the journey to store, the events that ride on that write.

    ``changed`` is false when the fact was known already: there is nothing to store. ``kept`` is true when the fact
    waits for an earlier one.
    """

    journey: Journey
    events: tuple[Event, ...] = ()
    changed: bool = True
    kept: bool = False
    refused: tuple[IllegalTransition, ...] = ()


def advance(
    journey: Journey, fact: Fact, now: datetime, stage_due: Mapping[Place, timedelta] = STAGE_DUE
) -> Advanced:
    """Apply ``fact`` and then every kept fact whose turn has come.

    A fact already applied (or already kept) changes nothing. A fact that belongs to a later stage is kept. Raises
    ``IllegalTransition`` when the fact can no longer happen, or speaks of another offer, envelope or check than ours.
    """
    if fact.key in journey.applied or _is_brought_about(journey, fact):
        return Advanced(journey, changed=False)
    if any(kept.key == fact.key for kept in journey.pending):
        return _kept_again(journey, fact)
    # A journey is written once per advance, so all its events carry the version of that write.
    version = journey.version + 1
    if fact.kind is not FactKind.PROFILED and _is_early(journey, fact):
        return Advanced(replace(journey, pending=(*journey.pending, fact), version=version), kept=True)
    journey, events = _apply(journey, fact, version, 0, now, stage_due)
    refused: list[IllegalTransition] = []
    while (kept := _next_due(journey)) is not None:
        journey = replace(journey, pending=tuple(other for other in journey.pending if other.key != kept.key))
        try:
            journey, more = _apply(journey, kept, version, len(events), now, stage_due)
        except IllegalTransition as refusal:
            refused.append(refusal)
            more = (
                refusal_event(journey, refusal, version, len(events), now, kept.actor),
                *contested(journey, kept, version, len(events) + 1, now),
            )
            events += (*more, *_settled(journey, kept, refusal, version, len(events) + len(more), now))
        else:
            events += (*more, *_settled(journey, kept, None, version, len(events) + len(more), now))
    return Advanced(replace(journey, version=version), events, refused=tuple(refused))


def refusal_event(
    journey: Journey, refusal: IllegalTransition, version: int, number: int, now: datetime, actor: str
) -> Event:
    """The record of a fact that was refused, for the timeline."""
    return Event(
        ids.event_id(journey.candidate_id, version, number),
        EventName.TRANSITION_REFUSED,
        now,
        {"fact": refusal.fact, "stage": refusal.stage},
        actor,
    )


def contested(journey: Journey, fact: Fact, version: int, number: int, now: datetime) -> tuple[Event, ...]:
    """What HR has to hear when ``fact`` is refused: somebody holds a signed offer of a journey that was withdrawn."""
    if fact.kind is not FactKind.OFFER_SIGNED or not is_withdrawn(journey):
        return ()
    data = {**fact.data, "cause": "signed"}
    return (
        Event(
            ids.event_id(journey.candidate_id, version, number),
            EventName.OFFER_CONTESTED,
            now,
            data,
            fact.actor,
        ),
    )


def _kept_again(journey: Journey, fact: Fact) -> Advanced:
    """The fact waits already. Another webhook that brings it is to hear what becomes of it, too."""
    waiting = next(kept for kept in journey.pending if kept.key == fact.key)
    heard = waiting.delivery.split() if waiting.delivery else []
    if fact.delivery is None or fact.delivery in heard:
        return Advanced(journey, changed=False, kept=True)
    both = replace(waiting, delivery=" ".join([*heard, fact.delivery]))
    pending = tuple(both if kept is waiting else kept for kept in journey.pending)
    return Advanced(replace(journey, pending=pending, version=journey.version + 1), kept=True)


def _settled(
    journey: Journey, kept: Fact, refusal: IllegalTransition | None, version: int, number: int, now: datetime
) -> tuple[Event, ...]:
    """What became of the webhooks that brought a kept fact."""
    outcome = {"status": "applied"}
    if refusal:
        outcome = {"status": "failed", "stage": refusal.stage, "fact": refusal.fact}
    return tuple(
        Event(
            ids.event_id(journey.candidate_id, version, at),
            EventName.DELIVERY_SETTLED,
            now,
            {"delivery_id": delivery_id, **outcome},
            kept.actor,
        )
        for at, delivery_id in enumerate((kept.delivery or "").split(), number)
    )


def is_withdrawn(journey: Journey) -> bool:
    """Whether it was ended by a person's word, rather than by a voided envelope or a merge."""
    return journey.stage is Stage.WITHDRAWN and bool(journey.about.get("withdrawal"))


def _is_brought_about(journey: Journey, fact: Fact) -> bool:
    """Whether the vendor tells what the withdrawal itself has done: its envelope is voided."""
    return fact.kind is FactKind.OFFER_VOIDED and is_withdrawn(journey)


def was_signed(journey: Journey) -> bool:
    """Whether the envelope that counts was signed, whatever came of it."""
    return f"{FactKind.OFFER_SIGNED}:{journey.about.get('envelope', '')}" in journey.applied


def _is_early(journey: Journey, fact: Fact) -> bool:
    sources = TRANSITIONS[fact.kind].sources
    here = RANK.get(journey.place)
    if journey.place in sources or here is None or fact.kind not in MAY_COME_EARLY:
        return False
    return all(here < RANK[source] for source in sources)


def _next_due(journey: Journey) -> Fact | None:
    """The first kept fact that is no longer early: applicable now, or overtaken and so to be refused.

    The order in which they came cannot matter: those that speak against going on come first, then the order of keys.
    Of a clear and a flagged result that both came early, the flagged one counts and a person looks.
    """
    ready = [kept for kept in journey.pending if not _is_early(journey, kept)]
    return min(ready, key=lambda kept: (kept.kind not in _ADVERSE, kept.key), default=None)


def _apply(
    journey: Journey,
    fact: Fact,
    version: int,
    first_number: int,
    now: datetime,
    stage_due: Mapping[Place, timedelta],
) -> tuple[Journey, tuple[Event, ...]]:
    if fact.kind is FactKind.PROFILED:
        return _profiled(journey, fact, version, first_number, now, stage_due)
    transition = TRANSITIONS[fact.kind]
    # A fact that names nothing matches nothing: two unknowns are not the same envelope.
    mismatch = any(journey.about.get(name, "") != fact.about.get(name) for name in transition.matches)
    # What was signed and withdrawn is not offered once more: the check behind it was ordered, or is done.
    again = fact.kind is FactKind.OFFER_RESENT and was_signed(journey)
    if journey.place not in transition.sources or mismatch or again:
        raise IllegalTransition(journey.stage, fact.kind, _why_not(journey, fact.kind))
    target = transition.target
    named = [(name, _data(name, fact, journey)) for name in transition.events]
    if fact.kind is FactKind.UNMERGED:
        # The merge entered ``withdrawn`` last, so what stood there before it is the stage to go back to.
        target = journey.stages[-2].stage
        # The merge is over: an offer may be sent again.
        fact = replace(fact, about={"merge": ""})
    if fact.kind in _TAKEN_UP and target in RESUMABLE:
        named.append((EventName.JOURNEY_RESUMED, {"stage": target}))
    events = _told(journey, named, fact, version, first_number, now)
    return _entered(journey, (target,) if target else (), fact, now, stage_due), events


def _why_not(journey: Journey, kind: FactKind) -> Refusal:
    code = _REFUSED.get(kind, CommonRefusal.ILLEGAL_TRANSITION)
    return _WAITS.get(journey.review, code) if code is HiringRefusal.NOTHING_TO_REVIEW else code


def _data(name: EventName, fact: Fact, journey: Journey) -> dict[str, Any]:
    """What an event of a transition carries: what the fact says, and of a review what it is about."""
    if name is EventName.CANDIDATE_DECLINED_BY_US:
        return dict(fact.data["declined"])
    if name is EventName.REVIEW_REQUESTED:
        return {"about": Review.CHECK, **fact.data}
    if name is EventName.REVIEW_DECIDED:
        decided = {key: value for key, value in fact.data.items() if key != "declined"}
        return {"about": journey.review, **decided}
    return dict(fact.data)


def _told(
    journey: Journey,
    named: Sequence[tuple[EventName, dict[str, Any]]],
    fact: Fact,
    version: int,
    first_number: int,
    now: datetime,
) -> tuple[Event, ...]:
    return tuple(
        Event(ids.event_id(journey.candidate_id, version, number), name, now, data, fact.actor)
        for number, (name, data) in enumerate(named, first_number)
    )


def _profiled(
    journey: Journey,
    fact: Fact,
    version: int,
    first_number: int,
    now: datetime,
    stage_due: Mapping[Place, timedelta],
) -> tuple[Journey, tuple[Event, ...]]:
    """A profile opens the journey, or reopens one that rests in the talent pool (B1). One that does not show enough of
    what the model asks for is looked at by a person, whatever its score; a further interview that does show it takes
    that question away, and is decided by its score as any other.

    While a journey is under way otherwise, or after it has ended, a further interview is put on record without
    touching the stage: what was decided stays decided, and a person is not asked about something else meanwhile.
    """
    received, profiled, declined = (dict(fact.data[part]) for part in ("received", "profiled", "declined"))
    named = [(EventName.INTERVIEW_RECEIVED, received)]
    entered: tuple[Stage, ...] = ()
    review = fact.data.get("review")
    answers = journey.review is Review.INTERVIEW and not review
    if not journey.stages or journey.place in REOPENS or answers:
        named.append((EventName.CANDIDATE_PROFILED, profiled))
        entered = (Stage.INTERVIEWED, Stage.QUALIFIED)
        if review:
            named.append((EventName.REVIEW_REQUESTED, {"about": Review.INTERVIEW, **review}))
            entered = (Stage.INTERVIEWED, Stage.IN_REVIEW)
        elif not profiled["qualifies"]:
            named.append((EventName.CANDIDATE_DECLINED_BY_US, declined))
            entered = (Stage.INTERVIEWED, Stage.TALENT_POOL)
    events = _told(journey, named, fact, version, first_number, now)
    about = fact if entered else replace(fact, about={})
    return _entered(journey, entered, about, now, stage_due), events


def _entered(
    journey: Journey,
    stages: tuple[Stage, ...],
    fact: Fact,
    now: datetime,
    stage_due: Mapping[Place, timedelta],
) -> Journey:
    for stage in stages:
        before, at = journey.stages, replace(journey, stages=(*journey.stages, StageEntry(stage, now, None)))
        due_at = now + stage_due[at.place] if at.place in stage_due else None
        journey = replace(journey, stages=(*before, StageEntry(stage, now, due_at)))
    return replace(
        journey,
        about={**journey.about, **fact.about},
        applied=(*journey.applied, fact.key),
    )
