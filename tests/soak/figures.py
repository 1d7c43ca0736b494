"""How the run went: figures for the file and for the screen."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from infra.local.layout import LOCAL, write_json
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Stage
from rencai.kernel.events import EventName
from tests.bench.figures import percentile
from tests.soak.checks import Books, expected_dead_letters
from tests.soak.people import LEARNT, REPORTS

FILE: Final = LOCAL / "soak.json"
_ASKED: Final[Mapping[str, tuple[FactKind, ...]]] = {
    "esign": (
        FactKind.OFFER_SIGNED,
        FactKind.OFFER_DECLINED,
        FactKind.OFFER_EXPIRED,
        FactKind.OFFER_VOIDED,
    ),
    "background": (FactKind.CHECK_CLEARED, FactKind.CHECK_FLAGGED),
}


def measured(books: Books, seconds: float, troubles: Mapping[str, int]) -> dict[str, Any]:
    """Everything worth knowing about a run of ``seconds``; ``troubles`` are what people had to try again."""
    record = books.record
    stages = Counter(str(found.journey.stage) for found in record.journeys.values())
    times = [
        (stages_[-1].entered_at - stages_[0].entered_at).total_seconds()
        for found in record.journeys.values()
        if (stages_ := found.journey.stages)[-1].stage is Stage.ONBOARDED
    ]
    dead = expected_dead_letters(record, books.people)
    lines = _messages(books.logs)
    told = Counter(entry.name for entry in record.timeline)
    sent = {vendor: counts for vendor, counts in books.deliveries.items() if any(counts.values())}
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "seconds": round(seconds),
        "candidates": len(books.people),
        "stages": dict(sorted(stages.items())),
        "journey_seconds": {
            name: round(percentile(times, percent), 1)
            for name, percent in (("p50", 50), ("p95", 95), ("max", 100))
            if times
        },
        "inbox": dict(sorted(Counter(one.status for one in record.deliveries).items())),
        "callbacks": {
            "forged": {name: _sum(sent, f"forged_{name}") for name in ("refused", "accepted")},
            "malformed": {name: _sum(sent, f"malformed_{name}") for name in ("refused", "accepted")},
            "stale": {name: _sum(sent, f"stale_{name}") for name in ("refused", "accepted")},
            "unclear": _sum(sent, "unclear"),
            "silenced": _sum(sent, "silenced"),
            "sent_again": _sum(sent, "retried"),
        },
        "found_out_by_asking": _found_out(books),
        "asks_by_the_watchdog_that_found_something_out": lines["found out"],
        "raised_to_hr": told[EventName.JOURNEY_OVERDUE],
        "steps_of_ours_taken_up_again": told[EventName.JOURNEY_RESUMED],
        "our_retries": lines["will be tried again"],
        "calls_repeated_at_vendors": {
            vendor: sum(row["requests"] - 1 for row in rows) for vendor, rows in books.ledgers.items()
        },
        "circuit_openings": dict(sorted(record.outages.items())),
        "ledgers": {vendor: len(rows) for vendor, rows in books.ledgers.items()},
        "letters": dict(sorted(Counter(one.kind for one in record.letters).items())),
        "dead_letters": {"expected": len(dead), "found": len(books.dead_letters)},
        "events": len(record.timeline),
        "tried_again_by_people": sum(troubles.values()),
    }


def keep(figures: Mapping[str, Any], disagreements: Sequence[str], file: Path = FILE) -> None:
    """Write them where the next reader looks."""
    write_json(file, {**figures, "disagreements": list(disagreements)}, mode=0o644)


def table(figures: Mapping[str, Any]) -> Table:
    """For the screen."""
    grid = Table(show_edge=False, pad_edge=False, show_header=False)
    grid.add_column("figure", no_wrap=True)
    grid.add_column("value", overflow="fold")
    for name, value in figures.items():
        grid.add_row(name.replace("_", " "), _shown(value))
    return grid


def _found_out(books: Books) -> dict[str, int]:
    """How much a vendor had to say that no webhook of its brought: the watchdog asked, or the pull read it."""
    record = books.record
    came = Counter(one.vendor for one in record.deliveries if one.verdict == "accepted")
    told = {vendor: sum(len(record.facts(kind)) for kind in kinds) for vendor, kinds in _ASKED.items()}
    told["psychometric"] = sum(merged_in for _, merged_in in record.assessments.values())
    told["lms"] = len(REPORTS) * sum(one.item_id == LEARNT for one in record.courses)
    return {vendor: count - came[vendor] for vendor, count in told.items()}


def _messages(logs: Sequence[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in logs:
        if not one.startswith("{"):
            continue
        try:
            found[str(json.loads(one).get("message"))] += 1
        except ValueError:
            found["(no JSON)"] += 1
    return found


def _sum(sent: Mapping[str, Mapping[str, int]], name: str) -> int:
    return sum(counts.get(name, 0) for counts in sent.values())


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = ((name, _shown(part)) for name, part in value.items())
        return ", ".join(
            f"{name.replace('_', ' ')} {f'({part})' if ',' in part else part}" for name, part in parts
        )
    return str(value)
