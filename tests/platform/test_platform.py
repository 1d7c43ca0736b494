"""Secrets, queues, mail, settings, and what is logged of an unknown error: with clients written by hand."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rencai.platform.consumer import Retry
from rencai.platform.mail import SesMail
from rencai.platform.observability import described
from rencai.platform.queues import SqsQueue
from rencai.platform.secrets import CACHED_FOR, Credentials, Secrets
from rencai.platform.settings import Settings
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
    return SesMail(client, "hr@example.com")


def test_a_letter_whole() -> None:
    client = SesClient()
    assert mail_of(client).send("a@b.cn", "欢迎", "<p>你好</p>", "welcome-cand_1") == "m-1"
    assert client.sent == [
        {
            "FromEmailAddress": "hr@example.com",
            "Destination": {"ToAddresses": ["a@b.cn"]},
            "Content": {
                "Simple": {
                    "Subject": {"Data": "欢迎", "Charset": "UTF-8"},
                    "Body": {"Html": {"Data": "<p>你好</p>", "Charset": "UTF-8"}},
                    "Headers": [{"Name": "X-Rencai-Reference", "Value": "welcome-cand_1"}],
                }
            },
        }
    ]


def test_ses_refusing_a_letter_is_tried_again_without_quoting_the_address() -> None:
    refusal = ClientError(
        {"Error": {"Code": "MessageRejected", "Message": "Address a@b.cn is not verified"}}, "SendEmail"
    )
    with pytest.raises(Retry) as caught:
        mail_of(SesClient(refusal)).send("a@b.cn", "s", "b", "r")
    assert str(caught.value) == "SES answered MessageRejected"
    assert caught.value.__suppress_context__


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
