"""What is known of a person whom the career ladder is held against (F3): what HR recorded, courses taken, sales."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from rencai.employees.rules.performance import SALES, MonthlyPerformance
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.kernel.errors import DomainError
from rencai.kernel.ids import folded
from rencai.training.rules.rules import CourseCatalogue

from .ladder import CareerLadder, ProjectRole
from .refusals import CareerRefusal

if TYPE_CHECKING:
    from rencai.employees.rules.records import LearningRecord
    from rencai.training.rules.courses import Enrolment
    from rencai.training.rules.plan import TrainingPlan


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
        known = tuple(level.id for level in ladder.levels)
        raise DomainError(CareerRefusal.LEVEL_UNKNOWN, "level", ladder=name, level=told.level, known=known)
    for place, skill in enumerate(told.skills):
        _known(f"skills[{place}]", skill, name, ladder.skills)
    seen: set[str] = set()
    for place, project in enumerate(told.projects):
        where = f"projects[{place}]"
        _known(f"{where}.kind", project.kind, name, ladder.project_kinds)
        if project.project_id in seen:
            raise DomainError(
                CareerRefusal.PROJECT_REPEATED, f"{where}.project_id", project=project.project_id
            )
        seen.add(project.project_id)
        if project.on > today:
            raise DomainError(EmployeeRefusal.STILL_AHEAD, f"{where}.on", today=today.isoformat())
    return CareerRecord(
        told.level,
        tuple(sorted(set(told.skills))),
        tuple(sorted(told.projects, key=lambda project: project.project_id)),
    )


def _known(path: str, id_: str, ladder: str, there_are: Iterable[str]) -> None:
    ids = list(there_are)
    if id_ not in ids:
        raise DomainError(CareerRefusal.SKILL_UNKNOWN, path, ladder=ladder, id=id_, known=ids)


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
        folded(words): id_
        for id_, course in catalogue.courses.items()
        for words in (id_, course.name.zh_cn, course.name.en)
    }
    taken: dict[str, Taken] = {}
    for item in plan.items if plan else ():
        enrolment = enrolments.get(item.item_id)
        if enrolment:
            _add(taken, item.course_id, Taken(enrolment.completion_percent, Source.TRAINING, enrolled=True))
    for record in learnt:
        id_ = named.get(folded(record.course))
        if id_:
            _add(taken, id_, Taken(record.completion_percent, Source.EARLIER_SYSTEM))
    return taken


def _add(taken: dict[str, Taken], id_: str, one: Taken) -> None:
    known = taken.setdefault(id_, one)
    further = one if _so_far(one) > _so_far(known) else known
    taken[id_] = Taken(further.completion, further.source, known.enrolled or one.enrolled)


def _so_far(one: Taken) -> Decimal:
    return Decimal(-1) if one.completion is None else one.completion


def sales_of(months: Iterable[MonthlyPerformance], today: date) -> MonthSales | None:
    """Sales of the latest month that is over and has any told; ``today`` is the tenant's day."""
    told = [(one.month, one.metric(SALES)) for one in months if one.month < f"{today:%Y-%m}"]
    found = [MonthSales(month, sales.value, sales.currency) for month, sales in told if sales]
    return max(found, key=lambda one: one.month, default=None)
