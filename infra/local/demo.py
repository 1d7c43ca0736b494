"""``make demo``: candidates on their way from an AI interview to the first day, on the embedded stack.

It stands outside, as a tenant would: a file into the bucket, one result through the API, then only HTTP. It also plays
the people a real tenant has: candidates who sign (one declines), and HR for the one check that needs a person.
"""

from __future__ import annotations

import html
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from infra.admin import redrive
from infra.admin.configuration import InvalidConfiguration
from infra.local import Stack, bring_up
from infra.local.candidates import VENDOR, BrokenLine, Part, broken_lines, candidates, jsonl
from infra.local.defaults import load_defaults
from infra.local.layout import ROOT, LocalStackError
from rencai.domain import ids
from rencai.domain.journey import Stage

WORKED_EXAMPLE: Final = ROOT / "tests" / "fixtures" / "sales-worked-example.json"

POLL_SECONDS: Final = 1.0
# A failed message comes back after 5, 10, 20 ... seconds: quiet for this long is more than a retry or three.
STALLED_SECONDS: Final = 180.0
# Each person acts by themselves, but the machine has few cores.
PEOPLE_AT_ONCE: Final = 3

LINE: Final = (
    Stage.INTERVIEWED,
    Stage.QUALIFIED,
    Stage.OFFER_DRAFTED,
    Stage.OFFER_SENT,
    Stage.SIGNED,
    Stage.CHECKING,
    Stage.CLEARED,
    Stage.ONBOARDED,
)
FINAL: Final = frozenset(
    {
        Stage.ONBOARDED,
        Stage.TALENT_POOL,
        Stage.OFFER_DECLINED,
        Stage.OFFER_EXPIRED,
        Stage.REJECTED,
        Stage.WITHDRAWN,
    }
)
_COLOURS: Final[Mapping[Stage, str]] = {
    Stage.ONBOARDED: "green",
    Stage.TALENT_POOL: "yellow",
    Stage.OFFER_DECLINED: "red",
    Stage.REJECTED: "red",
    Stage.IN_REVIEW: "magenta",
}

_SIGNS: Final = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<"}


class DemoFailed(Exception):
    """The demo did not come to its end; the message says where it stands and where to look."""


class Unavailable(DemoFailed):
    """The API did not answer, or not with sense: worth asking again."""


class Api:
    """The tenant's HTTP API, called as one of its OAuth clients; a token that has run out is replaced."""

    def __init__(self, stack: Stack, client: str) -> None:
        self._stack = stack
        self._client = client
        self._token = stack.access_token(client)
        self._http = httpx.Client(timeout=30, trust_env=False)

    def get(self, path: str, **query: str | int) -> Any:
        """The JSON answer; raises ``DemoFailed`` for any status but 2xx, ``Unavailable`` for 5xx or none."""
        return self._call("GET", path, params={name: value for name, value in query.items() if value != ""})

    def post(self, path: str, body: object) -> Any:
        """As ``get``."""
        return self._call("POST", path, json=body)

    def pages(self, path: str) -> list[dict[str, Any]]:
        """Every item of a list."""
        items: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.get(path, limit=100, cursor=cursor)
            items += page["items"]
            if not page["next"]:
                return items
            cursor = page["next"]

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self._send(method, path, **arguments)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._token = self._stack.access_token(self._client)
            answer = self._send(method, path, **arguments)
        if not answer.is_success:
            failure = Unavailable if answer.is_server_error else DemoFailed
            raise failure(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json()

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            return self._http.request(method, self._stack.api_url + path, headers=headers, **arguments)
        except httpx.TransportError as error:
            raise Unavailable(f"{method} {path}: {type(error).__name__} {error}") from None


@dataclass
class Person:
    """A candidate as the demo follows them."""

    candidate_id: str
    name: str
    role: str
    email: str | None
    part: Part
    stage: Stage | None = None
    score: float | None = None
    updated_at: str = ""
    since: float = 0.0
    """Seconds into the run at which the present stage was first seen."""


@dataclass
class Show:
    """What the run looks like so far, for the live table and the plain lines alike."""

    people: list[Person]
    upload: dict[str, Any] = field(default_factory=dict)
    trouble: str = ""
    """The last time the API could not be asked."""
    began: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    @property
    def done(self) -> bool:
        return self.upload.get("status") in ("finished", "failed") and all(
            person.stage in FINAL for person in self.people
        )


class Cast:
    """Plays the people: candidates sign or decline when the offer is there, HR decides what waits for a review."""

    def __init__(self, hr: Api, sandbox: httpx.Client) -> None:
        self._hr = hr
        self._sandbox = sandbox
        self._pool = ThreadPoolExecutor(PEOPLE_AT_ONCE)
        self._acting: dict[tuple[str, Stage], Future[None]] = {}
        self.troubles: dict[str, str] = {}

    def act(self, person: Person) -> None:
        """Set a person to what their stage asks of them; what failed is tried again at the next look."""
        acts: dict[Stage, Callable[[Person], None]] = {
            Stage.OFFER_SENT: self._answer_offer,
            Stage.IN_REVIEW: self._review,
        }
        if person.stage not in acts:
            return
        key = (person.candidate_id, person.stage)
        acting = self._acting.get(key)
        if acting is not None and acting.done() and (error := acting.exception()):
            self.troubles[person.candidate_id] = f"{type(error).__name__}: {error}"
            acting = None
        if acting is None:
            self._acting[key] = self._pool.submit(acts[person.stage], person)

    def close(self) -> None:
        """Nobody acts any more."""
        self._pool.shutdown(cancel_futures=True)

    def _answer_offer(self, person: Person) -> None:
        offer_id = self._hr.get(f"/candidates/{person.candidate_id}")["offer_id"]
        sign_url = self._hr.get(f"/offers/{offer_id}")["sign_url"]
        decision = (
            {"action": "decline", "reason": "已接受其他工作机会"}
            if person.part is Part.DECLINES
            else {"action": "sign"}
        )
        self._sandbox.post(sign_url, json=decision).raise_for_status()

    def _review(self, person: Person) -> None:
        reason = "已电话联系原单位人事部门,任职时间属实。"
        self._hr.post(f"/candidates/{person.candidate_id}/review", {"decision": "approve", "reason": reason})


def run(name: str, count: int, seed: int, console: Console) -> None:
    """The whole demo. Raises ``DemoFailed`` or ``LocalStackError``."""
    began = time.monotonic()

    def say(line: str) -> None:
        console.print(line, soft_wrap=True)

    stack = bring_up(name, say=lambda line: say(f"[dim]{line}[/dim]"))
    now = datetime.now(UTC)
    loaded = load_defaults(stack)
    say(f"configuration: {len(loaded)} documents, {sum(one.changed for one in loaded)} of them new")

    this_run = f"{now:%Y%m%d%H%M%S}"
    ingest, hr = Api(stack, "ingest"), Api(stack, "hr")
    people, filename, broken = _hand_in(stack, ingest, count, seed, this_run, say)
    show = Show(people)
    with httpx.Client(timeout=30, trust_env=False) as sandbox:
        cast = Cast(hr, sandbox)
        try:
            _watch(stack, hr, cast, show, filename, broken, console)
        finally:
            cast.close()
    took = show.elapsed
    _summary(stack, hr, show, console)
    total = time.monotonic() - began
    say(f"\n[bold green]Done[/bold green] in {total:.0f} s; the candidates took {took:.0f} s of it.")
    _how_to_go_on(stack, name, console)


def _hand_in(
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
            candidate_id=ids.candidate_id(VENDOR, interview["candidate"]["external_id"]),
            name=interview["candidate"]["name"],
            role=interview["position"]["role"],
            email=interview["candidate"].get("email"),
            part=part,
        )
        for interview, part in [(example, Part.PLAIN), *known]
    ]
    return people, filename, broken


# --- watching --------------------------------------------------------------------------------------------------------


def _watch(
    stack: Stack,
    hr: Api,
    cast: Cast,
    show: Show,
    filename: str,
    broken: Mapping[int, BrokenLine],
    console: Console,
) -> None:
    by_id = {person.candidate_id: person for person in show.people}
    live: Live | None = None
    if console.is_terminal:
        live = Live(console=console, auto_refresh=False, transient=True)
    context: AbstractContextManager[object] = live or nullcontext()
    last_change = time.monotonic()
    with context:
        while True:
            changed: list[tuple[Person, Stage | None]] = []
            try:
                changed = _look(hr, by_id, show, filename, broken)
            except Unavailable as error:
                show.trouble = str(error)
            for person, before in changed:
                if live is None:
                    console.print(_change(person, before), soft_wrap=True, highlight=False)
            if live is not None:
                live.update(_table(show, console), refresh=True)
            for person in show.people:
                cast.act(person)
            if show.done:
                break
            if changed:
                last_change = time.monotonic()
            elif time.monotonic() - last_change > STALLED_SECONDS:
                raise DemoFailed(_who_is_stuck(stack, show, cast))
            time.sleep(POLL_SECONDS)
    if live is not None:
        console.print(_table(show, console, whole=True))


def _look(
    hr: Api, by_id: Mapping[str, Person], show: Show, filename: str, broken: Mapping[int, BrokenLine]
) -> list[tuple[Person, Stage | None]]:
    """Ask where everybody stands; candidates of earlier runs are not ours."""
    if show.upload.get("status") not in ("finished", "failed"):
        uploads = hr.get("/uploads", filename=filename)["items"]
        show.upload = uploads[0] if uploads else {}
        if show.upload.get("status") in ("finished", "failed"):
            _check_report(show.upload, broken)
    changed = []
    for item in hr.pages("/candidates"):
        person = by_id.get(item["candidate_id"])
        # The list is read stage by stage, so somebody who moves meanwhile can show up twice: the later one counts.
        if person is None or person.stage == item["stage"] or item["updated_at"] < person.updated_at:
            continue
        before, person.stage, person.score = person.stage, Stage(item["stage"]), item["overall"]
        person.since, person.updated_at = show.elapsed, item["updated_at"]
        changed.append((person, before))
    return changed


def _change(person: Person, before: Stage | None) -> str:
    colour = _COLOURS.get(person.stage, "default") if person.stage else "default"
    score = "" if person.score is None else f"{person.score:.2f}"
    way = f"{before} → " if before else ""
    return (
        f"{person.since:6.1f} s  {set_cell_size(person.name, 14)} {_role(person.role):<10} {score:>6}  "
        f"{way}[{colour}]{person.stage}[/{colour}]"
    )


def _role(role: str) -> str:
    return role.partition("_")[0]


def _table(show: Show, console: Console, *, whole: bool = False) -> Panel:
    """Everybody, in as many columns as fit; on a small screen those who still move come first."""
    cell_width = 14 + 10 + 7 + len(LINE) + 1 + 15
    columns = max(1, (console.width - 4) // (cell_width + 2))
    room = len(show.people) if whole else columns * max(5, console.height - 5)
    people = show.people
    if len(people) > room:
        people = sorted(people, key=lambda person: (person.stage in FINAL, -person.since))[:room]
    grid = Grid.grid(padding=(0, 2, 0, 0))
    rows = -(-len(people) // columns)
    for row in range(rows):
        grid.add_row(*(_cell(person) for person in people[row::rows]))
    counts = Counter(str(person.stage) for person in show.people if person.stage)
    upload = show.upload
    title = f"{show.elapsed:.0f} s · " + (
        f"file {upload['status']}: {upload['accepted']} accepted, {upload['rejected']} rejected"
        if upload
        else "file on its way"
    )
    footer = Text(
        " · ".join(f"{stage} {counts[stage]}" for stage in map(str, Stage) if counts[stage]) or "waiting"
    )
    return Panel(Group(grid, footer), title=title, title_align="left", padding=(0, 1))


def _cell(person: Person) -> Text:
    stage = person.stage
    colour = _COLOURS.get(stage, "cyan") if stage else "dim"
    reached = LINE.index(stage) + 1 if stage in LINE else 0
    dots = "●" * reached + "○" * (len(LINE) - reached) if reached else "·" * len(LINE)
    name = set_cell_size(person.name, 13) if cell_len(person.name) > 13 else person.name
    text = Text(set_cell_size(name, 14) + f"{_role(person.role):<10}")
    text.append(f"{person.score:6.2f} " if person.score is not None else " " * 7)
    text.append(f"{dots} {stage or '':<14}", style=colour)
    return text


def _who_is_stuck(stack: Stack, show: Show, cast: Cast) -> str:
    lines = [f"nothing has moved for {STALLED_SECONDS:.0f} s"]
    if show.trouble:
        lines.append(f"  the API, at some time: {show.trouble}")
    if show.upload.get("status") not in ("finished", "failed"):
        lines.append(f"  the file: {show.upload.get('status', 'not noticed yet')}")
    for person in show.people:
        if person.stage not in FINAL:
            trouble = cast.troubles.get(person.candidate_id)
            lines.append(
                f"  {person.name} ({person.candidate_id}): {person.stage or 'not in the list'}"
                f" since {person.since:.0f} s" + (f"; {trouble}" if trouble else "")
            )
    lines += [
        "messages waiting:",
        *(f"  {line}" for line in _queues(stack)),
        f"log of the functions: {stack.server_log}",
    ]
    return "\n".join(lines)


def _queues(stack: Stack) -> list[str]:
    lines = []
    for stack_name in (stack.stack_name, stack.sandbox_stack_name):
        queues = redrive.stack_queues(
            stack.session.client("cloudformation"), stack.session.client("sqs"), stack_name
        )
        lines += [
            f"{stack_name} {queue.logical_id}: {queue.waiting}"
            + (" (dead letters)" if queue.holds_failures else "")
            for queue in queues
            if queue.waiting or queue.holds_failures
        ]
    return lines


def _check_report(upload: Mapping[str, Any], broken: Mapping[int, BrokenLine]) -> None:
    """The file's report must name the broken lines and no other."""
    named = {(error["line"], error["path"]) for error in upload["errors"]}
    expected = {(number, bad.path) for number, bad in broken.items()}
    if upload["status"] != "finished" or named != expected:
        raise DemoFailed(f"the file's report should name {sorted(expected)}, and names {upload['errors']}")


# --- the summary -----------------------------------------------------------------------------------------------------


def _summary(stack: Stack, hr: Api, show: Show, console: Console) -> None:
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
    console.print(f"{reviewed:4}  of them decided by HR after an unclear background check", highlight=False)

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


def _how_to_go_on(stack: Stack, name: str, console: Console) -> None:
    about = (
        ("API", stack.api_url),
        ("documentation", f"{stack.api_url}/docs"),
        ("embedded AWS", stack.endpoint_url),
        ("to drive it", str(Path(".local") / ("stack.json" if name == "demo" else f"{name}/stack.json"))),
        ("log", stack.server_log),
        ("again", "make demo"),
        ("stop", "make down"),
    )
    for title, where in about:
        console.print(f"  {title:<14} {where}", highlight=False, soft_wrap=True)


def main(
    name: Annotated[str, typer.Option(help="Which embedded stack.")] = "demo",
    interviews: Annotated[int, typer.Option(help="How many to invent.", min=2)] = 44,
    seed: Annotated[int, typer.Option(help="Other seeds, other people.")] = 2026,
) -> None:
    """Build, start, deploy, and watch candidates go from interview to onboarded."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 110
    try:
        run(name, interviews, seed, console)
    except (DemoFailed, LocalStackError, InvalidConfiguration) as error:
        Console(stderr=True).print(Text(f"\nThe demo failed: {error}", style="red"), soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print(
            "\nStopped watching. The stack still runs: `make demo` goes on with it, `make down` stops it."
        )
        sys.exit(130)


if __name__ == "__main__":
    typer.run(main)
