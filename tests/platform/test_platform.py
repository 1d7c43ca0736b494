"""Secrets, queues, mail, settings, and what is logged of an unknown error: with clients written by hand."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from rencai.platform.consumer import Retry
from rencai.platform.mail import Refused, SesMail, Unanswered
from rencai.platform.observability import described
from rencai.platform.queues import SqsQueue
from rencai.platform.secrets import CACHED_FOR, Credentials, Secrets
from rencai.platform.settings import Settings
from rencai.wiring.base import aws_client
from tests.builders import NOW


class SecretsClient:
    def __init__(self, **values: Any) -> None:
        self.values = values
        self.asked: list[str] = []

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's name
        self.asked.append(SecretId)
        return {"SecretString": json.dumps(self.values[SecretId.rpartition("/")[2]])}


class Clock:
    def __init__(self) -> None:
        self.now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def secrets_of(client: Any, clock: Clock) -> Secrets:
    return Secrets(client, "rencai/acme", clock)


def test_a_secret_is_asked_for_once_in_five_minutes() -> None:
    client, clock = SecretsClient(esign={"token": "t1", "webhook_secrets": ["whsec_a"]}), Clock()
    secrets = secrets_of(client, clock)
    assert secrets.of("esign") == Credentials(token="t1", webhook_secrets=("whsec_a",))
    client.values["esign"] = {"token": "t2", "webhook_secrets": ["whsec_b", "whsec_a"]}
    clock.now += CACHED_FOR - timedelta(seconds=1)
    assert secrets.of("esign").token == "t1"
    clock.now += timedelta(seconds=1)
    assert secrets.of("esign") == Credentials(token="t2", webhook_secrets=("whsec_b", "whsec_a"))
    assert client.asked == ["rencai/acme/esign"] * 2


def test_each_vendor_has_its_own() -> None:
    client = SecretsClient(esign={"token": "e"}, finance={"token": "f"})
    secrets = secrets_of(client, Clock())
    assert [secrets.of(vendor).token for vendor in ("esign", "finance", "esign")] == ["e", "f", "e"]
    assert client.asked == ["rencai/acme/esign", "rencai/acme/finance"]


def test_a_vendor_without_webhook_keys_has_none() -> None:
    assert secrets_of(SecretsClient(ats={"token": "t"}), Clock()).of("ats").webhook_secrets == ()


class SqsClient:
    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def change_message_visibility(self, **arguments: Any) -> None:
        self.calls.append(("change_message_visibility", arguments))

    def send_message(self, **arguments: Any) -> None:
        self.calls.append(("send_message", arguments))


def queue_of(client: Any) -> SqsQueue:
    return SqsQueue(client, "https://sqs/own", "https://sqs/dead")


def test_a_message_is_hidden_on_its_own_queue() -> None:
    client = SqsClient()
    queue_of(client).delay("receipt", 20)
    assert client.calls == [
        (
            "change_message_visibility",
            {"QueueUrl": "https://sqs/own", "ReceiptHandle": "receipt", "VisibilityTimeout": 20},
        )
    ]


@pytest.mark.parametrize(
    ("reason", "shown"), [("answered 400", "answered 400"), ("", "unknown"), ("x" * 300, "x" * 250)]
)
def test_a_parked_message_knows_why_and_where_from(reason: str, shown: str) -> None:
    client = SqsClient()
    queue_of(client).park("body", reason)
    assert client.calls == [
        (
            "send_message",
            {
                "QueueUrl": "https://sqs/dead",
                "MessageBody": "body",
                "MessageAttributes": {
                    "reason": {"DataType": "String", "StringValue": shown},
                    "queue_url": {"DataType": "String", "StringValue": "https://sqs/own"},
                },
            },
        )
    ]


class SesClient:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sent: list[dict[str, Any]] = []

    def send_email(self, **arguments: Any) -> dict[str, str]:
        if self.error:
            raise self.error
        self.sent.append(arguments)
        return {"MessageId": "m-1"}


def mail_of(client: Any) -> SesMail:
    return SesMail(client, "hr@example.com", "rencai-test")


TAGS = {"addressee": "cand_1", "letter": "0a1b"}


def test_a_letter_whole() -> None:
    client = SesClient()
    assert mail_of(client).send("a@b.cn", "欢迎", "<p>你好</p>", "welcome-cand_1", TAGS) == "m-1"
    assert client.sent == [
        {
            "FromEmailAddress": "hr@example.com",
            "ConfigurationSetName": "rencai-test",
            "EmailTags": [{"Name": "addressee", "Value": "cand_1"}, {"Name": "letter", "Value": "0a1b"}],
            "Destination": {"ToAddresses": ["a@b.cn"]},
            "Content": {
                "Simple": {
                    "Subject": {"Data": "欢迎", "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": "你好\n", "Charset": "UTF-8"},
                        "Html": {"Data": "<p>你好</p>", "Charset": "UTF-8"},
                    },
                    "Headers": [{"Name": "X-Rencai-Reference", "Value": "welcome-cand_1"}],
                }
            },
        }
    ]


def answered(code: str, status: int = 400, message: str = "about a@b.cn") -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "SendEmail")


NOT_VERIFIED = "Email address is not verified. The following identities failed the check: a@b.cn"


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        # Of the letter itself: SES will say it again.
        (answered("MessageRejected"), Refused, "SES answered MessageRejected"),
        (answered("BadRequestException"), Refused, "SES answered BadRequestException"),
        # Of the account, the sender or the rate: it passes, or an admin mends it.
        (answered("MessageRejected", message=NOT_VERIFIED), Retry, "SES answered MessageRejected"),
        (answered("TooManyRequestsException", 429), Retry, "SES answered TooManyRequestsException"),
        (answered("LimitExceededException"), Retry, "SES answered LimitExceededException"),
        (answered("SendingPausedException"), Retry, "SES answered SendingPausedException"),
        (answered("AccountSuspendedException"), Retry, "SES answered AccountSuspendedException"),
        (
            answered("MailFromDomainNotVerifiedException"),
            Retry,
            "SES answered MailFromDomainNotVerifiedException",
        ),
        (answered("NotFoundException", 404), Retry, "SES answered NotFoundException"),
        (ConnectTimeoutError(endpoint_url="https://ses"), Retry, "SES: ConnectTimeoutError"),
        (EndpointConnectionError(endpoint_url="https://ses"), Retry, "SES: EndpointConnectionError"),
        # It may have been sent.
        (answered("InternalFailure", 500), Unanswered, "SES answered InternalFailure"),
        (answered("ServiceUnavailable", 503), Unanswered, "SES answered ServiceUnavailable"),
        (ReadTimeoutError(endpoint_url="https://ses"), Unanswered, "SES: ReadTimeoutError"),
        (ConnectionClosedError(endpoint_url="https://ses"), Unanswered, "SES: ConnectionClosedError"),
    ],
    ids=str,
)
def test_what_ses_does_not_take_and_why(error: Exception, kind: type[Exception], text: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its very type is what is asked
        mail_of(SesClient(error)).send("a@b.cn", "s", "b", "r", TAGS)
    assert (type(caught.value), str(caught.value)) == (kind, text)
    assert caught.value.__suppress_context__


def test_the_sdk_does_not_send_a_letter_again_by_itself() -> None:
    assert aws_client("sesv2").meta.config.retries["total_max_attempts"] == 1
    assert aws_client("dynamodb").meta.config.retries["total_max_attempts"] == 4


def test_a_setting_a_function_was_not_given_is_named() -> None:
    given = Settings({"TENANT_ID": "acme", "TENANT_LANGUAGE": "en"})
    assert (given.tenant_id, given.language, given["TENANT_ID"]) == ("acme", "en", "acme")
    with pytest.raises(KeyError, match="BUS_NAME is not set: give it to this function in its room"):
        given["BUS_NAME"]


class Odd(Exception):
    def __str__(self) -> str:
        return "周晓"


def test_an_unknown_error_is_its_type_and_place_and_nothing_it_says() -> None:
    def fails() -> None:
        raise Odd

    with pytest.raises(Odd) as caught:
        fails()
    assert described(caught.value).rpartition(":")[0].endswith("test_platform.Odd at test_platform.py")
    assert described(Odd()).endswith("test_platform.Odd at ?")
