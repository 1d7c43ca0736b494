"""What there is of a plan is looked at for half the price before one is made: what comes of it is as if it were not."""

from typing import Any, cast

import pytest

from rencai.store.table import Table
from rencai.training.rules.plan import Gap, PlanStatus
from tests.behind import Behind
from tests.builders import EMPLOYEE
from tests.moto_table import TABLE
from tests.training.memory_office import CLEARED_AT, NEGOTIATOR, Office, current
from tests.training.training_builders import STARTS_ON, learner


@pytest.fixture
def behind(dynamodb: Any) -> Behind:
    return Behind(dynamodb, for_good=True)


@pytest.fixture
def office(behind: Behind) -> Office:
    return Office(table=cast(Any, Table(cast(Any, behind), TABLE)))


def test_a_draft_is_made_again_though_the_one_before_still_shows(office: Office, behind: Behind) -> None:
    """It is the same as the one that shows, and another than the one there is."""
    for who in (NEGOTIATOR, learner(), NEGOTIATOR):
        office.training.draft(who, CLEARED_AT)
    assert behind.shown
    assert "negotiation" in current(office.plan())
    assert NEGOTIATOR.gaps == (Gap("negotiation", 70),)


def test_who_is_assigned_a_plan_keeps_it_though_its_draft_still_shows(office: Office, behind: Behind) -> None:
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    assigned = office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    again = office.training.assign(learner(), STARTS_ON, CLEARED_AT)
    assert behind.shown
    assert (again.status, again.items) == (PlanStatus.ASSIGNED, assigned.items)
    assert office.plans.get(EMPLOYEE).plan == again


def test_the_first_draft_costs_half_a_unit_and_no_second_look(office: Office, behind: Behind) -> None:
    asked: list[bool] = []
    query = behind.query

    def watched(**request: Any) -> Any:
        asked.append(request.get("ConsistentRead", False))
        return query(**request)

    behind.query = watched  # type: ignore[method-assign]  # to see what is asked
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    assert asked == [False]
