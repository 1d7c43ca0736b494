"""E-mail through SES."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from rencai.platform.consumer import Retry

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client


class SesMail:
    """Sends letters in the tenant's name."""

    def __init__(self, client: "SESV2Client", sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, to: str, subject: str, html: str, reference: str) -> str:
        """Send one letter; returns SES's message id. ``reference`` is a header, for finding it again.

        Raises ``Retry`` when SES refuses it; the error's text is left out, since it may quote the address.
        """
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {"Html": {"Data": html, "Charset": "UTF-8"}},
                        "Headers": [{"Name": "X-Rencai-Reference", "Value": reference}],
                    }
                },
            )
        except ClientError as error:
            raise Retry(f"SES answered {error.response.get('Error', {}).get('Code', '?')}") from None
        return answer["MessageId"]
