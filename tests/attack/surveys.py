"""What one person answered in a survey, pried out by who may write answers, files and people."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider, eventually


def _month() -> str:
    return f"{datetime.now(UTC).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m}"


def _staff(outsider: Outsider, count: int, department: str) -> list[str]:
    """People of a department of their own, each with an address; their numbers."""
    run = uuid.uuid4().hex[:8]
    numbers = [f"A{run}{number}" for number in range(count)]
    rows = [
        ["工号", "姓名", "岗位", "工作地点", "入职日期", "部门", "邮箱"],
        *(
            [number, "孙七", "sales", "上海", "2025-03-03", department, f"{number}@example.com".lower()]
            for number in numbers
        ),
    ]
    done = _import(outsider, "people", rows)
    assert done["counts"]["created"] == count, done
    return numbers


def _import(outsider: Outsider, kind: str, rows: list[list[str]], **asked: Any) -> dict[str, Any]:
    answer = outsider.call("POST", "/imports", json={"kind": kind, "filename": "file.csv", **asked})
    assert answer.status_code == 201, answer.text
    ticket = answer.json()
    content = "".join(",".join(row) + "\n" for row in rows).encode()
    outsider.http.put(ticket["url"], content=content, headers=ticket["headers"]).raise_for_status()

    def finished() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/imports/{ticket['import_id']}")
        return found if found["status"] in ("finished", "failed") else None

    return eventually(f"import of {kind}", finished)


def _answers_by_link(outsider: Outsider, number: str) -> None:
    address = f"{number}@example.com".lower()

    def letter() -> str | None:
        found = [str(one) for one in outsider.letters() if address in str(one)]
        if not found:
            # The card that the invitation goes by may be a moment behind the import.
            outsider.invoke("SurveyInvite")
        return found[0] if found else None

    link = re.search(r"https?://[^\s\"'<>\\]+/survey/[A-Za-z0-9_.~-]+", eventually("the invitation", letter))
    assert link
    outsider.http.post(link[0], data={"satisfaction": "1", "comment": "压力很大"}).raise_for_status()


@attack("One real answer by link, and four told in the names of the others of the department")
def four_in_others_names(outsider: Outsider) -> str:
    numbers = _staff(outsider, 5, f"部门{uuid.uuid4().hex[:6]}")
    _answers_by_link(outsider, numbers[0])
    for number in numbers[1:]:
        answer = outsider.call(
            "PUT",
            f"/employees/{outsider.stack.ids.employee_of_number(number)}/surveys/{_month()}",
            json={"answers": [{"question_id": "stress", "score": 5}]},
        )
        assert answer.status_code == 200, answer.text
    found = outsider.get(f"/surveys/{_month()}?by=department")
    assert (found["open"], found["questions"], found["groups"]) == (True, [], []), found
    return f"no figures before {found['closes_on']}, and those told are not among the {found['answered']} that count"


@attack("An answer by link is guessed: by a call, by a batch, and by files that are tried dry")
def guessed(outsider: Outsider) -> str:
    (number,) = _staff(outsider, 1, "法务")
    _answers_by_link(outsider, number)
    employee_id, said = outsider.stack.ids.employee_of_number(number), []
    for score in range(1, 6):
        told = {
            "answers": [
                {"question_id": "satisfaction", "score": score},
                {"question_id": "comment", "text": "压力很大"},
            ]
        }
        one = outsider.call("PUT", f"/employees/{employee_id}/surveys/{_month()}", json=told)
        item = {"kind": "survey", "employee_id": employee_id, "key": _month(), **told}
        many = outsider.call("POST", "/signals", json={"items": [item]}).json()
        said.append((one.status_code, one.json()["detail"], str(many["items"])))
    assert len(set(said)) == 1, said
    assert said[0][0] == 409, said
    files = [
        _import(
            outsider,
            "surveys",
            [["工号", "月份", "满意度", "意见"], [number, _month(), str(score), "压力很大"]],
            dry_run=True,
        )["counts"]
        for score in (1, 5)
    ]
    assert files[0] == files[1], files
    assert files[0]["rejected"] == 1, files
    shown = outsider.get(f"/employees/{employee_id}")["surveys"]
    assert shown == [{"month": _month(), "answers": None}], shown
    return "409 in the same words for every guess, and each row of a file is refused"


SHOWN = [
    shown_by(
        "Four told in others' names, answers replaced, people moved: then the survey closes",
        "tests/survey/test_counting.py",
    ),
    shown_by("Groups taken from each other until few are left", "tests/survey/test_figures.py"),
    shown_by(
        "A department of its own for people put on file and the one moved beside them, or everybody's file touched",
        "tests/survey/test_counting.py",
    ),
    shown_by(
        "A low score told in somebody's name, so that an intervention shows what they answer later",
        "tests/pressure/test_interventions_api.py",
    ),
    shown_by(
        "A survey of 29,000, of which nobody ever sees a figure", "tests/survey/test_figures_of_many.py"
    ),
]
