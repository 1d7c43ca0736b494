"""Files that a client asks a URL for: put on record once, however often it is asked, and PUT to the bucket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rencai.kernel.errors import CommonRefusal, Conflict, DomainError, LostRace

from .objects import Bucket, PutTicket
from .table import ABSENT, Item, Key, Table

URL_VALID: Final = timedelta(hours=1)
"""How long a URL is good for, to PUT a file to or to read a report from."""
_CONTENT_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file that is to come, and who asks for a URL for it. ``digest`` is that of the request, so that another one
    under the same ``idempotency_key`` is noticed. ``request_key`` names this call, ``client_id`` the OAuth client.
    ``size``: its bytes, where the client has said so; another size is not taken then.
    """

    filename: str
    language: str
    actor: str
    request_key: str
    idempotency_key: str | None
    digest: str
    size: int | None = None
    client_id: str = ""

    @property
    def key(self) -> str | None:
        """The idempotency key among those of all clients."""
        return f"{self.actor}#{self.idempotency_key}" if self.idempotency_key else None

    def ticket(self, bucket: Bucket, object_key: str, made_of: str | None, now: datetime) -> PutTicket:
        """How the file gets into the bucket. Raises ``Conflict`` (KEY_REUSED) when what is on record under this key was
        ``made_of`` another request.
        """
        if made_of != self.digest:
            raise Conflict(CommonRefusal.KEY_REUSED, "Idempotency-Key")
        return bucket.upload_ticket(object_key, _CONTENT_TYPE, self.size, now, URL_VALID)


def refuse_by_size(size: int, limit: int, said: int | None) -> None:
    """Look at a file's size, in bytes, before a byte of it is read; ``said``: what it was to be. Raises ``DomainError``
    (FILE_TOO_LARGE, FILE_OF_ANOTHER_SIZE).
    """
    if size > limit:
        raise DomainError(CommonRefusal.FILE_TOO_LARGE, size=size, limit=limit)
    if said is not None and size != said:
        # S3 holds the upload against what was signed; this is for whoever puts it there otherwise.
        raise DomainError(CommonRefusal.FILE_OF_ANOTHER_SIZE, size=size, said=said)


def put_once(
    table: Table, writes: Sequence[Item], made: Mapping[str, str], request: Key | None
) -> str | None:
    """Put what was made on record by ``writes``, and by which ``request``: ``made`` names it, as in
    ``{"upload_id": "upl_01ABC"}``. None when that was done; else the id of what is there already, under this id or by
    this request.
    """
    kept = [table.put_action(request, made, ABSENT)] if request else []
    try:
        table.transact(*writes, *kept)
    except LostRace:
        ((name, made_id),) = made.items()
        known = table.get(request) if request else None
        return str(known[name]) if known else made_id
    return None
