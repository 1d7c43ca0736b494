"""Shapes of the events that pressure warnings tell: thin (ids, level, counts), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class ScanFinished(EventData):
    """Counts of one run of the nightly scan; ``seconds`` from its start to its last shard. ``cards_behind``: how many
    messages were not made cards yet when its parts were handed out, so that it did not see what they tell.
    """

    scan_id: str
    employees: int
    raised: int
    changed: int
    cleared: int
    open: int
    seconds: float
    cards_behind: int | None = None


class AlertTold(EventData):
    """``level``: yellow, orange or red. The signals and their values stay in the table."""

    alert_id: str
    level: str


class InterventionOpened(EventData):
    """Opened, or changed while it is open. ``due_on`` is a date; its notes and its owner stay in the table."""

    intervention_id: str
    alert_id: str
    actions: list[str]
    due_on: str


class InterventionClosed(EventData):
    """``outcome``: worked, partly, not_worked, left or unknown."""

    intervention_id: str
    alert_id: str
    outcome: str


SHAPES: Final[Shapes] = {
    EventName.SCAN_FINISHED: ScanFinished,
    EventName.ALERT_RAISED: AlertTold,
    EventName.ALERT_CHANGED: AlertTold,
    EventName.ALERT_CLEARED: AlertTold,
    EventName.INTERVENTION_OPENED: InterventionOpened,
    EventName.INTERVENTION_CHANGED: InterventionOpened,
    EventName.INTERVENTION_CLOSED: InterventionClosed,
}
