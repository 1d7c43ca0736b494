"""The tests see what a function touches (``tests/permissions.py``): else nothing would be missing, whatever is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.hiring import vendor_told
from functions.people import ats_tell
from functions.survey import page
from rencai.store.sealed import Vault
from rencai.store.table import LISTS_INDEX, Key
from tests import permissions
from tests.aws import client, key_id
from tests.permissions import Touch, granted
from tests.wired import wired_with

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def _wired() -> Any:
    return wired_with(client, lambda: NOW, {"KEY_ID": key_id()})


def _as(module: Any, call: str) -> None:
    """Make a call as if it stood in a file of ``functions``."""
    exec(call, {"__name__": module.__name__, "wired": _wired(), "Key": Key, "LISTS_INDEX": LISTS_INDEX})  # noqa: S102 - the test's own words


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("wired.table.get(Key('CANDIDATE#1', 'x'))", "AtsSync get CANDIDATE#1: table"),
        ("wired.table.get_all([Key('CANDIDATE#1', 'x')])", "AtsSync get_all CANDIDATE#1: table"),
        ("wired.table.put(Key('CANDIDATE#1', 'x'), {})", "AtsSync put CANDIDATE#1: table"),
        (
            "wired.table.transact(wired.table.put_action(Key('MERGE#1', 'x'), {}))",
            "AtsSync put MERGE#1: table",
        ),
        ("wired.table.query('EMPLOYEE#1', limit=1)", "AtsSync query EMPLOYEE#1: table"),
        ("wired.table.query('STAGE#signed', limit=1, index=LISTS_INDEX)", "AtsSync  STAGE#signed: lists"),
        ("wired.vault.seal('x', owner='o', field='terms')", "AtsSync  terms: seals"),
    ],
)
def test_what_the_matrix_does_not_allow_is_missing(dynamodb: Any, call: str, said: str) -> None:
    _as(ats_tell, call)
    assert permissions.missing() == [f"access.yaml does not let {said}"]
    assert permissions.missing() == []


def test_what_it_allows_is_used(dynamodb: Any) -> None:
    _as(ats_tell, "wired.table.query('CANDIDATE#1', limit=1)")
    assert permissions.missing() == []
    assert ("AtsSync", Touch("table", "CANDIDATE#*", "query")) in permissions.used & granted()


def test_a_signed_url_needs_what_it_carries(dynamodb: Any) -> None:
    _as(vendor_told, "wired.bucket.download_url('reports/x', __import__('datetime').timedelta(1))")
    assert permissions.missing() == ["access.yaml does not let CallbackApplication get reports/x: objects"]


def test_what_a_test_does_itself_is_nobodys(dynamodb: Any, vault: Vault) -> None:
    _wired().table.get(Key("NOBODY#1", "x"))
    vault.seal("x", owner="o", field="nothing")
    assert permissions.missing() == []


def test_what_no_test_needs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (name, touch), *rest = sorted(granted())
    monkeypatch.setattr(permissions, "used", set(rest))
    assert permissions.unneeded() == [f"{name} {touch.kind} {touch.cell} {touch.word}".strip()]
    permissions.add([[name, touch.kind, touch.cell, touch.word]])
    assert permissions.unneeded() == []


def test_the_survey_page_would_be_caught(dynamodb: Any) -> None:
    """What outsiders found it could do."""
    _as(page, "wired.table.put(Key('OFFER#1', 'x'), {})")
    assert permissions.missing() == ["access.yaml does not let SurveyPage put OFFER#1: table"]
