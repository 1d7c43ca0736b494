"""The outbound client against a real server on loopback: when there is no answer."""

import socket

import pytest

from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.vendors.http import TIMEOUT_SECONDS, Line
from tests.vendors.http_client import MB, SECRET, SOON, Client
from tests.vendors.loopback import Talk, Vendor


def test_nobody_there(line: Line) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(VendorUnavailable, match="finance: NewConnectionError"):
        Client(line, f"http://127.0.0.1:{port}").get()


def test_a_vendor_who_hangs_up(vendor: Vendor, client: Client) -> None:
    def hangs_up(talk: Talk) -> None:
        talk.close_connection = True

    vendor.answering = hangs_up
    with pytest.raises(VendorUnavailable, match="finance: ProtocolError"):
        client.get()


def test_a_vendor_who_speaks_no_http(vendor: Vendor, client: Client) -> None:
    def mumbles(talk: Talk) -> None:
        talk.wfile.write(b"220 smtp.example.com\r\n\r\n")
        talk.close_connection = True

    vendor.answering = mumbles
    with pytest.raises(VendorUnavailable, match="finance: ProtocolError"):
        client.get()


def test_a_vendor_who_says_nothing(vendor: Vendor, hasty: Client) -> None:
    vendor.answering = lambda talk: talk.answer() if vendor.released.wait() else None
    with pytest.raises(VendorUnavailable, match="finance: ReadTimeoutError"):
        hasty.get()


def test_a_vendor_who_starts_and_falls_silent(vendor: Vendor, hasty: Client) -> None:
    def falls_silent(talk: Talk) -> None:
        talk.start(200, {"Content-Length": "100"})
        talk.wfile.write(b"{")
        vendor.released.wait()

    vendor.answering = falls_silent
    with pytest.raises(VendorUnavailable, match="finance: ReadTimeoutError"):
        hasty.get()


@pytest.mark.parametrize("part", ["status line", "headers", "body", "chunks"])
def test_a_vendor_who_sends_a_byte_now_and_then_does_not_hold_us(
    vendor: Vendor, hasty: Client, part: str
) -> None:
    """Each byte comes in time, so that no single read times out: the suite's time limit is what would end it."""

    def drips(talk: Talk) -> None:
        drop = b"x"
        if part == "headers":
            talk.wfile.write(b"HTTP/1.1 200 OK\r\nX-Padding: ")
        elif part == "body":
            talk.start(200, {"Content-Length": "1000000"})
        elif part == "chunks":
            talk.start(200, {"Transfer-Encoding": "chunked"})
            drop = b"1\r\n \r\n"
        while not vendor.released.wait(SOON / 10):
            talk.wfile.write(drop)

    vendor.answering = drips
    with pytest.raises(VendorUnavailable, match="finance: ReadTimeoutError"):
        hasty.get()


def test_a_call_after_a_bad_one_finds_a_clean_connection(vendor: Vendor, client: Client) -> None:
    """What was left of the answer before must not be taken for this one."""

    def half_read(talk: Talk) -> None:
        talk.answer(200, b'{"id": "old"}' + b" " * 2 * MB)

    vendor.answering = half_read
    with pytest.raises(VendorUnavailable):
        client.get()
    vendor.answering = lambda talk: talk.answer(200, {"id": "new"})
    assert [client.get().id, client.get().id] == ["new", "new"]


def test_a_call_after_one_that_was_given_up_finds_a_clean_connection(
    vendor: Vendor, hasty: Client, client: Client
) -> None:
    """The rest of the slow answer is not there yet when the next call starts, and must not come into it."""

    def late(talk: Talk) -> None:
        talk.start(200, {"Content-Length": "1000000"})
        for _ in range(2):
            vendor.released.wait(SOON * 0.7)
            talk.wfile.write(b" ")
        vendor.released.wait()

    vendor.answering = late
    with pytest.raises(VendorUnavailable, match="ReadTimeoutError"):
        hasty.get()
    vendor.answering = lambda talk: talk.answer(200, {"id": "new"})
    assert client.get().id == "new"


def test_the_contracts_ten_seconds() -> None:
    assert TIMEOUT_SECONDS == 10


def test_errors_are_safe_to_log(vendor: Vendor, client: Client) -> None:
    vendor.answering = lambda talk: talk.answer(400, SECRET.encode())
    with pytest.raises(VendorRefusal) as caught:
        client.http.post_for_nothing(f"/applications/{'%E5%91%A8'}/stage", {"name": SECRET}, "key")
    for text in (str(caught.value), repr(caught.value.args)):
        assert text.count("applications") == 1
        assert "%E5" not in text
        assert not set(SECRET) & set(text) - set("0123456789")
