"""Functions that a schedule calls: as much as fits their time, and the next run goes on."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from rencai.kernel.errors import VendorUnavailable
from rencai.kernel.page import Page
from rencai.store.cursors import Cursors

from .observability import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Item = TypeVar("Item")
HasTime = Callable[[], bool]
"""Whether there is time to begin another page."""


def time_is_left(context: "LambdaContext", reserve_milliseconds: int) -> HasTime:
    """Whether more of the function's time is left than ``reserve_milliseconds``, which a page may take."""
    return lambda: context.get_remaining_time_in_millis() > reserve_milliseconds


def run_pull(pull: Callable[[], Any]) -> None:
    """Pull from a vendor and log what came of it. A vendor that is not there is asked again by the next run; one that
    refuses is an error of the function, and an alarm.
    """
    try:
        pulled = pull()
    except VendorUnavailable as error:
        logger.warning("pull ended early", extra={"reason": str(error)})
        return
    logger.info("pulled", extra=vars(pulled))


def pages_since(
    read: Callable[[str | None], Page[Item]], cursors: Cursors, feed: str, now: datetime, has_time: HasTime
) -> Iterator[Page[Item]]:
    """A vendor's feed page by page from where the last run ended, while there is more and time to take it.

    The place is kept once a page was taken, so a run that broke off takes its last page again.
    """
    more = True
    while more and has_time():
        since = cursors.get(feed)
        page = read(since)
        yield page
        if page.next is not None and page.next != since:
            cursors.put(feed, page.next, now)
        more = page.more
