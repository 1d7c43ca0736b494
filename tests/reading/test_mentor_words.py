"""What the shipped reader makes of mentors' words: the plain ones, and those that have a level's words without it."""

import pytest

from rencai.reading.readers import Readers
from tests.shipped import ShippedConfigurations

MENTORS = Readers(ShippedConfigurations()).mentors()

PLAIN = {
    5: [
        "有明显提升",
        "进步很大",
        "谈判技巧有明显提升",
        "表现非常优秀",
        "完全可以独立上岗",
        "超出预期",
        "Clear improvement",
        "Outstanding work this month",
        "Works completely independently",
    ],
    4: [
        "有进步",
        "稳步提升",
        "挺不错的",
        "比上个月好",
        "Good progress",
        "Doing well",
        "Getting better every week",
    ],
    3: ["达到要求", "中规中矩", "还行", "表现一般", "Meets expectations", "Average", "Does the job"],
    2: [
        "进步不大",
        "还需努力",
        "不够主动",
        "学得比较慢",
        "有待提高",
        "Needs improvement",
        "Needs more practice",
        "Slow progress",
    ],
    1: [
        "没有进步",
        "毫无起色",
        "态度很差",
        "教了几遍还是不会",
        "No improvement",
        "no progress at all",
        "Bad attitude, does not want to learn",
    ],
}


@pytest.mark.parametrize(
    ("level", "words"), [(level, words) for level, all_ in PLAIN.items() for words in all_]
)
def test_plain_words_are_read_within_one_level(level: int, words: str) -> None:
    reading = MENTORS.read(words)
    assert reading is not None
    assert abs(reading.level - level) <= 1


@pytest.mark.parametrize(
    "words", ["谈判技巧有明显提升", "没有进步", "进步很大", "No improvement", "Clear improvement"]
)
def test_the_plainest_words_are_sure(words: str) -> None:
    reading = MENTORS.read(words)
    assert reading is not None
    assert reading.sure


@pytest.mark.parametrize(
    "words",
    [
        "本周讲了报价流程和合同条款",
        "请假两天",
        "无",
        "下周开始轮岗",
        "教材太旧了,建议更新",
        "什么时候转正?",
        "This week we covered the refund process",
        "On leave for two days",
        "N/A",
        "When is the next review due?",
    ],
)
def test_words_about_something_else_rate_nothing(words: str) -> None:
    assert MENTORS.read(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "没有明显提升",  # denied
        "并没有看到明显的进步",
        "希望能有明显提升",  # wished
        "有待明显提升",
        "如果多练习,会有明显提升",  # supposed
        "听说他进步很大,我看还差得远",  # hearsay
        "态度很好,但是业务一直没有起色",  # turned
        "No clear improvement",
        "Hoping for a clear improvement",
        "Friendly, but has made no progress",
    ],
)
def test_words_of_praise_that_are_taken_back_are_no_praise(words: str) -> None:
    reading = MENTORS.read(words)
    assert reading is None or reading.level <= 3


@pytest.mark.parametrize(
    "words",
    ["虽然开始慢,但是进步非常明显", "没有迟到,谈判技巧有明显提升", "Started slow, but improved a lot"],
)
def test_what_a_mentor_comes_to_at_the_end_weighs_more(words: str) -> None:
    reading = MENTORS.read(words)
    assert reading is not None
    assert reading.level >= 4


@pytest.mark.parametrize(
    ("words", "phrase"),
    [("这个月谈判技巧有明显提升,下周谈合同", "明显提升"), ("带了三周了,毫无起色", "毫无起色")],
)
def test_the_phrase_holds_the_words_that_tell(words: str, phrase: str) -> None:
    reading = MENTORS.read(words)
    assert reading is not None
    assert phrase in words[reading.start : reading.end]
