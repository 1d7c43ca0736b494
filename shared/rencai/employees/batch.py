"""A batch of signals of any kinds and employees (F4): each is put on record, or rejected, by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError

from rencai.employees.recording import LeaveRead, Signal, record_told
from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import PerformanceReport, monthly_performance
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import (
    IDENTIFIER,
    MONTH,
    WEEK,
    AttendanceReport,
    LeaveKind,
    LeaveReport,
    Report,
    SurveyReport,
    attendance_week,
    leave,
    survey_answers,
)
from rencai.employees.store.employees import Employees
from rencai.employees.store.performances import Performances
from rencai.employees.store.signals import WorkSignals
from rencai.kernel.errors import DomainError, NotFound

Kind = Literal["attendance", "leave", "performance", "survey"]
Rejection = DomainError | ValidationError
"""Why an item was rejected: a rule is against it, or its kind's form. Paths are within the item."""


class _Item(BaseModel):
    """Which kind's fields the others have to be."""

    kind: Kind


class _Addressed(Report):
    employee_id: Annotated[str, Field(min_length=1, max_length=128)]


class _AttendanceItem(AttendanceReport, _Addressed):
    key: Annotated[str, Field(pattern=WEEK)]


class _LeaveItem(LeaveReport, _Addressed):
    key: Annotated[str, Field(pattern=IDENTIFIER)]
    # In a batch `kind` is the signal's.
    kind: LeaveKind = Field(alias="leave_kind")


class _PerformanceItem(PerformanceReport, _Addressed):
    key: Annotated[str, Field(pattern=MONTH)]


class _SurveyItem(SurveyReport, _Addressed):
    key: Annotated[str, Field(pattern=MONTH)]


@dataclass(frozen=True, slots=True)
class _Told:
    """An item that its form and the rules allow."""

    employee_id: str
    signal: Signal


@dataclass(frozen=True, slots=True)
class BatchRecording:
    """The use case and its collaborators."""

    employees: Employees
    performances: Performances
    signals: WorkSignals
    zone: ZoneInfo

    def record(self, items: Sequence[Any], actor: str, now: datetime) -> list[bool | Rejection]:
        """What became of each item: whether it was news, or why it was rejected. The same batch again is no news; of
        two items that say different things of the same, the first counts.

        An item has its ``kind``, ``employee_id``, a ``key`` (the week, the leave's id, the month) and the fields of its
        kind's report.
        """
        # A read unit for each employee, then one read and at most one write for each item; the first leave of somebody
        # that is news reads the others besides, and a survey with words costs a call of KMS.
        checked = _checked(items, now.astimezone(self.zone).date())
        known = self.employees.get_all({one.employee_id for one in checked if isinstance(one, _Told)})
        leave = LeaveRead(self.signals)
        return [
            self._recorded(one, known, leave, actor, now) if isinstance(one, _Told) else one
            for one in checked
        ]

    def _recorded(
        self, told: _Told, known: Mapping[str, Employee], leave: LeaveRead, actor: str, now: datetime
    ) -> bool | Rejection:
        employee = known.get(told.employee_id)
        if employee is None:
            nobody = NotFound("employee", told.employee_id)
            nobody.path = "employee_id"
            return nobody
        try:
            return record_told(self.signals, self.performances, leave, employee, told.signal, actor, now)
        except DomainError as error:
            # The rules know the key by what it is.
            if error.path in ("week", "month"):
                error.path = "key"
            return error


def _checked(items: Sequence[Any], today: date) -> list[_Told | Rejection]:
    """Each item as what goes on record, or what is wrong with it."""
    checked: list[_Told | Rejection] = []
    first: dict[tuple[str, ...], tuple[int, _Told]] = {}
    for index, item in enumerate(items):
        try:
            about, told = _told(item, today)
            place, same = first.setdefault(about, (index, told))
            if told != same:
                # The later one would correct the earlier, and the batch sent again would correct it back.
                raise DomainError(EmployeeRefusal.SIGNAL_REPEATED, "key", index=place)
            checked.append(told)
        except (ValidationError, DomainError) as error:
            checked.append(error)
    return checked


def _told(item: Any, today: date) -> tuple[tuple[str, ...], _Told]:
    """What an item is about, and what it says; raises ``ValidationError`` or ``DomainError``."""
    kind = _Item.model_validate(item).kind
    form, path, decide = _FORMS[kind]
    report = form.model_validate({name: value for name, value in item.items() if name != "kind"})
    try:
        signal = decide(report.key, report, today)
    except DomainError as error:
        # The rules know the key by what it is.
        if error.path == path:
            error.path = "key"
        raise
    return (kind, report.employee_id, report.key), _Told(report.employee_id, signal)


_FORMS: Final[Mapping[str, tuple[Any, str, Any]]] = {
    "attendance": (_AttendanceItem, "week", attendance_week),
    "leave": (_LeaveItem, "leave_id", leave),
    "performance": (_PerformanceItem, "month", monthly_performance),
    "survey": (_SurveyItem, "month", survey_answers),
}
