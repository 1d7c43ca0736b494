"""The nightly sync: 20,000 enrolments whose learners got on, pulled from the sandbox's feed by the deployed function.

Two weeks of one class. Of the first, all of it is pulled with everything beside it as deployed: each enrolment's
``training.progressed`` goes through relay, bus and queue to the review of plans, of which these employees have none. On
AWS that is others' machines; here it is the same two or four cores, so the second week is pulled with the relay paused:
the sync alone. It has so little time that it takes several runs, each going on where the one before had to stop.

After each week the tenant's table is held against what the sandbox has in its feed and its ledger: every enrolment as
far as was told last, and written once for each report, neither more nor less.

The function is invoked here and not by its schedule, which comes each minute on the embedded stack and would let a
second run work at the same pages; it is switched off meanwhile.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast

import httpx
from botocore.config import Config

from infra.local import Stack, bring_up, stop
from infra.local.defaults import load_defaults
from rencai.kernel import ids
from rencai.platform.settings import Settings
from rencai.store.table import Condition, Key, Table
from rencai.training.rules.courses import Enrolment
from rencai.training.store.enrolment_items import from_enrolment_item
from rencai.training.store.enrolments import enrolment_key
from rencai.wiring import Wired
from tests.bench.figures import Figures
from tests.keyed import IDS

STACK: Final = "bench"
ENROLMENTS: Final = 20_000
COURSES: Final = (
    "company-orientation",
    "product-knowledge",
    "product-mentoring",
    "fmcg-negotiation",
    "negotiation-role-play",
)
"""What each employee takes, by the shipped catalogue: a long and a short id make an item larger or smaller."""
CLASS: Final = "bench"
INTERRUPTED_AFTER_SECONDS: Final = 5
"""Time for a few pages of 200: where a whole week takes a minute, it takes a dozen runs."""
_A_CALL: Final = 500
_WEEK: Final = timedelta(days=7)


class SyncFailed(Exception):
    """The sync or its books are not as they should be; the message says where."""


@dataclass(frozen=True, slots=True)
class Run:
    """One invocation: its seconds, start included, and what it logged of itself (see ``training.pull.Pulled``)."""

    seconds: float
    pages: int
    facts: int
    news: int
    unknown: int
    skipped: int
    finished: bool


@dataclass
class Told:
    """What the LMS has told of an enrolment: the last of each kind with its moment, and in how many reports."""

    completion: tuple[Decimal, datetime] | None = None
    exam: tuple[Decimal, datetime] | None = None
    reviewed_at: datetime | None = None
    reports: int = 0


class Sandbox:
    """The LMS of the sandbox: as its tester, and as whoever reads its feed."""

    def __init__(self, stack: Stack) -> None:
        secret = stack.session.client("secretsmanager").get_secret_value(SecretId="rencai/demo/lms")
        self._base = stack.sandbox_url
        self._headers = {"Authorization": f"Bearer {json.loads(secret['SecretString'])['token']}"}
        self._http = httpx.Client(timeout=60, trust_env=False)

    def report(self, week: int, ended_at: datetime) -> tuple[list[str], int]:
        """What the class did in a week. Its enrolments in order, and how many reports there were."""
        enrolments: list[str] = []
        reported = 0
        for first in range(1, ENROLMENTS + 1, _A_CALL):
            body = {
                "class_id": CLASS,
                "first": first,
                "size": min(_A_CALL, ENROLMENTS + 1 - first),
                "week": week,
                "ended_at": ended_at.isoformat(),
            }
            answer = self._call("POST", "/lms/classes", json=body)
            enrolments += [item["enrolment_id"] for item in answer["items"]]
            reported += answer["reported"]
        return enrolments, reported

    def told(self) -> dict[str, Told]:
        """The whole feed, by enrolment."""
        told: dict[str, Told] = {}
        since: str | None = None
        while True:
            page = self._call("GET", "/lms/progress", params={"since": since} if since else {})
            if not page["items"]:
                return told
            for item in page["items"]:
                _take(told.setdefault(item["enrolment_id"], Told()), item)
            since = page["next"]

    def enrolled(self) -> set[str]:
        """The ledger's enrolments."""
        found: set[str] = set()
        cursor: str | None = ""
        while cursor is not None:
            page = self._call("GET", "/ledger", params={"vendor": "lms", "limit": 100, "cursor": cursor})
            found |= {item["id"] for item in page["items"]}
            cursor = page["next"]
        return found

    def _call(self, method: str, path: str, **arguments: Any) -> Mapping[str, Any]:
        answer = self._http.request(method, self._base + path, headers=self._headers, **arguments)
        if not answer.is_success:
            raise SyncFailed(
                f"the sandbox answered {method} {path} {answer.status_code}: {answer.text[:300]}"
            )
        found: Mapping[str, Any] = answer.json()
        return found


def _take(told: Told, item: Mapping[str, Any]) -> None:
    at = datetime.fromisoformat(item["occurred_at"])
    told.completion = Decimal(str(item["completion_percent"])), at
    if item["exam_score"] is not None:
        told.exam = Decimal(str(item["exam_score"])), at
    if item["mentor_review"] is not None:
        told.reviewed_at = at
    told.reports += 1


class _Collecting(Table):
    """A table that holds puts back, and writes of several with one key the last."""

    def __init__(self, client: Any, name: str) -> None:
        super().__init__(client, name)
        self._held: list[tuple[Key, Mapping[str, Any]]] = []

    def put(self, key: Key, item: Mapping[str, Any], condition: Condition | None = None) -> None:
        self._held.append((key, item))

    def flush(self) -> None:
        """Write what was held back."""
        for key, item in dict(self._held).items():
            super().put(key, item)
        self._held.clear()


class Tenant:
    """The tenant's table, through the store."""

    def __init__(self, stack: Stack) -> None:
        self._table = _Collecting(stack.session.client("dynamodb"), stack.table)
        # There is nothing yet to seal or to rate.
        settings = Settings({"TENANT_ID": STACK, "TABLE_NAME": stack.table, "KEY_ID": "none"})
        self._wired = Wired(settings, client=cast("Callable[[str], Any]", stack.session.client))
        self._wired.table = self._table
        self._wired.ids = IDS

    def enrol(self, enrolment_ids: Sequence[str], now: datetime) -> None:
        """Put them on record, as if our own calls had been answered with these ids."""
        for enrolment in _enrolments(enrolment_ids, now):
            self._wired.training.enrolments.open(enrolment)
        self._table.flush()

    def on_record(self, enrolment_ids: Sequence[str], now: datetime) -> dict[str, Enrolment]:
        """The enrolments as they are now, by the LMS's id."""
        keys = [enrolment_key(one.employee_id, one.item_id) for one in _enrolments(enrolment_ids, now)]
        found = map(from_enrolment_item, self._table.get_all(keys).values())
        return {one.enrolment_id: one for one in found}


def _enrolments(enrolment_ids: Sequence[str], now: datetime) -> Iterator[Enrolment]:
    for number, enrolment_id in enumerate(enrolment_ids):
        employee, course = divmod(number, len(COURSES))
        employee_id = ids.employee_id(IDS.candidate_id("bench", f"learner-{employee}"))
        yield Enrolment(employee_id, COURSES[course], enrolment_id, now + 4 * _WEEK)


class Pull:
    """The deployed function, its schedule and what is behind it, by their names in the template."""

    def __init__(self, stack: Stack) -> None:
        described = stack.session.client("cloudformation").describe_stack_resources(
            StackName=stack.stack_name
        )
        self._names = {
            one["LogicalResourceId"]: one["PhysicalResourceId"] for one in described["StackResources"]
        }
        # An answer may take the function's whole time, and asking again would start a second run.
        patient = Config(read_timeout=960, retries={"total_max_attempts": 1})
        self._lambda: Any = stack.session.client("lambda", config=patient)
        self._scheduler: Any = stack.session.client("scheduler")
        self._group = stack.bus
        self._sqs = stack.session.client("sqs")

    def switch_schedule_off(self) -> None:
        """For as long as this stack lives."""
        schedule = self._scheduler.get_schedule(Name=self._names["TrainingPullRun"], GroupName=self._group)
        kept = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
        self._scheduler.update_schedule(**{name: schedule[name] for name in kept}, State="DISABLED")

    def pause_relay(self) -> None:
        """What is not relayed yet stays in the stream, what waits for a review of plans is thrown away."""
        self._lambda.update_event_source_mapping(UUID=self._names["EventRelayStream"], Enabled=False)
        self._sqs.purge_queue(QueueUrl=self._names["PlanReviewQueue"])

    @property
    def budget_seconds(self) -> int:
        """What the template gives it."""
        configuration = self._lambda.get_function_configuration(FunctionName=self._names["TrainingPull"])
        return int(configuration["Timeout"])

    @contextmanager
    def with_time(self, seconds: int) -> Iterator[None]:
        """The function with another timeout, and afterwards with its own again."""
        own = self.budget_seconds
        name = self._names["TrainingPull"]
        self._lambda.update_function_configuration(FunctionName=name, Timeout=seconds)
        try:
            yield
        finally:
            self._lambda.update_function_configuration(FunctionName=name, Timeout=own)

    def run(self) -> Run:
        """Invoke it and wait."""
        began = time.monotonic()
        answer = self._lambda.invoke(FunctionName=self._names["TrainingPull"], Payload=b"{}", LogType="Tail")
        seconds = time.monotonic() - began
        log = base64.b64decode(answer["LogResult"]).decode()
        for line in reversed(log.splitlines()):
            said = json.loads(line) if line.startswith("{") else {}
            if said.get("message") == "pulled":
                told = {name: said[name] for name in Run.__slots__ if name != "seconds"}
                return Run(seconds, **told)
        raise SyncFailed(f"the pull did not come to its end: {log[-1_000:]}")

    def run_to_the_end(self) -> list[Run]:
        """As often as it takes, as the schedule would."""
        runs = [self.run()]
        while not runs[-1].finished:
            if not runs[-1].pages:
                raise SyncFailed("a run had no time for a single page")
            runs.append(self.run())
        return runs


@dataclass(frozen=True, slots=True)
class Books:
    """The tenant's against the LMS's."""

    sandbox: Sandbox
    tenant: Tenant
    enrolment_ids: Sequence[str]
    now: datetime

    def compare(self, when: str) -> None:
        """Raises ``SyncFailed`` with the first of what differs, and how much does."""
        told = self.sandbox.told()
        enrolled = self.sandbox.enrolled()
        on_record = self.on_record()
        found = [*_missing(enrolled, set(told), set(on_record)), *_differing(told, on_record)]
        if found:
            raise SyncFailed(f"after {when}, {len(found)} differences: {'; '.join(found[:5])}")

    def on_record(self) -> dict[str, Enrolment]:
        """The tenant's side."""
        return self.tenant.on_record(self.enrolment_ids, self.now)


def _missing(enrolled: set[str], told: set[str], on_record: set[str]) -> Iterator[str]:
    for name, those in (("the feed", told), ("the table", on_record)):
        yield from (f"{id_} is in the ledger and not in {name}" for id_ in sorted(enrolled - those))
        yield from (f"{id_} is in {name} and not in the ledger" for id_ in sorted(those - enrolled))


def _differing(told: Mapping[str, Told], on_record: Mapping[str, Enrolment]) -> Iterator[str]:
    for id_ in sorted(told.keys() & on_record.keys()):
        enrolment, expected = on_record[id_], told[id_]
        # Opening it was a write too.
        seen = _as_told(enrolment, reports=enrolment.version - 1)
        if seen != expected:
            yield f"{id_}: the LMS told {expected}, on record is {seen}"


def _as_told(enrolment: Enrolment, reports: int) -> Told:
    completion, exam, review = enrolment.completion, enrolment.exam, enrolment.review
    return Told(
        (Decimal(completion.value), completion.at) if completion else None,
        (Decimal(exam.value), exam.at) if exam else None,
        review.at if review else None,
        reports,
    )


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of it all: reports of each week, and the runs that pulled them. ``again``: with nothing new."""

    budget_seconds: int
    first_reports: int
    first: Sequence[Run]
    again: Sequence[Run]
    second_reports: int
    second: Sequence[Run]


def measure() -> Figures:
    """On a stack of its own, stopped afterwards."""
    try:
        stack = bring_up(STACK)
        load_defaults(stack)
        return _figures(_synced(stack))
    finally:
        stop(STACK)


def _synced(stack: Stack) -> Synced:
    sandbox, tenant, pull = Sandbox(stack), Tenant(stack), Pull(stack)
    now = datetime.now(UTC)
    # A run of the schedule's that has begun by now finds an empty feed.
    pull.switch_schedule_off()
    enrolment_ids, first_reports = sandbox.report(1, now - _WEEK)
    tenant.enrol(enrolment_ids, now)
    books = Books(sandbox, tenant, enrolment_ids, now)

    first = pull.run_to_the_end()
    pull.pause_relay()
    books.compare("the first week")
    before = books.on_record()
    again = pull.run_to_the_end()
    if books.on_record() != before:
        raise SyncFailed("a sync with nothing new changed what is on record")

    _, second_reports = sandbox.report(2, now)
    with pull.with_time(_reserve_seconds() + INTERRUPTED_AFTER_SECONDS):
        second = pull.run_to_the_end()
    if len(second) == 1:
        raise SyncFailed(f"the second week was to take several runs, and came to {second[0]}")
    books.compare("the second week")
    return Synced(pull.budget_seconds, first_reports, first, again, second_reports, second)


def _reserve_seconds() -> int:
    """What a run keeps of its time: no page is begun in it."""
    from functions.training.pull import _RESERVE_MILLISECONDS

    return _RESERVE_MILLISECONDS // 1000


def _figures(synced: Synced) -> Figures:
    seconds, alone = _seconds(synced.first), _seconds(synced.second)
    per_second, alone_per_second = _facts(synced.first) / seconds, _facts(synced.second) / alone

    figures = Figures()
    figures.add(
        "lms_sync_per_second",
        round(per_second, 1),
        f"{per_second:.0f}",
        f"{_facts(synced.first):,} enrolments with news in {_runs(synced.first)}; beside it, on the same cores, "
        "each goes on to the review of plans",
    )
    figures.add(
        "lms_sync_seconds",
        round(seconds, 1),
        f"{seconds:.0f}",
        f"start to finish; {seconds / synced.budget_seconds:.0%} of the function's {synced.budget_seconds} s",
    )
    figures.say(
        "  alone",
        f"{alone_per_second:.0f}",
        f"a second, with the relay paused: the next week's {_facts(synced.second):,} reports",
    )
    figures.say(
        "  interrupted",
        _runs(synced.second),
        f"of {INTERRUPTED_AFTER_SECONDS} s pulled those, each going on where its time was up before; the table agrees "
        "with feed and ledger, one write for each report",
    )
    figures.say("  nothing new", f"{_seconds(synced.again):.2f} s", _runs(synced.again))
    figures.values["lms_sync"] = {
        "enrolments": ENROLMENTS,
        "budget_seconds": synced.budget_seconds,
        "with_everything_beside": _about(synced.first_reports, synced.first),
        "nothing_new": _about(0, synced.again),
        "alone_with_interruptions": _about(synced.second_reports, synced.second),
        "alone_per_second": round(alone_per_second, 1),
    }
    return figures


def _about(reports: int, runs: Sequence[Run]) -> dict[str, Any]:
    return {
        "reports": reports,
        "seconds": round(_seconds(runs), 2),
        "runs": [{**asdict(run), "seconds": round(run.seconds, 2)} for run in runs],
    }


def _seconds(runs: Sequence[Run]) -> float:
    return sum(run.seconds for run in runs)


def _facts(runs: Sequence[Run]) -> int:
    return sum(run.facts for run in runs)


def _runs(runs: Sequence[Run]) -> str:
    return f"{len(runs)} run{'s' if len(runs) > 1 else ''}"
