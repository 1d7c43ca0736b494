"""A number as people write it, in whatever country: what divides its thousands, and what its decimals (F1).

Two marks, or one that cannot divide thousands, say which is which; ``1.500`` and ``12,000`` do not. Which of their two
readings counts, or that neither does, is for who knows what is counted.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

Decimals = Literal["point", "comma"]
"""What divides decimals, where a source says so."""

DECIMAL_COMMA: Final = frozenset(
    (
        "EUR DKK SEK NOK ISK PLN CZK HUF RON BGN RSD MKD BAM ALL MDL UAH BYN RUB GEL AMD AZN KZT TRY "
        "BRL ARS CLP COP UYU PYG BOB VES CRC VND IDR ZAR MAD DZD TND XOF XAF AOA MZN"
    ).split()
)
"""Currencies of countries that write 12,5 for twelve and a half."""

_LONGEST: Final = 24
_FOUR_PLACES: Final = Decimal("0.0001")
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)
_BY_COMMAS: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_LAKHS: Final = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?", re.ASCII)
_BY_SPACES: Final = re.compile(r"([1-9]\d{0,2}(?:([ '\u2019])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?", re.ASCII)
_COMMA_OR_THOUSAND: Final = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)
_POINT_OR_THOUSAND: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
_SWAPPED: Final = str.maketrans(".,", ",.")
_ARABIC: Final = str.maketrans("\u066b\u066c", ".,")
_HAN_DIGITS: Final = re.compile(
    "[一二三四五六七八九十百千万亿零〇两壹贰叁肆伍陆柒捌玖拾佰仟萬億廿卅点.\\d半]+"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A number by the decimal point, and by the decimal comma where the two differ: ``12,000`` is 12000 or 12."""

    value: Decimal
    by_comma: Decimal | None = None

    @property
    def is_grouped(self) -> bool:
        """Whether ``value`` is the larger reading, by a comma that divides thousands."""
        return self.by_comma is not None and abs(self.by_comma) < abs(self.value)


def written(text: str, decimals: Decimals | None = None) -> Written | None:
    """What ``text`` writes, to at most four decimals, half up; None: it is no number. With ``decimals`` it is one
    number or none.

    >>> written("12,000.5"), written("1'500.00"), written("1 500,5")
    (Written(value=Decimal('12000.5'), by_comma=None), Written(value=Decimal('1500.00'), by_comma=None), \
Written(value=Decimal('1500.5'), by_comma=None))
    >>> written("1.500").by_comma, written("12,5"), written("12,5", "comma").value
    (Decimal('1500'), None, Decimal('12.5'))
    """
    if len(text) > _LONGEST:
        return None
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text.removeprefix("+"))
    if "\u066b" in body or "\u066c" in body:
        body, decimals = body.translate(_ARABIC), "point"
    if decimals == "comma":
        body = body.translate(_SWAPPED)
    digits = _digits(body)
    if digits is None:
        return None
    value = rounded(Decimal(sign + digits))
    if decimals is None and _COMMA_OR_THOUSAND.fullmatch(body):
        return Written(value, Decimal(sign + body.replace(",", ".")))
    if decimals is None and _POINT_OR_THOUSAND.fullmatch(body):
        return Written(value, Decimal(sign + body.replace(".", "")))
    return Written(value)


def _digits(body: str) -> str | None:
    """The digits, with a point before the decimals; by the decimal point, unless spaces say otherwise."""
    if _PLAIN.fullmatch(body):
        return body
    if _BY_COMMAS.fullmatch(body) or _LAKHS.fullmatch(body):
        return body.replace(",", "")
    if found := _BY_SPACES.fullmatch(body):
        # A space, or an apostrophe, divides thousands and nothing else.
        return f"{found[1].replace(found[2], '')}.{found[3] or 0}"
    return None


def number_of(text: str) -> Decimal | None:
    """A number by the decimal point; None: it is none.

    >>> number_of("12,000.5"), number_of("12,5")
    (Decimal('12000.5'), None)
    """
    found = written(text, "point")
    return found.value if found else None


def rounded(number: Decimal) -> Decimal:
    """To four decimals, half up: a spreadsheet's formula gives sixteen digits, four decimals go on record."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        return number.quantize(_FOUR_PLACES, ROUND_HALF_UP)
    return number


def digits_of(number: Decimal | None) -> str:
    """A number as it is proposed: digits, and a point where there are decimals; "" for none."""
    return "" if number is None else f"{number.normalize():f}"


def in_digits(text: str) -> str:
    """The number that is in a text which is none, where it can be one only: bracketed or behind its sign, in powers of
    ten, by a decimal comma. "": there is none.

    >>> in_digits("(1,000)"), in_digits("1000-"), in_digits("40,5"), in_digits("1.500.000,5"), in_digits("1,2,3")
    ('-1000', '-1000', '40.5', '1500000.5', '')
    """
    if found := re.fullmatch(r"\(\s*([^()\s-].*?)\s*\)|([^-].*?)\s*-", text):
        return digits_of(number_of(f"-{found[1] or found[2]}"))
    if re.fullmatch(r"[+-]?\d{1,9}(?:\.\d{1,9})?[Ee][+-]?0?\d", text, re.ASCII):
        return digits_of(rounded(Decimal(text)))
    if re.fullmatch(r"[+-]?\d{1,9},\d{1,2}|[+-]?0,\d+", text, re.ASCII):
        return text.replace(",", ".")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+|[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}", text, re.ASCII):
        return text.replace(".", "").replace(",", ".")
    return ""


def is_in_words(text: str) -> bool:
    """Whether a number is written out in Chinese: 一万二, 1万2."""
    return _HAN_DIGITS.fullmatch(text) is not None and not text.isascii()
