"""The probation policy a tenant ships with, and what its reader makes of mentors' words (C3, C4)."""

from decimal import Decimal

import pytest

from rencai.reading.readers import Readers
from rencai.training.reading import meant_with, read_with
from rencai.training.rules.probation import PROBATION_POLICY, ProbationPolicy
from rencai.training.rules.ratings import Rated, RatedBy
from tests.shipped import SHIPPED, ShippedConfigurations

READERS = Readers(ShippedConfigurations())
WITHIN_ONE = 0.85
"""Of the words below, the least share that the shipped reader is to read within one level; it may be raised only."""


def shipped_policy() -> ProbationPolicy:
    policy = SHIPPED[PROBATION_POLICY, "default"]
    assert isinstance(policy, ProbationPolicy)
    return policy


def rated(review: str) -> Rated:
    return shipped_policy().mentor.rate(
        review, 1, lambda words: read_with(READERS, words), lambda words: meant_with(READERS, words)
    )


def test_c3_the_shipped_policy_is_that_of_the_model() -> None:
    assert shipped_policy() == ProbationPolicy()


def test_c4_the_shipped_scale_counts() -> None:
    assert [int(level.counts) for level in shipped_policy().mentor.scale] == [30, 60, 70, 80, 100]


def test_c4_a_clear_improvement_in_negotiation_counts_100() -> None:
    rating = rated("谈判技巧有明显提升").rating
    assert rating is not None
    assert (rating.score, rating.level, rating.by) == (Decimal(100), 5, RatedBy.WORDS)


@pytest.mark.parametrize("review", ["谈判技巧没有明显提升", "没有任何提升", "毫无进步"])
def test_c4_no_improvement_is_never_read_as_praise(review: str) -> None:
    reading = rated(review).reading
    assert reading is None or not reading.sure or reading.level <= 2


REVIEWS: dict[int | None, list[str]] = {
    1: [
        "没有明显提升",
        "谈判技巧没有明显提升",
        "未见进步",
        "未见明显进步",
        "退步",
        "谈判技巧退步明显",
        "明显退步",
        "有所退步",
        "尚未有明显提升",
        "尚未看到明显提升",
        "还没有进步",
        "毫无进步",
        "毫无起色",
        "缺乏明显进步",
        "缺少进步",
        "提升不明显",
        "进步不大",
        "提升不太明显",
        "改善有限",
        "进步缓慢",
        "进步很慢",
        "看不到提升",
        "没有看到他在谈判技巧上有提升",
        "没看出有什么进步",
        "没有任何提升",
        "未能提升",
        "无明显改善",
        "谈不上进步",
        "不见起色",
        "停滞不前",
        "原地踏步",
        "出现明显退步",
        "不如上个月",
        "不达标",
        "未达到要求",
        "没有达到预期",
        "提升明显不足",
        "并未明显提升",
        "不是明显提升",
        "不明显的提升",
        "没有在谈判上看到明显提升",
        "一点进步都没有",
        "没什么长进",
        "没有实质性进展",
        "从未有过明显提升",
        "没有持续进步",
        "没有取得显著进步",
        "No clear improvement",
        "no improvement",
        "not improved",
        "has not improved",
        "hasn't clearly improved",
        "hasn't shown any significant improvement",
        "did not make progress",
        "Little progress",
        "lack of progress",
        "Progress is slow",
        "has regressed",
        "getting worse",
        "Without significant improvement",
        "isn't a clear improvement",
        "yet to show improvement",
        "Does not meet the requirements",
        "Not much progress",
        "has not made much progress",
        "没有体现出明显提升",
        "没有带来明显提升",
        "没有多少进步",
        "没怎么进步",
        "没啥进步",
        "没有那么明显的进步",
        "提升得还不够",
        "提升得不明显",
        "暂无明显提升",
        "暂未看到提升",
        "进步不够快",
        "进步幅度不大",
        "提升速度缓慢",
    ],
    2: [
        "希望能有明显提升",
        "有待明显提升",
        "需要显著提升",
        "相信下月会有明显提升",
        "needs clear improvement",
        "must clearly improve",
        "如果多练习,谈判技巧会有提升",
        "希望他有进步",
        "希望下个月有所提升",
        "room for improvement",
        "Hoping for some improvement",
        "有待提高",
        "仍需加强",
        "需要继续努力",
        "有明显提升空间",
        "还有很大的提升空间",
        "有进步空间",
        "发挥不够稳定",
        "需要持续提升",
        "Needs more practice",
        "should improve significantly",
        "not yet stable",
    ],
    3: [
        "表现稳定",
        "总体平稳",
        "达到要求",
        "基本达标",
        "没有退步",
        "没有明显退步",
        "未出现退步",
        "Stable",
        "Meets the requirements",
        "On track",
    ],
    4: [
        "有所提升",
        "稳步提升",
        "有进步",
        "有一定的进步",
        "逐渐好转",
        "稳中有升",
        "进步了",
        "略有提高",
        "有了一些进步",
        "取得了一定进展",
        "看到了他的进步",
        "有所提升,但仍需加强报价",
        "没有退步,稳步提升",
        "不断进步",
        "持续改进",
        "Some improvement",
        "Steady progress",
        "has improved",
        "is making progress",
        "slightly improved",
        "shows good progress",
    ],
    5: [
        "从没有章法变为有明显提升",
        "前所未有的明显进步",
        "没过多久就有明显提升",
        "无疑有明显提升",
        "谈判技巧有明显提升",
        "谈判技巧明显提升",
        "进步显著",
        "明显进步",
        "谈判进步很大",
        "提升非常明显",
        "沟通能力大幅提高",
        "进步神速",
        "有了很大的进步",
        "取得长足进步",
        "比上月有较大提升",
        "没有迟到,谈判技巧有明显提升",
        "没想到进步这么大,提升显著",
        "不仅守时,谈判也有明显提升",
        "有明显提升,仍需加强报价环节",
        "有明显提升,还有进步空间",
        "有明显提升,希望继续进步",
        "不断练习,进步明显",
        "进步不小",
        "不得不说,提升显著",
        "未来可期,进步明显",
        "没什么大问题,有明显提升",
        "没有退步,谈判技巧有明显提升",
        "Clear improvement in negotiation",
        "Negotiation has clearly improved",
        "Significant progress this month",
        "improved a lot",
        "Much better at closing",
        "Not only punctual: clear improvement as well",
        "Progress is remarkable",
        "学会用数据说话,提升明显",
        "机会把握有明显提升",
        "谈判技巧有明显的提升。",
        "提升较明显",
        "有非常明显的进步",
        "进步比较大",
        "提升幅度很大",
        "成长迅速",
        "明显有进步",
        "谈判技巧提升显著,表现优秀",
        "表现优秀",
        "表现非常出色",
        "超出预期",
        "Exceeds expectations",
        "Excellent work",
    ],
    None: [
        # What is said of nothing, or of somebody else.
        "本周一起做了三次模拟谈判",
        "准时参加",
        "Met twice this week",
        "提升客户满意度是他的目标",
        "前所未有",
        "客户说没问题",
        "谈判",
        "unstable weather kept us at home",
    ],
}


BLAMED = [
    "谈判技巧没有像预期那样有明显提升",
    "离明显提升还有很大距离",
    "谈不上有什么特别明显的进步",
    "很难说有明显提升",
    "还达不到明显提升的程度",
    "暂时没有发现明显的进步",
    "毫无明显进步",
    "并没有取得我们期待的明显进步",
    "尚无明显提升",
    "没有任何一项有明显提升",
    "提升并不明显",
    "进步不算明显",
    "明显提升的地方没有",
    "Far from clear improvement",
    "We saw no clear or lasting improvement",
    "Did not show the clear improvement we hoped for",
]
"""Words of praise that are denied, in ways of saying so that are many."""


def test_c4_the_words_of_before_are_read_within_one_level() -> None:
    """Each stood in a list of patterns with its level once."""
    read = {
        review: (level, read_with(READERS, review))
        for level, reviews in REVIEWS.items()
        if level is not None
        for review in reviews
    } | {review: (1, read_with(READERS, review)) for review in BLAMED}
    missed = {
        review: (level, found and found.level)
        for review, (level, found) in read.items()
        if found is None or abs(found.level - level) > 1
    }
    assert 1 - len(missed) / len(read) >= WITHIN_ONE, missed
