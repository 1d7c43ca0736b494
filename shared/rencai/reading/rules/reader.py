"""The reader: clauses, then the lexicon's words, then the classifier; what is said, where, and how sure that is."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from typing import Final, Protocol
from zlib import crc32

from .classifier import PLAIN, ClaimModel, Classifier, features
from .clauses import Clause, Parsed, Scope, Scopes, ScopeWords, plain, sentences, simplified_of
from .gates import Gated
from .lexicon import Lexicon, scopes_of
from .linear import Linear

_DENIED: Final = int(Scope.DENIED)
_BRIEF: Final = (5, 8)
"""Letters of a window of which the n-grams alone make nothing sure: with Han, and without."""
_LEAST_STANDING: Final = 5
"""Where fewer characters stand - 我没有..., "I never ..." - n-grams alone make nothing sure. A denial is among them."""
BY_ITSELF: Final = "=alone"
"""The feature of one clause in which the lexicon has a claim, and nothing that could speak against it."""
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

    def read(self, text: str, topic: str | None = None) -> tuple[Reading, ...]:
        """What ``text`` says; ``topic`` is that of the question it answers."""

    def read_all(
        self, texts: Sequence[str], topics: Sequence[str | None] | None = None
    ) -> list[tuple[Reading, ...]]:
        """What each of ``texts`` says; ``topics`` are those of their questions."""


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
        self._taken_back = int(scopes_of(lexicon.taken_back_by))
        self._lexical = _Lexical(lexicon)
        self._hints = {claim for claim, one in lexicon.claims.items() if one.hint}
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
        if which or not spans.keys() <= self._hints:
            found.add("=")
            if spans.keys().isdisjoint(self._hints):
                # Nothing stands around it that could speak against it.
                found.add("=clear")
                if len(clauses) == 1:
                    found.add(BY_ITSELF)
        return found, spans, clauses


class Reader:
    """A lexicon and its classifier made ready: make once, read many."""

    def __init__(
        self, lexicon: Lexicon, classifier: Classifier, words: ScopeWords, version: ReaderVersion
    ) -> None:
        self.version = version
        self._marking = Marking(lexicon, Scopes(words.joined(lexicon.words)), classifier.simplified)
        self._model = Linear(classifier)
        self._plain = classifier.plain
        self._window = lexicon.window
        self._hints = {claim for claim, one in lexicon.claims.items() if one.hint}
        self._taken_back = int(scopes_of(lexicon.taken_back_by))
        self._under = {claim: one.under for claim, one in lexicon.claims.items() if one.under}

    def read(self, text: str, topic: str | None = None) -> tuple[Reading, ...]:
        """What ``text`` says; ``topic`` is that of the question it answers."""
        said = self._marking.plain(text)
        found: dict[str, _Heard] = {}
        for start, end in windows(said, self._window):
            for heard in self._look(said, start, end, topic):
                before = found.get(heard.claim)
                if before is None or heard.rounded > before.rounded:
                    found[heard.claim] = heard
        return tuple(self._reading(said, heard) for heard in found.values())

    def read_all(
        self, texts: Sequence[str], topics: Sequence[str | None] | None = None
    ) -> list[tuple[Reading, ...]]:
        """What each of ``texts`` says; ``topics`` are those of their questions."""
        return [self.read(text, topic) for text, topic in zip(texts, topics or repeat(None), strict=False)]

    def parsed(self, text: str) -> Parsed:
        """``text`` in clauses."""
        return self._marking.parsed(text)

    def whole(self, text: str) -> "Whole":
        """What the text comes to as a whole."""
        said = self._marking.plain(text)
        found, spans, clauses = self._marking.look(said, 0, len(said))
        return Whole(said, spans, clauses, self._model, self._model.known(found))

    def _look(self, said: str, start: int, end: int, topic: str | None) -> Iterator["_Heard"]:
        features_, spans, clauses = self._marking.look(said, start, end)
        if not clauses:  # nothing but commas
            return
        unlearned = {claim: span for claim, span in spans.items() if claim not in self._hints}
        plainly: set[str] = set()
        if self._plain is not None and is_plain(features_, said, start, end):
            plainly = spans.keys() | {self._under[claim] for claim in spans if claim in self._under}
        likely = {
            claim: (max(certainty, self._plain or 0.0) if claim in plainly else certainty, judged)
            for claim, certainty, judged in self._model.likely(
                self._model.known(features_), spans.keys() | plainly, topic
            )
        }
        brief = is_brief(said, start, end)
        nothing_stands = self._taken_back and standing(clauses, self._taken_back) < _LEAST_STANDING
        known_by_words = spans.keys() | {self._under[claim] for claim in spans if claim in self._under}
        for claim, (certainty, judged) in likely.items():
            span = unlearned.pop(claim, None)
            if span and judged.lexicon is not None:
                certainty = max(certainty, judged.lexicon)
            if brief and topic is not None and claim not in known_by_words:
                continue  # it is the question that speaks, and not the answer
            if certainty >= judged.unsure:
                sure = certainty >= judged.sure and self._is_whole_sure(claim, likely)
                if claim not in known_by_words:
                    sure = sure and not brief and not nothing_stands
                yield _Heard(claim, round(certainty, 2), sure, span, clauses)
        for claim, span in unlearned.items():
            yield _Heard(claim, UNMEASURED, False, span, clauses)

    def _is_whole_sure(self, claim: str, likely: Mapping[str, tuple[float, ClaimModel]]) -> bool:
        """Whether that is surely said of which the claim is one kind."""
        whole = self._under.get(claim)
        if whole is None:
            return True
        certainty, judged = likely.get(whole, (0.0, None))
        return judged is not None and certainty >= judged.sure

    def _reading(self, said: str, heard: "_Heard") -> Reading:
        start, end = heard.span or self._model.phrase(heard.claim, said, heard.clauses)
        by = By.LEXICON if heard.span else By.CLASSIFIER
        return Reading(heard.claim, heard.rounded, heard.sure, start, end, by)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A reading whose phrase is not looked for yet: of a text's windows one has the most certain."""

    claim: str
    rounded: float
    sure: bool
    span: tuple[int, int] | None
    clauses: Sequence[Clause]


class Whole:
    """A text read as one: how likely it makes each claim of the classifier, and what of it tells so."""

    def __init__(
        self,
        said: str,
        spans: Mapping[str, tuple[int, int]],
        clauses: Sequence[Clause],
        model: Linear,
        known: frozenset[str],
    ) -> None:
        self.certain = {claim: certainty for claim, certainty, _ in model.certainties(known)}
        self._said = said
        self._spans = spans
        self._clauses = clauses
        self._model = model

    @property
    def says_nothing(self) -> bool:
        """Whether it is too short to be read by its n-grams, and the lexicon has nothing of it."""
        return not self._spans and is_brief(self._said, 0, len(self._said))

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


def is_plain(features_: Set[str], said: str, start: int, end: int) -> bool:
    """Whether a window is a short sentence of one clause in which the lexicon has a claim, and nothing else."""
    if BY_ITSELF not in features_:
        return False
    window = said[start:end].strip()
    return len(window) <= PLAIN[window.isascii()]


def is_brief(said: str, start: int, end: int) -> bool:
    """Whether a window is too short to be sure of by its n-grams: yes, no, a number."""
    window = said[start:end]
    letters = sum(map(str.isalnum, window))
    return letters < _BRIEF[window.isascii()]


def standing(clauses: Sequence[Clause], taken_back: int) -> int:
    """How many characters of clauses nothing takes back."""
    count = 0
    for clause in clauses:
        if clause.subject & taken_back:
            continue
        start, end = max(clause.start, clause.denied_before), clause.end
        if taken_back & _DENIED:
            end = min(clause.denials, default=end)
        count += max(0, end - start)
    return count


def windows(said: str, most: int) -> Iterator[tuple[int, int]]:
    """Sentences in a row that are read together: as many as ``most`` characters have room for, and at least one."""
    start = end = -1
    for first, last in sentences(said):
        if start >= 0 and last - start > most:
            yield start, end
            start = -1
        if start < 0:
            start = first
        end = last
    if start >= 0:
        yield start, end


def marked(said: str, clauses: Sequence[Clause], taken_back: int) -> set[str]:
    """The features of clauses, marked as the classifier says."""
    found: set[str] = set()
    by_denial = taken_back & _DENIED
    for clause in clauses:
        start, end, before = clause.start, clause.end, clause.denied_before
        whole: list[str] | None = None
        if clause.subject & taken_back:
            whole = features(said, start, end)
            found.update(["~" + gram for gram in whole])
        elif by_denial and (clause.denials or before > start):
            first = min(clause.denials, default=end)
            found.update(features(said, max(start, before), max(start, before, first)))
            for begins, ends in ((start, before), (first, end)):
                if ends > begins:
                    found.update(["~" + gram for gram in features(said, begins, ends)])
        else:
            whole = features(said, start, end)
            found.update(whole)
        if clause.turned:
            found.update([">" + gram for gram in whole or features(said, start, end)])
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
        self._in_spite = {claim: int(scopes_of(one.in_spite_of)) for claim, one in lexicon.claims.items()}

    def spans(
        self, said: str, start: int, end: int, clauses: Sequence[Clause], taken_back: int
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
