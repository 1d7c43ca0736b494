"""A classifier's coefficients made ready: how certain each claim is by a text's features, and what of it tells so."""

from collections.abc import Iterable, Iterator, Sequence
from math import exp, inf, log, sqrt
from struct import Struct
from typing import Final

from .classifier import ALONE, ClaimModel, Classifier, features
from .clauses import Clause

_UNIT: Final = 1e-9
_LANE: Final = 64
_MARKS: Final = ("", "~", ">")
_NEAR: Final = 1e-6
"""Scores so near a bound are compared as certainties."""


class Linear:
    """Made once; of the thousands of coefficients those are read that a text asks for.

    The coefficients of a feature are one integer, each claim's a lane of 64 bits in billionths: they are added up
    for all claims at once, and come to the same in whatever order.
    """

    def __init__(self, classifier: Classifier) -> None:
        self._claims: list[tuple[str, ClaimModel]] = list(classifier.claims.items())
        self._place = {claim: place for place, (claim, _) in enumerate(self._claims)}
        self._least = [_least(model) / _UNIT for _, model in self._claims]
        self._written = classifier.coefficients
        self._features = frozenset(self._written)
        self._lanes: dict[str, int] = {}
        self._weights: dict[str, dict[int, int]] = {}
        self._questions: dict[str, tuple[Sequence[int], Sequence[float]]] = {}
        self._signs = sum(1 << (_LANE * place + _LANE - 1) for place in range(len(self._claims)))
        self._unpack = Struct(f"<{len(self._claims)}q").unpack

    def known(self, found: set[str]) -> frozenset[str]:
        """Those of the features that have coefficients."""
        return self._features & found

    def certainties(self, known: frozenset[str]) -> Iterator[tuple[str, float, ClaimModel]]:
        """Of every claim, in order, how certain it is, whatever it answers."""
        sums, norm, (asked, _) = self._sums(known), _norm(known), self._asked(None)
        for place, total in enumerate(sums):
            yield self._certainty(place, total, norm, asked[place])

    def likely(
        self, known: frozenset[str], others: Iterable[str], topic: str | None = None
    ) -> Iterator[tuple[str, float, ClaimModel]]:
        """As ``certainties``, of the claims that are at least unsure, and of ``others``; ``topic`` is what the question
        was about.
        """
        sums, norm = self._sums(known), _norm(known)
        asked, least = self._asked(topic)
        root = sqrt(max(1, len(known)))
        places = {place for place, total in enumerate(sums) if total >= least[place] * root}
        places.update([self._place[claim] for claim in others if claim in self._place])
        for place in sorted(places):
            yield self._certainty(place, sums[place], norm, asked[place])

    def _asked(self, topic: str | None) -> tuple[Sequence[int], Sequence[float]]:
        """What the question adds to each claim's score as it is, and what is left for the features to come to."""
        about = f"{ALONE}{topic or ''}"
        about = about if about in self._features else ALONE
        asked = self._questions.get(about)
        if asked is None:
            weights = self._weights_of(about) if about in self._features else {}
            more = tuple([weights.get(place, 0) for place in range(len(self._claims))])
            least = tuple([least - one for least, one in zip(self._least, more, strict=True)])
            asked = self._questions[about] = (more, least)
        return asked

    def _certainty(self, place: int, total: int, norm: float, asked: int) -> tuple[str, float, ClaimModel]:
        claim, model = self._claims[place]
        score = model.bias + (total * norm + asked) * _UNIT
        return claim, _logistic(model.slope * score + model.intercept), model

    def _sums(self, known: Iterable[str]) -> tuple[int, ...]:
        lanes, total = self._lanes, self._signs
        for feature in known:
            one = lanes.get(feature)
            if one is None:
                weights = self._weights_of(feature).items()
                one = lanes[feature] = sum(weight << _LANE * place for place, weight in weights)
            total += one
        return self._unpack((total ^ self._signs).to_bytes(_LANE // 8 * len(self._claims), "little"))

    def _weights_of(self, feature: str) -> dict[int, int]:
        weights = self._weights.get(feature)
        if weights is None:
            pairs = (pair.split(":") for pair in self._written[feature].split(" "))
            weights = self._weights[feature] = {
                int(place): round(float(weight) / _UNIT) for place, weight in pairs
            }
        return weights

    def phrase(self, claim: str, said: str, clauses: Sequence[Clause], sign: int = 1) -> tuple[int, int]:
        """The clause that carries the claim, cut to the words that weigh; with -1 what speaks against it."""
        best = (0, clauses[0].start, clauses[0].end)
        for clause in clauses:
            first, last = clause.end, clause.start
            weighed = self._weighed(self._place[claim], set(features(said, clause.start, clause.end)), sign)
            for gram in weighed:
                at = said.find(gram, clause.start, clause.end)
                if at >= 0 and len(gram) > 1:
                    first, last = min(first, at), max(last, at + len(gram))
            total = sum(weighed.values())
            if total > best[0]:
                best = (total, first, last) if last > first else (total, clause.start, clause.end)
        return best[1], best[2]

    def _weighed(self, place: int, grams: set[str], sign: int) -> dict[str, int]:
        """The most that each of ``grams`` weighs for a claim as the classifier may mark it; what weighs nothing is left
        out.
        """
        found: dict[str, int] = {}
        for mark in _MARKS:
            marked = {mark + gram for gram in grams} if mark else grams
            for feature in self._features & marked:
                weight = sign * self._weights_of(feature).get(place, 0)
                gram = feature[len(mark) :]
                if weight > found.get(gram, 0):
                    found[gram] = weight
        return found

    def weight(self, feature: str, claim: str) -> float:
        """What the feature weighs for the claim; nothing, if it is not known."""
        known = feature in self._features
        return self._weights_of(feature).get(self._place[claim], 0) * _UNIT if known else 0.0


def _norm(known: frozenset[str]) -> float:
    return 1 / sqrt(len(known)) if known else 0.0


def _least(model: ClaimModel) -> float:
    """What the features have to come to for the claim to be unsure, or a little less."""
    if model.slope <= 0:
        return -inf
    return (-log(1 / model.unsure - 1) - model.intercept) / model.slope - model.bias - _NEAR


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))
