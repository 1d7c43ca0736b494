"""The conversation of docs/api.md, from the upload to the end and once more: it goes as it is told there (F1)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.keyed import IDS
from tests.migration.import_office import Office, office
from tests.migration.test_imports_api import Caller
from tests.migration.test_imports_confirming import Person, book
from tests.wired import serves

HEADER = ("工号", "月份", "满意度", "压力", "想说的话")


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office() as fresh:
        serves(monkeypatch, fresh.wired)
        fresh.hires("10001")
        fresh.hires("10002")
        yield fresh


def survey(month: str, **further: Any) -> bytes:
    rows = [HEADER, ("10001", month, "还行", 5, "太忙"), ("10002", month, 4, 1, "")]
    name = {"2026-01": "一月", "2026-02": "二月"}[month]
    return book((), **{name: [("员工调研",), *rows]}, **further)


def test_f1_the_conversation_of_the_documentation(one: Office) -> None:
    # A sheet is said alone, and another after it: the import waits on, and shows what it found there.
    january = [("员工调研",), HEADER, ("10001", "2026-01", "还行", 4, "")]
    asked = Person(one, Caller(), one.brings("surveys", survey("2026-02", 一月=january), source="default"))
    view = asked.sees()
    assert (view["status"], view["table"]["asked"]) == ("confirming", ["sheet"])
    view = asked.says(table={"sheet": "一月"})
    assert view["status"] == "confirming"
    assert [column["header"] for column in view["columns"]] == list(HEADER)
    for more in (
        {"by_letter": {"E": None}},
        {"values": {"score:satisfaction": {"还行": 3}}},
        {"scales": {"score:stress": {"worst": 5, "best": 1}}},
        {"remember": True},
    ):
        assert asked.refused(table={"sheet": "二月"}, **more) == "table_first"
    view = asked.says(table={"sheet": "二月"})
    assert (view["status"], view["table"]["sheet"], view["table"]["header_row"]) == ("confirming", "二月", 2)
    assert [(found["field"], found["lowest"], found["highest"]) for found in view["asked_scales"]] == [
        ("score:stress", 1, 5)
    ]
    assert [(found["field"], [value["value"] for value in found["values"]]) for found in view["values"]] == [
        ("score:satisfaction", ["还行"])
    ]
    assert asked.refused(values={"score:satisfaction": {"还行": 3}}) == "scale_unknown"
    misspelt = {"score:stress": {"worst": 5, "best": 1, "bset": 5}}
    assert asked.call("POST", f"/imports/{asked.import_id}/columns", {"scales": misspelt})[0] == 400
    done = asked.says(
        columns={"想说的话": "text:comment"},
        values={"score:satisfaction": {"还行": 3}},
        scales={"score:stress": {"worst": 5, "best": 1}},
        remember=True,
    )
    assert done["errors"] == []
    assert (done["status"], done["counts"]["created"], done["counts"]["rejected"]) == ("finished", 2, 0)
    assert (done["said"], done["scales"]) == (
        {"score:satisfaction": {"还行": "3"}},
        {"score:stress": {"worst": 5, "best": 1}},
    )
    answers = one.signals.latest_survey(IDS.employee_of_number("10001"), with_texts=True)
    assert answers
    assert dict(answers.survey.scores) == {"satisfaction": 3, "stress": 1, "comment": None}

    # The next month needs nobody.
    again = Person(one, Caller(), one.brings("surveys", survey("2026-01"), source="default"))
    assert again.sees()["status"] == "finished"
    assert again.sees()["counts"]["created"] == 2
