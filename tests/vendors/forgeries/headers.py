"""Headers that are gone, doubled or broken."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tests.vendors.forgeries.scheme import Bad, Headers, Scheme, changed_header

_OPTIONAL: Final = "greenhouse-event-id"
"""The one header that may be missing; doubled or broken it is refused all the same."""


def headers_gone_or_doubled(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    body, headers = scheme.body(now), scheme.headers(now)
    yield Bad("no headers at all", body, {})
    for name, (value,) in headers.items():
        if name != _OPTIONAL:
            for what, other in {
                "gone": "x-other",
                "under a name in underscores": f"_{name.replace('-', '_')}",
                "under a name with another hyphen": f"{name}\u2010",
                "under a name with a space": f"{name} ",
            }.items():
                yield Bad(f"{name} {what}", body, _renamed(headers, name, other))
        for what, values in {
            "empty": [""],
            "of no values": [],
            "twice": [value, value],
            "twice, the first empty": ["", value],
            "twice, the second empty": [value, ""],
            "twice, the first wrong": [value[::-1], value],
            "twice, the second wrong": [value, value[::-1]],
            "three times": [value, value, value],
            "a hundred times": [value] * 100,
            "of 100,000 letters": [value + "A" * 100_000],
            "not in ASCII": [f"{value}é"],
            "with a control character": [f"{value}\x1b"],
        }.items():
            yield Bad(f"{name} {what}", body, changed_header(headers, name, *values))


def _renamed(headers: Headers, name: str, other: str) -> Headers:
    return {other if one == name else one: values for one, values in headers.items()}
