"""On schedule -> what the ATS's webhooks may have missed (A6), page by page from where the last run ended.

The place is kept after each page, so a crash repeats one page, and finds its applications on record.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rencai.kernel.errors import DomainError, LostRace
from rencai.people.recognition import Recognition
from rencai.people.rules.ports import Ats
from rencai.platform.observability import logger
from rencai.platform.schedules import HasTime, pages_since, run_pull, time_is_left
from rencai.store.cursors import Cursors
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule

_RESERVE_MILLISECONDS: Final = 60_000
"""What is left of the function's time when no other page is begun: more than a page of slow answers takes."""


@dataclass
class Pulled:
    """What a run came to. ``refused`` broke a rule of ours, ``skipped`` were not in their contract."""

    pages: int = 0
    applications: int = 0
    refused: int = 0
    skipped: int = 0


def pull_applications(
    *,
    ats: Ats,
    feed: str,
    cursors: Cursors,
    recognition: Recognition,
    now: datetime,
    has_time: HasTime,
) -> Pulled:
    """Read until there is nothing new or no time. Raises ``VendorUnavailable`` with all pages before it kept."""
    pulled = Pulled()
    for page in pages_since(ats.applications, cursors, feed, now, has_time):
        for application in page.items:
            try:
                recognition.application(application, told_at=now, actor="ats", now=now)
            except LostRace:
                raise
            except DomainError as error:
                # A rule says no, and will again: the others must not wait for this one.
                logger.warning("application refused", extra={"reason": error.code})
                pulled.refused += 1
        pulled.pages += 1
        pulled.applications += len(page.items)
        pulled.skipped += page.skipped
    return pulled


def act(wired: Wired, context: Any) -> None:
    """The schedule calls this."""
    run_pull(
        lambda: pull_applications(
            ats=wired.vendors.ats,
            feed=wired.vendors.feed("ats"),
            cursors=wired.cursors,
            recognition=wired.people.recognition,
            now=wired.clock(),
            has_time=time_is_left(context, _RESERVE_MILLISECONDS),
        )
    )


handler = on_schedule(act)
