"""What the invented candidates are asked, and the sentences that they answer with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Topic:
    """A question with sentences to answer it. ``good``: each meets another rule of the default models."""

    question: str
    good: Sequence[str]
    plain: str
    weak: str


TOPICS_OF: Final[Mapping[str, Sequence[str]]] = {
    "sales": (
        "objection_handling",
        "past_results",
        "negotiation",
        "product_knowledge",
        "stress",
        "learning",
        "teamwork",
    ),
    "marketing": ("campaign", "data_analysis", "customer_insight", "content", "past_results", "learning"),
    "ecommerce_operations": (
        "listing",
        "product_selection",
        "advertising",
        "customer_service",
        "data_analysis",
        "supply_chain",
        "stress",
    ),
    "general": ("problem_solving", "past_results", "teamwork", "learning", "stress", "responsibility"),
}

CHINESE: Final[Mapping[str, Topic]] = {
    "objection_handling": Topic(
        "如何处理客户异议?",
        (
            "我会先听客户把话说完,换位思考,让他感到我理解他的顾虑。",
            "客户说贵的时候,我会问清楚他是和哪一家比,再把总成本一项一项算给他看。",
            "如果当场解决不了,我会约定时间带着方案再回来,不让问题悬着。",
            "有一位客户担心交货期,我请他参观了仓库,后来他成了老客户。",
        ),
        "一般我会听客户说完,然后介绍产品。",
        "说实话有些是客户不懂,我就把产品的优势再讲一遍,让他今天先下单。",
    ),
    "past_results": Topic(
        "请介绍你过往的业绩。",
        (
            "上一年我超额完成了年度目标,达成率 118%。",
            "我牵头把年度指标拆解到每周,按里程碑跟进,落后了就当周补上。",
            "我带领 6 人的小团队负责团队管理,客户数从 40 家做到了 95 家,增长了一倍多。",
            "去年旺季我协调三个部门一起推进,比计划提前 10 天上线。",
        ),
        "我在上一家公司做了两年多,工作比较稳定。",
        "去年没能完成目标,主要是任务太重,市场也不好。",
    ),
    "negotiation": Topic(
        "谈谈一次你印象深刻的谈判。",
        (
            "谈之前我会做足功课,摸清对方的采购流程和市场行情。",
            "我会弄清谁是决策人、预算是多少,他真正的关注点往往不是价格。",
            "我心里有底线,让步一定要换回条件,比如账期或者订货量。",
            "最后我们把单次采购改成了年度框架,算是双赢,也是长期合作的开始。",
        ),
        "对方要求降价,我们来回谈了几次,最后成交了。",
        "客户一说贵,我一般就直接降价,先把单子签下来再说。",
    ),
    "product_knowledge": Topic(
        "怎样向客户介绍一款你不熟悉的新产品?",
        (
            "我会先把卖点翻译成客户的痛点和使用场景,再讲参数以外的价值。",
            "我会做一张竞品对照表,说清楚我们的差异化在哪里。",
            "我会准备两三个案例和检测报告,必要时安排试用,让客户自己验证。",
        ),
        "我会先看产品资料,然后按资料介绍。",
        "产品其实都差不多,看说明书就行。",
    ),
    "stress": Topic(
        "任务很多、压力很大的时候你怎么办?",
        (
            "我会列一张清单,按轻重缓急排优先级,一件一件来。",
            "遇到挫折我会复盘找原因,调整方法再试一次。",
            "忙不过来时我会主动向主管沟通,下班去跑步放松一下。",
        ),
        "压力大的时候我会尽量把手头的事做完。",
        "有时候真的受不了,只能硬扛过去。",
    ),
    "learning": Topic(
        "最近半年你学了什么?",
        (
            "我自学了一门线上课程,每周看书两到三个小时。",
            "学到的方法我马上用到日常工作里,先在一个项目上试着落地。",
            "每个月我会做一次总结,请人点评,再调整学习计划。",
        ),
        "主要是在工作中边做边学。",
        "最近太忙没时间学,目前会的也够用了。",
    ),
    "teamwork": Topic(
        "讲一次与同事意见不一致的经历。",
        (
            "我们先一起把目标写下来,明确分工,再讨论做法。",
            "我会坐下来听取对方的理由,达成共识以后就按共识做。",
            "新同事跟不上时我会带教,把自己的经验整理成文档分享给大家。",
        ),
        "意见不一致时我一般按多数人的意见来。",
        "那次其实是他们不配合,我自己做更快。",
    ),
    "campaign": Topic(
        "请介绍一次你策划的市场活动。",
        (
            "活动的目标人群是一线城市的年轻父母,目标设定为新增会员一万人。",
            "我做了预算和排期,每个节点都有负责人,并牵头跨部门推进。",
            "渠道上以小红书种草和抖音投放为主,私域承接转化。",
            "结束后我们做了完整的复盘,把效果评估写进了下一次的方案。",
        ),
        "我们做过一次周年庆活动,反响还可以。",
        "基本是边做边看,领导怎么说就怎么做。",
    ),
    "data_analysis": Topic(
        "你怎样用数据发现和解决问题?",
        (
            "我每天看转化率、流量和复购率,异常的先标出来。",
            "我习惯用 Excel 的数据透视表搭一个看板,周会直接看。",
            "发现下滑后我会按漏斗拆解,做 A/B 对照,定位到具体环节。",
        ),
        "我会看一下后台的数据,再和同事讨论。",
        "我主要凭感觉,数据让别人来看。",
    ),
    "customer_insight": Topic(
        "你如何了解用户?",
        (
            "每个季度我会做十场用户访谈,再用问卷验证。",
            "我们把用户按购买频次分层,每一层都有画像和标签。",
            "我会追问到真实需求和使用场景,很多痛点用户自己不会直接说。",
        ),
        "主要看评论和后台留言。",
        "我觉得用户都一样,做得好看就会买。",
    ),
    "content": Topic(
        "举一个你做得满意的内容作品。",
        (
            "选题来自一个真实的用户故事,很多人看了有共鸣。",
            "我写了脚本,拍成一分钟的短视频,标题和封面各测了三版。",
            "那条视频成了爆款,完播率 46%,互动率是平时的三倍。",
        ),
        "我写过公众号文章,也拍过视频。",
        "通常是网上找一篇改一改,照着别人的做。",
    ),
    "listing": Topic(
        "你如何优化一个产品页面?",
        (
            "我会先查搜索词报告,把核心关键词和长尾词埋进文案。",
            "主图突出卖点,五点描述按用户最关心的顺序来写。",
            "上线后看点击率和转化率,用 A/B 测图,两周复盘一次。",
        ),
        "我会把图片和文字准备好,再上传到后台。",
        "同行怎么写我就照抄,传上去就行。",
    ),
    "product_selection": Topic(
        "你怎么判断一个产品值不值得做?",
        (
            "先看类目的搜索量和近一年的趋势,避开季节性太强的。",
            "我会把前二十名竞品的差评读一遍,找到可以改进的地方。",
            "然后算头程、佣金和广告成本,毛利低于 30% 的不做。",
        ),
        "我会看看平台上卖得好的产品。",
        "什么火卖什么,跟卖就好。",
    ),
    "advertising": Topic(
        "你怎样管理站内广告?",
        (
            "我每天看 ACoS 和 ROAS,连同点击率一起判断。",
            "广告结构上先用自动广告跑词,再把好词放进手动广告做精准匹配。",
            "每周加一次否定关键词,按时段调整竞价,把浪费的预算收回来。",
        ),
        "我会根据销量开一些广告。",
        "广告开着就行,不够就多投点。",
    ),
    "customer_service": Topic(
        "买家投诉收到的商品有瑕疵,你怎么处理?",
        (
            "先真诚致歉,理解对方失望的心情,不急着解释。",
            "24小时内给出方案,补发或者退款由买家选。",
            "之后我会追查根本原因,反馈给质检和供应商,退货率降了一半。",
        ),
        "我会按平台规则给买家处理。",
        "有些是买家无理取闹,拖一拖就过去了。",
    ),
    "supply_chain": Topic(
        "怎样避免断货和压货?",
        (
            "我按销量预测设安全库存,提前六周开始备货。",
            "每周看库龄和周转,滞销的尽早清仓。",
            "和供应商约定交期与验货标准,旺季前先锁产能。",
        ),
        "我会看库存表,少了就下单。",
        "断货了才会去补,库存不归我管。",
    ),
    "problem_solving": Topic(
        "讲一个你解决过的难题。",
        (
            "我先把数据和流程梳理一遍,找到根本原因。",
            "我列了三个方案,比较利弊之后选了风险最小的一个。",
            "实施后我跟踪了一个月的效果,再把做法固化成流程。",
        ),
        "遇到问题我会想办法尽快解决。",
        "这种事一般等领导决定,不归我管。",
    ),
    "responsibility": Topic(
        "讲一次你工作中的失误。",
        (
            "发现以后我主动承认,没有让同事替我承担。",
            "当天我就通知了相关客户,重新发了正确的资料来补救。",
            "后来我做了检查表,并建立了双人复核的流程,避免再犯。",
        ),
        "有一次我把文件发错了,后来改过来了。",
        "小失误难免,没人发现也就过去了。",
    ),
}

ENGLISH: Final[Mapping[str, Topic]] = {
    "objection_handling": Topic(
        "How do you handle a customer's objection?",
        (
            "I listen with empathy and repeat the customer's concern in my own words before I answer.",
            "Then I ask what they compare us with and go through the total cost line by line.",
            "If I cannot solve it on the spot, I agree a date and come back with a proposal.",
        ),
        "I listen and then I present the product.",
        "Often the customer is just wrong, so I repeat our advantages.",
    ),
    "past_results": Topic(
        "Tell me about your results so far.",
        (
            "Last year I exceeded my target and closed at 118%.",
            "We broke it down into weekly milestones and a plan, and I looked at them every Monday.",
            "I led a team of six, and the number of accounts more than doubled.",
        ),
        "I worked there for two years.",
        "I missed my target last year, but that was bad luck with the market.",
    ),
    "negotiation": Topic(
        "Describe a negotiation you remember well.",
        (
            "I prepare: I know the market price and how they buy.",
            "I find the decision maker and the budget, and what they really need.",
            "I know when to walk away, and every concession comes in exchange for something.",
            "In the end it was a win-win, a long-term frame contract.",
        ),
        "They asked for a discount and after a while we agreed.",
        "When they say it is expensive I just lower the price.",
    ),
    "product_knowledge": Topic(
        "How do you present a product that is new to you?",
        (
            "I turn each feature into a benefit for a pain point of theirs.",
            "I make a sheet of how we are different from each competitor.",
            "I bring two case studies and offer a trial.",
        ),
        "I read the brochure and present what it says.",
        "To be honest they are all the same to me.",
    ),
    "stress": Topic(
        "What do you do when there is too much to do?",
        (
            "I write a to-do list and prioritise it.",
            "When something fails I look back at it and learn from it.",
            "I talk to my manager early, and I go running after work.",
        ),
        "I try to finish what is on my desk.",
        "Sometimes I just want to quit.",
    ),
    "learning": Topic(
        "What have you learnt in the last six months?",
        (
            "I took an online course and read a book a month.",
            "I applied it in a project the week after.",
            "I keep notes, ask for feedback and reflect on it every month.",
        ),
        "Mostly on the job.",
        "There was no time to learn, and I know enough for this job.",
    ),
    "teamwork": Topic(
        "Tell me about a disagreement with a colleague.",
        (
            "We wrote the goal down together and divided the work.",
            "I listened to their reasons until we agreed on one way.",
            "I also helped a new colleague catch up by sharing my notes.",
        ),
        "We usually do what most people want.",
        "It was their fault, and I would rather work alone.",
    ),
    "problem_solving": Topic(
        "Tell me about a hard problem you solved.",
        (
            "I analysed the data until I had the root cause.",
            "I wrote down three options with their pros and cons and chose the safest.",
            "Afterwards I measured the result for a month.",
        ),
        "When there is a problem I try to fix it quickly.",
        "I wait for my boss to decide; it is not my job.",
    ),
    "responsibility": Topic(
        "Tell me about a mistake you made at work.",
        (
            "I said at once that it was my mistake.",
            "I corrected it the same day and told the people concerned.",
            "We now have a checklist and double-check each other.",
        ),
        "I once sent the wrong file and sent the right one later.",
        "It was small and nobody noticed, so I kept quiet.",
    ),
}
