"""Handlers of what AWS calls without a person waiting: made of an ``act`` that takes what is wired."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rencai import wiring
from rencai.kernel.errors import DomainError
from rencai.kernel.events import SubjectKind
from rencai.platform.consumer import BusEvent, GiveUp, consume, consume_events, event_in
from rencai.platform.observability import logger

from . import Wired

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Handler = Callable[[dict[str, Any], Any], Any]
Failing = Callable[[Wired, str, DomainError], object]
"""Has what a message's body is about fail, for good and with this reason; see ``GiveUp``."""


def on_event(act: Callable[[Wired, BusEvent], object], give_up: Failing | None = None) -> Handler:
    """The handler of a queue behind a bus rule: ``act`` on each event, by itself (``consume_events``).

    ``give_up``: what is done of an event that it dies with; without one, the subject is told (``work.abandoned``).
    """
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        wired = wiring.container()
        return consume_events(
            event,
            context,
            wired.queue,
            wired.attempts,
            lambda told: act(wired, told),
            giving_up(wired, give_up),
        )

    return handler


def on_batch(
    acting: Callable[[Wired], Callable[[BusEvent], object]], give_up: Failing | None = None
) -> Handler:
    """``on_event`` for what keeps something from one event of a batch to the next: ``acting`` is asked once a batch."""
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        wired = wiring.container()
        return consume_events(
            event, context, wired.queue, wired.attempts, acting(wired), giving_up(wired, give_up)
        )

    return handler


def on_message(act: Callable[[Wired, str], object], give_up: Failing | None = None) -> Handler:
    """The handler of any other queue: ``act`` on each message's body (``consume``); ``give_up`` as for events,
    and it is called of one that fails at its last receipt as well.
    """
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        wired = wiring.container()
        return consume(
            event,
            context,
            wired.queue,
            wired.attempts,
            lambda body: act(wired, body),
            giving_up(wired, give_up),
            in_the_end=give_up is not None,
        )

    return handler


def giving_up(wired: Wired, give_up: Failing | None) -> GiveUp:
    """How a message that kills whoever has it is given up: by ``give_up``. Without one, where the message is an event,
    a delivery is settled, and of anything else it is told.
    """

    def given_up(record: dict[str, Any], reason: DomainError) -> None:
        if give_up:
            give_up(wired, record["body"], reason)
            return
        told = event_in(record["body"])
        if told is None:
            return
        subject = told.detail.subject
        if subject.kind is SubjectKind.DELIVERY:
            from rencai.inbox.deliveries import DeliveryStatus

            wired.inbox.deliveries.settle(subject.id, DeliveryStatus.FAILED, reason.said, wired.clock())
        else:
            by = record.get("eventSourceARN", "").rpartition(":")[2]
            wired.attempts.given_up(record["messageId"], subject, told.name, by)

    return given_up


def on_schedule(act: Callable[[Wired, "LambdaContext"], Any]) -> Handler:
    """The handler of a schedule, and of an admin who asks for a run."""
    wiring.container()

    @logger.inject_lambda_context(clear_state=True)
    def handler(_: dict[str, Any], context: "LambdaContext") -> Any:
        return act(wiring.container(), context)

    return handler
