"""DynamoDB units of one hired candidate: the real use cases in the order of a journey, on MiniStack's table.

Every function starts with nothing cached, as for a candidate who comes alone: the configuration each reads is counted,
and shown apart, since a container reads it once a minute and not once a candidate. Units are computed from the items
(``capacity``), because no emulator's answers are right throughout: MiniStack counts writes as AWS does but every read
as one item of at most 4 KB, and moto answers constants. Where MiniStack is right the two must agree.
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
from rencai.domain.scoring import FacialPolicy
from rencai.platform.bus import Bus
from rencai.platform.consumer import BusEvent
from rencai.platform.mail import Mail
from rencai.store.configurations import Configurations
from rencai.store.deliveries import Deliveries
from rencai.store.employees import Employees
from rencai.store.interviews import Interviews
from rencai.store.journeys import Journeys
from rencai.store.notices import Notices
from rencai.store.objects import Bucket
from rencai.store.offers import Checks, Offers
from rencai.store.people import People
from rencai.store.sealed import Vault
from rencai.store.table import Table
from rencai.store.timeline import Timeline
from rencai.vendors.hiring import Ats, BackgroundCheck, Esign
from rencai.vendors.pay import BenefitsProvider, Finance
from tests.bench.capacity import Index, Meter
from tests.bench.figures import Figures
from tests.bench.scoring import ROLE, SEED
from tests.journey.vendors import FakeAts, FakeBackground, FakeEsign, FakeMail, FakePay
from tests.template import resources, table_definition
from vendor_callbacks.app import Inbound, receive
from vendor_callbacks.apply import apply_delivery

STACK: Final = "bench"
TABLE: Final = "bench-units"
STEPS: Final = (
    "ingest",
    "relay",
    "offer_generation",
    "offer_signature",
    "webhook_in",
    "apply",
    "background_check",
    "onboarding",
    "ats_sync",
)
_SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_START: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class _Kms:
    """KMS by size: what it encrypts comes back 152 bytes longer (a 32-byte key is 184 bytes encrypted)."""

    _HEADER: Final = bytes(152)

    def encrypt(self, Plaintext: bytes, **_: Any) -> dict[str, Any]:  # noqa: N803 - botocore's name
        return {"CiphertextBlob": self._HEADER + Plaintext}

    def decrypt(self, CiphertextBlob: bytes, **_: Any) -> dict[str, Any]:  # noqa: N803
        return {"Plaintext": CiphertextBlob.removeprefix(self._HEADER)}


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
                    self.queued += [(target["Arn"]["Fn::GetAtt"], told) for target in rule["Targets"]]
        return {"FailedEntryCount": 0, "Entries": [{} for _ in Entries]}


def _matches(pattern: Any, value: Any) -> bool:
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(_matches(pattern[key], value.get(key)) for key in pattern)
    return value in pattern


class Journey:
    """One candidate, driven from interview to onboarded. A step's collaborators are new, and so are their caches."""

    def __init__(self, client: Any, meter: Meter) -> None:
        self._meter = meter
        self._table = Table(client, TABLE)
        self._vault = Vault(cast("Any", _Kms()), "alias/bench", "bench")
        self._bucket = Bucket(cast("Any", _S3()), "bench")
        self._now = _START
        self._journeys = Journeys(self._table)
        self._people = People(self._table, self._vault)
        self._offers = Offers(self._table, self._vault)
        self._checks = Checks(self._table, self._vault)
        self._interviews = Interviews(self._table)
        self._deliveries = Deliveries(self._table, self._vault, self._bucket)
        self._bus_client = _BusClient()
        self._esign = FakeEsign()

    def clock(self) -> datetime:
        """A second after each step."""
        return self._now

    def configurations(self) -> Configurations:
        """With nothing cached."""
        return Configurations(self._table, self.clock)

    def hire(self) -> None:
        """All of it. Raises ``AssertionError`` when the candidate is not onboarded at the end."""
        interview = _interview()
        candidate_id = ids.candidate_id(interview.vendor, interview.candidate.external_id)
        offer_id, check_id = ids.offer_id(candidate_id), f"chk-{candidate_id}"
        self._do("ingest", lambda: self._ingest(interview))
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
        self._meter.step = "afterwards"
        stage = self._journeys.get(candidate_id).journey.stage
        self._meter.calls.pop()
        assert stage is Stage.ONBOARDED, f"the candidate came to {stage}"

    def _do(self, step: str, act: Callable[[], object]) -> None:
        self._meter.step = step
        act()
        self._now += timedelta(seconds=1)

    def _stamp(self) -> str:
        return self._now.isoformat().replace("+00:00", "Z")

    def _settle(self) -> None:
        """Relay what was written and consume what was published, until there is nothing left."""
        consumers = self._consumers()
        while self._meter.images or self._bus_client.queued:
            if told := [image for image in self._meter.images if "events" in image]:
                self._meter.images.clear()
                records = [{"dynamodb": {"NewImage": image}} for image in told]
                bus = Bus(cast("Any", self._bus_client), "bench", "bench")
                self._do("relay", lambda r=records, b=bus: relay(r, timeline=Timeline(self._table), bus=b))  # type: ignore[misc]
            self._meter.images.clear()
            if self._bus_client.queued:
                queue, event = self._bus_client.queued.pop(0)
                step, consume = consumers[queue.removesuffix(".Arn")]
                self._do(step, lambda c=consume, e=event: c(e))  # type: ignore[misc]

    def _ingest(self, interview: Interview) -> None:
        ingestion = Ingestion(
            Scorers(self.configurations(), FacialPolicy.USE), self._interviews, self._people, self._journeys
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
        inbound = Inbound(vendor, body.encode(), headers, "192.0.2.10")
        self._do(
            "webhook_in",
            lambda: receive(inbound, secrets=[_SECRET], deliveries=self._deliveries, now=self._now),
        )

    def _consumers(self) -> dict[str, tuple[str, Callable[[BusEvent], None]]]:
        """By the queue's name in the template: the step, and its use case."""
        journeys = self._journeys
        pay, background, ats = FakePay(), FakeBackground(), FakeAts()

        def subject(told: BusEvent) -> str:
            return told.detail.subject.id

        def correspondence(configurations: Configurations) -> Correspondence:
            return Correspondence(Notices(self._table), configurations, cast("Mail", FakeMail()))

        def offer(told: BusEvent) -> None:
            draft_offer(
                subject(told),
                journeys=journeys,
                offers=self._offers,
                configurations=self.configurations(),
                finance=cast("Finance", pay),
                benefits=cast("BenefitsProvider", pay),
                now=self._now,
            )

        def signature(told: BusEvent) -> None:
            send_offer(
                subject(told),
                journeys=journeys,
                offers=self._offers,
                people=self._people,
                configurations=self.configurations(),
                esign=cast("Esign", self._esign),
                zone=ZoneInfo("Asia/Shanghai"),
                now=self._now,
            )

        def check(told: BusEvent) -> None:
            request_check(
                subject(told),
                journeys=journeys,
                people=self._people,
                background=cast("BackgroundCheck", background),
                now=self._now,
            )

        def delivery(told: BusEvent) -> None:
            apply_delivery(
                subject(told),
                deliveries=self._deliveries,
                journeys=journeys,
                checks=self._checks,
                now=self._now,
            )

        def first_day(told: BusEvent) -> None:
            configurations = self.configurations()
            onboard(
                subject(told),
                journeys=journeys,
                interviews=self._interviews,
                people=self._people,
                employees=Employees(self._table),
                configurations=configurations,
                correspondence=correspondence(configurations),
                zone=ZoneInfo("Asia/Shanghai"),
                now=self._now,
            )

        return {
            "OfferQueue": ("offer_generation", offer),
            "SignatureQueue": ("offer_signature", signature),
            "CallbackQueue": ("apply", delivery),
            "CheckQueue": ("background_check", check),
            "OnboardingQueue": ("onboarding", first_day),
            "AtsQueue": ("ats_sync", lambda told: tell_ats(told, journeys=journeys, ats=cast("Ats", ats))),
        }


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
        }
    total = {
        what: sum(units[what] for units in by_step.values())
        for what in ("read", "write", "configuration_read")
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
        f"(a container reads it once a minute); {len(meter.calls)} item calls",
    )
    for step, units in by_step.items():
        note = f"{units['write']:g} write + {units['read']:g} read"
        if units["configuration_read"]:
            note += f" ({units['configuration_read']:g} configuration)"
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
