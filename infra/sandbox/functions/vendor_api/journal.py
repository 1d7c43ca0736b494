"""What happened at a vendor, in order, for callers who ask from time to time what is new since they last did.

| item | pk | sk |
|---|---|---|
| an entry | `progress#12`, its segment | `0000002411`, its position from 1 |
| the last position | `journal` | `progress` |

Positions have no holes: an entry is written at the position after one that is known to be taken, and the last position
is noted after that. A reader goes no further than the noted one, so nothing ever appears behind a reader's back. A
writer that dies in between leaves an entry that the next one's note makes visible. Segments keep partitions small:
the embedded stack looks at all of a partition for every query.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from vendor_contract.table import KEPT_FOR, MOST_AT_ONCE, Table, condition_failed, put_new

LARGEST_PAGE_BYTES: Final = 500_000
"""Lambda answers with 6 MB at most, and a careful caller reads less."""


@dataclass(frozen=True, slots=True)
class Journal:
    table: Table
    name: str
    segment: int = 200
    """Positions a partition."""

    def append(self, entry: str, now: datetime) -> int:
        """Writes an entry and gives its position."""
        position = (self.last() or 0) + 1
        while not self._write(position, entry, now):
            position += 1
        self._note(position)
        return position

    def append_all(self, entries: Sequence[str], now: datetime) -> None:
        """Writes entries in their order, a hundred at a time: those stand together, and are there all at once."""
        position = (self.last() or 0) + 1
        for first in range(0, len(entries), MOST_AT_ONCE):
            some = entries[first : first + MOST_AT_ONCE]
            # What is taken is so from here on without a hole.
            while taken := put_new(
                self.table, [self._item(position + n, entry, now) for n, entry in enumerate(some)]
            ):
                position += max(taken) + 1
            position += len(some)
            self._note(position - 1)

    def last(self) -> int | None:
        """The position of the last entry, None when there never was one."""
        item = self.table.get_item(Key={"pk": "journal", "sk": self.name}, ConsistentRead=True).get("Item")
        return int(item["position"]) if item else None

    def page(self, after: int, last: int, limit: int) -> tuple[list[str], int]:
        """At most `limit` entries behind the position `after`, up to `last`, and the position to go on from.

        Long entries make a short page, but one at least if there is one.
        """
        entries: list[str] = []
        size = 0
        position = after
        for item in self._between(after + 1, last):
            size += len(item["entry"].encode())
            if entries and (len(entries) == limit or size > LARGEST_PAGE_BYTES):
                return entries, position
            entries.append(item["entry"])
            position = int(item["sk"])
        return entries, max(after, last)

    def _partition(self, position: int) -> str:
        return f"{self.name}#{(position - 1) // self.segment}"

    def _write(self, position: int, entry: str, now: datetime) -> bool:
        """False when the position is taken."""
        item = self._item(position, entry, now)
        return _done(self.table.put_item, Item=item, ConditionExpression="attribute_not_exists(pk)")

    def _item(self, position: int, entry: str, now: datetime) -> dict[str, Any]:
        return {
            "pk": self._partition(position),
            "sk": _sort_key(position),
            "entry": entry,
            "forget_at": int((now + KEPT_FOR).timestamp()),
        }

    def _note(self, position: int) -> None:
        # Refused when another writer has come further meanwhile, which is as good.
        _done(
            self.table.update_item,
            Key={"pk": "journal", "sk": self.name},
            UpdateExpression="SET #position = :position",
            ConditionExpression="attribute_not_exists(pk) OR #position < :position",
            ExpressionAttributeNames={"#position": "position"},
            ExpressionAttributeValues={":position": position},
        )

    def _between(self, first: int, last: int) -> Iterator[Any]:
        while first <= last:
            end_of_segment = ((first - 1) // self.segment + 1) * self.segment
            request: dict[str, Any] = {
                "KeyConditionExpression": "pk = :segment AND sk BETWEEN :first AND :last",
                "ExpressionAttributeValues": {
                    ":segment": self._partition(first),
                    ":first": _sort_key(first),
                    ":last": _sort_key(min(last, end_of_segment)),
                },
                "ConsistentRead": True,
            }
            while True:
                answer = self.table.query(**request)
                yield from answer["Items"]
                if "LastEvaluatedKey" not in answer:
                    break
                request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
            first = end_of_segment + 1


def _sort_key(position: int) -> str:
    return f"{position:010}"


def _done(write: Callable[..., object], **request: Any) -> bool:
    """Does a conditional write; False when its condition did not hold."""
    try:
        write(**request)
    except ClientError as error:
        if condition_failed(error):
            return False
        raise
    return True
