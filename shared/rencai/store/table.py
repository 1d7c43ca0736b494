"""The one table: keys, conditional writes, pages. ``ClientError`` is translated here and nowhere else."""

import base64
import binascii
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore.exceptions import ClientError

from rencai.kernel.errors import CommonRefusal, DomainError, LostRace
from rencai.kernel.events import Event, EventName

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
Made = TypeVar("Made")
_BATCH_READ: Final = 100


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key. Built only by the named constructors of the stores, which show an example each."""

    pk: str
    sk: str

    def attributes(self) -> Item:
        """The key as item attributes."""
        return {"pk": self.pk, "sk": self.sk}


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index: its name, and the attributes that are its key."""

    name: str
    pk: str
    sk: str


LISTS_INDEX: Final = Index("gsi1", "gsi1pk", "gsi1sk")
"""The one index: what is listed - candidates by stage, deliveries, merges, alerts - and what is waited for. Another one
takes its place by being said here (docs/operations.md, another index).
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """A named clause of a conditional write."""

    expression: str
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


class Unfinished(Exception):
    """The table did not give every item of a batch: it is to be asked again later."""


ABSENT: Final = Condition("attribute_not_exists(pk)")
"""No item has this key yet."""


def version_is(version: int) -> Condition:
    """Nobody has written the item since it was read at ``version`` (0: it did not exist)."""
    if version == 0:
        return ABSENT
    return Condition("#version = :version", {"#version": "version"}, {":version": version})


@dataclass(frozen=True, slots=True)
class Page:
    """Items of one page, and the cursor of the next (None: that was all)."""

    items: list[Item]
    next: str | None


def to_attribute(value: Any) -> dict[str, Any]:
    """A Python value as a DynamoDB attribute. Floats are refused: pay and scores are Decimal.

    boto3's serialiser does the same; importing boto3 for it costs a cold start some 25 ms over botocore.
    """
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | Decimal():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case frozenset():
            # DynamoDB has no empty set: an attribute that would hold one is left out by its writer.
            return {"NS": [str(member) for member in sorted(value)]}
        case Mapping():
            return {"M": {name: to_attribute(member) for name, member in value.items()}}
        case Sequence():
            return {"L": [to_attribute(member) for member in value]}
    raise TypeError(f"cannot store a {type(value).__name__}")


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """The Python value of a DynamoDB attribute; numbers come back as int where whole, else Decimal."""
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL" | "B":
            return value
        case "N":
            number = Decimal(value)
            return int(number) if number == number.to_integral_value() else number
        case "NS":
            return frozenset(int(member) for member in value)
        case "NULL":
            return None
        case "M":
            return {name: from_attribute(member) for name, member in value.items()}
        case "L":
            return [from_attribute(member) for member in value]
    raise TypeError(f"cannot read a DynamoDB attribute of type {kind}")


def to_item(item: Mapping[str, Any]) -> Item:
    """A whole item in DynamoDB's form; attributes that are None are left out."""
    return {name: to_attribute(value) for name, value in item.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> Item:
    """A whole item as Python values."""
    return {name: from_attribute(attribute) for name, attribute in item.items()}


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds; sorts as time does.

    >>> instant(datetime(2026, 3, 2, 1, tzinfo=UTC))
    '2026-03-02T01:00:00.000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_instant(text: str) -> datetime:
    """The moment ``instant`` wrote."""
    return datetime.fromisoformat(text)


def compact(value: Any) -> str:
    """JSON without white space, Chinese as itself."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_events(events: Sequence[Event]) -> str | None:
    """The ``events`` attribute: what the stream delivers to the relay. None when there are none.

    The events of one write share their time and the stem of their ids, so those are written once.
    """
    if not events:
        return None
    stem = events[0].id.rpartition("_")[0]
    told = [[event.name, dict(event.data), event.actor] for event in events]
    return compact([stem, instant(events[0].at), told])


def from_events(text: str) -> list[Event]:
    """The events of an ``events`` attribute."""
    stem, at, told = json.loads(text)
    moment = from_instant(at)
    return [
        Event(f"{stem}_{number}", EventName(name), moment, data, actor)
        for number, (name, data, actor) in enumerate(told)
    ]


def decided(attempt: Callable[[], Made], afresh: Callable[[], Made] | None = None, *, tries: int = 2) -> Made:
    """What reads, decides and writes: a lost race is decided again on a fresh read, ``tries`` times in all.

    ``afresh`` is what is tried from the second time on, where ``attempt`` goes by what the caller has read. Raises
    ``LostRace`` when the last try lost too.
    """
    try:
        return attempt()
    except LostRace:
        if tries <= 1:
            raise
        again = afresh or attempt
        return decided(again, again, tries=tries - 1)


def to_cursor(position: Mapping[str, Any] | None) -> str | None:
    """An opaque cursor; clients hand it back unchanged."""
    if not position:
        return None
    return base64.urlsafe_b64encode(compact(position).encode()).decode().rstrip("=")


def from_cursor(cursor: str | None) -> dict[str, Any] | None:
    """The position a cursor stands for; raises ``DomainError`` (BAD_CURSOR) for anything we did not make."""
    if not cursor:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        compact(position).encode()  # half a character (``\ud800``) is JSON, and no text
    except (binascii.Error, ValueError, RecursionError):
        raise DomainError(CommonRefusal.BAD_CURSOR, "cursor") from None
    if not isinstance(position, dict) or not all(_is_position(value) for value in position.values()):
        raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
    return position


def _is_position(value: object) -> bool:
    """Keys are strings; the stage list's cursor holds a key within."""
    if isinstance(value, dict):
        return all(isinstance(member, str) for member in value.values())
    return isinstance(value, str)


class Table:
    """Typed access to the table. Every read says whether it is consistent; every write whether it is conditional."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        """One item, or None. 0.5 read units per 4 KB, 1 when consistent."""
        answer = self._client.get_item(
            TableName=self._name, Key=to_item(key.attributes()), ConsistentRead=consistent
        )
        item = answer.get("Item")
        return from_item(item) if item else None

    def get_since(self, key: Key, version: int | None) -> Item | None:
        """One item as it was after its write ``version``, or after a later one.

        What an event tells of has been written, so an eventually consistent read that shows it is as good as a
        consistent one of that moment would have been: whoever hears of an event may be held up after reading, too.
        ``version`` 0: any that is there will do; None: nothing is known of the item, and it is read consistently.

        0.5 read units per 4 KB; 1.5 where what answered was behind.
        """
        if version is not None:
            item = self.get(key, consistent=False)
            if item is not None and item.get("version", 0) >= version:
                return item
        return self.get(key)

    def get_all(self, keys: Collection[Key], *, consistent: bool = True) -> dict[Key, Item]:
        """The items there are of ``keys``, 100 a call; each costs what ``get`` does.

        Raises ``Unfinished`` when the table would not read some of them now.
        """
        found: dict[Key, Item] = {}
        wanted = list(dict.fromkeys(keys))
        for first in range(0, len(wanted), _BATCH_READ):
            asked = [to_item(key.attributes()) for key in wanted[first : first + _BATCH_READ]]
            answer = self._client.batch_get_item(
                RequestItems={self._name: {"Keys": asked, "ConsistentRead": consistent}}
            )
            if answer.get("UnprocessedKeys"):
                raise Unfinished
            items = [from_item(item) for item in answer["Responses"].get(self._name, [])]
            found |= {Key(item["pk"], item["sk"]): item for item in items}
        return found

    def put(self, key: Key, item: Mapping[str, Any], condition: Condition | None = None) -> None:
        """Write a whole item; raises ``LostRace`` when the condition does not hold."""
        extra = self._condition(condition)
        try:
            self._client.put_item(TableName=self._name, Item=to_item({**key.attributes(), **item}), **extra)
        except ClientError as error:
            raise _translated(error) from error

    def delete(self, key: Key, condition: Condition) -> None:
        """Take an item away; raises ``LostRace`` when the condition does not hold."""
        try:
            self._client.delete_item(
                TableName=self._name, Key=to_item(key.attributes()), **self._condition(condition)
            )
        except ClientError as error:
            raise _translated(error) from error

    def update(
        self,
        key: Key,
        values: Mapping[str, Any],
        condition: Condition | None = None,
        *,
        add: Mapping[str, int | frozenset[int]] | None = None,
        clear: Sequence[str] = (),
    ) -> Item:
        """Set ``values``, ``add`` to counters and number sets, ``clear`` attributes; returns the item as it is then."""
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=to_item(key.attributes()),
                ReturnValues="ALL_NEW",
                **self._update(values, condition, add, clear),
            )
        except ClientError as error:
            raise _translated(error) from error
        return from_item(answer["Attributes"])

    def transact(self, *writes: Item) -> None:
        """All or nothing, at twice the price; raises ``LostRace`` when one condition does not hold."""
        try:
            self._client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]  # built by put_action
        except ClientError as error:
            raise _translated(error) from error

    def put_action(self, key: Key, item: Mapping[str, Any], condition: Condition | None = None) -> Item:
        """A put for ``transact``."""
        return {
            "Put": {
                "TableName": self._name,
                "Item": to_item({**key.attributes(), **item}),
                **self._condition(condition),
            }
        }

    def update_action(
        self,
        key: Key,
        values: Mapping[str, Any],
        condition: Condition | None = None,
        *,
        add: Mapping[str, int | frozenset[int]] | None = None,
        clear: Sequence[str] = (),
    ) -> Item:
        """An update, as ``update`` makes one, for ``transact``."""
        return {
            "Update": {
                "TableName": self._name,
                "Key": to_item(key.attributes()),
                **self._update(values, condition, add, clear),
            }
        }

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        limit: int,
        start: Mapping[str, Any] | None = None,
        newest_first: bool = False,
        index: Index | None = None,
        consistent: bool = False,
    ) -> tuple[list[Item], dict[str, Any] | None]:
        """Up to ``limit`` items of a partition whose sort key begins with ``prefix``, and where to go on.

        0.5 read units per 4 KB, 1 when ``consistent``, which an index cannot be. Raises ``DomainError``
        (BAD_CURSOR) for a ``start`` that is no place in it.
        """
        hash_key, range_key = (index.pk, index.sk) if index else ("pk", "sk")
        expression, values = f"{hash_key} = :pk", {":pk": to_attribute(pk)}
        if prefix:
            expression += f" AND begins_with({range_key}, :prefix)"
            values[":prefix"] = to_attribute(prefix)
        optional: dict[str, Any] = {}
        if index:
            optional["IndexName"] = index.name
        if start:
            names = {"pk", "sk", hash_key, range_key}
            if start.keys() != names or not all(isinstance(one, str) for one in start.values()):
                raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
            optional["ExclusiveStartKey"] = to_item(start)
        if consistent:
            optional["ConsistentRead"] = True
        try:
            answer = self._client.query(
                TableName=self._name,
                KeyConditionExpression=expression,
                ExpressionAttributeValues=values,
                Limit=limit,
                ScanIndexForward=not newest_first,
                **optional,
            )
        except ClientError as error:
            if start and error.response.get("Error", {}).get("Code") == "ValidationException":
                raise DomainError(CommonRefusal.BAD_CURSOR, "cursor") from None
            raise
        last = answer.get("LastEvaluatedKey")
        return [from_item(item) for item in answer["Items"]], from_item(last) if last else None

    def page_of_lists(
        self,
        lists: Mapping[str, str],
        limit: int,
        cursor: str | None,
        show: Callable[[str, Sequence[Item]], Sequence[Made]],
        *,
        prefix: str = "",
        newest_first: bool = False,
    ) -> tuple[list[Made], str | None]:
        """A page of several lists of the index, one after the other, and where to go on.

        ``lists`` are their partitions by name, in order; ``show`` makes what is shown of a list's items, and may leave
        some out: the page goes on until it holds ``limit``. Raises ``DomainError`` (BAD_CURSOR).
        """
        names = list(lists)
        position = from_cursor(cursor) or {"list": names[0]}
        at, start = position.get("list"), position.get("key")
        if at not in names or not isinstance(start, dict | None):
            raise DomainError(CommonRefusal.BAD_CURSOR, "cursor")
        found: list[Made] = []
        for name in names[names.index(at) :]:
            if len(found) >= limit:
                return found, to_cursor({"list": name})
            items, last = self.query(
                lists[name],
                prefix=prefix,
                limit=limit - len(found),
                start=start,
                newest_first=newest_first,
                index=LISTS_INDEX,
            )
            found += show(name, items)
            start = None
            if last:
                return found, to_cursor({"list": name, "key": last})
        return found, None

    def query_all(
        self,
        pk: str,
        *,
        prefix: str = "",
        after: str = "",
        consistent: bool = False,
        batch: int = _BATCH_READ,
    ) -> Iterator[Item]:
        """Every item of a partition, ``batch`` by ``batch`` as they are asked for; for partitions whose size is bounded
        by design, or for who stops early. ``after``: those whose sort key comes after ``prefix`` + ``after``.
        """
        start: dict[str, Any] | None = {"pk": pk, "sk": prefix + after} if after else None
        while True:
            items, start = self.query(pk, prefix=prefix, limit=batch, start=start, consistent=consistent)
            yield from items
            if start is None:
                return

    def raw_pages(self, pk: str, limit: int) -> Iterator[list[dict[str, Any]]]:
        """Every item of a partition, up to ``limit`` (and 1 MB) at a time, in DynamoDB's own form. 0.5 read units for
        each started 4 KB of a page.
        """
        start: dict[str, Any] = {}
        while True:
            answer = self._client.query(
                TableName=self._name,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": to_attribute(pk)},
                Limit=limit,
                **start,
            )
            yield answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def count(self, pk: str, *, index: Index | None = None) -> int:
        """How many items a partition has: what reading them costs, 0.5 read units per 4 KB, and none of their bytes."""
        optional: dict[str, Any] = {"IndexName": index.name} if index else {}
        counted = 0
        while True:
            answer = self._client.query(
                TableName=self._name,
                KeyConditionExpression=f"{index.pk if index else 'pk'} = :pk",
                ExpressionAttributeValues={":pk": to_attribute(pk)},
                Select="COUNT",
                **optional,
            )
            counted += answer["Count"]
            if "LastEvaluatedKey" not in answer:
                return counted
            optional["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def put_all(self, items: Sequence[tuple[Key, Mapping[str, Any]]]) -> None:
        """Write items that need no condition, one a call, the last of those with one key.

        Not as a batch, though that would be one call for 25 of them: who may send a batch may delete by it. Raises what
        ``put`` does, with the items before it written: the delivery that asked for them comes again.
        """
        for key, item in dict(items).items():
            self.put(key, item)

    @staticmethod
    def _condition(condition: Condition | None) -> Item:
        if condition is None:
            return {}
        arguments: Item = {"ConditionExpression": condition.expression}
        if condition.names:
            arguments["ExpressionAttributeNames"] = dict(condition.names)
        if condition.values:
            arguments["ExpressionAttributeValues"] = to_item(condition.values)
        return arguments

    @staticmethod
    def _update(
        values: Mapping[str, Any],
        condition: Condition | None,
        add: Mapping[str, int | frozenset[int]] | None,
        clear: Sequence[str],
    ) -> Item:
        names = {f"#{name}": name for name in (*values, *(add or {}))}
        placed = {f":{name}": to_attribute(value) for name, value in (*values.items(), *(add or {}).items())}
        parts = []
        if values:
            parts.append("SET " + ", ".join(f"#{name} = :{name}" for name in values))
        if add:
            parts.append("ADD " + ", ".join(f"#{name} :{name}" for name in add))
        # Events belong to the write that carried them; left on the item, the next image would tell them again.
        cleared = [*clear, *(() if "events" in values else ("events",))]
        if cleared:
            parts.append("REMOVE " + ", ".join(f"#{name}" for name in cleared))
            names |= {f"#{name}": name for name in cleared}
        arguments: Item = {"UpdateExpression": " ".join(parts)}
        if condition:
            arguments["ConditionExpression"] = condition.expression
            names |= dict(condition.names)
            placed |= to_item(condition.values)
        arguments["ExpressionAttributeNames"] = names
        arguments["ExpressionAttributeValues"] = placed
        return arguments


def _translated(error: ClientError) -> Exception:
    """A lost condition becomes ``LostRace``; everything else stays what it is and is retried or reported as such."""
    response = error.response
    code = response.get("Error", {}).get("Code")
    reasons = {reason.get("Code") for reason in response.get("CancellationReasons", [])}
    lost = {"ConditionalCheckFailed", "TransactionConflict"}
    if code in ("ConditionalCheckFailedException", "TransactionConflictException") or reasons & lost:
        return LostRace()
    return error
