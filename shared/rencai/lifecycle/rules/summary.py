"""The summary of an employee's life cycle (F2): how capable they are, under how much pressure, and by which figures.

Rules, ours but for the worked example's figures; the percentages are ``LifecycleRules``:

===========  ==========================================================================================================
interview    the overall score of the profile, else the mean of what the latest interview of another system found
courses      the mean completion of the courses that count
performance  of the latest month told: the sales target is met, or the score reaches its percentage
overtime     overtime of the weeks told is so much above the company's mean for as many weeks
alert        a pressure warning is open
===========  ==========================================================================================================

What was not told is no zero: it is named as missing, and where it could change the verdict there is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from rencai.employees.rules.performance import SALES, Metric, MonthlyPerformance, company_metric
from rencai.employees.rules.records import RecruitingRecord
from rencai.employees.rules.signals import AttendanceWeek, iso_week
from rencai.kernel.errors import CHINESE
from rencai.pressure.rules.card import month_number, week_number
from rencai.pressure.rules.company import CompanyFigures, MonthFigures
from rencai.pressure.rules.policy import LifecycleRules, RiskLevel

Words = tuple[str, str]
"""The same in Chinese and in English."""

_CENT: Final = Decimal("0.01")
_TENTH: Final = Decimal("0.1")
_HUNDRED: Final = Decimal(100)


def said(words: Words, language: str) -> str:
    """The words in ``language``."""
    return words[0 if language == CHINESE else 1]


class Verdict(StrEnum):
    """What it comes to."""

    CAPABLE_UNDER_PRESSURE = "capable_under_pressure"
    CAPABLE = "capable"
    UNDER_PRESSURE = "under_pressure"
    DEVELOPING = "developing"
    NOT_ENOUGH_KNOWN = "not_enough_known"


class Measure(StrEnum):
    """What the summary looks at."""

    INTERVIEW = "interview"
    COURSES = "courses"
    PERFORMANCE = "performance"
    OVERTIME = "overtime"
    ALERT = "alert"


_CAPABILITY: Final = (Measure.INTERVIEW, Measure.COURSES, Measure.PERFORMANCE)
_VERDICTS: Final[dict[Verdict, Words]] = {
    Verdict.CAPABLE_UNDER_PRESSURE: (
        "有能力,但压力过大:建议干预",
        "capable, under too much pressure: intervene",
    ),
    Verdict.CAPABLE: ("有能力,压力正常", "capable, no sign of too much pressure"),
    Verdict.UNDER_PRESSURE: ("压力过大:建议干预", "under too much pressure: intervene"),
    Verdict.DEVELOPING: ("成长中,压力正常", "developing, no sign of too much pressure"),
    Verdict.NOT_ENOUGH_KNOWN: ("资料不足,暂不下结论", "not enough is known to say"),
}
_MISSING: Final[dict[Measure, Words]] = {
    Measure.INTERVIEW: ("面试结果", "an interview's findings"),
    Measure.COURSES: ("课程完成情况", "completion of courses"),
    Measure.PERFORMANCE: ("近期工作绩效", "recent work performance"),
    Measure.OVERTIME: ("本人加班时长和公司平均", "overtime, theirs and the company's"),
}
LEVELS: Final[dict[str, Words]] = {
    RiskLevel.YELLOW.value: ("黄色", "yellow"),
    RiskLevel.ORANGE.value: ("橙色", "orange"),
    RiskLevel.RED.value: ("红色", "red"),
}


@dataclass(frozen=True, slots=True)
class CourseTaken:
    """A course that counts: complete, due, or told of by another system. ``percent`` 0-100."""

    name: Words
    percent: Decimal


@dataclass(frozen=True, slots=True)
class LifecycleFacts:
    """What the summary goes by. ``today`` is the tenant's; ``scanned_on`` and ``weeks`` are of the scan that found the
    company's figures. ``overall`` 0-100; ``alert`` is the level of an open warning.
    """

    today: date
    scanned_on: date
    weeks: int
    overall: Decimal | None = None
    findings: tuple[RecruitingRecord, ...] = ()
    courses: tuple[CourseTaken, ...] = ()
    months: tuple[MonthlyPerformance, ...] = ()
    attendance: tuple[AttendanceWeek, ...] = ()
    alert: RiskLevel | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A figure and what it is held against. ``holds``: it speaks for what it is a reason of, capability or pressure.

    ``unit``: ``/10`` is points of 10, else percent, hours or a currency; ``company`` is None where the company has no
    such figure, ``threshold`` where there is none.
    """

    measure: Measure
    holds: bool
    words: Words
    value: Decimal | None = None
    unit: str | None = None
    company: Decimal | None = None
    threshold: Decimal | None = None

    def text(self, language: str) -> str:
        """The reason as a sentence."""
        return said(self.words, language)


@dataclass(frozen=True, slots=True)
class Summary:
    """The verdict and every figure behind it, those that do not hold as well; ``missing`` has none."""

    verdict: Verdict
    capability: tuple[Reason, ...]
    pressure: tuple[Reason, ...]
    missing: tuple[Measure, ...]

    def text(self, language: str) -> str:
        """The verdict; where not enough is known, with what is missing."""
        verdict = said(_VERDICTS[self.verdict], language)
        if self.verdict is not Verdict.NOT_ENOUGH_KNOWN:
            return verdict
        chinese = language == CHINESE
        named = ("、" if chinese else "; ").join(missing_text(one, language) for one in self.missing)
        return f"{verdict}:缺少{named}" if chinese else f"{verdict}; missing: {named}"


def missing_text(measure: Measure, language: str) -> str:
    """What was not told."""
    return said(_MISSING[measure], language)


def summarise(facts: LifecycleFacts, figures: CompanyFigures | None, rules: LifecycleRules) -> Summary:
    """The summary; ``figures`` are those of the scan of ``facts.scanned_on``, None: there was none."""
    capability = (*_interview(facts, rules), *_courses(facts, rules), *_performance(facts, figures, rules))
    pressure = (*_overtime(facts, figures, rules), *_alert(facts))
    measured = {reason.measure for reason in capability}
    holding = {reason.measure for reason in capability if reason.holds}
    overtime = any(reason.measure is Measure.OVERTIME for reason in pressure)
    missing = tuple(one for one in _CAPABILITY if one not in measured)
    if not overtime:
        missing += (Measure.OVERTIME,)
    capable = len(holding) >= rules.at_least
    may_be_capable = len(holding) + len(_CAPABILITY) - len(measured) >= rules.at_least
    if any(reason.holds for reason in pressure):
        # What is certain is said, also where it is not known how capable somebody is.
        verdict = Verdict.CAPABLE_UNDER_PRESSURE if capable else Verdict.UNDER_PRESSURE
    elif not overtime:
        verdict = Verdict.NOT_ENOUGH_KNOWN
    elif capable:
        verdict = Verdict.CAPABLE
    else:
        verdict = Verdict.NOT_ENOUGH_KNOWN if may_be_capable else Verdict.DEVELOPING
    return Summary(verdict, capability, pressure, missing)


def _interview(facts: LifecycleFacts, rules: LifecycleRules) -> Iterable[Reason]:
    if facts.overall is not None:
        name, value, out_of = ("面试综合得分", "interview, overall"), facts.overall, _HUNDRED
    elif facts.findings:
        last = max(one.interviewed_on for one in facts.findings)
        found = [one for one in facts.findings if one.interviewed_on == last]
        if len(found) == 1:
            (one,) = found
            name = (f"面试「{one.competency}」", f"interview, {one.competency}")
            value, out_of = one.score, one.out_of
        else:
            name = (f"面试 {len(found)} 项平均", f"interview, mean of {len(found)} findings")
            value, out_of = _mean([one.percent for one in found]), _HUNDRED
    else:
        return
    threshold = rules.interview_percent * out_of / 100
    yield Reason(
        Measure.INTERVIEW,
        value >= threshold,
        (
            f"{name[0]} {shown(value)} 分(满分 {shown(out_of)},要求 {shown(threshold)})",
            f"{name[1]}: {shown(value)} of {shown(out_of)} (asked for: {shown(threshold)})",
        ),
        value,
        f"/{shown(out_of)}",
        threshold=threshold,
    )


def _courses(facts: LifecycleFacts, rules: LifecycleRules) -> Iterable[Reason]:
    if not facts.courses:
        return
    count, asked = len(facts.courses), rules.course_percent
    value = _mean([one.percent for one in facts.courses])
    if count == 1:
        chinese, english = facts.courses[0].name
        name = (f"《{chinese}》完成", f"'{english}' completed:")
    else:
        name = (f"{count} 门课程平均完成", f"{count} courses completed, mean:")
    yield Reason(
        Measure.COURSES,
        value >= asked,
        (
            f"{name[0]} {shown(value)}%(要求 {shown(asked)}%)",
            f"{name[1]} {shown(value)} % (asked for: {shown(asked)} %)",
        ),
        value,
        "percent",
        threshold=asked,
    )


def _performance(
    facts: LifecycleFacts, figures: CompanyFigures | None, rules: LifecycleRules
) -> Iterable[Reason]:
    earliest = month_number(f"{facts.today:%Y-%m}") - rules.months + 1
    told = [one for one in facts.months if month_number(one.month) >= earliest and _is_measured(one)]
    if not told:
        return
    latest = max(told, key=lambda one: one.month)
    company = figures.months.get(latest.month, MonthFigures()) if figures else MonthFigures()
    sales = latest.metric(SALES)
    if sales and sales.target is not None:
        yield _sales(latest.month, sales, sales.target, company)
    if latest.score is not None:
        yield _score(latest, latest.score, company, rules)


def _sales(month: str, sales: Metric, target: Decimal, company: MonthFigures) -> Reason:
    met = sales.value >= target
    unit = f" {sales.currency}" if sales.currency else ""
    mean = company.metrics.get(company_metric(SALES, sales.currency))
    mean_words, (in_chinese, in_english) = _mean_words(mean, unit), month_words(month)
    told, asked = f"{shown(sales.value)}{unit}", f"{shown(target)}{unit}"
    chinese = f"{in_chinese}销售额 {told},目标 {asked}({'已达标' if met else '未达标'}){mean_words[0]}"
    english = f"sales in {in_english}: {told}, target {asked} ({'met' if met else 'not met'}){mean_words[1]}"
    return Reason(Measure.PERFORMANCE, met, (chinese, english), sales.value, sales.currency, mean, target)


def _score(month: MonthlyPerformance, score: Decimal, company: MonthFigures, rules: LifecycleRules) -> Reason:
    threshold = rules.performance_percent * month.out_of / 100
    mean = of_scale(company.score, month.out_of)
    mean_words, (in_chinese, in_english) = _mean_words(mean, ""), month_words(month.month)
    told, full, asked = shown(score), shown(month.out_of), shown(threshold)
    chinese = f"{in_chinese}绩效 {told} 分(满分 {full},要求 {asked}){mean_words[0]}"
    english = f"work performance in {in_english}: {told} of {full} (asked for: {asked}){mean_words[1]}"
    return Reason(
        Measure.PERFORMANCE, score >= threshold, (chinese, english), score, f"/{full}", mean, threshold
    )


def _is_measured(month: MonthlyPerformance) -> bool:
    sales = month.metric(SALES)
    return month.score is not None or (sales is not None and sales.target is not None)


def _overtime(
    facts: LifecycleFacts, figures: CompanyFigures | None, rules: LifecycleRules
) -> Iterable[Reason]:
    last = week_number(iso_week(facts.scanned_on)) - 1
    hours = [
        one.overtime_hours
        for one in facts.attendance
        if one.overtime_hours is not None and last - facts.weeks < week_number(one.week) <= last
    ]
    if not hours or figures is None or figures.overtime_hours is None:
        return
    value, count = sum(hours, Decimal(0)), len(hours)
    # Of who was told of for fewer weeks, fewer weeks of the company count: a week that was not told is none of zero.
    mean = figures.overtime_hours * count / facts.weeks
    threshold = mean * (100 + rules.overtime_above_percent) / 100
    company, above = _rounded(mean), _above(value, mean)
    told, theirs, asked = shown(value), shown(company), shown(rules.overtime_above_percent)
    chinese = f"近 {count} 周加班 {told} 小时,公司平均 {theirs} 小时{above[0]}(警戒线:高 {asked}%)"
    english = f"overtime in {count} weeks: {told} h, the company's mean: {theirs} h{above[1]} (limit: {asked} % above)"
    yield Reason(
        Measure.OVERTIME,
        value >= threshold and value > 0,
        (chinese, english),
        value,
        "hours",
        company,
        _rounded(threshold),
    )


def _above(value: Decimal, mean: Decimal) -> Words:
    if not mean:
        return "", ""
    # Cut and not rounded: what is below a threshold is never shown as if it had reached it.
    percent = ((value - mean) * 100 / mean).quantize(_TENTH, ROUND_DOWN)
    size = shown(abs(percent))
    return (
        (f",高 {size}%", f", {size} % above it") if percent >= 0 else (f",低 {size}%", f", {size} % below it")
    )


def _alert(facts: LifecycleFacts) -> Iterable[Reason]:
    if facts.alert is not None:
        chinese, english = LEVELS[facts.alert.value]
        yield Reason(Measure.ALERT, True, (f"压力预警:{chinese}", f"pressure warning: {english}"))


def _mean_words(mean: Decimal | None, unit: str) -> Words:
    if mean is None:
        return "", ""
    return f",公司平均 {shown(mean)}{unit}", f", the company's mean: {shown(mean)}{unit}"


def month_words(month: str) -> Words:
    """A month as it is said.

    >>> month_words("2026-02")
    ('2026 年 2 月', 'February 2026')
    """
    day = date.fromisoformat(f"{month}-01")
    return f"{day.year} 年 {day.month} 月", f"{day:%B %Y}"


def of_scale(mean: Decimal | None, out_of: Decimal) -> Decimal | None:
    """A company's mean, which is of 10, on another scale, to hundredths."""
    return None if mean is None else _rounded(mean * out_of / 10)


def shown(number: Decimal) -> str:
    """A number as it is read.

    >>> shown(Decimal("12000.00")), shown(Decimal("46.150"))
    ('12,000', '46.15')
    """
    return f"{number.normalize():,f}"


def _mean(values: Sequence[Decimal]) -> Decimal:
    return _rounded(sum(values, Decimal(0)) / len(values))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
