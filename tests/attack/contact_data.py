"""Somebody else's words about a candidate: another vendor's name, another address, another national id."""

import base64
import json
import uuid
from typing import Any

from tests.attack.attacks import attack, shown_by
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider, eventually

SHOWN = [
    shown_by(
        "A client speaks for an interview vendor it is not bound to", "tests/interviews/test_speakers.py"
    ),
    shown_by("A webhook key of one vendor speaks for another", "tests/inbox/test_signers.py"),
    shown_by(
        "Other contact data by an interview, an application, a merge, at any moment of an offer",
        "tests/people/test_contact_facts.py",
        "tests/journey/test_contact.py",
    ),
    shown_by("An employee's address changed by anybody but HR", "tests/people/test_contact_employees.py"),
    shown_by(
        "An older question accepted after a newer one; an address that a merge brought, when it is undone",
        "tests/people/test_contact_facts.py",
    ),
]


def _token_of_a_new_client(outsider: Outsider) -> str:
    """Of a client with the scope to hand in, whom nobody has bound to a vendor."""
    pool: Any = outsider.stack.session.client("cognito-idp")
    made = pool.create_user_pool_client(
        UserPoolId=outsider.stack.user_pool,
        ClientName=f"unbound-{uuid.uuid4().hex[:8]}",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["rencai/ingest"],
    )["UserPoolClient"]
    basic = base64.b64encode(f"{made['ClientId']}:{made['ClientSecret']}".encode()).decode()
    answer = outsider.http.post(
        outsider.stack.token_url,
        data={"grant_type": "client_credentials", "scope": "rencai/ingest"},
        headers={"Authorization": f"Basic {basic}"},
    )
    return str(answer.json()["access_token"])


@attack("A client that nobody bound hands in a result of a vendor we know")
def unbound_client(outsider: Outsider) -> str:
    headers = {"Authorization": f"Bearer {_token_of_a_new_client(outsider)}"}
    answer = outsider.call("POST", "/interviews", None, json=stranger(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:rencai:problem:vendor_not_bound"), (
        answer.text
    )
    return f"403 {answer.json()['detail']}"


@attack("The same client, by a file")
def unbound_file(outsider: Outsider) -> str:
    headers = {"Authorization": f"Bearer {_token_of_a_new_client(outsider)}"}
    asked = {"kind": "interviews", "filename": "mine.jsonl"}
    ticket = outsider.call("POST", "/uploads", None, json=asked, headers=headers).json()
    put = outsider.http.put(ticket["url"], content=json.dumps(stranger()), headers=ticket["headers"])
    assert put.is_success, put.text

    def finished() -> dict[str, Any] | None:
        found: dict[str, Any] = outsider.get(f"/uploads/{ticket['upload_id']}")
        return found if found["status"] == "finished" else None

    done = eventually("the file is read", finished)
    assert (done["accepted"], done["rejected"]) == (0, 1), done
    return f"rejected: {done['errors'][0]['message']}"


@attack(
    "A second result of the same person sends the onboarding letter, the envelope and the check elsewhere"
)
def another_address(outsider: Outsider) -> str:
    interview = stranger()
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "offer_sent", "signed", "checking", "cleared", "onboarded")
    before = outsider.get(f"/candidates/{candidate_id}/contact")
    other = json.loads(json.dumps(interview))
    other["interview_id"] += "-2"
    fresh = uuid.uuid4().hex[:10]
    other["candidate"] |= {
        "email": f"{fresh}@attacker.example.com",
        "national_id": f"P{fresh}",
        "phone": f"+86139{int(fresh, 16) % 10**8:08d}",
    }
    answer = outsider.call("POST", "/interviews", "ingest", json=other)
    assert answer.status_code == 202, answer.text
    after = outsider.get(f"/candidates/{candidate_id}/contact")
    assert after == before, "nothing counts but what was pinned"
    (question,) = [
        one
        for one in outsider.get("/identity-questions?status=open&limit=100")["items"]
        if one["subject"] == candidate_id
    ]
    assert question["fields"] == ["email", "national_id", "phone"]
    events = [entry for entry in outsider.timeline(candidate_id) if entry["type"] == "identity.questioned"]
    assert "attacker" not in json.dumps(events)
    refused = outsider.call(
        "POST",
        f"/identity-questions/{question['question_id']}/decision",
        json={"decision": "refuse", "reason": "not them"},
    )
    assert refused.status_code == 200, refused.text
    assert outsider.get(f"/candidates/{candidate_id}/contact") == before
    return f"202 and a question to HR about {', '.join(question['fields'])}; what was pinned counts"
