"""An import that waits for a person can be finished by what its answer shows, or has failed (F1)."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.migration.rules.fields import ImportKind
from rencai.migration.store.imports import Counts, Import, ImportStatus
from tests.keyed import IDS
from tests.migration.import_office import Office, csv, office
from tests.migration.test_imports_api import Caller
from tests.wired import serves

WEEK = ("工号", "周", "工时")
ROW = ("10001", "2026-W08", "40")


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office() as fresh:
        serves(monkeypatch, fresh.wired)
        fresh.hires("10001")
        yield fresh


@pytest.fixture
def call() -> Caller:
    return Caller()


def book(hidden: Sequence[int] = (), **sheets: Sequence[Sequence[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for number in hidden:
            sheet.row_dimensions[number].hidden = True
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


class Person:
    """Says what an import asks, through the API."""

    def __init__(self, one: Office, call: Caller, waits: Import) -> None:
        self.one, self.call, self.import_id = one, call, waits.import_id

    def sees(self) -> Any:
        status, view = self.call("GET", f"/imports/{self.import_id}")
        assert status == 200
        return view

    def says(self, **said: Any) -> Any:
        status, view = self.call("POST", f"/imports/{self.import_id}/columns", said)
        assert status == 200, view
        self.one.delivers(lambda: self.one.splits(self.import_id))
        self.one.works(self.import_id)
        return self.sees()

    def refused(self, **said: Any) -> str:
        status, problem = self.call("POST", f"/imports/{self.import_id}/columns", said)
        assert status == 422
        return str(problem["type"]).removeprefix("urn:rencai:problem:")


def brought(one: Office, call: Caller, content: bytes, kind: str = "attendance", **how: Any) -> Person:
    return Person(one, call, one.brings(kind, content, **how))


def test_f1_what_a_file_is_written_in_is_shown_and_confirmed_before_anything_is_written(
    one: Office, call: Caller
) -> None:
    header = ("Employee no.", "Name", "Role", "Location", "Start date")
    content = csv(header, ("10002", "Jürgen Müller", "sales", "Köln", "2026-03-02"), encoding="cp1252")
    person = brought(one, call, content, "people")
    view = person.sees()
    assert (view["status"], view["table"]["asked"], view["table"]["encoding"]) == (
        "confirming",
        ["encoding"],
        "windows-1252",
    )
    assert view["columns"][1] == {
        "letter": "B",
        "header": "Name",
        "field": "name",
        "how": "exact",
        "sample": ["Jürgen Müller"],
    }
    offered = {found["encoding"]: found["sample"] for found in view["table"]["encodings"]}
    assert offered["koi8-r"] == ["JЭrgen MЭller", "KЖln"]
    assert person.refused(table={"encoding": "gb2312"}) == "encoding_unknown"
    done = person.says(table={"encoding": "windows-1252"})
    assert (done["status"], done["counts"]["created"]) == ("finished", 1)
    assert done["table"]["encoding"] == "windows-1252"
    employee = one.employees.get(IDS.employee_of_number("10002"))
    assert employee
    assert employee.name == "Jürgen Müller"


def test_f1_a_person_says_another_encoding_and_the_file_is_read_again(one: Office, call: Caller) -> None:
    header = ("Employee no.", "Name", "Role", "Location", "Start date")
    content = csv(header, ("10002", "山本", "sales", "Osaka", "2026-03-02"), encoding="euc-jp")
    person = brought(one, call, content, "people", dry_run=True)
    view = person.sees()
    (right,) = [found for found in view["table"]["encodings"] if found["sample"] == ["山本"]]
    assert person.refused(table={"encoding": right["encoding"]}, columns={"Name": "name"}) == "table_first"
    done = person.says(table={"encoding": right["encoding"]})
    assert (done["status"], done["counts"]["created"], done["columns"][1]["sample"]) == (
        "finished",
        1,
        ["山本"],
    )
    assert one.told()[-1].name == "import.finished"
    assert len([event for event in one.told() if event.name == "import.confirmed"]) == 1


def test_who_has_said_the_wrong_encoding_says_another(one: Office, call: Caller) -> None:
    header = ("Who", "Name", "Role", "Location", "Start date")
    content = csv(header, ("10002", "Jürgen", "sales", "Köln", "2026-03-02"), encoding="cp1252")
    person = brought(one, call, content, "people")
    view = person.says(table={"encoding": "koi8-r"})
    assert (view["status"], view["columns"][1]["sample"]) == ("confirming", ["JЭrgen"])
    view = person.says(table={"encoding": "windows-1252"})
    assert (view["status"], view["columns"][1]["sample"]) == ("confirming", ["Jürgen"])
    done = person.says(columns={"Who": "employee_no"})
    assert (done["status"], done["counts"]["created"]) == ("finished", 1)


def test_f1_of_two_sheets_a_person_says_which(one: Office, call: Caller) -> None:
    content = book(
        一月=[WEEK, ROW], 二月=[("考勤",), WEEK, ("10001", "2026-W09", "41"), ("10001", "2026-W10", "42")]
    )
    person = brought(one, call, content)
    view = person.sees()
    assert (view["table"]["asked"], view["table"]["sheet"]) == (["sheet"], "一月")
    assert [(sheet["name"], sheet["header_row"]) for sheet in view["table"]["sheets"]] == [
        ("一月", 1),
        ("二月", 2),
    ]
    assert view["table"]["sheets"][1]["rows"][2] == {"row": 3, "cells": ["10001", "2026-W09", "41"]}
    assert person.refused(table={"sheet": "三月"}) == "sheet_unknown"
    assert person.refused(table={"sheet": "二月", "header_row": 9}) == "header_row_unknown"
    done = person.says(table={"sheet": "二月"})
    assert (done["status"], done["counts"]["created"], done["table"]["header_row"]) == ("finished", 2, 2)


def test_f1_of_two_columns_of_one_heading_a_person_says_which(one: Office, call: Caller) -> None:
    person = brought(one, call, csv(("工号", "周", "工时", "工时"), (*ROW, "38")))
    assert person.sees()["table"]["asked"] == ["columns"]
    assert person.refused(columns={"工时": "hours"}) == "column_ambiguous"
    assert person.refused(by_letter={"E": "hours"}) == "column_unknown"
    assert person.refused(by_letter={"D": "hours", "C": "hours"}) == "column_twice"
    done = person.says(by_letter={"D": "hours"})
    assert (done["status"], done["counts"]["created"]) == ("finished", 1)
    (week,) = [item for (_, sk), item in one.items().items() if sk.startswith("ATTENDANCE#")]
    assert week["hours"] == 38


def test_f1_a_table_without_a_header_is_told_by_letters(one: Office, call: Caller) -> None:
    person = brought(one, call, csv(ROW, ("10001", "2026-W09", "41")))
    assert person.sees()["status"] == "confirming"
    view = person.says(table={"header_row": 0})
    assert (view["status"], [column["sample"][0] for column in view["columns"]]) == ("confirming", list(ROW))
    done = person.says(by_letter={"A": "employee_no", "B": "week", "C": "hours"})
    assert (done["status"], done["counts"]["created"]) == ("finished", 2)


@pytest.mark.parametrize(("what", "created"), [("read", 2), ("left_out", 1)])
def test_f1_rows_that_the_sheet_hides_are_asked_about(
    one: Office, call: Caller, what: str, created: int
) -> None:
    content = book([3], S=[WEEK, ROW, ("10001", "2026-W09", "41")])
    person = brought(one, call, content)
    view = person.sees()
    assert (view["status"], view["table"]["asked"], view["table"]["hidden_rows"]) == (
        "confirming",
        ["hidden_rows"],
        1,
    )
    assert person.refused(columns={}) == "hidden_rows_unsaid"
    done = person.says(table={"hidden_rows": what})
    assert (done["status"], done["counts"]["rows"]) == ("finished", created)


def test_who_is_asked_about_columns_is_asked_about_hidden_rows_at_once(one: Office, call: Caller) -> None:
    person = brought(one, call, book([2], S=[("谁", "周", "工时"), ROW]))
    assert person.sees()["table"]["asked"] == ["columns", "hidden_rows"]
    done = person.says(columns={"谁": "employee_no"}, table={"hidden_rows": "read"})
    assert (done["status"], done["counts"]["created"]) == ("finished", 1)


def test_a_dry_run_shows_what_it_read(one: Office, call: Caller) -> None:
    view = brought(one, call, csv(WEEK, ROW, encoding="gb18030"), dry_run=True).sees()
    assert (view["status"], view["table"]["encoding"], view["table"]["asked"]) == ("finished", "gb18030", [])
    assert [column["sample"] for column in view["columns"]] == [[cell] for cell in ROW]


def test_what_is_said_of_a_look_that_is_over_is_not_taken(one: Office, call: Caller) -> None:
    """A first try that comes late does not put the table back to where it had found it."""
    waits = one.brings("attendance", book(一月=[WEEK, ROW], 二月=[WEEK, ("10001", "2026-W09", "41")]))
    before = one.imports.get(waits.import_id)
    person = Person(one, call, waits)
    status, _ = call("POST", f"/imports/{waits.import_id}/columns", {"table": {"sheet": "二月"}})
    assert status == 200
    assert before.place
    late = one.imports.looked(before, before.place, before.columns or (), ("columns",))
    assert (late.status, late.columns, late.place and late.place.sheet) == (
        ImportStatus.READING,
        None,
        "二月",
    )
    one.splits(waits.import_id)
    assert one.works(waits.import_id).counts == Counts(created=1)
    assert person.sees()["table"]["sheet"] == "二月"


# --- whatever the file is, somebody can finish it


CELLS = st.sampled_from(
    ["", "工号", "周", "工时", "Hours", "工时小计", "10001", "2026-W08", "40", "x", "合计", "Ünï"]
)
TABLES = st.lists(st.lists(CELLS, min_size=0, max_size=5), min_size=0, max_size=6)


@given(
    st.lists(TABLES, min_size=1, max_size=3),
    st.sets(st.integers(1, 6), max_size=2),
    st.sampled_from(list(ImportKind)),
    st.sampled_from(["xlsx", "utf-8", "gb18030", "cp1252"]),
)
def test_f1_an_import_that_waits_can_be_finished_by_what_it_shows(
    sheets: list[list[list[str]]], hidden: set[int], kind: ImportKind, written: str
) -> None:
    with office() as one, pytest.MonkeyPatch.context() as patched:
        serves(patched, one.wired)
        content = (
            book(sorted(hidden), **{f"S{number}": rows for number, rows in enumerate(sheets)})
            if written == "xlsx"
            else "\n".join(",".join(row) for row in sheets[0]).encode(written, "replace")
        )
        person = Person(one, Caller(), one.brings(kind.value, content, dry_run=True))
        assert finished(person, kind) in ("finished", "failed")


def finished(person: Person, kind: ImportKind) -> str:
    """The status that somebody comes to who takes what is shown and names any column for what is missing."""
    for _ in range(4):
        view = person.sees()
        if view["status"] != "confirming":
            return str(view["status"])
        free = [column["letter"] for column in view["columns"] if not column["field"]]
        taken = [column["letter"] for column in view["columns"] if column["field"]]
        by_letter = dict(zip([*free, *taken], view["missing"], strict=False))
        read = {column["field"] for column in view["columns"] if column["letter"] not in by_letter}
        scales = {
            one["field"]: {"worst": one["lowest"], "best": one["highest"] + 1}
            for one in view["asked_scales"]
            if one["field"] in read
        }
        person.says(table={"hidden_rows": "read"}, by_letter=by_letter, scales=scales)
    return str(person.sees()["status"])
