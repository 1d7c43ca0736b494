"""On schedule -> what the LMS's webhooks may have missed (C2); with an LMS that has none, all there is.

An LMS with a feed is read page by page from where the last run ended; one that has to be asked is asked about every
enrolment that is not completed. The place is kept after each page, so a crash repeats one page, and the facts are
idempotent.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rencai.kernel.errors import NotFound
from rencai.kernel.page import Page
from rencai.platform.schedules import HasTime, pages_since, run_pull, time_is_left
from rencai.store.cursors import Cursors
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.ports import Lms
from rencai.training.store.enrolments import Enrolments
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule

_ASKED_AT_ONCE: Final = 5
"""Enrolments; each may take two calls."""
_RESERVE_MILLISECONDS: Final = 120_000
"""What is left of the function's time when no other page is begun: more than a page of slow answers takes."""


@dataclass
class Pulled:
    """What a run came to. ``unknown``: enrolments not on record (yet); ``skipped``: the LMS told nothing of them, or of
    time to come.
    """

    pages: int = 0
    facts: int = 0
    news: int = 0
    unknown: int = 0
    skipped: int = 0
    finished: bool = False


def pull_progress(
    *,
    lms: Lms,
    feed: str,
    enrolments: Enrolments,
    cursors: Cursors,
    now: datetime,
    has_time: HasTime,
) -> Pulled:
    """Read until there is nothing new or no time; ``feed`` names the place to go on from.

    Raises ``VendorUnavailable`` with all pages before it kept.
    """
    pulled = Pulled()
    if lms.asked_by_enrolment:
        while has_time() and not pulled.finished:
            _ask_a_page(pulled, lms, feed, enrolments, cursors, now)
        return pulled
    for page in pages_since(lms.progress, cursors, feed, now, has_time):
        _take(pulled, page, enrolments, now)
        pulled.finished = not page.more
    return pulled


def _ask_a_page(
    pulled: Pulled, lms: Lms, feed: str, enrolments: Enrolments, cursors: Cursors, now: datetime
) -> None:
    unfinished, last = enrolments.unfinished(_ASKED_AT_ONCE, cursors.get(feed), now)
    if unfinished:
        _take(pulled, lms.progress(None, unfinished), enrolments, now)
    cursors.put(feed, last, now)
    pulled.finished = last is None


def _take(pulled: Pulled, page: Page[CourseProgressed], enrolments: Enrolments, now: datetime) -> None:
    pulled.pages += 1
    pulled.facts += len(page.items)
    pulled.skipped += page.skipped
    taken = enrolments.take(page.items, now)
    pulled.news += taken.news
    pulled.unknown += len(taken.unknown)
    pulled.skipped += taken.ahead
    for fact in taken.unknown:
        _keep(fact, enrolments, now)


def _keep(fact: CourseProgressed, enrolments: Enrolments, now: datetime) -> None:
    """Somebody else's, or ours and not on record yet; the feed will not tell it again."""
    enrolments.keep(fact, now)
    # It may have come on record, and claimed what was kept, a moment before this was.
    with suppress(NotFound):
        enrolments.progress(fact, now)


def act(wired: Wired, context: Any) -> None:
    """The schedule calls this."""
    run_pull(
        lambda: pull_progress(
            lms=wired.vendors.lms,
            feed=wired.vendors.feed("lms"),
            enrolments=wired.training.enrolments,
            cursors=wired.cursors,
            now=wired.clock(),
            has_time=time_is_left(context, _RESERVE_MILLISECONDS),
        )
    )


handler = on_schedule(act)
