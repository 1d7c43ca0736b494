"""The monthly survey (F7): what is asked, the signed link to it, what somebody entered, and what HR may see of it all.

What HR sees of the answers
---------------------------
How many there are, always. Figures of a set of people (all of them, a department, a location, a role) only where at
least ``group_size`` of them answered the question. Nor may a figure of fewer follow from those shown, by taking the one
from the other. Two people are told apart when some set that is shown holds the one and not the other; whatever is
computed from the sets' sums counts people who are not told apart alike. So it is enough that people who are not told
apart are never fewer than ``group_size``, and ``shown`` hides groups until that is so. Of one grouping this says that
the hidden groups together have none or at least ``group_size`` answers; of several it also stops "the department
without its two interns".

The figures are made once, when the survey is closed: of two made an answer apart, the difference is that answer.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rencai.employees.rules.signals import IDENTIFIER, MAX_TEXT, AnswerReport, SurveyReport
from rencai.kernel.configuration import Kind
from rencai.kernel.errors import DomainError
from rencai.kernel.texts import LocalizedText
from rencai.survey.rules.refusals import SurveyRefusal

SCALE: Final = range(1, 6)
"""What a question is answered with: 1, the worst, to 5, the best."""
MAX_WORDS: Final = 2_000
"""Characters of one text."""

_CENT: Final = Decimal("0.01")
_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_Id = Annotated[str, Field(pattern=IDENTIFIER)]


class Grouping(StrEnum):
    """What employees are grouped by, as their file has it on the day the figures are made."""

    DEPARTMENT = "department"
    LOCATION = "location"
    ROLE = "role"


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
            raise ValueError(f"question '{twice[0]}' comes twice")
        if len(set(self.groupings)) < len(self.groupings):
            raise ValueError("a grouping comes twice")
        return self

    def closes_on(self, sent_on: date) -> date:
        """The last day on which a link sent on ``sent_on`` is good."""
        return sent_on + timedelta(days=self.open_days)


SURVEY_FORM: Final = Kind("survey", SurveyForm)


# --- the link ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is asked about which month (``2026-11``), and the last day on which they may answer, in the tenant's zone."""

    employee_id: str
    month: str
    closes_on: date


def signed(invitation: Invitation, key: bytes) -> str:
    """The invitation as a token for an address: base64url of what it says, a dot, and base64url of its HMAC-SHA256.

    Whoever has it can answer in the employee's name, so it is never logged.
    """
    said = f"{invitation.employee_id}|{invitation.month}|{invitation.closes_on.isoformat()}"
    payload = _base64(said.encode())
    return f"{payload}.{_mark(payload, key)}"


def invitation_of(token: str, keys: Sequence[bytes], today: date) -> Invitation:
    """What a token says, when one of ``keys`` signed it and it is still good.

    Raises ``DomainError`` (LINK_NOT_VALID, LINK_EXPIRED).
    """
    payload, _, mark = token.rpartition(".")
    # The text itself is signed and compared, not what it decodes to, so that one invitation has one token; every key is
    # tried, so that how long it takes says nothing.
    genuine = [hmac.compare_digest(_bytes(_mark(payload, key)), _bytes(mark)) for key in keys]
    if not any(genuine):
        raise DomainError(SurveyRefusal.LINK_NOT_VALID)
    said = urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    employee_id, month, closes_on = said.rsplit("|", 2)
    invitation = Invitation(employee_id, month, date.fromisoformat(closes_on))
    if today > invitation.closes_on:
        raise DomainError(SurveyRefusal.LINK_EXPIRED, until=closes_on)
    return invitation


def _mark(payload: str, key: bytes) -> str:
    # What it is for is signed too: the key's marks are good for nothing else.
    return _base64(hmac.digest(key, b"survey." + _bytes(payload), "sha256"))


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    # A forged token may hold anything.
    return text.encode("utf-8", "surrogatepass")


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
        given = fields.get(question.id, "").strip()
        if given in map(str, SCALE):
            answers.append(AnswerReport(question_id=question.id, score=int(given)))
        elif given:
            errors[question.id] = EntryError.NOT_ON_SCALE
    for text in form.texts:
        # Browsers send line ends as two characters and count them as one.
        words = fields.get(text.id, "").replace("\r\n", "\n").strip()
        if len(words) > MAX_WORDS:
            errors[text.id] = EntryError.TOO_LONG
        elif words:
            answers.append(AnswerReport(question_id=text.id, text=words))
    if not answers and not errors:
        errors[WHOLE_FORM] = EntryError.UNANSWERED
    return (None, errors) if errors else (SurveyReport(answers=answers), {})


# --- what HR sees -----------------------------------------------------------------------------------------------------

Distribution = tuple[int, ...]
"""How many answered 1, 2, 3, 4, 5."""
Cell = tuple[str | None, ...]
"""The groups somebody is in, grouping by grouping; None: not told."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One person's scores by question, and the groups they are in."""

    scores: Mapping[str, int]
    groups: Cell


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How many of a group answered, and the figures that may be shown of it, by question; ``name`` None: not told."""

    name: str | None
    answered: int
    questions: Mapping[str, Distribution]


@dataclass(frozen=True, slots=True)
class SurveyFigures:
    """What HR may see of a survey; a question of which nothing may be shown is not there."""

    answered: int
    questions: Mapping[str, Distribution]
    groups: Mapping[Grouping, tuple[GroupFigures, ...]]


def mean(distribution: Distribution) -> Decimal:
    """The mean of the scores, to hundredths, half up."""
    points = sum(score * count for score, count in zip(SCALE, distribution, strict=True))
    return (Decimal(points) / sum(distribution)).quantize(_CENT, ROUND_HALF_UP)


def overall(shown: SurveyFigures) -> Decimal | None:
    """The mean of all scores of all questions that may be shown; None: none may."""
    columns = list(zip(*shown.questions.values(), strict=True))
    return mean(tuple(map(sum, columns))) if columns else None


def figures(answers: Iterable[Answered], groupings: Sequence[Grouping], group_size: int) -> SurveyFigures:
    """What may be shown of a survey's answers, whatever order they come in.

    Each question is looked at by itself, among those who answered it.
    """
    people: Counter[Cell] = Counter()
    by_question: dict[str, dict[Cell, list[int]]] = {}
    for one in answers:
        people[one.groups] += 1
        for question, score in one.scores.items():
            cells = by_question.setdefault(question, {})
            cells.setdefault(one.groups, [0] * len(SCALE))[score - 1] += 1
    total: dict[str, Distribution] = {}
    of_groups: list[dict[str | None, dict[str, Distribution]]] = [{} for _ in groupings]
    for question, cells in sorted(by_question.items()):
        allowed = shown({cell: sum(counts) for cell, counts in cells.items()}, len(groupings), group_size)
        if allowed is None:
            continue
        total[question] = _sum(cells.values())
        for place, names in enumerate(allowed):
            for name in names:
                members = [counts for cell, counts in cells.items() if cell[place] == name]
                of_groups[place].setdefault(name, {})[question] = _sum(members)
    return SurveyFigures(
        people.total(),
        total,
        {
            grouping: tuple(
                GroupFigures(name, count, of_groups[place].get(name, {}))
                for name, count in sorted(_sizes(people, place).items(), key=_by_name)
            )
            for place, grouping in enumerate(groupings)
        },
    )


def shown(cells: Mapping[Cell, int], groupings: int, group_size: int) -> list[set[str | None]] | None:
    """The groups of each grouping whose figures may be shown, of so many people in each cell; None: not even the total.

    Groupings are taken in order. Of each the groups that are large enough are shown, and then the one is hidden that
    people are told apart by who are too few, or, where those are in hidden groups already, the smallest: until nobody
    is. At the latest that is so when the grouping shows nothing, for those before it are safe.
    """
    if sum(cells.values()) < group_size:
        return None
    allowed: list[set[str | None]] = []
    for place in range(groupings):
        sizes = _sizes(cells, place)
        allowed.append({name for name, count in sizes.items() if count >= group_size})
        while (few := _told_apart(cells, allowed, group_size)) is not None and allowed[place]:
            name, is_shown = few[place]
            if not is_shown:
                name = min(allowed[place], key=lambda one: (sizes[one], one is None, one or ""))
            allowed[place].remove(name)
    return allowed


_Class = tuple[tuple[str | None, bool], ...]
"""Grouping by grouping, the group that is shown and True, or None and False."""


def _told_apart(
    cells: Mapping[Cell, int], allowed: Sequence[set[str | None]], group_size: int
) -> _Class | None:
    """The smallest set of people that no shown group tells apart, if it is too small; None when none is."""
    classes: Counter[_Class] = Counter()
    for cell, count in cells.items():
        places = zip(cell, allowed, strict=False)
        classes[tuple((name, True) if name in names else (None, False) for name, names in places)] += count
    few = [one for one, count in classes.items() if count < group_size]
    return min(few, key=lambda one: (classes[one], repr(one)), default=None)


def _sizes(cells: Mapping[Cell, int], place: int) -> Counter[str | None]:
    sizes: Counter[str | None] = Counter()
    for cell, count in cells.items():
        sizes[cell[place]] += count
    return sizes


def _by_name(group: tuple[str | None, int]) -> tuple[bool, str]:
    return group[0] is None, group[0] or ""


def _sum(distributions: Iterable[Sequence[int]]) -> Distribution:
    return tuple(map(sum, zip(*distributions, strict=True)))
