"""Interview results: the id that makes one idempotent, the profile it gave, and where its raw bytes are."""

import json
import zlib
from dataclasses import astuple, dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rencai.interviews.rules.competency import FACIAL_SIGNALS
from rencai.interviews.rules.profile import CompetencyScore, Evidence, FacialPolicy, Profile
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.kernel.errors import Conflict, LostRace, NotFound
from rencai.store.table import ABSENT, Item, Key, Table, compact, instant

if TYPE_CHECKING:
    from rencai.reading.rules.reader import ReaderVersion


def interview_key(vendor: str, interview_id: str) -> Key:
    """``INTERVIEW#aiview#itv-1`` / ``RESULT``: the vendor's id, unique with the vendor.

    Both are free text from outside; a ``#`` in the vendor's name is escaped, so that no two pairs share a key.
    """
    escaped = vendor.replace("%", "%25").replace("#", "%23")
    return Key(f"INTERVIEW#{escaped}#{interview_id}", "RESULT")


@dataclass(frozen=True, slots=True)
class Placed:
    """Of a result that was put on another candidate's record (A6), what it takes to give it back.

    ``candidate_id`` is its own source's. ``before`` is the card of the journey it was put on, where that rested in the
    talent pool or waited for a person, and so could be reopened by it: hiring's ``CandidateCard`` as a list.
    """

    candidate_id: str
    name: str
    location: str
    requisition_id: str
    external_id: str
    before: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class StoredInterview:
    """A result on record. ``source`` says which delivery brought it first, ``raw`` where its bytes are.

    ``candidate_id`` is whose record it is on; where that is not its own source's, ``placed`` says how it came there.
    """

    vendor: str
    interview_id: str
    candidate_id: str
    source: str
    raw: str
    profile: Profile
    placed: Placed | None = None


def _number(value: Decimal | None) -> str | None:
    return str(value) if value is not None else None


def to_profile_document(profile: Profile) -> dict[str, Any]:
    """A profile as JSON-ready values; decimals as strings."""
    return {
        "role": profile.role,
        "model": [profile.model_id, profile.model_version],
        "facial": profile.facial_policy,
        "overall": _number(profile.overall),
        "bare": _number(profile.overall_without_facial),
        "coverage": str(profile.coverage),
        "pass": str(profile.pass_score),
        "minimum": str(profile.minimum_coverage),
        "missing": profile.missing,
        "qualifies": profile.qualifies,
        "strengths": profile.strengths,
        "improve": profile.improve,
        "digest": profile.inputs_digest,
        **({"reader": astuple(profile.reader)} if profile.reader else {}),
        "competencies": [
            [
                c.id,
                str(c.weight),
                c.score,
                c.score_without_facial,
                [[e.rule, e.points, e.kind, e.topic, e.detail, e.counted] for e in c.evidence],
            ]
            for c in profile.competencies
        ],
    }


def from_profile_document(document: dict[str, Any]) -> Profile:
    """The inverse of ``to_profile_document``."""

    def decimal(text: str | None) -> Decimal | None:
        return Decimal(text) if text is not None else None

    return Profile(
        role=document["role"],
        model_id=document["model"][0],
        model_version=document["model"][1],
        facial_policy=FacialPolicy(document["facial"]),
        overall=decimal(document["overall"]),
        overall_without_facial=decimal(document["bare"]),
        coverage=Decimal(document["coverage"]),
        qualifies=document["qualifies"],
        competencies=tuple(
            CompetencyScore(
                id_,
                Decimal(weight),
                score,
                bare,
                tuple(
                    Evidence(
                        rule, points, kind, topic, detail, detail.get("signal") in FACIAL_SIGNALS, counted
                    )
                    for rule, points, kind, topic, detail, counted in evidence
                ),
            )
            for id_, weight, score, bare, evidence in document["competencies"]
        ),
        strengths=tuple(document["strengths"]),
        improve=tuple(document["improve"]),
        inputs_digest=document["digest"],
        pass_score=Decimal(document["pass"]),
        # Profiles of before asked for nothing.
        minimum_coverage=Decimal(document.get("minimum", 0)),
        missing=tuple(document.get("missing", ())),
        reader=_reader(document.get("reader")),
    )


def _reader(document: list[Any] | None) -> "ReaderVersion | None":
    if document is None:
        return None
    # Only who looks at words that were read has to know of readers.
    from rencai.reading.rules.reader import ReaderVersion

    return ReaderVersion(*document)


class Interviews:
    """The results on record."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def record(self, stored: StoredInterview, now: datetime) -> StoredInterview:
        """Put a result on record. The same content again gives what is recorded (compare ``source``); the same id
        with other content raises ``Conflict``.
        """
        key = interview_key(stored.vendor, stored.interview_id)
        try:
            self._table.put(key, _to_item(stored, now), ABSENT)
        except LostRace:
            known = self.get(stored.vendor, stored.interview_id)
            if known.profile.inputs_digest != stored.profile.inputs_digest:
                raise Conflict(
                    InterviewRefusal.INTERVIEW_CHANGED, "interview_id", interview_id=stored.interview_id
                ) from None
            return known
        return stored

    def get(self, vendor: str, interview_id: str) -> StoredInterview:
        """One result; raises ``NotFound``."""
        item = self._table.get(interview_key(vendor, interview_id))
        if item is None:
            raise NotFound("interview", interview_id)
        return StoredInterview(
            vendor=vendor,
            interview_id=interview_id,
            candidate_id=item["candidate_id"],
            source=item["source"],
            raw=item["raw"],
            profile=_profile(item),
            placed=Placed(*json.loads(item["placed"])) if item.get("placed") else None,
        )

    def profile(self, vendor: str, interview_id: str) -> Profile:
        """The profile a result gave, which stays as it was made and so costs half the price; raises ``NotFound``."""
        item = self._table.get_since(interview_key(vendor, interview_id), 0)
        if item is None:
            raise NotFound("interview", interview_id)
        return _profile(item)

    def attribute(self, stored: StoredInterview, candidate_id: str, placed: Placed | None) -> None:
        """Put a result on a candidate's record; the same again writes the same. ``placed`` None: on its own again."""
        self._table.update(
            interview_key(stored.vendor, stored.interview_id),
            {"candidate_id": candidate_id, "placed": compact(astuple(placed)) if placed else ""},
        )


def _profile(item: Item) -> Profile:
    return from_profile_document(json.loads(zlib.decompress(item["profile"])))


def _to_item(stored: StoredInterview, now: datetime) -> Item:
    return {
        "candidate_id": stored.candidate_id,
        "source": stored.source,
        "raw": stored.raw,
        "received_at": instant(now),
        # Evidence repeats itself; deflated it fits in one or two write units instead of four or five.
        "profile": zlib.compress(compact(to_profile_document(stored.profile)).encode(), 6),
    }
