"""On schedule, at night in the tenant's time zone -> the day's scan begun, and its parts handed out."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from rencai.platform.observability import logger
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.pressure.store.scans import Scans
from rencai.store.configurations import Configurations
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule

from .scan_messages import ScanPart

AT_ONCE: Final = 8
"""Shards a part: four parts a night, of some fifteen seconds each for a million employees."""


def start_scan(
    today: date,
    *,
    scans: Scans,
    configurations: Configurations,
    shards: int,
    send: Callable[[ScanPart], None],
    now: datetime,
) -> str:
    """Begin the day's scan and hand out its parts; done again while it runs, it hands the same ones out again, which
    count once. Returns the scan's id.
    """
    groups = [range(first, min(first + AT_ONCE, shards)) for first in range(0, shards, AT_ONCE)]
    record = scans.begin(today, configurations.latest(RISK_POLICY).version, len(groups), now)
    for number, group in enumerate(groups):
        send(ScanPart(record.scan_id, record.run, number, tuple(group)))
    logger.info("scan begun", extra={"scan_id": record.scan_id, "run": record.run})
    return record.scan_id


def act(wired: Wired, _: object) -> dict[str, str]:
    """The schedule calls this; so may an admin, at any time."""
    now = wired.clock()
    outbox = wired.outbox("SCAN_QUEUE_URL")
    scan_id = start_scan(
        now.astimezone(wired.zone).date(),
        scans=wired.pressure.scans,
        configurations=wired.configurations,
        shards=wired.pressure.cards.shards,
        send=lambda part: outbox.send(asdict(part)),
        now=now,
    )
    return {"scan_id": scan_id}


handler = on_schedule(act)
