"""Which column is which field, in Chinese and in English, and what a person has to look at (F1)."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.kernel.errors import DomainError, Refusal
from rencai.migration.rules.columns import ERRORS_HEADER, confirmed, guess, needs_confirmation
from rencai.migration.rules.fields import FIELDS, CellType, ImportKind
from rencai.migration.rules.import_mapping import ImportMapping, field_of
from rencai.migration.rules.names import compact
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.taken import Column, missing
from rencai.migration.rules.units import Scale, scale_of
from tests.shipped import ROLES, SHIPPED

PLAIN = ImportMapping()
NAMES = sorted(
    {name for fields in FIELDS.values() for one in fields for name in (one.id, one.zh, *one.aliases)}
)


def fields(kind: ImportKind, *headers: str, mapping: ImportMapping = PLAIN) -> list[str | None]:
    return [column.field for column in guess(kind, headers, mapping)]


def how(kind: ImportKind, *headers: str, mapping: ImportMapping = PLAIN) -> list[str]:
    return [column.how for column in guess(kind, headers, mapping)]


@pytest.mark.parametrize(
    ("kind", "headers", "found"),
    [
        (
            ImportKind.PEOPLE,
            ("员工编号", "姓名", "岗位(必填)", "部门", "入职日期", "离职日期", "邮箱", "级别", "工作城市"),
            ("employee_no", "name", "role", "department", "starts_on", "left_on", "email", "level", "location"),
        ),
        (
            ImportKind.PEOPLE,
            ("Staff ID", "Full Name", "Job Title", "Dept.", "Hire_Date", "E-mail", "City"),
            ("employee_no", "name", "role", "department", "starts_on", "email", "location"),
        ),
        (
            ImportKind.RECRUITING,
            ("人员编号", "面试日期", "能力项", "得分", "满分"),
            ("employee_no", "interviewed_on", "competency", "score", "out_of"),
        ),
        (
            ImportKind.TRAINING,
            ("EMP_NO", "Course Name", "Completion rate (%)", "Exam", "Completed at"),
            ("employee_no", "course", "completion_percent", "exam_score", "completed_on"),
        ),
        (
            ImportKind.PERFORMANCE,
            ("工号", "月份", "绩效得分", "销售额(万元)", "销售目标(万元)", "毛利率", "ACoS", "复购率"),
            ("employee_no", "month", "score", "sales", "sales_target", "gross_margin", "acos", "repurchase"),
        ),
        (
            ImportKind.ATTENDANCE,
            ("工号", "周", "工时(小时)", "加班"),
            ("employee_no", "week", "hours", "overtime_hours"),
        ),
        (
            ImportKind.LEAVE,
            ("employee no.", "请假类型", "开始日期", "结束日期", "请假天数", "状态"),
            ("employee_no", "kind", "starts_on", "ends_on", "days", "cancelled"),
        ),
        (
            ImportKind.SURVEYS,
            ("工号", "月份", "工作满意度", "压力", "建议"),
            ("employee_no", "month", "score:satisfaction", "score:stress", "text:comment"),
        ),
    ],
)  # fmt: skip
def test_f1_real_headers_are_known_and_need_no_confirmation(
    kind: ImportKind, headers: tuple[str, ...], found: tuple[str, ...]
) -> None:
    columns = guess(kind, headers, PLAIN)
    assert tuple(column.field for column in columns) == found
    assert {column.how for column in columns} == {"exact"}
    assert not needs_confirmation(kind, columns)


@pytest.mark.parametrize(
    "header", ["工号", " 工 号 ", "工号*", "【工号】", "工号(必填)", "ＥＭＰ－ＮＯ", "Emp. No", "employee_no"]
)
def test_a_header_is_compared_without_case_width_space_and_punctuation(header: str) -> None:
    assert fields(ImportKind.PEOPLE, header) == ["employee_no"]


@pytest.mark.parametrize("kind", ImportKind)
def test_a_name_stands_for_one_field_of_a_kind(kind: ImportKind) -> None:
    names = Counter(
        name
        for one in FIELDS[kind]
        for name in {compact(alias) for alias in (one.id, one.zh, one.en, *one.aliases)}
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert "" not in names


@pytest.mark.parametrize("kind", ImportKind)
def test_each_field_is_found_by_each_of_its_names(kind: ImportKind) -> None:
    for one in FIELDS[kind]:
        for name in (one.id, one.zh, one.en, *one.aliases):
            assert fields(kind, name) == [one.id], name


def test_options_have_names_that_do_not_clash() -> None:
    for fields_ in FIELDS.values():
        for one in fields_:
            named = Counter(
                name
                for value, names in one.options.items()
                for name in {compact(own) or own for own in (value, *names)}
            )
            assert [name for name, count in named.items() if count > 1] == []
            assert bool(one.options) == (one.type in (CellType.OPTION, CellType.FLAG))


# --- guesses ----------------------------------------------------------------------------------------------------------


def test_what_only_comes_close_is_guessed_and_has_to_be_confirmed() -> None:
    columns = guess(ImportKind.ATTENDANCE, ["工号", "考勤周次", "实际出勤工时", "加班工时数"], PLAIN)
    assert [(column.field, column.how) for column in columns] == [
        ("employee_no", "exact"),
        ("week", "exact"),
        ("hours", "guessed"),
        ("overtime_hours", "guessed"),
    ]
    assert needs_confirmation(ImportKind.ATTENDANCE, columns)


def test_a_unit_that_is_not_known_is_no_exact_match() -> None:
    assert how(ImportKind.ATTENDANCE, "工时(工日)") == ["guessed"]


@pytest.mark.parametrize(
    ("kind", "header"), [(ImportKind.LEAVE, "请假时长(小时)"), (ImportKind.ATTENDANCE, "日期")]
)
def test_what_may_count_something_else_is_never_taken_unasked(kind: ImportKind, header: str) -> None:
    # Hours are no days, and a day's hours no week's.
    assert how(kind, header) != ["exact"]


def test_of_two_columns_with_as_good_a_name_the_first_is_guessed() -> None:
    columns = guess(ImportKind.PEOPLE, ["工号", "员工编号", "姓名"], PLAIN)
    assert [(column.field, column.how) for column in columns] == [
        ("employee_no", "guessed"),
        (None, "ignored"),
        ("name", "exact"),
    ]


def test_a_whole_name_comes_before_one_with_a_unit() -> None:
    assert fields(ImportKind.ATTENDANCE, "工时(分钟)", "工时") == [None, "hours"]


def test_somebody_elses_name_is_not_the_employees() -> None:
    assert fields(ImportKind.PEOPLE, "工号", "姓名", "主管姓名") == ["employee_no", "name", None]


@pytest.mark.parametrize("header", ["", "  ", "备用", "Column 7", ERRORS_HEADER, "错误/Errors"])
def test_what_is_no_field_is_ignored(header: str) -> None:
    assert how(ImportKind.ATTENDANCE, header) == ["ignored"]


def test_the_mapping_has_the_first_word() -> None:
    mapping = ImportMapping(
        columns={ImportKind.ATTENDANCE: {"hours": ("加班",), "overtime_hours": ("OT 2",)}}
    )
    assert fields(ImportKind.ATTENDANCE, "加班", "工时", "ot2", mapping=mapping) == [
        "hours",
        None,
        "overtime_hours",
    ]


def test_the_mapping_makes_questions_and_figures() -> None:
    mapping = ImportMapping(
        questions={"teamwork": ("团队协作",)},
        texts={"wishes": ("期望",)},
        metrics={"new_listings": ("上新数量",)},
        percent_metrics={"return_rate": ("退货率",)},
        columns={ImportKind.SURVEYS: {"score:boss": ("直属领导",)}},
    )
    survey = fields(ImportKind.SURVEYS, "团队协作", "期望", "压力", "直属领导", mapping=mapping)
    assert survey == ["score:teamwork", "text:wishes", "score:stress", "score:boss"]
    month = fields(ImportKind.PERFORMANCE, "上新数量", "退货率", mapping=mapping)
    assert month == ["metric:new_listings", "metric:return_rate"]
    assert fields(
        ImportKind.PERFORMANCE, "店铺流水", mapping=ImportMapping(metrics={"sales": ("店铺流水",)})
    ) == ["sales"]
    assert field_of(ImportKind.PERFORMANCE, "metric:sales", mapping) is None
    made = field_of(ImportKind.PERFORMANCE, "metric:return_rate", mapping)
    assert made is not None
    assert made.type is CellType.PERCENT


@given(
    st.lists(st.one_of(st.text(max_size=20), st.sampled_from(NAMES)), max_size=15),
    st.sampled_from(ImportKind),
)
def test_whatever_the_headers_each_column_is_told_of_and_a_field_has_one(
    headers: list[str], kind: ImportKind
) -> None:
    columns = guess(kind, headers, PLAIN)
    assert [(column.header, column.index) for column in columns] == [
        (one, at) for at, one in enumerate(headers)
    ]
    taken = [column.field for column in columns if column.field]
    assert len(set(taken)) == len(taken)
    assert all((column.field is None) == (column.how == "ignored") for column in columns)


@given(st.permutations(["工号", "周次", "出勤工时", "加班(分钟)", "实际出勤", "备注"]))
def test_the_order_of_columns_changes_nothing(headers: list[str]) -> None:
    found = {column.header: column.field for column in guess(ImportKind.ATTENDANCE, headers, PLAIN)}
    assert (found["工号"], found["周次"], found["出勤工时"]) == ("employee_no", "week", "hours")
    assert (found["加班(分钟)"], found["备注"]) == ("overtime_hours", None)


# --- confirmation -----------------------------------------------------------------------------------------------------


def test_a_file_without_a_required_column_waits() -> None:
    columns = guess(ImportKind.LEAVE, ["姓名", "请假类型", "开始日期", "天数"], PLAIN)
    assert missing(ImportKind.LEAVE, columns) == ("employee_no", "ends_on")
    assert needs_confirmation(ImportKind.LEAVE, columns)


def test_an_id_stands_for_the_number_and_a_figure_for_the_score() -> None:
    assert (
        missing(ImportKind.PERFORMANCE, guess(ImportKind.PERFORMANCE, ["employee_id", "月份", "acos"], PLAIN))
        == ()
    )
    told = guess(ImportKind.PERFORMANCE, ["employee_id", "月份", "满分"], PLAIN)
    assert missing(ImportKind.PERFORMANCE, told) == ("score",)
    assert missing(ImportKind.SURVEYS, guess(ImportKind.SURVEYS, ["工号", "月份"], PLAIN)) == (
        "score:satisfaction",
    )


def test_a_person_says_which_column_is_which() -> None:
    columns = guess(ImportKind.ATTENDANCE, ["工号", "日期", "甲", "加班工时数", "乙"], PLAIN)
    chosen = confirmed(
        ImportKind.ATTENDANCE, columns, {"日期": "week", "甲": "hours", "加班工时数": None}, PLAIN
    )
    assert chosen == (
        Column("工号", 0, "employee_no", "exact"),
        Column("日期", 1, "week", "confirmed"),
        Column("甲", 2, "hours", "confirmed"),
        Column("加班工时数", 3, None, "ignored"),
        Column("乙", 4, None, "ignored"),
    )
    assert not needs_confirmation(ImportKind.ATTENDANCE, chosen)


def test_what_was_guessed_and_not_spoken_of_is_confirmed_or_gives_way() -> None:
    columns = guess(ImportKind.ATTENDANCE, ["工号", "周", "实际出勤工时", "甲"], PLAIN)
    assert [one.how for one in confirmed(ImportKind.ATTENDANCE, columns, {}, PLAIN)][2] == "confirmed"
    chosen = confirmed(ImportKind.ATTENDANCE, columns, {"甲": "hours"}, PLAIN)
    assert [one.field for one in chosen] == ["employee_no", "week", None, "hours"]


@pytest.mark.parametrize(
    ("choice", "refusal"),
    [
        ({"丙": "hours"}, MigrationRefusal.COLUMN_UNKNOWN),
        ({"甲": "salary"}, MigrationRefusal.COLUMN_UNKNOWN),
        ({"甲": "score:stress"}, MigrationRefusal.COLUMN_UNKNOWN),
        ({"甲": "hours", "乙": "hours"}, MigrationRefusal.COLUMN_TWICE),
        ({"甲": "employee_no", "乙": "hours"}, MigrationRefusal.COLUMN_TWICE),
        ({"甲": "overtime_hours"}, MigrationRefusal.COLUMN_MISSING),
    ],
)
def test_a_choice_that_cannot_be_is_refused(choice: dict[str, str | None], refusal: Refusal) -> None:
    columns = guess(ImportKind.ATTENDANCE, ["工号", "周", "甲", "乙"], PLAIN)
    with pytest.raises(DomainError) as caught:
        confirmed(ImportKind.ATTENDANCE, columns, choice, PLAIN)
    assert caught.value.code is refusal


# --- units and the mapping --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "field", "header", "scale"),
    [
        (ImportKind.ATTENDANCE, "overtime_hours", "加班", Scale()),
        (ImportKind.ATTENDANCE, "overtime_hours", "加班(小时)", Scale(stated=True)),
        (ImportKind.ATTENDANCE, "overtime_hours", "加班(分钟)(选填)", Scale(Fraction(1, 60), stated=True)),
        (ImportKind.ATTENDANCE, "hours", "Hours", Scale()),
        (ImportKind.PERFORMANCE, "sales", "销售额(万元)", Scale(Fraction(10_000), "CNY", stated=True)),
        (ImportKind.PERFORMANCE, "sales", "销售额(人民币万元)", Scale(Fraction(10_000), "CNY", stated=True)),
        (ImportKind.PERFORMANCE, "sales", "Sales, USD", Scale(currency="USD", stated=True)),
        (ImportKind.PERFORMANCE, "sales", "销售额($)", Scale(currency="USD", stated=True)),
        (ImportKind.PERFORMANCE, "sales", "销售额", Scale()),
        (ImportKind.TRAINING, "completion_percent", "完成率(%)", Scale(stated=True)),
    ],
)
def test_a_header_says_what_its_numbers_count(
    kind: ImportKind, field: str, header: str, scale: Scale
) -> None:
    known = field_of(kind, field, PLAIN)
    assert known is not None
    assert scale_of(known, header) == scale


@pytest.mark.parametrize(
    "document",
    [
        {"columns": {"people": {"salary": ["工资"]}}},
        {"columns": {"salaries": {}}},
        {"columns": {"people": {"name": ["名"], "role": ["名 "]}}},
        {"roles": {"sales": ["销售"], "general": ["销售"]}},
        {"roles": {"Sales": ["销售"]}},
        {"metrics": {"x": []}, "percent_metrics": {"x": []}},
        {"metrics": {"month": ["x"]}},
        {"currency": "yuan"},
        {"dates": "any"},
        {"surprise": 1},
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ImportMapping.model_validate(document)


def test_the_shipped_mapping_names_every_role_there_is_a_model_of() -> None:
    (mapping,) = (one for one in SHIPPED.values() if isinstance(one, ImportMapping))
    assert sorted(mapping.roles) == sorted(ROLES)
    assert mapping.dates is None
