"""The demo's run, live: who stands where, and what is in the way when nobody moves."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from infra.admin import redrive
from infra.local import Stack
from infra.local.candidates import BrokenLine
from infra.local.demo.api import Api, DemoFailed, Unavailable
from infra.local.demo.people import FINAL, LINE, Cast, Person, Show
from rencai.hiring.rules.stages import Stage

POLL_SECONDS: Final = 1.0
# A failed message comes back after 5, 10, 20 ... seconds: quiet for this long is more than a retry or three.
STALLED_SECONDS: Final = 180.0

_COLOURS: Final[Mapping[Stage, str]] = {
    Stage.ONBOARDED: "green",
    Stage.TALENT_POOL: "yellow",
    Stage.OFFER_DECLINED: "red",
    Stage.REJECTED: "red",
    Stage.IN_REVIEW: "magenta",
}


def watch(
    stack: Stack,
    hr: Api,
    cast: Cast,
    show: Show,
    filename: str,
    broken: Mapping[int, BrokenLine],
    console: Console,
) -> None:
    """Look until everybody has come to the end of their way. Raises ``DemoFailed`` when nothing moves any more."""
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
