"""The condition keys that the embedded stack is told of: what of a request they are."""

from typing import Any

import pytest

from infra.local.conditions import encryption_context, leading_keys

KEY = {"pk": {"S": "A#1"}, "sk": {"S": "x"}}
OTHER = {"pk": {"S": "B#2"}, "sk": {"S": "y"}}


def _hash_key(table: str, index: str) -> str:
    assert table in ("table", "")
    return f"{index}pk"


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"TableName": "table", "Key": KEY}, ["A#1"]),
        ({"TableName": "table", "Item": OTHER | {"gsi1pk": {"S": "LIST#"}}}, ["B#2"]),
        ({"RequestItems": {"table": {"Keys": [KEY, OTHER]}}}, ["A#1", "B#2"]),
        (
            {"RequestItems": {"table": [{"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": OTHER}}]}},
            ["A#1", "B#2"],
        ),
        (
            {
                "TransactItems": [
                    {"Put": {"TableName": "table", "Item": KEY}},
                    {"Delete": {"TableName": "table", "Key": OTHER}},
                ]
            },
            ["A#1", "B#2"],
        ),
        (
            {
                "TableName": "table",
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
                "ExpressionAttributeValues": {":pk": {"S": "A#1"}, ":prefix": {"S": "B#2"}},
            },
            ["A#1"],
        ),
        (
            {
                "TableName": "table",
                "KeyConditionExpression": "sk = :sk AND #p = :pk",
                "ExpressionAttributeNames": {"#p": "pk"},
                "ExpressionAttributeValues": {":pk": {"S": "A#1"}, ":sk": {"S": "B#2"}},
            },
            ["A#1"],
        ),
        (
            {
                "TableName": "table",
                "IndexName": "gsi1",
                "KeyConditionExpression": "gsi1pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": "LIST#open"}},
            },
            ["LIST#open"],
        ),
        ({"TableName": "table"}, []),
    ],
)
def test_the_leading_keys_of_a_request(asked: dict[str, Any], keys: list[str]) -> None:
    assert list(leading_keys(asked, _hash_key)) == keys


def test_the_pairs_of_an_encryption_context() -> None:
    asked = {"EncryptionContext": {"field": "terms", "aws:s3:arn": "arn"}}
    assert encryption_context(asked) == {
        "kms:EncryptionContext:field": "terms",
        "kms:EncryptionContext:aws:s3:arn": "arn",
    }
    assert encryption_context({}) == {}
