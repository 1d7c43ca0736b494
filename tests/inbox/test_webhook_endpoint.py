"""``POST /webhooks/{vendor}`` through the function's own handler, on moto's table: every verdict, and what is kept."""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from standardwebhooks import Webhook

from functions.inbox.receive import VENDORS, handler
from rencai.inbox.deliveries import DeliveryStatus, Verdict
from rencai.inbox.dialect import Delivered
from rencai.kernel.terms import Said
from rencai.vendors.documents import VENDOR_CONNECTION
from tests.journey.world import SECRET, START, World, world
from tests.template import ROOT
from tests.vendors.forgeries import Forgery, Genuine, forgeries, genuine, signed
from tests.wired import serves

EVENT = json.loads(Path(ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())
DIALECTS = ("generic", "docusign", "checkr", "greenhouse", "xapi")


class Endpoint:
    """The deployed function, but for AWS: what it is given is the world's."""

    def __init__(self, one: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.one = one
        self._requests = 0
        serves(monkeypatch, one.wired)

    @property
    def keys(self) -> tuple[str, ...]:
        """What every vendor signs with."""
        return tuple(self.one.keys)

    @keys.setter
    def keys(self, keys: tuple[str, ...]) -> None:
        self.one.keys = list(keys)

    def speaks(self, vendor: str, dialect: str) -> None:
        self.one.wired.configurations.put(
            VENDOR_CONNECTION, vendor, {"dialect": dialect}, actor="test", now=self.one.now
        )

    def post(self, vendor: str, delivered: Delivered, *, encoded: bool = False) -> int:
        """The status of the answer."""
        return int(self.answer(vendor, delivered, encoded=encoded)["statusCode"])

    def answer(self, vendor: str, delivered: Delivered, *, encoded: bool = False) -> dict[str, Any]:
        """API Gateway hands on text, or base64 when it is told that bodies are binary."""
        self._requests += 1
        event = json.loads(json.dumps(EVENT))
        event["requestContext"]["requestId"] = f"request-{self._requests}"
        text = (
            base64.b64encode(delivered.body).decode()
            if encoded
            else delivered.body.decode("utf-8", "replace")
        )
        event |= {
            "httpMethod": "POST",
            "path": f"/webhooks/{vendor}",
            "body": text,
            "isBase64Encoded": encoded,
            "headers": {name: values[-1] for name, values in delivered.headers.items() if values},
            "multiValueHeaders": {name: list(values) for name, values in delivered.headers.items() if values},
        }
        answer = handler(event, _Context())
        assert "Traceback" not in answer["body"]
        return answer

    def inbox(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.one.wired.inbox.deliveries.page(None, None, 100, cursor)
            found += page.items
            cursor = page.next
            if cursor is None:
                return found


class _Context:
    function_name = "vendor_callbacks"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:ap-southeast-1:123456789012:function:vendor_callbacks"
    aws_request_id = "request"


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    with world() as one:
        yield Endpoint(one, monkeypatch)


def generic(message_id: str, body: bytes, *, secret: str = SECRET, at: Any = START) -> Delivered:
    """Signed as the vendor would, whatever the body is."""
    headers = {
        "webhook-id": [message_id],
        "webhook-timestamp": [str(int(at.timestamp()))],
        "webhook-signature": [Webhook(secret).sign(message_id, at, body.decode("utf-8", "surrogateescape"))],
    }
    return Delivered(body, headers)


ENVELOPE = json.dumps(
    {
        "type": "envelope.completed",
        "timestamp": "2026-03-02T02:00:00Z",
        "data": {"envelope_id": "env-1", "reference": "off_1", "occurred_at": "2026-03-02T02:00:00Z"},
    }
).encode()


def _that_travel(dialect: str, now: datetime) -> list[Forgery]:
    """Over HTTP no header has no value at all: it would not be there."""
    return [
        forgery
        for forgery in forgeries(now)
        if forgery.dialect == dialect and all(forgery.delivered.headers.values())
    ]


def test_forgeries_of_every_dialect_are_all_refused_and_all_kept(endpoint: Endpoint) -> None:
    """The forgery suite through the endpoint: none accepted, none a fault of ours, each on record with why."""
    sent = 0
    for dialect in DIALECTS:
        endpoint.speaks(_that_travel(dialect, START)[0].vendor, dialect)
        endpoint.one.now += timedelta(minutes=2)  # the configuration is cached for a minute
        for forgery in _that_travel(dialect, endpoint.one.now):
            endpoint.keys = forgery.keys
            status = endpoint.post(forgery.vendor, forgery.delivered, encoded=True)
            assert status == 401, f"{forgery.name} was answered {status}"
            sent += 1
    assert sent >= 200
    kept = endpoint.inbox()
    assert len(kept) == sent
    assert {item["status"] for item in kept} == {"rejected"}
    assert all(item["reason"] for item in kept)
    assert not any("events" in item for item in endpoint.one.items())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_genuine_delivery_of_every_dialect_is_taken_in_once(endpoint: Endpoint, dialect: str) -> None:
    """Without this the suite above could not fail."""
    real: Genuine = genuine(dialect, START)
    endpoint.speaks(real.vendor, dialect)
    endpoint.keys = real.keys
    expected = 200 if dialect in ("greenhouse", "xapi") else 202
    assert [endpoint.post(real.vendor, real.delivered) for _ in range(3)] == [expected] * 3
    assert Counter(item["status"] for item in endpoint.inbox()) == {"received": 1, "duplicate": 2}
    told = [item for item in endpoint.one.items() if "events" in item]
    assert len(told) == 1


def test_the_same_statement_with_other_content_is_a_conflict_in_xapi(endpoint: Endpoint) -> None:
    real = genuine("xapi", START)
    other = signed("xapi", real.delivered.body.replace(b"}", b" }", 1), START)
    endpoint.speaks(real.vendor, "xapi")
    endpoint.keys = real.keys
    assert endpoint.post(real.vendor, real.delivered) == 200
    assert endpoint.post(real.vendor, other.delivered) == 409
    assert Counter(item["status"] for item in endpoint.inbox()) == {"received": 1, "rejected": 1}


def test_a_duplicate_says_of_which_and_whether_its_content_was_another(endpoint: Endpoint) -> None:
    first, other = generic("msg-1", ENVELOPE), generic("msg-1", ENVELOPE.replace(b"env-1", b"env-2"))
    assert [endpoint.post("esign", one) for one in (first, first, other)] == [202, 202, 202]
    listed = endpoint.inbox()
    kept = [endpoint.one.wired.inbox.deliveries.get(item["delivery_id"]) for item in listed]
    duplicates = [one for one in kept if one.verdict is Verdict.DUPLICATE]
    (original,) = (one for one in kept if one.verdict is Verdict.ACCEPTED)
    assert {one.duplicate_of for one in duplicates} == {original.delivery_id}
    assert sorted(one.reason.english if one.reason else "" for one in duplicates) == [
        "",
        "other content than the first",
    ]
    assert original.body == ENVELOPE


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"type": "envelope.completed"}',
        ENVELOPE.replace(b"env-1", b""),
        b"[" * 5000,
        b"1" * 5000,
    ],
)
def test_what_is_authentic_and_not_in_its_contract_is_kept_as_rejected(
    endpoint: Endpoint, body: bytes
) -> None:
    assert endpoint.post("esign", generic("msg-1", body)) == 400
    (item,) = endpoint.inbox()
    kept = endpoint.one.wired.inbox.deliveries.get(item["delivery_id"])
    assert (kept.status, kept.verdict, kept.body) == (DeliveryStatus.REJECTED, Verdict.REJECTED, body)
    # Corrected, it may come again under the same message id.
    assert endpoint.post("esign", generic("msg-1", ENVELOPE)) == 202


def test_the_old_key_and_the_new_one_are_good_while_they_rotate(endpoint: Endpoint) -> None:
    new = "whsec_" + base64.b64encode(b"the key that is rotated in, 32 b").decode()
    endpoint.keys = (new, SECRET)
    assert endpoint.post("esign", generic("msg-1", ENVELOPE)) == 202
    assert endpoint.post("esign", generic("msg-2", ENVELOPE, secret=new)) == 202
    endpoint.keys = (new,)
    assert endpoint.post("esign", generic("msg-3", ENVELOPE)) == 401


def test_who_is_no_vendor_of_ours_and_what_is_too_large_is_refused_and_not_kept(endpoint: Endpoint) -> None:
    assert endpoint.post("nobody", generic("msg-1", ENVELOPE)) == 404
    assert endpoint.post("finance", generic("msg-1", ENVELOPE)) == 404
    assert endpoint.post("esign", generic("msg-1", b"x" * (1024 * 1024 + 1))) == 413
    assert endpoint.inbox() == []


def test_a_vendor_is_heard_on_its_own_subject_only(endpoint: Endpoint) -> None:
    """The check vendor cannot sign an offer: its delivery is kept, and nobody acts on it."""
    for number, vendor in enumerate(VENDORS):
        assert endpoint.post(vendor, generic(f"msg-{number}", ENVELOPE)) == 202
    endpoint.one.settle()
    outcomes = {item["vendor"]: item["status"] for item in endpoint.inbox()}
    assert outcomes == dict.fromkeys(VENDORS, "ignored") | {"esign": "failed"}


# --- what is kept of headers

PASSWORDS = {
    name: [f"password in {name}"]
    for name in (
        "authorization", "proxy-authorization", "x-auth-token", "x-api-key", "cookie", "x-csrf-token",
        "x-amz-security-token", "x-vault-token", "x-own", "x-forwarded-for", "x-webhook-signature-key",
        "webhook-signature-key", "x-webhook-id", "signature-input", "x-checkr-signature-2",
    )
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_of_headers_only_those_are_kept_that_a_delivery_is_verified_by(
    endpoint: Endpoint, dialect: str
) -> None:
    """Whatever a header is called: what nobody thought of is not kept."""
    real = genuine(dialect, START)
    endpoint.speaks(real.vendor, dialect)
    endpoint.keys = real.keys
    sent = {
        **PASSWORDS,
        **real.delivered.headers,
        "content-type": ["application/json"],
        "user-agent": ["v/1"],
    }
    assert endpoint.post(real.vendor, Delivered(real.delivered.body, sent)) in (200, 202)
    (item,) = endpoint.inbox()
    kept = endpoint.one.wired.inbox.deliveries.get(item["delivery_id"]).headers
    by_contract = {
        name: [*values] for name, values in real.delivered.headers.items() if name != "authorization"
    }
    assert kept == {**by_contract, "content-type": ["application/json"], "user-agent": ["v/1"]}
    everything = repr(endpoint.one.items())
    assert "password in" not in everything
    assert real.delivered.headers.get("authorization", ["password in"])[0] not in everything


@pytest.mark.parametrize("dialect", DIALECTS)
def test_of_an_unauthentic_deliverys_headers_no_others_are_kept(endpoint: Endpoint, dialect: str) -> None:
    real = genuine(dialect, START)
    endpoint.speaks(real.vendor, dialect)
    endpoint.keys = ("whsec_" + base64.b64encode(b"another key, that nobody signed with").decode(),)
    assert (
        endpoint.post(real.vendor, Delivered(real.delivered.body, {**PASSWORDS, **real.delivered.headers}))
        == 401
    )
    (item,) = endpoint.inbox()
    kept = endpoint.one.wired.inbox.deliveries.get(item["delivery_id"]).headers
    assert kept.keys() == real.delivered.headers.keys() - {"authorization"}
    assert "password in" not in repr(endpoint.one.items())


def test_a_delivery_in_a_dialect_that_was_not_set_yet_is_taken_in_by_a_replay_once_it_is(
    endpoint: Endpoint,
) -> None:
    """Its signature is in a header of another dialect than the one that was set when it came."""
    real = genuine("docusign", START)
    endpoint.keys = real.keys
    assert endpoint.post(real.vendor, real.delivered) == 401
    (item,) = endpoint.inbox()
    one = endpoint.one
    endpoint.speaks(real.vendor, "docusign")
    one.now += timedelta(minutes=2)  # the configuration is cached for a minute
    one.wired.inbox.deliveries.replay(one.wired.inbox.deliveries.get(item["delivery_id"]), "hr-1", one.now)
    one.settle()
    rejected = one.wired.inbox.deliveries.get(item["delivery_id"])
    assert rejected.reason
    assert rejected.reason.english.startswith("accepted as dlv_")


# --- what anybody can send


@pytest.fixture
def flooded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """Three an hour are kept."""
    monkeypatch.setenv("UNAUTHENTIC_KEPT", "3")
    with world() as one:
        yield Endpoint(one, monkeypatch)


def not_kept(endpoint: Endpoint) -> list[tuple[str, datetime, int, int]]:
    hours = endpoint.one.wired.inbox.deliveries.not_kept(endpoint.one.now)
    return [(one.vendor, one.hour, one.came, one.kept) for one in hours]


def test_what_is_not_authentic_is_kept_so_often_an_hour_and_then_counted_only(flooded: Endpoint) -> None:
    forged = Delivered(ENVELOPE, {})
    assert [flooded.post("esign", forged) for _ in range(10)] == [401] * 10
    assert len(flooded.inbox()) == 3
    assert not_kept(flooded) == [("esign", START, 10, 3)]
    before = len(flooded.one.items())
    assert flooded.post("esign", forged) == 401
    assert len(flooded.one.items()) == before, "of those above the limit nothing is written but how many"
    assert not_kept(flooded) == [("esign", START, 11, 3)]


def test_each_vendor_and_each_hour_has_its_own_limit(flooded: Endpoint) -> None:
    forged = Delivered(ENVELOPE, {})
    for _ in range(5):
        flooded.post("esign", forged)
    assert flooded.post("ats", forged) == 401
    assert Counter(item["vendor"] for item in flooded.inbox()) == {"esign": 3, "ats": 1}
    flooded.one.now += timedelta(minutes=59)
    flooded.post("esign", forged)
    assert len(flooded.inbox()) == 4
    flooded.one.now += timedelta(minutes=1)
    for _ in range(4):
        flooded.post("esign", forged)
    assert len(flooded.inbox()) == 7
    assert not_kept(flooded) == [("esign", START + timedelta(hours=1), 4, 3), ("esign", START, 6, 3)]
    flooded.one.now += timedelta(hours=24)
    assert not_kept(flooded) == []


def test_a_flood_keeps_nobody_out_who_signs(flooded: Endpoint) -> None:
    """Nor is a delivery that is authentic, and wrong, among those that are counted."""
    for _ in range(10):
        flooded.post("esign", Delivered(ENVELOPE, {}))
    assert flooded.post("esign", generic("msg-1", ENVELOPE)) == 202
    assert flooded.post("esign", generic("msg-2", b"{}")) == 400
    assert Counter(item["status"] for item in flooded.inbox()) == {"rejected": 4, "received": 1}
    assert not_kept(flooded) == [("esign", START, 10, 3)]


def test_the_count_is_forgotten_with_what_it_counts(flooded: Endpoint) -> None:
    flooded.post("esign", Delivered(ENVELOPE, {}))
    forgotten = {item["pk"].partition("#")[0]: item["forget_at"] for item in flooded.one.items()}
    assert forgotten == dict.fromkeys(
        ("UNAUTHENTIC", "DELIVERY"), int((START + timedelta(days=7)).timestamp())
    )


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"x" * 4096, b"x" * 4096),
        (b"x" * 4097, b"x" * 4096),
        (b"x" * 1_000_000, b"x" * 4096),
        (b"x" + "张".encode() * 2000, b"x" + "张".encode() * 1365),
        (b"\xff" * 5000, b"\xff" * 4096),
        (b"x" * 4095 + b"\xff" * 5, b"x" * 4095 + b"\xff"),
    ],
    ids=["4 KB", "and a byte", "1 MB", "within a character", "no text", "no text at the end"],
)
def test_of_a_body_that_is_not_authentic_the_first_4_kb_are_kept(
    endpoint: Endpoint, body: bytes, kept: bytes
) -> None:
    assert endpoint.post("esign", Delivered(body, {}), encoded=True) == 401
    (item,) = endpoint.inbox()
    found = endpoint.one.wired.inbox.deliveries.get(item["delivery_id"])
    assert found.body == kept
    assert (found.is_cut, found.size) == ((True, len(body)) if len(body) > 4096 else (False, None))


def test_what_was_cut_cannot_be_verified_again_and_says_so(endpoint: Endpoint) -> None:
    """The vendor has to send it again: the signature is over all of it."""
    long = ENVELOPE + b" " * 5000
    endpoint.keys = ("whsec_" + base64.b64encode(b"the key that was there too early").decode(),)
    assert endpoint.post("esign", generic("msg-1", long)) == 401
    (item,) = endpoint.inbox()
    one = endpoint.one
    one.keys = [SECRET]
    one.wired.inbox.deliveries.replay(one.wired.inbox.deliveries.get(item["delivery_id"]), "hr-1", one.now)
    one.settle()
    found = one.wired.inbox.deliveries.get(item["delivery_id"])
    assert (found.status, found.reason) == (
        DeliveryStatus.REJECTED,
        Said("只保留了开头;请让供应商重新发送", "only its beginning is kept: have the vendor send it again"),
    )
    assert endpoint.post("esign", generic("msg-1", long)) == 202


def test_a_genuine_body_is_kept_whole_whatever_is_wrong_with_it(endpoint: Endpoint) -> None:
    body = b'"' + b"x" * 10_000 + b'"'
    assert endpoint.post("esign", generic("msg-1", body)) == 400
    (item,) = endpoint.inbox()
    assert endpoint.one.wired.inbox.deliveries.get(item["delivery_id"]).body == body


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"]
)
def test_a_table_that_has_too_much_to_do_has_the_vendor_wait(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def throttled(*_: Any, **__: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "張三 too much"}}, "PutItem")

    monkeypatch.setattr(endpoint.one.wired.table, "put", throttled)
    answer = endpoint.answer("esign", generic("msg-1", ENVELOPE))
    assert (answer["statusCode"], answer["multiValueHeaders"]["Retry-After"]) == (429, ["5"])
    assert json.loads(answer["body"])["type"] == "urn:rencai:problem:throttled"
    assert "張三" not in answer["body"]
    monkeypatch.undo()
    serves(monkeypatch, endpoint.one.wired)
    assert endpoint.post("esign", generic("msg-1", ENVELOPE)) == 202


def test_a_rejected_delivery_is_taken_in_by_a_replay_once_the_key_is_there(endpoint: Endpoint) -> None:
    """The vendor rotated its key before the admin had put it in, and does not send again."""
    new = "whsec_" + base64.b64encode(b"the key that is rotated in, 32 b").decode()
    assert endpoint.post("esign", generic("msg-1", ENVELOPE, secret=new)) == 401
    (item,) = endpoint.inbox()
    one = endpoint.one
    one.now += timedelta(days=2)
    one.wired.inbox.deliveries.replay(one.wired.inbox.deliveries.get(item["delivery_id"]), "hr-1", one.now)
    one.settle()
    assert one.wired.inbox.deliveries.get(item["delivery_id"]).status is DeliveryStatus.REJECTED
    one.keys = [new, SECRET]
    one.wired.inbox.deliveries.replay(one.wired.inbox.deliveries.get(item["delivery_id"]), "hr-1", one.now)
    one.settle()
    rejected = one.wired.inbox.deliveries.get(item["delivery_id"])
    assert (rejected.verdict, rejected.status) == (Verdict.REJECTED, DeliveryStatus.APPLIED)
    assert rejected.reason
    assert rejected.reason.english.startswith("accepted as dlv_")
    accepted = one.wired.inbox.deliveries.get(rejected.reason.english.removeprefix("accepted as "))
    assert (accepted.message_id, accepted.status) == ("msg-1", DeliveryStatus.FAILED)  # off_1 is nobody's
