"""Phones (A6): however one is written it is one, and no country is guessed."""

import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.people.rules.contact import ContactField, as_compared
from rencai.people.rules.phone import compared, international

CF: Final = tuple(one for one in map(chr, range(0x110000)) if unicodedata.category(one) == "Cf")
MOBILE: Final = "+8613800000001"
FIXED: Final = "+8675588886666"


@pytest.mark.parametrize(
    "written",
    [
        "+8613800000001",
        "13800000001",
        " 138-0000-0001 ",
        "138 0000 0001",
        "138.0000.0001",
        "138–0000–0001",
        "(+86) 138 0000 0001",
        "（＋８６）138 0000 0001",
        "008613800000001",
        "0086-138-0000-0001",
        "8613800000001",
        "86 138 0000 0001",
        "86-13800000001",
        "(86)13800000001",
        "（86）13800000001",
        "086-13800000001",
        "(086) 138 0000 0001",
        "+086 13800000001",
        "+0086 13800000001",
        "+86 (0)138 0000 0001",
        "+86 0 138 0000 0001",
        "＋８６ １３８ ００００ ０００１",
        "１３８ ０００００００１",
        "٠٠٨٦١٣٨٠٠٠٠٠٠٠١",
        "手机：13800000001",
        "手机 13800000001",
        "手机号13800000001",
        "联系方式: 138 0000 0001",
        "13800000001（微信同号）",
        "138 0000 0001 (mobile)",
        "M: 13800000001",
        "13800000001。",
        "13800000001;",
        "13800000001，",
        "'13800000001",
        "[86]13800000001",
        "【86】13800000001",
        "+86_13800000001",
        "86—13800000001",
        "13800000001.0",
        "Tel: +86 138 0000 0001",
        "tel:+86-138-0000-0001",
        "\ufeff138\u200b0000\u202c0001",
    ],
)
def test_a_mobile_of_china_is_one_number(written: str) -> None:
    assert international(written) == compared(written) == MOBILE


@pytest.mark.parametrize(
    "written",
    [
        "+86 755 8888 6666",
        "+86 (0)755-8888 6666",
        "+86 (0755) 88886666",
        "+86-0755-88886666",
        "(86)755-88886666",
        "(86) 0755 88886666",
        "86-755-88886666",
        "0086 755 88886666",
        "086 0755 88886666",
        "8675588886666",
    ],
)
def test_a_fixed_line_that_says_its_country_is_one_number(written: str) -> None:
    assert international(written) == compared(written) == FIXED


@pytest.mark.parametrize(
    "written",
    [
        "+86 755 8888 6666 转8001",
        "+86-755-88886666转8001",
        "(86)0755-88886666 分机 8001",
        "+86 (0)755 88886666 分机号：8001",
        "+86 755 88886666 ext. 8001",
        "+8675588886666x8001",
        "+8675588886666#8001",
        "+86 755 88886666 (转8001)",
        "+8675588886666;ext=8001",
        "+86 755 88886666 Extension 8001",
    ],
)
def test_a_desk_behind_a_switchboard_is_one_number_and_not_the_switchboard(written: str) -> None:
    assert compared(written) == f"{FIXED};ext=8001"
    # No message reaches it.
    assert international(written) is None
    assert as_compared(ContactField.PHONE, written) != as_compared(ContactField.PHONE, FIXED)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+1 (415) 555-0100", "+14155550100"),
        ("001 415 555 0100", "+14155550100"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+49 (0) 151 2345 6789", "+4915123456789"),
        ("+39 06 698 1234", "+39066981234"),
        ("+39 (0)6 698 1234", "+39066981234"),
        ("+852 2345 6789", "+85223456789"),
        ("+886-2-2345-6789", "+886223456789"),
    ],
)
def test_another_country_that_is_said(written: str, number: str) -> None:
    assert international(written) == compared(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0755-88886666", "075588886666"),
        ("0755 8888 6666", "075588886666"),
        ("（0755）88886666", "075588886666"),
        ("010-88886666", "01088886666"),
        ("020 7946 0958", "02079460958"),
        ("0151 2345 6789", "015123456789"),
        ("138000000011", "138000000011"),
        ("0755-88886666转8001", "075588886666;ext=8001"),
        ("415 555 0100", "4155550100"),
        # A 1 by itself is a country's code, and not a mobile's first digit.
        ("1-415-555-0123", "1-4155550123"),
        ("1 (415) 555-0123", "1-4155550123"),
    ],
)
def test_what_says_no_country_is_itself_only(written: str, number: str) -> None:
    assert international(written) is None
    assert compared(written) == number


@pytest.mark.parametrize(
    "written",
    ["8888", "88886666", "12345678901", "00000000000", "1111111111", "+0123456789", "call me", "无", "-", ""],
)
def test_what_is_nobodys_number(written: str) -> None:
    assert international(written) is None
    assert compared(written) is None


@given(
    st.sampled_from(["", "86 ", "(86)", "086-", "0086 ", "+86", "+86 (0)", "＋８６", "（+86）"]),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from([*CF, " ", "-", "\xa0", "\u2009", "·"])), max_size=6
    ),
)
def test_what_is_seen_of_a_mobile_is_what_counts(
    before: str, number: str, between: list[tuple[int, str]]
) -> None:
    for at, noise in between:
        # Not between the first digit and the rest: that is how another country is written.
        at = max(at, 2)
        number = number[:at] + noise + number[at:]
    digits = "".join(filter(str.isdecimal, number))
    assert international(before + number) == f"+86{digits}"


@given(st.text() | st.from_regex(r"[0-9+() \-转x]{3,20}", fullmatch=True))
def test_a_number_is_that_number_again(text: str) -> None:
    once = compared(text)
    assert once is None or compared(once) == once
    once = international(text)
    assert once is None or international(once) == compared(once) == once
