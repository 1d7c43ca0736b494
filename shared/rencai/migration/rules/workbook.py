"""What a workbook says of its sheets: which there are, the texts they share, and what styles show of numbers (F1)."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from rencai.kernel.errors import DomainError

from .archives import odd, parsed, read_whole
from .disguised import of_a_zip
from .limits import MAX_PARTS, MAX_SHARED_CHARACTERS, MAX_SHARED_STRINGS, MAX_UNPACKED_BYTES
from .refusals import MigrationRefusal

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STYLES: Final = "xl/styles.xml"
_SHARED: Final = "xl/sharedstrings.xml"
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.')
"""What a number format has in quotation marks is shown as it is; after _ and * comes a width and a filling."""
_IN_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_ELAPSED: Final = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_OF_A_DATE: Final = re.compile("[dmyhs]", re.IGNORECASE)
_PERCENT: Final = frozenset((9, 10))
_DATES: Final = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_DURATION: Final = 46
"""The number formats that every workbook has, by what they show."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it: its name, whether it is shown, the part that it is in."""

    name: str
    visible: bool
    path: str


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook's sheets in their order, the texts that cells refer to, what each style shows a number as, and the day
    that dates are counted from.
    """

    sheets: tuple[Listed, ...]
    shared: list[str]
    percent: frozenset[str]
    dates: frozenset[str]
    durations: frozenset[str]
    epoch: datetime

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
        sheets, epoch = _listed(archive)
        styles = _Styles()
        if _STYLES in names:
            read_whole(archive, _STYLES, styles.start, styles.end)
        shared = _Shared()
        if _SHARED in names:
            for _ in parsed(archive, _SHARED, MAX_UNPACKED_BYTES, shared.start, shared.end, shared.text):
                pass
        return cls(sheets, shared.strings, *styles.shown(), epoch)


def _listed(archive: zipfile.ZipFile) -> tuple[tuple[Listed, ...], datetime]:
    """The sheets of cells, each part once, and the day that dates are counted from."""
    targets: dict[str, str] = {}
    sheets: dict[str, Listed] = {}
    since_1904 = False

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal since_1904
        if name == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            id_ = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            visible = attributes.get("state", "visible") == "visible"
            # A part that is listed a hundred thousand times is one sheet.
            if id_ in targets and (id_ not in sheets or (visible and not sheets[id_].visible)):
                sheets[id_] = Listed(attributes.get("name", ""), visible, _path(targets[id_]))

    read_whole(archive, _RELATIONS, relation)
    read_whole(archive, _WORKBOOK, sheet)
    epoch = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet has no zone
    return tuple(sheets.values()), epoch


def _path(target: str) -> str:
    return target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")


@dataclass
class _Styles:
    """What the styles of cells show a number as."""

    formats: dict[str, str] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    within: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.within = True
        elif name == "xf" and self.within:
            self.used.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.within = False

    def shown(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """The styles that show 0.9 as 90 %, a day, and a span of time, as a sheet refers to them."""
        kinds = {id_: _kind_of(id_, self.formats.get(id_)) for id_ in set(self.used)}
        percent, dates, durations = (
            frozenset(str(index) for index, id_ in enumerate(self.used) if kinds[id_] == kind)
            for kind in ("percent", "date", "duration")
        )
        return percent, dates, durations


def _kind_of(id_: str, code: str | None) -> str:
    if code is None:
        number = int(id_) if id_.isascii() and id_.isdecimal() and len(id_) < 6 else 0
        if number == _DURATION:
            return "duration"
        return "percent" if number in _PERCENT else "date" if number in _DATES else ""
    first = _QUOTED.sub("", code.partition(";")[0])
    if "%" in first:
        return "percent"
    if _ELAPSED.search(first):
        return "duration"
    bare = _IN_BRACKETS.sub("", first)
    return "date" if "general" not in bare.casefold() and _OF_A_DATE.search(bare) else ""


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
