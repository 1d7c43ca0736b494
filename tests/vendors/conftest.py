"""A vendor on loopback for each test, and a line to it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rencai.vendors.circuit import Unguarded
from rencai.vendors.http import Line
from rencai.vendors.pool import VendorPool
from tests.vendors.http_client import SOON, Client
from tests.vendors.loopback import Clock, Log, Vendor, running


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with running() as one:
        yield one


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pool() -> Iterator[VendorPool]:
    with VendorPool() as manager:
        yield manager


@pytest.fixture
def line(pool: VendorPool, clock: Clock, log: Log) -> Line:
    return Line("vendor", pool, Unguarded(), clock, log)


@pytest.fixture
def client(vendor: Vendor, line: Line) -> Client:
    return Client(line, vendor.url)


@pytest.fixture
def hasty(vendor: Vendor, line: Line) -> Client:
    """Gives up soon."""
    return Client(replace(line, timeout_seconds=SOON), vendor.url)
