"""What the lexicon has is as certain as the lexicon was measured to be right, though the classifier knows nothing."""

import pytest

from rencai.reading.rules.classifier import ClaimModel, Classifier
from rencai.reading.rules.clauses import ScopeWords
from rencai.reading.rules.lexicon import Claim, Lexicon
from rencai.reading.rules.reader import UNMEASURED, By, Reader, ReaderVersion, Reading

_NAME = {"zh-CN": "带团队", "en": "Leads a team"}
_LEADS = Lexicon(
    claims={"leads": Claim.model_validate({"name": _NAME, "present": ["带[^不没未无]{0,6}团队"]})}
)


def _read(text: str, **model: float) -> tuple[Reading, ...]:
    claims = {"leads": ClaimModel(bias=-8, slope=1, intercept=0, **model)} if model else {}
    classifier = Classifier(claims=claims, coefficients={})
    words = ScopeWords(denies=("没有", "没"), others=("他",))
    return Reader(_LEADS, classifier, words, ReaderVersion(1, 1, 1)).read(text)


@pytest.mark.parametrize(("precision", "sure"), [(0.95, True), (0.9, True), (0.89, False), (0.5, False)])
def test_a_hit_of_the_lexicon_is_as_certain_as_its_measured_precision(precision: float, sure: bool) -> None:
    assert _read("我带过十人的团队", sure=0.9, unsure=0.4, lexicon=precision) == (
        Reading("leads", precision, sure, 1, 8, By.LEXICON),
    )


def test_a_hit_that_is_right_too_seldom_says_nothing() -> None:
    assert _read("我带过十人的团队", sure=0.9, unsure=0.4, lexicon=0.39) == ()


@pytest.mark.parametrize("text", ["我没有带过团队", "他带过十人的团队", "我喜欢跑步"])
def test_no_precision_makes_a_claim_that_is_taken_back_or_not_there(text: str) -> None:
    assert _read(text, sure=0.9, unsure=0.4, lexicon=0.99) == ()


def test_without_a_measured_precision_the_classifier_alone_decides() -> None:
    assert _read("我带过十人的团队", sure=0.9, unsure=0.4) == ()


def test_of_a_claim_that_no_classifier_has_learned_a_person_is_asked() -> None:
    assert _read("我带过十人的团队") == (Reading("leads", UNMEASURED, False, 1, 8, By.LEXICON),)
    assert _read("我没有带过团队") == ()
