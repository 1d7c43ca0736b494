"""Cuts botocore's data down to what the functions read; run by the layer's build on the installed copy.

    python prune_botocore.py <botocore/data> <service>...

What is kept says the same as before: where our services are (1.25 MB of endpoints for all of AWS, parsed by
the first client of every cold start), and of their models the operations we call, without the prose of the manual,
unpacked. The Makefile removes the folders of the other services.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

OPERATIONS: Final = {
    "bedrock-runtime": {"Converse"},
    "cloudwatch": {"GetMetricData"},
    "dynamodb": {
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
        # botocore's own, to find where the others are.
        "DescribeEndpoints",
    },
    "events": {"DescribeRule", "PutEvents"},
    "kms": {"Decrypt", "Encrypt", "Sign"},
    "lambda": {"GetEventSourceMapping"},
    # The last two are botocore's own: for a bucket that has moved, and for directory buckets.
    "s3": {"GetObject", "HeadObject", "PutObject", "HeadBucket", "CreateSession"},
    "scheduler": {"GetSchedule"},
    "secretsmanager": {"GetSecretValue"},
    "sesv2": {"SendEmail"},
    "sqs": {"ChangeMessageVisibility", "GetQueueAttributes", "SendMessage"},
    "ssm": {"GetParameter"},
}
"""What the functions call. A client has no method for anything else: who calls something new names it here."""


OTHER_NAMES: Final = {"bedrock", "email", "monitoring"}
"""What Bedrock, SES and CloudWatch call themselves among the endpoints."""


def without_documentation(node: Any) -> Any:
    """A service model with an empty manual; a member that happens to be called ``documentation`` is not text."""
    if isinstance(node, dict):
        return {
            name: "" if name == "documentation" and isinstance(value, str) else without_documentation(value)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [without_documentation(value) for value in node]
    return node


def only(model: dict[str, Any], operations: set[str]) -> dict[str, Any]:
    """A service model with these operations, and the shapes they speak of. Raises ``KeyError`` for an unknown one."""
    kept = {name: model["operations"][name] for name in sorted(operations)}
    shapes: dict[str, Any] = {}
    named = list(_shapes_in(kept))
    while named:
        name = named.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            named += _shapes_in(shapes[name])
    return {**model, "operations": kept, "shapes": shapes}


def _shapes_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "shape" and isinstance(value, str):
                yield value
            else:
                yield from _shapes_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _shapes_in(value)


def prune(data: Path, services: set[str]) -> None:
    """Rewrite the files in place."""
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_text())
    for partition in known["partitions"]:
        partition["services"] = {name: at for name, at in partition["services"].items() if name in services}
    endpoints.write_text(json.dumps(known, separators=(",", ":")))
    for service in (data / name for name in services if (data / name).is_dir()):
        # A client takes the newest of a service's APIs.
        for older in sorted(service.iterdir())[:-1]:
            shutil.rmtree(older)
    for packed in sorted(data.glob("*/*/*.json.gz")):
        plain = without_documentation(json.loads(gzip.decompress(packed.read_bytes())))
        operations = OPERATIONS.get(packed.parent.parent.name)
        if packed.name == "service-2.json.gz" and operations:
            plain = only(plain, operations)
        packed.with_suffix("").write_text(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
        packed.unlink()


if __name__ == "__main__":
    prune(Path(sys.argv[1]), {*sys.argv[2:], *OTHER_NAMES})
