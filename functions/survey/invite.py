"""On schedule, once a month in the tenant's time zone -> the month's survey begun, all employees handed out."""

from collections.abc import Callable
from datetime import date, datetime

from rencai.platform.observability import logger
from rencai.survey.rules.survey import SURVEY_FORM, SurveyForm
from rencai.survey.store.rounds import SurveyRounds
from rencai.wiring import Wired
from rencai.wiring.consumers import on_schedule

from .messages import PartToAsk, ShardToAsk, to_message


def begin(
    today: date,
    *,
    form: SurveyForm,
    rounds: SurveyRounds,
    shards: int,
    send: Callable[[ShardToAsk | PartToAsk], None],
    now: datetime,
) -> None:
    """Begin the survey of ``today``'s month and hand every shard out.

    Done again in the month it hands the same out again with the same last day: who was written to is not written to
    again, and who has come since is.
    """
    month = f"{today:%Y-%m}"
    closes_on = rounds.open(month, form.closes_on(today), now)
    if today > closes_on:
        logger.info("this month's survey is closed", extra={"month": month})
        return
    for shard in range(shards):
        send(ShardToAsk(month, closes_on, shard))
    logger.info("survey begun", extra={"month": month, "closes_on": closes_on.isoformat(), "shards": shards})


def act(wired: Wired, _: object) -> None:
    """The schedule calls this; so may an admin, for who came since."""
    now, outbox = wired.clock(), wired.outbox("LETTERS_QUEUE_URL")
    begin(
        now.astimezone(wired.zone).date(),
        form=wired.configurations.latest(SURVEY_FORM).document,
        rounds=wired.survey.rounds,
        shards=wired.pressure.cards.shards,
        send=lambda told: outbox.send(to_message(told)),
        now=now,
    )


handler = on_schedule(act)
