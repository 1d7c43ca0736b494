"""How the vendors say no."""

from collections.abc import Sequence
from typing import Any


class Refusal(Exception):
    """An answer other than success; becomes `application/problem+json` (RFC 9457)."""

    def __init__(self, status: int, detail: str, errors: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        """`{path, message}` each; never the offending value, which may be a person's data."""
