"""The career ladder (职业发展地图, F3) of a role: its levels, and what each asks; HR edits it."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rencai.kernel.configuration import Kind
from rencai.kernel.ids import folded
from rencai.kernel.texts import CURRENCY, LocalizedText, Slug
from rencai.kernel.wording import wrong
from rencai.training.rules.rules import CourseId

from .refusals import CareerDocumentRefusal

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
    currency: Annotated[str, Field(pattern=CURRENCY)]


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
            raise wrong(CareerDocumentRefusal.LEVEL_REPEATED)
        for level in self.levels:
            unknown = [skill for skill in level.skills if skill not in self.skills]
            unknown += [project.kind for project in level.projects if project.kind not in self.project_kinds]
            if unknown:
                raise wrong(CareerDocumentRefusal.LEVEL_ASKS_UNKNOWN, level=level.id, unknown=unknown[0])
        for level in self.levels[1:]:
            if not level.asks:
                raise wrong(CareerDocumentRefusal.LEVEL_ASKS_NOTHING, level=level.id)
        return self

    def level(self, id_: str) -> Level | None:
        """One of the levels, None: it has no such level."""
        return next((level for level in self.levels if level.id == id_), None)

    def level_called(self, words: str) -> Level | None:
        """The level that an id or a name in either language means; case makes no difference."""
        said = folded(words)
        return next(
            (one for one in self.levels if said in map(folded, (one.id, one.name.zh_cn, one.name.en))), None
        )

    def named_courses(self) -> Iterator[tuple[str, str]]:
        """What names a course, and the course: ``("skill 'advertising'", "amazon-advertising")``."""
        for id_, skill in self.skills.items():
            yield from ((f"skill '{id_}'", need.course) for need in skill.courses)
        for level in self.levels:
            yield from ((f"level '{level.id}'", need.course) for need in level.courses)


CAREER_LADDER: Final = Kind("career_ladder", CareerLadder)
