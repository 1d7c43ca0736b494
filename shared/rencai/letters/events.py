"""Shapes of the events that letters tell: thin (ids, reasons), never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class NoticeUndeliverable(EventData):
    """``letter`` is the template's name; ``reason`` as in ``Undeliverable``."""

    letter: str
    reason: str


class NoticeSettled(EventData):
    """``letter`` is the template's name; ``how`` as in ``undelivered.How``."""

    letter: str
    how: str


SHAPES: Final[Shapes] = {
    EventName.NOTICE_UNDELIVERABLE: NoticeUndeliverable,
    EventName.NOTICE_SETTLED: NoticeSettled,
}
