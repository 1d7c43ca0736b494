"""The personal plan (C1), its warnings (C4), how it adapts (C5), and that the order of facts does not matter."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rencai.domain import ids
from rencai.domain.errors import Conflict, DomainError, NotFound, Refusal
from rencai.domain.event_data import DATA_MODELS
from rencai.domain.events import EventName
from rencai.domain.performance import MonthlyPerformance
from rencai.domain.probation import ProbationScore, probation_score
from rencai.domain.training import Cause, Enrolment, progressed
from rencai.domain.training_plan import (
    Change,
    Decision,
    Gap,
    PlanItem,
    PlanStatus,
    Reason,
    ReasonKind,
    Reviewed,
    TrainingPlan,
    Warned,
    WarningStatus,
    cause_holds,
    decide,
    make_plan,
    proposals_for,
    review_plan,
)
from rencai.domain.training_rules import TrainingRules
from rencai.domain.vendor_facts import CourseProgressed
from rencai.domain.work_calendar import WorkCalendar
from rencai.store.training_plans import TrainingPlans
from tests.unit.builders import EMPLOYEE
from tests.unit.training_builders import (
    CALENDAR,
    IMPROVED,
    POLICY,
    RULES,
    RULES_DOCUMENT,
    STARTS_ON,
    ZONE,
    MemoryTable,
    OpenVault,
    assign,
    enrolled,
    fact,
    learner,
    local,
    made,
    rate,
    texts,
)

MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZONE)
DUE = local(23, 18)
"""When the negotiation course is due."""
LATER = DUE + timedelta(days=1)
NEGOTIATOR = made(("negotiation", 70))
COMPLETION, EXAM = Cause.COMPLETION, Cause.EXAM
RAISED, RETURNED = EventName.TRAINING_WARNING_RAISED, EventName.TRAINING_WARNING_RETURNED
CLEARED, CHANGED = EventName.TRAINING_WARNING_CLEARED, EventName.PLAN_CHANGED


def ruled(**changes: Any) -> TrainingRules:
    return TrainingRules.model_validate({**RULES_DOCUMENT, **changes})


CALM = ruled(progress=[])
"""A plan that does not adapt."""
ORIENTED = fact("orientation", local(3), 100)


def item(
    course: str,
    starts: date,
    due: date,
    reason: Reason,
    since: datetime = MIDNIGHT,
    removed_by: str | None = None,
) -> PlanItem:
    return PlanItem(course, (reason,), starts, due, datetime.combine(due, time(18), ZONE), since, removed_by)


def required(rule_id: str) -> Reason:
    return Reason(ReasonKind.REQUIRED, rule_id)


def by_progress(rule_id: str) -> Reason:
    return Reason(ReasonKind.PROGRESS, rule_id)


def adapted(
    plan: TrainingPlan, *facts: CourseProgressed, now: datetime, rules: TrainingRules = RULES
) -> Reviewed:
    """After a review before anything else is due."""
    return reviewed(plan, ORIENTED, *facts, now=now, rules=rules)


def reviewed(
    plan: TrainingPlan, *facts: CourseProgressed, now: datetime, rules: TrainingRules = RULES
) -> Reviewed:
    return review_plan(plan, enrolled(plan, *facts), rules, CALENDAR, now)


def names(changes: Sequence[Change]) -> list[EventName]:
    return [change.name for change in changes]


def active(plan: TrainingPlan) -> set[tuple[str, Cause]]:
    return {(one.item_id, one.cause) for one in plan.warnings if one.cleared_at is None}


def about(plan: TrainingPlan, item_id: str, cause: Cause) -> Warned:
    (found,) = (one for one in plan.warnings if (one.item_id, one.cause) == (item_id, cause))
    return found


def all_done(plan: TrainingPlan, *but: str) -> list[CourseProgressed]:
    """Every course completed long before it was due, except these."""
    return [fact(one.item_id, local(3), 100) for one in plan.items if one.item_id not in but]


# --- C1: the plan at its beginning ------------------------------------------------------------------------------------


def test_c1_negotiation_70_brings_the_online_course_and_the_role_play_workshop() -> None:
    gap = Reason(ReasonKind.GAP, "can_not_negotiate", "negotiation", 70)
    expected = TrainingPlan(
        employee_id=EMPLOYEE,
        role="sales",
        profile_of="aiview/itv-1",
        style=None,
        status=PlanStatus.ASSIGNED,
        starts_on=STARTS_ON,
        rules_version=1,
        catalogue_version=1,
        items=(
            item("orientation", STARTS_ON, date(2026, 3, 5), required("everyone")),
            item("product-knowledge", STARTS_ON, date(2026, 3, 16), required("for_sales")),
            item("product-basics", STARTS_ON, date(2026, 3, 30), required("for_sales")),
            item("negotiation", STARTS_ON, date(2026, 3, 23), gap),
            item("role-play", date(2026, 3, 24), date(2026, 3, 30), gap),
        ),
    )
    assert expected == NEGOTIATOR


def test_c1_data_analysis_65_brings_the_online_course_and_a_mentor() -> None:
    gap = Reason(ReasonKind.GAP, "can_not_analyse", "data_analysis", 65)
    assert made(("data_analysis", 65), role="marketing").items == (
        item("orientation", STARTS_ON, date(2026, 3, 5), required("everyone")),
        item("excel", STARTS_ON, date(2026, 3, 16), gap),
        item("market-report", date(2026, 3, 9), date(2026, 4, 13), gap),
    )


@pytest.mark.parametrize(("score", "answered"), [(75, True), (76, False)])
def test_c1_a_gap_is_answered_up_to_the_score_of_its_rule(score: int, answered: bool) -> None:
    plan = made(("negotiation", score))
    assert (plan.item("negotiation") is not None) is answered
    assert plan.unanswered == (() if answered else (Gap("negotiation", score),))


def test_c1_a_gap_that_no_rule_of_the_role_answers_is_said_to_be_unanswered() -> None:
    plan = made(("negotiation", 40), ("poetry", 10), role="marketing")
    assert [one.item_id for one in plan.items] == ["orientation"]
    assert plan.unanswered == (Gap("negotiation", 40), Gap("poetry", 10))


def test_c1_a_course_that_several_rules_name_is_one_item_due_first() -> None:
    rules = ruled(
        required=[
            {
                "id": "all",
                "why": texts("all"),
                "add": [assign("negotiation", 20), assign("negotiation", 4, 2)],
            }
        ]
    )
    gap = Reason(ReasonKind.GAP, "can_not_negotiate", "negotiation", 70)
    expected = replace(
        item("negotiation", date(2026, 3, 4), date(2026, 3, 6), required("all")),
        reasons=(required("all"), gap),
    )
    assert made(("negotiation", 70), rules=rules).item("negotiation") == expected


def test_c1_days_are_working_days_from_the_first_day_of_work_where_the_tenant_is() -> None:
    days_off = frozenset({date(2026, 3, 3), date(2026, 3, 4)})
    calendar = replace(
        CALENDAR, days=WorkCalendar(days_off=days_off, worked_weekends=frozenset({date(2026, 3, 7)}))
    )
    plan = make_plan(learner(), RULES, (1, 1), date(2026, 3, 3), PlanStatus.DRAFT, calendar)
    (orientation, *_) = plan.items
    assert (orientation.starts_on, orientation.due_on) == (date(2026, 3, 5), date(2026, 3, 9))
    assert orientation.due_at == local(9, 18)


# --- C4: warnings -----------------------------------------------------------------------------------------------------


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


# --- C4: HR decides ---------------------------------------------------------------------------------------------------

WARNED = reviewed(NEGOTIATOR, fact("negotiation", local(3), 10, 60), now=local(4)).plan
WARNING_ID = ids.warning_id(EMPLOYEE, "negotiation", "exam")
FRIDAY = local(6, 15)


def decided(
    plan: TrainingPlan, *proposals: str, now: datetime = FRIDAY, learnt: Mapping[str, Enrolment] | None = None
) -> tuple[TrainingPlan, tuple[Change, ...]]:
    return decide(plan, learnt or {}, WARNING_ID, proposals, RULES, CALENDAR, "hr:1", now)


def test_c4_accepting_adds_what_was_proposed_from_the_day_it_is_accepted() -> None:
    plan, changes = decided(WARNED, "clinic", "coach", "clinic")
    accepted = Decision(("clinic", "coach"), "hr:1", FRIDAY)

    def added(course: str, proposal: str, starts: date, due: date) -> PlanItem:
        reason = Reason(ReasonKind.WARNING, proposal, about="negotiation")
        return item(f"{course}~negotiation", starts, due, reason, FRIDAY)

    assert plan == replace(
        WARNED,
        items=(
            *WARNED.items,
            added("exam-clinic", "clinic", date(2026, 3, 9), date(2026, 3, 12)),
            added("offline-coaching", "coach", date(2026, 3, 6), date(2026, 3, 13)),
        ),
        warnings=(replace(WARNED.warnings[0], decision=accepted),),
    )
    assert plan.warnings[0].status is WarningStatus.ACCEPTED
    decision = {
        "warning_id": WARNING_ID,
        "item_id": "negotiation",
        "cause": EXAM,
        "proposals": ["clinic", "coach"],
        "times": 1,
        "note": None,
    }

    def change(course: str, proposal: str) -> Change:
        data = {"change": "added", "reason": ReasonKind.WARNING, "rule": proposal}
        return Change(CHANGED, {"item_id": f"{course}~negotiation", "course_id": course, **data}, "hr:1")

    assert changes == (
        Change(EventName.TRAINING_WARNING_DECIDED, decision, "hr:1"),
        change("exam-clinic", "clinic"),
        change("offline-coaching", "coach"),
    )
    for one in changes:
        DATA_MODELS[one.name].model_validate(one.data)


def test_c4_declining_adds_nothing_and_is_on_record() -> None:
    plan, changes = decided(WARNED)
    assert plan.items == WARNED.items
    assert [one.status for one in plan.warnings] == [WarningStatus.DECLINED]
    assert [(one.name, one.data["proposals"]) for one in changes] == [
        (EventName.TRAINING_WARNING_DECIDED, [])
    ]


@pytest.mark.parametrize("proposals", [(), ("coach",), ("coach", "clinic")])
def test_c4_the_same_decision_again_changes_nothing(proposals: tuple[str, ...]) -> None:
    plan, _ = decided(WARNED, *proposals)
    assert decided(plan, *reversed(proposals), now=LATER) == (plan, ())


@pytest.mark.parametrize(
    ("first", "then"), [((), ("coach",)), (("coach",), ()), (("coach",), ("coach", "clinic"))]
)
def test_c4_another_decision_is_a_conflict(first: tuple[str, ...], then: tuple[str, ...]) -> None:
    plan, _ = decided(WARNED, *first)
    with pytest.raises(Conflict) as refused:
        decided(plan, *then)
    status = WarningStatus.ACCEPTED if first else WarningStatus.DECLINED
    assert (refused.value.code, refused.value.params) == (Refusal.WARNING_NOT_OPEN, {"status": status})


@pytest.mark.parametrize("proposals", [(), ("coach",)])
def test_c4_a_warning_that_is_cleared_is_not_decided(proposals: tuple[str, ...]) -> None:
    plan = reviewed(decided(WARNED, *proposals)[0], fact("negotiation", local(5), 20, 70), now=FRIDAY).plan
    with pytest.raises(Conflict) as refused:
        decided(plan, *proposals)
    assert refused.value.params == {"status": WarningStatus.CLEARED}


@pytest.mark.parametrize("proposals", [("massage",), ("coach", "massage")])
def test_c4_only_what_was_proposed_can_be_accepted(proposals: tuple[str, ...]) -> None:
    with pytest.raises(DomainError) as refused:
        decided(WARNED, *proposals)
    assert (refused.value.code, refused.value.path) == (Refusal.PROPOSAL_UNKNOWN, "proposals")
    assert refused.value.params == {"proposal": "massage", "known": "coach, read_more, clinic"}


def test_c4_a_proposal_for_another_cause_or_course_was_not_made() -> None:
    plan = reviewed(NEGOTIATOR, fact("orientation", local(3), 10, 60), now=local(5, 18)).plan
    assert proposals_for(plan, about(plan, "orientation", COMPLETION), RULES) == ("coach", "read_more")
    assert proposals_for(plan, about(plan, "orientation", EXAM), RULES) == ("coach", "read_more")
    with pytest.raises(DomainError, match="clinic"):
        decide(
            plan, {}, about(plan, "orientation", EXAM).warning_id, ["clinic"], RULES, CALENDAR, "hr:1", FRIDAY
        )


def test_c4_there_is_no_such_warning() -> None:
    with pytest.raises(NotFound, match="wrn_x"):
        decide(WARNED, {}, "wrn_x", [], RULES, CALENDAR, "hr:1", FRIDAY)


def test_c4_one_course_answers_both_causes_and_is_added_once() -> None:
    plan = reviewed(NEGOTIATOR, fact("negotiation", local(3), 10, 60), now=LATER).plan
    for cause in (EXAM, COMPLETION):
        id_ = about(plan, "negotiation", cause).warning_id
        plan, changes = decide(plan, {}, id_, ["coach"], RULES, CALENDAR, "hr:1", LATER)
        added = [one.data["item_id"] for one in changes if one.name is CHANGED]
        assert added == (["offline-coaching~negotiation"] if cause is EXAM else [])
    assert Counter(one.course_id for one in plan.items)["offline-coaching"] == 1


def test_c4_a_warning_that_comes_back_is_decided_again() -> None:
    plan, _ = decided(WARNED, "coach")
    for day, exam in ((9, 85), (10, 50)):
        plan = reviewed(plan, fact("negotiation", local(day), 20, exam), now=local(day, 10)).plan
    assert about(plan, "negotiation", EXAM).status is WarningStatus.OPEN
    under_way, _ = decided(plan, "coach", now=local(10, 11))
    assert under_way.items == plan.items, "the same help is under way"
    coached = enrolled(plan, fact("offline-coaching~negotiation", local(8), 100))
    plan, changes = decided(plan, "coach", now=local(10, 11), learnt=coached)
    again = plan.item("offline-coaching~negotiation~2")
    assert again is not None, "help that was given once is given again"
    assert (again.course_id, again.reasons[0].about) == ("offline-coaching", "negotiation")
    assert [change.data.get("item_id") for change in changes] == ["negotiation", again.item_id]
    assert changes[0].data["times"] == 2


def test_c4_what_hr_added_is_watched_like_any_other() -> None:
    plan, _ = decided(WARNED, "coach")
    assert active(reviewed(plan, *all_done(NEGOTIATOR), now=local(13, 18)).plan) == {
        ("offline-coaching~negotiation", COMPLETION)
    }


# --- C5: the plan adapts ----------------------------------------------------------------------------------------------


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


# --- any order, any duplication, any batching -------------------------------------------------------------------------

COURSES = ("a", "b", "c", "d", "e")
END = local(30, 18)
_OFFSETS = [UTC, *(timezone(timedelta(minutes=minutes)) for minutes in (480, -660, 345))]
assignments = st.builds(assign, st.sampled_from(COURSES), st.integers(0, 9))


@st.composite
def rule_sets(draw: st.DrawFn) -> TrainingRules:
    """What everybody takes, and rules by which courses bring and take away one another."""
    progress = []
    for number in range(draw(st.integers(0, 4))):
        course = draw(st.sampled_from(COURSES))
        others = [one for one in COURSES if one != course]
        adds = draw(st.lists(st.builds(assign, st.sampled_from(others), st.integers(0, 9)), max_size=2))
        removes = draw(st.lists(st.sampled_from(others), max_size=2, unique=True))
        if adds or removes:
            reached = draw(st.sampled_from([5, 50, 80, 100]))
            told = {"course": course, "completion_at_least": reached, "add": adds, "remove": removes}
            progress.append({"id": f"p{number}", "why": texts("p"), **told})
    begins = draw(st.lists(assignments, min_size=1, max_size=3))
    required = [{"id": "begin", "why": texts("b"), "add": begins}]
    return ruled(required=required, gaps=[], progress=progress)


moments = st.builds(
    lambda hours, microseconds, zone: (
        local(1) + timedelta(hours=12 * hours, microseconds=microseconds)
    ).astimezone(zone),
    st.integers(0, 40),
    st.sampled_from([0, 1, 999, 1000, 1001]),
    st.sampled_from(_OFFSETS),
)
percents = st.none() | st.sampled_from(["0", "4.99", "50", "69.99", "70", "79.99", "80", "100"]).map(Decimal)
facts_told = st.builds(
    CourseProgressed,
    st.sampled_from([f"enr-{course}" for course in COURSES]),
    moments,
    percents,
    percents,
    st.none() | st.sampled_from([IMPROVED, "没有明显提升", "有所提升", "按时参加"]),
)
fact_lists = st.lists(facts_told, max_size=14)
MONTHS = (MonthlyPerformance("2026-03", Decimal(80), Decimal(100)),)
WEIGHTS = {"a": Decimal(2), "b": Decimal("0.5")}


class Followed:
    """A plan and its courses, facts taken in one by one and reviewed in between; every course is enrolled."""

    def __init__(self, rules: TrainingRules) -> None:
        self.rules = rules
        self.plan = made(rules=rules)
        self.enrolments = {
            course: Enrolment(EMPLOYEE, course, f"enr-{course}", local(30)) for course in COURSES
        }

    def told(self, one: CourseProgressed) -> None:
        course = one.enrolment_id.removeprefix("enr-")
        self.enrolments[course] = progressed(self.enrolments[course], one, rate)

    def reviewed(self, now: datetime) -> Reviewed:
        after = review_plan(self.plan, self.enrolments, self.rules, CALENDAR, now)
        self.plan = after.plan
        return after

    def scored(self) -> ProbationScore:
        return probation_score(self.plan, self.enrolments, WEIGHTS, MONTHS, POLICY, END)


@settings(max_examples=500)
@given(st.data(), rule_sets(), fact_lists)
def test_any_order_and_any_duplication_lead_to_the_same_plan_warnings_and_score(
    data: st.DataObject, rules: TrainingRules, facts: list[CourseProgressed]
) -> None:
    """... with reviews anywhere between the facts, of which the last sees all of them."""
    straight = Followed(rules)
    for one in facts:
        straight.told(one)
    expected = straight.reviewed(END)
    again = data.draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    order = data.draw(st.permutations([*facts, *again]), label="order")
    reviews = data.draw(
        st.lists(st.tuples(st.integers(0, len(order)), st.integers(0, 720)), max_size=5), label="reviews"
    )
    hours = sorted(hour for _, hour in reviews)
    between = list(zip(sorted(place for place, _ in reviews), hours, strict=True))
    crooked = Followed(rules)
    for place in range(len(order) + 1):
        for at, hour in between:
            if at == place:
                crooked.reviewed(min(END, local(1) + timedelta(hours=hour)))
        if place < len(order):
            crooked.told(order[place])
    ended = crooked.reviewed(END)
    assert crooked.enrolments == straight.enrolments
    assert ended.plan.items == expected.plan.items
    assert active(ended.plan) == active(expected.plan)
    assert ended.next_review_at == expected.next_review_at
    assert crooked.scored() == straight.scored()
    assert crooked.reviewed(END) == Reviewed(ended.plan, (), ended.next_review_at), (
        "the same again is no news"
    )


# --- one plan over its life -------------------------------------------------------------------------------------------


class AnyPlan(RuleBasedStateMachine):
    """A plan as it is stored, facts, time and HR, and everything that was ever told of it."""

    @initialize(rules=rule_sets(), coached=st.sampled_from(COURSES))
    def begins(self, rules: TrainingRules, coached: str) -> None:
        """``coached``: a proposal may be a course that the plan has, or may come to have, by itself."""
        proposals = [
            {"id": "coach", "name": texts("c"), "add": assign("coaching", 2)},
            {"id": "again", "name": texts("a"), "add": assign(coached, 1)},
            {"id": "clinic", "name": texts("e"), "causes": ["exam"], "add": assign("clinic", 0)},
        ]
        document = rules.model_dump(mode="json", by_alias=True)
        self.training_rules = TrainingRules.model_validate(
            {**document, "warnings": {**document["warnings"], "proposals": proposals}}
        )
        self.plans = TrainingPlans(MemoryTable(), OpenVault())
        self.begun = self.plan = made(rules=self.training_rules)
        self.now = local(2)
        self.enrolments: dict[str, Enrolment] = {}
        self.told: list[Change] = []
        self.seen: set[str] = set()
        self._enrolled()
        self._reviewed(())

    def _enrolled(self) -> None:
        for one in self.plan.items:
            fresh = Enrolment(EMPLOYEE, one.item_id, f"enr-{one.item_id}", one.due_at)
            self.enrolments.setdefault(one.item_id, fresh)

    def _reviewed(self, decided_changes: Sequence[Change], before: TrainingPlan | None = None) -> None:
        """As the use case does: reviewed, saved, and read back by whoever comes next."""
        before = before or self.plan
        after = review_plan(self.plan, self.enrolments, self.training_rules, CALENDAR, self.now)
        changes = [*decided_changes, *after.changes]
        for change in changes:
            DATA_MODELS[change.name].model_validate(change.data)
        self._told_of_every_item(before, after.plan, changes)
        self.told += changes
        self.known = dict(self.enrolments)
        self.next_review_at = after.next_review_at
        self.reviewed_at = self.now
        self.seen |= {one.item_id for one in after.plan.items}
        self.plans.save(
            replace(after.plan, version=before.version), changes, None, after.next_review_at, self.now
        )
        read = self.plans.get(EMPLOYEE)
        assert (read.plan.version, read.next_review_at) == (before.version + 1, after.next_review_at)
        assert _to_the_millisecond(after.plan) == replace(read.plan, version=before.version)
        again = review_plan(read.plan, self.enrolments, self.training_rules, CALENDAR, self.now)
        assert again == Reviewed(read.plan, (), after.next_review_at), "the same again is no news"
        self.plan = read.plan
        self._enrolled()

    @staticmethod
    def _told_of_every_item(before: TrainingPlan, after: TrainingPlan, changes: Sequence[Change]) -> None:
        def state(plan: TrainingPlan) -> dict[str, tuple[bool, date]]:
            return {one.item_id: (one.removed_by is None, one.due_on) for one in plan.items}

        was, became = state(before), state(after)
        changed = {id_: 1 for id_, one in became.items() if was.get(id_) != one}
        assert Counter(one.data["item_id"] for one in changes if one.name is CHANGED) == changed

    @rule(minutes=st.integers(1, 4000), microseconds=st.integers(0, 999_999))
    def time_passes(self, minutes: int, microseconds: int) -> None:
        self.now += timedelta(minutes=minutes, microseconds=microseconds)

    @rule()
    def the_next_review_is_due(self) -> None:
        if self.next_review_at is not None and self.next_review_at > self.now:
            self.now = self.next_review_at
        self._reviewed(())

    @rule(which=st.integers(0, 20), days=st.integers(-20, 0), percent=percents, exam=percents)
    def the_lms_tells(self, which: int, days: int, percent: Decimal | None, exam: Decimal | None) -> None:
        item_id = sorted(self.enrolments)[which % len(self.enrolments)]
        told = CourseProgressed(f"enr-{item_id}", self.now + timedelta(days=days), percent, exam)
        self.enrolments[item_id] = progressed(self.enrolments[item_id], told, rate)

    @rule()
    def it_is_reviewed(self) -> None:
        self._reviewed(())

    @rule(
        which=st.integers(0, 20),
        proposals=st.lists(st.sampled_from(["coach", "again", "clinic"]), max_size=2),
    )
    def hr_decides(self, which: int, proposals: list[str]) -> None:
        if not self.plan.warnings:
            return
        warned = self.plan.warnings[which % len(self.plan.warnings)]
        before = self.plan

        def decided(actor: str) -> tuple[TrainingPlan, tuple[Change, ...]]:
            return decide(
                self.plan,
                self.enrolments,
                warned.warning_id,
                proposals,
                self.training_rules,
                CALENDAR,
                actor,
                self.now,
            )

        if warned.status is not WarningStatus.OPEN:
            decision = warned.decision
            if decision and not warned.cleared_at and set(decision.proposals) == set(proposals):
                assert decided("hr:2") == (before, ())
            else:
                with pytest.raises(Conflict, match=warned.status):
                    decided("hr:2")
        elif not set(proposals) <= set(proposals_for(before, warned, self.training_rules)):
            with pytest.raises(DomainError, match="not among what was proposed"):
                decided("hr:1")
        else:
            self.plan, changes = decided("hr:1")
            assert decided("hr:2") == (self.plan, ()), "the same decision again is no news"
            self._reviewed(changes, before)

    @invariant()
    def a_course_warns_once_for_each_cause(self) -> None:
        heard: dict[str, list[EventName]] = {}
        for change in self.told:
            if change.name in (RAISED, CLEARED, RETURNED):
                heard.setdefault(change.data["warning_id"], []).append(change.name)
        for names_heard in heard.values():
            expected = [RAISED, *[CLEARED, RETURNED] * len(names_heard)]
            assert names_heard == expected[: len(names_heard)]
        assert {one.warning_id: one.times for one in self.plan.warnings} == {
            warning_id: 1 + names_heard.count(RETURNED) for warning_id, names_heard in heard.items()
        }

    @invariant()
    def what_is_active_held_at_the_last_review(self) -> None:
        held = {
            (one.item_id, cause)
            for one in self.plan.current
            for cause in Cause
            if cause_holds(
                one, self.known.get(one.item_id), cause, self.training_rules.warnings, self.reviewed_at
            )
        }
        assert active(self.plan) == held

    @invariant()
    def no_item_vanishes(self) -> None:
        assert {one.item_id for one in self.plan.items} == self.seen
        assert len(self.seen) == len(self.plan.items)

    @invariant()
    def what_hr_added_and_what_is_completed_is_not_taken_out(self) -> None:
        for one in self.plan.items:
            known = self.known.get(one.item_id)
            if one.reasons[0].kind is ReasonKind.WARNING or (known and known.completion_percent == 100):
                assert one.removed_by is None

    @invariant()
    def the_next_review_misses_no_due_date(self) -> None:
        to_come = [
            one.due_at
            for one in self.plan.current
            if one.due_at > self.reviewed_at
            and ((known := self.known.get(one.item_id)) is None or (known.completion_percent or 0) < 100)
        ]
        assert self.next_review_at == min(to_come, default=None)

    @invariant()
    def how_it_came_about_does_not_matter(self) -> None:
        """The plan as it began, with what HR added, reviewed once by what was known at the last review."""
        of_hr = tuple(one for one in self.plan.items if one.reasons[0].kind is ReasonKind.WARNING)
        once = replace(self.begun, items=(*self.begun.items, *of_hr))
        after = review_plan(once, self.known, self.training_rules, CALENDAR, self.reviewed_at)
        assert (after.plan.items, active(after.plan)) == (self.plan.items, active(self.plan))
        assert after.next_review_at == self.next_review_at


def _to_the_millisecond(plan: TrainingPlan) -> TrainingPlan:
    """What is kept of a plan's times."""

    def kept(at: datetime) -> datetime:
        return at - timedelta(microseconds=at.microsecond % 1000)

    warnings = (
        replace(
            one,
            raised_at=kept(one.raised_at),
            cleared_at=kept(one.cleared_at) if one.cleared_at else None,
            decision=replace(one.decision, at=kept(one.decision.at)) if one.decision else None,
        )
        for one in plan.warnings
    )
    items = (replace(one, since=kept(one.since)) for one in plan.items)
    return replace(plan, items=tuple(items), warnings=tuple(warnings))


TestAnyPlan = AnyPlan.TestCase
TestAnyPlan.settings = settings(max_examples=80, stateful_step_count=25)
