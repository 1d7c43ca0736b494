"""Doors that stand open to more than they should: ids that tell, headers that are kept, floods, others' files."""

import hashlib
import hmac
import json
import uuid
from typing import Any, Final

from tests.attack.attacks import attack, shown_by
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PASSWORDS: Final = (
    "authorization",
    "proxy-authorization",
    "x-auth-token",
    "x-api-key",
    "cookie",
    "x-csrf-token",
    "x-nobody-thought-of-it",
)
_A_NUMBER: Final = "10086"


def _in_base_32(digest: bytes) -> str:
    number = int.from_bytes(digest[:16], "big")
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def _unkeyed(*words: str) -> set[str]:
    """The ids that these words made before there was a secret, and would under keys that anybody can think of."""
    joined = "".join(f"{len(word.encode())}:{word}" for word in words).encode()
    plain = [hashlib.new(name, joined).digest() for name in ("sha256", "sha1", "md5", "sha512", "blake2s")]
    keyed = [
        hmac.digest(key, joined, "sha256") for key in (b"", b"rencai", b"demo", b"rencai/demo/ids", b"ids")
    ]
    return {_in_base_32(one) for one in (*plain, *keyed)}


@attack("A candidate's id is worked out from the vendor's name and id of them")
def candidate_id(outsider: Outsider) -> str:
    interview = stranger()
    made = outsider.hand_in(interview)
    guesses = _unkeyed("candidate", interview["vendor"], interview["candidate"]["external_id"])
    assert made.removeprefix("cand_") not in guesses, "it is an unkeyed digest"
    return f"{len(guesses)} ways to make it, and none makes {made[:9]}..."


@attack("An employee number is read out of its id, by trying all of five digits")
def employee_number(outsider: Outsider) -> str:
    made = outsider.stack.ids.employee_of_number(_A_NUMBER).removeprefix("emp_")
    for number in range(100_000):
        words = b"15:employee number%d:%05d" % (5, number)
        assert _in_base_32(hashlib.sha256(words).digest()) != made, f"it is {number:05}"
    return "100,000 numbers tried, none is it"


def _kept(outsider: Outsider, vendor: str, about: str) -> list[dict[str, Any]]:
    """The rejected deliveries of a vendor whose body begins with ``about``."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        query = {"status": "rejected", "vendor": vendor, "limit": "100", **cursor}
        page = outsider.call("GET", "/vendor-inbox", params=query).json()
        found += [outsider.get(f"/vendor-inbox/{item['delivery_id']}") for item in page["items"]]
        if page["next"] is None:
            return [one for one in found if (one["body"] or "").startswith(about)]
        cursor = {"cursor": page["next"]}


@attack("Passwords in a webhook's headers are read in the inbox")
def passwords(outsider: Outsider) -> str:
    secret = uuid.uuid4().hex
    about = f'"{uuid.uuid4().hex}'
    headers = dict.fromkeys(_PASSWORDS, f"Bearer {secret}")
    forged = outsider.call(
        "POST", "/webhooks/background", None, content=f'{about}"'.encode(), headers=headers
    )
    signed = outsider.webhook("background", f"msg-{secret[:8]}", f'{about}"'.encode(), **headers)
    assert (forged.status_code, signed.status_code) == (401, 400)
    kept = _kept(outsider, "background", about)
    assert len(kept) == 2
    assert secret not in json.dumps(kept)
    assert not any(secret in repr(item) for item in outsider.items())
    return f"of {len(headers)} kept {sorted({name for one in kept for name in one['headers']})}"


@attack("A forged webhook of a megabyte fills the inbox")
def large_forgery(outsider: Outsider) -> str:
    about = uuid.uuid4().hex
    answer = outsider.call("POST", "/webhooks/lms", None, content=(about + "x" * 1_000_000).encode())
    assert answer.status_code == 401, answer.text
    (kept,) = _kept(outsider, "lms", about)
    assert (len(kept["body"]), kept["body_size"], kept["body_url"]) == (4096, 1_000_032, None)
    return "401, the first 4 KB are kept"


@attack("A flood of forged webhooks fills the inbox, and keeps the vendor out")
def flood(outsider: Outsider) -> str:
    about = uuid.uuid4().hex
    statuses = {
        outsider.call("POST", "/webhooks/psychometric", None, content=about.encode()).status_code
        for _ in range(110)
    }
    assert statuses <= {401, 429}, statuses
    assert len(_kept(outsider, "psychometric", about)) <= 100
    (hour, *_) = [one for one in outsider.get("/vendor-inbox")["not_kept"] if one["vendor"] == "psychometric"]
    assert hour["came"] > hour["kept"] <= 100, hour
    genuine = outsider.webhook("psychometric", f"msg-{about[:8]}", b'{"type": "assessment.completed"}')
    assert genuine.status_code == 400, "it is read, and found wanting"
    return f"{hour['came']} came, {hour['kept']} are kept, and the vendor is heard"


@attack("Who hands in interviews lists HR's files, and what was dropped in the bucket")
def file_names(outsider: Outsider) -> str:
    mark = uuid.uuid4().hex
    asked = {"kind": "interviews", "filename": f"{mark}-redundancies.jsonl"}
    theirs = outsider.post("/uploads", asked, 201)["upload_id"]
    dropped = outsider.drop(f"interviews/{mark}-pay.jsonl", b"{}\n")["upload_id"]
    own = outsider.call("POST", "/uploads", "ingest", json=asked | {"filename": f"{mark}-own.jsonl"}).json()
    seen: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        query = {"limit": "100", **cursor}
        page = outsider.call("GET", "/uploads", "ingest", params=query).json()
        seen += [item for item in page["items"] if mark in item["filename"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert [item["upload_id"] for item in seen] == [own["upload_id"]]
    named = outsider.call("GET", "/uploads", "ingest", params={"filename": f"interviews/{mark}-pay.jsonl"})
    assert named.json() == {"items": [], "next": None}
    answers = [outsider.call("GET", f"/uploads/{one}", "ingest").status_code for one in (theirs, dropped)]
    assert answers == [404, 404]
    assert outsider.call("GET", f"/uploads/{own['upload_id']}", "ingest").status_code == 200
    return "only their own; others' are 404"


SHOWN = [
    shown_by(
        "What any id is made of is found by trying",
        "tests/kernel/test_ids.py",
        "tests/wiring/test_secrets.py",
    ),
    shown_by("A header of any name is kept, in any dialect", "tests/inbox/test_webhook_endpoint.py"),
    shown_by(
        "What nobody signed lies in the inbox for as long as the tenant's own webhooks",
        "tests/inbox/test_inbox.py::test_what_anybody_can_send_is_forgotten_after_a_week",
    ),
    shown_by(
        "A webhook is lost while the table has too much to do",
        "tests/inbox/test_webhook_endpoint.py::test_a_table_that_has_too_much_to_do_has_the_vendor_wait",
    ),
    shown_by("Another client's file, report or cursor", "tests/interviews/test_uploads_api.py"),
    shown_by("The access log tells who called, or what about", "tests/stack/test_doors.py"),
]
