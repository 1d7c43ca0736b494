"""Each function's role on the embedded stack, assumed, and held against access.yaml by calls: IAM answers, not we.

MiniStack evaluates the conditions once it is told their keys (``infra/local/conditions.py``).
"""

from typing import Any, Final

import pytest

from infra.local.stack import Stack
from tests.e2e.roles import Role, Sealing
from tests.matrix import MATRIX

_WORDS: Final = ("get", "get_all", "query", "put", "update", "delete")


def cells(kind: str) -> set[str]:
    return {cell for own in MATRIX.values() for cell in own.get(kind, ())}


KEYS: Final = sorted({pattern.replace("*", "x") for pattern in cells("table")} | {"STRANGER#x"})
LISTS: Final = sorted({pattern.replace("*", "x") for pattern in cells("lists")} | {"STRANGER#x"})


def covered(patterns: Any, key: str) -> bool:
    return any(key == one or (one.endswith("*") and key.startswith(one[:-1])) for one in patterns)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_a_role_reaches_what_the_matrix_says_and_no_more(stack: Stack, name: str) -> None:
    own, role, sealing = MATRIX[name], Role(stack, name), Sealing(stack)
    table = {key: words.split() for key, words in own.get("table", {}).items()}
    for word in _WORDS:
        patterns = [key for key, words in table.items() if word in words]
        assert {key for key in KEYS if role.may(word, key)} == {
            key for key in KEYS if covered(patterns, key)
        }, word
    assert {key for key in LISTS if role.may_list(key)} == {
        key for key in LISTS if covered(own.get("lists", ()), key)
    }
    assert not role.may("scan", "")
    assert not role.may("batch_write", "CANDIDATE#x")
    contexts = {field: sealing.context(field) for field in (*cells("opens"), *cells("seals"), "stranger")}
    assert {field for field, one in contexts.items() if sealing.opened_by(role, one)} == {
        *own.get("opens", ())
    }
    assert {field for field, one in contexts.items() if sealing.sealed_by(role, one)} == {
        *own.get("seals", ())
    }


def test_a_transaction_is_held_to_its_parts_keys(stack: Stack) -> None:
    role = Role(stack, "ImportApi")
    assert role.may("transact", "IMPORTS")
    assert not role.may("transact", "CANDIDATE#x")


def test_the_tables_own_key_and_another_tenants_are_nobodys(stack: Stack) -> None:
    """What DynamoDB keeps under the key a role opens through DynamoDB, not by itself."""
    sealing = Sealing(stack)
    for name in ("HrApi", "BackgroundCheck", "SurveyPage"):
        role = Role(stack, name)
        assert not sealing.opened_by(role, {"aws:dynamodb:tableName": stack.table})
        assert not sealing.opened_by(role, sealing.context("national_id", tenant="another"))
        assert not sealing.opened_by(role, {})
