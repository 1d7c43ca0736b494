"""Pressure warnings and interventions."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .employees import EmployeesWiring
from .reading import ReadingWiring
from .survey import SurveyWiring

if TYPE_CHECKING:
    from decimal import Decimal

    from rencai.pressure.alerts import Alerts
    from rencai.pressure.intervening import Intervening
    from rencai.pressure.store.cards import Cards
    from rencai.pressure.store.interventions import Interventions
    from rencai.pressure.store.scans import Scans
    from rencai.pressure.words import SurveyWords


class PressureWiring:
    """Pressure warnings and interventions."""

    def __init__(
        self, base: Base, employees: EmployeesWiring, survey: SurveyWiring, reading: ReadingWiring
    ) -> None:
        self._base = base
        self._reading = reading
        self._employees = employees
        self._survey = survey

    @cached_property
    def cards(self) -> "Cards":
        """What the nightly scan reads, and the alerts."""
        from rencai.pressure.store.cards import Cards

        return Cards(self._base.table)

    @cached_property
    def words(self) -> "SurveyWords":
        """What reads surveys' words for the policy's rules."""
        from rencai.pressure.words import SurveyWords

        return SurveyWords(self._reading.readers)

    @cached_property
    def scans(self) -> "Scans":
        """Runs of the nightly scan, and what the company is like."""
        from rencai.pressure.store.scans import Scans

        return Scans(self._base.table)

    @cached_property
    def interventions(self) -> "Interventions":
        """What is done about pressure."""
        from rencai.pressure.store.interventions import Interventions

        return Interventions(self._base.table, self._base.vault, self._base.ids)

    @cached_property
    def alerts(self) -> "Alerts":
        """What HR reads of alerts."""
        from rencai.pressure.alerts import Alerts

        return Alerts(
            self.cards,
            self.scans,
            self.interventions,
            self._employees.employees,
            self._base.configurations,
            self._survey_mean,
        )

    @cached_property
    def intervening(self) -> "Intervening":
        """Interventions opened, changed, noted, closed and listed."""
        from rencai.pressure.intervening import Intervening

        return Intervening(
            self.interventions,
            self.cards,
            self._employees.employees,
            self._base.configurations,
            self._base.zone,
            self._base.ids,
        )

    def _survey_mean(self, month: str) -> "Decimal | None":
        """Of a survey that is closed and was counted: while it is open there are only totals (F7)."""
        from rencai.survey.rules.figures import overall

        totals = self._survey.figures.totals(month)
        return overall(totals.questions) if totals else None
