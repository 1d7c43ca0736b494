"""Values the unit tests start from: an interview as JSON, a small model, the facts of a hired candidate's journey."""

import copy
import json
from datetime import UTC, datetime
from typing import Any, Final

from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.interviews.rules.competency import CompetencyModel
from rencai.interviews.rules.interview import Interview

NOW: Final = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
CANDIDATE: Final = "cand_01ABC"
OFFER: Final = "off_01ABC"
ENVELOPE: Final = "env_1"
CHECK: Final = "chk_1"
EMPLOYEE: Final = "emp_01ABC"

_RESULT: Final[dict[str, Any]] = {
    "schema": "rencai.interview/1",
    "interview_id": "itv-1",
    "vendor": "aiview",
    "started_at": "2026-03-02T09:00:00+08:00",
    "ended_at": "2026-03-02T09:15:00+08:00",
    "candidate": {
        "external_id": "ats-1001",
        "name": "周晓",
        "email": "zhou.xiao@example.com",
        "phone": "+8613800000001",
        "locale": "zh-CN",
        "learning_style": "visual",
    },
    "position": {"requisition_id": "REQ-1", "role": "sales", "location": "上海"},
    "answers": [
        {
            "question_id": "q1",
            "topic": "objection_handling",
            "question": "如何处理客户异议?",
            "transcript": "我会马上把产品的优势再讲一遍,请他今天就下单。",
            "duration_seconds": 41.0,
            "signals": {
                "speech_rate_cps": 3.5,
                "pause_seconds": [0.4, 0.3],
                "pitch_variation": 0.5,
                "frown_count": 5,
                "smile_count": 0,
                "gaze_away_seconds": 1.5,
            },
        },
        {
            "question_id": "q2",
            "topic": "past_results",
            "transcript": "上一家公司我曾带领团队完成120%销售目标,连续两个季度排名第一。",
            "duration_seconds": 35.0,
        },
    ],
}


def result() -> dict[str, Any]:
    """An interview result that is valid, as JSON would have it; the caller may change it."""
    return copy.deepcopy(_RESULT)


def encoded(document: Any) -> bytes:
    """As it travels."""
    return json.dumps(document, ensure_ascii=False).encode()


def answer(topic: str = "t", transcript: str = "说了一些话", question_id: str = "q1", **signals: Any) -> Any:
    """One answer; ``signals`` are left out when there are none."""
    made = {
        "question_id": question_id,
        "topic": topic,
        "transcript": transcript,
        "duration_seconds": 10,
    }
    return {**made, "signals": signals} if signals else made


def interview(*answers: Any) -> Interview:
    """A valid interview with these answers, or with the example's."""
    document = result()
    if answers:
        document["answers"] = list(answers)
    return Interview.model_validate_json(encoded(document))


def rule(id_: str, points: int, **when: Any) -> dict[str, Any]:
    """A rule document."""
    return {"id": id_, "points": points, "when": when}


def competency(weight: str, base: int, *rules: Any, topics: tuple[str, ...] = ()) -> dict[str, Any]:
    """A competency document."""
    return {
        "name": {"zh-CN": "能力", "en": "Skill"},
        "weight": weight,
        "topics": list(topics),
        "base": base,
        "rules": list(rules),
    }


def model_document(**competencies: Any) -> dict[str, Any]:
    """A competency model document for the sales role."""
    return {"role": "sales", "name": {"zh-CN": "销售", "en": "Sales"}, "competencies": competencies}


def model(**competencies: Any) -> CompetencyModel:
    """A valid model of these competencies."""
    return CompetencyModel.model_validate(model_document(**competencies))


def profiled(interview_id: str = "itv-1", *, qualifies: bool = True, thin: bool = False) -> Fact:
    """A profile, as interview ingestion tells it; a ``thin`` one shows too little to decide by its score."""
    return Fact(
        FactKind.PROFILED,
        f"aiview/{interview_id}",
        data={
            "received": {
                "interview_id": interview_id,
                "vendor": "aiview",
                "requisition_id": "REQ-1",
                "role": "sales",
            },
            "profiled": {
                "role": "sales",
                "overall": 90.0 if qualifies else 60.0,
                "coverage": 0.3 if thin else 1.0,
                "qualifies": qualifies,
                "review": thin,
                "model_version": 1,
            },
            "declined": {"role": "sales", "reason": "below_pass_score"},
            "review": {"coverage": 0.3, "minimum_coverage": 0.5, "missing": ["negotiation"]}
            if thin
            else None,
        },
        actor="aiview",
    )


def drafted() -> Fact:
    """The offer was drafted."""
    return Fact(FactKind.OFFER_DRAFTED, OFFER, {"offer": OFFER}, {"offer_id": OFFER})


def sent(envelope: str = ENVELOPE) -> Fact:
    """The offer went out in an envelope."""
    return Fact(
        FactKind.OFFER_SENT,
        envelope,
        {"offer": OFFER, "envelope": envelope},
        {"offer_id": OFFER, "envelope_id": envelope},
    )


def closed(kind: FactKind, envelope: str = ENVELOPE, offer: str = OFFER) -> Fact:
    """What e-signature tells of an envelope: signed, declined, expired or voided."""
    return Fact(
        kind,
        envelope,
        {"offer": offer, "envelope": envelope},
        {"offer_id": offer, "envelope_id": envelope},
        actor="esign",
    )


def signed(envelope: str = ENVELOPE) -> Fact:
    """The candidate signed."""
    return closed(FactKind.OFFER_SIGNED, envelope)


def check_requested(check: str = CHECK) -> Fact:
    """The check was ordered."""
    return Fact(FactKind.CHECK_REQUESTED, check, {"check": check}, {"check_id": check})


def checked(kind: FactKind = FactKind.CHECK_CLEARED, check: str = CHECK) -> Fact:
    """The check came back."""
    return Fact(kind, check, {"check": check}, {"check_id": check}, actor="background")


def reviewed(kind: FactKind, review: str = "rev_1") -> Fact:
    """A person decided."""
    decision = "approve" if kind in (FactKind.REVIEW_APPROVED, FactKind.INTERVIEW_APPROVED) else "reject"
    data: dict[str, Any] = {"decision": decision, "review_id": review}
    if kind is FactKind.INTERVIEW_REJECTED:
        data["declined"] = {"role": "sales", "reason": "not_approved"}
    return Fact(kind, review, data=data, actor="hr-1")


def onboarded() -> Fact:
    """The candidate became an employee."""
    return Fact(
        FactKind.ONBOARDED,
        EMPLOYEE,
        {"employee": EMPLOYEE},
        {"employee_id": EMPLOYEE, "role": "sales"},
    )


def resent(attempt: int = 2, envelope: str = ENVELOPE) -> Fact:
    """HR sends the offer again, in place of ``envelope``."""
    return Fact(
        FactKind.OFFER_RESENT,
        str(attempt),
        {"offer": OFFER, "envelope": envelope, "merge": "", "attempt": str(attempt)},
        {"offer_id": OFFER, "attempt": attempt},
        actor="hr-1",
    )


def reconsidered(decision: str = "dec_1") -> Fact:
    """HR takes the candidate out of the talent pool after all."""
    return Fact(
        FactKind.RECONSIDERED, decision, data={"role": "sales", "decision_id": decision}, actor="hr-1"
    )


def rescheduled(decision: str = "dec_3", starts_on: str = "2026-04-01") -> Fact:
    """HR says when they are to begin."""
    return Fact(
        FactKind.RESCHEDULED,
        decision,
        {"starts_on": starts_on},
        {"starts_on": starts_on, "decision_id": decision},
        actor="hr-1",
    )


def withdrawn(decision: str = "dec_2") -> Fact:
    """The candidate has said no."""
    return Fact(
        FactKind.WITHDRAWN,
        decision,
        {"withdrawal": decision, "withdrawn_by": "candidate", "withdrawn_for": "other_offer"},
        {"by": "candidate", "code": "other_offer", "decision_id": decision},
        actor="hr-1",
    )


def merged(merge: str = "mrg_1") -> Fact:
    """The candidate is found to be another one."""
    about = {"merge": merge, "into": "cand_other"}
    return Fact(FactKind.MERGED, merge, about, {"merge_id": merge, "other": "cand_other"}, actor="hr-1")


def unmerged(merge: str = "mrg_1") -> Fact:
    """They were not the same person after all."""
    return Fact(
        FactKind.UNMERGED, merge, {"merge": merge}, {"merge_id": merge, "other": "cand_other"}, actor="hr-1"
    )


def hired() -> list[Fact]:
    """The facts of a hired candidate's journey, in order."""
    return [profiled(), drafted(), sent(), signed(), check_requested(), checked(), onboarded()]
