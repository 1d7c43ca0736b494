"""What a changed rule or reader would have said of what is on record, shown before it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from infra.admin import interview_preview, judging, review_preview
from infra.admin.configuration import Document
from infra.admin.interview_preview import InterviewPreview
from infra.admin.judging import Judgement
from infra.admin.offered import Documents
from infra.admin.review_preview import Rate, ReviewPreview
from infra.admin.stored_words import newest_interviews, newest_reviews
from infra.admin.tenant import Tenant, Unnamed
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.kernel.configuration import Kind
from rencai.kernel.errors import NotFound
from rencai.kernel.events import EventName, Subject, SubjectKind
from rencai.kernel.ids import Ids
from rencai.reading.readers import Words
from rencai.reading.rules.classifier import CLASSIFIER
from rencai.reading.rules.clauses import SCOPE_WORDS
from rencai.reading.rules.lexicon import LEXICON
from rencai.reading.rules.marks import MarkKind
from rencai.reading.store.marks import Marks
from rencai.store.timeline import Timeline
from rencai.training.reading import words_read
from rencai.training.rules.probation import PROBATION_POLICY

MOST: Final = 200
"""How many interviews and reviews are looked at unless it is said otherwise."""
_SHOWN: Final = frozenset({Words.COMPETENCY, Words.MENTOR})


@dataclass(slots=True)
class Previewed:
    """What was compared; None where the document has no say in it. ``told``: what could not be, in sentences."""

    interviews: InterviewPreview | None = None
    reviews: ReviewPreview | None = None
    marks: dict[MarkKind, Judgement] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        """Whether anything that was looked at would be another."""
        return bool(
            (self.interviews and self.interviews.changes)
            or (self.reviews and self.reviews.changed)
            or any(one.before is judging.Verdict.RIGHT for of in self.marks.values() for one in of.not_right)
        )


def words_of(document: Document) -> frozenset[Words]:
    """Whose words a document has a say in; none: it is not previewed here. Surveys' words are sealed, and are not."""
    kind = document.kind
    if kind in (LEXICON, CLASSIFIER):
        return _SHOWN & {document.name}
    own: dict[Kind[Any], frozenset[Words]] = {
        COMPETENCY_MODEL: frozenset({Words.COMPETENCY}),
        PROBATION_POLICY: frozenset({Words.MENTOR}),
        SCOPE_WORDS: _SHOWN,
    }
    return own.get(kind, frozenset())


def preview(document: Document, tenant: Tenant, most: int = MOST) -> Previewed:
    """Hold a document that is about to be stored, and the one that counts, against the ``most`` newest interviews or
    mentors' reviews on record, and against HR's marks where it reads.
    """
    found = Previewed()
    words = words_of(document)
    before, after = Documents(tenant.configurations), Documents(tenant.configurations, document)
    try:
        if Words.COMPETENCY in words:
            role = document.name if document.kind is COMPETENCY_MODEL else None
            kept = newest_interviews(tenant.client("dynamodb"), tenant.table_name, most, role)
            found.interviews = interview_preview.compared(kept, tenant.bucket, before, after)
        if Words.MENTOR in words:
            reviews = newest_reviews(tenant.client("dynamodb"), tenant.table_name, most)
            found.reviews = review_preview.compared(
                reviews, tenant.vault, _rating_by(before), _rating_by(after)
            )
        if document.kind not in (COMPETENCY_MODEL, PROBATION_POLICY):
            for kind in MarkKind:
                if Words(kind.value) in words:
                    found.marks[kind] = judged(kind, tenant, before, after)
    except Unnamed as unnamed:
        found.told.append(f"cannot be shown over what is on record: {unnamed}")
    except NotFound as missing:
        found.told.append(f"cannot be compared with what is stored: {missing}")
    return found


def judged(kind: MarkKind, tenant: Tenant, before: Documents, after: Documents) -> Judgement:
    """HR's marks, read by both; opening each is on KMS's record. Raises ``Unnamed``, ``NotFound``."""
    marks = Marks(tenant.table, lambda: tenant.vault, _no_ids).judging(kind)
    if kind is MarkKind.COMPETENCY:
        return judging.claims_judged(marks, before.claimed, after.claimed)
    return judging.levels_judged(marks, before.mentors(), after.mentors())


def on_record(judgement: Judgement, timeline: Timeline, actor: str, now: datetime) -> None:
    """Put on each candidate's timeline that an admin is about to read what they said, before it is shown. Of a mentor's
    review KMS's record is the one there is, as where HR reads it.
    """
    for one in judgement.not_right:
        place = one.mark.place
        if place.kind is MarkKind.COMPETENCY:
            vendor, interview_id, *_ = place.parts
            timeline.viewed(
                Subject(kind=SubjectKind.CANDIDATE, id=place.owner),
                EventName.TRANSCRIPT_VIEWED,
                {"interview_id": interview_id, "vendor": vendor},
                actor,
                f"{one.mark.mark_id}_{now:%Y%m%dT%H%M%S%f}",
                now,
            )


def said(found: Previewed) -> Iterator[str]:
    """The preview in sentences; ids, and nobody's words."""
    if found.interviews:
        yield from interview_preview.said(found.interviews)
    if found.reviews:
        yield from review_preview.said(found.reviews)
    for kind, judgement in found.marks.items():
        yield from judging.said(judgement, kind, offered=True)
    yield from found.told


def write_changes(found: Previewed, file: Path) -> None:
    """Every interview that changes, as CSV; none where interviews were not looked at."""
    interview_preview.write_changes(found.interviews or InterviewPreview(), file)


def agreed(found: Previewed, ask: Callable[[str], bool] | None) -> bool:
    """Whether it may be stored: somebody who can be asked is, where anything changes. None: nobody can."""
    if ask is None or not found.changes_anything:
        return True
    return ask("Store it?")


def _rating_by(documents: Documents) -> Rate:
    policy, version = documents.mentor_policy()
    try:
        reader, meant = documents.mentors(), documents.meant()
    except NotFound:
        # As in training: without a reader's documents these words are unread.
        return lambda words: policy.rate(words, version, lambda _: None, lambda _: None)
    return lambda words: policy.rate(words, version, lambda said_: words_read(reader, said_), meant.within)


def _no_ids() -> Ids:
    raise NotImplementedError("an admin marks nothing")
