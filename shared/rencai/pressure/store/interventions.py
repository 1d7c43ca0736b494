"""Interventions (F5): under their employee, listed while open by due date and afterwards by what they came to."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from rencai.kernel import ids
from rencai.kernel.errors import CommonRefusal, Conflict, DomainError, LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.kernel.ids import Ids
from rencai.pressure.rules.intervention import Closing, Intervention, Measures, Outcome
from rencai.pressure.rules.policy import RiskLevel, SignalKind
from rencai.pressure.rules.refusals import PressureRefusal
from rencai.pressure.rules.signals import from_values, to_values
from rencai.store.sealed import Vault
from rencai.store.table import (
    ABSENT,
    LISTS_INDEX,
    Item,
    Key,
    Table,
    compact,
    decided,
    from_cursor,
    from_instant,
    instant,
    to_cursor,
    to_events,
    version_is,
)

_PREFIX: Final = "INTERVENTION#"
_OPEN: Final = "INTERVENTION#open"
_NOTE: Final = "intervention"


def intervention_key(intervention_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``INTERVENTION#int_01ABC_20261122_1``."""
    employee_id = ids.employee_of_alert(ids.alert_of_intervention(intervention_id))
    return Key(f"EMPLOYEE#{employee_id}", f"{_PREFIX}{intervention_id}")


def note_key(intervention_id: str, note_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``INTERVENTION_NOTE#int_01ABC_20261122_1#nte_01ABC``."""
    return Key(intervention_key(intervention_id).pk, f"INTERVENTION_NOTE#{intervention_id}#{note_id}")


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted of an intervention."""

    note_id: str
    text: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remark:
    """A note as it comes with a request: ``request`` names that, so that it is kept once."""

    text: str
    request: str
    actor: str


class Interventions:
    """Opens, changes and closes interventions. A lost race is decided again, once, on a fresh read. Notes are sealed,
    and only ever added.
    """

    def __init__(self, table: Table, vault: Vault, ids: Ids) -> None:
        self._table = table
        self._vault = vault
        self._ids = ids

    def get(self, intervention_id: str) -> Intervention:
        """One intervention, read consistently; raises ``NotFound``."""
        item = self._table.get(intervention_key(intervention_id))
        if item is None:
            raise NotFound("intervention", intervention_id)
        return _from_item(item)

    def of_alert(self, alert_id: str) -> list[Intervention]:
        """Those opened from an alert, the first one first."""
        # Of the next number's id this one's is no prefix: the underscore ends it.
        key = intervention_key(ids.intervention_id(alert_id, 0))
        found = self._table.query_all(key.pk, prefix=key.sk.removesuffix("0"), consistent=True)
        return sorted(map(_from_item, found), key=lambda one: one.opened_at)

    def open_for(self, alert_id: str) -> Intervention | None:
        """The one that is under way for an alert, or None."""
        return next((one for one in self.of_alert(alert_id) if one.closing is None), None)

    def open(
        self,
        alert_id: str,
        request: str,
        asked: str,
        make: Callable[[str], Intervention],
        note: Remark | None,
    ) -> Intervention:
        """Open what ``make`` makes of its id, with a first note if there is one; the same request again finds it.

        An alert has one open at a time: they are numbered, and of two that are opened at once one finds its number
        taken. Raises ``Conflict`` (INTERVENTION_OPEN; KEY_REUSED when the request said otherwise before) and what
        ``make`` does.
        """
        return decided(lambda: self._open(alert_id, request, asked, make, note))

    def change(
        self,
        intervention_id: str,
        decide: Callable[[Intervention], Intervention],
        actor: str,
        now: datetime,
        note: Remark | None = None,
    ) -> Intervention:
        """Write what ``decide`` makes of it, with a note if there is one; the same as before is not written. Raises
        ``NotFound`` and what ``decide`` does.
        """
        return decided(lambda: self._change(intervention_id, decide, note, actor, now))

    def add_note(self, intervention_id: str, note: Remark, now: datetime) -> Note:
        """Add a note, also to one that is closed. The same request again adds nothing. Raises ``NotFound``, and
        ``Conflict`` (KEY_REUSED) when it said otherwise before.
        """
        intervention = self.get(intervention_id)
        key, item = self._note(intervention, note, now, "added")
        try:
            self._table.put(key, item, ABSENT)
        except LostRace:
            known = self._table.get(key)
            if known is None:
                raise
            kept = self._from_note(intervention.employee_id, known)
            if kept.text != note.text:
                raise Conflict(CommonRefusal.KEY_REUSED, "Idempotency-Key") from None
            return kept
        return Note(key.sk.rpartition("#")[2], note.text, note.actor, now)

    def notes(self, intervention: Intervention) -> list[Note]:
        """Its notes, oldest first; opening each is on KMS's record."""
        key = note_key(intervention.intervention_id, "")
        found = self._table.query_all(key.pk, prefix=key.sk, consistent=True)
        notes = (self._from_note(intervention.employee_id, item) for item in found)
        return sorted(notes, key=lambda one: (one.at, one.note_id))

    def running(self, limit: int, cursor: str | None) -> tuple[list[Intervention], str | None]:
        """A page of open interventions, the first due first, and where to go on."""
        items, last = self._table.query(_OPEN, limit=limit, start=from_cursor(cursor), index=LISTS_INDEX)
        return [one for one in self._read(items) if one.closing is None], to_cursor(last)

    def ended(self, limit: int, cursor: str | None) -> tuple[list[Intervention], str | None]:
        """A page of closed interventions, the last closed first, and where to go on."""
        starts = from_cursor(cursor) or {}
        if not all(name in set(Outcome) and isinstance(start, dict) for name, start in starts.items()):
            raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
        found: list[tuple[Outcome, Item]] = []
        more = False
        for outcome in Outcome:
            items, last = self._table.query(
                _listed_as(outcome),
                limit=limit,
                start=starts.get(outcome),
                newest_first=True,
                index=LISTS_INDEX,
            )
            found += [(outcome, item) for item in items]
            more = more or last is not None
        found.sort(key=lambda one: str(one[1]["gsi1sk"]), reverse=True)
        # Each outcome's list goes on after the last of it that is shown.
        following = starts | {
            outcome: {name: item[name] for name in ("pk", "sk", "gsi1pk", "gsi1sk")}
            for outcome, item in found[:limit]
        }
        shown = self._read([item for _, item in found[:limit]])
        return shown, to_cursor(following) if more or len(found) > limit else None

    def counts(self) -> dict[str, int]:
        """How many are ``open``, and how many came to each outcome; a moment behind."""
        lists = {"open": _OPEN, **{outcome.value: _listed_as(outcome) for outcome in Outcome}}
        return {name: self._table.count(pk, index=LISTS_INDEX) for name, pk in lists.items()}

    def _open(
        self,
        alert_id: str,
        request: str,
        asked: str,
        make: Callable[[str], Intervention],
        note: Remark | None,
    ) -> Intervention:
        before = self.of_alert(alert_id)
        for one in before:
            if one.request == request:
                if one.asked != asked:
                    raise Conflict(CommonRefusal.KEY_REUSED, "Idempotency-Key")
                return one
            if one.closing is None:
                raise Conflict(PressureRefusal.INTERVENTION_OPEN, intervention=one.intervention_id)
        made = make(ids.intervention_id(alert_id, len(before) + 1))
        data = _opened(made)
        return self._save(made, EventName.INTERVENTION_OPENED, data, note, made.opened_by, made.opened_at)

    def _change(
        self,
        intervention_id: str,
        decide: Callable[[Intervention], Intervention],
        note: Remark | None,
        actor: str,
        now: datetime,
    ) -> Intervention:
        before = self.get(intervention_id)
        after = decide(before)
        if after == before:
            return before
        if after.closing:
            data = {
                "intervention_id": intervention_id,
                "alert_id": after.alert_id,
                "outcome": after.closing.outcome.value,
            }
            return self._save(after, EventName.INTERVENTION_CLOSED, data, note, actor, now)
        return self._save(after, EventName.INTERVENTION_CHANGED, _opened(after), note, actor, now)

    def _save(
        self,
        intervention: Intervention,
        name: EventName,
        data: dict[str, Any],
        note: Remark | None,
        actor: str,
        now: datetime,
    ) -> Intervention:
        """Write it as the version after its own, with the note; raises ``LostRace`` when somebody else did."""
        after = replace(intervention, version=intervention.version + 1)
        event = Event(ids.event_id(after.intervention_id, after.version, 0), name, now, data, actor)
        key, condition = intervention_key(after.intervention_id), version_is(intervention.version)
        item = _to_item(after, event)
        if note is None:
            self._table.put(key, item, condition)
        else:
            # Under an id of its own: whoever uses a key for two requests loses no note.
            note_at, noted = self._note(after, note, now, name)
            self._table.transact(
                self._table.put_action(key, item, condition), self._table.put_action(note_at, noted)
            )
        return after

    def _note(
        self, intervention: Intervention, note: Remark, now: datetime, came_by: str
    ) -> tuple[Key, Item]:
        note_id = self._ids.note_id(intervention.intervention_id, note.request, came_by)
        sealed = self._vault.seal(note.text, owner=intervention.employee_id, field=_NOTE)
        item = {"text": sealed, "actor": note.actor, "at": instant(now)}
        return note_key(intervention.intervention_id, note_id), item

    def _from_note(self, employee_id: str, item: Item) -> Note:
        text = self._vault.open(item["text"], owner=employee_id, field=_NOTE)
        return Note(item["sk"].rpartition("#")[2], text, item["actor"], from_instant(item["at"]))

    def _read(self, listed: Sequence[Item]) -> list[Intervention]:
        keys = [Key(item["pk"], item["sk"]) for item in listed]
        found = self._table.get_all(keys)
        return [_from_item(found[key]) for key in keys if key in found]


def _opened(intervention: Intervention) -> dict[str, Any]:
    return {
        "intervention_id": intervention.intervention_id,
        "alert_id": intervention.alert_id,
        "actions": list(intervention.actions),
        "due_on": intervention.due_on.isoformat(),
    }


def _listed_as(outcome: Outcome) -> str:
    return f"{_PREFIX}{outcome.value}"


def _to_item(intervention: Intervention, event: Event) -> Item:
    closing = intervention.closing
    at = instant(closing.at) if closing else intervention.due_on.isoformat()
    return {
        "gsi1pk": _listed_as(closing.outcome) if closing else _OPEN,
        "gsi1sk": f"{at}#{intervention.intervention_id}",
        "actions": list(intervention.actions),
        "owner": intervention.owner,
        "due_on": intervention.due_on.isoformat(),
        "opened": [
            instant(intervention.opened_at),
            intervention.opened_on.isoformat(),
            intervention.opened_by,
        ],
        "request": [intervention.request, intervention.asked],
        "before": compact(
            [
                intervention.level.value,
                [to_values(signal) for signal in intervention.signals],
                _to_measures(intervention.before),
                intervention.policy_version,
            ]
        ),
        "closed": compact(_to_closing(closing)) if closing else None,
        "version": intervention.version,
        "events": to_events([event]),
    }


def _from_item(item: Item) -> Intervention:
    intervention_id = item["sk"].removeprefix(_PREFIX)
    opened_at, opened_on, opened_by = item["opened"]
    request, asked = item["request"]
    level, signals, before, policy_version = json.loads(item["before"])
    return Intervention(
        intervention_id=intervention_id,
        alert_id=ids.alert_of_intervention(intervention_id),
        employee_id=item["pk"].partition("#")[2],
        actions=tuple(item["actions"]),
        owner=item["owner"],
        due_on=date.fromisoformat(item["due_on"]),
        opened_on=date.fromisoformat(opened_on),
        opened_at=from_instant(opened_at),
        opened_by=opened_by,
        level=RiskLevel(level),
        signals=tuple(from_values(values) for values in signals),
        before=_from_measures(before),
        policy_version=policy_version,
        request=request,
        asked=asked,
        closing=_from_closing(json.loads(item["closed"])) if "closed" in item else None,
        version=item["version"],
    )


def _to_closing(closing: Closing) -> list[Any]:
    return [
        closing.outcome.value,
        instant(closing.at),
        closing.actor,
        closing.request,
        _to_measures(closing.after),
        [to_values(signal) for signal in closing.signals],
        [kind.value for kind in closing.not_measured],
        closing.policy_version,
    ]


def _from_closing(values: Sequence[Any]) -> Closing:
    outcome, at, actor, request, after, signals, not_measured, policy_version = values
    return Closing(
        Outcome(outcome),
        from_instant(at),
        actor,
        request,
        _from_measures(after),
        tuple(from_values(one) for one in signals),
        tuple(SignalKind(kind) for kind in not_measured),
        policy_version,
    )


def _to_measures(measures: Measures) -> list[Any]:
    return [str(value) if isinstance(value, Decimal) else value for value in measures]


def _from_measures(values: Sequence[Any]) -> Measures:
    hours, weeks, week, performance, month, times, days, lowest, words, survey_month, *reader = values
    return Measures(
        hours=Decimal(hours) if hours is not None else None,
        weeks=weeks,
        week=week,
        performance=Decimal(performance) if performance is not None else None,
        performance_month=month,
        leave_times=times,
        leave_days=Decimal(days),
        survey_lowest=lowest,
        survey_words=tuple(words),
        survey_month=survey_month,
        # What was measured before words had a reader has none.
        survey_reader=reader[0] if reader else 0,
    )
