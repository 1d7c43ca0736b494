"""Training plans, enrolments and the probation score."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .employees import EmployeesWiring
from .inbox import InboxWiring
from .letters import LettersWiring
from .reading import ReadingWiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from rencai.training.desk import TrainingDesk
    from rencai.training.inviting import Inviting
    from rencai.training.marking import MarkingPage
    from rencai.training.mentor_desk import MentorDesk
    from rencai.training.planning import Training
    from rencai.training.rating_desk import RatingDesk
    from rencai.training.rules.ratings import Rated, WordsRead
    from rencai.training.store.enrolments import Enrolments
    from rencai.training.store.mentors import Mentors
    from rencai.training.store.plans import TrainingPlans


class TrainingWiring:
    """Training plans, enrolments and the probation score."""

    def __init__(
        self,
        base: Base,
        employees: EmployeesWiring,
        inbox: InboxWiring,
        reading: ReadingWiring,
        letters: LettersWiring,
    ) -> None:
        self._base = base
        self._employees = employees
        self._inbox = inbox
        self._reading = reading
        self._letters = letters

    @cached_property
    def enrolments(self) -> "Enrolments":
        """Employees' courses."""
        from rencai.training.store.enrolments import Enrolments

        return Enrolments(self._base.table, self._base.vault, self._inbox.links, self._rate, self._base.ids)

    @cached_property
    def plans(self) -> "TrainingPlans":
        """Employees' training plans."""
        from rencai.training.store.plans import TrainingPlans

        return TrainingPlans(self._base.table, self._base.vault)

    @cached_property
    def training(self) -> "Training":
        """Training plans made, reviewed and decided about."""
        from rencai.training.planning import Training

        return Training(
            self.plans,
            self._employees.performances,
            self._base.configurations,
            self._base.zone,
            self._starts_after_days,
            self._base.ids,
        )

    @cached_property
    def desk(self) -> "TrainingDesk":
        """What HR reads of plans and probations, and decides about warnings."""
        from rencai.training.desk import TrainingDesk

        return TrainingDesk(
            self.training,
            self.plans,
            self.enrolments,
            self._employees.employees,
            self._base.timeline,
            self._base.configurations,
        )

    @cached_property
    def rating_desk(self) -> "RatingDesk":
        """Where HR says what a mentor's review counts."""
        from rencai.training.rating_desk import RatingDesk

        return RatingDesk(self.plans, self.enrolments, self._employees.employees, self._base.configurations)

    @cached_property
    def mentors(self) -> "Mentors":
        """Who mentors whom, and what they marked by link."""
        from rencai.training.store.mentors import Mentors

        return Mentors(self._base.table, self._base.vault)

    @cached_property
    def mentor_desk(self) -> "MentorDesk":
        """Where HR names mentors."""
        from rencai.training.mentor_desk import MentorDesk

        return MentorDesk(
            self.plans,
            self.mentors,
            self._employees.employees,
            self._base.configurations,
            self._base.zone,
        )

    @cached_property
    def inviting(self) -> "Inviting":
        """Mentors invited, and their marks taken in."""
        from rencai.training.inviting import Inviting

        return Inviting(
            self.mentors,
            self.enrolments,
            self._employees.employees,
            self._letters.correspondence,
            self._base.link_keys,
            self._base.configurations,
            self._base.zone,
        )

    @cached_property
    def marking(self) -> "MarkingPage":
        """The rating behind a mentor's link."""
        from rencai.training.marking import MarkingPage

        return MarkingPage(
            self.mentors,
            self._employees.employees,
            self._base.link_keys,
            self._base.configurations,
            self._base.zone,
        )

    def _starts_after_days(self) -> int:
        from rencai.hiring.rules.documents import ONBOARDING_KIT

        return self._base.configurations.latest(ONBOARDING_KIT).document.starts_after_days

    def _rate(self, review: str) -> "Rated":
        from rencai.training.rules.probation import PROBATION_POLICY

        policy = self._base.configurations.latest(PROBATION_POLICY)
        return policy.document.mentor.rate(review, policy.version, self._read, self._meant)

    def _meant(self, review: str) -> "Callable[[int], bool] | None":
        from rencai.training.reading import meant_with

        return meant_with(self._reading.readers, review)

    def _read(self, review: str) -> "WordsRead | None":
        from rencai.training.reading import read_with

        return read_with(self._reading.readers, review)
