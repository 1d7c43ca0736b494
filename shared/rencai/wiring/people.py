"""Who is who."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .employees import EmployeesWiring
from .hiring import HiringWiring
from .interviews import InterviewsWiring

if TYPE_CHECKING:
    from rencai.people.carrying_out import CarryingOut
    from rencai.people.contact_desk import ContactDesk
    from rencai.people.contacts import Contacts
    from rencai.people.merge_desk import MergeDesk
    from rencai.people.merging import Merging
    from rencai.people.recognition import Recognition
    from rencai.people.store.applications import Applications
    from rencai.people.store.employee_contacts import EmployeeContacts
    from rencai.people.store.identities import Identities
    from rencai.people.store.merges import Merges
    from rencai.people.store.people import People
    from rencai.people.store.questions import Questions


class PeopleWiring:
    """Who is who."""

    def __init__(
        self, base: Base, interviews: InterviewsWiring, hiring: HiringWiring, employees: EmployeesWiring
    ) -> None:
        self._base = base
        self._employees = employees
        self._interviews = interviews
        self._hiring = hiring

    @cached_property
    def people(self) -> "People":
        """Candidates as people."""
        from rencai.people.store.people import People

        return People(self._base.table, self._base.vault)

    @cached_property
    def applications(self) -> "Applications":
        """Applications, as the ATS tells of them."""
        from rencai.people.store.applications import Applications

        return Applications(self._base.table, self._base.vault, self._base.ids)

    @cached_property
    def merges(self) -> "Merges":
        """Who is one with whom, and what HR is asked."""
        from rencai.people.store.merges import Merges

        return Merges(self._base.table, self._base.vault)

    @cached_property
    def identities(self) -> "Identities":
        """Who has given which identifier."""
        from rencai.people.store.identities import Fingerprints, Identities

        fingerprints = Fingerprints(lambda: self._base.secrets.value("identity").encode())
        return Identities(self._base.table, fingerprints)

    @cached_property
    def recognition(self) -> "Recognition":
        """The same person from two sources."""
        from rencai.people.recognition import Recognition

        return Recognition(self.identities, self.applications, self.merges, self.people, self._carrying_out)

    @cached_property
    def questions(self) -> "Questions":
        """What HR is asked about contact data."""
        from rencai.people.store.questions import Questions

        return Questions(self._base.table, self._base.vault)

    @cached_property
    def contacts(self) -> "Contacts":
        """What sources say of contact data."""
        from rencai.people.contacts import Contacts

        return Contacts(self.people, self.questions, self.identities, self.applications, self.merges)

    @cached_property
    def employee_contacts(self) -> "EmployeeContacts":
        """Where employees are reached."""
        from rencai.people.store.employee_contacts import EmployeeContacts

        return EmployeeContacts(self._base.table)

    @cached_property
    def contact_desk(self) -> "ContactDesk":
        """What HR looks at and decides about contact data."""
        from rencai.people.contact_desk import ContactDesk

        return ContactDesk(
            self.contacts,
            self.people,
            self._employees.employees,
            self.employee_contacts,
            self.questions,
            self._hiring.journeys,
            self._base.timeline,
            self._base.table.transact,
        )

    @cached_property
    def _carrying_out(self) -> "CarryingOut":
        """What makes a merge real."""
        from rencai.people.carrying_out import CarryingOut

        return CarryingOut(self.merges, self.applications, self.people)

    @cached_property
    def merging(self) -> "Merging":
        """What HR decides of merges."""
        from rencai.people.merging import Merging

        return Merging(
            self.merges,
            self._hiring.journeys,
            self._interviews.interviews,
            self.people,
            self.applications,
            self._carrying_out,
        )

    @cached_property
    def merge_desk(self) -> "MergeDesk":
        """What HR looks at and decides about merges."""
        from rencai.people.merge_desk import MergeDesk

        return MergeDesk(self.merges, self.merging, self.people, self._hiring.journeys, self.applications)
