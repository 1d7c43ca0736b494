"""Functions that a schedule calls: as much as fits their time, and the next run goes on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rencai.domain.errors import VendorUnavailable

from .observability import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

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
