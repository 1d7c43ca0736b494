"""``training.progressed`` or ``performance.recorded`` -> the plan adapts, HR is warned, the probation is scored."""

from rencai.platform.consumer import BusEvent
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind the two events calls this. What it does is decided by what is known, not by the event."""
    wired.training.training.review(told.detail.subject.id, wired.clock())


handler = on_event(act)
