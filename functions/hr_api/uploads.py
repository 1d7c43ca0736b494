"""Import files: a URL to PUT one to, and what came of it."""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from pydantic import StringConstraints

from rencai import wiring
from rencai.domain import ids
from rencai.domain.errors import Conflict, Refusal
from rencai.platform.api import Cursor, Limit, View
from rencai.store.objects import INTERVIEWS
from rencai.store.uploads import Upload, UploadStatus

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

_URL_VALID: Final = timedelta(hours=1)
_CONTENT_TYPE: Final = "application/octet-stream"

# No slashes and not only dots (they would leave the folder), and nothing S3 or a shell would stumble over.
Filename = Annotated[
    str, StringConstraints(pattern=r"^[^/\\\x00-\x1f]*[^/\\\x00-\x1f.][^/\\\x00-\x1f]*$", max_length=200)
]


class UploadRequest(View):
    """What will be uploaded."""

    kind: Literal["interviews"]
    filename: Filename


class UploadTicket(View):
    """PUT the file to ``url`` with these ``headers`` before ``expires_at``."""

    upload_id: str
    url: str
    method: Literal["PUT"] = "PUT"
    headers: dict[str, str]
    expires_at: datetime


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
    "/uploads", summary="Ask for an upload URL", tags=["Uploads"], responses={201: {"description": "Created"}}
)
def post_upload(request: Annotated[UploadRequest, Body()]) -> Response[UploadTicket]:
    """A URL for one file; with an Idempotency-Key the same call names the same upload."""
    now = wiring.clock()
    key, language = router.context["idempotency_key"], router.context["language"]
    digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
    upload_id = ids.upload_id(now, router.context["request_key"])
    object_key = f"{INTERVIEWS}uploads/{upload_id}/{request.filename}"
    upload = wiring.uploads().create(
        Upload(upload_id, request.filename, object_key, now, language, request_digest=digest),
        f"{router.context['actor']}#{key}" if key else None,
    )
    if upload.request_digest != digest:
        raise Conflict(Refusal.KEY_REUSED, "Idempotency-Key")
    ticket = UploadTicket(
        upload_id=upload.upload_id,
        url=wiring.bucket().upload_url(upload.object_key, _CONTENT_TYPE, _URL_VALID),
        headers={"Content-Type": _CONTENT_TYPE},
        expires_at=now + _URL_VALID,
    )
    return Response(status_code=201, content_type="application/json", body=ticket)


@router.get("/uploads", summary="Files handed in or dropped in the bucket", tags=["Uploads"])
def list_uploads(
    filename: Annotated[str | None, Query(max_length=1024)] = None, limit: Limit = 25, cursor: Cursor = None
) -> UploadPage:
    """Uploads, newest first; ``filename`` is the object's key for a file dropped in the bucket."""
    uploads, following = wiring.uploads().page(filename, limit, cursor)
    return UploadPage(items=[_view(upload) for upload in uploads], next=following)


@router.get("/uploads/<upload_id>", summary="What came of a file", tags=["Uploads"])
def get_upload(upload_id: str) -> UploadView:
    """Counts so far, and the errors once it is finished."""
    return _view(wiring.uploads().get(upload_id))


def _view(upload: Upload) -> UploadView:
    return UploadView(
        upload_id=upload.upload_id,
        filename=upload.filename,
        status=upload.status,
        accepted=upload.accepted,
        rejected=upload.rejected,
        duplicates=upload.duplicates,
        errors=[LineErrorView(line=e.line, path=e.path, message=e.message) for e in upload.errors],
        report_url=wiring.bucket().download_url(upload.report_key, _URL_VALID) if upload.report_key else None,
        created_at=upload.created_at,
    )
