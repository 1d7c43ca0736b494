"""Vendors at the other end of the wire: the real clients, and a pool that keeps every byte that was sent."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast
from urllib.parse import urlsplit

from rencai.vendors.asked import SharedAsked
from rencai.vendors.ats import GenericAts
from rencai.vendors.auth import nobody
from rencai.vendors.background import GenericBackgroundCheck
from rencai.vendors.checkr import CheckrBackgroundCheck, CheckrSettings, WorkLocation
from rencai.vendors.circuit import Unguarded
from rencai.vendors.docusign import DocusignEsign, DocusignSettings
from rencai.vendors.esign import GenericEsign
from rencai.vendors.http import Line, VendorHttp
from rencai.vendors.lms import GenericLms
from rencai.vendors.psychometric import GenericPsychometric
from tests.journey.faults import Crash, When
from tests.journey.world import World

_ACCOUNT: Final = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Sent:
    """A POST as the vendor got it."""

    url: str
    key: str
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self.body))


class _Response:
    """As much of urllib3's as is read."""

    def __init__(self, status: int, answer: object) -> None:
        self.status = status
        self.headers: Mapping[str, str] = {}
        self._left = json.dumps(answer).encode() if answer is not None else b""

    def read1(self, *_: object, **__: object) -> bytes:
        left, self._left = self._left, b""
        return left

    def close(self) -> None: ...

    def release_conn(self) -> None: ...


@dataclass
class Wire:
    """Every vendor. Dies once, around the ``at``-th POST that came with a key: before the vendor took it or after."""

    at: int | None = None
    when: When = "after"
    sent: list[Sent] = field(default_factory=list)
    died: bool = False
    refuses: int | None = None
    """The status of the next answer to a POST, once."""

    def request(self, method: str, url: str, **arguments: Any) -> Any:
        path = urlsplit(url).path
        if method == "GET":
            return _Response(200, {"envelopes": []})
        if path == "/oauth/token":
            return _Response(200, {"access_token": "t", "expires_in": 3600})
        key = arguments["headers"]["Idempotency-Key"]
        dies = not self.died and len(self.sent) + 1 == self.at
        if dies and self.when == "before":
            self.died = True
            raise Crash(path)
        self.sent.append(Sent(url, key, arguments["body"]))
        if dies:
            self.died = True
            raise Crash(path)
        if self.refuses:
            refuses, self.refuses = self.refuses, None
            return _Response(refuses, {})
        return _Response(200, _answer(path, key, json.loads(arguments["body"])))

    def contents(self) -> dict[tuple[str, str], set[bytes]]:
        """By vendor and key, what was said under it; where it was said belongs to that."""
        found: dict[tuple[str, str], set[bytes]] = {}
        for one in self.sent:
            said = urlsplit(one.url)
            found.setdefault((said.netloc, f"{said.path} {one.key}"), set()).add(one.body)
            found.setdefault((said.netloc, one.key), set()).add(f"{said.path} ".encode() + one.body)
        return found

    def keys(self, path: str) -> set[str]:
        """The keys under which something was asked for at a path that begins so."""
        return {one.key for one in self.sent if urlsplit(one.url).path.startswith(path)}


def _answer(path: str, key: str, body: Mapping[str, Any]) -> object:
    match path.split("/")[1:]:
        case ["envelopes"]:
            return {
                "envelope_id": f"env-{key}",
                "sign_url": f"https://sign.example.com/{key}",
                "expires_at": "2026-04-01T00:00:00Z",
            }
        case ["restapi", *_]:
            (signing,) = (one["value"] for one in body["customFields"]["textCustomFields"])
            return {"envelopeId": f"env-{signing}"}
        case ["checks"]:
            return {"check_id": f"chk-{body['reference']}"}
        case ["v1", "candidates"]:
            return {"id": f"chk-{body['custom_id']}"}
        case ["assessments"]:
            return {"assessment_id": f"asm-{key}", "invite_url": "https://assess.example.com/1"}
        case ["enrolments"]:
            return {"enrolment_id": f"enr-{key}"}
        case _:
            return {"id": f"made-{key}"}


def connect(one: World, wire: Wire, *, other_dialects: bool = False) -> Callable[[str], None]:
    """Have the world's vendors be real clients at the end of ``wire``. Returns what moves our own address.

    ``other_dialects``: DocuSign and Checkr in the place of those that speak our contract.
    """
    here = ["https://api.example.com"]
    asked = SharedAsked(one.wired.table, one.wired.vault, one.clock)

    def line(vendor: str) -> Line:
        return Line(vendor, cast("Any", wire), Unguarded(), one.clock, lambda *_, **__: None)

    def http(vendor: str) -> VendorHttp:
        return VendorHttp(line(vendor), f"https://{vendor}.example.com", nobody)

    def callback() -> str:
        return f"{here[0]}/webhooks"

    vendors = one.vendors
    vendors.esign = GenericEsign(http("esign"), callback, asked)
    vendors.background = GenericBackgroundCheck(http("background"), callback, asked)
    vendors.psychometric = GenericPsychometric(http("psychometric"), callback, asked)
    vendors.lms = GenericLms(http("lms"), asked)
    vendors.ats = GenericAts(http("ats"))
    if other_dialects:
        account = DocusignSettings(account_id=_ACCOUNT, user_id=_ACCOUNT, integration_key=_ACCOUNT)
        url = "https://docusign.example.com/restapi"
        vendors.esign = DocusignEsign(account, line("esign"), url, lambda content: content[:8], asked)
        checkr = CheckrSettings(package="all", work_locations=(WorkLocation(country="US"),))
        url = "https://checkr.example.com"
        vendors.background = CheckrBackgroundCheck(checkr, line("background"), url, lambda: "key", asked)

    def moved(address: str) -> None:
        here[0] = address

    return moved
