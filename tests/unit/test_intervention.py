"""Interventions (F5): what is suggested, what was measured, what they came to, and the courses they bring."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.admin.configuration import InvalidConfiguration, read, store
from rencai.domain.configuration import ConfigurationKind, OnboardingKit
from rencai.domain.employee import Employee
from rencai.domain.errors import LANGUAGES, Conflict, DomainError, LostRace, NotFound, Refusal
from rencai.domain.intervention import (
    NO_CARD,
    Intervention,
    InterventionCatalogue,
    Measures,
    Outcome,
    changed,
    checked,
    closed,
    measures,
    raised,
    suggested,
)
from rencai.domain.performance import MonthlyPerformance
from rencai.domain.probation import Standing, probation_score
from rencai.domain.risk import (
    FallingPerformance,
    FrequentLeave,
    LongHours,
    RiskLevel,
    RiskPolicy,
    Signal,
    SignalKind,
    SurveyAnswered,
    make_card,
    measured,
)
from rencai.domain.signals import AttendanceWeek, Leave, LeaveKind, Survey, iso_week
from rencai.domain.training_plan import PlanStatus, Reason, ReasonKind, TrainingPlan, review_plan
from rencai.domain.training_rules import CourseCatalogue
from rencai.platform.consumer import Retry
from rencai.store.configurations import Configurations, Versioned
from rencai.store.interventions import Interventions
from rencai.store.performances import Performances
from rencai.store.training_plans import TrainingPlans
from rencai.training import Training, courses_of
from tests.unit.builders import EMPLOYEE
from tests.unit.shipped import SHIPPED, ShippedConfigurations
from tests.unit.training_builders import (
    CALENDAR,
    CATALOGUE,
    POLICY,
    RULES,
    STARTS_ON,
    ZONE,
    KnownConfigurations,
    MemoryTable,
    OpenVault,
    enrolled,
    fact,
    learner,
    local,
    made,
)
from training_plan.support import support

SHIPPED_POLICY = cast(RiskPolicy, SHIPPED[ConfigurationKind.RISK_POLICY, "default"])
ACTIONS = cast(InterventionCatalogue, SHIPPED[ConfigurationKind.INTERVENTION_CATALOGUE, "default"])
OPENED_ON = date(2026, 11, 23)
"""A Monday, the first day of week 48."""
FOUR_WEEKS_LATER = OPENED_ON + timedelta(days=28)
K = SignalKind


def weeks(hours: int, first: int, count: int = 4) -> list[AttendanceWeek]:
    return [AttendanceWeek(f"2026-W{number}", Decimal(hours), None) for number in range(first, first + count)]


def months(**scores: int | str) -> list[MonthlyPerformance]:
    """``m08=9`` is a 9 of 10 in August."""
    return [
        MonthlyPerformance(f"2026-{month[1:]}", Decimal(score), Decimal(10))
        for month, score in scores.items()
    ]


def sick(first: date, days: int) -> Leave:
    return Leave(f"QJ-{first}", LeaveKind.SICK, first, first + timedelta(days=days - 1), Decimal(days))


def survey(month: str, score: int) -> Survey:
    return Survey(month, (("load", score),))


BEFORE: dict[str, Any] = {
    "weeks": weeks(55, 44),
    "leave": [sick(date(2026, 11, 4), 2), sick(date(2026, 11, 17), 2)],
    "months": months(m08=9, m09=8, m10=6),
    "survey": survey("2026-11", 2),
    "words": SHIPPED_POLICY.words_in(["压力很大"]),
}
AFTER: dict[str, Any] = BEFORE | {
    "weeks": [*weeks(55, 44), *weeks(40, 48)],
    "months": [*BEFORE["months"], *months(m11=8)],
    "survey": survey("2026-12", 4),
    "words": (),
}


def card(today: date = FOUR_WEEKS_LATER, left_on: date | None = None, **facts: Any) -> bytes:
    told: dict[str, Any] = {"weeks": [], "leave": [], "months": [], "survey": None, "words": ()} | facts
    return make_card(
        told["weeks"], told["leave"], told["months"], told["survey"], told["words"], left_on, today
    )


def opened(facts: dict[str, Any] | None = None, policy: RiskPolicy = SHIPPED_POLICY) -> Intervention:
    """Opened from an alert that says what is raised by ``facts``."""
    before = card(OPENED_ON, **(BEFORE if facts is None else facts))
    judged = measured(policy, before, OPENED_ON)
    assert judged
    return Intervention(
        intervention_id="int_01ABC_20261122_1",
        alert_id="alr_01ABC_20261122",
        employee_id=EMPLOYEE,
        actions=("redistribute_work", "support_training"),
        owner="李经理",
        due_on=date(2026, 12, 21),
        opened_on=OPENED_ON,
        opened_at=datetime(2026, 11, 23, 1, tzinfo=UTC),
        opened_by="hr:1",
        level=judged.level,
        signals=judged.signals,
        before=measures(policy, before, OPENED_ON),
        policy_version=1,
        request="req-1",
        asked="digest",
    )


def ended(
    facts: dict[str, Any],
    intervention: Intervention | None = None,
    today: date = FOUR_WEEKS_LATER,
    left_on: date | None = None,
    policy: RiskPolicy = SHIPPED_POLICY,
) -> Intervention:
    now = datetime.combine(today, datetime.min.time(), UTC)
    told = card(today, left_on, **facts)
    return closed(intervention or opened(), policy, 2, told, left_on, "hr:2", "req-2", now, today)


def came_to(facts: dict[str, Any], *args: Any, **more: Any) -> tuple[Outcome, tuple[SignalKind, ...]]:
    closing = ended(facts, *args, **more).closing
    assert closing
    return closing.outcome, closing.not_measured


# --- the worked example -----------------------------------------------------------------------------------------------


def test_f5_less_hours_better_work_and_they_stay_is_worked() -> None:
    before = opened()
    assert (before.level, [signal.kind for signal in before.signals]) == (RiskLevel.RED, list(SignalKind))
    assert before.before == Measures(
        hours=Decimal(55),
        weeks=4,
        week="2026-W47",
        performance=Decimal(6),
        performance_month="2026-10",
        leave_times=2,
        leave_days=Decimal(4),
        survey_lowest=2,
        survey_words=("pressure",),
        survey_month="2026-11",
    )
    falling = next(signal for signal in before.signals if isinstance(signal, FallingPerformance))
    assert (falling.before, falling.after) == (Decimal(9), Decimal(6))
    after = ended(AFTER)
    assert after.closing
    assert after.closing.after == Measures(
        hours=Decimal(40),
        weeks=4,
        week="2026-W51",
        performance=Decimal(8),
        performance_month="2026-11",
        leave_times=0,
        leave_days=Decimal(0),
        survey_lowest=4,
        survey_words=(),
        survey_month="2026-12",
    )
    assert (after.closing.outcome, after.closing.signals, after.closing.not_measured) == (
        Outcome.WORKED,
        (),
        (),
    )
    assert (after.closing.policy_version, after.closing.actor) == (2, "hr:2")
    assert replace(after, closing=None) == before, "what it was opened with stays"


# --- what it came to --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left_on", [FOUR_WEEKS_LATER, OPENED_ON])
def test_f5_who_has_left_is_no_success_whatever_was_measured(left_on: date) -> None:
    assert came_to(AFTER, left_on=left_on)[0] is Outcome.LEFT


def test_f5_who_will_leave_tomorrow_is_still_here() -> None:
    assert came_to(AFTER, left_on=FOUR_WEEKS_LATER + timedelta(days=1))[0] is Outcome.WORKED


def test_f5_some_signals_gone_is_partly() -> None:
    facts = AFTER | {"weeks": [*weeks(55, 44), *weeks(52, 48)]}
    assert came_to(facts) == (Outcome.PARTLY, ())


def test_f5_the_same_as_before_has_not_worked() -> None:
    facts = {
        "weeks": weeks(55, 48),
        "leave": [sick(date(2026, 12, 2), 4)],
        "months": [*BEFORE["months"], *months(m11=5)],
        "survey": survey("2026-12", 1),
    }
    assert came_to(facts) == (Outcome.NOT_WORKED, ())


def test_f5_nothing_told_since_is_not_measured_and_no_success() -> None:
    """The old weeks, months and surveys have come out of the windows; that they raise nothing proves nothing."""
    today = date(2027, 3, 1)
    only = BEFORE | {"leave": []}
    assert raised(SHIPPED_POLICY, card(today, **only), today) == ()
    unknown = (K.LONG_HOURS, K.PERFORMANCE, K.SURVEY)
    assert came_to(only, opened(only), today=today) == (Outcome.NOT_WORKED, unknown)


def test_f5_one_signal_measured_and_gone_is_worked_and_the_others_are_named() -> None:
    today = date(2027, 3, 1)
    facts = BEFORE | {"leave": [], "weeks": [AttendanceWeek("2027-W08", Decimal(38), None)]}
    assert came_to(facts, opened(BEFORE | {"leave": []}), today=today) == (
        Outcome.WORKED,
        (K.PERFORMANCE, K.SURVEY),
    )


def test_f5_a_signal_that_only_old_figures_raise_is_in_the_way_and_named() -> None:
    facts = AFTER | {"months": BEFORE["months"]}
    assert came_to(facts, today=date(2026, 12, 28)) == (Outcome.PARTLY, (K.PERFORMANCE,))


def test_f5_leave_tells_after_a_week_though_nobody_tells_of_any() -> None:
    facts = {"leave": [sick(date(2026, 10, 25), 4)]}
    only = opened(facts)
    assert [signal.kind for signal in only.signals] == [K.LEAVE]
    for days, expected in ((6, (Outcome.NOT_WORKED, (K.LEAVE,))), (7, (Outcome.WORKED, ()))):
        assert came_to(facts, only, today=OPENED_ON + timedelta(days=days)) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # The week of the opening was not over, an earlier one that is told late was.
        (weeks(40, 48, 1), Outcome.WORKED),
        (weeks(40, 47, 1), Outcome.NOT_WORKED),
    ],
)
def test_f5_a_week_speaks_of_the_time_since_when_it_was_not_over(
    told: list[AttendanceWeek], expected: Outcome
) -> None:
    only = opened({"weeks": weeks(55, 44, 3)})
    assert came_to({"weeks": told}, only, today=date(2026, 12, 7))[0] is expected


def test_f5_what_is_raised_only_now_does_not_count() -> None:
    only = opened({"weeks": weeks(55, 44)})
    facts = {"weeks": weeks(40, 48), "survey": survey("2026-12", 1)}
    after = ended(facts, only)
    assert after.closing
    assert (after.closing.outcome, [one.kind for one in after.closing.signals]) == (
        Outcome.WORKED,
        [K.SURVEY],
    )


def test_f5_signals_that_make_no_level_are_still_raised() -> None:
    """A policy that needs two of them must not make one of them look gone."""
    two = SHIPPED_POLICY.model_copy(update={"levels": (SHIPPED_POLICY.levels[0],)})
    told = card(weeks=weeks(55, 48))
    assert measured(two, told, FOUR_WEEKS_LATER) is None
    assert [signal.kind for signal in raised(two, told, FOUR_WEEKS_LATER)] == [K.LONG_HOURS]


def test_f5_of_whom_nothing_was_told_nothing_is_measured() -> None:
    nothing = Measures(None, 0, None, None, None, 0, Decimal(0), None, (), None)
    assert measures(SHIPPED_POLICY, NO_CARD, OPENED_ON) == nothing
    assert card() == NO_CARD


def test_f5_closed_by_another_is_a_conflict_and_by_the_same_request_the_same() -> None:
    after = ended(AFTER)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    again = closed(after, SHIPPED_POLICY, 2, NO_CARD, None, "hr:2", "req-2", now, now.date())
    assert again == after
    with pytest.raises(Conflict) as refused:
        closed(after, SHIPPED_POLICY, 2, NO_CARD, None, "hr:3", "req-3", now, now.date())
    assert refused.value.code is Refusal.INTERVENTION_CLOSED


# --- any card ---------------------------------------------------------------------------------------------------------

_DAYS = st.integers(-100, 40).map(lambda days: OPENED_ON + timedelta(days=days))
_WEEKS = st.lists(
    st.builds(AttendanceWeek, _DAYS.map(iso_week), st.integers(0, 90).map(Decimal), st.none()),
    max_size=8,
    unique_by=lambda one: one.week,
)
_MONTHS = st.lists(
    st.builds(
        MonthlyPerformance,
        _DAYS.map(lambda day: f"{day:%Y-%m}"),
        st.none() | st.integers(0, 10).map(Decimal),
        st.just(Decimal(10)),
    ),
    max_size=4,
    unique_by=lambda one: one.month,
)
_LEAVE = st.lists(
    st.builds(
        Leave,
        st.uuids().map(str),
        st.sampled_from(LeaveKind),
        _DAYS,
        st.just(date(2027, 1, 1)),
        st.integers(1, 4).map(Decimal),
        st.booleans(),
    ),
    max_size=6,
)
_SURVEY = st.none() | st.builds(
    Survey,
    _DAYS.map(lambda day: f"{day:%Y-%m}"),
    st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(1, 5)), max_size=3).map(tuple),
)
_FACTS = st.fixed_dictionaries(
    {
        "weeks": _WEEKS,
        "leave": _LEAVE,
        "months": _MONTHS,
        "survey": _SURVEY,
        "words": st.sampled_from([(), ("pressure",), ("gone_rule", "pressure")]),
    }
)


@given(_FACTS, st.integers(0, 40))
def test_f5_what_is_measured_is_what_the_scan_sees(facts: dict[str, Any], days: int) -> None:
    today = OPENED_ON + timedelta(days=days)
    told = card(today, **facts)
    found = measures(SHIPPED_POLICY, told, today)
    for signal in raised(SHIPPED_POLICY, told, today):
        _holds(signal, found)


def _holds(signal: Signal, found: Measures) -> None:
    match signal:
        case LongHours():
            assert (signal.hours, signal.weeks) == (found.hours, found.weeks)
        case FallingPerformance():
            assert (signal.after, signal.month) == (found.performance, found.performance_month)
        case FrequentLeave():
            assert (signal.times, signal.days) == (found.leave_times, found.leave_days)
        case SurveyAnswered():
            assert (signal.lowest, signal.words, signal.month) == (
                found.survey_lowest,
                found.survey_words,
                found.survey_month,
            )


@given(_FACTS, st.integers(0, 40))
def test_f5_an_outcome_rests_on_what_was_told_since(facts: dict[str, Any], days: int) -> None:
    today = OPENED_ON + timedelta(days=days)
    before = opened()
    closing = ended(facts, before, today=today).closing
    assert closing
    kinds = {signal.kind for signal in before.signals}
    still = kinds & {signal.kind for signal in closing.signals}
    gone = kinds - still - set(closing.not_measured)
    expected = (Outcome.PARTLY if still else Outcome.WORKED) if gone else Outcome.NOT_WORKED
    assert closing.outcome is expected
    if days == 0:
        assert not gone & {K.LEAVE, K.LONG_HOURS}, "nothing of them can be told on the day itself"


# --- opening and changing ---------------------------------------------------------------------------------------------


def test_f5_actions_are_suggested_by_the_signals_they_suit() -> None:
    assert set(ACTIONS.actions) == {
        "redistribute_work",
        "support_training",
        "counselling",
        "comp_leave",
        "care_fund",
    }
    by_kind = {signal.kind: signal for signal in opened().signals}
    assert suggested(ACTIONS, by_kind.values())[0] == "counselling", "it suits three of them"
    assert set(suggested(ACTIONS, by_kind.values())) == set(ACTIONS.actions)
    assert suggested(ACTIONS, [by_kind[K.LONG_HOURS]]) == ("redistribute_work", "comp_leave")
    assert suggested(ACTIONS, []) == ()


def test_f5_the_shipped_actions_have_their_names_and_courses_there_are() -> None:
    assert [action.name.zh_cn for action in ACTIONS.actions.values()] == [
        "重新分配工作",
        "支持性培训",
        "心理辅导",
        "调休",
        "关爱基金",
    ]
    assert all(action.about.text(language) for action in ACTIONS.actions.values() for language in LANGUAGES)
    assert ACTIONS.courses(["comp_leave", "support_training", "gone"]) == (
        "stress-management",
        "goal-execution",
    )
    known = ShippedConfigurations().course_catalogue().document.courses
    assert {course for _, course in ACTIONS.named_courses()} <= known.keys()


def test_f5_only_actions_of_the_catalogue_and_days_to_come() -> None:
    actions = ("comp_leave", "counselling", "comp_leave")
    assert checked(ACTIONS, actions, OPENED_ON, OPENED_ON) == ("comp_leave", "counselling")
    with pytest.raises(DomainError) as refused:
        checked(ACTIONS, ["comp_leave", "massage"], OPENED_ON, OPENED_ON)
    assert (refused.value.code, refused.value.path) == (Refusal.ACTION_UNKNOWN, "actions[1]")
    assert refused.value.params == {"action": "massage", "known": ", ".join(ACTIONS.actions)}
    with pytest.raises(DomainError) as refused:
        checked(ACTIONS, ["comp_leave"], OPENED_ON - timedelta(days=1), OPENED_ON)
    assert (refused.value.code, refused.value.path) == (Refusal.DUE_IN_THE_PAST, "due_on")


def test_f5_what_stays_as_it_is_is_not_checked_again() -> None:
    """An action may have gone from the catalogue and the due date have passed: the owner can change all the same."""
    late = opened().due_on + timedelta(days=3)
    without = ACTIONS.model_copy(update={"actions": {"comp_leave": ACTIONS.actions["comp_leave"]}})
    after = changed(opened(), without, ["support_training", "comp_leave"], "王主管", opened().due_on, late)
    assert after == replace(opened(), actions=("support_training", "comp_leave"), owner="王主管")
    assert changed(opened(), without, None, None, None, late) == opened()
    with pytest.raises(DomainError) as refused:
        changed(opened(), without, ["care_fund"], None, None, late)
    assert refused.value.code is Refusal.ACTION_UNKNOWN
    with pytest.raises(DomainError) as refused:
        changed(opened(), without, None, None, late - timedelta(days=1), late)
    assert refused.value.code is Refusal.DUE_IN_THE_PAST
    with pytest.raises(Conflict) as conflict:
        changed(ended(AFTER), ACTIONS, None, "王主管", None, late)
    assert conflict.value.code is Refusal.INTERVENTION_CLOSED


def test_an_action_whose_course_the_catalogue_does_not_have_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "intervention_catalogue"
    folder.mkdir()
    file = folder / "default.yaml"
    shipped = Path(__file__).parents[2] / "infra" / "defaults" / "intervention_catalogue" / "default.yaml"
    file.write_text(shipped.read_text().replace("stress-management", "yoga"))
    with pytest.raises(InvalidConfiguration) as refused:
        store(read(file), ShippedConfigurations(), datetime(2026, 11, 23, tzinfo=UTC), actor="test")
    missing = "action 'support_training': there is no course 'yoga' in course_catalogue/default version 1"
    assert refused.value.errors == (f"{file}: {missing}; add it there first, or name another",)


def test_a_course_that_an_action_names_stays_in_the_catalogue(tmp_path: Path) -> None:
    folder = tmp_path / "course_catalogue"
    folder.mkdir()
    file = folder / "default.yaml"
    shipped = Path(__file__).parents[2] / "infra" / "defaults" / "course_catalogue" / "default.yaml"
    file.write_text(shipped.read_text().replace("  stress-management:", "  yoga:"))
    with pytest.raises(InvalidConfiguration) as refused:
        store(read(file), ShippedConfigurations(), datetime(2026, 11, 23, tzinfo=UTC), actor="test")
    assert refused.value.errors[-1] == (
        f"{file}: course 'stress-management' is gone, and action 'support_training' of "
        "intervention_catalogue/default version 1 names it; keep the course, or take it out of the actions first"
    )


# --- the courses of an intervention -----------------------------------------------------------------------------------

FIRST = "int_01ABC_20260310_1"
DUE_ON = date(2026, 3, 27)
COURSES = ("offline-coaching", "product-basics")
WORKER = Employee(EMPLOYEE, "王五", "sales", "上海", STARTS_ON, local(2))


class Office:
    """One tenant's training; the catalogue has gained a course since the plan was made."""

    def __init__(self) -> None:
        self.table = MemoryTable()
        self.configurations = KnownConfigurations(
            course_catalogue=[CATALOGUE],
            training_rules=[RULES],
            probation_policy=[POLICY],
            onboarding_kit=[OnboardingKit(everyone=())],
        )
        self.plans = TrainingPlans(self.table, OpenVault())
        self.performances = Performances(self.table)
        self.training = Training(self.plans, self.performances, self.configurations, ZONE)

    def assigned(self) -> TrainingPlan:
        return self.training.assign(learner(("negotiation", 70)), STARTS_ON, local(2))

    def supports(self, *courses: str, employee: Employee = WORKER, about: str = FIRST) -> bool:
        return self.training.support(employee, courses or COURSES, about, DUE_ON, "hr:1", local(10))

    def plan(self) -> TrainingPlan:
        return self.plans.get(EMPLOYEE).plan

    def help(self) -> list[str]:
        return [item.item_id for item in self.plan().items if item.is_help]


@pytest.fixture
def office() -> Office:
    return Office()


def test_f5_the_courses_of_an_intervention_come_into_the_plan(office: Office) -> None:
    before = office.assigned()
    newer = CourseCatalogue(courses={**CATALOGUE.courses, "calm": CATALOGUE.courses["extra-material"]})
    office.configurations.documents[ConfigurationKind.COURSE_CATALOGUE].append(newer)
    office.table.told.clear()
    assert office.supports("calm", "product-basics")
    plan = office.plan()
    (added,) = plan.items[len(before.items) :]
    assert added.reasons == (Reason(ReasonKind.SUPPORT, FIRST),)
    assert (added.item_id, added.course_id) == (f"calm~{FIRST}", "calm")
    assert (added.starts_on, added.due_on, added.due_at) == (date(2026, 3, 10), DUE_ON, local(27, 18))
    assert courses_of(plan, office.configurations)[added.item_id] == newer.courses["calm"]
    data = {
        "item_id": added.item_id,
        "course_id": "calm",
        "change": "added",
        "reason": "support",
        "rule": FIRST,
    }
    changes = [(name, data) for _, name, data in office.table.told if name == "plan.changed"]
    assert changes == [("plan.changed", data)]


def test_f5_the_same_again_adds_nothing_and_another_intervention_only_what_is_not_there(
    office: Office,
) -> None:
    office.assigned()
    assert office.supports()
    writes, told = office.table.writes, list(office.table.told)
    assert office.supports()
    assert (office.table.writes, office.table.told) == (writes, told)
    assert office.supports(*COURSES, "extra-material", about="int_01ABC_20260310_2")
    assert office.help() == [
        f"offline-coaching~{FIRST}",
        "extra-material~int_01ABC_20260310_2",
    ]


def test_f5_what_helps_counts_for_nothing_in_the_probation_and_stays(office: Office) -> None:
    before = office.assigned()
    office.supports()
    plan = office.plan()
    item_id = f"offline-coaching~{FIRST}"
    learnt = enrolled(plan, fact("negotiation", local(12), 100, 85), fact(item_id, local(12), 10, 5))
    scores = [
        probation_score(
            one, learnt, {}, [MonthlyPerformance("2026-03", Decimal(8), Decimal(10))], POLICY, local(31)
        )
        for one in (before, plan)
    ]
    assert scores[1].courses[-1].standing is Standing.HELP
    assert replace(scores[1], courses=scores[1].courses[:-1]) == scores[0]
    # A rule takes offline coaching out of the plan of who can negotiate.
    reviewed = review_plan(plan, learnt, RULES, CALENDAR, local(31)).plan
    assert [one.removed_by for one in reviewed.items if one.item_id in ("role-play", item_id)] == [
        "seasoned",
        None,
    ]


def test_f5_who_came_without_a_plan_gets_one_of_these_courses_only(office: Office) -> None:
    assert office.supports()
    plan = office.plan()
    assert (plan.status, plan.role, plan.profile_of, plan.unanswered) == (
        PlanStatus.ASSIGNED,
        "sales",
        "",
        (),
    )
    assert [item.course_id for item in plan.items] == list(COURSES)
    assert office.table.names() == ["plan.assigned", "plan.changed", "plan.changed"]
    assert office.table.told[0][2] == {"role": "sales", "items": 2}
    writes = office.table.writes
    assert office.supports()
    assert office.table.writes == writes


def test_f5_a_probation_that_was_over_before_is_not_scored_now(office: Office) -> None:
    long_here = replace(WORKER, starts_on=date(2020, 1, 6))
    month = MonthlyPerformance("2020-02", Decimal(80), Decimal(100))
    office.performances.record(EMPLOYEE, month, "import", local(2))
    office.table.told.clear()
    assert office.supports(employee=long_here)
    office.training.review(EMPLOYEE, local(31))
    assert "probation.scored" not in office.table.names()
    scored = office.plans.get(EMPLOYEE).scored
    assert scored
    assert (scored.score, scored.final) == (None, True)


def test_f5_a_draft_waits_until_it_is_assigned(office: Office) -> None:
    office.training.draft(learner(), local(2))
    assert not office.supports()
    assert office.plan().status is PlanStatus.DRAFT


def test_f5_a_course_that_nobody_knows_is_not_passed_over(office: Office) -> None:
    office.assigned()
    with pytest.raises(NotFound, match="course yoga"):
        office.supports("offline-coaching", "yoga")
    assert office.help() == []


@pytest.mark.parametrize("has_plan", [True, False])
def test_f5_two_at_once_add_it_once(office: Office, has_plan: bool) -> None:
    if has_plan:
        office.assigned()
    office.table.before_put.append(lambda: office.supports())
    assert office.supports()
    assert office.help().count(f"offline-coaching~{FIRST}") == 1


def test_f5_overtaken_twice_is_for_the_queue(office: Office) -> None:
    office.assigned()

    def overtaken() -> None:
        raise LostRace

    office.table.before_put.extend([overtaken, overtaken])
    with pytest.raises(LostRace):
        office.supports()
    assert office.supports()
    assert office.help() == [f"offline-coaching~{FIRST}"]


def test_f5_a_plan_made_with_support_is_read_as_it_was_written(office: Office) -> None:
    office.assigned()
    office.supports()
    versions = {item.item_id: item.catalogue_version for item in office.plan().items}
    assert versions[f"offline-coaching~{FIRST}"] == 1
    assert {version for id_, version in versions.items() if "~" not in id_} == {None}
    plain = made(("negotiation", 70))
    assert courses_of(plain, office.configurations).keys() == {item.item_id for item in plain.items}
    assert CALENDAR.days.is_working(DUE_ON)


# --- the consumer -----------------------------------------------------------------------------------------------------


class _Kept:
    """An intervention and its employee on record."""

    def __init__(self, intervention: Intervention, employee: Employee | None = WORKER) -> None:
        self._intervention = intervention
        self._employee = employee

    def get(self, id_: str) -> Any:
        return self._intervention if id_ == self._intervention.intervention_id else self._employee


class _Actions:
    @staticmethod
    def intervention_catalogue() -> Versioned[InterventionCatalogue]:
        action = ACTIONS.actions["support_training"].model_copy(update={"courses": COURSES})
        actions = {**ACTIONS.actions, "support_training": action}
        return Versioned("default", 1, ACTIONS.model_copy(update={"actions": actions}))


def acts(office: Office, intervention: Intervention, employee: Employee | None = WORKER) -> None:
    kept = _Kept(intervention, employee)
    support(
        intervention.intervention_id,
        interventions=cast(Interventions, kept),
        employees=cast(Any, kept),
        configurations=cast(Configurations, _Actions()),
        training=office.training,
        now=local(10),
    )


def test_f5_support_training_enrols_and_the_other_actions_do_not(office: Office) -> None:
    office.assigned()
    acts(office, replace(opened(), actions=("comp_leave",)))
    assert office.help() == []
    for _ in range(2):
        acts(office, opened())
    assert office.help() == [f"offline-coaching~{opened().intervention_id}"]


def test_f5_what_is_closed_brings_no_courses_any_more(office: Office) -> None:
    office.assigned()
    acts(office, ended(AFTER))
    assert office.help() == []


def _nobody(office: Office) -> None:
    acts(office, opened(), None)


def _drafted(office: Office) -> None:
    office.training.draft(learner(), local(2))
    acts(office, opened())


@pytest.mark.parametrize(("act", "error"), [(_nobody, NotFound), (_drafted, Retry)])
def test_f5_what_cannot_be_done_yet_is_tried_again(
    office: Office, act: Callable[[Office], None], error: type[Exception]
) -> None:
    with pytest.raises(error):
        act(office)
