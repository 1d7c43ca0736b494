"""Bodies of requests as JSON, and without what nobody sees (``rencai.kernel.seen``)."""

import json
from typing import Any

from rencai.kernel.mistakes import TOO_DEEP
from rencai.kernel.seen import legible


def parsed(body: str) -> Any:
    """JSON; what the parser cannot hold (thousands of digits, nested thousands deep) is no JSON to us either."""
    try:
        return json.loads(body)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError):
        raise _no_json() from None


def parsed_as_seen(body: str) -> Any:
    """The same, with texts as a person sees them. Names are ours, or a column's and as its file has it."""
    read = parsed(body)
    # Of a body that has nothing of the kind, not even escaped, nothing has to be looked at.
    if body.isascii() and "\\u" not in body:
        return read
    try:
        return _as_seen(read)
    except RecursionError:
        raise _no_json() from None


def _no_json() -> json.JSONDecodeError:
    return json.JSONDecodeError(TOO_DEEP, "", 0)


def _as_seen(value: Any) -> Any:
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, list):
        return [_as_seen(one) for one in value]
    if isinstance(value, dict):
        return {name: _as_seen(one) for name, one in value.items()}
    return value
