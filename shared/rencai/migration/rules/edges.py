"""What a header says of the days under it, where they stand for weeks (F1)."""

import re
from collections.abc import Mapping
from typing import Final, Literal

Edge = Literal["first", "last"]
_EDGES: Final[Mapping[Edge, re.Pattern[str]]] = {
    "first": re.compile(
        r"start|begin|commenc|from|first|^wc$|开始|起始|始于|首日|起$|起止|第一天|周一|星期一"
    ),
    "last": re.compile(
        r"end|last|until|^we$|结束|截止|截至|终止|末|最后一天|起止|止$|周日(?!期)|星期日(?!期)|星期天"
    ),
}


def edge_of(header: str) -> Edge | None:
    """Whether the days under a header (as ``compact`` gives it) are the first or the last of their weeks.

    >>> edge_of("weekstarting"), edge_of("周结束日期"), edge_of("周日期"), edge_of("周起止日期")
    ('first', 'last', None, None)
    """
    edges = [edge for edge, said in _EDGES.items() if said.search(header)]
    # From and to: it is a span.
    return edges[0] if len(edges) == 1 else None
