"""On schedule, at night in the tenant's time zone -> the day's scan begun, and its parts handed out, or it waits."""

from datetime import date, datetime

from rencai.platform.observability import logger
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.store.configurations import Configurations
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule

from .handing import Handing, handing_of


def start_scan(today: date, *, handing: Handing, configurations: Configurations, now: datetime) -> str:
    """Begin the day's scan, and hand out its parts or wait; returns the scan's id."""
    policy = configurations.latest(RISK_POLICY)
    record = handing.scans.begin(today, policy.version, len(handing.groups), now)
    logger.info("scan begun", extra={"scan_id": record.scan_id, "run": record.run})
    handing.go_on(record, 0)
    return record.scan_id


def act(wired: Wired, _: object) -> dict[str, str]:
    """The schedule calls this; so may an admin, at any time."""
    now = wired.clock()
    scan_id = start_scan(
        now.astimezone(wired.zone).date(),
        handing=handing_of(wired),
        configurations=wired.configurations,
        now=now,
    )
    return {"scan_id": scan_id}


handler = on_schedule(act)
