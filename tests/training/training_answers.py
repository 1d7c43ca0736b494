"""What the tests of HR's API over training share: what is told and asked, and the answers they expect."""

from typing import Any

from tests.training.training_office import EMPLOYEE, EVENT, Office

TRAINING = f"/employees/{EMPLOYEE}/training"
ACTOR = "4k2mexampleclient"
REQUEST_ID = EVENT["requestContext"]["requestId"]
REASON = "已和本人谈过,下周一对一辅导"
REVIEW = "谈判技巧有明显提升"


def named(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"id": id_, "name": name} for id_, name in pairs]


def shown(
    item_id: str, name: str, kind: str, dates: tuple[str, str], reason: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """An item of which nothing was told, due at 18:00 in Shanghai."""
    return {
        "item_id": item_id,
        "course_id": item_id,
        "name": name,
        "kind": kind,
        "lessons": None,
        "days": None,
        "sessions_per_week": None,
        "about": None,
        "materials": [],
        "reasons": [reason],
        "starts_on": dates[0],
        "due_on": dates[1],
        "due_at": f"{dates[1]}T10:00:00Z",
        "status": "planned",
        "removed_by": None,
        "completion_percent": None,
        "exam_score": None,
        "mentor_review": None,
        "mentor_rating": None,
        "mentor_reading": None,
        "mentor_asked": None,
        "enrolled": False,
        "told_at": None,
        **more,
    }


def raised(one: Office, *, exam: int = 50) -> str:
    """The product course's exam was failed in the second week; the warning's id."""
    one.hires()
    one.learns("orientation", 100)
    one.passes(days=8)
    one.learns("product", 40, exam)
    return one.warning("product", "exam")
