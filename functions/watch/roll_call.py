"""On schedule -> every schedule, rule and stream is called by its name, and what was due must have run.

A run that finds something missing ends as an error, which is an alarm. The roll call itself is watched by CloudWatch.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rencai.platform.attendance import Attendance, Missing
from rencai.platform.observability import logger
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule


class NotAllThere(Exception):
    """Something that has to run by itself does not: the text names it."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(", ".join(f"{one.what} {one.why}" for one in missing))


def call_roll(attendance: Attendance, now: datetime) -> None:
    """Raises ``NotAllThere``, with a line in the log for each, or ``ClientError`` when AWS will not say."""
    missing = attendance.missing(now)
    for one in missing:
        due = one.due.isoformat() if one.due else None
        logger.error("not there", extra={"what": one.what, "reason": one.why, "due": due})
    if missing:
        raise NotAllThere(missing)
    logger.info("all there")


def act(wired: Wired, _: Any) -> None:
    """The schedule calls this."""
    call_roll(wired.attendance, wired.clock())


handler = on_schedule(act)
