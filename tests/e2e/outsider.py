"""Everybody outside: HR, the interview vendor, candidates, vendors. They know stack.json, HTTP and the bucket."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from standardwebhooks import Webhook

from infra.local.stack import Stack
from tests.soak.logs import every_line

Found = TypeVar("Found")
LONGEST_SECONDS = 300
"""How long what comes by itself is waited for: ten times what it takes, on a machine that has nothing else to do."""
FINAL = frozenset({"onboarded", "talent_pool", "offer_declined", "offer_expired", "rejected", "withdrawn"})


def eventually(what: str, look: Callable[[], Found | None], within: float = LONGEST_SECONDS) -> Found:
    """What ``look`` returns once it is not None; asks four times a second, fails after ``within`` seconds."""
    deadline = time.monotonic() + within
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:.0f} s: {what}")
        time.sleep(0.25)
    return found


def placed_apart(interview: dict[str, Any]) -> str:
    """A place of work that nobody else has, by which finance, who hears no names, can tell them from the others."""
    place = interview["position"]["location"] = f"园区{uuid.uuid4().hex[:8]}"
    return place


class Outsider:
    """Drives a stack from outside."""

    def __init__(self, stack: Stack, events_url: str) -> None:
        self.stack = stack
        self.http = httpx.Client(timeout=60, trust_env=False)
        self._events_url = events_url
        self._events: list[dict[str, Any]] = []
        self._tokens = {client: stack.access_token(client) for client in ("hr", "ingest")}

    # --- the API

    def call(self, method: str, path: str, client: str | None = "hr", **arguments: Any) -> httpx.Response:
        headers = dict(arguments.pop("headers", {}))
        if client:
            headers["Authorization"] = f"Bearer {self._tokens[client]}"
        return self.http.request(method, self.stack.api_url + path, headers=headers, **arguments)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def hand_in(self, interview: dict[str, Any]) -> str:
        answer = self.call("POST", "/interviews", "ingest", json=interview)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["candidate_id"])

    def candidate(self, candidate_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/candidates/{candidate_id}")
        return found

    def at(self, candidate_id: str, *stages: str, within: float = LONGEST_SECONDS) -> dict[str, Any]:
        """The candidate once they are at one of ``stages``."""

        def look() -> dict[str, Any] | None:
            found = self.candidate(candidate_id)
            return found if found["stage"] in stages else None

        return eventually(f"{candidate_id} at {stages}", look, within)

    def timeline(self, candidate_id: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get(f"/candidates/{candidate_id}/timeline?limit=100")["items"]
        return items

    # --- the bucket

    def drop(self, key: str, content: bytes) -> dict[str, Any]:
        """Drop a file and wait for what comes of it."""
        self.stack.session.client("s3").put_object(Bucket=self.stack.bucket, Key=key, Body=content)
        return self.import_of(key)

    def import_of(self, filename: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found = self.call("GET", "/uploads", params={"filename": filename}).json()["items"]
            return found[0] if found and found[0]["status"] in ("finished", "failed") else None

        return eventually(f"import of {filename}", look)

    # --- candidates and vendors

    def sign(self, candidate_id: str, **form: str) -> None:
        """Sign (or ``action=decline``) at the e-signature vendor."""
        candidate = self.at(candidate_id, "offer_sent")
        offer = self.get(f"/offers/{candidate['offer_id']}")
        answer = self.http.post(offer["sign_url"], data=form)
        assert answer.status_code < 400, answer.text

    def webhook(
        self, vendor: str, message_id: str, body: bytes, *, secret: str | None = None, **headers: str
    ) -> httpx.Response:
        """A delivery, signed with the vendor's secret (or another)."""
        now = datetime.now(UTC)
        signature = Webhook(secret or self.stack.webhook_secrets[vendor]).sign(message_id, now, body.decode())
        sent = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
            "content-type": "application/json",
            **headers,
        }
        return self.call("POST", f"/webhooks/{vendor}", None, content=body, headers=sent)

    def sandbox(self, method: str, path: str, **arguments: Any) -> Any:
        token = json.loads(self._vendor_secret("finance"))["token"]
        answer = self.http.request(
            method, self.stack.sandbox_url + path, headers={"Authorization": f"Bearer {token}"}, **arguments
        )
        assert answer.status_code < 300, answer.text
        return answer.json()

    @contextmanager
    def broken(self, only: str, **faults: dict[str, Any]) -> Iterator[None]:
        """Vendors with their faults, for calls and callbacks that name ``only`` (all others are well), then mended."""
        for vendor, fault in faults.items():
            self.sandbox("PUT", f"/faults/{vendor}", json=fault | {"only": only})
        try:
            yield
        finally:
            for vendor in faults:
                self.mended(vendor)

    def mended(self, vendor: str) -> None:
        self.sandbox("PUT", f"/faults/{vendor}", json={"mode": "none"})

    def ledger(self, vendor: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        cursor = None
        while True:
            params = {"vendor": vendor, "limit": "100"} | ({"cursor": cursor} if cursor else {})
            page = self.sandbox("GET", "/ledger", params=params)
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items

    def _vendor_secret(self, vendor: str) -> str:
        manager = self.stack.session.client("secretsmanager")
        return manager.get_secret_value(SecretId=f"rencai/demo/{vendor}")["SecretString"]

    def post(self, path: str, body: object, status: int = 200) -> Any:
        answer = self.call("POST", path, json=body)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json()

    def invoke(self, logical_id: str) -> Any:
        """Call a function as its schedule does; what it answers."""
        client = self.stack.session.client("lambda")
        answer = client.invoke(FunctionName=self.resource(logical_id), Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()
        return json.loads(answer["Payload"].read())

    def resource(self, logical_id: str) -> str:
        """What a function or queue of the tenant's stack is called, by its logical id."""
        resource = self.stack.session.client("cloudformation").describe_stack_resource(
            StackName=self.stack.stack_name, LogicalResourceId=logical_id
        )
        return str(resource["StackResourceDetail"]["PhysicalResourceId"])

    def messages_on(self, logical_id: str) -> int:
        """Messages on a queue that can be had now."""
        attributes = self.stack.session.client("sqs").get_queue_attributes(
            QueueUrl=self.resource(logical_id), AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]
        return int(attributes["ApproximateNumberOfMessages"])

    # --- what was left behind

    def letters(self) -> list[dict[str, Any]]:
        sent = self.http.get(f"{self.stack.endpoint_url}/_ministack/ses/messages").json()["messages"]
        return [letter for account in sent.values() for letter in account]

    def ses_tells(self, kind: str, tags: Mapping[str, str], **about: Any) -> None:
        """SES publishes an event of a letter: the embedded one keeps the destination and tells it nothing."""
        event = {
            "eventType": kind,
            "mail": {
                "timestamp": datetime.now(UTC).isoformat(),
                "messageId": f"told-{uuid.uuid4().hex}",
                "tags": {name: [value] for name, value in tags.items()},
            },
            kind.lower(): about,
        }
        self.stack.session.client("sns").publish(
            TopicArn=self.resource("MailEvents"), Message=json.dumps(event)
        )

    def is_read(self, queue: str) -> bool:
        """Whether nothing is on this queue, nor with who reads it."""
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        sqs: Any = self.stack.session.client("sqs")
        attributes = sqs.get_queue_attributes(QueueUrl=self.resource(queue), AttributeNames=counts)[
            "Attributes"
        ]
        return not any(int(attributes[count]) for count in counts)

    def events(self) -> list[dict[str, Any]]:
        """Everything published on the tenant's bus since this outsider began to listen."""
        sqs: Any = self.stack.session.client("sqs")
        url = self._events_url
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            self._events += [json.loads(message["Body"]) for message in messages]
            read = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(messages)
            ]
            sqs.delete_message_batch(QueueUrl=url, Entries=read)
        return self._events

    def logs(self, since: float = 0) -> list[str]:
        """Every log line of every function, the sandbox's included; ``since``: as ``time.time()`` says it."""
        return list(every_line(self.stack, int(since * 1000)))

    def items(self) -> list[dict[str, Any]]:
        """Every item of the tenant's table."""
        pages = (
            self.stack.session.client("dynamodb").get_paginator("scan").paginate(TableName=self.stack.table)
        )
        return [item for page in pages for item in page["Items"]]
