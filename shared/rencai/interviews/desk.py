"""What clients do about files of interviews: ask for a URL to PUT one to, and look at what came of it."""

from dataclasses import dataclass
from datetime import datetime

from rencai.interviews.store.uploads import Upload, Uploads
from rencai.kernel.ids import Ids
from rencai.store.file_requests import URL_VALID, FileRequest
from rencai.store.objects import INTERVIEWS, Bucket, PutTicket


@dataclass(frozen=True, slots=True)
class ShownUpload:
    """An upload, and where its whole report can be read for an hour, once there is one."""

    upload: Upload
    report_url: str | None


@dataclass(frozen=True, slots=True)
class UploadDesk:
    """The use case and its collaborators."""

    uploads: Uploads
    bucket: Bucket
    ids: Ids

    def ask(self, asked: FileRequest, now: datetime) -> tuple[Upload, PutTicket]:
        """A URL for one file, valid for an hour; the same request under the same key names the same upload.

        Raises ``Conflict`` (KEY_REUSED).
        """
        upload_id = self.ids.upload_id(now, asked.key or asked.request_key)
        object_key = f"{INTERVIEWS}uploads/{upload_id}/{asked.filename}"
        upload = self.uploads.create(
            Upload(
                upload_id,
                asked.filename,
                object_key,
                now,
                asked.language,
                request_digest=asked.digest,
                size=asked.size,
                client_id=asked.client_id,
            ),
            asked.key,
        )
        return upload, asked.ticket(self.bucket, upload.object_key, upload.request_digest, now)

    def look(self, upload_id: str, of: str | None) -> ShownUpload:
        """One upload; raises ``NotFound``, also for another client's than ``of``. None: anybody's will do."""
        return self._shown(self.uploads.get(upload_id, of))

    def page(
        self, filename: str | None, limit: int, cursor: str | None, of: str | None
    ) -> tuple[list[ShownUpload], str | None]:
        """Uploads, newest first, and where the next page begins; with ``filename`` those of that file, with ``of``
        those of that client.
        """
        uploads, following = self.uploads.page(filename, limit, cursor, of)
        return [self._shown(upload) for upload in uploads], following

    def _shown(self, upload: Upload) -> ShownUpload:
        key = upload.report_key
        return ShownUpload(upload, self.bucket.download_url(key, URL_VALID) if key else None)
