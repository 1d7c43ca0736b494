"""A tenant's nights: what is told of employees by day, cards made of it, and the scan that reads them."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from functions.pressure import scan_part, scan_start
from functions.pressure.card import cardmaking_of
from functions.relay.relay import told_by
from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey, SurveyAnswers, iso_week
from rencai.kernel.events import EventName
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.pressure.store.cards import Cards
from rencai.store.configurations import Configurations
from rencai.store.table import Item, Table, from_item
from rencai.wiring.events import DATA_MODELS
from tests.aws import client, fresh_table, key_id
from tests.journey.faults import Faults, Faulty
from tests.moto_table import TABLE
from tests.wired import wired_with

REGION: Final = "ap-southeast-1"
START: Final = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""02:00 of 23 November in Shanghai, a Monday: the last four weeks are 2026-W44 to W47."""
ZONE: Final = ZoneInfo("Asia/Shanghai")
WORDS: Final = {
    "survey": {
        "words": [{"id": "pressure", "name": {"zh-CN": "压力大", "en": "pressure"}, "present": ["压力很?大"]}]
    }
}


@dataclass
class Night:
    """A tenant whose clock stands. ``seen_by`` makes another view of it, whose calls go through somebody's hands."""

    dynamodb: Any
    kms: Any
    key_id: str
    calls: Any = field(default_factory=Faults)
    now: datetime = START
    shards: int = 4
    messages: deque[str] = field(default_factory=deque)
    delays: list[int] = field(default_factory=list)
    behind: int = 0

    def __post_init__(self) -> None:
        clients = {"dynamodb": self.dynamodb, "kms": self.kms}
        seen = {name: Faulty(name, client, self.calls) for name, client in clients.items()}
        self.wired = wired_with(
            {**seen, "sqs": self}.__getitem__,
            lambda: self.now,
            {"TABLE_NAME": TABLE, "KEY_ID": self.key_id, "SCAN_QUEUE_URL": "scan", "CARD_QUEUE_URL": "cards"},
        )
        self.table = self.wired.table
        self.wired.configurations = Configurations(Table(self.dynamodb, TABLE), lambda: self.now)
        self.wired.pressure.cards = Cards(self.table, self.shards)
        self.employees = self.wired.employees.employees
        self.signals = self.wired.employees.signals
        self.performances = self.wired.employees.performances
        self.cards = self.wired.pressure.cards
        self.scans = self.wired.pressure.scans
        self.configurations = self.wired.configurations

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int = 0) -> None:  # noqa: N803 - AWS's names
        """Stands for SQS: what is handed out waits."""
        assert QueueUrl == "scan"
        self.messages.append(MessageBody)
        self.delays.append(DelaySeconds)

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803
        """Stands for SQS: so many messages tell of employees, spread over what SQS counts apart."""
        assert QueueUrl == "cards"
        counts = dict.fromkeys(AttributeNames, "0") | {AttributeNames[-1]: str(self.behind)}
        return {"Attributes": counts}

    def seen_by(self, calls: Any) -> "Night":
        """The same tenant, its every call going through ``calls``."""
        return Night(self.dynamodb, self.kms, self.key_id, calls, self.now, self.shards, self.messages)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def policy(self, document: dict[str, Any]) -> None:
        """HR edits the policy; it counts at once."""
        self.configurations.put(RISK_POLICY, "default", document, actor="hr:1", now=self.now)
        self.now += timedelta(minutes=2)

    # --- what is told

    def hire(self, employee_id: str, **more: Any) -> None:
        """Somebody is on record."""
        self.employees.hire(
            Employee(
                employee_id=employee_id,
                name="周晓",
                role="sales",
                location="上海",
                starts_on=date(2025, 1, 6),
                created_at=self.now,
                **more,
            )
        )

    def works(self, employee_id: str, hours: str, weeks: int = 4) -> None:
        """The same hours in each of the last complete weeks."""
        monday = self.today - timedelta(days=self.today.weekday())
        for back in range(1, weeks + 1):
            week = AttendanceWeek(iso_week(monday - timedelta(weeks=back)), Decimal(hours), None)
            self.signals.record_attendance(employee_id, week, "hr:1", self.now)

    def is_sick(self, employee_id: str, *days_ago: int) -> None:
        """A day's leave that many days ago, each."""
        for ago in days_ago:
            day = self.today - timedelta(days=ago)
            self.signals.record_leave(
                employee_id, Leave(f"l-{day}", LeaveKind.SICK, day, day, Decimal(1)), "hr:1", self.now
            )

    def performs(self, employee_id: str, **scores: str) -> None:
        """Scores of 10 by month: ``m10="9"``."""
        for month, score in scores.items():
            told = MonthlyPerformance(f"2026-{month[1:]}", Decimal(score), Decimal(10))
            self.performances.record(employee_id, told, "hr:1", self.now)

    def says(self, employee_id: str, words: str) -> None:
        """The survey of the month, in words only."""
        answers = SurveyAnswers(Survey("2026-11", (("comment", None),)), {"comment": words})
        self.signals.record_survey(employee_id, answers, "hr", self.now)

    # --- what comes of it

    def makes_cards(self, employee_ids: Sequence[str]) -> None:
        """The card consumer hears of them."""
        cardmaking = cardmaking_of(self.wired)
        for employee_id in employee_ids:
            cardmaking.remake(employee_id, self.today)

    def begins(self) -> str:
        """The schedule comes: what it hands out waits."""
        return scan_start.act(self.wired, None)["scan_id"]

    def scans_parts(self) -> None:
        """Every message that waits is taken; one that dies is still there."""
        while self.messages:
            self.scan(self.messages[0])
            self.messages.popleft()

    def scan(self, body: str) -> None:
        """One delivery of a message."""
        scan_part.act(self.wired, body)

    def passes(self) -> str:
        """A whole night."""
        scan_id = self.begins()
        self.scans_parts()
        return scan_id

    def items(self) -> list[Item]:
        """All there is."""
        found: list[Item] = []
        start: dict[str, Any] = {}
        while True:
            answer = self.dynamodb.scan(TableName=TABLE, **start)
            found += [from_item(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def told(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Alerts and scans as the stream told of them: subject, name, data; each in the shape it promises."""
        shard = dynamodb_backends[ACCOUNT_ID][REGION].tables[TABLE].stream_shard
        assert shard is not None
        told = [pair for record in shard.items for pair in told_by(record.to_json())]
        for _, event in told:
            DATA_MODELS[event.name].model_validate(event.data)
        shown = {
            EventName.ALERT_RAISED,
            EventName.ALERT_CHANGED,
            EventName.ALERT_CLEARED,
            EventName.SCAN_FINISHED,
        }
        return [
            (subject.id, event.name.value, dict(event.data)) for subject, event in told if event.name in shown
        ]


@contextmanager
def night(shards: int = 4) -> Iterator[Night]:
    """A fresh tenant with the default policy and one words rule."""
    with fresh_table() as dynamodb:
        made = Night(dynamodb, client("kms"), key_id(), shards=shards)
        made.policy(WORDS)
        yield made
