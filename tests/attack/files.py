"""Files as real tools write them: in other encodings, under titles, filtered, and called what they are not."""

import io
import uuid
from typing import Any

import openpyxl

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider, eventually

HEADER = ("Employee no.", "Name", "Role", "Location", "Start date")
WEEK = ("工号", "周", "工时")


def _brought(outsider: Outsider, kind: str, filename: str, content: bytes, **asked: Any) -> dict[str, Any]:
    request = {"kind": kind, "filename": filename, **asked}
    ticket = outsider.post("/imports", request, 201)
    outsider.http.put(ticket["url"], content=content, headers=ticket["headers"]).raise_for_status()
    return _at_rest(outsider, ticket["import_id"])


def _at_rest(outsider: Outsider, import_id: str) -> dict[str, Any]:
    def looked() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/imports/{import_id}")
        return found if found["status"] in ("finished", "failed", "confirming") else None

    return eventually("the import is at rest", looked)


def _number() -> str:
    return f"F{uuid.uuid4().hex[:8]}"


@attack("People of a Windows file of the west, which are Chinese when they are read as GB18030")
def another_encoding(outsider: Outsider) -> str:
    number = _number()
    rows = f"{','.join(HEADER)}\n{number},Jürgen Müller,sales,Köln,2025-03-03\n"
    waits = _brought(outsider, "people", "people.csv", rows.encode("cp1252"))
    assert (waits["status"], waits["table"]["asked"]) == ("confirming", ["encoding"]), waits
    offered = {one["encoding"]: one["sample"] for one in waits["table"]["encodings"]}
    assert offered["windows-1252"] == ["Jürgen Müller", "Köln"], offered
    outsider.post(f"/imports/{waits['import_id']}/columns", {"table": {"encoding": "windows-1252"}})
    assert _at_rest(outsider, waits["import_id"])["counts"]["created"] == 1
    employee = outsider.get(f"/employees/{outsider.stack.ids.employee_of_number(number)}")
    assert employee["name"] == "Jürgen Müller", employee
    return f"asked, {len(offered)} encodings with samples; then read as {employee['name']}"


@attack("A workbook with a title, a second sheet of the same, and filtered rows")
def filtered(outsider: Outsider) -> str:
    number = _number()
    people = f"{','.join(HEADER)}\n{number},Somebody,sales,Shanghai,2025-03-03\n"
    assert _brought(outsider, "people", "people.csv", people.encode())["counts"]["created"] == 1
    book = openpyxl.Workbook()
    for name, week in (("一月", "2026-W02"), ("二月", "2026-W06")):
        sheet = book.create_sheet(name)
        for row in (("考勤汇总",), WEEK, (number, week, 40), (number, f"{week[:-1]}7", 41), ("合计", "", 81)):
            sheet.append(row)
        sheet.row_dimensions[4].hidden = True
    book.remove(book.worksheets[0])
    content = io.BytesIO()
    book.save(content)
    waits = _brought(outsider, "attendance", "weeks.xlsx", content.getvalue())
    table = waits["table"]
    assert (table["asked"], table["header_row"], table["hidden_rows"]) == (["sheet", "hidden_rows"], 2, 1), (
        waits
    )
    path = f"/imports/{waits['import_id']}/columns"
    unsaid = outsider.call("POST", path, json={})
    assert unsaid.status_code == 422, unsaid.text
    outsider.post(path, {"table": {"sheet": "二月"}})
    assert _at_rest(outsider, waits["import_id"])["status"] == "confirming"
    outsider.post(path, {"table": {"hidden_rows": "left_out"}})
    done = _at_rest(outsider, waits["import_id"])
    assert (done["counts"]["created"], done["counts"]["rejected"]) == (1, 1), done
    return f"asked for sheet and hidden rows ({unsaid.json()['detail']}); the total: {done['errors'][0]['message']}"


@attack("A web page called .xls, a JSON file called .csv, and text with a NUL")
def disguised(outsider: Outsider) -> str:
    page = "<html><table><tr><td>工号</td></tr></table></html>".encode()
    files = {"a.xls": page, "b.csv": b'[{"no": "1"}]', "c.csv": "工号,姓名\n1,张\0三\n".encode()}
    rules = []
    for name, content in files.items():
        failed = _brought(outsider, "people", name, content)
        assert (failed["status"], failed["counts"]["created"]) == ("failed", 0), failed
        rules.append(failed["errors"][0]["rule"])
    assert rules == ["file_web_page", "file_of_another_program", "file_nul"], rules
    return ", ".join(rules)


SHOWN = [
    shown_by("A file that waits for what nobody can say", "tests/migration/test_imports_confirming.py"),
    shown_by(
        "Thirteen encodings, each taken for Chinese or for one another",
        "tests/migration/test_import_encodings.py",
    ),
    shown_by("Names that were read in the wrong encoding once", "tests/migration/test_import_garbled.py"),
]
