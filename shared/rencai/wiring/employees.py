"""Employees and what is told of their work."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base

if TYPE_CHECKING:
    from rencai.employees.batch import BatchRecording
    from rencai.employees.recording import WorkRecording
    from rencai.employees.store.employees import Employees
    from rencai.employees.store.first_days import FirstDays
    from rencai.employees.store.performances import Performances
    from rencai.employees.store.records import Records
    from rencai.employees.store.signals import WorkSignals


class EmployeesWiring:
    """Employees and what is told of their work."""

    def __init__(self, base: Base) -> None:
        self._base = base

    @cached_property
    def employees(self) -> "Employees":
        """Employees."""
        from rencai.employees.store.employees import Employees

        return Employees(self._base.table, self._base.ids)

    @cached_property
    def first_days(self) -> "FirstDays":
        """Corrections of first days."""
        from rencai.employees.store.first_days import FirstDays

        return FirstDays(self._base.table, self._base.vault)

    @cached_property
    def performances(self) -> "Performances":
        """Employees' work performance."""
        from rencai.employees.store.performances import Performances

        return Performances(self._base.table)

    @cached_property
    def signals(self) -> "WorkSignals":
        """Employees' attendance, leave and surveys."""
        from rencai.employees.store.signals import WorkSignals

        return WorkSignals(self._base.table, self._base.vault)

    @cached_property
    def records(self) -> "Records":
        """What earlier systems knew of employees."""
        from rencai.employees.store.records import Records

        return Records(self._base.table)

    @cached_property
    def recording(self) -> "WorkRecording":
        """What is told of employees' work, put on record."""
        from rencai.employees.recording import WorkRecording

        return WorkRecording(self.employees, self.performances, self.signals, self._base.zone)

    @cached_property
    def batches(self) -> "BatchRecording":
        """What is told of many employees at once, put on record."""
        from rencai.employees.batch import BatchRecording

        return BatchRecording(self.employees, self.performances, self.signals, self._base.zone)
