"""Applications as the ATS tells of them (A6): who applied, résumé facts, HR's own evaluation; and whose they are."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from rencai.hiring.store.journeys import CandidateRecord, from_journey_item, journey_key
from rencai.kernel.errors import LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.kernel.ids import Ids, event_id
from rencai.store.sealed import Vault
from rencai.store.table import Condition, Item, Key, Table, compact, decided, instant, to_events, version_is

if TYPE_CHECKING:
    # Most functions ask only whose an application is, and its models cost at cold start.
    from rencai.people.rules.application import Application

_IN_CLEAR: Final = ("external_id", "updated_at")
Said = Mapping[str, Sequence[Any]]
"""By field: the value an ATS told latest, and when it was so."""


def application_key(application_id: str) -> Key:
    """``APPLICATION#app_01ABC`` / ``APPLICATION``."""
    return Key(f"APPLICATION#{application_id}", "APPLICATION")


def linked_key(candidate_id: str) -> Key:
    """``CANDIDATE#cand_01ABC`` / ``JOURNEY#APPLICATION``: from a candidate to the application. It stands right after
    the journey, so that one query reads both.
    """
    return Key(f"CANDIDATE#{candidate_id}", f"{journey_key(candidate_id).sk}#APPLICATION")


@dataclass(frozen=True, slots=True)
class StoredApplication:
    """An application on record; ``candidate_id`` when it is known whose it is. ``version`` counts the writes.

    ``told`` is personal data.
    """

    application_id: str
    told: "Application"
    candidate_id: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Link:
    """A candidate's application, as the ATS calls it."""

    application_id: str
    external_id: str


class Applications:
    """The applications on record, and which candidate each belongs to."""

    def __init__(self, table: Table, vault: Vault, ids: Ids) -> None:
        self._table = table
        self._vault = vault
        self._ids = ids

    def find(self, application_id: str) -> StoredApplication | None:
        """One application, opened, or None."""
        item = self._table.get(application_key(application_id))
        return self._from_item(application_id, item, self._said(application_id, item)) if item else None

    def get(self, application_id: str) -> StoredApplication:
        """One application, opened; raises ``NotFound``."""
        found = self.find(application_id)
        if found is None:
            raise NotFound("application", application_id)
        return found

    def candidate_of(self, application_id: str) -> str | None:
        """Whose it is, None when nobody's yet; opens nothing."""
        item = self._table.get(application_key(application_id))
        return (item.get("candidate_id") or None) if item else None

    def record(
        self, application: "Application", told_at: datetime, actor: str, now: datetime
    ) -> StoredApplication:
        """Put on record what an ATS told; returns the application as it is now.

        Of each field the value told latest counts, by the application's ``updated_at`` or else ``told_at``, whatever
        order they come in; what was not told stays. ``application.received`` is told when a value changed.
        """
        return decided(lambda: self._record(application, told_at, actor, now))

    def link(self, application_id: str, candidate_id: str) -> bool:
        """Give an application to a candidate; again is the same. False when it is another's. Raises ``NotFound``."""
        item = self._table.get(application_key(application_id))
        if item is None:
            raise NotFound("application", application_id)
        if item.get("candidate_id") not in (None, "", candidate_id):
            return False
        # The way from the candidate first: whoever finds the application unowned comes here again.
        self._point(candidate_id, application_id, item["external_id"])
        if item.get("candidate_id"):
            return True
        unowned = Condition(
            "attribute_not_exists(candidate_id) OR candidate_id IN (:nobody, :candidate)",
            values={":nobody": "", ":candidate": candidate_id},
        )
        try:
            self._table.update(
                application_key(application_id), {"candidate_id": candidate_id}, unowned, add={"version": 1}
            )
        except LostRace:
            self._unpoint(candidate_id, application_id)
            return False
        return True

    def unlink(self, application_id: str, candidate_id: str) -> None:
        """Take an application from a candidate; again is the same, and another's stays."""
        mine = Condition("candidate_id = :candidate", values={":candidate": candidate_id})
        # Done before, or given to another since: the way from the candidate is taken all the same.
        with suppress(LostRace):
            self._table.update(
                application_key(application_id), {"candidate_id": ""}, mine, add={"version": 1}
            )
        self._unpoint(candidate_id, application_id)

    def of(self, candidate_id: str) -> Link | None:
        """The candidate's application, or None; of several the one that was linked first."""
        return _link(self._table.get(linked_key(candidate_id)))

    def of_journey(self, candidate_id: str) -> tuple[CandidateRecord, Link | None]:
        """The candidate's journey and application, both in one read; raises ``NotFound`` where there is no journey."""
        key = journey_key(candidate_id)
        # Between the two stands the alias of a candidate who has, or had, no journey of their own.
        items, _ = self._table.query(key.pk, prefix=key.sk, limit=3, consistent=True)
        by_key = {item["sk"]: item for item in items}
        if key.sk not in by_key:
            raise NotFound("candidate", candidate_id)
        return from_journey_item(by_key[key.sk]), _link(by_key.get(linked_key(candidate_id).sk))

    def share(self, lender: str, borrower: str) -> None:
        """Two candidates became one: ``borrower``, who has no application, is found by that of ``lender``."""
        link = self.of(lender)
        if link:
            self._point(borrower, link.application_id, link.external_id)

    def unshare(self, lender: str, borrower: str) -> None:
        """The inverse of ``share``: an application of ``borrower``'s own stays."""
        link = self.of(lender)
        if link and self.candidate_of(link.application_id) != borrower:
            self._unpoint(borrower, link.application_id)

    def _point(self, candidate_id: str, application_id: str, external_id: str) -> None:
        none_yet = Condition(
            "attribute_not_exists(pk) OR application_id IN (:none, :this)",
            values={":none": "", ":this": application_id},
        )
        pointer = {"application_id": application_id, "external_id": external_id}
        # They may have applied more than once: decisions are told to the application that was linked first.
        with suppress(LostRace):
            self._table.put(linked_key(candidate_id), pointer, none_yet)

    def _unpoint(self, candidate_id: str, application_id: str) -> None:
        this = Condition("application_id = :this", values={":this": application_id})
        # Else there is nothing, or another application.
        with suppress(LostRace):
            self._table.put(linked_key(candidate_id), {"application_id": "", "external_id": ""}, this)

    def _record(
        self, application: "Application", told_at: datetime, actor: str, now: datetime
    ) -> StoredApplication:
        application_id = self._ids.application_id("ats", application.external_id)
        item = self._table.get(application_key(application_id)) or {"version": 0}
        known = self._said(application_id, item)
        said = _latest(known, application, application.updated_at or told_at)
        if item["version"] and said == known:
            return self._from_item(application_id, item, known)
        version = item["version"] + 1
        changed = version == 1 or _values(said) != _values(known)
        event = Event(
            event_id(application_id, version, 0),
            EventName.APPLICATION_RECEIVED,
            now,
            {"application_id": application_id},
            actor,
        )
        after: Item = {
            "external_id": application.external_id,
            "status": said["status"][0] if "status" in said else None,
            "candidate_id": item.get("candidate_id"),
            "said": self._vault.seal(compact(said), owner=application_id, field="application"),
            "received_at": instant(now),
            "version": version,
            "events": to_events([event] if changed else []),
        }
        self._table.put(application_key(application_id), after, version_is(item["version"]))
        return self._from_item(application_id, after, said)

    def _said(self, application_id: str, item: Item) -> Said:
        if "said" not in item:
            return {}
        opened = self._vault.open(item["said"], owner=application_id, field="application")
        said: Said = json.loads(opened)
        return said

    @staticmethod
    def _from_item(application_id: str, item: Item, said: Said) -> StoredApplication:
        from rencai.people.rules.application import Application

        return StoredApplication(
            application_id,
            Application.model_validate({**_values(said), "external_id": item["external_id"]}),
            item.get("candidate_id") or None,
            item["version"],
        )


def _link(item: Item | None) -> Link | None:
    if item is None or not item["application_id"]:
        return None
    return Link(item["application_id"], item["external_id"])


def _values(said: Said) -> dict[str, Any]:
    return {field: value for field, (value, _) in said.items()}


def _latest(known: Said, application: "Application", at: datetime) -> Said:
    """``known`` with what ``application`` tells later of each field; of one moment the greater text counts."""
    moment = instant(at.astimezone(UTC))
    told = application.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    news = {
        field: [value, moment]
        for field, value in told.items()
        if field not in _IN_CLEAR
        and (field not in known or (moment, compact(value)) > (known[field][1], compact(known[field][0])))
    }
    return {**known, **news}
