"""What people wrote, held against words: clause by clause, so that a denial takes out only what it stands beside."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .patterns import Pattern, Patterns, checked, checked_together
from .texts import Slug

_CLAUSE: Final = re.compile(r"[,.;:!?\n\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u3001]")


class ClauseRule(BaseModel):
    """Met by a text of which a clause says one of ``present`` and none of ``unless``; ``ClauseRules`` tells."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    id: Slug
    present: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=50)]
    unless: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()

    @field_validator("present", "unless")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked(pattern) for pattern in patterns)


def checked_rules(rules: Iterable[ClauseRule]) -> None:
    """Raises ``ValueError`` when what they look for is too much to be looked for at once."""
    checked_together(pattern for rule in rules for pattern in (*rule.present, *rule.unless))


@lru_cache(maxsize=8)
def made_ready(rules: tuple[ClauseRule, ...]) -> "ClauseRules":
    """The rules made ready, once for the same rules."""
    return ClauseRules(rules)


class ClauseRules:
    """Rules made ready: one pass over a clause finds all that any of them looks for."""

    def __init__(self, rules: Sequence[ClauseRule]) -> None:
        sought = [
            (place, denies, pattern)
            for place, rule in enumerate(rules)
            for denies, patterns in ((False, rule.present), (True, rule.unless))
            for pattern in patterns
        ]
        self._meant = [(place, denies) for place, denies, _ in sought]
        self._patterns = Patterns([pattern for *_, pattern in sought])

    def met_by(self, text: str) -> list[int]:
        """The places, in order, of the rules that ``text`` meets."""
        met: set[int] = set()
        for clause in _CLAUSE.split(text):
            meant = [self._meant[found] for found in self._patterns.found_in(clause)]
            denied = {place for place, denies in meant if denies}
            met |= {place for place, denies in meant if not denies} - denied
        return sorted(met)
