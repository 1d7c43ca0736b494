"""DynamoDB units of one hired candidate: the real use cases in the order of a journey, on MiniStack's table.

From the interview to the course: assessed, offered, signed, checked, onboarded, enrolled; the three webhooks on the way
are kept in the inbox and acted on. What an LMS tells of the course later is not counted, nor is an application from the
ATS: this candidate comes from the interview alone, and shares no identifier with anybody.

Every function starts with nothing cached, as for a candidate who comes alone: the configuration each reads (vendor
connections among it) and the circuit of each vendor it calls are counted as ``wiring`` has them read, and shown apart,
since a container reads the one once a minute and the other once in ten seconds, and not once a candidate. Units are
computed from the items (``capacity``), because no emulator's answers are right throughout: MiniStack counts writes as
AWS does but every read as one item of at most 4 KB, and moto answers constants. Where MiniStack is right the two must
agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from standardwebhooks import Webhook

from assessment_order.app import order_assessment
from ats_sync.app import tell_ats
from background_check.app import request_check
from event_relay.app import relay
from infra.admin import DEFAULTS
from infra.admin.configuration import load
from infra.local import server
from infra.local.candidates import Ability, candidates
from infra.local.layout import Home
from infra.local.session import local_session
from interview_ingestion.ingest import Ingestion, Scorers
from offer_generation.app import draft_offer
from offer_signature.app import send_offer
from onboarding.app import onboard
from rencai.correspondence import Correspondence
from rencai.domain import ids
from rencai.domain.interview import Interview, content_digest
from rencai.domain.journey import Stage
from rencai.domain.risk import RiskPolicy
from rencai.domain.scoring import FacialPolicy
from rencai.hiring import Hiring
from rencai.inbox import Inbox
from rencai.platform.bus import Bus
from rencai.platform.consumer import BusEvent
from rencai.platform.mail import Mail
from rencai.recognition import Recognition
from rencai.store.applications import Applications
from rencai.store.assessments import Assessments
from rencai.store.cards import Cards
from rencai.store.circuits import Circuits
from rencai.store.configurations import Configurations
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
from rencai.store.table import Table
from rencai.store.timeline import Timeline
from rencai.store.training_plans import TrainingPlans
from rencai.training import Training
from rencai.vendors.circuit import SharedCircuit
from rencai.vendors.dialects.dialect import Delivered
from risk_scan.card import Cardmaking
from tests.bench.capacity import Index, KmsBySize, Meter
from tests.bench.figures import Figures
from tests.bench.scoring import ROLE, SEED
from tests.journey.vendors import (
    FakeAts,
    FakeBackground,
    FakeEsign,
    FakeLms,
    FakeMail,
    FakePay,
    FakePsychometric,
)
from tests.template import resources, table_definition
from training_enrolment.app import enrol
from training_plan.draft import draft_plan
from vendor_callbacks.app import Inbound, receive
from vendor_callbacks.apply import apply_delivery

STACK: Final = "bench"
TABLE: Final = "bench-units"
STEPS: Final = (
    "ingest",
    "relay",
    "assessment_order",
    "offer_generation",
    "offer_signature",
    "webhook_in",
    "apply",
    "background_check",
    "onboarding",
    "training_plan",
    "training_enrolment",
    "risk_card",
    "ats_sync",
)
_SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_RETENTION: Final = timedelta(days=90)
_START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class _S3:
    """Keeps nothing."""

    def put_object(self, **_: Any) -> None:
        pass


@dataclass
class _BusClient:
    """PutEvents, onto the queues that the template's rules name."""

    queued: list[tuple[str, BusEvent]] = field(default_factory=list)

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        for entry in Entries:
            detail = json.loads(entry["Detail"])
            seen = {"source": entry["Source"], "detail-type": entry["DetailType"], "detail": detail}
            told = BusEvent.model_validate(seen)
            for rule in resources("AWS::Events::Rule").values():
                if _matches(rule["EventPattern"], seen):
                    arns = [target["Arn"] for target in rule["Targets"]]
                    # A rule that tells HR names its topic by Ref.
                    self.queued += [(arn["Fn::GetAtt"], told) for arn in arns if "Fn::GetAtt" in arn]
        return {"FailedEntryCount": 0, "Entries": [{} for _ in Entries]}


def _matches(pattern: Any, value: Any) -> bool:
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(_matches(pattern[key], value.get(key)) for key in pattern)
    return value in pattern


class _Guarded:
    """A vendor's fake behind its circuit, which is asked before each call and told after it as ``VendorHttp`` does."""

    def __init__(self, vendor: object, circuit: SharedCircuit) -> None:
        self._vendor = vendor
        self._circuit = circuit

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._vendor, name)
        if not callable(call):
            return call

        def guarded(*args: Any, **named: Any) -> Any:
            self._circuit.admit()
            answer = call(*args, **named)
            self._circuit.succeeded()
            return answer

        return guarded


def _unheard(message: str, **_: Any) -> None:
    raise AssertionError(f"a circuit is in trouble: {message}")


@dataclass(frozen=True)
class _Vendors:
    """Everybody we call."""

    pay: FakePay = field(default_factory=FakePay)
    esign: FakeEsign = field(default_factory=FakeEsign)
    background: FakeBackground = field(default_factory=FakeBackground)
    psychometric: FakePsychometric = field(default_factory=FakePsychometric)
    ats: FakeAts = field(default_factory=FakeAts)
    lms: FakeLms = field(default_factory=FakeLms)


class _Container:
    """A function's collaborators as ``wiring`` makes them, with nothing cached. Reading one of those that are
    properties costs what it costs there.
    """

    def __init__(self, table: Table, clock: Callable[[], datetime], vendors: _Vendors) -> None:
        vault = Vault(cast("Any", KmsBySize()), "alias/bench", "bench")
        self._table = table
        self._clock = clock
        self._vendors = vendors
        self.configurations = Configurations(table, clock)
        self.journeys = Journeys(table, lambda: self.configurations.hiring_policy().stage_due)
        self.interviews = Interviews(table)
        self.people = People(table, vault)
        self.offers = Offers(table, vault)
        self.employees = Employees(table)
        self.applications = Applications(table, vault)
        self.assessments = Assessments(table, vault)
        self.links = Links(table)
        self.enrolments = Enrolments(table, vault, self.links, lambda _: None)
        self.plans = TrainingPlans(table, vault)
        self.training = Training(self.plans, Performances(table), self.configurations, _ZONE)
        self.cardmaking = Cardmaking(
            Cards(table), self.employees, Signals(table, vault), Performances(table), RiskPolicy()
        )
        self.merges = Merges(table, vault)
        self.recognition = Recognition(
            Identities(table, Fingerprints(lambda: b"the tenant's secret")),
            self.applications,
            self.merges,
            self.people,
        )
        self.deliveries = Deliveries(table, vault, Bucket(cast("Any", _S3()), "bench"), _RETENTION)
        self.inbox = Inbox(self.deliveries, self.configurations, lambda _: [_SECRET])
        self.checks = Checks(table, vault)
        self.correspondence = Correspondence(Notices(table), self.configurations, cast("Mail", FakeMail()))

    @property
    def hiring(self) -> Hiring:
        """Comes with the background-check vendor, who may have to be asked for findings."""
        return Hiring(self.journeys, self.checks, self.assessments, self.links, self.background)

    @property
    def finance(self) -> Any:
        """Speaks our own contract only: there is no connection to read."""
        return self._guarded("finance", self._vendors.pay)

    @property
    def benefits(self) -> Any:
        """Likewise."""
        return self._guarded("benefits", self._vendors.pay)

    @property
    def psychometric(self) -> Any:
        """Likewise."""
        return self._guarded("psychometric", self._vendors.psychometric)

    @property
    def esign(self) -> Any:
        """In the dialect its connection names."""
        return self._connected("esign", self._vendors.esign)

    @property
    def background(self) -> Any:
        """Likewise."""
        return self._connected("background", self._vendors.background)

    @property
    def ats(self) -> Any:
        """Likewise."""
        return self._connected("ats", self._vendors.ats)

    @property
    def lms(self) -> Any:
        """Likewise."""
        return self._connected("lms", self._vendors.lms)

    def _connected(self, name: str, vendor: object) -> _Guarded:
        self.configurations.vendor_connection(name)
        return self._guarded(name, vendor)

    def _guarded(self, name: str, vendor: object) -> _Guarded:
        return _Guarded(vendor, SharedCircuit(name, Circuits(self._table), self._clock, _unheard))


class Journey:
    """One candidate, driven from interview to enrolled. Each step runs in a container of its own."""

    def __init__(self, client: Any, meter: Meter) -> None:
        self._meter = meter
        self._table = Table(client, TABLE)
        self._now = _START
        self._vendors = _Vendors()
        self._bus_client = _BusClient()

    def clock(self) -> datetime:
        """A second after each step."""
        return self._now

    def hire(self) -> None:
        """All of it. Raises ``AssertionError`` when the candidate is not onboarded and enrolled at the end."""
        interview = _interview()
        candidate_id = ids.candidate_id(interview.vendor, interview.candidate.external_id)
        offer_id, check_id = ids.offer_id(candidate_id), f"chk-{candidate_id}"
        self._do("ingest", lambda: self._ingest(interview))
        self._settle()
        self._webhook(
            "psychometric",
            "assessment.completed",
            {
                "assessment_id": f"asm-{candidate_id}",
                "reference": candidate_id,
                "scales": {"openness": 71, "conscientiousness": 84, "stress_tolerance": 78},
                "summary": "Works steadily under pressure, and asks for help in time.",
            },
        )
        self._settle()
        self._webhook(
            "esign",
            "envelope.completed",
            {"envelope_id": f"env-{offer_id}", "reference": offer_id, "occurred_at": self._stamp()},
        )
        self._settle()
        findings = [
            {"kind": kind, "verified": True, "detail": "Confirmed by the issuing institution."}
            for kind in ("identity", "education", "employment", "criminal")
        ]
        self._webhook(
            "background",
            "check.completed",
            {"check_id": check_id, "reference": candidate_id, "result": "clear", "findings": findings},
        )
        self._settle()
        self._arrived(candidate_id)

    def _arrived(self, candidate_id: str) -> None:
        counted = len(self._meter.calls)
        self._meter.step = "afterwards"
        container = self._container()
        stage = container.journeys.get(candidate_id).journey.stage
        assert stage is Stage.ONBOARDED, f"the candidate came to {stage}"
        assessment = container.assessments.find(candidate_id)
        assert assessment is not None, "there is no assessment"
        assert assessment.completed is not None, "the assessment has not come back"
        assert container.enrolments.find(ids.employee_id(candidate_id), "company-orientation"), (
            "there is no course"
        )
        del self._meter.calls[counted:]

    def _container(self) -> _Container:
        return _Container(self._table, self.clock, self._vendors)

    def _do(self, step: str, act: Callable[[], object]) -> None:
        self._meter.step = step
        act()
        self._now += timedelta(seconds=1)

    def _stamp(self) -> str:
        return self._now.isoformat().replace("+00:00", "Z")

    def _settle(self) -> None:
        """Relay what was written and consume what was published, until there is nothing left."""
        while self._meter.images or self._bus_client.queued:
            if told := [image for image in self._meter.images if "events" in image]:
                self._meter.images.clear()
                records = [{"dynamodb": {"NewImage": image}} for image in told]
                bus = Bus(cast("Any", self._bus_client), "bench", "bench")
                self._do("relay", lambda r=records, b=bus: relay(r, timeline=Timeline(self._table), bus=b))  # type: ignore[misc]
            self._meter.images.clear()
            if self._bus_client.queued:
                queue, event = self._bus_client.queued.pop(0)
                step, consume = _CONSUMERS[queue.removesuffix(".Arn")]
                self._do(step, lambda c=consume, e=event: c(self._container(), e, self._now))  # type: ignore[misc]

    def _ingest(self, interview: Interview) -> None:
        container = self._container()
        ingestion = Ingestion(
            Scorers(container.configurations, FacialPolicy.USE),
            container.interviews,
            container.people,
            container.journeys,
            container.merges,
            container.recognition,
        )
        raw = f"raw/{content_digest(interview)}.json"
        source = "api/5b7a1f3e-5d0c-4a37-9f0e-3f1f0c7be2a1"
        ingestion.ingest(interview, source=source, keep_raw=lambda: raw, now=self._now)

    def _webhook(self, vendor: str, type_: str, data: dict[str, Any]) -> None:
        body = json.dumps({"type": type_, "timestamp": self._stamp(), "data": data})
        message_id = f"msg_{type_.replace('.', '_')}_p5jXN8AQM9LWM0D4loKW"
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(self._now.timestamp())),
            "webhook-signature": Webhook(_SECRET).sign(message_id, self._now, body),
            "content-type": "application/json",
            "user-agent": "python-urllib3/2",
        }

        def received() -> None:
            container = self._container()
            inbound = Inbound(
                vendor,
                container.configurations.vendor_connection(vendor).dialect,
                Delivered(body.encode(), {name: [value] for name, value in headers.items()}),
                "192.0.2.10",
                f"request-{message_id}",
            )
            receive(inbound, keys=[_SECRET], deliveries=container.deliveries, now=self._now)

        self._do("webhook_in", received)


def _assess(here: _Container, told: BusEvent, now: datetime) -> None:
    order_assessment(
        told.detail.subject.id,
        qualifies=told.detail.data["qualifies"],
        people=here.people,
        assessments=here.assessments,
        configurations=here.configurations,
        psychometric=here.psychometric,
        now=now,
    )


def _offer(here: _Container, told: BusEvent, now: datetime) -> None:
    draft_offer(
        told.detail.subject.id,
        journeys=here.journeys,
        offers=here.offers,
        configurations=here.configurations,
        finance=here.finance,
        benefits=here.benefits,
        now=now,
    )


def _signature(here: _Container, told: BusEvent, now: datetime) -> None:
    send_offer(
        told.detail.subject.id,
        journeys=here.journeys,
        offers=here.offers,
        people=here.people,
        configurations=here.configurations,
        links=here.links,
        esign=here.esign,
        zone=_ZONE,
        now=now,
    )


def _delivery(here: _Container, told: BusEvent, now: datetime) -> None:
    apply_delivery(told.detail.subject.id, inbox=here.inbox, hiring=here.hiring, now=now)


def _check(here: _Container, told: BusEvent, now: datetime) -> None:
    request_check(
        told.detail.subject.id,
        journeys=here.journeys,
        people=here.people,
        applications=here.applications,
        links=here.links,
        background=here.background,
        now=now,
    )


def _first_day(here: _Container, told: BusEvent, now: datetime) -> None:
    onboard(
        told.detail.subject.id,
        journeys=here.journeys,
        interviews=here.interviews,
        people=here.people,
        employees=here.employees,
        configurations=here.configurations,
        training=here.training,
        correspondence=here.correspondence,
        now=now,
    )


def _plan(here: _Container, told: BusEvent, now: datetime) -> None:
    draft_plan(
        told.detail.subject.id,
        journeys=here.journeys,
        interviews=here.interviews,
        people=here.people,
        training=here.training,
        now=now,
    )


def _courses(here: _Container, told: BusEvent, now: datetime) -> None:
    enrol(
        told.detail.data["employee_id"],
        plans=here.plans,
        enrolments=here.enrolments,
        lms=here.lms,
        now=now,
    )


def _card(here: _Container, told: BusEvent, now: datetime) -> None:
    here.cardmaking.remake(told.detail.data["employee_id"], now.astimezone(_ZONE).date())


def _ats(here: _Container, told: BusEvent, now: datetime) -> None:
    tell_ats(told, journeys=here.journeys, applications=here.applications, ats=here.ats, now=now)


_CONSUMERS: Final[Mapping[str, tuple[str, Callable[[_Container, BusEvent, datetime], None]]]] = {
    "AssessmentQueue": ("assessment_order", _assess),
    "OfferQueue": ("offer_generation", _offer),
    "SignatureQueue": ("offer_signature", _signature),
    "CallbackQueue": ("apply", _delivery),
    "CheckQueue": ("background_check", _check),
    "OnboardingQueue": ("onboarding", _first_day),
    "PlanQueue": ("training_plan", _plan),
    "EnrolmentQueue": ("training_enrolment", _courses),
    "CardQueue": ("risk_card", _card),
    "AtsQueue": ("ats_sync", _ats),
}
"""By the queue's name in the template: the step, and its use case."""


def measure() -> Figures:
    """Hire one candidate on an empty table."""
    with _dynamodb() as (client, plain):
        definition = table_definition(TABLE)
        plain.create_table(**definition)
        try:
            keys = frozenset(key["AttributeName"] for key in definition["KeySchema"])
            indexes = [Index.of(index, keys) for index in definition["GlobalSecondaryIndexes"]]
            load(DEFAULTS, Configurations(Table(plain, TABLE), lambda: _START), _START)
            meter = Meter(plain, TABLE, indexes)
            meter.attach(client)
            Journey(client, meter).hire()
        finally:
            plain.delete_table(TableName=TABLE)
    return _figures(meter)


def _figures(meter: Meter) -> Figures:
    unknown = {call.step for call in meter.calls} - set(STEPS)
    assert not unknown, unknown
    by_step: dict[str, dict[str, float]] = {}
    for step in STEPS:
        calls = [call for call in meter.calls if call.step == step]
        by_step[step] = {
            "read": sum(call.read for call in calls),
            "write": float(sum(call.write + call.index_write for call in calls)),
            "configuration_read": sum(call.read for call in calls if call.configuration),
            "circuit_read": sum(call.read for call in calls if call.circuit),
        }
    total = {
        what: sum(units[what] for units in by_step.values())
        for what in ("read", "write", "configuration_read", "circuit_read")
    }
    # Only what one answer can be held against: MiniStack's reads are right up to 4 KB.
    compared = [
        call
        for call in meter.calls
        if call.answered is not None and (call.operation not in ("GetItem", "Query") or call.size <= 4096)
    ]
    differing = [call for call in compared if call.answered != call.total]

    figures = Figures()
    figures.values["journey_request_units"] = {
        "total": total["read"] + total["write"],
        **total,
        "by_step": by_step,
        "method": "computed from item sizes by AWS's rules, on MiniStack's table",
        "calls": len(meter.calls),
        "compared_with_emulator": len(compared),
        "differing_from_emulator": [
            f"{call.step} {call.operation} {call.key}: {call.total}, emulator {call.answered}"
            for call in differing
        ],
    }
    figures.say(
        "journey_request_units",
        f"{total['read'] + total['write']:g}",
        f"{total['write']:g} write + {total['read']:g} read, {total['configuration_read']:g} of them configuration "
        f"and {total['circuit_read']:g} circuits (a container reads them once a minute and in ten seconds); "
        f"{len(meter.calls)} item calls",
    )
    for step, units in by_step.items():
        note = f"{units['write']:g} write + {units['read']:g} read"
        parts = [
            f"{units[f'{what}_read']:g} {what}"
            for what in ("configuration", "circuit")
            if units[f"{what}_read"]
        ]
        if parts:
            note += f" ({', '.join(parts)})"
        figures.say(f"  {step}", f"{units['read'] + units['write']:g}", note)
    figures.say(
        "  method",
        "",
        f"computed from item sizes by AWS's rules; MiniStack agrees on {len(compared) - len(differing)} of the "
        f"{len(compared)} it counts like AWS",
    )
    return figures


def _interview() -> Interview:
    """A strong candidate for the default sales model, with a resident id."""
    for candidate in candidates(200, SEED, run="units"):
        position, person = candidate.interview["position"], candidate.interview["candidate"]
        if candidate.ability is Ability.STRONG and position["role"] == ROLE and "national_id" in person:
            return Interview.model_validate_json(candidate.line)
    raise AssertionError("none of the invented candidates fits")


@contextmanager
def _dynamodb() -> Iterator[tuple[Any, Any]]:
    """Two clients of the benchmark's MiniStack; it is started and stopped again unless it runs already."""
    home = Home(STACK)
    home.folder.mkdir(parents=True, exist_ok=True)
    running = server.find(home) is not None
    started = server.start(home)
    try:
        server.wait_until_healthy(home, started)
        session = local_session(started.endpoint_url)
        yield session.client("dynamodb"), session.client("dynamodb")
    finally:
        if not running:
            server.stop(home)
