"""A source's mapping learns what a person said of its columns, so that its next file needs nobody to look."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rencai.migration.rules.columns import IMPORT_MAPPING
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.taken import Column
from rencai.migration.store.imports import Import
from rencai.store.configurations import Configurations
from rencai.store.table import decided

if TYPE_CHECKING:
    from rencai.migration.rules.columns import ImportMapping


def remember(
    known: Import, columns: Sequence[Column], *, configurations: Configurations, actor: str, now: datetime
) -> None:
    """The source's mapping learns the headers a person chose. A lost race is decided again, once."""
    decided(lambda: _learn(known, columns, configurations, actor, now))


def _learn(
    known: Import, columns: Sequence[Column], configurations: Configurations, actor: str, now: datetime
) -> None:
    latest = configurations.latest(IMPORT_MAPPING, known.source)
    document = remembered(latest.document, known.kind, columns)
    configurations.put(IMPORT_MAPPING, known.source, document, actor=actor, now=now, over=latest.version)


def remembered(mapping: "ImportMapping", kind: ImportKind, columns: Sequence[Column]) -> dict[str, Any]:
    """The mapping with the headers that a person chose for fields; one header names one field of a kind."""
    document = mapping.model_dump(mode="json", exclude_defaults=True)
    for column in columns:
        if column.how != "confirmed" or column.field is None:
            continue
        headers, field = _headers_of(document, kind, column.field)
        others = [one for one in headers.get(field, []) if one != column.header]
        headers[field] = [*others, column.header]
    return document


def _headers_of(document: dict[str, Any], kind: ImportKind, field: str) -> tuple[dict[str, Any], str]:
    """Where a mapping keeps a field's headers, and under which name."""
    group, _, name = field.partition(":")
    if name:
        return document.setdefault({"score": "questions", "text": "texts"}[group], {}), name
    for own in ("metrics", "percent_metrics"):
        if kind is ImportKind.PERFORMANCE and field in document.get(own, {}):
            return document[own], field
    return document.setdefault("columns", {}).setdefault(kind.value, {}), field
