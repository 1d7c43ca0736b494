"""What an address may hold: what varies in its path, and what stands behind the question mark.

Looked at whatever a route says of it, before the route or anything behind it does: the table bounds its keys, what is
no text would be an error there, and a parameter that nobody knows is a filter that would not filter.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import (
    OpenAPIRequestValidationMiddleware,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)

from rencai.kernel.seen import legible

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response
    from aws_lambda_powertools.event_handler.api_gateway import Route
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

LONGEST_ID: Final = 128
"""Characters of anything that varies in a path. No id of ours is longer; and with what stands before it in a key, one
of four bytes each stays below the 1,024 that the table takes."""
LONGEST_QUERY: Final = 1024
"""Bytes of UTF-8 of a query parameter: as many as S3 takes of a file's name."""
LONGEST_CURSOR: Final = 4096
"""The same of a cursor, which may hold such a name: escaped, and then in base64."""
_LONGEST_NAME: Final = 128
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ENCODED: Final = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
"""A run of bytes that are none of ASCII."""
_NO_CHARACTER: Final = re.compile(r"[\ud800-\udfff]")
TEXT: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""The same, for the documentation: a text without control characters."""
_JSON: Final = "application/json"
_PARAMETERS: Final = ("queryStringParameters", "multiValueQueryStringParameters")


class Addressed(OpenAPIRequestValidationMiddleware):
    """Lets through the calls whose address is in order; the rest of a call is looked at by Powertools.

    ``links``: parameters that no route knows are overlooked.
    """

    def __init__(self, links: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped
        self._links = links

    def handler(self, app: Any, next_middleware: "NextMiddleware") -> "Response[Any]":
        """Raises ``RequestValidationError`` with everything that is wrong."""
        event = app.current_event
        # What the route found is what it will take; API Gateway also tells of what no pattern matches.
        in_path = [*app.context["_route_args"].items(), *(event.get("pathParameters") or {}).items()]
        single = event.get("queryStringParameters") or {}
        query = {name: [value] for name, value in single.items()}
        query |= event.get("multiValueQueryStringParameters") or {}
        known = None if self._links else query_names(app.context["_route"])
        wrong = {
            error["loc"]: error
            for error in (*_wrong_in_path(in_path), *_unknown(query, known), *_wrong_in_query(query))
        }
        if wrong:
            raise RequestValidationError(list(wrong.values()))
        if _CONTROL.search(event.path) or _NO_CHARACTER.search(event.path):
            # A route's pattern would overlook a line break at the end.
            raise NotFoundError
        for parameters in _PARAMETERS:
            # ``?stage=&role=`` asks for nothing in particular.
            given = event.get(parameters)
            if given:
                event.raw_event[parameters] = {
                    name: value for name, value in given.items() if value not in ("", [""])
                }
        return super().handler(app, next_middleware)

    def _get_body(self, app: Any) -> dict[str, Any]:
        """JSON only: Powertools would read a form as well, of which every field is a list of texts."""
        kind = app.current_event.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in ("", _JSON):
            raise RequestUnsupportedContentType("not JSON", errors=[])
        return self._parse_json_data(app)


def drop_unseen(event: dict[str, Any]) -> None:
    """Have an event of API Gateway's without what nobody sees in its path and its query."""
    event["path"] = _as_seen(event.get("path") or "")
    for parameters in ("pathParameters", "queryStringParameters"):
        if given := event.get(parameters):
            event[parameters] = {name: _as_seen(value) for name, value in given.items()}
    if several := event.get("multiValueQueryStringParameters"):
        event["multiValueQueryStringParameters"] = {
            name: [_as_seen(value) for value in values] for name, values in several.items()
        }


def _as_seen(text: str) -> str:
    if text.isascii() and "%" not in text:
        return text
    return legible(_ENCODED.sub(_decoded_as_seen, text))


def _decoded_as_seen(encoded: re.Match[str]) -> str:
    """Bytes in per-cent encoding as they are, unless they write what nobody sees."""
    text = unquote(encoded[0], errors="surrogateescape")
    seen = legible(text)
    return encoded[0] if seen == text else quote(seen, errors="surrogateescape")


def query_names(route: "Route") -> list[str]:
    """The query parameters that a route knows."""
    return [str(parameter.alias) for parameter in route.dependant.query_params]


def _unknown(given: Mapping[str, Sequence[str]], known: Collection[str] | None) -> Iterator[dict[str, Any]]:
    for name in given:
        if known is not None and name not in known:
            kind = "unknown_parameter" if known else "no_parameters"
            yield _wrong("query", name, kind, known=sorted(known))


def _wrong_in_path(given: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for name, value in given:
        if len(value) > LONGEST_ID:
            yield _wrong("path", name, "string_too_long", max_length=LONGEST_ID)
        elif kind := _no_text(value):
            yield _wrong("path", name, kind)


def _wrong_in_query(given: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
    for name, values in given.items():
        longest = LONGEST_CURSOR if name == "cursor" else LONGEST_QUERY
        if kind := _no_text(name):
            yield _wrong("query", name, kind)
        elif len(name) > _LONGEST_NAME:
            yield _wrong("query", name, "name_too_long", max_length=_LONGEST_NAME)
        elif len(values) > 1:
            # Nothing takes several, and API Gateway and we would not agree which of them counts.
            yield _wrong("query", name, "repeated")
        elif any(len(value.encode("utf-8", "surrogatepass")) > longest for value in values):
            yield _wrong("query", name, "bytes_too_long", max_length=longest)
        elif kind := next(filter(None, map(_no_text, values)), None):
            yield _wrong("query", name, kind)


def _no_text(given: str) -> str | None:
    """What is wrong with the characters."""
    if _CONTROL.search(given):
        return "control_character"
    return "string_unicode" if _NO_CHARACTER.search(given) else None


def _wrong(where: str, name: str, kind: str, **limits: object) -> dict[str, Any]:
    """An error as pydantic has them, which ``rencai.kernel.wording`` says."""
    return {"type": kind, "loc": (where, name), "msg": kind, "ctx": limits}
