"""What came of a month's survey (F7): how many were asked and answered, and, once it is closed, the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rencai.employees.store.signals import WorkSignals
from rencai.kernel.errors import DomainError
from rencai.store.configurations import Configurations
from rencai.survey.closing import Send, SurveyClosing
from rencai.survey.rules.figures import GroupFigures, Grouping
from rencai.survey.rules.refusals import SurveyRefusal
from rencai.survey.rules.survey import SURVEY_FORM, SurveyForm
from rencai.survey.store.figures import SurveyFiguresStore, Totals
from rencai.survey.store.rounds import Asked, SurveyRounds


@dataclass(frozen=True, slots=True)
class Results:
    """What is known of a survey, and the present ``form`` to read it by; ``totals`` None: there are no figures (yet).
    Of the groups asked for there is a page, and where the next begins.
    """

    closes_on: date | None
    is_open: bool
    asked: Asked
    answered: int
    form: SurveyForm
    totals: Totals | None = None
    groups: Sequence[GroupFigures] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """What HR reads of surveys."""

    rounds: SurveyRounds
    figures: SurveyFiguresStore
    closing: SurveyClosing
    signals: WorkSignals
    configurations: Configurations

    def of(self, month: str, by: Grouping | None, cursor: str | None, now: datetime, send: Send) -> Results:
        """How a month's survey stands. Once it is closed its figures are made and kept: what is corrected later must
        not show in the difference. Where that is due and has not begun, ``send`` has it done.

        Raises ``DomainError``: GROUPING_UNKNOWN when the form does not group ``by``; BAD_CURSOR.
        """
        form = self.configurations.latest(SURVEY_FORM).document
        totals = self.figures.totals(month)
        groupings = tuple(totals.pages) if totals else form.groupings
        if by is not None and by not in groupings:
            known = tuple(one.value for one in groupings)
            raise DomainError(SurveyRefusal.GROUPING_UNKNOWN, "by", by=by.value, known=known)
        closes_on = self.rounds.closes_on(month)
        if totals:
            groups, following = self.figures.groups(month, by, cursor) if by else ((), None)
            return Results(closes_on, False, totals.asked, totals.answered, form, totals, groups, following)
        is_open = self.closing.is_open(month, closes_on, now)
        if not is_open:
            self.closing.ask_for(month, closes_on, send, now)
        answered = self.signals.survey_count(month, by_link=closes_on is not None)
        return Results(closes_on, is_open, self.rounds.asked(month), answered, form)
