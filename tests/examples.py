"""How many examples a test looks at: all of them in the long profile, a share of them in the quick one."""

from typing import Any, Final

from hypothesis import settings

LONG: Final = 60
"""Of a test that says nothing."""
_AT_LEAST: Final = 20
_SHARE: Final = 4


def examples(count: int, **more: Any) -> settings:
    """``count`` examples in the long profile (``make test-long``); in the quick one, a quarter, but 20 if there are."""
    if settings.get_current_profile_name() == "quick":
        count = quick(count)
    return settings(max_examples=count, **more)


def quick(count: int) -> int:
    """The share of them that every run looks at."""
    return min(count, max(_AT_LEAST, count // _SHARE))
