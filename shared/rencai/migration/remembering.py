"""A source's mapping learns what a person said of a file, so that its next file needs nobody to look."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rencai.migration.rules.import_mapping import IMPORT_MAPPING, ImportMapping
from rencai.migration.rules.remembered import remembered
from rencai.migration.rules.said import remember_values
from rencai.migration.rules.taken import Column, Said
from rencai.migration.store.imports import Import
from rencai.store.configurations import Configurations
from rencai.store.table import Item


def learnt(
    known: Import,
    columns: Sequence[Column],
    choice: Mapping[str, str | None],
    said: Mapping[str, Said],
    scales: Mapping[str, tuple[str, str]],
    *,
    configurations: Configurations,
    actor: str,
    now: datetime,
) -> Item | None:
    """The write by which the source's mapping learns it, to go with the confirmation: all of it, or nothing. None: it
    knows it all. Raises ``DomainError`` (COLUMN_NOT_MEMORABLE, MAPPING_FULL).
    """

    def revised(mapping: ImportMapping) -> dict[str, Any]:
        document = remembered(mapping, known.kind, columns, choice)
        remember_values(document, known.kind, said)
        for field_id, (worst, best) in scales.items():
            kept = document.setdefault("scales", {}).setdefault(known.kind.value, {})
            kept[field_id] = {"worst": worst, "best": best}
        return document

    return configurations.revised(IMPORT_MAPPING, known.source, revised, actor=actor, now=now)
