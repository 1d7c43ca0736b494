"""A file's table as an import finds it."""

from collections.abc import Callable
from typing import BinaryIO

from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.files import SourceTable, open_source
from rencai.migration.rules.finding import Found, find, is_name
from rencai.migration.rules.import_mapping import ImportMapping

MAPPING = ImportMapping()


def found(open_: Callable[[], BinaryIO], name: str = "file", kind: ImportKind = ImportKind.PEOPLE) -> Found:
    """Where the table is, and what a person is asked of it."""
    return find(open_source(name, open_, is_name(kind, MAPPING)), kind, MAPPING)


def table(
    open_: Callable[[], BinaryIO], name: str = "file", kind: ImportKind = ImportKind.PEOPLE
) -> SourceTable:
    """The table that is found."""
    source = open_source(name, open_, is_name(kind, MAPPING))
    return source.table(find(source, kind, MAPPING).place)
