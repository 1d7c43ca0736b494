"""Who comes, by which door, and what each will do: settled beforehand, so that the end can be held against it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from infra.local.candidates import Ability, Part, candidates
from rencai.hiring.rules.stages import Stage
from rencai.kernel.ids import Ids

SEED: Final = 1203
UNKNOWN: Final = "unknown-"
"""What the sandbox's ATS answers 404 to when an external id begins with it."""


class Plan(StrEnum):
    """What somebody who gets an offer does, or what is done to them."""

    SIGNS = "signs"
    DECLINES = "declines"
    APPROVED = "approved"
    """The check is unclear, and HR says yes."""
    REFUSED = "refused"
    """The check is unclear, and HR says no."""
    LEFT = "left"
    """The check is unclear, and HR leaves them waiting."""
    LAPSES = "lapses"
    """The envelope expires."""
    LAPSES_AND_SIGNS = "lapses_and_signs"
    """The envelope expires, HR sends the offer again, and that one is signed."""
    VOIDED = "voided"
    VOIDED_AND_SIGNS = "voided_and_signs"


ENDS_AT: Final[Mapping[Plan, Stage]] = {
    Plan.SIGNS: Stage.ONBOARDED,
    Plan.DECLINES: Stage.OFFER_DECLINED,
    Plan.APPROVED: Stage.ONBOARDED,
    Plan.REFUSED: Stage.REJECTED,
    Plan.LEFT: Stage.IN_REVIEW,
    Plan.LAPSES: Stage.OFFER_EXPIRED,
    Plan.LAPSES_AND_SIGNS: Stage.ONBOARDED,
    Plan.VOIDED: Stage.WITHDRAWN,
    Plan.VOIDED_AND_SIGNS: Stage.ONBOARDED,
}
"""Where each plan must end, for those who qualify."""

UNCLEAR: Final = frozenset({Plan.APPROVED, Plan.REFUSED, Plan.LEFT})
SENT_AGAIN: Final = frozenset({Plan.LAPSES_AND_SIGNS, Plan.VOIDED_AND_SIGNS})
FIRST_ENVELOPE: Final[Mapping[Plan, str]] = {
    Plan.LAPSES: "expire",
    Plan.LAPSES_AND_SIGNS: "expire",
    Plan.VOIDED: "void",
    Plan.VOIDED_AND_SIGNS: "void",
}
"""What testers do to the first envelope."""

LEARNT: Final = "company-orientation"
"""The course that everybody takes, and in which everybody progresses."""

REPORTS: Final[tuple[Mapping[str, Any], ...]] = (
    {"completion_percent": 45},
    {"completion_percent": 100, "exam_score": 85, "mentor_review": "谈判技巧有明显提升"},
)
"""What the learning platform tells of each learner, one after the other."""

_SHARES: Final[Mapping[Plan, float]] = {
    Plan.APPROVED: 0.03,
    Plan.REFUSED: 0.02,
    Plan.LEFT: 0.02,
    Plan.DECLINES: 0.04,
    Plan.LAPSES: 0.02,
    Plan.LAPSES_AND_SIGNS: 0.02,
    Plan.VOIDED: 0.02,
    Plan.VOIDED_AND_SIGNS: 0.02,
}
"""Of all candidates, at least one each; the rest sign."""


class Door(StrEnum):
    """How an interview comes in."""

    FILE = "file"
    API = "api"
    WEBHOOK = "webhook"


class Applies(StrEnum):
    """How the ATS tells of an application: ``told`` also by webhook, ``listed`` only when it is asked."""

    TOLD = "told"
    LISTED = "listed"


APPLIED: Final = "applied"
EVALUATED: Final = "evaluated"
"""What an application's status is at first, and in the end."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the run. ``early`` has an application before the interview comes in."""

    interview: Mapping[str, Any]
    plan: Plan
    door: Door
    ids: Ids
    applies: Applies | None = None
    early: bool = False

    @property
    def external_id(self) -> str:
        """What the interview vendor calls them."""
        return str(self.interview["candidate"]["external_id"])

    @property
    def candidate_id(self) -> str:
        """What we call them."""
        return self.ids.candidate_id(self.interview["vendor"], self.external_id)

    @property
    def email(self) -> str | None:
        """None for those who gave a phone number only: they get text messages."""
        found: str | None = self.interview["candidate"].get("email")
        return found

    @property
    def is_unknown_to_the_ats(self) -> bool:
        """Whether the ATS refuses to hear of them: on purpose, each such message is a dead letter."""
        return self.external_id.startswith(UNKNOWN)

    @property
    def application_external_id(self) -> str:
        """What the ATS calls their application."""
        return f"application-{self.external_id}"

    @property
    def line(self) -> str:
        """The interview as a line of JSONL, without its end."""
        return json.dumps(self.interview, ensure_ascii=False, separators=(",", ":"))

    def webhook_body(self, at: datetime) -> bytes:
        """The interview as its vendor's webhook tells it."""
        told = {"type": "interview.completed", "timestamp": at.isoformat(), "data": self.interview}
        return json.dumps(told, ensure_ascii=False).encode()

    def ends_at(self, qualifies: bool) -> Stage:
        """The stage this journey must rest at in the end."""
        return ENDS_AT[self.plan] if qualifies else Stage.TALENT_POOL

    def envelopes(self) -> int:
        """How many envelopes go out to them when they qualify."""
        return 2 if self.plan in SENT_AGAIN else 1


def invented(count: int, run: str, ids: Ids, seed: int = SEED) -> list[Candidate]:
    """``count`` candidates of this run (at least 20), the same for the same ``run`` and ``seed``; by the tenant's
    ``ids``.
    """
    shares = {plan: max(1, round(count * share)) for plan, share in _SHARES.items()}
    unclear = [plan for plan in shares if plan in UNCLEAR for _ in range(shares[plan])]
    others = iter([plan for plan in shares if plan not in UNCLEAR for _ in range(shares[plan])])
    drawn = candidates(count, seed, run, [Part.UNCLEAR_CHECK] * len(unclear))
    to_clear = iter(unclear)
    people: list[Candidate] = []
    for number, one in enumerate(drawn):
        plan = Plan.SIGNS
        if one.part is Part.UNCLEAR_CHECK:
            plan = next(to_clear)
        elif one.ability >= Ability.SOLID:
            plan = next(others, Plan.SIGNS)
        people.append(_placed(number, count, one.interview, plan, ids))
    return people


def doors(people: Sequence[Candidate], door: Door) -> Iterator[Candidate]:
    """Those who come by one door."""
    return (one for one in people if one.door is door)


def _placed(number: int, count: int, interview: dict[str, Any], plan: Plan, ids: Ids) -> Candidate:
    """By number: every eleventh by the API, every thirteenth by webhook; every fourth has an application."""
    door = Door.API if number % 11 == 5 else Door.WEBHOOK if number % 13 == 6 else Door.FILE
    # Spread over the run, so that some of them qualify and some do not.
    if number % max(4, count // 8) == 3:
        interview["candidate"]["external_id"] = UNKNOWN + interview["candidate"]["external_id"]
        return Candidate(interview, plan, door, ids)
    applies = {0: Applies.TOLD, 4: Applies.LISTED}.get(number % 8)
    return Candidate(interview, plan, door, ids, applies, early=number % 16 < 8)
