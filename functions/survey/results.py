"""HR's API over the monthly survey (F7): how many were asked and answered, and, once it is closed, the figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from rencai import wiring
from rencai.domain.errors import DomainError, Refusal
from rencai.domain.signals import MONTH
from rencai.domain.survey import (
    Answered,
    Distribution,
    Grouping,
    SurveyFigures,
    SurveyForm,
    figures,
    mean,
)
from rencai.platform.api import Api, Score, View
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.employees import Employees
from rencai.store.signals import Signals
from rencai.store.survey_rounds import Asked, SurveyRounds

api = Api(settings().language)
app = api.resolver


class QuestionFigures(View):
    """A question's figures: how many answered it, their mean, and how many chose 1, 2, 3, 4, 5. ``text`` is null for a
    question that the form no longer has.
    """

    id: str
    text: str | None
    answers: int
    mean: Score
    distribution: list[int]


class GroupView(View):
    """A group; ``name`` null: those whose group is not on record. ``questions``: those whose figures may be shown."""

    name: str | None
    answered: int
    questions: list[QuestionFigures]


class SurveyResultsView(View):
    """A month's survey. While it is ``open``, and where fewer than ``group_size`` answered, there are only totals."""

    month: str
    open: bool
    closes_on: date | None = Field(description="The last day to answer; null: nobody was asked by e-mail")
    invited: int
    without_address: int = Field(description="Employees who could not be asked for want of an e-mail address")
    answered: int
    group_size: int
    questions: list[QuestionFigures]
    by: Grouping | None
    groups: list[GroupView]


@dataclass(frozen=True, slots=True)
class Results:
    """What is known of a survey; ``figures`` None: it is open."""

    closes_on: date | None
    asked: Asked
    answered: int
    figures: SurveyFigures | None


def results_of(
    month: str,
    *,
    form: SurveyForm,
    rounds: SurveyRounds,
    signals: Signals,
    employees: Employees,
    today: date,
    now: datetime,
) -> Results:
    """How a month's survey stands. Its figures are made when they are first asked for after it closed, and kept: what
    is corrected later must not show in the difference. A month in which nobody was asked closes with its last day.
    """
    closes_on, asked = rounds.closes_on(month), rounds.asked(month)
    is_open = today <= closes_on if closes_on else f"{today:%Y-%m}" <= month
    if is_open:
        # 0.5 read units for some 35 who answered.
        return Results(closes_on, asked, sum(map(len, signals.answered(month))), None)
    made = rounds.figures(month)
    if made is None:
        # Once a month: 1.5 read units an answer and more for long words; 10,000 answers take some 15,000 and 10 s.
        answers = _answers(month, form.groupings, signals, employees)
        made = figures(answers, form.groupings, form.group_size)
        if made.answered >= form.group_size:
            # While there are no figures, answers that are brought in late (F1) may still make some.
            made = rounds.keep(month, made, now)
    return Results(closes_on, asked, made.answered, made)


def _answers(
    month: str, groupings: tuple[Grouping, ...], signals: Signals, employees: Employees
) -> Iterator[Answered]:
    for page in signals.answered(month):
        known = employees.get_all(page)
        for employee_id, survey in signals.surveys_of(page, month).items():
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


@app.get(
    "/surveys/<month>",
    summary="A month's survey",
    description=(
        "How many were asked and answered; once it is closed, means and distributions. No figure is of fewer people "
        "than `group_size`, nor can one be worked out from the others. The words are not shown."
    ),
    tags=["Surveys"],
)
def get_results(
    month: Annotated[str, Path(pattern=MONTH, description="As in 2026-11")],
    by: Annotated[Grouping | None, Query(description="Groups to show as well")] = None,
) -> SurveyResultsView:
    """Totals, and the figures that may be shown."""
    form = wiring.configurations().survey_form()
    if by is not None and by not in form.groupings:
        known = ", ".join(form.groupings) or "-"
        raise DomainError(Refusal.GROUPING_UNKNOWN, "by", by=by.value, known=known)
    now = wiring.clock()
    results = results_of(
        month,
        form=form,
        rounds=wiring.survey_rounds(),
        signals=wiring.signals(),
        employees=wiring.employees(),
        today=now.astimezone(wiring.zone()).date(),
        now=now,
    )
    made = results.figures
    groups = made.groups.get(by, ()) if made and by else ()
    texts = {question.id: question.text.text(api.language) for question in form.questions}
    return SurveyResultsView(
        month=month,
        open=made is None,
        closes_on=results.closes_on,
        invited=results.asked.invited,
        without_address=results.asked.without_address,
        answered=results.answered,
        group_size=form.group_size,
        questions=_questions(made.questions, texts) if made else [],
        by=by,
        groups=[
            GroupView(name=group.name, answered=group.answered, questions=_questions(group.questions, texts))
            for group in groups
        ],
    )


def _questions(shown: Mapping[str, Distribution], texts: Mapping[str, str]) -> list[QuestionFigures]:
    """Questions in the form's order, then those it no longer has."""
    order = [*(id_ for id_ in texts if id_ in shown), *sorted(shown.keys() - texts.keys())]
    return [
        QuestionFigures(
            id=id_,
            text=texts.get(id_),
            answers=sum(shown[id_]),
            mean=mean(shown[id_]),
            distribution=list(shown[id_]),
        )
        for id_ in order
    ]


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway calls this."""
    return api.handle(event, context)
