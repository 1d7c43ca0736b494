"""Hand-written vendors: they answer as the contract says and keep a ledger of what they were made to do."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from rencai.hiring.rules.background import Employment
from rencai.hiring.rules.facts import AssessmentCompleted, CheckCompleted, EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.offer import Allowance, Benefits, Money, SalaryBand
from rencai.hiring.rules.ports import Envelope, Ordered, Signer
from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.kernel.page import Page
from rencai.people.rules.application import Application
from rencai.training.rules.facts import CourseProgressed

BAND = SalaryBand(
    minimum=Money(amount=Decimal("8000.00"), currency="CNY"),
    maximum=Money(amount=Decimal("10000.00"), currency="CNY"),
    bonus_percent=Decimal(20),
)
PACKAGE = Benefits(
    social_insurance_employer_percent=Decimal("26.5"),
    social_insurance_employee_percent=Decimal("10.5"),
    housing_fund_percent=Decimal(7),
    allowances=(Allowance(name="餐补", amount=Money(amount=Decimal(500), currency="CNY"), period="month"),),
)


@dataclass
class FakePay:
    """Finance and benefits; ``outages`` calls fail before one succeeds."""

    outages: int = 0

    def salary_band(self, role: str, location: str) -> SalaryBand:
        if self.outages:
            self.outages -= 1
            raise VendorUnavailable("finance", "answered 503")
        return BAND

    def package(self, location: str) -> Benefits:
        return PACKAGE


@dataclass
class Ledger:
    """What was made, by idempotency key, and how often each was asked for. Another body for a key is a bug."""

    made: dict[str, object] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def once(self, key: str, body: object) -> None:
        self.asked[key] += 1
        assert self.made.setdefault(key, body) == body, f"{key} came again with another body"


@dataclass
class FakeEsign:
    """E-signature: the envelope's id follows from the key, so a test can know it before it is asked for. ``closed``
    says what it answers when it is asked how an envelope stands.
    """

    ledger: Ledger = field(default_factory=Ledger)
    closed: dict[str, EnvelopeOutcome] = field(default_factory=dict)
    voided: list[str] = field(default_factory=list)
    voids: bool = True
    echoes_reference: bool = True

    def send(
        self, *, title: str, html: str, signer: Signer, reference: str, idempotency_key: str
    ) -> Envelope:
        self.ledger.once(idempotency_key, (title, html, signer, reference))
        return Envelope(
            envelope_id=f"env-{idempotency_key}",
            sign_url=f"https://sign.example.com/{idempotency_key}",
            expires_at=datetime(2026, 4, 1, tzinfo=UTC),
        )

    def status(self, envelope_id: str) -> EnvelopeClosed | None:
        outcome = self.closed.get(envelope_id)
        return EnvelopeClosed(envelope_id, outcome) if outcome else None

    def void(self, envelope_id: str, reason: str) -> None:
        if not self.voids:
            raise VendorRefusal("esign", "answered 404 to POST /envelopes")
        self.voided.append(envelope_id)
        self.closed[envelope_id] = EnvelopeOutcome.VOIDED


@dataclass
class FakeBackground:
    """Background checks; ``results`` says what it answers when it is asked how a check stands."""

    ledger: Ledger = field(default_factory=Ledger)
    results: dict[str, CheckCompleted] = field(default_factory=dict)
    echoes_reference: bool = True

    def request(
        self,
        *,
        name: str,
        national_id: str | None,
        email: str | None,
        phone: str | None,
        work_history: Sequence[Employment],
        reference: str,
        idempotency_key: str,
    ) -> str:
        self.ledger.once(idempotency_key, (name, national_id, reference, tuple(work_history)))
        return f"chk-{reference}"

    def status(self, check_id: str) -> CheckCompleted | None:
        return self.results.get(check_id)


@dataclass
class FakePsychometric:
    """Assessments."""

    ledger: Ledger = field(default_factory=Ledger)
    results: dict[str, AssessmentCompleted] = field(default_factory=dict)
    echoes_reference: bool = True

    def order(
        self,
        *,
        name: str,
        email: str | None,
        instruments: Sequence[str],
        reference: str,
        idempotency_key: str,
    ) -> Ordered:
        self.ledger.once(idempotency_key, (name, email, tuple(instruments), reference))
        return Ordered(f"asm-{reference}", f"https://assess.example.com/{reference}")

    def status(self, assessment_id: str) -> AssessmentCompleted | None:
        return self.results.get(assessment_id)


@dataclass
class FakeLms:
    """The learning platform; ``feed`` is what it has to tell."""

    ledger: Ledger = field(default_factory=Ledger)
    feed: list[CourseProgressed] = field(default_factory=list)
    asked_by_enrolment: bool = False

    def enrol(
        self, *, learner: str, course_id: str, due_at: datetime, reference: str, idempotency_key: str
    ) -> str:
        self.ledger.once(idempotency_key, (learner, course_id, reference))
        return f"enr-{reference}"

    def progress(self, since: str | None, enrolments: Sequence[str] = ()) -> Page[CourseProgressed]:
        start = int(since or "0")
        items = tuple(self.feed[start : start + 2])
        end = start + len(items)
        return Page(items, str(end), end < len(self.feed))


@dataclass
class FakeAts:
    """The ATS; ``feed`` is what it has to tell of applications."""

    ledger: Ledger = field(default_factory=Ledger)
    feed: list[Application] = field(default_factory=list)
    knows_interview_ids: bool = True
    orders_by_time: bool = True

    def tell_stage(
        self, *, external_id: str, stage: str, reason: str, occurred_at: datetime, idempotency_key: str
    ) -> None:
        self.ledger.once(idempotency_key, (external_id, stage, reason))

    def applications(self, since: str | None) -> Page[Application]:
        start = int(since or "0")
        items = tuple(self.feed[start : start + 2])
        end = start + len(items)
        return Page(items, str(end), end < len(self.feed))


@dataclass
class FakeMail:
    """Letters sent: (to, subject, reference). What SES has yet to tell of them waits in ``untold``."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    def send(self, to: str, subject: str, html: str, reference: str, tags: Mapping[str, str]) -> str:
        self.sent.append((to, subject, reference))
        told = {
            "eventType": "Send",
            "mail": {
                "messageId": f"msg-{reference}",
                "timestamp": "2026-03-02T01:00:00.000Z",
                "tags": {name: [value] for name, value in tags.items()},
            },
        }
        self.untold.append(json.dumps(told))
        return f"msg-{reference}"
