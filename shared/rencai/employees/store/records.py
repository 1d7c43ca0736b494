"""What an earlier system knew of an employee: findings of interviews, courses (F1)."""

from datetime import date
from decimal import Decimal
from typing import Final

from rencai.employees.rules.records import LearningRecord, RecruitingRecord
from rencai.kernel.events import EventName
from rencai.kernel.ids import Ids
from rencai.store.corrections import Correctable
from rencai.store.table import Item, Key, Table

_RECRUITING: Final = "RECRUITING#"
_LEARNING: Final = "LEARNT#"


def recruiting_key(employee_id: str, interviewed_on: date, competency: str, ids: Ids) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``RECRUITING#2026-03-02#<digest of the competency's name>``."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_RECRUITING}{interviewed_on}#{ids.name_digest(competency)}")


def learning_key(employee_id: str, course: str, ids: Ids) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``LEARNT#<digest of the course's name>``."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_LEARNING}{ids.name_digest(course)}")


def recruiting_told(employee_id: str, record: RecruitingRecord, ids: Ids) -> Correctable:
    """A finding about to go on record."""
    key = recruiting_key(employee_id, record.interviewed_on, record.competency, ids)
    return Correctable(
        key,
        f"{employee_id}_{key.sk}",
        EventName.EMPLOYEE_RECORDED,
        {},
        lambda known: _recruiting(known) == record,
        lambda _: {"competency": record.competency, "score": record.score, "out_of": record.out_of},
    )


def learning_told(employee_id: str, record: LearningRecord, ids: Ids) -> Correctable:
    """A course about to go on record."""
    key = learning_key(employee_id, record.course, ids)
    return Correctable(
        key,
        f"{employee_id}_{key.sk}",
        EventName.EMPLOYEE_RECORDED,
        {},
        lambda known: _learning(known) == record,
        lambda _: {
            "course": record.course,
            "completion_percent": record.completion_percent,
            "exam_score": record.exam_score,
            "completed_on": record.completed_on.isoformat() if record.completed_on else None,
        },
    )


class Records:
    """An employee's records from earlier systems; they come by import only."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def recruiting(self, employee_id: str) -> list[RecruitingRecord]:
        """Every finding of an interview, oldest first."""
        items = self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=_RECRUITING, consistent=True)
        return [_recruiting(item) for item in items]

    def learning(self, employee_id: str) -> list[LearningRecord]:
        """Every course, in no order."""
        items = self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=_LEARNING, consistent=True)
        return [_learning(item) for item in items]


def _recruiting(item: Item) -> RecruitingRecord:
    interviewed_on = item["sk"].removeprefix(_RECRUITING).partition("#")[0]
    return RecruitingRecord(
        date.fromisoformat(interviewed_on),
        item["competency"],
        Decimal(item["score"]),
        Decimal(item["out_of"]),
    )


def _learning(item: Item) -> LearningRecord:
    exam, completed = item.get("exam_score"), item.get("completed_on")
    return LearningRecord(
        item["course"],
        Decimal(item["completion_percent"]),
        Decimal(exam) if exam is not None else None,
        date.fromisoformat(completed) if completed else None,
    )
