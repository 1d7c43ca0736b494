"""A file whose cells are written in words of its own, from the upload to what is on record (F1)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from rencai.career.rules.ladder import CAREER_LADDER
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import IMPORT_MAPPING
from rencai.migration.store.imports import Counts, Import, ImportStatus
from tests.keyed import IDS
from tests.migration.import_office import Office, csv, office, xlsx
from tests.migration.test_imports_api import Caller, call
from tests.shipped import DOCUMENTS
from tests.wired import serves

__all__ = ["call"]
TITLES = {
    "Sales Executive": 326,
    "Research Scientist": 292,
    "Laboratory Technician": 259,
    "Manufacturing Director": 145,
    "Healthcare Representative": 131,
    "Manager": 102,
    "Sales Representative": 83,
    "Research Director": 80,
    "Human Resources": 52,
}
KNOWN = {"Sales Representative", "Human Resources"}
DEPARTMENTS = {"Research & Development": 961, "Sales": 446, "Human Resources": 63}
HEADER = ("EmployeeNumber", "Name", "JobRole", "Department", "City", "Hire date")
CHOICE = {
    "Research Scientist": "research",
    "Laboratory Technician": "research",
    "Research Director": "research",
    "Manufacturing Director": "general",
    "Healthcare Representative": "sales",
    "Manager": None,
}


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office() as fresh:
        for role in ("sales", "general"):
            document = DOCUMENTS[COMPETENCY_MODEL, role].content
            fresh.configurations.put(COMPETENCY_MODEL, role, document, actor="hr", now=fresh.now)
        ladder = DOCUMENTS[CAREER_LADDER, "ecommerce_operations"].content
        fresh.configurations.put(CAREER_LADDER, "warehouse", ladder, actor="hr", now=fresh.now)
        mapping = DOCUMENTS[IMPORT_MAPPING, "default"].content
        fresh.configurations.put(IMPORT_MAPPING, "default", mapping, actor="hr", now=fresh.now)
        serves(monkeypatch, fresh.wired)
        yield fresh


def table(titles: dict[str, int] = TITLES) -> list[tuple[object, ...]]:
    people = list(Counter(titles).elements())
    departments = list(Counter(DEPARTMENTS).elements())
    return [
        HEADER,
        *(
            (
                1000 + number,
                f"Person {number}",
                title,
                departments[number % len(departments)],
                "Austin",
                "2019-03-04",
            )
            for number, title in enumerate(people)
        ),
    ]


def goes_on(one: Office, made: Import) -> Import:
    one.delivers(lambda: one.splits(made.import_id))
    return one.works(made.import_id)


@pytest.mark.parametrize("dry_run", [True, False], ids=["dry run", "real run"])
def test_f1_titles_of_1470_people_are_mapped_in_one_request(one: Office, call: Caller, dry_run: bool) -> None:
    made = one.brings("people", csv(*table()), dry_run=dry_run, language="en")
    assert made.status is ImportStatus.CONFIRMING
    _, view = call("GET", f"/imports/{made.import_id}")
    (asked,) = view["values"]
    assert (asked["field"], asked["header"], asked["more"]) == ("role", "JobRole", 0)
    assert asked["options"] == ["ecommerce_operations", "general", "marketing", "sales", "warehouse"]
    assert {one["value"]: (one["rows"], one["guess"]) for one in asked["values"]} == {
        title: (rows, "sales" if title == "Sales Executive" else None)
        for title, rows in TITLES.items()
        if title not in KNOWN
    }
    assert [one["rows"] for one in asked["values"]] == sorted(
        (r for t, r in TITLES.items() if t not in KNOWN), reverse=True
    )
    assert view["said"] == {}

    status, view = call("POST", f"/imports/{made.import_id}/columns", {"values": {"role": CHOICE}})
    assert (status, view["status"], view["values"]) == (200, "reading", [])
    assert view["said"] == {"role": {**CHOICE, "Sales Executive": "sales"}}
    done = goes_on(one, made)
    assert (done.status, done.counts) == (ImportStatus.FINISHED, Counts(created=1368, rejected=102))
    _, view = call("GET", f"/imports/{made.import_id}")
    assert {error["value"] for error in view["errors"]} == {"Manager"}
    if not dry_run:
        found = Counter(item["role"] for (_, sk), item in one.items().items() if sk == "EMPLOYEE")
        assert found == {"research": 631, "sales": 540, "general": 197}


def test_f1_chinese_titles_take_their_guess_and_are_remembered(one: Office, call: Caller) -> None:
    rows = (
        ("工号", "姓名", "岗位", "部门", "工作地点", "入职日期"),
        ("1", "甲", "亚马逊运营专员", "运营部", "深圳", "2025-03-03"),
        ("2", "乙", "高级销售顾问", "销售部", "深圳", "2025-03-03"),
        ("3", "丙", "运营", "运营部", "深圳", "2025-03-03"),
        ("4", "丁", "实验员", "运营部门", "深圳", "2025-03-03"),
    )
    made = one.brings("people", xlsx(*rows))
    _, view = call("GET", f"/imports/{made.import_id}")
    assert [(one["field"], [tuple(value.values()) for value in one["values"]]) for one in view["values"]] == [
        (
            "role",
            [
                ("亚马逊运营专员", 1, "ecommerce_operations"),
                ("高级销售顾问", 1, "sales"),
                ("实验员", 1, None),
            ],
        ),
        ("department", [("运营部门", 1, "运营部")]),
    ]
    body = {"values": {"role": {"实验员": "通用"}}, "remember": True}
    assert call("POST", f"/imports/{made.import_id}/columns", body)[0] == 200
    assert goes_on(one, made).counts == Counts(created=4)
    fourth = one.employees.get(IDS.employee_of_number("4"))
    assert fourth
    assert (fourth.role, fourth.department) == ("general", "运营部")
    # The next file of this source needs nobody.
    assert one.brings("people", xlsx(*rows)).counts == Counts(unchanged=4)
    learnt = one.configurations.latest(IMPORT_MAPPING).document
    assert learnt.values[ImportKind.PEOPLE]["role"]["实验员"] == "general"


def test_an_import_whose_values_nobody_maps_comes_to_its_end(one: Office, call: Caller) -> None:
    made = one.brings("people", csv(*table({"Sales Executive": 1, "Manager": 1, "sales": 1})))
    assert call("POST", f"/imports/{made.import_id}/columns", {"guesses": False})[0] == 200
    done = goes_on(one, made)
    assert (done.status, done.counts) == (ImportStatus.FINISHED, Counts(created=1, rejected=2))
    # Nobody said anything of it, so nobody is spared the question.
    assert one.brings("people", csv(*table({"Manager": 1}))).status is ImportStatus.CONFIRMING


def test_what_is_said_to_mean_nothing_is_not_asked_again(one: Office, call: Caller) -> None:
    made = one.brings("people", csv(*table({"Manager": 1})))
    body = {"values": {"role": {"Manager": None}}, "remember": True}
    assert call("POST", f"/imports/{made.import_id}/columns", body)[0] == 200
    assert goes_on(one, made).counts == Counts(rejected=1)
    again = one.brings("people", csv(*table({"Manager": 1})))
    assert (again.status, again.counts) == (ImportStatus.FINISHED, Counts(rejected=1))


def test_columns_and_values_are_said_in_one_request(one: Office, call: Caller) -> None:
    rows = [("No", "Who", "What", "Where", "Since"), ("1", "A", "Scientist", "Austin", "2019-03-04")]
    made = one.brings("people", csv(*rows))
    path = f"/imports/{made.import_id}/columns"
    assert call("GET", path.removesuffix("/columns"))[1]["values"] == []
    columns = {"No": "employee_no", "Who": "name", "What": "role", "Where": "location", "Since": "starts_on"}
    body: dict[str, Any] = {"columns": columns, "values": {"role": {"Scientist": "general"}}}
    assert call("POST", path, body)[0] == 200
    assert goes_on(one, made).counts == Counts(created=1)


def test_values_of_a_column_that_only_a_person_knew_are_asked_after_it(one: Office, call: Caller) -> None:
    rows = [("No", "Who", "What", "Where", "Since"), ("1", "A", "Scientist", "Austin", "2019-03-04")]
    made = one.brings("people", csv(*rows))
    path = f"/imports/{made.import_id}/columns"
    columns = {"No": "employee_no", "Who": "name", "What": "role", "Where": "location", "Since": "starts_on"}
    assert call("POST", path, {"columns": columns})[0] == 200
    assert goes_on(one, made).status is ImportStatus.CONFIRMING
    _, view = call("GET", path.removesuffix("/columns"))
    assert [value["value"] for value in view["values"][0]["values"]] == ["Scientist"]
    assert call("POST", path, {"values": {"role": {"Scientist": "sales"}}})[0] == 200
    done = goes_on(one, made)
    assert done.counts == Counts(created=1)
    # Each confirmation is told of: the file is read on by it.
    assert len([event for event in one.told() if event.name == "import.confirmed"]) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"values": {"role": {"Manager": "Sales Manager of the Year"}}}, "value_role_unknown"),
        ({"values": {"salary": {"x": "y"}}}, "value_field_unknown"),
        ({"values": {"role": {"Manager": 7}}}, "value_role_unknown"),
        ({"values": {"role": {"x" * 101: "sales"}}}, "malformed"),
        ({"values": {"role": [1]}}, "malformed"),
        ({"values": {"role": {str(n): None for n in range(1001)}}}, "malformed"),
    ],
)
def test_what_cannot_be_said_of_values_confirms_nothing(
    one: Office, call: Caller, body: dict[str, Any], code: str
) -> None:
    made = one.brings("people", csv(*table({"Manager": 1})))
    status, problem = call("POST", f"/imports/{made.import_id}/columns", body)
    assert problem["type"] == f"urn:rencai:problem:{code}"
    assert status == (400 if code == "malformed" else 422)
    assert one.imports.get(made.import_id).status is ImportStatus.CONFIRMING


def test_a_sources_own_roles_extend_those_of_all(one: Office) -> None:
    own = {"roles": {"sales": ["Sales Executive"]}}
    one.configurations.put(IMPORT_MAPPING, "old-hr", own, actor="hr", now=one.now)
    titles = {"Sales Executive": 1, "销售代表": 1, "general": 1, "marketing": 1, "Amazon operator": 1}
    assert one.brings("people", csv(*table(titles)), source="old-hr").counts == Counts(created=5)


def test_leave_and_its_states_are_mapped_by_yes_and_no(one: Office, call: Caller) -> None:
    one.hires("10001")
    made = one.brings(
        "leave",
        csv(
            ("工号", "请假单号", "请假类型", "开始日期", "结束日期", "天数", "状态"),
            ("10001", "a", "育儿假", "2026-01-05", "2026-01-05", 1, "归档"),
            ("10001", "b", "病假", "2026-01-12", "2026-01-12", 1, "退回"),
        ),
    )
    body = {"values": {"kind": {"育儿假": "其他"}, "cancelled": {"归档": False, "退回": True}}}
    assert call("POST", f"/imports/{made.import_id}/columns", body)[0] == 200
    assert goes_on(one, made).counts == Counts(created=2)


def test_an_answer_is_not_asked_again_when_a_file_waits_once_more(one: Office, call: Caller) -> None:
    rows = [("工号", "姓名", "岗位", "甲"), ("1", "A", "Sales Executive", "Français")]
    made = one.brings("people", csv(*rows), confirm=True)
    path = f"/imports/{made.import_id}/columns"
    body = {"columns": {"甲": "locale"}, "values": {"role": {"Sales Executive": "general"}}}
    assert call("POST", path, body)[0] == 200
    assert goes_on(one, made).status is ImportStatus.CONFIRMING
    _, view = call("GET", path.removesuffix("/columns"))
    assert [asked["field"] for asked in view["values"]] == ["locale"]
    assert call("POST", path, {"values": {"locale": {"Français": "en"}}})[1]["said"] == {
        "role": {"Sales Executive": "general"},
        "locale": {"Français": "en"},
    }


def test_words_behind_points_are_not_guessed_where_it_is_asked_which_are_the_best(
    one: Office, call: Caller
) -> None:
    one.hires("10001")
    one.hires("10002", "李四")
    header = ("工号", "月份", "满意度")
    made = one.brings("surveys", csv(header, ("10001", "2026-02", 8), ("10002", "2026-02", "4 - 满意")))
    _, view = call("GET", f"/imports/{made.import_id}")
    (asked,) = view["values"]
    assert [value["guess"] for value in asked["values"]] == [None]
    assert asked["hint"].startswith("1 为对员工最不利")
    assert [scale["field"] for scale in view["asked_scales"]] == ["score:satisfaction"]


def test_more_than_an_item_holds_is_refused(one: Office, call: Caller) -> None:
    made = one.brings("people", csv(*table({"Manager": 1})))
    values = {f"{n:03}{'职' * 97}": "sales" for n in range(1000)}
    status, problem = call("POST", f"/imports/{made.import_id}/columns", {"values": {"role": values}})
    assert (status, problem["type"]) == (422, "urn:rencai:problem:values_too_long")


def test_whatever_is_asked_can_be_answered_by_its_guess(one: Office, call: Caller) -> None:
    titles = {f"{n:03}{'职' * 90}销售": 1 for n in range(250)}
    towns = [f"{n:03}{'镇' * 96}" for n in range(260)]
    header, *people = table(titles)
    spelled = [
        (*row[:4], town + end, row[5]) for row, town in zip(people, towns, strict=False) for end in ("", "市")
    ]
    made = one.brings("people", csv(header, *spelled))
    assert call("POST", f"/imports/{made.import_id}/columns", {})[0] == 200
    assert goes_on(one, made).status is ImportStatus.FINISHED


def test_a_file_looked_at_twice_asks_the_same(one: Office) -> None:
    made = one.asks("people")
    one.puts(made, csv(*table({"Manager": 2})))
    one.delivers(lambda: one.splits(made.import_id))
    waits = one.works(made.import_id)
    one.splits(made.import_id)
    assert one.imports.get(made.import_id) == waits
    (asked,) = one.import_objects.asked(made.import_id, waits.asked)
    assert [(value.value, value.rows) for value in asked.values] == [("Manager", 2)]
