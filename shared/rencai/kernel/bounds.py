"""Bounds of what an input may hold, looked at before its members are.

pydantic reads every member of a mapping or a tuple before it counts them, and keeps an error for each: of one megabyte
of input it makes a hundred of errors. A list's ``max_length`` it looks at on the way.
"""

from collections.abc import Sized
from typing import Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def at_most_members(limit: int) -> BeforeValidator:
    """At most ``limit`` members of a mapping or a tuple; more is one error, ``too_long``, and none of them is read."""

    def bounded(value: Any) -> Any:
        if isinstance(value, Sized) and not isinstance(value, str | bytes) and len(value) > limit:
            raise PydanticCustomError(
                "too_long", "should have at most {max_length} items", {"max_length": limit}
            )
        return value

    return BeforeValidator(bounded)
