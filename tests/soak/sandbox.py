"""What testers and signers do at the simulated vendors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import httpx

from infra.local.stack import Stack

VENDORS: Final = ("finance", "benefits", "esign", "background", "psychometric", "ats", "lms")

EVERYTHING_AT_ONCE: Final[Mapping[str, Any]] = {
    "mode": "none",
    "error_rate": 0.12,
    "latency_seconds": 0.15,
    "duplicate": 1,
    "reorder": True,
    "delay_seconds": 3,
    "silence": 0.15,
    "forged_signature": 0.3,
    "malformed_body": 0.15,
    "clock_skew_seconds": 900,
    "clock_skew_rate": 0.15,
}
"""Each fault of infra/sandbox/README.md but those that stop a vendor altogether (down, slow, garbage)."""


class NotDone(Exception):
    """A call was not answered 2xx; the message says which, and is safe to show. Worth trying again."""


class Sandbox:
    """Testers' calls take any vendor's token and no fault strikes them; the signing page takes none and suffers."""

    def __init__(self, stack: Stack) -> None:
        manager = stack.session.client("secretsmanager")
        secret = manager.get_secret_value(SecretId="rencai/demo/finance")["SecretString"]
        self._base = stack.sandbox_url
        self._as_tester = {"Authorization": f"Bearer {json.loads(secret)['token']}"}
        self._http = httpx.Client(timeout=60, trust_env=False)

    def misbehave(self, vendor: str, faults: Mapping[str, Any]) -> None:
        """From now on, until told otherwise."""
        self._call("PUT", f"/faults/{vendor}", faults)

    def answer_offer(self, sign_url: str, decision: Mapping[str, str]) -> None:
        """Sign or decline; again is the same."""
        self._send("POST", sign_url, json=decision)

    def end_envelope(self, envelope_id: str, how: str) -> None:
        """``void`` or ``expire``; again is the same."""
        body = {"reason": "position closed"} if how == "void" else None
        self._call("POST", f"/esign/envelopes/{envelope_id}/{how}", body)

    def report_progress(self, enrolment_id: str, report: Mapping[str, Any]) -> None:
        """What a learner or mentor did."""
        self._call("POST", f"/lms/enrolments/{enrolment_id}/progress", report)

    def put_application(self, application: Mapping[str, Any]) -> None:
        """Somebody applied, or HR wrote something about them."""
        self._call("POST", "/ats/applications", application)

    def ledger(self, vendor: str) -> list[dict[str, Any]]:
        """Everything a vendor was asked to make."""
        items: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self._call("GET", f"/ledger?vendor={vendor}&limit=100&cursor={cursor}")
            items += page["items"]
            if not page["next"]:
                return items
            cursor = page["next"]

    def deliveries(self) -> dict[str, dict[str, int]]:
        """By vendor, how its callbacks were answered."""
        items = self._call("GET", "/deliveries/summary")["items"]
        return {item["vendor"]: {k: v for k, v in item.items() if k != "vendor"} for item in items}

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        content = {} if body is None else {"json": body}
        return self._send(method, self._base + path, headers=self._as_tester, **content).json()

    def _send(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        # Not the whole address: that of a signing page is the signer's credential.
        what = f"{method} {'/'.join(url.removeprefix(self._base).split('/')[:3])}"
        try:
            answer = self._http.request(method, url, **arguments)
        except httpx.TransportError as error:
            raise NotDone(f"{what}: {type(error).__name__}") from None
        if not answer.is_success:
            raise NotDone(f"{what} answered {answer.status_code}")
        return answer
