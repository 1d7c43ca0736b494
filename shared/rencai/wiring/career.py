"""The career ladder and the scorecard."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .employees import EmployeesWiring
from .pressure import PressureWiring
from .training import TrainingWiring

if TYPE_CHECKING:
    from rencai.career.guidance import CareerGuidance
    from rencai.career.recording import CareerRecording
    from rencai.career.scoring import Scoring
    from rencai.career.store.careers import Careers


class CareerWiring:
    """The career ladder and the scorecard."""

    def __init__(
        self, base: Base, employees: EmployeesWiring, training: TrainingWiring, pressure: PressureWiring
    ) -> None:
        self._base = base
        self._employees = employees
        self._training = training
        self._pressure = pressure

    @cached_property
    def careers(self) -> "Careers":
        """What HR recorded of employees' careers."""
        from rencai.career.store.careers import Careers

        return Careers(self._base.table)

    @cached_property
    def recording(self) -> "CareerRecording":
        """What HR says of a career, put on file."""
        from rencai.career.recording import CareerRecording

        return CareerRecording(
            self._employees.employees, self.careers, self._base.configurations, self._base.zone
        )

    @cached_property
    def guidance(self) -> "CareerGuidance":
        """Where employees stand on the ladder, and what is next."""
        from rencai.career.guidance import CareerGuidance

        return CareerGuidance(
            self._employees.employees,
            self._training.plans,
            self.careers,
            self._employees.records,
            self._employees.performances,
            self._base.configurations,
            self._base.zone,
        )

    @cached_property
    def scoring(self) -> "Scoring":
        """Months' balanced scorecards."""
        from rencai.career.scoring import Scoring

        return Scoring(
            self._employees.employees,
            self._training.plans,
            self._employees.records,
            self._employees.performances,
            self._pressure.scans,
            self._base.configurations,
            self._base.zone,
        )
