"""On schedule, at night in the tenant's time zone -> the day's scan begun, and its parts handed out."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from rencai import wiring
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.cards import SHARDS
from rencai.store.configurations import Configurations
from rencai.store.scans import Scans

from .messages import Part, PartsQueue

AT_ONCE: Final = 8
"""Shards a part: four parts a night, of some fifteen seconds each for a million employees."""


def start_scan(
    today: date,
    *,
    scans: Scans,
    configurations: Configurations,
    send: Callable[[Part], None],
    now: datetime,
    shards: int = SHARDS,
) -> str:
    """Begin the day's scan and hand out its parts; done again while it runs, it hands the same ones out again, which
    count once. Returns the scan's id.
    """
    groups = [range(first, min(first + AT_ONCE, shards)) for first in range(0, shards, AT_ONCE)]
    record = scans.begin(today, configurations.risk_policy().version, len(groups), now)
    for number, group in enumerate(groups):
        send(Part(record.scan_id, record.run, number, tuple(group)))
    logger.info("scan begun", extra={"scan_id": record.scan_id, "run": record.run})
    return record.scan_id


@logger.inject_lambda_context(clear_state=True)
def handler(_: dict[str, Any], __: Any) -> dict[str, str]:
    """The schedule calls this; so may an admin, at any time."""
    now = wiring.clock()
    queue = PartsQueue(wiring.client("sqs"), settings()["SCAN_QUEUE_URL"])
    scan_id = start_scan(
        now.astimezone(wiring.zone()).date(),
        scans=wiring.scans(),
        configurations=wiring.configurations(),
        send=queue.send,
        now=now,
    )
    return {"scan_id": scan_id}
