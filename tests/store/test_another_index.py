"""How one index takes another's place: beside it first, read from in one release, the old one gone in the next."""

import re
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from infra.admin.__main__ import app
from infra.admin.reindex import fill
from rencai.store.table import LISTS_INDEX, Index, Key, Table, from_cursor, to_cursor, to_item
from tests.moto_table import TABLE
from tests.template import ROOT, resources

SAME_KEYS = Index("gsi2", LISTS_INDEX.pk, LISTS_INDEX.sk)
OTHER_KEYS = Index("gsi2", "gsi2pk", "gsi2sk")


def made(dynamodb: Any, index: Index, projected: list[str]) -> None:
    """What the deployment with both indexes has CloudFormation do."""
    projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": projected}
    keys = [{"AttributeName": index.pk, "KeyType": "HASH"}, {"AttributeName": index.sk, "KeyType": "RANGE"}]
    dynamodb.update_table(
        TableName=TABLE,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in {"pk", "sk", LISTS_INDEX.pk, LISTS_INDEX.sk, index.pk, index.sk}
        ],
        GlobalSecondaryIndexUpdates=[
            {"Create": {"IndexName": index.name, "KeySchema": keys, "Projection": projection}}
        ],
    )


@pytest.fixture
def table(dynamodb: Any) -> Table:
    table = Table(dynamodb, TABLE)
    for number in range(5):
        item = {
            "gsi1pk": "STAGE#signed",
            "gsi1sk": f"sales#{number}",
            "name": "周",
            "level": number,
            "events": "[]",
        }
        table.put(Key(f"CANDIDATE#{number}", "JOURNEY"), item)
    table.put(Key("CANDIDATE#9", "PERSON"), {"name": "no list has it"})
    return table


def test_code_template_and_policies_say_the_index_in_these_places() -> None:
    """What is to be changed when another takes its place; keys are said where items are made of them."""
    named = {
        str(path.relative_to(ROOT))
        for folder in ("shared", "functions", "infra")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"""["']gsi1["']""", path.read_text())
    }
    assert named == {"shared/rencai/store/table.py"}
    (table,) = resources("AWS::DynamoDB::Table").values()
    (index,) = table["GlobalSecondaryIndexes"]
    keys = {one["KeyType"]: one["AttributeName"] for one in index["KeySchema"]}
    assert Index(index["IndexName"], keys["HASH"], keys["RANGE"]) == LISTS_INDEX


def test_another_projection_needs_no_filling_and_a_list_goes_on_where_it_was(
    dynamodb: Any, table: Table
) -> None:
    before, last = table.query("STAGE#signed", limit=2, index=LISTS_INDEX)
    assert [item["gsi1sk"] for item in before] == ["sales#0", "sales#1"]
    assert "level" not in before[0]
    cursor = to_cursor(last)

    made(dynamodb, SAME_KEYS, ["name", "level"])
    after, last = table.query("STAGE#signed", limit=9, start=from_cursor(cursor), index=SAME_KEYS)
    assert [(item["gsi1sk"], item["level"]) for item in after] == [
        ("sales#2", 2),
        ("sales#3", 3),
        ("sales#4", 4),
    ]
    assert last is None
    # Both are there until nothing reads the first.
    assert table.count("STAGE#signed", index=LISTS_INDEX) == table.count("STAGE#signed", index=SAME_KEYS) == 5


def test_keys_of_its_own_are_filled_in_for_what_was_written_before(dynamodb: Any, table: Table) -> None:
    made(dynamodb, OTHER_KEYS, ["name"])
    # The release that writes both has moved one on already, and one has left its list.
    table.put(
        Key("CANDIDATE#0", "JOURNEY"),
        {"gsi1pk": "STAGE#x", "gsi1sk": "0", "gsi2pk": "STAGE#x", "gsi2sk": "0"},
    )
    table.update(Key("CANDIDATE#1", "JOURNEY"), {"left": True}, clear=("gsi1pk", "gsi1sk"))
    assert table.count("STAGE#signed", index=OTHER_KEYS) == 0
    assert fill(dynamodb, TABLE, "gsi1", "gsi2") == 3
    found, _ = table.query("STAGE#signed", limit=9, index=OTHER_KEYS)
    assert [item["gsi2sk"] for item in found] == ["sales#2", "sales#3", "sales#4"]
    assert table.count("STAGE#x", index=OTHER_KEYS) == 1
    # Nothing is told again by that: its events were told by the write that brought them.
    assert all(
        "events" not in (table.get(Key(f"CANDIDATE#{number}", "JOURNEY")) or {}) for number in (2, 3, 4)
    )
    assert fill(dynamodb, TABLE, "gsi1", "gsi2") == 0


def test_what_is_written_while_it_is_filled_in_keeps_its_place(dynamodb: Any, table: Table) -> None:
    made(dynamodb, OTHER_KEYS, ["name"])
    moved = {"pk": "CANDIDATE#2", "sk": "JOURNEY", "gsi1pk": "STAGE#checking", "gsi1sk": "sales#2"}

    class Overtaken:
        def __getattr__(self, name: str) -> Any:
            return getattr(dynamodb, name)

        def update_item(self, **asked: Any) -> Any:
            if asked["Key"]["pk"] == {"S": "CANDIDATE#2"}:
                dynamodb.put_item(TableName=TABLE, Item=to_item(moved))
            return dynamodb.update_item(**asked)

    overtaken: Any = Overtaken()
    assert fill(overtaken, TABLE, "gsi1", "gsi2") == 4
    assert "gsi2pk" not in (table.get(Key("CANDIDATE#2", "JOURNEY")) or {})
    assert fill(dynamodb, TABLE, "gsi1", "gsi2") == 1
    assert table.count("STAGE#checking", index=OTHER_KEYS) == 1


def test_an_admin_runs_it_until_it_is_none(
    dynamodb: Any, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(dynamodb, OTHER_KEYS, ["name"])
    monkeypatch.setattr(boto3, "client", {"dynamodb": dynamodb}.__getitem__)

    def run() -> str:
        return CliRunner().invoke(app, ["reindex", "gsi1", "gsi2", "--table", TABLE]).output

    assert run() == "5 filled in; run it again until it is none\n"
    assert run() == "0 filled in\n"
