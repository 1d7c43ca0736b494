"""The lexicon: which claims there are, and the words that make each; a versioned document for each kind of words."""

from itertools import chain
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from rencai.kernel.configuration import Kind
from rencai.kernel.patterns import checked, checked_together
from rencai.kernel.texts import LocalizedText, Slug

from .clauses import Scope, ScopeWords

_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)

MOST_STEPS: Final = 400_000
"""Of RE2's program for all patterns of a lexicon: of hundreds only those are tried whose words a sentence has."""
_Pattern = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""Longer than one that HR writes: a paraphrase is verbs times objects, and a pattern has both as alternatives."""


ScopeName = Literal["denied", "others", "over", "supposed", "wished", "hearsay", "asked"]


class Claim(BaseModel):
    """Something that words can say: ``team_management``, ``exhausted``, ``level_4``.

    ``present``: patterns (RE2) of which a sentence has one, held against small letters, half width, simplified
    characters. ``loosely``: paraphrases that alone make nothing sure; what each is worth the classifier learns.
    ``unless`` takes a sentence out. ``in_spite_of``: scopes that do not take the claim back. ``meaning``:
    the definition that labellers and a language model go by, in English. ``hint``: nothing that is told, but what
    stands around a claim and speaks for or against it. ``under``: a claim of which this is one kind; what does not
    surely say that, does not surely say this.
    """

    model_config = _Config

    name: LocalizedText
    meaning: Annotated[str, Field(max_length=200)] = ""
    present: Annotated[tuple[_Pattern, ...], Field(max_length=160)] = ()
    loosely: Annotated[tuple[_Pattern, ...], Field(max_length=160)] = ()
    unless: Annotated[tuple[_Pattern, ...], Field(max_length=80)] = ()
    in_spite_of: tuple[ScopeName, ...] = ()
    hint: bool = False
    under: Slug | None = None

    @field_validator("present", "loosely", "unless")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked(pattern) for pattern in patterns)


class Lexicon(BaseModel):
    """Of one kind of words. ``taken_back_by`` are the scopes that take claims back: denied, others, over, ...;
    ``words`` are scope words beside those of all kinds.
    ``unless`` takes a sentence out of all claims. Sentences of together ``window`` characters are read as one.
    """

    model_config = _Config

    claims: Annotated[dict[Slug, Claim], Field(min_length=1, max_length=150)]
    unless: Annotated[tuple[_Pattern, ...], Field(max_length=80)] = ()
    window: Annotated[int, Field(ge=0, le=2000)] = 25
    taken_back_by: tuple[ScopeName, ...] = ("denied", "others", "wished", "hearsay")
    words: ScopeWords = ScopeWords()

    @field_validator("unless")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked(pattern) for pattern in patterns)

    @property
    def told(self) -> tuple[str, ...]:
        """The claims that can be told, and asked for by a rule: all but hints."""
        return tuple(id_ for id_, claim in self.claims.items() if not claim.hint)

    @model_validator(mode="after")
    def _together(self) -> Self:
        of_claims = ((*claim.present, *claim.loosely, *claim.unless) for claim in self.claims.values())
        checked_together(chain(self.unless, *of_claims), MOST_STEPS)
        return self


LEXICON: Final = Kind("lexicon", Lexicon)
"""Named by the kind of words: ``competency``, ``survey``, ``mentor``."""


def scopes_of(names: tuple[ScopeName, ...]) -> Scope:
    """The scopes of these names."""
    scope = Scope(0)
    for name in names:
        scope |= Scope[name.upper()]
    return scope
