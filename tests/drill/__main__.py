"""The command: ``python -m tests.drill``; see the package."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from infra.admin.restore.plan import Plan
from infra.local import server as ministack
from infra.local.build import build_all
from infra.local.candidates import Part, candidates
from infra.local.layout import ACCESS_KEY, REGION, ROOT, SECRET_KEY, Home, LocalStackError
from infra.local.stack import Client, Stack, sam_deploy, stop
from rencai.store.erasures import Erasure
from rencai.store.table import instant
from tests.e2e.deployment import deployed_afresh, every_event, stranger
from tests.e2e.outsider import Outsider

STACK: Final = "drill"
SUFFIX: Final = "-r1"
_SHOWN: Final = ("", "/profile", "/timeline?limit=100")
"""What of a candidate must be the same in both stacks."""


def main() -> int:
    """Restore, compare, go on; 1 when anything is not as it was."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave both stacks running, to look into them")
    arguments = parser.parse_args()
    try:
        _drill()
    except (AssertionError, LocalStackError, httpx.HTTPError) as failure:
        print(f"\nFAILED: {failure}")
        return 1
    finally:
        if not arguments.keep:
            stop(STACK)
    print("\nThe tenant is back.")
    return 0


def _drill() -> None:
    old = deployed_afresh(STACK)
    before = Outsider(old, every_event(old))
    with _step("people in the middle of things"):
        interview = stranger()
        hired, waiting, asked, erased = _people(before, interview)
        _sign_ins(old)
        seen = {one: _seen(before, one) for one in (hired, waiting, asked)}
        drafts = before.get(f"/offers/{before.candidate(waiting)['offer_id']}")
        listed = _listed(before)
    _admin(old, "restore", "halt", "--stack", old.stack_name)
    # The candidate signs meanwhile, and nobody can be told.
    signed = before.http.post(drafts["sign_url"], data={})
    assert signed.status_code < 400, signed.text
    _erase(old, erased)

    at = datetime.now(UTC).replace(microsecond=0)
    time.sleep(1.1)  # the moment, to the second, must be one that is over
    at_text = instant(at).replace(".000Z", "Z")
    plan_file = Home(STACK).folder / f"{old.stack_name}{SUFFIX}.plan.json"
    begin = ("restore", "begin", "--stack", old.stack_name, "--at", at_text, f"--suffix={SUFFIX}")
    _admin(old, *begin)
    # As after a break: what is done is found done.
    _admin(old, *begin)
    plan = Plan.read(plan_file)
    with _step(f"sam deploy --stack-name {plan.stack} ..."):
        tenant, _ = build_all()
        server = ministack.find(Home(STACK))
        assert server
        outputs = sam_deploy(Home(STACK), server, plan.stack, tenant.template, plan.parameters)
    new = _described(old, plan, outputs)
    _admin(old, "restore", "finish", plan_file.name, "--no-invite")

    after = Outsider(new, "")
    with _step("what was on record is on record"):
        for one, (candidate, profile, timeline) in seen.items():
            now, same, told = _seen(after, one)
            assert (same, told["items"][: len(timeline["items"])]) == (profile, timeline["items"]), one
            # The watchdog may have been round already.
            assert one == waiting or now["stage"] == candidate["stage"], now
        assert _listed(after) == [one for one in listed if one != erased]
        offer = after.get(f"/offers/{drafts['offer_id']}")
        sealed = ("base_salary", "bonus", "benefits")
        assert [offer[one] for one in sealed] == [drafts[one] for one in sealed]
        assert after.call("GET", f"/candidates/{erased}").status_code == 404
        print(
            f"  {len(listed)} candidates, their profiles, timelines and sealed pay; the one erased since is not"
        )
    with _step("old tokens open nothing, new ones do"):
        stale = before.stack.access_token("hr")
        answer = after.http.get(f"{new.api_url}/candidates", headers={"Authorization": f"Bearer {stale}"})
        assert answer.status_code == 401, answer.status_code
        print("  401 for the old pool's token, 200 for the new one's")
    with _step("who signed while nobody listened goes on"):
        assert after.at(waiting, "onboarded")["employee_id"]
        print(f"  {_way(after, waiting)}")
    with _step("a decision of HR"):
        answer = after.post(
            f"/candidates/{asked}/review", {"decision": "approve", "reason": "推荐人已电话确认"}
        )
        assert answer["stage"] in ("cleared", "onboarded"), answer
        after.at(asked, "onboarded")
        print(f"  {_way(after, asked)}")
    with _step("who is on record is known again, and somebody new is hired"):
        again = after.call("POST", "/interviews", "ingest", json=interview)
        assert (again.status_code, again.json()["candidate_id"]) == (200, hired), "made under the same secret"
        newcomer = after.hand_in(stranger())
        after.sign(newcomer)
        after.at(newcomer, "onboarded")
        print(f"  {_way(after, newcomer)}")
    sent = Counter((str(letter["To"]), letter["Subject"]) for letter in after.letters())
    assert max(sent.values()) == 1, "told twice, written to once"
    _admin(old, "restore", "compare", plan_file.name)
    _admin(old, "restore", "expire", plan_file.name)


def _people(one: Outsider, interview: dict[str, Any]) -> tuple[str, str, str, str]:
    """One hired, one who has an offer to sign, one whom HR has to decide about, one who will be erased."""
    hired, waiting, erased = (one.hand_in(each) for each in (interview, stranger(), stranger()))
    asked = one.hand_in(_unclear())
    for candidate_id in (hired, asked):
        one.sign(candidate_id)
    one.at(asked, "in_review")
    one.at(hired, "onboarded")
    one.at(waiting, "offer_sent")
    one.at(erased, "offer_sent")
    print(f"  onboarded {hired}\n  offer_sent {waiting}\n  in_review {asked}\n  to be erased {erased}")
    return hired, waiting, asked, erased


def _unclear() -> dict[str, Any]:
    """An interview of somebody whose employment the sandbox's background check cannot confirm."""
    some = candidates(20, 11, uuid.uuid4().hex[:8], (Part.UNCLEAR_CHECK,))
    return next(one for one in some if one.part is Part.UNCLEAR_CHECK).interview


def _sign_ins(stack: Stack) -> None:
    cognito = stack.session.client("cognito-idp")
    for name in ("li.na", "wang.wei"):
        cognito.admin_create_user(
            UserPoolId=stack.user_pool,
            Username=name,
            UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
            MessageAction="SUPPRESS",
        )


def _seen(one: Outsider, candidate_id: str) -> list[Any]:
    return [one.get(f"/candidates/{candidate_id}{part}") for part in _SHOWN]


def _listed(one: Outsider) -> list[str]:
    return sorted(str(item["candidate_id"]) for item in one.get("/candidates?limit=100")["items"])


def _way(one: Outsider, candidate_id: str) -> str:
    """What is on the timeline, in a line."""
    return f"{candidate_id}: {', '.join(entry['type'] for entry in one.timeline(candidate_id))}"


def _erase(stack: Stack, erased: str) -> None:
    """What whoever erases somebody records first; here it is on record as of a minute after the moment."""
    at = datetime.now(UTC) + timedelta(minutes=1)
    record = Erasure("ers_drill", at, (f"CANDIDATE#{erased}",))
    stack.session.client("s3").put_object(Bucket=stack.bucket, Key=record.key, Body=record.body())


def _described(old: Stack, plan: Plan, outputs: dict[str, str]) -> Stack:
    """The new stack, for who drives it from outside."""
    cognito = old.session.client("cognito-idp")
    pool = outputs["UserPoolId"]
    clients = {}
    for name, output in (("ingest", "IngestClientId"), ("hr", "HrClientId")):
        found = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=outputs[output])["UserPoolClient"]
        clients[name] = Client(
            outputs[output], found["ClientSecret"], " ".join(found.get("AllowedOAuthScopes", []))
        )
    own: dict[str, Any] = {
        "api_url": outputs["ApiUrl"].rstrip("/"),
        "clients": clients,
        "bucket": outputs["BucketName"],
        "table": outputs["TableName"],
        "bus": outputs["BusName"],
        "user_pool": pool,
        "stack_name": plan.stack,
    }
    return replace(old, **own)


def _admin(stack: Stack, *arguments: str) -> None:
    """What an administrator types, with its output."""
    print(f"\n$ admin {' '.join(arguments)}", flush=True)
    began = time.monotonic()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "infra.admin", *arguments],
        cwd=Home(STACK).folder,
        env={
            **kept,
            "PYTHONPATH": str(ROOT),
            "AWS_ENDPOINT_URL": stack.endpoint_url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "NO_PROXY": "127.0.0.1,localhost",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    print(done.stdout.rstrip(), flush=True)
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr.strip()}"
    print(f"({time.monotonic() - began:.0f} s)", flush=True)


@contextmanager
def _step(what: str) -> Iterator[None]:
    print(f"\n- {what}", flush=True)
    began = time.monotonic()
    yield
    print(f"({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
