"""The employee's file and what is told of their work, as HR and its time clock see it (F2, F4, F7)."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rencai.employees.rules.signals import iso_week
from rencai.kernel import ids
from tests.e2e.outsider import Outsider, eventually

pytestmark = pytest.mark.e2e

WORDS = "压力很大,周末也在加班"


def test_f2_signals_of_an_employee_come_in_once_and_are_in_the_file(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.sign(candidate_id)
    outsider.at(candidate_id, "onboarded")
    employee_id = ids.employee_id(candidate_id)
    # Who begins today has told of nothing before this week.
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    week, month, day = iso_week(today), f"{today:%Y-%m}", today.isoformat()
    leave = {"starts_on": day, "ends_on": day, "days": 0.5}
    answers = [{"question_id": "mood", "score": 2, "text": WORDS}, {"question_id": "load", "score": 3}]
    told: list[dict[str, Any]] = [
        {"kind": "attendance", "key": week, "hours": 55, "overtime_hours": 15},
        {"kind": "leave", "key": "QJ-1", "leave_kind": "sick", **leave},
        {"kind": "performance", "key": month, "score": 8, "out_of": 10},
        {"kind": "survey", "key": month, "answers": answers},
    ]
    items = [{"employee_id": employee_id, **one} for one in told]
    items.insert(1, items[0] | {"employee_id": "emp_nobody"})
    for status in ("recorded", "unchanged"):
        came = outsider.post("/signals", {"items": items})
        assert [one["status"] for one in came["items"]] == [status, "rejected", *([status] * 3)]
        assert [error["path"] for error in came["items"][1]["errors"]] == ["employee_id"]
    # What a batch has told, the calls for one find told.
    path = f"/employees/{employee_id}"
    for place, body in (
        (f"attendance/{week}", {"hours": 55, "overtime_hours": 15}),
        ("leave/QJ-1", leave | {"kind": "sick"}),
        (f"surveys/{month}", {"answers": answers}),
    ):
        assert outsider.call("PUT", f"{path}/{place}", json=body).status_code == 200

    file = outsider.get(path)
    assert (file["candidate_id"], file["name"]) == (candidate_id, interview["candidate"]["name"])
    assert file["attendance"] == [{"week": week, "hours": 55, "overtime_hours": 15}]
    assert [(one["leave_id"], one["kind"], one["days"]) for one in file["leave"]] == [("QJ-1", "sick", 0.5)]
    assert [(one["month"], one["percent"]) for one in file["performance"]] == [(month, 80)]
    assert file["surveys"] == [{"month": month, "answers": 2}]
    assert file["training"]["items"] > 0
    assert file["probation"]["ends_on"] > file["starts_on"]

    expected = {
        "attendance.recorded": {"week": week},
        "leave.recorded": {"leave_id": "QJ-1"},
        "performance.recorded": {"month": month},
        "survey.answered": {"month": month},
    }

    def heard() -> list[tuple[str, Any]] | None:
        found = [
            (event["detail-type"], event["detail"]["data"])
            for event in outsider.events()
            if event["detail"]["subject"]["id"] == employee_id and event["detail-type"] in expected
        ]
        return found if len(found) >= len(expected) else None

    assert sorted(eventually("the events", heard), key=lambda one: one[0]) == list(expected.items())
    assert WORDS not in "\n".join(outsider.logs())
    assert WORDS not in str(outsider.items())
    assert outsider.call("GET", "/employees/emp_nobody").status_code == 404
    assert outsider.call("GET", path, "ingest").status_code in (401, 403)
