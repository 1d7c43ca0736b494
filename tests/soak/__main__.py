"""The command: ``python -m tests.soak``; see the package."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from rich.console import Console

from infra.local.defaults import load_defaults
from infra.local.demo.api import DemoFailed
from infra.local.layout import LocalStackError
from infra.local.stack import Stack, bring_up, stop
from rencai.hiring.rules.documents import HIRING_POLICY
from rencai.store.configurations import Configurations
from rencai.store.table import Table
from tests.e2e.outsider import Outsider
from tests.soak import checks, figures
from tests.soak.beside import Beside, colleagues
from tests.soak.driver import Soak
from tests.soak.logs import every_line
from tests.soak.people import SEED, invented
from tests.soak.queues import Queues
from tests.soak.sandbox import EVERYTHING_AT_ONCE, VENDORS, Sandbox

STACK: Final = "soak"
FEWEST: Final = 20
"""Fewer candidates do not do everything there is to do."""

# A silent vendor is asked after a minute or two, and a stage of our own that stands still is taken up again.
POLICY: Final[dict[str, Any]] = {
    "stage_due_hours": {
        "interviewed": 0.1,
        "qualified": 0.1,
        "offer_drafted": 0.1,
        "offer_sent": 0.04,
        "signed": 0.05,
        "checking": 0.03,
        "in_review": 24,
        "cleared": 0.05,
    },
    "ask_again_after_hours": 0,
    "remind_after_hours": 0.02,
    "raise_after_hours": 0.05,
    "assessment_due_hours": 0.03,
}


def main() -> int:
    """Soak, compare, print; 1 when anything disagrees or the time ran out."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--candidates", type=int, default=500, help=f"at least {FEWEST}")
    parser.add_argument("--colleagues", type=int, default=40, help="employees who were here before")
    parser.add_argument("--seed", type=int, default=SEED, help="another one invents other candidates")
    parser.add_argument("--minutes", type=float, default=45, help="when to give up")
    parser.add_argument("--keep", action="store_true", help="leave the stack running, to look into it")
    arguments = parser.parse_args()
    if arguments.candidates < FEWEST:
        parser.error(f"at least {FEWEST} candidates")
    console = Console(soft_wrap=True, highlight=False)
    try:
        stack = bring_up(STACK, fresh=True, say=console.print)
        return _soak(stack, arguments, console)
    finally:
        if not arguments.keep:
            stop(STACK)


def _soak(stack: Stack, arguments: argparse.Namespace, console: Console) -> int:
    limit = timedelta(minutes=arguments.minutes)
    load_defaults(stack)
    _be_impatient(stack)
    sandbox = Sandbox(stack)
    for vendor in VENDORS:
        sandbox.misbehave(vendor, EVERYTHING_AT_ONCE)
    run = f"soak{datetime.now(UTC):%m%d%H%M%S}"
    people = invented(arguments.candidates, run, stack.ids, arguments.seed)
    beside = Beside(stack, colleagues(arguments.colleagues, run, stack), console.print)
    soak = Soak(stack, people, console.print, filename=f"interviews/{run}.jsonl", beside=beside)
    began = time.monotonic()
    still_open = soak.run(limit)
    seconds = time.monotonic() - began
    outsider = Outsider(stack, "")
    night = beside.last_night()
    books = checks.Books(
        people=people,
        record=soak.record(),
        ledgers={
            vendor: sandbox.ledger(vendor) for vendor in VENDORS if vendor not in ("finance", "benefits")
        },
        deliveries=sandbox.deliveries(),
        mail=outsider.letters(),
        dead_letters=Queues(stack).dead_letters(),
        logs=list(every_line(stack)),
        colleagues=[one.employee_id for one in beside.them],
        night=night,
    )
    found = checks.disagreements(books)
    found += [f"the nights broke off: {type(error).__name__}: {error}" for error in beside.broken]
    if still_open:
        found = [f"not settled after {limit}", *still_open, *(one for one in found if one not in still_open)]
    measured = figures.measured(books, seconds, soak.troubles)
    measured |= {"seed": arguments.seed, "colleagues": len(beside.them), "nights": beside.nights}
    figures.keep(measured, found)
    console.print(figures.table(measured))
    console.print(f"written to {figures.FILE}")
    for one in found:
        console.print(f"[red]{one}[/red]")
    console.print("[red]the books disagree[/red]" if found else "[green]the books agree, one to one[/green]")
    return 1 if found else 0


def _be_impatient(stack: Stack) -> None:
    table = Table(stack.session.client("dynamodb"), stack.table)
    now = datetime.now(UTC)
    configurations = Configurations(table, lambda: now)
    configurations.put(HIRING_POLICY, "default", POLICY, actor="soak", now=now)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (LocalStackError, DemoFailed) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        sys.exit(1)
