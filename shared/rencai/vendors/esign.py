"""E-signature: the client of vendors who speak our own contract."""

from collections.abc import Callable
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AwareDatetime, BaseModel, Field

from rencai.hiring.rules.facts import EnvelopeClosed, EnvelopeOutcome
from rencai.hiring.rules.ports import Envelope, Signer
from rencai.kernel import ids

from .asked import Asked
from .http import VendorHttp, segment

_Id = Annotated[str, Field(min_length=1, max_length=128)]


class _Sent(BaseModel):
    envelope_id: _Id
    sign_url: Annotated[str, Field(pattern=r"^https?://", max_length=2000)]
    expires_at: AwareDatetime


class _Status(BaseModel):
    envelope_id: _Id
    status: Literal["sent", "completed", "declined", "expired", "voided"]
    reference: _Id
    reason: str | None = None


_OPEN: Final = "sent"


class GenericEsign:
    """Contract: ``POST /envelopes``, ``GET /envelopes/{id}``; and, where it is, ``POST /envelopes/{id}/void``."""

    echoes_reference: ClassVar[bool] = True

    def __init__(self, http: VendorHttp, callback_url: Callable[[], str], asked: Asked) -> None:
        self._http = http
        self._asked = asked
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
        call = self._asked.of(ids.candidate_of(reference), self._http.vendor, idempotency_key)
        sent = self._http.post("/envelopes", body, call, _Sent)
        return Envelope(sent.envelope_id, sent.sign_url, sent.expires_at)

    def status(self, envelope_id: str) -> EnvelopeClosed | None:
        """How an envelope ended; None while it is open."""
        told = self._http.get(f"/envelopes/{segment(envelope_id)}", {}, _Status)
        if told.status == _OPEN:
            return None
        return EnvelopeClosed(envelope_id, EnvelopeOutcome(told.status), told.reference, told.reason)

    def void(self, envelope_id: str, reason: str) -> None:
        """End an open envelope. Not every vendor of our contract has the call: 404 and 405 are a ``VendorRefusal``."""
        path = f"/envelopes/{segment(envelope_id)}/void"
        self._http.post_for_nothing(path, {"reason": reason}, f"void-{envelope_id}")
