"""Puts the sandbox's functions on the path: it is a stack of its own, with its own packages."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "infra" / "sandbox" / "functions"))

from tests.sandbox.stage import Stage, table_from_template


@pytest.fixture
def stage() -> Iterator[Stage]:
    with table_from_template() as table:
        yield Stage(table)
