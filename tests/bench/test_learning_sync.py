"""The benchmark's books: that they agree says something only if they can disagree."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from rencai.training.rules.courses import Enrolment
from rencai.training.rules.courses import Told as OnRecord
from tests.bench.learning_sync import Books, SyncFailed, Told

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TOLD = Told((Decimal(40), AT), (Decimal("85.5"), AT), AT, reports=2)
ENROLMENT = Enrolment(
    "emp_1",
    "product-knowledge",
    "enr_1",
    AT,
    completion=OnRecord("00040.0000", AT),
    exam=OnRecord("00085.5000", AT),
    review=OnRecord("5f0c", AT),
    version=3,
)


class Sandbox:
    def __init__(self, told: dict[str, Told], enrolled: set[str]) -> None:
        self._told = told
        self._enrolled = enrolled

    def told(self) -> dict[str, Told]:
        return self._told

    def enrolled(self) -> set[str]:
        return self._enrolled


class Tenant:
    def __init__(self, on_record: dict[str, Enrolment]) -> None:
        self._on_record = on_record

    def on_record(self, enrolment_ids: list[str], now: datetime) -> dict[str, Enrolment]:
        return self._on_record


def compare(told: dict[str, Told], enrolled: set[str], on_record: dict[str, Enrolment]) -> None:
    Books(Sandbox(told, enrolled), Tenant(on_record), [], AT).compare("a test")  # type: ignore[arg-type]  # doubles


def test_books_that_agree() -> None:
    compare({"enr_1": TOLD}, {"enr_1"}, {"enr_1": ENROLMENT})


@pytest.mark.parametrize(
    "on_record",
    [
        pytest.param(replace(ENROLMENT, completion=OnRecord("00039.0000", AT)), id="another completion"),
        pytest.param(replace(ENROLMENT, exam=None), id="no exam"),
        pytest.param(
            replace(ENROLMENT, review=OnRecord("5f0c", AT - timedelta(days=7))), id="last week's review"
        ),
        pytest.param(replace(ENROLMENT, version=2), id="a report lost"),
        pytest.param(replace(ENROLMENT, version=4), id="a report taken twice"),
    ],
)
def test_an_enrolment_that_is_not_as_it_was_told(on_record: Enrolment) -> None:
    with pytest.raises(SyncFailed, match="after a test, 1 differences: enr_1: the LMS told"):
        compare({"enr_1": TOLD}, {"enr_1"}, {"enr_1": on_record})


def test_an_enrolment_that_one_side_does_not_know() -> None:
    with pytest.raises(SyncFailed, match="enr_1 is in the ledger and not in the table"):
        compare({"enr_1": TOLD}, {"enr_1"}, {})
    with pytest.raises(SyncFailed, match="enr_1 is in the ledger and not in the feed"):
        compare({}, {"enr_1"}, {"enr_1": ENROLMENT})
    with pytest.raises(SyncFailed, match="enr_1 is in the table and not in the ledger"):
        compare({"enr_1": TOLD}, set(), {"enr_1": ENROLMENT})
