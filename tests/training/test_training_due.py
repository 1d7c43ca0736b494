"""Plans reviewed when something is due (C4), on a table in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.training import due
from functions.training.due import Looked, review_due
from rencai.training.rules.courses import Enrolment
from rencai.training.rules.plan import PlanStatus, make_plan
from tests.builders import EMPLOYEE
from tests.logs import logged
from tests.training.memory_office import CLEARED_AT, Office
from tests.training.training_builders import CALENDAR, RULES, STARTS_ON, fact, learner, local
from tests.wired import serves, wired_with


def onboarded(office: Office, *employees: str, rules_version: int = 1) -> None:
    """Plans of one course due on Thursday; of a version of the rules that is not there, they cannot be reviewed."""
    for employee_id in employees:
        who = learner(role="support", employee_id=employee_id)
        plan = make_plan(who, RULES, (rules_version, 1), STARTS_ON, PlanStatus.ASSIGNED, CALENDAR)
        office.plans.save(plan, [], None, local(5, 18), CLEARED_AT)


def ever() -> bool:
    return True


class Ticks:
    """Time for so many looks at the clock."""

    def __init__(self, left: int) -> None:
        self._left = left

    def __call__(self) -> bool:
        self._left -= 1
        return self._left >= 0


def looked(office: Office, now: datetime, has_time: Callable[[], bool] = ever) -> Looked:
    return review_due(plans=office.plans, training=office.training, now=now, has_time=has_time)


def warned_of(office: Office) -> list[str]:
    return [subject for subject, name, _ in office.table.told if name == "training.warning_raised"]


def test_c4_who_fell_behind_by_the_due_date_is_warned_about_and_nobody_else(office: Office) -> None:
    onboarded(office, "emp_1", "emp_2", "emp_3")
    office.enrolments.open(Enrolment("emp_2", "orientation", "enr-2", local(5, 18)))
    office.enrolments.progress(replace(fact("2", local(3), 100), enrolment_id="enr-2"), local(3))
    office.unchanged(lambda: looked(office, local(5, 18) - timedelta(seconds=1)))
    assert looked(office, local(5, 19)) == Looked(reviewed=3, failed=0, finished=True)
    assert warned_of(office) == ["emp_1", "emp_3"]
    office.unchanged(lambda: looked(office, local(5, 19)))
    assert looked(office, local(31)) == Looked(reviewed=0, failed=0, finished=True)


def test_c4_a_plan_that_cannot_be_reviewed_keeps_no_other_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "_AT_ONCE", 1)
    onboarded(office, "emp_1", "emp_3", rules_version=9)
    onboarded(office, "emp_2", "emp_4")
    with logged() as log:
        assert looked(office, local(5, 19)) == Looked(reviewed=2, failed=2, finished=True)
    assert warned_of(office) == ["emp_2", "emp_4"]
    lines = log.lines("subject", "reason")
    assert [(one["message"], one["subject"]) for one in lines] == [
        ("not reviewed", "emp_1"),
        ("not reviewed", "emp_3"),
    ]
    assert all("NotFound" in one["reason"] for one in lines)
    assert looked(office, local(5, 20)) == Looked(reviewed=0, failed=2, finished=True), (
        "tried again by the next run"
    )


@pytest.mark.parametrize(("ticks", "reviewed"), [(0, 0), (1, 0), (2, 1), (3, 2), (4, 3)])
def test_c4_a_run_that_is_out_of_time_is_gone_on_with_by_the_next(
    office: Office, ticks: int, reviewed: int
) -> None:
    onboarded(office, "emp_1", "emp_2", "emp_3")
    assert looked(office, local(5, 19), Ticks(ticks)) == Looked(reviewed=reviewed, failed=0, finished=False)
    assert looked(office, local(5, 19)) == Looked(reviewed=3 - reviewed, failed=0, finished=True)
    assert warned_of(office) == ["emp_1", "emp_2", "emp_3"]


def test_c4_a_due_date_of_which_nobody_is_to_be_told_is_due_once(office: Office) -> None:
    """Its completion counts from now on and comes to the same score: no event, and yet the list has to move on."""
    onboarded(office, "emp_1")
    office.enrolments.open(Enrolment("emp_1", "orientation", "enr-1", local(5, 18)))
    office.enrolments.progress(replace(fact("1", local(3), 80, 80), enrolment_id="enr-1"), local(3))
    office.training.review("emp_1", local(4))
    office.table.told.clear()
    assert looked(office, local(5, 19), Ticks(10)) == Looked(reviewed=1, failed=0, finished=True)
    assert (office.table.told, office.plans.due(local(31), 10)) == ([], [])


def test_c4_the_longest_due_comes_first(office: Office) -> None:
    onboarded(office, "emp_1")
    office.assigned()
    office.plans.save(
        replace(office.plan(), warnings=office.plan().warnings), [], None, local(5, 17), CLEARED_AT
    )
    assert office.plans.due(local(6), 10) == [EMPLOYEE, "emp_1"]
    assert office.plans.due(local(6), 1) == [EMPLOYEE]


class Context:
    """What Lambda says of a run that has just begun."""

    function_name = "training_plan"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:ap-southeast-1:123456789012:function:training_plan"
    aws_request_id = "request-1"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 900_000


def no_client(service: str) -> Any:
    """Nobody calls AWS here."""
    raise AssertionError(service)


def test_c4_a_run_with_plans_it_could_not_review_is_an_error_of_the_function(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """... after the others were: it is what the alarm is made of."""
    onboarded(office, "emp_1", rules_version=9)
    onboarded(office, "emp_2")
    wired = wired_with(no_client, lambda: local(5, 19))
    wired.training.plans, wired.training.training = office.plans, office.training
    serves(monkeypatch, wired)
    with logged() as log, pytest.raises(due.NotReviewed, match="1 plans"):
        due.handler({}, Context())
    assert warned_of(office) == ["emp_2"]
    assert {"message": "reviewed", "reviewed": 1, "failed": 1, "finished": True} in log.lines(
        "reviewed", "failed", "finished"
    )
