"""Cursors, limits, and the answer to "what is new": one way for all lists."""

import base64
import json
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from .journal import Journal
from .refusal import Refusal

LARGEST_NEWS: Final = 200


def read_limit(text: str, largest: int) -> int:
    """Raises Refusal 400."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= largest):
        raise Refusal(400, f"limit is a number from 1 to {largest}.")
    return int(text)


def cursor(name: str, place: str | int) -> str:
    """Opaque to callers: the list it belongs to, and a place in it."""
    return base64.urlsafe_b64encode(json.dumps([name, place]).encode()).decode()


def read_cursor(text: str) -> tuple[str, Any]:
    """Raises Refusal 400."""
    try:
        name, place = json.loads(base64.urlsafe_b64decode(text))
    except (ValueError, TypeError):
        raise Refusal(400, "cursor is none of ours.") from None
    if not (isinstance(name, str) and place and not isinstance(place, bool)):
        raise Refusal(400, "cursor is none of ours.")
    return name, place


def news(app: APIGatewayRestResolver, journal: Journal) -> Response[str]:
    """`{items, next}` for `?since=<cursor>&limit=`.

    `next` is the cursor to go on from, now or later; null as long as nothing was ever recorded. The end is where a page
    has no items.
    """
    query = app.current_event.query_string_parameters
    limit = read_limit(query.get("limit", str(LARGEST_NEWS)), LARGEST_NEWS)
    items: list[Any] = []
    next: str | None = None
    last = journal.last()
    if last is not None:
        entries, position = journal.page(_position(journal, query.get("since", "")), last, limit)
        items = [json.loads(entry) for entry in entries]
        next = cursor(journal.name, position)
    answer = json.dumps({"items": items, "next": next}, ensure_ascii=False)
    return Response(200, content_types.APPLICATION_JSON, answer)


def _position(journal: Journal, since: str) -> int:
    """Before the first entry when nothing is given."""
    if not since:
        return 0
    name, position = read_cursor(since)
    if name != journal.name or not isinstance(position, int) or position < 1:
        raise Refusal(400, "since is none of our cursors.")
    return position
