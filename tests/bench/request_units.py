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
from functools import cache, partial
from importlib import import_module
from typing import Any, Final

from standardwebhooks import Webhook

from functions.interviews.ingest import ingestion_of
from functions.relay.relay import relay
from infra.admin import DEFAULTS
from infra.admin.configuration import load
from infra.local import server
from infra.local.candidates import Ability, candidates
from infra.local.layout import Home
from infra.local.session import local_session
from rencai.hiring.rules.stages import Stage
from rencai.inbox.dialect import Delivered
from rencai.inbox.receiving import Inbound
from rencai.interviews.rules.interview import Interview, content_digest
from rencai.interviews.rules.speakers import INTERVIEW_VENDORS, Door, Speaker
from rencai.kernel import ids
from rencai.platform.consumer import BusEvent
from rencai.platform.secrets import Secrets
from rencai.platform.settings import Settings
from rencai.store.configurations import Configurations
from rencai.store.table import Table
from rencai.vendors.circuit import SharedCircuit
from rencai.vendors.circuits import Circuits
from rencai.vendors.documents import VENDOR_CONNECTION
from rencai.wiring import Wired
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
from tests.keyed import IDS
from tests.template import resources, table_definition

STACK: Final = "bench"
TABLE: Final = "bench-units"
_SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_SETTINGS: Final = Settings(
    {
        "TENANT_ID": "bench",
        "TENANT_LANGUAGE": "zh-CN",
        "TIME_ZONE": "Asia/Shanghai",
        "TABLE_NAME": TABLE,
        "BUCKET_NAME": "bench",
        "BUS_NAME": "bench",
        "KEY_ID": "alias/bench",
        "FACIAL_SIGNALS": "use",
        "INGEST_CLIENT_ID": "1h57kf5cpq17m0eml12EXAMPLE",
        "HR_CLIENT_ID": "2h57kf5cpq17m0eml12EXAMPLE",
        "INBOX_RETENTION_DAYS": "90",
        "UNAUTHENTIC_KEPT": "100",
    }
)
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


class _Secrets(Secrets):
    """The key every vendor signs with, and the tenant's own."""

    def __init__(self) -> None:
        pass

    def value(self, name: str) -> str:
        return "the tenant's secret" if name == "identity" else json.dumps({"webhook_secrets": [_SECRET]})


@dataclass(frozen=True)
class _Everybody:
    """Everybody we call."""

    pay: FakePay = field(default_factory=FakePay)
    esign: FakeEsign = field(default_factory=FakeEsign)
    background: FakeBackground = field(default_factory=FakeBackground)
    psychometric: FakePsychometric = field(default_factory=FakePsychometric)
    ats: FakeAts = field(default_factory=FakeAts)
    lms: FakeLms = field(default_factory=FakeLms)


class _Vendors:
    """Everybody, as a container comes to them: asking for one costs what it costs by ``VendorsWiring``."""

    def __init__(self, wired: Wired, everybody: _Everybody) -> None:
        self._wired = wired
        self._everybody = everybody

    sms = None

    @property
    def finance(self) -> Any:
        """Speaks our own contract only: there is no connection to read."""
        return self._guarded("finance", self._everybody.pay)

    @property
    def benefits(self) -> Any:
        """Likewise."""
        return self._guarded("benefits", self._everybody.pay)

    @property
    def psychometric(self) -> Any:
        """Likewise."""
        return self._guarded("psychometric", self._everybody.psychometric)

    @property
    def esign(self) -> Any:
        """In the dialect its connection names."""
        return self._connected("esign", self._everybody.esign)

    @property
    def background(self) -> Any:
        """Likewise."""
        return self._connected("background", self._everybody.background)

    @property
    def ats(self) -> Any:
        """Likewise."""
        return self._connected("ats", self._everybody.ats)

    @property
    def lms(self) -> Any:
        """Likewise."""
        return self._connected("lms", self._everybody.lms)

    def feed(self, vendor: str) -> str:
        """Nothing is pulled here."""
        raise AssertionError(f"{vendor} was asked for its feed")

    def _connected(self, name: str, vendor: object) -> _Guarded:
        self._wired.configurations.latest(VENDOR_CONNECTION, name)
        return self._guarded(name, vendor)

    def _guarded(self, name: str, vendor: object) -> _Guarded:
        circuit = SharedCircuit(name, Circuits(self._wired.table), self._wired.clock, _unheard)
        return _Guarded(vendor, circuit)


@cache
def _steps() -> dict[str, str]:
    """By a queue's logical id: the room and the file of the function it feeds, as its ``Handler`` has them."""
    return {
        event["Properties"]["Queue"]["Fn::GetAtt"].removesuffix(".Arn"): (
            function["Handler"].removeprefix("functions.").removesuffix(".handler")
        )
        for function in resources("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "SQS"
    }


class Journey:
    """One candidate, driven from interview to enrolled. Each step runs in a container of its own."""

    def __init__(self, client: Any, meter: Meter) -> None:
        self._meter = meter
        self._now = _START
        self._everybody = _Everybody()
        self._bus = _BusClient()
        self._clients = {"dynamodb": client, "kms": KmsBySize(), "s3": _S3(), "events": self._bus}

    def clock(self) -> datetime:
        """A second after each step."""
        return self._now

    def hire(self) -> None:
        """All of it. Raises ``AssertionError`` when the candidate is not onboarded and enrolled at the end."""
        interview = _interview()
        candidate_id = IDS.candidate_id(interview.vendor, interview.candidate.external_id)
        offer_id, check_id = ids.offer_id(candidate_id), f"chk-{candidate_id}"
        self._do("interviews.ingest", lambda: self._ingest(interview))
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
        wired = self._container()
        stage = wired.hiring.journeys.get(candidate_id).journey.stage
        assert stage is Stage.ONBOARDED, f"the candidate came to {stage}"
        assessment = wired.hiring.assessments.find(candidate_id)
        assert assessment is not None, "there is no assessment"
        assert assessment.completed is not None, "the assessment has not come back"
        employee_id = ids.employee_id(candidate_id)
        assert wired.training.enrolments.find(employee_id, "company-orientation"), "there is no course"
        del self._meter.calls[counted:]

    def _container(self) -> Wired:
        """A function's collaborators, with nothing cached."""
        wired = Wired(_SETTINGS, self.clock, self._clients.__getitem__)
        wired.ids = IDS
        wired.secrets = _Secrets()
        wired.letters.mail = FakeMail()
        wired.vendors = _Vendors(wired, self._everybody)
        return wired

    def _do(self, step: str, act: Callable[[], object]) -> None:
        self._meter.step = step
        self._meter.run += 1
        act()
        self._now += timedelta(seconds=1)

    def _stamp(self) -> str:
        return self._now.isoformat().replace("+00:00", "Z")

    def _settle(self) -> None:
        """Relay what was written and consume what was published, until there is nothing left."""
        while self._meter.images or self._bus.queued:
            if told := [image for image in self._meter.images if "events" in image]:
                self._meter.images.clear()
                self._do("relay.relay", partial(self._relay, told))
            self._meter.images.clear()
            if self._bus.queued:
                queue, event = self._bus.queued.pop(0)
                step = _steps()[queue.removesuffix(".Arn")]
                act = import_module(f"functions.{step}").act
                self._do(step, partial(act, self._container(), event))

    def _relay(self, told: list[dict[str, Any]]) -> None:
        wired = self._container()
        relay([{"dynamodb": {"NewImage": image}} for image in told], timeline=wired.timeline, bus=wired.bus)

    def _ingest(self, interview: Interview) -> None:
        raw = f"raw/{content_digest(interview)}.json"
        source = "api/5b7a1f3e-5d0c-4a37-9f0e-3f1f0c7be2a1"
        ingestion_of(self._container()).ingest(
            interview,
            speaker=Speaker(Door.CLIENT, "1h57kf5cpq17m0eml12EXAMPLE"),
            source=source,
            keep_raw=lambda: raw,
            now=self._now,
        )

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

        inbound = Inbound(
            vendor,
            Delivered(body.encode(), {name: [value] for name, value in headers.items()}),
            "192.0.2.10",
            f"request-{message_id}",
        )
        self._do("inbox.receive", lambda: self._container().inbox.reception.receive(inbound, self._now))


def measure() -> Figures:
    """Hire one candidate on an empty table."""
    with _dynamodb() as (client, plain):
        return _figures(metered(client, plain))


def metered(client: Any, plain: Any) -> Meter:
    """Hire one candidate on an empty table, which is gone afterwards; every call of ``client``, counted. ``plain`` is
    another client of the same DynamoDB.
    """
    definition = table_definition(TABLE)
    plain.create_table(**definition)
    try:
        keys = frozenset(key["AttributeName"] for key in definition["KeySchema"])
        indexes = [Index.of(index, keys) for index in definition["GlobalSecondaryIndexes"]]
        configurations = Configurations(Table(plain, TABLE), lambda: _START)
        load(DEFAULTS, configurations, _START)
        bound = {"clients": {"ingest": ["aiview"]}}
        configurations.put(INTERVIEW_VENDORS, "default", bound, actor="bench", now=_START)
        meter = Meter(plain, TABLE, indexes)
        meter.attach(client)
        Journey(client, meter).hire()
    finally:
        plain.delete_table(TableName=TABLE)
    return meter


def _figures(meter: Meter) -> Figures:
    by_step: dict[str, dict[str, float]] = {}
    for step in dict.fromkeys(call.step for call in meter.calls):
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
    reader = sum(call.read for call in meter.calls if call.reader)
    others = total["read"] - reader
    figures.add("journey_read_units", others, f"{others:g}", "every function with nothing cached")
    figures.add("journey_reader_units", reader, f"{reader:g}", "beside these, lexicon and classifier")
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
