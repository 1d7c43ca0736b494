"""A whole tenant in one process: the real use cases and store on moto's table (made from template.yaml), the table's
real stream, the stack's rules for routing, queues that deliver again what failed, and hand-written vendors.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from inspect import signature
from typing import Any, TypeVar, cast

from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from standardwebhooks import Webhook

from functions.hiring.chase import act as chase
from functions.hiring.overdue import Overdue
from functions.hiring.watchdog import watch
from functions.interviews.ingest import ingestion_of, kept_by_content
from functions.letters import mail_events
from functions.relay.relay import relay
from functions.training.due import Looked, review_due
from functions.training.pull import Pulled, pull_progress
from infra.admin.configuration import load
from rencai.hiring.rules.documents import HIRING_POLICY
from rencai.inbox.dialect import Delivered
from rencai.inbox.receiving import Inbound
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.speakers import INTERVIEW_VENDORS, Door, Speaker
from rencai.kernel.errors import IllegalTransition, NotFound, VendorUnavailable
from rencai.kernel.ids import Ids
from rencai.platform.consumer import BusEvent, Retry
from rencai.platform.secrets import Secrets
from rencai.store.configurations import Configurations
from rencai.store.table import Table, from_item
from rencai.wiring import Wired
from tests.aws import REGION, Saved, client, key_id
from tests.journey.faults import Crash, Faults, Faulty
from tests.journey.vendors import (
    FakeAts,
    FakeBackground,
    FakeEsign,
    FakeLms,
    FakeMail,
    FakePay,
    FakePsychometric,
)
from tests.keyed import ID_SECRET
from tests.moto_direct import made_quick
from tests.template import ROOT, resources, table_definition
from tests.wired import wired_with

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
INGEST = "ingestclient"
BOUND = {"clients": {"ingest": "all"}, "webhook": "all", "dropped_files": "all"}
TABLE = "rencai-test"
BUCKET = "rencai-test"
RETENTION = timedelta(days=90)
_MAX_ROUNDS = 60
Answer = TypeVar("Answer")


def _body(told: BusEvent) -> str:
    return json.dumps({"detail-type": told.name, "detail": told.detail.model_dump(mode="json")})


@dataclass
class Message:
    """An event on a consumer's queue."""

    consumer: str
    told: BusEvent
    tries: int = 0

    @property
    def body(self) -> str:
        """As SQS hands it to the function."""
        return _body(self.told)


class _BusClient:
    """PutEvents, routed by the template's own rules onto the consumers' queues."""

    def __init__(self, deliver: Callable[[BusEvent], None]) -> None:
        self._deliver = deliver

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - boto's name
        for entry in Entries:
            detail = json.loads(entry["Detail"])
            self._deliver(BusEvent.model_validate({"detail-type": entry["DetailType"], "detail": detail}))
        return {"FailedEntryCount": 0, "Entries": [{} for _ in Entries]}


def _matches(pattern: Any, value: Any) -> bool:
    """EventBridge's matching, as far as the template uses it."""
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(_matches(pattern[key], value.get(key)) for key in pattern)
    return value in pattern


def routes() -> list[tuple[str, dict[str, Any]]]:
    """Every consumer's queue (its logical id) with an event pattern that feeds it."""
    return [
        (target["Arn"]["Fn::GetAtt"].removesuffix(".Arn"), properties["EventPattern"])
        for properties in resources("AWS::Events::Rule").values()
        for target in properties["Targets"]
        if "Fn::GetAtt" in target["Arn"]
    ]


Consumer = Callable[[Wired, BusEvent], object]
"""What a queue's function does with one event."""


@cache
def _handlers() -> dict[str, str]:
    """The ``Handler`` of every function with a queue, by the queue's logical id."""
    return {
        event["Properties"]["Queue"]["Fn::GetAtt"].removesuffix(".Arn"): function["Handler"]
        for function in resources("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "SQS"
    }


@cache
def _functions() -> dict[str, str]:
    """The function with a queue, by logical ids."""
    return {
        event["Properties"]["Queue"]["Fn::GetAtt"].removesuffix(".Arn"): name
        for name, function in resources("AWS::Serverless::Function").items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "SQS"
    }


@cache
def consumer_of(queue: str) -> Consumer:
    """Found as Lambda finds it: a new consumer is under these tests without being listed."""
    act = import_module(_handlers()[queue].rpartition(".")[0]).act
    _, taken = signature(act).parameters.values()
    if taken.annotation in (BusEvent, "BusEvent"):
        return cast("Consumer", act)
    return lambda wired, told: act(wired, _body(told))


@dataclass
class Vendors:
    """What is wired as the vendors; a test may put another in one's place."""

    finance: Any
    benefits: Any
    esign: Any
    background: Any
    psychometric: Any
    ats: Any
    lms: Any
    sms: Any = None

    @staticmethod
    def feed(vendor: str) -> str:
        return vendor


@cache
def readers_of(secret: str) -> frozenset[str]:
    """The functions that the template lets read a secret, by logical id."""
    return frozenset(
        name
        for name, function in resources("AWS::Serverless::Function").items()
        for policy in function.get("Policies", [])
        for statement in policy["Statement"]
        if statement["Action"] == "secretsmanager:GetSecretValue"
        and {"Fn::GetAtt": f"{secret}.Id"} in _listed(statement["Resource"])
    )


def _listed(resource: Any) -> list[Any]:
    return resource if isinstance(resource, list) else [resource]


class _WatchedIds(Ids):
    """Made only by functions that may read the secret; ``running`` is the queue whose function runs."""

    def __init__(self) -> None:
        super().__init__(ID_SECRET.encode)
        self.running: str | None = None

    def _made(self, *parts: str | bytes) -> str:
        assert self.running is None or _functions()[self.running] in readers_of("IdSecret"), self.running
        return super()._made(*parts)


class _Secrets(Secrets):
    """The keys every vendor signs with, as they are at the moment."""

    def __init__(self, keys: Callable[[], list[str]]) -> None:
        self._keys = keys

    def value(self, name: str) -> str:
        return json.dumps({"webhook_secrets": self._keys()}) if name != "identity" else "the tenant's secret"


@cache
def _beginning() -> Saved:
    """What every tenant here begins with: a table with the shipped defaults as the loader stores them, loaded once."""
    dynamodb = client("dynamodb")
    dynamodb.create_table(**table_definition(TABLE))
    made_quick(dynamodb_backends[ACCOUNT_ID][REGION].tables[TABLE])
    configurations = Configurations(Table(dynamodb, TABLE), lambda: START)
    load(ROOT / "infra" / "defaults", configurations, START)
    configurations.put(INTERVIEW_VENDORS, "default", BOUND, actor="test", now=START)
    return Saved()


@dataclass
class World:
    """One tenant. ``faults`` sees every call to AWS and to a vendor."""

    faults: Faults
    now: datetime = START
    pay: FakePay = field(default_factory=FakePay)
    esign: FakeEsign = field(default_factory=FakeEsign)
    background: FakeBackground = field(default_factory=FakeBackground)
    psychometric: FakePsychometric = field(default_factory=FakePsychometric)
    ats: FakeAts = field(default_factory=FakeAts)
    lms: FakeLms = field(default_factory=FakeLms)
    mail: FakeMail = field(default_factory=FakeMail)
    published: list[BusEvent] = field(default_factory=list)
    queue: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)
    refusals: list[IllegalTransition] = field(default_factory=list)
    keys: list[str] = field(default_factory=lambda: [SECRET])
    requests: int = 0
    ses_is_silent: bool = False
    """Whether what SES tells of letters is lost."""

    def __post_init__(self) -> None:
        # Loaded before any fault may strike: configuration is there long before the first interview.
        _beginning().put_back()
        self._read = len(self._stream)
        self._dynamodb, s3, kms = client("dynamodb"), client("s3"), client("kms")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

        def faulty(name: str, target: Any) -> Any:
            return Faulty(name, target, self.faults)

        self._routes = routes()
        self._unrelayed: list[dict[str, Any]] = []
        bus = _BusClient(self._route)
        clients = {
            name: faulty(name, made)
            for name, made in (("dynamodb", self._dynamodb), ("s3", s3), ("kms", kms), ("events", bus))
        }
        settings = {
            "KEY_ID": key_id(),
            "INBOX_RETENTION_DAYS": str(RETENTION.days),
            "INGEST_CLIENT_ID": INGEST,
            "HR_CLIENT_ID": "hrclient",
        }
        self.wired = wired_with(clients.__getitem__, self.clock, settings)
        self.ids = self.wired.ids = _WatchedIds()
        self.wired.secrets = _Secrets(lambda: self.keys)
        self.wired.letters.mail = faulty("mail", self.mail)
        pay = faulty("pay", self.pay)
        self.vendors = self.wired.vendors = Vendors(
            finance=pay,
            benefits=pay,
            esign=faulty("esign", self.esign),
            background=faulty("background", self.background),
            psychometric=faulty("psychometric", self.psychometric),
            ats=faulty("ats", self.ats),
            lms=faulty("lms", self.lms),
        )

    def clock(self) -> datetime:
        return self.now

    @property
    def _stream(self) -> list[Any]:
        """moto keeps the stream, and does not serve it to this botocore; its records are taken where they lie."""
        shard = dynamodb_backends[ACCOUNT_ID][REGION].tables[TABLE].stream_shard
        assert shard is not None
        return shard.items

    # --- what outsiders do

    def hand_in(self, interview: dict[str, Any]) -> str:
        """POST /interviews, again after a crash, as a client does that got no answer."""
        raw = json.dumps(interview).encode()
        parsed = Interview.model_validate_json(raw)

        def ingested() -> str:
            done = ingestion_of(self.wired).ingest(
                parsed,
                speaker=Speaker(Door.CLIENT, INGEST),
                source="api/1",
                keep_raw=kept_by_content(parsed, raw, lambda: self.wired.bucket, self.wired.ids),
                now=self.now,
            )
            return done.candidate_id

        return self._until_answered(ingested)

    def webhook(self, vendor: str, message_id: str, body: dict[str, Any]) -> None:
        """POST /webhooks/{vendor}, again after a crash, as vendors do."""
        raw = json.dumps(body)
        headers = {
            "webhook-id": [message_id],
            "webhook-timestamp": [str(int(self.now.timestamp()))],
            "webhook-signature": [Webhook(SECRET).sign(message_id, self.now, raw)],
        }
        self.deliver(vendor, Delivered(raw.encode(), headers))

    def deliver(self, vendor: str, delivered: Delivered) -> int:
        """POST /webhooks/{vendor}, whatever it is; returns the status."""

        def received() -> int:
            self.requests += 1
            inbound = Inbound(vendor, delivered, "192.0.2.1", f"request-{self.requests}")
            return self.wired.inbox.reception.receive(inbound, self.now)

        return self._until_answered(received)

    @staticmethod
    def _until_answered(call: Callable[[], Answer]) -> Answer:
        try:
            return call()
        except Crash:
            return call()

    # --- what AWS does

    def settle(self) -> None:
        """Relay and consume until nothing is left to do but what waits for something that is not there yet."""
        for _ in range(_MAX_ROUNDS):
            self._relay()
            self._hear_of_letters()
            if not self.queue:
                return
            waiting, self.queue = self.queue, []
            retried = [message for message in waiting if not self._consumed(message)]
            self.queue += retried
            if retried and len(retried) == len(waiting):
                # Nothing moved: time passes, as the backoff of the queues makes it.
                self.now += timedelta(minutes=5)
                if all(message.tries > 4 for message in retried):
                    return
        raise AssertionError(f"did not settle: {self.queue}")

    def _relay(self) -> None:
        """The stream hands the relay its records again until it has done with them."""
        images = [copy.deepcopy(record.to_json()) for record in self._stream[self._read :]]
        self._read += len(images)
        self._unrelayed += [image for image in images if "events" in image["dynamodb"].get("NewImage", {})]
        for _ in range(2):
            try:
                relay(self._unrelayed, timeline=self.wired.timeline, bus=self.wired.bus)
            except Crash:
                continue
            self._unrelayed = []
            return
        raise AssertionError("the relay crashed twice, and only one crash was asked for")

    def _hear_of_letters(self) -> None:
        """SES's events, each again after a crash."""
        while self.mail.untold and not self.ses_is_silent:
            told = self.mail.untold.pop()
            try:
                mail_events.act(self.wired, told)
            except Crash:
                mail_events.act(self.wired, told)

    def _route(self, told: BusEvent) -> None:
        self.published.append(told)
        seen = {"source": "rencai", "detail-type": told.name, "detail": told.detail.model_dump(mode="json")}
        self.queue += [Message(queue, told) for queue, pattern in self._routes if _matches(pattern, seen)]

    def _consumed(self, message: Message) -> bool:
        message.tries += 1
        self.ids.running = message.consumer
        try:
            consumer_of(message.consumer)(self.wired, message.told)
        except IllegalTransition as refusal:
            self.refusals.append(refusal)
        except (Crash, NotFound, Retry, VendorUnavailable):
            return False
        finally:
            self.ids.running = None
        return True

    # --- what schedules do

    def watchdog(self) -> int:
        """The scheduled round, and everybody it found chased; returns how many."""
        wired, found = self.wired, list[Overdue]()
        watch(
            journeys=wired.hiring.journeys,
            assessments=wired.hiring.assessments,
            cursors=wired.cursors,
            policy=wired.configurations.latest(HIRING_POLICY).document,
            send=found.append,
            may_go_on=lambda: True,
            now=self.now,
        )
        for overdue in found:
            chase(wired, json.dumps(overdue.message()))
        return len(found)

    def pull_progress(self) -> Pulled:
        """The scheduled pull from the LMS."""
        return pull_progress(
            lms=self.vendors.lms,
            feed=self.vendors.feed("lms"),
            enrolments=self.wired.training.enrolments,
            cursors=self.wired.cursors,
            now=self.now,
            has_time=lambda: True,
        )

    def review_due(self) -> Looked:
        """The scheduled look at plans in which something has come due."""
        training = self.wired.training
        return review_due(
            plans=training.plans, training=training.training, now=self.now, has_time=lambda: True
        )

    # --- what a test looks at

    def items(self) -> list[dict[str, Any]]:
        """Every item of the table but the configuration."""
        found = self._dynamodb.scan(TableName=TABLE)["Items"]
        return [item for raw in found if not (item := from_item(raw))["pk"].startswith("CONFIG#")]

    def end_state(self) -> dict[str, Any]:
        """What must not depend on order, duplicates or crashes: everything on record but when it happened."""
        journey_items, found = {}, self.items()
        for item in found:
            key = f"{item['pk']}/{item['sk']}" if not item["sk"].startswith("EVENT#") else None
            if key is None:
                continue
            journey_items[key] = _timeless(item)
        return {
            "items": journey_items,
            "timeline": sorted(item["sk"].split("#")[2] for item in found if item["sk"].startswith("EVENT#")),
            "events": sorted({(told.name, told.detail.event_id) for told in self.published}),
            "envelopes": self.esign.ledger.made,
            "checks": self.background.ledger.made,
            "assessments": self.psychometric.ledger.made,
            "enrolments": self.lms.ledger.made,
            # The key names when it was so; what was told twice, under whatever keys, is here twice.
            "ats": sorted((key.partition(".")[0], told) for key, told in self.ats.ledger.made.items()),
        }


_TIMES = {
    "at", "updated_at", "due_at", "received_at", "drafted_at", "created_at", "found_at", "sent_at", "settled_at",
    "pinned_at", "lease_until", "events", "starts_on", "expires_at", "gsi1sk", "forget_at", "seen_at",
}  # fmt: skip


def _is_ciphertext(value: object) -> bool:
    """Sealing the same value twice gives different bytes; what is in them is compared where it is read."""
    return isinstance(value, bytes) or (isinstance(value, list) and all(isinstance(v, bytes) for v in value))


def _timeless(item: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in item.items() if name not in _TIMES and not _is_ciphertext(value)}
    if "history" in kept:
        kept["history"] = [stage for stage, _, _ in json.loads(kept["history"])]
    for name in ("facts", "pinned_facts", "contact_facts"):
        if name in kept:
            kept[name] = [[*who, fields] for *who, _, fields in json.loads(kept[name])]
    kept.pop("headers", None)  # the signature covers the time
    return kept


@contextmanager
def world(faults: Faults | None = None) -> Iterator[World]:
    """A fresh tenant."""
    with mock_aws():
        yield World(faults or Faults())
