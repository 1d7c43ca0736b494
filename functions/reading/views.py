"""Marks as the API shows them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from rencai.platform.api import Score, View
from rencai.reading.rules.marks import RATES_NOTHING, Mark, MarkKind

Certainty = Annotated[Score, Field(ge=0, le=1)]


class MarkReaderView(View):
    """The reader that had read the words: the versions of its documents, and of the language model if one helped."""

    lexicon: int
    classifier: int
    words: int
    model: str | None


class ShownView(View):
    """What the reader had said: with a ``certainty`` of 0-1 that the claim is made, or that the review comes to
    ``level`` 1-5. ``reader`` is null where it is not on record which that was.
    """

    certainty: Certainty
    sure: bool
    level: int | None
    reader: MarkReaderView | None


class MarkView(View):
    """A mark. Of a claim: ``candidate_id``, ``vendor``, ``interview_id``, ``question_id``, ``claim``, ``right``. Of a
    review: ``employee_id``, ``item_id`` and ``level`` 1-5, null: it rates nothing. ``shown`` is null where nothing was
    shown as read. ``replaces`` is the mark of the same reading before; it stays on record.
    """

    mark_id: str
    kind: Literal["competency", "mentor"]
    reading_id: str
    candidate_id: str | None
    vendor: str | None
    interview_id: str | None
    question_id: str | None
    claim: str | None
    right: Literal["said", "not_said"] | None
    employee_id: str | None
    item_id: str | None
    level: int | None
    shown: ShownView | None
    actor: str
    at: datetime
    replaces: str | None


class MarkHistory(View):
    """Every mark about somebody, newest first, the replaced ones among them."""

    items: list[MarkView]


class MarkPage(View):
    """A page of marks."""

    items: list[MarkView]
    next: str | None


def shown_mark(mark: Mark) -> MarkView:
    """A mark as the API shows it: no words of anybody."""
    place = mark.place
    claims = place.kind is MarkKind.COMPETENCY
    vendor, interview_id, question_id, claim = place.parts if claims else (None,) * 4
    return MarkView(
        mark_id=mark.mark_id,
        kind=place.kind.value,
        reading_id=place.reading_id,
        candidate_id=place.owner if claims else None,
        vendor=vendor,
        interview_id=interview_id,
        question_id=question_id,
        claim=claim,
        right=mark.right if claims else None,  # type: ignore[arg-type]  # one of the two, by its route
        employee_id=None if claims else place.owner,
        item_id=None if claims else place.parts[0],
        level=None if claims or mark.right == RATES_NOTHING else int(mark.right),
        shown=_shown(mark),
        actor=mark.actor,
        at=mark.at,
        replaces=mark.replaces,
    )


def _shown(mark: Mark) -> ShownView | None:
    shown = mark.shown
    if shown is None:
        return None
    reader = None
    if shown.reader:
        lexicon, classifier, words, model = shown.reader
        reader = MarkReaderView(lexicon=lexicon, classifier=classifier, words=words, model=model)
    return ShownView(certainty=shown.certainty, sure=shown.sure, level=shown.level, reader=reader)
