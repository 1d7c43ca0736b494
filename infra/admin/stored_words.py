"""What people have said that is on record, the newest of it: interviews, and mentors' reviews.

Neither is listed by time, so the table is looked through once: 0.5 read units for 4 KB of it (consistently: 1). Memory
holds as many as are asked for, each without its words; those are read one after the other.
"""

from __future__ import annotations

import heapq
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.admin.restore.table import SEGMENTS, scan
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.profile import FacialPolicy
from rencai.interviews.rules.transcript import result_in
from rencai.interviews.store.raw_results import read_raw
from rencai.store.objects import Bucket
from rencai.store.sealed import Sealed, Vault

_INTERVIEW = "INTERVIEW#"
_COURSE = "TRAINING#COURSE#"
_BY = 3
"""Where a rating says by what it came."""


@dataclass(frozen=True, slots=True, order=True)
class KeptInterview:
    """An interview on record: when it came, whose it is, where its words are, and how it was scored."""

    received_at: str
    vendor: str
    interview_id: str
    candidate_id: str
    raw: str
    role: str
    facial: FacialPolicy

    def words(self, bucket: Bucket) -> Interview:
        """The interview as it came; raises ``NotFound`` where it is gone, ``ValueError`` or ``KeyError`` where it
        cannot be read.
        """
        return Interview.model_validate_json(result_in(read_raw(bucket, self.raw)))


@dataclass(frozen=True, slots=True, order=True)
class KeptReview:
    """A mentor's review on record: when it was written, about whom, of which course; its words are sealed."""

    written_at: str
    employee_id: str
    item_id: str
    sealed: tuple[bytes, ...]
    by_person: bool
    """Whether a person has rated it, so that it is read no more."""

    def words(self, vault: Vault) -> str:
        """The words; opening them is on KMS's record."""
        return vault.open(list(self.sealed), owner=self.employee_id, field="review")


def newest_interviews(client: Any, table: str, most: int, role: str | None = None) -> list[KeptInterview]:
    """The ``most`` newest, newest first; with ``role`` of those for it."""
    return _newest(
        lambda segment: _interviews(client, table, segment, role),
        most,
    )


def newest_reviews(client: Any, table: str, most: int) -> list[KeptReview]:
    """The ``most`` newest, newest first."""
    return _newest(lambda segment: _reviews(client, table, segment), most)


def _newest(of_segment: Callable[[int], Iterator[Any]], most: int) -> list[Any]:
    kept: list[Any] = []
    for segment in range(SEGMENTS):
        for one in of_segment(segment):
            if len(kept) < most:
                heapq.heappush(kept, one)
            elif one > kept[0]:
                heapq.heapreplace(kept, one)
    return sorted(kept, reverse=True)


def _interviews(client: Any, table: str, segment: int, role: str | None) -> Iterator[KeptInterview]:
    wanted = ("pk", "sk", "received_at", "candidate_id", "raw", "profile")
    for item in scan(client, table, segment, *wanted):
        if not item["pk"]["S"].startswith(_INTERVIEW):
            continue
        profile = json.loads(zlib.decompress(item["profile"]["B"]))
        if role is not None and profile["role"] != role:
            continue
        vendor, _, interview_id = item["pk"]["S"].removeprefix(_INTERVIEW).partition("#")
        yield KeptInterview(
            item["received_at"]["S"],
            vendor.replace("%23", "#").replace("%25", "%"),
            interview_id,
            item["candidate_id"]["S"],
            item["raw"]["S"],
            profile["role"],
            FacialPolicy(profile["facial"]),
        )


def _reviews(client: Any, table: str, segment: int) -> Iterator[KeptReview]:
    for item in scan(client, table, segment, "pk", "sk", "review", "reviewed", "rating"):
        if not item["sk"]["S"].startswith(_COURSE) or "review" not in item:
            continue
        sealed: Sealed = [piece["B"] for piece in item["review"]["L"]]
        rating = item.get("rating", {}).get("L", [])
        yield KeptReview(
            item["reviewed"]["L"][1]["S"],
            item["pk"]["S"].partition("#")[2],
            item["sk"]["S"].removeprefix(_COURSE),
            tuple(sealed),
            len(rating) > _BY and rating[_BY]["S"] in ("hr", "link"),
        )
