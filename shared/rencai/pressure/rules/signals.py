"""What speaks of pressure (F4): each signal with the figures it shows, the alert they come to, and how it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from .card import MetRule, ReaderVersions, WordsRead, kept_words, words_of
from .policy import RiskLevel, SignalKind


@dataclass(frozen=True, slots=True)
class LongHours:
    """``hours`` is the mean of ``weeks`` weeks."""

    hours: Decimal
    weeks: int
    over: Decimal
    kind: SignalKind = field(default=SignalKind.LONG_HOURS, init=False)


@dataclass(frozen=True, slots=True)
class FallingPerformance:
    """From ``before`` to ``after``, of 10, over ``months`` months; ``month`` is the latest. ``smallest_fall`` is 0 in
    alerts that were raised before there was one.
    """

    before: Decimal
    after: Decimal
    months: int
    month: str
    falls: int
    drop_percent: int
    smallest_fall: Decimal = Decimal(0)
    kind: SignalKind = field(default=SignalKind.PERFORMANCE, init=False)


@dataclass(frozen=True, slots=True)
class FrequentLeave:
    """``times`` and ``days`` of leave begun in the last ``within_days`` days."""

    times: int
    days: Decimal
    within_days: int
    over_times: int
    over_days: Decimal
    kind: SignalKind = field(default=SignalKind.LEAVE, init=False)


@dataclass(frozen=True, slots=True)
class StrainedSurvey:
    """``lowest`` is the lowest score that counts (1-5), ``words`` the rules its texts surely meet and ``reader`` what
    read them; None where no rule is met, or was before there was a reader.
    """

    month: str
    lowest: int | None
    words: tuple[MetRule, ...]
    at_most: int
    reader: ReaderVersions | None = None
    kind: SignalKind = field(default=SignalKind.SURVEY, init=False)


RaisedSignal = LongHours | FallingPerformance | FrequentLeave | StrainedSurvey


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level and the signals that make it, in the order of ``SignalKind``."""

    level: RiskLevel
    signals: tuple[RaisedSignal, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """A pressure warning about an employee, as the scan ``scan_id`` found it last; ``raised_on`` in the tenant's zone.

    ``policy_version``: which version of the policy holds its thresholds.
    """

    alert_id: str
    employee_id: str
    judgement: Judgement
    raised_on: date
    scan_id: str
    policy_version: int


def to_values(signal: RaisedSignal) -> list[Any]:
    """A signal as JSON values: its kind, then its figures in order."""
    match signal:
        case LongHours(hours, weeks, over):
            return [signal.kind.value, str(hours), weeks, str(over)]
        case FallingPerformance(before, after, months, month, falls, drop_percent, smallest):
            figures = [str(before), str(after), months, month, falls, drop_percent, str(smallest)]
            return [signal.kind.value, *figures]
        case FrequentLeave(times, days, within_days, over_times, over_days):
            return [signal.kind.value, times, str(days), within_days, over_times, str(over_days)]
        case StrainedSurvey(month, lowest, words, at_most, reader):
            return [signal.kind.value, month, lowest, kept_words(WordsRead(words, reader)), at_most]


def from_values(values: Sequence[Any]) -> RaisedSignal:
    """The signal ``to_values`` wrote."""
    match SignalKind(values[0]):
        case SignalKind.LONG_HOURS:
            return LongHours(Decimal(values[1]), values[2], Decimal(values[3]))
        case SignalKind.PERFORMANCE:
            before, after = map(Decimal, values[1:3])
            return FallingPerformance(before, after, *values[3:7], *map(Decimal, values[7:]))
        case SignalKind.LEAVE:
            return FrequentLeave(values[1], Decimal(values[2]), values[3], values[4], Decimal(values[5]))
        case SignalKind.SURVEY:
            words = words_of(values[3])
            return StrainedSurvey(values[1], values[2], words.met, values[4], words.reader)
