"""What a workbook says of its sheets: which there are, the texts they share, and what styles show of numbers (F1)."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rencai.kernel.errors import DomainError
from rencai.migration.rules.limits import (
    MAX_FORMATS,
    MAX_PARTS,
    MAX_SHARED_CHARACTERS,
    MAX_SHARED_STRINGS,
    MAX_UNPACKED_BYTES,
)
from rencai.migration.rules.refusals import MigrationRefusal

from .archives import odd, parsed, read_whole
from .disguised import of_a_zip
from .number_formats import BUILT_IN, GENERAL, NumberFormat, UnknownFormatError, parsed_format

TRUE: Final = ("1", "true")
"""How XML says yes."""
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STYLES: Final = "xl/styles.xml"
_SHARED: Final = "xl/sharedstrings.xml"
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it: its name, whether it is shown, the part that it is in."""

    name: str
    visible: bool
    path: str


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook's sheets in their order, the texts that cells refer to, what its styles show of a value, whether days
    are counted from 1904 on, and whether what formulas came to is out of date until it is opened.
    """

    sheets: tuple[Listed, ...]
    shared: list[str]
    styles: "Styles"
    since_1904: bool
    outdated: bool

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> "Book":
        """Look at a workbook; everything but its sheets is read."""
        parts = archive.infolist()
        names = {part.filename.casefold() for part in parts}
        if _WORKBOOK not in names:
            raise of_a_zip(archive)
        if any(part.flag_bits & 1 for part in parts):
            raise DomainError(MigrationRefusal.FILE_PROTECTED)
        if len(parts) > MAX_PARTS:
            raise odd("zip")
        sheets, since_1904, outdated = _listed(archive)
        styles = Styles()
        if _STYLES in names:
            read_whole(archive, _STYLES, styles.start, styles.end)
        shared = _Shared()
        if _SHARED in names:
            for _ in parsed(archive, _SHARED, MAX_UNPACKED_BYTES, shared.start, shared.end, shared.text):
                pass
        return cls(sheets, shared.strings, styles, since_1904, outdated)


def _listed(archive: zipfile.ZipFile) -> tuple[tuple[Listed, ...], bool, bool]:
    """The sheets of cells, each part once; whether days are counted from 1904 on; whether all is to be calculated when
    it is opened.
    """
    targets: dict[str, str] = {}
    sheets: dict[str, Listed] = {}
    since_1904 = outdated = False

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal since_1904, outdated
        if name == "workbookPr":
            since_1904 = attributes.get("date1904") in TRUE
        elif name == "calcPr":
            outdated = attributes.get("fullCalcOnLoad") in TRUE
        elif name == "sheet":
            id_ = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            visible = attributes.get("state", "visible") == "visible"
            # A part that is listed a hundred thousand times is one sheet.
            if id_ in targets and (id_ not in sheets or (visible and not sheets[id_].visible)):
                sheets[id_] = Listed(attributes.get("name", ""), visible, _path(targets[id_]))

    read_whole(archive, _RELATIONS, relation)
    read_whole(archive, _WORKBOOK, sheet)
    return tuple(sheets.values()), since_1904, outdated


def _path(target: str) -> str:
    return target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")


@dataclass
class Styles:
    """What the styles of cells show of a value: their number formats, each read when a cell first has it."""

    formats: dict[str, str] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    within: bool = False
    _read: dict[str, NumberFormat | None] = field(default_factory=dict)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element of the part begins."""
        if name == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.within = True
        elif name == "xf" and self.within:
            self.used.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        """An element of the part has come to its end."""
        if name == "cellXfs":
            self.within = False

    def format(self, style: str) -> NumberFormat | None:
        """The number format of a style, as a cell refers to it; None: nobody can say what it shows."""
        index = int(style) if style.isascii() and style.isdecimal() and len(style) < 8 else 0
        id_ = self.used[index] if index < len(self.used) else "0"
        if id_ not in self._read:
            if len(self._read) >= MAX_FORMATS:
                return None
            self._read[id_] = self._format(id_)
        return self._read[id_]

    def _format(self, id_: str) -> NumberFormat | None:
        code = self.formats.get(id_)
        if code is None:
            number = int(id_) if id_.isascii() and id_.isdecimal() and len(id_) < 6 else 0
            code = BUILT_IN.get(number, GENERAL)
        try:
            return parsed_format(code or GENERAL)
        except UnknownFormatError:
            return None


def _too_many_texts() -> DomainError:
    return DomainError(
        MigrationRefusal.FILE_TOO_MANY_TEXTS, strings=MAX_SHARED_STRINGS, characters=MAX_SHARED_CHARACTERS
    )


@dataclass
class _Shared:
    """The texts that cells refer to by number; of one in several styles, its runs together, without how it is read."""

    strings: list[str] = field(default_factory=list)
    size: int = 0
    _texts: list[str] = field(default_factory=list)
    _in_text: bool = False
    _aloud: bool = False

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "t":
            self._in_text = not self._aloud
        elif name == "rPh":
            self._aloud = True

    def text(self, text: str) -> None:
        if self._in_text:
            self.size += len(text)
            if self.size > MAX_SHARED_CHARACTERS:
                raise _too_many_texts()
            self._texts.append(text)

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._aloud = False
        elif name == "si":
            if len(self.strings) >= MAX_SHARED_STRINGS:
                raise _too_many_texts()
            self.strings.append(unescaped("".join(self._texts)))
            self._texts.clear()


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot have: a carriage return is ``_x000D_``.

    >>> unescaped("a_x0041_")
    'aA'
    """
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Half a character of two is none, and no file or table would take it.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
