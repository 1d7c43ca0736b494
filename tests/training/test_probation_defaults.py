"""The probation policy a tenant ships with: what a mentor's words count (C3, C4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.training.rules.probation import PROBATION_POLICY, ProbationPolicy
from tests.shipped import SHIPPED

FULL_WIDTH_COMMA = "\uff0c"


def shipped_policy() -> ProbationPolicy:
    policy = SHIPPED[PROBATION_POLICY, "default"]
    assert isinstance(policy, ProbationPolicy)
    return policy


def counts(review: str) -> tuple[str, int] | None:
    rating = shipped_policy().rate(review, 1)
    return (rating.rule, int(rating.score)) if rating else None


def test_c3_the_shipped_weights_are_those_of_the_model() -> None:
    assert shipped_policy().model_copy(update={"mentor": ()}) == ProbationPolicy()


def test_c4_a_clear_improvement_in_negotiation_counts_100() -> None:
    assert counts("谈判技巧有明显提升") == ("clear_improvement", 100)


REVIEWS: dict[tuple[str, int] | None, list[str]] = {
    ("no_improvement", 30): [
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
    ("improvement_awaited", 60): [
        "希望能有明显提升",
        "有待明显提升",
        "需要显著提升",
        "相信下月会有明显提升",
        "needs clear improvement",
        "must clearly improve",
    ],
    ("clear_improvement", 100): [
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
    ],
    ("outstanding", 90): [
        "表现优秀",
        "表现非常出色",
        "超出预期",
        "Exceeds expectations",
        "Excellent work",
    ],
    ("improvement_hoped_for", 60): [
        "如果多练习,谈判技巧会有提升",
        "希望他有进步",
        "希望下个月有所提升",
        "room for improvement",
        "Hoping for some improvement",
    ],
    ("some_improvement", 80): [
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
    ("needs_work", 60): [
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
    ("steady", 70): [
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
    None: [
        # Praise in a clause that has a word of denial is not believed: a person may read it.
        "从没有章法变为有明显提升",
        "前所未有的明显进步",
        "没过多久就有明显提升",
        "无疑有明显提升",
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


@pytest.mark.parametrize(
    ("review", "expected"), [(review, rating) for rating, reviews in REVIEWS.items() for review in reviews]
)
def test_c4_what_a_mentors_words_count(review: str, expected: tuple[str, int] | None) -> None:
    assert counts(review) == expected


@pytest.mark.parametrize(
    "review",
    [
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
    ],
)
def test_c4_words_of_blame_never_count_as_praise(review: str) -> None:
    rating = counts(review)
    assert rating is None or rating[1] <= 60


SAID = [(review, rating) for rating, reviews in REVIEWS.items() if rating for review in reviews]


@given(said=st.sampled_from(SAID), stop=st.sampled_from([",", "。", ";", "\n", FULL_WIDTH_COMMA, "\uff1b"]))
def test_c4_what_else_is_said_of_the_week_changes_nothing(
    said: tuple[str, tuple[str, int]], stop: str
) -> None:
    review, rating = said
    assert counts(f"没有缺席{stop}{review}{stop}下周谈供应商合同。") == rating


def test_c4_what_is_denied_is_read_before_what_is_said() -> None:
    order = [rule.id for rule in shipped_policy().mentor]
    assert order[0] == "no_improvement"
    assert order.index("clear_improvement") < order.index("some_improvement") < order.index("steady")
    assert {rating[0] for rating in REVIEWS if rating} == set(order)
