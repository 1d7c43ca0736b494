"""An import is taken back, part by part: with what was asked for, and with its parts, over one queue."""

import json

from rencai.kernel.errors import DomainError
from rencai.migration.undo import Step, begin_undo, check_part, give_up_undo, restore_part
from rencai.platform.consumer import BusEvent
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message


def act(wired: Wired, body: str) -> None:
    """The undo queue calls this: with ``import.undo_asked``, and with parts."""
    parts = wired.outbox("QUEUE_URL")

    def send(import_id: str, step: Step, part: int) -> None:
        # One at a time: a file has at most 400.
        parts.send({"import_id": import_id, "step": step, "part": part})

    message = json.loads(body)
    importing, now = wired.migration.importing, wired.clock()
    if "detail-type" in message:
        asked = BusEvent.model_validate(message).detail.subject.id
        begin_undo(asked, importing=importing, send=send, now=now)
    elif message["step"] == "check":
        check_part(message["import_id"], message["part"], importing=importing, send=send, now=now)
    else:
        restore_part(message["import_id"], message["part"], importing=importing, now=now)


def give_up(wired: Wired, body: str, reason: DomainError) -> None:
    """A part that kills whoever looks at it, or puts back what was there before it; or the very beginning."""
    message = json.loads(body)
    importing, now = wired.migration.importing, wired.clock()
    if "detail-type" in message:
        # It began with nothing yet, as little as a part that was to be looked at.
        asked = BusEvent.model_validate(message).detail.subject.id
        give_up_undo(asked, "check", 0, reason, importing=importing, now=now)
    else:
        give_up_undo(
            message["import_id"], message["step"], message["part"], reason, importing=importing, now=now
        )


handler = on_message(act, give_up)
