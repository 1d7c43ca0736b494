"""Bad deliveries: from one genuine delivery of each dialect, what a forger, a proxy or a broken client makes of it.

Nothing is drawn at random, so a name means the same delivery in every run. What a scheme does not protect is not here:
the body under xAPI (it has no signature), and Greenhouse's event id (it is not signed).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rencai.inbox.dialect import Delivered
from tests.vendors.forgeries import checkr, docusign, generic, greenhouse, xapi
from tests.vendors.forgeries.bodies import other_bodies
from tests.vendors.forgeries.headers import headers_gone_or_doubled
from tests.vendors.forgeries.scheme import Bad, Scheme, one_each
from tests.vendors.forgeries.signatures import (
    no_key_of_ours,
    of_another_dialect,
    other_algorithms,
    signed_otherwise,
)
from tests.vendors.forgeries.spelling import misspelt


@dataclass(frozen=True, slots=True)
class Genuine:
    """A delivery as the vendor makes it; ``keys`` are those the tenant has configured."""

    dialect: str
    vendor: str
    delivered: Delivered
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forgery:
    """A delivery that must be refused, and by what it differs from the genuine one."""

    name: str
    dialect: str
    vendor: str
    delivered: Delivered
    keys: tuple[str, ...]


_SCHEMES: Final[Mapping[str, Scheme]] = {
    module.SCHEME.dialect: module.SCHEME for module in (generic, docusign, checkr, greenhouse, xapi)
}


def genuine(dialect: str, now: datetime) -> Genuine:
    """A delivery of the dialect that is authentic at ``now`` and tells a fact we act on."""
    return signed(dialect, _SCHEMES[dialect].body(now), now)


def signed(dialect: str, body: bytes, now: datetime) -> Genuine:
    """That body as the vendor would send it, whatever it says."""
    scheme = _SCHEMES[dialect]
    headers = one_each(scheme.sign(body, scheme.key, now, "sha256"))
    return Genuine(dialect, scheme.vendor, Delivered(body, headers), (scheme.secret,))


def forgeries(now: datetime) -> list[Forgery]:
    """Every bad delivery, of every dialect."""
    return [
        Forgery(
            f"{scheme.dialect}: {bad.what}",
            scheme.dialect,
            scheme.vendor,
            Delivered(bad.body, bad.headers),
            (scheme.secret,) if bad.keys is None else bad.keys,
        )
        for scheme in _SCHEMES.values()
        for bad in _all_of(scheme, now)
    ]


def _all_of(scheme: Scheme, now: datetime) -> Iterator[Bad]:
    yield from signed_otherwise(scheme, now)
    yield from misspelt(scheme, now)
    yield from headers_gone_or_doubled(scheme, now)
    yield from no_key_of_ours(scheme, now)
    if scheme.tampered:
        yield from other_bodies(scheme, now)
        yield from other_algorithms(scheme, now)
        yield from of_another_dialect(scheme, _SCHEMES.values(), now)
    yield from scheme.own(scheme, now)
