"""Whom letters go to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to: a candidate or an employee, by id."""

    id: str
    email: str | None
    locale: str
