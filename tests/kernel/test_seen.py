"""What a person sees of a text, and that two texts never differ by more than that."""

import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.kernel.ids import folded
from rencai.kernel.seen import is_han, is_raised, legible, numbered, visible

CF: Final = tuple(one for one in map(chr, range(0x110000)) if unicodedata.category(one) == "Cf")
UNSEEN: Final = (
    *CF, "\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u180f", "\u3164", "\ufe00", "\ufe0f", "\uffa0",
    "\U000e0100", "\U000e01ef",
)  # fmt: skip


def test_whatever_formats_and_shows_nothing_is_known_as_that() -> None:
    # Of a newer Unicode than the list was made of, what is new is found here.
    assert [one for one in CF if visible(one)] == []
    assert [one for one in UNSEEN if visible(one)] == []


noise = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(UNSEEN)), max_size=8)


def _with(text: str, unseen: list[tuple[int, str]]) -> str:
    for at, character in unseen:
        text = text[:at] + character + text[at:]
    return text


@given(st.from_regex(r"[A-Z]{0,4}-?[0-9]{1,8}", fullmatch=True), noise)
def test_a_number_is_what_is_seen_of_it(number: str, unseen: list[tuple[int, str]]) -> None:
    assert visible(_with(number, unseen)) == number
    assert numbered(_with(number, unseen)) == number
    assert folded(_with(number, unseen)) == folded(number)
    assert legible(_with(number, unseen)) == number


@given(st.from_regex(r"[a-zA-Zéß]{1,8}( [a-zA-Z]{1,8})?", fullmatch=True), noise)
def test_a_name_in_latin_letters_needs_none_of_it(name: str, unseen: list[tuple[int, str]]) -> None:
    assert legible(_with(name, unseen)) == name


@given(st.text("张三李四王五𠮷㐂〇", min_size=1, max_size=6), noise)
def test_a_name_in_han_keeps_its_variants_only(name: str, unseen: list[tuple[int, str]]) -> None:
    read = legible(_with(name, unseen))
    assert visible(read) == name
    assert not set(read) & set(CF)
    assert is_han(read)


@pytest.mark.parametrize(
    "alone", [*UNSEEN, "\u200c\u200d", "\ufeff \u200b", "\u3164\u3164", "\u2800", "\u3000"]
)
def test_a_name_of_nothing_that_is_seen_is_empty(alone: str) -> None:
    assert legible(alone) == ""


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("\u200cعلی\u200c\u200cرضا\u200c", "علی\u200cرضا"),
        ("\u202bعلی\u200f\u200cرضا\u202c", "علی\u200cرضا"),
        ("ක්\u200dරිස්", "ක්\u200dරිස්"),
        ("രാജന്\u200d", "രാജന്\u200d"),
        ("राम\u200d", "राम"),
        ("क्\u200dष", "क्\u200dष"),
        ("Zhou\u200dXiao", "ZhouXiao"),
        ("辻\U000e0100", "辻\U000e0100"),
        ("\U000e0100辻", "辻"),
        ("👩\u200d💻 课", "👩\u200d💻 课"),
        ("☺\ufe0f", "☺\ufe0f"),
        ("张\u202e三\ufeff", "张三"),
        ("ᠮᠤ\u180b", "ᠮᠤ\u180b"),
    ],
)
def test_a_name_keeps_what_its_script_needs(written: str, kept: str) -> None:
    assert legible(written) == kept


@given(st.text())
def test_what_was_read_is_read_again(text: str) -> None:
    for read in (visible, numbered, legible):
        assert read(read(text)) == read(text)
    assert not set(numbered(text)) & set(UNSEEN)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("ＢＣＴ８０１", "BCT801"),
        ("BC‑801", "BC-801"),
        ("BC–801", "BC-801"),
        ("BC−801", "BC-801"),
        ("٨٠١", "801"),
        ("۸۰۱", "801"),
        ("८०१", "801"),
        ("\xa0801\u2007", "801"),
    ],
)
def test_a_number_of_another_keyboard_is_that_number(written: str, number: str) -> None:
    assert numbered(written) == number


@pytest.mark.parametrize(
    "text", ["王", "㐂", "𠮷", "〇", "々", "﨑", "𮯰", "𰀀", "丽\ufe00", "\U0002f800", "⼈"]
)
def test_of_the_script_han(text: str) -> None:
    assert is_han(text)
    assert is_han(f"王{text}")


@pytest.mark.parametrize("text", ["", "Wang", "王Wang", "王 伟", "さくら", "김", "王·伟", "、", "１", "①"])
def test_of_another_script(text: str) -> None:
    assert not is_han(text)


@pytest.mark.parametrize("text", ["10086¹", "10086①", "5²", "H₂", "½", "1¼"])
def test_a_raised_digit_is_a_note(text: str) -> None:
    assert is_raised(text)


@pytest.mark.parametrize("text", ["10086", "１００８６", "一万", "Ⅳ", "٣", ""])
def test_no_raised_digit(text: str) -> None:
    assert not is_raised(text)


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\x80", "\x9f"])
def test_a_control_is_no_part_of_a_name(control: str) -> None:
    assert legible(f"张{control}三{control}") == "张三"
    assert legible(f"Zhang{control} San") == "Zhang San"
    # Found by a fuzz of the import: somebody of this name was put on file.
    assert legible(control) == ""


def test_what_breaks_a_line_stays() -> None:
    assert legible("累\n还好\tok\r\n") == "累\n还好\tok\r\n"
