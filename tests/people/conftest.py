"""A tenant of its own for each test."""

from collections.abc import Iterator

import pytest

from tests.people.tenant import Tenant, tenant


@pytest.fixture
def one() -> Iterator[Tenant]:
    with tenant() as fresh:
        yield fresh
