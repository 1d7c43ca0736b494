"""The vendor that training needs: the learning management system (C2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rencai.kernel.page import Page

from .facts import CourseProgressed


class Lms(Protocol):
    """The learning management system."""

    @property
    def asked_by_enrolment(self) -> bool:
        """Whether ``progress`` has to be told which enrolments; an LMS with a feed of its own needs none."""

    def enrol(
        self, *, learner: str, course_id: str, due_at: datetime, reference: str, idempotency_key: str
    ) -> str:
        """Enrol an employee (by our id) in a course and return the enrolment's id; the same key gives the same one."""

    def progress(self, since: str | None, enrolments: Sequence[str] = ()) -> Page[CourseProgressed]:
        """Progress since a page's ``next`` (None: since ever), or, ``asked_by_enrolment``, of these enrolments."""
