"""Shapes of the events that the reader's room tells: ids, and no word of what was said."""

from typing import Final, Literal

from rencai.kernel.events import EventData, EventName, Shapes


class ReadingMarked(EventData):
    """HR has said whether the reader was right."""

    mark_id: str
    kind: Literal["competency", "mentor"]


SHAPES: Final[Shapes] = {EventName.READING_MARKED: ReadingMarked}
