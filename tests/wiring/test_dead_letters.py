"""Dead letters go back to the queue they came from."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from infra.admin.redrive import Redriven, StackQueue, redrive


@dataclass
class FakeSqs:
    """Messages by queue; a received one stays, hidden, until it is deleted. The arguments are AWS's."""

    messages: dict[str, list[dict[str, Any]]]

    def receive_message(self, **asked: Any) -> dict[str, Any]:
        visible = [message for message in self.messages[asked["QueueUrl"]] if not message.get("hidden")]
        received = visible[: asked["MaxNumberOfMessages"]]
        for message in received:
            message["hidden"] = True
        return {"Messages": received}

    def send_message(self, **sent: Any) -> None:
        self.messages[sent.pop("QueueUrl")].append(
            {"Body": sent["MessageBody"], "MessageAttributes": sent["MessageAttributes"]}
        )

    def delete_message(self, **which: Any) -> None:
        self.messages[which["QueueUrl"]].remove(self._held(which))

    def change_message_visibility(self, **which: Any) -> None:
        self._held(which)["hidden"] = which["VisibilityTimeout"] > 0

    def _held(self, which: dict[str, Any]) -> dict[str, Any]:
        (message,) = (
            one for one in self.messages[which["QueueUrl"]] if one["ReceiptHandle"] == which["ReceiptHandle"]
        )
        return message


def arn(name: str) -> str:
    return f"arn:aws:sqs:ap-southeast-1:123456789012:{name}"


def url(name: str) -> str:
    return f"https://sqs.ap-southeast-1.amazonaws.com/123456789012/{name}"


def text_attribute(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def dead_letters() -> tuple[FakeSqs, list[StackQueue]]:
    messages: list[dict[str, Any]] = [
        # parked by a consumer, brought by the redrive policy, and put there by hand
        {
            "Body": "parked",
            "MessageAttributes": {
                "reason": text_attribute("finance: 404"),
                "queue_url": text_attribute(url("offers")),
                "trace": text_attribute("1"),
            },
        },
        {"Body": "worn out", "Attributes": {"DeadLetterQueueSourceArn": arn("checks")}},
        {"Body": "stray"},
    ]
    for number, message in enumerate(messages):
        message["ReceiptHandle"] = str(number)
    sqs = FakeSqs({url("dead"): messages, url("offers"): [], url("checks"): []})
    queues = [
        StackQueue("OfferQueue", url("offers"), arn("offers"), 0, (), has_dead_letters=True),
        StackQueue("CheckQueue", url("checks"), arn("checks"), 0, (), has_dead_letters=True),
        StackQueue(
            "DeadLetters", url("dead"), arn("dead"), 3, (arn("offers"), arn("checks")), has_dead_letters=False
        ),
        StackQueue("RelayDeadLetters", url("relay"), arn("relay"), 2, (), has_dead_letters=False),
    ]
    return sqs, queues


def test_dead_letters_go_back_to_the_queue_they_came_from() -> None:
    sqs, queues = dead_letters()
    done = redrive(cast(Any, sqs), queues)
    assert done == Redriven({"OfferQueue": 1, "CheckQueue": 1}, 1, {"finance: 404": 1})
    assert sqs.messages[url("offers")] == [
        {"Body": "parked", "MessageAttributes": {"trace": text_attribute("1")}}
    ]
    assert sqs.messages[url("checks")] == [{"Body": "worn out", "MessageAttributes": {}}]
    assert [(message["Body"], message["hidden"]) for message in sqs.messages[url("dead")]] == [
        ("stray", False)
    ]


@pytest.mark.parametrize("name", ["CheckQueue", "checks"])
def test_one_queue_by_itself(name: str) -> None:
    sqs, queues = dead_letters()
    assert redrive(cast(Any, sqs), queues, name) == Redriven({"CheckQueue": 1})
    assert [message["Body"] for message in sqs.messages[url("dead")]] == ["parked", "stray"]


def test_an_unknown_queue_is_said_with_those_there_are() -> None:
    sqs, queues = dead_letters()
    with pytest.raises(LookupError, match=r"'Nope'.*OfferQueue, CheckQueue"):
        redrive(cast(Any, sqs), queues, "Nope")
