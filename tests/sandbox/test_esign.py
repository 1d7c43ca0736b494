"""E-signature: envelopes, the page, the decision."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.sandbox.stage import BASE, CALLBACK_URL, Stage, envelope
from vendor_contract.callback import webhook_id

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def sent(stage: Stage, **changes: Any) -> tuple[str, str]:
    """A fresh envelope's id and the path of its page."""
    made = stage.post("/esign/envelopes", envelope(**changes)).json
    return made["envelope_id"], made["sign_url"].removeprefix(BASE)


def callback(envelope_id: str, status: str, **data: str) -> dict[str, Any]:
    return {
        "vendor": "esign",
        "webhook_id": webhook_id(envelope_id, f"envelope.{status}"),
        "url": CALLBACK_URL,
        "type": f"envelope.{status}",
        "timestamp": "2026-11-22T04:00:00Z",
        "data": {
            "envelope_id": envelope_id,
            "reference": "off_1",
            "occurred_at": "2026-11-22T04:00:00Z",
            **data,
        },
        "copy": 0,
    }


def test_an_envelope_tells_where_to_sign_and_until_when(stage: Stage) -> None:
    made = stage.post("/esign/envelopes", envelope()).json
    assert set(made) == {"envelope_id", "sign_url", "expires_at"}
    assert made["sign_url"].startswith(f"{BASE}/esign/sign/")
    assert made["sign_url"].endswith("-unguessable-1")
    assert made["expires_at"] == "2026-12-06T04:00:00Z"
    assert stage.queued == []


def test_a_forged_host_header_does_not_reach_the_sign_url(stage: Stage) -> None:
    headers = {"Host": "evil.example", "Authorization": "Bearer token-of-esign", "Idempotency-Key": "k"}
    made = stage.raw("POST", "/esign/envelopes", headers=headers, body=json.dumps(envelope())).json
    assert made["sign_url"].startswith(BASE)


@pytest.mark.parametrize("body", [None, "", "{}", '{"action": "sign"}'])
def test_signing_tells_the_caller_once(stage: Stage, body: str | None) -> None:
    envelope_id, page = sent(stage)
    for _ in range(3):
        reply = stage.raw("POST", page, body=body)
        assert (reply.status, reply.json) == (200, {"envelope_id": envelope_id, "status": "completed"})
    assert stage.queued == [(callback(envelope_id, "completed"), 0)]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (FORM, "action=decline&reason=%E8%96%AA%E8%B5%84+low"),
        ({"content-type": "application/json"}, '{"action": "decline", "reason": "薪资 low"}'),
    ],
)
def test_declining_carries_the_reason(stage: Stage, headers: dict[str, str], body: str) -> None:
    envelope_id, page = sent(stage)
    for _ in range(2):
        assert stage.raw("POST", page, headers=headers, body=body).status == 200
    assert stage.queued == [(callback(envelope_id, "declined", reason="薪资 low"), 0)]


@pytest.mark.parametrize("body", ["action=decline", "action=decline&reason=", "action=decline&reason=++"])
def test_a_reason_not_given_is_left_out(stage: Stage, body: str) -> None:
    envelope_id, page = sent(stage)
    stage.raw("POST", page, headers=FORM, body=body)
    assert stage.queued == [(callback(envelope_id, "declined"), 0)]


@pytest.mark.parametrize(("first", "second"), [("sign", "decline"), ("decline", "sign")])
def test_the_opposite_decision_comes_too_late(stage: Stage, first: str, second: str) -> None:
    _, page = sent(stage)
    statuses = [stage.raw("POST", page, body=json.dumps({"action": one})).status for one in (first, second)]
    assert statuses == [200, 409]
    assert len(stage.queued) == 1


@pytest.mark.parametrize("body", ['{"action": "burn"}', "nonsense", '{"action": "sign", "as": "someone"}'])
def test_a_decision_that_is_none_is_refused(stage: Stage, body: str) -> None:
    _, page = sent(stage)
    assert stage.raw("POST", page, body=body).status == 400
    assert stage.queued == []


def test_after_14_days_nothing_can_be_signed(stage: Stage) -> None:
    _, page = sent(stage)
    stage.later(days=14)
    assert stage.raw("POST", page).status == 410
    assert "签署期限已过" in stage.raw("GET", page).text
    assert stage.queued == []


def test_what_was_signed_in_time_stays_signed(stage: Stage) -> None:
    _, page = sent(stage)
    stage.raw("POST", page)
    stage.later(days=20)
    assert stage.raw("POST", page).status == 200


def test_a_wrong_token_finds_nothing(stage: Stage) -> None:
    _, page = sent(stage)
    for wrong in (page[:-1], page + "x", page[:-1] + "9", "/esign/sign/x", f"{page[:38]}"):
        assert stage.raw("GET", wrong).status == 404
        assert stage.raw("POST", wrong).status == 404


def test_a_signature_whose_callback_did_not_reach_the_queue_sends_it_when_signed_again(stage: Stage) -> None:
    envelope_id, page = sent(stage)
    stage.queue_is_down = True
    assert stage.raw("POST", page).status == 500
    stage.queue_is_down = False
    assert stage.raw("POST", page).status == 200
    assert stage.queued == []  # the first claim may still be at work
    stage.later(seconds=61)
    stage.raw("POST", page)
    stage.raw("POST", page)
    assert stage.queued == [
        (callback(envelope_id, "completed"), 0)
    ]  # with the time of the signature, not of the rescue


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_shows_the_document_where_it_can_do_no_harm(stage: Stage) -> None:
    html = '<script>alert(1)</script>"></iframe><script>alert(2)</script>'
    signer = {"name": "<img src=x onerror=alert(3)>", "email": "a@example.com", "phone": None}
    _, page = sent(stage, document={"title": "</title><script>", "html": html}, signer=signer)
    reply = stage.raw("GET", page)
    tags = _Page(reply.text).tags
    assert [tag for tag, _ in tags if tag in {"script", "img"}] == []
    assert [attrs for tag, attrs in tags if tag == "iframe"] == [
        {"sandbox": "", "title": "</title><script>", "srcdoc": html}
    ]
    assert [attrs["value"] for tag, attrs in tags if tag == "button"] == ["sign", "decline"]
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_a_form_is_answered_with_the_page_and_its_buttons_are_gone(stage: Stage) -> None:
    _, page = sent(stage)
    reply = stage.raw("POST", page, headers=FORM, body="action=sign")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "已签署" in reply.text
    assert "<button" not in reply.text


# --- as callers and testers see it


def status_of(stage: Stage, envelope_id: str) -> str:
    status: str = stage.get(f"/esign/envelopes/{envelope_id}").json["status"]
    return status


@pytest.mark.parametrize(
    ("decision", "status"), [(None, "sent"), ("sign", "completed"), ("decline", "declined")]
)
def test_an_envelope_tells_how_it_stands(stage: Stage, decision: str | None, status: str) -> None:
    envelope_id, page = sent(stage)
    if decision:
        stage.raw("POST", page, body=json.dumps({"action": decision}))
    assert stage.get(f"/esign/envelopes/{envelope_id}").json == {
        "envelope_id": envelope_id,
        "status": status,
        "reference": "off_1",
        "expires_at": "2026-12-06T04:00:00Z",
    }


def test_an_envelope_whose_time_is_over_shows_it_and_tells_nobody_until_a_tester_says_so(
    stage: Stage,
) -> None:
    envelope_id, _ = sent(stage)
    stage.later(days=14)
    assert status_of(stage, envelope_id) == "expired"
    assert stage.test(f"/esign/envelopes/{envelope_id}/void", {"reason": "x"}).status == 409
    assert stage.queued == []
    assert stage.test(f"/esign/envelopes/{envelope_id}/expire").status == 200
    assert [callback["type"] for callback, _ in stage.queued] == ["envelope.expired"]


def test_voiding_tells_the_caller_why_once(stage: Stage) -> None:
    envelope_id, page = sent(stage)
    for _ in range(2):
        reply = stage.test(f"/esign/envelopes/{envelope_id}/void", {"reason": "职位取消"})
        assert (reply.status, reply.json) == (200, {"envelope_id": envelope_id, "status": "voided"})
    assert stage.queued == [(callback(envelope_id, "voided", reason="职位取消"), 0)]
    assert status_of(stage, envelope_id) == "voided"
    assert stage.raw("POST", page).status == 409
    assert "已撤回" in stage.raw("GET", page).text


def test_expiring_tells_the_caller_once(stage: Stage) -> None:
    envelope_id, page = sent(stage)
    for _ in range(2):
        reply = stage.test(f"/esign/envelopes/{envelope_id}/expire")
        assert (reply.status, reply.json) == (200, {"envelope_id": envelope_id, "status": "expired"})
    assert stage.queued == [(callback(envelope_id, "expired"), 0)]
    assert stage.raw("POST", page).status == 409


@pytest.mark.parametrize("end", ["void", "expire"])
def test_what_is_signed_stays_signed(stage: Stage, end: str) -> None:
    envelope_id, page = sent(stage)
    stage.raw("POST", page)
    assert stage.test(f"/esign/envelopes/{envelope_id}/{end}", {"reason": "x"}).status == 409
    assert [callback["type"] for callback, _ in stage.queued] == ["envelope.completed"]


def test_a_reason_is_needed_to_void(stage: Stage) -> None:
    envelope_id, _ = sent(stage)
    assert stage.test(f"/esign/envelopes/{envelope_id}/void", {}).status == 400


@pytest.mark.parametrize("end", ["void", "expire"])
def test_an_envelope_must_be_known(stage: Stage, end: str) -> None:
    assert stage.get("/esign/envelopes/env_0").status == 404
    assert stage.test(f"/esign/envelopes/env_0/{end}", {"reason": "x"}).status == 404


def test_testers_need_a_token_too_and_no_fault_stops_them(stage: Stage) -> None:
    envelope_id, _ = sent(stage)
    path = f"/esign/envelopes/{envelope_id}/expire"
    assert stage.raw("POST", path).status == 401
    stage.put("/faults/esign", {"mode": "down"})
    assert stage.get(f"/esign/envelopes/{envelope_id}").status == 503
    assert stage.test(path).status == 200
