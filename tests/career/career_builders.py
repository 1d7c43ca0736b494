"""What the tests of the career ladder share: the ladder that is shipped, and what is known of a person."""

from datetime import date
from typing import Final, cast

from rencai.career.rules.known import ProjectDone
from rencai.career.rules.ladder import CAREER_LADDER, CareerLadder, ProjectRole
from rencai.career.rules.standing import Standing
from rencai.career.rules.wording import course_name, need_name, nothing_missing_text, step_text
from rencai.training.rules.rules import COURSE_CATALOGUE
from tests.shipped import SHIPPED, ShippedConfigurations

ROLE: Final = "ecommerce_operations"
LADDER: Final = cast(CareerLadder, SHIPPED[CAREER_LADDER, ROLE])
CATALOGUE: Final = ShippedConfigurations().latest(COURSE_CATALOGUE).document
TODAY: Final = date(2026, 11, 22)
LEVELS: Final = ("assistant", "junior", "middle", "senior")
LAUNCH: Final = ProjectDone("P-1", "launch", ProjectRole.MEMBER, date(2026, 9, 1))
CATEGORY: Final = ProjectDone("P-2", "small_category", ProjectRole.LEAD, date(2026, 10, 1))


def step(standing: Standing, language: str = "zh-CN", ladder: CareerLadder = LADDER) -> str:
    need = standing.next_step
    if need is None:
        return nothing_missing_text(standing, language)
    course = course_name(CATALOGUE, need.course_id, language) if need.course_id else None
    return step_text(need, need_name(ladder, CATALOGUE, need, language), course, language)
