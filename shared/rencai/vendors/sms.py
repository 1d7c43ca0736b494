"""Text messages: the client of carriers who speak our own contract."""

from typing import Annotated

from pydantic import BaseModel, Field

from rencai.letters.sms import NotTaken, ShortMessage

from .asked import Asked
from .http import ContentRefused, VendorHttp


class _Answer(BaseModel):
    message_id: Annotated[str, Field(min_length=1, max_length=128)]


class GenericSms:
    """Contract: ``POST /messages``."""

    def __init__(self, http: VendorHttp, asked: Asked) -> None:
        self._http = http
        self._asked = asked

    def send(self, message: ShortMessage) -> str:
        """Send one message: the same ``reference`` again is the same call, and so one message."""
        body = {
            "to": message.to,
            "text": message.text,
            "letter": message.letter,
            "language": message.language,
            "reference": message.reference,
        }
        call = self._asked.of(message.addressee, self._http.vendor, message.reference)
        try:
            return self._http.post("/messages", body, call, _Answer).message_id
        except ContentRefused as error:
            raise NotTaken(str(error)) from None
