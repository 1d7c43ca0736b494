"""What people wrote, held against words: clause by clause, so that a denial takes out only what it stands beside."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Annotated, Final, Protocol

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


class Sought(Protocol):
    """What a rule looks for."""

    @property
    def present(self) -> tuple[str, ...]: ...

    @property
    def unless(self) -> tuple[str, ...]: ...


class ClauseRules:
    """Rules made ready: one pass over a clause finds all that any of them looks for."""

    def __init__(self, rules: Sequence[Sought]) -> None:
        sought = [
            (place, denies, pattern)
            for place, rule in enumerate(rules)
            for denies, patterns in ((False, rule.present), (True, rule.unless))
            for pattern in patterns
        ]
        self._meant = [(place, denies) for place, denies, _ in sought]
        self._patterns = Patterns([pattern for *_, pattern in sought])

    def met_by(self, text: str, is_meant: Callable[[int], bool] | None = None) -> list[int]:
        """The places, in order, of the rules that ``text`` meets. ``is_meant`` says of a place in the text whether what
        begins there is said in earnest; None: all is.
        """
        met: set[int] = set()
        for start, clause in _clauses(text):
            found = self._patterns.found_in(clause)
            denied = {rule for rule, denies in map(self._meant.__getitem__, found) if denies}
            for place in found:
                rule, denies = self._meant[place]
                if denies or rule in denied or rule in met:
                    continue
                if is_meant is None or any(
                    is_meant(start + first) for first, _ in self._patterns.every(place, clause)
                ):
                    met.add(rule)
        return sorted(met)


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for end in _CLAUSE.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    yield start, text[start:]
