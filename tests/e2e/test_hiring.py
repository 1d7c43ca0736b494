"""The hiring journey on the embedded stack, driven from outside as its users do."""

import gzip
import json
import time
import uuid
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.candidates import Part, broken_lines, candidates, jsonl
from infra.local.stack import Stack
from rencai.kernel import ids
from rencai.letters.notices import tags_of
from tests.e2e.deployment import stranger
from tests.e2e.outsider import FINAL, Outsider, eventually, placed_apart
from tests.template import routes
from tests.worked_example import one_short_answer

pytestmark = pytest.mark.e2e


def _traces(interview: dict[str, Any]) -> list[str]:
    person = interview["candidate"]
    return [person[field] for field in ("name", "email", "phone", "national_id") if person.get(field)]


def test_a_file_of_interviews_becomes_employees_with_nobody_in_between(outsider: Outsider) -> None:
    run = uuid.uuid4().hex[:8]
    people = list(candidates(12, 11, run, (Part.UNCLEAR_CHECK, Part.DECLINES)))
    content, broken = jsonl(people, broken_lines(run))
    report = outsider.drop(f"interviews/{run}.jsonl", content)
    assert (report["status"], report["accepted"], report["rejected"], report["duplicates"]) == (
        "finished",
        12,
        3,
        0,
    )
    assert {error["line"]: error["path"] for error in report["errors"]} == {
        line: bad.path for line, bad in broken.items()
    }
    assert len(outsider.http.get(report["report_url"]).text.splitlines()) == len(report["errors"])

    made = outsider.stack.ids.candidate_id
    by_id = {made(one.interview["vendor"], one.interview["candidate"]["external_id"]): one for one in people}
    stages = {}
    for candidate_id, person in by_id.items():
        if outsider.at(candidate_id, "offer_sent", "talent_pool")["stage"] == "offer_sent":
            outsider.sign(candidate_id, **({"action": "decline"} if person.part is Part.DECLINES else {}))
    for candidate_id in by_id:
        found = outsider.at(candidate_id, "in_review", *FINAL)
        if found["stage"] == "in_review":
            assert any(not finding["verified"] for finding in found["findings"])
            answer = outsider.call(
                "POST",
                f"/candidates/{candidate_id}/review",
                json={"decision": "approve", "reason": "推荐人已电话确认"},
            )
            assert answer.status_code == 200, answer.text
        stages[candidate_id] = outsider.at(candidate_id, *FINAL)["stage"]

    onboarded = [candidate_id for candidate_id, stage in stages.items() if stage == "onboarded"]
    assert set(stages.values()) == {"onboarded", "talent_pool", "offer_declined"}
    assert len(onboarded) >= 5
    _made_once(outsider, stages)
    # The survey, which another test sends out, goes to everybody who is onboarded by then.
    letters = [
        letter
        for letter in outsider.letters()
        if run in json.dumps(letter) and "员工满意度调查" not in letter["Subject"]
    ]
    assert len(letters) == len([stage for stage in stages.values() if stage in ("onboarded", "talent_pool")])
    traces = [trace for person in people for trace in _traces(person.interview)]
    _left_no_trace(outsider, [*traces, "推荐人已电话确认"])


def _made_once(outsider: Outsider, stages: dict[str, str]) -> None:
    """Every candidate who should have one has one envelope and one check, whatever was delivered how often."""
    envelopes = [entry["reference"] for entry in outsider.ledger("esign")]
    checks = [entry["reference"] for entry in outsider.ledger("background")]
    for candidate_id, stage in stages.items():
        assert envelopes.count(ids.offer_id(candidate_id)) == (stage != "talent_pool")
        assert checks.count(candidate_id) == (stage == "onboarded")


def _left_no_trace(outsider: Outsider, traces: list[str]) -> None:
    """No personal data in any log line or event; no national id and no pay in the table."""
    pay = ['"8000.00"', "10000.00", "9000.00"]
    logs, events = "\n".join(outsider.logs()), json.dumps(outsider.events(), ensure_ascii=False)
    assert len(events) > 1000
    assert len(logs) > 1000
    for trace in [*traces, *pay]:
        assert trace not in logs
        assert trace not in events
    stored = repr(outsider.items())
    for trace in [trace for trace in traces if trace[:17].isdigit()] + pay:
        assert trace not in stored


def test_a3_b2_the_worked_example_through_the_api(outsider: Outsider, interview: dict[str, Any]) -> None:
    first = outsider.call("POST", "/interviews", "ingest", json=interview)
    again = outsider.call("POST", "/interviews", "ingest", json=dict(reversed(interview.items())))
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    changed = interview | {"answers": interview["answers"][:1]}
    other = outsider.call("POST", "/interviews", "ingest", json=changed, headers={"Accept-Language": "en"})
    assert (other.status_code, other.headers["content-type"]) == (409, "application/problem+json")
    assert "already used for other content" in other.json()["detail"]

    candidate_id = first.json()["candidate_id"]
    profile = outsider.get(f"/candidates/{candidate_id}/profile")
    scores = {c["id"]: (c["score"], c["score_without_facial"]) for c in profile["competencies"]}
    assert scores["customer_orientation"] == (70, 80)
    assert scores["execution"] == (90, 90)
    assert (profile["overall"], profile["qualifies"], profile["model"]) == (
        80,
        True,
        {"id": "sales", "version": 1},
    )
    assert profile["overall_without_facial"] > profile["overall"]
    found = outsider.at(candidate_id, "offer_sent")
    offer = outsider.get(f"/offers/{found['offer_id']}")
    assert offer["base_salary"] == {"amount": "8000.00", "currency": "CNY"}
    assert offer["status"] == "sent"
    assert [entry["type"] for entry in outsider.timeline(candidate_id)][:3] == [
        "interview.received",
        "candidate.profiled",
        "offer.drafted",
    ]


def test_a_top_score_of_one_short_answer_waits_for_a_person(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    interview = one_short_answer(interview)
    candidate_id = outsider.hand_in(interview)
    found = outsider.at(candidate_id, "in_review")
    assert found["review"]["about"] == "interview"
    assert (found["review"]["overall"], found["review"]["coverage"]) == (98.33, 0.3)
    path, approve = f"/candidates/{candidate_id}/review", {"decision": "approve", "reason": "已补充电话面谈"}
    other = outsider.call("POST", path, json=approve | {"about": "check"})
    assert (other.status_code, other.json()["type"]) == (409, "urn:rencai:problem:review_of_interview")
    answer = outsider.call("POST", path, json=approve | {"about": "interview"})
    assert (answer.status_code, answer.json()["review"]) == (200, None), answer.text
    outsider.sign(candidate_id)
    outsider.at(candidate_id, "onboarded")
    _made_once(outsider, {candidate_id: "onboarded"})
    # Both are ordered and drafted for who is approved, as for anybody.
    outsider.get(f"/candidates/{candidate_id}/training")
    assert candidate_id in {order["reference"] for order in outsider.ledger("psychometric")}


def test_every_webhook_twice_and_a_late_contradiction_change_nothing(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.sign(candidate_id)
    done = outsider.at(candidate_id, "onboarded")
    offer = outsider.get(f"/offers/{done['offer_id']}")
    (envelope,) = [e for e in outsider.ledger("esign") if e["reference"] == offer["offer_id"]]
    data = {
        "envelope_id": envelope["id"],
        "reference": offer["offer_id"],
        "occurred_at": "2026-03-02T02:00:00Z",
    }
    for kind in ("completed", "completed", "declined"):
        body = json.dumps(
            {"type": f"envelope.{kind}", "timestamp": "2026-03-02T02:00:00Z", "data": data}
        ).encode()
        assert outsider.webhook("esign", f"msg-{candidate_id}-{kind}", body).status_code == 202
    eventually(
        "the refusal on the timeline",
        lambda: next((e for e in outsider.timeline(candidate_id) if e["type"] == "transition.refused"), None),
    )
    assert outsider.candidate(candidate_id) == done
    _made_once(outsider, {candidate_id: "onboarded"})


def test_webhooks_that_are_not_authentic_or_not_in_the_contract(outsider: Outsider) -> None:
    body = b'{"type": "envelope.completed", "timestamp": "2026-03-02T02:00:00Z", "data": {}}'
    forged = outsider.webhook("esign", "msg-forged", body, secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    stale = outsider.webhook("esign", "msg-stale", body, **{"webhook-timestamp": "1614265330"})
    unsigned = outsider.call("POST", "/webhooks/esign", None, content=body)
    assert [answer.status_code for answer in (forged, stale, unsigned)] == [401, 401, 401]
    assert outsider.webhook("esign", "msg-wrong", body).status_code == 400
    assert outsider.webhook("esign", "msg-text", b"hello").status_code == 400
    told = b'{"type": "application.updated", "timestamp": "2026-03-02T02:00:00Z", "data": {"external_id": "ats-1"}}'
    assert outsider.webhook("ats", "msg-application", told).status_code == 202
    assert outsider.call("POST", "/webhooks/unheard-of", None, content=body).status_code == 404
    assert outsider.webhook("esign", "msg-large", b'"' + b"x" * 1024 * 1024 + b'"').status_code == 413
    rejected = outsider.get("/vendor-inbox?status=rejected&vendor=esign&limit=100")["items"]
    kept = [outsider.get(f"/vendor-inbox/{item['delivery_id']}") for item in rejected]
    assert {"msg-wrong", "msg-text"} <= {one["message_id"] for one in kept}
    # Who is not believed has no say in what a delivery is called; what it was is kept all the same.
    # Other tests forge as well, so only this one's own bytes are counted.
    not_believed = [one for one in kept if one["message_id"] is None and one["body"].encode() == body]
    assert len(not_believed) == 3
    assert all(one["reason"] and one["verdict"] == "rejected" for one in kept)


def test_a_token_opens_what_its_scope_says(outsider: Outsider, interview: dict[str, Any]) -> None:
    refused = (401, 403)
    assert outsider.call("GET", "/candidates", None).status_code == 401
    assert outsider.call("GET", "/candidates", "ingest").status_code in refused
    assert outsider.call("POST", "/interviews", "hr", json=interview).status_code in refused
    assert outsider.call("GET", "/uploads", "ingest").status_code == 200
    assert outsider.call("GET", "/candidates").status_code == 200


def test_iam_is_enforced(stack: Stack) -> None:
    stranger = boto3.client(
        "dynamodb",
        endpoint_url=stack.endpoint_url,
        region_name=stack.region,
        aws_access_key_id="AKIASTRANGER00000000",
        aws_secret_access_key="not-the-secret",
    )
    with pytest.raises(ClientError):
        stranger.scan(TableName=stack.table)


@pytest.mark.parametrize("fault", [{"mode": "down"}, {"mode": "garbage"}, {"mode": "slow", "seconds": 12}])
def test_the_offer_waits_for_finance_and_is_made_when_it_is_back(
    outsider: Outsider, interview: dict[str, Any], fault: dict[str, Any]
) -> None:
    began = time.time()
    with outsider.broken(placed_apart(interview), finance=fault):
        candidate_id = outsider.hand_in(interview)

        def retried() -> bool | None:
            said = outsider.logs(since=began)
            return any('"will be tried again"' in line and candidate_id in line for line in said) or None

        eventually("finance was asked in vain", retried)
        assert outsider.candidate(candidate_id)["stage"] == "qualified"
    outsider.sign(candidate_id)
    assert outsider.at(candidate_id, "onboarded")


@pytest.mark.parametrize(
    ("name", "content", "status", "says"),
    [
        ("empty", b"", "failed", "空"),
        ("gzip", gzip.compress(b'{"schema": "rencai.interview/1"}\n', mtime=0), "failed", "gzip"),
        ("utf16", '{"a": 1}\n'.encode("utf-16"), "failed", "UTF-16"),
        ("array", b'[{"schema": "rencai.interview/1"}]', "failed", "JSONL"),
        ("latin1", '{"name": "Zoë"}\n'.encode("latin-1"), "finished", "UTF-8"),
        ("text", b"hello\nworld\n", "finished", "JSON"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(
    outsider: Outsider, name: str, content: bytes, status: str, says: str
) -> None:
    key = f"interviews/{uuid.uuid4().hex[:8]}-{name}.jsonl"
    report = outsider.drop(key, content)
    assert (report["status"], report["accepted"]) == (status, 0)
    assert says in report["errors"][0]["message"]
    kept = outsider.stack.session.client("s3").get_object(Bucket=outsider.stack.bucket, Key=key)
    assert kept["Body"].read() == content


@pytest.mark.parametrize("path", ["/uploads", "/imports"])
def test_a_url_for_a_file_of_a_size_takes_no_other(outsider: Outsider, path: str) -> None:
    caller, kind = ("ingest", "interviews") if path == "/uploads" else ("hr", "people")
    request = {"kind": kind, "filename": "x.jsonl", "size": 3}
    ticket = outsider.call("POST", path, caller, json=request).json()
    put = partial(outsider.http.put, ticket["url"])
    headers = ticket["headers"]
    unsigned = {name: value for name, value in headers.items() if name != "If-None-Match"}
    for refused in (
        put(content=b"{}\n\n", headers=headers | {"Content-Length": "4"}),
        put(content=b"{}", headers=headers | {"Content-Length": "2"}),
        put(content=b"{}\n", headers=unsigned),
        put(content=b"{}\n", headers=headers | {"If-None-Match": '"x"'}),
    ):
        assert (refused.status_code, "SignatureDoesNotMatch" in refused.text) == (403, True), refused.text
    assert put(content=b"{}\n", headers=headers).status_code == 200
    assert put(content=b"{}\n", headers=headers).status_code == 412


def test_an_upload_by_url_a_reused_id_and_two_thousand_lines(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    request = {"kind": "interviews", "filename": "三月面试.jsonl"}
    ticket = outsider.call("POST", "/uploads", "ingest", json=request, headers=key)
    again = outsider.call("POST", "/uploads", "ingest", json=request, headers=key)
    assert (ticket.status_code, ticket.json()["upload_id"]) == (201, again.json()["upload_id"])
    other = outsider.call("POST", "/uploads", "ingest", json=request | {"filename": "x.jsonl"}, headers=key)
    assert other.status_code == 409

    interview["answers"][1]["transcript"] = "记不清了。"
    changed = interview | {"ended_at": "2026-03-02T10:15:00+08:00"}
    lines = [interview, interview, changed]
    lines += [interview | {"interview_id": f"itv-{number}", "position": {**interview["position"], "role": "astronaut"}}
              for number in range(2000)]  # fmt: skip
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    sent = outsider.http.put(ticket.json()["url"], content=content, headers=ticket.json()["headers"])
    assert sent.status_code == 200, sent.text
    # Once: neither the same again nor another file takes its place, with a fresh URL either.
    for url in (ticket.json()["url"], again.json()["url"]):
        second = outsider.http.put(url, content=b"{}", headers=ticket.json()["headers"])
        assert (second.status_code, "PreconditionFailed" in second.text) == (412, True), second.text

    def finished() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/uploads/{ticket.json()['upload_id']}")
        return found if found["status"] == "finished" else None

    report = eventually("the import", finished)
    assert report["filename"] == "三月面试.jsonl"
    assert (report["accepted"], report["duplicates"], report["rejected"]) == (1, 1, 2001)
    assert [(error["line"], error["path"]) for error in report["errors"][:2]] == [
        (3, "interview_id"),
        (4, "position.role"),
    ]
    assert len(report["errors"]) == 100
    assert len(outsider.http.get(report["report_url"]).text.splitlines()) == 2001


def test_lists_page_and_bad_input_is_told_where_it_is_wrong(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    interview["answers"][1]["transcript"] = "记不清了。"
    for number in range(3):
        one = interview | {"interview_id": f"{interview['interview_id']}-{number}"}
        # Nothing but the name in common, or they would be one person.
        one["candidate"] = {
            "external_id": f"{interview['interview_id']}-{number}",
            "name": interview["candidate"]["name"],
            "email": f"{number}.{interview['candidate']['email']}",
        }
        outsider.hand_in(one)
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = outsider.get(
            f"/candidates?stage=talent_pool&role=sales&limit=2{cursor and '&cursor=' + cursor}"
        )
        assert len(page["items"]) <= 2
        seen += [item["candidate_id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) >= 3
    assert outsider.call("GET", "/candidates?cursor=nonsense").status_code == 400
    assert outsider.call("GET", "/candidates?limit=101").status_code == 400
    assert outsider.call("GET", "/candidates/cand_nobody").status_code == 404
    del interview["candidate"]["email"], interview["candidate"]["phone"]
    interview["answers"][0]["duration_seconds"] = 0
    wrong = outsider.call(
        "POST", "/interviews", "ingest", json=interview, headers={"Accept-Language": "zh-CN"}
    )
    assert wrong.status_code == 400
    assert {(error["path"], error["message"]) for error in wrong.json()["errors"]} == {
        ("candidate", "“email”和“phone”至少填一项"),
        ("answers[0].duration_seconds", "应大于 0"),
    }
    nothing_waits = outsider.call(
        "POST", f"/candidates/{seen[0]}/review", json={"decision": "approve", "reason": "ok"}
    )
    assert nothing_waits.status_code == 409


def test_openapi_and_docs_need_no_token_and_name_every_call(outsider: Outsider) -> None:
    document = outsider.call("GET", "/openapi.json", None).json()
    calls = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    # Its own two, and the survey's pages, which are for people.
    apart = {
        "GET /openapi.json",
        "GET /docs",
        *(f"{method} /{page}/{{token}}" for method in ("GET", "POST") for page in ("mentor", "survey")),
    }
    assert calls == routes() - apart
    assert "POST /interviews" in calls
    page = outsider.call("GET", "/docs", None)
    assert "swagger-ui" in page.text
    assert outsider.stack.api_url.endswith(document["servers"][0]["url"].rstrip("/"))


def test_a_letter_that_bounces_is_told_to_hr_once(outsider: Outsider, interview: dict[str, Any]) -> None:
    interview["answers"][1]["transcript"] = "记不清了。"  # to the talent pool
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "talent_pool")
    email = interview["candidate"]["email"]
    eventually("the letter", lambda: [one for one in outsider.letters() if email in one["To"]] or None)
    tags = tags_of(candidate_id, f"talent_pool#{interview['interview_id']}")
    for kind in ("Send", "Bounce", "Bounce"):
        outsider.ses_tells(kind, tags)

    def told() -> list[dict[str, Any]]:
        entries = outsider.timeline(candidate_id)
        return [entry["data"] for entry in entries if entry["type"] == "notice.undeliverable"]

    assert eventually("HR is told", lambda: told() or None) == [
        {"letter": "talent_pool", "reason": "bounced"}
    ]
    eventually("both are read", lambda: outsider.is_read("MailEventQueue") or None)
    assert len(told()) == 1


def test_whom_no_email_reaches_gets_a_text_message_and_else_hr_has_the_phone_to_call(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    interview["answers"][1]["transcript"] = "记不清了。"  # to the talent pool
    interview["candidate"]["email"] = None
    candidate_id = outsider.hand_in(interview)
    reference = tags_of(candidate_id, f"talent_pool#{interview['interview_id']}")["letter"]
    (row,) = eventually(
        "the message",
        lambda: [one for one in outsider.ledger("sms") if one["reference"].endswith(reference)] or None,
    )
    assert (row["letter"], row["requests"]) == ("talent_pool", 1)
    unreachable = stranger()
    unreachable["answers"][1]["transcript"] = "记不清了。"
    unreachable["candidate"] |= {"email": None, "phone": unreachable["candidate"]["phone"][:-4] + "0000"}
    lost = outsider.hand_in(unreachable)

    def listed() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = outsider.get("/notices/undeliverable?limit=100")["items"]
        return [one for one in items if one["subject"] == lost]

    (letter,) = eventually("HR has somebody to call", lambda: listed() or None)
    assert (letter["letter"], letter["reason"]) == ("talent_pool", "sms_refused")
    assert letter["contact"]["phone"] == unreachable["candidate"]["phone"]
    answer = outsider.call("POST", f"/notices/{letter['notice_id']}/settlement", "hr", json={"how": "called"})
    assert answer.status_code == 200, answer.text
    eventually("it has left the list", lambda: not listed() or None)
    assert [one["data"] for one in outsider.timeline(lost) if one["type"].startswith("notice.")] == [
        {"letter": "talent_pool", "reason": "sms_refused"},
        {"letter": "talent_pool", "how": "called"},
    ]
