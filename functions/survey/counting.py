"""A closed survey -> its answers counted, some thousands a message; after the last page its figures are made."""

import json
from dataclasses import asdict

from rencai.survey.closing import ToCount
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message


def act(wired: Wired, body: str) -> None:
    """The figures' queue calls this."""
    outbox = wired.outbox("QUEUE_URL")
    wired.survey.closing.count(
        ToCount(**json.loads(body)), lambda told: outbox.send(asdict(told)), wired.clock()
    )


handler = on_message(act)
