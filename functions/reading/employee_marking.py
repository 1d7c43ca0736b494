"""HR marks how a mentor's review was read. It stands here because it needs ``training``, a floor above."""

from dataclasses import dataclass
from datetime import datetime

from rencai.kernel.errors import NotFound
from rencai.reading.rules.marks import RATES_NOTHING, Mark, MarkKind, Place, Shown
from rencai.reading.store.marks import Marker, Marks
from rencai.training.rules.courses import Enrolment
from rencai.training.store.enrolments import Enrolments
from rencai.wiring import Wired


@dataclass(frozen=True, slots=True)
class EmployeeMarking:
    """The use case of mentors' reviews, and its collaborators."""

    enrolments: Enrolments
    marks: Marks

    def mark(self, employee_id: str, item_id: str, level: int | None, by: Marker, now: datetime) -> Mark:
        """Mark how the review of a course was read: it comes to ``level`` 1-5, or rates nothing (None). The review is
        kept with it, sealed. No rating changes.

        Raises ``NotFound`` where there is no review of this item, ``Conflict`` (KEY_REUSED).
        """
        enrolment = self.enrolments.find(employee_id, item_id)
        words = self.enrolments.reviews(employee_id).get(item_id) if enrolment else None
        if enrolment is None or words is None:
            raise NotFound("review", item_id)
        return self.marks.put(
            Place(MarkKind.MENTOR, employee_id, (item_id,)),
            RATES_NOTHING if level is None else str(level),
            _shown_of(enrolment),
            words,
            by,
            now,
        )


def _shown_of(enrolment: Enrolment) -> Shown | None:
    read = enrolment.reading
    return Shown(read.certainty, read.sure, read.reader, read.level) if read else None


def employee_marking_of(wired: Wired) -> EmployeeMarking:
    """The use case with the tenant's collaborators."""
    return EmployeeMarking(wired.training.enrolments, wired.reading.marks)
