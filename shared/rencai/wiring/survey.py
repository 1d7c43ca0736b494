"""The monthly survey."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .employees import EmployeesWiring

if TYPE_CHECKING:
    from rencai.survey.closing import SurveyClosing
    from rencai.survey.links import SurveyLinks
    from rencai.survey.results import SurveyResults
    from rencai.survey.store.figures import SurveyFiguresStore
    from rencai.survey.store.rounds import SurveyRounds


class SurveyWiring:
    """The monthly survey."""

    def __init__(self, base: Base, employees: EmployeesWiring) -> None:
        self._base = base
        self._employees = employees

    @cached_property
    def rounds(self) -> "SurveyRounds":
        """The monthly surveys: until when they are answered, and whom they asked."""
        from rencai.survey.store.rounds import SurveyRounds

        return SurveyRounds(self._base.table)

    @cached_property
    def links(self) -> "SurveyLinks":
        """Signed links to the survey."""
        from rencai.survey.links import SurveyLinks

        return SurveyLinks(self._base.link_keys)

    @cached_property
    def figures(self) -> "SurveyFiguresStore":
        """The figures of closed surveys."""
        from rencai.survey.store.figures import SurveyFiguresStore

        return SurveyFiguresStore(self._base.table)

    @cached_property
    def closing(self) -> "SurveyClosing":
        """Surveys closed, and their answers counted."""
        from rencai.survey.closing import SurveyClosing
        from rencai.survey.store.counts import SurveyCounts

        return SurveyClosing(
            self.rounds,
            SurveyCounts(self._base.table),
            self.figures,
            self._employees.signals,
            self._employees.employees,
            self._base.configurations,
            self._base.zone,
        )

    @cached_property
    def results(self) -> "SurveyResults":
        """What HR reads of surveys."""
        from rencai.survey.results import SurveyResults

        return SurveyResults(
            self.rounds, self.figures, self.closing, self._employees.signals, self._base.configurations
        )
