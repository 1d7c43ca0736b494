"""What the reader makes of a lexicon and coefficients, on documents small enough to reckon by hand."""

from math import exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.reading.rules.classifier import ClaimModel, Classifier
from rencai.reading.rules.clauses import ScopeWords
from rencai.reading.rules.lexicon import Claim, Lexicon
from rencai.reading.rules.reader import By, Reader, ReaderVersion
from tests.examples import examples

_NAME = {"zh-CN": "累", "en": "Tired"}
_WORDS = ScopeWords(
    denies=("不", "没"), mine=("我",), others=("他",), over=("以前",), now=("现在",), turns=("但是",)
)


def _reader(
    coefficients: dict[str, str], *, unless: tuple[str, ...] = (), simplified: str = "", **model: float
) -> Reader:
    lexicon = Lexicon(
        claims={"tired": Claim.model_validate({"name": _NAME, "present": ["[很太]累"]})},
        unless=unless,
        taken_back_by=("denied", "others", "over"),
    )
    numbers = {"bias": 0.0, "slope": 1.0, "intercept": 0.0, "sure": 0.8, "unsure": 0.4} | model
    classifier = Classifier(
        claims={"tired": ClaimModel.model_validate(numbers)}, coefficients=coefficients, simplified=simplified
    )
    return Reader(lexicon, classifier, _WORDS, ReaderVersion(1, 2, 3))


def test_the_certainty_is_the_logistic_of_the_coefficients_over_the_root_of_how_many_are_known() -> None:
    (reading,) = _reader({"困": "0:1.5", "想": "0:1", "睡": "0:0.5"}).read("困,想睡,好多天啦")
    assert reading.certainty == round(1 / (1 + exp(-3 / sqrt(3))), 2)
    assert (reading.sure, reading.by) == (True, By.CLASSIFIER)


@pytest.mark.parametrize(("weight", "sure"), [("0:1.3", False), ("0:1.5", True)])
def test_below_the_bound_it_is_unsure(weight: str, sure: bool) -> None:
    (reading,) = _reader({"困": weight}).read("好多天啦困")
    assert reading.sure is sure


def test_a_word_or_two_make_nothing_sure_by_their_n_grams_and_answer_nothing() -> None:
    reader = _reader({"困": "0:9"})
    (reading,) = reader.read("困啊")
    assert not reading.sure
    assert reader.read("困啊", "stress") == ()


def test_where_hardly_anything_stands_the_n_grams_make_nothing_sure() -> None:
    reader = _reader({"~困": "0:9"})
    (denied,) = reader.read("我从来没有困过")
    (other,) = reader.read("今天开会的时候我从来没有困过")
    assert (denied.sure, other.sure) == (False, True)


def test_what_is_taken_back_has_features_of_its_own() -> None:
    reader = _reader({"困": "0:3", "~困": "0:-3"})
    assert reader.read("我困")
    assert reader.read("我不困") == ()
    assert reader.read("他困") == ()
    assert reader.read("以前困") == ()


def test_a_claim_of_the_lexicon_is_a_feature_and_shows_its_phrase() -> None:
    (reading,) = _reader({"=tired": "0:3"}).read("说真的我太累了")
    assert (reading.start, reading.end, reading.by) == (4, 6, By.LEXICON)


def test_a_claim_that_is_only_taken_back_is_another_feature() -> None:
    reader = _reader({"=~tired": "0:3", "=tired": "0:-9"})
    assert reader.read("他太累了")
    assert reader.read("我太累了") == ()


def test_unless_takes_a_sentence_out_of_all_claims() -> None:
    reader = _reader({"=tired": "0:3"}, unless=("爬山",), bias=-1.0)
    assert reader.read("爬山太累了") == ()
    assert reader.read("上班太累了")


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    (reading,) = _reader({"压": "0:3"}, simplified="壓压").read("壓")
    assert (reading.start, reading.end) == (0, 1)


def test_a_claim_is_read_once_where_it_is_most_certain() -> None:
    text = "困。" + "好的。" * 40 + "困想睡"
    (reading,) = _reader({"困": "0:1", "想": "0:3"}).read(text)
    assert reading.start >= text.index("困想睡")


def test_nothing_but_commas_says_nothing() -> None:
    assert _reader({}, bias=3.0).read(",,") == ()


_SAID = st.text(alphabet=st.sampled_from("我他没不累太很困想睡但是现在以前,.!? \nab壓"), max_size=120)


@given(text=_SAID)
@examples(200)
def test_every_reading_lies_in_the_text_with_a_certainty_of_0_to_1(text: str) -> None:
    reader = _reader(
        {"困": "0:2", "累": "0:2", "~累": "0:1", "=tired": "0:2", "想睡": "0:1"}, simplified="壓压"
    )
    for reading in reader.read(text):
        assert 0 <= reading.start < reading.end <= len(text)
        assert 0 <= reading.certainty <= 1
