"""What says nothing is not read as if it did, and what is denied or said of others is not held against who says it."""

import pytest

from rencai.reading.readers import Readers, Words
from tests.shipped import ShippedConfigurations

READERS = Readers(ShippedConfigurations())


@pytest.mark.parametrize(
    "text",
    [
        "我",
        "是",
        "想",
        "都",
        "我是新人",
        "晚上",
        "I",
        "me too",
        "5",
        "12345",
        "没",
        "可以",
        "嗯",
        "。",
        "",
        "😀",
    ],
)
def test_a_word_or_two_are_no_strain(text: str) -> None:
    assert not [one for one in READERS.of(Words.SURVEY).read(text) if one.sure]


@pytest.mark.parametrize("topic", ["teamwork", "problem_solving", "past_results", "stress", None])
@pytest.mark.parametrize("text", ["是", "是的", "不错", "没", "可以", "能", "10", "12345", "yes", "ok"])
def test_a_word_or_two_are_no_claim(text: str, topic: str | None) -> None:
    assert not [one for one in READERS.of(Words.COMPETENCY).read(text, topic) if one.sure]


@pytest.mark.parametrize("text", ["", "。", "😀", "不", "能", "是的", "12"])
def test_a_word_or_two_rate_nobody(text: str) -> None:
    assert READERS.mentors().read(text) is None


@pytest.mark.parametrize(
    ("topic", "text", "claim"),
    [
        ("responsibility", "我没有瞒着领导", "hides_it"),
        ("problem_solving", "我不会坐着等领导安排", "waits_for_others"),
        ("negotiation", "我不搞那套今天不签就涨价的把戏", "pressures"),
        ("stress", "再难也不会撂挑子", "gives_up"),
    ],
)
def test_what_somebody_rejects_is_not_surely_held_against_them(topic: str, text: str, claim: str) -> None:
    said = [one.claim for one in READERS.of(Words.COMPETENCY).read(text, topic) if one.sure]
    assert claim not in said


@pytest.mark.parametrize("text", ["我们是996", "天天996", "我们部门一直996"])
def test_digits_are_words_too(text: str) -> None:
    assert [one.claim for one in READERS.of(Words.SURVEY).read(text) if one.sure]
