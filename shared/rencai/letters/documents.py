"""The configuration document of a letter: its words, which the tenant edits."""

from typing import Final

from pydantic import BaseModel, ConfigDict

from rencai.kernel.configuration import Kind
from rencai.kernel.texts import LocalizedText


class NoticeTemplate(BaseModel):
    """A letter in both languages, as Jinja templates: ``subject`` plain text, ``body`` HTML (escaped by default).

    ``sms``: what it says as a text message, for whom no e-mail reaches; None: it is for e-mail alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    subject: LocalizedText
    body: LocalizedText
    sms: LocalizedText | None = None


NOTICE_TEMPLATE: Final = Kind("notice_template", NoticeTemplate)
