"""What a DynamoDB call consumes, by AWS's published rules, and a meter that hangs on a client; what KMS adds to a text.

Sizes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
Reads and writes: .../developerguide/read-write-operations.html; index writes: .../developerguide/GSI.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

Item = Mapping[str, Mapping[str, Any]]

_WRITE_BYTES: Final = 1024
_READ_BYTES: Final = 4096
_COLLECTION_OVERHEAD: Final = 3


def item_size(item: Item) -> int:
    """Bytes of an item as DynamoDB counts them: attribute names and values.

    >>> item_size({"pk": {"S": "候选人"}, "n": {"N": "100"}, "b": {"B": b"12345"}})
    20
    >>> item_size({"marks": {"NS": ["1329227995784915872903807060280344575", "100"]}})
    27
    """
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content)
        case "N":
            return _number_size(content)
        case "NS":
            return sum(_number_size(member) for member in content)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return _COLLECTION_OVERHEAD + sum(1 + _value_size(member) for member in content)
        case "M":
            members = content.items()
            return _COLLECTION_OVERHEAD + sum(1 + len(name.encode()) + _value_size(m) for name, m in members)
    raise TypeError(f"no size is known for {kind}")


def _number_size(content: str) -> int:
    """A byte for every two significant digits, and one more."""
    digits = "".join(str(digit) for digit in Decimal(content).as_tuple().digits).strip("0")
    return math.ceil(max(1, len(digits)) / 2) + 1


def write_units(size: int) -> int:
    """A kilobyte each, at least one."""
    return max(1, math.ceil(size / _WRITE_BYTES))


def read_units(size: int, *, consistent: bool) -> float:
    """Four kilobytes each, at least one; half that when the read need not be consistent."""
    return max(1, math.ceil(size / _READ_BYTES)) * (1.0 if consistent else 0.5)


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index: which items are in it, and what of them."""

    keys: frozenset[str]
    projected: frozenset[str]

    @classmethod
    def of(cls, definition: Mapping[str, Any], table_keys: frozenset[str]) -> Index:
        """From ``CreateTable``'s form."""
        if definition["Projection"]["ProjectionType"] != "INCLUDE":
            raise TypeError("only INCLUDE projections are counted here")
        keys = frozenset(key["AttributeName"] for key in definition["KeySchema"])
        return cls(keys, keys | table_keys | frozenset(definition["Projection"]["NonKeyAttributes"]))

    def entry(self, item: Item) -> dict[str, Mapping[str, Any]]:
        """The index's copy of an item; empty when the item is not in it."""
        if not self.keys <= item.keys():
            return {}
        return {name: value for name, value in item.items() if name in self.projected}

    def write_units(self, old: Item, new: Item) -> int:
        """A new entry, or an old one deleted and a new one put when a key changed, or nothing when nothing did."""
        before, after = self.entry(old), self.entry(new)
        if before == after:
            return 0
        if not before or not after:
            return write_units(item_size(before or after))
        if any(before[key] != after[key] for key in self.keys):
            return write_units(item_size(before)) + write_units(item_size(after))
        return max(write_units(item_size(before)), write_units(item_size(after)))


@dataclass(frozen=True, slots=True)
class Call:
    """One item's part of a call, what it consumes, and what the emulator answered (None: nothing for this item)."""

    step: str
    operation: str
    key: str
    size: int
    read: float = 0.0
    write: int = 0
    index_write: int = 0
    answered: float | None = None
    run: int = 0
    """Which run of a function made it, from 1."""

    @property
    def configuration(self) -> bool:
        """Whether it reads a configuration document, which containers keep for a minute."""
        return self.key.startswith("CONFIG#")

    @property
    def reader(self) -> bool:
        """Whether it reads what words are read by: large documents, which a container keeps with the rest."""
        return self.key.startswith(("CONFIG#lexicon", "CONFIG#classifier"))

    @property
    def circuit(self) -> bool:
        """Whether it reads a vendor's circuit, which containers keep for ten seconds."""
        return self.key.startswith("VENDOR#")

    @property
    def total(self) -> float:
        """Read and write units together."""
        return self.read + self.write + self.index_write


_READS: Final = frozenset({"GetItem", "Query", "BatchGetItem"})
_WRITES: Final = frozenset({"PutItem", "UpdateItem"})


@dataclass
class Meter:
    """Counts every call of a client. ``plain`` is another client of the same table, for looking at items uncounted."""

    plain: Any
    table: str
    indexes: Sequence[Index]
    step: str = ""
    run: int = 0
    calls: list[Call] = field(default_factory=list)
    images: list[dict[str, Any]] = field(default_factory=list)
    """New images of items, in order, as the table's stream would deliver them."""

    def attach(self, client: Any) -> None:
        """Ask for the consumed capacity of every call, and count it."""
        client.meta.events.register("before-parameter-build.dynamodb", self._before)
        client.meta.events.register("after-call.dynamodb", self._after)

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        operation = model.name
        params["ReturnConsumedCapacity"] = "INDEXES"
        keys: list[dict[str, Any]] = []
        if operation in _WRITES:
            keys = [_key(params.get("Item") or params["Key"])]
        elif operation not in _READS or "IndexName" in params:
            raise AssertionError(f"no rule for {operation} {params.get('IndexName', '')}")
        context["metered"] = (params, [(key, self._look(key)) for key in keys])

    def _after(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        params, before = context["metered"]
        consumed = parsed.get("ConsumedCapacity")
        if isinstance(consumed, list):
            consumed = consumed[0] if len(before) == 1 else None
        answered = float(consumed["CapacityUnits"]) if consumed else None
        if model.name in _READS:
            self._read(model.name, params, parsed, answered)
            return
        for key, old in before:
            self._written(model.name, key, old, failed="Error" in parsed, answered=answered)

    def _read(
        self, operation: str, params: dict[str, Any], parsed: dict[str, Any], answered: float | None
    ) -> None:
        if operation == "BatchGetItem":
            self._read_batch(params["RequestItems"][self.table], parsed)
            return
        if operation == "GetItem":
            where = _name(params["Key"])
            size = item_size(parsed.get("Item", {}))
        else:
            where = str(params["ExpressionAttributeValues"][":pk"]["S"])
            size = sum(item_size(item) for item in parsed["Items"])
        units = read_units(size, consistent=params.get("ConsistentRead", False))
        self.calls.append(
            Call(self.step, operation, where, size, read=units, answered=answered, run=self.run)
        )

    def _read_batch(self, asked: dict[str, Any], parsed: dict[str, Any]) -> None:
        """Each item by itself, as if it had been asked for alone, and also one that is not there."""
        found = {_name(item): item for item in parsed["Responses"].get(self.table, [])}
        consistent = asked.get("ConsistentRead", False)
        for where in map(_name, asked["Keys"]):
            size = item_size(found.get(where, {}))
            units = read_units(size, consistent=consistent)
            self.calls.append(Call(self.step, "BatchGetItem", where, size, read=units, run=self.run))

    def _written(
        self, operation: str, key: dict[str, Any], old: Item, *, failed: bool, answered: float | None
    ) -> None:
        # A write whose condition does not hold costs what the item there costs.
        new: Item = old if failed else self._look(key)
        size = max(item_size(old), item_size(new))
        index = sum(one.write_units(old, new) for one in self.indexes)
        # What was refused is answered with an error, which tells nothing of units.
        self.calls.append(
            Call(
                self.step,
                operation,
                _name(key),
                size,
                write=write_units(size),
                index_write=index,
                answered=None if failed else answered,
                run=self.run,
            )
        )
        if not failed and new != old:
            self.images.append(dict(new))

    def _look(self, key: dict[str, Any]) -> Item:
        answer = self.plain.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        found: Item = answer.get("Item", {})
        return found


class KmsBySize:
    """KMS by size: what it encrypts comes back 152 bytes longer (a 32-byte key is 184 bytes encrypted)."""

    _HEADER: Final = bytes(152)

    def encrypt(self, Plaintext: bytes, **_: Any) -> dict[str, Any]:  # noqa: N803 - botocore's name
        return {"CiphertextBlob": self._HEADER + Plaintext}

    def decrypt(self, CiphertextBlob: bytes, **_: Any) -> dict[str, Any]:  # noqa: N803
        return {"Plaintext": CiphertextBlob.removeprefix(self._HEADER)}


def _key(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("pk", "sk")}


def _name(key: Mapping[str, Any]) -> str:
    return f"{key['pk']['S']} {key['sk']['S']}"
