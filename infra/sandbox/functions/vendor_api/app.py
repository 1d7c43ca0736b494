"""The simulated vendors over HTTP: who may call, which fault is on, how a refusal looks. Routes beside."""

import hashlib
import hmac
import json
import os
import secrets
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.api_gateway import ApiGatewayResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from vendor_contract.faults import Fault, FaultBook, FaultMode
from vendor_contract.secrets import VENDORS, read_vendor_secrets
from vendor_contract.table import Table
from vendor_contract.tally import Tally

from . import ats, background, bedrock, benefits, esign, finance, lms, psychometric, sms, testers
from .callback_queue import CallbackQueue, QueueClient
from .collaborators import Collaborators
from .journal import Journal
from .ledger import Ledger
from .refusal import Refusal
from .requests import LONGEST_ANSWER_SECONDS

GARBAGE: Final = '{"items": [{"id": 1, "amount": 80'
_WITHOUT_TOKEN: Final = (bedrock.PATH, esign.SIGN_PATH, psychometric.INVITATION_PATH)

logger = Logger()


def build_app(with_: Collaborators) -> APIGatewayRestResolver:
    """All routes over the given collaborators."""
    app = APIGatewayRestResolver()
    app.use(middlewares=[_authorised(with_), _misbehaving(with_)])
    finance.add_routes(app)
    benefits.add_routes(app)
    esign.add_routes(app, with_)
    background.add_routes(app, with_)
    psychometric.add_routes(app, with_)
    ats.add_routes(app, with_)
    lms.add_routes(app, with_)
    sms.add_routes(app, with_)
    bedrock.add_routes(app)
    testers.add_routes(app, with_)

    # Powertools leaves this decorator untyped.
    @app.exception_handler(Refusal)  # type: ignore[untyped-decorator]
    def refuse(refusal: Refusal) -> Response[str]:
        logger.info("refused", status=refusal.status, detail=refusal.detail, errors=refusal.errors)
        return _problem(refusal.status, refusal.detail, refusal.errors)

    @app.not_found
    def nothing_there(_: Exception) -> Response[str]:
        return _problem(404, "There is nothing here.")

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def fail(error: Exception) -> Response[str]:
        # Where and what kind, not the message: it may quote the request, and that is a person's data.
        where = [
            f"{Path(step.filename).name}:{step.lineno}" for step in traceback.extract_tb(error.__traceback__)
        ]
        logger.error("failed", error=type(error).__name__, where=where[-6:])
        return _problem(500, "The sandbox itself failed; its log tells more.")

    return app


Next = Callable[[ApiGatewayResolver], Response[Any]]
Middleware = Callable[[ApiGatewayResolver, Next], Response[Any]]


def _vendor(app: ApiGatewayResolver) -> str | None:
    """The vendor that is called; None for what testers do, also under a vendor's path."""
    event = app.current_event
    first = event.path.lstrip("/").split("/", 1)[0]
    return first if first in VENDORS and not testers.is_testers(event.http_method, event.path) else None


def _authorised(with_: Collaborators) -> Middleware:
    """A vendor's path takes that vendor's token, the testers' paths any. Pages for people carry their own."""

    def check(app: ApiGatewayResolver, call_next: Next) -> Response[Any]:
        if not app.current_event.path.startswith(_WITHOUT_TOKEN):
            scheme, _, token = (app.current_event.headers.get("authorization") or "").partition(" ")
            vendor = _vendor(app)
            accepted = [secret.token for name, secret in with_.secrets.items() if vendor in (None, name)]
            matches = [hmac.compare_digest(token.strip().encode(), one.encode()) for one in accepted]
            if scheme.lower() != "bearer" or not any(matches):
                raise Refusal(401, "A valid bearer token is required.")
        return call_next(app)

    return check


def _misbehaving(with_: Collaborators) -> Middleware:
    """Down refuses before anything happens. Slow, garbage and half of the errors do the work first: the hard case for a
    caller is a request that was carried out and whose answer was lost."""

    def misbehave(app: ApiGatewayResolver, call_next: Next) -> Response[Any]:
        vendor = _vendor(app)
        if vendor is None:
            return call_next(app)
        fault = with_.faults.read(vendor, _said(app))
        draw = _error_draw(with_, app, fault) if fault.error_rate else 1
        pause = fault.latency_seconds + (fault.seconds if fault.mode is FaultMode.SLOW else 0)
        answer = None
        if fault.mode is not FaultMode.DOWN and draw >= fault.error_rate / 2:
            answer = call_next(app)
        if pause:
            with_.sleep(min(pause, LONGEST_ANSWER_SECONDS))
        if answer is None or draw < fault.error_rate:
            raise Refusal(503, "Simulated outage.")
        if fault.mode is FaultMode.GARBAGE:
            return Response(200, content_types.APPLICATION_JSON, GARBAGE)
        return answer

    return misbehave


def _said(app: ApiGatewayResolver) -> str:
    """All that a call names, for the faults that are meant for some only."""
    event = app.current_event
    return "\n".join([event.path, *event.query_string_parameters.values(), event.decoded_body or ""])


def _error_draw(with_: Collaborators, app: ApiGatewayResolver, fault: Fault) -> float:
    """A fresh one each time the same call comes."""
    event = app.current_event
    call = [
        event.http_method,
        event.path,
        sorted(event.query_string_parameters.items()),
        event.headers.get("idempotency-key"),
    ]
    digest = hashlib.sha256(json.dumps(call).encode()).hexdigest()
    return fault.draw("error_rate", digest, with_.ledger.count_call(digest, with_.now()))


def _problem(status: int, detail: str, errors: list[dict[str, Any]] | None = None) -> Response[str]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response(status, "application/problem+json", json.dumps(body, ensure_ascii=False), headers=headers)


@cache
def _wired() -> APIGatewayRestResolver:
    """The real collaborators, once per container: so the secrets are read once."""
    table = cast(Table, boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"]))
    faults, tally = FaultBook(table), Tally(table)
    queue = cast(QueueClient, boto3.client("sqs"))
    return build_app(
        Collaborators(
            ledger=Ledger(table),
            progress=Journal(table, "progress"),
            applications=Journal(table, "applications"),
            faults=faults,
            tally=tally,
            callbacks=CallbackQueue(queue, os.environ["QUEUE_URL"], faults, tally),
            secrets=read_vendor_secrets(cast(Any, boto3.client("secretsmanager")), os.environ["SECRET_NAME"]),
            callback_delay_seconds=int(os.environ["CALLBACK_DELAY_SECONDS"]),
            public_url_prefix=os.environ["PUBLIC_URL_PREFIX"],
            public_url_suffix=os.environ["PUBLIC_URL_SUFFIX"],
            now=lambda: datetime.now(UTC),
            sleep=time.sleep,
            unguessable=lambda: secrets.token_urlsafe(32),
        )
    )


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """API Gateway REST trigger."""
    return _wired().resolve(event, context)
