"""The bounds of mentors' levels: from which certainty on a level is sure, and below which nothing is rated.

Both are measured on certainties by models that had no part in learning the sentence.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rencai.reading.rules.levels import LEVELS, RATED, comes_to

RIGHT: Final = 0.96
"""Of the levels that are sure, how many are at most one level off: 0.93 is promised of sentences by other writers."""
UNRATED: Final = 0.92
"""Of the sentences that rate nothing, how many are seen to."""
UNREAD: Final = 0.05
"""Of the sentences that rate something, how many may be taken to rate nothing for that."""


def bounds_of_levels(
    levels: Sequence[int | None], certain: Mapping[str, NDArray[np.float64]]
) -> dict[str, float]:
    """``sure`` and ``unsure`` of whether anything is rated; ``certain``: how likely each claim is, by sentence."""
    rated = certain[RATED]
    nothing = np.array([level is None for level in levels])
    unsure = min(np.quantile(rated[nothing], UNRATED), np.quantile(rated[~nothing], UNREAD))
    made = [
        (certainty, level is not None and abs(read - level) <= 1)
        for at, level in enumerate(levels)
        if rated[at] >= unsure
        for read, certainty in [comes_to(rated[at], [certain[f"at_least_{one}"][at] for one in LEVELS])]
    ]
    return {"sure": _least(made), "unsure": round(float(unsure), 2)}


def _least(made: Sequence[tuple[Any, bool]]) -> float:
    """The least certainty from which on enough are right."""
    for bound in np.arange(0.4, 0.99, 0.01):
        picked = [right for certainty, right in made if certainty >= bound]
        if picked and sum(picked) / len(picked) >= RIGHT:
            return round(float(bound), 2)
    return 0.99
