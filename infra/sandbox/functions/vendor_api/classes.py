"""A class of invented learners, and how each of them gets on week by week: progress by the thousand.

Nothing is random: a draw is a digest of the class, the learner and what is drawn, so that the same class does the same
in every run. A fifth complete the course in the first week, two thirds within two, nearly all within three.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_A_WEEKS_WORK: Final = 126
"""Percent of the course, not quite: what a learner does in a week is anything from none of it to all and more."""
_EXAM: Final = 0.2
_FINAL_EXAM: Final = 0.9
_REVIEW: Final = 0.15
"""Shares of the reports that come with one: an exam on the way, the one at the end, a mentor's review."""
_REVIEWS: Final = (
    "学习态度积极,谈判技巧有明显提升",
    "能按时完成作业,课堂参与度还需提高",
    "进度落后,建议安排一对一辅导",
    "Prepares well and asks the right questions.",
    "Needs more practice before meeting customers alone.",
    "No change since the last review.",
)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """What the LMS knows of a learner at a moment of the week's last day. Percent, 0 to 100, both."""

    completion_percent: int
    exam_score: float | None
    mentor_review: str | None
    occurred_at: datetime


def weekly_report(class_id: str, number: int, week: int, ended_at: datetime) -> WeeklyReport | None:
    """The week's report of the learner with a number (from 1); None for who had completed the course before."""
    if _completion(class_id, number, week - 1) == 100:
        return None
    completion = _completion(class_id, number, week)
    sits = _draw(class_id, number, week, "exam") < (_FINAL_EXAM if completion == 100 else _EXAM)
    reviewed = _draw(class_id, number, week, "review") < _REVIEW
    before = int(_draw(class_id, number, week, "moment") * _DAY.total_seconds())
    return WeeklyReport(
        completion,
        # In half points, as exams are marked.
        40 + int(_draw(class_id, number, week, "score") * 121) / 2 if sits else None,
        _REVIEWS[int(_draw(class_id, number, week, "words") * len(_REVIEWS))] if reviewed else None,
        ended_at - timedelta(seconds=before),
    )


def _completion(class_id: str, number: int, week: int) -> int:
    done = sum(int(_draw(class_id, number, one, "completion") * _A_WEEKS_WORK) for one in range(1, week + 1))
    return min(100, done)


def _draw(class_id: str, number: int, week: int, what: str) -> float:
    """From 0 up to, but never, 1."""
    digest = hashlib.sha256(f"{class_id}\n{number}\n{week}\n{what}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)
