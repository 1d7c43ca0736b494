"""When a month's survey is closed, and its answers counted then: page by page, each once, whoever counts how often.

Of a month in which people were asked by link, their answers by link count, with the groups they were in when they first
answered. Of a month in which nobody was asked, answers that HR told count, and all of them have to be one hand's: that
of the user or the system that brought most. Who adds answers of their own, or puts them over what others brought, would
know what those that are left said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rencai.employees.rules.signals import Groups, SurveyOnRecord
from rencai.employees.store.employees import Employees
from rencai.employees.store.signals import WorkSignals
from rencai.platform.consumer import Retry
from rencai.platform.observability import logger
from rencai.store.configurations import Configurations
from rencai.survey.rules.figures import Answered, Grouping, Tally, figures
from rencai.survey.rules.survey import SURVEY_FORM
from rencai.survey.store.counts import CountedPage, Rule, SurveyCounts
from rencai.survey.store.figures import SurveyFiguresStore
from rencai.survey.store.rounds import SurveyRounds

SETTLED: Final = timedelta(minutes=15)
"""How long after a survey has closed its answers are counted: what was sent in its last second is in the index then."""
PAGE: Final = 250
"""Answers a page: even of as many groups, with twenty questions and the longest of names, it fits an item."""
PAGES_AT_ONCE: Final = 20
"""Pages a message: some seconds."""
_BY_LINK: Final = ""
"""The hand of answers by link."""


@dataclass(frozen=True, slots=True)
class ToCount:
    """A survey's answers that are to be counted, from the ``page``-th page on, which begins after ``after``."""

    month: str
    page: int = 0
    after: str | None = None


Send = Callable[[ToCount], None]


@dataclass(frozen=True, slots=True)
class SurveyClosing:
    """The use case and its collaborators."""

    rounds: SurveyRounds
    counts: SurveyCounts
    figures: SurveyFiguresStore
    signals: WorkSignals
    employees: Employees
    configurations: Configurations
    zone: ZoneInfo

    def is_open(self, month: str, closes_on: date | None, now: datetime) -> bool:
        """Whether a survey still takes answers. One in which nobody was asked closes with its month."""
        today = now.astimezone(self.zone).date()
        return today <= closes_on if closes_on else f"{today:%Y-%m}" <= month

    def is_due(self, month: str, closes_on: date | None, now: datetime) -> bool:
        """Whether the answers of a month without figures are to be counted: it is closed and has settled; where nobody
        was asked, there are enough of them to show anything, for more may be brought later.
        """
        if self.is_open(month, closes_on, now - SETTLED):
            return False
        group_size = self.configurations.latest(SURVEY_FORM).document.group_size
        return (
            closes_on is not None
            or self.signals.survey_count(month, by_link=False, at_least=group_size) >= group_size
        )

    def ask_for(self, month: str, closes_on: date | None, send: Send, now: datetime) -> bool:
        """Have a month without figures counted; False where it is not due, or is being counted already."""
        if self.counts.page(month, 0) is not None or not self.is_due(month, closes_on, now):
            return False
        send(ToCount(month))
        return True

    def begin_due(self, send: Send, now: datetime) -> list[str]:
        """Have every month counted that is due, back to the oldest of which links may have been good; the months.

        One whose counting got lost on the way goes on where it was.
        """
        today = now.astimezone(self.zone).date()
        months = [month for month in _months_to(today, 4) if self.figures.totals(month) is None]
        due = [month for month in months if self.is_due(month, self.rounds.closes_on(month), now)]
        for month in due:
            send(ToCount(month))
        return due

    def count(self, told: ToCount, send: Send, now: datetime) -> None:
        """Count some pages, and send for the next or, after the last, make the figures.

        Done twice or by two at once it comes to the same: a page is as whoever was first counted it.
        """
        if self.figures.totals(told.month) is not None:
            logger.info("counted before", extra={"month": told.month})
            return
        closes_on = self.rounds.closes_on(told.month)
        if not self.is_due(told.month, closes_on, now):
            logger.warning("not due", extra={"month": told.month})
            return
        page, after = told.page, told.after
        for _ in range(PAGES_AT_ONCE):
            counted = self.counts.page(told.month, page) or self.counts.keep(
                told.month, page, self._counted(told.month, after, by_link=closes_on is not None)
            )
            page, after = page + 1, counted.next
            if after is None:
                self._make(told.month, page, now)
                return
        send(ToCount(told.month, page, after))

    def _counted(self, month: str, after: str | None, *, by_link: bool) -> CountedPage:
        answers, following = self.signals.survey_page(month, by_link=by_link, after=after, limit=PAGE)
        groups = {id_: one.groups for id_, one in answers.items() if one.groups}
        if not by_link:
            groups = {
                id_: Groups(employee.department, employee.location, employee.role)
                for id_, employee in self.employees.get_all(list(answers)).items()
            }
        tallies: dict[str, Tally] = {}
        for id_, one in answers.items():
            hand = _BY_LINK if by_link else one.told_by or ""
            tallies.setdefault(hand, Tally()).count(_answered(one, groups.get(id_)))
        form = self.configurations.latest(SURVEY_FORM).document
        return CountedPage(tallies, following, Rule(form.groupings, form.group_size))

    def _make(self, month: str, pages: int, now: datetime) -> None:
        by_hand: dict[str, Tally] = {}
        found, rule = 0, None
        for counted in self.counts.all(month):
            # As the form was when the counting began; every cell has all groupings.
            rule = rule or counted.rule
            places = [_GROUPINGS.index(grouping) for grouping in rule.groupings]
            found += 1
            for hand, tally in counted.tallies.items():
                by_hand.setdefault(hand, Tally()).add(tally, places)
        if rule is None or found != pages:
            raise Retry("not every page shows yet")
        most = max(by_hand, key=lambda hand: (by_hand[hand].people.total(), hand), default=None)
        tally = by_hand[most] if most is not None else Tally()
        made = figures(tally, rule.groupings, rule.group_size)
        self.figures.keep(month, made, self.rounds.asked(month), rule.group_size, now)
        logger.info("survey counted", extra={"month": month, "answered": made.answered, "pages": pages})


_GROUPINGS: Final = (Grouping.DEPARTMENT, Grouping.LOCATION, Grouping.ROLE)


def _answered(one: SurveyOnRecord, groups: Groups | None) -> Answered:
    scores = {question: score for question, score in one.survey.scores if score is not None}
    if groups is None:
        return Answered(scores, (None, None, None))
    cell = (groups.department, groups.location, groups.role)
    return Answered(scores, cell, is_new=groups.is_new, is_made=groups.is_made)


def _months_to(today: date, count: int) -> list[str]:
    """The latest ``count`` months, this one among them."""
    latest = today.year * 12 + today.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(latest, latest - count, -1)]
