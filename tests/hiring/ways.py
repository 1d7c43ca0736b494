"""The ways a hiring journey can have gone, by the stage where they end, as facts."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from rencai.hiring.rules.journey import Fact, Journey, advance
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Stage
from tests.builders import (
    CANDIDATE,
    NOW,
    check_requested,
    checked,
    closed,
    drafted,
    hired,
    profiled,
    reviewed,
    sent,
    signed,
    withdrawn,
)

K = FactKind
S = Stage
DECLINED, EXPIRED, VOIDED = (closed(kind) for kind in (K.OFFER_DECLINED, K.OFFER_EXPIRED, K.OFFER_VOIDED))
APPROVED, REJECTED = reviewed(K.REVIEW_APPROVED), reviewed(K.REVIEW_REJECTED)
# The ids are of one request: what it decides about is in the fact's kind.
LET_IN, LEFT_OUT = reviewed(K.INTERVIEW_APPROVED), reviewed(K.INTERVIEW_REJECTED)
THIN = profiled(thin=True)
FLAGGED = checked(K.CHECK_FLAGGED)
NEW = Journey(CANDIDATE)


def walked(facts: Iterable[Fact], journey: Journey = NEW, now: datetime = NOW) -> Journey:
    for fact in facts:
        journey = advance(journey, fact, now).journey
    return journey


_SIGNED = (profiled(), drafted(), sent(), signed())
_CHECKING = (*_SIGNED, check_requested())
WAYS: Mapping[str, tuple[Fact, ...]] = {
    "new": (),
    "interview in review": (THIN,),
    "let in by a person": (THIN, LET_IN),
    "left out by a person": (THIN, LEFT_OUT),
    "qualified": (profiled(),),
    "offer_drafted": (profiled(), drafted()),
    "offer_sent": (profiled(), drafted(), sent()),
    "signed": _SIGNED,
    "checking": _CHECKING,
    "in_review": (*_CHECKING, FLAGGED),
    "cleared": (*_CHECKING, checked()),
    "cleared by a person": (*_CHECKING, FLAGGED, APPROVED),
    "onboarded": tuple(hired()),
    "talent_pool": (profiled(qualifies=False),),
    "offer_declined": (profiled(), drafted(), sent(), DECLINED),
    "offer_expired": (profiled(), drafted(), sent(), EXPIRED),
    "withdrawn": (profiled(), drafted(), sent(), VOIDED),
    "withdrawn by a person": (profiled(), drafted(), sent(), withdrawn()),
    "rejected": (*_CHECKING, FLAGGED, REJECTED),
}
