"""An import says whom and what each of its rows made (F1)."""

from typing import Any

import pytest

from rencai.migration import split
from rencai.migration.store.imports import ImportStatus
from tests.aws import client
from tests.keyed import IDS
from tests.migration.import_office import BUCKET, Office, csv
from tests.migration.test_imports_api import Caller, call, one

__all__ = ["call", "one"]
PEOPLE = ("工号", "姓名", "岗位", "工作地点", "入职日期")


def person(number: object, name: str = "张三", day: str = "2025-03-03") -> tuple[object, ...]:
    return number, name, "sales", "深圳", day


def rows(call: Caller, import_id: str, **query: str) -> list[tuple[Any, ...]]:
    status, page = call("GET", f"/imports/{import_id}/rows", **query)
    assert (status, page["next"]) == (200, None)
    return [tuple(item.values()) for item in page["items"]]


@pytest.mark.parametrize("dry_run", [False, True], ids=["real run", "dry run"])
def test_f1_each_row_says_whom_it_made(one: Office, call: Caller, dry_run: bool) -> None:
    first, second, third = map(IDS.employee_of_number, ("1", "2", "3"))
    one.brings("people", csv(PEOPLE, person(1), person(2, "李四")))
    file = csv(PEOPLE, person(1), person(2, "李思"), person(3), person(4, day="2025-13-03"), person(3))
    done = one.brings("people", file, dry_run=dry_run)
    assert rows(call, done.import_id) == [
        (2, "unchanged", first, ""),
        (3, "updated", second, ""),
        (4, "created", third, ""),
        (5, "rejected", None, None),
        (6, "unchanged", third, ""),
    ]
    assert (one.employees.get(third) is None) is dry_run


@pytest.mark.parametrize(
    ("kind", "header", "row", "record"),
    [
        ("attendance", ("工号", "周", "工时"), ("10001", "2026-W07", 40), "2026-W07"),
        ("performance", ("工号", "月份", "得分"), ("10001", "2026-02", 80), "2026-02"),
        ("surveys", ("工号", "月份", "满意度"), ("10001", "2026-02", 3), "2026-02"),
        (
            "leave",
            ("工号", "请假单号", "请假类型", "开始日期", "结束日期", "天数"),
            ("10001", "QJ-1", "病假", "2026-02-02", "2026-02-02", 1),
            "QJ-1",
        ),
    ],
)
def test_f1_each_row_says_which_record_it_is(
    one: Office, call: Caller, kind: str, header: tuple[str, ...], row: tuple[object, ...], record: str
) -> None:
    employee_id = one.hires("10001")
    done = one.brings(kind, csv(header, row))
    assert rows(call, done.import_id) == [(2, "created", employee_id, record)]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6, 7, 100])
def test_rows_come_in_pages_that_miss_none(
    one: Office, call: Caller, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "PART_ROWS", 3)
    done = one.brings("people", csv(PEOPLE, *(person(number) for number in range(1, 8))))
    assert done.parts_total == 3
    found: list[int] = []
    query = {"limit": str(limit)}
    while True:
        status, page = call("GET", f"/imports/{done.import_id}/rows", **query)
        assert (status, len(page["items"]) <= limit) == (200, True)
        found += [item["row"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert found == list(range(2, 9))


def test_before_and_long_after_there_are_no_rows(one: Office, call: Caller) -> None:
    made = one.asks("people")
    assert rows(call, made.import_id) == []
    done = one.brings("people", csv(PEOPLE, person(1)))
    client("s3").delete_object(Bucket=BUCKET, Key=f"imports/{done.import_id}/results/00001.json")
    assert rows(call, done.import_id) == []
    assert call("GET", "/imports/imp_none/rows")[0] == 404


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "101"}, {"cursor": "x"}, {"cursor": "e30"}, {"cursor": "eyJwYXJ0IjoieCJ9"}],
)
def test_a_page_that_cannot_be_is_refused(one: Office, call: Caller, query: dict[str, str]) -> None:
    done = one.brings("people", csv(PEOPLE, person(1)))
    status, problem = call("GET", f"/imports/{done.import_id}/rows", **query)
    if query.get("cursor") == "e30":
        # Nothing is said of where to go on: from the first.
        assert (status, len(problem["items"])) == (200, 1)
    else:
        assert status in (400, 422), problem


def test_what_was_undone_still_says_what_it_made(one: Office, call: Caller) -> None:
    done = one.brings("people", csv(PEOPLE, person(1)))
    before = rows(call, done.import_id)
    assert one.undoes(done.import_id).status is ImportStatus.UNDONE
    assert rows(call, done.import_id) == before


def dies(*_: Any) -> None:
    raise ConnectionError


def test_a_part_that_died_after_it_wrote_says_what_it_made(
    one: Office, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The try that comes to the end finds what the first wrote, and tells of it as its own."""
    made = one.asks("people")
    one.puts(made, csv(PEOPLE, person(1)))
    one.queue.popleft()()
    part = one.queue[0]
    with monkeypatch.context() as patched:
        patched.setattr(one.importing.objects, "put_result", dies)
        with pytest.raises(ConnectionError):
            part()
    done = one.works(made.import_id)
    assert rows(call, done.import_id) == [(2, "created", IDS.employee_of_number("1"), "")]
