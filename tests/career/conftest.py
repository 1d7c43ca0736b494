"""HR's office over careers, fresh for each test that asks."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from rencai.career.rules.ladder import CAREER_LADDER
from rencai.career.rules.scorecard import SCORECARD
from rencai.training.rules.rules import COURSE_CATALOGUE
from tests.career.career_office import ROLE, CareerCaller, Company, moves_in, shipped
from tests.training.training_office import CATALOGUE, Caller, Office, office


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch, company: Company) -> Iterator[Office]:
    with office(monkeypatch) as fresh:
        fresh.wired.pressure.scans = cast(Any, company)
        for kind in (CAREER_LADDER, SCORECARD):
            fresh.configure(kind, shipped(kind, ROLE), ROLE)
        courses = shipped(COURSE_CATALOGUE, "default")["courses"]
        fresh.configure(COURSE_CATALOGUE, {"courses": courses | CATALOGUE["courses"]})
        moves_in(fresh)
        yield fresh


@pytest.fixture
def call() -> Caller:
    return CareerCaller()
