"""What the values of a file mean: known, guessed, asked, said, remembered (F1)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.kernel.errors import DomainError
from rencai.migration.rules import values
from rencai.migration.rules.columns import guess
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.import_mapping import MAX_VALUES, ImportMapping, field_of
from rencai.migration.rules.likely import likely
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.said import chosen, extended, names_of, remember_values
from rencai.migration.rules.scales import PointScale
from rencai.migration.rules.sheet.source import Mark, MarkKind, SourceRow
from rencai.migration.rules.taken import Asked, Column, Options, Said, Unknown
from rencai.migration.rules.values import Watch
from tests.migration.import_rows import LEAVE, MONTH, PEOPLE, SURVEY, TODAY, record, rules
from tests.shipped import SHIPPED

PLAIN = ImportMapping()
(DEFAULT,) = (one for one in SHIPPED.values() if isinstance(one, ImportMapping))


def columns_of(kind: ImportKind, *headers: str) -> tuple[Column, ...]:
    return guess(kind, headers, PLAIN)


def asked(
    kind: ImportKind,
    headers: Sequence[str],
    *rows: Sequence[str],
    mapping: ImportMapping = DEFAULT,
    marks: Mapping[int, Mark] | None = None,
) -> tuple[Asked, ...]:
    watch = Watch(kind, columns_of(kind, *headers), mapping, TODAY, {})
    given = [SourceRow(number, list(cells), marks or {}) for number, cells in enumerate(rows, 2)]
    for row in given:
        watch.see(row)
    return watch.asked()


# --- guesses


@pytest.mark.parametrize(
    ("value", "role"),
    [
        ("Sales Executive", "sales"),
        ("Senior Sales Executive (APAC)", "sales"),
        ("亚马逊运营专员", "ecommerce_operations"),
        ("高级亚马逊运营专员", "ecommerce_operations"),
        ("销售总监", "sales"),
        ("人事行政专员", "general"),
        ("HR专员", "general"),
        ("HR Manager", "general"),
        ("品牌营销经理", "marketing"),
        ("Marketng specialist", "marketing"),
        ("E-Commerce Operator II", "ecommerce_operations"),
        ("sales_rep", "sales"),
        # Two roles, or none, are in it; or it says what it is not.
        ("Manager", None),
        ("Sales and Marketing Manager", None),
        ("市场运营", None),
        ("非销售", None),
        ("Non-sales staff", None),
        ("Research Scientist", None),
        ("Laboratory Technician", None),
        ("Wholesales", None),
        ("研究员", None),
        ("?", None),
        ("-", None),
    ],
)
def test_a_title_is_guessed_by_the_names_of_one_role(value: str, role: str | None) -> None:
    field = field_of(ImportKind.PEOPLE, "role", PLAIN)
    assert field
    assert likely(value, field, names_of(field, DEFAULT)) == role


@pytest.mark.parametrize(
    ("kind", "field_id", "value", "option"),
    [
        (ImportKind.LEAVE, "kind", "带薪年休假(法定)", "annual"),
        (ImportKind.LEAVE, "kind", "陪产假期", "paternity"),
        (ImportKind.LEAVE, "kind", "无薪事假", "personal"),
        (ImportKind.LEAVE, "kind", "Sick leave (paid)", "sick"),
        (ImportKind.LEAVE, "kind", "育儿假", None),
        (ImportKind.LEAVE, "kind", "年休", "annual"),
        (ImportKind.LEAVE, "cancelled", "已取消(重复)", "true"),
        (ImportKind.LEAVE, "cancelled", "Approved by manager", "false"),
        (ImportKind.LEAVE, "cancelled", "未撤销", None),
        (ImportKind.LEAVE, "cancelled", "部分取消", None),
        (ImportKind.LEAVE, "cancelled", "审批中", None),
        (ImportKind.PEOPLE, "locale", "English (UK)", "en"),
        (ImportKind.PEOPLE, "locale", "中文(简体)", "zh-CN"),
        (ImportKind.PEOPLE, "locale", "Français", None),
        (ImportKind.PERFORMANCE, "currency", "人民币(CNY)", "CNY"),
        (ImportKind.SURVEYS, "score:satisfaction", "4 - 满意", "4"),
        (ImportKind.SURVEYS, "score:satisfaction", "7 - 满意", None),
        # Of stress, nobody knows whether 4 is much.
        (ImportKind.SURVEYS, "score:stress", "4 - 较大", None),
        (ImportKind.SURVEYS, "score:stress", "Very_High", None),
    ],
)
def test_other_options_are_guessed_alike(
    kind: ImportKind, field_id: str, value: str, option: str | None
) -> None:
    field = field_of(kind, field_id, PLAIN)
    assert field
    assert likely(value, field, names_of(field, PLAIN)) == option


# --- what is asked


def test_values_nobody_knows_are_asked_with_their_rows_the_commonest_first() -> None:
    titles = ["Sales Executive"] * 3 + ["sales executive", "Manager", "销售", "sales", "销售代表"]
    (about,) = asked(
        ImportKind.PEOPLE, ("工号", "岗位"), *((str(n), title) for n, title in enumerate(titles))
    )
    assert about == Asked(
        "role",
        "岗位",
        1,
        ("ecommerce_operations", "general", "marketing", "sales"),
        (Unknown("Sales Executive", 4, "sales"), Unknown("Manager", 1, None)),
        0,
    )


def test_what_is_known_is_asked_of_nobody() -> None:
    assert not asked(
        ImportKind.PEOPLE, PEOPLE, ("1", "甲", "销售经理", "深圳", "2025-01-01", "", "", "", "中文")
    )
    assert not asked(ImportKind.LEAVE, LEAVE, ("1", "a", "病假", "2026-01-01", "2026-01-01", "1", "否"))
    assert not asked(ImportKind.PERFORMANCE, MONTH, ("1", "2026-01", "8", "10", "1", "", "元", "", ""))
    # Numbers of another scale are no names; what is no text in the sheet says nothing of what it was.
    assert not asked(ImportKind.SURVEYS, SURVEY, ("1", "2026-01", "7", "4.5", "挺好"))
    assert not asked(ImportKind.PEOPLE, ("工号", "岗位"), ("1", ""), ("2", "x" * 101), ("3",))


def test_without_any_list_of_roles_role_ids_are_known() -> None:
    (about,) = asked(
        ImportKind.PEOPLE, ("工号", "岗位"), ("1", "warehouse"), ("2", "Warehouse clerk"), mapping=PLAIN
    )
    assert (about.options, [one.value for one in about.values]) == ((), ["Warehouse clerk"])


def test_each_column_with_options_is_asked_about() -> None:
    leave = asked(ImportKind.LEAVE, LEAVE, ("1", "a", "育儿假", "2026-01-01", "2026-01-01", "1", "审批中"))
    assert [(one.field, one.values[0].value, one.options[0]) for one in leave] == [
        ("kind", "育儿假", "annual"),
        ("cancelled", "审批中", "true"),
    ]
    (survey,) = asked(ImportKind.SURVEYS, SURVEY, ("1", "2026-01", "满意", "4", "挺好"))
    assert (survey.field, survey.options) == ("score:satisfaction", ("1", "2", "3", "4", "5"))
    (money,) = asked(ImportKind.PERFORMANCE, MONTH, ("1", "2026-01", "8", "10", "1", "", "美刀", "", ""))
    assert (money.field, money.options[:2]) == ("currency", ("CNY", "USD"))


def test_departments_spelled_in_several_ways_are_proposed_as_the_commonest() -> None:
    names = ["研发部"] * 3 + ["研发", " 研发 部", "研发部门", "R&D", "r & d", "R&D", "销售部", "研发二部"]
    (about,) = asked(ImportKind.PEOPLE, ("工号", "部门"), *((str(n), name) for n, name in enumerate(names)))
    assert {(one.value, one.guess) for one in about.values} == {
        ("研发", "研发部"),
        ("研发 部", "研发部"),
        ("研发部门", "研发部"),
        ("r & d", "R&D"),
    }
    assert set(about.options) == {"研发部", "R&D"}
    assert asked(ImportKind.PEOPLE, ("工号", "工作地点"), ("1", "深圳市"), ("2", "深圳"))
    assert not asked(ImportKind.PEOPLE, ("工号", "部门"), ("1", "研发部"), ("2", "研发二部"), ("3", "部"))


def test_a_column_of_names_is_asked_about_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(str(n), f"名{n}") for n in range(values.MAX_ASKED + 50)]
    (about,) = asked(ImportKind.PEOPLE, ("工号", "岗位"), *rows)
    assert (len(about.values), about.more) == (values.MAX_ASKED, 50)
    monkeypatch.setattr(values, "_KEPT", 10)
    (about,) = asked(ImportKind.PEOPLE, ("工号", "岗位"), *rows)
    assert (len(about.values), about.more) == (10, values.MAX_ASKED + 40)
    monkeypatch.setattr(values, "MAX_ASKED_OF_ALL", 3)
    two = asked(ImportKind.LEAVE, LEAVE, *(("1", "a", f"假{n}", "", "", "", f"状{n}") for n in range(4)))
    assert [len(one.values) for one in two] == [3, 0]


def test_what_a_spreadsheet_made_of_a_title_is_not_asked_about() -> None:
    marks = {1: Mark(MarkKind.NUMBER)}
    (about,) = asked(ImportKind.PEOPLE, ("工号", "岗位"), ("1", "101"), ("2", "101"), marks=marks)
    assert about.values == (Unknown("101", 2, None),)


# --- what is said

ROLES = Asked(
    "role",
    "岗位",
    1,
    ("general", "sales"),
    (Unknown("Sales Executive", 3, "sales"), Unknown("Manager", 2, None), Unknown("Clerk", 1, "general")),
    0,
)


def said(
    choice: Mapping[str, Options],
    *,
    guesses: bool = True,
    headers: Sequence[str] = ("工号", "岗位", "部门"),
    before: Mapping[str, Said] | None = None,
    shown: Sequence[Asked] = (ROLES,),
) -> dict[str, Said]:
    columns = columns_of(ImportKind.PEOPLE, *headers)
    return chosen(ImportKind.PEOPLE, columns, shown, choice, DEFAULT, before or {}, guesses=guesses)


def test_what_is_not_named_means_what_was_guessed_or_nothing() -> None:
    assert said({}) == {"role": Said(1, {"Sales Executive": "sales", "Clerk": "general"})}
    assert said({}, guesses=False) == {"role": Said(1, {})}
    named = {"role": {"Manager": "general", "clerk": None, "Intern": "sales"}}
    assert said(named)["role"].options == {
        "Sales Executive": "sales",
        "Manager": "general",
        "clerk": None,
        "Intern": "sales",
    }


@pytest.mark.parametrize(
    ("option", "meant"),
    [("sales", "sales"), ("销售", "sales"), ("Sales", "sales"), ("HR", "general"), ("lab_technician",) * 2],
)
def test_an_option_may_be_said_by_its_name_and_a_role_may_be_a_new_one(option: str, meant: str) -> None:
    assert said({"role": {"Manager": option}})["role"].options["Manager"] == meant


@pytest.mark.parametrize(
    ("choice", "code", "path"),
    [
        ({"role": {"Manager": "Lab Technician"}}, "value_role_unknown", "values.role.Manager"),
        ({"role": {"Manager": ""}}, "value_role_unknown", "values.role.Manager"),
        ({"role": {"Manager": "sales", "manager": "general"}}, "value_twice", "values.role.manager"),
        ({"locale": {"x": "en"}}, "value_field_unknown", "values.locale"),
        ({"employee_no": {"x": "y"}}, "value_field_unknown", "values.employee_no"),
        ({"department": {"x": " "}}, "value_option_unknown", "values.department.x"),
    ],
)
def test_what_a_value_cannot_mean_is_refused(choice: dict[str, Options], code: str, path: str) -> None:
    with pytest.raises(DomainError) as refused:
        said(choice)
    assert (refused.value.code.value, refused.value.path) == (code, path)


def test_values_of_a_column_that_is_another_now_are_not_said() -> None:
    elsewhere = ("岗位", "工号")
    assert said({}, headers=elsewhere) == {}
    # What was named counts wherever it stands, and the rest of it is asked.
    assert said({"role": {"Manager": "sales"}}, headers=elsewhere) == {
        "role": Said(None, {"Manager": "sales"})
    }
    before = {"role": Said(1, {"Manager": "sales"}), "locale": Said(2, {"x": "en"})}
    assert said({}, before=before, shown=()) == {"role": before["role"]}
    assert said({"role": {"manager": "general"}}, before=before, shown=())["role"].options == {
        "manager": "general"
    }


# --- what is read


def read_role(cell: str, own: ImportMapping, default: ImportMapping = PLAIN, **told: Any) -> Any:
    mapping = extended(own, default, told.get("roles", {}), ImportKind.PEOPLE, told.get("said", {}))
    person: Any = record(ImportKind.PEOPLE, ("工号", "岗位"), "1", cell, mapping=mapping)
    return person.role


SOURCE = ImportMapping(roles={"sales": ("Sales Executive",), "general": ("市场",)})


@pytest.mark.parametrize(
    ("cell", "role"),
    [
        ("Sales Executive", "sales"),
        ("sales", "sales"),
        ("marketing", "marketing"),
        ("销售代表", "sales"),
        ("Amazon operator", "ecommerce_operations"),
        # The source's own word counts, where two say different things.
        ("市场", "general"),
        ("市场专员", "marketing"),
    ],
)
def test_a_sources_own_roles_extend_those_that_all_sources_have(cell: str, role: str) -> None:
    assert read_role(cell, SOURCE, DEFAULT) == role


def test_roles_that_anything_is_configured_for_are_known() -> None:
    assert read_role("warehouse", SOURCE, roles={"warehouse": ("仓库管理员", "Storekeeper")}) == "warehouse"
    assert read_role("仓库管理员", SOURCE, roles={"warehouse": ("仓库管理员",)}) == "warehouse"
    # Before what all sources call roles, not before the source's own; of a name that two have, nobody's.
    models = {"designer": ("Designer",), "boss": ("Sales executive", "市场"), "a": ("总监",), "b": ("总监",)}
    assert read_role("designer", SOURCE, DEFAULT, roles=models) == "designer"
    assert read_role("Sales Executive", SOURCE, DEFAULT, roles=models) == "sales"
    mapping = extended(SOURCE, DEFAULT, models, ImportKind.PEOPLE, {})
    (about,) = asked(ImportKind.PEOPLE, ("工号", "岗位"), ("1", "总监"), ("2", "boss"), mapping=mapping)
    assert [one.value for one in about.values] == ["总监"]
    # A name of the source's own for another role is not the id of this one.
    assert read_role("sales executive", SOURCE, roles={"sales_executive": ()}) == "sales"
    assert rules(ImportKind.PEOPLE, ("工号", "岗位"), "1", "warehouse", mapping=SOURCE) == [
        ("role", "cell_not_an_option")
    ]
    # Where there is no list at all, any role id is one, whatever was said of others.
    told = {"role": Said(1, {"Clerk": "general"})}
    assert [read_role(cell, PLAIN, said=told) for cell in ("Clerk", "warehouse")] == ["general", "warehouse"]


def test_what_was_said_counts_first_and_the_nearest_of_it() -> None:
    told = {"role": Said(1, {"Sales Executive": "general", "Technician": "technician"})}
    own = SOURCE.model_copy(
        update={"values": {ImportKind.PEOPLE: {"role": {"Technician": "sales", "Clerk": "general"}}}}
    )
    default = ImportMapping.model_validate(
        {"values": {"people": {"role": {"Clerk": "sales", "Intern": "sales", "sales executive": "sales"}}}}
    )
    found = [
        read_role(cell, own, default, said=told)
        for cell in ("sales  EXECUTIVE", "Technician", "technician", "Clerk", "Intern")
    ]
    assert found == ["general", "technician", "technician", "general", "sales"]


@pytest.mark.parametrize(
    ("kind", "headers", "cells", "said_of", "attribute", "value"),
    [
        (ImportKind.LEAVE, LEAVE, ("1", "a", "育儿假", "2026-01-05", "2026-01-05", "1", "审批中"),
         {"kind": {"育儿假": "other"}, "cancelled": {"审批中": "false"}}, "kind", "other"),
        (ImportKind.LEAVE, LEAVE, ("1", "a", "病假", "2026-01-05", "2026-01-05", "1", "退回"),
         {"cancelled": {"退回": "true"}}, "cancelled", True),
        (ImportKind.PEOPLE, ("工号", "语言"), ("1", "Français"), {"locale": {"français": "en"}}, "locale", "en"),
        (ImportKind.PEOPLE, ("工号", "部门"), ("1", "研发  部"), {"department": {"研发 部": "研发部"}},
         "department", "研发部"),
        (ImportKind.PEOPLE, ("工号", "部门"), ("1", "研发"), {"department": {"研发": None}}, "department", "研发"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_what_it_was_said_to_mean(
    kind: ImportKind, headers: Sequence[str], cells: Sequence[str], said_of: Any, attribute: str, value: Any
) -> None:
    mapping = ImportMapping.model_validate({"values": {kind.value: said_of}})
    assert getattr(record(kind, headers, *cells, mapping=mapping), attribute) == value


def test_points_with_words_are_guessed_by_the_scale_they_are_of() -> None:
    field = field_of(ImportKind.SURVEYS, "score:stress", PLAIN)
    assert field
    upside_down = PointScale(worst=Decimal(5), best=Decimal(1))
    assert likely("4 - 较大", field, {}, upside_down) == "2"
    assert likely("10 - 极大", field, {}, PointScale(worst=Decimal(10), best=Decimal(0))) == "1"
    assert likely("6 - 极大", field, {}, upside_down) is None


def test_a_word_is_said_to_mean_a_score_whatever_the_scale_of_the_points() -> None:
    scales = {"surveys": {"score:stress": {"worst": 5, "best": 1}}}
    words = {"surveys": {"score:stress": {"较大": 2}}}
    mapping = ImportMapping.model_validate({"scales": scales, "values": words})
    for cell in ("4", "较大"):
        told: Any = record(ImportKind.SURVEYS, SURVEY, "1", "2026-01", "", cell, "", mapping=mapping)
        assert told.survey.scores == (("stress", 2),)


def test_words_of_a_survey_are_read_as_scores() -> None:
    words = {"Low": 1, "Very_High": 4}
    mapping = ImportMapping.model_validate({"values": {"surveys": {"score:satisfaction": words}}})
    told: Any = record(ImportKind.SURVEYS, SURVEY, "1", "2026-01", "very high", "", "", mapping=mapping)
    assert told.survey.scores == (("satisfaction", 4),)


def test_what_means_nothing_is_refused_as_it_was() -> None:
    mapping = ImportMapping.model_validate({"values": {"leave": {"kind": {"育儿假": None}}}})
    cells = ("1", "a", "育儿假", "2026-01-05", "2026-01-05", "1", "")
    assert rules(ImportKind.LEAVE, LEAVE, *cells, mapping=mapping) == [("kind", "cell_not_an_option")]


# --- what is remembered


def remembered(mapping: ImportMapping, kind: ImportKind, told: Mapping[str, Said]) -> ImportMapping:
    document = mapping.model_dump(mode="json", exclude_defaults=True)
    remember_values(document, kind, told)
    return ImportMapping.model_validate(document)


def test_what_was_said_is_remembered_and_means_what_was_said_last() -> None:
    first = remembered(SOURCE, ImportKind.PEOPLE, {"role": Said(1, {"Clerk": "sales", "Boss": None})})
    assert first.values == {ImportKind.PEOPLE: {"role": {"Clerk": "sales", "Boss": None}}}
    told = {"role": Said(1, {"clerk": "general", "sales executive": "marketing"}), "locale": Said(2, {})}
    second = remembered(first, ImportKind.PEOPLE, told)
    assert second.values == {
        ImportKind.PEOPLE: {"role": {"Boss": None, "clerk": "general", "sales executive": "marketing"}}
    }
    assert second.roles == {"sales": (), "general": ("市场",)}
    assert not asked(ImportKind.PEOPLE, ("工号", "岗位"), ("1", "Boss"), ("2", "CLERK"), mapping=second)


def test_a_field_whose_values_are_full_says_so() -> None:
    told = {"role": Said(1, {f"v{n}": "sales" for n in range(MAX_VALUES + 1)})}
    with pytest.raises(DomainError) as refused:
        remembered(PLAIN, ImportKind.PEOPLE, told)
    assert refused.value.code is MigrationRefusal.MAPPING_FULL


@pytest.mark.parametrize(
    "document",
    [
        {"values": {"people": {"name": {"a": "b"}}}},
        {"values": {"people": {"kind": {"a": "sick"}}}},
        {"values": {"leave": {"kind": {"a": "holiday"}}}},
        {"values": {"people": {"role": {"a": "Sales Executive"}}}},
        {"values": {"people": {"role": {"a": "sales", "A": "general"}}}},
        {"roles": {"sales": ["a"]}, "values": {"people": {"role": {"A": "general"}}}},
        {"values": {"surveys": {"score:x": {"a": 6}}}},
        {"values": {"leave": {"kind": {"a": "sick", "Ａ": "annual"}}}},
        {"values": {"leave": {"kind": {"": "sick"}}}},
    ],
)
def test_a_mapping_whose_values_cannot_be_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ImportMapping.model_validate(document)


def test_yes_and_no_of_yaml_and_numbers_are_options() -> None:
    mapping = ImportMapping.model_validate(
        {"values": {"leave": {"cancelled": {"退回": True}}, "surveys": {"score:x": {"a": 5}}}}
    )
    assert mapping.values[ImportKind.LEAVE] == {"cancelled": {"退回": "true"}}
    assert mapping.values[ImportKind.SURVEYS] == {"score:x": {"a": "5"}}


# --- whatever the cells say

KINDS = {
    ImportKind.PEOPLE: ("工号", "岗位", "部门", "工作地点", "语言"),
    ImportKind.LEAVE: ("工号", "请假类型", "状态", "开始日期"),
    ImportKind.PERFORMANCE: ("工号", "币种", "得分", "月份"),
    ImportKind.SURVEYS: ("工号", "压力", "满意度", "月份"),
}
CELL = st.one_of(
    st.sampled_from(
        ["", "sales", "销售", "Sales Executive", " sales  executive", "SALES EXECUTIVE", "研发", "研发部", "研 发",
         "病假", "育儿假", "是", "未取消", "元", "USD", "4", "4分", "High", "zh", "無", "①", "C++", "C#", "#", "ſales",
         "ﬁ", "\u200b", "\x1b"]
    ),
    st.text(max_size=8),
    st.text(alphabet="aAＡ-_ 部市.", max_size=6),
)  # fmt: skip


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_what_was_asked_is_asked_once_of_a_file_and_once_of_a_source(
    kind: ImportKind, data: st.DataObject
) -> None:
    headers = KINDS[kind]
    cells = st.lists(CELL, min_size=len(headers), max_size=len(headers))
    rows = [SourceRow(n, row) for n, row in enumerate(data.draw(st.lists(cells, max_size=12)), 2)]
    columns = columns_of(kind, *headers)

    def seen(mapping: ImportMapping, told: Mapping[str, Said]) -> tuple[Asked, ...]:
        watch = Watch(kind, columns, extended(mapping, DEFAULT, {}, kind, told), TODAY, told)
        for row in rows:
            watch.see(row)
        return watch.asked()

    about = seen(PLAIN, {})
    for one in about:
        assert all(
            value.rows > 0 and (value.guess is None or value.guess in one.options) for value in one.values
        )
    # It goes on with whatever was guessed; nobody is asked twice.
    told = chosen(kind, columns, about, {}, DEFAULT, {}, guesses=True)
    assert seen(PLAIN, told) == ()
    # And where each was answered, with one of the options or with nothing, the next file of the source asks nobody.
    choice: dict[str, Options] = {
        one.field: {value.value: data.draw(st.sampled_from([None, *one.options[:3]])) for value in one.values}
        for one in about
    }
    answered = chosen(kind, columns, about, choice, DEFAULT, {}, guesses=False)
    assert seen(PLAIN, answered) == ()
    assert seen(remembered(PLAIN, kind, answered), {}) == ()
