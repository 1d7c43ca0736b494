"""By which names an import is read."""

from rencai.kernel.configuration import DEFAULT
from rencai.migration.rules.columns import IMPORT_MAPPING, ImportMapping
from rencai.migration.rules.said import extended
from rencai.migration.store.imports import Import
from rencai.store.configurations import Configurations


def mapping_of(known: Import, configurations: Configurations) -> ImportMapping:
    """The mapping by which an import is read: its source's, what holds for all sources, and what was said of it."""
    own = configurations.of_version(IMPORT_MAPPING, known.mapping_version, known.source).document
    default = ImportMapping()
    if known.source != DEFAULT:
        default = configurations.of_version(IMPORT_MAPPING, known.default_version, DEFAULT).document
    return extended(own, default, known.roles, known.kind, known.said)
