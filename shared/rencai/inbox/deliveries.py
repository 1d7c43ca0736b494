"""The vendor inbox: every webhook as it came, before anything is done about it (G4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from rencai.inbox.refusals import InboxRefusal
from rencai.kernel.errors import CommonRefusal, Conflict, DomainError, LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.kernel.ids import Ids, event_id
from rencai.kernel.terms import Said, from_kept, to_kept
from rencai.store.objects import Bucket
from rencai.store.sealed import MAX_BYTES, Sealed, Vault
from rencai.store.table import (
    ABSENT,
    LISTS_INDEX,
    Condition,
    Item,
    Key,
    Page,
    Table,
    compact,
    from_cursor,
    instant,
    to_cursor,
    to_events,
)

from .dialect import Delivered, Message
from .dialects import kept_headers

_INLINE: Final = MAX_BYTES
"""Bodies up to this many bytes are sealed into the item; larger ones go to the (encrypted) bucket. Far below the
400 KB an item may have: from 8 KB on the bucket is the cheaper of the two, and KMS seals 4 KB at once.
"""


def delivery_key(delivery_id: str) -> Key:
    """``DELIVERY#dlv_01ABC`` / ``DELIVERY``."""
    return Key(f"DELIVERY#{delivery_id}", "DELIVERY")


def unauthentic_key(vendor: str, hour: datetime) -> Key:
    """``UNAUTHENTIC`` / ``2026-03-02T01#esign``: how many deliveries came in an hour that the vendor had not signed."""
    return Key("UNAUTHENTIC", f"{hour.astimezone(UTC):{_HOUR}}#{vendor}")


def inbox_partition(status: "DeliveryStatus") -> str:
    """``INBOX#failed``: in the index, deliveries by status; newest last by ``2026-03-02T01:00:00.000Z#dlv_01ABC``."""
    return f"INBOX#{status}"


class Verdict(StrEnum):
    """What was thought of a delivery when it came."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class DeliveryStatus(StrEnum):
    """Where a delivery stands. ``received``: to be acted on; ``waiting``: for an earlier fact; ``failed``: the reason
    says why, and it is tried again unless trying cannot help; ``ignored``: of a type nobody acts on. ``rejected`` and
    ``duplicate`` are verdicts that end it.
    """

    RECEIVED = "received"
    APPLIED = "applied"
    WAITING = "waiting"
    FAILED = "failed"
    IGNORED = "ignored"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery: raw bytes, headers, where it came from, the verdict and what became of it.

    ``body_object`` names the object that holds a large body. ``version`` counts how often it was handed on. ``signer``:
    whose key signed it, where a vendor's keys are several parties' (``Signers``). ``size``: bytes of the body as it
    came, where less of it is kept.
    """

    delivery_id: str
    vendor: str
    dialect: str
    message_id: str | None
    body: bytes
    headers: Mapping[str, Sequence[str]]
    source_ip: str
    received_at: datetime
    verdict: Verdict = Verdict.ACCEPTED
    status: DeliveryStatus = DeliveryStatus.RECEIVED
    reason: Said | None = None
    duplicate_of: str | None = None
    settled_at: datetime | None = None
    body_object: str | None = None
    version: int = 1
    signer: str = ""
    size: int | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the body is only the beginning of what came."""
        return self.size is not None and self.size > len(self.body)


@dataclass(frozen=True, slots=True)
class Unauthentic:
    """Of a vendor, in the hour that begins at ``hour``: how many came that it had not signed, how many are kept."""

    vendor: str
    hour: datetime
    came: int
    kept: int


_NOT_AUTHENTIC_KEPT: Final = timedelta(days=7)
"""How long what is not authentic is kept, if ``retention`` is not shorter: anybody can send it, and fill the inbox."""
_UNAUTHENTIC_BYTES: Final = 4096
"""How much is kept of a body that anybody can send."""
_HOUR: Final = "%Y-%m-%dT%H"
_HOURS_LISTED: Final = 24
_VENDORS: Final = 6


class Deliveries:
    """The inbox. Deliveries are forgotten ``retention`` after they came, those that are not authentic sooner."""

    def __init__(self, table: Table, vault: Vault, bucket: Bucket, ids: Ids, retention: timedelta) -> None:
        self._table = table
        self._vault = vault
        self._bucket = bucket
        self._ids = ids
        self._retention = retention

    def receive(self, delivery: Delivery) -> bool:
        """Keep a delivery; an accepted one tells ``delivery.received``. False when it was here already."""
        if _is_anybodys(delivery):
            delivery = _cut(delivery)
        received_at = instant(delivery.received_at)
        told = _received(delivery, delivery.version, delivery.vendor, delivery.received_at)
        item = {
            "gsi1pk": inbox_partition(delivery.status),
            "gsi1sk": f"{received_at}#{delivery.delivery_id}",
            "vendor": delivery.vendor,
            "dialect": delivery.dialect,
            "message_id": delivery.message_id,
            "headers": compact({name: list(values) for name, values in delivery.headers.items()}),
            "source_ip": delivery.source_ip,
            "received_at": received_at,
            "verdict": delivery.verdict.value,
            "reason": to_kept(delivery.reason),
            "duplicate_of": delivery.duplicate_of,
            "signer": delivery.signer or None,
            "version": delivery.version,
            "size": delivery.size,
            "digest": self._digest(delivery.body),
            "forget_at": int((delivery.received_at + self._kept_for(delivery)).timestamp()),
            "events": to_events([told] if delivery.verdict is Verdict.ACCEPTED else []),
        }
        try:
            self._table.put(delivery_key(delivery.delivery_id), {**item, **self._keep_body(delivery)}, ABSENT)
        except LostRace:
            return False
        return True

    def says(self, delivery_id: str, body: bytes) -> bool:
        """Whether a delivery that is on record has this very body; found out without opening what is sealed."""
        item = self._table.get(delivery_key(delivery_id))
        return item is not None and item["digest"] == self._digest(body)

    def get(self, delivery_id: str, *, since: int | None = None) -> Delivery:
        """One delivery with its body; raises ``NotFound``. ``since``: the version that is known to be written, for half
        the price, see ``Table.get_since``.
        """
        item = self._table.get_since(delivery_key(delivery_id), since)
        if item is None:
            raise NotFound("delivery", delivery_id)
        return Delivery(
            delivery_id=delivery_id,
            vendor=item["vendor"],
            dialect=item["dialect"],
            message_id=item.get("message_id"),
            body=self._body(delivery_id, item),
            headers=json.loads(item["headers"]),
            source_ip=item["source_ip"],
            received_at=datetime.fromisoformat(item["received_at"]),
            verdict=Verdict(item["verdict"]),
            status=DeliveryStatus(item["gsi1pk"].partition("#")[2]),
            reason=from_kept(item.get("reason")),
            duplicate_of=item.get("duplicate_of"),
            settled_at=datetime.fromisoformat(item["settled_at"]) if "settled_at" in item else None,
            body_object=item.get("object"),
            version=item["version"],
            signer=item.get("signer", ""),
            size=item.get("size"),
        )

    def count_unauthentic(self, vendor: str, at_most: int, now: datetime) -> int:
        """Count one more delivery that a vendor had not signed; returns how many came this hour, of which ``at_most``
        are kept.
        """
        item = self._table.update(
            unauthentic_key(vendor, now),
            {"at_most": at_most, "forget_at": int((now + _NOT_AUTHENTIC_KEPT).timestamp())},
            add={"came": 1},
        )
        return int(item["came"])

    def not_kept(self, now: datetime) -> list[Unauthentic]:
        """The hours of the last day in which more came that was not authentic than is kept, the latest first."""
        items, _ = self._table.query("UNAUTHENTIC", limit=_HOURS_LISTED * _VENDORS, newest_first=True)
        since = now - timedelta(hours=_HOURS_LISTED)
        counted = [_from_count(item) for item in items]
        return [one for one in counted if one.came > one.kept and one.hour > since]

    def settle(self, delivery_id: str, status: DeliveryStatus, reason: Said | None, now: datetime) -> None:
        """Record what became of a delivery. The event it carried has been told, so it is taken off."""
        self._table.update(
            delivery_key(delivery_id),
            {"gsi1pk": inbox_partition(status), "reason": to_kept(reason) or "", "settled_at": instant(now)},
        )

    def accept(
        self, delivery: Delivery, dialect: str, message: Message, now: datetime, signer: str = ""
    ) -> str:
        """Take in a rejected delivery that turned out to be authentic after all, under the id it would have had.

        The rejected one stays on record. Returns the id, also when that message has been accepted meanwhile.
        """
        accepted = Delivery(
            delivery_id=self._ids.delivery_id(delivery.vendor, message.message_id),
            vendor=delivery.vendor,
            dialect=dialect,
            message_id=message.name(self._ids),
            body=delivery.body,
            headers=kept_headers(Delivered(delivery.body, delivery.headers), dialect),
            source_ip=delivery.source_ip,
            received_at=now,
            signer=signer,
        )
        self.receive(accepted)
        return accepted.delivery_id

    def replay(self, delivery: Delivery, actor: str, now: datetime) -> None:
        """Hand a delivery on once more; raises ``Conflict`` for a duplicate, whose original is the one to replay."""
        if delivery.verdict is Verdict.DUPLICATE:
            raise Conflict(InboxRefusal.REPLAY_THE_ORIGINAL, original=delivery.duplicate_of or "")
        version = delivery.version + 1
        self._table.update(
            delivery_key(delivery.delivery_id),
            {
                "gsi1pk": inbox_partition(DeliveryStatus.RECEIVED),
                "reason": "",
                "version": version,
                "events": to_events([_received(delivery, version, actor, now)]),
            },
            Condition("#version = :read", {"#version": "version"}, {":read": delivery.version}),
        )

    def page(self, status: DeliveryStatus | None, vendor: str | None, limit: int, cursor: str | None) -> Page:
        """Deliveries, newest first: items with ``delivery_id``, ``vendor``, ``status``, ``received_at``, ``reason``.

        Of all statuses, each is read from where the last page left it and the newest are taken. With ``vendor`` a page
        may hold fewer than ``limit`` and still have a next one: no more than ``_LOOKED_AT`` are looked at for it.
        """
        position = from_cursor(cursor) or {}
        statuses = [status] if status else list(DeliveryStatus)
        if not all(name in set(DeliveryStatus) and isinstance(at, str) for name, at in position.items()):
            raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
        candidates: list[Item] = []
        more = False
        for one in statuses:
            items, last = self._after(one, position.get(one), max(limit, _LOOKED_AT if vendor else limit))
            candidates += items
            more = more or last
        candidates.sort(key=lambda item: str(item["gsi1sk"]), reverse=True)
        found: list[Item] = []
        looked_at = 0
        for item in candidates:
            if len(found) == limit:
                break
            looked_at += 1
            position[item["gsi1pk"].partition("#")[2]] = item["gsi1sk"]
            if vendor is None or item["vendor"] == vendor:
                found.append(_listed(item))
        rest = more or looked_at < len(candidates)
        return Page(found, to_cursor(position) if rest else None)

    def body_url(self, delivery: Delivery, valid: timedelta) -> str | None:
        """Where a body that is kept in the bucket can be read, for a while; None for one in the table."""
        return self._bucket.download_url(delivery.body_object, valid) if delivery.body_object else None

    def _digest(self, body: bytes) -> str:
        return self._ids.digest("body", body)

    def _kept_for(self, delivery: Delivery) -> timedelta:
        return min(self._retention, _NOT_AUTHENTIC_KEPT) if _is_anybodys(delivery) else self._retention

    def _after(self, status: DeliveryStatus, at: str | None, limit: int) -> tuple[list[Item], bool]:
        start = None
        if at is not None:
            key = delivery_key(at.rpartition("#")[2])
            start = {**key.attributes(), "gsi1pk": inbox_partition(status), "gsi1sk": at}
        items, last = self._table.query(
            inbox_partition(status), limit=limit, start=start, newest_first=True, index=LISTS_INDEX
        )
        return items, last is not None

    def _body(self, delivery_id: str, item: Item) -> bytes:
        if "object" in item:
            return self._bucket.get(item["object"])
        return self._vault.open(item["body"], owner=delivery_id, field="body").encode()

    def _keep_body(self, delivery: Delivery) -> dict[str, str | Sealed]:
        try:
            text = delivery.body.decode()
        except UnicodeDecodeError:
            text = None
        if text is not None and len(delivery.body) <= _INLINE:
            return {"body": self._vault.seal(text, owner=delivery.delivery_id, field="body")}
        # By content: another body under the same message id must not take this one's place.
        folder = "rejected" if _is_anybodys(delivery) else "deliveries"
        key = f"{folder}/{delivery.vendor}/{delivery.delivery_id}-{self._digest(delivery.body)}"
        return {"object": self._bucket.put(key, delivery.body, "application/octet-stream")}


_LOOKED_AT: Final = 500


def _cut(delivery: Delivery) -> Delivery:
    """Only the beginning of its body, to the end of a character."""
    size = len(delivery.body)
    if size <= _UNAUTHENTIC_BYTES:
        return delivery
    body = delivery.body[:_UNAUTHENTIC_BYTES]
    try:
        body.decode()
    except UnicodeDecodeError as error:
        # At the very end it is the cut that is wrong, and not what came.
        if error.reason == "unexpected end of data":
            body = body[: error.start]
    return replace(delivery, body=body, size=size)


def _from_count(item: Item) -> Unauthentic:
    hour, _, vendor = item["sk"].partition("#")
    at = datetime.strptime(hour, _HOUR).replace(tzinfo=UTC)
    return Unauthentic(vendor, at, item["came"], min(item["came"], item["at_most"]))


def _is_anybodys(delivery: Delivery) -> bool:
    """Whether nobody knows who sent it: what was not believed has no message id."""
    return delivery.verdict is Verdict.REJECTED and delivery.message_id is None


def _received(delivery: Delivery, version: int, actor: str, at: datetime) -> Event:
    return Event(
        event_id(delivery.delivery_id, version, 0),
        EventName.DELIVERY_RECEIVED,
        at,
        {"vendor": delivery.vendor, "delivery_id": delivery.delivery_id},
        actor,
    )


def _listed(item: Item) -> Item:
    """What a list shows, from the index's projection."""
    return {
        "delivery_id": item["pk"].partition("#")[2],
        "vendor": item["vendor"],
        "status": item["gsi1pk"].partition("#")[2],
        "received_at": item["gsi1sk"].partition("#")[0],
        "reason": from_kept(item.get("reason")),
    }
