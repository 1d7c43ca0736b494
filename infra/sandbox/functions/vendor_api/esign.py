"""E-signature: envelopes, and the page behind their sign_url.

`sent` -> `completed` or `declined` by the signer, `voided` or `expired` by a tester, nothing else. An envelope whose
time is over shows as expired, but nobody is called back about it: only a tester's word does that. The unguessable token
in the URL is all a signer shows.
"""

import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from vendor_contract.callback import Callback, rfc3339

from .collaborators import Collaborators, Outcome
from .ledger import Thing
from .refusal import Refusal
from .requests import EnvelopeRequest, SigningDecision, Voiding, read_body
from .signing_page import PAGE_HEADERS, signing_page

SIGN_WITHIN: Final = timedelta(days=14)
SIGN_PATH: Final = "/esign/sign/"
_ID_DIGITS: Final = 26
_OUTCOME: Final = {"sign": "completed", "decline": "declined"}


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.post("/esign/envelopes")
    def create_envelope() -> Response[str]:
        body = read_body(EnvelopeRequest, app.current_event.decoded_body or "")
        with_.check_callback_url(body.callback_url)
        base = with_.public_base(app.current_event)

        def outcome(envelope_id: str, now: datetime) -> Outcome:
            secret = with_.unguessable()
            # The envelope's id leads, so that the token finds its envelope without an index.
            token = envelope_id.removeprefix("env_") + secret
            expires_at = now + SIGN_WITHIN
            answer = {
                "envelope_id": envelope_id,
                "sign_url": f"{base}{SIGN_PATH}{token}",
                "expires_at": rfc3339(expires_at),
            }
            details = {
                "status": "sent",
                "token_secret": secret,
                "sign_before": int(expires_at.timestamp()),
                "title": body.document.title,
                "html": body.document.html,
                "signer_name": body.signer.name,
                "callback_url": body.callback_url,
            }
            return Outcome(answer, details)

        thing = with_.make_once(
            app,
            body,
            vendor="esign",
            kind="envelope",
            prefix="env_",
            reference=body.reference,
            outcome=outcome,
        )
        return Response(201, content_types.APPLICATION_JSON, thing["answer"])

    @app.get("/esign/envelopes/<envelope_id>")
    def show_status(envelope_id: str) -> dict[str, Any]:
        envelope = _by_id(with_, envelope_id)
        return {
            "envelope_id": envelope_id,
            "status": _status(envelope, with_.now()),
            "reference": envelope["reference"],
            "expires_at": rfc3339(_sign_before(envelope)),
        }

    @app.post("/esign/envelopes/<envelope_id>/void")
    def void(envelope_id: str) -> dict[str, Any]:
        reason = read_body(Voiding, app.current_event.decoded_body or "").reason
        envelope = _by_id(with_, envelope_id)
        if envelope["status"] == "sent" and _status(envelope, with_.now()) == "expired":
            raise Refusal(409, "The envelope is expired.")
        return _answer(_close(with_, envelope, "voided", reason))

    @app.post("/esign/envelopes/<envelope_id>/expire")
    def expire(envelope_id: str) -> dict[str, Any]:
        return _answer(_close(with_, _by_id(with_, envelope_id), "expired", None))

    @app.get(SIGN_PATH + "<token>")
    def show_envelope(token: str) -> Response[str]:
        return _page(_envelope(with_, token), with_.now())

    @app.post(SIGN_PATH + "<token>")
    def sign_or_decline(token: str) -> Response[str]:
        from_form = (app.current_event.headers.get("content-type") or "").startswith(_FORM)
        decision = _decision(app.current_event.decoded_body or "", from_form=from_form)
        envelope = _decide(with_, _envelope(with_, token), decision)
        if from_form:
            return _page(envelope, with_.now())
        return Response(200, content_types.APPLICATION_JSON, json.dumps(_answer(envelope)))


_FORM: Final = "application/x-www-form-urlencoded"


def _by_id(with_: Collaborators, envelope_id: str) -> Thing:
    """Raises Refusal 404."""
    thing = with_.ledger.find("esign", envelope_id)
    if thing is None:
        raise Refusal(404, "There is no such envelope.")
    return thing


def _answer(envelope: Thing) -> dict[str, Any]:
    return {"envelope_id": envelope["id"], "status": envelope["status"]}


def _sign_before(envelope: Thing) -> datetime:
    return datetime.fromtimestamp(int(envelope["sign_before"]), UTC)


def _status(envelope: Thing, now: datetime) -> str:
    """As anybody sees it: expired also when the time is over and nothing was noted."""
    status: str = envelope["status"]
    return "expired" if status == "sent" and now >= _sign_before(envelope) else status


def _envelope(with_: Collaborators, token: str) -> Thing:
    """Raises Refusal 404; whether the id or the secret was wrong stays untold."""
    thing = with_.ledger.find("esign", "env_" + token[:_ID_DIGITS])
    if thing is None or not hmac.compare_digest(thing["token_secret"].encode(), token[_ID_DIGITS:].encode()):
        raise Refusal(404, "There is no such envelope.")
    return thing


def _decision(text: str, *, from_form: bool) -> SigningDecision:
    if not text.strip():
        return SigningDecision()
    if from_form:
        text = json.dumps(
            {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
        )
    return read_body(SigningDecision, text)


def _decide(with_: Collaborators, envelope: Thing, decision: SigningDecision) -> Thing:
    """Signs or declines; the same again changes nothing. Raises Refusal 409 (the opposite) or 410 (late)."""
    if envelope["status"] == "sent" and _status(envelope, with_.now()) == "expired":
        raise Refusal(410, "The time to sign is over.")
    declined = decision.action == "decline"
    return _close(with_, envelope, _OUTCOME[decision.action], decision.reason if declined else None)


def _close(with_: Collaborators, envelope: Thing, status: str, reason: str | None) -> Thing:
    """Gives an envelope its final status and tells of it, once. Raises Refusal 409 when it has another one."""
    now = with_.now()
    data: dict[str, Any] = {
        "envelope_id": envelope["id"],
        "reference": envelope["reference"],
        "occurred_at": rfc3339(now),
    }
    if reason and reason.strip():
        data["reason"] = reason.strip()
    callback = Callback.about(
        envelope["id"],
        vendor="esign",
        url=envelope["callback_url"],
        type=f"envelope.{status}",
        at=now,
        data=data,
    )
    mine = with_.ledger.settle(envelope, status=status, callback=callback, now=now)
    settled = {**envelope, "status": status, "callback": callback.to_message()}
    if not mine:
        settled = dict(with_.ledger.find("esign", envelope["id"]) or envelope)
        if settled["status"] != status:
            raise Refusal(409, f"The envelope is {settled['status']}.")
    with_.send_callback(settled, callback, mine=mine, delay_seconds=0)
    return settled


def _page(envelope: Thing, now: datetime) -> Response[str]:
    page = signing_page(
        title=envelope["title"],
        document_html=envelope["html"],
        signer_name=envelope["signer_name"],
        status=envelope["status"],
        sign_before=_sign_before(envelope),
        now=now,
    )
    return Response(200, "text/html; charset=utf-8", page, headers=dict(PAGE_HEADERS))
