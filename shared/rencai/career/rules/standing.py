"""Where a person stands on the career ladder (F3), what is missing, and what to do next.

What a level asks is read like this:

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
from decimal import Decimal
from enum import StrEnum

from rencai.employees.rules.performance import SALES

from .known import Evidence, MonthSales, ProjectDone, Source
from .ladder import CareerLadder, CourseNeed, Level, ProjectNeed, ProjectRole, SalesNeed, Skill


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
