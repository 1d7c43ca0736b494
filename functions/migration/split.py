"""A file was put under ``imports/uploads/``, or its columns were confirmed: it is cut into parts."""

import json
from collections.abc import Iterator
from urllib.parse import unquote_plus

from rencai.kernel.errors import DomainError, NotFound
from rencai.migration.split import split_import
from rencai.migration.store.imports import ImportStatus
from rencai.migration.store.objects import UPLOADED
from rencai.platform.consumer import BusEvent
from rencai.platform.observability import logger
from rencai.wiring import Wired
from rencai.wiring.consumers import on_message


def told_imports(body: str) -> Iterator[tuple[str, str | None]]:
    """The imports a message speaks of, with the version of the object S3 tells of; its test message speaks of none."""
    message = json.loads(body)
    if "detail-type" in message:
        yield BusEvent.model_validate(message).detail.subject.id, None
        return
    for record in message.get("Records", []):
        described = record["s3"]["object"]
        import_id, _, filename = unquote_plus(described["key"]).removeprefix(UPLOADED).partition("/")
        if filename:
            yield import_id, described.get("versionId")


def act(wired: Wired, body: str) -> None:
    """The queue of S3 notifications and confirmed columns calls this."""
    parts = wired.outbox("PARTS_QUEUE_URL")

    def send(import_id: str, part: int) -> None:
        # One at a time: a file has at most 400.
        parts.send({"import_id": import_id, "part": part})

    for import_id, version_id in told_imports(body):
        try:
            split_import(
                import_id, version_id, importing=wired.migration.importing, send=send, now=wired.clock()
            )
        except NotFound:
            # Nobody asked for a URL: dropped there by hand, and of no kind that is known.
            logger.warning("file without an import", extra={"import_id": import_id[:40]})


def give_up(wired: Wired, body: str, reason: DomainError) -> None:
    """A file that kills whoever reads it fails; nothing of it was written before it was read to its end."""
    imports = wired.migration.imports
    for import_id, version_id in told_imports(body):
        try:
            known = imports.get(import_id)
        except NotFound:
            continue
        open_ = (ImportStatus.WAITING, ImportStatus.READING, ImportStatus.RUNNING)
        # Another file, put there later, is not looked at, and says nothing of the first.
        if known.status in open_ and (not version_id or known.version_id in (None, version_id)):
            imports.given_up(known, reason, wired.clock())


handler = on_message(act, give_up)
