"""Pressure warnings (压力预警, F4): one compact card an employee, a policy over it, and what the company is like.

A card holds what was told of the last weeks and months, and nothing of what follows from it, so that the same facts
give the same card in whatever order they came. The nightly scan judges each card by the policy of the day and adds it
up for the company's figures. All of it is done in whole numbers (``SCALE`` to the unit), so that a sum does not depend
on the order or on how the employees are divided into shards; what is shown is divided once, at the end.

The signals, each with the figures it shows:

==================  ===================================================================================================
long hours          mean hours a week, over the weeks told of the last ``weeks``, above ``over``
performance         fell in ``falls`` months running, or by ``drop_percent`` or more from one month to the next
leave               times, or days, of the kinds that count, begun in the last ``days`` days, above ``over_times`` or
                    ``over_days``
survey              the latest answers of the last ``months``: a score of ``at_most`` or less, or words of a rule
==================  ===================================================================================================

What was not told gives no signal, and is no zero in a mean either; only of leave there is none where none was told.
Which level it comes to is said by ``levels``, read in order: the first that holds.
"""

import json
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import chain, combinations, pairwise
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .clauses import ClauseRule
from .competency import LocalizedText
from .performance import MonthlyPerformance, company_metric
from .signals import AttendanceWeek, Leave, LeaveKind, Survey, iso_week

SCALE: Final = 10_000
"""What is told has at most four decimals."""
CARD_WEEKS: Final = 5
"""Weeks of attendance a card holds, back from the latest told: a policy's, and the one that runs."""
CARD_MONTHS: Final = 3
"""Months of performance a card holds, back from the latest that was scored; of metrics, from the latest told."""
_MONTHS_BACK: Final = 2
"""How many months before the present one performance still counts."""
MONTHS_LOOKED_AT: Final = CARD_MONTHS + _MONTHS_BACK
"""Months on record that a card is made of: of the latest ones metrics may have been told, and no score yet."""
CARD_LEAVE_DAYS: Final = 90
"""How far back a card holds leave, before the day it is made; longer than any policy looks."""

_HEAD: Final = struct.Struct(f">{1 + CARD_WEEKS + CARD_WEEKS + 1 + CARD_MONTHS + 4}i")
_HOURS: Final = 1
_OVERTIME: Final = _HOURS + CARD_WEEKS
_MONTH: Final = _OVERTIME + CARD_WEEKS
_SCORES: Final = _MONTH + 1
_SURVEY: Final = _SCORES + CARD_MONTHS
_LEFT: Final = _SURVEY + 2
_LEAVE: Final = _LEFT + 1
_KINDS: Final = {kind: place for place, kind in enumerate(LeaveKind)}
_UNTOLD: Final = -(2**31)
"""What stands for what was not told: a sum that holds one is negative, which is quicker to see than to look for it."""
_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_CENT: Final = Decimal("0.01")


class SignalKind(StrEnum):
    """What can speak of pressure."""

    LONG_HOURS = "long_hours"
    PERFORMANCE = "falling_performance"
    LEAVE = "frequent_leave"
    SURVEY = "survey"


class RiskLevel(StrEnum):
    """How urgent it is."""

    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class HoursRule(BaseModel):
    """Mean hours a week above ``over``, over the weeks told of the last ``weeks`` (this week, which runs, left out)."""

    model_config = _Config

    over: Annotated[Decimal, Field(gt=0, le=168, decimal_places=4)] = Decimal(50)
    weeks: Annotated[int, Field(ge=1, le=CARD_WEEKS - 1)] = 4


class PerformanceRule(BaseModel):
    """Fell ``falls`` months running, or at once by ``drop_percent`` of what it was."""

    model_config = _Config

    falls: Annotated[int, Field(ge=1, le=CARD_MONTHS - 1)] = 2
    drop_percent: Annotated[int, Field(ge=1, le=100)] = 25


class LeaveRule(BaseModel):
    """Leave of ``kinds`` begun in the last ``days`` days: more than ``over_times`` times, or ``over_days`` days."""

    model_config = _Config

    over_times: Annotated[int, Field(ge=0, le=90)] = 3
    over_days: Annotated[Decimal, Field(ge=0, le=90, decimal_places=4)] = Decimal(3)
    days: Annotated[int, Field(ge=7, le=CARD_LEAVE_DAYS)] = 30
    kinds: Annotated[tuple[LeaveKind, ...], Field(min_length=1)] = (LeaveKind.SICK, LeaveKind.PERSONAL)


class WordsRule(ClauseRule):
    """Words of an answer that speak of pressure."""

    name: LocalizedText


class SurveyRule(BaseModel):
    """The latest answers, given in this month or the ``months`` before it: a score of ``at_most`` or less to one of
    ``questions`` (empty: to any), or what one of ``words`` says.
    """

    model_config = _Config

    at_most: Annotated[int, Field(ge=0, le=5)] = 2
    questions: tuple[str, ...] = ()
    months: Annotated[int, Field(ge=0, le=3)] = 1
    words: Annotated[tuple[WordsRule, ...], Field(max_length=50)] = ()

    @field_validator("words")
    @classmethod
    def _once(cls, words: tuple[WordsRule, ...]) -> tuple[WordsRule, ...]:
        ids = [rule.id for rule in words]
        twice = next((id_ for place, id_ in enumerate(ids) if id_ in ids[:place]), None)
        if twice:
            raise ValueError(f"words rule '{twice}' comes twice")
        return words


class LevelRule(BaseModel):
    """A level: at least ``at_least`` signals, or all of ``all_of``."""

    model_config = _Config

    level: RiskLevel
    at_least: Annotated[int, Field(ge=1, le=4)] | None = None
    all_of: tuple[SignalKind, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.at_least is None) == (not self.all_of):
            raise ValueError("should have either at_least or all_of")
        return self

    def holds(self, kinds: Collection[SignalKind]) -> bool:
        """Whether these signals, each once, make the level."""
        if self.at_least is not None:
            return len(kinds) >= self.at_least
        return set(kinds).issuperset(self.all_of)


class LifecycleRules(BaseModel):
    """What the summary of a life cycle goes by (F2); ``lifecycle`` says how.

    Capable: at least ``at_least`` of interview, courses and work performance reach their percentage; of work
    performance the latest month told counts, if it is this one or one of the ``months`` - 1 before it. Under too much
    pressure: overtime of the scan's weeks is ``overtime_above_percent`` or more above the company's mean, or an alert
    is open.
    """

    model_config = _Config

    at_least: Annotated[int, Field(ge=1, le=3)] = 2
    interview_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] = Decimal(80)
    course_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] = Decimal(90)
    performance_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] = Decimal(80)
    months: Annotated[int, Field(ge=1, le=12)] = 3
    overtime_above_percent: Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4)] = Decimal(25)


class RiskPolicy(BaseModel):
    """Thresholds, and which signals together make which level; the first of ``levels`` that holds."""

    model_config = _Config

    hours: HoursRule = HoursRule()
    performance: PerformanceRule = PerformanceRule()
    leave: LeaveRule = LeaveRule()
    survey: SurveyRule = SurveyRule()
    levels: Annotated[tuple[LevelRule, ...], Field(min_length=1, max_length=20)] = (
        LevelRule(level=RiskLevel.RED, at_least=3),
        LevelRule(level=RiskLevel.ORANGE, at_least=2),
        LevelRule(level=RiskLevel.YELLOW, at_least=1),
    )
    lifecycle: LifecycleRules = LifecycleRules()

    @model_validator(mode="after")
    def _every_level_can_hold(self) -> Self:
        signals = list(SignalKind)
        together = [set(some) for count in range(len(signals)) for some in combinations(signals, count + 1)]
        first = {next((rule for rule in self.levels if rule.holds(some)), None) for some in together}
        for place, rule in enumerate(self.levels):
            if rule not in first or rule in self.levels[:place]:
                raise ValueError(
                    f"level {place + 1}, '{rule.level}', can never hold: one before it holds whenever it does"
                )
        return self

    def words_in(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The words rules that a survey's texts meet, by id."""
        said = list(texts)
        return tuple(rule.id for rule in self.survey.words if any(map(rule.met_by, said)))


# --- the card ---------------------------------------------------------------------------------------------------------


def make_card(
    weeks: Iterable[AttendanceWeek],
    leave: Iterable[Leave],
    months: Iterable[MonthlyPerformance],
    survey: Survey | None,
    words: Sequence[str],
    left_on: date | None,
    today: date,
    *,
    questions: Collection[str] = (),
) -> bytes:
    """An employee's card: 76 bytes, and what not everybody has. 0 stands for what is not there, the least number for
    what was not told.

    In order, four bytes each, the most significant first: the latest week told, then hours, then overtime of it and the
    weeks before it (``CARD_WEEKS``); the latest month scored, and scores of 10 of it and the months before it
    (``CARD_MONTHS``); the latest survey's month, and the lowest of ``questions`` (empty: of all); the day
    after the last one; how many leaves there are. Then of each leave its first day, its days, and its kind's place in
    ``LeaveKind``; and as JSON, where there is any of it: ``[[the latest month told, {metric: value} of it, of the month
    before it ...], [words rule ...]]``. Days, weeks and months are counted through the years (``week_number``).
    """
    since = today - timedelta(days=CARD_LEAVE_DAYS)
    taken = [
        (one.starts_on.toordinal(), _scaled(one.days), _KINDS[one.kind])
        for one in sorted(leave, key=lambda one: (one.starts_on, one.leave_id), reverse=True)
        if not one.cancelled and one.starts_on >= since
    ]
    by_month = {month_number(one.month): one for one in months}
    # Of the month that runs the metrics are often told, and the score later: it must not hide the scores there are.
    scored = max((number for number, one in by_month.items() if one.score is not None), default=0)
    scores = [by_month.get(scored - back) for back in range(CARD_MONTHS)]
    metrics = _metrics(by_month)
    card = _HEAD.pack(
        *_weeks({week_number(one.week): one for one in weeks}),
        scored,
        *(_of_ten(one) if one else _UNTOLD for one in scores),
        *(_survey(survey, questions) if survey else (0, _UNTOLD)),
        left_on.toordinal() + 1 if left_on else 0,
        len(taken),
    )
    card += struct.pack(f">{3 * len(taken)}i", *chain.from_iterable(taken))
    rest = [metrics, sorted(words)]
    return card + json.dumps(rest, ensure_ascii=False, separators=(",", ":")).encode() if any(rest) else card


def _weeks(told: Mapping[int, AttendanceWeek]) -> list[int]:
    latest = max(told, default=0)
    back = [told.get(latest - number) for number in range(CARD_WEEKS)]
    return [
        latest,
        *(_scaled(one.hours) if one else _UNTOLD for one in back),
        *(_optional(one.overtime_hours) if one else _UNTOLD for one in back),
    ]


def _metrics(by_month: Mapping[int, MonthlyPerformance]) -> list[Any]:
    latest = max(by_month, default=0)
    told = [by_month.get(latest - back) for back in range(CARD_MONTHS)]
    values = [
        {company_metric(one.id, one.currency): _scaled(one.value) for one in month.metrics} if month else {}
        for month in told
    ]
    return [latest, *values] if any(values) else []


def _of_ten(one: MonthlyPerformance) -> int:
    return _UNTOLD if one.score is None else _scaled(one.score * 10 / one.out_of)


def _survey(survey: Survey, questions: Collection[str]) -> tuple[int, int]:
    given = [
        score
        for question, score in survey.scores
        if score is not None and (not questions or question in questions)
    ]
    return month_number(survey.month), min(given, default=_UNTOLD)


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a card holds, newest first: ``weeks`` as week and hours, ``leave`` as first day, days and kind, ``months``
    as month and score of 10, ``survey`` as month, lowest score and words rules. In whole numbers, as on the card.
    """

    weeks: tuple[tuple[int, int], ...]
    leave: tuple[tuple[int, int, str], ...]
    months: tuple[tuple[int, int], ...]
    survey: tuple[int, int | None, tuple[str, ...]] | None


def card_content(card: bytes) -> CardContent:
    """What ``make_card`` put on a card, but for overtime, metrics and the last day."""
    fields = _HEAD.unpack_from(card)
    week, month, survey = fields[0], fields[_MONTH], fields[_SURVEY]
    hours, scores = fields[_HOURS : _HOURS + CARD_WEEKS], fields[_SCORES : _SCORES + CARD_MONTHS]
    lowest = fields[_SURVEY + 1]
    kinds = list(LeaveKind)
    return CardContent(
        tuple((week - back, told) for back, told in enumerate(hours) if told != _UNTOLD),
        tuple((first, days, kinds[kind].value) for first, days, kind in _leave(card, fields[_LEAVE])),
        tuple((month - back, score) for back, score in enumerate(scores) if score != _UNTOLD),
        (survey, None if lowest == _UNTOLD else lowest, tuple(_rest(card, fields[_LEAVE])[1]))
        if survey
        else None,
    )


def _leave(card: bytes, count: int) -> Iterator[tuple[int, ...]]:
    return struct.iter_unpack(">3i", card[_HEAD.size : _HEAD.size + 12 * count])


def _rest(card: bytes, leaves: int) -> tuple[list[Any], list[str]]:
    text = card[_HEAD.size + 12 * leaves :]
    if not text:
        return [], []
    metrics, words = json.loads(text)
    return metrics, words


def _scaled(value: Decimal) -> int:
    return int((value * SCALE).to_integral_value(ROUND_HALF_UP))


def _optional(value: Decimal | None) -> int:
    return _UNTOLD if value is None else _scaled(value)


def week_number(week: str) -> int:
    """Weeks from the year 1 to an ISO week.

    >>> week_number("2026-W53") + 1 == week_number("2027-W01")
    True
    """
    return date.fromisocalendar(int(week[:4]), int(week[-2:]), 1).toordinal() // 7


def month_number(month: str) -> int:
    """Months from the year 0 to a month.

    >>> month_number("2026-12") + 1 == month_number("2027-01")
    True
    """
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_of_number(number: int) -> str:
    """The month ``month_number`` counted.

    >>> month_of_number(month_number("2026-12"))
    '2026-12'
    """
    return f"{number // 12:04}-{number % 12 + 1:02}"


def unscaled(value: int, count: int = 1) -> Decimal:
    """A whole number (or the mean of ``count``) as what it stands for, to hundredths, half up."""
    return (Decimal(value) / (SCALE * count)).quantize(_CENT, ROUND_HALF_UP)


# --- judging ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LongHours:
    """``hours`` is the mean of ``weeks`` weeks."""

    hours: Decimal
    weeks: int
    over: Decimal
    kind: SignalKind = field(default=SignalKind.LONG_HOURS, init=False)


@dataclass(frozen=True, slots=True)
class FallingPerformance:
    """From ``before`` to ``after``, of 10, over ``months`` months; ``month`` is the latest."""

    before: Decimal
    after: Decimal
    months: int
    month: str
    falls: int
    drop_percent: int
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
class SurveyAnswered:
    """``lowest`` is the lowest score that counts (1-5), ``words`` the rules its texts meet."""

    month: str
    lowest: int | None
    words: tuple[str, ...]
    at_most: int
    kind: SignalKind = field(default=SignalKind.SURVEY, init=False)


Signal = LongHours | FallingPerformance | FrequentLeave | SurveyAnswered


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level and the signals that make it, in the order of ``SignalKind``."""

    level: RiskLevel
    signals: tuple[Signal, ...]


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


class Totals:
    """What some of the company's employees add up to; the sums of several, in any order, are those of all of them."""

    __slots__ = (
        "employees", "hours", "leave_days", "leave_times", "metrics", "overtime", "scores", "weeks", "with_overtime",
    )  # fmt: skip

    def __init__(self) -> None:
        self.employees = 0
        self.hours = 0
        """Hours of the policy's weeks, and how many ``weeks`` were told."""
        self.weeks = 0
        self.overtime = 0
        """Overtime of the policy's weeks, and of how many employees any was told: ``with_overtime``."""
        self.with_overtime = 0
        self.leave_times = 0
        self.leave_days = 0
        self.scores: dict[int, list[int]] = {}
        """By month: scores of 10, and how many."""
        self.metrics: dict[tuple[int, str], list[int]] = {}
        """By month and metric (money: of one currency): values, and how many."""

    def add(self, other: "Totals") -> None:
        """Take in what others add up to."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for month, theirs in other.scores.items():
            _add(self.scores.setdefault(month, [0, 0]), theirs)
        for key, theirs in other.metrics.items():
            _add(self.metrics.setdefault(key, [0, 0]), theirs)

    def to_json(self) -> str:
        """As text, for the table."""
        return json.dumps(
            [
                {name: getattr(self, name) for name in _SUMS},
                sorted([month, *both] for month, both in self.scores.items()),
                sorted([month, id_, *both] for (month, id_), both in self.metrics.items()),
            ],
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> "Totals":
        """What ``to_json`` wrote."""
        totals = cls()
        sums, scores, metrics = json.loads(text)
        for name in _SUMS:
            setattr(totals, name, sums[name])
        totals.scores = {month: [value, count] for month, value, count in scores}
        totals.metrics = {(month, id_): [value, count] for month, id_, value, count in metrics}
        return totals


_SUMS: Final = (
    "employees", "hours", "weeks", "overtime", "with_overtime", "leave_times", "leave_days",
)  # fmt: skip


def _add(mine: list[int], theirs: Sequence[int]) -> None:
    mine[0] += theirs[0]
    mine[1] += theirs[1]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month of the company: the mean score of 10 and the mean of each metric, of those of whom it was told; metrics
    by ``company_metric``.
    """

    score: Decimal | None = None
    metrics: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompanyFigures:
    """The company as a scan found it; None: nothing was told.

    ``hours`` a week and ``overtime_hours`` in all, over the policy's weeks; ``leave_times`` and ``leave_days`` an
    employee, over the policy's days, of the kinds that count; ``months`` by month (``2026-11``).
    """

    employees: int
    hours: Decimal | None
    overtime_hours: Decimal | None
    leave_times: Decimal | None
    leave_days: Decimal | None
    months: Mapping[str, MonthFigures]


def company_figures(totals: Totals) -> CompanyFigures:
    """The means of what the employees add up to, to hundredths, half up."""
    people = totals.employees
    months: dict[str, MonthFigures] = {}
    numbers = {*totals.scores, *(month for month, _ in totals.metrics)}
    for number in sorted(numbers):
        metrics = {
            id_: unscaled(*both) for (month, id_), both in sorted(totals.metrics.items()) if month == number
        }
        scores = totals.scores.get(number)
        months[month_of_number(number)] = MonthFigures(unscaled(*scores) if scores else None, metrics)
    return CompanyFigures(
        employees=people,
        hours=_mean(totals.hours, totals.weeks),
        overtime_hours=_mean(totals.overtime, totals.with_overtime),
        leave_times=(Decimal(totals.leave_times) / people).quantize(_CENT, ROUND_HALF_UP) if people else None,
        leave_days=unscaled(totals.leave_days, people) if people else None,
        months=months,
    )


def _mean(total: int, count: int) -> Decimal | None:
    return unscaled(total, count) if count else None


class Scan:
    """A policy on a day: judges cards, one after the other, and adds them up."""

    def __init__(self, policy: RiskPolicy, today: date) -> None:
        self._totals = Totals()
        self._policy = policy
        self._today = today.toordinal()
        # The week of today runs, and is told when it is over.
        self._last_week = week_number(iso_week(today)) - 1
        # Where the policy's weeks are on a card, by how much later than the last week its latest one is.
        spans = {
            late: (max(late, 0), min(late + policy.hours.weeks, CARD_WEEKS))
            for late in range(1 - policy.hours.weeks, CARD_WEEKS)
        }
        self._hours_of = {late: slice(_HOURS + first, _HOURS + end) for late, (first, end) in spans.items()}
        self._overtime_of = {
            late: slice(_OVERTIME + first, _OVERTIME + end) for late, (first, end) in spans.items()
        }
        self._hours_over = _scaled(policy.hours.over)
        self._month = month_number(f"{today:%Y-%m}")
        self._kept = 100 - policy.performance.drop_percent
        self._scores = [[0, 0] for _ in range(_MONTHS_BACK + 1)]
        self._leave_from = self._today - policy.leave.days + 1
        self._kinds = frozenset(_KINDS[kind] for kind in policy.leave.kinds)
        self._days_over = _scaled(policy.leave.over_days)
        self._survey_from = self._month - policy.survey.months
        self._at_most = policy.survey.at_most

    @property
    def totals(self) -> Totals:
        """What the cards judged so far add up to."""
        self._totals.scores = {self._month - ago: both for ago, both in enumerate(self._scores) if both[1]}
        return self._totals

    def judge(self, card: bytes) -> Judgement | None:
        """Add a card up, and what it comes to; None: nothing speaks of pressure, or the person has left."""
        found = self.judge_all([card])
        return found[0][1] if found else None

    def judge_all(self, cards: Iterable[bytes]) -> list[tuple[int, Judgement]]:
        """Add cards up; those that come to something, each with its place among them, from 0."""
        # The scan's inner loop, a million times a night: most cards go straight down the left margin. It is in one
        # piece and all names are local, because `make bench` holds it against reading the same cards alone.
        found: list[tuple[int, Judgement]] = []
        unpacked, size, hours_of, overtime_of = (
            _HEAD.unpack_from,
            _HEAD.size,
            self._hours_of,
            self._overtime_of,
        )
        today, last_week, over, this_month = self._today, self._last_week, self._hours_over, self._month
        sums, survey_from, at_most = self._scores, self._survey_from, self._at_most
        leave_from, kinds = self._leave_from, self._kinds
        sums_of = [sums[ago:] for ago in range(len(sums))]
        no_words: Sequence[str] = ()
        people = hours_sum = weeks_sum = overtime_sum = with_overtime = 0
        times_sum = days_sum = 0
        for place, card in enumerate(cards):
            fields = unpacked(card)
            if 0 < fields[_LEFT] <= today:
                continue
            people += 1
            signals: list[Signal] = []
            leaves, words = fields[_LEAVE], no_words
            if len(card) > size + 12 * leaves:
                metrics, words = _rest(card, leaves)
                if metrics:
                    self._add_metrics(*metrics)
            late = fields[0] - last_week
            if late in hours_of:
                hours: Sequence[int] = fields[hours_of[late]]
                total = sum(hours)
                if total < 0:
                    hours = [told for told in hours if told != _UNTOLD]
                    total = sum(hours)
                count = len(hours)
                if count:
                    hours_sum += total
                    weeks_sum += count
                    overtime: Sequence[int] = fields[overtime_of[late]]
                    worked = sum(overtime)
                    if worked < 0:
                        overtime = [told for told in overtime if told != _UNTOLD]
                        worked = sum(overtime)
                    if overtime:
                        overtime_sum += worked
                        with_overtime += 1
                    if total > over * count:
                        signals.append(LongHours(unscaled(total, count), count, self._policy.hours.over))
            ago = this_month - fields[_MONTH]
            if ago <= _MONTHS_BACK:
                scores = fields[_SCORES:_SURVEY]
                # A scan that comes late may see a month that its day had not: it is none of its months.
                months = zip(sums_of[ago], scores) if ago >= 0 else zip(sums, scores[-ago:])  # noqa: B905 - the shorter ends it
                for both, score in months:
                    if score != _UNTOLD:
                        both[0] += score
                        both[1] += 1
                if scores[0] < scores[1]:
                    falling = self._falling(fields[_MONTH], scores)
                    if falling:
                        signals.append(falling)
            if leaves:
                times = days = 0
                for first_day, lasted, kind in _leave(card, leaves):
                    if leave_from <= first_day <= today and kind in kinds:
                        times += 1
                        days += lasted
                if times:
                    times_sum += times
                    days_sum += days
                    frequent = self._frequent(times, days)
                    if frequent:
                        signals.append(frequent)
            if fields[_SURVEY] >= survey_from:
                lowest = fields[_SURVEY + 1]
                if words or 0 < lowest <= at_most:
                    answered = self._answered(fields[_SURVEY], lowest, words)
                    if answered:
                        signals.append(answered)
            if signals:
                level = self._level(signals)
                if level:
                    found.append((place, Judgement(level, tuple(signals))))
        totals = self._totals
        totals.employees += people
        totals.hours += hours_sum
        totals.weeks += weeks_sum
        totals.overtime += overtime_sum
        totals.with_overtime += with_overtime
        totals.leave_times += times_sum
        totals.leave_days += days_sum
        return found

    def _add_metrics(self, latest: int, *metrics: Mapping[str, int]) -> None:
        for ago, told in enumerate(metrics, self._month - latest):
            if 0 <= ago <= _MONTHS_BACK:
                for id_, value in told.items():
                    _add(self._totals.metrics.setdefault((self._month - ago, id_), [0, 0]), (value, 1))

    def _falling(self, latest: int, scores: Sequence[int]) -> FallingPerformance | None:
        falls = 0
        for after, before in pairwise(scores):
            if before == _UNTOLD or after >= before:
                break
            falls += 1
        rule = self._policy.performance
        if falls < rule.falls and scores[0] * 100 > scores[1] * self._kept:
            return None
        return FallingPerformance(
            unscaled(scores[falls]),
            unscaled(scores[0]),
            falls + 1,
            month_of_number(latest),
            rule.falls,
            rule.drop_percent,
        )

    def _frequent(self, times: int, days: int) -> FrequentLeave | None:
        rule = self._policy.leave
        if times > rule.over_times or days > self._days_over:
            return FrequentLeave(times, unscaled(days), rule.days, rule.over_times, rule.over_days)
        return None

    def _answered(self, month: int, lowest: int, words: Sequence[str]) -> SurveyAnswered | None:
        rule = self._policy.survey
        # Rules that the policy no longer has say nothing.
        met = tuple(one.id for one in rule.words if one.id in words)
        if not met and not 0 < lowest <= rule.at_most:
            return None
        return SurveyAnswered(
            month_of_number(month), None if lowest == _UNTOLD else lowest, met, rule.at_most
        )

    def _level(self, signals: Sequence[Signal]) -> RiskLevel | None:
        kinds = {signal.kind for signal in signals}
        return next((rule.level for rule in self._policy.levels if rule.holds(kinds)), None)


def measured(policy: RiskPolicy, card: bytes, today: date) -> Judgement | None:
    """One card by itself: what it comes to by ``policy`` on this day."""
    return Scan(policy, today).judge(card)


# --- signals as they are kept -----------------------------------------------------------------------------------------


def to_values(signal: Signal) -> list[Any]:
    """A signal as JSON values: its kind, then its figures in order."""
    match signal:
        case LongHours(hours, weeks, over):
            return [signal.kind.value, str(hours), weeks, str(over)]
        case FallingPerformance(before, after, months, month, falls, drop_percent):
            return [signal.kind.value, str(before), str(after), months, month, falls, drop_percent]
        case FrequentLeave(times, days, within_days, over_times, over_days):
            return [signal.kind.value, times, str(days), within_days, over_times, str(over_days)]
        case SurveyAnswered(month, lowest, words, at_most):
            return [signal.kind.value, month, lowest, list(words), at_most]


def from_values(values: Sequence[Any]) -> Signal:
    """The signal ``to_values`` wrote."""
    match SignalKind(values[0]):
        case SignalKind.LONG_HOURS:
            return LongHours(Decimal(values[1]), values[2], Decimal(values[3]))
        case SignalKind.PERFORMANCE:
            return FallingPerformance(Decimal(values[1]), Decimal(values[2]), *values[3:])
        case SignalKind.LEAVE:
            return FrequentLeave(values[1], Decimal(values[2]), values[3], values[4], Decimal(values[5]))
        case SignalKind.SURVEY:
            return SurveyAnswered(values[1], values[2], tuple(values[3]), values[4])
