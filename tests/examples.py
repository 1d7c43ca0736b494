"""How many examples a test looks at: a share of what it asks for on every run, a multiple in the long profile."""

from typing import Any, Final

from hypothesis import settings

ASKED: Final = 60
"""By a test that says nothing."""
_AT_LEAST: Final = 20
_SHARE: Final = 4
_TIMES: Final = 4


def examples(count: int, **more: Any) -> settings:
    """Four times ``count`` examples in the long profile (``make test-long``); in the quick one a quarter, at least 20
    of them.
    """
    chosen = quick if settings.get_current_profile_name() == "quick" else long
    return settings(max_examples=chosen(count), **more)


def quick(count: int) -> int:
    """The share of them that every run looks at."""
    return min(count, max(_AT_LEAST, count // _SHARE))


def long(count: int) -> int:
    """As many as there is time for now and then."""
    return count * _TIMES
