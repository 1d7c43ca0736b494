"""How a level, its certainty and its phrase come about (tiny documents; what is shipped: test_mentor_words)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.reading.rules.classifier import ClaimModel, Classifier
from rencai.reading.rules.clauses import ScopeWords
from rencai.reading.rules.levels import LEVELS, RATED, LevelReader, LevelReading, comes_to
from rencai.reading.rules.lexicon import Claim, Lexicon
from rencai.reading.rules.reader import By, ReaderVersion

LEXICON = Lexicon(
    claims={
        name: Claim.model_validate({"name": {"zh-CN": name, "en": name}, "present": [pattern]})
        for name, pattern in {"praise": "很好|棒", "blame": "很差|不行", "meets": "达标"}.items()
    },
    taken_back_by=("denied", "wished"),
)
WORDS = ScopeWords(denies=("不是", "没有"), wished=("希望",))
VERSION = ReaderVersion(1, 2, 3)
PLACES = {claim: place for place, claim in enumerate((RATED, *(f"at_least_{level}" for level in LEVELS)))}


def reader(*, sure: float = 0.8, unsure: float = 0.5) -> LevelReader:
    weights = {
        "=praise": (9, 9, 9, 9, 9),
        "=blame": (9, -9, -9, -9, -9),
        "=meets": (9, 9, 9, -9, -9),
        "认真": (9, 9, 3, 1, -2),
        "马虎": (9, 1, -3, -9, -9),
    }
    claims = {claim: ClaimModel(bias=-3 if claim == RATED else 0, slope=1, intercept=0) for claim in PLACES}
    claims[RATED] = claims[RATED].model_copy(update={"sure": sure, "unsure": unsure})
    coefficients = {
        feature: " ".join(f"{place}:{weight}" for place, weight in enumerate(of))
        for feature, of in weights.items()
    }
    return LevelReader(LEXICON, Classifier(claims=claims, coefficients=coefficients), WORDS, VERSION)


def read(text: str, *, sure: float = 0.8, unsure: float = 0.5) -> LevelReading | None:
    return reader(sure=sure, unsure=unsure).read(text)


# --- the rule ---------------------------------------------------------------------------------------------------------

likely = st.floats(min_value=0, max_value=1)
reaches = st.lists(likely, min_size=len(LEVELS), max_size=len(LEVELS))


@pytest.mark.parametrize(
    ("reached", "level", "certainty"),
    [
        ([1, 1, 1, 1], 5, 1.0),
        ([1, 1, 1, 0], 4, 1.0),
        ([1, 1, 0, 0], 3, 1.0),
        ([1, 0, 0, 0], 2, 1.0),
        ([0, 0, 0, 0], 1, 1.0),
        ([1, 0.9, 0.8, 0.4], 4, 0.9),  # not below three
        ([0.9, 0.6, 0.5, 0.3], 3, 0.6),  # neither below two nor above four
        ([0.5, 0.5, 0.5, 0.5], 3, 0.0),
    ],
)
def test_the_level_is_the_expectation_and_certain_as_far_as_it_is_at_most_one_off(
    reached: list[float], level: int, certainty: float
) -> None:
    found, certain = comes_to(1.0, reached)
    assert found == level
    assert certain == pytest.approx(certainty)


@given(rated=likely, reached=reaches)
def test_a_level_is_one_of_five_and_no_more_certain_than_that_anything_is_rated(
    rated: float, reached: list[float]
) -> None:
    level, certainty = comes_to(rated, reached)
    assert level in range(1, 6)
    assert 0 <= certainty <= rated


@given(pairs=st.lists(st.tuples(likely, likely), min_size=len(LEVELS), max_size=len(LEVELS)))
def test_who_reaches_every_level_more_likely_has_no_lower_level(pairs: list[tuple[float, float]]) -> None:
    lower, _ = comes_to(1.0, [min(pair) for pair in pairs])
    higher, _ = comes_to(1.0, [max(pair) for pair in pairs])
    assert lower <= higher


# --- what is read -----------------------------------------------------------------------------------------------------


def test_words_that_rate_nothing_have_no_level() -> None:
    assert read("本周讲了报价流程") is None


def test_the_bound_below_which_nothing_is_rated_is_the_documents() -> None:
    assert read("本周讲了报价流程", unsure=0.01) is not None


@pytest.mark.parametrize(("text", "level"), [("做得很好", 5), ("达标", 3), ("很差", 1)])
def test_the_lexicons_words_tell_the_level_and_stand_where_the_reading_says(text: str, level: int) -> None:
    reading = read(text)
    assert reading is not None
    assert (reading.level, reading.sure, reading.by) == (level, True, By.LEXICON)
    assert text[reading.start : reading.end] in {"很好", "达标", "很差"}


def test_of_several_words_that_one_is_the_phrase_which_speaks_for_the_level() -> None:
    text = "上次很差,这次很好,认真"
    reading = read(text)
    assert reading is not None
    assert reading.level >= 3
    assert text[reading.start : reading.end] == "很好"


def test_words_that_the_classifier_alone_knows_are_the_phrase() -> None:
    text = "他这个月做事非常认真"
    reading = read(text)
    assert reading is not None
    assert (reading.level, reading.by) == (4, By.CLASSIFIER)
    assert text[reading.start : reading.end] == "认真"


def test_what_speaks_against_a_level_is_the_phrase_of_a_low_one() -> None:
    text = "来了三周,还是马虎"
    reading = read(text)
    assert reading is not None
    assert (reading.level, reading.by) == (2, By.CLASSIFIER)
    assert text[reading.start : reading.end] == "马虎"


@pytest.mark.parametrize("text", ["不是很好", "希望很好"])
def test_words_that_are_denied_or_wished_for_are_none_of_the_lexicons(text: str) -> None:
    assert read(text) is None


def test_a_level_is_sure_from_the_documents_bound_on() -> None:
    certainty = read("他这个月做事非常认真")
    assert certainty is not None
    for sure, expected in ((certainty.certainty - 0.02, True), (certainty.certainty + 0.02, False)):
        reading = read("他这个月做事非常认真", sure=sure)
        assert reading is not None
        assert reading.sure is expected


def test_the_reader_says_which_documents_it_was_made_of() -> None:
    assert reader().version == VERSION


@given(
    st.lists(
        st.sampled_from(["很好", "很差", "达标", "认真", "马虎", "没有", "不是", ",", "。", " ", "A", "\n"])
    )
)
def test_the_phrase_lies_in_the_text_whatever_is_written(parts: list[str]) -> None:
    text = "".join(parts)
    reading = reader(unsure=0.01).read(text)
    if reading is None:
        # A word or two that no lexicon knows rate nobody.
        assert sum(map(str.isalnum, text)) < 8
        return
    assert 0 <= reading.start <= reading.end <= len(text)
    assert reading.start < reading.end or not text.strip()
    assert reading.sure == (reading.certainty >= 0.8) or abs(reading.certainty - 0.8) < 0.01
