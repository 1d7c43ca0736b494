"""From a mentor's words to the task to HR's rating to the score, crashed at every call (C3, C4)."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from functions.training.enrolment import enrol
from rencai.training.rules.plan import Learner
from tests.journey.faults import Faults, When
from tests.journey.test_training import EMPLOYEE, ORIENTATION, again, file, learnt
from tests.journey.world import World, world
from tests.training.known_reader import known_readers

_MOST = 40
"""At least as many calls as there are."""


def begun(one: World) -> None:
    one.wired.reading.readers = known_readers()
    learner = Learner(EMPLOYEE, "sales", "aiview/itv-1", (), "visual")
    one.wired.training.training.assign(learner, date(2026, 3, 16), one.now)
    enrol(
        EMPLOYEE,
        plans=one.wired.training.plans,
        enrolments=one.wired.training.enrolments,
        lms=one.lms,
        now=one.now,
    )
    one.settle()


def rated(one: World) -> None:
    one.webhook("lms", "msg-1", learnt(ORIENTATION, 100, "2026-03-17T01:00:00Z", 85, "嗯,还行吧"))
    one.settle()
    asked = file(one).enrolments[ORIENTATION].asked
    assert asked is not None
    desk = one.wired.training.rating_desk
    again(lambda: desk.rate(EMPLOYEE, asked.rating_id, 3, "hr-1", one.now))
    one.settle()


def end(one: World) -> dict[str, Any]:
    found = file(one)
    enrolment = found.enrolments[ORIENTATION]
    assert enrolment.asked is not None
    answer = enrolment.asked.answer
    waiting, _ = one.wired.training.rating_desk.waiting(25, None)
    return {
        "rating": enrolment.rating,
        # When is not: a redelivery waits.
        "answer": answer and (answer.level, answer.actor),
        "version": enrolment.version,
        "scored": found.scored,
        "waiting": waiting,
        "events": Counter(
            name
            for name, _ in {(told.name, told.detail.event_id) for told in one.published}
            if "rating" in name or "progressed" in name
        ),
    }


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    with world() as one:
        begun(one)
        rated(one)
        return end(one)


def test_c3_c4_what_hr_says_counts(undisturbed: dict[str, Any]) -> None:
    # 0.4 x 100 + 0.4 x 85 + 0.2 x 70 = 88; nothing else is known.
    assert undisturbed["scored"].score == 88
    assert undisturbed["waiting"] == []
    assert undisturbed["events"] == {
        "training.progressed": 1,
        "training.rating_asked": 1,
        "training.rating_decided": 1,
    }


def test_every_call_is_crashed_at() -> None:
    faults = Faults()
    with world(faults) as one:
        begun(one)
        before = len(faults.calls)
        rated(one)
    assert len(faults.calls) - before <= _MOST


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_call_loses_nothing_and_repeats_nothing(
    undisturbed: dict[str, Any], when: When
) -> None:
    for call in range(1, _MOST + 1):
        faults = Faults()
        with world(faults) as one:
            begun(one)
            faults.at, faults.when = len(faults.calls) + call, when
            rated(one)
            faults.at = 0
            assert end(one) == undisturbed, f"crash {when} call {call}: {faults.crashed_at}"
