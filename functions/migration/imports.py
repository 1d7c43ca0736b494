"""Imports of other systems' files (F1): a URL to PUT one to, what came of it, its columns, its undo."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from rencai.employees.rules.signals import Number
from rencai.kernel.bounds import at_most_members
from rencai.kernel.errors import CommonRefusal
from rencai.kernel.forms import formed
from rencai.migration.desk import ShownImport
from rencai.migration.rules.fields import ImportKind
from rencai.migration.rules.limits import MAX_FILE_BYTES
from rencai.migration.rules.options import MAX_VALUE, as_option, hint
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.taken import Doubt, HiddenRows, PlaceSaid, letter
from rencai.migration.store.imports import Import, ImportStatus
from rencai.migration.store.objects import ErrorFormat, RowOutcome, error_document
from rencai.platform.api import Cursor, Filename, Limit, Request, Score, TicketView, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

router = Routes()

ErrorFile = Annotated[
    ErrorFormat,
    Query(
        description="Format of the file at error_file_url; in CSV an apostrophe stands before what looks like a formula"
    ),
]
ImportId = Annotated[str, Path(max_length=128)]
_SOURCE: Final = formed(
    r"^[a-z0-9][a-z0-9_-]{0,63}$",
    "应为导入映射的名称,只含小写字母、数字、下划线和连字符,最多 64 个字符,例如 old-hr",
    "should be the name of an import mapping: small letters, digits, underscores and hyphens, at most 64, as in old-hr",
)
Source = Annotated[str, StringConstraints(pattern=_SOURCE)]


class ImportRequest(Request):
    """What will be uploaded, and from where: ``source`` names the import mapping that knows its headers.

    A dry run applies the same rules to what is known, and writes nothing of anybody. ``confirm``: the import waits for
    a person to look at its columns, also where all of them are known. ``size``: the file's bytes; where
    it is said, the URL takes a file of that size only.
    """

    kind: ImportKind
    filename: Filename
    dry_run: Annotated[bool, Field(strict=True)] = False
    confirm: Annotated[bool, Field(strict=True)] = False
    source: Source = "default"
    size: Annotated[int, Field(ge=1, le=MAX_FILE_BYTES, strict=True)] | None = None


class ImportTicket(TicketView):
    """Where to PUT the file."""

    import_id: str


class ColumnView(View):
    """A column and the field it is read as; null: it is not read. ``guessed`` ones are confirmed by a person.

    ``letter`` is the column's in a spreadsheet, also of a CSV file; ``sample`` its first values, while somebody may
    have to look at them.
    """

    letter: str
    header: str
    field: str | None
    how: Literal["exact", "guessed", "ignored", "confirmed"]
    sample: list[str]


class FileRowView(View):
    """A row as it was read, by its number; its first cells, cut short."""

    row: int
    cells: list[str]


class SheetView(View):
    """The first rows of a sheet, and which is likeliest its header."""

    name: str
    header_row: int
    header_rows: int
    rows: list[FileRowView]


class EncodingView(View):
    """What a file may be written in, and some of its texts as they read then."""

    encoding: str
    sample: list[str]


class TableView(View):
    """Where the table is in the file, as it was found or as a person said.

    ``encoding`` is that of a CSV file, ``sheet`` that of an XLSX file; ``header_row`` 0: it has none. ``asked`` are the
    parts that a person has to confirm; ``hidden_rows`` how many rows the sheet does not show, null: none was met.
    ``sheets`` and ``encodings`` (where that is a guess, the likeliest first) are there while somebody may have to look.
    """

    encoding: str | None
    sheet: str | None
    header_row: int
    header_rows: int
    asked: list[Doubt]
    hidden_rows: int | None
    sheets: list[SheetView]
    encodings: list[EncodingView]


class ValueView(View):
    """A value nobody knows, in how many rows it is, and what it may mean; null: nobody could say."""

    value: str
    rows: int
    guess: str | None


class AskedView(View):
    """The values of a column that somebody has to say the meaning of, the commonest first, and the options there are.
    ``more`` are not listed, and their rows are refused. ``hint`` says what has to be known of the options: which score
    is the best.
    """

    field: str
    header: str
    options: list[str]
    hint: str
    values: list[ValueView]
    more: int


Points = Annotated[
    Number,
    Field(ge=-1_000_000, le=1_000_000),
    WithJsonSchema({"type": "number", "minimum": -1_000_000, "maximum": 1_000_000}),
]


class ScaleRequest(Request):
    """A scale by its two ends: the points that are the worst, and those that are the best."""

    worst: Points
    best: Points


class ScaleView(View):
    """The same as it was said."""

    worst: Score
    best: Score


class AskedScaleView(View):
    """A column of points of which somebody has to say which end is the best; the lowest and the highest in it."""

    field: str
    header: str
    lowest: Score
    highest: Score


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
    at ``error_file_url`` (XLSX, or CSV where that is asked for) has the rejected rows with their reasons, to be
    corrected and uploaded as it is.

    ``values`` are those an import waits to be told of, ``said`` what they were said to mean; null: nothing.
    ``asked_scales`` are the points whose ends it waits to be told of, ``scales`` what was said of them.
    ``refused_rows`` stand against an undo, for they were changed since; ``kept_rows`` changed while it ran, and stayed.
    """

    table: TableView | None
    columns: list[ColumnView]
    missing: list[str]
    values: list[AskedView]
    said: dict[str, dict[str, str | None]]
    asked_scales: list[AskedScaleView]
    scales: dict[str, ScaleView]
    errors: list[CellErrorView]
    unmatched: list[str]
    report_url: str | None
    error_file_url: str | None
    refused_rows: list[int]
    kept_rows: list[int]


class RowView(View):
    """What came of a row, and whose file it is about; ``record`` is what it is called there (a week, a month, a leave's
    id; empty: the employee themselves). A rejected row has neither.
    """

    row: int
    outcome: RowOutcome
    employee_id: str | None
    record: str | None


class RowPage(View):
    """A page of rows, in their order."""

    items: list[RowView]
    next: str | None


class ImportPage(View):
    """A page of imports, newest first."""

    items: list[ImportView]
    next: str | None


Value = Annotated[str, Field(max_length=MAX_VALUE)]
Option = Annotated[str, Field(max_length=MAX_VALUE), BeforeValidator(as_option)]


class TableRequest(Request):
    """Where the table is; what is not named stays as it was found. ``hidden_rows`` says what is done with rows that the
    sheet does not show.
    """

    encoding: Annotated[str, Field(max_length=40)] | None = None
    sheet: Annotated[str, Field(max_length=100)] | None = None
    header_row: Annotated[int, Field(ge=0, le=1_048_576, strict=True)] | None = None
    header_rows: Annotated[int, Field(ge=1, le=2, strict=True)] | None = None
    hidden_rows: HiddenRows | None = None


_Fields = Annotated[
    dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=100)] | None],
    Field(max_length=200, default_factory=dict),
    at_most_members(200),
]


class ColumnsRequest(Request):
    """Which field each header is, null: none; what is not named stays as it was taken. What the ``values`` of a field
    mean: one of its options, null: nothing, and their rows are refused; of a department or location null leaves it as
    it is written. What is not named means what was guessed, where there is a guess; with ``guesses`` false nothing.
    ``scales``: of a field of points the worst and the best, so ``{"worst": 5, "best": 1}`` where five is bad.

    ``by_letter`` names columns by their letters, for two of one heading and for one without. ``table`` says where the
    table is: where that is another than was found, it is sent alone, for its columns are not known yet.

    ``remember``: the source's mapping learns them, so that its next file needs nobody to look.
    """

    columns: _Fields
    by_letter: _Fields
    table: TableRequest | None = None
    values: Annotated[
        dict[
            Annotated[str, Field(max_length=100)],
            Annotated[dict[Value, Option | None], Field(max_length=1_000), at_most_members(1_000)],
        ],
        Field(max_length=200, default_factory=dict),
        at_most_members(200),
    ]
    scales: Annotated[
        dict[Annotated[str, Field(max_length=100)], ScaleRequest],
        Field(max_length=200, default_factory=dict),
        at_most_members(200),
    ]
    guesses: Annotated[bool, Field(strict=True)] = True
    remember: Annotated[bool, Field(strict=True)] = False


@router.post(
    "/imports",
    security=API,
    summary="Ask for a URL for a file of another system",
    tags=["Imports"],
    responses={201: {"description": "Created"}},
    openapi_extensions=refuses({409: [CommonRefusal.KEY_REUSED], 422: [MigrationRefusal.SOURCE_UNKNOWN]}),
)
def post_import(request: Annotated[ImportRequest, Body()]) -> Response[ImportTicket]:
    """A URL for one file, to PUT it to once; with an Idempotency-Key the same call names the same import."""
    asked, wired = router.file_request(request.filename, request.size, request), router.wired
    made, ticket = wired.migration.desk.ask(
        asked,
        request.kind,
        request.source,
        wired.clock(),
        dry_run=request.dry_run,
        confirm=request.confirm,
    )
    body = ImportTicket(import_id=made.import_id, **asdict(ticket))
    return Response(status_code=201, content_type="application/json", body=body)


@router.get("/imports", security=API, summary="Files of other systems", tags=["Imports"])
def list_imports(limit: Limit = 25, cursor: Cursor = None) -> ImportPage:
    """Imports, newest first."""
    imports, following = router.wired.migration.desk.page(limit, cursor)
    return ImportPage(items=[ImportView(**_view(one)) for one in imports], next=following)


@router.get("/imports/<import_id>", security=API, summary="What came of a file", tags=["Imports"])
def get_import(import_id: ImportId, error_file: ErrorFile = "xlsx") -> ImportFileView:
    """Counts so far, and the errors once it is finished."""
    return _file_view(router.wired.migration.desk.show(import_id, error_file))


@router.get(
    "/imports/<import_id>/rows", security=API, summary="What came of each row of a file", tags=["Imports"]
)
def list_rows(import_id: ImportId, limit: Limit = 100, cursor: Cursor = None) -> RowPage:
    """Whom and what each row made or changed, or would have, of the parts that are done."""
    rows, following = router.wired.migration.desk.rows(import_id, limit, cursor)
    return RowPage(items=[RowView(**asdict(one)) for one in rows], next=following)


@router.post(
    "/imports/<import_id>/columns",
    security=API,
    summary="Say which column is which field, and what its values mean",
    description="Where the table is, too. 409 for an import that does not wait for it (any more).",
    tags=["Imports"],
    openapi_extensions=refuses(
        {
            409: [MigrationRefusal.IMPORT_NOT_WAITING],
            422: [
                CommonRefusal.CONFIGURATION_INVALID,
                MigrationRefusal.COLUMN_AMBIGUOUS,
                MigrationRefusal.COLUMN_MISSING,
                MigrationRefusal.COLUMN_NOT_MEMORABLE,
                MigrationRefusal.COLUMN_TWICE,
                MigrationRefusal.COLUMN_UNKNOWN,
                MigrationRefusal.ENCODING_UNKNOWN,
                MigrationRefusal.HEADER_ROW_UNKNOWN,
                MigrationRefusal.HIDDEN_ROWS_UNSAID,
                MigrationRefusal.MAPPING_FULL,
                MigrationRefusal.SCALE_FIELD_UNKNOWN,
                MigrationRefusal.SCALE_UNKNOWN,
                MigrationRefusal.SCALE_WITHOUT_ENDS,
                MigrationRefusal.SHEET_UNKNOWN,
                MigrationRefusal.TABLE_FIRST,
                MigrationRefusal.VALUE_FIELD_UNKNOWN,
                MigrationRefusal.VALUE_OPTION_UNKNOWN,
                MigrationRefusal.VALUE_ROLE_UNKNOWN,
                MigrationRefusal.VALUE_TWICE,
                MigrationRefusal.VALUES_TOO_LONG,
            ],
        }
    ),
)
def post_columns(import_id: ImportId, request: Annotated[ColumnsRequest, Body()]) -> ImportFileView:
    """Confirm the columns and values of a file that waits for it; it is read on."""
    shown = router.wired.migration.desk.confirm(
        import_id,
        request.columns,
        router.actor,
        router.wired.clock(),
        values=request.values,
        scales={id_: (one.worst, one.best) for id_, one in request.scales.items()},
        guesses=request.guesses,
        memorable=request.remember,
        by_letter=request.by_letter,
        table=PlaceSaid(**request.table.model_dump()) if request.table else None,
    )
    return _file_view(shown)


@router.post(
    "/imports/<import_id>/undo",
    security=API,
    summary="Take back what an import wrote",
    description="409 for an import that is not finished, was a dry run, or is older than 60 days. Where a later change "
    "would be lost, nothing is taken back, and the rows are named.",
    tags=["Imports"],
    responses={202: {"description": "Under way"}},
    openapi_extensions=refuses(
        {
            409: [
                MigrationRefusal.IMPORT_NOT_FINISHED,
                MigrationRefusal.IMPORT_NOT_UNDOABLE,
                MigrationRefusal.IMPORT_TOO_OLD,
            ]
        }
    ),
)
def post_undo(import_id: ImportId) -> Response[ImportFileView]:
    """Have an import taken back; whether it can be is found out row by row."""
    asked = router.wired.migration.desk.undo(import_id, router.actor, router.wired.clock())
    return Response(status_code=202, content_type="application/json", body=_file_view(asked))


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


def _file_view(shown: ShownImport) -> ImportFileView:
    known = shown.known
    return ImportFileView(
        **_view(known),
        table=_table(shown),
        columns=_columns(shown),
        missing=list(shown.missing),
        values=[
            AskedView(
                field=one.field,
                header=one.header,
                options=list(one.options),
                hint=hint(one.field, known.language),
                values=[ValueView(**asdict(value)) for value in one.values],
                more=one.more,
            )
            for one in shown.asked
        ],
        said={id_: dict(one.options) for id_, one in known.said.items()},
        asked_scales=[
            AskedScaleView(
                field=one.field,
                header=one.header,
                lowest=Decimal(one.lowest),
                highest=Decimal(one.highest),
            )
            for one in known.scales_asked
        ],
        scales={
            id_: ScaleView(worst=Decimal(worst), best=Decimal(best))
            for id_, (worst, best) in known.scales.items()
        },
        errors=_errors(shown),
        unmatched=list(shown.summary.unmatched),
        report_url=shown.report_url,
        error_file_url=shown.error_file_url,
        refused_rows=shown.refused_rows,
        kept_rows=shown.kept_rows,
    )


def _columns(shown: ShownImport) -> list[ColumnView]:
    samples = shown.look.samples
    return [
        ColumnView(
            letter=letter(column.index),
            header=column.header,
            field=column.field,
            how=column.how,
            sample=list(samples[column.index]) if column.index < len(samples) else [],
        )
        for column in shown.known.columns or ()
    ]


def _table(shown: ShownImport) -> TableView | None:
    known, look = shown.known, shown.look
    place = known.place
    if place is None or known.columns is None:
        return None
    return TableView(
        encoding=place.encoding,
        sheet=place.sheet,
        header_row=place.header_row,
        header_rows=place.header_rows,
        asked=list(known.doubts),
        hidden_rows=known.hidden,
        sheets=[
            SheetView(
                name=sheet.name,
                header_row=sheet.header_row,
                header_rows=sheet.header_rows,
                rows=[FileRowView(row=number, cells=list(cells)) for number, cells in sheet.rows],
            )
            for sheet in look.sheets
        ],
        encodings=[EncodingView(encoding=name, sample=list(texts)) for name, texts in look.encodings],
    )


def _errors(shown: ShownImport) -> list[CellErrorView]:
    if shown.known.failure is not None:
        rule, text = shown.known.failure
        return [CellErrorView(row=0, column="", field="", value="", rule=rule, message=text, suggestion="")]
    return [CellErrorView(row=row, **error_document(error)) for row, error in shown.summary.errors]
