"""Warnings of a plan (C4): when one is raised, cleared and returns."""

from datetime import timedelta
from typing import Any

import pytest

from rencai.kernel import ids
from rencai.training.rules.plan import Change, Warned
from rencai.training.rules.review import proposals_for
from tests.builders import EMPLOYEE
from tests.training.plan_builders import (
    CHANGED,
    CLEARED,
    COMPLETION,
    DUE,
    EXAM,
    LATER,
    NEGOTIATOR,
    RAISED,
    RETURNED,
    active,
    all_done,
    reviewed,
    ruled,
)
from tests.training.training_builders import IMPROVED, RULES, RULES_DOCUMENT, fact, local

CALM = ruled(progress=[])
"""A plan that does not adapt."""


def test_c4_a_course_completed_with_85_and_a_mentor_who_praises_is_no_warning() -> None:
    facts = [*all_done(NEGOTIATOR, "negotiation"), fact("negotiation", local(20), 100, 85, IMPROVED)]
    after = reviewed(NEGOTIATOR, *facts, now=LATER, rules=CALM)
    assert (after.plan, after.changes) == (NEGOTIATOR, ())


@pytest.mark.parametrize(
    ("percent", "warned"), [(None, True), (0, True), ("79.99", True), (80, False), (100, False)]
)
def test_c4_completion_below_80_at_the_due_date_is_a_warning(percent: Any, warned: bool) -> None:
    done = all_done(NEGOTIATOR, "negotiation")
    told = [] if percent is None else [fact("negotiation", local(20), percent)]
    expected = {("negotiation", COMPLETION)} if warned else set()
    assert active(reviewed(NEGOTIATOR, *done, *told, now=DUE, rules=CALM).plan) == expected


def test_c4_nobody_is_warned_before_the_due_date() -> None:
    done = all_done(NEGOTIATOR, "negotiation")
    before = reviewed(NEGOTIATOR, *done, now=DUE - timedelta(milliseconds=1), rules=CALM)
    assert (active(before.plan), before.next_review_at) == (set(), DUE)


@pytest.mark.parametrize(("exam", "warned"), [(None, False), (0, True), ("69.99", True), (70, False)])
def test_c4_an_exam_below_70_is_a_warning_at_once(exam: Any, warned: bool) -> None:
    after = reviewed(NEGOTIATOR, fact("negotiation", local(3), 10, exam), now=local(4))
    assert active(after.plan) == ({("negotiation", EXAM)} if warned else set())


def test_c4_what_hr_is_told_of_a_warning() -> None:
    after = reviewed(NEGOTIATOR, fact("negotiation", local(3), 10, "69.99"), now=local(4))
    warning_id = ids.warning_id(EMPLOYEE, "negotiation", "exam")
    assert after.plan.warnings == (Warned(warning_id, "negotiation", EXAM, local(4)),)
    assert after.changes == (
        Change(
            RAISED,
            {
                "warning_id": warning_id,
                "item_id": "negotiation",
                "course_id": "negotiation",
                "cause": EXAM,
                "value": 69.99,
                "threshold": 70.0,
                "times": 1,
            },
        ),
    )
    assert proposals_for(after.plan, after.plan.warnings[0], RULES) == ("coach", "read_more", "clinic")


def test_c4_of_a_course_nothing_was_told_of_the_value_is_not_known() -> None:
    after = reviewed(NEGOTIATOR, *all_done(NEGOTIATOR, "orientation"), now=local(5, 18))
    (raised,) = (change for change in after.changes if change.name is RAISED)
    assert (raised.data["value"], raised.data["threshold"]) == (None, 80.0)


def test_c4_a_course_warns_once_for_each_cause_however_often_it_is_told() -> None:
    plan, raised = NEGOTIATOR, []
    done = all_done(NEGOTIATOR, "negotiation")
    for hours in range(5):
        told = fact("negotiation", local(20) + timedelta(hours=hours), 40 + hours, 50 + hours)
        after = reviewed(plan, *done, told, now=LATER + timedelta(hours=hours), rules=CALM)
        plan = after.plan
        raised += [(one.data["item_id"], one.data["cause"]) for one in after.changes if one.name is RAISED]
    assert raised == [("negotiation", COMPLETION), ("negotiation", EXAM)]
    assert [one.times for one in plan.warnings] == [1, 1]


def test_c4_a_warning_is_cleared_comes_back_and_is_not_raised_again() -> None:
    plan, heard = NEGOTIATOR, []
    done = all_done(NEGOTIATOR, "negotiation")
    for day, exam in ((3, 60), (4, 85), (5, 85), (6, 50), (7, 40), (8, 90)):
        after = reviewed(plan, *done, fact("negotiation", local(day), 100, exam), now=local(day, 10))
        plan = after.plan
        heard.append([(one.name, one.data["times"]) for one in after.changes if one.name is not CHANGED])
    assert heard == [[(RAISED, 1)], [(CLEARED, 1)], [], [(RETURNED, 2)], [], [(CLEARED, 2)]]
    warning_id = ids.warning_id(EMPLOYEE, "negotiation", "exam")
    assert plan.warnings == (
        Warned(warning_id, "negotiation", EXAM, local(3, 10), cleared_at=local(8, 10), times=2),
    )


def test_c4_a_course_that_is_taken_out_warns_nobody() -> None:
    done = all_done(NEGOTIATOR, "product-basics")
    after = reviewed(NEGOTIATOR, *done, fact("product-basics", local(3), 10), now=local(30, 19))
    assert active(after.plan) == set()


def test_c4_thresholds_are_the_tenants() -> None:
    rules = ruled(
        progress=[], warnings={**RULES_DOCUMENT["warnings"], "completion_below": "50", "exam_below": "90"}
    )
    done = all_done(NEGOTIATOR, "negotiation")
    after = reviewed(NEGOTIATOR, *done, fact("negotiation", local(20), 50, "89.99"), now=LATER, rules=rules)
    assert active(after.plan) == {("negotiation", EXAM)}
