"""The coefficients added up all at once come to what they come to one by one, in whatever order."""

import random
from collections.abc import Iterable
from math import exp, sqrt

import pytest

from infra.reader.corpus import training
from rencai.reading.rules.classifier import ALONE, CLASSIFIER, Classifier
from rencai.reading.rules.clauses import SCOPE_WORDS, Clause, Scopes, ScopeWords
from rencai.reading.rules.lexicon import LEXICON, Lexicon
from rencai.reading.rules.linear import Linear
from rencai.reading.rules.reader import Marking
from tests.shipped import SHIPPED

KINDS = ("competency", "survey", "mentor")


def _classifier(kind: str) -> Classifier:
    found = SHIPPED[CLASSIFIER, kind]
    assert isinstance(found, Classifier)
    return found


def _features(kind: str, every: int) -> list[set[str]]:
    lexicon, words = SHIPPED[LEXICON, kind], SHIPPED[SCOPE_WORDS, "default"]
    assert isinstance(lexicon, Lexicon)
    assert isinstance(words, ScopeWords)
    marking = Marking(lexicon, Scopes(words.joined(lexicon.words)), _classifier(kind).simplified)
    return [marking.features(one.text) for one in training(kind)[::every]]


def _one_by_one(classifier: Classifier, found: Iterable[str]) -> dict[str, float]:
    known = [one for one in found if one in classifier.coefficients]
    alone = {
        place: float(weight)
        for place, weight in (pair.split(":") for pair in classifier.coefficients.get(ALONE, "").split())
    }
    certain: dict[str, float] = {}
    for at, (claim, model) in enumerate(classifier.claims.items()):
        weights = [
            float(weight)
            for feature in known
            for place, weight in (pair.split(":") for pair in classifier.coefficients[feature].split(" "))
            if int(place) == at
        ]
        score = model.bias + sum(weights) / sqrt(max(1, len(known))) + alone.get(str(at), 0.0)
        certain[claim] = 1 / (1 + exp(-(model.slope * score + model.intercept)))
    return certain


@pytest.mark.parametrize("kind", KINDS)
def test_each_claim_is_as_certain_as_its_coefficients_say_one_by_one(kind: str) -> None:
    classifier = _classifier(kind)
    linear = Linear(classifier)
    for found in [set[str](), *_features(kind, 40)]:
        plainly = _one_by_one(classifier, found)
        known = linear.known(found)
        assert {claim: said for claim, said, _ in linear.certainties(known)} == pytest.approx(plainly)
        others = random.Random(len(found)).sample(list(classifier.claims), 3)
        likely = {claim: said for claim, said, _ in linear.likely(known, ["not learned", *others])}
        assert list(likely) == [claim for claim in classifier.claims if claim in likely]
        # A claim may be told that is just not unsure; none that is may be missed.
        asked = {claim for claim, model in classifier.claims.items() if plainly[claim] >= model.unsure}
        assert asked | set(others) <= set(likely)
        assert likely == pytest.approx({claim: plainly[claim] for claim in likely})
        beside = likely.keys() - asked - set(others)
        assert all(plainly[claim] >= classifier.claims[claim].unsure - 1e-5 for claim in beside)


def _model(coefficients: dict[str, str], **one: float) -> Classifier:
    model = {"bias": 0, "slope": 1, "intercept": 0, **one}
    return Classifier.model_validate({"claims": {"a": model, "b": model}, "coefficients": coefficients})


def test_weights_below_nothing_do_not_touch_the_claim_beside_them() -> None:
    linear = Linear(_model({"x": "0:-3.5 1:2", "y": "0:-0.000001 1:-2", "z": "1:-7"}))
    known = linear.known({"x", "y", "z", "unknown"})
    first, second = (said for _, said, _ in linear.certainties(known))
    assert first == pytest.approx(1 / (1 + exp(3.500001 / sqrt(3))))
    assert second == pytest.approx(1 / (1 + exp(7 / sqrt(3))))


def test_a_claim_that_grows_likelier_the_less_is_said_is_not_missed() -> None:
    linear = Linear(_model({"x": "0:-3.5"}, slope=-1))
    assert [claim for claim, *_ in linear.likely(linear.known({"x"}), ())] == ["a", "b"]


def test_of_two_clauses_that_weigh_the_same_the_first_carries_the_claim() -> None:
    """In whatever order what they are made of is looked at: 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1 in fractions."""
    said = "aa bb cc,cc bb aa,bb cc aa"
    clauses = [Clause(at, at + 8, 0, False, (), 0) for at in (0, 9, 18)]
    linear = Linear(_model({"aa": "0:0.1", "bb": "0:0.2", "cc": "0:0.3", "dd": "1:1"}))
    assert linear.phrase("a", said, clauses) == (0, 8)
    assert linear.phrase("a", said, clauses[1:]) == (9, 17)
    assert linear.phrase("b", said, clauses) == (0, 8)
