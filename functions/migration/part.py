"""A part of a file is read and written."""

import json

from rencai.kernel.errors import DomainError
from rencai.migration.part import give_up_part, import_part
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message


def act(wired: Wired, body: str) -> None:
    """The parts queue calls this."""
    message = json.loads(body)
    import_part(message["import_id"], message["part"], importing=wired.migration.importing, now=wired.clock())


def give_up(wired: Wired, body: str, reason: DomainError) -> None:
    """A part that kills whoever reads or writes it."""
    message = json.loads(body)
    give_up_part(
        message["import_id"],
        message["part"],
        reason,
        importing=wired.migration.importing,
        now=wired.clock(),
    )


handler = on_message(act, give_up)
