"""The career ladder (职业发展地图, F3): what each level asks, where a person stands, and what to do next.

A ladder is read like this:

==========  ===========================================================================================================
skill       held when HR recorded it, or one of the courses that teach it is far enough
course      as far as asked, in the training plan or in an earlier system: the further of the two
project     so many of a kind, in the role or a higher one: who led a project took part in it as well
sales       a month's, of the latest month that is over and has any; in another currency they are not compared
==========  ===========================================================================================================

What was not told is not measured, and no zero; it does not count as met either.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .competency import LocalizedText, Slug
from .errors import CHINESE, DomainError, Refusal
from .performance import SALES, MonthlyPerformance
from .training_rules import CourseCatalogue, CourseId

if TYPE_CHECKING:
    from .records import LearningRecord
    from .training import Enrolment
    from .training_plan import TrainingPlan

_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_HUNDRED: Final = Decimal(100)


class ProjectRole(StrEnum):
    """What somebody did in a project."""

    MEMBER = "member"
    LEAD = "lead"


class CourseNeed(BaseModel):
    """A course, and how much of it, in percent."""

    model_config = _Config

    course: CourseId
    completion_at_least: Annotated[Decimal, Field(gt=0, le=100)] = _HUNDRED


class ProjectNeed(BaseModel):
    """Projects of a kind; ``lead``: led them, ``member``: took part."""

    model_config = _Config

    kind: Slug
    role: ProjectRole = ProjectRole.MEMBER
    at_least: Annotated[int, Field(ge=1, le=100)] = 1


class SalesNeed(BaseModel):
    """Sales of a month."""

    model_config = _Config

    amount: Annotated[Decimal, Field(gt=0, le=1_000_000_000)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Skill(BaseModel):
    """A skill, and the courses that teach it: any one will do, the first is what is proposed. Without courses only HR
    can say who has it.
    """

    model_config = _Config

    name: LocalizedText
    courses: Annotated[tuple[CourseNeed, ...], Field(max_length=20)] = ()


class Level(BaseModel):
    """A level, and what it asks."""

    model_config = _Config

    id: Slug
    name: LocalizedText
    skills: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    courses: Annotated[tuple[CourseNeed, ...], Field(max_length=50)] = ()
    projects: Annotated[tuple[ProjectNeed, ...], Field(max_length=50)] = ()
    sales: SalesNeed | None = None

    @property
    def asks(self) -> bool:
        """Whether it asks anything."""
        return bool(self.skills or self.courses or self.projects or self.sales)


class CareerLadder(BaseModel):
    """A role's levels, from the first to the highest."""

    model_config = _Config

    skills: Annotated[dict[Slug, Skill], Field(max_length=200)] = {}
    project_kinds: Annotated[dict[Slug, LocalizedText], Field(max_length=50)] = {}
    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        ids = [level.id for level in self.levels]
        if len(set(ids)) < len(ids):
            raise ValueError("two levels have the same id")
        for level in self.levels:
            unknown = [skill for skill in level.skills if skill not in self.skills]
            unknown += [project.kind for project in level.projects if project.kind not in self.project_kinds]
            if unknown:
                raise ValueError(f"level '{level.id}' asks for '{unknown[0]}', which is described nowhere")
        for level in self.levels[1:]:
            if not level.asks:
                raise ValueError(f"level '{level.id}' asks nothing, so everybody would be there")
        return self

    def level(self, id_: str) -> Level | None:
        """One of the levels, None: it has no such level."""
        return next((level for level in self.levels if level.id == id_), None)

    def level_called(self, words: str) -> Level | None:
        """The level that an id or a name in either language means; case makes no difference."""
        said = _folded(words)
        return next(
            (one for one in self.levels if said in map(_folded, (one.id, one.name.zh_cn, one.name.en))), None
        )

    def named_courses(self) -> Iterator[tuple[str, str]]:
        """What names a course, and the course: ``("skill 'advertising'", "amazon-advertising")``."""
        for id_, skill in self.skills.items():
            yield from ((f"skill '{id_}'", need.course) for need in skill.courses)
        for level in self.levels:
            yield from ((f"level '{level.id}'", need.course) for need in level.courses)


# --- what is known of a person ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectDone:
    """A project somebody took part in, by the tenant's own id of it; ``kind`` is one of the ladder's."""

    project_id: str
    kind: str
    role: ProjectRole
    on: date


@dataclass(frozen=True, slots=True)
class CareerRecord:
    """What HR recorded of a career; skills and projects are sorted by id. ``level`` None: HR left it open."""

    level: str | None = None
    skills: tuple[str, ...] = ()
    projects: tuple[ProjectDone, ...] = ()


def career_record(ladder: CareerLadder, name: str, told: CareerRecord, today: date) -> CareerRecord:
    """A record as it goes on file; ``name`` is the ladder's, ``today`` the tenant's day.

    Raises ``DomainError`` (LEVEL_UNKNOWN, SKILL_UNKNOWN, PROJECT_REPEATED, STILL_AHEAD).
    """
    if told.level is not None and ladder.level(told.level) is None:
        known = ", ".join(level.id for level in ladder.levels)
        raise DomainError(Refusal.LEVEL_UNKNOWN, "level", ladder=name, level=told.level, known=known)
    for place, skill in enumerate(told.skills):
        _known(f"skills[{place}]", skill, name, ladder.skills)
    seen: set[str] = set()
    for place, project in enumerate(told.projects):
        where = f"projects[{place}]"
        _known(f"{where}.kind", project.kind, name, ladder.project_kinds)
        if project.project_id in seen:
            raise DomainError(Refusal.PROJECT_REPEATED, f"{where}.project_id", project=project.project_id)
        seen.add(project.project_id)
        if project.on > today:
            raise DomainError(Refusal.STILL_AHEAD, f"{where}.on", today=today.isoformat())
    return CareerRecord(
        told.level,
        tuple(sorted(set(told.skills))),
        tuple(sorted(told.projects, key=lambda project: project.project_id)),
    )


def _known(path: str, id_: str, ladder: str, there_are: Iterable[str]) -> None:
    ids = list(there_are)
    if id_ not in ids:
        known = ", ".join(ids) or "-"
        raise DomainError(Refusal.SKILL_UNKNOWN, path, ladder=ladder, id=id_, known=known)


class Source(StrEnum):
    """Where something is known from."""

    RECORDED = "recorded"
    TRAINING = "training"
    EARLIER_SYSTEM = "earlier_system"
    PERFORMANCE = "performance"


@dataclass(frozen=True, slots=True)
class Taken:
    """A course somebody is in, or was: ``completion`` in percent, None: nothing was told (yet). ``enrolled`` in it now,
    by the training plan.
    """

    completion: Decimal | None
    source: Source
    enrolled: bool = False


@dataclass(frozen=True, slots=True)
class MonthSales:
    """Sales of a month; ``currency`` None: it was not told."""

    month: str
    amount: Decimal
    currency: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a person: courses by id, what HR recorded, the level in the employee's file (an id, or a name as
    another system has it), sales.
    """

    courses: Mapping[str, Taken]
    record: CareerRecord = CareerRecord()
    level: str | None = None
    sales: MonthSales | None = None


def courses_taken(
    plan: "TrainingPlan | None",
    enrolments: Mapping[str, "Enrolment"],
    learnt: Iterable["LearningRecord"],
    catalogue: CourseCatalogue,
) -> dict[str, Taken]:
    """Courses by the catalogue's id: of the training plan, taken out again or not, and of an earlier system, which
    calls them by the catalogue's name in either language, or by its id. Of two completions the higher counts.
    """
    named = {
        _folded(words): id_
        for id_, course in catalogue.courses.items()
        for words in (id_, course.name.zh_cn, course.name.en)
    }
    taken: dict[str, Taken] = {}
    for item in plan.items if plan else ():
        enrolment = enrolments.get(item.item_id)
        if enrolment:
            _add(taken, item.course_id, Taken(enrolment.completion_percent, Source.TRAINING, enrolled=True))
    for record in learnt:
        id_ = named.get(_folded(record.course))
        if id_:
            _add(taken, id_, Taken(record.completion_percent, Source.EARLIER_SYSTEM))
    return taken


def _add(taken: dict[str, Taken], id_: str, one: Taken) -> None:
    known = taken.setdefault(id_, one)
    further = one if _so_far(one) > _so_far(known) else known
    taken[id_] = Taken(further.completion, further.source, known.enrolled or one.enrolled)


def _so_far(one: Taken) -> Decimal:
    return Decimal(-1) if one.completion is None else one.completion


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def sales_of(months: Iterable[MonthlyPerformance], today: date) -> MonthSales | None:
    """Sales of the latest month that is over and has any told; ``today`` is the tenant's day."""
    told = [(one.month, one.metric(SALES)) for one in months if one.month < f"{today:%Y-%m}"]
    found = [MonthSales(month, sales.value, sales.currency) for month, sales in told if sales]
    return max(found, key=lambda one: one.month, default=None)


# --- where they stand -------------------------------------------------------------------------------------------------


class NeedKind(StrEnum):
    """What a level can ask, in the order in which something is best done about it."""

    SKILL = "skill"
    COURSE = "course"
    PROJECT = "project"
    SALES = "sales"


class NeedState(StrEnum):
    """Whether it is met; ``not_measured``: nothing was told that could be compared."""

    MET = "met"
    MISSING = "missing"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a level asks, with what is known of it.

    ``id`` is the skill, the course, the kind of project, or ``sales``. ``required`` and ``value`` are percent of
    ``course_id`` (of a skill: the course that taught it, or that is proposed), projects, or money in ``currency``;
    ``value`` is None where nothing was told. Sales are of ``month``, and were told in ``told_in``.
    """

    level: str
    kind: NeedKind
    id: str
    state: NeedState
    required: Decimal | None = None
    value: Decimal | None = None
    source: Source | None = None
    course_id: str | None = None
    enrolled: bool = False
    role: ProjectRole | None = None
    currency: str | None = None
    month: str | None = None
    told_in: str | None = None


class Basis(StrEnum):
    """Why somebody is held to be at a level."""

    RECORDED = "recorded"
    EMPLOYEE_FILE = "employee_file"
    MET = "requirements_met"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: the present level, the one after it (None: there is none), and what every level asks, from
    the first level to the highest. ``next_step`` is None when nothing is missing.
    """

    level: Level
    basis: Basis
    following: Level | None
    needs: Mapping[str, tuple[Need, ...]]
    next_step: Need | None

    @property
    def missing(self) -> tuple[Need, ...]:
        """What is not met of the present level and of the next, in the ladder's order."""
        levels = (self.level, self.following) if self.following else (self.level,)
        return tuple(
            need for level in levels for need in self.needs[level.id] if need.state is not NeedState.MET
        )

    @property
    def ready(self) -> bool:
        """Whether nothing is missing for the next level."""
        return self.following is not None and self.next_step is None


def where_to_stand(ladder: CareerLadder, evidence: Evidence) -> Standing:
    """Where somebody stands on the ladder by what is known of them.

    The present level is what HR recorded; else that of the employee's file; else the highest of which everything is
    met; else the first. A level that the ladder does not have (any more) counts as none.

    The next step is something one can begin with: of all that the present level and the next are missing the first
    skill in the ladder's order; without one the first course, then the first project, then sales.
    """
    needs = {level.id: tuple(_needs(ladder, level, evidence)) for level in ladder.levels}
    level, basis = _present(ladder, evidence, needs)
    place = ladder.levels.index(level)
    following = ladder.levels[place + 1] if place + 1 < len(ladder.levels) else None
    standing = Standing(level, basis, following, needs, None)
    order = list(NeedKind)
    step = min(standing.missing, key=lambda need: order.index(need.kind), default=None)
    return Standing(level, basis, following, needs, step)


def _present(
    ladder: CareerLadder, evidence: Evidence, needs: Mapping[str, tuple[Need, ...]]
) -> tuple[Level, Basis]:
    recorded = ladder.level(evidence.record.level) if evidence.record.level else None
    if recorded:
        return recorded, Basis.RECORDED
    filed = ladder.level_called(evidence.level) if evidence.level else None
    if filed:
        return filed, Basis.EMPLOYEE_FILE
    for level in reversed(ladder.levels):
        if all(need.state is NeedState.MET for need in needs[level.id]):
            return level, Basis.MET
    return ladder.levels[0], Basis.FIRST


def _needs(ladder: CareerLadder, level: Level, evidence: Evidence) -> Iterator[Need]:
    for id_ in level.skills:
        yield _skill(level.id, id_, ladder.skills[id_], evidence)
    for course in level.courses:
        yield _course(level.id, NeedKind.COURSE, course.course, course, evidence)
    for project in level.projects:
        yield _project(level.id, project, evidence.record.projects)
    if level.sales:
        yield _sales(level.id, level.sales, evidence.sales)


def _skill(level: str, id_: str, skill: Skill, evidence: Evidence) -> Need:
    if id_ in evidence.record.skills:
        return Need(level, NeedKind.SKILL, id_, NeedState.MET, source=Source.RECORDED)
    taught = [_course(level, NeedKind.SKILL, id_, course, evidence) for course in skill.courses]
    held = next((one for one in taught if one.state is NeedState.MET), None)
    # Who is in one of the courses goes on with it, and is not sent to another.
    begun = next((one for one in taught if one.enrolled), None)
    untaught = Need(level, NeedKind.SKILL, id_, NeedState.MISSING)
    return held or begun or next(iter(taught), untaught)


def _course(level: str, kind: NeedKind, id_: str, need: CourseNeed, evidence: Evidence) -> Need:
    taken = evidence.courses.get(need.course)
    value = taken.completion if taken else None
    far_enough = value is not None and value >= need.completion_at_least
    return Need(
        level,
        kind,
        id_,
        NeedState.MET if far_enough else NeedState.MISSING,
        required=need.completion_at_least,
        value=value,
        source=taken.source if taken and value is not None else None,
        course_id=need.course,
        enrolled=taken.enrolled if taken else False,
    )


def _project(level: str, need: ProjectNeed, projects: Iterable[ProjectDone]) -> Need:
    roles = (need.role, ProjectRole.LEAD)
    done = sum(one.kind == need.kind and one.role in roles for one in projects)
    return Need(
        level,
        NeedKind.PROJECT,
        need.kind,
        NeedState.MET if done >= need.at_least else NeedState.MISSING,
        required=Decimal(need.at_least),
        value=Decimal(done),
        source=Source.RECORDED if done else None,
        role=need.role,
    )


def _sales(level: str, need: SalesNeed, told: MonthSales | None) -> Need:
    comparable = told if told and told.currency == need.currency else None
    state = NeedState.NOT_MEASURED
    if comparable:
        state = NeedState.MET if comparable.amount >= need.amount else NeedState.MISSING
    return Need(
        level,
        NeedKind.SALES,
        SALES,
        state,
        required=need.amount,
        value=told.amount if told else None,
        source=Source.PERFORMANCE if told else None,
        currency=need.currency,
        month=told.month if told else None,
        told_in=told.currency if told else None,
    )


# --- in words ---------------------------------------------------------------------------------------------------------

_ENROL: Final = ("建议报名《{course}》", "enrol in '{course}'")
_GO_ON: Final = ("请继续学习《{course}》", "go on with '{course}'")
_SKILL: Final = ("还缺“{name}”;{do}", "Lacks '{name}'; {do}")
_UNTAUGHT: Final = ("还缺“{name}”;掌握后由 HR 记录", "Lacks '{name}'; HR records it once it is there")
_COURSE: Final = (
    "《{course}》需完成 {required}%,目前{value};{do}",
    "'{course}' is to be {required}% complete, and is {value}; {do}",
)
_UNTOLD: Final = ("没有进度", "not begun")
_PROJECTS: Final[Mapping[ProjectRole, tuple[str, str]]] = {
    ProjectRole.MEMBER: (
        "需参与“{name}”项目 {required} 个,目前 {value} 个",
        "To take part in projects: {name}, {required} in all; so far {value}",
    ),
    ProjectRole.LEAD: (
        "需负责“{name}”项目 {required} 个,目前 {value} 个",
        "To lead projects: {name}, {required} in all; so far {value}",
    ),
}
_SALES: Final = (
    "月销售额需达到 {required} {currency},{month} 为 {value}",
    "Sales are to reach {required} {currency} a month; in {month} they were {value}",
)
_SALES_NAME: Final = ("月销售额", "Sales a month")
_SALES_NOT_MEASURED: Final = (
    "月销售额需达到 {required} {currency};还没有可以比较的数据",
    "Sales are to reach {required} {currency} a month; there is no figure to compare yet",
)
_READY: Final = (
    "“{name}”的要求已全部达到,可以申请晋升",
    "All that '{name}' asks is met: time to talk about the promotion",
)
_AT_THE_TOP: Final = (
    "已在最高级别“{name}”,要求全部达到",
    "At the highest level, '{name}', and all it asks is met",
)


def course_name(catalogue: CourseCatalogue, course_id: str, language: str) -> str:
    """A course's name; of one that is not in the catalogue any more, its id."""
    course = catalogue.courses.get(course_id)
    return course.name.text(language) if course else course_id


def need_name(ladder: CareerLadder, catalogue: CourseCatalogue, need: Need, language: str) -> str:
    """What something that a level of ``ladder`` asks is called."""
    match need.kind:
        case NeedKind.SKILL:
            return ladder.skills[need.id].name.text(language)
        case NeedKind.COURSE:
            return course_name(catalogue, need.id, language)
        case NeedKind.PROJECT:
            return ladder.project_kinds[need.id].text(language)
        case NeedKind.SALES:
            return _SALES_NAME[0 if language == CHINESE else 1]


def step_text(need: Need, name: str, course: str | None, language: str) -> str:
    """What is missing and what to do about it, as a sentence: "还缺“选品分析”;建议报名《亚马逊选品技巧》".

    ``name`` is the skill's or the project kind's, ``course`` the course's.
    """
    spoken = 0 if language == CHINESE else 1
    do = (_GO_ON if need.enrolled else _ENROL)[spoken].format(course=course)
    required = _figure(need.required)
    match need.kind:
        case NeedKind.SKILL:
            return (_SKILL if course else _UNTAUGHT)[spoken].format(name=name, do=do)
        case NeedKind.COURSE:
            value = _UNTOLD[spoken] if need.value is None else f"{' ' * (1 - spoken)}{_figure(need.value)}%"
            return _COURSE[spoken].format(course=course, required=required, value=value, do=do)
        case NeedKind.PROJECT:
            texts = _PROJECTS[need.role or ProjectRole.MEMBER]
            return texts[spoken].format(name=name, required=required, value=_figure(need.value))
        case NeedKind.SALES:
            texts = _SALES if need.state is NeedState.MISSING else _SALES_NOT_MEASURED
            return texts[spoken].format(
                required=required, currency=need.currency, month=need.month, value=_figure(need.value)
            )


def nothing_missing_text(standing: Standing, language: str) -> str:
    """What is said where there is no next step."""
    texts, level = (_READY, standing.following) if standing.following else (_AT_THE_TOP, standing.level)
    return texts[0 if language == CHINESE else 1].format(name=level.name.text(language))


def _figure(value: Decimal | None) -> str:
    """A figure as people write it: ``15,000``, ``12.5``."""
    return "-" if value is None else f"{value.normalize():,f}"
