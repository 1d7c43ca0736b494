"""On schedule -> plans in which something has come due: who fell behind is warned about (C4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rencai.platform.observability import described, logger
from rencai.platform.schedules import HasTime, time_is_left
from rencai.training.planning import Training
from rencai.training.store.plans import TrainingPlans
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule

_AT_ONCE: Final = 100
_RESERVE_MILLISECONDS: Final = 60_000
"""What is left of the function's time when no other plan is begun."""


@dataclass
class Looked:
    """What a run came to. ``failed``: plans that could not be reviewed, each with its reason in the log."""

    reviewed: int = 0
    failed: int = 0
    finished: bool = False


class NotReviewed(Exception):
    """Some plans could not be reviewed. The others were; the next run tries these again."""


def review_due(*, plans: TrainingPlans, training: Training, now: datetime, has_time: HasTime) -> Looked:
    """Review every plan that is due by ``now``, as many as there is time for; the next run goes on.

    A plan that is reviewed leaves the list of those due, so nothing has to be remembered. One that cannot be is passed
    over, and kept from hiding those behind it.
    """
    looked = Looked()
    failed: set[str] = set()
    while has_time() and not looked.finished:
        due = [id_ for id_ in plans.due(now, _AT_ONCE + len(failed)) if id_ not in failed]
        looked.finished = not due
        for employee_id in due:
            if not has_time():
                break
            try:
                training.review(employee_id, now)
                looked.reviewed += 1
            except Exception as error:  # noqa: BLE001 - logged, counted and raised at the end; others must not wait
                logger.error("not reviewed", extra={"subject": employee_id, "reason": described(error)})
                failed.add(employee_id)
    looked.failed = len(failed)
    return looked


def act(wired: Wired, context: Any) -> None:
    """The schedule calls this. Raises ``NotReviewed``, which is an error of the function, and an alarm."""
    looked = review_due(
        plans=wired.training.plans,
        training=wired.training.training,
        now=wired.clock(),
        has_time=time_is_left(context, _RESERVE_MILLISECONDS),
    )
    logger.info("reviewed", extra=vars(looked))
    if looked.failed:
        raise NotReviewed(f"{looked.failed} plans")


handler = on_schedule(act)
