"""Text messages: taken once by their key, and nothing of them kept."""

from typing import Any

import pytest

from tests.sandbox.stage import Stage

BODY = {
    "to": "+8613800000001",
    "text": "周晓,您好!欢迎加入。",
    "letter": "onboarding",
    "language": "zh-CN",
    "reference": "onboarding-c0ffee",
}


def test_a_message_is_taken_once_and_the_ledger_has_neither_number_nor_words(stage: Stage) -> None:
    first = stage.post("/sms/messages", BODY)
    again = stage.post("/sms/messages", BODY)
    assert (first.status, first.json) == (202, again.json)
    (row,) = stage.get("/ledger?vendor=sms").json["items"]
    assert (row["reference"], row["letter"], row["requests"]) == ("onboarding-c0ffee", "onboarding", 2)
    assert "13800000001" not in str(row)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"to": "+8613800000000"}, 422),
        ({"to": "13800000001"}, 400),
        ({"text": ""}, 400),
        ({"language": "de"}, 400),
    ],
)
def test_what_no_carrier_takes_is_refused(stage: Stage, change: dict[str, Any], status: int) -> None:
    assert stage.post("/sms/messages", BODY | change).status == status
