"""B7: two runs at once, a crash anywhere, and what is logged of it."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from rencai.hiring.rules.stages import STAGE_DUE, Place, Stage, StageEntry
from rencai.hiring.store.chases import Chase
from rencai.kernel.errors import LostRace, VendorUnavailable
from rencai.kernel.events import EventName
from tests.hiring.late import HOUR, Bench, checked, signed
from tests.journey.faults import Crash, Faults
from tests.logs import logged


@pytest.mark.parametrize("stage", sorted(STAGE_DUE))
def test_of_two_runs_at_once_one_tells_and_writes(stage: Place) -> None:
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
def test_a_crash_anywhere_changes_nothing_once_the_message_has_come_again(stage: Place, answer: str) -> None:
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
