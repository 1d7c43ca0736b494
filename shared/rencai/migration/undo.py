"""An import is taken back: first it is looked whether anything would be lost, part by part; then, if nothing, each part
puts back what was there before.

Both go over the same queue. Nothing is put back before every part was looked at, and a part that is restored is not
looked at again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Literal

from rencai.kernel.errors import DomainError
from rencai.migration.rules.fields import ImportKind
from rencai.migration.store.imports import Import, ImportStatus
from rencai.migration.store.objects import Written

from .importing import Importing

Step = Literal["check", "restore"]
Send = Callable[[str, Step, int], None]
REFUSED: Final = "refused"
KEPT: Final = "kept"


def begin_undo(import_id: str, *, importing: Importing, send: Send, now: datetime) -> None:
    """An undo was asked for: have every part looked at."""
    known = importing.imports.get(import_id)
    if known.status is not ImportStatus.UNDOING:
        return
    for part in _parts(known):
        if part not in known.undo.checked:
            send(import_id, "check", part)
    _go_on(known, importing, send, now)


def check_part(import_id: str, part: int, *, importing: Importing, send: Send, now: datetime) -> None:
    """Look whether an undo of this part would lose anything; whoever looks last says how it goes on."""
    known = importing.imports.get(import_id)
    if known.status is not ImportStatus.UNDOING:
        return
    if part not in known.undo.checked:
        lost = _lost(known, importing.objects.undo_log(import_id, part), importing)
        if lost:
            importing.objects.put_lost_rows(import_id, REFUSED, part, lost)
        known = importing.imports.part_checked(known, part, len(lost))
    _go_on(known, importing, send, now)


def restore_part(import_id: str, part: int, *, importing: Importing, now: datetime) -> None:
    """Put back what was there before this part; what has changed since it was looked at stays, and is named."""
    known = importing.imports.get(import_id)
    if not _is_restoring(known):
        return
    if part not in known.undo.parts_done:
        log = importing.objects.undo_log(import_id, part)
        items = importing.batches.known([one.key for one in log])
        kept = [
            one.row for one in log if not importing.batches.restore(one, items.get(one.key), import_id, now)
        ]
        if kept:
            importing.objects.put_lost_rows(import_id, KEPT, part, _each_once(kept))
        rows, left = len({one.row for one in log}), len(set(kept))
        known = importing.imports.part_undone(known, part, rows - left, left, now)
    _finish(known, importing, now)


def give_up_undo(
    import_id: str, step: Step, part: int, reason: DomainError, *, importing: Importing, now: datetime
) -> None:
    """An undo that kills whoever looks at a part is refused, and nothing is put back. A part that kills whoever
    restores it is left alone, as if each of its rows had changed.
    """
    known = importing.imports.get(import_id)
    if step == "check":
        importing.imports.undo_refused(known, reason)
        return
    if not _is_restoring(known):
        return
    if part not in known.undo.parts_done:
        kept = _each_once([one.row for one in importing.objects.undo_log(import_id, part)])
        importing.objects.put_lost_rows(import_id, KEPT, part, kept)
        known = importing.imports.part_undone(known, part, 0, len(kept), now)
    _finish(known, importing, now)


def _lost(known: Import, log: Sequence[Written], importing: Importing) -> list[int]:
    """The rows whose items something else has written since; of a person brought, also who has more on file by now."""
    items = importing.batches.known([one.key for one in log])
    lost = []
    for one in log:
        item = items.get(one.key)
        changed = item is None or item.get("batch") != one.marker(known.import_id)
        brought = known.kind is ImportKind.PEOPLE and one.before is None
        if changed or (brought and importing.batches.has_more(one.key)):
            lost.append(one.row)
    return _each_once(lost)


def _go_on(known: Import, importing: Importing, send: Send, now: datetime) -> None:
    if known.status is not ImportStatus.UNDOING or len(known.undo.checked) != known.parts_total:
        return
    if known.undo.refused:
        importing.imports.undo_refused(known)
        return
    for part in _parts(known):
        if part not in known.undo.parts_done:
            send(known.import_id, "restore", part)
    _finish(known, importing, now)


def _finish(known: Import, importing: Importing, now: datetime) -> None:
    if _is_restoring(known) and len(known.undo.parts_done) == known.parts_total:
        importing.imports.undone(known, now)


def _is_restoring(known: Import) -> bool:
    undo = known.undo
    return (
        known.status is ImportStatus.UNDOING and len(undo.checked) == known.parts_total and not undo.refused
    )


def _parts(known: Import) -> range:
    return range(1, (known.parts_total or 0) + 1)


def _each_once(rows: Sequence[int]) -> list[int]:
    return sorted(set(rows))
