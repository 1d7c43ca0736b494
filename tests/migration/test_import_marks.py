"""What a cell is beside its text, from the sheet to the row that is read of it (F1)."""

from collections.abc import Iterator

import pytest

from rencai.migration.rules.sheet.source import Mark, MarkKind, SourceRow
from rencai.migration.store.objects import CutRow
from tests.migration.import_office import Office, office


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as one:
        yield one


def test_a_part_keeps_what_its_cells_are(one: Office) -> None:
    marks = {0: Mark(MarkKind.NUMBER), 2: Mark(MarkKind.UNSHOWN, "12")}
    rows = [CutRow(SourceRow(2, ["1", "", "12000"], marks), 1, same=True), CutRow(SourceRow(3, ["a\u2028"]))]
    one.import_objects.put_rows("imp_1", 1, rows)
    assert one.import_objects.rows("imp_1", 1) == rows
