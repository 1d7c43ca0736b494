"""A shard of employees -> its parts; a part -> a letter with a signed link to each who works and can be reached."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Final

from rencai.employees.rules.employee import Employee
from rencai.employees.store.employees import Employees
from rencai.kernel.errors import NotFound, VendorRefusal, VendorUnavailable
from rencai.letters.addressee import Addressee
from rencai.letters.correspondence import Correspondence
from rencai.people.rules.phone import textable
from rencai.people.store.people import People
from rencai.platform.consumer import Retry
from rencai.platform.observability import logger
from rencai.survey.links import SurveyLinks
from rencai.survey.rules.figures import is_new
from rencai.survey.rules.survey import SURVEY_FORM, Invitation
from rencai.survey.store.rounds import Asked, SurveyRounds
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message

from .messages import PartToAsk, ShardToAsk, from_body, to_message

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

    Raises ``Retry`` or ``VendorUnavailable`` when some could not be written to now, ``VendorRefusal`` when a person has
    to mend the text messages first: the others were, and are not again.
    """
    if today > part.closes_on:
        # It waited, in an outage or among the dead letters, for longer than there is to answer.
        logger.warning("too late to ask", extra={"month": part.month, "shard": part.shard})
        return Asked()
    asked = Asked()
    refused: Retry | VendorUnavailable | VendorRefusal | None = None
    for employee in employees.get_all(part.employee_ids).values():
        if not (employee.starts_on <= today and employee.works_on(today)):
            continue
        addressee = _addressee(employee, people, language)
        if not correspondence.reaches(addressee, LETTER):
            asked += Asked(without_address=1)
            continue
        changed = is_new(employee.created_at, employee.changed_at, now)
        invitation = Invitation(employee.employee_id, part.month, part.closes_on, changed)
        values = {
            "name": employee.name,
            "month": date.fromisoformat(f"{part.month}-01"),
            "url": links.url(invitation),
            "closes_on": part.closes_on,
            "group_size": group_size,
        }
        try:
            reached = correspondence.write(addressee, LETTER, part.month, values, now)
        except (Retry, VendorUnavailable, VendorRefusal) as error:
            # One letter that cannot go now, or not before somebody has mended the carrier's account, must not keep the
            # others waiting. What passes by itself is tried again, and the rest with it.
            refused = error if refused is None or isinstance(refused, VendorRefusal) else refused
            continue
        asked += Asked(invited=1) if reached else Asked(without_address=1)
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
    """How somebody is reached: as HR says, else as the candidate they were."""
    email, phone, locale = employee.email, employee.phone, employee.locale
    if employee.candidate_id and not (email and locale):
        try:
            person = people.get(employee.candidate_id)
            email, phone, locale = email or person.email, phone or person.phone, locale or person.locale
        except NotFound:
            logger.info("no candidate's record", extra={"subject": employee.employee_id})
    return Addressee(employee.employee_id, email, locale or language, textable(phone))


def act(wired: Wired, body: str) -> None:
    """The letters' queue calls this."""
    told = from_body(body)
    if isinstance(told, ShardToAsk):
        outbox = wired.outbox("QUEUE_URL")
        employee_ids = wired.pressure.cards.employee_ids(told.shard)
        cut(told, employee_ids, lambda part: outbox.send(to_message(part)))
        return
    now = wired.clock()
    write_letters(
        told,
        employees=wired.employees.employees,
        people=wired.people.people,
        correspondence=wired.letters.correspondence,
        links=wired.survey.links,
        rounds=wired.survey.rounds,
        group_size=wired.configurations.latest(SURVEY_FORM).document.group_size,
        language=wired.language,
        today=now.astimezone(wired.zone).date(),
        now=now,
    )


handler = on_message(act)
