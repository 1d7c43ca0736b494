"""The messages of the scan's queue: some shards of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanPart:
    """Some shards of a run, scanned and counted as one."""

    scan_id: str
    run: int
    number: int
    shards: tuple[int, ...]
