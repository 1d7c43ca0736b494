"""The outbound client against a real server on loopback: what it sends, and what it makes of every answer."""

import gzip
import socket
from collections.abc import Iterator

import pytest
import urllib3
from pydantic import BaseModel

from rencai.domain.errors import VendorRefusal, VendorUnavailable
from rencai.vendors.http import TIMEOUT_SECONDS, VendorHttp
from tests.vendors.loopback import Log, Talk, Vendor

SECRET = "周晓的身份证110105194912310021"
SOON = 0.2
"""Seconds; the vendor never answers within it, so the tests wait no longer than this."""


class Answer(BaseModel):
    id: str
    amount: float = 0


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(maxsize=4) as manager:
        yield manager


class Client:
    """The client under test, and its log."""

    def __init__(
        self, url: str, pool: urllib3.PoolManager, log: Log, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self.tokens = iter(["token-1", "token-2", "token-3"])
        self.http = VendorHttp("finance", url, lambda: next(self.tokens), pool, log, timeout)

    def get(self) -> Answer:
        return self.http.get("/things", {"a": "1"}, Answer)

    def post(self, key: str = "key-1") -> Answer:
        return self.http.post("/things/x/stage", {"name": "周晓"}, key, Answer)


@pytest.fixture
def client(vendor: Vendor, pool: urllib3.PoolManager, log: Log) -> Client:
    return Client(vendor.url, pool, log)


@pytest.fixture
def hasty(vendor: Vendor, pool: urllib3.PoolManager, log: Log) -> Client:
    """Gives up soon."""
    return Client(vendor.url, pool, log, SOON)


# --- what is sent -------------------------------------------------------------------------------------------


def test_a_get_as_it_arrives(vendor: Vendor, client: Client) -> None:
    vendor.answering = lambda talk: talk.answer(200, {"id": "x"})
    client.http.get("/salary-bands", {"role": "sales", "location": "上海 & co"}, Answer)
    (asked,) = vendor.asked
    assert (asked.method, asked.path, asked.body) == (
        "GET",
        "/salary-bands?role=sales&location=%E4%B8%8A%E6%B5%B7+%26+co",
        b"",
    )
    assert asked.headers["authorization"] == "Bearer token-1"
    assert asked.headers["accept"] == "application/json"
    assert asked.headers["accept-encoding"] == "identity"
    assert "idempotency-key" not in asked.headers


def test_a_post_as_it_arrives(vendor: Vendor, client: Client) -> None:
    vendor.answering = lambda talk: talk.answer(201, {"id": "x"})
    client.post("evt_1")
    (asked,) = vendor.asked
    assert (asked.method, asked.path, asked.json) == ("POST", "/things/x/stage", {"name": "周晓"})
    assert asked.headers["content-type"] == "application/json"
    assert (asked.headers["authorization"], asked.headers["idempotency-key"]) == ("Bearer token-1", "evt_1")
    assert "周晓".encode() in asked.body


def test_the_token_is_asked_for_at_every_call(vendor: Vendor, client: Client) -> None:
    vendor.answering = lambda talk: talk.answer(200, {"id": "x"})
    client.get()
    client.get()
    assert [asked.headers["authorization"] for asked in vendor.asked] == ["Bearer token-1", "Bearer token-2"]


def test_a_base_url_may_end_in_a_slash_and_have_a_path(
    vendor: Vendor, pool: urllib3.PoolManager, log: Log
) -> None:
    vendor.answering = lambda talk: talk.answer(200, {"id": "x"})
    Client(f"{vendor.url}/v2/", pool, log).get()
    assert vendor.asked[0].path == "/v2/things?a=1"


# --- what is made of the answer -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_good_answer(vendor: Vendor, client: Client, log: Log, status: int) -> None:
    vendor.answering = lambda talk: talk.answer(status, {"id": "x", "amount": 2, "more": "ignored"})
    assert client.get() == Answer(id="x", amount=2)
    assert log.lines == []


@pytest.mark.parametrize("status", [200, 204])
def test_an_answer_of_which_nothing_is_wanted(vendor: Vendor, client: Client, status: int) -> None:
    vendor.answering = lambda talk: talk.answer(status, b"" if status == 204 else b"whatever")
    client.http.post_for_nothing("/applications/a/stage", {}, "key-1")
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 418, 422, 451])
def test_a_4xx_is_for_good(vendor: Vendor, client: Client, log: Log, status: int) -> None:
    vendor.answering = lambda talk: talk.answer(status, {"error": SECRET})
    with pytest.raises(VendorRefusal) as caught:
        client.post()
    assert (caught.value.vendor, caught.value.reason) == ("finance", f"answered {status} to POST things")
    assert log.lines == [
        ("vendor answered", {"vendor": "finance", "status": status, "body": '{"error": "****"}'})
    ]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 599])
def test_these_are_tried_again(vendor: Vendor, client: Client, log: Log, status: int) -> None:
    vendor.answering = lambda talk: talk.answer(status, f"Sorry, {SECRET}".encode())
    with pytest.raises(VendorUnavailable) as caught:
        client.get()
    assert (caught.value.vendor, caught.value.reason) == ("finance", f"answered {status}")
    assert len(vendor.asked) == 1  # by the queue, not here
    ((_, extra),) = log.lines
    assert extra["status"] == status
    assert not set(SECRET) & set(extra["body"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(vendor: Vendor, client: Client, status: int) -> None:
    """It would take the token and a person's data to wherever it points."""
    vendor.answering = lambda talk: talk.answer(status, b"", {"Location": f"{vendor.url}/elsewhere"})
    with pytest.raises(VendorUnavailable, match=f"answered {status}"):
        client.post()
    assert [asked.path for asked in vendor.asked] == ["/things/x/stage"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", [""]),
        (b"{", [""]),
        (b"<html>Wang</html>", [""]),
        (b"null", [""]),
        (b'["Wang"]', [""]),
        (b"\xff\xfe", [""]),
        (b'{"id": 7}', ["id"]),
        (b'{"amount": 1}', ["id"]),
        (b'{"id": null, "amount": "many"}', ["id", "amount"]),
        (b"[" * 100_000, [""]),
    ],
    ids=["empty", "cut", "html", "null", "list", "bytes", "type", "missing", "two", "deep"],
)
def test_an_answer_not_in_the_contract_is_tried_again_and_logged_without_its_values(
    vendor: Vendor, client: Client, log: Log, body: bytes, where: list[str]
) -> None:
    vendor.answering = lambda talk: talk.answer(200, body)
    with pytest.raises(VendorUnavailable, match="finance: answered what is not in its contract"):
        client.get()
    ((message, extra),) = log.lines
    assert (message, extra["vendor"], extra["where"]) == (
        "vendor answer is not in its contract",
        "finance",
        where,
    )
    assert "Wang" not in extra["body"]
    assert "many" not in extra["body"]


@pytest.mark.parametrize("body", [b'{"id": "x"} trailing', b'{"id": "x"}{"id": "y"}'])
def test_more_than_an_answer_is_none(vendor: Vendor, client: Client, body: bytes) -> None:
    vendor.answering = lambda talk: talk.answer(200, body)
    with pytest.raises(VendorUnavailable):
        client.get()


MB = 1024 * 1024


@pytest.mark.parametrize(("size", "fits"), [(MB, True), (MB + 1, False), (3 * MB, False)])
def test_an_answer_over_a_megabyte_is_not_read_to_its_end(
    vendor: Vendor, client: Client, size: int, fits: bool
) -> None:
    frame = b'{"id": "x", "padding": ""}'
    vendor.answering = lambda talk: talk.answer(200, frame[:-2] + b"y" * (size - len(frame)) + frame[-2:])
    if fits:
        assert client.get() == Answer(id="x")
    else:
        with pytest.raises(VendorUnavailable, match="answered 200"):
            client.get()


def test_an_endless_answer_ends(vendor: Vendor, client: Client) -> None:
    def endless(talk: Talk) -> None:
        talk.start(200, {"Transfer-Encoding": "chunked"})
        while not vendor.released.is_set():
            talk.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    vendor.answering = endless
    with pytest.raises(VendorUnavailable, match="answered 200"):
        client.get()


def test_a_chunked_answer(vendor: Vendor, client: Client) -> None:
    def chunked(talk: Talk) -> None:
        talk.start(200, {"Transfer-Encoding": "chunked"})
        for piece in (b'{"id"', b': "x"', b"}"):
            talk.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        talk.wfile.write(b"0\r\n\r\n")

    vendor.answering = chunked
    assert client.get() == Answer(id="x")


def test_an_answer_of_unsaid_length_ends_with_the_connection(vendor: Vendor, client: Client) -> None:
    def until_closed(talk: Talk) -> None:
        talk.start(200, {"Connection": "close"})
        talk.wfile.write(b'{"id": "x"}')
        talk.close_connection = True

    vendor.answering = until_closed
    assert client.get() == Answer(id="x")


def test_an_answer_that_breaks_off_is_none(vendor: Vendor, client: Client) -> None:
    def breaks_off(talk: Talk) -> None:
        talk.answer(200, b'{"id": "x"}', length=100)
        talk.close_connection = True

    vendor.answering = breaks_off
    with pytest.raises(VendorUnavailable, match="finance: "):
        client.get()


def test_a_compressed_answer_nobody_asked_for_is_not_inflated(
    vendor: Vendor, client: Client, log: Log
) -> None:
    """Inflating loops over what comes in, out of the deadline's reach."""
    packed = gzip.compress(b'{"id": "x"}')
    vendor.answering = lambda talk: talk.answer(200, packed, {"Content-Encoding": "gzip"})
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        client.get()


# --- when there is no answer --------------------------------------------------------------------------------


def test_nobody_there(pool: urllib3.PoolManager, log: Log) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(VendorUnavailable, match="finance: NewConnectionError"):
        Client(f"http://127.0.0.1:{port}", pool, log).get()


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


@pytest.mark.parametrize("chunked", [True, False])
def test_a_vendor_who_sends_a_byte_now_and_then_does_not_hold_us(
    vendor: Vendor, hasty: Client, chunked: bool
) -> None:
    """Each byte comes in time, so that no single read times out: the suite's time limit is what would end it."""

    def drips(talk: Talk) -> None:
        talk.start(200, {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": "1000000"})
        while not vendor.released.wait(SOON / 10):
            talk.wfile.write(b"1\r\n \r\n" if chunked else b" ")

    vendor.answering = drips
    with pytest.raises(VendorUnavailable, match="finance: answers too slowly"):
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


def test_a_call_after_one_that_was_given_up_finds_a_clean_connection(vendor: Vendor, hasty: Client) -> None:
    """The rest of the slow answer is not there yet when the next call starts, and must not come into it."""

    def late(talk: Talk) -> None:
        talk.start(200, {"Content-Length": "1000000"})
        for _ in range(2):
            vendor.released.wait(SOON * 0.7)
            talk.wfile.write(b" ")
        vendor.released.wait()

    vendor.answering = late
    with pytest.raises(VendorUnavailable, match="answers too slowly"):
        hasty.get()
    vendor.answering = lambda talk: talk.answer(200, {"id": "new"})
    assert hasty.get().id == "new"


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
