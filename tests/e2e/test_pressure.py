"""An employee brought from other systems, from the import to an intervention that worked, as HR sees it (F1-F6)."""

import csv
import io
import json
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from rencai.employees.rules.signals import iso_week
from tests.e2e.outsider import Outsider, eventually

pytestmark = pytest.mark.e2e

WORDS = "最近压力很大,睡不好"


def today() -> date:
    """The tenant's day."""
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


def months() -> tuple[str, str]:
    """Last month and this one."""
    this = today()
    last = this.replace(day=1) - timedelta(days=1)
    return f"{last:%Y-%m}", f"{this:%Y-%m}"


def complete_weeks(count: int) -> list[str]:
    """The last ``count`` weeks that are over, newest first."""
    monday = today() - timedelta(days=today().weekday())
    return [iso_week(monday - timedelta(weeks=back)) for back in range(1, count + 1)]


def table(*rows: Sequence[object], encoding: str = "gb18030") -> bytes:
    """A CSV as legacy systems in China write it."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def brought(outsider: Outsider, kind: str, content: bytes, **more: Any) -> dict[str, Any]:
    """An import, once it is at rest."""
    ticket = outsider.post("/imports", {"kind": kind, "filename": f"{kind}.csv", **more}, 201)
    put = outsider.http.put(ticket["url"], content=content, headers=ticket["headers"])
    assert put.status_code == 200, put.text
    return at_rest(outsider, ticket["import_id"], "finished", "failed", "confirming")


def at_rest(outsider: Outsider, import_id: str, *statuses: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/imports/{import_id}")
        return found if found["status"] in statuses else None

    return eventually(f"{import_id} is {statuses}", look)


def corrected(errors: bytes, right: dict[str, str]) -> bytes:
    """A file of errors as somebody saves it who has put right what stands in these cells."""
    book = load_workbook(io.BytesIO(errors))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = right.get(str(cell.value), cell.value)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def counts(came: dict[str, Any], *names: str) -> tuple[int, ...]:
    """Some of an import's counts."""
    return tuple(came["counts"][name] for name in names or ("created", "updated", "unchanged", "rejected"))


def scanned(outsider: Outsider) -> dict[str, Any]:
    """A night: the scan is invoked, as its schedule does, and finishes."""
    scan_id = outsider.invoke("RiskScan")["scan_id"]

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get("/risk/scans?limit=1")["items"][0]
        assert found["scan_id"] == scan_id
        return found if found["status"] == "finished" else None

    return eventually("the scan is finished", look)


def alert_of(outsider: Outsider, employee_id: str) -> dict[str, Any] | None:
    found = outsider.get("/risk/alerts?limit=100")["items"]
    return next((one for one in found if one["employee_id"] == employee_id), None)


def when_scanned(outsider: Outsider, employee_id: str, expected: object) -> dict[str, Any] | None:
    """The employee's alert after a night that saw all there is; ``expected``: its signals, None: there is none."""

    def look() -> list[dict[str, Any] | None] | None:
        scanned(outsider)
        alert = alert_of(outsider, employee_id)
        kinds = [signal["kind"] for signal in alert["signals"]] if alert else None
        return [alert] if kinds == expected else None

    return eventually(f"signals {expected}", look)[0]


def test_f1_f5_from_another_systems_files_to_an_intervention_that_worked(outsider: Outsider) -> None:
    run = uuid.uuid4().hex[:6]
    last_month, this_month = months()
    # --- F1: the people first tried, then brought; the same again changes nothing; a bad row stops no other
    people = table(
        ["工号", "姓名", "岗位", "部门", "工作地点", "入职日期", "级别"],
        [f"W{run}", "王五", "ecommerce_operations", "运营", "深圳", "2025-03-03", "assistant"],
        [f"C{run}", "李四", "ecommerce_operations", "运营", "深圳", "2025-03-03", "assistant"],
        [f"B{run}", "赵六", "ecommerce_operations", "运营", "深圳", "2025-13-03", "assistant"],
    )
    tried = brought(outsider, "people", people, dry_run=True)
    assert (tried["status"], counts(tried)) == ("finished", (2, 0, 0, 1)), tried
    assert [(one["row"], one["column"]) for one in tried["errors"]] == [(4, "入职日期")]
    came = brought(outsider, "people", people)
    assert counts(came) == (2, 0, 0, 1)
    assert counts(brought(outsider, "people", people)) == (0, 0, 2, 1)
    rejected = corrected(outsider.http.get(came["error_file_url"]).content, {"2025-13-03": "2025-03-03"})
    assert counts(brought(outsider, "people", rejected, filename="people.xlsx")) == (1, 0, 0, 0)
    weeks = complete_weeks(4)
    hours = brought(
        outsider,
        "attendance",
        table(
            ["工号", "周", "工时", "加班"],
            *([f"W{run}", week, 55, 15] for week in weeks),
            *([f"{who}{run}", week, 25, 0] for week in weeks for who in "CB"),
            [f"X{run}", weeks[0], 40, 0],
        ),
    )
    assert counts(hours, "created", "rejected", "unmatched") == (12, 1, 1), hours
    assert hours["unmatched"] == [f"X{run}"]
    wang, li = (outsider.stack.ids.employee_of_number(f"{who}{run}") for who in "WC")
    learnt = table(["工号", "课程", "完成率"], [f"C{run}", "基础运营", "85%"])
    assert counts(brought(outsider, "training", learnt, source="default"))[0] == 1

    # --- what else is told of them, and the night (F4)
    for month, score in zip(months(), (9, 6), strict=True):
        told: dict[str, Any] = {"score": score, "out_of": 10}
        outsider.call("PUT", f"/employees/{wang}/performance/{month}", json=told).raise_for_status()
    sick = [today() - timedelta(days=back) for back in (1, 3, 6, 9)]
    outsider.post(
        "/signals",
        {
            "items": [
                {"kind": "leave", "employee_id": wang, "key": f"l-{day}", "leave_kind": "sick", "days": 1}
                | {"starts_on": day.isoformat(), "ends_on": day.isoformat()}
                for day in sick
            ]
        },
    )
    answers = {"answers": [{"question_id": "comment", "text": WORDS}]}
    outsider.call("PUT", f"/employees/{wang}/surveys/{this_month}", json=answers).raise_for_status()
    every = ["long_hours", "falling_performance", "frequent_leave", "survey"]
    alert = when_scanned(outsider, wang, every)
    assert alert
    assert (alert["level"], alert["name"]) == ("red", "王五")
    shown = {signal["kind"]: signal for signal in alert["signals"]}
    assert [shown[kind]["value"] for kind in every] == [55, 6, 4, None]
    assert shown["falling_performance"]["before"] == 9
    # The words were read by the tenant's reader, and HR sees how sure it is and never what they were.
    rules = shown["survey"]["words"]
    assert {"pressure", "strained"} & {rule["id"] for rule in rules}
    assert all(0.5 < rule["certainty"] <= 1 for rule in rules)
    assert sorted(shown["survey"]["reader"]) == ["classifier", "lexicon", "words"]
    assert min(shown["survey"]["reader"].values()) >= 1
    assert "压力" in shown["survey"]["text"]
    assert WORDS not in json.dumps(alert, ensure_ascii=False)
    company = outsider.get("/risk/scans?limit=1")["items"][0]["company"]
    assert shown["long_hours"]["company"] == company["hours_per_week"] < 55
    assert alert_of(outsider, li) is None
    # The same night again says the same, and tells nobody.
    raised = [one for one in outsider.events() if one["detail-type"] == "alert.raised"]

    def said_twice() -> list[Any] | None:
        before = outsider.get("/risk/scans?limit=1")["items"][0]["company"], alert_of(outsider, wang)
        again = scanned(outsider)
        assert (again["counts"]["raised"], again["run"] > 1) == (0, True)
        # Whom others hired between the two nights is in the company's figures, and they are in the alert.
        return [before[1], alert_of(outsider, wang)] if again["company"] == before[0] else None

    once, twice = eventually("two nights with the same people", said_twice)
    assert twice == once
    assert [one for one in outsider.events() if one["detail-type"] == "alert.raised"] == raised
    assert [one["detail"]["subject"]["id"] for one in raised].count(wang) == 1

    # --- F2: the life cycle with its summary
    life = outsider.get(f"/employees/{wang}/lifecycle?limit=100")
    assert life["summary"]["verdict"] == "under_pressure", life["summary"]
    assert {"performance", "attendance", "leave", "survey"} <= {entry["system"] for entry in life["items"]}

    # --- F5: an intervention with support training, which enrols
    request = {
        "actions": ["redistribute_work", "support_training"],
        "owner": "hr:1",
        "due_on": (today() + timedelta(days=14)).isoformat(),
        "note": WORDS,
    }
    opened = outsider.post(f"/risk/alerts/{alert['alert_id']}/interventions", request, 201)
    assert (
        outsider.call("POST", f"/risk/alerts/{alert['alert_id']}/interventions", json=request).status_code
        == 409
    )

    def enrolled() -> bool | None:
        answer = outsider.call("GET", f"/employees/{wang}/training")
        items = answer.json()["items"] if answer.status_code == 200 else []
        return True if any(one.get("enrolment_id") or one["status"] for one in items) else None

    eventually("support training is planned", enrolled)
    eventually(
        "the learning platform heard",
        lambda: True if any(wang in json.dumps(call) for call in outsider.ledger("lms")) else None,
    )
    relieved = table(["工号", "周", "工时", "加班"], *([f"W{run}", week, 40, 0] for week in weeks))
    assert counts(brought(outsider, "attendance", relieved))[1] == 4
    better = {"score": 8, "out_of": 10}
    outsider.call("PUT", f"/employees/{wang}/performance/{this_month}", json=better).raise_for_status()
    when_scanned(outsider, wang, ["frequent_leave", "survey"])
    closed = outsider.post(f"/risk/interventions/{opened['intervention_id']}/close", {})
    measured = (closed["before"]["measures"], closed["after"]["measures"])
    assert [one["hours_per_week"] for one in measured] == [55, 40]
    assert [one["performance"] for one in measured] == [6, 8]
    assert closed["status"] == "closed"
    listed = outsider.get("/risk/interventions?status=closed")
    assert opened["intervention_id"] in [one["intervention_id"] for one in listed["items"]]
    assert listed["summary"][closed["outcome"]] >= 1

    # --- F3 and F6
    launch = {"project_id": "launch-1", "kind": "launch", "role": "member", "on": f"{last_month}-01"}
    outsider.call("PUT", f"/employees/{li}/career", json={"projects": [launch]}).raise_for_status()
    career = outsider.get(f"/employees/{li}/career")
    assert career["level"]["id"] == "assistant"
    assert career["next_step"]["lacks"]["name"] == "选品分析"
    assert career["next_step"]["enrol_in"]["name"] == "亚马逊选品技巧"
    metrics = [
        {"id": "sales", "value": 18000, "target": 18000, "currency": "USD"},
        {"id": "satisfaction", "value": 90},
        {"id": "training_completion", "value": 100},
    ]
    outsider.call(
        "PUT", f"/employees/{li}/performance/{this_month}", json={"metrics": metrics}
    ).raise_for_status()
    scorecard = outsider.get(f"/employees/{li}/scorecard?month={this_month}")
    # Without ACoS the other perspectives share its weight: (0.4 x 10 + 0.3 x 9 + 0.1 x 10) / 0.8.
    assert scorecard["score"] == 9.63, scorecard

    # --- F1: the correction is taken back; what the people's file rests on cannot be
    latest = outsider.get("/imports?limit=5")["items"]
    correction = next(one for one in latest if one["kind"] == "attendance")
    outsider.post(f"/imports/{correction['import_id']}/undo", {}, 202)
    undone = at_rest(outsider, correction["import_id"], "undone", "undo_refused")
    assert (undone["status"], undone["undo"]["restored"]) == ("undone", 4)
    file = outsider.get(f"/employees/{wang}")
    assert {one["hours"] for one in file["attendance"]} == {55}
    outsider.post(f"/imports/{came['import_id']}/undo", {}, 202)
    refused = at_rest(outsider, came["import_id"], "undone", "undo_refused")
    assert (refused["status"], refused["refused_rows"]) == ("undo_refused", [2, 3])
    when_scanned(outsider, wang, ["long_hours", "frequent_leave", "survey"])

    # --- and nothing personal was said where it must not be
    everywhere = "\n".join(outsider.logs()) + json.dumps(outsider.events(), ensure_ascii=False)
    for personal in (WORDS, "王五", f"W{run}"):
        assert personal not in everywhere
    assert WORDS not in str(outsider.items())
