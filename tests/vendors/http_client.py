"""The outbound client under test, and what its vendor answers."""

from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from rencai.vendors.asked import Request
from rencai.vendors.auth import bearer
from rencai.vendors.http import Line, VendorHttp

SECRET = "周晓的身份证110105194912310021"
SOON = 0.2
"""Seconds; the vendor never answers within it, so the tests wait no longer than this."""


class Answer(BaseModel):
    id: str
    amount: float = 0


@dataclass(frozen=True)
class Once:
    """A call that nothing is kept of; ``refusals`` are those that were told."""

    idempotency_key: str
    refusals: list[str] = field(default_factory=list)

    def first(self, address: str, content: bytes) -> Request:
        return Request(self.idempotency_key, content)

    def refused(self, address: str, request: Request) -> None:
        self.refusals.append(self.idempotency_key)


class Forgetful:
    """Keeps nothing of what was asked for."""

    def of(self, whose: str, vendor: str, idempotency_key: str) -> Once:
        return Once(idempotency_key)


class Client:
    """The client under test."""

    def __init__(self, line: Line, url: str) -> None:
        self.tokens = iter(["token-1", "token-2", "token-3"])
        self.line = replace(line, vendor="finance")
        self.http = VendorHttp(self.line, url, bearer(lambda: next(self.tokens)))

    def get(self) -> Answer:
        return self.http.get("/things", {"a": "1"}, Answer)

    def post(self, key: str = "key-1", asked: Once | None = None) -> Answer:
        return self.http.post("/things/x/stage", {"name": "周晓"}, asked or Once(key), Answer)


MB = 1024 * 1024
