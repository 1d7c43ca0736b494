"""The outbound client under test, and what its vendor answers."""

from dataclasses import replace

from pydantic import BaseModel

from rencai.vendors.auth import bearer
from rencai.vendors.http import Line, VendorHttp

SECRET = "周晓的身份证110105194912310021"
SOON = 0.2
"""Seconds; the vendor never answers within it, so the tests wait no longer than this."""


class Answer(BaseModel):
    id: str
    amount: float = 0


class Client:
    """The client under test."""

    def __init__(self, line: Line, url: str) -> None:
        self.tokens = iter(["token-1", "token-2", "token-3"])
        self.line = replace(line, vendor="finance")
        self.http = VendorHttp(self.line, url, bearer(lambda: next(self.tokens)))

    def get(self) -> Answer:
        return self.http.get("/things", {"a": "1"}, Answer)

    def post(self, key: str = "key-1") -> Answer:
        return self.http.post("/things/x/stage", {"name": "周晓"}, key, Answer)


MB = 1024 * 1024
