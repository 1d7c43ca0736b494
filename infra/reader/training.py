"""A classifier out of labelled sentences: logistic regression, one claim against the rest (Fan et al. 2008, LIBLINEAR).

What decides between sure and unsure is measured on sentences that the regression has not seen: ten times nine tenths
learn and one tenth is scored, and those scores make the calibration (Platt 1999) and the bounds.

How often the lexicon is right with a claim is counted on all sentences. Of a claim that it has seldom that says little,
so the count is drawn towards what the lexicon as a whole is right in, as if ``PRIOR`` more sentences had been seen
(Casella 1985, empirical Bayes), and that in its turn towards ``PRECISION``, which patterns are written for. The bounds
are made for the greater of the two certainties, as the reader takes it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from infra.reader.corpus import Sentence
from infra.reader.levels import bounds_of_levels
from rencai.reading.rules.classifier import ALONE
from rencai.reading.rules.clauses import Scopes, ScopeWords
from rencai.reading.rules.levels import LEVELS, RATED
from rencai.reading.rules.lexicon import Lexicon
from rencai.reading.rules.reader import Marking, is_plain

FOLDS: Final = 10
STRENGTH: Final = {"competency": 10.0, "mentor": 30.0, "survey": 30.0}
"""How little coefficients are held back (C)."""
WORTH: Final = {"competency": 2.0, "mentor": 1.0, "survey": 1.0}
"""How much what the lexicon has weighs in learning, against an n-gram: of a claim that few sentences make, its
paraphrases say more than the words of those few.
"""
ASKED: Final = frozenset({"competency"})
"""Kinds of which each sentence answers a question."""
POOLED: Final = frozenset({"competency"})
"""Kinds of whose claims one calibration and one bound are made: of each claim there are few sentences."""
LEAST: Final = {"competency": 3, "mentor": 2, "survey": 2}
"""Sentences that a feature has to be in."""
LEFT_OUT: Final = {"competency": re.compile(r">|~?[^=~>a-z^ ]{4}")}
"""Features that made a kind's classifier larger and no better: four characters in a row, and how a sentence turns."""
SMALLEST: Final = {"competency": 0.8, "mentor": 0.25, "survey": 0.3}
"""A coefficient nearer to zero than this is left out."""
PRECISION: Final = 0.92
"""Of what is surely said, on sentences not learned from."""
PRECISION_OF: Final = {"competency": 0.89}
"""Of other kinds. Many sentences that teach claims of interviews name one claim of several, and what is rightly read of
the others counts as wrong there.
"""
PRIOR: Final = 5
"""Sentences."""
UNPROVEN: Final = 0.95
"""The bound where certainties of ``PRECISION`` and more are wrong too often."""
STRAINED: Final = "strained"
"""What every claim of a survey comes to: learned by itself: that somebody is strained is often plainer than how."""

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Task:
    """One claim: whether each sentence makes it."""

    claim: str
    rows: Sequence[int]
    says: Sequence[int]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a claim: precision and recall of what is surely said, on sentences not learned from; ``count`` sentences make
    it, the lexicon has it in ``hits``, rightly in ``right``.
    """

    precision: float
    recall: float
    count: int
    hits: int
    right: int


def simplified(kept: set[str]) -> str:
    """Pairs of a traditional character and its simplified one, for those characters that are kept."""
    convert = OpenCC("t2s").convert
    pairs = ((chr(at), convert(chr(at))) for at in range(0x4E00, 0xA000))
    return "".join(one + other for one, other in pairs if one != other and other in kept)


def tasks_of(kind: str, sentences: Sequence[Sentence]) -> list[_Task]:
    """What is learned: each claim, or of mentors whether anything is rated, and whether it reaches each level."""
    every = list(range(len(sentences)))
    if kind == "mentor":
        rated = [at for at in every if sentences[at].level is not None]
        tasks = [_Task(RATED, every, [int(one.level is not None) for one in sentences])]
        return tasks + [
            _Task(f"at_least_{level}", rated, [int((sentences[at].level or 0) >= level) for at in rated])
            for level in LEVELS
        ]
    claims = sorted({claim for one in sentences for claim in one.says})
    whole = [_Task(STRAINED, every, [int(bool(one.says)) for one in sentences])] if kind == "survey" else []
    return whole + [_Task(claim, every, [int(claim in one.says) for one in sentences]) for claim in claims]


def train(
    kind: str, sentences: Sequence[Sentence], lexicon: Lexicon, words: ScopeWords
) -> tuple[dict[str, Any], dict[str, Figures]]:
    """The classifier's document but for its digest, and the figures of each claim."""
    known = {character for one in sentences for character in one.text}
    known |= {character for claim in lexicon.claims.values() for one in claim.present for character in one}
    pairs = simplified(known)
    marking = Marking(lexicon, Scopes(words.joined(lexicon.words)), pairs)
    found = [marking.features(one.text) for one in sentences]
    counted = Counter(feature for features in found for feature in features)
    left_out = LEFT_OUT[kind].match if kind in LEFT_OUT else lambda _: False
    names = sorted(one for one, times in counted.items() if times >= LEAST[kind] and not left_out(one))
    vocabulary = {feature: place for place, feature in enumerate(names)}
    worth = np.array([WORTH[kind] if name.startswith("=") else 1.0 for name in names])
    matrix = csr_matrix(_matrix(found, vocabulary).multiply(worth))
    times = 1
    if kind in ASKED:
        # Each sentence twice: as an answer to its question, and by itself.
        times = 2
        topics = [f"^{one.topic}" if one.topic else ALONE for one in sentences] + [ALONE] * len(sentences)
        asked = sorted(set(topics))
        matrix = csr_matrix(hstack([vstack([matrix, matrix]), _one_hot(topics, asked)]))
        names += asked
        worth = np.concatenate([worth, np.ones(len(asked))])
    strength = STRENGTH[kind]
    claims: dict[str, Any] = {}
    weights: dict[str, list[str]] = {}
    figures: dict[str, Figures] = {}
    unseen: dict[str, _Floats] = {}
    tasks = tasks_of(kind, [*sentences] * times)
    found = found * times
    measured = _measured([task for task in tasks if task.claim in lexicon.claims], found)
    scored = [_unseen(matrix[task.rows], np.array(task.says), strength, times) for task in tasks]
    pooled = _pooled(scored, tasks) if kind in POOLED else None
    for place, task in enumerate(tasks):
        rows, says = np.array(task.rows), np.array(task.says)
        scores = scored[place]
        slope, intercept = pooled[:2] if pooled else _calibration(scores, says)
        model = _model(matrix[rows], says, strength)
        certain = 1 / (1 + np.exp(-(slope * scores + intercept)))
        lexical = measured.get(task.claim)
        if lexical:
            certain = np.where(lexical.has, np.maximum(certain, lexical.precision), certain)
        sure = pooled[2] if pooled else _sure(certain, says, PRECISION_OF.get(kind, PRECISION))
        picked = certain >= sure
        right = float((picked & (says == 1)).sum())
        figures[task.claim] = Figures(
            right / max(1, picked.sum()),
            right / max(1, says.sum()),
            int(says.sum()),
            lexical.hits if lexical else 0,
            lexical.right if lexical else 0,
        )
        claims[task.claim] = {
            "bias": round(float(model.intercept_[0]), 3),
            "slope": round(slope, 3),
            "intercept": round(intercept, 3),
            "sure": sure,
            "unsure": round(max(0.2, sure * 0.5), 2),
        }
        if lexical:
            claims[task.claim]["lexicon"] = lexical.precision
        for at, weight in enumerate(model.coef_[0] * worth):
            if abs(weight) >= SMALLEST[kind]:
                weights.setdefault(names[at], []).append(f"{place}:{weight:.2g}")
        every = model.decision_function(matrix)
        every[rows] = scores
        unseen[task.claim] = 1 / (1 + np.exp(-(slope * every + intercept)))
    if RATED in claims:
        claims[RATED] |= bounds_of_levels([one.level for one in sentences], unseen)
    plain = _plainly(kind, sentences, found, marking, lexicon)
    return {
        "claims": claims,
        **({"plain": plain} if plain and plain >= PRECISION else {}),
        "simplified": pairs,
        "coefficients": {name: " ".join(weights[name]) for name in sorted(weights)},
    }, figures


@dataclass(frozen=True, slots=True)
class _Lexical:
    """``has``: in which of a task's sentences the lexicon has the claim; ``precision`` to hundredths."""

    has: NDArray[np.bool_]
    hits: int
    right: int
    precision: float


def _measured(tasks: Sequence[_Task], found: Sequence[set[str]]) -> dict[str, _Lexical]:
    """How often the lexicon is right with each claim."""
    has = {task.claim: np.array([f"={task.claim}" in found[at] for at in task.rows]) for task in tasks}
    counted = {
        task.claim: (int(has[task.claim].sum()), int((has[task.claim] & (np.array(task.says) == 1)).sum()))
        for task in tasks
    }
    all_hits = sum(hits for hits, _ in counted.values())
    all_right = sum(right for _, right in counted.values())
    whole = (all_right + PRIOR * PRECISION) / (all_hits + PRIOR)
    return {
        claim: _Lexical(has[claim], hits, right, round((right + PRIOR * whole) / (hits + PRIOR), 2))
        for claim, (hits, right) in counted.items()
    }


def _plainly(
    kind: str, sentences: Sequence[Sentence], found: Sequence[set[str]], marking: Marking, lexicon: Lexicon
) -> float | None:
    """How often the lexicon is right in short sentences that hold a claim of it and nothing else; None: of mentors,
    whose words are read as a whole.
    """
    if kind == "mentor":
        return None
    hits = right = 0
    for one, features in zip(sentences, found, strict=False):
        said = marking.plain(one.text)
        if is_plain(features, said, 0, len(said)):
            has = {claim for claim in lexicon.told if f"={claim}" in features}
            hits += bool(has)
            right += bool(has and (one.says if kind == "survey" else has <= one.says))
    return round(right / hits, 2) if hits else None


def _pooled(scored: Sequence[_Floats], tasks: Sequence[_Task]) -> tuple[float, float, float]:
    """Calibration and bound of all claims together: of one by itself there are too few sentences to go by."""
    scores = np.concatenate(scored)
    says = np.concatenate([np.array(task.says) for task in tasks])
    slope, intercept = _calibration(scores, says)
    return (
        slope,
        intercept,
        _sure(1 / (1 + np.exp(-(slope * scores + intercept))), says, PRECISION_OF["competency"]),
    )


def _one_hot(topics: Sequence[str], asked: Sequence[str]) -> Any:
    place = {topic: at for at, topic in enumerate(asked)}
    columns = [place[topic] for topic in topics]
    return csr_matrix(([1.0] * len(topics), (range(len(topics)), columns)), shape=(len(topics), len(asked)))


def _matrix(found: Sequence[set[str]], vocabulary: Mapping[str, int]) -> Any:
    rows, columns, values = [], [], []
    for row, features in enumerate(found):
        known = [vocabulary[feature] for feature in features if feature in vocabulary]
        rows += [row] * len(known)
        columns += known
        values += [1 / sqrt(max(1, len(known)))] * len(known)
    return csr_matrix((values, (rows, columns)), shape=(len(found), len(vocabulary)))


def _model(matrix: Any, says: NDArray[np.int64], strength: float) -> Any:
    return LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=3000, random_state=0).fit(
        matrix, says
    )


def _unseen(matrix: Any, says: NDArray[np.int64], strength: float, times: int) -> _Floats:
    """Each sentence's score by a model that has not learned from it, nor from what it is besides."""
    once = len(says) // times
    folds = min(FOLDS, int(says[:once].sum()), int((1 - says[:once]).sum()))
    scores = np.zeros(len(says))
    split = StratifiedKFold(folds, shuffle=True, random_state=0).split(np.zeros(once), says[:once])
    for these, those in split:
        learn, judge = (np.concatenate([part + once * at for at in range(times)]) for part in (these, those))
        scores[judge] = _model(matrix[learn], says[learn], strength).decision_function(matrix[judge])
    return scores


def _calibration(scores: _Floats, says: NDArray[np.int64]) -> tuple[float, float]:
    fitted = LogisticRegression(C=1.0, solver="lbfgs").fit(scores.reshape(-1, 1), says)
    return float(fitted.coef_[0][0]), float(fitted.intercept_[0])


def _sure(certain: _Floats, says: NDArray[np.int64], precision: float) -> float:
    """The least certainty from which on what is said is right often enough. Where no sentence comes so far, the
    certainty has to be as great as that by itself, and a little greater where those that do are wrong too often.
    """
    for bound in np.arange(0.4, 0.96, 0.02):
        picked = certain >= bound
        if picked.sum() and (picked & (says == 1)).sum() / picked.sum() >= precision:
            return round(float(bound), 2)
    return UNPROVEN if (certain >= precision).any() else precision
