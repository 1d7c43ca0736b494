"""What a CSV file is written in: read right, or a person is asked with samples, or refused; never Chinese by chance."""

import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.kernel.errors import DomainError
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.files import open_source
from rencai.migration.rules.finding import is_name
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.sheet.encodings import CODECS, Written
from tests.migration.import_tables import MAPPING, found

ENGLISH = "Employee no.,Name,Role,Location,Start date"
CHINESE = "工号,姓名,岗位,工作地点,入职日期"
NAMES = {
    "gb18030": (
        "张三",
        "欧阳娜",
        "李四",
        "王芳",
        "刘伟",
        "陈静",
        "周晓",
        "吴昊",
        "徐丽",
        "马超",
        "罗赟",
        "郭涛",
    ),
    "big5": ("張偉", "陳怡君", "林志豪", "黃雅婷", "吳佳穎", "許瑋甯", "鄭欣怡", "謝金燕"),
    "shift_jis": ("山田太郎", "佐藤花子", "鈴木一郎", "高橋健太", "伊藤さくら", "中村アキラ"),
    "euc-jp": ("山田太郎", "佐藤花子", "鈴木一郎", "高橋健太", "伊藤さくら", "中村アキラ"),
    "euc-kr": ("김민준", "이서연", "박지훈", "최수빈", "정하은", "강도현"),
    "windows-1252": ("Jürgen Müller", "José García", "François Lefèvre", "Zoë Brown", "Åsa Öberg"),
    "windows-1250": ("Łukasz Wiśniewski", "Jiří Novák", "Tóth Ágnes", "Małgorzata Dąbrowska"),
    "windows-1251": ("Иванов Сергей", "Петрова Анна", "Смирнов Алексей", "Кузнецова Ольга"),
    "koi8-r": ("Иванов Сергей", "Петрова Анна", "Смирнов Алексей", "Кузнецова Ольга"),
    "windows-1253": ("Γιώργος Παπαδόπουλος", "Μαρία Νικολάου", "Ελένη Γεωργίου"),
    "windows-1254": ("Ayşe Yılmaz", "Mehmet Öztürk", "Çağla Şahin"),
    "windows-874": ("สมชาย ใจดี", "สมหญิง รักไทย", "วิชัย ศรีสุข"),
    "macintosh": ("Jürgen Müller", "José García", "François Lefèvre"),
}


def people(encoding: str, names: Sequence[str], header: str = ENGLISH) -> bytes:
    rows = (f"BC{number},{name},sales,{name[:2]},2026-03-02" for number, name in enumerate(names))
    return "\r\n".join((header, *rows)).encode(CODECS[encoding])


def written(content: bytes) -> Written:
    source = open_source("people.csv", lambda: io.BytesIO(content), is_name(ImportKind.PEOPLE, MAPPING))
    assert source.written
    return source.written


# Turkish has six letters where Windows-1252 has others; both are offered.
@pytest.mark.parametrize("encoding", sorted(NAMES.keys() - {"gb18030", "windows-1254"}))
def test_of_some_names_the_likeliest_encoding_reads_them_right_and_a_person_is_asked(encoding: str) -> None:
    content = people(encoding, NAMES[encoding] * 5)
    look = found(lambda: io.BytesIO(content))
    assert "encoding" in look.doubts
    ((first, sample), *_) = look.look.encodings
    assert content.decode(CODECS[first]) == content.decode(CODECS[encoding])
    assert NAMES[encoding][0] in sample
    assert first == look.place.encoding


@given(st.sampled_from(sorted(NAMES.keys() - {"gb18030"})), st.data())
def test_no_other_encoding_is_ever_taken_for_chinese_without_asking(
    encoding: str, data: st.DataObject
) -> None:
    names = data.draw(st.lists(st.sampled_from(NAMES[encoding]), min_size=1, max_size=30))
    content = people(encoding, names)
    assert not written(content).sure
    # The right one is among those that are offered.
    offered = [name for name, _ in found(lambda: io.BytesIO(content)).look.encodings]
    assert any(content.decode(CODECS[one]) == content.decode(CODECS[encoding]) for one in offered)


@given(st.lists(st.sampled_from(NAMES["gb18030"]), min_size=1, max_size=4))
def test_gb18030_under_a_chinese_header_needs_nobody_however_short(names: list[str]) -> None:
    assert written(people("gb18030", names, CHINESE)) == Written("gb18030")


@given(st.lists(st.sampled_from(NAMES["gb18030"]), min_size=8, max_size=40, unique=True))
def test_gb18030_that_is_plainly_chinese_needs_nobody_under_any_header(names: list[str]) -> None:
    assert written(people("gb18030", names)) == Written("gb18030")


def test_a_chinese_name_under_an_english_header_is_asked_about() -> None:
    look = found(lambda: io.BytesIO(people("gb18030", ("罗赟",))))
    assert look.doubts == ("encoding",)
    assert dict(look.look.encodings)["gb18030"] == ("罗赟",)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_says_what_it_is_needs_nobody(codec: str) -> None:
    content = "工号\t姓名\n1\t张三\n".encode(codec)
    look = found(lambda: io.BytesIO(content))
    assert (look.doubts, look.place.encoding) == ((), codec.removesuffix("-sig"))
    assert look.look.samples == (("1",), ("张三",))


@pytest.mark.parametrize(("codec", "encoding"), [("utf-16-le", "utf-16le"), ("utf-16-be", "utf-16be")])
def test_utf_16_without_its_mark_is_asked_about(codec: str, encoding: str) -> None:
    look = found(lambda: io.BytesIO("工号,姓名\n1,张三\n".encode(codec)))
    assert (look.doubts, look.place.encoding) == (("encoding",), encoding)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("工号,姓名\n1,张三\n".encode() + "2,李四".encode()[:-1] + b"\n", 3),
        ("工号,姓名\n1,张三\n".encode("gb18030") + "2,李四".encode("gb18030")[:-1] + b"\n", 3),
        ("工号,姓名\n1,张三\n2,李四\n".encode() + "3,王五\n".encode("gb18030"), 4),
    ],
)
def test_a_file_with_half_a_character_is_refused_by_its_line(content: bytes, line: int) -> None:
    with pytest.raises(DomainError) as caught:
        written(content)
    assert caught.value.code is MigrationRefusal.FILE_ENCODING_BROKEN
    assert caught.value.params["row"] == line


@pytest.mark.parametrize("codec", ["iso2022_jp", "iso2022_kr", "hz"])
def test_what_hides_other_characters_in_ascii_is_refused(codec: str) -> None:
    names = {"iso2022_jp": "山田太郎", "iso2022_kr": "김민준", "hz": "张三"}
    content = f"{ENGLISH}\n1,{names[codec]},sales,x,2026-03-02\n".encode(codec)
    with pytest.raises(DomainError) as caught:
        written(content)
    assert caught.value.code is MigrationRefusal.FILE_ENCODING
