"""What receivers answered to a vendor's callbacks, counted: one item a vendor, `deliveries` / `esign`.

A receiver that is right never accepts what is forged, malformed or stale.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .secrets import VENDORS
from .table import Table


class Outcome(StrEnum):
    """What is counted."""

    GENUINE_ACCEPTED = "genuine_accepted"
    FORGED_ACCEPTED = "forged_accepted"
    FORGED_REFUSED = "forged_refused"
    """Answered 401."""
    MALFORMED_ACCEPTED = "malformed_accepted"
    MALFORMED_REFUSED = "malformed_refused"
    """Answered 400."""
    STALE_ACCEPTED = "stale_accepted"
    """Signed with a clock more than five minutes off, and taken all the same."""
    STALE_REFUSED = "stale_refused"
    """Answered 401."""
    UNCLEAR = "unclear"
    """Forged, malformed or stale, and answered neither 2xx nor as it should be, or not at all."""
    RETRIED = "retried"
    """Attempts after the first."""
    SILENCED = "silenced"
    """Events that nobody was called back about."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The counters of all vendors, which only grow: to look at one run, take the difference."""

    table: Table

    def add(self, vendor: str, outcomes: Sequence[Outcome]) -> None:
        """One write, however many outcomes; none for none."""
        counts = Counter(outcomes)
        if not counts:
            return
        self.table.update_item(
            Key={"pk": "deliveries", "sk": vendor},
            UpdateExpression="ADD " + ", ".join(f"{outcome} :{outcome}" for outcome in counts),
            ExpressionAttributeValues={f":{outcome}": count for outcome, count in counts.items()},
        )

    def read_all(self) -> dict[str, dict[Outcome, int]]:
        """By vendor, every vendor."""
        items = self.table.query(
            KeyConditionExpression="pk = :deliveries",
            ExpressionAttributeValues={":deliveries": "deliveries"},
            ConsistentRead=True,
        )["Items"]
        known = {item["sk"]: item for item in items}
        return {
            vendor: {outcome: int(known.get(vendor, {}).get(outcome, 0)) for outcome in Outcome}
            for vendor in VENDORS
        }
