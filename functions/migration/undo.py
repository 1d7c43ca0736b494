"""An import is taken back, part by part: with what was asked for, and with its parts, over one queue."""

import json

from rencai.migration.undo import Step, begin_undo, check_part, restore_part
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


handler = on_message(act)
