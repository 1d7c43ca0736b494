"""A candidate who is late, and everyone the watchdog deals with, in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from functions.hiring.chase import Chaser
from functions.hiring.overdue import Overdue
from rencai.hiring.rules.background import Finding
from rencai.hiring.rules.facts import CheckCompleted, EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.journey import Advanced, Fact, Journey, advance
from rencai.hiring.rules.stages import STAGE_DUE, Place, Review, Stage, StageEntry
from rencai.hiring.store.chases import Chase, Chases
from rencai.hiring.store.journeys import CandidateCard, CandidateRecord, Journeys
from rencai.hiring.store.offers import Offer
from rencai.hiring.vendor_told import VendorResults
from rencai.kernel.errors import IllegalTransition, LostRace
from rencai.kernel.events import EventName
from rencai.letters.correspondence import Correspondence
from rencai.letters.notices import Claim, Notices
from rencai.letters.wording import Undeliverable
from rencai.people.store.people import Person
from rencai.wiring.events import DATA_MODELS
from tests.builders import CANDIDATE, CHECK, ENVELOPE, OFFER
from tests.journey.faults import Faults, Faulty
from tests.shipped import ShippedConfigurations

ENTERED = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
RUN = timedelta(minutes=5)
HOUR = timedelta(hours=1)
SIGN_URL = "https://sign.example.com/1"
CARD = CandidateCard(
    "周晓", "sales", "上海", "REQ-1", "aiview", "ats-1001", ("itv-1",), "itv-1", Decimal("80.00")
)


_REVIEWED = {Review.INTERVIEW: Stage.INTERVIEWED, Review.CHECK: Stage.CHECKING}


def due(place: Place) -> datetime:
    return ENTERED + STAGE_DUE[place]


class MemoryJourneys(Journeys):
    """One candidate's journey, moved by the real rules."""

    def __init__(self, place: Place) -> None:
        about = {"offer": OFFER, "envelope": ENVELOPE, "check": CHECK}
        came = [StageEntry(_REVIEWED[place], ENTERED, None)] if isinstance(place, Review) else []
        stage = Stage.IN_REVIEW if isinstance(place, Review) else place
        self.journey = Journey(CANDIDATE, (*came, StageEntry(stage, ENTERED, due(place))), about, version=4)
        self.refused: list[str] = []

    def get(self, candidate_id: str, *, since: int | None = None) -> CandidateRecord:
        assert candidate_id == CANDIDATE
        return CandidateRecord(self.journey, CARD)

    def apply(
        self, candidate_id: str, fact: Fact, now: datetime, known: CandidateRecord | None = None
    ) -> Advanced:
        try:
            advanced = advance(self.journey, fact, now)
        except IllegalTransition as refusal:
            self.refused.append(refusal.fact)
            raise
        self.journey = advanced.journey
        return advanced


class MemoryChases(Chases):
    """What was done, and what was told of it; a write that another overtook loses."""

    def __init__(self) -> None:
        self.kept: Chase | None = None
        self.told: list[tuple[EventName, dict[str, Any]]] = []
        self.assessments: dict[str, datetime] = {}

    def of(self, candidate_id: str, entry: StageEntry) -> Chase:
        fresh = Chase(candidate_id, entry.stage, entry.entered_at)
        if self.kept and (self.kept.stage, self.kept.entered_at) == (entry.stage, entry.entered_at):
            return self.kept
        return replace(fresh, version=self.kept.version) if self.kept else fresh

    def save(
        self, chase: Chase, now: datetime, told: Sequence[tuple[EventName, Mapping[str, Any]]] = ()
    ) -> Chase:
        if chase.version != (self.kept.version if self.kept else 0):
            raise LostRace
        self.kept = replace(chase, version=chase.version + 1)
        self.told += [(name, dict(data)) for name, data in told]
        return self.kept

    def assessment_asked_at(self, candidate_id: str, assessment_id: str) -> datetime | None:
        return self.assessments.get(assessment_id)

    def assessment_asked(self, candidate_id: str, assessment_id: str, now: datetime) -> None:
        self.assessments[assessment_id] = now


@dataclass
class FakeVendor:
    """Answers ``status`` as it was told to: a fact, None (open), or by raising; ``meanwhile`` comes first."""

    answer: Any = None
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def status(self, thing_id: str) -> Any:
        self.asked.append(thing_id)
        self.meanwhile()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class MemoryNotices(Notices):
    """Claims as the table keeps them."""

    def __init__(self) -> None:
        self.kept: dict[str, Claim] = {}

    def claim(self, candidate_id: str, kind: str, now: datetime) -> Claim:
        return self.kept.get(kind, Claim.YOURS)

    def release(self, candidate_id: str, kind: str, now: datetime) -> None:
        self.kept.pop(kind, None)

    def sent(self, candidate_id: str, kind: str, message_id: str, now: datetime) -> None:
        self.kept[kind] = Claim.SENT

    def undeliverable(self, addressee: str, kind: str, reason: Undeliverable, now: datetime) -> None:
        self.kept[kind] = Claim.UNDELIVERABLE


@dataclass
class FakeMail:
    """Letters sent: (to, subject, body). ``down`` is what it raises."""

    letters: list[tuple[str, str, str]] = field(default_factory=list)
    down: Exception | None = None

    def send(self, to: str, subject: str, html: str, reference: str, tags: Mapping[str, str]) -> str:
        if self.down:
            raise self.down
        self.letters.append((to, subject, html))
        return "msg-1"


@dataclass
class FakeChecks:
    """Findings kept, by check."""

    kept: dict[str, Sequence[Finding]] = field(default_factory=dict)

    def record(self, candidate_id: str, check_id: str, findings: Sequence[Finding], at: datetime) -> None:
        self.kept[check_id] = findings


@dataclass
class Known:
    """Stands for the offers, the people or the assessments: the one there is."""

    one: Any

    def get(self, _: str, *, consistent: bool = True) -> Any:
        return self.one

    find = get


class Bench:
    """A candidate who stands at ``place``, and everyone the watchdog deals with. ``faults`` sees each of its calls."""

    def __init__(self, place: Place, faults: Faults | None = None) -> None:
        self.journeys = MemoryJourneys(place)
        self.due_at, self.stage = due(place), self.journeys.journey.stage
        self.chases = MemoryChases()
        self.esign, self.background = FakeVendor(), FakeVendor()
        self.checks, self.mail, self.notices = FakeChecks(), FakeMail(), MemoryNotices()
        self.offer = Offer(
            CANDIDATE,
            "sales",
            cast(Any, None),
            ENTERED,
            14,
            ENVELOPE,
            SIGN_URL,
            datetime(2026, 3, 20, tzinfo=UTC),
            date(2026, 3, 16),
        )
        self.person = Person(CANDIDATE, "周晓", "zhou.xiao@example.com", None, "zh-CN", None, None)
        self.faults = faults or Faults()

    def chaser(self) -> Chaser:
        def faulty(name: str, target: Any) -> Any:
            return Faulty(name, target, self.faults)

        journeys, background = faulty("journeys", self.journeys), faulty("background", self.background)
        mail = faulty("mail", self.mail)
        return Chaser(
            journeys=journeys,
            chases=faulty("chases", self.chases),
            hiring=VendorResults(
                journeys,
                cast(Any, None),
                faulty("checks", self.checks),
                cast(Any, None),
                cast(Any, None),
                lambda: background,
            ),
            offers=cast(Any, Known(self.offer)),
            people=cast(Any, Known(self.person)),
            configurations=ShippedConfigurations(),
            correspondence=Correspondence(
                faulty("notices", self.notices), ShippedConfigurations(), mail, lambda: None
            ),
            esign=faulty("esign", self.esign),
            background=background,
            zone=ZoneInfo("Asia/Shanghai"),
        )

    def run(self, late_for: timedelta = timedelta(0), *, found_at: datetime | None = None) -> None:
        """One run of the watchdog finds the candidate late, and the message is acted on at once."""
        now = self.due_at + late_for
        self.chaser().chase(Overdue(CANDIDATE, self.stage, found_at or now), now)

    @property
    def told(self) -> list[EventName]:
        for name, data in self.chases.told:
            DATA_MODELS[name].model_validate(data)
        return [name for name, _ in self.chases.told]


def signed(envelope_id: str = ENVELOPE) -> EnvelopeClosed:
    return EnvelopeClosed(envelope_id, EnvelopeOutcome.COMPLETED)


def checked(*, clear: bool = True) -> CheckCompleted:
    findings = (Finding(kind="identity", verified=clear), Finding(kind="criminal", verified=True))
    return CheckCompleted(CHECK, "clear" if clear else "consider", findings)
