"""The shipped defaults, loaded into a local stack: until then every role is unknown.

Where a tenant has to decide and the shipped document decides nothing, a local stack has one of its own
(``infra/local/documents``).
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from infra.admin import DEFAULTS, work_calendar
from infra.admin.configuration import Document, Stored, read_all, store_all
from infra.local.stack import Stack
from rencai.kernel.work_calendar import WORK_CALENDAR, WorkCalendar
from rencai.store.configurations import Configurations
from rencai.store.table import Table

COUNTRY: Final = "CN"
OWN: Final = Path(__file__).parent / "documents"


def load_defaults(stack: Stack) -> list[Stored]:
    """Store what is not stored yet, with the public holidays of this year and the next in the work calendar."""
    now = datetime.now(UTC)
    table = Table(stack.session.client("dynamodb"), stack.table)
    own = {(document.kind, document.name): document for document in read_all(OWN)}
    shipped = [own.get((document.kind, document.name), document) for document in read_all(DEFAULTS)]
    documents = [_with_holidays(document, now) for document in shipped]
    return store_all(documents, Configurations(table, lambda: datetime.now(UTC)), now)


def _with_holidays(document: Document, now: datetime) -> Document:
    if document.kind != WORK_CALENDAR:
        return document
    law = work_calendar.public_holidays(COUNTRY, (now.year, now.year + 1))
    done = work_calendar.filled(WorkCalendar.model_validate(document.content), law)
    return replace(document, content=work_calendar.as_document(done.calendar).content)
