"""The bucket's objects as they were at a point in time, copied into another bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from infra.admin.restore.plan import Plan
from rencai.store.erasures import PREFIX, Erasure

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

WRITTEN_AT: Final = "written-at"
"""The tag that has when an object was first written: its copy is younger, and the lifecycle counts from that."""
_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object; ``gone`` is a delete marker."""

    key: str
    version_id: str
    at: datetime
    gone: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """``copied`` now; ``there`` before; ``left``: past their time, or erased since."""

    copied: int = 0
    there: int = 0
    left: int = 0


def versions(client: S3Client, bucket: str) -> Iterator[Version]:
    """Every version of every object, key by key."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in page.get("Versions", []):
            yield Version(one["Key"], one["VersionId"], one["LastModified"], gone=False)
        for marker in page.get("DeleteMarkers", []):
            yield Version(marker["Key"], marker["VersionId"], marker["LastModified"], gone=True)


def as_of(found: Iterable[Version], at: datetime) -> Iterator[Version]:
    """What could be read at ``at``: of each key the newest version of then, unless that was its deletion."""
    newest: dict[str, Version] = {}
    for one in found:
        # S3 tells seconds; of two versions in one second the list has the newer first.
        if one.at <= at and (one.key not in newest or newest[one.key].at < one.at):
            newest[one.key] = one
    return (one for one in newest.values() if not one.gone)


def copy_objects(
    client: S3Client,
    plan: Plan,
    target: str,
    expiries: Mapping[str, int],
    erasures: Iterable[Erasure],
    now: datetime,
) -> Copied:
    """Copy what there was, but for what the lifecycle would have removed by now and what was erased since. The record
    of erasures itself comes as it is now. Done again it goes on.
    """
    erased = list(erasures)
    there = {one.key for one in versions(client, target)}
    wanted, left = [], 0
    for one in as_of(versions(client, plan.source.bucket), plan.at):
        days = next((days for prefix, days in expiries.items() if one.key.startswith(prefix)), None)
        past = days is not None and one.at + timedelta(days=days) <= now
        if past or any(erasure.takes(one.key) for erasure in erased):
            left += 1
        elif not one.key.startswith(PREFIX):
            wanted.append(one)
    wanted += [one for one in as_of(versions(client, plan.source.bucket), now) if one.key.startswith(PREFIX)]
    missing = [one for one in wanted if one.key not in there]

    def copy(one: Version) -> None:
        client.copy_object(
            Bucket=target,
            Key=one.key,
            CopySource={"Bucket": plan.source.bucket, "Key": one.key, "VersionId": one.version_id},
            TaggingDirective="REPLACE",
            Tagging=f"{WRITTEN_AT}={one.at.strftime('%Y-%m-%dT%H:%M:%S%z')}".replace("+", "%2B"),
        )

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(copy, missing):
            pass
    return Copied(len(missing), len(wanted) - len(missing), left)


def expire(client: S3Client, bucket: str, expiries: Mapping[str, int], now: datetime) -> int:
    """Delete, every version of them, the copies that would be gone by now had they not been copied; how many."""
    doomed = []
    for one in versions(client, bucket):
        days = next((days for prefix, days in expiries.items() if one.key.startswith(prefix)), None)
        if days is None or one.gone:
            continue
        tags: list[Any] = list(
            client.get_object_tagging(Bucket=bucket, Key=one.key, VersionId=one.version_id)["TagSet"]
        )
        first = next((tag["Value"] for tag in tags if tag["Key"] == WRITTEN_AT), None)
        if first is not None and datetime.fromisoformat(first) + timedelta(days=days) <= now:
            doomed.append(one)
    for one in doomed:
        client.delete_object(Bucket=bucket, Key=one.key, VersionId=one.version_id)
    return len(doomed)


def erasures_since(client: S3Client, bucket: str, at: datetime) -> list[Erasure]:
    """Who was erased after ``at``, as the bucket that was in use since has it."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
    keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
    read = [Erasure.parsed(client.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys]
    return [one for one in read if one.at > at]
