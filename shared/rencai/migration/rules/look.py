"""What is shown of a file to who says where its table is and what its columns are (F1): all that showing it needs."""

from dataclasses import dataclass, replace

from rencai.kernel.errors import DomainError
from rencai.migration.rules.refusals import MigrationRefusal

from .taken import Place, PlaceSaid


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """The first rows of a sheet, as they are shown to who says where the table is: number and cells, cut short; and
    which of them is likeliest the header, and of how many rows.
    """

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    header_row: int = 1
    header_rows: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown of a file to who says where its table is and what its columns are: the first rows of each sheet,
    some values of each column, and what else it may be written in, each with texts as they read then.
    """

    sheets: tuple[ShownSheet, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    encodings: tuple[tuple[str, tuple[str, ...]], ...] = ()


def placed(place: Place, look: Look, said: PlaceSaid) -> Place:
    """Where the table is by what a person says; a sheet without its header's row is taken at what is likeliest there.

    Raises ``DomainError`` (ENCODING_UNKNOWN, SHEET_UNKNOWN, HEADER_ROW_UNKNOWN).
    """
    encodings = list(dict.fromkeys([*filter(None, [place.encoding]), *(name for name, _ in look.encodings)]))
    if said.encoding and said.encoding not in encodings:
        known = tuple(encodings)
        raise DomainError(
            MigrationRefusal.ENCODING_UNKNOWN, "table.encoding", encoding=said.encoding, known=known
        )
    sheets = {sheet.name: sheet for sheet in look.sheets}
    if said.sheet is not None and (said.sheet not in sheets or place.sheet is None):
        known = tuple(filter(None, sheets))
        raise DomainError(MigrationRefusal.SHEET_UNKNOWN, "table.sheet", sheet=said.sheet, known=known)
    if said.sheet not in (None, place.sheet):
        sheet = sheets[said.sheet or ""]
        place = replace(
            place,
            sheet=sheet.name,
            header_row=sheet.header_row,
            header_rows=sheet.header_rows,
            hidden_rows=None,
        )
    if said.header_row is not None:
        shown = sheets.get(place.sheet or "")
        likely = [shown.header_row] if shown else []
        rows = sorted(
            {*(number for number, _ in (shown.rows if shown else ())), *likely, place.header_row} - {0}
        )
        if said.header_row not in (0, *rows):
            raise DomainError(
                MigrationRefusal.HEADER_ROW_UNKNOWN,
                "table.header_row",
                row=said.header_row,
                known=tuple(rows),
            )
        place = replace(place, header_row=said.header_row, header_rows=1)
    return replace(
        place,
        encoding=said.encoding or place.encoding,
        header_rows=said.header_rows or place.header_rows,
        hidden_rows=said.hidden_rows or place.hidden_rows,
    )
