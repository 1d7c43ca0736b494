"""A company of its own for each test."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.aws import fresh_table
from tests.survey.company import Company
from tests.wired import serves


@contextmanager
def company(monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    with fresh_table():
        made = Company()
        serves(monkeypatch, made.wired)
        yield made


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    with company(monkeypatch) as fresh:
        yield fresh
