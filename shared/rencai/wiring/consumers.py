"""Handlers of what AWS calls without a person waiting: made of an ``act`` that takes what is wired."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rencai import wiring
from rencai.platform.consumer import BusEvent, consume, consume_events
from rencai.platform.observability import logger

from . import Wired

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Handler = Callable[[dict[str, Any], Any], Any]


def on_event(act: Callable[[Wired, BusEvent], object]) -> Handler:
    """The handler of a queue behind a bus rule: ``act`` on each event, by itself (``consume_events``)."""
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        wired = wiring.container()
        return consume_events(event, context, wired.queue, lambda told: act(wired, told))

    return handler


def on_batch(acting: Callable[[Wired], Callable[[BusEvent], object]]) -> Handler:
    """``on_event`` for what keeps something from one event of a batch to the next: ``acting`` is asked once a batch."""
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        wired = wiring.container()
        return consume_events(event, context, wired.queue, acting(wired))

    return handler


def on_message(act: Callable[[Wired, str], object]) -> Handler:
    """The handler of any other queue: ``act`` on each message's body (``consume``)."""
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        wired = wiring.container()
        return consume(event, context, wired.queue, lambda body: act(wired, body))

    return handler


def on_schedule(act: Callable[[Wired, "LambdaContext"], Any]) -> Handler:
    """The handler of a schedule, and of an admin who asks for a run."""
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(_: dict[str, Any], context: "LambdaContext") -> Any:
        return act(wiring.container(), context)

    return handler
