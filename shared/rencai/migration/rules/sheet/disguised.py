"""What a file is that is no CSV and no XLSX, whatever it is called, so that it can be said what to do (F1)."""

import re
import zipfile
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final

from rencai.kernel.errors import DomainError
from rencai.migration.rules.refusals import MigrationRefusal

_LOOKED_AT: Final = 8 * 1024
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE2_PIECE: Final = 1024 * 1024
_WITHIN_OLE2: Final = (
    ("EncryptedPackage", MigrationRefusal.FILE_PROTECTED, ""),
    ("WordDocument", MigrationRefusal.FILE_OF_ANOTHER_PROGRAM, "Word(.doc)"),
    ("PowerPoint Document", MigrationRefusal.FILE_OF_ANOTHER_PROGRAM, "PowerPoint(.ppt)"),
    ("Workbook", MigrationRefusal.FILE_OLD_XLS, ""),
    ("Book", MigrationRefusal.FILE_OLD_XLS, ""),
)
"""Names of what is in a file of the format that Office had before, which is also that of one with a password."""
_OLD_SHEETS: Final = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
"""A worksheet older than that, by itself."""
_MAGIC: Final[Mapping[bytes, str]] = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"PAR1": "Parquet",
    b"SQLite format 3": "SQLite",
}
_PACKAGES: Final = (
    ("xl/workbook.bin", "XLSB"),
    ("word/document.xml", "Word(.docx)"),
    ("ppt/presentation.xml", "PowerPoint(.pptx)"),
    ("index/document.iwa", "Numbers"),
    ("index.zip", "Numbers"),
)
"""What is made of a zip, by a part that no other has."""
_MARKUP: Final = re.compile(
    rb"(?:\xef\xbb\xbf|\s)*<(?:!--|(?:!doctype|\?xml|\?mso|html|head|body|table|meta|div|style|script|workbook|xml)\b)",
    re.IGNORECASE,
)
_WEB: Final = re.compile(rb"<(?:!doctype html|html|table|body|meta)\b", re.IGNORECASE)
_JSON: Final = re.compile(rb'(?:\xef\xbb\xbf|\s)*(?:\[\s*[\[{]|\{\s*")')


def refuse_disguised(name: str, open_: Callable[[], BinaryIO]) -> None:
    """Raises ``DomainError`` for what is neither text nor a zip, or markup: FILE_OLD_XLS, FILE_PROTECTED,
    FILE_WEB_PAGE, FILE_XML_SHEET, FILE_OF_ANOTHER_PROGRAM. ``name`` is what the file is called.
    """
    with open_() as file:
        head = file.read(_LOOKED_AT)
    if head.startswith(_OLE2):
        raise _ole2(name, open_)
    if _OLD_SHEETS.match(head):
        raise DomainError(MigrationRefusal.FILE_OLD_XLS)
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise another(what)
    # As bytes, whatever it is written in: two bytes a character have a zero in between.
    text = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    if text.startswith(b"MIME-Version:"):
        raise DomainError(MigrationRefusal.FILE_WEB_PAGE)
    if _MARKUP.match(text):
        if b"office:spreadsheet" in text:
            raise DomainError(MigrationRefusal.FILE_XML_SHEET)
        raise DomainError(MigrationRefusal.FILE_WEB_PAGE) if _WEB.search(text) else another("XML")
    if _JSON.match(text):
        raise another("JSON")


def another(what: str) -> DomainError:
    """A file of another program's format."""
    return DomainError(MigrationRefusal.FILE_OF_ANOTHER_PROGRAM, what=what)


def of_a_zip(archive: zipfile.ZipFile) -> DomainError:
    """What a zip is that is no workbook."""
    names = {part.filename.casefold() for part in archive.infolist()}
    for part, what in _PACKAGES:
        if part in names:
            return another(what)
    if "mimetype" in names and "content.xml" in names:
        return another("OpenDocument(.ods)")
    if any(name.endswith((".csv", ".txt", ".xlsx", ".xls", ".tsv")) for name in names):
        return DomainError(MigrationRefusal.FILE_ARCHIVE)
    return DomainError(MigrationRefusal.FILE_NOT_A_TABLE)


def _ole2(name: str, open_: Callable[[], BinaryIO]) -> DomainError:
    """By what is in it; where that does not show, by what it is called."""
    before = b""
    found: set[str] = set()
    with open_() as file:
        while piece := file.read(_OLE2_PIECE):
            window = before + piece
            found |= {inner for inner, *_ in _WITHIN_OLE2 if inner.encode("utf-16-le") in window}
            before = window[-64:]
    for inner, code, what in _WITHIN_OLE2:
        if inner in found:
            return DomainError(code, what=what)
    old = name.casefold().endswith((".xls", ".xlt", ".et"))
    return DomainError(MigrationRefusal.FILE_OLD_XLS if old else MigrationRefusal.FILE_NOT_A_TABLE)
