"""What the routes work with, and the one way to make a thing and to get its callback onto the queue."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
from pydantic import BaseModel

from vendor_contract.callback import Callback
from vendor_contract.faults import FaultBook
from vendor_contract.secrets import VendorSecret
from vendor_contract.tally import Tally

from .callback_queue import CallbackQueue
from .journal import Journal
from .ledger import KeyReusedError, Ledger, Thing, thing_id
from .refusal import Refusal


@dataclass(frozen=True, slots=True)
class Collaborators:
    ledger: Ledger
    progress: Journal
    """How the LMS's learners get on."""
    applications: Journal
    """What the ATS has been told of."""
    faults: FaultBook
    tally: Tally
    callbacks: CallbackQueue
    secrets: Mapping[str, VendorSecret]
    callback_delay_seconds: int
    public_url_prefix: str
    public_url_suffix: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    unguessable: Callable[[], str]
    """URL-safe, at least 128 random bits."""

    def public_base(self, event: APIGatewayProxyEvent) -> str:
        """The sandbox's address, from settings and the API's id: a Host header may be forged."""
        context = event.request_context
        return f"{self.public_url_prefix}{context.api_id}{self.public_url_suffix}/{context.stage}"

    def check_callback_url(self, url: str | None) -> None:
        """Callbacks go over https wherever the sandbox itself does. Raises Refusal 400."""
        if url and self.public_url_prefix.startswith("https:") and not url.startswith("https:"):
            raise Refusal(
                400, "callback_url must be https.", [{"path": "callback_url", "message": "must be https"}]
            )

    def make_once(
        self,
        app: APIGatewayRestResolver,
        body: BaseModel,
        *,
        vendor: str,
        kind: str,
        prefix: str,
        reference: str,
        outcome: Callable[[str, datetime], "Outcome"],
    ) -> Thing:
        """Makes what was asked for, once per Idempotency-Key, and sends its callback, once.

        Raises:
            Refusal: 400 without a key; 409 when the key came with another request.
        """
        key = idempotency_key(app.current_event)
        now = self.now()
        id = thing_id(prefix, vendor, key)
        made = outcome(id, now)
        try:
            thing, is_new = self.ledger.make(
                vendor=vendor,
                kind=kind,
                id=id,
                idempotency_key=key,
                request_digest=_digest(app.current_event.path, body),
                reference=reference,
                answer=json.dumps(made.answer),
                now=now,
                details=made.details,
                callback=made.callback,
            )
        except KeyReusedError:
            raise Refusal(409, "This Idempotency-Key came before, with another request.") from None
        self.send_callback(thing, made.callback, mine=is_new, delay_seconds=self.callback_delay_seconds)
        return thing

    def send_callback(
        self, thing: Thing, callback: Callback | None, *, mine: bool, delay_seconds: int
    ) -> None:
        """Queues a callback if the caller's write (`mine`) caused it, or if whoever's did has died since."""
        if "callback_queued_at" in thing:
            return
        if callback is None or not (mine or self.ledger.take_over_callback(thing, self.now())):
            return
        # What the first request stored counts, not what was made for its repetition.
        first = Callback.from_message(thing["callback"]) if "callback" in thing else callback
        self.callbacks.put(first, delay_seconds)
        self.ledger.callback_queued(thing, self.now())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a request, should it be the first with its key."""

    answer: Mapping[str, Any]
    details: Mapping[str, Any]
    callback: Callback | None = None


def idempotency_key(event: APIGatewayProxyEvent) -> str:
    """Raises Refusal 400."""
    key = (event.headers.get("idempotency-key") or "").strip()
    if not 1 <= len(key) <= 255:
        raise Refusal(400, "An Idempotency-Key header of 1 to 255 characters is required.")
    return key


def _digest(path: str, body: BaseModel) -> str:
    """Of the meaning, not the bytes: key order and white space make no other request."""
    text = json.dumps(body.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(f"{path}\n{text}".encode()).hexdigest()
