"""The vendors that hiring needs: background check, e-signature, psychometric assessment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from .facts import AssessmentCompleted, CheckCompleted, EnvelopeClosed

if TYPE_CHECKING:
    # Its models cost at cold start, and who only asks how a check stands makes none of them.
    from .background import Employment


class BackgroundCheck(Protocol):
    """The background-check vendor."""

    @property
    def echoes_reference(self) -> bool:
        """Whether webhooks carry our reference; if not, the caller keeps whose a check is."""

    def request(
        self,
        *,
        name: str,
        national_id: str | None,
        email: str | None,
        phone: str | None,
        work_history: "Sequence[Employment]",
        reference: str,
        idempotency_key: str,
    ) -> str:
        """Order a check and return its id, by which webhooks name it; the same key again gives the same check.

        Each vendor is told what it asks for and no more.
        """

    def status(self, check_id: str) -> CheckCompleted | None:
        """What was found, with the findings; None while the check is under way."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs; the vendor reaches them by e-mail or phone."""

    name: str
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where the candidate signs, and until when. ``sign_url`` is None when the vendor itself writes to the signer."""

    envelope_id: str
    sign_url: str | None
    expires_at: datetime


class Esign(Protocol):
    """The e-signature vendor."""

    @property
    def echoes_reference(self) -> bool:
        """Whether webhooks carry our reference; if not, the caller keeps whose an envelope is."""

    def send(
        self, *, title: str, html: str, signer: Signer, reference: str, idempotency_key: str
    ) -> Envelope:
        """Send a document to be signed; the same key again gives the same envelope."""

    def status(self, envelope_id: str) -> EnvelopeClosed | None:
        """How an envelope ended; None while it is open."""

    def void(self, envelope_id: str, reason: str) -> None:
        """End an open envelope, so that nobody can sign it any more; the signer may be shown ``reason``. Raises
        ``VendorRefusal`` where the vendor has no such call, or the envelope is open no more.
        """


@dataclass(frozen=True, slots=True)
class Ordered:
    """An assessment that was ordered, and where the candidate takes it."""

    assessment_id: str
    invite_url: str


class Psychometric(Protocol):
    """The psychometric vendor."""

    @property
    def echoes_reference(self) -> bool:
        """Whether webhooks carry our reference; if not, the caller keeps whose an assessment is."""

    def order(
        self,
        *,
        name: str,
        email: str | None,
        instruments: Sequence[str],
        reference: str,
        idempotency_key: str,
    ) -> Ordered:
        """Order an assessment; the same key again gives the same one."""

    def status(self, assessment_id: str) -> AssessmentCompleted | None:
        """The result; None until the candidate has taken it."""
