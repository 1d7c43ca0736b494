"""Hand-written vendors: they answer as the contract says and keep a ledger of what they were made to do."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from rencai.domain.errors import VendorUnavailable
from rencai.domain.offer import Allowance, Benefits, Money, SalaryBand
from rencai.vendors.hiring import Envelope, Signer

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
    """E-signature: the envelope's id follows from the key, so a test can know it before it is asked for."""

    ledger: Ledger = field(default_factory=Ledger)

    def send(
        self, *, title: str, html: str, signer: Signer, reference: str, idempotency_key: str
    ) -> Envelope:
        self.ledger.once(idempotency_key, (title, html, signer, reference))
        return Envelope(
            envelope_id=f"env-{idempotency_key}",
            sign_url=f"https://sign.example.com/{idempotency_key}",
            expires_at=datetime(2026, 4, 1, tzinfo=UTC),
        )


@dataclass
class FakeBackground:
    """Background checks."""

    ledger: Ledger = field(default_factory=Ledger)

    def request(self, *, name: str, national_id: str | None, reference: str, idempotency_key: str) -> str:
        self.ledger.once(idempotency_key, (name, national_id, reference))
        return f"chk-{reference}"


@dataclass
class FakeAts:
    """The ATS."""

    ledger: Ledger = field(default_factory=Ledger)

    def tell_stage(
        self, *, external_id: str, stage: str, reason: str, occurred_at: datetime, idempotency_key: str
    ) -> None:
        self.ledger.once(idempotency_key, (external_id, stage, reason))


@dataclass
class FakeMail:
    """Letters sent: (to, subject, reference)."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, to: str, subject: str, html: str, reference: str) -> str:
        self.sent.append((to, subject, reference))
        return f"msg-{reference}"
