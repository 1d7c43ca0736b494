"""How a simulated vendor misbehaves.

Nothing is random: a draw is a digest of the vendor, the thing, the attempt and the fault's name, so that a run with
the same ids has the same bad luck.

| item | pk | sk |
|---|---|---|
| a vendor's faults | `faults` | `esign` |
| how many of a vendor's callbacks were reordered | `fault_places` | `esign` |
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from .secrets import VENDORS
from .table import Table


class FaultMode(StrEnum):
    """What happens to every call."""

    NONE = "none"
    DOWN = "down"
    SLOW = "slow"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True)
class Fault:
    """All that is wrong with a vendor. Shares are from 0 (never) to 1 (always)."""

    vendor: str
    mode: FaultMode = FaultMode.NONE
    seconds: float = 0
    """How long slow takes."""
    error_rate: float = 0
    """Share of calls answered 503: half of them before anything is done, half after it was."""
    latency_seconds: float = 0
    """What each call takes, beside `seconds`."""
    duplicate: int = 0
    """Copies of each callback beside the first."""
    reorder: bool = False
    """Callbacks of quick succession leave in another order than they happened."""
    delay_seconds: int = 0
    """How much later each callback leaves."""
    silence: float = 0
    """Share of events that nobody is ever called back about."""
    forged_signature: float = 0
    """Share of attempts that have a forger's delivery beside them."""
    malformed_body: float = 0
    """Share of attempts whose body is cut or is no JSON, correctly signed. The next attempt draws again."""
    clock_skew_seconds: int = 0
    """How far off the signed timestamp is, to the past when negative ..."""
    clock_skew_rate: float = 1
    """... at this share of attempts."""
    only: str = ""
    """Strikes only calls and callbacks that name this: an id, a reference, a location. Empty: strikes all."""

    def draw(self, fault: str, thing: str, attempt: int = 1) -> float:
        """From 0 up to, but never, 1; so that `draw(...) < share` is right for 0 and for 1."""
        digest = hashlib.sha256(f"{self.vendor}\n{thing}\n{attempt}\n{fault}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / (1 << 48)


@dataclass(frozen=True, slots=True)
class FaultBook:
    """The faults of all vendors, as testers set them."""

    table: Table

    def read(self, vendor: str, said: str) -> Fault:
        """What is wrong with the vendor for a call or a callback that says this: nothing where others are meant."""
        item = self.table.get_item(Key={"pk": "faults", "sk": vendor}, ConsistentRead=True).get("Item")
        fault = _fault(item["settings"]) if item else Fault(vendor)
        return fault if fault.only in said else Fault(vendor)

    def read_all(self) -> list[Fault]:
        """One of every vendor."""
        items = self.table.query(
            KeyConditionExpression="pk = :faults",
            ExpressionAttributeValues={":faults": "faults"},
            ConsistentRead=True,
        )["Items"]
        known = {item["sk"]: _fault(item["settings"]) for item in items}
        return [known.get(vendor, Fault(vendor)) for vendor in VENDORS]

    def write(self, fault: Fault) -> None:
        # As text, since the table takes no floats.
        item = {"pk": "faults", "sk": fault.vendor, "settings": json.dumps(asdict(fault))}
        self.table.put_item(Item=item)

    def next_place(self, vendor: str) -> int:
        """1, 2, 3 ...: the place of a vendor's callback among those that are to be reordered."""
        updated = self.table.update_item(
            Key={"pk": "fault_places", "sk": vendor},
            UpdateExpression="ADD places :one",
            ExpressionAttributeValues={":one": 1},
            ReturnValues="UPDATED_NEW",
        )
        return int(updated["Attributes"]["places"])


def _fault(settings: str) -> Fault:
    document = json.loads(settings)
    return Fault(**{**document, "mode": FaultMode(document["mode"])})
