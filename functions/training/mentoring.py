"""A course completed, a mentor named or reminded -> the mentor is invited to rate by link; a mark by link -> it counts
(C3).
"""

from rencai.kernel.events import EventName
from rencai.platform.consumer import BusEvent
from rencai.wiring import Wired
from rencai.wiring.consumers import on_event


def act(wired: Wired, told: BusEvent) -> None:
    """The queue behind these events calls this. What it does is decided by what is known, not by the event."""
    employee_id, item_id = told.detail.subject.id, told.detail.data["item_id"]
    inviting, now = wired.training.inviting, wired.clock()
    if told.name is EventName.MENTOR_RATED:
        inviting.take(employee_id, item_id, now)
    else:
        inviting.invite(employee_id, item_id, now)


handler = on_event(act)
