"""Whether what names claims and the lexicons know one another, before they are used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from rencai.reading.rules.lexicon import Lexicon


@runtime_checkable
class NamesClaims(Protocol):
    """A document that names claims of a lexicon."""

    def named_claims(self) -> Iterable[tuple[str, str]]:
        """What names a claim, and the claim."""


def claims_missing(naming: NamesClaims, lexicon: Lexicon | None) -> list[tuple[str, str]]:
    """What names a claim that the lexicon does not have, and the claim: ``("words rule 'tired'", "tird")``. Without a
    lexicon there is no claim at all.
    """
    known = lexicon.told if lexicon else ()
    return [(what, claim) for what, claim in naming.named_claims() if claim not in known]
