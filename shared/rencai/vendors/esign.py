"""E-signature: the port, and the client of vendors who speak our own contract."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal, Protocol

from pydantic import AwareDatetime, BaseModel, Field

from rencai.domain.vendor_facts import EnvelopeClosed, EnvelopeOutcome

from .http import VendorHttp, segment

_Id = Annotated[str, Field(min_length=1, max_length=128)]


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


class _Sent(BaseModel):
    envelope_id: _Id
    sign_url: Annotated[str, Field(pattern=r"^https?://", max_length=2000)]
    expires_at: AwareDatetime


class _Status(BaseModel):
    envelope_id: _Id
    status: Literal["sent", "completed", "declined", "expired", "voided"]
    reference: _Id


_OPEN: Final = "sent"


class GenericEsign:
    """Contract: ``POST /envelopes``, ``GET /envelopes/{id}``."""

    echoes_reference: ClassVar[bool] = True

    def __init__(self, http: VendorHttp, callback_url: Callable[[], str]) -> None:
        self._http = http
        self._callback_url = callback_url

    def send(
        self, *, title: str, html: str, signer: Signer, reference: str, idempotency_key: str
    ) -> Envelope:
        """Send a document to be signed; ``reference`` comes back in the webhook."""
        body = {
            "document": {"title": title, "html": html},
            "signer": {"name": signer.name, "email": signer.email, "phone": signer.phone},
            "reference": reference,
            "callback_url": self._callback_url(),
        }
        sent = self._http.post("/envelopes", body, idempotency_key, _Sent)
        return Envelope(sent.envelope_id, sent.sign_url, sent.expires_at)

    def status(self, envelope_id: str) -> EnvelopeClosed | None:
        """How an envelope ended; None while it is open."""
        told = self._http.get(f"/envelopes/{segment(envelope_id)}", {}, _Status)
        if told.status == _OPEN:
            return None
        return EnvelopeClosed(envelope_id, EnvelopeOutcome(told.status), told.reference)
