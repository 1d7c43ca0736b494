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
