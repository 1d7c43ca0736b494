"""Enrolments: an employee's courses, and what the LMS told of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from rencai.domain import ids
from rencai.domain.errors import LostRace, NotFound
from rencai.domain.events import Event, EventName
from rencai.domain.training import Enrolment, Told, progressed
from rencai.domain.vendor_facts import CourseProgressed

from .links import Links
from .sealed import Vault
from .table import (
    ABSENT,
    STAGE_INDEX,
    Item,
    Key,
    Table,
    from_cursor,
    from_instant,
    instant,
    to_cursor,
    to_events,
    version_is,
)

_OPEN: Final = "ENROLMENT#open"
_LMS: Final = "lms"
_KEPT_FOR: Final = timedelta(days=30)


def enrolment_key(employee_id: str, course_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``COURSE#negotiation-101``: an employee is enrolled once in a course."""
    return Key(f"EMPLOYEE#{employee_id}", f"COURSE#{course_id}")


def unclaimed_key(enrolment_id: str, occurred_at: datetime) -> Key:
    """``ENROLMENT#enr_1`` / ``TOLD#2026-03-02T01:00:00.000Z``: progress of an enrolment that is not on record yet."""
    return Key(f"ENROLMENT#{enrolment_id}", f"TOLD#{instant(occurred_at)}")


class Enrolments:
    """One employee's courses under the employee; what is not completed is listed in the index, for LMSs that have to be
    asked course by course.

    A feed may tell of an enrolment before the LMS's answer to our own call is on record, and is not read again: such
    progress is kept for a while, until the enrolment claims it. It may also be somebody else's.
    """

    def __init__(self, table: Table, vault: Vault, links: Links) -> None:
        self._table = table
        self._vault = vault
        self._links = links

    def open(self, enrolment: Enrolment) -> None:
        """Put an enrolment on record. The LMS's id leads back to it, for progress names nothing else."""
        self._links.record(_LMS, enrolment.enrolment_id, f"{enrolment.employee_id}/{enrolment.course_id}")
        key = enrolment_key(enrolment.employee_id, enrolment.course_id)
        try:
            self._table.put(key, self._to_item(replace(enrolment, version=1), []), ABSENT)
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
        self._table.put(unclaimed_key(fact.enrolment_id, fact.occurred_at), item)

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

    def find(self, employee_id: str, course_id: str) -> Enrolment | None:
        """One enrolment, or None."""
        item = self._table.get(enrolment_key(employee_id, course_id))
        return self._from_item(item) if item else None

    def progress(self, fact: CourseProgressed, now: datetime, actor: str = _LMS) -> bool:
        """Take in what an LMS told; False when it is no news. A lost race is decided again on a fresh read.

        Raises ``NotFound`` for an enrolment that is not ours (yet).
        """
        employee_id, _, course_id = self._links.reference(_LMS, fact.enrolment_id).partition("/")
        try:
            return self._progress(employee_id, course_id, fact, now, actor)
        except LostRace:
            return self._progress(employee_id, course_id, fact, now, actor)

    def unfinished(self, limit: int, cursor: str | None) -> tuple[Sequence[tuple[str, str]], str | None]:
        """A page of ``(enrolment id, course id)`` of enrolments that are not completed, and where to go on."""
        items, last = self._table.query(_OPEN, limit=limit, start=from_cursor(cursor), index=STAGE_INDEX)
        found = [(str(item["gsi1sk"]), str(item["sk"].partition("#")[2])) for item in items]
        return found, to_cursor(last)

    def _progress(
        self, employee_id: str, course_id: str, fact: CourseProgressed, now: datetime, actor: str
    ) -> bool:
        known = self.find(employee_id, course_id)
        if known is None:
            raise NotFound("enrolment", fact.enrolment_id)
        after = progressed(known, fact)
        if after is known:
            return False
        after = replace(after, version=known.version + 1)
        event = Event(
            ids.event_id(f"{employee_id}_{fact.enrolment_id}", after.version, 0),
            EventName.TRAINING_PROGRESSED,
            now,
            {
                "enrolment_id": after.enrolment_id,
                "course_id": course_id,
                "completion_percent": _as_float(after.completion_percent),
                "exam_score": _as_float(after.exam_score),
            },
            actor,
        )
        self._table.put(
            enrolment_key(employee_id, course_id), self._to_item(after, [event]), version_is(known.version)
        )
        return True

    def _to_item(self, enrolment: Enrolment, events: Sequence[Event]) -> Item:
        unfinished = enrolment.completion_percent is None or enrolment.completion_percent < 100
        review = enrolment.review
        return {
            "gsi1pk": _OPEN if unfinished else None,
            "gsi1sk": enrolment.enrolment_id if unfinished else None,
            "enrolment_id": enrolment.enrolment_id,
            "due_at": instant(enrolment.due_at),
            "completion": _to_told(enrolment.completion),
            "exam": _to_told(enrolment.exam),
            # A mentor writes freely, and about a person.
            "review": self._vault.seal(review.value, owner=enrolment.employee_id, field="review")
            if review
            else None,
            "reviewed_at": instant(review.at) if review else None,
            "version": enrolment.version,
            "events": to_events(events),
        }

    def _from_item(self, item: Item) -> Enrolment:
        employee_id = item["pk"].partition("#")[2]
        review = None
        if "review" in item:
            text = self._vault.open(item["review"], owner=employee_id, field="review")
            review = Told(text, from_instant(item["reviewed_at"]))
        return Enrolment(
            employee_id=employee_id,
            course_id=item["sk"].partition("#")[2],
            enrolment_id=item["enrolment_id"],
            due_at=from_instant(item["due_at"]),
            completion=_from_told(item.get("completion")),
            exam=_from_told(item.get("exam")),
            review=review,
            version=item["version"],
        )


def _to_told(told: Told | None) -> list[str] | None:
    return [told.value, told.at.isoformat()] if told else None


def _from_told(value: Any) -> Told | None:
    return Told(value[0], datetime.fromisoformat(value[1])) if value else None


def _as_float(value: Any) -> float | None:
    return float(value) if value is not None else None
