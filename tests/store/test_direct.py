"""DynamoDB without the wire answers, refuses and keeps what it does over it (``tests/aws.py``)."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.aws import Saved, by_wire, client, fresh_table
from tests.moto_table import TABLE

KEY: dict[str, Any] = {"pk": {"S": "A#1"}, "sk": {"S": "B"}}


class Name(StrEnum):
    """Text that is not just text."""

    ONE = "one"


ITEM: dict[str, Any] = KEY | {
    "version": {"N": "1"},
    "name": {"S": "周晓"},
    "of": {"S": Name.ONE},
    "sealed": {"L": [{"B": b"\x00\xff"}, {"B": bytearray(b"ab")}]},
    "raw": {"B": b"\x80"},
    "told": {
        "M": {
            "said": {"S": "好"},
            "empty": {"L": []},
            "none": {"NULL": True},
            "yes": {"BOOL": True},
            "text": {"S": ""},
        }
    },
    "names": {"SS": ["a", "b"]},
    "nothing": {"M": {}},
}
HAS_VERSION: dict[str, Any] = {
    "ConditionExpression": "#v = :v",
    "ExpressionAttributeNames": {"#v": "version"},
}


def _put(version: str, **more: Any) -> dict[str, Any]:
    return {
        "TableName": TABLE,
        "Item": ITEM,
        **HAS_VERSION,
        "ExpressionAttributeValues": {":v": {"N": version}},
        **more,
    }


def _each(number: int) -> dict[str, Any]:
    return ITEM | {"sk": {"S": f"B{number}"}}


CALLS: dict[str, Callable[[Any], Any]] = {
    "put": lambda dynamodb: dynamodb.put_item(TableName=TABLE, Item=ITEM, ReturnValues="ALL_OLD"),
    "put on a condition": lambda dynamodb: dynamodb.put_item(**_put("1")),
    "put on a condition that fails": lambda dynamodb: dynamodb.put_item(
        **_put("2", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    ),
    "put of no table": lambda dynamodb: dynamodb.put_item(TableName="none", Item=ITEM),
    "put of an item that is too large": lambda dynamodb: dynamodb.put_item(
        TableName=TABLE, Item=KEY | {"text": {"S": "x" * 410_000}}
    ),
    "put of no key": lambda dynamodb: dynamodb.put_item(TableName=TABLE, Item={"pk": {"S": "A"}}),
    "put of what is no item": lambda dynamodb: dynamodb.put_item(TableName=TABLE, Item={"pk": {"S": 1}}),
    "get": lambda dynamodb: dynamodb.get_item(TableName=TABLE, Key=KEY, ReturnConsumedCapacity="TOTAL"),
    "get of some": lambda dynamodb: dynamodb.get_item(
        TableName=TABLE, Key=KEY, ProjectionExpression="#v, told", ExpressionAttributeNames={"#v": "version"}
    ),
    "get of nothing": lambda dynamodb: dynamodb.get_item(TableName=TABLE, Key=KEY | {"sk": {"S": "none"}}),
    "update": lambda dynamodb: dynamodb.update_item(
        TableName=TABLE,
        Key=KEY,
        UpdateExpression="SET told.said = :t REMOVE sealed ADD version :n",
        ExpressionAttributeValues={":t": {"S": "说"}, ":n": {"N": "2"}},
        ReturnValues="ALL_NEW",
    ),
    "update that is no expression": lambda dynamodb: dynamodb.update_item(
        TableName=TABLE, Key=KEY, UpdateExpression="SET"
    ),
    "delete": lambda dynamodb: dynamodb.delete_item(TableName=TABLE, Key=KEY, ReturnValues="ALL_OLD"),
    "query": lambda dynamodb: dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :p AND begins_with(sk, :s)",
        FilterExpression="version = :one",
        ExpressionAttributeValues={":p": KEY["pk"], ":s": {"S": "B"}, ":one": {"N": "1"}},
        Limit=2,
        ScanIndexForward=False,
    ),
    "query for a count": lambda dynamodb: dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": KEY["pk"]},
        Select="COUNT",
    ),
    "scan": lambda dynamodb: dynamodb.scan(TableName=TABLE),
    "batch get": lambda dynamodb: dynamodb.batch_get_item(
        RequestItems={TABLE: {"Keys": [KEY, KEY | {"sk": {"S": "B1"}}, KEY | {"sk": {"S": "none"}}]}}
    ),
    "transaction": lambda dynamodb: dynamodb.transact_write_items(
        TransactItems=[{"Put": {"TableName": TABLE, "Item": _each(number)}} for number in (1, 5)]
    ),
    "transaction that is refused": lambda dynamodb: dynamodb.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": TABLE, "Item": _each(1) | {"version": {"N": "9"}}}},
            {"Put": _put("2")},
            {"Delete": {"TableName": TABLE, "Key": KEY | {"sk": {"S": "B2"}}}},
        ]
    ),
    "transaction that updates and is refused": lambda dynamodb: dynamodb.transact_write_items(
        TransactItems=[
            {
                "Update": {
                    "TableName": TABLE,
                    "Key": KEY | {"sk": {"S": "B1"}},
                    "UpdateExpression": "SET told.said = :t",
                    "ExpressionAttributeValues": {":t": {"S": "new"}},
                }
            },
            {"Put": _put("2")},
        ]
    ),
}


def _came_of(dynamodb: Any, call: Callable[[Any], Any]) -> Any:
    """What a call says, and what there is after it: items, and images of the stream."""
    with fresh_table():
        for number in ("", 1, 2):
            by_wire("dynamodb").put_item(TableName=TABLE, Item=ITEM | {"sk": {"S": f"B{number}"}})
        try:
            said = call(dynamodb)
        except ClientError as refused:
            answer: dict[str, Any] = {**refused.response}
            status = answer.pop("ResponseMetadata")["HTTPStatusCode"]
            said = (type(refused).__name__, refused.operation_name, status, answer)
        except ParamValidationError as refused:
            said = str(refused)
        else:
            assert said.pop("ResponseMetadata")["HTTPStatusCode"] == 200
        return said, by_wire("dynamodb").scan(TableName=TABLE)["Items"], Saved().told(TABLE)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_call_comes_to_the_same_by_both_ways(call: Callable[[Any], Any]) -> None:
    assert _came_of(client("dynamodb"), call) == _came_of(by_wire("dynamodb"), call)


def test_what_was_answered_and_asked_is_not_what_is_kept() -> None:
    with fresh_table() as dynamodb:
        asked: dict[str, Any] = KEY | {"told": {"M": {"text": {"S": "a"}}}}
        dynamodb.put_item(TableName=TABLE, Item=asked)
        asked["told"]["M"]["text"]["S"] = "b"
        answered = dynamodb.get_item(TableName=TABLE, Key=KEY)["Item"]
        assert answered["told"] == {"M": {"text": {"S": "a"}}}
        answered["told"]["M"].clear()
        assert dynamodb.get_item(TableName=TABLE, Key=KEY)["Item"]["told"] == {"M": {"text": {"S": "a"}}}


def test_what_was_saved_is_put_back_as_often_as_it_is_wanted() -> None:
    with fresh_table() as dynamodb:
        dynamodb.put_item(TableName=TABLE, Item=ITEM)
        saved, items = Saved(), dynamodb.scan(TableName=TABLE)["Items"]
        told = saved.told(TABLE)
        for _ in range(2):
            CALLS["update"](dynamodb)
            dynamodb.put_item(TableName=TABLE, Item=_each(1))
            assert Saved().told(TABLE) != told
            saved.put_back()
            assert dynamodb.scan(TableName=TABLE)["Items"] == items
            assert Saved().told(TABLE) == told
