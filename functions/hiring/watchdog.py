"""A schedule -> every candidate who is past their due time, and every assessment that is, onto the chase queue (B7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from rencai.hiring.rules.documents import HIRING_POLICY, HiringPolicy
from rencai.hiring.rules.stages import DUE_STAGES, Stage
from rencai.hiring.store.assessments import Assessments
from rencai.hiring.store.journeys import Journeys
from rencai.platform.observability import logger
from rencai.platform.schedules import HasTime, time_is_left
from rencai.store.cursors import Cursors
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule

from .overdue import Overdue

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

ASSESSMENTS: Final = "assessments"
LISTS: Final = (*DUE_STAGES, ASSESSMENTS)
"""What one round reads, in this order: each stage that has a due time, then the assessments not come back."""

FEED: Final = "watchdog"
"""What the place where a round was interrupted is kept as."""

_PAGE: Final = 300
_SPARE_MILLISECONDS: Final = 30_000
"""What must be left of a run to begin another page: more than reading one and handing it over takes."""


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
    send: Callable[[Overdue], None],
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
        for item in page.items:
            send(Overdue(item["candidate_id"], stage, now))
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


def act(wired: Wired, context: "LambdaContext") -> None:
    """The schedule calls this."""
    queue = wired.outbox("CHASE_QUEUE_URL")
    watched = watch(
        journeys=wired.hiring.journeys,
        assessments=wired.hiring.assessments,
        cursors=wired.cursors,
        policy=wired.configurations.latest(HIRING_POLICY).document,
        # One by one (docs/decisions.md, the embedded stack).
        send=lambda overdue: queue.send(overdue.message()),
        may_go_on=time_is_left(context, _SPARE_MILLISECONDS),
        now=wired.clock(),
    )
    logger.info("watched", extra={"overdue": watched.overdue, "finished": watched.finished})


handler = on_schedule(act)
