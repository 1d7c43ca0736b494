"""The port of text messages: for whom no e-mail reaches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class NotTaken(Exception):
    """The carrier will never take this message: the number or the words are at fault. The text is safe to log."""


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """A letter as a text message.

    ``addressee`` is a candidate's or an employee's id, ``to`` their phone (E.164: ``+8613800000001``), ``letter`` the
    template, ``language`` what it is written in. ``reference`` names this letter to this person: the same is the same
    message. ``text`` is what it says; ``values`` are what the template had, for a carrier that keeps the words itself.
    """

    addressee: str
    to: str = field(repr=False)
    letter: str
    language: str
    reference: str
    text: str = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)


class Sms(Protocol):
    """Sends text messages in the tenant's name."""

    def send(self, message: ShortMessage) -> str:
        """Send one; returns the carrier's id of it.

        Raises ``NotTaken``; ``VendorRefusal`` when something about the account is at fault, and a person has to mend
        it; ``VendorUnavailable`` when it was not taken now, or nobody knows whether it was.
        """
