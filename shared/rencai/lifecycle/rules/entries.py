"""The life cycle of an employee (F2), entry by entry: what the systems tell of them, in one form and in order of time.

What lasts is dated by its beginning: a month by its first day, a leave by the day it starts. A day begins when it does
in the tenant's time zone, and what has no date comes first. Attendance is added up by month, a week belonging to the
month its Thursday is in, as ISO 8601 has it for years.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any, Final

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import MonthlyPerformance, company_metric
from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, iso_week
from rencai.interviews.rules.profile import Profile
from rencai.kernel.events import EventName
from rencai.letters.wording import WHY
from rencai.pressure.rules.company import MonthFigures
from rencai.training.rules.courses import Enrolment

from .summary import LEVELS, CourseTaken, Words, month_words, of_scale, shown

_WEEK: Final = timedelta(days=7)
_HUNDRED: Final = "/100"
_PERCENT_UNIT: Final = "percent"
_SCORE: Final = "performance"
"""The id of a month's score among what was told of the month."""


class System(StrEnum):
    """Where an entry comes from."""

    RECRUITING = "recruiting"
    INTERVIEW = "interview"
    ONBOARDING = "onboarding"
    TRAINING = "training"
    PERFORMANCE = "performance"
    ATTENDANCE = "attendance"
    LEAVE = "leave"
    SURVEY = "survey"
    CAREER = "career"
    RISK = "risk"
    INTERVENTION = "intervention"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in an employee's life cycle. ``id`` is its own among those of one moment.

    ``unit`` of ``value``: ``/10`` is points of 10, else percent, hours, days or a currency; None: as the system has it.
    ``company`` is the company's mean of the same. ``imported``: it was brought from another system.
    """

    id: str
    at: date | datetime | None
    system: System
    kind: str
    title: Words
    value: Decimal | None = None
    unit: str | None = None
    company: Decimal | None = None
    imported: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)

    def order(self, zone: tzinfo) -> tuple[str, str]:
        """What entries are sorted by: the instant as text, empty without one, and the id."""
        if self.at is None:
            return "", self.id
        at = self.at if isinstance(self.at, datetime) else datetime.combine(self.at, time(), zone)
        return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"), self.id


def month_of_week(week: str) -> str:
    """The month an ISO week's Thursday is in.

    >>> month_of_week("2026-W14"), month_of_week("2026-W53")
    ('2026-04', '2026-12')
    """
    return f"{date.fromisocalendar(int(week[:4]), int(week[-2:]), 4):%Y-%m}"


def week_before(month: str) -> str:
    """The last ISO week whose Thursday is before a month.

    >>> week_before("2026-04"), week_before("2027-01")
    ('2026-W13', '2026-W53')
    """
    first = date.fromisoformat(f"{month}-01")
    return iso_week(first + timedelta(days=(3 - first.weekday()) % 7) - _WEEK)


def of_company(entry: Entry, month: MonthFigures) -> Entry:
    """An entry of a month's performance with the company's mean of it."""
    # By its id: a metric may be called "score" as well.
    if entry.id == _SCORE:
        return replace(entry, company=of_scale(month.score, Decimal(str(entry.data["out_of"]))))
    currency = None if entry.unit == _PERCENT_UNIT else entry.unit
    return replace(entry, company=month.metrics.get(company_metric(entry.kind, currency)))


# --- what is on record ------------------------------------------------------------------------------------------------


def employment(employee: Employee) -> Iterator[Entry]:
    """The first day, and the last."""
    imported = employee.candidate_id is None
    yield Entry(
        "onboarding/started",
        employee.starts_on,
        System.ONBOARDING,
        "started",
        ("到岗第一天", "First day at work"),
        imported=imported,
        data={"role": employee.role},
    )
    if employee.left_on is not None:
        title = ("离职(最后一天)", "Last day at work")
        yield Entry("onboarding/left", employee.left_on, System.ONBOARDING, "left", title, imported=imported)


def finding(record: RecruitingRecord) -> Entry:
    """What an interview of another system found."""
    return Entry(
        f"interview/{record.competency}",
        record.interviewed_on,
        System.INTERVIEW,
        "finding",
        (f"面试:{record.competency}", f"Interview: {record.competency}"),
        record.score,
        f"/{shown(record.out_of)}",
        imported=True,
    )


def learnt(record: LearningRecord) -> Entry:
    """A course another system tells of; without the day it was completed it has no date."""
    return Entry(
        f"training/learnt/{record.course}",
        record.completed_on,
        System.TRAINING,
        "course",
        (f"《{record.course}》", f"'{record.course}'"),
        record.completion_percent,
        "percent",
        imported=True,
        data={"exam_score": _number(record.exam_score)},
    )


def enrolled(enrolment: Enrolment, name: Words, starts_on: date) -> Entry:
    """A course of the plan, when the learning platform told of it last; of nothing told yet, when it starts."""
    told = [one.at for one in (enrolment.completion, enrolment.exam, enrolment.review) if one]
    return Entry(
        f"training/{enrolment.item_id}",
        max(told) if told else starts_on,
        System.TRAINING,
        "course",
        (f"《{name[0]}》", f"'{name[1]}'"),
        enrolment.completion_percent,
        "percent",
        data={
            "item_id": enrolment.item_id,
            "exam_score": _number(enrolment.exam_score),
            "mentor_score": _number(enrolment.rating.score) if enrolment.rating else None,
        },
    )


def performed(month: MonthlyPerformance, imported: bool) -> Iterator[Entry]:
    """A month's score, and each figure behind it."""
    chinese, english = month_words(month.month)
    at = date.fromisoformat(f"{month.month}-01")
    if month.score is not None:
        yield Entry(
            _SCORE,
            at,
            System.PERFORMANCE,
            "score",
            (f"{chinese}绩效", f"Work performance in {english}"),
            month.score,
            f"/{shown(month.out_of)}",
            imported=imported,
            data={"month": month.month, "out_of": _number(month.out_of)},
        )
    for metric in month.metrics:
        name = _METRICS.get(metric.id, (metric.id, metric.id))
        yield Entry(
            f"performance/{metric.id}",
            at,
            System.PERFORMANCE,
            metric.id,
            (f"{chinese}{name[0]}", f"{name[1]} in {english}"),
            metric.value,
            metric.currency or (_PERCENT_UNIT if metric.id in _PERCENT else None),
            imported=imported,
            data={
                "month": month.month,
                "target": _number(metric.target),
                "target_met": metric.value >= metric.target if metric.target is not None else None,
            },
        )


_METRICS: Final[Mapping[str, Words]] = {
    "sales": ("销售额", "Sales"),
    "gross_margin": ("毛利率", "Gross margin"),
    "satisfaction": ("客户满意度", "Customer satisfaction"),
    "repurchase": ("复购率", "Repurchase rate"),
    "acos": ("广告成本占比(ACoS)", "ACoS"),
    "inventory_turnover": ("库存周转", "Inventory turnover"),
    "training_completion": ("培训完成率", "Training completion"),
    "skill_gain": ("技能提升", "Skill gain"),
}
_PERCENT: Final = frozenset(_METRICS) - {"sales", "inventory_turnover"}
"""Metrics that are a share, and told in percent."""


def attended(weeks: Iterable[tuple[AttendanceWeek, bool]]) -> Iterator[Entry]:
    """Attendance by month; ``weeks`` in order, each with whether it was imported. The value is overtime; None: of no
    week was it told.
    """
    for month, told in groupby(weeks, key=lambda one: month_of_week(one[0].week)):
        of_month = list(told)
        overtime = [week.overtime_hours for week, _ in of_month if week.overtime_hours is not None]
        chinese, english = month_words(month)
        yield Entry(
            "attendance",
            date.fromisoformat(f"{month}-01"),
            System.ATTENDANCE,
            "overtime",
            (f"{chinese}加班", f"Overtime in {english}"),
            sum(overtime, Decimal(0)) if overtime else None,
            "hours",
            imported=all(imported for _, imported in of_month),
            data={
                "month": month,
                "weeks": len(of_month),
                "hours": _number(sum((week.hours for week, _ in of_month), Decimal(0))),
            },
        )


def away(leave: Leave, imported: bool) -> Entry:
    """A leave; one that was cancelled has no days."""
    chinese, english = _LEAVE[leave.kind]
    return Entry(
        f"leave/{leave.leave_id}",
        leave.starts_on,
        System.LEAVE,
        leave.kind.value,
        (f"{chinese}(已取消)", f"{english} (cancelled)") if leave.cancelled else (chinese, english),
        None if leave.cancelled else leave.days,
        "days",
        imported=imported,
        data={"ends_on": leave.ends_on.isoformat(), "cancelled": leave.cancelled},
    )


_LEAVE: Final[Mapping[LeaveKind, Words]] = {
    LeaveKind.ANNUAL: ("年假", "Annual leave"),
    LeaveKind.SICK: ("病假", "Sick leave"),
    LeaveKind.PERSONAL: ("事假", "Personal leave"),
    LeaveKind.COMP: ("调休", "Leave in lieu"),
    LeaveKind.MARRIAGE: ("婚假", "Marriage leave"),
    LeaveKind.MATERNITY: ("产假", "Maternity leave"),
    LeaveKind.PATERNITY: ("陪产假", "Paternity leave"),
    LeaveKind.BEREAVEMENT: ("丧假", "Bereavement leave"),
    LeaveKind.OTHER: ("其他假", "Other leave"),
}


def answered(month: str, imported: bool) -> Entry:
    """A survey that was answered; what was answered is nobody's to read (F7)."""
    chinese, english = month_words(month)
    return Entry(
        "survey",
        date.fromisoformat(f"{month}-01"),
        System.SURVEY,
        "answered",
        (f"{chinese}满意度调查:已回答", f"Survey of {english}: answered"),
        imported=imported,
        data={"month": month},
    )


# --- what happened ----------------------------------------------------------------------------------------------------


def happened(
    event_id: str, name: str, at: datetime, data: Mapping[str, Any], courses: Mapping[str, Words]
) -> Entry | None:
    """An event of the candidate's or the employee's timeline; None for one that only says that something was put on
    record, which is shown itself. ``courses`` are names by id.
    """
    if name not in TITLES:
        return None
    system, title = TITLES[EventName(name)]
    system = _LETTERS.get(data.get("letter", ""), system)
    value, unit = _VALUES.get(EventName(name), ("", None))
    number = data.get(value)
    detail = _detail(data, courses)
    return Entry(
        event_id,
        at,
        system,
        name,
        (f"{title[0]}:{detail[0]}", f"{title[1]}: {detail[1]}") if detail else title,
        Decimal(str(number)) if number is not None else None,
        unit,
        data=data,
    )


def with_profile(entry: Entry, profile: Profile, strengths: Iterable[str]) -> Entry:
    """The interview whose profile went with the employee, with what it showed."""
    return replace(
        entry,
        value=profile.overall,
        unit=_HUNDRED,
        data={**entry.data, "strengths": list(strengths), "coverage": float(profile.coverage)},
    )


def counted(
    enrolments: Iterable[tuple[Enrolment, Words, datetime]],
    records: Iterable[LearningRecord],
    now: datetime,
) -> tuple[CourseTaken, ...]:
    """The courses that count for the summary. One of the plan, given with its due time, counts when it is complete or
    due, so that nobody is marked down for a course that still runs; what an earlier system tells of the same course, by
    its name, then counts no more.
    """
    own = [
        CourseTaken(name, percent)
        for enrolment, name, due_at in enrolments
        if (percent := enrolment.completion_percent) is not None and (enrolment.completed or now >= due_at)
    ]
    known = {name for one in own for name in one.name}
    earlier = [
        CourseTaken((one.course, one.course), one.completion_percent)
        for one in records
        if one.course not in known
    ]
    return (*own, *sorted(earlier, key=lambda one: one.name))


def _detail(data: Mapping[str, Any], courses: Mapping[str, Words]) -> Words | None:
    if "level" in data:
        return LEVELS.get(data["level"])
    if "outcome" in data:
        return _OUTCOMES.get(data["outcome"])
    if "course_id" in data:
        return courses.get(data["course_id"])
    if data.get("about") in _REVIEWED:
        what, how = _REVIEWED[data["about"]], _DECIDED.get(data.get("decision", ""))
        return (f"{what[0]},{how[0]}", f"{what[1]}, {how[1]}") if how else what
    if "letter" in data:
        return WHY.get(data.get("reason", "")) or _SETTLED.get(data.get("how", ""))
    return None


_REVIEWED: Final[Mapping[str, Words]] = {
    "interview": ("面试", "the interview"),
    "check": ("背景调查", "the background check"),
}
"""What a person decides about."""
_DECIDED: Final[Mapping[str, Words]] = {"approve": ("通过", "approved"), "reject": ("不通过", "rejected")}

_LETTERS: Final[Mapping[str, System]] = {
    "onboarding": System.ONBOARDING,
    "survey_invitation": System.SURVEY,
}
"""What letters are about that are not about hiring."""

_SETTLED: Final[Mapping[str, Words]] = {
    "called": ("已电话告知", "they were called"),
    "other_way": ("已用其他方式告知", "they were told another way"),
    "not_needed": ("无需再告知", "there is no need to tell them"),
}
_OUTCOMES: Final[Mapping[str, Words]] = {
    "worked": ("见效", "it worked"),
    "partly": ("部分见效", "it worked in part"),
    "not_worked": ("未见效", "it did not work"),
    "left": ("员工已离职", "the employee left"),
    "unknown": ("无法判断,期间没有新的数据", "not known, for nothing was measured"),
}
_VALUES: Final[Mapping[EventName, tuple[str, str]]] = {
    EventName.CANDIDATE_PROFILED: ("overall", _HUNDRED),
    EventName.PROBATION_SCORED: ("score", _HUNDRED),
    EventName.TRAINING_WARNING_RAISED: ("value", "percent"),
    EventName.TRAINING_WARNING_RETURNED: ("value", "percent"),
    EventName.TRAINING_WARNING_CLEARED: ("value", "percent"),
}
TITLES: Final[Mapping[EventName, tuple[System, Words]]] = {
    EventName.APPLICATION_RECEIVED: (System.RECRUITING, ("收到应聘申请", "Application received")),
    EventName.CANDIDATE_DECLINED_BY_US: (System.RECRUITING, ("未进入下一轮", "Not taken further")),
    EventName.CANDIDATE_RECONSIDERED: (System.RECRUITING, ("改判为合格", "Taken on after all")),
    EventName.CANDIDATE_WITHDRAWN: (System.RECRUITING, ("招聘流程撤回", "Journey withdrawn")),
    EventName.CANDIDATE_MERGED: (System.RECRUITING, ("候选人记录合并", "Candidate records merged")),
    EventName.CANDIDATE_UNMERGED: (System.RECRUITING, ("撤销候选人合并", "Merge of candidates undone")),
    EventName.IDENTITY_UPDATED: (System.RECRUITING, ("联系信息更新", "Contact data updated")),
    EventName.IDENTITY_QUESTIONED: (System.RECRUITING, ("联系信息待核实", "Contact data in question")),
    EventName.IDENTITY_DECIDED: (System.RECRUITING, ("联系信息核实完成", "Contact data decided about")),
    EventName.IDENTITY_CORRECTED: (System.RECRUITING, ("联系信息更正", "Contact data corrected")),
    EventName.OFFER_DRAFTED: (System.RECRUITING, ("offer 已拟定", "Offer drafted")),
    EventName.OFFER_SENT: (System.RECRUITING, ("offer 已发出", "Offer sent")),
    EventName.OFFER_RESENT: (System.RECRUITING, ("offer 已重新发出", "Offer sent again")),
    EventName.OFFER_SIGNED: (System.RECRUITING, ("offer 已签署", "Offer signed")),
    EventName.OFFER_DECLINED: (System.RECRUITING, ("offer 被拒绝", "Offer declined")),
    EventName.OFFER_EXPIRED: (System.RECRUITING, ("offer 已过期", "Offer expired")),
    EventName.OFFER_VOIDED: (System.RECRUITING, ("offer 已作废", "Offer voided")),
    EventName.OFFER_CONTESTED: (
        System.RECRUITING,
        ("offer 与撤回的流程不符", "Offer at odds with the withdrawn journey"),
    ),
    EventName.CHECK_REQUESTED: (System.RECRUITING, ("背景调查已委托", "Background check requested")),
    EventName.CHECK_CLEARED: (System.RECRUITING, ("背景调查通过", "Background check cleared")),
    EventName.CHECK_FLAGGED: (System.RECRUITING, ("背景调查待人工判断", "Background check flagged")),
    EventName.REVIEW_REQUESTED: (System.RECRUITING, ("等待人工判断", "A person's decision asked for")),
    EventName.REVIEW_DECIDED: (System.RECRUITING, ("人工判断完成", "Decided by a person")),
    EventName.JOURNEY_OVERDUE: (System.RECRUITING, ("招聘环节超时", "A stage of hiring is late")),
    EventName.NOTICE_UNDELIVERABLE: (System.RECRUITING, ("邮件未能送达", "A letter did not arrive")),
    EventName.NOTICE_SETTLED: (
        System.RECRUITING,
        ("未送达的邮件已处理", "A letter that did not arrive is taken care of"),
    ),
    EventName.INTERVIEW_RECEIVED: (System.INTERVIEW, ("收到面试结果", "Interview received")),
    EventName.CANDIDATE_PROFILED: (System.INTERVIEW, ("候选人画像生成", "Candidate profile made")),
    EventName.ASSESSMENT_COMPLETED: (System.INTERVIEW, ("心理测评完成", "Psychometric assessment completed")),
    EventName.ONBOARDING_RESCHEDULED: (System.ONBOARDING, ("约定入职日期", "First day agreed")),
    EventName.EMPLOYEE_RESCHEDULED: (System.ONBOARDING, ("更正入职日期", "First day corrected")),
    EventName.EMPLOYEE_ONBOARDED: (System.ONBOARDING, ("入职通知已发出", "Onboarded")),
    EventName.PROBATION_SCORED: (System.ONBOARDING, ("试用期得分", "Probation score")),
    EventName.PLAN_ASSIGNED: (System.TRAINING, ("培训计划下发", "Training plan assigned")),
    EventName.PLAN_CHANGED: (System.TRAINING, ("培训计划调整", "Training plan changed")),
    EventName.TRAINING_WARNING_RAISED: (System.TRAINING, ("培训预警", "Training warning")),
    EventName.TRAINING_WARNING_RETURNED: (System.TRAINING, ("培训预警再次出现", "Training warning again")),
    EventName.TRAINING_WARNING_CLEARED: (System.TRAINING, ("培训预警解除", "Training warning cleared")),
    EventName.TRAINING_WARNING_DECIDED: (
        System.TRAINING,
        ("培训预警已处理", "Training warning decided about"),
    ),
    EventName.MENTOR_NAMED: (System.TRAINING, ("指定导师", "Mentor named")),
    EventName.MENTOR_REMINDED: (System.TRAINING, ("再次邀请导师评分", "Mentor asked again for a rating")),
    EventName.MENTOR_RATED: (System.TRAINING, ("导师已评分", "Rated by the mentor")),
    EventName.TRAINING_RATING_ASKED: (System.TRAINING, ("导师评价待评分", "Mentor's review to be rated")),
    EventName.TRAINING_RATING_DECIDED: (System.TRAINING, ("导师评价已评分", "Mentor's review rated")),
    EventName.CAREER_RECORDED: (System.CAREER, ("职业发展记录更新", "Career record changed")),
    EventName.ALERT_RAISED: (System.RISK, ("压力预警", "Pressure warning")),
    EventName.ALERT_CHANGED: (System.RISK, ("压力预警等级变化", "Pressure warning changed")),
    EventName.ALERT_CLEARED: (System.RISK, ("压力预警解除,此前", "Pressure warning cleared, it was")),
    EventName.INTERVENTION_OPENED: (System.INTERVENTION, ("干预开始", "Intervention opened")),
    EventName.INTERVENTION_CHANGED: (System.INTERVENTION, ("干预调整", "Intervention changed")),
    EventName.INTERVENTION_CLOSED: (System.INTERVENTION, ("干预结束", "Intervention closed")),
}
"""Every event of a candidate's or an employee's timeline that is shown."""


def _number(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None
