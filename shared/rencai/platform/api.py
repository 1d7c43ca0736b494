"""The HTTP edge: one resolver, one table from error to status, problem details (RFC 9457), the caller's language."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, PlainSerializer, StringConstraints

from rencai.kernel.errors import (
    CHINESE,
    ENGLISH,
    CommonRefusal,
    Conflict,
    DomainError,
    Forbidden,
    NotFound,
    Refusal,
)
from rencai.kernel.forms import formed
from rencai.kernel.seen import visible
from rencai.kernel.wording import FieldError, at_most, field_errors, shortened

from .addresses import LONGEST_CURSOR, LONGEST_ID, Addressed, drop_unseen
from .bodies import parsed, parsed_as_seen
from .observability import described, logger
from .problems import PROBLEM, problem_type, title

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.api_gateway import Route

# Below NotFound, Conflict and Forbidden (by class), the code decides; what is not here breaks a rule: 422.
_STATUS_BY_CODE: Final[Mapping[Refusal, HTTPStatus]] = {
    CommonRefusal.BAD_CURSOR: HTTPStatus.BAD_REQUEST,
    CommonRefusal.NOT_JSON: HTTPStatus.BAD_REQUEST,
    CommonRefusal.NOT_UTF8: HTTPStatus.BAD_REQUEST,
    CommonRefusal.NOT_AUTHENTIC: HTTPStatus.UNAUTHORIZED,
    CommonRefusal.NOT_IN_CONTRACT: HTTPStatus.BAD_REQUEST,
    CommonRefusal.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}

_THROTTLED: Final = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""What AWS's services call it when too much is asked of them at once; of a transaction, why it was cancelled."""
_RETRY_AFTER_SECONDS: Final = 5

_BODY: Final = "body"
_IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")

PathId = Annotated[str, Path(max_length=LONGEST_ID)]
"""An id in a path."""
Limit = Annotated[int, Query(ge=1, le=100, description="Items a page")]
Cursor = Annotated[str | None, Query(max_length=LONGEST_CURSOR, description="`next` of the previous page")]


Score = Annotated[Decimal, PlainSerializer(float, return_type=float)]
"""A decimal that leaves as a JSON number."""


class View(BaseModel):
    """What an answer looks like. Built when a route first needs it: the other routes' cost nothing."""

    model_config = ConfigDict(defer_build=True, json_schema_serialization_defaults_required=True)


class Request(BaseModel):
    """What a request looks like. A field that is none is refused: misspelt, it would ask for something else."""

    model_config = ConfigDict(defer_build=True, extra="forbid")


class NamedView(View):
    """Something the tenant configured, and its name in the caller's language."""

    id: str
    name: str


# No slashes and not only dots (they would leave the folder), and nothing S3 or a shell would stumble over.
_FILENAME: Final = formed(
    r"^[^/\\\x00-\x1f]*[^/\\\x00-\x1f.][^/\\\x00-\x1f]*$",
    "应为文件名,不能含斜杠、反斜杠或控制字符,也不能只有点,例如 2026-03.jsonl",
    "should be the name of a file, without slashes, backslashes and controls, and not dots only, as in 2026-03.jsonl",
)
Filename = Annotated[str, StringConstraints(pattern=_FILENAME, max_length=200)]


class TicketView(View):
    """PUT the file to ``url`` with these ``headers`` before ``expires_at``."""

    url: str
    method: Literal["PUT"] = "PUT"
    headers: dict[str, str]
    expires_at: datetime


class TimelineEntry(View):
    """Something that happened; ``type`` is the event's name, ``actor`` who did it."""

    at: datetime
    type: str
    actor: str
    data: dict[str, Any]


class TimelinePage(View):
    """A page of the timeline, oldest first."""

    items: list[TimelineEntry]
    next: str | None


def caller_language(header: str | None, default: str) -> str:
    """The first of our languages in an ``Accept-Language`` header, else the tenant's.

    >>> caller_language("fr, en-GB;q=0.8, zh;q=0.5", "zh-CN")
    'en'
    """
    for part in (header or "").split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag == "zh" or tag.startswith("zh-"):
            return CHINESE
        if tag == "en" or tag.startswith("en-"):
            return ENGLISH
    return default


def status_of(error: DomainError) -> int:
    """The one table from a rule's refusal to an HTTP status."""
    if isinstance(error, NotFound):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, Conflict):
        return HTTPStatus.CONFLICT
    if isinstance(error, Forbidden):
        return HTTPStatus.FORBIDDEN
    return _STATUS_BY_CODE.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)


class Api:
    """A resolver whose every answer, good or bad, has the contract's form.

    What nobody sees (``rencai.kernel.seen``) is dropped from addresses and bodies before a route reads them, so that an
    id that was copied with it is that id.
    """

    def __init__(self, default_language: str, links: bool = False, *, as_sent: bool = False) -> None:
        """``links``: people follow links to it, to which messengers add parameters; these are overlooked. ``as_sent``:
        bodies are a vendor's, and its ids are as it wrote them.
        """
        self._default_language = default_language
        self.resolver = APIGatewayRestResolver(
            enable_validation=True,
            serializer=_serialized,
            json_body_deserializer=parsed if as_sent else parsed_as_seen,
        )
        # Powertools has no public way to look at a call before it does.
        self.resolver._request_validation_middleware = Addressed(links)
        self.resolver.exception_handler(RequestValidationError)(self._malformed)
        self.resolver.exception_handler(RequestUnsupportedContentType)(self._no_json)
        self.resolver.exception_handler(DomainError)(self._refused)
        self.resolver.exception_handler(ServiceError)(self._service_error)
        self.resolver.not_found(self._no_route)
        self.resolver.exception_handler(ClientError)(self._not_answered)
        self.resolver.exception_handler(Exception)(self._failed)

    @property
    def language(self) -> str:
        """The language of the caller of the present request."""
        return str(self.resolver.context.get("language", self._default_language))

    def _said(self, chinese_and_english: tuple[str, str]) -> str:
        return chinese_and_english[0 if self.language == CHINESE else 1]

    @property
    def body(self) -> bytes:
        """The present request's body, as it was sent."""
        event = self.resolver.current_event
        text = event.body or ""
        return base64.b64decode(text) if event.is_base64_encoded else text.encode("utf-8", "surrogatepass")

    @property
    def body_size(self) -> int:
        """Bytes of the present request's body."""
        return len(self.body)

    @property
    def routes(self) -> "list[Route]":
        """What it answers: one for each method and path, whether it is documented or not."""
        # Powertools has no public way to ask for them.
        return [*self.resolver._static_routes, *self.resolver._dynamic_routes]

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda handler. Routers find in their context: ``language``, ``actor``, ``client_id`` (the OAuth client
        whose token it is) and its ``scopes``, ``idempotency_key`` (or None) and ``request_key``, which names this
        request: the idempotency key with whose it is, else API Gateway's request id.
        """
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        request = event.get("requestContext") or {}
        claims = (request.get("authorizer") or {}).get("claims") or {}
        key = visible(headers.get("idempotency-key") or "") or None
        if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
            key = None
        actor = claims.get("sub") or claims.get("client_id") or "api"
        self.resolver.append_context(  # type: ignore[no-untyped-call]  # untyped in Powertools
            language=caller_language(headers.get("accept-language"), self._default_language),
            actor=actor,
            client_id=claims.get("client_id") or "",
            scopes=frozenset((claims.get("scope") or "").split()),
            idempotency_key=key,
            # No client's key is another's: what one has asked for would count as asked for by the other.
            request_key=f"{actor}#{key}" if key else request.get("requestId") or "",
        )
        drop_unseen(event)
        # What a caller quotes from a problem's request_id is found in the log.
        logger.append_keys(request_id=request.get("requestId"))
        return self.resolver.resolve(event, context)

    def problem(
        self, status: int, code: str, detail: str, errors: Sequence[FieldError] = ()
    ) -> Response[Any]:
        """A problem-details answer."""
        problem: dict[str, Any] = {
            "type": problem_type(code),
            "title": title(status, self.language),
            "status": status,
            "detail": detail,
            "request_id": self.resolver.current_event.request_context.request_id or "",
        }
        if errors:
            told = at_most(errors, self.language)
            # How many more there are is said of no place.
            problem["errors"] = [
                {"path": error.path, "message": error.message} if error.path else {"message": error.message}
                for error in told
            ]
        # What is quoted may be half a character, with which no answer could be sent.
        body = json.dumps(problem, ensure_ascii=False).encode("utf-8", "replace").decode()
        return Response(status_code=status, content_type=PROBLEM, body=body)

    def _malformed(self, error: RequestValidationError) -> Response[Any]:
        # The first part of a location says "body" or "query"; the contract's paths start at the field. Of what is no
        # JSON the second part is a position, and not a field.
        details = error.errors()
        found = [
            # What is wrong with all of it is wrong with the body: no error is without its place.
            replace(one, path=one.path or _BODY)
            for one in field_errors(
                details, self.language, skip=2 if details[0]["type"] == "json_invalid" else 1
            )
        ]
        detail = "; ".join(f"{e.path}: {e.message}" if e.path else e.message for e in found[:3])
        return self.problem(HTTPStatus.BAD_REQUEST, "malformed", detail, found)

    def _no_json(self, _: RequestUnsupportedContentType) -> Response[Any]:
        detail = self._said(("Content-Type 应为 application/json", "Content-Type should be application/json"))
        return self.problem(HTTPStatus.BAD_REQUEST, "malformed", detail)

    def _refused(self, error: DomainError) -> Response[Any]:
        text = error.text(self.language)
        errors = [FieldError(error.path, text)] if error.path else []
        return self.problem(status_of(error), error.code, text, errors)

    def _service_error(self, error: ServiceError) -> Response[Any]:
        return self.problem(error.status_code, "http", title(error.status_code, self.language))

    def _no_route(self, _: Exception) -> Response[Any]:
        event = self.resolver.current_event
        others = sorted({route.method for route in self.routes if route.rule.match(event.path)})
        # A route that has the method did not take the address.
        if not others or event.http_method in others:
            return self._refused(NotFound("path", shortened(event.path)))
        allowed = ", ".join(others)
        detail = self._said(
            (
                f"这个地址不支持 {event.http_method};可用的方法:{allowed}",
                f"This address does not take {event.http_method}; it takes {allowed}",
            )
        )
        answer = self.problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", detail)
        answer.headers["Allow"] = allowed
        return answer

    def _not_answered(self, error: ClientError) -> Response[Any]:
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        if not _THROTTLED & {error.response.get("Error", {}).get("Code"), *reasons}:
            return self._failed(error)
        # It has been tried again here, for some seconds. Vendors and clients send again when they are told to wait.
        logger.warning("throttled", extra={"reason": described(error)})
        answer = self.problem(HTTPStatus.TOO_MANY_REQUESTS, "throttled", title(429, self.language))
        answer.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        return answer

    def _failed(self, error: Exception) -> Response[Any]:
        logger.error("failed", extra={"reason": described(error)})
        return self.problem(500, "internal", title(500, self.language))


def _serialized(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
