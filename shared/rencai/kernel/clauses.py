"""What people wrote, held against words: clause by clause, so that a denial takes out only what it stands beside."""

import re
from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .texts import Pattern, Slug, bounded_regex

_CLAUSE: Final = re.compile(r"[,.;:!?\n\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u3001]")


class ClauseRule(BaseModel):
    """Met by a text of which a clause says one of ``present`` and none of ``unless``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    id: Slug
    present: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=50)]
    unless: Annotated[tuple[Pattern, ...], Field(max_length=50)] = ()

    @field_validator("present", "unless")
    @classmethod
    def _bounded(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(bounded_regex(pattern) for pattern in patterns)

    def met_by(self, text: str) -> bool:
        """Whether a clause of ``text`` says so."""
        return any(
            _says(self.present, clause) and not _says(self.unless, clause) for clause in _CLAUSE.split(text)
        )


def _says(patterns: Iterable[str], clause: str) -> bool:
    return any(re.search(pattern, clause) for pattern in patterns)
