"""E-mail through SES."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from rencai.kernel.readable import as_text
from rencai.platform.consumer import Retry

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

_FOR_GOOD: Final = frozenset({"BadRequestException", "MessageRejected"})
"""What SES says of a letter that it will say again (API reference, SendEmail): the address or the content is at fault.
Its other errors speak of the account, the sender's domain or the rate, and pass.
"""
_NOT_VERIFIED: Final = "not verified"
"""Of a MessageRejected that speaks of the account: it may not write as this sender, or is in SES's sandbox. An admin
mends that, and then the same letter is taken.
"""


class Refused(Exception):
    """SES does not take this letter, now or later. The text is safe to log."""


class Unanswered(Retry):
    """SES may have taken the letter: no answer came. The text is safe to log."""


class SesMail:
    """Sends letters in the tenant's name.

    ``client`` must not try again by itself: a letter has no idempotency key. What SES later says of letters of the
    ``configuration_set`` - sent, bounced - comes with their tags.
    """

    def __init__(self, client: "SESV2Client", sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, to: str, subject: str, html: str, reference: str, tags: Mapping[str, str]) -> str:
        """Send one letter, as HTML and as the text it shows; returns SES's message id. ``reference`` is a header, for
        finding it again; tags are of letters, digits, ``_`` and ``-``.

        Raises ``Refused``, ``Unanswered`` or ``Retry``; SES's text is left out, since it may quote the address.
        """
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {
                            "Text": {"Data": as_text(html), "Charset": "UTF-8"},
                            "Html": {"Data": html, "Charset": "UTF-8"},
                        },
                        "Headers": [{"Name": "X-Rencai-Reference", "Value": reference}],
                    }
                },
            )
        except ClientError as error:
            raise _judged(error) from None
        except ConnectionError as error:
            raise Retry(f"SES: {type(error).__name__}") from None
        except HTTPClientError as error:
            raise Unanswered(f"SES: {type(error).__name__}") from None
        return answer["MessageId"]


def _judged(error: ClientError) -> Exception:
    said = error.response.get("Error", {})
    code = said.get("Code", "?")
    text = f"SES answered {code}"
    if code in _FOR_GOOD and _NOT_VERIFIED not in said.get("Message", ""):
        return Refused(text)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", HTTPStatus.BAD_REQUEST)
    return Unanswered(text) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Retry(text)
