"""B7: a late assessment's result is asked for, and counts."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import pytest

from functions.hiring.chase import ask_for_assessment
from rencai.hiring.rules.facts import AssessmentCompleted
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.assessments import Assessment
from rencai.hiring.vendor_told import VendorResults
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from tests.builders import CANDIDATE
from tests.hiring.late import ENTERED, RUN, FakeVendor, Known, MemoryChases, MemoryJourneys


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
            hiring=VendorResults(
                MemoryJourneys(Stage.OFFER_SENT),
                offers=cast(Any, None),
                checks=cast(Any, None),
                assessments=cast(Any, self),
                links=cast(Any, None),
                background=cast(Any, None),
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
