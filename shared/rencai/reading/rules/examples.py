"""What HR means, given as sentences: how like a text is to the nearest of them, by the words they share.

Sentences and texts are taken apart as the classifier does it, clause by clause, and what is denied is marked: an
example that denies something is met by who denies it too. Clauses of others, wishes and hearsay do not count. Of what
is left each n-gram weighs by how much of it are words of content (form words such as 我们, 就是, the, with weigh
nothing), and more where several examples have it, for that is what they are about; less where a counterexample does.

``likeness`` of a sentence or a clause to an example is the cosine of the two, 0-1: the weight of what both have over
the root of the product of what each has. A clause that is as like to a counterexample says nothing.

The certainty is the logistic function of the likeness, drawn through two points: paraphrases that share words of
content are 0.34 and more like the nearest example, where it is 0.8, the bound of sure; at 0.24 it is 0.4, the bound of
unsure. Of the labelled sentences that the classifier learns from, held against eight of a claim that they do not make,
about one in a thousand is like enough to be sure and two are unsure (``tests/reading/test_examples.py`` holds it). What
shares few words with every example is not met, whatever it means: no substitute for a claim that was learned.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log2, sqrt
from typing import Final

from .classifier import features
from .clauses import Clause, Parsed, Scope

SLOPE: Final = 18.0
INTERCEPT: Final = -4.6
"""``certainty = 1 / (1 + exp(-(SLOPE x likeness + INTERCEPT)))``."""
SURE: Final = 0.8
UNSURE: Final = 0.4

LEFT_OUT: Final = Scope.OTHERS | Scope.WISHED | Scope.HEARSAY
_LONGEST: Final = 90
"""Characters of a sentence that is held against the examples as a whole."""
_LEAST: Final = 1.8
"""What both have to have, at two words of content or one of three characters: one word is no likeness."""
_AGAINST: Final = 0.3
"""What is left of the weight of what a counterexample has."""
_FORM: Final = frozenset(
    "的了在是我们你他她它这那就也都很还又再和与跟把被给对从到向会能可要有没不个一些么吗呢吧啊呀嗯哦哎嘛着过地得"
    "所以因为但而且或如果然后时候先最更比较非常特别真其实觉得说看做去来上下里中前后大小多少自己什么怎样种次点儿天年月每完"
)
_FORM_WORDS: Final = frozenset(
    "a an the i you he she it we they me my our your his her its their them us is are was were be "
    "been am do does did have has had will would can could should may might must of in on at to for "
    "from by with and or but so if then than that this these those there here not no very really "
    "just also too as up out about into over when what which who how um uh well like know mean sort "
    "kind lot get got go went make made thing things".split()
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """``text[start:end]`` is like ``example``, for the phrases that both have, the weightiest first."""

    certainty: float
    sure: bool
    start: int
    end: int
    example: str
    shared: tuple[str, ...]


Bag = Mapping[str, float]


class Examples:
    """Example sentences made ready: make once, hold many texts against them, clauses under ``left_out`` left out."""

    def __init__(
        self,
        examples: Sequence[str],
        counterexamples: Sequence[str],
        parse: Callable[[str], Parsed],
        left_out: Scope = LEFT_OUT,
    ) -> None:
        self._left_out = int(left_out)
        self._texts = list(examples)
        theirs = [_grams_of(parse(text), self._left_out) for text in examples]
        against = [_grams_of(parse(text), self._left_out) for text in counterexamples]
        self._often = Counter(gram for grams in theirs for gram in grams)
        self._not_meant = frozenset(gram for grams in against for gram in grams)
        self._examples = [self._bag(grams) for grams in theirs]
        self._against = [self._bag(grams) for grams in against]

    def nearest(self, parsed: Parsed, excused: Callable[[int], bool] | None = None) -> Likeness | None:
        """The part of a text that is most like an example; None where none is even unsurely. What begins at a place of
        which ``excused`` is true is passed over.
        """
        best: tuple[float, int, int, int, Bag] | None = None
        for start, end, grams in _parts(parsed, self._left_out):
            bag = self._bag(grams)
            likeness, place = max(
                ((_cosine(bag, example), -place) for place, example in enumerate(self._examples)),
            )
            if best is not None and likeness <= best[0]:
                continue
            if any(_cosine(bag, against) >= likeness for against in self._against):
                continue
            if excused is not None and excused(start):
                continue
            best = likeness, -place, start, end, bag
        if best is None:
            return None
        likeness, place, start, end, bag = best
        certainty = 1 / (1 + exp(-(SLOPE * likeness + INTERCEPT)))
        if certainty < UNSURE:
            return None
        shared = _phrases(bag, self._examples[place])
        return Likeness(round(certainty, 2), certainty >= SURE, start, end, self._texts[place], tuple(shared))

    def _bag(self, grams: frozenset[str]) -> Bag:
        return {gram: weight for gram in grams if (weight := self._weight(gram)) > 0}

    def _weight(self, gram: str) -> float:
        weight = _content(gram.removeprefix("~")) * (1 + log2(max(1, self._often[gram])))
        return weight * _AGAINST if gram in self._not_meant else weight


def _parts(parsed: Parsed, left_out: int) -> Iterator[tuple[int, int, frozenset[str]]]:
    """The sentences of a text and their clauses, with what they have that counts."""
    for first, last in parsed.sentences:
        clauses = [one for one in parsed.clauses if first <= one.start < last]
        apart = [(one.start, one.end, frozenset(_grams(parsed.plain, one, left_out))) for one in clauses]
        meant = [one for one in apart if one[2]]
        yield from meant
        if len(meant) > 1 and last - first <= _LONGEST:
            yield meant[0][0], meant[-1][1], frozenset(gram for *_, grams in meant for gram in grams)


def _grams_of(parsed: Parsed, left_out: int) -> frozenset[str]:
    return frozenset(gram for clause in parsed.clauses for gram in _grams(parsed.plain, clause, left_out))


def _grams(said: str, clause: Clause, left_out: int) -> Iterator[str]:
    """The n-grams of a clause, what is denied marked with ``~``; none where it is not the speaker's own."""
    if clause.subject & left_out:
        return
    first = min(clause.denials, default=clause.end)
    for start, end, denied in (
        (clause.start, clause.denied_before, True),
        (max(clause.start, clause.denied_before), first, False),
        (first, clause.end, True),
    ):
        if end > start:
            for gram in features(said, start, end):
                yield "~" + gram if denied else gram


def _content(gram: str) -> float:
    """How much of an n-gram are words of content, 0-1."""
    if gram[0] == "#":
        return 0.3
    if gram[0] <= "z":
        words = gram.split(" ")
        return sum(word not in _FORM_WORDS for word in words) / len(words) * (0.5 if gram[-1] == "*" else 1)
    share = sum(character not in _FORM for character in gram) / len(gram)
    if len(gram) == 1:
        return 0.2 * share
    return 1.0 if share == 1 else 0.2 * share * share


def _cosine(one: Bag, other: Bag) -> float:
    shared = [gram for gram in one if gram in other]
    if sum(_content(gram.removeprefix("~")) for gram in shared) < _LEAST:
        return 0.0
    return sum(one[gram] for gram in shared) / sqrt(sum(one.values()) * sum(other.values()))


def _phrases(one: Bag, other: Bag) -> list[str]:
    """The longest n-grams that both have, the weightiest first, five at most."""
    both = sorted((gram for gram in one if gram in other and gram[-1] != "*"), key=len, reverse=True)
    found: list[str] = []
    for gram in both:
        words = gram.removeprefix("~")
        if not any(words in longer for longer in found) and (len(words) > 1 or words == "#"):
            found.append(words)
    found.sort(key=lambda words: -(one.get(words) or one.get("~" + words) or 0.0))
    return found[:5]
