"""Chases: what was done about a candidate who stands still past the due time (B7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from rencai.hiring.rules.stages import Stage, StageEntry
from rencai.kernel.events import Event, EventName
from rencai.store.table import Item, Key, Table, from_instant, instant, to_events, version_is


def chase_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``CHASE``: of the stage the candidate stands at; the next stage's takes its place."""
    return Key(f"CANDIDATE#{candidate_id}", "CHASE")


def assessment_chase_key(candidate_id: str, assessment_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``CHASE#asm_1``."""
    return Key(f"CANDIDATE#{candidate_id}", f"CHASE#{assessment_id}")


class Asked(StrEnum):
    """What came of asking a vendor whose answer is not final: ``open`` (nothing yet), ``unreachable``, or ``refused``
    (it will not say: a person has to look).
    """

    OPEN = "open"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Chase:
    """What was done about one entry into a stage.

    ``asked_at``: when the vendor was last asked, or our own step told to be taken again. ``reminded_at``: when the
    candidate's reminder was dealt with, also where none could be sent. ``version`` counts the writes of all the
    candidate's chases; 0 is not yet written.
    """

    candidate_id: str
    stage: Stage
    entered_at: datetime
    asked_at: datetime | None = None
    asked: Asked | None = None
    reminded_at: datetime | None = None
    raised_at: datetime | None = None
    version: int = 0


class Chases:
    """One chase a candidate. Its events ride on it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, candidate_id: str, entry: StageEntry) -> Chase:
        """The chase of this entry, read consistently; one with nothing done when there is none."""
        item = self._table.get(chase_key(candidate_id))
        fresh = Chase(candidate_id, entry.stage, entry.entered_at)
        if item is None:
            return fresh
        if (item["stage"], item["entered_at"]) != (entry.stage, instant(entry.entered_at)):
            return replace(fresh, version=item["version"])
        return replace(
            fresh,
            asked_at=_moment(item, "asked_at"),
            asked=Asked(item["asked"]) if "asked" in item else None,
            reminded_at=_moment(item, "reminded_at"),
            raised_at=_moment(item, "raised_at"),
            version=item["version"],
        )

    def save(
        self, chase: Chase, now: datetime, told: Sequence[tuple[EventName, Mapping[str, Any]]] = ()
    ) -> Chase:
        """Write what was done, with the events that tell of it; returns it as it is now.

        Raises ``LostRace`` when another has written since it was read.
        """
        written = replace(chase, version=chase.version + 1)
        stem = f"evt_{chase.candidate_id.partition('_')[2]}_chase_{written.version}"
        events = [Event(f"{stem}_{number}", name, now, data) for number, (name, data) in enumerate(told)]
        self._table.put(
            chase_key(chase.candidate_id),
            {
                "stage": chase.stage,
                "entered_at": instant(chase.entered_at),
                "asked_at": _written(chase.asked_at),
                "asked": chase.asked,
                "reminded_at": _written(chase.reminded_at),
                "raised_at": _written(chase.raised_at),
                "version": written.version,
                "events": to_events(events),
            },
            version_is(chase.version),
        )
        return written

    def assessment_asked_at(self, candidate_id: str, assessment_id: str) -> datetime | None:
        """When the vendor was last asked for the result of an assessment, or None."""
        item = self._table.get(assessment_chase_key(candidate_id, assessment_id))
        return _moment(item, "asked_at") if item else None

    def assessment_asked(self, candidate_id: str, assessment_id: str, now: datetime) -> None:
        """Remember that the vendor was asked for the result of an assessment."""
        self._table.put(assessment_chase_key(candidate_id, assessment_id), {"asked_at": instant(now)})


def _moment(item: Item, name: str) -> datetime | None:
    return from_instant(item[name]) if name in item else None


def _written(moment: datetime | None) -> str | None:
    return instant(moment) if moment else None
