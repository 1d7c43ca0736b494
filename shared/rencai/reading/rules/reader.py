"""The reader: clauses, then the lexicon's words, then the classifier; what is said, where, and how sure that is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, sqrt
from typing import Final, Protocol
from zlib import crc32

from .classifier import ClaimModel, Classifier, features
from .clauses import Clause, Parsed, Scope, Scopes, ScopeWords, plain, sentences, simplified_of
from .gates import Gated
from .lexicon import Lexicon, scopes_of

_WINDOW: Final = 90
"""Characters read together, if they hold several sentences: what the classifier learned from is about as long."""
UNMEASURED: Final = 0.5
"""Certainty of what the lexicon has and no classifier has learned: a person is asked."""


class By(StrEnum):
    """What told."""

    LEXICON = "lexicon"
    CLASSIFIER = "classifier"
    EXAMPLES = "examples"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class ReaderVersion:
    """The versions of the documents a reader was made of, and of the language model that helped it, if one did."""

    lexicon: int
    classifier: int
    words: int
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """``claim`` is said by ``text[start:end]``, with a certainty of 0-1; where it is not ``sure`` a person is asked."""

    claim: str
    certainty: float
    sure: bool
    start: int
    end: int
    by: By


class Reads(Protocol):
    """Reads what somebody said: a reading a claim at most, the most certain one, in the order of the claims."""

    version: ReaderVersion

    def read(self, text: str) -> tuple[Reading, ...]:
        """What ``text`` says."""

    def read_all(self, texts: Sequence[str]) -> list[tuple[Reading, ...]]:
        """What each of ``texts`` says."""


class Hears(Reads, Protocol):
    """Reads, and tells the clauses of a text, for what goes by others than the reader's claims."""

    def parsed(self, text: str) -> Parsed:
        """``text`` in clauses, with what takes each back."""


class Marking:
    """What a text is to the classifier: its features; the trainer and the reader see it alike.

    ``simplified``: pairs of a traditional character and its simplified one.
    """

    def __init__(self, lexicon: Lexicon, scopes: Scopes, simplified: str) -> None:
        self._scopes = scopes
        self._taken_back = scopes_of(lexicon.taken_back_by)
        self._lexical = _Lexical(lexicon)
        self._simplified = simplified_of(simplified)

    def plain(self, text: str) -> str:
        """The text as it is looked at, character for character."""
        return plain(text, self._simplified)

    def parsed(self, text: str) -> Parsed:
        """The text in clauses."""
        return self._scopes.parsed(self.plain(text))

    def features(self, text: str) -> set[str]:
        """The features of a whole text."""
        said = self.plain(text)
        return self.look(said, 0, len(said))[0]

    def look(
        self, said: str, start: int, end: int
    ) -> tuple[set[str], Mapping[str, tuple[int, int]], Sequence[Clause]]:
        """The features of a window of a plain text, where the lexicon's claims are said in it, and its clauses."""
        clauses = [
            clause
            for first, last in sentences(said, start, end)
            for clause in self._scopes.clauses(said, first, last)
        ]
        spans, back, which = self._lexical.spans(said, start, end, clauses, self._taken_back)
        found = marked(said, clauses, self._taken_back)
        found.update(which)
        found.update(["=" + claim for claim in spans])
        found.update(["=~" + claim for claim in back])
        if spans or which:
            found.add("=")
        return found, spans, clauses


class Reader:
    """A lexicon and its classifier made ready: make once, read many."""

    def __init__(
        self, lexicon: Lexicon, classifier: Classifier, words: ScopeWords, version: ReaderVersion
    ) -> None:
        self.version = version
        self._marking = Marking(lexicon, Scopes(words.joined(lexicon.words)), classifier.simplified)
        self._model = _Model(classifier)

    def read(self, text: str) -> tuple[Reading, ...]:
        """What ``text`` says."""
        said = self._marking.plain(text)
        found: dict[str, Reading] = {}
        for start, end in windows(said):
            for reading in self._look(said, start, end):
                before = found.get(reading.claim)
                if before is None or reading.certainty > before.certainty:
                    found[reading.claim] = reading
        return tuple(found.values())

    def read_all(self, texts: Sequence[str]) -> list[tuple[Reading, ...]]:
        """What each of ``texts`` says."""
        return [self.read(text) for text in texts]

    def parsed(self, text: str) -> Parsed:
        """``text`` in clauses."""
        return self._marking.parsed(text)

    def whole(self, text: str) -> "Whole":
        """What the text comes to as a whole."""
        said = self._marking.plain(text)
        found, spans, clauses = self._marking.look(said, 0, len(said))
        return Whole(said, spans, clauses, self._model, self._model.known(found))

    def _look(self, said: str, start: int, end: int) -> Iterator[Reading]:
        features_, spans, clauses = self._marking.look(said, start, end)
        if not clauses:  # nothing but commas
            return
        unlearned = dict(spans)
        for claim, certainty, judged in self._model.certainties(self._model.known(features_)):
            span = unlearned.pop(claim, None)
            if span and judged.lexicon is not None:
                certainty = max(certainty, judged.lexicon)
            if certainty < judged.unsure:
                continue
            sure = certainty >= judged.sure
            first, last = span or self._model.phrase(claim, said, clauses)
            yield Reading(
                claim, round(certainty, 2), sure, first, last, By.LEXICON if span else By.CLASSIFIER
            )
        for claim, (first, last) in unlearned.items():
            yield Reading(claim, UNMEASURED, False, first, last, By.LEXICON)


class Whole:
    """A text read as one: how likely it makes each claim of the classifier, and what of it tells so."""

    def __init__(
        self,
        said: str,
        spans: Mapping[str, tuple[int, int]],
        clauses: Sequence[Clause],
        model: "_Model",
        known: Sequence[str],
    ) -> None:
        self.certain = {claim: certainty for claim, certainty, _ in model.certainties(known)}
        self._said = said
        self._spans = spans
        self._clauses = clauses
        self._model = model

    def told_by(self, claim: str, *, against: bool = False) -> tuple[int, int, By]:
        """The words that speak most for ``claim`` or against it: the lexicon's if some do, else the n-grams'."""
        sign = -1 if against else 1
        weighed = [(sign * self._model.weight("=" + said, claim), span) for said, span in self._spans.items()]
        best = max(weighed, default=(0.0, (0, 0)))
        if best[0] > 0:
            return *best[1], By.LEXICON
        if not self._clauses:
            return 0, len(self._said), By.CLASSIFIER
        return *self._model.phrase(claim, self._said, self._clauses, sign), By.CLASSIFIER


def windows(said: str) -> Iterator[tuple[int, int]]:
    """Sentences in a row that are read together."""
    start = end = -1
    for first, last in sentences(said):
        if start >= 0 and last - start > _WINDOW:
            yield start, end
            start = -1
        if start < 0:
            start = first
        end = last
    if start >= 0:
        yield start, end


def marked(said: str, clauses: Sequence[Clause], taken_back: Scope) -> set[str]:
    """The features of clauses, marked as the classifier says."""
    found: set[str] = set()
    for clause in clauses:
        back = clause.subject & taken_back
        begins = clause.start
        parts = [(begins, clause.end, bool(back))]
        if not back and taken_back & Scope.DENIED:
            first = min(clause.denials, default=clause.end)
            parts = [
                (begins, clause.denied_before, True),
                (max(begins, clause.denied_before), first, False),
                (first, clause.end, True),
            ]
        for first, last, is_back in parts:
            if last > first:
                grams = features(said, first, last)
                if is_back:
                    found.update(["~" + gram for gram in grams])
                else:
                    found.update(grams)
        if clause.turned:
            found.update([">" + gram for gram in features(said, clause.start, clause.end)])
    return found


class _Lexical:
    """The lexicon's patterns."""

    def __init__(self, lexicon: Lexicon) -> None:
        sought: list[tuple[str | None, str, str]] = [(None, "unless", one) for one in lexicon.unless]
        sought += [
            (claim, how, pattern)
            for claim, one in lexicon.claims.items()
            for how, patterns in (("present", one.present), ("loosely", one.loosely), ("unless", one.unless))
            for pattern in patterns
        ]
        self._meant = [
            (claim, how, f"={claim}:{crc32(pattern.encode()):x}") for claim, how, pattern in sought
        ]
        self._patterns = Gated([pattern for *_, pattern in sought])
        self._in_spite = {claim: scopes_of(one.in_spite_of) for claim, one in lexicon.claims.items()}

    def spans(
        self, said: str, start: int, end: int, clauses: Sequence[Clause], taken_back: Scope
    ) -> tuple[Mapping[str, tuple[int, int]], set[str], set[str]]:
        """Where the claims of a window are first said and not taken back, those that are said but taken back, and the
        features that tell by which pattern each is said, and which loosely: one is surer than another.
        """
        found = list(self._patterns.found(said[start:end]))
        denied = {claim for claim, how, _ in (self._meant[place] for place, *_ in found) if how == "unless"}
        spans: dict[str, tuple[int, int]] = {}
        back: set[str] = set()
        loose: set[str] = set()
        which: set[str] = set()
        for place, first, last in found:
            claim, how, name = self._meant[place]
            if claim is None or how == "unless":
                continue
            if claim in denied or None in denied:
                back.add(claim)
                continue
            clause, scope = _at(clauses, start + first), taken_back & ~self._in_spite[claim]
            if clause is not None and not clause.scope_at(start + first) & scope:
                if how == "present":
                    spans.setdefault(claim, (start + first, start + last))
                else:
                    loose.add(claim)
                    which.add(name)
            else:
                back.add(claim)
        which.update(["=?" + claim for claim in loose])
        return spans, back - spans.keys() - loose, which


def _at(clauses: Sequence[Clause], place: int) -> Clause | None:
    return next((clause for clause in clauses if clause.start <= place < clause.end), None)


class _Model:
    """The classifier's coefficients by feature."""

    def __init__(self, classifier: Classifier) -> None:
        self._claims: list[tuple[str, ClaimModel]] = list(classifier.claims.items())
        self._place = {claim: place for place, (claim, _) in enumerate(self._claims)}
        self._biases = [model.bias for _, model in self._claims]
        self._written = classifier.coefficients
        self._of: dict[str, tuple[tuple[int, float], ...]] = {}

    def known(self, found: Iterable[str]) -> list[str]:
        written = self._written
        return [feature for feature in found if feature in written]

    def certainties(self, known: Sequence[str]) -> Iterator[tuple[str, float, ClaimModel]]:
        sums = [0.0] * len(self._biases)
        for feature in known:
            for place, weight in self._weights(feature):
                sums[place] += weight
        norm = 1 / sqrt(len(known)) if known else 0.0
        for (claim, model), bias, total in zip(self._claims, self._biases, sums, strict=True):
            yield claim, _logistic(model.slope * (bias + total * norm) + model.intercept), model

    def _weights(self, feature: str) -> tuple[tuple[int, float], ...]:
        weights = self._of.get(feature)
        if weights is None:
            # Read when it is first met: a few of the thousands are.
            pairs = (pair.split(":") for pair in self._written[feature].split(" "))
            weights = self._of[feature] = tuple((int(place), float(weight)) for place, weight in pairs)
        return weights

    def phrase(self, claim: str, said: str, clauses: Sequence[Clause], sign: int = 1) -> tuple[int, int]:
        """The clause that carries the claim, cut to the words that weigh; with -1 what speaks against it."""
        best = (0.0, clauses[0].start, clauses[0].end)
        for clause in clauses:
            total, first, last = 0.0, clause.end, clause.start
            for gram in {*features(said, clause.start, clause.end)}:
                weight = max(sign * self.weight(mark + gram, claim) for mark in ("", "~", ">"))
                if weight <= 0:
                    continue
                total += weight
                at = said.find(gram, clause.start, clause.end)
                if at >= 0 and len(gram) > 1:
                    first, last = min(first, at), max(last, at + len(gram))
            if total > best[0]:
                best = (total, first, last) if last > first else (total, clause.start, clause.end)
        return best[1], best[2]

    def weight(self, feature: str, claim: str) -> float:
        """What the feature weighs for the claim; nothing, if it is not known."""
        if feature not in self._written:
            return 0.0
        place = self._place[claim]
        return next((weight for at, weight in self._weights(feature) if at == place), 0.0)


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))
