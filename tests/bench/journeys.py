"""A journey on the embedded stack: interview accepted to employee onboarded, driven over HTTP as outsiders do.

Twelve strong candidates, a second apart so that none waits for another's burst, after two who wake the functions. They
sign as soon as they can; what a person takes (from the offer lying there to the signature) is taken off. The times
are the stages' own, kept by the server; it runs on this machine's clock.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice, pairwise
from typing import Any, Final

import httpx

from infra.local import Stack, bring_up, stop
from infra.local.candidates import Ability, Candidate, candidates
from infra.local.defaults import load_defaults
from rencai.hiring.rules.stages import Stage
from tests.bench.figures import Figures, median, percentile

STACK: Final = "bench"
CANDIDATES: Final = 12
WAKING: Final = 2
SEED: Final = 11
APART_SECONDS: Final = 1.0
_POLL_SECONDS: Final = 0.25
_STALLED_SECONDS: Final = 180.0
_LOST: Final = frozenset({Stage.TALENT_POOL, Stage.IN_REVIEW, Stage.REJECTED, Stage.WITHDRAWN})


class JourneyFailed(Exception):
    """Somebody did not arrive; the message says who and where they stand."""


@dataclass
class Traveller:
    """A candidate on their way. ``signing`` is when they set about signing."""

    candidate_id: str
    signing: datetime | None = None
    entered: dict[str, datetime] = field(default_factory=dict)

    @property
    def onboarded(self) -> bool:
        return Stage.ONBOARDED in self.entered

    def seconds(self) -> dict[str, float]:
        """Of each stage until the next, the candidate's own time at ``offer_sent`` left out."""
        assert self.signing is not None
        ordered = sorted(self.entered.items(), key=lambda entry: entry[1])
        starts = {stage: self.signing if stage == Stage.OFFER_SENT else at for stage, at in ordered}
        return {
            stage: max(0.0, (end - starts[stage]).total_seconds())
            for (stage, _), (_, end) in pairwise(ordered)
        }


class Office:
    """The tenant's HTTP API as its two clients, and the candidates' way to the sandbox's signing page."""

    def __init__(self, stack: Stack) -> None:
        self._base = stack.api_url
        self._tokens = {client: stack.access_token(client) for client in ("ingest", "hr")}
        self._http = httpx.Client(timeout=60, trust_env=False)

    def hand_in(self, candidate: Candidate) -> Traveller:
        answer = self._call("ingest", "POST", "/interviews", content=candidate.line.encode())
        return Traveller(answer["candidate_id"])

    def look(self, traveller: Traveller) -> None:
        """Note the stages, and sign when it is time to."""
        seen = self._call("hr", "GET", f"/candidates/{traveller.candidate_id}")
        for entry in seen["stages"]:
            traveller.entered.setdefault(entry["stage"], datetime.fromisoformat(entry["entered_at"]))
        if seen["stage"] in _LOST:
            raise JourneyFailed(f"{traveller.candidate_id} came to {seen['stage']}")
        if seen["stage"] == Stage.OFFER_SENT and traveller.signing is None:
            offer = self._call("hr", "GET", f"/offers/{seen['offer_id']}")
            traveller.signing = datetime.now(UTC)
            self._http.post(offer["sign_url"], json={"action": "sign"}).raise_for_status()

    def _call(self, client: str, method: str, path: str, **arguments: Any) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {self._tokens[client]}", "Content-Type": "application/json"}
        answer = self._http.request(method, self._base + path, headers=headers, **arguments)
        if not answer.is_success:
            raise JourneyFailed(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        found: Mapping[str, Any] = answer.json()
        return found


def measure() -> Figures:
    """On a stack of its own, stopped afterwards."""
    try:
        stack = bring_up(STACK)
        load_defaults(stack)
        return _figures(*_travel(stack))
    finally:
        stop(STACK)


def _travel(stack: Stack) -> tuple[list[Traveller], list[Traveller]]:
    office = Office(stack)
    run = f"bench{time.time():.0f}"
    strong = islice(
        (one for one in candidates(400, SEED, run) if one.ability is Ability.STRONG), WAKING + CANDIDATES
    )
    waiting = list(strong)
    waking = _accompany(office, waiting[:WAKING])
    return waking, _accompany(office, waiting[WAKING:])


def _accompany(office: Office, people: list[Candidate]) -> list[Traveller]:
    travellers: list[Traveller] = []
    began = time.monotonic()
    while len(travellers) < len(people) or not all(traveller.onboarded for traveller in travellers):
        elapsed = time.monotonic() - began
        if len(travellers) < len(people) and elapsed >= len(travellers) * APART_SECONDS:
            travellers.append(office.hand_in(people[len(travellers)]))
        for traveller in travellers:
            if not traveller.onboarded:
                office.look(traveller)
        if elapsed > _STALLED_SECONDS + len(people) * APART_SECONDS:
            stuck = [one for one in travellers if not one.onboarded]
            where = ", ".join(
                f"{one.candidate_id} at {max(one.entered, key=one.entered.__getitem__)}" for one in stuck
            )
            raise JourneyFailed(f"still on their way: {where}")
        time.sleep(_POLL_SECONDS)
    return travellers


def _figures(waking: list[Traveller], travellers: list[Traveller]) -> Figures:
    each = [traveller.seconds() for traveller in travellers]
    totals = [sum(stages.values()) for stages in each]
    first = max(sum(traveller.seconds().values()) for traveller in waking)
    p50, p95 = percentile(totals, 50), percentile(totals, 95)
    stages = {stage: median([seconds[stage] for seconds in each]) for stage in each[0]}

    figures = Figures()
    figures.values["journey_seconds"] = {
        "p50": round(p50, 2),
        "p95": round(p95, 2),
        "candidates": len(travellers),
        "first_with_cold_starts": round(first, 2),
        "stages_p50": {stage: round(seconds, 2) for stage, seconds in stages.items()},
    }
    note = f"{len(travellers)} candidates, accepted to onboarded, without their time to sign"
    figures.say("journey_seconds p50", f"{p50:.1f}", note)
    figures.say("journey_seconds p95", f"{p95:.1f}", f"the first ones, with every cold start: {first:.1f}")
    figures.say(
        "  stage by stage",
        "",
        ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in stages.items()) + " s (p50)",
    )
    return figures
