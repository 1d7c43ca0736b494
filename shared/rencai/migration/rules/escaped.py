"""Text that was written for a program: codes in the place of characters, or marks around them (F1). It is not what
anybody is called, though all of it can be read.
"""

import html
import re
from typing import Final
from urllib.parse import unquote

_REFERENCE: Final = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}\d?);")
_MARKED_UP: Final = re.compile(
    r"</?(?:a|b|br|div|em|font|i|img|li|p|s|script|span|strong|sub|sup|td|th|tr|u)\b[^<>]*>", re.IGNORECASE
)
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_OF_A_LINK: Final = re.compile(r"(?:%[0-9a-fA-F]{2}){2,}")
_IN_SEVEN_BITS: Final = re.compile(r"\+[A-Za-z0-9/]{3,}")
_HAN: Final = re.compile("^[\u3040-\u30ff\u4e00-\u9fff]{2,}")
_OF_A_LETTER: Final = re.compile(r"=\?[\w-]+\?[bq]\?[^?\s]*\?=", re.IGNORECASE)


def unescaped(text: str) -> tuple[str, str] | None:
    """The first code of a text, and what the text says without any, "": nobody knows; None: it has none.

    >>> unescaped("&#26446;四"), unescaped("R&D"), unescaped("<b>李四</b>"), unescaped("%E6%9D%8E")
    (('&#26446;', '李四'), None, ('<b>', '李四'), ('%E6%9D%8E', '李'))
    """
    if "<" in text and (found := _MARKED_UP.search(text)):
        return found[0], html.unescape(_MARKED_UP.sub("", text)).strip()
    if "&" in text and (found := _REFERENCE.search(text)) and html.unescape(found[0]) != found[0]:
        return found[0], html.unescape(text)
    if "\\u" in text and (found := _ESCAPE.search(text)):
        return found[0], _of_pairs(_ESCAPE.sub(lambda one: chr(int(one[1], 16)), text))
    if "%" in text and (found := _OF_A_LINK.search(text)):
        meant = unquote(text, errors="replace")
        return None if meant.isascii() or "\ufffd" in meant else (found[0], meant)
    if "+" in text and (found := _IN_SEVEN_BITS.search(text)):
        meant = text.encode("ascii", "ignore").decode("utf-7", "replace")
        return (found[0], meant) if _HAN.search(meant) and not found[0][1:].isdecimal() else None
    if "=?" in text and (found := _OF_A_LETTER.search(text)):
        return found[0], _of_a_letter(text)
    return None


def _of_pairs(text: str) -> str:
    """Escapes name a character beyond U+FFFF by two halves."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _of_a_letter(text: str) -> str:
    # Hardly any file has one, and a cold start is better without its parser.
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError):
        return ""
