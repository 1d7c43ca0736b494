"""Mentors: who rates an item of the plan by link (C3)."""

from typing import TYPE_CHECKING, Annotated, Literal, Self

from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field, model_validator

from rencai.kernel.email_address import Email
from rencai.kernel.wording import wrong
from rencai.platform.api import PathId, Request, View
from rencai.platform.operations import refuses
from rencai.training.rules.mentor_links import Mentor
from rencai.training.rules.refusals import MentorRefusal
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    from rencai.training.store.mentors import Mentoring

router = Routes()


class MentorReport(Request):
    """Who rates: an employee by ``employee_id``, or somebody by ``name`` and ``email``. ``language``: the letter's."""

    employee_id: Annotated[str | None, Field(min_length=1, max_length=64)] = None
    name: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    email: Email | None = None
    language: Literal["zh-CN", "en"] = "zh-CN"

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        by_name = self.name is not None and self.email is not None
        if (self.employee_id is not None and (self.name or self.email)) or not (self.employee_id or by_name):
            raise wrong(MentorRefusal.MENTOR_UNSAID)
        return self


class MentorOfItemView(View):
    """An item's mentor, the ``number``-th that was named; ``reminded`` counts how often HR had the invitation sent."""

    item_id: str
    employee_id: str | None
    name: str
    email: str | None
    language: str
    number: int
    reminded: int


@router.get(
    "/employees/<employee_id>/training/items/<item_id>/mentor",
    security=API,
    summary="Who rates an item",
    tags=["Training"],
)
def get_mentor(employee_id: PathId, item_id: PathId) -> MentorOfItemView:
    """Whom HR has named."""
    return _shown(*router.wired.training.mentor_desk.mentor(employee_id, item_id))


@router.post(
    "/employees/<employee_id>/training/items/<item_id>/mentor",
    security=API,
    summary="Name who rates an item",
    description="The invitation goes out when the course is completed. Links of a mentor before are good no more.",
    tags=["Training"],
    openapi_extensions=refuses(
        {
            409: [
                MentorRefusal.NOT_ENROLLED,
                MentorRefusal.MENTOR_IS_LEARNER,
                MentorRefusal.MENTOR_HAS_LEFT,
            ]
        }
    ),
)
def post_mentor(
    employee_id: PathId, item_id: PathId, report: Annotated[MentorReport, Body()]
) -> MentorOfItemView:
    """Name the mentor; the same again changes nothing."""
    wired = router.wired
    mentor = Mentor(report.name or "", report.language, report.employee_id, report.email)
    return _shown(*wired.training.mentor_desk.name(employee_id, item_id, mentor, router.actor, wired.clock()))


@router.post(
    "/employees/<employee_id>/training/items/<item_id>/mentor/letter",
    security=API,
    summary="Have the mentor's invitation sent now",
    tags=["Training"],
)
def post_letter(employee_id: PathId, item_id: PathId) -> MentorOfItemView:
    """Sent whether or not it was before, and whether or not the course is completed; each call sends one more."""
    wired = router.wired
    return _shown(*wired.training.mentor_desk.remind(employee_id, item_id, router.actor, wired.clock()))


def _shown(known: "Mentoring", who: Mentor) -> MentorOfItemView:
    return MentorOfItemView(
        item_id=known.item_id,
        employee_id=who.employee_id,
        name=who.name,
        email=who.email,
        language=who.language,
        number=known.number,
        reminded=known.reminded,
    )
