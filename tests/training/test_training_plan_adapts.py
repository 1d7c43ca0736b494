"""How a plan adapts to what is learnt (C5), and when it is reviewed next."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from rencai.kernel.work_calendar import WorkCalendar
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.plan import Change, Reason, ReasonKind, TrainingPlan
from rencai.training.rules.review import Reviewed, review_plan
from rencai.training.rules.rules import TrainingRules
from tests.training.plan_builders import CHANGED, NEGOTIATOR, WARNED, all_done, decided, item, reviewed, ruled
from tests.training.training_builders import (
    CALENDAR,
    RULES,
    RULES_DOCUMENT,
    STARTS_ON,
    assign,
    enrolled,
    fact,
    local,
    made,
    texts,
)

ORIENTED = fact("orientation", local(3), 100)


def by_progress(rule_id: str) -> Reason:
    return Reason(ReasonKind.PROGRESS, rule_id)


def adapted(
    plan: TrainingPlan, *facts: CourseProgressed, now: datetime, rules: TrainingRules = RULES
) -> Reviewed:
    """After a review before anything else is due."""
    return reviewed(plan, ORIENTED, *facts, now=now, rules=rules)


def test_c5_product_knowledge_at_80_adds_the_case_workshop() -> None:
    after = adapted(NEGOTIATOR, fact("product-knowledge", local(10, 23), 80), now=local(11))
    added = item("product-cases", date(2026, 3, 12), date(2026, 3, 17), by_progress("cases"), local(10, 23))
    basics = NEGOTIATOR.items[2]
    assert after.plan.items == (
        *NEGOTIATOR.items[:2],
        replace(basics, removed_by="basics_known"),
        *NEGOTIATOR.items[3:],
        added,
    )
    assert after.changes == tuple(
        Change(
            CHANGED,
            {
                "item_id": item_id,
                "course_id": item_id,
                "change": change,
                "reason": ReasonKind.PROGRESS,
                "rule": rule_id,
            },
        )
        for item_id, change, rule_id in (
            ("product-basics", "removed", "basics_known"),
            ("product-cases", "added", "cases"),
        )
    )


def test_c5_days_are_counted_from_the_local_day_the_mark_was_reached() -> None:
    at = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
    added = reviewed(NEGOTIATOR, fact("product-knowledge", at, 80), now=local(11)).plan.item("product-cases")
    assert added is not None
    assert (added.starts_on, added.due_on) == (date(2026, 3, 13), date(2026, 3, 18)), (
        "it was the 11th already"
    )


@pytest.mark.parametrize(("percent", "added"), [("79.99", False), (80, True)])
def test_c5_79_99_is_not_80(percent: Any, added: bool) -> None:
    after = reviewed(NEGOTIATOR, fact("product-knowledge", local(10), percent), now=local(11))
    assert (after.plan.item("product-cases") is not None) is added


def test_c5_a_later_lower_report_does_not_take_it_away() -> None:
    at_80 = fact("product-knowledge", local(10), 80)
    plan = adapted(NEGOTIATOR, at_80, now=local(11)).plan
    after = adapted(plan, at_80, fact("product-knowledge", local(12), 30), now=local(13))
    assert (after.plan, after.changes) == (plan, ())


def test_c5_an_earlier_report_that_comes_late_moves_the_dates_to_where_they_would_have_been() -> None:
    early, late = fact("product-knowledge", local(10), 80), fact("product-knowledge", local(16), 90)
    plan = adapted(NEGOTIATOR, late, now=local(16, 10)).plan
    after = adapted(plan, early, late, now=local(16, 11))
    assert after.plan == adapted(NEGOTIATOR, early, late, now=local(16, 11)).plan
    assert [(one.name, one.data["change"], one.data["rule"]) for one in after.changes] == [
        (CHANGED, "rescheduled", "cases")
    ]


def test_c5_a_holiday_that_is_announced_later_moves_nobody() -> None:
    at_80 = fact("product-knowledge", local(10), 80)
    plan = adapted(NEGOTIATOR, at_80, now=local(11)).plan
    calendar = replace(
        CALENDAR, days=WorkCalendar(days_off=frozenset({date(2026, 3, 13), date(2026, 3, 16)}))
    )
    after = review_plan(plan, enrolled(plan, ORIENTED, at_80), RULES, calendar, local(12))
    assert (after.plan, after.changes) == (plan, ())


def test_c5_a_course_that_two_rules_add_is_one_item_with_the_earliest_dates() -> None:
    facts = [fact("product-knowledge", local(9), 80), fact("negotiation", local(10), 50)]
    (added,) = (one for one in reviewed(NEGOTIATOR, *facts, now=local(11)).plan.items if one.by_progress)
    due = date(2026, 3, 13)
    assert added == replace(
        item("product-cases", date(2026, 3, 10), due, by_progress("cases"), local(10)),
        reasons=(by_progress("cases"), by_progress("negotiator")),
    )


def test_c5_a_rule_that_removes_wins_and_says_so() -> None:
    facts = [fact("product-knowledge", local(9), 80), fact("negotiation", local(10), 100)]
    plan = reviewed(NEGOTIATOR, *facts, now=local(11)).plan
    assert {one.item_id: one.removed_by for one in plan.items if one.removed_by} == {
        "product-basics": "basics_known",
        "product-cases": "seasoned",
        "role-play": "seasoned",
    }
    assert [one.item_id for one in plan.current] == ["orientation", "product-knowledge", "negotiation"]


def test_c5_of_two_rules_that_remove_a_course_the_first_says_why() -> None:
    again = {"id": "expert", "why": texts("e"), "course": "negotiation", "completion_at_least": 100}
    rules = ruled(progress=[*RULES_DOCUMENT["progress"], {**again, "remove": ["role-play"]}])
    plan = adapted(NEGOTIATOR, fact("negotiation", local(3), 100), now=local(4), rules=rules).plan
    assert about_removed(plan, "role-play") == "seasoned"


def test_c5_what_was_completed_stays_and_what_is_completed_comes_back() -> None:
    done = fact("negotiation", local(10), 100)
    plan = reviewed(NEGOTIATOR, done, now=local(11)).plan
    assert about_removed(plan, "role-play") == "seasoned"
    after = reviewed(plan, done, fact("role-play", local(9), 100), now=local(12))
    assert about_removed(after.plan, "role-play") is None
    assert [(one.data["change"], one.data["rule"]) for one in after.changes] == [("restored", "seasoned")]


def test_c5_what_hr_decided_stays() -> None:
    plan, _ = decided(WARNED, "coach")
    after = reviewed(plan, fact("negotiation", local(10), 100, 60), now=local(11)).plan
    assert [one.item_id for one in after.items if one.removed_by] == ["role-play", "product-cases"]
    assert about_removed(after, "offline-coaching~negotiation") is None


def about_removed(plan: TrainingPlan, item_id: str) -> str | None:
    found = plan.item(item_id)
    assert found is not None
    return found.removed_by


@pytest.mark.parametrize(("style", "adapts"), [("visual", True), ("auditory", False), (None, False)])
def test_c5_a_visual_learner_gets_mind_maps(style: Any, adapts: bool) -> None:
    plan = made(("negotiation", 70), style=style)
    after = reviewed(plan, fact("product-knowledge", local(10), 45), now=local(11)).plan
    assert (after.item("product-mind-maps") is not None) is adapts


def test_c5_rules_are_for_their_roles() -> None:
    progress = [{**RULES_DOCUMENT["progress"][0], "roles": ["marketing"]}]
    after = adapted(
        NEGOTIATOR, fact("product-knowledge", local(10), 90), now=local(11), rules=ruled(progress=progress)
    )
    assert (after.plan, after.changes) == (NEGOTIATOR, ())


def test_c5_a_course_that_is_there_from_the_beginning_is_not_added_again() -> None:
    progress = [{**RULES_DOCUMENT["progress"][0], "add": [assign("orientation", 50)]}]
    after = adapted(
        NEGOTIATOR, fact("product-knowledge", local(10), 90), now=local(11), rules=ruled(progress=progress)
    )
    assert after.plan == NEGOTIATOR


def test_the_next_review_is_at_the_next_due_date_of_what_is_not_completed() -> None:
    due = [one.due_at for one in NEGOTIATOR.items]
    assert reviewed(NEGOTIATOR, now=local(2)).next_review_at == min(due) == local(5, 18)
    assert reviewed(NEGOTIATOR, fact("orientation", local(3), 100), now=local(4)).next_review_at == local(
        16, 18
    )
    assert reviewed(NEGOTIATOR, now=local(5, 18)).next_review_at == local(16, 18)
    assert reviewed(NEGOTIATOR, now=max(due)).next_review_at is None
    assert reviewed(NEGOTIATOR, *all_done(NEGOTIATOR, "role-play"), now=local(2)).next_review_at is None


def test_c5_a_course_that_two_rules_bring_is_due_at_the_earlier_date_in_whatever_order_they_come_to_hold() -> (
    None
):
    """Of two values of one moment the greater counts, so both marks are reached at one moment, and a review may lie
    between.
    """
    slow = {
        "id": "slow",
        "course": "orientation",
        "completion_at_least": 50,
        "why": texts("s"),
        "add": [assign("x", 10)],
    }
    fast = {
        "id": "fast",
        "course": "orientation",
        "completion_at_least": 80,
        "why": texts("f"),
        "add": [assign("x", 2)],
    }
    rules = ruled(progress=[slow, fast])
    some, more = fact("orientation", local(9), 60), fact("orientation", local(9), 85)
    at_once = reviewed(NEGOTIATOR, some, more, now=local(10), rules=rules).plan.item("x")
    before = reviewed(NEGOTIATOR, some, now=local(9, 12), rules=rules).plan
    in_turn = reviewed(before, some, more, now=local(10), rules=rules).plan.item("x")
    assert at_once == in_turn
    assert at_once is not None
    assert [reason.rule for reason in at_once.reasons] == ["slow", "fast"]


def test_c5_a_rule_that_came_to_hold_late_and_turns_out_to_be_older_dates_its_course() -> None:
    slow = {
        "id": "slow",
        "course": "orientation",
        "completion_at_least": 50,
        "why": texts("s"),
        "add": [assign("x", 5)],
    }
    fast = {
        "id": "fast",
        "course": "orientation",
        "completion_at_least": 80,
        "why": texts("f"),
        "add": [assign("x", 2)],
    }
    rules = ruled(progress=[slow, fast])
    facts = [
        fact("orientation", local(9), 60),
        fact("orientation", local(23), 85),
        fact("orientation", local(9), 85),
    ]
    at_once = reviewed(NEGOTIATOR, *facts, now=local(24), rules=rules).plan.item("x")
    before = reviewed(NEGOTIATOR, *facts[:2], now=local(24), rules=rules).plan
    assert reviewed(before, *facts, now=local(24), rules=rules).plan.item("x") == at_once


def test_c5_a_holiday_announced_later_moves_nobody_also_when_another_rule_names_the_course() -> None:
    slow = {
        "id": "slow",
        "course": "orientation",
        "completion_at_least": 80,
        "why": texts("s"),
        "add": [assign("x", 10)],
    }
    fast = {
        "id": "fast",
        "course": "orientation",
        "completion_at_least": 50,
        "why": texts("f"),
        "add": [assign("x", 5)],
    }
    rules, some = ruled(progress=[slow, fast]), fact("orientation", local(9), 60)
    before = reviewed(NEGOTIATOR, some, now=local(10), rules=rules).plan
    later = replace(CALENDAR, days=WorkCalendar(days_off=frozenset({date(2026, 3, 11)})))
    known = enrolled(before, some, fact("orientation", local(10), 85))
    after = review_plan(before, known, rules, later, local(11)).plan.item("x")
    was = before.item("x")
    assert was is not None
    assert after is not None
    assert after.due_on == was.due_on
    assert [reason.rule for reason in after.reasons] == ["slow", "fast"]


def test_c5_who_begins_before_the_first_day_is_not_due_before_it() -> None:
    """Enrolled when cleared, two weeks before the first day of work, a keen learner is at 80 % before it."""
    at = local(16, month=2)
    added = reviewed(NEGOTIATOR, fact("product-knowledge", at, 80), now=local(17, month=2)).plan.item(
        "product-cases"
    )
    assert added is not None
    assert added.starts_on >= STARTS_ON
