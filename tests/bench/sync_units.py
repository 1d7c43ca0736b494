"""DynamoDB units of an enrolment in the nightly sync: a page of 200, pulled by the function's own code on moto's table.

Counted as in ``request_units``: from the items, by AWS's rules. What a container reads once a minute or in ten seconds
(configuration, the LMS's circuit) is left out here; it is nothing over thousands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

import botocore.session
from moto import mock_aws

from functions.training.pull import pull_progress
from infra.local.layout import REGION
from rencai.kernel import ids
from rencai.kernel.page import Page
from rencai.platform.settings import Settings
from rencai.training.rules.courses import MARK_STEP, Enrolment, Reached, Told
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.ratings import Rated, RatedBy, Rating, WordsRead
from rencai.training.store.enrolments import Enrolments
from rencai.wiring import Wired
from tests.bench.capacity import Index, KmsBySize, Meter
from tests.bench.figures import Figures
from tests.keyed import IDS
from tests.template import table_definition

PAGE: Final = 200
TABLE: Final = "bench-sync-units"
FLOOR: Final = {"news": 2.0, "again": 1.0, "completed": 3.0, "reviewed": 2.0}
"""Half a unit each to read link and enrolment, one to write it, one more to take it out of the index of open ones."""
_START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_REVIEW: Final = (
    "Prepares well, asks the right questions, and has been a help to the others this week. 继续保持。"
)


@dataclass(frozen=True, slots=True)
class _Feed:
    """An LMS that has one page to tell."""

    told: Sequence[CourseProgressed]
    asked_by_enrolment: ClassVar[bool] = False

    def enrol(self, **_: Any) -> str:
        raise AssertionError("a pull enrols nobody")

    def progress(self, since: str | None, enrolments: Sequence[str] = ()) -> Page[CourseProgressed]:
        return Page(tuple(self.told), "WyJwcm9ncmVzcyIsIDIwMF0=", more=False)


def measure() -> Figures:
    """The page with news, the same again, one in which everybody has completed; and, of others, the largest items."""
    underway = [_fact(number, Decimal(number % 100), _START) for number in range(PAGE)]
    completed = [_fact(number, Decimal(100), _START + timedelta(days=7)) for number in range(PAGE)]
    later = _START + timedelta(days=30)
    reviewed = [
        CourseProgressed(_id(PAGE + number), later, Decimal(99), Decimal("85.5"), _REVIEW)
        for number in range(PAGE)
    ]
    with mock_aws():
        client, plain = _client(), _client()
        definition = table_definition(TABLE)
        plain.create_table(**definition)
        keys = frozenset(key["AttributeName"] for key in definition["KeySchema"])
        meter = Meter(plain, TABLE, [Index.of(index, keys) for index in definition["GlobalSecondaryIndexes"]])
        uncounted = _container(plain)
        for number in range(PAGE):
            uncounted.training.enrolments.open(_enrolment(number))
            uncounted.training.enrolments.open(_long_underway(PAGE + number))
        meter.attach(client)
        for step, told, news in (
            ("news", underway, PAGE),
            ("again", underway, 0),
            ("completed", completed, PAGE),
            ("reviewed", reviewed, PAGE),
        ):
            meter.step = step
            wired = _container(client)
            pulled = pull_progress(
                lms=_Feed(told),
                feed=f"lms-{step}",
                enrolments=wired.training.enrolments,
                cursors=wired.cursors,
                now=_START,
                has_time=lambda: True,
            )
            assert (pulled.news, pulled.unknown, pulled.finished) == (news, 0, True), pulled
    return _figures(meter)


def _client() -> Any:
    session = botocore.session.get_session()
    session.set_credentials("bench", "bench")
    # Whoever runs this may have an endpoint of their own, which moto would let through.
    session.set_config_variable("ignore_configured_endpoint_urls", True)
    return session.create_client("dynamodb", region_name=REGION)


def _container(client: Any) -> Wired:
    """The function's collaborators. Reviews are rated without looking up the policy, which a container keeps."""

    reading = WordsRead(5, Decimal("0.93"), True, 3, 12, "lexicon", (12, 9, 4, None))
    rating = Rating(Decimal(90), RatedBy.WORDS, 3, 5, certainty=reading.certainty, reader=reading.reader)

    def rate(_: str) -> Rated:
        return Rated(rating, reading)

    settings = Settings({"TENANT_ID": "bench", "TABLE_NAME": TABLE, "KEY_ID": "alias/bench"})
    wired = Wired(settings, lambda: _START, {"dynamodb": client, "kms": KmsBySize()}.__getitem__)
    wired.training.enrolments = Enrolments(wired.table, wired.vault, wired.inbox.links, rate, IDS)
    return wired


def _enrolment(number: int) -> Enrolment:
    """Ids as long as they are: five courses an employee, and the sandbox's ids of enrolments."""
    employee_id = ids.employee_id(IDS.candidate_id("bench", f"learner-{number // 5}"))
    return Enrolment(employee_id, f"negotiation-role-play-{number % 5}", _id(number), _START)


def _long_underway(number: int) -> Enrolment:
    """Seen at every mark but the last, one a day."""
    reached = tuple(
        Reached(MARK_STEP * day, _START + timedelta(days=day, milliseconds=417)) for day in range(1, 20)
    )
    return replace(_enrolment(number), completion=Told("00095.0000", reached[-1].at), reached=reached)


def _id(number: int) -> str:
    return f"enr_{number:026x}"


def _fact(number: int, completion: Decimal, at: datetime) -> CourseProgressed:
    """An exam for every third, a mentor's review for every fifth."""
    exam = Decimal("85.5") if number % 3 == 0 else None
    review = _REVIEW if number % 5 == 0 else None
    return CourseProgressed(_id(number), at, completion, exam, review)


def _figures(meter: Meter) -> Figures:
    figures = Figures()
    by_step: dict[str, dict[str, float]] = {}
    for step, floor in FLOOR.items():
        calls = [call for call in meter.calls if call.step == step]
        by_step[step] = {
            "total": sum(call.total for call in calls) / PAGE,
            "read": sum(call.read for call in calls) / PAGE,
            "write": sum(call.write for call in calls) / PAGE,
            "index_write": sum(call.index_write for call in calls) / PAGE,
            "floor": floor,
            "largest_item_bytes": max(call.size for call in calls),
        }
    figures.values["lms_sync_request_units"] = {
        "page": PAGE,
        "by_page": by_step,
        "method": "computed from item sizes by AWS's rules, on moto's table",
    }
    shown = {
        "news": ("lms_sync_request_units", "an enrolment with news"),
        "again": ("  told again", "one without"),
        "completed": ("  completed", "one that leaves the index of open ones"),
        "reviewed": (
            "  reviewed",
            "one with every progress mark and a mentor's review of 100 bytes",
        ),
    }
    for step, units in by_step.items():
        name, what = shown[step]
        figures.say(
            name,
            f"{units['total']:g}",
            f"{what}: {units['write']:g} write + {units['index_write']:g} index + {units['read']:g} read, "
            f"the cursor's 2 for {PAGE} included; floor {units['floor']:g}; "
            f"largest item {units['largest_item_bytes']} bytes",
        )
    return figures
