"""What a dialect is: is a delivery authentic (``verify``), and which facts does it tell (``parse``).

A dialect is a module with the names of ``Dialect``. Verification is on the raw bytes, in constant time, with every
current key, so that keys can rotate.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Protocol, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ValidationError
from pydantic_core import PydanticCustomError

from rencai.kernel.errors import LANGUAGES, CommonRefusal, DomainError
from rencai.kernel.facts import VendorFact
from rencai.kernel.ids import Ids
from rencai.kernel.terms import Said
from rencai.kernel.wording import field_errors

from .refusals import InboxReason

TOLERANCE: Final = timedelta(minutes=5)
"""How far a signed timestamp may be off, where a dialect has one."""
MAX_HEADER: Final = 2000
_FIELD_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
Model = TypeVar("Model", bound=BaseModel)


class NotAuthentic(DomainError):
    """The signature is missing or wrong, or the timestamp is stale. The text is safe to log."""

    def __init__(self, why: InboxReason, **params: object) -> None:
        super().__init__(CommonRefusal.NOT_AUTHENTIC, reason=DomainError(why, "", **params))


class NotInContract(DomainError):
    """Authentic, but not what the dialect says it is. The text says where, and quotes nothing."""

    def __init__(self, why: InboxReason, **params: object) -> None:
        self.fault = str(params.pop("fault", why))
        """Where, and by which name pydantic has it; for programs."""
        super().__init__(CommonRefusal.NOT_IN_CONTRACT, reason=DomainError(why, "", **params))


@dataclass(frozen=True, slots=True)
class Delivered:
    """A webhook as it came: the raw bytes, and every value of every header by its lower-case name."""

    body: bytes
    headers: Mapping[str, Sequence[str]]

    def header(self, name: str) -> str:
        """The one value of a header. Raises ``NotAuthentic`` when it is missing, came twice, is too long, or holds
        anything but printable ASCII: no dialect's headers do, and what looks alike must not pass for it.
        """
        values = self.headers.get(name, ())
        if not values or not values[0]:
            raise NotAuthentic(InboxReason.HEADER_MISSING, header=name)
        if len(values) > 1:
            raise NotAuthentic(InboxReason.HEADER_TWICE, header=name)
        if len(values[0]) > MAX_HEADER:
            raise NotAuthentic(InboxReason.HEADER_TOO_LONG, header=name)
        if not (values[0].isascii() and values[0].isprintable()):
            raise NotAuthentic(InboxReason.HEADER_NO_TEXT, header=name)
        return values[0]


@dataclass(frozen=True, slots=True)
class Message:
    """What an authentic delivery is called; a vendor's retry has the same ``message_id``.

    Where the vendor does not name it, that is made of what it says, which could be guessed from it: so it goes nowhere
    but into ``Ids``. ``given`` is the vendor's own name for it, which can be kept and shown.
    """

    message_id: str
    given: str | None = None

    def name(self, ids: Ids) -> str:
        """What it is called where that is kept: by the vendor, or by a digest that only we can make."""
        return self.given or f"body-{ids.digest('message', self.message_id)}"


class Dialect(Protocol):
    """One vendor's way to call us."""

    VENDORS: Collection[str]
    """Which of our vendors may be configured to speak it: ``esign``, ``background``, ``psychometric``, ``ats``..."""
    ACCEPTED: int
    """The status that tells this vendor that all is well."""
    ONE_CONTENT_PER_ID: bool
    """Whether the same id with other content is an error to be answered 409, not a duplicate."""

    def verify(self, delivered: Delivered, keys: Sequence[str], now: datetime) -> Message:
        """Check a delivery with every key; raises ``NotAuthentic``, and nothing else whatever was sent."""

    def parse(self, vendor: str, body: bytes) -> tuple[VendorFact, ...]:
        """The facts of an authentic delivery; raises ``NotInContract``, and nothing else whatever was sent.

        A vendor is heard on its own subject only: the check vendor cannot sign an offer.
        """


Signers = Mapping[str, Sequence[str]]
"""The keys of each who may sign for a vendor, by name; by the empty name keys that are nobody's in particular."""


Admit = Callable[[str, str, VendorFact], None]
"""Refuses (``Forbidden``) what a vendor's signer may not say, by the vendor and the signer's name."""


def verified(spoken: Dialect, delivered: Delivered, signers: Signers, now: datetime) -> tuple[Message, str]:
    """What a delivery is called, and which of ``signers`` signed it; raises ``NotAuthentic`` when none did."""
    wrong = NotAuthentic(InboxReason.SIGNATURE_WRONG)
    for signer, keys in signers.items():
        try:
            return spoken.verify(delivered, keys, now), signer
        except NotAuthentic as other:
            wrong = other
    raise wrong


def usable(keys: Iterable[str]) -> list[bytes]:
    """The keys as bytes. Blank ones are left out: an empty key is one that everybody has, and a placeholder secret must
    not open the door.
    """
    return [key.encode("utf-8", "surrogatepass") for key in keys if key.strip()]


def body_signatures(keys: Iterable[str], body: bytes) -> list[bytes]:
    """HMAC-SHA256 of the raw body with each usable key, as 32 bytes: what most vendors sign with."""
    return [hmac.digest(key, body, "sha256") for key in usable(keys)]


def body_id(body: bytes) -> str:
    """What a signed delivery is called whose body does not say: the same bytes have the same id."""
    return f"body-{hashlib.sha256(body).hexdigest()}"


def any_matches(expected: Iterable[bytes], given: Iterable[bytes]) -> bool:
    """Whether one of the signatures given is one of those expected. No early way out: how long it takes says nothing
    about which key or signature matched.
    """
    theirs = list(given)
    matches = [hmac.compare_digest(one, other) for one in expected for other in theirs]
    return any(matches)


def in_contract(model: type[Model], body: bytes) -> Model:
    """The body as ``model``; raises ``NotInContract`` naming the first field that is wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise not_in_contract(error) from None


def part_in_contract(model: type[Model], part: Any, *within: str | int) -> Model:
    """A part of a body, read already, as ``model``; ``within`` is where it stands, for the ``NotInContract``."""
    try:
        return model.model_validate(part)
    except ValidationError as error:
        raise not_in_contract(error, *within) from None


def not_in_contract(error: ValidationError, *within: str | int) -> NotInContract:
    """Where a body is not what it should be: the field and the kind of mistake, no value."""
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(_shown(part) for part in (*within, *first["loc"])) or "body"
    chinese, english = (field_errors([first], language)[0].message for language in LANGUAGES)
    return NotInContract(
        InboxReason.FIELD_WRONG, place=where, reason=Said(chinese, english), fault=f"{where}: {first['type']}"
    )


def _shown(part: str | int) -> str:
    # Where a name is the vendor's to choose (the scales of an assessment), it may be anything.
    return str(part) if isinstance(part, int) or _FIELD_NAME.fullmatch(part) else "*"


def _iso_8601(value: Any) -> Any:
    # pydantic would read a number, or a text that is one, as unix seconds.
    if isinstance(value, str) and not re.match(r"[0-9]{4}-", value):
        raise PydanticCustomError("not_iso_8601", "Input should be ISO 8601")
    if isinstance(value, int | float):
        raise PydanticCustomError("string_type", "Input should be a string")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("out_of_range", "Input should be between the years 1 and 9999") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_iso_8601), AfterValidator(_in_utc)]
"""A point in time: ISO 8601 text with its offset, given in UTC."""
