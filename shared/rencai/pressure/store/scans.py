"""Runs of the nightly scan (F4): which parts are done, what they came to, and what the company is like (F2, F6)."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from rencai.kernel import ids
from rencai.kernel.errors import LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.pressure.rules.company import CompanyFigures, MonthFigures, Totals, company_figures
from rencai.store.table import (
    ABSENT,
    Condition,
    Item,
    Key,
    Table,
    from_cursor,
    from_instant,
    instant,
    to_cursor,
    to_events,
)

_SCANS: Final = "SCANS"


class ScanStatus(StrEnum):
    """A run is finished when every part is counted; failed when a part was given up."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


def scan_key(scan_id: str) -> Key:
    """``SCANS`` / ``scn_20261122``: a day of the tenant's has one, however often it is run."""
    return Key(_SCANS, scan_id)


def month_key(month: str) -> Key:
    """``COMPANY`` / ``MONTH#2026-11``: the company's figures of a month, as the last scan that saw it found them."""
    return Key("COMPANY", f"MONTH#{month}")


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of alerts: ``raised``, ``changed`` and ``cleared`` by this run, ``open`` after it."""

    raised: int = 0
    changed: int = 0
    cleared: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """A scan. ``run`` counts from 1: the same day scanned again. ``seconds`` from its start to its last part.

    ``cards_behind``: how many messages telling of employees were not made cards yet when it looked last, None: it has
    not looked; a part of an import is one message. ``waited``: seconds it waited for them before its parts were handed
    out, None: they are not yet.
    """

    scan_id: str
    day: date
    run: int
    policy_version: int
    parts: int
    status: ScanStatus
    started_at: datetime
    parts_done: frozenset[int] = frozenset()
    counts: Counts | None = None
    figures: CompanyFigures | None = None
    seconds: Decimal | None = None
    cards_behind: int | None = None
    waited: int | None = None

    @property
    def handed_out(self) -> bool:
        """Whether its parts were handed out."""
        return self.waited is not None

    @property
    def marker(self) -> str:
        """What this run marks cards with.

        >>> ScanRecord("scn_20261122", date(2026, 11, 22), 2, 1, 64, ScanStatus.RUNNING, datetime.min).marker
        'scn_20261122.2'
        """
        return f"{self.scan_id}.{self.run}"


@dataclass(frozen=True, slots=True)
class ScanPartResult:
    """What some of the shards came to, which were scanned as one part of the run."""

    part: int
    totals: Totals = field(compare=False)
    counts: Counts


def scan_id_of(day: date) -> str:
    """``scn_20261122``."""
    return f"scn_{day:%Y%m%d}"


class Scans:
    """The nightly scans."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, day: date, policy_version: int, parts: int, now: datetime) -> ScanRecord:
        """The day's scan, run anew when it was finished; one that is running goes on as it is: the policy it began with
        holds to its end. Raises ``LostRace`` when it began twice at this moment.
        """
        scan_id = scan_id_of(day)
        item = self._table.get(scan_key(scan_id))
        known = _from_item(item) if item else None
        if known and known.status is ScanStatus.RUNNING:
            return known
        run = known.run + 1 if known else 1
        record = ScanRecord(scan_id, day, run, policy_version, parts, ScanStatus.RUNNING, now)
        condition = Condition("#run = :run", {"#run": "run"}, {":run": run - 1}) if known else ABSENT
        self._table.put(scan_key(scan_id), _to_item(record), condition)
        return record

    def get(self, scan_id: str) -> ScanRecord:
        """One scan; raises ``NotFound``."""
        item = self._table.get(scan_key(scan_id))
        if item is None:
            raise NotFound("scan", scan_id)
        return _from_item(item)

    def latest(self) -> ScanRecord | None:
        """The newest finished scan, or None; while a day is scanned again, the one before."""
        items, _ = self._table.query(_SCANS, limit=3, newest_first=True)
        return next((one for item in items if (one := _from_item(item)).figures is not None), None)

    def page(self, limit: int, cursor: str | None) -> tuple[list[ScanRecord], str | None]:
        """Scans, newest first, and where to go on."""
        items, last = self._table.query(_SCANS, limit=limit, start=from_cursor(cursor), newest_first=True)
        return [_from_item(item) for item in items], to_cursor(last)

    def month(self, month: str) -> MonthFigures | None:
        """The company's figures of a month; None when no scan saw it."""
        item = self._table.get(month_key(month), consistent=False)
        return _month(json.loads(item["figures"])) if item else None

    def overtaken(self, scan_id: str) -> bool:
        """Whether a scan of a later day has begun. 1 read unit."""
        later = self._table.query_all(_SCANS, after=scan_id, consistent=True, batch=1)
        return next(later, None) is not None

    def seen(self, record: ScanRecord, cards_behind: int, waited: int | None) -> None:
        """Keep how many cards a run is behind; with ``waited`` for good, for it waits no longer."""
        waiting = Condition(
            "#run = :run AND #status = :running AND attribute_not_exists(#waited)",
            {"#run": "run", "#status": "status", "#waited": "waited"},
            {":run": record.run, ":running": ScanStatus.RUNNING.value},
        )
        known: Item = {"cards_behind": cards_behind} | ({} if waited is None else {"waited": waited})
        with suppress(LostRace):  # handed out already
            self._table.update(scan_key(record.scan_id), known, waiting)

    def part_done(self, record: ScanRecord, result: ScanPartResult) -> None:
        """Count a part of this run, once however often it is scanned."""
        uncounted = Condition(
            "#run = :run AND #status = :running AND attribute_not_exists(#part)",
            {"#run": "run", "#status": "status", "#part": _part(result.part)},
            {":run": record.run, ":running": ScanStatus.RUNNING.value},
        )
        told = [result.totals.to_json(), _from_counts(result.counts)]
        with suppress(LostRace):  # counted already
            self._table.update(scan_key(record.scan_id), {_part(result.part): told}, uncounted)

    def given_up(self, scan_id: str, run: int) -> None:
        """A part kills whoever scans it: this run fails, and what was found of the other parts stays."""
        running = Condition(
            "#run = :run AND #status = :running",
            {"#run": "run", "#status": "status"},
            {":run": run, ":running": ScanStatus.RUNNING.value},
        )
        with suppress(LostRace):  # over already
            self._table.update(scan_key(scan_id), {"status": ScanStatus.FAILED.value}, running)

    def finish_when_complete(self, scan_id: str, run: int, now: datetime) -> None:
        """Finish a run of which every part is counted; tells ``scan.finished``."""
        item = self._table.get(scan_key(scan_id))
        if item is None or item["run"] != run or item["status"] != ScanStatus.RUNNING.value:
            return
        parts = [item[_part(number)] for number in range(item["parts"]) if _part(number) in item]
        if len(parts) == item["parts"]:
            self._finish(_from_item(item), parts, now)

    def _finish(self, record: ScanRecord, parts: Iterable[Sequence[Any]], now: datetime) -> None:
        totals, counts = Totals(), Counts()
        for told, counted in parts:
            totals.add(Totals.from_json(told))
            counts = _sum(counts, Counts(*counted))
        figures = company_figures(totals)
        for month, found in figures.months.items():
            self._table.put(
                month_key(month), {"figures": json.dumps(_from_month(found)), "scan_id": record.scan_id}
            )
        seconds = Decimal(str(round((now - record.started_at).total_seconds(), 3)))
        told = {
            "scan_id": record.scan_id,
            "employees": figures.employees,
            "raised": counts.raised,
            "changed": counts.changed,
            "cleared": counts.cleared,
            "open": counts.open,
            "seconds": float(seconds),
            "cards_behind": record.cards_behind,
        }
        event = Event(ids.event_id(record.scan_id, record.run, 0), EventName.SCAN_FINISHED, now, told)
        values: dict[str, Any] = {
            "status": ScanStatus.FINISHED.value,
            "counts": _from_counts(counts),
            "figures": json.dumps(_from_figures(figures)),
            "seconds": seconds,
            "events": to_events([event]),
        }
        running = Condition(
            "#run = :run AND #status = :running",
            {"#run": "run", "#status": "status"},
            {":run": record.run, ":running": ScanStatus.RUNNING.value},
        )
        with suppress(LostRace):  # another delivery of the last part has just done it
            self._table.update(scan_key(record.scan_id), values, running)


def _part(number: int) -> str:
    return f"part_{number}"


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(
        one.raised + other.raised,
        one.changed + other.changed,
        one.cleared + other.cleared,
        one.open + other.open,
    )


def _from_counts(counts: Counts) -> list[int]:
    return [counts.raised, counts.changed, counts.cleared, counts.open]


def _to_item(record: ScanRecord) -> Item:
    return {
        "day": record.day.isoformat(),
        "run": record.run,
        "policy_version": record.policy_version,
        "parts": record.parts,
        "status": record.status.value,
        "started_at": instant(record.started_at),
    }


def _from_item(item: Item) -> ScanRecord:
    counts, figures, seconds = item.get("counts"), item.get("figures"), item.get("seconds")
    return ScanRecord(
        scan_id=item["sk"],
        day=date.fromisoformat(item["day"]),
        run=item["run"],
        policy_version=item["policy_version"],
        parts=item["parts"],
        status=ScanStatus(item["status"]),
        started_at=from_instant(item["started_at"]),
        parts_done=frozenset(number for number in range(item["parts"]) if _part(number) in item),
        counts=Counts(*counts) if counts else None,
        figures=_to_figures(json.loads(figures)) if figures else None,
        seconds=Decimal(seconds) if seconds is not None else None,
        cards_behind=item.get("cards_behind"),
        waited=item.get("waited"),
    )


def _from_figures(figures: CompanyFigures) -> list[Any]:
    means = (figures.hours, figures.overtime_hours, figures.leave_times, figures.leave_days)
    return [
        figures.employees,
        *(None if mean is None else str(mean) for mean in means),
        {month: _from_month(found) for month, found in figures.months.items()},
    ]


def _to_figures(values: list[Any]) -> CompanyFigures:
    employees, *means, months = values
    hours, overtime, times, days = (None if mean is None else Decimal(mean) for mean in means)
    found = {month: _month(one) for month, one in months.items()}
    return CompanyFigures(employees, hours, overtime, times, days, found)


def _from_month(month: MonthFigures) -> list[Any]:
    score = None if month.score is None else str(month.score)
    return [score, {id_: str(mean) for id_, mean in month.metrics.items()}]


def _month(values: list[Any]) -> MonthFigures:
    score, metrics = values
    return MonthFigures(
        None if score is None else Decimal(score), {id_: Decimal(mean) for id_, mean in metrics.items()}
    )
