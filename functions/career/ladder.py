"""The career ladder (F3): what HR records of a career, and where a person stands, what is missing, what to do next."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from rencai.career.rules.refusals import CareerRefusal
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import IDENTIFIER, Day
from rencai.kernel.bounds import at_most_members
from rencai.kernel.errors import CommonRefusal
from rencai.platform.api import NamedView, PathId, Request, Score, View
from rencai.platform.operations import refuses
from rencai.wiring.routes import API, Routes

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from rencai.career.rules.known import CareerRecord
    from rencai.career.rules.ladder import CareerLadder
    from rencai.career.rules.standing import Need, Standing
    from rencai.training.rules.rules import CourseCatalogue

router = Routes()

_Id = Annotated[str, Field(min_length=1, max_length=64)]


class ProjectReport(Request):
    """A project somebody took part in, or led; ``project_id`` is what your own system calls it."""

    project_id: Annotated[str, Field(pattern=IDENTIFIER)]
    kind: _Id
    role: Literal["member", "lead"] = "member"
    on: Day


class CareerReport(Request):
    """What HR says of a career: ``level``, skills and kinds of project are ids of the role's ladder. Null: the level of
    the employee's file counts, or what the ladder finds.
    """

    level: _Id | None = None
    skills: Annotated[tuple[_Id, ...], Field(max_length=200), at_most_members(200)] = ()
    projects: Annotated[tuple[ProjectReport, ...], Field(max_length=100), at_most_members(100)] = ()


class ProjectView(View):
    """A project that was recorded."""

    project_id: str
    kind: str
    role: str = Field(json_schema_extra={"enum": ["member", "lead"]})
    on: date


class CareerRecordView(View):
    """What HR recorded of a career."""

    employee_id: str
    level: str | None
    skills: list[str]
    projects: list[ProjectView]


class EnrolView(View):
    """A course to enrol in; ``enrolled`` in it already by the training plan."""

    course_id: str
    name: str
    enrolled: bool


class NeedView(NamedView):
    """Something that a level asks. ``required`` and ``value`` are percent of the course, projects, or money in
    ``currency``; ``value`` null: nothing was told. Of a skill ``course`` taught it, or is proposed. Sales are of
    ``month``; told in another currency (``told_in``) they are not measured.
    """

    kind: str = Field(json_schema_extra={"enum": ["skill", "course", "project", "sales"]})
    state: str = Field(json_schema_extra={"enum": ["met", "missing", "not_measured"]})
    required: Score | None
    value: Score | None
    source: str | None = Field(
        json_schema_extra={"enum": ["recorded", "training", "earlier_system", "performance", None]}
    )
    course: EnrolView | None
    role: str | None = Field(json_schema_extra={"enum": ["member", "lead", None]})
    currency: str | None
    month: str | None
    told_in: str | None


class LevelView(NamedView):
    """A level of the ladder and what it asks, each with its evidence."""

    standing: str = Field(json_schema_extra={"enum": ["below", "present", "next", "above"]})
    needs: list[NeedView]


class MissingNeedView(NeedView):
    """Something that is missing, and the level that asks it."""

    level: str


class CareerStepView(View):
    """What to do next, as a sentence too; ``enrol_in`` null: no course does it."""

    kind: str = Field(json_schema_extra={"enum": ["skill", "course", "project", "sales"]})
    lacks: NamedView
    enrol_in: EnrolView | None
    text: str


class CareerView(View):
    """Where somebody stands on the role's ladder, and on what ``basis``: HR recorded it, the employee's file says so,
    it is the highest level of which all is met, or the first. ``missing``: of the present level and of the next.
    ``ready``: nothing is, and there is a next level.
    """

    employee_id: str
    role: str
    ladder_version: int
    level: NamedView
    basis: str = Field(json_schema_extra={"enum": ["recorded", "employee_file", "requirements_met", "first"]})
    levels: list[LevelView]
    missing: list[MissingNeedView]
    next_step: CareerStepView | None
    ready: bool
    text: str
    recorded: CareerRecordView


@router.put(
    "/employees/<employee_id>/career",
    security=API,
    summary="Record or replace level, skills and projects",
    description="By the ids of the career ladder of the employee's role.",
    tags=["Career"],
    openapi_extensions=refuses(
        {
            404: [CommonRefusal.ROLE_HAS_NONE],
            422: [
                CareerRefusal.LEVEL_UNKNOWN,
                CareerRefusal.PROJECT_REPEATED,
                CareerRefusal.SKILL_UNKNOWN,
                EmployeeRefusal.STILL_AHEAD,
            ],
        }
    ),
)
def put_career(employee_id: PathId, report: Annotated[CareerReport, Body()]) -> CareerRecordView:
    """The same again changes nothing; anything else replaces all that was recorded."""
    from rencai.career.rules.known import CareerRecord, ProjectDone
    from rencai.career.rules.ladder import ProjectRole

    projects = tuple(
        ProjectDone(one.project_id, one.kind, ProjectRole(one.role), one.on) for one in report.projects
    )
    told = CareerRecord(report.level, report.skills, projects)
    wired = router.wired
    return _recorded(
        employee_id, wired.career.recording.record(employee_id, told, router.actor, wired.clock())
    )


@router.get(
    "/employees/<employee_id>/career",
    security=API,
    summary="Where somebody stands on the ladder",
    tags=["Career"],
    openapi_extensions=refuses({404: [CommonRefusal.ROLE_HAS_NONE]}),
)
def get_career(employee_id: PathId) -> CareerView:
    """Each level with what it asks and the evidence, what is missing, and the next step."""
    guided = router.wired.career.guidance.of(employee_id, router.wired.clock())
    standing = guided.standing
    shown = _Shown(guided.ladder.document, guided.catalogue, router.language)
    return CareerView(
        employee_id=employee_id,
        role=guided.role,
        ladder_version=guided.ladder.version,
        level=NamedView(id=standing.level.id, name=standing.level.name.text(shown.language)),
        basis=standing.basis,
        levels=shown.levels(standing),
        missing=[
            MissingNeedView(level=need.level, **shown.need(need).model_dump()) for need in standing.missing
        ],
        next_step=shown.step(standing.next_step) if standing.next_step else None,
        ready=standing.ready,
        text=shown.text(standing),
        recorded=_recorded(employee_id, guided.record),
    )


class _Shown:
    """Shows a ladder's things in ``language``."""

    def __init__(self, ladder: "CareerLadder", catalogue: "CourseCatalogue", language: str) -> None:
        self.language = language
        self._ladder = ladder
        self._catalogue = catalogue

    def levels(self, standing: "Standing") -> list[LevelView]:
        place = self._ladder.levels.index(standing.level)
        names = ["below"] * place + ["present", "next"] + ["above"] * len(self._ladder.levels)
        return [
            LevelView(
                id=level.id,
                name=level.name.text(self.language),
                standing=name,
                needs=self._needs(standing.needs[level.id]),
            )
            for level, name in zip(self._ladder.levels, names, strict=False)
        ]

    def _needs(self, needs: "Sequence[Need]") -> list[NeedView]:
        return [self.need(need) for need in needs]

    def need(self, need: "Need") -> NeedView:
        return NeedView(
            id=need.id,
            name=self._name(need),
            kind=need.kind,
            state=need.state,
            required=need.required,
            value=need.value,
            source=need.source,
            course=self._course(need),
            role=need.role,
            currency=need.currency,
            month=need.month,
            told_in=need.told_in,
        )

    def step(self, need: "Need") -> CareerStepView:
        return CareerStepView(
            kind=need.kind,
            lacks=NamedView(id=need.id, name=self._name(need)),
            enrol_in=self._course(need),
            text=self._step_text(need),
        )

    def text(self, standing: "Standing") -> str:
        from rencai.career.rules.wording import nothing_missing_text

        if standing.next_step:
            return self._step_text(standing.next_step)
        return nothing_missing_text(standing, self.language)

    def _step_text(self, need: "Need") -> str:
        from rencai.career.rules.wording import step_text

        course = self._course(need)
        return step_text(need, self._name(need), course.name if course else None, self.language)

    def _course(self, need: "Need") -> EnrolView | None:
        from rencai.career.rules.wording import course_name

        if need.course_id is None:
            return None
        name = course_name(self._catalogue, need.course_id, self.language)
        return EnrolView(course_id=need.course_id, name=name, enrolled=need.enrolled)

    def _name(self, need: "Need") -> str:
        from rencai.career.rules.wording import need_name

        return need_name(self._ladder, self._catalogue, need, self.language)


def _recorded(employee_id: str, record: "CareerRecord") -> CareerRecordView:
    return CareerRecordView(
        employee_id=employee_id,
        level=record.level,
        skills=list(record.skills),
        projects=[
            ProjectView(project_id=one.project_id, kind=one.kind, role=one.role, on=one.on)
            for one in record.projects
        ],
    )
