"""Enrolments: the courses of an employee's plan as the LMS has them, and what it told of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from rencai.inbox.links import Links
from rencai.kernel.errors import DomainError, LostRace, NotFound
from rencai.kernel.events import Event, EventName
from rencai.kernel.ids import Ids, event_id
from rencai.store.sealed import Vault
from rencai.store.table import (
    ABSENT,
    LISTS_INDEX,
    Key,
    Table,
    decided,
    from_cursor,
    from_instant,
    instant,
    to_cursor,
    version_is,
)
from rencai.training.rules.courses import Enrolment, Told, is_ahead, marked_by_link, progressed
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.ratings import Asked, Mark, Rated
from rencai.training.rules.refusals import TrainingRefusal

from .enrolment_items import COURSE_PREFIX, UNFINISHED, Kept, kept_in, to_enrolment_item

_ASKED: Final = "RATING#open"
_LMS: Final = "lms"
_KEPT_FOR: Final = timedelta(days=30)
_HEARD_OF_FOR: Final = timedelta(days=90)
"""After the due date. Who has to be asked is not asked for ever about courses that nobody goes on with."""


def enrolment_key(employee_id: str, item_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``TRAINING#COURSE#negotiation-101``: an employee is enrolled once for an item."""
    return Key(f"EMPLOYEE#{employee_id}", f"{COURSE_PREFIX}{item_id}")


def asked_key(employee_id: str, item_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``RATING#negotiation-101``: listed while HR is asked what the item's review counts."""
    return Key(f"EMPLOYEE#{employee_id}", f"RATING#{item_id}")


def unclaimed_key(fact: CourseProgressed, ids: Ids) -> Key:
    """``ENROLMENT#enr_1`` / ``TOLD#2026-03-02T01:00:00.000Z#0F1E2D3C4B5A6``: progress of an enrolment that is not on
    record yet. A platform may tell two things of one moment.
    """
    said = f"{fact.completion_percent}:{fact.exam_score}:{fact.mentor_review}"
    digest = ids.digest("progress", fact.enrolment_id, fact.occurred_at.isoformat(), said)
    return Key(f"ENROLMENT#{fact.enrolment_id}", f"TOLD#{instant(fact.occurred_at)}#{digest[:13]}")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of facts: how many enrolments have news, the facts of enrolments that are not on record, and how many
    facts are left because they are said to happen in time to come.
    """

    news: int
    unknown: tuple[CourseProgressed, ...]
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class ToRate:
    """A review that HR is asked about: the mentor's words, and since when."""

    enrolment: Enrolment
    asked: Asked
    words: str
    asked_at: datetime


_ToTell = tuple[EventName, Mapping[str, Any], str]
"""An event's name, data and actor."""


class Enrolments:
    """One employee's courses beside their plan; what is not completed is listed in the index, for LMSs that have to be
    asked course by course.

    A feed may tell of an enrolment before the LMS's answer to our own call is on record, and is not read again: such
    progress is kept for a while, until the enrolment claims it. It may also be somebody else's.

    ``rate`` says what a mentor's review counts; it is asked once, when the review comes.
    """

    def __init__(
        self, table: Table, vault: Vault, links: Links, rate: Callable[[str], Rated], ids: Ids
    ) -> None:
        self._table = table
        self._vault = vault
        self._links = links
        self._rate = rate
        self._ids = ids

    def open(self, enrolment: Enrolment) -> None:
        """Put an enrolment on record. The LMS's id leads back to it, for progress names nothing else; to some LMSs two
        items of one course are one enrolment. Raises ``LostRace`` when both are put on record at the same moment.
        """
        self._links.share(_LMS, enrolment.enrolment_id, f"{enrolment.employee_id}/{enrolment.item_id}")
        key = enrolment_key(enrolment.employee_id, enrolment.item_id)
        try:
            self._table.put(key, to_enrolment_item(Kept(replace(enrolment, version=1), None), []), ABSENT)
        except LostRace:
            # Enrolled before, and perhaps progressed since.
            return

    def keep(self, fact: CourseProgressed, now: datetime) -> None:
        """Keep progress of an enrolment that nobody has put on record (yet)."""
        item = {
            "completion": str(fact.completion_percent) if fact.completion_percent is not None else None,
            "exam": str(fact.exam_score) if fact.exam_score is not None else None,
            "review": self._vault.seal(fact.mentor_review, owner=fact.enrolment_id, field="review")
            if fact.mentor_review
            else None,
            "occurred_at": fact.occurred_at.isoformat(),
            "forget_at": int((now + _KEPT_FOR).timestamp()),
        }
        self._table.put(unclaimed_key(fact, self._ids), item)

    def claim(self, enrolment_id: str, now: datetime) -> None:
        """Take in what was kept for an enrolment that is on record now; again, it finds it taken in."""
        for item in self._table.query_all(f"ENROLMENT#{enrolment_id}", prefix="TOLD#", consistent=True):
            review = item.get("review")
            fact = CourseProgressed(
                enrolment_id,
                datetime.fromisoformat(item["occurred_at"]),
                Decimal(item["completion"]) if "completion" in item else None,
                Decimal(item["exam"]) if "exam" in item else None,
                self._vault.open(review, owner=enrolment_id, field="review") if review else None,
            )
            self.progress(fact, now)

    def find(self, employee_id: str, item_id: str) -> Enrolment | None:
        """One enrolment, or None."""
        item = self._table.get(enrolment_key(employee_id, item_id))
        return kept_in(item).enrolment if item else None

    def reviews(self, employee_id: str) -> dict[str, str]:
        """The mentors' latest words about an employee, by item id."""
        items = self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=COURSE_PREFIX, consistent=True)
        return {
            item["sk"].removeprefix(COURSE_PREFIX): self._vault.open(
                item["review"], owner=employee_id, field="review"
            )
            for item in items
            if "review" in item
        }

    def progress(self, fact: CourseProgressed, now: datetime, actor: str = _LMS) -> bool:
        """Take in what an LMS told; False when it is no news. A lost race is decided again on a fresh read.

        Raises ``NotFound`` for an enrolment that is not ours (yet), ``DomainError`` (STILL_TO_COME).
        """
        if is_ahead(fact, now):
            raise DomainError(TrainingRefusal.STILL_TO_COME, "occurred_at", at=instant(fact.occurred_at))
        return self._progress(self._links.reference(_LMS, fact.enrolment_id), [fact], now, actor) > 0

    def take(self, facts: Iterable[CourseProgressed], now: datetime, actor: str = _LMS) -> Taken:
        """Take in a page of facts: the reads in batches and at half the price, one write for each enrolment with news.

        The writes are conditional, so what was read too early costs a second look and no more.
        """
        by_enrolment: dict[str, list[CourseProgressed]] = {}
        ahead = 0
        for fact in facts:
            if is_ahead(fact, now):
                ahead += 1
            else:
                by_enrolment.setdefault(fact.enrolment_id, []).append(fact)
        references = self._links.references(_LMS, by_enrolment)
        keys = {id_: [_key_of(one) for one in reference.split()] for id_, reference in references.items()}
        items = self._table.get_all([key for of_one in keys.values() for key in of_one], consistent=False)
        news = 0
        unknown: list[CourseProgressed] = []
        for enrolment_id, told in by_enrolment.items():
            found = [items.get(key) for key in keys.get(enrolment_id, ())]
            kept = [kept_in(item) for item in found if item]
            try:
                if not kept or len(kept) < len(found):
                    raise LostRace
                news += sum(self._advance(one, told, now, actor) for one in kept)
            except LostRace:
                try:
                    news += self._progress(self._links.reference(_LMS, enrolment_id), told, now, actor)
                except NotFound:
                    unknown += told
        return Taken(news, tuple(unknown), ahead)

    def unfinished(self, limit: int, cursor: str | None, now: datetime) -> tuple[Sequence[str], str | None]:
        """A page of the LMS's ids of enrolments of which there may be more to hear, and where to go on: not completed,
        or without an exam, and due no longer ago than ``_HEARD_OF_FOR``. Of a page there may be none.
        """
        items, last = self._table.query(UNFINISHED, limit=limit, start=from_cursor(cursor), index=LISTS_INDEX)
        asked = {str(item["gsi1sk"]) for item in items if from_instant(item["due_at"]) + _HEARD_OF_FOR > now}
        return sorted(asked), to_cursor(last)

    def asked(self, limit: int, cursor: str | None) -> tuple[list[ToRate], str | None]:
        """A page of reviews that HR is asked about, longest first, and where to go on. Of a page there may be fewer, or
        none: the list is a moment behind.
        """
        listed, last = self._table.query(_ASKED, limit=limit, start=from_cursor(cursor), index=LISTS_INDEX)
        found = []
        for one in listed:
            employee_id = one["pk"].partition("#")[2]
            item = self._table.get(enrolment_key(employee_id, one["sk"].partition("#")[2]))
            kept = kept_in(item) if item else None
            asked = kept.enrolment.asked if kept else None
            if kept and kept.review and asked and asked.is_open:
                words = self._vault.open(kept.review, owner=employee_id, field="review")
                found.append(
                    ToRate(kept.enrolment, asked, words, from_instant(one["gsi1sk"].partition("#")[0]))
                )
        return found, to_cursor(last)

    def answer(
        self, employee_id: str, item_id: str, answered: Callable[[Enrolment], Enrolment], now: datetime
    ) -> None:
        """Put HR's answer about an item's review on record, as ``answered`` makes it of the enrolment as it is; the
        same again changes nothing. A lost race is decided again. Raises ``NotFound``, and what ``answered`` does.
        """
        decided(lambda: self._answer(employee_id, item_id, answered, now))

    def _answer(
        self, employee_id: str, item_id: str, answered: Callable[[Enrolment], Enrolment], now: datetime
    ) -> None:
        item = self._table.get(enrolment_key(employee_id, item_id))
        if item is None:
            raise NotFound("enrolment", item_id)
        kept = kept_in(item)
        after = answered(kept.enrolment)
        if after is kept.enrolment or after.asked is None or after.asked.answer is None:
            return
        answer = after.asked.answer
        data = {"rating_id": after.asked.rating_id, "item_id": item_id, "level": answer.level}
        told = (EventName.TRAINING_RATING_DECIDED, data, answer.actor)
        self._write(kept.enrolment, Kept(after, kept.review), [told], now)

    def mark(self, employee_id: str, item_id: str, mark: Mark, words: str | None, now: datetime) -> bool:
        """Take in a mentor's mark by link, with the words beside it; False when it is no news. Raises ``NotFound``."""
        return decided(lambda: self._take_mark(employee_id, item_id, mark, words, now))

    def _take_mark(
        self, employee_id: str, item_id: str, mark: Mark, words: str | None, now: datetime
    ) -> bool:
        item = self._table.get(enrolment_key(employee_id, item_id))
        if item is None:
            raise NotFound("enrolment", item_id)
        kept = kept_in(item)
        known = kept.enrolment
        after = marked_by_link(known, mark, words, self._rate, self._mark)
        if after is known:
            return False
        review = kept.review
        if words and after.review != known.review:
            review = self._vault.seal(words, owner=employee_id, field="review")
        self._write(known, Kept(after, review), _told_of(known, after, "mentor"), now)
        return True

    def _write(self, known: Enrolment, kept: Kept, told: Sequence[_ToTell], now: datetime) -> None:
        """The enrolment as the version after ``known``, and with it whether HR's list has it."""
        after = replace(kept.enrolment, version=known.version + 1)
        events = [
            Event(
                event_id(f"{known.employee_id}_{known.item_id}", after.version, number),
                name,
                now,
                data,
                actor,
            )
            for number, (name, data, actor) in enumerate(told)
        ]
        key = enrolment_key(after.employee_id, after.item_id)
        item, condition = to_enrolment_item(replace(kept, enrolment=after), events), version_is(known.version)
        if after.asked == known.asked:
            self._table.put(key, item, condition)
            return
        is_open = after.asked is not None and after.asked.is_open
        listed = {
            "gsi1pk": _ASKED if is_open else None,
            "gsi1sk": f"{instant(now)}#{after.employee_id}/{after.item_id}" if is_open else None,
            "settled_at": None if is_open else instant(now),
        }
        self._table.transact(
            self._table.put_action(key, item, condition),
            self._table.put_action(asked_key(after.employee_id, after.item_id), listed),
        )

    def _progress(self, reference: str, facts: Sequence[CourseProgressed], now: datetime, actor: str) -> int:
        """Take facts in for each item that is this enrolment, by fresh reads; how many have news."""
        return sum(self._progress_of(one, facts, now, actor) for one in reference.split())

    def _progress_of(
        self, reference: str, facts: Sequence[CourseProgressed], now: datetime, actor: str
    ) -> bool:
        return decided(lambda: self._advance(self._get(reference, facts[0]), facts, now, actor))

    def _mark(self, enrolment_id: str, review: str) -> str:
        return self._ids.digest("review", enrolment_id, review)

    def _get(self, reference: str, fact: CourseProgressed) -> Kept:
        item = self._table.get(_key_of(reference))
        if item is None:
            raise NotFound("enrolment", fact.enrolment_id)
        return kept_in(item)

    def _advance(self, kept: Kept, facts: Sequence[CourseProgressed], now: datetime, actor: str) -> bool:
        known = after = kept.enrolment
        words: dict[Told | None, str] = {}
        for fact in facts:
            after = progressed(after, fact, self._rate, self._mark)
            if fact.mentor_review:
                words.setdefault(after.review, fact.mentor_review)
        if after is known:
            return False
        review = kept.review
        if after.review != known.review:
            # A mentor writes freely, and about a person.
            review = self._vault.seal(words[after.review], owner=known.employee_id, field="review")
        self._write(known, Kept(after, review), _told_of(known, after, actor), now)
        return True


def _told_of(known: Enrolment, after: Enrolment, actor: str) -> list[_ToTell]:
    """What there is to tell of an enrolment that has news."""
    data: dict[str, Any] = {
        "enrolment_id": after.enrolment_id,
        "item_id": after.item_id,
        "completion_percent": _as_float(after.completion_percent),
        "exam_score": _as_float(after.exam_score),
    }
    told: list[_ToTell] = [(EventName.TRAINING_PROGRESSED, data, actor)]
    if after.completed and not known.completed:
        told.append((EventName.TRAINING_COMPLETED, {"item_id": after.item_id}, actor))
    asked = after.asked
    if asked and asked.is_open and asked != known.asked:
        data = {"rating_id": asked.rating_id, "item_id": after.item_id, "cause": asked.cause}
        told.append((EventName.TRAINING_RATING_ASKED, data, "rencai"))
    return told


def _key_of(reference: str) -> Key:
    employee_id, _, item_id = reference.partition("/")
    return enrolment_key(employee_id, item_id)


def _as_float(value: Any) -> float | None:
    return float(value) if value is not None else None
