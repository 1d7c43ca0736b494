"""What the vendors of the edge know about the worked example's candidate, and what became of it."""

from typing import Any

from rencai.hiring.rules.background import Finding
from rencai.hiring.rules.facts import CheckCompleted
from rencai.hiring.rules.stages import Stage
from rencai.kernel import ids
from rencai.kernel.events import Subject, SubjectKind
from tests.journey.deliveries import OFFER, REFERENCE, check, envelope, qualifying
from tests.journey.world import World

ENVELOPE = f"env-{OFFER}"
CHECK = f"chk-{REFERENCE}"
ASSESSMENT = f"asm-{REFERENCE}"
CANDIDATE = Subject(kind=SubjectKind.CANDIDATE, id=REFERENCE)
EMPLOYEE = ids.employee_id(REFERENCE)
COURSE = "company-orientation"
ENROLMENT = f"enr-{EMPLOYEE}/{COURSE}"
CLEAR = CheckCompleted(
    CHECK,
    "clear",
    tuple(Finding(kind=kind, verified=True) for kind in ("identity", "employment", "criminal")),
)


def stage(one: World) -> Stage:
    return one.wired.hiring.journeys.get(REFERENCE).journey.stage


def statuses(one: World) -> list[str]:
    return sorted(item["status"] for item in one.wired.inbox.deliveries.page(None, None, 100, None).items)


def told(one: World) -> list[str]:
    return [item["type"] for item in one.wired.timeline.page(CANDIDATE, 100, None).items]


def assessed(assessment_id: str = ASSESSMENT) -> dict[str, Any]:
    return {
        "type": "assessment.completed",
        "timestamp": "2026-03-02T03:00:00Z",
        "data": {
            "assessment_id": assessment_id,
            "reference": REFERENCE,
            "scales": {"stress_tolerance": 72.5, "openness": 60},
            "summary": "抗压能力较好",
        },
    }


def learnt(percent: int, at: str, exam: int | None = None) -> dict[str, Any]:
    data = {"enrolment_id": ENROLMENT, "completion_percent": percent, "exam_score": exam, "occurred_at": at}
    return {"type": "enrolment.progressed", "timestamp": at, "data": data}


def hired(one: World) -> None:
    one.hand_in(qualifying())
    one.settle()
    one.webhook("esign", "msg-1", envelope())
    one.webhook("background", "msg-2", check())
    one.settle()


def applied(**more: Any) -> dict[str, Any]:
    data = {
        "external_id": "job-77",
        "candidate": {"name": "周晓", "email": "zhou.xiao@example.com", "phone": "13800000001"},
        "resume": {"work_history": [{"employer": "甲公司", "title": "销售", "from": "2020-01", "to": None}]},
        "evaluation": {"score": 88, "comment": "表达清晰", "by": "hr-li"},
        **more,
    }
    return {"type": "application.updated", "timestamp": "2026-03-02T01:00:00Z", "data": data}
