"""Whether what names claims and the lexicons know one another, before they are used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Protocol, runtime_checkable

from rencai.reading.rules.classifier import Classifier
from rencai.reading.rules.levels import OF_LEVELS
from rencai.reading.rules.lexicon import Lexicon

_PAIR: Final = re.compile(r"([0-9]{1,3}):(-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2})?)")
_LARGEST: Final = 1000
"""A coefficient; the shipped ones are below 30."""


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


def classifier_errors(name: str, classifier: Classifier) -> list[str]:
    """Why no reader can be made of the document, which is told here and not by the first text that is read."""
    if len(classifier.simplified) % 2:
        return ["simplified: should be pairs of a traditional character and its simplified one"]
    for feature, written in classifier.coefficients.items():
        found = [_PAIR.fullmatch(pair) for pair in written.split(" ")]
        places = [int(pair[1]) for pair in found if pair and abs(float(pair[2])) <= _LARGEST]
        if (
            len(places) < len(found)
            or len(set(places)) < len(places)
            or max(places) >= len(classifier.claims)
        ):
            form = f"claims by their place, 0 to {len(classifier.claims) - 1}, each once: '3:1.2 7:-0.4'"
            return [f"coefficients.{feature}: '{written}' should be {form}"]
    missing = [claim for claim in OF_LEVELS if claim not in classifier.claims] if name == "mentor" else []
    return (
        [f"claims: {', '.join(missing)} should be there, by which a mentor's level comes about"]
        if missing
        else []
    )
