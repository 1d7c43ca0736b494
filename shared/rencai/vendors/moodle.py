"""Moodle web services (REST): the LMS.

Every function is a POST to one address, with its arguments and the token as a form: never in the address, which servers
log. An error comes as 200 with ``exception`` and ``errorcode``. Moodle calls nobody back, and has no feed: progress is
asked for enrolment by enrolment.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from rencai.kernel.errors import VendorRefusal
from rencai.kernel.page import Page
from rencai.training.rules.facts import CourseProgressed

from .auth import nobody
from .http import Answer, Answered, Line, NotNow, OutOfContract, VendorHttp

_PATH: Final = "/webservice/rest/server.php"
_OURS_TO_MEND: Final = frozenset({"invalidtoken", "accessexception"})
"""The token is wrong, or its service lacks the function: no later try will find it otherwise."""
_DONE: Final = frozenset({1, 2})
"""Completion states: complete, complete with a pass. 0 is incomplete and 3 a fail, which Moodle counts as not done."""
_CENT: Final = Decimal("0.01")

_Id = Annotated[int, Field(gt=0, lt=2**63)]
_Seconds = Annotated[int, Field(ge=0, lt=10**11)]
_Grade = Annotated[Decimal, Field(ge=-(10**9), le=10**9, allow_inf_nan=False)]
_ERROR_CODE: Final = re.compile(r"[a-z_]{1,100}")


class MoodleSettings(BaseModel):
    """``learner_field`` is where Moodle keeps our employee ids. ``courses`` gives Moodle's number of a course of ours;
    one that is not in it is called by its number. ``student_role_id`` is 5 where nobody has changed it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    learner_field: Literal["idnumber", "username"] = "idnumber"
    courses: dict[str, _Id] = {}
    student_role_id: _Id = 5


class _Failure(BaseModel):
    exception: str
    errorcode: str = ""

    @property
    def code(self) -> str:
        """The code, where it looks like one."""
        return self.errorcode if _ERROR_CODE.fullmatch(self.errorcode) else "an error without a code"


class _User(BaseModel):
    id: _Id


class _Users(RootModel[Annotated[list[_User], Field(fail_fast=True)]]):
    """Those whose field has the value."""


class _Activity(BaseModel):
    state: int
    timecompleted: _Seconds = 0
    tracking: int


class _Completion(BaseModel):
    statuses: Annotated[list[_Activity], Field(fail_fast=True)]


class _GradeItem(BaseModel):
    itemtype: str
    graderaw: _Grade | None = None
    grademin: _Grade | None = None
    grademax: _Grade | None = None
    gradedategraded: _Seconds | None = None


class _UserGrades(BaseModel):
    gradeitems: Annotated[list[_GradeItem], Field(fail_fast=True)]


class _Grades(BaseModel):
    usergrades: Annotated[list[_UserGrades], Field(fail_fast=True)]


class _Done(RootModel[None]):
    """A function that has nothing to say answers ``null``."""


class MoodleLms:
    """One site; ``base_url`` is its address (``https://moodle.example.com``)."""

    asked_by_enrolment: ClassVar[bool] = True

    def __init__(self, settings: MoodleSettings, line: Line, base_url: str, token: Callable[[], str]) -> None:
        self._settings = settings
        self._http = VendorHttp(line, base_url, nobody)
        self._line = line
        self._token = token

    def enrol(
        self,
        *,
        learner: str,
        course_id: str,
        due_at: datetime,  # noqa: ARG002 - an enrolment that ends locks the late learner out: we watch the due time
        reference: str,  # noqa: ARG002 - Moodle has no place for it
        idempotency_key: str,  # noqa: ARG002 - enrolling again changes nothing
    ) -> str:
        """Enrol an employee as a student and return ``<course>-<user>``, by Moodle's numbers.

        Raises ``VendorRefusal`` for a course without a number, or an employee who is not one user of Moodle.
        """
        course = self._settings.courses.get(course_id) or _number(course_id)
        if course is None:
            raise VendorRefusal(self._line.vendor, "has numbers for courses: map this one in the settings")
        asked = {"field": self._settings.learner_field, "values[0]": learner}
        users = self._call("core_user_get_users_by_field", asked, _Users).root
        if len(users) != 1:
            raise VendorRefusal(self._line.vendor, f"has {len(users)} users for this employee")
        user = users[0].id
        enrolment = {"roleid": self._settings.student_role_id, "userid": user, "courseid": course}
        arguments = {f"enrolments[0][{name}]": str(value) for name, value in enrolment.items()}
        self._call("enrol_manual_enrol_users", arguments, _Done)
        return f"{course}-{user}"

    def progress(
        self,
        since: str | None,  # noqa: ARG002 - Moodle keeps no feed
        enrolments: Sequence[str] = (),
    ) -> Page[CourseProgressed]:
        """How far these enrolments (``<course>-<user>``) have come; two calls each, so give a few dozen at a time.

        One that Moodle does not tell of (its course was deleted, say) is logged by its place and skipped: it must not
        hold up those behind it, and the next round asks again. An enrolment in which nothing has happened yet has no
        progress to tell.
        """
        told: list[CourseProgressed] = []
        failed = 0
        for place, enrolment_id in enumerate(enrolments):
            try:
                progressed = self._progress(enrolment_id)
            except (NotNow, OutOfContract) as error:
                failed += 1
                self._line.log(
                    "enrolment skipped",
                    extra={"vendor": self._line.vendor, "item": place, "reason": error.reason},
                )
            else:
                told += [progressed] if progressed else []
        return Page(tuple(told), None, more=False, skipped=failed)

    def _progress(self, enrolment_id: str) -> CourseProgressed | None:
        course, _, user = enrolment_id.partition("-")
        if _number(course) is None or _number(user) is None:
            raise NotNow(self._line.vendor, "not an enrolment of this LMS")
        arguments = {"courseid": course, "userid": user}
        completion = self._call("core_completion_get_activities_completion_status", arguments, _Completion)
        grades = self._call("gradereport_user_get_grade_items", arguments, _Grades)
        items = [item for one in grades.usergrades for item in one.gradeitems if item.itemtype == "course"]
        total = items[0] if items else None
        percent = _completion_percent(completion)
        # While something is still to be done the course's total is of what was done so far, and no exam is over.
        over = all(activity.state for activity in completion.statuses if activity.tracking)
        score = _percent(total) if total and over else None
        moments = [activity.timecompleted for activity in completion.statuses]
        if total and score is not None:
            moments.append(total.gradedategraded or 0)
        latest = max(moments, default=0)
        if latest <= 0:
            return None
        return CourseProgressed(enrolment_id, datetime.fromtimestamp(latest, UTC), percent, score)

    def _call(self, function: str, arguments: Mapping[str, str], answer: type[Answer]) -> Answer:
        form = {
            "wstoken": self._token(),
            "wsfunction": function,
            "moodlewsrestformat": "json",
            **arguments,
        }
        return self._http.call("POST", _PATH, lambda answered: self._read(answered, answer), form=form)

    def _read(self, answered: Answered, answer: type[Answer]) -> Answer:
        try:
            failure = _Failure.model_validate_json(answered.body)
        except ValidationError:
            return answer.model_validate_json(answered.body)
        reason = f"answered {failure.code}"
        if failure.errorcode in _OURS_TO_MEND:
            raise VendorRefusal(self._line.vendor, reason)
        raise NotNow(self._line.vendor, reason)


def _number(text: str) -> int | None:
    """Moodle's number, or None for what is none.

    >>> _number("42"), _number("negotiation-101")
    (42, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _completion_percent(told: _Completion) -> Decimal | None:
    """Activities done of those that Moodle tracks; None when it tracks none."""
    tracked = [activity for activity in told.statuses if activity.tracking]
    if not tracked:
        return None
    done = sum(activity.state in _DONE for activity in tracked)
    return (Decimal(100 * done) / len(tracked)).quantize(_CENT)


def _percent(item: _GradeItem) -> Decimal | None:
    """A grade as 0-100 of its range; None when there is none yet, or no range."""
    low, high = item.grademin or Decimal(0), item.grademax
    if item.graderaw is None or high is None or high <= low:
        return None
    percent = (item.graderaw - low) * 100 / (high - low)
    return min(max(percent, Decimal(0)), Decimal(100)).quantize(_CENT)
