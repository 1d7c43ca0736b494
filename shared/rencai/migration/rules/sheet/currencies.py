"""What currencies are called; and which one a sign stands for where a format says whose it is: ``[$$-C04]`` is Hong
Kong's dollar (F1).
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

CURRENCY: Final = r"^[A-Z]{3}$"
"""An ISO 4217 code."""
CURRENCIES: Final[Mapping[str, str]] = {
    "元": "CNY", "人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "cny": "CNY", "¥": "CNY",
    "美元": "USD", "美金": "USD", "usd": "USD", "us$": "USD", "$": "USD",
    "欧元": "EUR", "eur": "EUR", "€": "EUR", "英镑": "GBP", "gbp": "GBP", "£": "GBP",
    "日元": "JPY", "日币": "JPY", "jpy": "JPY", "港元": "HKD", "港币": "HKD", "hkd": "HKD", "hk$": "HKD",
    "新台币": "TWD", "台币": "TWD", "twd": "TWD", "nt$": "TWD", "新加坡元": "SGD", "新币": "SGD",
    "sgd": "SGD", "s$": "SGD",
    "澳元": "AUD", "aud": "AUD", "加元": "CAD", "cad": "CAD", "加拿大元": "CAD",
}  # fmt: skip
"""What currencies are called, in lower case. ``$`` is that of the United States and ``¥`` that of China."""
_OF_A_PLACE: Final = {
    "US": "USD", "CN": "CNY", "HK": "HKD", "TW": "TWD", "MO": "MOP", "SG": "SGD", "JP": "JPY", "KR": "KRW",
    "GB": "GBP", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "IN": "INR", "TH": "THB", "VN": "VND", "MY": "MYR",
    "ID": "IDR", "PH": "PHP", "RU": "RUB", "TR": "TRY", "BR": "BRL", "MX": "MXN", "AR": "ARS", "CL": "CLP",
    "CO": "COP", "CH": "CHF", "SE": "SEK", "NO": "NOK", "DK": "DKK", "PL": "PLN", "CZ": "CZK", "HU": "HUF",
    "ZA": "ZAR", "IL": "ILS", "UA": "UAH", "KZ": "KZT", "NG": "NGN",
}  # fmt: skip
CODES: Final = frozenset((*_OF_A_PLACE.values(), "EUR"))
"""Those that a format may name."""
_PLACES: Final = {
    0x409: "US", 0x804: "CN", 0x478: "CN", 0xC04: "HK", 0x3C09: "HK", 0x404: "TW", 0x1404: "MO", 0x1004: "SG",
    0x4809: "SG", 0x411: "JP", 0x412: "KR", 0x809: "GB", 0x1009: "CA", 0xC0C: "CA", 0xC09: "AU", 0x1409: "NZ",
    0x4009: "IN", 0x439: "IN", 0x41E: "TH", 0x42A: "VN", 0x43E: "MY", 0x421: "ID", 0x3409: "PH", 0x464: "PH",
    0x419: "RU", 0x41F: "TR", 0x416: "BR", 0x80A: "MX", 0x2C0A: "AR", 0x340A: "CL", 0x240A: "CO", 0x807: "CH",
    0x100C: "CH", 0x810: "CH", 0x41D: "SE", 0x414: "NO", 0x814: "NO", 0x406: "DK", 0x415: "PL", 0x405: "CZ",
    0x40E: "HU", 0x1C09: "ZA", 0x436: "ZA", 0x40D: "IL", 0x422: "UA", 0x43F: "KZ", 0x46A: "NG",
}  # fmt: skip
"""Places by the number that Windows has for a language as it is spoken there."""
_SIGNS: Final = frozenset(
    ("kr", "kr.", "zł", "kč", "ft", "r", "rm", "rp", "nt$", "hk$", "s$", "us$", "元", "円")
)
"""Signs that are letters; what else is letters is shown as it is."""


def currency_of(symbol: str, locale: str) -> str:
    """What a format's currency is called: by its ISO 4217 code where sign and place say which, else by its sign. A
    dollar or a yen of a place that is not known is neither the United States' nor China's: its sign keeps the place.

    >>> currency_of("$", "C04"), currency_of("€", "407"), currency_of("HKD", ""), currency_of("¥", "ja-JP")
    ('HKD', 'EUR', 'HKD', 'JPY')
    """
    sign = symbol.strip()
    if sign == "€":
        return "EUR"
    is_sign = sign.casefold() in _SIGNS or any(unicodedata.category(one) == "Sc" for one in sign)
    if not is_sign or not locale:
        return symbol
    code = _OF_A_PLACE.get(_place(locale))
    if code:
        return code
    return f"[{sign} {locale}]"


def _place(locale: str) -> str:
    if "-" in locale:
        return locale.rpartition("-")[2].upper()
    try:
        return _PLACES.get(int(locale, 16) & 0xFFFF, "")
    except ValueError:
        return ""
