"""The life cycle of employees."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .employees import EmployeesWiring
from .interviews import InterviewsWiring
from .pressure import PressureWiring
from .training import TrainingWiring

if TYPE_CHECKING:
    from rencai.lifecycle.reading import Lifecycles


class LifecycleWiring:
    """The life cycle of employees."""

    def __init__(
        self,
        base: Base,
        interviews: InterviewsWiring,
        employees: EmployeesWiring,
        training: TrainingWiring,
        pressure: PressureWiring,
    ) -> None:
        self._base = base
        self._interviews = interviews
        self._employees = employees
        self._training = training
        self._pressure = pressure

    @cached_property
    def lifecycles(self) -> "Lifecycles":
        """What every system tells of an employee, read in one order of time."""
        from rencai.lifecycle.reading import Lifecycles

        return Lifecycles(
            self._employees.employees,
            self._employees.records,
            self._employees.performances,
            self._employees.signals,
            self._training.plans,
            self._interviews.interviews,
            self._pressure.scans,
            self._pressure.cards,
            self._base.timeline,
            self._base.configurations,
            self._base.zone,
        )
