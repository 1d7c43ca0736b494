"""How the interviews of the demo come in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from infra.local import Stack
from infra.local.candidates import VENDOR, BrokenLine, Part, broken_lines, candidates, jsonl
from infra.local.demo.api import Api
from infra.local.demo.people import Person
from infra.local.layout import ROOT

WORKED_EXAMPLE: Final = ROOT / "tests" / "fixtures" / "sales-worked-example.json"


def hand_in(
    stack: Stack, ingest: Api, count: int, seed: int, this_run: str, say: Callable[[str], None]
) -> tuple[list[Person], str, dict[int, BrokenLine]]:
    """The interviews: a JSONL file into the bucket, and the worked example through the API."""
    invented = list(candidates(count, seed, this_run, (Part.UNCLEAR_CHECK, Part.DECLINES)))
    content, broken = jsonl(invented, broken_lines(this_run))
    filename = f"interviews/demo-{this_run}.jsonl"
    stack.session.client("s3").put_object(Bucket=stack.bucket, Key=filename, Body=content)
    say(
        f"bucket: {filename}, {count} interviews and {len(broken)} broken lines, {len(content) / 1024:.0f} KB"
    )

    example = json.loads(WORKED_EXAMPLE.read_bytes())
    example["interview_id"] = f"itv-worked-example-{this_run}"
    example["candidate"]["external_id"] = f"ats-worked-example-{this_run}"
    example["candidate"]["email"] = f"zhou.xiao.{this_run}@example.com"
    answer = ingest.post("/interviews", example)
    say(f"API: POST /interviews took {example['interview_id']} ({answer['status']})")
    known = [(candidate.interview, candidate.part) for candidate in invented]
    people = [
        Person(
            candidate_id=stack.ids.candidate_id(VENDOR, interview["candidate"]["external_id"]),
            name=interview["candidate"]["name"],
            role=interview["position"]["role"],
            email=interview["candidate"].get("email"),
            part=part,
        )
        for interview, part in [(example, Part.PLAIN), *known]
    ]
    return people, filename, broken
