"""The order of facts does not matter, nor how often they are told or when the plan is reviewed in between."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.kernel.errors import Conflict, DomainError
from rencai.kernel.events import EventName
from rencai.training.rules.courses import Cause, Enrolment, progressed
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.plan import Change, ReasonKind, TrainingPlan, WarningStatus
from rencai.training.rules.probation import ProbationScore, probation_score
from rencai.training.rules.review import Reviewed, cause_holds, decide, proposals_for, review_plan
from rencai.training.rules.rules import TrainingRules
from rencai.training.store.plans import TrainingPlans
from rencai.wiring.events import DATA_MODELS
from tests.builders import EMPLOYEE
from tests.examples import examples
from tests.training.plan_builders import CHANGED, CLEARED, RAISED, RETURNED, active, ruled
from tests.training.training_builders import (
    CALENDAR,
    IMPROVED,
    POLICY,
    MemoryTable,
    OpenVault,
    assign,
    local,
    made,
    marked,
    rate,
    texts,
)

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
        self.enrolments[course] = progressed(self.enrolments[course], one, rate, marked)

    def reviewed(self, now: datetime) -> Reviewed:
        after = review_plan(self.plan, self.enrolments, self.rules, CALENDAR, now)
        self.plan = after.plan
        return after

    def scored(self) -> ProbationScore:
        return probation_score(self.plan, self.enrolments, WEIGHTS, MONTHS, POLICY, END)


@examples(500)
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
        self.enrolments[item_id] = progressed(self.enrolments[item_id], told, rate, marked)

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
TestAnyPlan.settings = examples(80, stateful_step_count=25)
