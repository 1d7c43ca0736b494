"""On schedule -> every survey that has closed since is handed out to be counted. So may an admin, at any time."""

from dataclasses import asdict

from rencai.platform.observability import logger
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule


def act(wired: Wired, _: object) -> dict[str, list[str]]:
    """The schedule calls this; the months that are counted now."""
    outbox = wired.outbox("FIGURES_QUEUE_URL")
    months = wired.survey.closing.begin_due(lambda told: outbox.send(asdict(told)), wired.clock())
    logger.info("surveys closed", extra={"months": months})
    return {"months": months}


handler = on_schedule(act)
