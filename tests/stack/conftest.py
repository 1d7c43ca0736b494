"""A repository of its own for each test."""

from pathlib import Path

import pytest

from tests.stack.repository import Repository


@pytest.fixture
def one(tmp_path: Path) -> Repository:
    return Repository(tmp_path)
