"""What a file of text is written in (F1).

UTF-8 is certain where all of a file is UTF-8: hardly anything else is by chance. Nothing else is: GB18030 decodes
almost any bytes, and an encoding of single bytes all of them. So GB18030 is taken only for what is plainly Chinese, by
a column that is called what fields are called, or by its characters; anything else is a guess, the likeliest first,
which a person confirms by a sample.
"""

import re
from codecs import getincrementaldecoder, lookup
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

from rencai.kernel.errors import DomainError
from rencai.migration.rules.limits import MAX_ROW
from rencai.migration.rules.refusals import MigrationRefusal

CODECS: Final[Mapping[str, str]] = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-32": "utf-32",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jis_2004",
    "euc-kr": "cp949",
    "windows-1252": "cp1252",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1253": "cp1253",
    "windows-1254": "cp1254",
    "windows-1257": "cp1257",
    "windows-1258": "cp1258",
    "windows-874": "cp874",
    "koi8-r": "koi8-r",
    "macintosh": "mac_roman",
}
"""The encodings a file may be in, by the names browsers know them by, and Python's codec of each; ``utf-16`` says
itself in which order its bytes are.
"""
_GUESSED: Final = tuple(name for name in CODECS if not name.startswith("utf-"))
_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""What a file begins with that says what it is written in."""
_SHIFTS: Final = (b"\x1b$", b"\x1b(", b"~{")
"""How ISO 2022 and HZ begin other characters: all of it is ASCII, and none of it is what it says."""
_BLOCK: Final = 1024 * 1024
_LOOKED_AT: Final = 128 * 1024
"""Bytes of lines with more than ASCII that are looked at to guess."""
_HEADER_LINES: Final = 40
_FEW: Final = 4
"""Lines, or characters of three bytes, that are not UTF-8 by chance."""
_CHINESE: Final = ((4, 1.0), (6, 0.8), (8, 0.7))
"""Of how many characters how many have to be common, for a text to be Chinese without a doubt."""
_LONG: Final = 100
"""Characters of a cell, on average: in the wrong order of bytes nothing divides them."""
_DIVIDES: Final = re.compile(r'[,;\t"\r\n]+')
_ODD: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
_DRAWN: Final = re.compile("[\u2500-\u25ff\u2320\u2321]")
_PUNCTUATION: Final = frozenset(",。、;:?!“”‘’()《》【】·—…%¥")

# The hundred commonest family names, and what given names, places, departments and headers are mostly made of. Bytes of
# another encoding come to these by chance once in twenty characters.
_COMMON: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧阳司马"
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂飞玲红春华建国志海云晓小玉雪梅莉萍琳婷佳欣宇浩然子轩梓涵一诺思雨晨曦佩珊丹青东波辉"
    "鹏斌凯俊峰亮光新永健荣福德成忠义仁和安庆祥吉利宝良才学博慧琴凤莲珍贞素云翠雅芝萍瑞天乐嘉怡悦可心若依诗语梦瑶琪颖雯莹倩倪璐珂昊铭泽"
    "三四五六七八九十二零百千年月日号时分周天上中下大小多少前后内外左右南西北京沪深圳广州杭苏武汉成都重庆津宁厦门长沙合肥青岛郑东莞佛山无锡"
    "工姓名岗位职务部门级别日期入离到考勤请假加班绩效得分数销售额目标率毛利满意度复购完课程培训能力项面试电话邮箱地址点备注说明编码单据状态"
    "类型事病产婚丧调休始结束起止运营市场人力资源财客服技术研发产品采购仓储物流行政总经理助主管专员主任会计出纳经办公司集团有限责任管理"
    "是否的了不在我他她有个这们来为地说就也要没能对会生好自己过着去还很给用本出开看想做得最高低压力支持工作实际应已未取消审批通合共计"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What a file is written in. ``sure``: it needs nobody to look. ``others``: what else it may be, the likeliest
    first.
    """

    encoding: str
    sure: bool = True
    others: tuple[str, ...] = ()


def written_in(open_: Callable[[], BinaryIO], is_name: Callable[[str], bool]) -> Written:
    """What a file of text is written in; ``is_name`` says whether a text is what a field is called.

    Raises ``DomainError`` (FILE_ENCODING, FILE_ENCODING_BROKEN, FILE_NUL).
    """
    with open_() as file:
        head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            _refuse_broken(open_, encoding)
            return Written(encoding)
    if _has(open_, b"\0"):
        return _of_two_bytes(open_)
    if _broken_at(open_, "utf-8") is None:
        if any(_has(open_, shift) for shift in _SHIFTS) and not any(_beyond_ascii(open_)):
            raise DomainError(MigrationRefusal.FILE_ENCODING)
        return Written("utf-8")
    lines = list(_beyond_ascii(open_))
    # One byte that is none in a file of another encoding: to guess would make nonsense of all the rest.
    in_utf8 = [text for line in lines if (text := _in_utf8(line))]
    # Two bytes are UTF-8 by chance where three hardly are.
    of_three = sum(one > "\u07ff" for text in in_utf8 for one in text)
    if 2 * len(in_utf8) >= len(lines) and (of_three >= _FEW or len(in_utf8) >= _FEW):
        _refuse_broken(open_, "utf-8")
    named = _names_in_chinese(open_, is_name)
    if named:
        _refuse_broken(open_, "gb18030")
        return Written("gb18030")
    content = b"".join(lines)
    chinese = _is_plainly_chinese(content.decode("gb18030", "ignore"))
    if chinese and _broken_at(open_, "gb18030", strict=True) is None:
        return Written("gb18030")
    likely = [one for one in _likeliest(content) if _broken_at(open_, one, strict=True) is None]
    if not likely:
        raise DomainError(MigrationRefusal.FILE_ENCODING)
    return Written(likely[0], False, tuple(likely[1:]))


def _of_two_bytes(open_: Callable[[], BinaryIO]) -> Written:
    """UTF-16 of which nothing says so: one of both orders makes lines and cells of it."""
    for encoding in ("utf-16le", "utf-16be"):
        if _broken_at(open_, encoding, strict=True) is None:
            with open_() as file:
                text = file.read(_LOOKED_AT).decode(CODECS[encoding], "ignore")
            if text.isascii() or len(_DIVIDES.split(text)) > len(text) / _LONG:
                return Written(encoding, False)
    raise DomainError(MigrationRefusal.FILE_NUL)


def _has(open_: Callable[[], BinaryIO], mark: bytes) -> bool:
    with open_() as file:
        before = b""
        while block := file.read(_BLOCK):
            if mark in before + block:
                return True
            before = block[-len(mark) :]
    return False


def _refuse_broken(open_: Callable[[], BinaryIO], encoding: str) -> None:
    line = _broken_at(open_, encoding)
    if line is not None:
        raise DomainError(MigrationRefusal.FILE_ENCODING_BROKEN, encoding=encoding.upper(), row=line)


def _broken_at(open_: Callable[[], BinaryIO], encoding: str, *, strict: bool = False) -> int | None:
    """The first line that is not of this encoding, or has a NUL, or (``strict``) any character that no table has;
    None: there is none.
    """
    decoder = getincrementaldecoder(CODECS[encoding])()
    line = 1
    with open_() as file:
        while True:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
            odd = _ODD.search(text) if strict else text.find("\0") >= 0
            if odd:
                return line
            if not block:
                return None
            line += text.count("\n")


def _beyond_ascii(open_: Callable[[], BinaryIO]) -> Iterator[bytes]:
    """The first lines that are more than ASCII."""
    size = 0
    with open_() as file:
        while size < _LOOKED_AT and (line := file.readline(MAX_ROW)):
            if not line.isascii():
                size += len(line)
                yield line


def _in_utf8(line: bytes) -> str:
    """A line that is UTF-8, "": it is none."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return ""


def _names_in_chinese(open_: Callable[[], BinaryIO], is_name: Callable[[str], bool]) -> bool:
    """Whether, read as GB18030, one of the first lines has what a field is called in Chinese."""
    with open_() as file:
        first = b"".join(islice(iter(lambda: file.readline(_LOOKED_AT), b""), _HEADER_LINES))
    cells = _DIVIDES.split(first.decode("gb18030", "replace"))
    return any(not cell.isascii() and is_name(cell) for cell in cells)


def _is_plainly_chinese(text: str) -> bool:
    """Whether the characters beyond ASCII are those that Chinese is mostly made of."""
    beyond = [one for one in text if not one.isascii() and one not in _PUNCTUATION]
    common = sum(one in _COMMON for one in beyond)
    return any(len(beyond) >= size and common >= share * len(beyond) for size, share in _CHINESE)


def _likeliest(content: bytes) -> list[str]:
    """All encodings of more than ASCII, the likeliest first."""
    # Most files are UTF-8, and its models cost 80 ms.
    import chardet

    of = {lookup(CODECS[encoding]).name: encoding for encoding in _GUESSED}
    codecs = [CODECS[encoding] for encoding in _GUESSED]
    found = chardet.detect_all(content, True, include_encodings=codecs, compat_names=False)
    order = [of[lookup(one["encoding"]).name] for one in found if one["encoding"]]
    # Of those that read the same the commonest comes first, which may read more of what follows.
    first = content.decode(CODECS[order[0]], "replace") if order else ""
    same = [one for one in _GUESSED if content.decode(CODECS[one], "replace") == first]
    likely = list(dict.fromkeys([*same, *order, *_GUESSED]))
    # Nobody is called by what lines are drawn with, whatever the letters around it are.
    return sorted(likely, key=lambda one: bool(_DRAWN.search(content.decode(CODECS[one], "replace"))))
