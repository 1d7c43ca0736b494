"""A schedule -> every candidate who is past their due time, and every assessment that is, onto the chase queue (B7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from rencai import wiring
from rencai.domain.configuration import HiringPolicy
from rencai.domain.journey import STAGE_DUE, Stage
from rencai.platform.observability import logger
from rencai.platform.schedules import HasTime, time_is_left
from rencai.platform.settings import settings
from rencai.store.assessments import Assessments
from rencai.store.cursors import Cursors
from rencai.store.journeys import Journeys

from .overdue import Overdue

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

ASSESSMENTS: Final = "assessments"
LISTS: Final = (*STAGE_DUE, ASSESSMENTS)
"""What one round reads, in this order: each stage that has a due time, then the assessments not come back."""

FEED: Final = "watchdog"
"""What the place where a round was interrupted is kept as."""

_PAGE: Final = 300
_SPARE_MILLISECONDS: Final = 30_000
"""What must be left of a run to begin another page: more than reading one and handing it over takes."""


class ChaseQueue:
    """Where those who are late wait to be chased."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, found: Sequence[Overdue]) -> None:
        """Hand them over, one by one (docs/decisions.md, the embedded stack)."""
        for overdue in found:
            self._client.send_message(QueueUrl=self._url, MessageBody=overdue.body())


@dataclass(frozen=True, slots=True)
class Watched:
    """How many were handed over; ``finished`` is false when the next run has to go on."""

    overdue: int
    finished: bool


def watch(
    *,
    journeys: Journeys,
    assessments: Assessments,
    cursors: Cursors,
    policy: HiringPolicy,
    send: Callable[[Sequence[Overdue]], None],
    may_go_on: HasTime,
    now: datetime,
) -> Watched:
    """Hand over everybody who is late at ``now``.

    The stage lists are in the order of roles, so a run reads them whole, page by page. When ``may_go_on`` says no, the
    next run goes on where this one stopped, so that however many there are, nobody is always behind the end.
    """
    at, cursor = _place(cursors.get(FEED))
    if at or cursor:
        # Forgotten before it is followed: a place that cannot be gone on from stops this run, and not all to come.
        cursors.put(FEED, None, now)
    count = 0
    while True:
        name = LISTS[at]
        if name == ASSESSMENTS:
            ordered_before = now - timedelta(hours=float(policy.assessment_due_hours))
            stage, page = None, assessments.waiting(ordered_before, _PAGE, cursor)
        else:
            stage = Stage(name)
            page = journeys.overdue(stage, now, _PAGE, cursor)
        send([Overdue(item["candidate_id"], stage, now) for item in page.items])
        count += len(page.items)
        cursor = page.next
        if cursor is None:
            at += 1
            if at == len(LISTS):
                return Watched(count, finished=True)
        if not may_go_on():
            cursors.put(FEED, f"{LISTS[at]} {cursor or ''}", now)
            return Watched(count, finished=False)


def _place(kept: str | None) -> tuple[int, str | None]:
    """Which of ``LISTS``, and where in it; the beginning when nothing is kept, or a list there is no more."""
    name, _, cursor = (kept or "").partition(" ")
    return (LISTS.index(name), cursor or None) if name in LISTS else (0, None)


@logger.inject_lambda_context(clear_state=True)
def handler(_: dict[str, Any], context: Any) -> None:
    """The schedule calls this."""
    watched = watch(
        journeys=wiring.journeys(),
        assessments=wiring.assessments(),
        cursors=wiring.cursors(),
        policy=wiring.configurations().hiring_policy(),
        send=ChaseQueue(wiring.client("sqs"), settings()["CHASE_QUEUE_URL"]).send,
        may_go_on=time_is_left(context, _SPARE_MILLISECONDS),
        now=wiring.clock(),
    )
    logger.info("watched", extra={"overdue": watched.overdue, "finished": watched.finished})
