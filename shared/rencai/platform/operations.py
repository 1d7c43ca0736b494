"""What an operation of the API may answer when it does not do what was asked: by status, each ``type`` of problem.

What all have in common follows from what they take; what is an operation's own is said beside its route::

    @router.post("/candidates/<candidate_id>/review", ..., openapi_extensions=refuses({409: [NOTHING_TO_REVIEW]}))

The tests hold every answer they get against it, so none is forgotten.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from rencai.kernel.errors import CommonRefusal, Refusal

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.api_gateway import Route

EXTENSION: Final = "x-problems"
_BODIES: Final = frozenset({"POST", "PUT", "PATCH"})
MALFORMED: Final = "malformed"
THROTTLED: Final = "throttled"
INTERNAL: Final = "internal"


def refuses(codes: Mapping[int, Collection[Refusal]]) -> dict[str, Any]:
    """Says of a route what it refuses besides what all do: the codes by status."""
    return {EXTENSION: {status: [code.value for code in some] for status, some in codes.items()}}


def problems_of(route: "Route") -> dict[int, list[str]]:
    """Every code a problem of this operation may have, by status, API Gateway's own among them."""
    found: dict[int, set[str]] = {
        400: {MALFORMED},
        404: {CommonRefusal.NOT_FOUND.value},
        429: {THROTTLED},
        500: {INTERNAL},
        504: {"timeout"},
    }
    if any(route.security or ()):
        found |= {401: {"unauthorized"}, 403: {"forbidden"}}
    if any(parameter.alias == "cursor" for parameter in route.dependant.query_params):
        found[400].add(CommonRefusal.BAD_CURSOR.value)
    if route.method in _BODIES:
        found[409] = {CommonRefusal.CONFLICT.value}
        found[413] = {CommonRefusal.BODY_TOO_LARGE.value}
    for status, codes in (route.openapi_extensions or {}).get(EXTENSION, {}).items():
        found.setdefault(int(status), set()).update(codes)
    return {status: sorted(codes) for status, codes in sorted(found.items())}
