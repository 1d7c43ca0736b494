"""What a risk policy would come to, said before it is stored (F4)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from infra.admin.configuration import Document
from rencai.kernel.configuration import validated
from rencai.pressure.rules.policy import RISK_POLICY, RiskLevel
from rencai.pressure.rules.preview import TOO_MANY_PERCENT, Change, PolicyPreview
from rencai.pressure.store.cards import MOST_URGENT_FIRST, Cards
from rencai.pressure.store.scans import Scans
from rencai.reading.readers import Words
from rencai.reading.rules.classifier import CLASSIFIER
from rencai.reading.rules.clauses import SCOPE_WORDS
from rencai.reading.rules.lexicon import LEXICON
from rencai.store.configurations import Configurations
from rencai.store.table import Table

SHOWN: Final = 20
"""Changes that are printed; all of them go into a file."""
_NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True)
class Previewed:
    """The preview, and the scan whose day it is of; None: there was none yet, and the day is today."""

    preview: PolicyPreview
    scan_id: str | None


def preview(document: Document, table: Table, configurations: Configurations, today: date) -> Previewed:
    """Hold a risk policy that is about to be stored, and the one that counts, against everybody's card as of the last
    finished scan. Reads all cards: 0.5 read units for 4 KB, some 19 for 1,000 people.
    """
    scan = Scans(table).latest()
    proposed = validated(RISK_POLICY, document.name, document.content)
    found = PolicyPreview(configurations.latest(RISK_POLICY).document, proposed, scan.day if scan else today)
    cards = Cards(table)
    for shard in range(cards.shards):
        for page in cards.pages(shard):
            found.add([(item["sk"]["S"], item["card"]["B"]) for item in page])
    return Previewed(found, scan.scan_id if scan else None)


def sealed(document: Document) -> str | None:
    """What is said of a document that surveys' words are read by, before it is stored; None: they are not."""
    # What people answered is sealed, as the survey promises them, and nobody opens it to try a reader: what another one
    # would say cannot be shown for it, as it can for interviews.
    if document.kind is not SCOPE_WORDS and (
        document.kind not in (LEXICON, CLASSIFIER) or document.name != Words.SURVEY
    ):
        return None
    return (
        "not shown: what it would say of surveys, for their words are sealed. It counts for each employee from when "
        "something is told of them; the next scan shows what it came to"
    )


def said(previewed: Previewed) -> Iterator[str]:
    """The preview in sentences."""
    found = previewed.preview
    of = f"scan {previewed.scan_id}" if previewed.scan_id else "no scan has run yet"
    if not found.people:
        yield f"nobody is on file as of {found.day} ({of}): what this policy would flag cannot be shown"
        return
    yield f"the cards of {found.people:,} people as of {found.day} ({of}):"
    yield f"  {'':8}{'as it is':>18}{'by this file':>18}"
    for level in MOST_URGENT_FIRST:
        yield _line(level.value, found, found.before[level], found.after[level])
    yield _line(_NOBODY, found, found.people - found.before.total(), found.people - found.after.total())
    yield from _changes(found)
    if found.words_not_looked_at:
        yield (
            f"not in these figures: words rules {', '.join(found.words_not_looked_at)} are new or changed, and what an "
            "answer says is looked at when something is told of the employee (it is sealed, and not read for this)"
        )
    if found.never_answered:
        yield (
            f"note: survey.questions names {', '.join(found.never_answered)}, and nobody's latest survey has a score"
            " of that: check how the survey form, or the import's mapping, calls it"
        )
    if found.flags_too_many:
        yield (
            f"WARNING: this policy flags {found.percent(found.after.total())} % of the people; above "
            f"{TOO_MANY_PERCENT} % an alert tells HR little about anybody"
        )


def _line(name: str, found: PolicyPreview, before: int, after: int) -> str:
    shares = (f"{count:,} ({found.percent(count)} %)" for count in (before, after))
    return f"  {name:8}" + "".join(f"{share:>18}" for share in shares)


def _changes(found: PolicyPreview) -> Iterator[str]:
    changes = found.changes
    if not changes:
        yield "nobody changes"
        return
    newly = sum(one.before is None for one in changes)
    gone = sum(one.after is None for one in changes)
    yield (
        f"{len(changes):,} people change: {newly:,} newly flagged, {gone:,} no longer, "
        f"{len(changes) - newly - gone:,} to another level"
    )
    for one in changes[:SHOWN]:
        yield f"  {one.employee_id}: {_named(one.before)} -> {_named(one.after)}"
    if len(changes) > SHOWN:
        yield f"  and {len(changes) - SHOWN:,} more; --changes FILE writes all of them"


def _named(level: RiskLevel | None) -> str:
    return level.value if level else "not flagged"


def write_changes(changes: list[Change], file: Path) -> None:
    """Everybody who changes, as CSV: employee_id, before, after ("": not flagged)."""
    with file.open("w", encoding="utf-8", newline="") as text:
        rows = csv.writer(text)
        rows.writerow(("employee_id", "before", "after"))
        rows.writerows(
            (one.employee_id, one.before.value if one.before else "", one.after.value if one.after else "")
            for one in changes
        )


def agreed(previewed: Previewed, ask: Callable[[str], bool] | None) -> bool:
    """Whether it may be stored: somebody who can be asked is, where it flags too many. None: nobody can."""
    if ask is None or not previewed.preview.flags_too_many:
        return True
    return ask("Store it all the same?")
