"""Import files: a URL to PUT one to, and what came of it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import Field

from rencai.interviews.desk import ShownUpload
from rencai.interviews.store.uploads import MAX_FILE_BYTES, UploadStatus
from rencai.kernel.errors import CommonRefusal
from rencai.platform.api import Cursor, Filename, Limit, Request, TicketView, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import INGEST_OR_API, Routes

router = Routes()


class UploadRequest(Request):
    """What will be uploaded; ``size``: its bytes. Where it is said, the URL takes a file of that size only."""

    kind: Literal["interviews"]
    filename: Filename
    size: Annotated[int, Field(ge=1, le=MAX_FILE_BYTES, strict=True)] | None = None


class UploadTicket(TicketView):
    """Where to PUT the file."""

    upload_id: str


class LineErrorView(View):
    """Why a line was rejected; line 0 is the file as a whole."""

    line: int
    path: str
    message: str


class UploadView(View):
    """What came of a file; the first 100 errors, the rest at ``report_url``."""

    upload_id: str
    filename: str
    status: UploadStatus
    accepted: int
    rejected: int
    duplicates: int
    errors: list[LineErrorView]
    report_url: str | None
    created_at: datetime


class UploadPage(View):
    """A page of uploads, newest first."""

    items: list[UploadView]
    next: str | None


@router.post(
    "/uploads",
    security=INGEST_OR_API,
    summary="Ask for an upload URL",
    tags=["Uploads"],
    responses={201: {"description": "Created"}},
    openapi_extensions=refuses({409: [CommonRefusal.KEY_REUSED]}),
)
def post_upload(request: Annotated[UploadRequest, Body()]) -> Response[UploadTicket]:
    """A URL for one file, to PUT it to once; with an Idempotency-Key the same call names the same upload."""
    asked = router.file_request(request.filename, request.size, request)
    wired = router.wired
    upload, made = wired.interviews.desk.ask(asked, wired.clock())
    ticket = UploadTicket(upload_id=upload.upload_id, **asdict(made))
    return Response(status_code=201, content_type="application/json", body=ticket)


@router.get(
    "/uploads", security=INGEST_OR_API, summary="Files handed in or dropped in the bucket", tags=["Uploads"]
)
def list_uploads(
    filename: Annotated[str | None, Query(max_length=1024)] = None, limit: Limit = 25, cursor: Cursor = None
) -> UploadPage:
    """Uploads, newest first; ``filename`` is the object's key for a file dropped in the bucket. Who hands in sees their
    own, and none that was dropped.
    """
    shown, following = router.wired.interviews.desk.page(filename, limit, cursor, router.only_of)
    return UploadPage(items=[_view(one) for one in shown], next=following)


@router.get("/uploads/<upload_id>", security=INGEST_OR_API, summary="What came of a file", tags=["Uploads"])
def get_upload(upload_id: str) -> UploadView:
    """Counts so far, and the errors once it is finished. Another client's is not there for who hands in."""
    return _view(router.wired.interviews.desk.look(upload_id, router.only_of))


def _view(shown: ShownUpload) -> UploadView:
    upload = shown.upload
    return UploadView(
        upload_id=upload.upload_id,
        filename=upload.filename,
        status=upload.status,
        accepted=upload.accepted,
        rejected=upload.rejected,
        duplicates=upload.duplicates,
        errors=[LineErrorView(line=e.line, path=e.path, message=e.message) for e in upload.errors],
        report_url=shown.report_url,
        created_at=upload.created_at,
    )
