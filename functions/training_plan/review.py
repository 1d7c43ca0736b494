"""``training.progressed`` or ``performance.recorded`` -> the plan adapts, HR is warned, the probation is scored."""

from typing import Any

from rencai import wiring
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind the two events calls this. What it does is decided by what is known, not by the event."""

    def act(told: BusEvent) -> None:
        wiring.training().review(told.detail.subject.id, wiring.clock())

    return consume_events(event, context, wiring.queue(), act)
