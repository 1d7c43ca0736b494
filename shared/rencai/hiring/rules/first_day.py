"""The first day of work, as far as a person has said it."""

from datetime import date

from .journey import Journey


def starts_on(journey: Journey) -> date | None:
    """The day that HR has said; None: it follows from the day of clearance."""
    said = journey.about.get("starts_on")
    return date.fromisoformat(said) if said else None
