"""A vendor on loopback for each test."""

from collections.abc import Iterator

import pytest

from tests.vendors.loopback import Log, Vendor, running


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with running() as one:
        yield one


@pytest.fixture
def log() -> Log:
    return Log()
