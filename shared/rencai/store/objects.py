"""The tenant's bucket: raw interviews, large webhook bodies, import files and their reports. Encrypted by the key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO, Final

from botocore.exceptions import ClientError

from rencai.kernel.errors import LostRace, NotFound

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

INTERVIEWS: Final = "interviews/"
"""What is dropped under this prefix is ingested."""
IMPORTS: Final = "imports/"
"""Files of other systems, and what becomes of them (F1)."""
_CHUNK: Final = 1024 * 1024
_GONE: Final = ("404", "NoSuchKey", "NoSuchVersion")
_OVERTAKEN: Final = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")
"""What S3 answers to a conditional write when the object is another, is being written, or is gone."""


@dataclass(frozen=True, slots=True)
class ObjectHead:
    """What is known of an object without reading it; ``size`` in bytes."""

    size: int
    version_id: str | None


@dataclass(frozen=True, slots=True)
class PutTicket:
    """Where a file is PUT, with which headers, and until when."""

    url: str
    headers: Mapping[str, str]
    expires_at: datetime


class Bucket:
    """Typed access to the tenant's bucket."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self._name = name

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> str:
        """Write an object; returns its key."""
        self._client.put_object(Bucket=self._name, Key=key, Body=body, ContentType=content_type)
        return key

    def put_file(self, key: str, content: BinaryIO, content_type: str) -> str:
        """Write an object from a file, of at most 5 GB; memory does not grow with it. Returns its key."""
        self._client.put_object(Bucket=self._name, Key=key, Body=content, ContentType=content_type)
        return key

    def put_over(self, key: str, body: bytes, etag: str | None) -> str:
        """Write an object over the one that has ``etag``, None: where there is none; returns its own. Raises
        ``LostRace`` when somebody else has written it.
        """
        seen = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        try:
            answer = self._client.put_object(
                Bucket=self._name,
                Key=key,
                Body=body,
                ContentType="application/json",
                **seen,  # type: ignore[arg-type]  # a plain dict of str
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _OVERTAKEN:
                raise LostRace from error
            raise
        return answer["ETag"]

    def head(self, key: str, version_id: str | None) -> ObjectHead:
        """Size and version of one version; raises ``NotFound``."""
        version = {"VersionId": version_id} if version_id else {}
        try:
            answer = self._client.head_object(Bucket=self._name, Key=key, **version)  # type: ignore[arg-type]  # a plain dict of str
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey", "NotFound"):
                raise NotFound("object", key) from error
            raise
        return ObjectHead(answer["ContentLength"], answer.get("VersionId"))

    def get(self, key: str) -> bytes:
        """A whole object that is known to be small; raises ``NotFound``."""
        return self.get_tagged(key)[0]

    def get_tagged(self, key: str) -> tuple[bytes, str]:
        """The same, and the ETag by which ``put_over`` knows it again."""
        try:
            answer = self._client.get_object(Bucket=self._name, Key=key)
            return answer["Body"].read(), answer["ETag"]
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
                raise NotFound("object", key) from error
            raise

    def read(self, key: str, version_id: str | None, start: int, end: int) -> bytes:
        """The bytes ``start`` (inclusive) to ``end`` (exclusive) of one version; raises ``NotFound``."""
        if end <= start:
            return b""
        version = {"VersionId": version_id} if version_id else {}
        try:
            answer = self._client.get_object(
                Bucket=self._name,
                Key=key,
                Range=f"bytes={start}-{end - 1}",
                **version,  # type: ignore[arg-type]  # a plain dict of str
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _GONE:
                raise NotFound("object", key) from error
            raise
        body = answer["Body"]
        if "ContentRange" not in answer:
            # A server may ignore a range and send the whole (RFC 9110, 14.2): what lies before it is passed over.
            for skipped in range(0, start, _CHUNK):
                body.read(min(_CHUNK, start - skipped))
        return body.read(end - start)

    def stream(self, key: str, version_id: str | None) -> Iterator[bytes]:
        """One version from start to end, in pieces of at most 1 MB: memory does not grow with the object."""
        version = {"VersionId": version_id} if version_id else {}
        body = self._client.get_object(Bucket=self._name, Key=key, **version)["Body"]  # type: ignore[arg-type]  # as above
        yield from body.iter_chunks(_CHUNK)

    def upload_ticket(
        self, key: str, content_type: str, size: int | None, now: datetime, valid: timedelta
    ) -> PutTicket:
        """How one file gets into the bucket: PUT once, with exactly these headers, within ``valid``; of ``size`` bytes,
        None: of any. S3 answers 412 to a second PUT, and 403 to one of other headers, another size among them.
        """
        sized = {} if size is None else {"ContentLength": size}
        url = self._client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._name,
                "Key": key,
                "ContentType": content_type,
                "IfNoneMatch": "*",
                **sized,
            },
            ExpiresIn=int(valid.total_seconds()),
        )
        headers = {"Content-Type": content_type, "If-None-Match": "*"}
        if size is not None:
            headers["Content-Length"] = str(size)
        return PutTicket(url, headers, now + valid)

    def download_url(self, key: str, valid: timedelta) -> str:
        """A URL from which an object is read."""
        return self._client.generate_presigned_url(
            "get_object", Params={"Bucket": self._name, "Key": key}, ExpiresIn=int(valid.total_seconds())
        )
