"""The first day of work, corrected: the employee's own item, and beside it what it was and why it is another (F1)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rencai.kernel import ids
from rencai.kernel.errors import NotFound
from rencai.kernel.events import Event, EventName
from rencai.store.sealed import Vault
from rencai.store.table import ABSENT, Item, Key, Table, from_instant, instant, to_events, version_is

from .employees import employee_from, employee_key

_PREFIX: Final = "FIRST_DAY#"
_FIELD: Final = "decision"


def first_day_key(employee_id: str, decision_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``FIRST_DAY#hr-1#6f1c...``: by the request that corrected it."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_PREFIX}{decision_id}")


@dataclass(frozen=True, slots=True)
class FirstDayCorrection:
    """What the first day was, what it became, and by whose word."""

    before: date
    starts_on: date
    reason: str
    at: datetime
    actor: str


class FirstDays:
    """Corrections of first days."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def said(self, employee_id: str, decision_id: str) -> date | None:
        """What this request has made it before; None: it comes for the first time."""
        item = self._table.get(first_day_key(employee_id, decision_id))
        return date.fromisoformat(item["starts_on"]) if item else None

    def corrections(self, employee_id: str) -> list[FirstDayCorrection]:
        """All of them, oldest first."""
        pk = employee_key(employee_id).pk
        found = [
            FirstDayCorrection(
                date.fromisoformat(item["before"]),
                date.fromisoformat(item["starts_on"]),
                self._vault.open(item["reason"], owner=employee_id, field=_FIELD),
                from_instant(item["at"]),
                item["actor"],
            )
            for item in self._table.query_all(pk, prefix=_PREFIX, consistent=True)
        ]
        return sorted(found, key=lambda one: one.at)

    def correct(
        self, employee_id: str, starts_on: date, reason: str, *, decision_id: str, actor: str, now: datetime
    ) -> None:
        """Write both. Raises ``NotFound``, and ``LostRace`` when somebody else has written the employee."""
        known = self._table.get(employee_key(employee_id))
        if known is None:
            raise NotFound("employee", employee_id)
        version = known["version"] + 1
        event = Event(
            ids.event_id(f"{employee_id}_employee", version, 0),
            EventName.EMPLOYEE_RESCHEDULED,
            now,
            {"starts_on": starts_on.isoformat(), "decision_id": decision_id},
            actor,
        )
        kept: Item = {
            "before": employee_from(employee_id, known).starts_on.isoformat(),
            "starts_on": starts_on.isoformat(),
            "reason": self._vault.seal(reason, owner=employee_id, field=_FIELD),
            "at": instant(now),
            "actor": actor,
        }
        # No longer as an import left it: an undo leaves it alone.
        item = {name: value for name, value in known.items() if name not in ("pk", "sk", "batch")} | {
            "starts_on": starts_on.isoformat(),
            "version": version,
            "events": to_events([event]),
        }
        self._table.transact(
            self._table.put_action(first_day_key(employee_id, decision_id), kept, ABSENT),
            self._table.put_action(employee_key(employee_id), item, version_is(known["version"])),
        )
