"""The tenant's working days: due dates skip weekends and holidays, and count the weekends that are worked (调休)."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_serializer, model_validator

from rencai.kernel.configuration import Kind

from .refusals import DocumentRefusal
from .wording import wrong

_SATURDAY: Final = 5


class WorkCalendar(BaseModel):
    """Which days are worked. A day that is in neither list is worked from Monday to Friday.

    The lists are the law's days, which ``rencai admin work-calendar`` writes from a kept library, and the tenant's own.
    ``known_until`` is the last day of what was announced: of later years only the statutory days are there, without the
    days around them that are moved.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    days_off: Annotated[frozenset[date], Field(max_length=2000)] = frozenset()
    worked_weekends: Annotated[frozenset[date], Field(max_length=500)] = frozenset()
    known_until: date | None = None
    day_ends: time = time(18)
    """The local time at which something due on a day is due."""

    @field_serializer("days_off", "worked_weekends")
    def _in_order(self, days: frozenset[date]) -> list[date]:
        # A set has no order, and two documents that say the same should read the same.
        return sorted(days)

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        both = sorted(self.days_off & self.worked_weekends)
        if both:
            raise wrong(DocumentRefusal.DAY_OFF_AND_WORKED, day=both[0])
        weekday = next((day for day in sorted(self.worked_weekends) if day.weekday() < _SATURDAY), None)
        if weekday:
            raise wrong(DocumentRefusal.NO_WEEKEND, day=weekday)
        if self.day_ends.tzinfo is not None:
            raise wrong(DocumentRefusal.DAY_ENDS_LOCAL)
        return self

    def is_working(self, day: date) -> bool:
        """Whether people work on ``day``."""
        if day in self.days_off:
            return False
        return day.weekday() < _SATURDAY or day in self.worked_weekends

    def on_or_after(self, day: date) -> date:
        """``day``, or the next working day when it is none."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, working_days: int) -> date:
        """The working day that is ``working_days`` (0 or more) after the first on or after ``day``."""
        day = self.on_or_after(day)
        for _ in range(working_days):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def due_at(self, day: date, zone: ZoneInfo) -> datetime:
        """The moment something due on ``day`` is due: when that day ends in ``zone``."""
        return datetime.combine(day, self.day_ends, zone)


WORK_CALENDAR: Final = Kind("work_calendar", WorkCalendar, unset=WorkCalendar)
