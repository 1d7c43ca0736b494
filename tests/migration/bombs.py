"""Files that are small and say much, and what reading one takes: run by itself, for memory that was had stays had."""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from rencai.kernel.errors import DomainError

_TYPES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK: Final = (
    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_RELATIONS: Final = (
    f'<Relationships><Relationship Id="r1" Type="{_TYPES}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_TYPES}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="r3" Type="{_TYPES}/styles" Target="styles.xml"/></Relationships>'
)
_CONTENT_TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_PACKAGE: Final = (
    f'<Relationships><Relationship Id="r0" Type="{_TYPES}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
HEAD: Final = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>工号</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>周</t></is></c>'
    '<c r="C1" t="inlineStr"><is><t>工时</t></is></c></row>'
)
Pieces = Iterable[str]


def _sheet(rows: Pieces, head: str, foot: Pieces) -> Pieces:
    yield '<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>' + head
    yield from rows
    yield "</sheetData>"
    yield from foot
    yield "</worksheet>"


def xlsx(
    rows: Pieces = (),
    shared: Pieces = ("<sst/>",),
    styles: Pieces = ("<styleSheet/>",),
    more: int = 0,
    book: str = BOOK,
    head: str = HEAD,
    foot: Pieces = (),
) -> bytes:
    """An XLSX file of these parts; ``more``: parts that nobody refers to, ``foot``: what stands behind the cells."""
    content = io.BytesIO()
    parts: dict[str, Pieces] = {
        "[Content_Types].xml": [_CONTENT_TYPES],
        "_rels/.rels": [_PACKAGE],
        "xl/workbook.xml": [book],
        "xl/_rels/workbook.xml.rels": [_RELATIONS],
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": shared,
        "xl/worksheets/sheet1.xml": _sheet(rows, head, foot),
    }
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in parts.items():
            with archive.open(name, "w") as part:
                for piece in pieces:
                    part.write(piece.encode())
        for number in range(more):
            archive.writestr(f"xl/worksheets/other{number}.xml", b"", zipfile.ZIP_STORED)
    return content.getvalue()


def _shared(strings: Pieces) -> Pieces:
    yield "<sst>"
    yield from strings
    yield "</sst>"


def _rows(count: int, cells: str, times: int = 1) -> Pieces:
    for row in range(2, count + 2):
        yield f'<row r="{row}">' + cells * times + "</row>"


def _merges(references: Pieces) -> Pieces:
    yield "<mergeCells>"
    for one in references:
        yield f'<mergeCell ref="{one}"/>'
    yield "</mergeCells>"


def _styled(count: int) -> Pieces:
    for row in range(2, count + 2):
        yield f'<row r="{row}"><c s="{row - 2}"><v>46083.5</v></c></row>'


_LONG: Final = "好" * 32_000
_TEXT: Final = f"<si><t>{_LONG}</t></si>"

BOMBS: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "a million shared strings": (
        lambda: xlsx(shared=_shared("<si><t>a</t></si>" * 1000 for _ in range(1_100))),
        "file_too_many_texts",
    ),
    "shared strings of 300 MB": (
        lambda: xlsx(shared=_shared(_TEXT for _ in range(3000))),
        "file_too_many_texts",
    ),
    "one long text in a million cells": (
        lambda: xlsx(_rows(10_000, '<c t="s"><v>0</v></c>', 100), _shared([_TEXT])),
        "file_too_much_text",
    ),
    "one long text in each cell of a row": (
        lambda: xlsx(_rows(2, '<c t="s"><v>0</v></c>', 16_000), _shared([_TEXT])),
        "file_row_too_long",
    ),
    "a cell of 100 MB": (
        lambda: xlsx(
            ["<row><c t='inlineStr'><is><t>", *("x" * 1_000_000 for _ in range(100)), "</t></is></c></row>"]
        ),
        "file_cell_too_long",
    ),
    "a number of 100 MB": (
        lambda: xlsx(["<row><c><v>", *("1" * 1_000_000 for _ in range(100)), "</v></c></row>"]),
        "file_cell_too_long",
    ),
    "a cell at the end of every row": (
        lambda: xlsx(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(2, 100_000)),
        "file_too_many_columns",
    ),
    "a sheet of more than 400 MB": (
        lambda: xlsx(" " * 1_000_000 for _ in range(425)),
        "file_unpacks_too_large",
    ),
    "more rows than a sheet has": (lambda: xlsx(_rows(1_100_000, "")), "file_not_readable"),
    "elements within elements": (lambda: xlsx("<row>" * 100_000 for _ in range(50)), "file_not_readable"),
    "a name for every element": (
        lambda: xlsx("".join(f"<n{row}x{n}/>" for n in range(1000)) for row in range(3000)),
        "file_not_readable",
    ),
    "a name for every attribute": (
        lambda: xlsx("".join(f'<c a{row}x{n}=""/>' for n in range(1000)) for row in range(3000)),
        "file_not_readable",
    ),
    "a tag of 100 MB": (
        lambda: xlsx(['<row a="', *("x" * 1_000_000 for _ in range(100)), '">']),
        "file_not_readable",
    ),
    "entities that multiply": (
        lambda: xlsx(book='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><workbook>&a;</workbook>'),
        "file_not_readable",
    ),
    "styles of a gigabyte": (
        lambda: xlsx(styles=("<xf/>" * 200_000 for _ in range(1000))),
        "file_not_readable",
    ),
    "a million styles": (
        lambda: xlsx(
            styles=[
                "<styleSheet><cellXfs>",
                *('<xf numFmtId="9"/>' * 1000 for _ in range(3000)),
                "</cellXfs></styleSheet>",
            ]
        ),
        "file_unpacks_too_large",
    ),
    "three hundred thousand sheets": (
        lambda: xlsx(
            book=BOOK.replace("<sheet ", '<sheet name="x" state="hidden" r:id="r1"/>' * 300_000 + "<sheet ")
        ),
        "",
    ),
    "two hundred thousand merges": (
        lambda: xlsx(
            (f'<row r="{row}"><c><v>1</v></c></row>' for row in range(2, 150_000)),
            foot=_merges(f"B{row}:C{row}" for row in range(2, 200_002)),
        ),
        "",
    ),
    "merges without end": (
        lambda: xlsx(foot=_merges(f"A{row}:A{row + 1}" for row in range(2, 900_000))),
        "file_too_many_merges",
    ),
    "merges that all lie over each other": (
        lambda: xlsx(
            (f'<row r="{row}"><c><v>1</v></c><c><v>2</v></c></row>' for row in range(2, 100_000)),
            foot=_merges("A2:A1048576" for _ in range(150_000)),
        ),
        "file_not_readable",
    ),
    "one long text merged over all": (
        lambda: xlsx(
            (
                f'<row r="{row}"><c t="s"><v>0</v></c></row>'
                if row == 2
                else f'<row r="{row}"><c r="B{row}"><v>1</v></c></row>'
                for row in range(2, 10_000)
            ),
            _shared([_TEXT]),
            foot=_merges(["A2:A1048576"]),
        ),
        "file_too_much_text",
    ),
    "a merge as wide as a sheet over all its rows": (
        lambda: xlsx(
            (f'<row r="{row}"><c><v>1</v></c></row>' for row in range(2, 100_000)),
            foot=_merges(["A2:XFD1048576"]),
        ),
        "file_too_many_cells",
    ),
    "an array formula in every cell": (
        lambda: xlsx(_rows(50_000, '<c><f t="array" ref="A1:Z1048576">x</f></c>', 20)),
        "file_not_readable",
    ),
    "a format of its own for every cell": (
        lambda: xlsx(
            _styled(30_000),
            styles=[
                "<styleSheet><numFmts>",
                *(
                    f'<numFmt numFmtId="{n}" formatCode="{"y" * 20}{"m d " * 110}{n}"/>'
                    for n in range(164, 30_164)
                ),
                "</numFmts><cellXfs>",
                *(f'<xf numFmtId="{n}"/>' for n in range(164, 30_164)),
                "</cellXfs></styleSheet>",
            ],
        ),
        "",
    ),
    "a long format in a million cells": (
        lambda: xlsx(
            _rows(10_000, '<c s="0"><v>46083.5</v></c>', 100),
            styles=[
                f'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{"mmmm d " * 70}"/></numFmts>',
                '<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>',
            ],
        ),
        "file_too_much_text",
    ),
    "forty thousand parts": (lambda: xlsx(more=40_000), "file_not_readable"),
    "a row of a million columns": (lambda: b"a,b\n" + b"1," * 1_000_000 + b"\n", "file_too_many_columns"),
    "a header of a million columns": (lambda: b"a," * 1_000_000 + b"\n", "file_too_many_columns"),
    "a line of 20 MB": (lambda: b"a,b\n" + b"x" * 20_000_000, "file_row_too_long"),
    "a row of 20 MB over many lines": (lambda: b"a,b\n" + b'"x\n",' * 4_000_000, "file_row_too_long"),
    "a quotation mark in the header that is never closed": (
        lambda: b'a,"b' + b"\n" * 50_000_000,
        "file_quote_open",
    ),
    "a quotation mark that is never closed": (lambda: b'a,b\n1,"' + b"x\n" * 10_000_000, "file_quote_open"),
    "blank lines": (lambda: b"\n" * 5_000_000, "file_no_header"),
    "cells of 100,000 characters": (
        lambda: b"a,b\n" + (b"x" * 100_000 + b",y\n") * 200,
        "file_cell_too_long",
    ),
}
"""What they are, and the rule that ends them ("": they are read, for they are no bombs any more)."""


def write(folder: Path) -> None:
    """Every bomb as a file, by its number."""
    for number, (made, _) in enumerate(BOMBS.values()):
        (folder / str(number)).write_bytes(made())


def read(path: Path) -> str:
    """The rule that ends the reading of a file, "" where it is read to its end."""
    from tests.migration.import_tables import table

    try:
        for _ in table(lambda: path.open("rb")).rows():
            pass
    except DomainError as error:
        return str(error.code)
    return ""


def read_all(folder: Path) -> None:
    """Prints what ends each, and the megabytes that it and those before it took."""
    read(folder / "0")  # what is imported on the way is not the file's
    before = _peak()
    found = {
        name: [read(folder / str(number)), (_peak() - before) // 1024] for number, name in enumerate(BOMBS)
    }
    print(json.dumps(found))


def _peak() -> int:
    """Kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    {"write": write, "read": read_all}[sys.argv[1]](Path(sys.argv[2]))
