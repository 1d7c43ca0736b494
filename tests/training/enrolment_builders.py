"""What the tests of enrolments share: a course on record, what an LMS tells of it, and how it then stands."""

from typing import Any

from rencai.inbox.links import Links
from rencai.store.sealed import Vault
from rencai.store.table import Table
from rencai.training.rules.courses import Enrolment, progressed
from rencai.training.rules.facts import CourseProgressed
from rencai.training.store.enrolments import Enrolments
from tests.builders import EMPLOYEE
from tests.keyed import IDS
from tests.training.training_builders import local, marked, rate

TABLE = "rencai-test"
DUE = local(23, 18)
NOW = local(10)
OPENED = Enrolment(EMPLOYEE, "negotiation", "enr-negotiation", DUE, version=1)
REVIEW = "谈判技巧没有明显提升,家里有事"


def through(client: Any, vault: Vault) -> Enrolments:
    """Enrolments over a client, or what stands in for one."""
    return on(Table(client, TABLE), vault)


def on(table: Table, vault: Vault) -> Enrolments:
    return Enrolments(table, vault, Links(table), rate, IDS)


def opened(enrolments: Enrolments, *items: str) -> None:
    for item_id in items or ("negotiation",):
        enrolments.open(Enrolment(EMPLOYEE, item_id, f"enr-{item_id}", DUE))


def as_told(*facts: CourseProgressed, enrolment: Enrolment = OPENED) -> Enrolment:
    for one in facts:
        enrolment = progressed(enrolment, one, rate, marked)
    return enrolment
