"""Plays everybody: candidates, HR, learners, the ATS's users; round after round until nothing moves any more."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from infra.local.demo.api import Api, DemoFailed, Unavailable
from infra.local.stack import Stack
from rencai.hiring.rules.stages import Review, Stage
from rencai.kernel import ids
from tests.e2e.outsider import Outsider
from tests.soak import checks
from tests.soak.beside import Beside
from tests.soak.people import (
    APPLIED,
    EVALUATED,
    FIRST_ENVELOPE,
    LEARNT,
    REPORTS,
    Applies,
    Candidate,
    Door,
    Plan,
    doors,
)
from tests.soak.queues import Queues
from tests.soak.record import Record, read
from tests.soak.sandbox import NotDone, Sandbox

ROUND_SECONDS: Final = 2.0
SAID_EVERY_SECONDS: Final = 15.0
LOOKED_INTO_EVERY_SECONDS: Final = 20.0
"""How often the whole table is read, once nothing seems to move."""
HANDS: Final = 4
"""Acts at once; the machine has few cores."""

_REVIEW: Final = {Plan.APPROVED: "approve", Plan.REFUSED: "reject"}


@dataclass
class _Seen:
    """Where somebody stands, and since when: one act for each entry into a stage."""

    stage: Stage
    since: str


@dataclass
class Soak:
    """The run. ``troubles`` are acts that failed, by whom and how often; each is done again."""

    stack: Stack
    people: Sequence[Candidate]
    say: Callable[[str], None]
    filename: str
    beside: Beside
    troubles: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._hr, self._ingest = Api(self.stack, "hr"), Api(self.stack, "ingest")
        self._sandbox = Sandbox(self.stack)
        self._queues = Queues(self.stack)
        self._outsider = Outsider(self.stack, "")
        self._pool = ThreadPoolExecutor(HANDS)
        self._by_id = {one.candidate_id: one for one in self.people}
        self._seen: dict[str, _Seen] = {}
        self._standing: dict[tuple[str, ...], Callable[[], None]] = {}
        self._acting: dict[tuple[str, ...], Future[None]] = {}
        self._envelopes: dict[str, str] = {}
        self._began = time.monotonic()

    def run(self, limit: timedelta) -> list[str]:
        """Until nothing moves, or ``limit`` is over; returns what is still open then."""
        try:
            self.beside.come()
            self._hand_in()
            return self._accompany(limit)
        finally:
            self._pool.shutdown(cancel_futures=True)

    @property
    def elapsed(self) -> float:
        """Seconds."""
        return time.monotonic() - self._began

    # --- coming in

    def _hand_in(self) -> None:
        for one in self.people:
            if one.applies and one.early:
                self._must(partial(self._apply, one), "applies", one.candidate_id)
        for colleague in self.beside.them:
            self._must(partial(self.beside.answer, colleague), "answers", colleague.employee_id)
        self._set_to_what_must_be()
        in_file = list(doors(self.people, Door.FILE))
        content = "".join(f"{one.line}\n" for one in in_file).encode()
        bucket = self.stack.session.client("s3")
        bucket.put_object(Bucket=self.stack.bucket, Key=self.filename, Body=content)
        for one in doors(self.people, Door.API):
            self._must(partial(self._post, one), "is interviewed", one.candidate_id)
        for one in doors(self.people, Door.WEBHOOK):
            self._deliver(one)
        counts = Counter(one.door for one in self.people)
        self.say(
            f"{len(self.people)} candidates: {', '.join(f'{n} by {door}' for door, n in counts.items())}"
        )

    def _post(self, one: Candidate) -> None:
        self._ingest.post("/interviews", one.interview)

    def _deliver(self, one: Candidate) -> None:
        """The interview vendor tells it twice, and a forger tries once under the same id."""
        now = datetime.now(UTC)
        body = one.webhook_body(now)
        message_id = f"msg_{one.candidate_id}"
        secret = self.stack.webhook_secrets["esign"]
        forged = self._outsider.webhook("interview", message_id, body, secret=secret)
        answers = [self._outsider.webhook("interview", message_id, body) for _ in range(2)]
        found = [forged.status_code, *(answer.status_code for answer in answers)]
        if found != [401, 202, 202]:
            raise DemoFailed(f"the interview webhook answered {found}, not [401, 202, 202]")

    def _apply(self, one: Candidate) -> None:
        """An application as it comes in, and once more when HR has looked at it."""
        person, position = one.interview["candidate"], one.interview["position"]
        now = datetime.now(UTC)
        application: dict[str, Any] = {
            "external_id": one.application_external_id,
            "candidate": {k: person[k] for k in ("name", "email", "phone", "national_id") if k in person},
            "position": position,
            "resume": {"work_history": [{"employer": "深圳远航贸易", "title": "专员", "from": "2021-07"}]},
            "status": APPLIED,
            "updated_at": now.isoformat(),
        }
        evaluated = application | {
            "status": EVALUATED,
            "evaluation": {"score": 82, "comment": "沟通清楚", "by": "HR", "at": now.isoformat()},
            "updated_at": (now + timedelta(seconds=1)).isoformat(),
        }
        told = {"callback_url": f"{self.stack.api_url}/webhooks/ats"} if one.applies is Applies.TOLD else {}
        for version in (application, evaluated):
            self._sandbox.put_application(version | told)

    # --- on the way

    def _accompany(self, limit: timedelta) -> list[str]:
        said_at = looked_at = -LOOKED_INTO_EVERY_SECONDS
        while True:
            try:
                self._look()
                self._act()
                open_things = self._moving()
            except (Unavailable, NotDone) as error:
                self.troubles[type(error).__name__] += 1
                open_things = [str(error)]
            if not open_things and self.elapsed - looked_at > LOOKED_INTO_EVERY_SECONDS:
                looked_at = self.elapsed
                open_things = self._unsettled()
                if not open_things:
                    return []
                self.say(f"{self.elapsed:5.0f} s  still open: {len(open_things)}, e.g. {open_things[0]}")
            if self.elapsed > limit.total_seconds():
                return open_things or self._unsettled()
            if self.elapsed - said_at > SAID_EVERY_SECONDS:
                said_at = self.elapsed
                self.say(self._where_everybody_is())
            time.sleep(ROUND_SECONDS)

    def _unsettled(self) -> list[str]:
        colleagues = [one.employee_id for one in self.beside.them]
        return checks.unsettled(self.record(), self.people, colleagues)

    def record(self) -> Record:
        """The table as it is now."""
        return read(self._outsider.items())

    def _look(self) -> None:
        for item in self._hr.pages("/candidates"):
            known = self._seen.get(item["candidate_id"])
            # The list is read stage by stage, so somebody who moves meanwhile shows up twice: the later one counts.
            if known is None or item["updated_at"] > known.since:
                self._seen[item["candidate_id"]] = _Seen(Stage(item["stage"]), item["updated_at"])

    def _act(self) -> None:
        for candidate_id, seen in list(self._seen.items()):
            one = self._by_id.get(candidate_id)
            if one is None:
                continue
            if one.applies and not one.early:
                self._must(partial(self._apply, one), "applies", candidate_id)
            act = self._due(one, seen.stage)
            if act is not None:
                self._set_to(partial(act, one), candidate_id, seen.stage, seen.since)
        onboarded = sum(seen.stage is Stage.ONBOARDED for seen in self._seen.values())
        if sum(key[0] == "learns" for key in self._standing) < onboarded:
            rows = self._sandbox.ledger("lms")
            for row in (row for row in rows if row["reference"].endswith(f"/{LEARNT}")):
                self._must(partial(self._learn, row["id"]), "learns", row["id"])
        self._set_to_what_must_be()

    def _due(self, one: Candidate, stage: Stage) -> Callable[[Candidate], None] | None:
        """What somebody at this stage has to do, or HR about them."""
        match stage:
            case Stage.OFFER_SENT:
                return self._answer
            case Stage.IN_REVIEW:
                return self._review
            case Stage.OFFER_EXPIRED if one.plan is Plan.LAPSES_AND_SIGNS:
                return self._send_again
            case Stage.WITHDRAWN if one.plan is Plan.VOIDED_AND_SIGNS:
                return self._send_again
            case _:
                return None

    def _answer(self, one: Candidate) -> None:
        offer_id = ids.offer_id(one.candidate_id)
        offer = self._hr.get(f"/offers/{offer_id}")
        if one.plan in FIRST_ENVELOPE and offer["attempt"] == 1:
            self._sandbox.end_envelope(self._first_envelope(offer_id), FIRST_ENVELOPE[one.plan])
            return
        decision = {"action": "sign"}
        if one.plan is Plan.DECLINES:
            decision = {"action": "decline", "reason": "已接受其他工作机会"}
        self._sandbox.answer_offer(offer["sign_url"], decision)

    def _first_envelope(self, offer_id: str) -> str:
        if offer_id not in self._envelopes:
            rows = self._sandbox.ledger("esign")
            self._envelopes |= {row["idempotency_key"]: row["id"] for row in rows}
        return self._envelopes[offer_id]

    def _review(self, one: Candidate) -> None:
        """Of an interview that shows too little HR thinks what its score says; of a check what is planned."""
        waits = self._hr.get(f"/candidates/{one.candidate_id}")["review"]
        if waits is None:
            return
        decision = _REVIEW.get(one.plan)
        if waits["about"] == Review.INTERVIEW:
            profile = self._hr.get(f"/candidates/{one.candidate_id}/profile")
            decision = "approve" if profile["qualifies"] else "reject"
        if decision is None:
            return
        said = {"decision": decision, "reason": "已电话联系原单位人事部门。", "about": waits["about"]}
        self._hr.post(f"/candidates/{one.candidate_id}/review", said)

    def _send_again(self, one: Candidate) -> None:
        self._hr.post(f"/offers/{ids.offer_id(one.candidate_id)}/resend", {"reason": "候选人希望再考虑。"})

    def _learn(self, enrolment_id: str) -> None:
        told = {"callback_url": f"{self.stack.api_url}/webhooks/lms"}
        for report in REPORTS:
            self._sandbox.report_progress(enrolment_id, {**report, **told})

    def _must(self, act: Callable[[], None], *key: str) -> None:
        """Have something done whatever becomes of anybody; what belongs to a stage is over with it."""
        self._standing.setdefault(key, act)

    def _set_to_what_must_be(self) -> None:
        for key, act in self._standing.items():
            self._set_to(act, *key)

    def _set_to(self, act: Callable[[], None], *key: str) -> None:
        """Have something done once; what failed is done again."""
        acting = self._acting.get(key)
        if acting is not None:
            error = acting.exception() if acting.done() else None
            if error is None:
                return
            if not isinstance(error, NotDone | DemoFailed):
                raise error
            self.troubles[f"{type(error).__name__}: {error}"[:120]] += 1
        self._acting[key] = self._pool.submit(act)

    # --- coming to rest

    def _moving(self) -> list[str]:
        """What can be seen to be on its way without reading the table."""
        missing = [one for one in self.people if one.candidate_id not in self._seen]
        found = [f"{one.candidate_id} is not in the list" for one in missing]
        found += [
            f"{one.candidate_id} is at {seen.stage}, planned: {one.plan}"
            for one in self.people
            if (seen := self._seen.get(one.candidate_id))
            and seen.stage not in (Stage.TALENT_POOL, one.ends_at(qualifies=True))
        ]
        found += [f"not done: {' '.join(key)}" for key in self._standing if not self._is_done(key)]
        found += [f"{name} holds {count} messages" for name, count in self._queues.moving().items()]
        return found

    def _is_done(self, key: tuple[str, ...]) -> bool:
        acting = self._acting.get(key)
        return acting is not None and acting.done() and acting.exception() is None

    def _where_everybody_is(self) -> str:
        counts = Counter(seen.stage for seen in self._seen.values())
        stages = ", ".join(f"{stage} {counts[stage]}" for stage in Stage if counts[stage])
        queues = ", ".join(f"{name} {count}" for name, count in self._queues.moving().items())
        return f"{self.elapsed:5.0f} s  {stages or 'nobody yet'} | {queues or 'queues are empty'}"
