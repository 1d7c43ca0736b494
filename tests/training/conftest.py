"""The offices of training, each fresh for each test that asks: over moto's table with HR's API, and in memory."""

from collections.abc import Iterator
from typing import Any

import pytest

from rencai.store.sealed import Vault
from rencai.training.store.enrolments import Enrolments
from tests.training import memory_office, training_office
from tests.training.enrolment_builders import through


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[training_office.Office]:
    with training_office.office(monkeypatch) as fresh:
        yield fresh


@pytest.fixture
def call() -> training_office.Caller:
    return training_office.Caller()


@pytest.fixture
def office() -> memory_office.Office:
    return memory_office.Office()


@pytest.fixture
def enrolments(dynamodb: Any, vault: Vault) -> Enrolments:
    return through(dynamodb, vault)
