"""The monthly survey, from the invitation to what HR may see (F7)."""

import random
import re
import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.outsider import Outsider, eventually
from tests.e2e.test_pressure import at_rest, table

pytestmark = pytest.mark.e2e

WORDS = "加班太多了,希望能调休"


def test_f7_an_employee_is_invited_answers_by_the_link_and_hr_sees_totals_only(outsider: Outsider) -> None:
    run = uuid.uuid4().hex[:6]
    month = f"{datetime.now(UTC).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m}"
    address = f"survey.{run}@example.com"
    people = table(
        ["工号", "姓名", "岗位", "工作地点", "入职日期", "邮箱"],
        [f"S{run}", "孙七", "sales", "上海", "2025-03-03", address],
    )
    ticket = outsider.post("/imports", {"kind": "people", "filename": "people.csv"}, 201)
    assert outsider.http.put(ticket["url"], content=people, headers=ticket["headers"]).status_code == 200
    assert at_rest(outsider, ticket["import_id"], "finished", "failed")["counts"]["created"] == 1

    def letters() -> list[str] | None:
        found = [str(letter) for letter in outsider.letters() if address in str(letter)]
        if not found:
            # The card that the invitation goes by may be a moment behind the import.
            outsider.invoke("SurveyInvite")
        return found or None

    (letter,) = eventually("the invitation", letters)
    link = re.search(r"https?://[^\s\"'<>\\]+/survey/[A-Za-z0-9_.~-]+", letter)
    assert link, letter[:500]
    page = outsider.http.get(link[0])
    assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert "孙七" not in page.text
    form = {
        "satisfaction": "2",
        "workload": "1",
        "stress": "1",
        "support": "3",
        "stay": "2",
        "comment": WORDS,
    }
    incomplete = outsider.http.post(link[0], data={"satisfaction": "9"})
    assert incomplete.status_code == 422
    # What HR told before gives way to what the employee answers themselves, and then nobody answers over it.
    employee_id = outsider.stack.ids.employee_of_number(f"S{run}")
    told = {"answers": [{"question_id": "stress", "score": 5}]}
    assert outsider.call("PUT", f"/employees/{employee_id}/surveys/{month}", json=told).status_code == 200
    for _ in range(2):
        assert outsider.http.post(link[0], data=form).status_code == 200
    over = outsider.call("PUT", f"/employees/{employee_id}/surveys/{month}", json=told)
    assert (over.status_code, over.json()["type"]) == (409, "urn:rencai:problem:survey_answered")
    assert outsider.get(f"/employees/{employee_id}")["surveys"] == [{"month": month, "answers": None}]
    forged = outsider.http.get(link[0][:-2] + ("AA" if link[0][-2:] != "AA" else "BB"))
    assert forged.status_code == 404

    def answered() -> int | None:
        return outsider.get(f"/surveys/{month}")["answered"] or None

    eventually("the answer is counted", answered)
    results = outsider.get(f"/surveys/{month}")
    assert results["open"] is True
    assert results["invited"] >= 1
    assert '"mean"' not in str(results).replace("'", '"')
    # Asked again in the month, nobody is written to twice.
    outsider.invoke("SurveyInvite")
    eventually(
        "the letters queue is empty", lambda: True if outsider.messages_on("LettersQueue") == 0 else None
    )
    assert len([one for one in outsider.letters() if address in str(one)]) == 1
    logs = "\n".join(outsider.logs())
    for personal in (WORDS, address, "孙七", link[0].rpartition("/")[2]):
        assert personal not in logs
    assert WORDS not in str(outsider.items())


def test_f7_a_closed_survey_is_counted_when_somebody_looks(outsider: Outsider) -> None:
    run = uuid.uuid4().hex[:6]
    # A month of this run's own, in which nobody was asked.
    month = f"{random.randrange(1951, 2010)}-{random.randrange(1, 13):02}"
    people = table(
        ["工号", "姓名", "岗位", "工作地点", "入职日期", "部门"],
        *(
            [
                f"C{run}{number}",
                f"周{number}",
                "sales",
                "上海",
                "1950-10-02",
                "运营" if number < 5 else "法务",
            ]
            for number in range(7)
        ),
    )
    ticket = outsider.post("/imports", {"kind": "people", "filename": "people.csv"}, 201)
    assert outsider.http.put(ticket["url"], content=people, headers=ticket["headers"]).status_code == 200
    assert at_rest(outsider, ticket["import_id"], "finished", "failed")["counts"]["created"] == 7
    items = [
        {
            "kind": "survey",
            "employee_id": outsider.stack.ids.employee_of_number(f"C{run}{number}"),
            "key": month,
            "answers": [{"question_id": "stress", "score": 1 + number % 5}],
        }
        for number in range(7)
    ]
    assert outsider.post("/signals", {"items": items})["recorded"] == 7

    def counted() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/surveys/{month}?by=department")
        assert (found["open"], found["answered"]) == (False, 7)
        return found if found["made_at"] else None

    shown = eventually("the figures", counted)
    assert [(one["id"], one["distribution"]) for one in shown["questions"]] == [("stress", [2, 2, 1, 1, 1])]
    # The five would be enough, and would leave two.
    assert [(one["name"], one["answered"], one["questions"]) for one in shown["groups"]] == [
        ("法务", 2, []),
        ("运营", 5, []),
    ]
    assert {"months": []}.keys() == outsider.invoke("SurveyClosing").keys()
