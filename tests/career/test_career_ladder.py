"""The document of a career ladder (F3): what hangs together, and what does not."""

from typing import Any, Final

import pytest
from pydantic import ValidationError

from rencai.career.rules.known import Evidence
from rencai.career.rules.ladder import CareerLadder
from rencai.career.rules.standing import Basis, where_to_stand
from rencai.career.rules.wording import course_name
from rencai.training.rules.rules import CourseCatalogue
from tests.career.career_builders import CATALOGUE, step


def both(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en": words}


SMALL: Final[dict[str, Any]] = {
    "skills": {"listens": {"name": both("倾听")}},
    "project_kinds": {"fair": both("展会")},
    "levels": [
        {"id": "one", "name": both("一级")},
        {"id": "two", "name": both("二级"), "skills": ["listens"], "projects": [{"kind": "fair"}]},
    ],
}


def test_a_skill_that_no_course_teaches_is_hrs_to_record() -> None:
    ladder = CareerLadder.model_validate(SMALL)
    standing = where_to_stand(ladder, Evidence({}))
    assert (standing.level.id, standing.basis) == ("one", Basis.MET)
    assert step(standing, ladder=ladder) == "还缺“倾听”;掌握后由 HR 记录"
    assert step(standing, "en", ladder) == "Lacks '倾听'; HR records it once it is there"


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([SMALL["levels"][0]] * 2, "two levels have the same id"),
        (
            [{"id": "one", "name": both("一级"), "skills": ["sings"]}],
            "level 'one' asks for 'sings', which is described nowhere",
        ),
        (
            [{"id": "one", "name": both("一级"), "projects": [{"kind": "party"}]}],
            "level 'one' asks for 'party', which is described nowhere",
        ),
        (
            [SMALL["levels"][0], {"id": "two", "name": both("二级")}],
            "level 'two' asks nothing, so everybody would be there",
        ),
        ([], "at least 1 item"),
    ],
)
def test_a_ladder_that_does_not_hang_together_is_refused(levels: list[Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        CareerLadder.model_validate({**SMALL, "levels": levels})


def test_a_course_that_left_the_catalogue_is_shown_by_its_id() -> None:
    assert (
        course_name(CourseCatalogue(courses={"a": CATALOGUE.courses["basic-operations"]}), "b", "en") == "b"
    )
