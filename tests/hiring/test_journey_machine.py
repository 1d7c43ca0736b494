"""Any facts, in any order, from anybody: what must hold of a journey at every moment (B9)."""

import copy
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rencai.hiring.rules.journey import Advanced, Fact, Journey, advance
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Review, Stage
from rencai.kernel.errors import IllegalTransition
from rencai.kernel.events import Event, EventName
from rencai.wiring.events import DATA_MODELS
from tests.builders import (
    CANDIDATE,
    NOW,
    check_requested,
    checked,
    closed,
    drafted,
    merged,
    onboarded,
    profiled,
    reconsidered,
    rescheduled,
    resent,
    reviewed,
    sent,
    unmerged,
    withdrawn,
)
from tests.examples import examples

K = FactKind
S = Stage

# What may follow what, from mission.md B. The talent pool leads back to an interview, and a person's word out of it.
FOLLOWS: dict[Stage, set[Stage]] = {
    S.INTERVIEWED: {S.QUALIFIED, S.TALENT_POOL, S.IN_REVIEW},
    S.QUALIFIED: {S.OFFER_DRAFTED, S.WITHDRAWN},
    S.OFFER_DRAFTED: {S.OFFER_SENT, S.WITHDRAWN},
    S.OFFER_SENT: {S.SIGNED, S.OFFER_DECLINED, S.OFFER_EXPIRED, S.WITHDRAWN},
    S.SIGNED: {S.CHECKING, S.WITHDRAWN},
    S.CHECKING: {S.CLEARED, S.IN_REVIEW, S.WITHDRAWN},
    # Of the check; of the interview, which a fuller one takes the place of. What leads where is in ``REVIEWS``.
    S.IN_REVIEW: {S.CLEARED, S.REJECTED, S.QUALIFIED, S.TALENT_POOL, S.INTERVIEWED, S.WITHDRAWN},
    S.CLEARED: {S.ONBOARDED},
    S.TALENT_POOL: {S.INTERVIEWED, S.QUALIFIED, S.WITHDRAWN},
    S.OFFER_DECLINED: {S.OFFER_DRAFTED, S.WITHDRAWN},
    S.OFFER_EXPIRED: {S.OFFER_DRAFTED, S.WITHDRAWN},
    S.REJECTED: {S.WITHDRAWN},
    # An offer voided is sent again; a merge undone leads back to where it came from.
    S.WITHDRAWN: {
        S.OFFER_DRAFTED,
        S.WITHDRAWN,
        S.QUALIFIED,
        S.TALENT_POOL,
        S.OFFER_DECLINED,
        S.OFFER_EXPIRED,
        S.REJECTED,
        S.IN_REVIEW,
    },
}
REVIEWS: dict[Review | None, set[Stage]] = {
    Review.CHECK: {S.CLEARED, S.REJECTED, S.WITHDRAWN},
    Review.INTERVIEW: {S.QUALIFIED, S.TALENT_POOL, S.INTERVIEWED, S.WITHDRAWN},
}
_ENDS = {S.OFFER_DECLINED, S.OFFER_EXPIRED, S.REJECTED, S.WITHDRAWN, S.ONBOARDED, S.TALENT_POOL}

ids = st.sampled_from(["1", "2"])
profiles = st.builds(
    profiled, st.sampled_from(["itv-1", "itv-2", "itv-3"]), qualifies=st.booleans(), thin=st.booleans()
)
ours = st.one_of(
    st.just(drafted()),
    st.builds(lambda id_: sent(f"env_{id_}"), ids),
    st.builds(lambda id_: check_requested(f"chk_{id_}"), ids),
    st.just(onboarded()),
)
vendors = st.one_of(
    st.builds(
        lambda kind, id_: closed(kind, f"env_{id_}"),
        st.sampled_from([K.OFFER_SIGNED, K.OFFER_SIGNED, K.OFFER_DECLINED, K.OFFER_EXPIRED, K.OFFER_VOIDED]),
        ids,
    ),
    st.builds(
        lambda kind, id_: checked(kind, f"chk_{id_}"),
        st.sampled_from([K.CHECK_CLEARED, K.CHECK_FLAGGED]),
        ids,
    ),
)
hr = st.one_of(
    st.builds(lambda attempt, id_: resent(attempt, f"env_{id_}"), st.sampled_from([2, 3]), ids),
    st.builds(lambda id_: merged(f"mrg_{id_}"), ids),
    st.builds(lambda id_: unmerged(f"mrg_{id_}"), ids),
    st.builds(lambda id_: reconsidered(f"dec_{id_}"), ids),
    st.builds(lambda id_: withdrawn(f"wdr_{id_}"), ids),
    st.builds(lambda id_: rescheduled(f"day_{id_}"), ids),
)
people = st.builds(
    lambda kind, id_: reviewed(kind, f"rev_{id_}"),
    st.sampled_from([K.REVIEW_APPROVED, K.REVIEW_REJECTED, K.INTERVIEW_APPROVED, K.INTERVIEW_REJECTED]),
    ids,
)


class AnyJourney(RuleBasedStateMachine):
    """A journey as it is stored, and everything that was ever told of it."""

    def __init__(self) -> None:
        super().__init__()
        self.journey = Journey(CANDIDATE)
        self.told: list[Event] = []
        self.now: datetime = NOW

    def _given(self, fact: Fact) -> None:
        before = self.journey
        kept = copy.deepcopy(before)
        try:
            advanced = advance(before, fact, self.now)
        except IllegalTransition:
            # Refused: and refused the same when it is asked again.
            with suppress(IllegalTransition):
                advance(before, fact, self.now)
                raise AssertionError("refused once, accepted the second time") from None
            assert before == kept
            return
        assert before == kept, "advance changed its input"
        assert _comparable(advance(before, fact, self.now)) == _comparable(advanced), (
            "same inputs, other outputs"
        )
        self.journey = advanced.journey
        if not advanced.changed:
            assert replace(advanced, kept=False) == Advanced(before, changed=False)
            return
        assert advanced.journey.version == before.version + 1
        assert advanced.journey.stages[: len(before.stages)] == before.stages
        assert advanced.journey.applied[: len(before.applied)] == before.applied
        assert {**advanced.journey.about, **before.about}.keys() == advanced.journey.about.keys()
        names = [event.name for event in advanced.events]
        assert names.count(EventName.TRANSITION_REFUSED) == len(advanced.refused)
        self.told += advanced.events
        again = advance(self.journey, fact, self.now)
        assert replace(again, kept=False) == Advanced(self.journey, changed=False), (
            "a duplicate changed something"
        )

    @rule(minutes=st.integers(0, 600))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(fact=profiles)
    def an_interview_is_scored(self, fact: Fact) -> None:
        self._given(fact)

    @rule(fact=ours)
    def we_do_our_part(self, fact: Fact) -> None:
        self._given(fact)

    @rule(fact=vendors)
    def a_vendor_tells(self, fact: Fact) -> None:
        self._given(fact)

    @rule(fact=people)
    def a_person_decides(self, fact: Fact) -> None:
        if self.journey.stage is not S.IN_REVIEW:
            assert _refused(self.journey, fact, self.now) or fact.key in self.journey.applied
        self._given(fact)

    @rule(fact=hr)
    def hr_sends_again_or_merges(self, fact: Fact) -> None:
        self._given(fact)

    @rule()
    def whatever_comes_next_comes(self) -> None:
        """Without it most runs would end among the early stages."""
        about = self.journey.about
        envelope, check = about.get("envelope", "env_1"), about.get("check", "chk_1")
        following = {
            S.QUALIFIED: drafted(),
            S.OFFER_DRAFTED: sent(),
            S.OFFER_SENT: closed(K.OFFER_SIGNED, envelope),
            S.SIGNED: check_requested(),
            S.CHECKING: checked(K.CHECK_CLEARED, check),
            S.IN_REVIEW: reviewed(
                K.INTERVIEW_APPROVED if self.journey.review is Review.INTERVIEW else K.REVIEW_APPROVED
            ),
            S.CLEARED: onboarded(),
        }
        self._given(following.get(self.journey.stage, profiled()))

    @invariant()
    def stages_follow_one_another(self) -> None:
        stages = [entry.stage for entry in self.journey.stages]
        if stages:
            assert stages[0] is S.INTERVIEWED
        for number, (before, after) in enumerate(pairwise(stages)):
            assert after in FOLLOWS[before]
            if before is S.IN_REVIEW:
                then = replace(self.journey, stages=self.journey.stages[: number + 1])
                assert after in REVIEWS[then.review]
        assert stages.count(S.ONBOARDED) <= 1

    @invariant()
    def no_offer_without_qualifying(self) -> None:
        if EventName.OFFER_DRAFTED in [event.name for event in self.told]:
            drafted_at = [event.name for event in self.told].index(EventName.OFFER_DRAFTED)
            assert any(
                (
                    event.name is EventName.CANDIDATE_PROFILED
                    and event.data["qualifies"]
                    and not event.data["review"]
                )
                or _approved(event, Review.INTERVIEW)
                or event.name is EventName.CANDIDATE_RECONSIDERED
                for event in self.told[:drafted_at]
            )

    @invariant()
    def no_employee_without_clearance(self) -> None:
        names = [event.name for event in self.told]
        if EventName.EMPLOYEE_ONBOARDED in names:
            before = self.told[: names.index(EventName.EMPLOYEE_ONBOARDED)]
            assert any(
                event.name is EventName.CHECK_CLEARED or _approved(event, Review.CHECK) for event in before
            )

    @invariant()
    def one_of_each(self) -> None:
        """One offer, one envelope, one check, one employee: what is applied is about the ones we know."""
        for kind in (K.OFFER_DRAFTED, K.OFFER_SENT, K.OFFER_SIGNED, K.CHECK_REQUESTED, K.ONBOARDED):
            again = sum(key.startswith(f"{K.OFFER_RESENT}:") for key in self.journey.applied)
            allowed = 1 + again if kind is K.OFFER_SENT else 1
            assert sum(key.startswith(f"{kind}:") for key in self.journey.applied) <= allowed
        for kind, name in (
            (K.OFFER_SIGNED, "envelope"),
            (K.CHECK_CLEARED, "check"),
            (K.CHECK_FLAGGED, "check"),
        ):
            for key in self.journey.applied:
                if key.startswith(f"{kind}:"):
                    assert key == f"{kind}:{self.journey.about[name]}"

    @invariant()
    def facts_are_applied_or_kept_once(self) -> None:
        keys = [*self.journey.applied, *(fact.key for fact in self.journey.pending)]
        assert len(set(keys)) == len(keys)

    @invariant()
    def nothing_is_kept_at_an_end(self) -> None:
        if self.journey.stages and self.journey.stage in _ENDS:
            assert self.journey.pending == ()

    @invariant()
    def times_only_go_forward(self) -> None:
        entries = self.journey.stages
        for before, after in pairwise(entries):
            assert before.entered_at <= after.entered_at
        for entry in entries:
            assert entry.due_at is None or entry.due_at > entry.entered_at

    @invariant()
    def what_is_told_is_told_once_and_in_its_shape(self) -> None:
        assert len({event.id for event in self.told}) == len(self.told)
        for event in self.told:
            DATA_MODELS[event.name].model_validate(dict(event.data))


def _comparable(advanced: Advanced) -> tuple[Advanced, list[tuple[str, str]]]:
    """Exceptions compare by identity, so they are taken out and compared by what they say."""
    return replace(advanced, refused=()), [(refusal.stage, refusal.fact) for refusal in advanced.refused]


def _approved(event: Event, about: Review) -> bool:
    return event.name is EventName.REVIEW_DECIDED and (event.data["about"], event.data["decision"]) == (
        about,
        "approve",
    )


def _refused(journey: Journey, fact: Fact, now: datetime) -> bool:
    try:
        advance(journey, fact, now)
    except IllegalTransition:
        return True
    return False


TestAnyJourney = AnyJourney.TestCase
TestAnyJourney.settings = examples(100, stateful_step_count=30)
