"""The shipped policy of life cycles: what holds where nothing is set, and the words that speak of pressure (F4)."""

import pytest

from rencai.pressure.rules.policy import RISK_POLICY, RiskPolicy
from rencai.reading.readers import Readers, Words
from tests.shipped import SHIPPED, ShippedConfigurations

POLICY = SHIPPED[RISK_POLICY, "default"]
READER = Readers(ShippedConfigurations()).of(Words.SURVEY)


def test_the_shipped_policy_writes_out_what_holds_where_nothing_is_set() -> None:
    assert isinstance(POLICY, RiskPolicy)
    # But for the words and the questions that count: code knows none.
    survey = POLICY.survey.model_copy(update={"words": (), "questions": ()})
    assert POLICY.model_copy(update={"survey": survey}) == RiskPolicy()


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("压力很大", ("pressure",)),
        ("压力大", ("pressure",)),
        ("最近工作压力太大了", ("pressure",)),
        ("压力越来越大", ("pressure",)),
        ("压力不小", ("pressure",)),
        ("感到很大的压力", ("pressure",)),
        ("没有时间,压力很大", ("pressure",)),
        ("快撑不住了", ("breaking_point",)),
        ("喘不过气", ("breaking_point",)),
        ("快崩溃了", ("breaking_point",)),
        ("压力很大,快崩溃了", ("pressure", "breaking_point")),
        ("累死了", ("exhausted",)),
        ("天天加班", ("overworked",)),
        ("没时间休息", ("overworked",)),
        ("I feel burnt out", ("exhausted",)),
        ("overwhelmed", ("pressure",)),
        ("Too much pressure", ("pressure",)),
        ("We are under a lot of pressure", ("pressure",)),
        ("I can't cope any more", ("breaking_point",)),
        ("The workload is too heavy", ("pressure", "overworked")),
    ],
)
def test_f4_words_that_speak_of_pressure_are_heard(text: str, rules: tuple[str, ...]) -> None:
    assert isinstance(POLICY, RiskPolicy)
    assert POLICY.words_in([text]) == rules
    assert {reading.claim for reading in READER.read(text) if reading.sure}


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
    assert isinstance(POLICY, RiskPolicy)
    assert POLICY.words_in([text]) == ()
    assert not {reading.claim for reading in READER.read(text) if reading.sure}
