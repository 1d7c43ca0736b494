"""B7: who is late is found; the vendor is asked, our own steps are taken again, and HR is told in time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.hiring.overdue import Overdue
from rencai.hiring.rules.facts import CheckCompleted, EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.moves import RESUMABLE
from rencai.hiring.rules.stages import Place, Review, Stage, StageEntry
from rencai.hiring.store.chases import Asked, Chase
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.kernel.events import EventName
from tests.builders import CANDIDATE, CHECK, ENVELOPE
from tests.hiring.late import ENTERED, HOUR, RUN, Bench, checked, due, signed

WITH_A_VENDOR = (Stage.OFFER_SENT, Stage.CHECKING)


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


@pytest.mark.parametrize("place", [Stage.INTERVIEWED, *Review])
def test_where_nobody_can_be_asked_hr_hears_of_it_in_time(place: Place) -> None:
    bench = Bench(place)
    bench.run(2 * HOUR - RUN)
    assert (bench.told, bench.chases.kept) == ([], None)
    for run in range(3):
        bench.run(2 * HOUR + run * RUN)
    ((name, data),) = bench.chases.told
    assert (name, data["asked"]) == (EventName.JOURNEY_OVERDUE, None)
    assert (bench.esign.asked, bench.background.asked, bench.mail.letters) == ([], [], [])
