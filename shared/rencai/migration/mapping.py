"""By which names an import is read."""

from decimal import Decimal

from rencai.kernel.configuration import DEFAULT
from rencai.migration.rules.import_mapping import IMPORT_MAPPING, ImportMapping
from rencai.migration.rules.said import extended
from rencai.migration.rules.scales import PointScale
from rencai.migration.store.imports import Import
from rencai.store.configurations import Configurations


def mapping_of(known: Import, configurations: Configurations) -> ImportMapping:
    """The mapping by which an import is read: its source's, what holds for all sources, and what was said of it."""
    own = configurations.of_version(IMPORT_MAPPING, known.mapping_version, known.source).document
    default = ImportMapping()
    if known.source != DEFAULT:
        default = configurations.of_version(IMPORT_MAPPING, known.default_version, DEFAULT).document
    scales = {
        **default.scales.get(known.kind, {}),
        **own.scales.get(known.kind, {}),
        **{
            id_: PointScale(worst=Decimal(worst), best=Decimal(best))
            for id_, (worst, best) in known.scales.items()
        },
    }
    read_by = extended(own, default, known.roles, known.kind, known.said)
    return read_by.model_copy(update={"scales": {known.kind: scales}})
