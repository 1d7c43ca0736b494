"""Work performance, month by month, against moto's table (C3)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from functions.relay.relay import told_by
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.store.performances import Performances, performance_key
from rencai.kernel.errors import LostRace
from rencai.store.table import Table, from_events
from rencai.wiring.events import DATA_MODELS
from tests.builders import EMPLOYEE, NOW
from tests.racing import Racing

TABLE = "rencai-test"
LATER = NOW + timedelta(days=1)


def month(name: str, score: str, out_of: str = "100") -> MonthlyPerformance:
    return MonthlyPerformance(name, Decimal(score), Decimal(out_of))


MARCH = month("2026-03", "80")


@pytest.fixture
def performances(dynamodb: Any) -> Performances:
    return Performances(Table(dynamodb, TABLE))


def test_c3_months_read_back_oldest_first_as_they_were_recorded(performances: Performances) -> None:
    months = [month("2026-11", "3.5", "5"), month("2026-03", "80.1234"), month("2025-12", "0", "1000")]
    for one in months:
        assert performances.record(EMPLOYEE, one, "hr:1", NOW)
    performances.record("emp_02", month("2026-04", "1"), "hr:1", NOW)
    assert performances.of(EMPLOYEE) == [months[2], months[1], months[0]]
    assert performances.of("emp_03") == []


def test_c3_the_same_again_changes_and_tells_nothing(performances: Performances, dynamodb: Any) -> None:
    performances.record(EMPLOYEE, MARCH, "hr:1", NOW)
    before = dynamodb.scan(TableName=TABLE)["Items"]
    assert performances.record(EMPLOYEE, month("2026-03", "80.0"), "hr:2", LATER) is False
    assert dynamodb.scan(TableName=TABLE)["Items"] == before


def test_c3_a_month_can_be_corrected_and_each_correction_is_told(
    performances: Performances, dynamodb: Any
) -> None:
    table = Table(dynamodb, TABLE)
    for number, (score, out_of) in enumerate((("80", "100"), ("85", "100"), ("85", "90")), start=1):
        assert performances.record(EMPLOYEE, month("2026-03", score, out_of), f"hr:{number}", NOW)
        item = table.get(performance_key(EMPLOYEE, "2026-03"))
        assert item is not None
        (event,) = from_events(item["events"])
        assert (event.id, event.name, event.at, event.data, event.actor) == (
            f"evt_01ABC_2026-03_{number}_0",
            "performance.recorded",
            NOW,
            {"month": "2026-03"},
            f"hr:{number}",
        )
    assert performances.of(EMPLOYEE) == [month("2026-03", "85", "90")]


def test_c3_a_score_is_in_no_event_and_the_event_is_the_employees(
    performances: Performances, dynamodb: Any
) -> None:
    performances.record(EMPLOYEE, MARCH, "hr:1", NOW)
    (image,) = dynamodb.scan(TableName=TABLE)["Items"]
    ((subject, event),) = told_by({"dynamodb": {"NewImage": image}})
    assert (subject.kind, subject.id) == ("employee", EMPLOYEE)
    DATA_MODELS[event.name].model_validate(event.data)
    assert "80" not in image["events"]["S"].replace(NOW.strftime("%Y-%m-%dT%H:%M"), "")


@pytest.mark.parametrize(("theirs", "news"), [("80", False), ("70", True)])
def test_c3_a_lost_race_is_decided_again_on_what_the_winner_left(
    dynamodb: Any, performances: Performances, theirs: str, news: bool
) -> None:
    winner = Racing(dynamodb, lambda: performances.record(EMPLOYEE, month("2026-03", theirs), "hr:2", NOW))
    assert Performances(Table(winner, TABLE)).record(EMPLOYEE, MARCH, "hr:1", NOW) is news  # type: ignore[arg-type]  # stands in for the client
    assert performances.of(EMPLOYEE) == [MARCH]


def test_a_race_that_is_lost_twice_is_lost(dynamodb: Any, performances: Performances) -> None:
    def others(score: str) -> Callable[[], object]:
        return lambda: performances.record(EMPLOYEE, month("2026-03", score), "hr:2", NOW)

    racing = Racing(dynamodb, others("1"), others("2"))
    with pytest.raises(LostRace):
        Performances(Table(racing, TABLE)).record(EMPLOYEE, MARCH, "hr:1", NOW)  # type: ignore[arg-type]  # as above
    assert performances.of(EMPLOYEE) == [month("2026-03", "2")]
