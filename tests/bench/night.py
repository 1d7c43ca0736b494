"""The nightly scan: what it costs beside reading the same cards and doing nothing, in time, request units and money.

The scan's own code runs over botocore's own client; what answers is prepared, so that neither an emulator nor a network
is measured: pages of cards as DynamoDB would send them, up to 1 MB each. ``cost`` is the process's CPU time, of a child
process for each size, which also says how much memory it took at most.

A steady night: of ``ALERTED`` of the employees an alert is open, and ``CHANGED`` of them are news tonight. Their cards
are made by ``make_card`` of hours, leave, three months and, of six in ten, the survey, in which
one in three writes something.

Prices are AWS's list prices, US East (N. Virginia), without the free tier: DynamoDB on demand 0.125 USD a million read
units and 0.625 USD a million write units (as of 1 November 2024), Lambda on arm64 0.0000133334 USD a GB-second and 0.20
USD a million requests, SQS 0.40 USD a million requests. Lambda gives 1,769 MB one CPU, so a CPU second costs 1.73
GB-seconds whatever the memory.
"""

from __future__ import annotations

import base64
import gc
import json
import math
import os
import random
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from functions.pressure.handing import AT_ONCE
from functions.pressure.scan_messages import ScanPart
from functions.pressure.scan_part import scan_part
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey, iso_week
from rencai.platform.settings import Settings
from rencai.pressure.rules.card import NO_WORDS, WordsRead, make_card
from rencai.pressure.rules.policy import RiskPolicy
from rencai.pressure.rules.scan import Scan
from rencai.pressure.rules.signals import Alert
from rencai.pressure.store.cards import SHARDS, PressureCard, card_key, to_item
from rencai.pressure.store.scans import ScanRecord, ScanStatus
from rencai.store.table import to_attribute
from rencai.wiring import Wired
from tests.bench.capacity import item_size, read_units
from tests.bench.figures import Figures, median, peak_mb
from tests.keyed import IDS

SIZES: Final = (10_000, 100_000, 1_000_000)
ALERTED: Final = 0.02
CHANGED: Final = 0.05
"""Of the alerts: one in a thousand employees a night."""

_PAGE: Final = 2000
_PREPARED: Final = 10_000
"""Cards that are made; of more, the same are read again."""
_TODAY: Final = date(2026, 11, 23)
_NOW: Final = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
_READ_UNIT: Final = 0.125e-6
_WRITE_UNIT: Final = 0.625e-6
_GB_SECOND: Final = 0.0000133334
_GB_PER_CPU: Final = 1769 / 1024
_REQUEST: Final = 0.20e-6 + 3 * 0.40e-6
"""A message: one invocation, and three calls of SQS."""
_MESSAGES: Final = SHARDS // AT_ONCE
_WRITES_AN_ALERT: Final = 3
"""The card, and its entry in the index taken out and put in again: the dearest there is."""


def measure() -> Figures:
    """Every size in a process of its own."""
    figures = Figures()
    found = {size: _child(size) for size in SIZES}
    largest = found[SIZES[-1]]
    for size, one in found.items():
        note = (
            f"{one['read_us']:.2f} us a card to read, {one['scan_us']:.2f} to scan; "
            f"{one['units_per_1000']:.2f} read units a 1,000, {100 * one['over_floor']:.1f} % above the floor; "
            f"peak {one['peak_mb']:.0f} MB"
        )
        figures.say(f"{size:,} employees", f"{one['scan_us'] * size / 1e6:.2f} s", note)
    figures.values["scan"] = {str(size): one for size, one in found.items()}
    figures.add(
        "scan_employees_per_second_per_core",
        round(1e6 / largest["scan_us"]),
        f"{1e6 / largest['scan_us']:,.0f}",
        "judged, added up, and written where it is news",
    )
    worst = max(one["ratio"] for one in found.values())
    figures.add(
        "scan_ratio_to_read",
        round(worst, 3),
        f"{worst:.2f}",
        "x reading the same cards and doing nothing; "
        + ", ".join(f"{one['ratio']:.2f}" for one in found.values()),
    )
    over_floor = max(one["over_floor"] for one in found.values())
    figures.add(
        "scan_read_units_per_1000",
        round(largest["units_per_1000"], 2),
        f"{largest['units_per_1000']:.2f}",
        f"{largest['card_bytes']:.0f} bytes a card / 4,096 x 0.5 x 1,000, eventually consistent",
    )
    figures.add(
        "scan_read_units_over_floor",
        round(over_floor, 4),
        f"{100 * over_floor:.1f} %",
        "the worst of the sizes",
    )
    growth = largest["scan_us"] / found[SIZES[0]]["scan_us"]
    figures.add(
        "scan_growth",
        round(growth, 3),
        f"{growth:.2f}",
        "cost a card at 1,000,000 beside 10,000: 1 is linear",
    )
    memory = largest["peak_mb"] / found[SIZES[0]]["peak_mb"]
    figures.add(
        "scan_memory_growth",
        round(memory, 3),
        f"{memory:.2f}",
        f"peak {largest['peak_mb']:.0f} MB at 1,000,000",
    )
    _add_cost(figures, largest)
    return figures


def _add_cost(figures: Figures, one: dict[str, float]) -> None:
    """A million employees in US dollars, with the arithmetic."""
    size = SIZES[-1]
    units = one["units_per_1000"] * size / 1000
    seconds = one["scan_us"] * size / 1e6
    writes = size * ALERTED * CHANGED * _WRITES_AN_ALERT
    parts = {
        f"{units:,.0f} read units": units * _READ_UNIT,
        f"{writes:,.0f} write units": writes * _WRITE_UNIT,
        f"{seconds:.1f} CPU s x {_GB_PER_CPU:.2f} GB": seconds * _GB_PER_CPU * _GB_SECOND,
        f"{_MESSAGES} messages": _MESSAGES * _REQUEST,
    }
    total = sum(parts.values())
    shown = " + ".join(f"{what} {usd:.4f}" for what, usd in parts.items())
    figures.add("scan_usd_per_million", round(total, 4), f"{total:.4f}", shown)
    # The first night, or the first after an import, is news to everybody who is under pressure.
    first = total + size * ALERTED * (1 - CHANGED) * _WRITES_AN_ALERT * _WRITE_UNIT
    figures.say(
        "scan_usd, everything new", f"{first:.4f}", f"all {ALERTED:.0%} of the alerts raised in one night"
    )


def _child(size: int) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.night", str(size)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"POWERTOOLS_LOG_LEVEL": "WARNING"},
    )
    found: dict[str, float] = json.loads(answer.stdout)
    return found


# --- in the child -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    body: bytes
    cards: int
    size: int


class _Answers:
    """Stands where the network is: hands out a shard's pages in turn, and takes every write."""

    def __init__(self, pages: list[_Page]) -> None:
        self._pages = pages
        self._next = 0

    def query(self, request: Any, **_: Any) -> AWSResponse:
        body = self._pages[self._next].body
        self._next = (self._next + 1) % len(self._pages)
        return _answer(request, body)

    def write(self, request: Any, **_: Any) -> AWSResponse:
        return _answer(request, b'{"Attributes":{}}')


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body


def _answer(request: Any, body: bytes) -> AWSResponse:
    headers = HTTPHeaders()
    headers["x-amz-crc32"] = str(zlib.crc32(body))
    headers["content-type"] = "application/x-amz-json-1.0"
    return AWSResponse(request.url, 200, headers, _Raw(body))


def _card_of(chance: random.Random, *, pressed: bool) -> bytes:
    monday = date.fromisocalendar(2026, 47, 1)
    hours = Decimal(chance.randint(520, 600) if pressed else chance.randint(320, 480)) / 10
    weeks = [
        AttendanceWeek(iso_week(monday - timedelta(weeks=back)), hours, max(hours - 40, Decimal(0)))
        for back in range(5)
    ]
    taken = []
    if chance.random() < 0.3:
        day = _TODAY - timedelta(days=chance.randint(0, 60))
        taken = [Leave("l-1", LeaveKind.SICK, day, day, Decimal(1))]
    months = [
        MonthlyPerformance(f"2026-{number:02}", Decimal(chance.randint(78, 84)), Decimal(100))
        for number in (9, 10, 11)
    ]
    scores = tuple(
        (id_, chance.randint(3, 5)) for id_ in ("satisfaction", "stay", "stress", "support", "workload")
    )
    survey = Survey("2026-11", scores) if chance.random() < 0.6 else None
    # One in three who answer write something as well; it was read when the card was made.
    words = WordsRead((), (1, 1, 1)) if survey and chance.random() < 0.33 else NO_WORDS
    return make_card(weeks, taken, months, survey, words, None, _TODAY)


def _items(count: int, policy: RiskPolicy) -> list[dict[str, Any]]:
    """Cards as they are in the table, one in fifty with an alert, of which one in twenty says something else by now."""
    from rencai.kernel import ids

    chance = random.Random(7)
    scan = Scan(policy, _TODAY)
    items: list[dict[str, Any]] = []
    while len(items) < count:
        number = len(items)
        pressed = number % round(1 / ALERTED) == 0
        employee_id = IDS.employee_of_number(str(number))
        content = _card_of(chance, pressed=pressed)
        judgement = scan.judge(content)
        if (judgement is not None) is not pressed:
            continue
        card = PressureCard(employee_id, content, 12)
        if judgement is not None:
            if number % round(1 / ALERTED / CHANGED) == 0:
                judgement = type(judgement)(judgement.level, judgement.signals * 2)
            alert = Alert(
                ids.alert_id(employee_id, _TODAY), employee_id, judgement, _TODAY, "scn_20261122", 1
            )
            card = PressureCard(employee_id, content, 12, alert, "scn_20261122.1")
        item = {**card_key(employee_id).attributes(), **to_item(card, [])}
        items.append({name: to_attribute(value) for name, value in item.items() if value is not None})
    return items


def _pages(items: list[dict[str, Any]], in_shard: int) -> list[_Page]:
    """The pages of a part's shards, which hold ``in_shard`` cards each."""
    made: dict[tuple[int, int, bool], _Page] = {}
    pages, at = [], 0
    for _ in range(AT_ONCE):
        for first in range(0, in_shard, _PAGE):
            count, last = min(_PAGE, in_shard - first), first + _PAGE >= in_shard
            at = at if at + count <= len(items) else 0
            key = (at, count, last)
            if key not in made:
                made[key] = _page(items[at : at + count], last=last)
            pages.append(made[key])
            at += count
    return pages


def _page(members: list[dict[str, Any]], *, last: bool) -> _Page:
    answer: dict[str, Any] = {"Items": members, "Count": len(members), "ScannedCount": len(members)}
    if not last:
        answer["LastEvaluatedKey"] = {name: members[-1][name] for name in ("pk", "sk")}
    body = json.dumps(answer, default=_as_sent).encode()
    return _Page(body, len(members), sum(map(item_size, members)))


def _as_sent(value: Any) -> Any:
    return base64.b64encode(value).decode()


def _probe(size: int) -> dict[str, float]:
    """A part of the scan after the other, read and scanned in turns; the same prepared shard each time."""
    policy = RiskPolicy()
    in_shard = math.ceil(size / SHARDS)
    pages = _pages(_items(min(in_shard * AT_ONCE, _PREPARED), policy), in_shard)
    answers = _Answers(pages)
    client: Any = botocore.session.get_session().create_client(
        "dynamodb", region_name="us-east-1", aws_access_key_id="bench", aws_secret_access_key="bench"
    )
    client.meta.events.register("before-send.dynamodb.Query", answers.query)
    for operation in ("PutItem", "UpdateItem"):
        client.meta.events.register(f"before-send.dynamodb.{operation}", answers.write)
    wired = Wired(Settings({"TABLE_NAME": "bench"}), lambda: _NOW, {"dynamodb": client}.__getitem__)
    cards, scans = wired.pressure.cards, wired.pressure.scans
    record = ScanRecord("scn_20261123", _TODAY, 1, 1, SHARDS // AT_ONCE, ScanStatus.RUNNING, _NOW)
    part = ScanPart(record.scan_id, 1, 0, tuple(range(AT_ONCE)))

    def read() -> None:
        for shard in part.shards:
            for page in cards.pages(shard):
                for _ in page:
                    pass

    def scan() -> None:
        scans.part_done(record, scan_part(part, record, policy, cards, wired.clock))

    count = sum(page.cards for page in pages)
    reading, scanning, ratios = _in_turns(read, scan, max(SHARDS // AT_ONCE, 500_000 // count))
    units = sum(read_units(page.size, consistent=False) for page in pages)
    floor = sum(page.size for page in pages) / 4096 * 0.5
    return {
        "read_us": reading / count * 1e6,
        "scan_us": scanning / count * 1e6,
        "ratio": ratios,
        "units_per_1000": units / count * 1000,
        "over_floor": units / floor - 1,
        "card_bytes": sum(page.size for page in pages) / count,
        "peak_mb": peak_mb(),
    }


def _in_turns(read: Callable[[], None], scan: Callable[[], None], rounds: int) -> tuple[float, float, float]:
    """Median CPU seconds of each, and of their ratio round by round: a noisy neighbour is in both."""
    read()
    scan()
    gc.collect()
    reading: list[float] = []
    scanning: list[float] = []
    for _ in range(rounds):
        for act, spent in ((read, reading), (scan, scanning)):
            began = time.process_time()
            act()
            spent.append(time.process_time() - began)
    pairs = zip(reading, scanning, strict=True)
    return median(reading), median(scanning), median([ours / alone for alone, ours in pairs])


if __name__ == "__main__":
    print(json.dumps(_probe(int(sys.argv[1]))))
