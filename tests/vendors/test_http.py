"""The outbound client against a real server on loopback: what it sends, and what it makes of every answer."""

import gzip
import socket
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from rencai.domain.errors import VendorRefusal, VendorUnavailable
from rencai.vendors.auth import bearer
from rencai.vendors.http import (
    LONGEST_RETRY_AFTER,
    TIMEOUT_SECONDS,
    Answered,
    Line,
    NotNow,
    VendorHttp,
    retry_after_seconds,
    segment,
)
from tests.vendors.loopback import NOW, Heard, Log, Said, Talk, Vendor, running

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


@pytest.fixture
def client(vendor: Vendor, line: Line) -> Client:
    return Client(line, vendor.url)


@pytest.fixture
def hasty(vendor: Vendor, line: Line) -> Client:
    """Gives up soon."""
    return Client(replace(line, timeout_seconds=SOON), vendor.url)


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


def test_a_base_url_may_end_in_a_slash_and_have_a_path(vendor: Vendor, line: Line) -> None:
    vendor.answering = lambda talk: talk.answer(200, {"id": "x"})
    client = Client(line, f"{vendor.url}/v2/")
    client.get()
    client.http.get("/things", {}, Answer)
    assert [asked.path for asked in vendor.asked] == ["/v2/things?a=1", "/v2/things"]


def test_a_form_as_it_arrives(vendor: Vendor, client: Client) -> None:
    vendor.answering = lambda talk: talk.answer(200, b"done")
    told = client.http.call(
        "POST", "/token", lambda answered: answered.body, form={"a": "1 & 2", "b": "周晓"}
    )
    assert told == b"done"
    (asked,) = vendor.asked
    assert asked.form == {"a": "1 & 2", "b": "周晓"}
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "idempotency-key" not in asked.headers


def test_headers_of_an_answer_are_read_in_any_case(vendor: Vendor, client: Client) -> None:
    vendor.answering = lambda talk: talk.answer(200, b"", {"LINK": "<x>"})
    assert client.http.call("GET", "/things", lambda answered: answered.headers.get("link")) == "<x>"


@pytest.mark.parametrize(
    ("text", "path"),
    [("a/b?c#d", "a%2Fb%3Fc%23d"), ("张 三", "%E5%BC%A0%20%E4%B8%89"), ("..", "%2E%2E"), ("v1.2", "v1.2")],
)
def test_an_id_is_one_segment_of_a_path(text: str, path: str) -> None:
    assert segment(text) == path


# --- a token that is not taken ------------------------------------------------------------------------------


@dataclass
class Renewing:
    """A token that may be renewed; counts how often it was."""

    tokens: list[str] = field(default_factory=lambda: ["old", "new", "newest"])

    def current(self) -> str:
        return self.tokens[0]

    def renew(self) -> None:
        self.tokens.pop(0)


def test_a_token_that_is_not_taken_is_renewed_once(vendor: Vendor, line: Line) -> None:
    token = Renewing()
    vendor.says({"POST /things": [Said(status=401), Said({"id": "x"})]})
    http = VendorHttp(line, vendor.url, bearer(token.current), renew=token.renew)
    assert http.post("/things", {"a": 1}, "key-1", Answer) == Answer(id="x")
    assert [
        (asked.headers["authorization"], asked.headers["idempotency-key"], asked.json)
        for asked in vendor.asked
    ] == [("Bearer old", "key-1", {"a": 1}), ("Bearer new", "key-1", {"a": 1})]


def test_a_second_token_that_is_not_taken_is_for_a_person(vendor: Vendor, line: Line) -> None:
    token = Renewing()
    vendor.says({"GET /things": Said(status=401)})
    http = VendorHttp(line, vendor.url, bearer(token.current), renew=token.renew)
    with pytest.raises(VendorRefusal, match="answered 401 to GET things"):
        http.get("/things", {}, Answer)
    assert [asked.headers["authorization"] for asked in vendor.asked] == ["Bearer old", "Bearer new"]


def test_both_tries_share_one_deadline(vendor: Vendor, line: Line) -> None:
    def slowly_refuses(talk: Talk) -> None:
        vendor.released.wait(SOON * 0.7)
        talk.answer(401)

    token = Renewing()
    vendor.answering = slowly_refuses
    hasty = replace(line, timeout_seconds=SOON)
    http = VendorHttp(hasty, vendor.url, bearer(token.current), renew=token.renew)
    with pytest.raises(VendorUnavailable, match="ReadTimeoutError"):
        http.get("/things", {}, Answer)
    assert len(vendor.asked) == 2


def test_no_time_is_left_after_a_slow_token(vendor: Vendor, line: Line) -> None:
    """What would be sent then might be done without our hearing of it."""

    def slowly() -> str:
        vendor.released.wait(SOON * 1.1)
        return "t"

    http = VendorHttp(replace(line, timeout_seconds=SOON), vendor.url, bearer(slowly))
    with pytest.raises(VendorUnavailable, match="answers too slowly"):
        http.post("/things", {}, "key", Answer)
    assert vendor.asked == []


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


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 02 Mar 2026 01:01:30 GMT", 90),
        ("Monday, 02-Mar-26 01:01:30 GMT", 90),
        ("Mon, 02 Mar 2026 00:00:00 GMT", 0),
        ("Tue, 03 Mar 2026 01:00:00 GMT", LONGEST_RETRY_AFTER),
        ("21601", LONGEST_RETRY_AFTER),
        ("9" * 5000, LONGEST_RETRY_AFTER),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("Mon, 02 Mar 2026 01:01:30", None),
        ("Mon, 32 Foo 2026 25:61:61 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_how_long_to_stay_away(
    vendor: Vendor, client: Client, status: int, header: str | None, seconds: int | None
) -> None:
    headers = {} if header is None else {"Retry-After": header.encode().decode("latin-1")}
    vendor.answering = lambda talk: talk.answer(status, b"", headers)
    with pytest.raises(VendorUnavailable) as caught:
        client.get()
    assert caught.value.retry_after_seconds == seconds


@given(st.text() | st.from_regex(r"\w{3}, \d+ (Jan|Feb) -?\d+ \d+:\d+:\d+ ([-+]\d+|GMT)", fullmatch=True))
def test_no_retry_after_is_too_odd(text: str) -> None:
    seconds = retry_after_seconds(text, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER


def test_a_vendor_may_call_more_of_its_refusals_passing(vendor: Vendor, line: Line) -> None:
    vendor.says({"GET /things": Said(status=409)})
    http = VendorHttp(line, vendor.url, bearer(lambda: "t"), busy=lambda answered: answered.status == 409)
    with pytest.raises(NotNow, match="answered 409"):
        http.get("/things", {}, Answer)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(vendor: Vendor, client: Client, status: int) -> None:
    """It would take the token and a person's data to wherever it points."""
    vendor.answering = lambda talk: talk.answer(status, b"", {"Location": f"{vendor.url}/elsewhere"})
    with pytest.raises(VendorUnavailable, match=f"answered {status}"):
        client.post()
    assert [asked.path for asked in vendor.asked] == ["/things/x/stage"]


def test_credentials_are_not_sent_on_to_another_host(vendor: Vendor, client: Client) -> None:
    with running() as elsewhere:
        vendor.answering = lambda talk: talk.answer(307, b"", {"Location": f"{elsewhere.url}/things"})
        with pytest.raises(VendorUnavailable, match="answered 307"):
            client.post()
        assert elsewhere.asked == []


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


def test_a_call_after_one_that_was_given_up_finds_a_clean_connection(vendor: Vendor, hasty: Client) -> None:
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


# --- pages --------------------------------------------------------------------------------------------------


def test_a_bad_item_does_not_lose_the_good_ones_and_is_logged_by_its_place(client: Client, log: Log) -> None:
    items = [{"id": "a"}, {"id": 7, "Wang": SECRET}, "Wang", {"id": "b", "amount": SECRET}, {"id": "c"}]
    assert client.http.good_ones(items, Answer) == ([Answer(id="a"), Answer(id="c")], 3)
    assert log.lines == [
        ("vendor item is not in its contract", {"vendor": "finance", "item": place, "where": where})
        for place, where in ((1, ["id"]), (2, [""]), (3, ["amount"]))
    ]


def test_a_name_that_is_no_fields_is_not_logged(vendor: Vendor, client: Client, log: Log) -> None:
    class Scales(BaseModel):
        scales: dict[str, int]

    vendor.says({"GET /things": Said({"scales": {"Wang": "many", "周晓": None, "calm": "x"}})})
    with pytest.raises(VendorUnavailable):
        client.http.get("/things", {}, Scales)
    ((_, extra),) = log.lines
    assert extra["where"] == ["scales.****", "scales.****", "scales.calm"]


# --- what the circuit hears ---------------------------------------------------------------------------------


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
