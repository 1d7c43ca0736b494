"""One embedded stack for the whole suite: the real template, deployed by the SAM CLI, IAM enforced."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

from infra.local.stack import Stack
from tests.e2e.deployment import deployed_afresh, every_event, stranger
from tests.e2e.outsider import Outsider
from tests.e2e.sharing import shared_stack

_NAME = "e2e"


# What takes long begins first, in this order. What stands in one line is run in line, by one process; everything else
# runs beside everything else, so that a test looks at nothing but its own.
LINES: Final = (
    # Waits for a round of the watchdog.
    ("test_b7_",),
    # The night looks at everybody who has signals, and the survey goes to everybody.
    ("test_pressure.py", "test_survey.py", "test_employee.py"),
    # A vendor has one fault at a time, and the queue has one patience for all.
    ("test_the_offer_waits_for_finance_", "test_what_the_queue_gave_up_"),
    ("test_a_file_of_interviews_",),
    ("test_training.py::test_c3_",),
    ("test_an_upload_by_url_",),
    # Who leaves the talent pool or comes back to it could be seen twice by who pages through it.
    ("test_lists_page_", "test_a6_the_same_person_", "test_who_is_taken_on_after_all_"),
)


def _line(nodeid: str) -> int:
    return next((n for n, line in enumerate(LINES) if any(part in nodeid for part in line)), len(LINES))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-randomly has had its say."""
    items.sort(key=lambda item: _line(item.nodeid))


def _scope(nodeid: str) -> str:
    line = _line(nodeid)
    return f"line {line}" if line < len(LINES) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For ``pytest tests/e2e -n 4``. (xdist's own groups are lost on pytest 9.2: it knows no ``Item._nodeid``.)"""
    config.option.loadscopereorder = False
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = _scope
    return scheduler


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One for all processes of a run. What a test looks at is its own: others run beside it."""
    with shared_stack(_NAME, lambda: deployed_afresh(_NAME)) as shared:
        yield shared


@pytest.fixture(scope="session")
def outsider(stack: Stack) -> Outsider:
    return Outsider(stack, every_event(stack))


@pytest.fixture
def interview() -> dict[str, Any]:
    """The worked example, as a person nobody has met."""
    return stranger()
