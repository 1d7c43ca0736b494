"""The training a tenant ships with: what each gap brings, how it reads, and how a plan adapts."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.admin.work_calendar import filled, public_holidays
from rencai.kernel.work_calendar import WORK_CALENDAR, WorkCalendar
from rencai.training.rules.courses import Cause, Enrolment, Reached, Told
from rencai.training.rules.plan import (
    Calendar,
    Gap,
    Learner,
    PlanItem,
    PlanStatus,
    Reason,
    ReasonKind,
    TrainingPlan,
    make_plan,
)
from rencai.training.rules.probation import ProbationPolicy, probation_ends_on
from rencai.training.rules.review import decide, proposals_for, review_plan
from rencai.training.rules.rules import (
    COURSE_CATALOGUE,
    TRAINING_RULES,
    CourseCatalogue,
    CourseKind,
    TrainingRules,
)
from tests.shipped import MODELS, ROLES, ShippedConfigurations

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2026, 3, 16)
EVERY_GAP = [(role, id_) for role in ROLES for id_ in MODELS[role].competencies]


def shipped_rules() -> TrainingRules:
    return ShippedConfigurations().latest(TRAINING_RULES).document


def shipped_catalogue() -> CourseCatalogue:
    return ShippedConfigurations().latest(COURSE_CATALOGUE).document


RULES, CATALOGUE = shipped_rules(), shipped_catalogue()
CALENDAR = Calendar(ShippedConfigurations().latest(WORK_CALENDAR).document, SHANGHAI)


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
