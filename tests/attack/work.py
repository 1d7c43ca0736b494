"""What is told of somebody's work that cannot be: of a time they were not there, twice on one day, upside down."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider, eventually

FIRST = "2025-03-03"


def _today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


def _somebody(outsider: Outsider) -> tuple[str, str]:
    """Somebody who began on a day of their own; their number and id."""
    number = f"W{uuid.uuid4().hex[:8]}"
    rows = f"工号,姓名,岗位,工作地点,入职日期\n{number},孙七,sales,上海,{FIRST}\n"
    assert _imported(outsider, "people", rows)["counts"]["created"] == 1
    return number, outsider.stack.ids.employee_of_number(number)


def _imported(outsider: Outsider, kind: str, rows: str) -> dict[str, Any]:
    ticket = outsider.post("/imports", {"kind": kind, "filename": "file.csv"}, 201)
    put = outsider.http.put(ticket["url"], content=rows.encode(), headers=ticket["headers"])
    put.raise_for_status()
    return _at_rest(outsider, ticket["import_id"])


def _at_rest(outsider: Outsider, import_id: str) -> dict[str, Any]:
    def looked() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/imports/{import_id}")
        return found if found["status"] in ("finished", "failed", "confirming") else None

    return eventually("the import is at rest", looked)


@attack("Hours of a week before somebody's first day, by a call and by a file")
def before_the_first_day(outsider: Outsider) -> str:
    number, employee_id = _somebody(outsider)
    answer = outsider.call("PUT", f"/employees/{employee_id}/attendance/2025-W09", json={"hours": 40})
    assert answer.status_code == 422, answer.text
    came = _imported(outsider, "attendance", f"工号,周,工时\n{number},2025-W09,40\n")
    assert came["counts"]["created"] == 0, came
    assert FIRST in came["errors"][0]["message"]
    return f"422 and a rejected row: {came['errors'][0]['message']}"


@attack("Leave of one day told twice, under another id and in another row")
def away_twice(outsider: Outsider) -> str:
    number, employee_id = _somebody(outsider)
    day = (_today() - timedelta(days=1)).isoformat()
    told = {"kind": "annual", "starts_on": day, "ends_on": day, "days": 1}
    path = f"/employees/{employee_id}/leave"
    assert outsider.call("PUT", f"{path}/QJ-1", json=told).status_code == 200
    second = outsider.call("PUT", f"{path}/QJ-2", json=told)
    assert second.status_code == 409, second.text
    rows = f"工号,请假单号,请假类型,开始日期,结束日期,天数\n{number},QJ-3,病假,{day},{day},1\n"
    came = _imported(outsider, "leave", rows)
    assert came["counts"]["created"] == 0, came
    assert "QJ-1" in came["errors"][0]["message"]
    half = f"工号,请假类型,开始日期,结束日期,天数\n{number},事假,{FIRST},{FIRST},0.5\n"
    twice = _imported(outsider, "leave", half + half.splitlines()[1] + "\n")
    assert (twice["counts"]["created"], twice["counts"]["rejected"]) == (1, 1), twice
    return f"{second.status_code}, and of a file: {twice['errors'][0]['message']}"


@attack("A survey of another system in which 5 is a great deal of stress")
def upside_down(outsider: Outsider) -> str:
    number, employee_id = _somebody(outsider)
    month = f"{_today():%Y-%m}"
    waits = _imported(outsider, "surveys", f"工号,月份,压力\n{number},{month},5\n")
    assert waits["status"] == "confirming", waits
    path = f"/imports/{waits['import_id']}/columns"
    unsaid = outsider.call("POST", path, json={})
    assert unsaid.status_code == 422, unsaid.text
    outsider.post(path, {"scales": {"score:stress": {"worst": 5, "best": 1}}})
    done = _at_rest(outsider, waits["import_id"])
    assert done["counts"]["created"] == 1, done
    key = {"pk": {"S": f"ANSWERS#{employee_id}"}, "sk": {"S": f"SURVEY#{month}"}}
    stack = outsider.stack
    kept = stack.session.client("dynamodb").get_item(TableName=stack.table, Key=key)["Item"]
    assert kept["scores"]["S"] == '[["stress",1]]', kept
    return f"422 until it is said: {unsaid.json()['detail']}"


SHOWN = [
    shown_by(
        "An intervention that nobody measured counted as one that did not work",
        "tests/pressure/test_intervention_outcome.py",
    ),
    shown_by("A night that does not see what was told before it", "tests/pressure/test_risk_scan_waits.py"),
]
