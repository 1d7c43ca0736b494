"""E-mail addresses of people, as every door reads them.

What nobody sees in one is dropped: it comes along when an address is copied, and would make another address of it. So
are the name and the brackets that a mail client puts around it, and what stood behind it in a list or a sentence. What
a mail service, a header or a list of addresses could read as something else is refused.
"""

import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from .forms import formed
from .seen import visible

_SHAPE: Final = formed(
    r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$",
    "应为一个邮箱地址,例如 zhou@example.com",
    "should be one e-mail address, such as zhou@example.com",
)
_REFUSED: Final = re.compile(r"""[\s\x00-\x1f\x7f-\x9f()<>\[\]:;,"\\、。《》「」『』【】“”‘’…]|=\?""")
"""White space, control characters, what RFC 5322 gives a sense of its own and what stands for it in Chinese, and the
beginning of an encoded word."""
_AROUND: Final = re.compile(r"""[\s<(\[《「『【"'“‘]*(.*?)[\s>)\]》」』】"'”’;,、。.|]*""", re.DOTALL)
_NAMED: Final = re.compile(r"[^<>@]*<([^<>]+)>[\s;,、。.|]*", re.DOTALL)
_BETWEEN: Final = re.compile(r"[\s;,、|/]+")
_FULL_STOPS: Final = re.compile("[。．｡]")
_LONGEST_READ: Final = 1_000


def one_address(text: str) -> str:
    r"""The address that ``text`` writes, however a mail client or a list wrote it; what is none stays as it is.

    >>> one_address("张三 <c@example.com>;"), one_address("e@example.com。"), one_address("mailto:a\u200b@b.cn")
    ('c@example.com', 'e@example.com', 'a@b.cn')
    """
    read = visible(text)
    if not ("@" in read or "\uff20" in read) or len(read) > _LONGEST_READ:
        return read
    if not read.isascii():
        read = visible(unicodedata.normalize("NFKC", read))
    named = _NAMED.fullmatch(read)
    bare = _bare(named[1] if named else read)
    parts = {_bare(one) for one in _BETWEEN.split(bare)} if bare.count("@") > 1 else {bare}
    # The same address twice is one.
    if len({one.casefold() for one in parts}) == 1:
        bare = min(parts)
    local, at, domain = bare.partition("@")
    return f"{local}{at}{_FULL_STOPS.sub('.', domain)}"


def _bare(text: str) -> str:
    around = _AROUND.fullmatch(text)
    bare = around[1] if around else text
    return bare[len("mailto:") :] if bare[:7].casefold() == "mailto:" else bare


def is_address(text: str) -> bool:
    """Whether this is one address that can be written to, as ``one_address`` gives it."""
    return re.fullmatch(_SHAPE[1:-1], text) is not None and not _REFUSED.search(text) and _is_domain(text)


def addresses_in(text: str) -> list[str]:
    """The addresses that a text of several, or of an address and more, has between what divides them; each once.

    >>> addresses_in("a@b.cn; 张三 <c@d.cn>, a@b.cn"), addresses_in("c@d.cn(张三)")
    (['a@b.cn', 'c@d.cn'], ['c@d.cn'])
    """
    read = visible(unicodedata.normalize("NFKC", visible(text[:_LONGEST_READ])))
    parts = map(one_address, re.split(r"[\s;,、|/<>()\[\]]+", read))
    return list(dict.fromkeys(part for part in parts if is_address(part)))


def _is_domain(address: str) -> bool:
    """Whether what stands behind the @ is made of letters, digits and hyphens within."""
    return all(
        label
        and label[0] != "-" != label[-1]
        and all(one == "-" or unicodedata.category(one)[0] in "LMN" for one in label)
        for label in address.partition("@")[2].split(".")
    )


def _read(value: Any) -> Any:
    return one_address(value) if isinstance(value, str) else value


def _one_address(text: str) -> str:
    # A full-width comma or @ may count as the other one to who reads the address next.
    if text.count("@") > 1 or _REFUSED.search(text) or not _is_domain(text):
        raise PydanticCustomError("not_one_email", "should be one e-mail address, such as zhou@example.com")
    return text


def _one_or_none(text: str) -> str:
    # A full-width comma or @ may count as the other one to who reads the address next.
    read = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if read.count("@") > 1 or _REFUSED.search(read):
        raise PydanticCustomError("not_one_email", "should be one e-mail address, such as zhou@example.com")
    return text


Email = Annotated[
    str,
    StringConstraints(pattern=_SHAPE, max_length=254),
    BeforeValidator(_read),
    AfterValidator(_one_address),
]
"""An address that can be written to."""
ToldEmail = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    BeforeValidator(_read),
    AfterValidator(_one_or_none),
]
"""What a source that tells what it knows writes for an address: one as above, or what is none, such as "none"."""
