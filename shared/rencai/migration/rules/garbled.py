"""Text that came to harm before it reached us: read in the wrong encoding once, or written in one that has not its
characters (F1). What it was is told where it can be had back; nothing is put right by itself.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from .refusals import MigrationRefusal

_LOST: Final = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]|锟斤|斤拷|烫烫烫|屯屯屯|ï¿½")
"""A replacement character, or one for private use: what stood there is not known. And what two of the former become
when they are read as GBK (锟斤拷), and memory without text does.
"""
_UNKNOWN: Final = re.compile("[?\uff1f\u25a1\u25af]")
_OF_SINGLE_BYTES: Final = ("cp1252", "cp1251", "mac_roman", "cp437")
_OF_TWO_BYTES: Final = ("gb18030", "cp932", "big5hkscs", "cp949")
"""What UTF-8 is read as by mistake."""
_PLAIN: Final = re.compile(
    "[\x20-\x7e\xa0-\u024f\u0370-\u04ff\u1e00-\u1eff\u2010-\u2027\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]+"
)
"""What people write in: Latin, Greek, Cyrillic, Chinese, Japanese, Korean."""
_EAST_ASIAN: Final = re.compile("[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_WITHIN_A_WORD: Final = re.compile("[a-z][\u4e00-\u9fff]{1,2}[a-z]", re.IGNORECASE)
_ACCENTED: Final = re.compile("[\xc0-\xff]")
_EVERYDAY: Final = ("gb2312", "big5", "shift_jis", "euc_kr")
"""Characters of daily use, by language."""
_ONLY_ACCENTED: Final = re.compile("[\xa1-\xff]{4,}")


def is_lost(text: str) -> bool:
    """Whether a text has characters that stand for others which nobody knows any more.

    >>> is_lost("张\ufffd"), is_lost("锟斤拷"), is_lost("张三")
    (True, True, False)
    """
    return not text.isascii() and _LOST.search(text) is not None


def is_unknown(name: str, *, of_person: bool) -> bool:
    """Whether a name has question marks or boxes where characters were: nobody's has one, and no other nothing else.

    >>> is_unknown("张?", of_person=True), is_unknown("R&D?", of_person=False), is_unknown("??", of_person=False)
    (True, False, True)
    """
    return bool(_UNKNOWN.search(name)) and (of_person or not _UNKNOWN.sub("", name).strip())


def harm(text: str, field_id: str, *, is_name: bool) -> tuple[MigrationRefusal, str] | None:
    """What has happened to a text, and what it was, "": nobody knows; None: nothing has, as far as anybody can tell."""
    if is_lost(text) or (is_name and is_unknown(text, of_person=field_id == "name")):
        return MigrationRefusal.CELL_CHARACTERS_LOST, ""
    original = meant(text)
    return (MigrationRefusal.CELL_GARBLED, original) if original else None


def meant(text: str) -> str | None:
    """What a text was before it was read in the wrong encoding; None: it was not, as far as anybody can tell.

    >>> meant("å¼\xa0ä¸‰"), meant("寮犱笁"), meant("MÃ¼ller"), meant("ÕÅÈý")
    ('张三', '张三', 'Müller', '张三')
    >>> meant("Müller"), meant("张三"), meant("联通"), meant("Ångström")
    (None, None, None, None)
    """
    if text.isascii() or (_EAST_ASIAN.search(text) and _is_plain_chinese(text)):
        return None
    return _original(text)


@lru_cache(4096)
def _original(text: str) -> str | None:
    # A file has few departments and many rows.
    return next(_originals(text), None)


def _originals(text: str) -> Iterator[str]:
    east_asian = bool(_EAST_ASIAN.search(text))
    for codec in _OF_TWO_BYTES if east_asian else _OF_SINGLE_BYTES:
        # A space without a break is one of the bytes, and comes as a plain one after somebody has copied it.
        for one in dict.fromkeys((text, text.replace(" ", "\xa0"))):
            original = _again(one, codec, "utf-8")
            if original is not None and _is_likelier(original, text, codec):
                yield original
    if not east_asian and _ONLY_ACCENTED.search(text):
        original = _again(text, "cp1252", "gb2312")
        if original is not None and len(_EAST_ASIAN.findall(original)) >= 2:
            yield original


def _again(text: str, read_as: str, written_in: str) -> str | None:
    """The text as it is when its bytes are read again."""
    try:
        content = (
            b"".join(_encoded(one, read_as) for one in text) if read_as == "cp1252" else text.encode(read_as)
        )
        return content.decode(written_in)
    except UnicodeError:
        return None


def _encoded(character: str, codec: str) -> bytes:
    # Five bytes of Windows-1252 are no characters, and come as controls.
    return character.encode("latin-1" if "\x80" <= character <= "\x9f" else codec)


def _is_likelier(original: str, text: str, codec: str) -> bool:
    """Whether the original is what people write, and the text is not."""
    if original.isascii() or not _PLAIN.fullmatch(original):
        return False
    if codec in _OF_SINGLE_BYTES:
        return True
    # Some Chinese is UTF-8 by chance, but hardly without a rare character, and to a text that has none; and no word of
    # Latin letters has a Chinese one in the middle.
    if len(_EAST_ASIAN.findall(original)) >= 2:
        return not _is_of(text, ("gb2312",)) and _is_of(original, _EVERYDAY)
    return not _EAST_ASIAN.search(original) and bool(
        _WITHIN_A_WORD.search(text) and _ACCENTED.search(original)
    )


def _is_plain_chinese(text: str) -> bool:
    return _encodes(text, "gb2312") and not _WITHIN_A_WORD.search(text)


def _is_of(text: str, codecs: Sequence[str]) -> bool:
    """Whether one of these has all of a text."""
    return any(_encodes(text, codec) for codec in codecs)


def _encodes(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
