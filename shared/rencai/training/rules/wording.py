"""How a training plan is said to people: where a course stands, the next step (E1), the probation's formula (C3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from rencai.kernel.errors import CHINESE

from .plan import PlanItem, PlanStatus, TrainingPlan
from .rules import Course, CourseKind

if TYPE_CHECKING:
    from .courses import Enrolment
    from .probation import ProbationPolicy

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)

_COURSES: Final[Mapping[CourseKind, tuple[str, str]]] = {
    CourseKind.ONLINE: ("《{name}》线上课程", "the online course '{name}'"),
    CourseKind.WORKSHOP: ("《{name}》线下工作坊", "the workshop '{name}'"),
    CourseKind.MENTORING: ("《{name}》导师辅导", "mentoring on '{name}'"),
    CourseKind.COACHING: ("《{name}》线下辅导", "coaching on '{name}'"),
    CourseKind.MATERIAL: ("《{name}》", "the material '{name}'"),
}
_VERBS: Final[Mapping[CourseKind, str]] = {
    CourseKind.ONLINE: "进行",
    CourseKind.WORKSHOP: "参加",
    CourseKind.MENTORING: "进行",
    CourseKind.COACHING: "进行",
    CourseKind.MATERIAL: "学习",
}


class ItemStatus(StrEnum):
    """Where an item of a plan stands. It is in progress once the LMS has told of any; overdue only while unfinished."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    OVERDUE = "overdue"
    REMOVED = "removed"


class Phase(StrEnum):
    """What there is to do about a next step: begin with it, finish it, or catch up on it."""

    BEGINS = "begins"
    RUNS = "runs"
    OVERDUE = "overdue"


_SENTENCES: Final[Mapping[Phase, tuple[str, str]]] = {
    Phase.BEGINS: ("{when}将{verb}{course}", "{when}: {course}"),
    Phase.RUNS: ("请完成{course},{when}截止", "To finish by {when}: {course}"),
    Phase.OVERDUE: ("{course}已到期({when}),请尽快完成", "Overdue since {when}: {course}"),
}
_SUPPORT: Final = (
    "这是公司给您的支持,帮助您找回自己的节奏。",
    "Support from the company, to help you find your own pace again.",
)
_FORMULA: Final = (
    (
        "试用期得分 = 培训 × {training} + 工作绩效 × {performance}。"
        "每门课程 = 完成度 × {completion} + 考试 × {exam} + 导师评价 × {mentor};"
        "培训为各课程按课程权重的加权平均,工作绩效为试用期内各月的平均。"
        "没有数据的部分不计入,其余部分的权重按比例放大;每一步四舍五入到小数点后两位。"
    ),
    (
        "Probation score = training × {training} + work performance × {performance}. "
        "Each course = completion × {completion} + exam × {exam} + mentor's review × {mentor}; "
        "training is the mean of the courses by their weights, work performance the mean of the months in the "
        "probation. What has no data is left out and the other weights are scaled up; each step is rounded to two "
        "decimals."
    ),
)


@dataclass(frozen=True, slots=True)
class NextStep:
    """The item of a plan that comes next."""

    item: PlanItem
    phase: Phase


def item_status(
    plan: TrainingPlan, item: PlanItem, enrolment: "Enrolment | None", now: datetime
) -> ItemStatus:
    """Where an item stands at ``now``. In a draft nothing can be late."""
    if item.removed_by is not None:
        return ItemStatus.REMOVED
    if enrolment and enrolment.completed:
        return ItemStatus.COMPLETED
    if now >= item.due_at and plan.status is PlanStatus.ASSIGNED:
        return ItemStatus.OVERDUE
    begun = enrolment and (enrolment.completion_percent or enrolment.exam or enrolment.review)
    return ItemStatus.IN_PROGRESS if begun else ItemStatus.PLANNED


def next_step(
    plan: TrainingPlan, enrolments: Mapping[str, "Enrolment"], now: datetime, zone: ZoneInfo
) -> NextStep | None:
    """What begins next, from today's local day on; when nothing does any more, what is unfinished and due first.

    None when all is done; of a draft, which nobody can have begun, also when its days have passed.
    """
    today = now.astimezone(zone).date()
    status = {
        item.item_id: item_status(plan, item, enrolments.get(item.item_id), now) for item in plan.current
    }
    ahead = [
        item
        for item in plan.current
        if status[item.item_id] is ItemStatus.PLANNED and item.starts_on >= today
    ]
    if ahead:
        return NextStep(min(ahead, key=lambda item: (item.starts_on, item.due_at)), Phase.BEGINS)
    open_ = [item for item in plan.current if status[item.item_id] is not ItemStatus.COMPLETED]
    if not open_ or plan.status is PlanStatus.DRAFT:
        return None
    first = min(open_, key=lambda item: item.due_at)
    late = status[first.item_id] is ItemStatus.OVERDUE
    return NextStep(first, Phase.OVERDUE if late else Phase.RUNS)


def next_step_text(step: NextStep, course: Course, language: str, now: datetime, zone: ZoneInfo) -> str:
    """A next step as a sentence: "下周将进行《产品知识》线上课程". Weeks begin on Monday; days are the zone's."""
    today, chinese = now.astimezone(zone).date(), language == CHINESE
    spoken = 0 if chinese else 1
    if step.phase is Phase.BEGINS:
        when = _when(step.item.starts_on, today, chinese=chinese)
    else:
        when = _deadline(step.item.due_on, today, chinese=chinese)
    return _SENTENCES[step.phase][spoken].format(
        when=when,
        verb=_VERBS[course.kind],
        course=_COURSES[course.kind][spoken].format(name=course.name.text(language)),
    )


def support_text(language: str) -> str:
    """What an intervention says of the courses it brings; the employee reads it."""
    return _SUPPORT[0] if language == CHINESE else _SUPPORT[1]


def probation_formula(policy: "ProbationPolicy", language: str) -> str:
    """How a probation is scored, with the tenant's weights."""
    own = policy.course
    weights = {
        "training": policy.training_weight,
        "performance": policy.performance_weight,
        "completion": own.completion,
        "exam": own.exam,
        "mentor": own.mentor,
    }
    shown = {name: f"{(weight * 100).normalize():f}%" for name, weight in weights.items()}
    return (_FORMULA[0] if language == CHINESE else _FORMULA[1]).format(**shown)


def _when(day: date, today: date, *, chinese: bool) -> str:
    """When something begins, as people say it; ``day`` is today or later."""
    monday = today - _DAY * today.weekday()
    if day == today:
        return "今天" if chinese else "Today"
    if day == today + _DAY:
        return "明天" if chinese else "Tomorrow"
    if day < monday + _WEEK:
        return "本周" if chinese else "This week"
    if day < monday + 2 * _WEEK:
        return "下周" if chinese else "Next week"
    named = _named(day, today, chinese=chinese)
    return named if chinese else f"On {named}"


def _deadline(day: date, today: date, *, chinese: bool) -> str:
    if day == today:
        return "今天" if chinese else "today"
    if day == today + _DAY:
        return "明天" if chinese else "tomorrow"
    return _named(day, today, chinese=chinese)


def _named(day: date, today: date, *, chinese: bool) -> str:
    """A date, with its year when that is not the present one."""
    if chinese:
        year = f"{day.year} 年 " if day.year != today.year else ""
        return f"{year}{day.month} 月 {day.day} 日"
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day} {day:%B}{year}"
