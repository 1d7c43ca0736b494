"""What came of a month's survey (F7): how many were asked and answered, and, once it is closed, the figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rencai.employees.store.employees import Employees
from rencai.employees.store.signals import WorkSignals
from rencai.kernel.errors import DomainError
from rencai.store.configurations import Configurations
from rencai.survey.rules.refusals import SurveyRefusal
from rencai.survey.rules.survey import (
    SURVEY_FORM,
    Answered,
    Grouping,
    SurveyFigures,
    SurveyForm,
    figures,
)
from rencai.survey.store.rounds import Asked, SurveyRounds


@dataclass(frozen=True, slots=True)
class Results:
    """What is known of a survey, and the present ``form`` to read it by; ``figures`` None: it is open."""

    closes_on: date | None
    asked: Asked
    answered: int
    figures: SurveyFigures | None
    form: SurveyForm


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """What HR reads of surveys."""

    rounds: SurveyRounds
    signals: WorkSignals
    employees: Employees
    configurations: Configurations
    zone: ZoneInfo

    def of(self, month: str, by: Grouping | None, now: datetime) -> Results:
        """How a month's survey stands. Its figures are made when they are first asked for after it closed, and kept:
        what is corrected later must not show in the difference. A month in which nobody was asked closes with its last
        day. Raises ``DomainError`` (GROUPING_UNKNOWN) when the form does not group ``by``.
        """
        form = self.configurations.latest(SURVEY_FORM).document
        if by is not None and by not in form.groupings:
            known = ", ".join(form.groupings) or "-"
            raise DomainError(SurveyRefusal.GROUPING_UNKNOWN, "by", by=by.value, known=known)
        today = now.astimezone(self.zone).date()
        closes_on, asked = self.rounds.closes_on(month), self.rounds.asked(month)
        is_open = today <= closes_on if closes_on else f"{today:%Y-%m}" <= month
        if is_open:
            # 0.5 read units for some 35 who answered.
            return Results(closes_on, asked, sum(map(len, self.signals.answered(month))), None, form)
        made = self.rounds.figures(month)
        if made is None:
            # Once a month: 1.5 read units an answer and more for long words; 10,000 answers take some 15,000 and 10 s.
            made = figures(self._answers(month, form.groupings), form.groupings, form.group_size)
            if made.answered >= form.group_size:
                # While there are no figures, answers that are brought in late (F1) may still make some.
                made = self.rounds.keep(month, made, now)
        return Results(closes_on, asked, made.answered, made, form)

    def _answers(self, month: str, groupings: tuple[Grouping, ...]) -> Iterator[Answered]:
        for page in self.signals.answered(month):
            known = self.employees.get_all(page)
            for employee_id, survey in self.signals.surveys_of(page, month).items():
                employee = known.get(employee_id)
                group_of: Mapping[Grouping, str | None] = (
                    {
                        Grouping.DEPARTMENT: employee.department,
                        Grouping.LOCATION: employee.location,
                        Grouping.ROLE: employee.role,
                    }
                    if employee
                    else {}
                )
                scores = {question: score for question, score in survey.scores if score is not None}
                yield Answered(scores, tuple(group_of.get(grouping) for grouping in groupings))
