"""Files of other systems."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from .base import Base
from .employees import EmployeesWiring

if TYPE_CHECKING:
    from rencai.kernel.configuration import Kind
    from rencai.migration.desk import ImportDesk
    from rencai.migration.importing import Importing
    from rencai.migration.store.imports import Imports
    from rencai.migration.store.objects import ImportObjects


class MigrationWiring:
    """Files of other systems."""

    def __init__(self, base: Base, employees: EmployeesWiring) -> None:
        self._base = base
        self._employees = employees

    @cached_property
    def imports(self) -> "Imports":
        """Imports of other systems' files."""
        from rencai.migration.store.imports import Imports

        return Imports(self._base.table)

    @cached_property
    def objects(self) -> "ImportObjects":
        """What imports keep in the bucket."""
        from rencai.migration.store.objects import ImportObjects

        return ImportObjects(self._base.bucket)

    @cached_property
    def desk(self) -> "ImportDesk":
        """What HR does about them."""
        from rencai.migration.desk import ImportDesk

        return ImportDesk(
            self.imports, self.objects, self._base.bucket, self._base.configurations, self._base.ids
        )

    @cached_property
    def importing(self) -> "Importing":
        """How they are split, taken in and taken back."""
        from rencai.migration.importing import Importing
        from rencai.migration.store.batches import Batches

        return Importing(
            self.imports,
            self.objects,
            Batches(self._base.table),
            self._employees.employees,
            self._employees.signals,
            self._base.configurations,
            self._base.vault,
            self._base.zone,
            self._base.ids,
            self._roles,
        )

    def _roles(self) -> dict[str, tuple[str, ...]]:
        """The roles that anything is configured for, and what their models call them."""
        from rencai.career.rules.ladder import CAREER_LADDER
        from rencai.career.rules.scorecard import SCORECARD
        from rencai.interviews.rules.competency import COMPETENCY_MODEL

        configurations = self._base.configurations
        kinds: tuple[Kind[Any], ...] = (CAREER_LADDER, SCORECARD)
        roles: dict[str, tuple[str, ...]] = {
            role: () for kind in kinds for role in configurations.names(kind)
        }
        for role in configurations.names(COMPETENCY_MODEL):
            name = configurations.latest(COMPETENCY_MODEL, role).document.name
            roles[role] = (name.zh_cn, name.en)
        return roles
