"""The outbound client against a real server on loopback: what the circuit hears."""

from dataclasses import replace

import pytest

from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.vendors.asked import Request
from rencai.vendors.auth import bearer
from rencai.vendors.http import Answered, Line, VendorHttp
from tests.vendors.http_client import MB, SOON, Answer, Client, Once
from tests.vendors.loopback import Heard, Said, Vendor


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (200, {"id": "x"}, "succeeded"),
        (200, {"id": 7}, "failed"),
        (200, b"<html>", "failed"),
        (200, b" " * (MB + 1), "failed"),
        (302, b"", "failed"),
        (500, b"", "failed"),
        (503, b"", "failed"),
        (400, b"", "succeeded"),
        (401, b"", "succeeded"),
        (404, b"", "succeeded"),
        (408, b"", "succeeded"),
        (429, b"", "succeeded"),
    ],
)
def test_which_answers_are_failures(
    vendor: Vendor, line: Line, status: int, body: object, heard: str
) -> None:
    circuit = Heard()
    vendor.says({"GET /things": Said(body, status)})
    client = Client(replace(line, circuit=circuit), vendor.url)
    if heard == "succeeded" and status == 200:
        client.get()
    else:
        with pytest.raises((VendorUnavailable, VendorRefusal)):
            client.get()
    assert circuit.told == ["admit", heard]


def test_no_answer_is_a_failure(vendor: Vendor, line: Line) -> None:
    circuit = Heard()
    vendor.answering = lambda talk: talk.answer() if vendor.released.wait() else None
    with pytest.raises(VendorUnavailable):
        Client(replace(line, circuit=circuit, timeout_seconds=SOON), vendor.url).get()
    assert circuit.told == ["admit", "failed"]


def test_no_call_is_made_while_the_circuit_is_open(vendor: Vendor, line: Line) -> None:
    circuit = Heard(closed=False)
    with pytest.raises(VendorUnavailable, match="circuit open") as caught:
        Client(replace(line, circuit=circuit), vendor.url).get()
    assert caught.value.retry_after_seconds == 30
    assert (circuit.told, vendor.asked) == (["admit"], [])


def test_a_refusal_read_from_an_answer_is_no_failure_of_the_vendor(vendor: Vendor, line: Line) -> None:
    def refuses(_: Answered) -> None:
        raise VendorRefusal("finance", "says so in words")

    circuit = Heard()
    vendor.says({"GET /things": Said({})})
    with pytest.raises(VendorRefusal):
        Client(replace(line, circuit=circuit), vendor.url).http.call("GET", "/things", refuses)
    assert circuit.told == ["admit", "succeeded"]


class SecretsAreGone(Exception):
    """Not the vendor's fault."""


def test_trouble_of_ours_says_nothing_of_the_vendor(vendor: Vendor, line: Line) -> None:
    def gone() -> str:
        raise SecretsAreGone

    circuit = Heard()
    with pytest.raises(SecretsAreGone):
        VendorHttp(replace(line, circuit=circuit), vendor.url, bearer(gone)).get("/things", {}, Answer)
    assert circuit.told == ["admit"]


class _Open(Heard):
    """Lets nobody through."""

    def admit(self) -> None:
        raise VendorUnavailable("finance", "circuit open")


class _Kept(Once):
    """Fails the test where anything is kept of the call."""

    def first(self, address: str, content: bytes) -> Request:
        raise AssertionError(f"asked of {address} while the vendor is down")


def test_what_waits_for_a_vendor_that_is_down_is_not_asked_yet(vendor: Vendor, line: Line) -> None:
    """So that it can still be corrected."""
    client = Client(replace(line, circuit=_Open()), vendor.url)
    with pytest.raises(VendorUnavailable, match="circuit open"):
        client.post(asked=_Kept("key-1"))
    assert vendor.asked == []
