"""The career ladder (F3): what HR records of a career, and where a person stands, what is missing, what to do next."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import Field

from rencai import wiring
from rencai.domain.errors import NotFound
from rencai.domain.signals import IDENTIFIER, Day
from rencai.platform.api import Score, View

from .training import PathId
from .training_views import NamedView

if TYPE_CHECKING:
    # Models that cost at cold start, and most calls are about something else.
    from rencai.domain.career import CareerLadder, CareerRecord, Need, Standing
    from rencai.domain.employee import Employee
    from rencai.domain.training_rules import CourseCatalogue

router = Router()  # type: ignore[no-untyped-call]  # Powertools leaves its constructor untyped

_Id = Annotated[str, Field(min_length=1, max_length=64)]


class ProjectReport(View):
    """A project somebody took part in, or led; ``project_id`` is what your own system calls it."""

    project_id: Annotated[str, Field(pattern=IDENTIFIER)]
    kind: _Id
    role: Literal["member", "lead"] = "member"
    on: Day


class CareerReport(View):
    """What HR says of a career: ``level``, skills and kinds of project are ids of the role's ladder. Null: the level of
    the employee's file counts, or what the ladder finds.
    """

    level: _Id | None = None
    skills: Annotated[tuple[_Id, ...], Field(max_length=200)] = ()
    projects: Annotated[tuple[ProjectReport, ...], Field(max_length=100)] = ()


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
    summary="Record or replace level, skills and projects",
    description="By the ids of the career ladder of the employee's role.",
    tags=["Career"],
)
def put_career(employee_id: PathId, report: Annotated[CareerReport, Body()]) -> CareerRecordView:
    """The same again changes nothing; anything else replaces all that was recorded."""
    from rencai.domain.career import CareerRecord, ProjectDone, ProjectRole, career_record

    employee = employee_of(employee_id)
    ladder = wiring.configurations().career_ladder(employee.role).document
    now = wiring.clock()
    told = CareerRecord(
        report.level,
        report.skills,
        tuple(
            ProjectDone(one.project_id, one.kind, ProjectRole(one.role), one.on) for one in report.projects
        ),
    )
    record = career_record(ladder, employee.role, told, now.astimezone(wiring.zone()).date())
    wiring.careers().record(employee_id, record, router.context["actor"], now)
    return _recorded(employee_id, record)


@router.get("/employees/<employee_id>/career", summary="Where somebody stands on the ladder", tags=["Career"])
def get_career(employee_id: PathId) -> CareerView:
    """Each level with what it asks and the evidence, what is missing, and the next step."""
    # Some 5-8 read units: the employee, the career, and three queries: courses, earlier systems, performance.
    from rencai.domain.career import Evidence, courses_taken, sales_of, where_to_stand

    employee = employee_of(employee_id)
    configurations = wiring.configurations()
    versioned = configurations.career_ladder(employee.role)
    catalogue = configurations.course_catalogue().document
    file = wiring.training_plans().find(employee_id)
    record = wiring.careers().get(employee_id)
    evidence = Evidence(
        courses=courses_taken(
            file.plan if file else None,
            file.enrolments if file else {},
            wiring.records().learning(employee_id),
            catalogue,
        ),
        record=record,
        level=employee.level,
        sales=sales_of(
            wiring.performances().of(employee_id), wiring.clock().astimezone(wiring.zone()).date()
        ),
    )
    standing = where_to_stand(versioned.document, evidence)
    shown = _Shown(versioned.document, catalogue, router.context["language"])
    return CareerView(
        employee_id=employee_id,
        role=employee.role,
        ladder_version=versioned.version,
        level=NamedView(id=standing.level.id, name=standing.level.name.text(shown.language)),
        basis=standing.basis,
        levels=shown.levels(standing),
        missing=[
            MissingNeedView(level=need.level, **shown.need(need).model_dump()) for need in standing.missing
        ],
        next_step=shown.step(standing.next_step) if standing.next_step else None,
        ready=standing.ready,
        text=shown.text(standing),
        recorded=_recorded(employee_id, record),
    )


def employee_of(employee_id: str) -> "Employee":
    """The employee; raises ``NotFound``."""
    employee = wiring.employees().get(employee_id)
    if employee is None:
        raise NotFound("employee", employee_id)
    return employee


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
        from rencai.domain.career import nothing_missing_text

        if standing.next_step:
            return self._step_text(standing.next_step)
        return nothing_missing_text(standing, self.language)

    def _step_text(self, need: "Need") -> str:
        from rencai.domain.career import step_text

        course = self._course(need)
        return step_text(need, self._name(need), course.name if course else None, self.language)

    def _course(self, need: "Need") -> EnrolView | None:
        from rencai.domain.career import course_name

        if need.course_id is None:
            return None
        name = course_name(self._catalogue, need.course_id, self.language)
        return EnrolView(course_id=need.course_id, name=name, enrolled=need.enrolled)

    def _name(self, need: "Need") -> str:
        from rencai.domain.career import need_name

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
