"""Shapes of the events that an import tells: thin (kind, counts), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class ImportPartDone(EventData):
    """A part of an import was written (or undone): whose files it changed is kept with the part."""

    part: int
    undone: bool


class ImportToldOf(EventData):
    """``kind``: people, recruiting, training, performance, attendance, leave or surveys."""

    kind: str


class ImportFinished(EventData):
    """``duplicates`` were so already."""

    accepted: int
    rejected: int
    duplicates: int


SHAPES: Final[Shapes] = {
    EventName.IMPORT_FINISHED: ImportFinished,
    EventName.IMPORT_CONFIRMED: ImportToldOf,
    EventName.IMPORT_PART_DONE: ImportPartDone,
    EventName.IMPORT_UNDO_ASKED: ImportToldOf,
    EventName.IMPORT_UNDONE: ImportToldOf,
}
