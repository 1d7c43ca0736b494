"""A part of a file is read and written."""

import json

from rencai.migration.part import import_part
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message


def act(wired: Wired, body: str) -> None:
    """The parts queue calls this."""
    message = json.loads(body)
    import_part(message["import_id"], message["part"], importing=wired.migration.importing, now=wired.clock())


handler = on_message(act)
