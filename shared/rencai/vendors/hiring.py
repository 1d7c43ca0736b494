"""E-signature, background check and ATS: the vendors a candidate's journey passes through."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, Field

from .http import VendorHttp

_Id = Annotated[str, Field(min_length=1, max_length=128)]


class Envelope(BaseModel):
    """The e-signature vendor's answer: where the candidate signs, and until when."""

    envelope_id: _Id
    sign_url: Annotated[str, Field(pattern=r"^https?://", max_length=2000)]
    expires_at: AwareDatetime


class _CheckAnswer(BaseModel):
    check_id: _Id


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs; the vendor reaches them by e-mail or phone."""

    name: str
    email: str | None
    phone: str | None


class Esign:
    """The e-signature vendor."""

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
        return self._http.post("/envelopes", body, idempotency_key, Envelope)


class BackgroundCheck:
    """The background-check vendor."""

    def __init__(self, http: VendorHttp, callback_url: Callable[[], str]) -> None:
        self._http = http
        self._callback_url = callback_url

    def request(self, *, name: str, national_id: str | None, reference: str, idempotency_key: str) -> str:
        """Order a check and return its id. Work history comes with the ATS's résumé facts (A6); until then it is
        empty and the vendor asks the candidate.
        """
        body = {
            "reference": reference,
            "person": {"name": name, "national_id": national_id, "work_history": []},
            "callback_url": self._callback_url(),
        }
        return self._http.post("/checks", body, idempotency_key, _CheckAnswer).check_id


class Ats:
    """The applicant tracking system."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def tell_stage(
        self, *, external_id: str, stage: str, reason: str, occurred_at: datetime, idempotency_key: str
    ) -> None:
        """Tell a decision (B8). ``occurred_at`` lets the ATS put late messages in order."""
        body = {"stage": stage, "reason": reason, "occurred_at": occurred_at.isoformat()}
        self._http.post_for_nothing(f"/applications/{_segment(external_id)}/stage", body, idempotency_key)


def _segment(text: str) -> str:
    """``text`` as one segment of a path; of dots alone it would name another place."""
    return quote(text, safe="") if text.strip(".") else text.replace(".", "%2E")
