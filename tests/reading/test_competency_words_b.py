"""What the shipped reader makes of interviews in marketing and e-commerce: plain words, and look-alikes."""

import pytest

from rencai.reading.readers import Readers, Words
from tests.shipped import MODELS, ShippedConfigurations

ASKED_ON = {
    claim: (rule.topics or competency.topics or (None,))[0]
    for model in MODELS.values()
    for competency in model.competencies.values()
    for rule in competency.rules
    for claim in rule.when.claims
}
"""A topic on which a model asks for the claim."""
READER = Readers(ShippedConfigurations()).of(Words.COMPETENCY)

SAID = {
    "knows_the_metrics": ("我每天盯转化率和客单价", "I track conversion and CAC every morning"),
    "uses_tools": ("我用SQL把订单拉出来做透视表", "I built a pivot table for every store"),
    "tests_hypotheses": (
        "两张主图各跑一周，留点击高的那张",
        "I held back ten percent as a control group to see if it worked",
    ),
    "decides_by_data": (
        "我跟去年同期对比，按渠道拆开看，发现是搜索掉了",
        "I broke the drop down by region and compared it to last year",
    ),
    "goes_by_gut": ("数据我不怎么看，凭感觉吧", "I just go with my gut feeling"),
    "sets_a_goal": ("做活动前我先定好目标，要拉多少新客", "We defined the target audience and the KPI first"),
    "plans_budget_and_time": (
        "预算我分成三块，预热四成，爆发五成，剩下机动",
        "I split the budget by channel and made a timeline with milestones",
    ),
    "picks_channels": (
        "宝妈都在小红书上，所以我把预算放在小红书",
        "I chose LinkedIn because our buyers are there",
    ),
    "reviews_results": ("每次活动结束我都做复盘，看哪些钱花得值", "After every campaign we do a post-mortem"),
    "no_plan": ("照搬去年的方案，改个日期就上了", "We made it up as we went along"),
    "talks_to_users": ("上线前我找了二十个用户做访谈", "I interviewed twelve users before we launched"),
    "segments": ("我把会员分成四类，不同人群发不同的券", "I segmented the customers into three groups"),
    "needs_behind_words": (
        "客户嘴上说贵，其实是怕坏了没人修",
        "They asked for more features but what they really wanted was less work",
    ),
    "assumes": ("用户想要什么我都清楚，不用去问", "I just assumed young people like bright colours"),
    "finds_an_angle": (
        "我找的切入点是外婆的味道，讲一个回家的故事",
        "I found a human angle and told the story of a nurse",
    ),
    "fits_the_channel": (
        "抖音前三秒要抓人，公众号写长一点",
        "On TikTok I keep it under fifteen seconds with captions",
    ),
    "proves_it": ("那条视频播放破了三百万，涨了两万粉", "My post got eleven thousand likes"),
    "copies": ("别人的爆款搬过来改改文案就发", "I copied competitors' posts and changed the logo"),
    "drives_projects": (
        "我牵头，拉着设计、技术、客服几个部门推进，按时上线",
        "I took the lead and coordinated design, legal and IT",
    ),
    "keywords": (
        "标题里的关键词我都先查搜索量再放",
        "I do keyword research and put the main search term first in the title",
    ),
    "content_that_sells": (
        "主图突出卖点，详情页讲痛点",
        "I rewrote the bullet points so each answers one worry",
    ),
    "measures_and_adjusts": (
        "点击率低我就换主图，转化低就改详情",
        "If click-through drops I swap the main image and watch it for a week",
    ),
    "breaks_rules": ("刚开始我们肯定要刷几单冲销量", "We paid for fake reviews"),
    "just_uploads": ("产品传上去就不管了", "I just upload it and leave it"),
    "sizes_the_market": (
        "选品前先看类目的市场规模和搜索趋势",
        "I check the search volume and market size first",
    ),
    "studies_competitors": (
        "竞品的差评我一条条看",
        "I read the one-star reviews of competitors before I pick",
    ),
    "does_the_sums": (
        "先算毛利，扣掉运费和佣金还有两成我才做",
        "I calculate the margin after freight and fees",
    ),
    "follows_blindly": ("什么火我就卖什么", "I just sell whatever is trending"),
    "structures_campaigns": (
        "自动广告跑词，出单的放到手动精准",
        "One ad group per product, broad and exact match kept apart",
    ),
    "trims_waste": (
        "不出单的词我每周加到否定里，半夜降出价",
        "I add negative keywords every week and cut the bids at night",
    ),
    "spends_blindly": ("广告开着就让它自己跑，花完再充", "I just let the ads run and top up the budget"),
    "solves_it_fast": ("客人说坏了，我当天就退款补发", "I send a replacement the same day"),
    "removes_the_cause": (
        "我反馈给工厂改了包装，之后投诉降了一半",
        "I passed it back to the factory, they changed the box and complaints dropped",
    ),
    "brushes_off": ("差评我一般不回，拖几天就忘了", "I just send the standard reply and ignore them"),
    "forecasts": (
        "我按前三个月的销量备货，再留一成安全库存",
        "I keep six weeks of safety stock because of the lead time",
    ),
    "moves_stock": ("滞销的我打折捆绑清掉", "I cleared the slow movers with a clearance sale"),
    "works_with_suppliers": (
        "我去工厂验货，跟供应商谈账期",
        "I negotiated the price with the supplier and inspected every batch",
    ),
    "runs_out": ("经常断货了才发现没人盯库存", "We ran out of stock because nobody was watching"),
}
NEAR_MISSES = {
    "knows_the_metrics": "什么是转化率我没听过",
    "uses_tools": "数据都是隔壁分析组给的",
    "tests_hypotheses": "I read about A/B tests in a magazine",
    "decides_by_data": "我们领导要求大家看数据",
    "goes_by_gut": "我从来不凭感觉定价",
    "sets_a_goal": "我的职业目标是当店长",
    "plans_budget_and_time": "预算是财务批的，我只管报销",
    "picks_channels": "我家的下水渠道堵了",
    "reviews_results": "复盘没做过，哪有空",
    "no_plan": "我们绝不会照搬去年的方案",
    "talks_to_users": "访谈是外包给调研公司做的",
    "segments": "The segment of the road near us is closed",
    "needs_behind_words": "我拆过发动机",
    "assumes": "I assume this is the right room",
    "finds_an_angle": "这条街的切口很深",
    "fits_the_channel": "我喜欢刷抖音打发时间",
    "proves_it": "我喜欢看短视频，一天能刷好几百条",
    "copies": "我不抄别人的文案",
    "drives_projects": "那个项目是他们牵头的",
    "keywords": "面试前我背了很多英语关键词",
    "content_that_sells": "The bullets in the wall are from the war",
    "measures_and_adjusts": "我换了一张桌面图片",
    "breaks_rules": "我从来没刷过单",
    "just_uploads": "我把文件上传到系统了",
    "sizes_the_market": "市场多大我没概念",
    "studies_competitors": "接下来我想研究竞争对手",
    "does_the_sums": "I want him to keep his job",
    "follows_blindly": "我从不跟风",
    "structures_campaigns": "自动挡手动挡我都会开",
    "trims_waste": "否定句我英语里学过",
    "spends_blindly": "我不会让广告自己跑",
    "solves_it_fast": "我买东西遇到过当天退款的",
    "removes_the_cause": "主任说要找根源",
    "brushes_off": "我不会敷衍客户",
    "forecasts": "这款支架能撑三十公斤",
    "moves_stock": "我家楼下超市在清仓",
    "works_with_suppliers": "供应商是采购部找的",
    "runs_out": "我们从没断过货",
}


def surely_said(words: str, claim: str) -> set[str]:
    return {reading.claim for reading in READER.read(words, ASKED_ON[claim]) if reading.sure}


@pytest.mark.parametrize(
    ("claim", "words"), [(claim, words) for claim, all_ in SAID.items() for words in all_]
)
def test_plain_words_are_surely_read(claim: str, words: str) -> None:
    assert claim in surely_said(words, claim)


@pytest.mark.parametrize(("claim", "words"), NEAR_MISSES.items())
def test_words_that_only_look_alike_are_not(claim: str, words: str) -> None:
    assert claim not in surely_said(words, claim)
