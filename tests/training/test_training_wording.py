"""What people read of a plan: where a course stands, the next step (E1), the probation's formula (C3)."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.training.rules.courses import Enrolment, Told
from rencai.training.rules.plan import PlanItem, PlanStatus, Reason, ReasonKind, TrainingPlan
from rencai.training.rules.probation import CourseWeights, ProbationPolicy
from rencai.training.rules.rules import Course, CourseKind
from rencai.training.rules.wording import (
    ItemStatus,
    NextStep,
    Phase,
    item_status,
    next_step,
    next_step_text,
    probation_formula,
)

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
NEW_YORK: Final = ZoneInfo("America/New_York")
TODAY: Final = date(2026, 3, 4)
"""A Wednesday."""
NOW: Final = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
TOLD_AT: Final = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


def item(
    item_id: str, starts_on: date, due_on: date | None = None, removed_by: str | None = None
) -> PlanItem:
    due_on = due_on or starts_on + timedelta(days=14)
    return PlanItem(
        item_id=item_id,
        reasons=(Reason(ReasonKind.REQUIRED, "basics"),),
        starts_on=starts_on,
        due_on=due_on,
        due_at=datetime.combine(due_on, time(18), SHANGHAI),
        since=NOW,
        removed_by=removed_by,
    )


def plan(*items: PlanItem, status: PlanStatus = PlanStatus.ASSIGNED) -> TrainingPlan:
    return TrainingPlan("emp_1", "sales", "aiview/itv-1", None, status, TODAY, 1, 1, items)


def enrolled(
    item_id: str, completion: str | None = None, *, exam: str | None = None, review: str | None = None
) -> Enrolment:
    def told(value: str | None) -> Told | None:
        return Told(value, TOLD_AT) if value is not None else None

    return Enrolment("emp_1", item_id, f"enr-{item_id}", NOW, told(completion), told(exam), told(review))


def course(
    kind: CourseKind = CourseKind.ONLINE, chinese: str = "产品知识", english: str = "Product knowledge"
) -> Course:
    return Course.model_validate({"name": {"zh-CN": chinese, "en": english}, "kind": kind, "lessons": 3})


def said(step: NextStep, language: str = "zh-CN", now: datetime = NOW, zone: ZoneInfo = SHANGHAI) -> str:
    return next_step_text(step, course(), language, now, zone)


# --- E1


@pytest.mark.parametrize(
    ("starts_on", "chinese", "english"),
    [
        (date(2026, 3, 4), "今天", "Today"),
        (date(2026, 3, 5), "明天", "Tomorrow"),
        (date(2026, 3, 6), "本周", "This week"),
        (date(2026, 3, 8), "本周", "This week"),
        (date(2026, 3, 9), "下周", "Next week"),
        (date(2026, 3, 15), "下周", "Next week"),
        (date(2026, 3, 16), "3 月 16 日", "On 16 March"),
        (date(2027, 1, 4), "2027 年 1 月 4 日", "On 4 January 2027"),
    ],
)
def test_e1_the_next_step_says_when_a_course_begins(starts_on: date, chinese: str, english: str) -> None:
    step = NextStep(item("product", starts_on), Phase.BEGINS)
    assert said(step) == f"{chinese}将进行《产品知识》线上课程"
    assert said(step, "en") == f"{english}: the online course 'Product knowledge'"


def test_e1_next_week_as_the_requirement_has_it() -> None:
    step = next_step(plan(item("product", date(2026, 3, 9))), {}, NOW, SHANGHAI)
    assert step is not None
    assert said(step) == "下周将进行《产品知识》线上课程"


@pytest.mark.parametrize(
    ("kind", "chinese", "english"),
    [
        (CourseKind.ONLINE, "今天将进行《产品知识》线上课程", "Today: the online course 'Product knowledge'"),
        (CourseKind.WORKSHOP, "今天将参加《产品知识》线下工作坊", "Today: the workshop 'Product knowledge'"),
        (CourseKind.MENTORING, "今天将进行《产品知识》导师辅导", "Today: mentoring on 'Product knowledge'"),
        (CourseKind.COACHING, "今天将进行《产品知识》线下辅导", "Today: coaching on 'Product knowledge'"),
        (CourseKind.MATERIAL, "今天将学习《产品知识》", "Today: the material 'Product knowledge'"),
    ],
)
def test_every_kind_of_course_has_its_words(kind: CourseKind, chinese: str, english: str) -> None:
    step = NextStep(item("product", TODAY), Phase.BEGINS)
    assert next_step_text(step, course(kind), "zh-CN", NOW, SHANGHAI) == chinese
    assert next_step_text(step, course(kind), "en", NOW, SHANGHAI) == english


@pytest.mark.parametrize(
    ("phase", "due_on", "chinese", "english"),
    [
        (Phase.RUNS, date(2026, 3, 4), "请完成《产品知识》线上课程,今天截止", "To finish by today"),
        (Phase.RUNS, date(2026, 3, 5), "请完成《产品知识》线上课程,明天截止", "To finish by tomorrow"),
        (Phase.RUNS, date(2026, 3, 30), "请完成《产品知识》线上课程,3 月 30 日截止", "To finish by 30 March"),
        (
            Phase.OVERDUE,
            date(2026, 3, 2),
            "《产品知识》线上课程已到期(3 月 2 日),请尽快完成",
            "Overdue since 2 March",
        ),
        (
            Phase.OVERDUE,
            date(2025, 12, 31),
            "《产品知识》线上课程已到期(2025 年 12 月 31 日),请尽快完成",
            "Overdue since 31 December 2025",
        ),
    ],
)
def test_what_runs_says_until_when(phase: Phase, due_on: date, chinese: str, english: str) -> None:
    step = NextStep(item("product", date(2025, 12, 1), due_on), phase)
    assert said(step) == chinese
    assert said(step, "en") == f"{english}: the online course 'Product knowledge'"


def test_a_name_may_hold_what_a_format_would_take_for_its_own() -> None:
    step = NextStep(item("product", TODAY), Phase.BEGINS)
    strange = course(chinese="{when}与{0}", english="{verb}")
    assert next_step_text(step, strange, "zh-CN", NOW, SHANGHAI) == "今天将进行《{when}与{0}》线上课程"
    assert next_step_text(step, strange, "en", NOW, SHANGHAI) == "Today: the online course '{verb}'"


def test_days_are_those_of_the_tenants_zone() -> None:
    # Sunday evening in New York is Monday morning in Shanghai, and a week of its own.
    moment = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
    product = item("product", date(2026, 3, 13))
    step = NextStep(product, Phase.BEGINS)
    assert said(step, now=moment, zone=SHANGHAI) == "本周将进行《产品知识》线上课程"
    assert said(step, now=moment, zone=NEW_YORK) == "下周将进行《产品知识》线上课程"
    sunday = plan(item("product", date(2026, 3, 8)))
    assert next_step(sunday, {}, moment, NEW_YORK) == NextStep(sunday.items[0], Phase.BEGINS)
    assert next_step(sunday, {}, moment, SHANGHAI) == NextStep(sunday.items[0], Phase.RUNS)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 400))
def test_weeks_are_those_of_the_calendar(today: date, ahead: int) -> None:
    day, now = today + timedelta(days=ahead), datetime.combine(today, time(12), SHANGHAI)
    when, _, _ = said(NextStep(item("product", day), Phase.BEGINS), now=now).partition("将")
    following = (today + timedelta(days=7)).isocalendar()[:2]
    if ahead < 2:
        assert when == ("今天", "明天")[ahead]
    elif day.isocalendar()[:2] == today.isocalendar()[:2]:
        assert when == "本周"
    elif day.isocalendar()[:2] == following:
        assert when == "下周"
    else:
        year = f"{day.year} 年 " if day.year != today.year else ""
        assert when == f"{year}{day.month} 月 {day.day} 日"


# --- which one it is

EARLY, LATER = item("early", date(2026, 3, 9)), item("later", date(2026, 3, 16))
RUNNING = item("running", date(2026, 3, 2))
LATE = item("late", date(2026, 2, 2), date(2026, 3, 3))


@pytest.mark.parametrize(
    ("items", "enrolments", "expected"),
    [
        ((), [], None),
        ((LATER, EARLY), [], NextStep(EARLY, Phase.BEGINS)),
        # Removed, finished or begun before its day: it is the other's turn.
        ((item("early", date(2026, 3, 9), removed_by="rule"), LATER), [], NextStep(LATER, Phase.BEGINS)),
        ((EARLY, LATER), [enrolled("early", "100")], NextStep(LATER, Phase.BEGINS)),
        ((EARLY, LATER), [enrolled("early", "5")], NextStep(LATER, Phase.BEGINS)),
        # Of two that begin on one day, the one due first.
        (
            (item("long", date(2026, 3, 9), date(2026, 5, 1)), EARLY),
            [],
            NextStep(EARLY, Phase.BEGINS),
        ),
        ((RUNNING, EARLY), [], NextStep(EARLY, Phase.BEGINS)),
        ((RUNNING,), [], NextStep(RUNNING, Phase.RUNS)),
        ((EARLY,), [enrolled("early", "5")], NextStep(EARLY, Phase.RUNS)),
        ((RUNNING, LATE), [], NextStep(LATE, Phase.OVERDUE)),
        ((RUNNING, LATE), [enrolled("late", "100")], NextStep(RUNNING, Phase.RUNS)),
        ((RUNNING,), [enrolled("running", "100")], None),
    ],
)
def test_the_next_step_is_what_begins_next_or_else_what_is_due_first(
    items: tuple[PlanItem, ...], enrolments: list[Enrolment], expected: NextStep | None
) -> None:
    known = {enrolment.item_id: enrolment for enrolment in enrolments}
    assert next_step(plan(*items), known, NOW, SHANGHAI) == expected


def test_a_draft_whose_days_have_passed_has_no_next_step() -> None:
    assert next_step(plan(RUNNING, LATE, status=PlanStatus.DRAFT), {}, NOW, SHANGHAI) is None
    assert next_step(plan(RUNNING, EARLY, status=PlanStatus.DRAFT), {}, NOW, SHANGHAI) == NextStep(
        EARLY, Phase.BEGINS
    )


# --- where a course stands


@pytest.mark.parametrize(
    ("of", "enrolment", "expected"),
    [
        (EARLY, None, ItemStatus.PLANNED),
        (EARLY, enrolled("early"), ItemStatus.PLANNED),
        (EARLY, enrolled("early", "0"), ItemStatus.PLANNED),
        (EARLY, enrolled("early", "0.5"), ItemStatus.IN_PROGRESS),
        (EARLY, enrolled("early", "99.99"), ItemStatus.IN_PROGRESS),
        (EARLY, enrolled("early", exam="60"), ItemStatus.IN_PROGRESS),
        (EARLY, enrolled("early", review="0a1b"), ItemStatus.IN_PROGRESS),
        (EARLY, enrolled("early", "100"), ItemStatus.COMPLETED),
        (LATE, None, ItemStatus.OVERDUE),
        (LATE, enrolled("late", "99"), ItemStatus.OVERDUE),
        (LATE, enrolled("late", "100"), ItemStatus.COMPLETED),
        (
            item("late", date(2026, 2, 2), date(2026, 3, 3), "rule"),
            enrolled("late", "50"),
            ItemStatus.REMOVED,
        ),
    ],
)
def test_where_a_course_stands(of: PlanItem, enrolment: Enrolment | None, expected: ItemStatus) -> None:
    assert item_status(plan(of), of, enrolment, NOW) is expected


def test_a_course_is_overdue_from_the_very_moment_it_was_due() -> None:
    before = RUNNING.due_at - timedelta(microseconds=1)
    assert item_status(plan(RUNNING), RUNNING, None, before) is ItemStatus.PLANNED
    assert item_status(plan(RUNNING), RUNNING, None, RUNNING.due_at) is ItemStatus.OVERDUE
    draft = plan(RUNNING, status=PlanStatus.DRAFT)
    assert item_status(draft, RUNNING, None, RUNNING.due_at) is ItemStatus.PLANNED


# --- C3


def test_c3_the_formula_has_the_tenants_weights() -> None:
    assert probation_formula(ProbationPolicy(), "zh-CN") == (
        "试用期得分 = 培训 × 30% + 工作绩效 × 70%。"
        "每门课程 = 完成度 × 40% + 考试 × 40% + 导师评价 × 20%;"
        "培训为各课程按课程权重的加权平均,工作绩效为试用期内各月的平均。"
        "没有数据的部分不计入,其余部分的权重按比例放大;每一步四舍五入到小数点后两位。"
    )
    own: Any = CourseWeights(completion=Decimal(1), exam=Decimal(0), mentor=Decimal("0.000"))
    odd = ProbationPolicy(training_weight=Decimal("0.325"), performance_weight=Decimal("0.675"), course=own)
    assert probation_formula(odd, "en") == (
        "Probation score = training × 32.5% + work performance × 67.5%. "
        "Each course = completion × 100% + exam × 0% + mentor's review × 0%; "
        "training is the mean of the courses by their weights, work performance the mean of the months in the "
        "probation. What has no data is left out and the other weights are scaled up; each step is rounded to two "
        "decimals."
    )
