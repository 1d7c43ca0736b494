"""Text that came to harm before it reached us is refused by its cell, with what it was where that can be told (F1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.kernel.errors import CHINESE, ENGLISH
from rencai.migration.rules.escaped import unescaped
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.garbled import harm, meant
from rencai.migration.rules.refusals import MigrationRefusal
from tests.migration.import_rows import PEOPLE, SURVEY, errors, row

LOST, GARBLED = MigrationRefusal.CELL_CHARACTERS_LOST, MigrationRefusal.CELL_GARBLED


def of_name(name: str) -> tuple[str, str] | None:
    found = row(ImportKind.PEOPLE, PEOPLE, "10001", name, "sales", "深圳", "2026-03-02")
    if not isinstance(found, list):
        return None
    (error,) = found
    assert error.field == "name"
    return str(error.rule), error.suggestion.removeprefix("例如 张三")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张\ufffd", (LOST, "")),
        ("\ue5e5三", (LOST, "")),
        ("\U000f1234", (LOST, "")),
        ("??", (LOST, "")),
        ("???", (LOST, "")),
        ("张?", (LOST, "")),
        ("\uff1f\uff1f", (LOST, "")),
        ("锟斤拷", (LOST, "")),
        ("ï¿½ï¿½", (LOST, "")),
        ("å¼\xa0ä¸‰", (GARBLED, "张三")),
        ("å¼ ä¸‰", (GARBLED, "张三")),
        ("寮犱笁", (GARBLED, "张三")),
        ("ÕÅÈý", (GARBLED, "张三")),
        ("MÃ¼ller", (GARBLED, "Müller")),
        ("JosÃ© GarcÃ\xada", (GARBLED, "José García")),
        ("M眉ller", (GARBLED, "Müller")),
        ("Ð˜Ð²Ð°Ð½Ð¾Ð²", (GARBLED, "Иванов")),
        ("РџРµС‚СЂРѕРІ", (GARBLED, "Петров")),
    ],
)
def test_a_harmed_name_is_refused(name: str, expected: tuple[str, str]) -> None:
    assert of_name(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        *(
            "张三",
            "联通",
            "欧阳娜娜",
            "罗赟",
            "䶮",
            "𠮷野",
            "Jürgen Müller",
            "Ångström",
            "José García",
            "Łukasz",
        ),
        *("Иванов", "山田太郎", "김민준", "Straße", "O’Neil", "Zoë", "Nuñez", "Đặng", "Lily毛", "May·梅"),
    ],
)
def test_a_name_that_is_one_is_read(name: str) -> None:
    assert of_name(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("&#26446;四", (MigrationRefusal.CELL_ESCAPED, "李四")),
        ("O&#39;Neil", (MigrationRefusal.CELL_ESCAPED, "O'Neil")),
        (r"\u674e\u56db", (MigrationRefusal.CELL_ESCAPED, "李四")),
        (r"\ud842\udfb7", (MigrationRefusal.CELL_ESCAPED, "𠮷")),
        ("%E6%9D%8E", (MigrationRefusal.CELL_ESCAPED, "李")),
        ("+Z05W2w-", (MigrationRefusal.CELL_ESCAPED, "李四")),
        ("=?UTF-8?B?5p2O5Zub?=", (MigrationRefusal.CELL_ESCAPED, "李四")),
        ("<span>李四</span>", (MigrationRefusal.CELL_ESCAPED, "李四")),
        ("=A2&B2", (MigrationRefusal.CELL_NOT_CALCULATED, "")),
        *((one, (MigrationRefusal.CELL_NOT_A_NAME, "")) for one in ("0", "12345", "-", "无", "N/A", "***")),
    ],
)
def test_what_is_written_for_a_program_or_nobody_is_no_name(name: str, expected: tuple[str, str]) -> None:
    assert of_name(name) == expected


@pytest.mark.parametrize(
    "text", ["R&D", "AT&T; Co", "50% off", "100%25", "<3 人组", "C++", "+8613800138000", "a=b", "\\n"]
)
def test_what_people_write_has_no_codes(text: str) -> None:
    assert unescaped(text) is None


def test_a_department_of_question_marks_is_refused_and_one_with_a_question_is_not() -> None:
    headers = ("工号", "部门")
    assert [one.rule for one in errors(ImportKind.PEOPLE, headers, "10001", "???")] == [LOST]
    assert not isinstance(row(ImportKind.PEOPLE, headers, "10001", "R&D?"), list)


def test_what_people_say_may_ask() -> None:
    said = row(ImportKind.SURVEYS, SURVEY, "10001", "2026-03", "4", "2", "加班什么时候结束??")
    assert not isinstance(said, list)


def test_a_number_with_a_lost_character_is_not_another_number() -> None:
    (error,) = errors(ImportKind.ATTENDANCE, ("工号", "周", "工时"), "100\ufffd1", "2026-W10", "40")
    assert (error.field, error.rule) == ("employee_no", LOST)


# Every character of daily use that is written in two bytes.
GB2312 = [
    bytes((first, second)).decode("gb2312")
    for first in range(0xB0, 0xF8)
    for second in range(0xA1, 0xFF)
    if (first, second) < (0xD7, 0xFA) or first > 0xD7
]


@given(st.text(st.sampled_from(GB2312), min_size=1, max_size=6))
def test_no_chinese_text_is_taken_for_harmed(text: str) -> None:
    assert harm(text, "name", is_name=True) is None


@given(
    st.text(
        st.characters(min_codepoint=0xC0, max_codepoint=0x24F, categories=("Lu", "Ll")),
        min_size=1,
        max_size=3,
    )
)
def test_no_accented_letters_within_a_word_are_taken_for_harmed(letters: str) -> None:
    assert meant(f"A{letters}n") is None


@given(
    st.text(st.sampled_from(GB2312), min_size=2, max_size=6),
    st.sampled_from(["cp1252", "latin-1", "mac_roman", "cp437"]),
)
def test_chinese_that_was_read_as_single_bytes_is_had_back(text: str, codec: str) -> None:
    content = text.encode()
    read = "".join(
        bytes((one,)).decode("latin-1" if codec == "cp1252" and one in b"\x81\x8d\x8f\x90\x9d" else codec)
        for one in content
    )
    assert harm(read, "name", is_name=True) == (GARBLED, text)


def test_both_are_said_in_both_languages() -> None:
    headers = ("工号", "姓名")
    for name in ("张\ufffd", "寮犱笁"):
        for language in (CHINESE, ENGLISH):
            (error, *_) = errors(ImportKind.PEOPLE, headers, "10001", name, language=language)
            assert error.message.isascii() == (language == ENGLISH)
