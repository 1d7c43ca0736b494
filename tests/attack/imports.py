"""Files whose columns and values are called as their own system calls them, and people who answer for them."""

from __future__ import annotations

import uuid
from typing import Any

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider
from tests.e2e.test_pressure import at_rest, brought, table

_TITLES = {"Sales Executive": 326, "Research Scientist": 292, "Laboratory Technician": 259, "Manager": 102}


def _confirmed(outsider: Outsider, came: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    assert came["status"] == "confirming", came
    said = outsider.call("POST", f"/imports/{came['import_id']}/columns", "hr", json=answer)
    assert said.status_code == 200, said.text
    return at_rest(outsider, came["import_id"], "finished", "failed", "confirming")


@attack("A thousand people whose job titles are no roles")
def titles(outsider: Outsider) -> str:
    run = uuid.uuid4().hex[:8]
    people = [title for title, rows in _TITLES.items() for _ in range(rows)]
    content = table(
        ["EmployeeNumber", "Name", "JobRole", "Department", "City", "Hire date"],
        *(
            [f"{run}{n}", f"Person {n}", title, "Research & Development", "Austin", "2019-03-04"]
            for n, title in enumerate(people)
        ),
    )
    came = brought(outsider, "people", content)
    (asked,) = came["values"]
    assert {one["value"]: one["rows"] for one in asked["values"]} == _TITLES, asked
    said = {"Research Scientist": "general", "Laboratory Technician": "general", "Manager": None}
    done = _confirmed(outsider, came, {"values": {"role": said}})
    assert (done["counts"]["created"], done["counts"]["rejected"]) == (877, 102), done
    first = outsider.get(f"/imports/{done['import_id']}/rows?limit=1")["items"][0]
    assert outsider.get(f"/employees/{first['employee_id']}")["role"] == "sales", first
    return "asked once, with the rows of each; 877 written with their ids, 102 refused as HR said"


@attack("A further figure is remembered for the next file")
def figure(outsider: Outsider) -> str:
    run = uuid.uuid4().hex[:8]
    columns = ["工号编码", "月份", "得分", f"上新数{run}"]
    came = brought(outsider, "performance", table(columns, [run, "2026-10", 80, 12], encoding="utf-8"))
    metric = f"m{run}"
    done = _confirmed(outsider, came, {"columns": {columns[3]: f"metric:{metric}"}, "remember": True})
    known = brought(
        outsider, "performance", table(["工号", *columns[1:]], [run, "2026-10", 80, 12], encoding="utf-8")
    )
    fields = [column["field"] for column in known["columns"]]
    assert (done["status"], known["status"], fields[3]) == ("finished", "finished", f"metric:{metric}"), known
    return "200, and the next file needs nobody"


@attack("A remembered header is corrected, by whoever confirms a second file")
def corrected(outsider: Outsider) -> str:
    run = uuid.uuid4().hex[:8]
    header = f"自定义{run}"
    content = table(["员工工号码", header], [run, "甲"], encoding="utf-8")
    waiting = [brought(outsider, "people", content, confirm=True) for _ in range(2)]
    for came, field in zip(waiting, ("department", "level"), strict=True):
        _confirmed(outsider, came, {"columns": {header: field}, "remember": True})
    taken = brought(outsider, "people", content)["columns"][1]
    assert (taken["header"], taken["field"], taken["how"]) == (header, "level", "exact"), taken
    return "the header means what was said of it last"


SHOWN = [
    shown_by(
        "Cells of any words: asked once of a file and once of a source, and no guess that names of two are in",
        "tests/migration/test_import_values.py",
    ),
    shown_by(
        "Two confirm at once, or remember at once",
        "tests/migration/test_imports_api.py::test_of_two_who_confirm_at_once_only_the_first_is_remembered",
        "tests/migration/test_imports_api.py::test_two_who_remember_at_once_are_both_remembered",
    ),
]
