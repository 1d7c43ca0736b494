"""A risk office and HR's API over it, for each test that asks."""

from collections.abc import Iterator

import pytest

from tests.pressure.risk_office import Caller, Risk
from tests.training.training_office import office


@pytest.fixture
def risk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Risk]:
    monkeypatch.setattr("tests.training.training_office.Office", Risk)
    with office(monkeypatch) as made:
        assert isinstance(made, Risk)
        yield made


@pytest.fixture
def call() -> Caller:
    return Caller()
