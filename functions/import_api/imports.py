"""Imports of other systems' files (F1): a URL to PUT one to, what came of it, its columns, its undo."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field, StringConstraints

from rencai import wiring
from rencai.domain import ids
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.errors import Conflict, DomainError, LostRace, NotFound, Refusal
from rencai.domain.import_columns import Column, ImportKind, confirmed, missing
from rencai.platform.api import Cursor, Limit, View
from rencai.store.import_objects import (
    error_document,
    error_file_key,
    report_key,
    upload_object_key,
)
from rencai.store.imports import Import, ImportStatus

if TYPE_CHECKING:
    from rencai.domain.import_columns import ImportMapping

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

UNDOABLE: Final = timedelta(days=60)
"""What was there before is kept for 90 days, and an undo may have to wait out an outage of two weeks."""
_URL_VALID: Final = timedelta(hours=1)
_CONTENT_TYPE: Final = "application/octet-stream"
_SHOWN: Final = 100

# No slashes and not only dots (they would leave the folder), and nothing S3 or a shell would stumble over.
Filename = Annotated[
    str, StringConstraints(pattern=r"^[^/\\\x00-\x1f]*[^/\\\x00-\x1f.][^/\\\x00-\x1f]*$", max_length=200)
]
ImportId = Annotated[str, Path(max_length=128)]
Source = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class ImportRequest(View):
    """What will be uploaded, and from where: ``source`` names the import mapping that knows its headers.

    A dry run applies the same rules to what is known, and writes nothing of anybody.
    """

    kind: ImportKind
    filename: Filename
    dry_run: bool = False
    source: Source = "default"


class ImportTicket(View):
    """PUT the file to ``url`` with these ``headers`` before ``expires_at``."""

    import_id: str
    url: str
    method: Literal["PUT"] = "PUT"
    headers: dict[str, str]
    expires_at: datetime


class ColumnView(View):
    """A column and the field it is read as; null: it is not read. ``guessed`` ones are confirmed by a person."""

    header: str
    field: str | None
    how: Literal["exact", "guessed", "ignored", "confirmed"]


class CountsView(View):
    """Rows in all, and by what came of them; ``unmatched`` are part of ``rejected``. Null: the file is not read yet."""

    rows: int | None
    created: int
    updated: int
    unchanged: int
    rejected: int
    unmatched: int


class ProgressView(View):
    """Parts that are done; null: it is not known yet how many there are."""

    parts_done: int
    parts_total: int | None


class UndoView(View):
    """The latest undo: how far it has come, how many rows it put back, and which it would lose or left alone."""

    parts_checked: int
    parts_done: int
    restored: int
    refused: int
    kept: int


class ImportView(View):
    """How far an import has come."""

    import_id: str
    kind: ImportKind
    filename: str
    source: str
    dry_run: bool
    status: ImportStatus
    counts: CountsView
    progress: ProgressView
    undo: UndoView | None
    created_at: datetime
    actor: str


class CellErrorView(View):
    """What is wrong with a cell; row 0 is the file as a whole. ``rule`` is the same in every language."""

    row: int
    column: str
    field: str
    value: str
    rule: str
    message: str
    suggestion: str


class ImportFileView(ImportView):
    """What came of an import: the first 100 errors and people not found; all errors at ``report_url`` (JSONL). The file
    at ``error_file_url`` has the rejected rows with their reasons, to be corrected and uploaded as it is.

    ``refused_rows`` stand against an undo, for they were changed since; ``kept_rows`` changed while it ran, and stayed.
    """

    columns: list[ColumnView]
    missing: list[str]
    errors: list[CellErrorView]
    unmatched: list[str]
    report_url: str | None
    error_file_url: str | None
    refused_rows: list[int]
    kept_rows: list[int]


class ImportPage(View):
    """A page of imports, newest first."""

    items: list[ImportView]
    next: str | None


class ColumnsRequest(View):
    """Which field each header is, null: none; what is not named stays as it was taken.

    ``remember``: the source's mapping learns them, so that its next file needs nobody to look.
    """

    columns: Annotated[
        dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=100)] | None],
        Field(max_length=200),
    ]
    remember: bool = False


@router.post(
    "/imports",
    summary="Ask for a URL for a file of another system",
    tags=["Imports"],
    responses={201: {"description": "Created"}},
)
def post_import(request: Annotated[ImportRequest, Body()]) -> Response[ImportTicket]:
    """A URL for one file; with an Idempotency-Key the same call names the same import."""
    now = wiring.clock()
    key, actor = router.context["idempotency_key"], router.context["actor"]
    digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
    _known_source(request.source)
    import_id = ids.import_id(now, router.context["request_key"])
    made = wiring.imports().create(
        Import(
            import_id,
            request.kind,
            request.filename,
            request.dry_run,
            request.source,
            upload_object_key(import_id, request.filename),
            now,
            router.context["language"],
            actor,
            request_digest=digest,
        ),
        f"{actor}#{key}" if key else None,
    )
    if made.request_digest != digest:
        raise Conflict(Refusal.KEY_REUSED, "Idempotency-Key")
    ticket = ImportTicket(
        import_id=made.import_id,
        url=wiring.import_objects().upload_url(made.object_key, _CONTENT_TYPE, _URL_VALID),
        headers={"Content-Type": _CONTENT_TYPE},
        expires_at=now + _URL_VALID,
    )
    return Response(status_code=201, content_type="application/json", body=ticket)


@router.get("/imports", summary="Files of other systems", tags=["Imports"])
def list_imports(limit: Limit = 25, cursor: Cursor = None) -> ImportPage:
    """Imports, newest first."""
    imports, following = wiring.imports().page(limit, cursor)
    return ImportPage(items=[ImportView(**_view(one)) for one in imports], next=following)


@router.get("/imports/<import_id>", summary="What came of a file", tags=["Imports"])
def get_import(import_id: ImportId) -> ImportFileView:
    """Counts so far, and the errors once it is finished."""
    return _file_view(wiring.imports().get(import_id))


@router.post(
    "/imports/<import_id>/columns",
    summary="Say which column is which field",
    description="409 for an import that does not wait for it (any more).",
    tags=["Imports"],
)
def post_columns(import_id: ImportId, request: Annotated[ColumnsRequest, Body()]) -> ImportFileView:
    """Confirm the columns of a file that waits for it; it is read on."""
    known = wiring.imports().get(import_id)
    if known.status is not ImportStatus.CONFIRMING:
        raise Conflict(Refusal.IMPORT_NOT_WAITING, status=known.status)
    mapping = wiring.configurations().import_mapping(known.source, known.mapping_version).document
    columns = confirmed(known.kind, known.columns or (), request.columns, mapping)
    if request.remember:
        _remember(known, columns)
    return _file_view(wiring.imports().confirmed(known, columns, router.context["actor"], wiring.clock()))


@router.post(
    "/imports/<import_id>/undo",
    summary="Take back what an import wrote",
    description="409 for an import that is not finished, was a dry run, or is older than 60 days. Where a later change "
    "would be lost, nothing is taken back, and the rows are named.",
    tags=["Imports"],
    responses={202: {"description": "Under way"}},
)
def post_undo(import_id: ImportId) -> Response[ImportFileView]:
    """Have an import taken back; whether it can be is found out row by row."""
    now = wiring.clock()
    known = wiring.imports().get(import_id)
    if known.dry_run:
        raise Conflict(Refusal.IMPORT_NOT_UNDOABLE)
    if now - known.created_at > UNDOABLE:
        raise Conflict(Refusal.IMPORT_TOO_OLD, days=UNDOABLE.days)
    asked = wiring.imports().undo_asked(known, router.context["actor"], now)
    return Response(status_code=202, content_type="application/json", body=_file_view(asked))


def _known_source(source: str) -> None:
    configurations = wiring.configurations()
    try:
        configurations.import_mapping(source)
    except NotFound:
        known = ", ".join(sorted({"default", *configurations.names(ConfigurationKind.IMPORT_MAPPING)}))
        raise DomainError(Refusal.SOURCE_UNKNOWN, "source", source=source, known=known) from None


def _remember(known: Import, columns: Sequence[Column]) -> None:
    """The source's mapping learns the headers a person chose. A lost race is decided again, once."""
    try:
        _learn(known, columns)
    except LostRace:
        _learn(known, columns)


def _learn(known: Import, columns: Sequence[Column]) -> None:
    configurations = wiring.configurations()
    latest = configurations.import_mapping(known.source)
    document = remembered(latest.document, known.kind, columns)
    configurations.put(
        ConfigurationKind.IMPORT_MAPPING,
        known.source,
        document,
        actor=router.context["actor"],
        now=wiring.clock(),
        over=latest.version,
    )


def remembered(mapping: "ImportMapping", kind: ImportKind, columns: Sequence[Column]) -> dict[str, Any]:
    """The mapping with the headers that a person chose for fields; one header names one field of a kind."""
    document = mapping.model_dump(mode="json", exclude_defaults=True)
    for column in columns:
        if column.how != "confirmed" or column.field is None:
            continue
        headers, field = _headers_of(document, kind, column.field)
        others = [one for one in headers.get(field, []) if one != column.header]
        headers[field] = [*others, column.header]
    return document


def _headers_of(document: dict[str, Any], kind: ImportKind, field: str) -> tuple[dict[str, Any], str]:
    """Where a mapping keeps a field's headers, and under which name."""
    group, _, name = field.partition(":")
    if name:
        return document.setdefault({"score": "questions", "text": "texts"}[group], {}), name
    for own in ("metrics", "percent_metrics"):
        if kind is ImportKind.PERFORMANCE and field in document.get(own, {}):
            return document[own], field
    return document.setdefault("columns", {}).setdefault(kind.value, {}), field


def _view(one: Import) -> Mapping[str, Any]:
    counts, undo = one.counts, one.undo
    return {
        "import_id": one.import_id,
        "kind": one.kind,
        "filename": one.filename,
        "source": one.source,
        "dry_run": one.dry_run,
        "status": one.status,
        "counts": CountsView(
            rows=one.rows,
            created=counts.created,
            updated=counts.updated,
            unchanged=counts.unchanged,
            rejected=counts.rejected,
            unmatched=counts.unmatched,
        ),
        "progress": ProgressView(parts_done=len(one.parts_done), parts_total=one.parts_total),
        "undo": UndoView(
            parts_checked=len(undo.checked),
            parts_done=len(undo.parts_done),
            restored=undo.restored,
            refused=undo.refused,
            kept=undo.kept,
        )
        if undo.number
        else None,
        "created_at": one.created_at,
        "actor": one.actor,
    }


def _file_view(one: Import) -> ImportFileView:
    objects = wiring.import_objects()
    columns = one.columns or ()
    errors, unmatched = _errors(one)
    reported = bool(one.counts.rejected) and one.status not in (ImportStatus.READING, ImportStatus.RUNNING)
    refused = one.status is ImportStatus.UNDO_REFUSED
    return ImportFileView(
        **_view(one),
        columns=[ColumnView(header=c.header, field=c.field, how=c.how) for c in columns],
        missing=list(missing(one.kind, columns)) if one.columns is not None else [],
        errors=errors,
        unmatched=unmatched,
        report_url=objects.download_url(report_key(one.import_id), _URL_VALID) if reported else None,
        error_file_url=objects.download_url(error_file_key(one.import_id), _URL_VALID) if reported else None,
        refused_rows=objects.lost_rows(one.import_id, "refused", one.undo.refused_parts, _SHOWN)
        if refused
        else [],
        kept_rows=objects.lost_rows(one.import_id, "kept", one.undo.kept_parts, _SHOWN)
        if one.undo.kept
        else [],
    )


def _errors(one: Import) -> tuple[list[CellErrorView], list[str]]:
    if one.failure is not None:
        rule, text = one.failure
        whole = CellErrorView(row=0, column="", field="", value="", rule=rule, message=text, suggestion="")
        return [whole], []
    if not one.counts.rejected or one.status is ImportStatus.RUNNING:
        return [], []
    summary = wiring.import_objects().summary(one.import_id)
    errors = [CellErrorView(row=row, **error_document(error)) for row, error in summary.errors]
    return errors, list(summary.unmatched)
