"""A whole tenant in one process: the real use cases and store on moto's table (made from template.yaml), the table's
real stream, the rules of template.yaml for routing, queues that deliver again what failed, and hand-written vendors.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import botocore.session
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from standardwebhooks import Webhook

from assessment_order.app import order_assessment
from ats_sync.app import tell_ats
from ats_sync.applications import apply_applications
from background_check.app import request_check
from candidate_notices.app import decline_kindly
from event_relay.app import relay
from infra.admin.configuration import load
from interview_ingestion.delivery import ingest_delivery
from interview_ingestion.ingest import Ingestion, Scorers
from offer_generation.app import draft_offer
from offer_signature.app import send_offer
from onboarding.app import onboard
from rencai.correspondence import Correspondence
from rencai.domain.errors import IllegalTransition, NotFound, VendorUnavailable
from rencai.domain.events import Event, EventName, Subject
from rencai.domain.interview import Interview
from rencai.domain.scoring import FacialPolicy
from rencai.domain.training import Rating
from rencai.hiring import Hiring
from rencai.inbox import Inbox
from rencai.merging import Merging
from rencai.platform.bus import Bus
from rencai.platform.consumer import BusEvent, Retry
from rencai.recognition import Recognition
from rencai.store.applications import Applications
from rencai.store.assessments import Assessments
from rencai.store.cards import Cards
from rencai.store.chases import Chases
from rencai.store.configurations import Configurations
from rencai.store.cursors import Cursors
from rencai.store.deliveries import Deliveries
from rencai.store.employees import Employees
from rencai.store.enrolments import Enrolments
from rencai.store.identities import Fingerprints, Identities
from rencai.store.interviews import Interviews
from rencai.store.journeys import Journeys
from rencai.store.links import Links
from rencai.store.merges import Merges
from rencai.store.notices import Notices
from rencai.store.objects import Bucket
from rencai.store.offers import Checks, Offers
from rencai.store.people import People
from rencai.store.performances import Performances
from rencai.store.sealed import Vault
from rencai.store.signals import Signals
from rencai.store.table import Table, from_item
from rencai.store.timeline import Timeline
from rencai.store.training_plans import TrainingPlans
from rencai.training import Training
from rencai.vendors.dialects.dialect import Delivered
from risk_scan.card import Cardmaking
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
from tests.template import ROOT, resources, table_definition
from training_enrolment.app import enrol
from training_plan.draft import draft_plan
from training_plan.due import Looked, review_due
from training_sync.progress import apply_progress
from training_sync.pull import Pulled, pull_progress
from vendor_callbacks.app import Inbound, receive
from vendor_callbacks.apply import apply_delivery, settle_kept
from watchdog.app import watch
from watchdog.chase import Chaser, ask_for_assessment
from watchdog.overdue import Overdue

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TABLE = "rencai-test"
BUCKET = "rencai-test"
RETENTION = timedelta(days=90)
REGION = "ap-southeast-1"
_MAX_ROUNDS = 60
Answer = TypeVar("Answer")


@dataclass
class Message:
    """An event on a consumer's queue."""

    consumer: str
    told: BusEvent
    tries: int = 0


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


@cache
def _client(service: str) -> Any:
    session = botocore.session.get_session()
    session.set_credentials("testing", "testing")
    return session.create_client(service, region_name=REGION)


@cache
def _configuration() -> list[dict[str, Any]]:
    """The shipped defaults as the loader stores them, loaded once."""
    table = f"{TABLE}-defaults"
    _client("dynamodb").create_table(**table_definition(table))
    load(ROOT / "infra" / "defaults", Configurations(Table(_client("dynamodb"), table), lambda: START), START)
    items: list[dict[str, Any]] = _client("dynamodb").scan(TableName=table)["Items"]
    return items


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

    def __post_init__(self) -> None:
        self._dynamodb, s3, kms = _client("dynamodb"), _client("s3"), _client("kms")
        self._dynamodb.create_table(**table_definition(TABLE))
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        key_id = kms.create_key()["KeyMetadata"]["KeyId"]
        # moto keeps the stream, and does not serve it to this botocore; its records are taken where they lie.
        shard = dynamodb_backends[ACCOUNT_ID][REGION].tables[TABLE].stream_shard
        assert shard is not None
        self._stream = shard
        self._read = 0
        # Loaded before any fault may strike: configuration is there long before the first interview.
        for item in _configuration():
            self._dynamodb.put_item(TableName=TABLE, Item=item)

        def faulty(name: str, target: Any) -> Any:
            return Faulty(name, target, self.faults)

        self.table = Table(faulty("dynamodb", self._dynamodb), TABLE)
        vault = Vault(faulty("kms", kms), key_id, "test")
        bucket = Bucket(faulty("s3", s3), BUCKET)
        self.configurations = Configurations(self.table, self.clock)
        self.journeys = Journeys(self.table, lambda: self.configurations.hiring_policy().stage_due)
        self.interviews = Interviews(self.table)
        self.people = People(self.table, vault)
        self.offers = Offers(self.table, vault)
        self.checks = Checks(self.table, vault)
        self.employees = Employees(self.table)
        self.timeline = Timeline(self.table)
        self.deliveries = Deliveries(self.table, vault, bucket, RETENTION)
        self.links = Links(self.table)
        self.assessments = Assessments(self.table, vault)
        self.enrolments = Enrolments(self.table, vault, self.links, self._rating)
        self.plans = TrainingPlans(self.table, vault)
        self.performances = Performances(self.table)
        self.signals = Signals(self.table, vault)
        self.cards = Cards(self.table)
        self.training = Training(
            self.plans, self.performances, self.configurations, ZoneInfo("Asia/Shanghai")
        )
        self.cursors = Cursors(self.table)
        self.inbox = Inbox(self.deliveries, self.configurations, lambda _: self.keys)
        self.bucket = bucket
        self.correspondence = Correspondence(
            Notices(self.table), self.configurations, faulty("mail", self.mail)
        )
        self.bus = Bus(faulty("events", _BusClient(self._route)), "rencai-test", "test")
        scorers = Scorers(self.configurations, FacialPolicy.USE)
        self.applications = Applications(self.table, vault)
        self.merges = Merges(self.table, vault)
        identities = Identities(self.table, Fingerprints(lambda: b"the tenant's secret"))
        self.recognition = Recognition(identities, self.applications, self.merges, self.people)
        self.merging = Merging(self.merges, self.journeys, self.interviews, self.people, self.applications)
        self.ingestion = Ingestion(
            scorers, self.interviews, self.people, self.journeys, self.merges, self.recognition
        )
        self._vendors = {
            name: faulty(name, fake)
            for name, fake in (
                ("pay", self.pay),
                ("esign", self.esign),
                ("background", self.background),
                ("psychometric", self.psychometric),
                ("ats", self.ats),
                ("lms", self.lms),
            )
        }
        self._routes = routes()
        self._unrelayed: list[dict[str, Any]] = []
        self.hiring = Hiring(
            self.journeys, self.checks, self.assessments, self.links, self._vendors["background"]
        )

    def clock(self) -> datetime:
        return self.now

    # --- what outsiders do

    def hand_in(self, interview: dict[str, Any]) -> str:
        """POST /interviews, again after a crash, as a client does that got no answer."""
        raw = json.dumps(interview).encode()
        parsed = Interview.model_validate_json(raw)

        def ingested() -> str:
            done = self.ingestion.ingest(
                parsed, source="api/1", keep_raw=lambda: self.bucket.put("raw/1.json", raw), now=self.now
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
            inbound = Inbound(
                vendor,
                self.configurations.vendor_connection(vendor).dialect,
                delivered,
                "192.0.2.1",
                f"request-{self.requests}",
            )
            return receive(inbound, keys=self.keys, deliveries=self.deliveries, now=self.now)

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
            if not self.queue:
                return
            waiting, self.queue = self.queue, []
            retried = [message for message in waiting if not self._consumed(message)]
            self.queue += retried
            if retried and len(retried) == len(waiting):
                # Nothing moved: time passes, as the backoff of the queues makes it.
                self.now += timedelta(minutes=5)
                if all(message.tries > 3 for message in retried):
                    return
        raise AssertionError(f"did not settle: {self.queue}")

    def _relay(self) -> None:
        """The stream hands the relay its records again until it has done with them."""
        images = [copy.deepcopy(record.to_json()) for record in self._stream.items[self._read :]]
        self._read += len(images)
        self._unrelayed += [image for image in images if "events" in image["dynamodb"].get("NewImage", {})]
        for _ in range(2):
            try:
                relay(self._unrelayed, timeline=self.timeline, bus=self.bus)
            except Crash:
                continue
            self._unrelayed = []
            return
        raise AssertionError("the relay crashed twice, and only one crash was asked for")

    def _route(self, told: BusEvent) -> None:
        self.published.append(told)
        seen = {"source": "rencai", "detail-type": told.name, "detail": told.detail.model_dump(mode="json")}
        self.queue += [Message(queue, told) for queue, pattern in self._routes if _matches(pattern, seen)]

    def _consumed(self, message: Message) -> bool:
        message.tries += 1
        try:
            self._consumers()[message.consumer](message.told)
        except IllegalTransition as refusal:
            self.refusals.append(refusal)
        except (Crash, NotFound, Retry, VendorUnavailable):
            return False
        return True

    def _consumers(self) -> dict[str, Callable[[BusEvent], object]]:
        def subject(told: BusEvent) -> str:
            return told.detail.subject.id

        journeys, configurations, now = self.journeys, self.configurations, self.now
        pay = self._vendors["pay"]
        return {
            "OfferQueue": lambda told: draft_offer(
                subject(told),
                journeys=journeys,
                offers=self.offers,
                configurations=configurations,
                finance=pay,
                benefits=pay,
                now=now,
            ),
            "SignatureQueue": lambda told: send_offer(
                subject(told),
                journeys=journeys,
                offers=self.offers,
                people=self.people,
                configurations=configurations,
                links=self.links,
                esign=self._vendors["esign"],
                zone=ZoneInfo("Asia/Shanghai"),
                now=now,
            ),
            "InterviewDeliveryQueue": lambda told: ingest_delivery(
                subject(told), inbox=self.inbox, ingestion=self.ingestion, bucket=self.bucket, now=now
            ),
            "AssessmentQueue": lambda told: order_assessment(
                subject(told),
                qualifies=told.detail.data["qualifies"],
                people=self.people,
                assessments=self.assessments,
                configurations=configurations,
                psychometric=self._vendors["psychometric"],
                now=now,
            ),
            "CallbackQueue": self._callback,
            "CheckQueue": lambda told: request_check(
                subject(told),
                journeys=journeys,
                people=self.people,
                applications=self.applications,
                links=self.links,
                background=self._vendors["background"],
                now=now,
            ),
            "OnboardingQueue": lambda told: onboard(
                subject(told),
                journeys=journeys,
                interviews=self.interviews,
                people=self.people,
                employees=self.employees,
                configurations=configurations,
                training=self.training,
                correspondence=self.correspondence,
                now=now,
            ),
            "NoticeQueue": lambda told: decline_kindly(
                subject(told),
                journeys=journeys,
                people=self.people,
                configurations=configurations,
                correspondence=self.correspondence,
                now=now,
            ),
            "AtsQueue": lambda told: tell_ats(
                told, journeys=journeys, applications=self.applications, ats=self._vendors["ats"], now=now
            ),
            "ApplicationQueue": lambda told: apply_applications(
                subject(told), inbox=self.inbox, recognition=self.recognition, now=now
            ),
            "PlanQueue": lambda told: draft_plan(
                subject(told),
                journeys=journeys,
                interviews=self.interviews,
                people=self.people,
                training=self.training,
                now=now,
            ),
            "EnrolmentQueue": lambda told: enrol(
                told.detail.data.get("employee_id", subject(told)),
                plans=self.plans,
                enrolments=self.enrolments,
                lms=self._vendors["lms"],
                now=now,
            ),
            "PlanReviewQueue": lambda told: self.training.review(subject(told), now),
            "ProgressQueue": lambda told: apply_progress(
                subject(told), inbox=self.inbox, enrolments=self.enrolments, now=now
            ),
            # Nobody imports here, so one employee is told of at a time.
            "CardQueue": lambda told: Cardmaking(
                self.cards,
                self.employees,
                self.signals,
                self.performances,
                configurations.risk_policy().document,
            ).remake(told.detail.data.get("employee_id", subject(told)), now.date()),
        }

    def _rating(self, review: str) -> Rating | None:
        policy = self.configurations.probation_policy()
        return policy.document.rate(review, policy.version)

    def _callback(self, told: BusEvent) -> None:
        if told.name is EventName.DELIVERY_SETTLED:
            settle_kept(told, inbox=self.inbox, now=self.now)
        else:
            apply_delivery(told.detail.subject.id, inbox=self.inbox, hiring=self.hiring, now=self.now)

    # --- what schedules do

    def watchdog(self) -> int:
        """The scheduled round, and everybody it found chased; returns how many."""
        found: list[Overdue] = []
        watch(
            journeys=self.journeys,
            assessments=self.assessments,
            cursors=self.cursors,
            policy=self.configurations.hiring_policy(),
            send=found.extend,
            may_go_on=lambda: True,
            now=self.now,
        )
        chases = Chases(self.table)
        for overdue in found:
            if overdue.stage is None:
                ask_for_assessment(
                    overdue.candidate_id,
                    assessments=self.assessments,
                    chases=chases,
                    psychometric=self._vendors["psychometric"],
                    hiring=self.hiring,
                    now=self.now,
                )
                continue
            Chaser(
                journeys=self.journeys,
                chases=chases,
                hiring=self.hiring,
                offers=self.offers,
                people=self.people,
                configurations=self.configurations,
                correspondence=self.correspondence,
                esign=self._vendors["esign"],
                background=self._vendors["background"],
                zone=ZoneInfo("Asia/Shanghai"),
            ).chase(overdue, self.now)
        return len(found)

    def pull_progress(self) -> Pulled:
        """The scheduled pull from the LMS."""
        return pull_progress(
            lms=self._vendors["lms"],
            feed="lms",
            enrolments=self.enrolments,
            cursors=self.cursors,
            now=self.now,
            has_time=lambda: True,
        )

    def review_due(self) -> Looked:
        """The scheduled look at plans in which something has come due."""
        return review_due(plans=self.plans, training=self.training, now=self.now, has_time=lambda: True)

    # --- what a test looks at

    def items(self) -> list[dict[str, Any]]:
        """Every item of the table but the configuration."""
        found = self._dynamodb.scan(TableName=TABLE)["Items"]
        return [item for raw in found if not (item := from_item(raw))["pk"].startswith("CONFIG#")]

    def end_state(self) -> dict[str, Any]:
        """What must not depend on order, duplicates or crashes: everything on record but when it happened."""
        journey_items = {}
        for item in self.items():
            key = f"{item['pk']}/{item['sk']}" if not item["sk"].startswith("EVENT#") else None
            if key is None:
                continue
            journey_items[key] = _timeless(item)
        return {
            "items": journey_items,
            "timeline": sorted(
                item["sk"].split("#")[2] for item in self.items() if item["sk"].startswith("EVENT#")
            ),
            "events": sorted({(told.name, told.detail.event_id) for told in self.published}),
            "envelopes": self.esign.ledger.made,
            "checks": self.background.ledger.made,
            "assessments": self.psychometric.ledger.made,
            "enrolments": self.lms.ledger.made,
            "ats": self.ats.ledger.made,
        }


_TIMES = {
    "at", "updated_at", "due_at", "received_at", "drafted_at", "created_at", "found_at", "sent_at", "settled_at",
    "lease_until", "events", "starts_on", "expires_at", "gsi1sk", "forget_at", "seen_at",
}  # fmt: skip


def _is_ciphertext(value: object) -> bool:
    """Sealing the same value twice gives different bytes; what is in them is compared where it is read."""
    return isinstance(value, bytes) or (isinstance(value, list) and all(isinstance(v, bytes) for v in value))


def _timeless(item: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in item.items() if name not in _TIMES and not _is_ciphertext(value)}
    if "history" in kept:
        kept["history"] = [stage for stage, _, _ in json.loads(kept["history"])]
    kept.pop("headers", None)  # the signature covers the time
    return kept


@contextmanager
def world(faults: Faults | None = None) -> Iterator[World]:
    """A fresh tenant."""
    with mock_aws():
        yield World(faults or Faults())


def worked_example() -> dict[str, Any]:
    """contracts/examples/sales-worked-example.json, as the repository keeps it for its tests."""
    path = Path(__file__).parents[1] / "fixtures" / "sales-worked-example.json"
    return cast("dict[str, Any]", json.loads(path.read_text()))


__all__ = ["SECRET", "START", "Event", "Subject", "World", "routes", "worked_example", "world"]
