"""On schedule -> what the ATS's webhooks may have missed (A6), page by page from where the last run ended.

The place is kept after each page, so a crash repeats one page, and finds its applications on record.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rencai import wiring
from rencai.domain.errors import DomainError, LostRace
from rencai.platform.observability import logger
from rencai.platform.schedules import HasTime, run_pull, time_is_left
from rencai.recognition import Recognition
from rencai.store.cursors import Cursors
from rencai.vendors.ats import Ats

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
    more = True
    while more and has_time():
        since = cursors.get(feed)
        page = ats.applications(since)
        for application in page.items:
            try:
                recognition.application(application, told_at=now, actor="ats", now=now)
            except LostRace:
                raise
            except DomainError as error:
                # A rule says no, and will again: the others must not wait for this one.
                logger.warning("application refused", extra={"reason": error.code})
                pulled.refused += 1
        if page.next is not None and page.next != since:
            cursors.put(feed, page.next, now)
        pulled.pages += 1
        pulled.applications += len(page.items)
        pulled.skipped += page.skipped
        more = page.more
    return pulled


@logger.inject_lambda_context(clear_state=True)
def handler(_: dict[str, Any], context: Any) -> None:
    """The schedule calls this."""
    run_pull(
        lambda: pull_applications(
            ats=wiring.ats(),
            # A place in one ATS's feed means nothing to another's.
            feed=f"ats-{wiring.configurations().vendor_connection('ats').dialect}",
            cursors=wiring.cursors(),
            recognition=wiring.recognition(),
            now=wiring.clock(),
            has_time=time_is_left(context, _RESERVE_MILLISECONDS),
        )
    )
