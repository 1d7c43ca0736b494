"""What splitting, importing and undoing work with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rencai.employees.store.employees import Employees
from rencai.employees.store.signals import WorkSignals
from rencai.kernel.ids import Ids
from rencai.migration.store.batches import Batches
from rencai.migration.store.imports import Imports
from rencai.migration.store.objects import ImportObjects
from rencai.store.configurations import Configurations
from rencai.store.sealed import Vault

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Importing:
    """The collaborators of the use cases."""

    imports: Imports
    objects: ImportObjects
    batches: Batches
    employees: Employees
    signals: WorkSignals
    configurations: Configurations
    vault: Vault
    zone: "ZoneInfo"
    ids: Ids
    roles: Callable[[], Mapping[str, Sequence[str]]]
    """The roles that anything is configured for, and what they are called."""
