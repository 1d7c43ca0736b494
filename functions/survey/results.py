"""HR's API over the monthly survey (F7): how many were asked and answered, and, once it is closed, the figures."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from rencai.employees.rules.signals import MONTH
from rencai.platform.api import Cursor, Score, View
from rencai.platform.operations import refuses
from rencai.survey.rules.figures import Distribution, Grouping, mean
from rencai.survey.rules.refusals import SurveyRefusal
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
    """A month's survey. While it is ``open``, until it is counted, and where fewer than ``group_size`` answered, there
    are only totals.
    """

    month: str
    open: bool
    made_at: datetime | None = Field(description="When the figures were made; null: there are none (yet)")
    closes_on: date | None = Field(description="The last day to answer; null: nobody was asked by e-mail")
    invited: int
    without_address: int = Field(description="Employees who could not be asked for want of an e-mail address")
    answered: int
    group_size: int
    questions: list[QuestionFigures]
    by: Grouping | None
    groups: list[GroupView] = Field(description="A hundred a page, by name")
    next: str | None


@router.get(
    "/surveys/<month>",
    security=API,
    summary="A month's survey",
    description=(
        "How many were asked and answered; once it is closed and counted (`made_at`), means and distributions, which "
        "never change again. No figure is of fewer people than `group_size`, nor can one be worked out from the "
        "others. The words are not shown."
    ),
    tags=["Surveys"],
    openapi_extensions=refuses({422: [SurveyRefusal.GROUPING_UNKNOWN]}),
)
def get_results(
    month: Annotated[str, Path(pattern=MONTH, description="As in 2026-11")],
    by: Annotated[Grouping | None, Query(description="Groups to show as well")] = None,
    cursor: Cursor = None,
) -> SurveyResultsView:
    """Totals, and the figures that may be shown."""
    wired = router.wired
    results = wired.survey.results.of(
        month,
        by,
        cursor,
        wired.clock(),
        lambda told: wired.outbox("FIGURES_QUEUE_URL").send(asdict(told)),
    )
    form, made = results.form, results.totals
    texts = {question.id: question.text.text(router.language) for question in form.questions}
    return SurveyResultsView(
        month=month,
        open=results.is_open,
        made_at=made.made_at if made else None,
        closes_on=results.closes_on,
        invited=results.asked.invited,
        without_address=results.asked.without_address,
        answered=results.answered,
        group_size=made.group_size if made else form.group_size,
        questions=_questions(made.questions, texts) if made else [],
        by=by,
        groups=[
            GroupView(name=group.name, answered=group.answered, questions=_questions(group.questions, texts))
            for group in results.groups
        ],
        next=results.next,
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
