"""The training a tenant ships with: what each gap brings, how a plan adapts, and what a mentor's words count."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.admin.work_calendar import filled, public_holidays
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.probation import ProbationPolicy, probation_ends_on
from rencai.domain.training import Cause, Enrolment, Reached, Told
from rencai.domain.training_plan import (
    Calendar,
    Gap,
    Learner,
    PlanItem,
    PlanStatus,
    Reason,
    ReasonKind,
    TrainingPlan,
    decide,
    make_plan,
    proposals_for,
    review_plan,
)
from rencai.domain.training_rules import CourseCatalogue, CourseKind, TrainingRules
from rencai.domain.work_calendar import WorkCalendar
from tests.unit.shipped import MODELS, ROLES, SHIPPED, ShippedConfigurations

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2026, 3, 16)
EVERY_GAP = [(role, id_) for role in ROLES for id_ in MODELS[role].competencies]
FULL_WIDTH_COMMA = "\uff0c"


def shipped_rules() -> TrainingRules:
    return ShippedConfigurations().training_rules().document


def shipped_catalogue() -> CourseCatalogue:
    return ShippedConfigurations().course_catalogue().document


RULES, CATALOGUE = shipped_rules(), shipped_catalogue()
CALENDAR = Calendar(ShippedConfigurations().work_calendar(), SHANGHAI)


def plan_of(role: str, *gaps: tuple[str, int], starts_on: date = FIRST_DAY) -> TrainingPlan:
    learner = Learner("emp_1", role, "aiview/itv-1", tuple(Gap(*gap) for gap in gaps), "visual")
    return make_plan(learner, RULES, (1, 1), starts_on, PlanStatus.ASSIGNED, CALENDAR)


def brought_by(plan: TrainingPlan, kind: ReasonKind) -> list[PlanItem]:
    return [item for item in plan.items if item.reasons[0].kind is kind]


# --- C1 -----------------------------------------------------------------------------------------------------


def test_c1_negotiation_at_70_brings_the_online_course_of_20_lessons_and_a_day_of_role_play() -> None:
    online, workshop = brought_by(plan_of("sales", ("negotiation", 70)), ReasonKind.GAP)
    reasons = (Reason(ReasonKind.GAP, "negotiation", "negotiation", 70),)
    assert (online.reasons, workshop.reasons) == (reasons, reasons)
    course = CATALOGUE.courses[online.course_id]
    assert (course.name.zh_cn, course.kind, course.lessons) == (
        "快消品谈判技巧实战",
        CourseKind.ONLINE,
        20,
    )
    practice = CATALOGUE.courses[workshop.course_id]
    assert practice.about
    assert (practice.kind, practice.days) == (CourseKind.WORKSHOP, Decimal(1))
    assert "角色扮演工作坊" in practice.name.zh_cn
    assert "线下" in practice.about.zh_cn
    assert (online.starts_on, online.due_on) == (date(2026, 3, 30), date(2026, 5, 11))
    assert (workshop.starts_on, workshop.due_on) == (date(2026, 5, 11), date(2026, 5, 18))


def test_c1_data_analysis_at_65_brings_excel_and_a_weekly_mentor_on_a_market_data_report() -> None:
    online, mentor = brought_by(plan_of("marketing", ("data_analysis", 65)), ReasonKind.GAP)
    course = CATALOGUE.courses[online.course_id]
    assert (course.name.zh_cn, course.kind, course.lessons) == (
        "Excel高级函数与数据可视化",
        CourseKind.ONLINE,
        15,
    )
    weekly = CATALOGUE.courses[mentor.course_id]
    assert weekly.about
    assert (weekly.kind, weekly.sessions_per_week) == (CourseKind.MENTORING, 1)
    assert "导师每周一次" in weekly.about.zh_cn
    assert "市场数据报告" in weekly.about.zh_cn


def test_c1_who_negotiates_worse_has_a_mentor_as_well() -> None:
    courses = [
        [item.course_id for item in brought_by(plan_of("sales", ("negotiation", score)), ReasonKind.GAP)]
        for score in (61, 60)
    ]
    assert courses == [
        ["fmcg-negotiation", "negotiation-role-play"],
        ["fmcg-negotiation", "negotiation-role-play", "negotiation-mentoring"],
    ]


@pytest.mark.parametrize(
    ("role", "courses"),
    [
        ("sales", ["公司入职培训", "产品知识"]),
        ("marketing", ["公司入职培训", "市场营销基础"]),
        ("ecommerce_operations", ["公司入职培训", "基础运营"]),
        ("general", ["公司入职培训", "职场通用技能"]),
    ],
)
def test_c1_everybody_takes_the_orientation_and_the_basics_of_the_role(role: str, courses: list[str]) -> None:
    plan = plan_of(role)
    assert brought_by(plan, ReasonKind.REQUIRED) == list(plan.items)
    assert [CATALOGUE.courses[item.course_id].name.zh_cn for item in plan.items] == courses


def test_e1_product_knowledge_is_next_week() -> None:
    item = plan_of("sales").item("product-knowledge")
    assert item
    assert item.starts_on == FIRST_DAY + timedelta(days=7)


@pytest.mark.parametrize("score", [0, 60, 75])
@pytest.mark.parametrize(("role", "competency"), EVERY_GAP)
def test_c1_every_competency_that_can_be_an_area_to_improve_is_answered(
    role: str, competency: str, score: int
) -> None:
    assert score <= MODELS[role].improve_at
    plan = plan_of(role, (competency, score))
    assert plan.unanswered == ()
    assert competency in {reason.competency for item in plan.items for reason in item.reasons}


def test_c1_a_gap_in_what_is_required_anyway_is_one_item_with_both_reasons() -> None:
    plan = plan_of("sales", ("product_knowledge", 55))
    assert [(item.item_id, [reason.kind for reason in item.reasons]) for item in plan.items] == [
        ("company-orientation", [ReasonKind.REQUIRED]),
        ("product-knowledge", [ReasonKind.REQUIRED, ReasonKind.GAP]),
        ("product-mentoring", [ReasonKind.GAP]),
    ]


def test_f3_the_courses_of_the_career_ladder_are_there() -> None:
    names = {id_: course.name.zh_cn for id_, course in CATALOGUE.courses.items()}
    ladder = ("basic-operations", "intermediate-operations", "advanced-operations", "strategic-operations")
    assert [names[id_] for id_ in (*ladder, "amazon-product-selection")] == [
        "基础运营",
        "进阶运营",
        "高级运营",
        "战略运营",
        "亚马逊选品技巧",
    ]
    gap = brought_by(plan_of("ecommerce_operations", ("product_selection", 70)), ReasonKind.GAP)
    assert [item.course_id for item in gap] == ["amazon-product-selection"]


def test_every_course_a_rule_names_is_in_the_catalogue_and_no_course_has_the_name_of_another() -> None:
    assert RULES.courses() <= set(CATALOGUE.courses)
    for language in ("zh-CN", "en"):
        names = [course.name.text(language) for course in CATALOGUE.courses.values()]
        assert len(set(names)) == len(names)


CHINESE_HOLIDAYS = filled(WorkCalendar(), public_holidays("CN", range(2024, 2027))).calendar


@given(starts_on=st.dates(date(2024, 1, 1), date(2026, 9, 30)), role=st.sampled_from(ROLES))
def test_everything_is_due_within_the_probation_whatever_holidays_lie_in_it(
    starts_on: date, role: str
) -> None:
    gaps = tuple(Gap(id_, 0) for id_ in MODELS[role].competencies)
    learner = Learner("emp_1", role, "aiview/itv-1", gaps, None)
    calendar = Calendar(CHINESE_HOLIDAYS, SHANGHAI)
    first = CHINESE_HOLIDAYS.on_or_after(starts_on)
    plan = make_plan(learner, RULES, (1, 1), first, PlanStatus.ASSIGNED, calendar)
    last = max(item.due_on for item in plan.items)
    # A week is left in which something can still be done about what was not.
    assert last + timedelta(days=7) <= probation_ends_on(first, ProbationPolicy().months)


# --- what employees read ------------------------------------------------------------------------------------


UNKIND = re.compile(
    r"差|弱|不足|不够|缺乏|缺点|短板|不合格|落后|(?i:weak|poor|lack|fail|bad|insufficient|deficien)"
)


REASONS = [
    *(rule.id for rule in RULES.required),
    *(rule.id for rule in RULES.gaps),
    *(rule.id for rule in RULES.progress),
]


@pytest.mark.parametrize("rule", REASONS)
def test_a_reason_is_written_in_both_languages_and_says_what_it_is_good_for(rule: str) -> None:
    why = RULES.why(rule)
    assert re.search(r"[\u4e00-\u9fff]", why.zh_cn)
    assert not re.search(r"[\u4e00-\u9fff]", why.en)
    assert 10 <= len(why.zh_cn) <= 60
    assert 30 <= len(why.en) <= 130
    assert not UNKIND.search(why.zh_cn + why.en)


# --- C4, C5 -------------------------------------------------------------------------------------------------

MORNING = datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)


def at_percent(plan: TrainingPlan, item_id: str, percent: int, exam: int | None = None) -> Enrolment:
    item = plan.item(item_id)
    assert item
    return Enrolment(
        "emp_1",
        item_id,
        f"enr_{item_id}",
        item.due_at,
        completion=Told(str(percent), MORNING),
        exam=Told(str(exam), MORNING) if exam is not None else None,
        reached=(Reached(percent // 5 * 5, MORNING),),
    )


def reviewed(plan: TrainingPlan, *enrolments: Enrolment) -> TrainingPlan:
    known = {enrolment.item_id: enrolment for enrolment in enrolments}
    return review_plan(plan, known, RULES, CALENDAR, MORNING).plan


def test_c5_product_knowledge_at_80_percent_adds_the_case_study_workshop() -> None:
    plan = plan_of("sales")
    before, after = (reviewed(plan, at_percent(plan, "product-knowledge", percent)) for percent in (75, 80))
    assert before.items == plan.items
    (added,) = [item for item in after.items if item not in plan.items]
    course = CATALOGUE.courses[added.course_id]
    assert (course.name.zh_cn, course.kind) == ("产品案例分析", CourseKind.WORKSHOP)
    assert added.reasons == (Reason(ReasonKind.PROGRESS, "product_cases"),)
    assert (added.starts_on, added.due_on) == (date(2026, 4, 1), date(2026, 4, 15))


def test_c5_who_has_finished_product_knowledge_needs_its_mentor_no_more() -> None:
    plan = plan_of("sales", ("product_knowledge", 55))
    after = reviewed(plan, at_percent(plan, "product-knowledge", 100))
    removed = [(item.item_id, item.removed_by) for item in after.items if item.removed_by]
    assert removed == [("product-mentoring", "product_learnt")]


def test_c5_each_learning_style_has_its_forms_of_material() -> None:
    names = {style: [form.name.zh_cn for form in forms] for style, forms in RULES.learning_styles.items()}
    assert names == {
        "visual": ["视频", "思维导图"],
        "auditory": ["音频课程", "小组讨论"],
        "reading": ["图文讲义", "案例阅读"],
        "kinesthetic": ["情景演练", "实操练习"],
    }


def test_c4_the_thresholds_and_what_is_proposed() -> None:
    warnings = RULES.warnings
    assert (warnings.completion_below, warnings.exam_below) == (Decimal(80), Decimal(70))
    plan = plan_of("sales", ("negotiation", 70))
    learnt = (at_percent(plan, "fmcg-negotiation", 100, exam=69), at_percent(plan, "company-orientation", 79))
    warned = {one.item_id: one for one in reviewed(plan, *learnt).warnings}
    assert {id_: one.cause for id_, one in warned.items()} == {
        "fmcg-negotiation": Cause.EXAM,
        "company-orientation": Cause.COMPLETION,
    }
    assert proposals_for(plan, warned["company-orientation"], RULES) == (
        "offline_coaching",
        "extra_material",
    )
    assert proposals_for(plan, warned["fmcg-negotiation"], RULES) == (
        "offline_coaching",
        "extra_material",
        "negotiation_coaching",
    )


def test_c4_what_hr_accepts_is_added_to_the_plan() -> None:
    plan = plan_of("sales", ("negotiation", 70))
    late = reviewed(plan, at_percent(plan, "fmcg-negotiation", 100, exam=69))
    (warning,) = (one for one in late.warnings if one.cause is Cause.EXAM)
    proposals = proposals_for(late, warning, RULES)
    after, _ = decide(late, {}, warning.warning_id, proposals, RULES, CALENDAR, "hr_1", MORNING)
    added = [(item.course_id, item.due_on) for item in after.items if item not in late.items]
    kinds = [CATALOGUE.courses[course].kind for course, _ in added]
    assert added == [
        ("offline-coaching", date(2026, 4, 15)),
        ("extra-material", date(2026, 4, 8)),
        ("negotiation-coaching", date(2026, 4, 15)),
    ]
    assert kinds == [CourseKind.COACHING, CourseKind.MATERIAL, CourseKind.COACHING]


# --- the probation policy -----------------------------------------------------------------------------------


def shipped_policy() -> ProbationPolicy:
    policy = SHIPPED[ConfigurationKind.PROBATION_POLICY, "default"]
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
