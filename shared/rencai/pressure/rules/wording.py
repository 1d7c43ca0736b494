"""A pressure warning's signals as HR reads them: each with its value, the threshold and the company's figure (F4)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from rencai.kernel.errors import CHINESE

from .card import ReaderVersions
from .company import CompanyFigures
from .policy import RiskPolicy, SignalKind
from .signals import FallingPerformance, FrequentLeave, LongHours, RaisedSignal, StrainedSurvey

NAMES: Final = {
    SignalKind.LONG_HOURS: ("工时过长", "Long hours"),
    SignalKind.PERFORMANCE: ("绩效下滑", "Falling performance"),
    SignalKind.LEAVE: ("请假频繁", "Frequent leave"),
    SignalKind.SURVEY: ("问卷反映压力", "Pressure in the survey"),
}
"""What each signal is called, in Chinese and English."""


class Unit(StrEnum):
    """What a signal's figures count."""

    HOURS_PER_WEEK = "hours_per_week"
    POINTS = "points_of_10"
    TIMES = "times"
    DAYS = "days"
    SCORE = "score_of_5"


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A words rule that is met: ``certainty`` is 0-1; None where it is met or is not, for it is of patterns, and where
    nobody kept it.
    """

    id: str
    name: str
    certainty: Decimal | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A signal as it is shown; ``company`` is None where the company's figure is not known, ``threshold`` is what
    ``value`` had to pass. ``before`` is what performance fell from. ``words`` are the rules that a survey's words meet,
    and ``reader`` is what read them.
    """

    kind: SignalKind
    name: str
    value: Decimal | None
    unit: Unit
    threshold: Decimal
    company: Decimal | None
    before: Decimal | None
    text: str
    words: tuple[ShownRule, ...] = ()
    reader: ReaderVersions | None = None


def shown(
    signal: RaisedSignal,
    policy: RiskPolicy,
    company: CompanyFigures | None,
    language: str,
    survey: Decimal | None = None,
) -> Shown:
    """A signal in the reader's language; ``policy`` is the one it was found by, ``company`` as that scan found it.

    ``survey`` is the company's mean of that month's survey, once it is closed and as far as it may be shown (F7).
    """
    in_chinese = language == CHINESE
    name = NAMES[signal.kind][0 if in_chinese else 1]
    match signal:
        case LongHours(hours, weeks, over):
            figure = company.hours if company else None
            text = (
                f"近 {weeks} 周平均每周工作 {_number(hours)} 小时,超过 {_number(over)} 小时"
                f"{_company_zh(figure, ' 小时')}"
                if in_chinese
                else f"{_number(hours)} hours a week over {weeks} weeks, above {_number(over)}{_company_en(figure)}"
            )
            return Shown(signal.kind, name, hours, Unit.HOURS_PER_WEEK, over, figure, None, text)
        case FallingPerformance(before, after, months, month, falls, drop_percent, smallest):
            of_month = company.months.get(month) if company else None
            figure = of_month.score if of_month else None
            text = (
                f"绩效在 {months} 个月内从 {_number(before)} 降到 {_number(after)}(满分 10;"
                f"{_fall_zh(falls, drop_percent, smallest)}){_company_zh(figure)}"
                if in_chinese
                else f"performance fell from {_number(before)} to {_number(after)} of 10 within {months} months "
                f"({_fall_en(falls, drop_percent, smallest)}){_company_en(figure)}"
            )
            threshold = Decimal(drop_percent)
            return Shown(signal.kind, name, after, Unit.POINTS, threshold, figure, before, text)
        case FrequentLeave(times, days, within_days, over_times, over_days):
            by_times = times > over_times
            figure = (company.leave_times if by_times else company.leave_days) if company else None
            text = (
                f"近 {within_days} 天请假 {times} 次、共 {_number(days)} 天,"
                f"超过 {over_times} 次或 {_number(over_days)} 天{_company_zh(figure, ' 次' if by_times else ' 天')}"
                if in_chinese
                else f"{times} times of leave, {_number(days)} days, within {within_days} days; "
                f"above {over_times} times or {_number(over_days)} days{_company_en(figure)}"
            )
            if by_times:
                return Shown(
                    signal.kind, name, Decimal(times), Unit.TIMES, Decimal(over_times), figure, None, text
                )
            return Shown(signal.kind, name, days, Unit.DAYS, over_days, figure, None, text)
        case StrainedSurvey(month, lowest, words, at_most, reader):
            percents = dict(words)
            said = tuple(
                ShownRule(rule.id, rule.name.text(language), _certainty(percents[rule.id]))
                for rule in policy.survey.words
                if rule.id in percents
            )
            low = lowest is not None and lowest <= at_most
            parts = []
            if low:
                parts.append(
                    f"有一项只打了 {lowest} 分(满分 5)"
                    if in_chinese
                    else f"a question was given {lowest} of 5"
                )
            if said:
                parts.append(
                    f"文字反映{'、'.join(map(_rule_zh, said))}"
                    if in_chinese
                    else f"its words speak of {', '.join(map(_rule_en, said))}"
                )
            text = (
                f"{month} 的问卷:{','.join(parts)}{_company_zh(survey, ' 分')}"
                if in_chinese
                else f"survey of {month}: {', '.join(parts)}{_company_en(survey)}"
            )
            value = Decimal(lowest) if lowest is not None else None
            threshold = Decimal(at_most)
            return Shown(signal.kind, name, value, Unit.SCORE, threshold, survey, None, text, said, reader)


def _certainty(percent: int | None) -> Decimal | None:
    return None if percent is None else Decimal(percent) / 100


def _rule_zh(rule: ShownRule) -> str:
    return f"“{rule.name}”" + ("" if rule.certainty is None else f"(把握 {rule.certainty:.0%})")


def _rule_en(rule: ShownRule) -> str:
    return rule.name + ("" if rule.certainty is None else f" ({rule.certainty * 100:.0f} % sure)")


def _fall_zh(falls: int, drop_percent: int, smallest: Decimal) -> str:
    if smallest:
        return f"共降 {_number(smallest)} 分及以上,且连续 {falls} 次下降或一次下降 {drop_percent}% 才提示"
    return f"连续 {falls} 次下降,或一次下降 {drop_percent}% 即提示"


def _fall_en(falls: int, drop_percent: int, smallest: Decimal) -> str:
    if smallest:
        return f"told of after {falls} falls running, or one of {drop_percent} %, of {_number(smallest)} or more in all"
    return f"told of after {falls} falls running, or one of {drop_percent} %"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _company_zh(figure: Decimal | None, unit: str = "") -> str:
    return "" if figure is None else f",公司平均 {_number(figure)}{unit}"


def _company_en(figure: Decimal | None) -> str:
    return "" if figure is None else f"; the company's average is {_number(figure)}"
