"""What a part of the benchmark hands back: figures for the file, rows for the table, targets to hold them against."""

from __future__ import annotations

import json
import platform
import resource
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from infra.local.layout import LOCAL, write_json

FILE: Final = LOCAL / "bench.json"

TARGETS: Final[Mapping[str, float]] = {
    "init_ratio": 0.5,
    "init_ratio_warm": 1.5,
    "import_memory_growth": 2,
    "import_write_units_per_row": 1.01,
    "journey_read_units": 60.5,
    "journey_reader_units": 48,
    "lms_sync_seconds": 900,
    "read_interview_ms": 2,
    "scan_ratio_to_read": 1.3,
    "scan_read_units_over_floor": 0.10,
    "scan_usd_per_million": 0.10,
}
"""At most this much."""
FLOORS: Final[Mapping[str, float]] = {
    "survey_precision": 0.90,
    "survey_recall": 0.80,
    "survey_plain": 1.0,
    "competency_precision": 0.90,
    "competency_recall": 0.70,
    "mentor_within_one_level": 0.80,
}
"""At least this much."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    value: str
    note: str = ""
    target: float | None = None
    met: bool = True
    floor: float | None = None


@dataclass
class Figures:
    """``values`` go into the file under their keys; ``rows`` onto the screen."""

    values: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def add(self, key: str, value: float, shown: str, note: str = "") -> None:
        """A figure that is in both."""
        self.values[key] = value
        most, least = TARGETS.get(key), FLOORS.get(key)
        met = (most is None or value <= most) and (least is None or value >= least)
        self.rows.append(Row(key, shown, note, most, met, least))

    def say(self, name: str, value: str, note: str = "") -> None:
        """A row of the table only."""
        self.rows.append(Row(name, value, note))


def percentile(values: Sequence[float], percent: float) -> float:
    """By linear interpolation between the two nearest ranks."""
    ordered = sorted(values)
    position = (len(ordered) - 1) * percent / 100
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def median(values: Sequence[float]) -> float:
    """The middle one: what a noisy neighbour does to a few of them does not move it."""
    return statistics.median(values)


def keep(values: Mapping[str, Any], file: Path = FILE) -> None:
    """Write the file; figures of parts that were not run now stay as they were."""
    try:
        known = json.loads(file.read_text())
    except (OSError, ValueError):
        known = {}
    about = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    write_json(file, {**known, **values, "about": about}, mode=0o644)


def peak_mb() -> float:
    """The most memory this process had. ``ru_maxrss`` begins with what its parent had when it was started."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
