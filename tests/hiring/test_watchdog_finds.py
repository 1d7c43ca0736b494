"""B7: everybody who is late is found, page by page and run by run, and handed over."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from functions.hiring.overdue import Overdue
from functions.hiring.watchdog import LISTS, Watched, act, watch
from rencai.hiring.rules.documents import HiringPolicy
from rencai.hiring.rules.stages import DUE_STAGES, Stage
from rencai.hiring.store.journeys import Journeys
from rencai.store.cursors import Cursors
from rencai.store.table import Page
from tests.builders import CANDIDATE
from tests.hiring.late import ENTERED
from tests.shipped import ShippedConfigurations
from tests.wired import wired_with


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
        send=handed.append,
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
    assert {stage for stage, _ in journeys.read} == set(DUE_STAGES)
    assert set(assessments.before) == {ENTERED - timedelta(hours=72)}


def test_a_run_that_has_no_time_left_is_gone_on_from_by_the_next_and_then_begins_anew() -> None:
    pages = {stage: [[f"{stage}-{page}"] for page in range(3)] for stage in DUE_STAGES}
    assessments = ListedAssessments([["a-0"], ["a-1"]])
    cursors = MemoryCursors()
    everyone = [f"{stage}-{page}" for stage in DUE_STAGES for page in range(3)] + ["a-0", "a-1"]
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
    assert Overdue.parsed(json.dumps(overdue.message())) == overdue


@dataclass
class FakeSqs:
    """Takes messages."""

    sent: list[str] = field(default_factory=list)

    def send_message(self, QueueUrl: str, MessageBody: str) -> dict[str, Any]:  # noqa: N803 - boto's names
        assert QueueUrl == "https://sqs.example.com/chase"
        self.sent.append(MessageBody)
        return {}


class _Context:
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


def test_everybody_who_is_late_is_handed_over() -> None:
    sqs = FakeSqs()
    found = [Overdue(f"cand_{number}", Stage.CHECKING, ENTERED) for number in range(23)]
    clients: dict[str, Any] = {"sqs": sqs, "dynamodb": None, "kms": None}
    wired = wired_with(
        clients.__getitem__, lambda: ENTERED, {"CHASE_QUEUE_URL": "https://sqs.example.com/chase"}
    )
    wired.configurations, wired.cursors = ShippedConfigurations(), MemoryCursors()
    wired.hiring.journeys = Listed({Stage.CHECKING: [[overdue.candidate_id for overdue in found]]})
    wired.hiring.assessments = cast(Any, ListedAssessments())
    act(wired, cast(Any, _Context()))
    assert [Overdue.parsed(body) for body in sqs.sent] == found
