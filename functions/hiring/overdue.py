"""The message from the watchdog to the chase: a candidate who was found late."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rencai.hiring.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class Overdue:
    """``stage`` is where the candidate stood too long; None: the result of an assessment is late. ``found_at`` lets a
    message that waited know what was done about the candidate meanwhile.
    """

    candidate_id: str
    stage: Stage | None
    found_at: datetime

    def message(self) -> dict[str, Any]:
        """As it is handed over (``Outbox.send``)."""
        return {
            "candidate_id": self.candidate_id,
            "stage": self.stage,
            "found_at": self.found_at.isoformat(),
        }

    @classmethod
    def parsed(cls, body: str) -> "Overdue":
        """The inverse of ``message``, of what came on the queue."""
        message = json.loads(body)
        stage = message["stage"]
        return cls(
            message["candidate_id"],
            Stage(stage) if stage is not None else None,
            datetime.fromisoformat(message["found_at"]),
        )
