"""The messages of the scan's queue: a run that waits for cards, and some shards of a run that does not any more."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanWait:
    """A run that has waited ``waited`` seconds for cards to be made."""

    scan_id: str
    run: int
    waited: int


@dataclass(frozen=True, slots=True)
class ScanPart:
    """Some shards of a run, scanned and counted as one."""

    scan_id: str
    run: int
    number: int
    shards: tuple[int, ...]


def message_of(body: str) -> ScanWait | ScanPart:
    """The message that a body is."""
    told = json.loads(body)
    if "waited" in told:
        return ScanWait(**told)
    return ScanPart(told["scan_id"], told["run"], told["number"], tuple(told["shards"]))
