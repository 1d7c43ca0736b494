"""The shipped policy of life cycles: what holds where nothing is set, and the words that speak of pressure (F4)."""

import pytest

from rencai.pressure.rules.policy import RISK_POLICY, RiskPolicy
from rencai.pressure.words import SurveyWords
from rencai.reading.readers import Readers
from rencai.reading.rules.lexicon import LEXICON, Lexicon
from tests.shipped import SHIPPED, ShippedConfigurations

POLICY = SHIPPED[RISK_POLICY, "default"]
WORDS = SurveyWords(Readers(ShippedConfigurations()))


def rules_of(*texts: str) -> list[str]:
    """The rules of the shipped policy that an answer meets, by id, to the shipped reader."""
    assert isinstance(POLICY, RiskPolicy)
    return [rule.id for rule in WORDS.by(POLICY.survey.words).read(texts).met]


def test_the_shipped_policy_writes_out_what_holds_where_nothing_is_set() -> None:
    assert isinstance(POLICY, RiskPolicy)
    # But for the words and the questions that count: code knows none.
    survey = POLICY.survey.model_copy(update={"words": (), "questions": ()})
    assert POLICY.model_copy(update={"survey": survey}) == RiskPolicy()


def test_the_shipped_rules_name_claims_and_every_claim_has_a_rule() -> None:
    assert isinstance(POLICY, RiskPolicy)
    lexicon = SHIPPED[LEXICON, "survey"]
    assert isinstance(lexicon, Lexicon)
    assert {claim for _, claim in POLICY.named_claims()} == set(lexicon.told)
    assert not any(rule.present for rule in POLICY.survey.words)


@pytest.mark.parametrize(
    "text",
    [
        "压力很大",
        "压力大",
        "最近工作压力太大了",
        "压力越来越大",
        "压力不小",
        "感到很大的压力",
        "没有时间,压力很大",
        "快撑不住了",
        "喘不过气",
        "快崩溃了",
        "压力很大,快崩溃了",
        "累死了",
        "天天加班",
        "没时间休息",
        "I feel burnt out",
        "overwhelmed",
        "Too much pressure",
        "We are under a lot of pressure",
        "I can't cope any more",
        "The workload is too heavy",
        "最近压力很大,睡不好",
        "压力很大,周末也在加班",
    ],
)
def test_f4_words_that_speak_of_pressure_are_heard(text: str) -> None:
    assert rules_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "压力不大",
        "压力没那么大",
        "没有压力",
        "没什么压力",
        "没有太大压力",
        "不觉得压力大",
        "压力小了很多",
        "压力大大减轻了",
        "不是很累",
        "没有崩溃",
        "不用天天加班",
        "如果压力很大我会说",
        "还好",
        "一切都好,谢谢",
        "No pressure at all",
        "Not too much pressure",
        "I am not overwhelmed",
        "I don't feel burnt out",
        "The pressure is not too high",
        "Work is fine",
    ],
)
def test_f4_words_that_deny_it_or_speak_of_nothing_are_not(text: str) -> None:
    assert rules_of(text) == []


def test_f4_an_answer_speaks_when_one_of_its_texts_does() -> None:
    assert rules_of("一切都好,谢谢", "压力很大") == rules_of("压力很大")
