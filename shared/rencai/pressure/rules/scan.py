"""The nightly scan (压力预警, F4): judges the card of each employee by the policy of the day, and adds it up.

All of it is done in whole numbers (``SCALE`` to the unit), so that a sum does not depend on the order or on how the
employees are divided into shards; what is shown is divided once, at the end.

The signals, each with the figures it shows:

==================  ===================================================================================================
long hours          mean hours a week, over the weeks told of the last ``weeks``, above ``over``
performance         fell in ``falls`` months running, or by ``drop_percent`` or more from one month to the next; and
                    by ``smallest_fall`` in all
leave               times, or days, of the kinds that count, begun in the last ``days`` days, above ``over_times`` or
                    ``over_days``
survey              the latest answers of the last ``months``: a score of ``at_most`` or less to one of ``questions``,
                    or words of a rule
==================  ===================================================================================================

What was not told gives no signal, and is no zero in a mean either; only of leave there is none where none was told.
Which level it comes to is said by ``levels``, read in order: the first that holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from rencai.employees.rules.signals import iso_week

from .card import (
    CARD_HEAD,
    CARD_WEEKS,
    NUMBER_OF_KIND,
    PERFORMANCE_MONTHS_BACK,
    UNTOLD,
    CardPlace,
    WordsRead,
    leaves_on,
    lowest_answer,
    metrics_and_words_on,
    month_number,
    month_of_number,
    question_number,
    scaled,
    unscaled,
    week_number,
)
from .company import Totals, add_up
from .policy import RiskLevel, RiskPolicy
from .signals import FallingPerformance, FrequentLeave, Judgement, LongHours, RaisedSignal, StrainedSurvey


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
        self._hours_of = {
            late: slice(CardPlace.HOURS + first, CardPlace.HOURS + end)
            for late, (first, end) in spans.items()
        }
        self._overtime_of = {
            late: slice(CardPlace.OVERTIME + first, CardPlace.OVERTIME + end)
            for late, (first, end) in spans.items()
        }
        self._hours_over = scaled(policy.hours.over)
        self._month = month_number(f"{today:%Y-%m}")
        self._kept = 100 - policy.performance.drop_percent
        self._smallest_fall = scaled(policy.performance.smallest_fall)
        self._scores = [[0, 0] for _ in range(PERFORMANCE_MONTHS_BACK + 1)]
        self._leave_from = self._today - policy.leave.days + 1
        self._kinds = frozenset(NUMBER_OF_KIND[kind] for kind in policy.leave.kinds)
        self._days_over = scaled(policy.leave.over_days)
        self._survey_from = self._month - policy.survey.months
        self._at_most = policy.survey.at_most
        self._questions = frozenset(map(question_number, policy.survey.questions))

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
            CARD_HEAD.unpack_from,
            CARD_HEAD.size,
            self._hours_of,
            self._overtime_of,
        )
        today, last_week, over, this_month = self._today, self._last_week, self._hours_over, self._month
        sums, survey_from, at_most = self._scores, self._survey_from, self._at_most
        leave_from, kinds = self._leave_from, self._kinds
        at_week, at_month, at_scores = (
            CardPlace.WEEK,
            CardPlace.SCORED_MONTH,
            slice(CardPlace.SCORES, CardPlace.SURVEY_MONTH),
        )
        at_survey, at_lowest = CardPlace.SURVEY_MONTH, CardPlace.LOWEST_ANSWER
        at_left, at_leaves, at_answers = CardPlace.LEFT, CardPlace.LEAVES, CardPlace.ANSWERS
        months_back = PERFORMANCE_MONTHS_BACK
        sums_of = [sums[ago:] for ago in range(len(sums))]
        people = hours_sum = weeks_sum = overtime_sum = with_overtime = 0
        times_sum = days_sum = 0
        for place, card in enumerate(cards):
            fields = unpacked(card)
            if 0 < fields[at_left] <= today:
                continue
            people += 1
            signals: list[RaisedSignal] = []
            leaves, answers, words = fields[at_leaves], fields[at_answers], None
            if len(card) > size + 12 * leaves + 4 * answers:
                metrics, words = metrics_and_words_on(card, leaves, answers)
                if metrics:
                    self._add_metrics(*metrics)
            late = fields[at_week] - last_week
            if late in hours_of:
                hours: Sequence[int] = fields[hours_of[late]]
                total = sum(hours)
                if total < 0:
                    hours = [told for told in hours if told != UNTOLD]
                    total = sum(hours)
                count = len(hours)
                if count:
                    hours_sum += total
                    weeks_sum += count
                    overtime: Sequence[int] = fields[overtime_of[late]]
                    worked = sum(overtime)
                    if worked < 0:
                        overtime = [told for told in overtime if told != UNTOLD]
                        worked = sum(overtime)
                    if overtime:
                        overtime_sum += worked
                        with_overtime += 1
                    if total > over * count:
                        signals.append(LongHours(unscaled(total, count), count, self._policy.hours.over))
            ago = this_month - fields[at_month]
            if ago <= months_back:
                scores = fields[at_scores]
                # A scan that comes late may see a month that its day had not: it is none of its months.
                months = zip(sums_of[ago], scores) if ago >= 0 else zip(sums, scores[-ago:])  # noqa: B905 - the shorter ends it
                for both, score in months:
                    if score != UNTOLD:
                        both[0] += score
                        both[1] += 1
                if scores[0] < scores[1]:
                    falling = self._falling(fields[at_month], scores)
                    if falling:
                        signals.append(falling)
            if leaves:
                times = days = 0
                for first_day, lasted, kind in leaves_on(card, leaves):
                    if leave_from <= first_day <= today and kind in kinds:
                        times += 1
                        days += lasted
                if times:
                    times_sum += times
                    days_sum += days
                    frequent = self._frequent(times, days)
                    if frequent:
                        signals.append(frequent)
            if fields[at_survey] >= survey_from:
                lowest = fields[at_lowest]
                if words or 0 < lowest <= at_most:
                    if self._questions:
                        lowest = lowest_answer(card, leaves, answers, self._questions)
                    answered = self._answered(fields[at_survey], lowest, words)
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
            if 0 <= ago <= PERFORMANCE_MONTHS_BACK:
                for id_, value in told.items():
                    add_up(self._totals.metrics.setdefault((self._month - ago, id_), [0, 0]), value)

    def _falling(self, latest: int, scores: Sequence[int]) -> FallingPerformance | None:
        falls = 0
        for after, before in pairwise(scores):
            if before == UNTOLD or after >= before:
                break
            falls += 1
        rule = self._policy.performance
        if falls < rule.falls and scores[0] * 100 > scores[1] * self._kept:
            return None
        if scores[falls] - scores[0] < self._smallest_fall:
            return None
        return FallingPerformance(
            unscaled(scores[falls]),
            unscaled(scores[0]),
            falls + 1,
            month_of_number(latest),
            rule.falls,
            rule.drop_percent,
            rule.smallest_fall,
        )

    def _frequent(self, times: int, days: int) -> FrequentLeave | None:
        rule = self._policy.leave
        if times > rule.over_times or days > self._days_over:
            return FrequentLeave(times, unscaled(days), rule.days, rule.over_times, rule.over_days)
        return None

    def _answered(self, month: int, lowest: int, words: WordsRead | None) -> StrainedSurvey | None:
        rule = self._policy.survey
        # Rules that the policy no longer has say nothing.
        found = {one.id: one for one in words.met} if words else {}
        met = tuple(found[one.id] for one in rule.words if one.id in found)
        low = 0 < lowest <= rule.at_most
        if not met and not low:
            return None
        # Words speak of pressure, and not of what else was answered: that is nobody's to read.
        reader = words.reader if words and met else None
        return StrainedSurvey(month_of_number(month), lowest if low else None, met, rule.at_most, reader)

    def _level(self, signals: Sequence[RaisedSignal]) -> RiskLevel | None:
        kinds = {signal.kind for signal in signals}
        return next((rule.level for rule in self._policy.levels if rule.holds(kinds)), None)


def measured(policy: RiskPolicy, card: bytes, today: date) -> Judgement | None:
    """One card by itself: what it comes to by ``policy`` on this day."""
    return Scan(policy, today).judge(card)
