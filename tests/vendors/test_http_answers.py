"""The outbound client against a real server on loopback: what it makes of every answer."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.vendors.auth import bearer
from rencai.vendors.http import LONGEST_RETRY_AFTER, Line, NotNow, VendorHttp, retry_after_seconds
from tests.vendors.http_client import MB, SECRET, Answer, Client, Once
from tests.vendors.loopback import NOW, Log, Said, Talk, Vendor, running

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


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 418, 422, 451])
def test_a_4xx_is_for_good(vendor: Vendor, client: Client, log: Log, status: int) -> None:
    vendor.answering = lambda talk: talk.answer(status, {"error": SECRET})
    with pytest.raises(VendorRefusal) as caught:
        client.post()
    assert (caught.value.vendor, caught.value.reason) == ("finance", f"answered {status} to POST things")
    assert log.lines == [
        ("vendor answered", {"vendor": "finance", "status": status, "body": '{"error": "****"}'})
    ]


@pytest.mark.parametrize(
    ("status", "told"), [(400, 1), (413, 1), (422, 1), (401, 0), (403, 0), (404, 0), (409, 0)]
)
def test_only_a_refusal_of_the_content_lets_it_be_another(
    vendor: Vendor, client: Client, status: int, told: int
) -> None:
    """A wrong token or an address that is gone says nothing of what came of an earlier try."""
    vendor.answering = lambda talk: talk.answer(status)
    call = Once("key-1")
    with pytest.raises((VendorRefusal, VendorUnavailable)):
        client.post(asked=call)
    assert len(call.refusals) == told


def test_a_conflict_over_a_key_is_tried_again(vendor: Vendor, client: Client) -> None:
    """The first call may be under way still. Without a key it is a refusal like any other."""
    vendor.answering = lambda talk: talk.answer(409)
    with pytest.raises(NotNow, match="answered 409"):
        client.post()
    with pytest.raises(NotNow, match="answered 409"):
        client.http.post_for_nothing("/applications/a/stage", {}, "key-1")
    with pytest.raises(VendorRefusal, match="answered 409"):
        client.http.post_for_nothing("/applications/a/stage", {})


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
