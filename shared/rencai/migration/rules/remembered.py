"""What a source's mapping learns of a file that a person looked at, so that its next file needs nobody to look (F1)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from rencai.kernel.errors import DomainError
from rencai.migration.rules.refusals import MigrationRefusal

from .columns import guess
from .fields import ImportKind
from .import_mapping import MAX_HEADERS, MAX_IGNORED, ImportMapping
from .names import compared
from .taken import Column

_OF_SURVEYS: Final = {"score": "questions", "text": "texts"}
_FIGURES: Final = ("metrics", "percent_metrics")


def remembered(
    mapping: ImportMapping, kind: ImportKind, columns: Sequence[Column], choice: Mapping[str, str | None]
) -> dict[str, Any]:
    """The mapping with the headers that a person chose for fields, and those they chose for none. A header means one
    thing of a kind: it leaves whatever it was before.

    What else the next file with these headers would be asked about, a guess that gave way, is learnt as well. Raises
    ``DomainError``: COLUMN_NOT_MEMORABLE for a header that is no name, or is another column's too; MAPPING_FULL.
    """
    learnt = {
        one.index
        for one in columns
        if one.how == "confirmed" or (one.header in choice and choice[one.header] is None)
    }
    headers = [one.header for one in columns]
    for _ in range(2):
        document = _learnt(mapping, kind, columns, learnt)
        again = guess(kind, headers, ImportMapping.model_validate(document))
        asked = {
            one.index
            for one, found in zip(columns, again, strict=True)
            if found.field != one.field or found.how == "guessed"
        }
        if not asked - learnt:
            return document
        learnt |= asked
    return _learnt(mapping, kind, columns, {one.index for one in columns if one.field} | learnt)


def _learnt(
    mapping: ImportMapping, kind: ImportKind, columns: Sequence[Column], learnt: Collection[int]
) -> dict[str, Any]:
    document = mapping.model_dump(mode="json", exclude_defaults=True)
    meant: dict[str, set[str | None]] = {}
    for column in columns:
        meant.setdefault(compared(column.header), set()).add(column.field)
    for column in columns:
        name, path = compared(column.header), f"columns.{column.header}"
        if column.index not in learnt or not (name or column.field):
            continue
        if not name or len(meant[name]) > 1:
            raise DomainError(MigrationRefusal.COLUMN_NOT_MEMORABLE, path, column=column.header)
        _forget(document, kind, name)
        headers, field, limit = _place(document, kind, column.field)
        if len(headers.setdefault(field, [])) >= limit:
            what = column.field or "ignored"
            raise DomainError(MigrationRefusal.MAPPING_FULL, path, field=what, limit=limit)
        headers[field].append(column.header)
    return document


def _forget(document: dict[str, Any], kind: ImportKind, name: str) -> None:
    """A header leaves whatever it was of the kind. A question or figure that has no other stays what it is."""
    for headers, field in list(_lists(document, kind)):
        headers[field] = [one for one in headers[field] if compared(one) != name]
    for group in ("columns", "ignored"):
        document[group] = _without_empty(document.get(group, {}))
        if not document[group]:
            del document[group]


def _without_empty(group: dict[str, Any]) -> dict[str, Any]:
    kept = {name: _without_empty(one) if isinstance(one, dict) else one for name, one in group.items()}
    return {name: one for name, one in kept.items() if one}


def _lists(document: dict[str, Any], kind: ImportKind) -> Iterator[tuple[dict[str, Any], str]]:
    """Where a mapping has headers of a kind: what holds them, and under which name."""
    groups = [document.get("columns", {}).get(kind.value, {})]
    if kind is ImportKind.SURVEYS:
        groups += [document.get(group, {}) for group in _OF_SURVEYS.values()]
    elif kind is ImportKind.PERFORMANCE:
        groups += [document.get(group, {}) for group in _FIGURES]
    for group in groups:
        yield from ((group, field) for field in group)
    if kind.value in document.get("ignored", {}):
        yield document["ignored"], kind.value


def _place(document: dict[str, Any], kind: ImportKind, field: str | None) -> tuple[dict[str, Any], str, int]:
    """Where a mapping keeps a field's headers, under which name, and how many it takes."""
    if field is None:
        return document.setdefault("ignored", {}), kind.value, MAX_IGNORED
    group, _, name = field.partition(":")
    if kind is ImportKind.SURVEYS and name:
        return document.setdefault(_OF_SURVEYS[group], {}), name, MAX_HEADERS
    if kind is ImportKind.PERFORMANCE:
        figure = name or group
        for own in _FIGURES:
            if figure in document.get(own, {}):
                return document[own], figure, MAX_HEADERS
        if name:
            return document.setdefault("metrics", {}), figure, MAX_HEADERS
    return document.setdefault("columns", {}).setdefault(kind.value, {}), field, MAX_HEADERS
