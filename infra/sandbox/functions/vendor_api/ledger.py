"""What the vendors were asked to make and which faults they simulate: the only place that knows the table.

| item | pk | sk |
|---|---|---|
| a thing (envelope, check, stage change) | `vendor#esign` | `env_5f0c…`, derived from the idempotency key |
| a vendor's fault | `fault` | `esign` |

A thing's id follows from the idempotency key alone, so two requests with one key meet at one item, and the
conditional write decides which of them made it. All reads are consistent: a tester looks right after acting.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

from vendor_contract.callback import Callback, rfc3339
from vendor_contract.secrets import VENDORS

KEPT_FOR: Final = timedelta(days=30)
CLAIM_LASTS: Final = timedelta(seconds=60)
"""Twice the function's timeout: whoever claimed a callback longer ago and did not confirm it is dead."""


class Table(Protocol):
    """The calls used of boto3's DynamoDB table."""

    def get_item(self, **request: Any) -> Mapping[str, Any]: ...
    def put_item(self, **request: Any) -> Mapping[str, Any]: ...
    def update_item(self, **request: Any) -> Mapping[str, Any]: ...
    def query(self, **request: Any) -> Mapping[str, Any]: ...


class FaultMode(StrEnum):
    NONE = "none"
    DOWN = "down"
    SLOW = "slow"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True)
class Fault:
    """How a vendor misbehaves. `seconds` matters to slow only."""

    vendor: str
    mode: FaultMode = FaultMode.NONE
    seconds: float = 0


class KeyReusedError(Exception):
    """The idempotency key came before, with another request."""


Thing = Mapping[str, Any]
"""A thing's item as stored; see `Ledger.make` and the callers' `details`."""

_LISTED: Final = ("vendor", "kind", "id", "idempotency_key", "reference", "created_at", "requests")


def thing_id(prefix: str, vendor: str, idempotency_key: str) -> str:
    """`env_` + 26 hex digits (104 bits) of the key's digest."""
    return prefix + hashlib.sha256(f"{vendor}\n{idempotency_key}".encode()).hexdigest()[:26]


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


def _condition_failed(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


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
        item: dict[str, Any] = {
            "pk": f"vendor#{vendor}",
            "sk": id,
            "vendor": vendor,
            "kind": kind,
            "id": id,
            "idempotency_key": idempotency_key,
            "request_digest": request_digest,
            "reference": reference,
            "answer": answer,
            "created_at": rfc3339(now),
            "requests": 1,
            "forget_at": _epoch(now + KEPT_FOR),
            **details,
        }
        if callback is not None:
            item |= {"callback": callback.to_message(), "callback_claimed_at": _epoch(now)}
        try:
            self.table.put_item(Item=item, ConditionExpression="attribute_not_exists(pk)")
        except ClientError as error:
            if not _condition_failed(error):
                raise
        else:
            return item, True
        thing: Thing = self.table.update_item(
            Key={"pk": item["pk"], "sk": id},
            UpdateExpression="ADD requests :one",
            ExpressionAttributeValues={":one": 1},
            ReturnValues="ALL_NEW",
        )["Attributes"]
        if thing["request_digest"] != request_digest:
            raise KeyReusedError
        return thing, False

    def find(self, vendor: str, id: str) -> Thing | None:
        found: Thing | None = self.table.get_item(
            Key={"pk": f"vendor#{vendor}", "sk": id}, ConsistentRead=True
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
            if _condition_failed(error):
                return False
            raise
        return True

    def page(
        self, vendors: Sequence[str], after: tuple[str, str] | None, limit: int
    ) -> tuple[list[Thing], bool]:
        """At most `limit` things behind the place `after` (vendor, id), and whether there are more."""
        found = list(islice(self._behind(vendors, after, limit + 1), limit + 1))
        return [{name: one[name] for name in _LISTED} for one in found[:limit]], len(found) > limit

    def _behind(
        self, vendors: Sequence[str], after: tuple[str, str] | None, page_size: int
    ) -> Iterator[Thing]:
        for vendor in sorted(vendors):
            if after and vendor < after[0]:
                continue
            # "!" sorts before every id, so that one condition serves first and later pages.
            behind = after[1] if after and vendor == after[0] else "!"
            request: dict[str, Any] = {
                "KeyConditionExpression": "pk = :vendor AND sk > :behind",
                "ExpressionAttributeValues": {":vendor": f"vendor#{vendor}", ":behind": behind},
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

    def fault(self, vendor: str) -> Fault:
        item = self.table.get_item(Key={"pk": "fault", "sk": vendor}, ConsistentRead=True).get("Item")
        return _fault(item) if item else Fault(vendor)

    def faults(self) -> list[Fault]:
        """One of every vendor."""
        items = self.table.query(
            KeyConditionExpression="pk = :fault",
            ExpressionAttributeValues={":fault": "fault"},
            ConsistentRead=True,
        )["Items"]
        known = {item["sk"]: _fault(item) for item in items}
        return [known.get(vendor, Fault(vendor)) for vendor in VENDORS]

    def set_fault(self, fault: Fault) -> None:
        # Milliseconds, since the table takes no floats.
        item = {
            "pk": "fault",
            "sk": fault.vendor,
            "mode": fault.mode.value,
            "ms": round(fault.seconds * 1000),
        }
        self.table.put_item(Item=item)


def _fault(item: Mapping[str, Any]) -> Fault:
    return Fault(item["sk"], FaultMode(item["mode"]), int(item["ms"]) / 1000)
