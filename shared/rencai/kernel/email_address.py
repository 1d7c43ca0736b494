"""E-mail addresses of people, as every door reads them.

What nobody sees in one is dropped: it comes along when an address is copied, and would make another address of it.
What a mail service, a header or a list of addresses could read as something else is refused.
"""

import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

_SHAPE: Final = r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$"
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""What is as invisible as the category Cf and not of it: fillers, variation selectors, what is reserved for such."""
_REFUSED: Final = re.compile(r"""[\s\x00-\x1f\x7f-\x9f()<>\[\]:;,"\\、]|=\?""")
"""White space, control characters, what RFC 5322 gives a sense of its own, and the beginning of an encoded word."""


def visible(text: str) -> str:
    r"""``text`` without the characters that nobody sees.

    >>> visible("zhou\u200b@example.com")
    'zhou@example.com'
    """
    if text.isascii():
        return text
    return "".join(one for one in _UNSEEN.sub("", text) if unicodedata.category(one) != "Cf")


def _visible(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def _one_address(text: str) -> str:
    # A full-width comma or @ may count as the other one to who reads the address next.
    read = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if read.count("@") > 1 or _REFUSED.search(read):
        raise PydanticCustomError("not_one_email", "should be one e-mail address, such as zhou@example.com")
    return text


Email = Annotated[
    str,
    StringConstraints(pattern=_SHAPE, max_length=254),
    BeforeValidator(_visible),
    AfterValidator(_one_address),
]
"""An address that can be written to."""
ToldEmail = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    BeforeValidator(_visible),
    AfterValidator(_one_address),
]
"""What a source that tells what it knows writes for an address: one as above, or what is none, such as "none"."""
