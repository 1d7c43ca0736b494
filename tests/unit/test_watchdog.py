"""B7: who is late is found; the vendor is asked, HR is told and the candidate is reminded, each in time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from infra.admin.letters import SAMPLES
from rencai.correspondence import Correspondence
from rencai.domain.background import Finding
from rencai.domain.configuration import HiringPolicy
from rencai.domain.errors import IllegalTransition, LostRace, VendorRefusal, VendorUnavailable
from rencai.domain.event_data import DATA_MODELS
from rencai.domain.events import EventName
from rencai.domain.journey import RESUMABLE, STAGE_DUE, Advanced, Fact, Journey, Stage, StageEntry, advance
from rencai.domain.vendor_facts import AssessmentCompleted, CheckCompleted, EnvelopeClosed, EnvelopeOutcome
from rencai.hiring import Hiring
from rencai.platform.consumer import Retry
from rencai.store.assessments import Assessment
from rencai.store.chases import Asked, Chase, Chases
from rencai.store.cursors import Cursors
from rencai.store.journeys import CandidateRecord, Card, Journeys
from rencai.store.notices import Claim, Notices
from rencai.store.offers import Offer
from rencai.store.people import Person
from rencai.store.table import Page
from tests.journey.faults import Crash, Faults, Faulty
from tests.unit.builders import CANDIDATE, CHECK, ENVELOPE, OFFER, resent, sent
from tests.unit.logs import logged
from tests.unit.shipped import ShippedConfigurations
from watchdog.app import LISTS, ChaseQueue, Watched, watch
from watchdog.chase import Chaser, ask_for_assessment
from watchdog.overdue import Overdue

ENTERED = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
RUN = timedelta(minutes=5)
HOUR = timedelta(hours=1)
SIGN_URL = "https://sign.example.com/1"
CARD = Card("周晓", "sales", "上海", "REQ-1", "aiview", "ats-1001", ("itv-1",), "itv-1", Decimal("80.00"))
WITH_A_VENDOR = (Stage.OFFER_SENT, Stage.CHECKING)


def due(stage: Stage) -> datetime:
    return ENTERED + STAGE_DUE[stage]


# --- fakes --------------------------------------------------------------------------------------------------


class MemoryJourneys(Journeys):
    """One candidate's journey, moved by the real rules."""

    def __init__(self, stage: Stage) -> None:
        about = {"offer": OFFER, "envelope": ENVELOPE, "check": CHECK}
        entry = StageEntry(stage, ENTERED, due(stage))
        self.journey = Journey(CANDIDATE, (entry,), about, version=4)
        self.refused: list[str] = []

    def get(self, candidate_id: str) -> CandidateRecord:
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


@dataclass
class FakeMail:
    """Letters sent: (to, subject, body). ``down`` is what it raises."""

    letters: list[tuple[str, str, str]] = field(default_factory=list)
    down: Exception | None = None

    def send(self, to: str, subject: str, html: str, reference: str) -> str:
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

    def get(self, _: str) -> Any:
        return self.one

    find = get


class Bench:
    """A candidate who stands at ``stage``, and everyone the watchdog deals with. ``faults`` sees each of its calls."""

    def __init__(self, stage: Stage, faults: Faults | None = None) -> None:
        self.stage = stage
        self.journeys = MemoryJourneys(stage)
        self.chases = MemoryChases()
        self.esign, self.background = FakeVendor(), FakeVendor()
        self.checks, self.mail, self.notices = FakeChecks(), FakeMail(), MemoryNotices()
        self.offer = Offer(
            CANDIDATE,
            "sales",
            cast(Any, None),
            ENTERED,
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
            hiring=Hiring(
                journeys, faulty("checks", self.checks), cast(Any, None), cast(Any, None), background
            ),
            offers=cast(Any, Known(self.offer)),
            people=cast(Any, Known(self.person)),
            configurations=ShippedConfigurations(),
            correspondence=Correspondence(faulty("notices", self.notices), ShippedConfigurations(), mail),
            esign=faulty("esign", self.esign),
            background=background,
            zone=ZoneInfo("Asia/Shanghai"),
        )

    def run(self, late_for: timedelta = timedelta(0), *, found_at: datetime | None = None) -> None:
        """One run of the watchdog finds the candidate late, and the message is acted on at once."""
        now = due(self.stage) + late_for
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


# --- asking -------------------------------------------------------------------------------------------------


def test_who_is_not_late_yet_is_left_alone() -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.run(-timedelta(seconds=1))
    assert (bench.esign.asked, bench.chases.kept) == ([], None)


def test_a_message_that_comes_after_the_stage_has_moved_does_nothing() -> None:
    bench = Bench(Stage.CHECKING)
    now = due(Stage.CHECKING) + 3 * HOUR
    bench.chaser().chase(Overdue(CANDIDATE, Stage.OFFER_SENT, now), now)
    assert (bench.esign.asked, bench.background.asked, bench.chases.kept) == ([], [], None)


@pytest.mark.parametrize("stage", WITH_A_VENDOR)
def test_a_silent_vendor_is_asked_at_once_and_every_quarter_of_an_hour(stage: Stage) -> None:
    """No more often, however often the watchdog runs: DocuSign forbids it."""
    bench = Bench(stage)
    for run in range(7):
        bench.run(run * RUN)
    vendor, thing = (bench.esign, ENVELOPE) if stage is Stage.OFFER_SENT else (bench.background, CHECK)
    assert vendor.asked == [thing] * 3
    assert bench.chases.kept == Chase(
        CANDIDATE, stage, ENTERED, asked_at=due(stage) + 6 * RUN, asked=Asked.OPEN, version=3
    )
    assert bench.told == []


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        (EnvelopeOutcome.COMPLETED, Stage.SIGNED),
        (EnvelopeOutcome.DECLINED, Stage.OFFER_DECLINED),
        (EnvelopeOutcome.EXPIRED, Stage.OFFER_EXPIRED),
        (EnvelopeOutcome.VOIDED, Stage.WITHDRAWN),
    ],
)
def test_what_is_found_out_of_an_envelope_counts_as_if_its_webhook_had_come(
    outcome: EnvelopeOutcome, stage: Stage
) -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.esign.answer = EnvelopeClosed(ENVELOPE, outcome)
    bench.run(10 * HOUR)
    assert bench.journeys.journey.stage is stage
    assert (bench.told, bench.mail.letters) == ([], [])


@pytest.mark.parametrize(("clear", "stage"), [(True, Stage.CLEARED), (False, Stage.IN_REVIEW)])
def test_what_is_found_out_of_a_check_counts_with_its_findings(clear: bool, stage: Stage) -> None:
    bench = Bench(Stage.CHECKING)
    bench.background.answer = checked(clear=clear)
    bench.run(10 * HOUR)
    assert bench.journeys.journey.stage is stage
    assert bench.checks.kept == {CHECK: checked(clear=clear).findings}
    assert bench.told == []


def test_the_webhook_after_the_answer_is_known_already() -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.esign.answer = signed()
    chaser = bench.chaser()
    bench.run()
    before = bench.journeys.journey
    chaser.hiring.apply(CANDIDATE, signed(), due(Stage.OFFER_SENT) + RUN, "dlv_1")
    assert bench.journeys.journey == before


@pytest.mark.parametrize("stage", WITH_A_VENDOR)
@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (VendorUnavailable("vendor", "answered 503"), Asked.UNREACHABLE),
        (VendorRefusal("vendor", "answered 404"), Asked.REFUSED),
    ],
)
def test_a_vendor_that_does_not_answer_hides_no_late_journey_and_is_asked_again(
    stage: Stage, error: Exception, asked: Asked
) -> None:
    bench = Bench(stage)
    bench.esign.answer = bench.background.answer = error
    bench.run()
    assert bench.chases.kept is not None
    assert (bench.chases.kept.asked, bench.told) == (asked, [])
    bench.run(2 * HOUR)
    ((_, told),) = bench.chases.told
    assert (bench.told, told["asked"]) == ([EventName.JOURNEY_OVERDUE], asked)
    bench.esign.answer, bench.background.answer = signed(), checked()
    bench.run(2 * HOUR + 3 * RUN)
    assert bench.journeys.journey.stage is not stage


def test_a_check_that_is_complete_without_its_findings_is_open() -> None:
    bench = Bench(Stage.CHECKING)
    bench.background.answer = CheckCompleted(CHECK, "clear", None)
    bench.run(2 * HOUR)
    assert bench.journeys.journey.stage is Stage.CHECKING
    assert bench.chases.told[0][1]["asked"] == Asked.OPEN


def test_an_answer_about_another_envelope_is_refused_and_hides_nothing() -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.esign.answer = signed("env_other")
    bench.run(2 * HOUR)
    assert bench.journeys.refused == ["offer_signed"]
    assert bench.journeys.journey.stage is Stage.OFFER_SENT
    assert bench.told == [EventName.JOURNEY_OVERDUE]


def test_who_signs_while_the_vendor_is_asked_is_neither_raised_nor_reminded() -> None:
    bench = Bench(Stage.OFFER_SENT)
    now = due(Stage.OFFER_SENT) + 3 * HOUR
    bench.esign.meanwhile = lambda: bench.chaser().hiring.apply(CANDIDATE, signed(), now)
    bench.run(3 * HOUR)
    assert bench.journeys.journey.stage is Stage.SIGNED
    assert (bench.told, bench.mail.letters, bench.chases.kept) == ([], [], None)


def test_a_message_that_waited_while_the_vendor_was_asked_asks_no_more_and_raises_all_the_same() -> None:
    bench = Bench(Stage.CHECKING)
    bench.run(HOUR)
    bench.run(2 * HOUR, found_at=due(Stage.CHECKING) + HOUR - RUN)
    assert bench.background.asked == [CHECK]
    assert bench.told == [EventName.JOURNEY_OVERDUE]


# --- our own steps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", sorted(RESUMABLE))
def test_a_step_of_ours_is_to_be_taken_again_once_and_raised_when_that_does_not_help(stage: Stage) -> None:
    bench = Bench(stage)
    for run in range(3):
        bench.run(run * RUN)
    assert bench.chases.told == [(EventName.JOURNEY_RESUMED, {"stage": stage})]
    for run in range(3):
        bench.run(2 * HOUR + run * RUN)
    assert bench.told == [EventName.JOURNEY_RESUMED, EventName.JOURNEY_OVERDUE]
    assert bench.chases.told[1][1] == {
        "stage": stage,
        "due_at": due(stage).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "asked": None,
    }
    assert (bench.esign.asked, bench.background.asked, bench.mail.letters) == ([], [], [])


def test_each_entry_into_a_stage_is_chased_by_itself() -> None:
    bench = Bench(Stage.OFFER_DRAFTED)
    bench.run(2 * HOUR)
    assert bench.told == [EventName.JOURNEY_RESUMED, EventName.JOURNEY_OVERDUE]
    again = ENTERED + timedelta(days=3)
    entry = StageEntry(Stage.OFFER_DRAFTED, again, again + HOUR)
    bench.journeys.journey = replace(bench.journeys.journey, stages=(*bench.journeys.journey.stages, entry))
    now = again + 3 * HOUR
    bench.chaser().chase(Overdue(CANDIDATE, Stage.OFFER_DRAFTED, now), now)
    assert bench.told == [EventName.JOURNEY_RESUMED, EventName.JOURNEY_OVERDUE] * 2


@pytest.mark.parametrize("stage", [Stage.INTERVIEWED, Stage.IN_REVIEW])
def test_where_nobody_can_be_asked_hr_hears_of_it_in_time(stage: Stage) -> None:
    bench = Bench(stage)
    bench.run(2 * HOUR - RUN)
    assert (bench.told, bench.chases.kept) == ([], None)
    for run in range(3):
        bench.run(2 * HOUR + run * RUN)
    ((name, data),) = bench.chases.told
    assert (name, data["asked"]) == (EventName.JOURNEY_OVERDUE, None)
    assert (bench.esign.asked, bench.background.asked, bench.mail.letters) == ([], [], [])


# --- reminding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_candidate_is_reminded_once_where_and_until_when_to_sign(language: str) -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.person = replace(bench.person, locale=language)
    bench.run(HOUR - RUN)
    assert bench.mail.letters == []
    for run in range(4):
        bench.run(HOUR + run * RUN)
    ((to, subject, body),) = bench.mail.letters
    assert to == "zhou.xiao@example.com"
    said = ("销售", "2026 年 3 月 16 日") if language == "zh-CN" else ("Sales", "16 March 2026")
    assert [text for text in (*said, "周晓", "上海", SIGN_URL, OFFER) if text not in body] == []
    assert said[0] in subject
    assert bench.chases.kept is not None
    assert bench.chases.kept.reminded_at == due(Stage.OFFER_SENT) + HOUR


def test_the_reminder_is_given_what_a_letter_is_tried_with() -> None:
    """HR's own wording is held against ``SAMPLES`` before it is stored."""
    bench, given = Bench(Stage.OFFER_SENT), list[Mapping[str, Any]]()

    class Noting(Correspondence):
        def write(
            self, person: Person, template: str, about: str, values: dict[str, Any], now: datetime
        ) -> None:
            assert (template, about) == ("sign_reminder", ENVELOPE)
            given.append(values)

    noting = Noting(*cast(Any, (None, None, None)))
    now = due(Stage.OFFER_SENT) + HOUR
    replace(bench.chaser(), correspondence=noting).chase(Overdue(CANDIDATE, Stage.OFFER_SENT, now), now)
    assert [set(values) for values in given] == [set(SAMPLES["sign_reminder"])]


def test_a_vendor_whose_link_dies_before_the_letter_s_day_is_signed_by_then() -> None:
    bench = Bench(Stage.OFFER_SENT)
    # 22:00 UTC is the next morning in Shanghai.
    bench.offer = replace(bench.offer, expires_at=datetime(2026, 3, 9, 22, tzinfo=UTC))
    bench.run(HOUR)
    assert "2026 年 3 月 10 日" in bench.mail.letters[0][2]


def test_each_envelope_has_a_reminder_of_its_own() -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.run(HOUR)
    bench.esign.answer = EnvelopeClosed(ENVELOPE, EnvelopeOutcome.EXPIRED)
    bench.run(HOUR + 3 * RUN)
    again = ENTERED + timedelta(days=1)
    for fact in (resent(), sent("env_2")):
        bench.journeys.apply(CANDIDATE, fact, again)
    bench.offer = replace(bench.offer, envelope_id="env_2", sign_url="https://sign.example.com/2")
    bench.esign.answer = None
    now = again + STAGE_DUE[Stage.OFFER_SENT] + HOUR
    bench.chaser().chase(Overdue(CANDIDATE, Stage.OFFER_SENT, now), now)
    assert ["/1" in body for _, _, body in bench.mail.letters] == [True, False]
    assert set(bench.notices.kept) == {f"sign_reminder#{ENVELOPE}", "sign_reminder#env_2"}


def without_a_link(bench: Bench) -> None:
    bench.offer = replace(bench.offer, sign_url=None)


def of_another_envelope(bench: Bench) -> None:
    bench.offer = replace(bench.offer, envelope_id="env_0")


def lapsed(bench: Bench) -> None:
    bench.offer = replace(bench.offer, valid_until=date(2026, 3, 1))


def without_an_address(bench: Bench) -> None:
    bench.person = replace(bench.person, email=None)


@pytest.mark.parametrize("change", [without_a_link, of_another_envelope, lapsed, without_an_address])
def test_where_there_is_nothing_to_write_the_reminder_is_done_with(change: Callable[[Bench], None]) -> None:
    bench = Bench(Stage.OFFER_SENT)
    change(bench)
    bench.run(HOUR)
    assert bench.mail.letters == []
    assert bench.chases.kept is not None
    assert bench.chases.kept.reminded_at == due(Stage.OFFER_SENT) + HOUR


def test_a_check_is_nothing_to_remind_a_candidate_of() -> None:
    bench = Bench(Stage.CHECKING)
    bench.run(HOUR)
    assert (bench.mail.letters, bench.notices.kept) == ([], {})


def test_mail_that_is_down_hides_no_late_journey_and_the_letter_follows() -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.mail.down = Retry("SES answered Throttling")
    with pytest.raises(Retry):
        bench.run(2 * HOUR)
    assert bench.told == [EventName.JOURNEY_OVERDUE]
    bench.mail.down = None
    bench.run(2 * HOUR, found_at=due(Stage.OFFER_SENT))
    assert len(bench.mail.letters) == 1
    assert bench.esign.asked == [ENVELOPE]
    assert bench.told == [EventName.JOURNEY_OVERDUE]


# --- two at once, and crashes -------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", sorted(STAGE_DUE))
def test_of_two_runs_at_once_one_tells_and_writes(stage: Stage) -> None:
    bench = Bench(stage)
    late = 3 * HOUR
    first = bench.chases.of

    def overtaken(candidate_id: str, entry: StageEntry) -> Chase:
        """The other run does all it has to, between this one's reading and its writing."""
        read = first(candidate_id, entry)
        bench.chases.of = first  # type: ignore[method-assign]  # the other one is not overtaken
        bench.run(late)
        return read

    bench.chases.of = overtaken  # type: ignore[method-assign]  # as above
    with pytest.raises(LostRace):
        bench.run(late)
    once, letters = list(bench.told), len(bench.mail.letters)
    bench.run(late)
    assert bench.told == once
    assert once.count(EventName.JOURNEY_OVERDUE) == 1
    assert len(bench.mail.letters) == letters == (1 if stage is Stage.OFFER_SENT else 0)


def outcome(bench: Bench) -> tuple[Any, ...]:
    return (
        bench.journeys.journey.stage,
        bench.told,
        [to for to, _, _ in bench.mail.letters],
        bench.chases.kept and replace(bench.chases.kept, version=0),
        bench.notices.kept,
        set(bench.checks.kept),
    )


ANSWERS: dict[str, Any] = {"open": None, "found out": "closed", "unreachable": VendorUnavailable("v", "503")}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("stage", sorted(STAGE_DUE))
def test_a_crash_anywhere_changes_nothing_once_the_message_has_come_again(stage: Stage, answer: str) -> None:
    def prepared(faults: Faults) -> Bench:
        bench = Bench(stage, faults)
        closed = ANSWERS[answer] == "closed"
        bench.esign.answer = signed() if closed else ANSWERS[answer]
        bench.background.answer = checked() if closed else ANSWERS[answer]
        return bench

    smooth = prepared(Faults())
    smooth.run(3 * HOUR)
    for at in range(1, len(smooth.faults.calls) + 1):
        for when in ("before", "after"):
            bench = prepared(Faults(at, when))
            # A vendor that raises has not answered, so nothing dies after its answer.
            with suppress(Crash):
                bench.run(3 * HOUR)
            bench.run(3 * HOUR)
            expected = outcome(smooth)
            # SES has no idempotency key: between its taking a letter and our noting so, a crash sends it twice.
            if (bench.faults.crashed_at, when) in (("mail.send", "after"), ("notices.sent", "before")):
                expected = (*expected[:2], expected[2] * 2, *expected[3:])
            assert outcome(bench) == expected, (bench.faults.crashed_at, when)


def test_nothing_of_the_person_is_logged() -> None:
    bench = Bench(Stage.OFFER_SENT)
    bench.esign.answer = VendorUnavailable("esign", "answered 503")
    with logged() as log:
        bench.run(3 * HOUR)
    assert log.lines("reason") == [{"message": "vendor unreachable", "reason": "esign: answered 503"}]
    assert not [text for text in ("周晓", "example.com", "上海") if text in log.text]


# --- assessments --------------------------------------------------------------------------------------------


@dataclass
class AssessmentBench:
    """A candidate with an assessment that is late."""

    assessment: Assessment | None = field(
        default_factory=lambda: Assessment(CANDIDATE, "asm_1", "https://assess.example.com/1", None, None)
    )
    psychometric: FakeVendor = field(default_factory=FakeVendor)
    chases: MemoryChases = field(default_factory=MemoryChases)
    completed: list[AssessmentCompleted] = field(default_factory=list)

    def run(self, now: datetime = ENTERED) -> None:
        ask_for_assessment(
            CANDIDATE,
            assessments=cast(Any, Known(self.assessment)),
            chases=self.chases,
            psychometric=cast(Any, self.psychometric),
            hiring=Hiring(
                MemoryJourneys(Stage.OFFER_SENT), cast(Any, None), cast(Any, self), *cast(Any, (None, None))
            ),
            now=now,
        )

    def complete(self, candidate_id: str, told: AssessmentCompleted, actor: str, now: datetime) -> bool:
        self.completed.append(told)
        return True


RESULT = AssessmentCompleted("asm_1", {"stress_tolerance": Decimal(71)}, None, CANDIDATE)


def test_a_late_assessment_s_result_is_asked_for_and_counts() -> None:
    bench = AssessmentBench()
    bench.psychometric.answer = RESULT
    bench.run()
    assert (bench.psychometric.asked, bench.completed) == (["asm_1"], [RESULT])


@pytest.mark.parametrize("answer", [None, VendorRefusal("psychometric", "answered 404")])
def test_a_vendor_that_has_no_result_yet_is_asked_again_an_hour_later(answer: Exception | None) -> None:
    bench = AssessmentBench()
    bench.psychometric.answer = answer
    for run in range(13):
        bench.run(ENTERED + run * RUN)
    assert bench.psychometric.asked == ["asm_1"] * 2


def test_one_that_is_unreachable_is_asked_by_the_next_run() -> None:
    bench = AssessmentBench()
    bench.psychometric.answer = VendorUnavailable("psychometric", "answered 503")
    bench.run()
    bench.psychometric.answer = RESULT
    bench.run(ENTERED + RUN)
    assert bench.completed == [RESULT]


@pytest.mark.parametrize(
    "assessment", [None, Assessment(CANDIDATE, "asm_1", None, RESULT, ENTERED)], ids=["none", "completed"]
)
def test_a_message_that_comes_after_the_result_does_nothing(assessment: Assessment | None) -> None:
    bench = AssessmentBench(assessment)
    bench.run()
    assert bench.psychometric.asked == []


# --- finding who is late ------------------------------------------------------------------------------------


class Listed(Journeys):
    """Pages of candidates by stage; each page's cursor is the number of the next."""

    def __init__(self, pages: Mapping[Stage, Sequence[Sequence[str]]]) -> None:
        self.pages = pages
        self.read: list[tuple[str, str | None]] = []

    def overdue(self, stage: Stage, now: datetime, limit: int, cursor: str | None) -> Page:
        self.read.append((stage, cursor))
        return page_of(self.pages.get(stage, [[]]), cursor)


class ListedAssessments:
    def __init__(self, pages: Sequence[Sequence[str]] = ([],)) -> None:
        self.pages = pages
        self.before: list[datetime] = []

    def waiting(self, before: datetime, limit: int, cursor: str | None) -> Page:
        self.before.append(before)
        return page_of(self.pages, cursor)


def page_of(pages: Sequence[Sequence[str]], cursor: str | None) -> Page:
    number = int(cursor or 0)
    following = str(number + 1) if number + 1 < len(pages) else None
    return Page([{"candidate_id": id_} for id_ in pages[number]], following)


class MemoryCursors(Cursors):
    def __init__(self, position: str | None = None) -> None:
        self.position = position

    def get(self, feed: str) -> str | None:
        return self.position

    def put(self, feed: str, position: str | None, now: datetime) -> None:
        self.position = position


def watched(
    journeys: Listed,
    *,
    assessments: ListedAssessments | None = None,
    cursors: MemoryCursors | None = None,
    go_on: Iterable[bool] = (),
    now: datetime = ENTERED,
) -> tuple[Watched, list[Overdue]]:
    handed: list[Overdue] = []
    left = iter(go_on)
    done = watch(
        journeys=journeys,
        assessments=cast(Any, assessments or ListedAssessments()),
        cursors=cursors or MemoryCursors(),
        policy=HiringPolicy(),
        send=handed.extend,
        may_go_on=lambda: next(left, True),
        now=now,
    )
    return done, handed


def test_everybody_who_is_late_is_handed_over_from_every_page_of_every_list() -> None:
    journeys = Listed({Stage.OFFER_SENT: [["cand_1"], [], ["cand_2"]], Stage.CLEARED: [["cand_3"]]})
    assessments = ListedAssessments([["cand_4"], ["cand_1"]])
    done, handed = watched(journeys, assessments=assessments)
    assert done == Watched(5, finished=True)
    assert handed == [
        Overdue("cand_1", Stage.OFFER_SENT, ENTERED),
        Overdue("cand_2", Stage.OFFER_SENT, ENTERED),
        Overdue("cand_3", Stage.CLEARED, ENTERED),
        Overdue("cand_4", None, ENTERED),
        Overdue("cand_1", None, ENTERED),
    ]
    assert {stage for stage, _ in journeys.read} == set(STAGE_DUE)
    assert set(assessments.before) == {ENTERED - timedelta(hours=72)}


def test_a_run_that_has_no_time_left_is_gone_on_from_by_the_next_and_then_begins_anew() -> None:
    pages = {stage: [[f"{stage}-{page}"] for page in range(3)] for stage in STAGE_DUE}
    assessments = ListedAssessments([["a-0"], ["a-1"]])
    cursors = MemoryCursors()
    everyone = [f"{stage}-{page}" for stage in STAGE_DUE for page in range(3)] + ["a-0", "a-1"]
    found: list[str] = []
    runs = 0
    finished = False
    while not finished:
        done, handed = watched(
            Listed(pages), assessments=assessments, cursors=cursors, go_on=[True, True, True, False]
        )
        assert len(handed) == done.overdue <= 4
        found += [overdue.candidate_id for overdue in handed]
        finished, runs = done.finished, runs + 1
    assert found == everyone
    assert runs == 7
    assert watched(Listed(pages), cursors=cursors)[1][0].candidate_id == everyone[0]


def test_a_place_that_cannot_be_gone_on_from_stops_one_run() -> None:
    class Broken(Listed):
        def overdue(self, stage: Stage, now: datetime, limit: int, cursor: str | None) -> Page:
            if cursor == "moth-eaten":
                raise LookupError(cursor)
            return super().overdue(stage, now, limit, cursor)

    cursors = MemoryCursors("checking moth-eaten")
    with pytest.raises(LookupError, match="moth-eaten"):
        watched(Broken({}), cursors=cursors)
    assert watched(Broken({}), cursors=cursors)[0].finished


def test_a_place_in_a_list_there_is_no_more_is_the_beginning() -> None:
    journeys = Listed({})
    watched(journeys, cursors=MemoryCursors("probation x"))
    assert journeys.read[0] == (LISTS[0], None)


@pytest.mark.parametrize("stage", [Stage.CHECKING, None])
def test_a_message_is_read_as_it_was_written(stage: Stage | None) -> None:
    overdue = Overdue(CANDIDATE, stage, ENTERED)
    assert Overdue.parsed(overdue.body()) == overdue


@dataclass
class FakeSqs:
    """Takes messages."""

    sent: list[str] = field(default_factory=list)

    def send_message(self, QueueUrl: str, MessageBody: str) -> dict[str, Any]:  # noqa: N803 - boto's names
        assert QueueUrl == "https://sqs.example.com/chase"
        self.sent.append(MessageBody)
        return {}


def test_everybody_who_is_late_is_handed_over() -> None:
    sqs = FakeSqs()
    found = [Overdue(f"cand_{number}", Stage.CHECKING, ENTERED) for number in range(23)]
    ChaseQueue(cast(Any, sqs), "https://sqs.example.com/chase").send(found)
    assert [Overdue.parsed(body) for body in sqs.sent] == found
