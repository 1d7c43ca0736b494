"""What a source's mapping learns of a file: its next file needs nobody, and a header means what was said of it last."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.kernel.errors import DomainError
from rencai.migration.rules.columns import confirmed, guess, needs_confirmation
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import MAX_HEADERS, MAX_IGNORED, ImportMapping, fields_of
from rencai.migration.rules.names import compared
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.remembered import remembered
from rencai.migration.rules.taken import missing

PLAIN = ImportMapping()
Choice = Mapping[str, str | None]


def learnt(
    kind: ImportKind, headers: list[str], choice: Choice, mapping: ImportMapping = PLAIN
) -> ImportMapping:
    columns = confirmed(kind, guess(kind, headers, mapping), choice, mapping)
    return ImportMapping.model_validate(remembered(mapping, kind, columns, choice))


@pytest.mark.parametrize(
    ("kind", "headers", "choice", "expected"),
    [
        (
            ImportKind.PERFORMANCE,
            ["工号", "月份", "得分", "上新数甲"],
            {"上新数甲": "metric:listings"},
            {"metrics": {"listings": ["上新数甲"]}},
        ),
        (
            ImportKind.SURVEYS,
            ["工号", "月份", "题一", "题二", "题三"],
            {"题一": "score:q1", "题二": "text:q1", "题三": "score:stress"},
            {"questions": {"q1": ["题一"], "stress": ["题三"]}, "texts": {"q1": ["题二"]}},
        ),
        (
            ImportKind.PERFORMANCE,
            ["工号", "月份", "得分", "广告占比"],
            {"广告占比": "acos"},
            {"columns": {"performance": {"acos": ["广告占比"]}}},
        ),
        (
            ImportKind.ATTENDANCE,
            ["工号", "周", "工时", "周末加班时数"],
            {"周末加班时数": None},
            {"ignored": {"attendance": ["周末加班时数"]}},
        ),
        (
            ImportKind.PEOPLE,
            ["工号", "甲", "%"],
            {"甲": "department", "%": "level"},
            {"columns": {"people": {"department": ["甲"], "level": ["%"]}}},
        ),
    ],
)
def test_what_was_chosen_is_kept_where_the_mapping_has_such_things(
    kind: ImportKind, headers: list[str], choice: Choice, expected: dict[str, Any]
) -> None:
    assert learnt(kind, headers, choice) == ImportMapping.model_validate(expected)


FIGURES = ImportMapping.model_validate(
    {"metrics": {"calls": ["电话"]}, "percent_metrics": {"returns": ["退货"]}}
)
SURVEY = ImportMapping.model_validate({"questions": {"mood": ["心情"]}, "texts": {"wishes": ["期望"]}})


@pytest.mark.parametrize(
    ("kind", "header", "then", "mapping"),
    [
        (ImportKind.PEOPLE, "自定义", "level", {"columns": {"people": {"department": ["自定义"]}}}),
        (ImportKind.PEOPLE, " 自 定义", "level", {"columns": {"people": {"department": ["自定义", "乙"]}}}),
        (ImportKind.PEOPLE, "自定义", "level", {"ignored": {"people": ["自定义"]}}),
        (ImportKind.PEOPLE, "自定义", None, {"columns": {"people": {"department": ["自定义"]}}}),
        (ImportKind.PEOPLE, "部门", "level", {}),
        (ImportKind.PEOPLE, "部门", None, {}),
        (ImportKind.PERFORMANCE, "电话", "metric:returns", {"metrics": {"calls": ["电话"]}}),
        (ImportKind.PERFORMANCE, "电话", "metric:calls", {"percent_metrics": {"returns": ["电话"]}}),
        (ImportKind.PERFORMANCE, "电话", "acos", {"metrics": {"calls": ["电话"]}}),
        (ImportKind.PERFORMANCE, "电话", "metric:calls", {"columns": {"performance": {"acos": ["电话"]}}}),
        (ImportKind.PERFORMANCE, "电话", "metric:b", {"columns": {"performance": {"metric:a": ["电话"]}}}),
        (ImportKind.PERFORMANCE, "电话", "acos", {"metrics": {"acos": ["广告"], "calls": ["电话"]}}),
        (ImportKind.SURVEYS, "心情", "text:mood", {"questions": {"mood": ["心情"]}}),
        (ImportKind.SURVEYS, "心情", "score:mood", {"texts": {"mood": ["心情"]}}),
        (ImportKind.SURVEYS, "心情", "score:stress", {"columns": {"surveys": {"score:mood": ["心情"]}}}),
        (ImportKind.SURVEYS, "心情", None, {"questions": {"mood": ["心情"]}}),
        (ImportKind.SURVEYS, "压力", "score:mood", {}),
    ],
)
def test_a_header_means_what_was_said_of_it_last(
    kind: ImportKind, header: str, then: str | None, mapping: dict[str, Any]
) -> None:
    needed = {
        ImportKind.PEOPLE: ["工号"],
        ImportKind.PERFORMANCE: ["工号", "月份", "得分"],
        ImportKind.SURVEYS: ["工号", "月份", "支持"],
    }[kind]
    headers = [*needed, header]
    after = learnt(kind, headers, {header: then}, ImportMapping.model_validate(mapping))
    taken = guess(kind, headers, after)
    assert [one.field for one in taken if one.header == header] == [then]
    assert not needs_confirmation(kind, taken)


def test_a_figure_in_percent_stays_one_whatever_it_is_called() -> None:
    headers = ["工号", "月份", "得分", "退货", "退货占比"]
    after = learnt(ImportKind.PERFORMANCE, headers, {"退货": None, "退货占比": "metric:returns"}, FIGURES)
    assert after.percent_metrics == {"returns": ("退货占比",)}
    assert after.metrics == FIGURES.metrics


def test_one_kind_learns_nothing_of_another() -> None:
    mapping = ImportMapping.model_validate(
        {"columns": {"leave": {"days": ["自定义"]}}, "ignored": {"people": ["甲"], "surveys": ["自定义"]}}
    )
    after = learnt(ImportKind.PEOPLE, ["工号", "自定义"], {"自定义": "level"}, mapping)
    assert after.columns == {
        ImportKind.LEAVE: {"days": ("自定义",)},
        ImportKind.PEOPLE: {"level": ("自定义",)},
    }
    assert after.ignored == mapping.ignored


def test_the_rest_of_a_mapping_stays_as_it_is() -> None:
    mapping = ImportMapping.model_validate(
        {
            "roles": {"sales": ["销售"]},
            "currency": "USD",
            "dates": "day-first",
            **SURVEY.model_dump(mode="json"),
        }
    )
    after = learnt(ImportKind.SURVEYS, ["工号", "月份", "心情", "甲"], {"甲": "score:stay"}, mapping)
    assert after == mapping.model_copy(update={"questions": {"mood": ("心情",), "stay": ("甲",)}})


def test_a_guess_that_gave_way_is_not_asked_of_again() -> None:
    headers = ["工号", "周", "实际出勤工时", "甲"]
    after = learnt(ImportKind.ATTENDANCE, headers, {"甲": "hours"})
    assert [one.field for one in guess(ImportKind.ATTENDANCE, headers, after)] == [
        "employee_no",
        "week",
        None,
        "hours",
    ]


@pytest.mark.parametrize(
    ("headers", "choice"),
    [
        (["工号", ""], {"": "level"}),
        (["工号", "Grade A", "grade-a"], {"Grade A": "level", "grade-a": None}),
        (["工号", "Grade A", "grade-a"], {"Grade A": "level", "grade-a": "department"}),
    ],
)
def test_what_no_header_can_say_is_not_remembered_by_half(headers: list[str], choice: Choice) -> None:
    with pytest.raises(DomainError) as refused:
        learnt(ImportKind.PEOPLE, headers, choice)
    assert refused.value.code is MigrationRefusal.COLUMN_NOT_MEMORABLE
    assert refused.value.path.startswith("columns.")


def test_columns_of_one_name_may_all_be_left_out() -> None:
    after = learnt(ImportKind.PEOPLE, ["工号", "备注", "备注", "", ""], {"备注": None, "": None})
    assert after.ignored == {ImportKind.PEOPLE: ("备注",)}


@pytest.mark.parametrize("field", ["level", None])
def test_a_mapping_that_is_full_says_so(field: str | None) -> None:
    full: dict[str, Any]
    if field:
        full = {"columns": {"people": {field: [f"级{n}" for n in range(MAX_HEADERS)]}}}
    else:
        full = {"ignored": {"people": [f"级{n}" for n in range(MAX_IGNORED)]}}
    mapping = ImportMapping.model_validate(full)
    with pytest.raises(DomainError) as refused:
        learnt(ImportKind.PEOPLE, ["工号", "甲"], {"甲": field}, mapping)
    assert refused.value.code is MigrationRefusal.MAPPING_FULL
    # What is there already takes no place.
    after = learnt(ImportKind.PEOPLE, ["工号", "级7"], {"级7": field}, mapping)
    assert len(after.columns[ImportKind.PEOPLE][field] if field else after.ignored[ImportKind.PEOPLE]) > 99


WORDS = [
    "工号",
    "员工",
    "姓名",
    "部门",
    "部门 ",
    "dept",
    "岗位",
    "级别",
    "职级",
    "%",
    "甲",
    "乙",
    "备注",
    "邮箱",
    "周工时",
    "满意度",
]


@given(
    st.sampled_from(ImportKind),
    st.lists(
        st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), min_size=1, max_size=8, unique_by=compared
    ),
    st.data(),
)
def test_the_next_file_with_the_same_headers_needs_nobody(
    kind: ImportKind, headers: list[str], data: st.DataObject
) -> None:
    ids = [one.id for one in fields_of(kind, PLAIN)]
    if kind is ImportKind.PERFORMANCE:
        ids.append("metric:calls")
    fields = data.draw(st.lists(st.sampled_from(ids), max_size=len(headers), unique=True))
    named = [one for one in headers if compared(one)]
    choice: dict[str, str | None] = dict(zip(named, fields, strict=False))
    columns = guess(kind, headers, PLAIN)
    try:
        chosen = confirmed(kind, columns, choice, PLAIN)
    except DomainError:
        return
    after = ImportMapping.model_validate(remembered(PLAIN, kind, chosen, choice))
    again = guess(kind, headers, after)
    assert [one.field for one in again] == [one.field for one in chosen]
    assert bool(missing(kind, chosen)) is needs_confirmation(kind, again)
