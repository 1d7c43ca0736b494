"""The outbound client against a real server on loopback: what it sends, and with which token."""

from dataclasses import dataclass, field, replace
from threading import Event

import pytest

from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.vendors.auth import bearer
from rencai.vendors.http import TIMEOUT_SECONDS, Line, VendorHttp, segment
from tests.vendors.http_client import SOON, Answer, Client, Once
from tests.vendors.loopback import Said, Stopwatch, Talk, Vendor

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
    assert http.post("/things", {"a": 1}, Once("key-1"), Answer) == Answer(id="x")
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


def test_both_tries_share_one_deadline(vendor: Vendor, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first one leaves is little. With a deadline of its own the second would hear the answer."""
    stopwatch, asked_again = Stopwatch(), Event()
    monkeypatch.setattr("rencai.vendors.http.time", stopwatch)

    def slowly_refuses(talk: Talk) -> None:
        stopwatch.go_on(TIMEOUT_SECONDS - SOON)
        talk.answer(401)
        vendor.answering = answers_late

    def answers_late(talk: Talk) -> None:
        asked_again.set()
        vendor.released.wait(10 * SOON)
        talk.answer(200, {"id": "late"})

    token = Renewing()
    vendor.answering = slowly_refuses
    http = VendorHttp(line, vendor.url, bearer(token.current), renew=token.renew)
    with pytest.raises(VendorUnavailable, match="ReadTimeoutError"):
        http.get("/things", {}, Answer)
    assert asked_again.wait(60)


def test_no_time_is_left_after_a_slow_token(vendor: Vendor, line: Line) -> None:
    """What would be sent then might be done without our hearing of it."""

    def slowly() -> str:
        vendor.released.wait(SOON * 1.1)
        return "t"

    http = VendorHttp(replace(line, timeout_seconds=SOON), vendor.url, bearer(slowly))
    with pytest.raises(VendorUnavailable, match="answers too slowly"):
        http.post("/things", {}, Once("key"), Answer)
    assert vendor.asked == []
