"""What the vendors were asked to make. What else is in the table: `journal`; `faults` and `tally` in vendor_contract.

| item | pk | sk |
|---|---|---|
| a thing (envelope, check, stage change ...) | `vendor#esign` | `env_5f0c…`, derived from the idempotency key |
| the same of the LMS, which has tens of thousands | `vendor#lms#5` | `enr_5f0c…` |
| how often a call came, while a vendor errs | `call#5f0c…` | `call` |

A thing's id follows from the idempotency key alone, so two requests with one key meet at one item, and the
conditional write decides which of them made it. All reads are consistent: a tester looks right after acting.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from botocore.exceptions import ClientError

from vendor_contract.callback import Callback, rfc3339
from vendor_contract.table import KEPT_FOR, MOST_AT_ONCE, Table, condition_failed, put_new

CLAIM_LASTS: Final = timedelta(seconds=60)
"""Twice the function's timeout: whoever claimed a callback longer ago and did not confirm it is dead."""


class KeyReusedError(Exception):
    """The idempotency key came before, with another request."""


Thing = Mapping[str, Any]
"""A thing's item as stored; see `NewThing` and the callers' `details`."""


@dataclass(frozen=True, slots=True)
class NewThing:
    """What every thing is made with. `answer`: what its request is answered with, as JSON, each time it comes."""

    vendor: str
    kind: str
    id: str
    idempotency_key: str
    request_digest: str
    reference: str
    answer: str


_SPREAD: Final = frozenset({"lms"})
"""Vendors whose things are spread over partitions: the embedded stack looks at all of a partition for every page."""
_LISTED: Final = (
    "vendor",
    "kind",
    "id",
    "idempotency_key",
    "reference",
    "created_at",
    "requests",
    "stage",
    "letter",
)
"""What a row shows; ``stage`` and ``letter`` of those only of which one was told."""


def thing_id(prefix: str, vendor: str, idempotency_key: str) -> str:
    """`env_` + 26 hex digits (104 bits) of the key's digest."""
    return prefix + hashlib.sha256(f"{vendor}\n{idempotency_key}".encode()).hexdigest()[:26]


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


def _partition(vendor: str, id: str) -> str:
    """
    >>> _partition("esign", "env_5f0c"), _partition("lms", "enr_5f0c")
    ('vendor#esign', 'vendor#lms#5')
    """
    digit = id.rpartition("_")[2][:1]
    return f"vendor#{vendor}#{digit}" if vendor in _SPREAD else f"vendor#{vendor}"


def _partitions(vendor: str) -> list[str]:
    """All of a vendor, in the order of the ids in them."""
    if vendor in _SPREAD:
        return [f"vendor#{vendor}#{digit}" for digit in "0123456789abcdef"]
    return [f"vendor#{vendor}"]


def _item(thing: NewThing, now: datetime) -> dict[str, Any]:
    return {
        "pk": _partition(thing.vendor, thing.id),
        "sk": thing.id,
        **asdict(thing),
        "created_at": rfc3339(now),
        "requests": 1,
        "forget_at": _epoch(now + KEPT_FOR),
    }


@dataclass(frozen=True, slots=True)
class Ledger:
    """The table, in the vendors' words."""

    table: Table

    def make(
        self,
        *,
        vendor: str,
        kind: str,
        id: str,
        idempotency_key: str,
        request_digest: str,
        reference: str,
        answer: str,
        now: datetime,
        details: Mapping[str, Any],
        callback: Callback | None = None,
    ) -> tuple[Thing, bool]:
        """Makes a thing, or finds the one this key made before. The flag tells whether this call made it.

        Every presentation of a key is counted, also one that is refused.

        Raises:
            KeyReusedError: the key stands for another request.
        """
        thing = NewThing(vendor, kind, id, idempotency_key, request_digest, reference, answer)
        item = {**_item(thing, now), **details}
        if callback is not None:
            item |= {"callback": callback.to_message(), "callback_claimed_at": _epoch(now)}
        try:
            self.table.put_item(Item=item, ConditionExpression="attribute_not_exists(pk)")
        except ClientError as error:
            if not condition_failed(error):
                raise
        else:
            return item, True
        found: Thing = self.table.update_item(
            Key={"pk": item["pk"], "sk": id},
            UpdateExpression="ADD requests :one",
            ExpressionAttributeValues={":one": 1},
            ReturnValues="ALL_NEW",
        )["Attributes"]
        if found["request_digest"] != request_digest:
            raise KeyReusedError
        return found, False

    def make_all(self, things: Sequence[NewThing], now: datetime) -> None:
        """Makes things that nobody is called back about, a hundred at a time; those that are there stay as they are."""
        items = [_item(thing, now) for thing in things]
        for first in range(0, len(items), MOST_AT_ONCE):
            some = items[first : first + MOST_AT_ONCE]
            while some and (taken := put_new(self.table, some)):
                some = [item for n, item in enumerate(some) if n not in taken]

    def find(self, vendor: str, id: str) -> Thing | None:
        found: Thing | None = self.table.get_item(
            Key={"pk": _partition(vendor, id), "sk": id}, ConsistentRead=True
        ).get("Item")
        return found

    def settle(self, thing: Thing, *, status: str, callback: Callback, now: datetime) -> bool:
        """Gives an open thing its final status and its callback. False when it had one already."""
        return self._change(
            thing,
            "SET #status = :status, callback = :callback, callback_claimed_at = :now",
            "#status = :open",
            {":status": status, ":open": "sent", ":callback": callback.to_message(), ":now": _epoch(now)},
            {"#status": "status"},
        )

    def take_over_callback(self, thing: Thing, now: datetime) -> bool:
        """True for the one caller who may send what another claimed, and died before sending."""
        return self._change(
            thing,
            "SET callback_claimed_at = :now",
            "attribute_not_exists(callback_queued_at) AND callback_claimed_at < :dead",
            {":now": _epoch(now), ":dead": _epoch(now - CLAIM_LASTS)},
        )

    def callback_queued(self, thing: Thing, now: datetime) -> None:
        self._change(thing, "SET callback_queued_at = :now", "attribute_exists(pk)", {":now": _epoch(now)})

    def _change(
        self,
        thing: Thing,
        change: str,
        condition: str,
        values: dict[str, Any],
        names: dict[str, str] | None = None,
    ) -> bool:
        request: dict[str, Any] = {"ExpressionAttributeNames": names} if names else {}
        try:
            self.table.update_item(
                Key={"pk": thing["pk"], "sk": thing["sk"]},
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                **request,
            )
        except ClientError as error:
            if condition_failed(error):
                return False
            raise
        return True

    def page(
        self, vendors: Sequence[str], after: tuple[str, str] | None, limit: int
    ) -> tuple[list[Thing], bool]:
        """At most `limit` things behind the place `after` (vendor, id), and whether there are more."""
        found = list(islice(self._behind(vendors, after, limit + 1), limit + 1))
        shown: list[Thing] = [{name: one[name] for name in _LISTED if name in one} for one in found[:limit]]
        return shown, len(found) > limit

    def _behind(
        self, vendors: Sequence[str], after: tuple[str, str] | None, page_size: int
    ) -> Iterator[Thing]:
        start = (after[0], _partition(*after)) if after else ("", "")
        for place in ((vendor, one) for vendor in sorted(vendors) for one in _partitions(vendor)):
            if place < start:
                continue
            # "!" sorts before every id, so that one condition serves first and later pages.
            behind = after[1] if after and place == start else "!"
            request: dict[str, Any] = {
                "KeyConditionExpression": "pk = :partition AND sk > :behind",
                "ExpressionAttributeValues": {":partition": place[1], ":behind": behind},
                "ProjectionExpression": ", ".join(f"#{name}" for name in _LISTED),
                "ExpressionAttributeNames": {f"#{name}": name for name in _LISTED},
                "Limit": page_size,
                "ConsistentRead": True,
            }
            while True:
                answer = self.table.query(**request)
                yield from answer["Items"]
                if "LastEvaluatedKey" not in answer:
                    break
                request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def count_call(self, digest: str, now: datetime) -> int:
        """1 for the first call of this digest, then 2, 3 ..."""
        updated = self.table.update_item(
            Key={"pk": f"call#{digest}", "sk": "call"},
            UpdateExpression="ADD calls :one SET forget_at = :forget_at",
            ExpressionAttributeValues={":one": 1, ":forget_at": _epoch(now + KEPT_FOR)},
            ReturnValues="UPDATED_NEW",
        )
        return int(updated["Attributes"]["calls"])
