"""A shard of employees -> its parts; a part -> a letter with a signed link to each who works and can be reached."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from rencai import wiring
from rencai.correspondence import Addressee, Correspondence
from rencai.domain.employee import Employee
from rencai.domain.errors import NotFound
from rencai.domain.survey import Invitation
from rencai.platform.consumer import Retry, consume
from rencai.platform.observability import logger
from rencai.platform.settings import settings
from rencai.platform.survey_links import SurveyLinks
from rencai.store.employees import Employees
from rencai.store.people import People
from rencai.store.survey_rounds import Asked, SurveyRounds

from .messages import LettersQueue, PartToAsk, ShardToAsk, from_body

AT_ONCE: Final = 50
"""Employees a part: some ten seconds of letters."""
LETTER: Final = "survey_invitation"


def cut(
    told: ShardToAsk, employee_ids: Iterable[str], send: Callable[[ShardToAsk | PartToAsk], None]
) -> None:
    """Hand a shard's employees out, part by part, as they are read."""
    rest = iter(employee_ids)
    for number, part in enumerate(_batches(rest)):
        send(PartToAsk(told.month, told.closes_on, told.shard, number, part))


def _batches(rest: Iterator[str]) -> Iterator[list[str]]:
    while part := list(islice(rest, AT_ONCE)):
        yield part


def write_letters(
    part: PartToAsk,
    *,
    employees: Employees,
    people: People,
    correspondence: Correspondence,
    links: SurveyLinks,
    rounds: SurveyRounds,
    group_size: int,
    language: str,
    today: date,
    now: datetime,
) -> Asked:
    """Write to each employee of a part who works today; ``language`` is for who has none.

    Raises ``Retry`` when some could not be written to now: the others were, and are not again.
    """
    if today > part.closes_on:
        # It waited, in an outage or among the dead letters, for longer than there is to answer.
        logger.warning("too late to ask", extra={"month": part.month, "shard": part.shard})
        return Asked()
    asked, refused = Asked(), None
    for employee in employees.get_all(part.employee_ids).values():
        if not (employee.starts_on <= today and employee.works_on(today)):
            continue
        addressee = _addressee(employee, people, language)
        if addressee.email is None:
            asked += Asked(without_address=1)
            continue
        values = {
            "name": employee.name,
            "month": date.fromisoformat(f"{part.month}-01"),
            "url": links.url(Invitation(employee.employee_id, part.month, part.closes_on)),
            "closes_on": part.closes_on,
            "group_size": group_size,
        }
        try:
            correspondence.write_to(addressee, LETTER, part.month, values, now)
        except Retry as error:
            # One address that is refused must not keep the others waiting.
            refused = error
            continue
        asked += Asked(invited=1)
    # Who was written to was asked, whether or not the others ever can be.
    rounds.part_done(part.month, part.shard, part.number, asked)
    if refused:
        raise refused
    logger.info(
        "asked",
        extra={
            "month": part.month,
            "shard": part.shard,
            "part": part.number,
            "invited": asked.invited,
            "without_address": asked.without_address,
        },
    )
    return asked


def _addressee(employee: Employee, people: People, language: str) -> Addressee:
    """How somebody is reached: as the candidate they were, else as another system had them."""
    email, locale = employee.email, employee.locale
    if employee.candidate_id:
        try:
            person = people.get(employee.candidate_id)
            email, locale = person.email or email, person.locale
        except NotFound:
            logger.info("no candidate's record", extra={"subject": employee.employee_id})
    return Addressee(employee.employee_id, email, locale or language)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The letters' queue calls this."""

    def act(body: str) -> None:
        told = from_body(body)
        if isinstance(told, ShardToAsk):
            queue = LettersQueue(wiring.client("sqs"), settings()["QUEUE_URL"])
            cut(told, wiring.cards().employee_ids(told.shard), queue.send)
            return
        now = wiring.clock()
        write_letters(
            told,
            employees=wiring.employees(),
            people=wiring.people(),
            correspondence=wiring.correspondence(),
            links=wiring.survey_links(),
            rounds=wiring.survey_rounds(),
            group_size=wiring.configurations().survey_form().group_size,
            language=settings().language,
            today=now.astimezone(wiring.zone()).date(),
            now=now,
        )

    return consume(event, context, wiring.queue(), act)
