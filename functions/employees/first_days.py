"""When an employee began, or is to begin, work: what it was before, and HR's correction (F1)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import Day
from rencai.kernel.errors import CHINESE, CommonRefusal
from rencai.platform.api import PathId, Request, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from .first_day import FirstDayFile

router = Routes()

_NOTES: Final = {
    "plan": (
        "培训计划和试用期随入职日期一起调整,通常在一分钟内完成",
        "The training plan and the probation follow, mostly within a minute",
    ),
    "learning_platform": (
        "学习平台没有修改期限的接口,已报名课程在平台上仍显示原来的期限;本系统按新的期限计算",
        "The learning platform cannot be told another due date and shows the old one; here the new one counts",
    ),
    "letter": (
        "入职通知已按原日期发出;请通知本人新的入职日期",
        "The onboarding letter named the day of before: tell them the new one",
    ),
}


class FirstDayNote(View):
    """What a correction does not do by itself, or is still doing; ``note`` in the caller's language."""

    what: str
    note: str


class FirstDayCorrectionView(View):
    """A correction."""

    before: date
    starts_on: date
    reason: str
    at: datetime
    actor: str


class FirstDayView(View):
    """The first day, the corrections of it, oldest first, and what to know once there is one."""

    employee_id: str
    starts_on: date
    corrections: list[FirstDayCorrectionView]
    goes_on: list[FirstDayNote]


class EmployeeFirstDay(Request):
    """The day, in the tenant's time zone, and why it is that one."""

    starts_on: Day
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get(
    "/employees/<employee_id>/first-day",
    security=API,
    summary="An employee's first day, and what it was before",
    tags=["Employees"],
)
def get_first_day(employee_id: PathId) -> FirstDayView:
    """The first day with its corrections."""
    from .first_day import first_day_desk_of

    return _view(first_day_desk_of(router.wired).look(employee_id))


@router.post(
    "/employees/<employee_id>/first-day",
    security=API,
    summary="Correct an employee's first day",
    description="Training plan and probation follow. 409 once the probation's score is final.",
    tags=["Employees"],
    openapi_extensions=refuses(
        {
            409: [CommonRefusal.KEY_REUSED, EmployeeRefusal.PROBATION_DECIDED],
            422: [
                EmployeeRefusal.FIRST_DAY_AFTER_LAST,
                EmployeeRefusal.FIRST_DAY_OUT_OF_RANGE,
                EmployeeRefusal.FIRST_DAY_SAME,
                EmployeeRefusal.WORK_BEFORE_FIRST_DAY,
            ],
        }
    ),
)
def post_first_day(employee_id: PathId, asked: Annotated[EmployeeFirstDay, Body()]) -> FirstDayView:
    """What HR says counts."""
    # Imported when it is needed: plans and their rules cost a cold start.
    from .first_day import first_day_desk_of

    corrected = first_day_desk_of(router.wired).correct(
        employee_id,
        asked.starts_on,
        asked.reason,
        decision_id=router.request_key,
        actor=router.actor,
        now=router.wired.clock(),
    )
    return _view(corrected)


def _view(file: "FirstDayFile") -> FirstDayView:
    from .first_day import is_assigned

    noted: list[str] = []
    if file.corrections:
        noted += ["plan", "learning_platform"] if is_assigned(file) else []
        noted += ["letter"] if file.employee.candidate_id else []
    chinese = router.language == CHINESE
    return FirstDayView(
        employee_id=file.employee.employee_id,
        starts_on=file.employee.starts_on,
        corrections=[
            FirstDayCorrectionView(
                before=one.before, starts_on=one.starts_on, reason=one.reason, at=one.at, actor=one.actor
            )
            for one in file.corrections
        ],
        goes_on=[FirstDayNote(what=what, note=_NOTES[what][0 if chinese else 1]) for what in noted],
    )
