"""Shape of the event that a career record tells: thin, never personal data."""

from typing import Final

from rencai.kernel.events import EventData, EventName, Shapes


class CareerRecorded(EventData):
    """Level, skills or projects of the career ladder. What they are stays in the table."""


SHAPES: Final[Shapes] = {
    EventName.CAREER_RECORDED: CareerRecorded,
}
