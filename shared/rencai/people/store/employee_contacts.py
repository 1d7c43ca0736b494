"""Where an employee is reached: what HR's systems, hiring and corrections said, and what that replaced (B6, F1)."""

import json
from collections.abc import Mapping
from datetime import datetime

from rencai.employees.store.employees import MOVED_AT, contact_key, employee_key
from rencai.kernel import ids
from rencai.kernel.errors import NotFound
from rencai.kernel.events import Event, EventName
from rencai.people.rules.contact import (
    IN_CLEAR,
    ContactField,
    Source,
    Told,
    differing,
    from_facts_document,
    to_facts_document,
)
from rencai.store.table import Item, Table, compact, decided, instant, to_events, version_is

from .contact_history import PREFIX, Replaced, to_contact_item
from .merges import BY_RULE
from .person_item import Held, with_changes


class EmployeeContacts:
    """Employees' contact data. Only HR writes them: by hiring, a file, a correction, or an answer to a question."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def held(self, employee_id: str) -> Held:
        """What counts now; raises ``NotFound``."""
        item = self._table.get(employee_key(employee_id))
        if item is None:
            raise NotFound("employee", employee_id)
        clear = {which: str(item[which]) for which in IN_CLEAR if item.get(which)}
        facts = from_facts_document(json.loads(item.get("contact_facts", "[]")))
        return Held(Told(clear), facts, item["version"], item["version"])

    def following(self, employee_id: str, pinned: Held, now: datetime) -> Mapping[ContactField, str]:
        """What counts of somebody hired here, once what is ``pinned`` of the candidate they were is theirs too: until
        HR has corrected the employee by themselves, the two say the same. Raises ``NotFound``.
        """
        return decided(lambda: self._following(employee_id, pinned, now))

    def _following(self, employee_id: str, pinned: Held, now: datetime) -> Mapping[ContactField, str]:
        held = self.held(employee_id)
        # HR may have taken an address away while they were hired with it.
        counts = Told(pinned.told.clear, none=frozenset(held.told.clear) - frozenset(pinned.told.clear))
        fields = differing(held.told, counts)
        if held.facts or not fields:
            return held.told.clear
        source = next(pinned.facts[which] for which in sorted(fields) if which in pinned.facts)
        self._table.transact(
            *self.corrected(employee_id, held, counts, source, actor=BY_RULE, now=now, tells=False)
        )
        return with_changes(held, counts, fields, source).told.clear

    def replaced(self, employee_id: str) -> list[Replaced]:
        """What counted before, oldest first."""
        pk = employee_key(employee_id).pk
        return [Replaced.of(item) for item in self._table.query_all(pk, prefix=PREFIX, consistent=True)]

    def corrected(
        self,
        employee_id: str,
        held: Held,
        changes: Told,
        source: Source,
        *,
        actor: str,
        now: datetime,
        tells: bool,
    ) -> list[Item]:
        """As ``People.corrected``, of an employee."""
        fields = differing(held.told, changes)
        after = with_changes(held, changes, fields, source)
        version = held.version + 1
        event = Event(
            ids.event_id(f"{employee_id}_contact", version, 0),
            EventName.IDENTITY_CORRECTED,
            now,
            {"fields": sorted(fields), "source": source.kind.value},
            actor,
        )
        values: Item = {
            **{which.value: after.told.clear[which] for which in fields if which in after.told.clear},
            "contact_facts": compact(to_facts_document(after.facts)),
            "version": version,
        }
        if ContactField.EMAIL in fields:
            values[MOVED_AT] = instant(now)
        if tells:
            values["events"] = to_events([event])
        return [
            self._table.put_action(
                contact_key(employee_id, held.version),
                to_contact_item(held.told, held.facts, source, actor, now),
            ),
            # No longer as an import left it: an undo leaves it alone.
            self._table.update_action(
                employee_key(employee_id),
                values,
                version_is(held.version),
                clear=["batch", *(which.value for which in sorted(fields & changes.none))],
            ),
        ]
