"""Whom letters go to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to: a candidate or an employee, by id. ``phone``: E.164, None where there is none that a
    message can be sent to.
    """

    id: str
    email: str | None
    locale: str
    phone: str | None = None
