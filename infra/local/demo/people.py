"""Who is in the demo: the candidates as it follows them, and what they and HR do by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from infra.local.candidates import Part
from infra.local.demo.api import Api
from rencai.hiring.rules.stages import Review, Stage

# Each person acts by themselves, but the machine has few cores.
PEOPLE_AT_ONCE: Final = 3

LINE: Final = (
    Stage.INTERVIEWED,
    Stage.QUALIFIED,
    Stage.OFFER_DRAFTED,
    Stage.OFFER_SENT,
    Stage.SIGNED,
    Stage.CHECKING,
    Stage.CLEARED,
    Stage.ONBOARDED,
)
FINAL: Final = frozenset(
    {
        Stage.ONBOARDED,
        Stage.TALENT_POOL,
        Stage.OFFER_DECLINED,
        Stage.OFFER_EXPIRED,
        Stage.REJECTED,
        Stage.WITHDRAWN,
    }
)


@dataclass
class Person:
    """A candidate as the demo follows them."""

    candidate_id: str
    name: str
    role: str
    email: str | None
    part: Part
    stage: Stage | None = None
    score: float | None = None
    updated_at: str = ""
    since: float = 0.0
    """Seconds into the run at which the present stage was first seen."""


@dataclass
class Show:
    """What the run looks like so far, for the live table and the plain lines alike."""

    people: list[Person]
    upload: dict[str, Any] = field(default_factory=dict)
    trouble: str = ""
    """The last time the API could not be asked."""
    began: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    @property
    def done(self) -> bool:
        return self.upload.get("status") in ("finished", "failed") and all(
            person.stage in FINAL for person in self.people
        )


class Cast:
    """Plays the people: candidates sign or decline when the offer is there, HR decides what waits for a review."""

    def __init__(self, hr: Api, sandbox: httpx.Client) -> None:
        self._hr = hr
        self._sandbox = sandbox
        self._pool = ThreadPoolExecutor(PEOPLE_AT_ONCE)
        # One act for each entry into a stage: two things can come to wait for HR, one after the other.
        self._acting: dict[tuple[str, str], Future[None]] = {}
        self.troubles: dict[str, str] = {}

    def act(self, person: Person) -> None:
        """Set a person to what their stage asks of them; what failed is tried again at the next look."""
        acts: dict[Stage, Callable[[Person], None]] = {
            Stage.OFFER_SENT: self._answer_offer,
            Stage.IN_REVIEW: self._review,
        }
        if person.stage not in acts:
            return
        key = (person.candidate_id, person.updated_at)
        acting = self._acting.get(key)
        if acting is not None and acting.done() and (error := acting.exception()):
            self.troubles[person.candidate_id] = f"{type(error).__name__}: {error}"
            acting = None
        if acting is None:
            self._acting[key] = self._pool.submit(acts[person.stage], person)

    def close(self) -> None:
        """Nobody acts any more."""
        self._pool.shutdown(cancel_futures=True)

    def _answer_offer(self, person: Person) -> None:
        offer_id = self._hr.get(f"/candidates/{person.candidate_id}")["offer_id"]
        sign_url = self._hr.get(f"/offers/{offer_id}")["sign_url"]
        decision = (
            {"action": "decline", "reason": "已接受其他工作机会"}
            if person.part is Part.DECLINES
            else {"action": "sign"}
        )
        self._sandbox.post(sign_url, json=decision).raise_for_status()

    def _review(self, person: Person) -> None:
        review = self._hr.get(f"/candidates/{person.candidate_id}")["review"]
        if review is None:
            return
        reason = "已电话联系原单位人事部门,任职时间属实。"
        if review["about"] == Review.INTERVIEW:
            reason = "已补充电话面谈,未作答的题目现已作答。"
        self._hr.post(f"/candidates/{person.candidate_id}/review", {"decision": "approve", "reason": reason})
