"""The monthly survey (F7): what is asked, the signed link to it, and what somebody entered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rencai.employees.rules.signals import IDENTIFIER, MAX_TEXT, AnswerReport, SurveyReport
from rencai.kernel import signed as links
from rencai.kernel.configuration import Kind
from rencai.kernel.errors import DomainError
from rencai.kernel.seen import legible, visible
from rencai.kernel.texts import LocalizedText
from rencai.kernel.wording import wrong
from rencai.survey.rules.figures import SCALE, Grouping
from rencai.survey.rules.refusals import SurveyRefusal

from .refusals import SurveyDocumentRefusal

MAX_WORDS: Final = 2_000
"""Characters of one text."""

_PURPOSE: Final = "survey"
_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_Id = Annotated[str, Field(pattern=IDENTIFIER)]


class ScaleLabels(BaseModel):
    """What 1 and what 5 mean."""

    model_config = _Config

    lowest: LocalizedText
    highest: LocalizedText


class Question(BaseModel):
    """Answered by a number from 1 to 5. 1 is always the worst: the scan (F4) takes low scores for pressure."""

    model_config = _Config

    id: _Id
    text: LocalizedText
    scale: ScaleLabels


class TextQuestion(BaseModel):
    """Answered in words, at most 2,000 characters."""

    model_config = _Config

    id: _Id
    text: LocalizedText


class SurveyForm(BaseModel):
    """What is asked each month. A link is good for ``open_days`` days after the day it was sent; figures are shown from
    ``group_size`` answers on. ``groupings`` are shown in this order of importance: each only as far as it does not,
    together with those before it, tell fewer people apart.
    """

    model_config = _Config

    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=20)]
    texts: Annotated[tuple[TextQuestion, ...], Field(max_length=MAX_TEXT // MAX_WORDS)] = ()
    open_days: Annotated[int, Field(ge=1, le=60)] = 14
    group_size: Annotated[int, Field(ge=5, le=100)] = 5
    groupings: tuple[Grouping, ...] = (Grouping.DEPARTMENT, Grouping.LOCATION, Grouping.ROLE)

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [*(question.id for question in self.questions), *(text.id for text in self.texts)]
        twice = [id_ for id_, times in Counter(ids).items() if times > 1]
        if twice:
            raise wrong(SurveyDocumentRefusal.FORM_QUESTION_REPEATED, question=twice[0])
        if len(set(self.groupings)) < len(self.groupings):
            raise wrong(SurveyDocumentRefusal.GROUPING_REPEATED)
        return self

    def closes_on(self, sent_on: date) -> date:
        """The last day on which a link sent on ``sent_on`` is good."""
        return sent_on + timedelta(days=self.open_days)


SURVEY_FORM: Final = Kind("survey", SurveyForm)


# --- the link ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is asked about which month (``2026-11``), and the last day on which they may answer, in the tenant's zone.

    ``is_new``: their file was when they were asked (``figures.is_new``), so who got the link may be somebody else.
    """

    employee_id: str
    month: str
    closes_on: date
    is_new: bool = False


def signed(invitation: Invitation, key: bytes) -> str:
    """The invitation as a token for an address (``rencai.kernel.signed``).

    Whoever has it can answer in the employee's name, so it is never logged.
    """
    said = f"{invitation.employee_id}|{invitation.month}|{invitation.closes_on.isoformat()}|{invitation.is_new:d}"
    return links.signed(said, _PURPOSE, key)


def invitation_of(token: str, keys: Sequence[bytes], today: date) -> Invitation:
    """What a token says, when one of ``keys`` signed it and it is still good.

    Raises ``DomainError`` (LINK_NOT_VALID, LINK_EXPIRED).
    """
    said = links.said_by(token, _PURPOSE, keys)
    if said is None:
        raise DomainError(SurveyRefusal.LINK_NOT_VALID)
    employee_id, month, closes_on, is_new = said.rsplit("|", 3)
    invitation = Invitation(employee_id, month, date.fromisoformat(closes_on), is_new == "1")
    if today > invitation.closes_on:
        raise DomainError(SurveyRefusal.LINK_EXPIRED, until=closes_on)
    return invitation


# --- what was entered -------------------------------------------------------------------------------------------------


class EntryError(StrEnum):
    """What is wrong with what was entered for a question; of the form as a whole when nothing was."""

    UNANSWERED = "unanswered"
    NOT_ON_SCALE = "not_on_scale"
    TOO_LONG = "too_long"


WHOLE_FORM: Final = ""
"""What an error is about that is about no question by itself."""


def entered(form: SurveyForm, fields: Mapping[str, str]) -> tuple[SurveyReport | None, dict[str, EntryError]]:
    """What the fields of a form that was sent come to, and what is wrong, by question; the one or the other.

    No question has to be answered, but one. A field the form does not have says nothing.
    """
    answers: list[AnswerReport] = []
    errors: dict[str, EntryError] = {}
    for question in form.questions:
        given = visible(fields.get(question.id, "")).strip()
        if given in map(str, SCALE):
            answers.append(AnswerReport(question_id=question.id, score=int(given)))
        elif given:
            errors[question.id] = EntryError.NOT_ON_SCALE
    for text in form.texts:
        # Browsers send line ends as two characters and count them as one.
        words = legible(fields.get(text.id, "")).replace("\r\n", "\n").strip()
        if len(words) > MAX_WORDS:
            errors[text.id] = EntryError.TOO_LONG
        elif words:
            answers.append(AnswerReport(question_id=text.id, text=words))
    if not answers and not errors:
        errors[WHOLE_FORM] = EntryError.UNANSWERED
    return (None, errors) if errors else (SurveyReport(answers=answers), {})
