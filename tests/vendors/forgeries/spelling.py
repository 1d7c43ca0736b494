"""The signature is spelt otherwise."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime

from tests.vendors.forgeries.scheme import Bad, Scheme, base64_of, prefix_of, with_signature


def misspelt(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    text = scheme.signature(now)
    prefix = prefix_of(scheme, now)
    encoded = text.removeprefix(prefix)
    raw = bytes.fromhex(encoded) if _is_hex(encoded) else base64.b64decode(encoded)
    spellings = {
        **_spellings(text),
        "in hex": prefix + raw.hex(),
        "in hex with colons": prefix + raw.hex(":"),
        "in base64": prefix + base64_of(raw),
        "in base32": prefix + base64.b32encode(raw).decode(),
        "in base64 for addresses": prefix + base64.urlsafe_b64encode(raw).decode(),
        "in base64 twice": prefix + base64_of(encoded.encode()),
        "without padding": prefix + encoded.rstrip("="),
        "with more padding": f"{prefix}{encoded}=",
        "with spare bits set": prefix + _spare_bits_set(encoded),
        "as a number": prefix + str(int.from_bytes(raw, "big")),
        "its first byte only": prefix + encoded[:2],
        "zeros": prefix + "0" * len(encoded),
        "letters A": prefix + "A" * len(encoded),
        "the prefix only": prefix,
        "without its prefix": encoded,
        "with its prefix twice": prefix + text,
        "prefixed sha256=": f"sha256={encoded}",
        "prefixed sha1": f"sha1 {encoded}",
        "prefixed v1=": f"v1={encoded}",
        "prefixed t=": f"t={int(now.timestamp())},v1={encoded}",
        "prefixed Bearer": f"Bearer {encoded}",
    }
    for what, spelt in spellings.items():
        # What changes nothing in this scheme (hex in small letters, say) is no forgery of it.
        if spelt != text and what not in scheme.harmless:
            yield with_signature(scheme, now, f"the signature {what}", spelt)


def _spellings(text: str) -> dict[str, str]:
    half = len(text) // 2
    return {
        "in capitals": text.upper(),
        "in small letters": text.lower(),
        "with its case turned": text.swapcase(),
        "backwards": text[::-1],
        "cut by one": text[:-1],
        "cut in half": text[:half],
        "with one letter more": text + "0",
        "its first letter twice": text[:1] + text,
        "blank": " ",
        "null": "null",
        "true": "true",
        "a star": "*",
        "an array": json.dumps([text]),
        "quoted": f'"{text}"',
        "percent-encoded": "".join(f"%{byte:02X}" for byte in text.encode()),
        "a space before": f" {text}",
        "a space after": f"{text} ",
        "a space inside": f"{text[:half]} {text[half:]}",
        "a tab after": f"{text}\t",
        "a line end after": f"{text}\n",
        "CR LF and a header after": f"{text}\r\nx-forged: 1",
        "CR LF inside": f"{text[:half]}\r\n {text[half:]}",
        "NUL after": f"{text}\x00",
        "NUL inside": f"{text[:half]}\x00{text[half:]}",
        "a no-break space before": f"\u00a0{text}",
        "a zero-width space inside": f"{text[:half]}\u200b{text[half:]}",
        "a zero-width joiner after": f"{text}\u200d",
        "a mark of order before": f"\ufeff{text}",
        "a combining accent after": f"{text}\u0301",
        "right to left": f"\u202e{text}",
        "in full width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
        "with an Arabic digit": with_other_digits(text),
        "with a Cyrillic letter": text.translate(
            {ord("a"): "\u0430", ord("c"): "\u0441", ord("e"): "\u0435"}
        ),
        "in mathematical letters": text.translate({ord("a") + n: 0x1D41A + n for n in range(26)}),
        "folded with itself": f"{text},{text}",
        "folded with itself and a space": f"{text}, {text}",
        "folded behind another": f"{text[::-1]}, {text}",
        "with a semicolon": f"{text};",
        "very long": text + "A" * 3000,
        "very long, over and over": ",".join([text] * 200),
        "with its replacement character": f"{text[:half]}\ufffd{text[half + 1 :]}",
    }


def with_other_digits(text: str) -> str:
    return text.translate({ord("0") + n: 0x0660 + n for n in range(10)})


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)


def _spare_bits_set(encoded: str) -> str:
    """Base64 that decodes to the same bytes and is not the same text: the last letter has bits that nobody reads."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    unpadded = encoded.rstrip("=")
    if unpadded == encoded:
        return encoded
    spare = letters[letters.index(unpadded[-1]) + 1]
    return unpadded[:-1] + spare + encoded[len(unpadded) :]
