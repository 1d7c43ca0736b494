"""What came of the demo's run."""

from __future__ import annotations

import html
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import httpx
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from infra.local import Stack
from infra.local.demo.api import Api
from infra.local.demo.people import LINE, PEOPLE_AT_ONCE, Person, Show
from rencai.hiring.rules.stages import Stage

_SIGNS: Final = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<"}


def print_summary(stack: Stack, hr: Api, show: Show, console: Console) -> None:
    """Where everybody came to, which lines were rejected, how long it took; one profile and one letter."""
    with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
        details = list(pool.map(lambda person: hr.get(f"/candidates/{person.candidate_id}"), show.people))
    console.rule("[bold]Summary")
    counts = Counter(person.stage for person in show.people)
    for stage, words in (
        (Stage.ONBOARDED, "onboarded 已入职"),
        (Stage.TALENT_POOL, "in the talent pool 人才库"),
        (Stage.OFFER_DECLINED, "declined the offer 拒签"),
        (Stage.OFFER_EXPIRED, "let the offer expire 过期"),
        (Stage.REJECTED, "rejected after review 复核未通过"),
        (Stage.WITHDRAWN, "withdrawn 撤回"),
    ):
        if counts[stage]:
            console.print(f"{counts[stage]:4}  {words}", highlight=False)
    reviewed = sum(any(entry["stage"] == Stage.IN_REVIEW for entry in one["stages"]) for one in details)
    console.print(
        f"{reviewed:4}  of them decided by HR: an unclear background check, or an interview of too little",
        highlight=False,
    )

    console.print(f"\n[bold]Rejected lines[/bold] of {show.upload['filename']}", highlight=False)
    for error in show.upload["errors"]:
        where = f"{error['path']}: " if error["path"] else ""
        message = f"  line {error['line']}: {where}{error['message']}"
        console.print(message, highlight=False, markup=False, soft_wrap=True)

    console.print("\n[bold]Seconds in each stage[/bold]")
    console.print(_durations(details))
    shown = next((person for person in show.people if person.stage is Stage.ONBOARDED), show.people[0])
    console.print(_profile(hr.get(f"/candidates/{shown.candidate_id}/profile"), shown))
    if letter := _letter(stack, shown):
        console.print(letter)


def _durations(details: Sequence[Mapping[str, Any]]) -> Grid:
    spent: dict[str, list[float]] = {}
    for detail in details:
        stages = [(entry["stage"], datetime.fromisoformat(entry["entered_at"])) for entry in detail["stages"]]
        for (stage, entered), (_, left) in pairwise(stages):
            spent.setdefault(stage, []).append((left - entered).total_seconds())
        if stages[-1][0] == Stage.ONBOARDED:
            whole = (stages[-1][1] - stages[0][1]).total_seconds()
            spent.setdefault("interview to notice", []).append(whole)
    grid = Grid(box=None, padding=(0, 2), header_style="dim")
    for title in ("stage", "candidates", "median", "max"):
        grid.add_column(title, justify="left" if title == "stage" else "right")
    order = [*map(str, LINE), str(Stage.IN_REVIEW), "interview to notice"]
    for stage in sorted(spent, key=order.index):
        seconds = spent[stage]
        grid.add_row(stage, str(len(seconds)), f"{statistics.median(seconds):.1f}", f"{max(seconds):.1f}")
    return grid


def _profile(profile: Mapping[str, Any], person: Person) -> Panel:
    lines: list[Text] = [
        Text(
            f"overall {profile['overall']:.2f}, without facial signals {profile['overall_without_facial']:.2f}, "
            f"coverage {profile['coverage']:.0%}, model {profile['model']['id']} version {profile['model']['version']}"
        )
    ]
    for competency in profile["competencies"]:
        score = competency["score"]
        shown = f"{score:3}" if score is not None else "not measured"
        lines.append(
            Text(
                f"{competency['name']} ({competency['weight']:.0%}): {shown}",
                style="bold" if score else "dim",
            )
        )
        lines += [Text(f"    {_evidence(evidence)}") for evidence in competency["evidence"]]
    names = {competency["id"]: competency["name"] for competency in profile["competencies"]}
    for title, which in (("strengths 优势", "strengths"), ("to develop 待提升方向", "improve")):
        lines.append(Text(f"{title}: {', '.join(names[id_] for id_ in profile[which]) or '-'}"))
    return Panel(Group(*lines), title=f"Profile 候选人画像: {person.name}", title_align="left")


def _evidence(evidence: Mapping[str, Any]) -> str:
    detail = evidence["detail"]
    match evidence["kind"]:
        case "signal":
            threshold = " and ".join(
                f"{_SIGNS[name]} {value:g}" for name, value in detail["threshold"].items()
            )
            why = f"{detail['signal']} {detail['value']:g} ({threshold})"
        case "present":
            why = f"“{detail['quote']}”"
        case _:
            why = (
                f"none of {len(detail['looked_for'])} expressions: {', '.join(detail['looked_for'][:3])} ..."
            )
    counted = "" if evidence["counted"] else " (shown, not counted)"
    return f"{evidence['points']:+4} {evidence['rule']}: {why}{counted}"


def _letter(stack: Stack, person: Person) -> Panel | None:
    """The letter to a person, as the embedded mail server has it."""
    answer = httpx.get(f"{stack.endpoint_url}/_ministack/ses/messages", timeout=10, trust_env=False)
    sent = [mail for box in answer.raise_for_status().json()["messages"].values() for mail in box]
    for mail in sent:
        if person.email in mail["To"]:
            head = f"{mail['Source']} → {person.email}\n{mail['Subject']}\n"
            body = Text(head, style="bold").append(_as_text(mail["BodyHtml"]), style="not bold")
            return Panel(body, title="E-mail 入职通知", title_align="left")
    return None


def _as_text(letter: str) -> str:
    body = re.sub(r"(?s)<head>.*?</head>|<!doctype[^>]*>", "", letter)
    body = re.sub(r"<li[^>]*>", "  - ", body)
    lines = (line.rstrip() for line in html.unescape(re.sub(r"<[^>]+>", "", body)).splitlines())
    return "\n".join(line for line in lines if line)
