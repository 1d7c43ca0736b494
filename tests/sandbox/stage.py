"""The sandbox's API with a table made from its own template, a clock that stands still, and a queue that is a list."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
import yaml
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto import mock_aws

from vendor_api.app import build_app
from vendor_api.callback_queue import CallbackQueue
from vendor_api.collaborators import Collaborators
from vendor_api.journal import Journal
from vendor_api.ledger import Ledger
from vendor_contract.faults import FaultBook
from vendor_contract.secrets import VENDORS, VendorSecret
from vendor_contract.tally import Tally

TEMPLATE = Path(__file__).parents[2] / "infra" / "sandbox" / "template.yaml"
API_ID = "a1b2c3d4e5"
BASE = f"https://{API_ID}.execute-api.eu-west-1.amazonaws.com/v1"
CALLBACK_URL = "https://tenant.example/v1/webhooks/vendor"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECRETS = {vendor: VendorSecret(f"token-of-{vendor}", WEBHOOK_SECRET) for vendor in VENDORS}


class _Template(yaml.SafeLoader):
    """Reads `!Ref` and its kind as `{"Ref": ...}`."""


def _intrinsic(loader: _Template, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {suffix: loader.construct_mapping(node, deep=True)}


_Template.add_multi_constructor("!", _intrinsic)


@cache
def template() -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(TEMPLATE.read_text("utf-8"), Loader=_Template)  # noqa: S506  a SafeLoader
    return document


@cache
def _dynamodb() -> Any:
    """Made once: making one takes longer than a test."""
    return boto3.resource("dynamodb", region_name="eu-west-1")


@contextmanager
def table_from_template() -> Iterator[Any]:
    """A moto table with the very keys of infra/sandbox/template.yaml."""
    properties = template()["Resources"]["SandboxTable"]["Properties"]
    with mock_aws():
        yield _dynamodb().create_table(
            TableName="sandbox",
            **{name: properties[name] for name in ("AttributeDefinitions", "KeySchema", "BillingMode")},
        )


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def rest_event(
    method: str, path: str, *, headers: Mapping[str, str] | None = None, body: str | None = None
) -> dict[str, Any]:
    """What API Gateway hands a Lambda proxy integration (payload 1.0, REST API)."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    sent = {"Host": urlsplit(BASE).netloc, "X-Forwarded-Proto": "https", **(headers or {})}
    return {
        "resource": "/{proxy+}",
        "path": parts.path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "pathParameters": {"proxy": parts.path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "resourceId": "abc123",
            "resourcePath": "/{proxy+}",
            "httpMethod": method,
            "path": f"/v1{parts.path}",
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": "v1",
            "domainName": urlsplit(BASE).netloc,
            "domainPrefix": API_ID,
            "requestId": "3f1c1c2e-5f0b-4a3e-9a52-0d1c6d6f1b11",
            "requestTime": "22/Nov/2026:04:00:00 +0000",
            "requestTimeEpoch": 1795320000000,
            "apiId": API_ID,
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "rencai/1"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


@dataclass
class Stage:
    """Calls the API as a tenant would, and shows what went onto the queue."""

    table: Any
    now: datetime = NOW
    slept: list[float] = field(default_factory=list)
    queued: list[tuple[dict[str, Any], int]] = field(default_factory=list)
    """Callbacks and their delays in seconds."""
    queue_is_down: bool = False

    def __post_init__(self) -> None:
        numbers = count(1)
        faults, tally = FaultBook(self.table), Tally(self.table)
        self._app = build_app(
            Collaborators(
                ledger=Ledger(self.table),
                # Small segments, so that a handful of entries spans several.
                progress=Journal(self.table, "progress", segment=3),
                applications=Journal(self.table, "applications", segment=3),
                faults=faults,
                tally=tally,
                callbacks=CallbackQueue(self, "queue", faults, tally),
                secrets=SECRETS,
                callback_delay_seconds=1,
                public_url_prefix="https://",
                public_url_suffix=".execute-api.eu-west-1.amazonaws.com",
                now=lambda: self.now,
                sleep=self.slept.append,
                unguessable=lambda: f"-unguessable-{next(numbers)}",
            )
        )

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> None:  # noqa: N803  boto3's
        """The queue's side of this double."""
        assert QueueUrl == "queue"
        if self.queue_is_down:
            raise ConnectionError
        self.queued.append((json.loads(MessageBody), DelaySeconds))

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def raw(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: str | None = None
    ) -> Reply:
        answer = self._app.resolve(rest_event(method, path, headers=headers, body=body), LambdaContext())
        flat = {name.lower(): values[-1] for name, values in answer["multiValueHeaders"].items()}
        return Reply(answer["statusCode"], flat, answer["body"])

    def get(self, path: str) -> Reply:
        """With the token of the vendor called, the e-signature vendor's for the testers' paths."""
        return self.raw("GET", path, headers=_authorization(path))

    def test(self, path: str, body: Any = None) -> Reply:
        """What a tester posts: another vendor's token, no key."""
        headers = {"Authorization": f"Bearer {SECRETS['finance'].token}", "Content-Type": "application/json"}
        return self.raw("POST", path, headers=headers, body=json.dumps(body, ensure_ascii=False))

    def tally(self, vendor: str) -> dict[str, int]:
        """What is counted of a vendor's deliveries, without what is zero."""
        (counts,) = [one for one in self.get("/deliveries/summary").json["items"] if one["vendor"] == vendor]
        return {name: count for name, count in counts.items() if name != "vendor" and count}

    def put(self, path: str, body: Any) -> Reply:
        return self.raw("PUT", path, headers=_authorization(path), body=json.dumps(body))

    def post(self, path: str, body: Any, *, key: str = "key-1") -> Reply:
        headers = {**_authorization(path), "Idempotency-Key": key, "Content-Type": "application/json"}
        return self.raw("POST", path, headers=headers, body=json.dumps(body, ensure_ascii=False))


def _authorization(path: str) -> dict[str, str]:
    first = path.lstrip("/").split("/")[0]
    return {"authorization": f"Bearer {SECRETS[first if first in SECRETS else 'esign'].token}"}


def envelope(**changes: Any) -> dict[str, Any]:
    return {
        "document": {"title": "录用通知书", "html": "<h1>录用</h1>"},
        "signer": {"name": "张三", "email": "zhang@example.com", "phone": None},
        "reference": "off_1",
        "callback_url": CALLBACK_URL,
        **changes,
    }


def check(name: str = "李四", **changes: Any) -> dict[str, Any]:
    return {
        "reference": "cand_1",
        "person": {
            "name": name,
            "national_id": "110101199003071234",
            "work_history": [{"employer": "某某公司", "title": "销售", "from": "2020-01", "to": None}],
        },
        "callback_url": CALLBACK_URL,
        **changes,
    }


def stage_change(**changes: Any) -> dict[str, Any]:
    return {"stage": "offer_sent", "reason": "薪资谈妥", "occurred_at": "2026-11-22T04:00:00Z", **changes}


def assessment(**changes: Any) -> dict[str, Any]:
    return {
        "reference": "cand_1",
        "candidate": {"name": "王芳", "email": "wang@example.com"},
        "instruments": ["personality", "stress_tolerance"],
        "callback_url": CALLBACK_URL,
        **changes,
    }


def enrolment(**changes: Any) -> dict[str, Any]:
    return {
        "learner": "emp_1",
        "course_id": "fmcg-negotiation",
        "due_at": "2027-01-31T16:00:00Z",
        "reference": "enrl_1",
        **changes,
    }


def application(**changes: Any) -> dict[str, Any]:
    return {
        "external_id": "app-1",
        "candidate": {
            "name": "赵敏",
            "email": "zhao@example.com",
            "phone": "13800000000",
            "national_id": "11010119900307123X",
        },
        "position": {"requisition_id": "req-7", "role": "sales", "location": "上海"},
        "resume": {
            "work_history": [{"employer": "某某公司", "title": "销售", "from": "2020-01", "to": None}]
        },
        "evaluation": {"score": 85, "comment": "沟通能力强"},
        **changes,
    }
