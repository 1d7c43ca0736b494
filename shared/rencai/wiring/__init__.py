"""Builds the real collaborators: one object a Lambda container, each collaborator when it is first asked for.

Tests build it too, with ends of their own: clients, a clock, vendors (``wired.vendors = ...``), mail.
"""

from functools import cache, cached_property
from typing import TYPE_CHECKING

from rencai.platform.settings import settings

from .base import Base

if TYPE_CHECKING:
    from .career import CareerWiring
    from .employees import EmployeesWiring
    from .hiring import HiringWiring
    from .inbox import InboxWiring
    from .interviews import InterviewsWiring
    from .letters import LettersWiring
    from .lifecycle import LifecycleWiring
    from .migration import MigrationWiring
    from .people import PeopleWiring
    from .pressure import PressureWiring
    from .reading import ReadingWiring
    from .survey import SurveyWiring
    from .training import TrainingWiring
    from .vendors import Ports


class Wired(Base):
    """One tenant's collaborators, a namespace a capability."""

    @cached_property
    def reading(self) -> "ReadingWiring":
        from .reading import ReadingWiring

        return ReadingWiring(self)

    @cached_property
    def interviews(self) -> "InterviewsWiring":
        from .interviews import InterviewsWiring

        return InterviewsWiring(self, self.reading)

    @cached_property
    def employees(self) -> "EmployeesWiring":
        from .employees import EmployeesWiring

        return EmployeesWiring(self)

    @cached_property
    def letters(self) -> "LettersWiring":
        from .letters import LettersWiring

        return LettersWiring(self, self.vendors)

    @cached_property
    def inbox(self) -> "InboxWiring":
        from .inbox import InboxWiring

        return InboxWiring(self, self.interviews)

    @cached_property
    def vendors(self) -> "Ports":
        from .vendors import VendorsWiring

        return VendorsWiring(self)

    @cached_property
    def hiring(self) -> "HiringWiring":
        from .hiring import HiringWiring

        return HiringWiring(self, self.inbox, self.vendors)

    @cached_property
    def people(self) -> "PeopleWiring":
        from .people import PeopleWiring

        return PeopleWiring(self, self.interviews, self.hiring, self.employees)

    @cached_property
    def training(self) -> "TrainingWiring":
        from .training import TrainingWiring

        return TrainingWiring(self, self.employees, self.inbox, self.reading, self.letters)

    @cached_property
    def career(self) -> "CareerWiring":
        from .career import CareerWiring

        return CareerWiring(self, self.employees, self.training, self.pressure)

    @cached_property
    def lifecycle(self) -> "LifecycleWiring":
        from .lifecycle import LifecycleWiring

        return LifecycleWiring(self, self.interviews, self.employees, self.training, self.pressure)

    @cached_property
    def pressure(self) -> "PressureWiring":
        from .pressure import PressureWiring

        return PressureWiring(self, self.employees, self.survey, self.reading)

    @cached_property
    def survey(self) -> "SurveyWiring":
        from .survey import SurveyWiring

        return SurveyWiring(self, self.employees)

    @cached_property
    def migration(self) -> "MigrationWiring":
        from .migration import MigrationWiring

        return MigrationWiring(self, self.employees)


@cache
def container() -> Wired:
    """This Lambda container's, built from its environment."""
    wired = Wired(settings())
    # Made during init, where AWS gives a function a whole CPU; the other clients wait until a path needs them.
    wired.client("dynamodb")
    return wired
