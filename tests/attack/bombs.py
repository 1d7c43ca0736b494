"""Files that are small and say much, URLs that are used twice, and cells that are formulas to who opens them."""

from __future__ import annotations

import io
import json
from functools import partial
from typing import Any

import openpyxl

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider, eventually
from tests.migration.bombs import BOMBS


def _imported(outsider: Outsider, filename: str, content: bytes, **asked: Any) -> dict[str, Any]:
    """A file of attendance, dry, to its end."""
    request = {"kind": "attendance", "filename": filename, "dry_run": True, **asked}
    ticket = outsider.call("POST", "/imports", "hr", json=request).json()
    put = outsider.http.put(ticket["url"], content=content, headers=ticket["headers"])
    assert put.status_code == 200, put.text

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/imports/{ticket['import_id']}")
        return found if found["status"] in ("finished", "failed") else None

    return eventually("the import", ended)


@attack("A spreadsheet of 300 KB whose texts take 300 MB and more")
def shared_strings(outsider: Outsider) -> str:
    content = BOMBS["shared strings of 300 MB"][0]()
    found = _imported(outsider, "x.xlsx", content)
    (error,) = found["errors"]
    assert (found["status"], error["rule"]) == ("failed", "file_too_many_texts"), found
    return f"{len(content) // 1024} KB: {error['message']}"


@attack("A spreadsheet of 90 KB with a text of 32,000 characters in a million cells")
def one_text(outsider: Outsider) -> str:
    content = BOMBS["one long text in a million cells"][0]()
    found = _imported(outsider, "x.xlsx", content)
    (error,) = found["errors"]
    assert (found["status"], error["rule"]) == ("failed", "file_too_much_text"), found
    return f"{len(content) // 1024} KB: {error['message']}"


@attack("A line of an interview file with 200,000 mistakes")
def mistakes(outsider: Outsider) -> str:
    line = json.dumps({"answers": [{"signals": {"frown_count": "x"}}] * 100, "candidate": {"demographics": {
        f"k{n}": n for n in range(40_000)}}}).encode()  # fmt: skip
    request = {"kind": "interviews", "filename": "x.jsonl"}
    ticket = outsider.call("POST", "/uploads", "ingest", json=request).json()
    content = line + b"\n" + line + b"\n"
    assert outsider.http.put(ticket["url"], content=content, headers=ticket["headers"]).status_code == 200

    def ended() -> dict[str, Any] | None:
        answer = outsider.call("GET", f"/uploads/{ticket['upload_id']}", "ingest").json()
        return answer if answer["status"] in ("finished", "failed") else None

    found = eventually("the upload", ended)
    report = outsider.http.get(found["report_url"]).text.splitlines()
    assert (found["rejected"], len(report)) == (2, 42), found
    return f"{len(content) // 1024} KB are {len(report)} lines of report, the last: {json.loads(report[-1])['message']}"


@attack("A URL for one file that is used for another")
def second_put(outsider: Outsider) -> str:
    request = {"kind": "interviews", "filename": "x.jsonl", "size": 3}
    ticket = outsider.call("POST", "/uploads", "ingest", json=request).json()
    put, headers = partial(outsider.http.put, ticket["url"]), ticket["headers"]
    larger = put(content=b"{}" + b"\n" * 1_000_000, headers=headers | {"Content-Length": "1000002"})
    unsigned = put(content=b"{}\n", headers={"Content-Type": headers["Content-Type"], "Content-Length": "3"})
    first = put(content=b"{}\n", headers=headers)
    second = put(content=b"[]\n", headers=headers)
    answers = [one.status_code for one in (larger, unsigned, first, second)]
    assert answers == [403, 403, 200, 412], answers
    return "larger 403, without If-None-Match 403, first 200, second 412"


@attack("Formulas in a file that HR is handed to correct")
def formulas(outsider: Outsider) -> str:
    evil = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1")
    rows = "\r\n".join(f'"{one}",2026-W99,40' for one in evil)
    found = _imported(outsider, "x.csv", f"工号,周,工时\r\n{rows}\r\n".encode())
    book = openpyxl.load_workbook(io.BytesIO(outsider.http.get(found["error_file_url"]).content))
    assert book.active is not None
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}, [
        cell.value for cell in cells if cell.data_type != "s"
    ]
    import_id = found["import_id"]
    as_csv = outsider.get(f"/imports/{import_id}?error_file=csv")["error_file_url"]
    lines = outsider.http.get(as_csv).content.decode("utf-8-sig")
    assert all(f"'{one}" in lines for one in evil), lines
    return f"{len(cells)} cells of XLSX, all texts; in CSV an apostrophe before each"


SHOWN = [
    shown_by("A message that kills whoever has it", "tests/platform/test_consumer.py", "tests/store/test_attempts.py"),
    shown_by("An import or an upload whose part kills whoever has it", "tests/migration/test_imports_given_up.py",
             "tests/interviews/test_upload.py"),
    shown_by("Spreadsheets and CSV files that are bombs, and their memory", "tests/migration/test_import_bombs.py"),
    shown_by("Bodies of a megabyte with an error for each member", "tests/vendors/test_dialects.py"),
]  # fmt: skip
