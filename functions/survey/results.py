"""HR's API over the monthly survey (F7): how many were asked and answered, and, once it is closed, the figures."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from rencai.employees.rules.signals import MONTH
from rencai.platform.api import Score, View
from rencai.survey.rules.survey import Distribution, Grouping, mean
from rencai.wiring.routes import API, Routes, api_of, serve

router = Routes()


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


@router.get(
    "/surveys/<month>",
    security=API,
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
    wired = router.wired
    results = wired.survey.results.of(month, by, wired.clock())
    form, made = results.form, results.figures
    groups = made.groups.get(by, ()) if made and by else ()
    texts = {question.id: question.text.text(router.language) for question in form.questions}
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


api = api_of(router)
handler = serve(api)
