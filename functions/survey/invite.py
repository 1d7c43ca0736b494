"""On schedule, once a month in the tenant's time zone -> the month's survey begun, all employees handed out."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from rencai import wiring
from rencai.domain.survey import SurveyForm
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.store.survey_rounds import SurveyRounds

from .messages import LettersQueue, PartToAsk, ShardToAsk


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


@logger.inject_lambda_context(clear_state=True)
def handler(_: dict[str, Any], __: Any) -> None:
    """The schedule calls this; so may an admin, for who came since."""
    now = wiring.clock()
    begin(
        now.astimezone(wiring.zone()).date(),
        form=wiring.configurations().survey_form(),
        rounds=wiring.survey_rounds(),
        shards=wiring.cards().shards,
        send=LettersQueue(wiring.client("sqs"), settings()["LETTERS_QUEUE_URL"]).send,
        now=now,
    )
