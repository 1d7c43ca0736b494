"""Plans drafted, assigned, enrolled for, reviewed and decided about (C1, C2, C4, C5), on a table in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from rencai import wiring
from rencai.domain import ids
from rencai.domain.configuration import ConfigurationKind, OnboardingKit
from rencai.domain.errors import Conflict, DomainError, LostRace, NotFound, VendorRefusal
from rencai.domain.events import EventName
from rencai.domain.performance import MonthlyPerformance
from rencai.domain.probation import ProbationPolicy
from rencai.domain.scoring import CompetencyScore, FacialPolicy, Profile
from rencai.domain.training import Enrolment
from rencai.domain.training_plan import (
    Decision,
    Gap,
    PlanStatus,
    TrainingPlan,
    WarningStatus,
    make_plan,
)
from rencai.domain.training_rules import CourseCatalogue, TrainingRules
from rencai.platform.consumer import Retry
from rencai.store.enrolments import Enrolments
from rencai.store.links import Links
from rencai.store.performances import Performances
from rencai.store.training_plans import Scored, TrainingPlans, note_key, plan_key
from rencai.training import Training, gaps_of
from tests.unit.builders import EMPLOYEE
from tests.unit.logs import logged
from tests.unit.training_builders import (
    CALENDAR,
    CATALOGUE,
    IMPROVED,
    POLICY,
    RULES,
    RULES_DOCUMENT,
    STARTS_ON,
    ZONE,
    KnownConfigurations,
    MemoryTable,
    OpenVault,
    RefusingLms,
    assign,
    fact,
    learner,
    local,
    rate,
    texts,
)
from training_enrolment.app import enrol
from training_plan import due
from training_plan.due import Looked, review_due

K = ConfigurationKind
CLEARED_AT = local(16, month=2)
"""Fourteen days before the first day of work."""
NEGOTIATOR = learner(("negotiation", 70))
EXAM_WARNING = ids.warning_id(EMPLOYEE, "negotiation", "exam")
MARCH = MonthlyPerformance("2026-03", Decimal(80), Decimal(100))


class Died(Exception):
    """The function ends here."""


@dataclass
class Office:
    """One tenant's training."""

    table: MemoryTable = field(default_factory=MemoryTable)
    lms: RefusingLms = field(default_factory=RefusingLms)

    def __post_init__(self) -> None:
        self.configurations = KnownConfigurations(
            course_catalogue=[CATALOGUE],
            training_rules=[RULES],
            probation_policy=[POLICY],
            onboarding_kit=[OnboardingKit(everyone=())],
        )
        vault = OpenVault()
        self.plans = TrainingPlans(self.table, vault)
        self.performances = Performances(self.table)
        self.enrolments = Enrolments(self.table, vault, Links(self.table), rate)
        self.training = Training(self.plans, self.performances, self.configurations, ZONE)

    def assigned(self) -> TrainingPlan:
        """The plan of who has to learn negotiating; enrolled, and nothing learnt so far."""
        plan = self.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
        self.enrols()
        self.table.told.clear()
        return plan

    def enrols(self, now: datetime = CLEARED_AT) -> None:
        enrol(EMPLOYEE, plans=self.plans, enrolments=self.enrolments, lms=self.lms, now=now)

    def tells(
        self, item_id: str, at: datetime, percent: Any = None, exam: Any = None, review: str | None = None
    ) -> None:
        self.enrolments.progress(fact(item_id, at, percent, exam, review), at)

    def warned(self) -> TrainingPlan:
        """HR has one open warning: the exam."""
        self.assigned()
        self.tells("negotiation", local(3), 10, 60)
        self.training.review(EMPLOYEE, local(3))
        self.table.told.clear()
        return self.plan()

    def decides(self, *proposals: str, reason: str | None = None, actor: str = "hr:1") -> None:
        self.training.decide(EMPLOYEE, EXAM_WARNING, proposals, reason, actor, local(4))

    def reviews(self, now: datetime) -> TrainingPlan | None:
        return self.training.review(EMPLOYEE, now)

    def edits(self, kind: ConfigurationKind, document: BaseModel) -> None:
        self.configurations.documents[kind].append(document)

    def plan(self) -> TrainingPlan:
        return self.plans.get(EMPLOYEE).plan

    def unchanged(self, act: Callable[[], object]) -> None:
        """Holds that nothing is written, nor told."""
        writes, told = self.table.writes, list(self.table.told)
        act()
        assert (self.table.writes, self.table.told) == (writes, told)

    def note(self) -> str | None:
        """Of the decision about the warning."""
        decision = self.plan().warnings[0].decision
        return decision.note if decision else None

    def why(self) -> str | None:
        note = self.note()
        return self.plans.explanation(EMPLOYEE, note) if note else None

    def changed_items(self) -> list[tuple[str, str]]:
        return [
            (data["change"], data["item_id"])
            for _, name, data in self.table.told
            if name == EventName.PLAN_CHANGED
        ]


@pytest.fixture
def office() -> Office:
    return Office()


def current(plan: TrainingPlan) -> list[str]:
    return [one.item_id for one in plan.current]


# --- draft ------------------------------------------------------------------------------------------------------------


def test_c1_the_gaps_are_the_measured_areas_to_improve() -> None:
    def score(id_: str, value: int | None) -> CompetencyScore:
        return CompetencyScore(id_, Decimal("0.25"), value, value)

    profile = Profile(
        role="sales",
        model_id="sales",
        model_version=1,
        facial_policy=FacialPolicy.IGNORE,
        overall=Decimal(80),
        overall_without_facial=Decimal(80),
        coverage=Decimal("0.75"),
        qualifies=True,
        competencies=(
            score("execution", 90),
            score("negotiation", 70),
            score("learning", None),
            score("empathy", 60),
        ),
        strengths=("execution",),
        improve=("empathy", "negotiation", "learning"),
        inputs_digest="d",
    )
    assert gaps_of(profile) == (Gap("negotiation", 70), Gap("empathy", 60))


def test_c1_a_candidate_can_expect_a_plan_that_nobody_is_told_of(office: Office) -> None:
    plan = office.training.draft(NEGOTIATOR, CLEARED_AT)
    expected = make_plan(NEGOTIATOR, RULES, (1, 1), STARTS_ON, PlanStatus.DRAFT, CALENDAR)
    assert plan == expected
    assert office.plan() == replace(expected, version=1)
    assert (office.table.told, office.plans.due(local(31), 10)) == ([], [])


def test_c1_the_first_day_is_a_working_day_where_the_tenant_is(office: Office) -> None:
    assert office.training.first_day(CLEARED_AT) == STARTS_ON
    assert office.training.first_day(local(13, 23, 59, month=2)) == date(2026, 2, 27), "a Friday"
    assert office.training.first_day(local(14, 0, 0, month=2)) == STARTS_ON, "the 28th is a Saturday"


def test_c1_the_same_draft_again_is_not_written(office: Office) -> None:
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    office.unchanged(lambda: office.training.draft(NEGOTIATOR, CLEARED_AT + timedelta(hours=3)))


def test_c1_a_draft_is_made_again_when_another_interview_counts(office: Office) -> None:
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    office.training.draft(replace(learner(), profile_of="aiview/itv-2"), CLEARED_AT)
    plan = office.plan()
    assert (plan.profile_of, plan.version, current(plan)) == (
        "aiview/itv-2",
        2,
        ["orientation", "product-knowledge", "product-basics"],
    )


def test_c1_a_draft_leaves_an_assigned_plan_alone(office: Office) -> None:
    office.assigned()
    office.unchanged(lambda: office.training.draft(learner(), CLEARED_AT))


def test_c1_a_draft_that_is_overtaken_by_the_onboarding_leaves_its_plan_alone(office: Office) -> None:
    office.table.before_put.append(lambda: office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT))
    plan = office.training.draft(learner(), CLEARED_AT)
    assert (plan.status, office.plan()) == (PlanStatus.ASSIGNED, plan)


# --- assign -----------------------------------------------------------------------------------------------------------


def test_c1_the_plan_is_assigned_once_and_its_dates_are_watched(office: Office) -> None:
    plan = office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    assert plan == make_plan(NEGOTIATOR, RULES, (1, 1), STARTS_ON, PlanStatus.ASSIGNED, CALENDAR)
    assert office.table.told == [(EMPLOYEE, "plan.assigned", {"role": "sales", "items": 5})]
    assert office.plans.get(EMPLOYEE).next_review_at == local(5, 18)
    office.unchanged(lambda: office.training.assign(learner(), date(2026, 4, 1), local(3)))


def test_c1_a_plan_is_assigned_by_the_rules_of_the_day(office: Office) -> None:
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    newer = TrainingRules.model_validate({**RULES_DOCUMENT, "required": []})
    office.edits(K.TRAINING_RULES, newer)
    plan = office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    assert (plan.rules_version, current(plan)) == (2, ["negotiation", "role-play"])
    assert office.plan() == replace(plan, version=2)


@pytest.mark.parametrize("course", ["role-play", "product-cases", "exam-clinic"])
def test_c1_no_plan_is_made_while_a_rule_names_a_course_the_catalogue_has_not(
    office: Office, course: str
) -> None:
    """... be it one that the plan begins with, may come to have, or that may be proposed."""
    courses = {id_: known for id_, known in CATALOGUE.courses.items() if id_ != course}
    office.edits(K.COURSE_CATALOGUE, CourseCatalogue(courses=courses))
    with pytest.raises(NotFound, match=f"course {course}"):
        office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    assert office.plans.find(EMPLOYEE) is None


def test_a_race_that_is_lost_twice_is_lost(office: Office) -> None:
    def others() -> None:
        office.plans.save(
            replace(office.plan(), style="visual" if office.plan().style is None else None),
            [],
            None,
            None,
            CLEARED_AT,
        )

    office.training.draft(NEGOTIATOR, CLEARED_AT)
    # Each of our tries is overtaken, and whoever overtakes is not.
    office.table.before_put.extend([others, lambda: None, others, lambda: None])
    with pytest.raises(LostRace):
        office.training.draft(learner(), CLEARED_AT)


# --- enrol ------------------------------------------------------------------------------------------------------------


def test_c2_a_new_employee_is_enrolled_for_every_item_of_the_plan(office: Office) -> None:
    plan = office.assigned()
    assert office.lms.asked == [
        (EMPLOYEE, one.item_id, one.due_at, f"{EMPLOYEE}/{one.item_id}", f"enrol-{EMPLOYEE}-{one.item_id}")
        for one in plan.items
    ]
    file = office.plans.get(EMPLOYEE)
    assert file.enrolments == {
        one.item_id: Enrolment(EMPLOYEE, one.item_id, f"enr-{one.item_id}", one.due_at, version=1)
        for one in plan.items
    }
    office.unchanged(office.enrols)
    assert len(office.lms.asked) == 5, "the LMS is not asked again"


def test_c2_a_course_that_the_lms_refuses_does_not_keep_the_others_back(office: Office) -> None:
    office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    office.lms.refuses = {"product-knowledge", "negotiation"}
    for _ in range(2):
        with pytest.raises(VendorRefusal, match="has no such course"):
            office.enrols()
    assert set(office.plans.get(EMPLOYEE).enrolments) == {"orientation", "product-basics", "role-play"}
    office.lms.refuses.clear()
    office.lms.asked.clear()
    office.enrols()
    assert [course for _, course, *_ in office.lms.asked] == ["product-knowledge", "negotiation"]


def test_c2_nobody_is_enrolled_by_a_draft(office: Office) -> None:
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    with pytest.raises(Retry, match="not assigned"):
        office.enrols()
    assert office.lms.asked == []


def test_c2_nobody_is_enrolled_without_a_plan(office: Office) -> None:
    with pytest.raises(NotFound, match="training plan"):
        office.enrols()


def test_c2_what_was_told_before_the_enrolment_was_on_record_is_taken_in(office: Office) -> None:
    office.training.assign(NEGOTIATOR, STARTS_ON, CLEARED_AT)
    for one in (fact("negotiation", local(3), 50), fact("negotiation", local(4), 60, 85, IMPROVED)):
        office.enrolments.keep(one, local(4))
    office.enrols(local(6))
    known = office.plans.get(EMPLOYEE).enrolments["negotiation"]
    assert (known.completion_percent, known.exam_score, known.rating) == (
        Decimal(60),
        Decimal(85),
        rate(IMPROVED),
    )
    assert known.reached_at(50) == local(3)
    assert office.enrolments.reviews(EMPLOYEE) == {"negotiation": IMPROVED}


def test_c2_a_claim_that_was_cut_short_is_finished_by_the_next_try(office: Office) -> None:
    office.training.assign(learner(role="support"), STARTS_ON, CLEARED_AT)
    office.enrolments.keep(fact("orientation", local(3), 50), local(4))
    office.enrolments.keep(fact("orientation", local(4), exam=85), local(4))

    def dies() -> None:
        raise Died

    # The link, the enrolment, the first fact; the second is cut off.
    office.table.before_put.extend([lambda: None] * 3 + [dies])
    with pytest.raises(Died):
        office.enrols(local(6))
    office.enrols(local(6))
    assert office.plans.get(EMPLOYEE).enrolments["orientation"].exam_score == 85


def test_c2_a_webhook_between_enrolling_and_claiming_loses_nothing_that_was_kept(office: Office) -> None:
    office.training.assign(learner(role="support"), STARTS_ON, CLEARED_AT)
    office.enrolments.keep(fact("orientation", local(3), exam=85), local(4))

    def dies() -> None:
        raise Died

    office.table.before_put.extend([lambda: None] * 2 + [dies])
    with pytest.raises(Died):
        office.enrols(local(6))
    office.tells("orientation", local(5), 50)
    office.enrols(local(6))
    assert office.plans.get(EMPLOYEE).enrolments["orientation"].exam_score == 85


# --- review -----------------------------------------------------------------------------------------------------------


def test_who_has_no_plan_or_a_draft_is_not_reviewed(office: Office) -> None:
    assert office.reviews(local(3)) is None
    office.training.draft(NEGOTIATOR, CLEARED_AT)
    office.unchanged(lambda: office.reviews(local(31)))
    assert office.reviews(local(31)) is None


def test_a_review_without_news_writes_nothing(office: Office) -> None:
    office.assigned()
    office.unchanged(lambda: office.reviews(local(3)))


def test_c4_c5_a_review_adapts_the_plan_warns_and_scores_in_one_write(office: Office) -> None:
    office.assigned()
    office.tells("product-knowledge", local(3), 80)
    office.tells("negotiation", local(3), 10, 60)
    office.table.told.clear()
    writes = office.table.writes
    plan = office.reviews(local(4))
    assert plan is not None
    assert current(plan) == ["orientation", "product-knowledge", "negotiation", "role-play", "product-cases"]
    assert office.table.writes == writes + 1

    def changed(item_id: str, change: str, rule_id: str) -> dict[str, Any]:
        return {
            "item_id": item_id,
            "course_id": item_id,
            "change": change,
            "reason": "progress",
            "rule": rule_id,
        }

    warned = {
        "warning_id": EXAM_WARNING,
        "item_id": "negotiation",
        "course_id": "negotiation",
        "cause": "exam",
        "value": 60.0,
        "threshold": 70.0,
        "times": 1,
    }
    assert office.table.told == [
        (EMPLOYEE, "plan.changed", changed("product-basics", "removed", "basics_known")),
        (EMPLOYEE, "plan.changed", changed("product-cases", "added", "cases")),
        (EMPLOYEE, "training.warning_raised", warned),
        (EMPLOYEE, "probation.scored", {"score": 60.0, "coverage": 0.3, "policy_version": 1}),
    ]
    file = office.plans.get(EMPLOYEE)
    assert file.scored == Scored(Decimal(60), Decimal("0.3"), 1)
    assert file.next_review_at == local(5, 18)
    office.unchanged(lambda: office.reviews(local(4)))


def test_c3_the_score_is_told_when_it_is_another(office: Office) -> None:
    office.assigned()
    assert office.performances.record(EMPLOYEE, MARCH, "hr:1", local(3))
    office.table.told.clear()
    office.reviews(local(3))
    office.unchanged(lambda: office.reviews(local(3)))
    office.tells("negotiation", local(4), 100, 85, IMPROVED)
    office.reviews(local(4))
    scores = [data for _, name, data in office.table.told if name == "probation.scored"]
    assert scores == [
        {"score": 80.0, "coverage": 0.7, "policy_version": 1},
        {"score": 84.2, "coverage": 1.0, "policy_version": 1},
    ]
    file = office.plans.get(EMPLOYEE)
    score, policy = office.training.score(file, local(4))
    assert (score.score, file.scored) == (Decimal("84.20"), Scored(Decimal("84.20"), Decimal(1), 1))
    assert (policy.version, policy.document) == (1, POLICY)


def test_c3_courses_weigh_what_the_catalogue_of_the_plan_says(office: Office) -> None:
    office.assigned()
    office.tells("orientation", local(3), 100, 100)
    office.tells("negotiation", local(3), 100, 85, IMPROVED)
    alike = {
        id_: course.model_copy(update={"weight": Decimal(1)}) for id_, course in CATALOGUE.courses.items()
    }
    office.edits(K.COURSE_CATALOGUE, CourseCatalogue(courses=alike))
    score, _ = office.training.score(office.plans.get(EMPLOYEE), local(4))
    assert score.training == Decimal("96.00"), "(2 x 94 + 100) / 3, whatever the catalogue says since"


def test_c3_another_policy_counts_from_the_next_review(office: Office) -> None:
    office.warned()
    halves = POLICY.model_copy(
        update={"training_weight": Decimal("0.5"), "performance_weight": Decimal("0.5")}
    )
    office.edits(K.PROBATION_POLICY, halves)
    office.reviews(local(4))
    assert office.table.told == [
        (EMPLOYEE, "probation.scored", {"score": 60.0, "coverage": 0.5, "policy_version": 2})
    ]


def test_c5_a_plan_is_reviewed_by_the_rules_that_made_it(office: Office) -> None:
    office.assigned()
    office.edits(K.TRAINING_RULES, TrainingRules.model_validate({**RULES_DOCUMENT, "progress": []}))
    office.tells("product-knowledge", local(3), 80)
    office.reviews(local(4))
    assert "product-cases" in current(office.plan())


def test_a_review_that_is_overtaken_sees_what_the_other_left(office: Office) -> None:
    office.assigned()
    office.tells("negotiation", local(3), 10, 60)

    def overtakes() -> None:
        office.tells("product-knowledge", local(3), 80)
        office.reviews(local(4))

    office.table.told.clear()
    # Ours comes to its write after the other's two.
    office.table.before_put.append(overtakes)
    office.reviews(local(4))
    assert office.table.names().count("training.warning_raised") == 1
    assert office.changed_items() == [("removed", "product-basics"), ("added", "product-cases")]


def test_a_review_that_is_slow_does_not_undo_what_a_faster_one_saw(office: Office) -> None:
    """The faster one found the plan as it should be, wrote nothing, and so did not stop the slow one."""
    office.assigned()
    office.tells("negotiation", local(3), exam=85)
    office.reviews(local(3))
    office.tells("negotiation", local(4), exam=60)

    def retaken_meanwhile() -> None:
        office.tells("negotiation", local(4, 10), exam=85)
        office.reviews(local(4, 10))

    office.table.before_put.append(retaken_meanwhile)
    office.reviews(local(4))
    assert [one.status for one in office.plan().warnings] in ([], [WarningStatus.CLEARED])


def test_c4_a_review_decided_again_does_not_clear_what_has_come_due_meanwhile(office: Office) -> None:
    office.training.assign(learner(role="support"), STARTS_ON, CLEARED_AT)
    office.enrols()
    office.tells("orientation", local(5, 17), exam=90)
    office.table.told.clear()
    office.table.before_put.append(lambda: office.reviews(local(5, 18)))
    office.reviews(local(5, 18) - timedelta(seconds=1))
    assert [name for name in office.table.names() if "warning" in name] == ["training.warning_raised"]


# --- decide -----------------------------------------------------------------------------------------------------------


def test_c4_accepting_adds_the_item_and_enrols(office: Office) -> None:
    office.warned()
    office.decides("coach", reason="电话沟通后决定")
    plan = office.plan()
    assert current(plan)[-1] == "offline-coaching~negotiation"
    assert plan.warnings[0].decision == Decision(("coach",), "hr:1", local(4), office.note())
    assert office.why() == "电话沟通后决定"
    added = {
        "item_id": "offline-coaching~negotiation",
        "course_id": "offline-coaching",
        "change": "added",
        "reason": "warning",
        "rule": "coach",
    }
    decision = {
        "warning_id": EXAM_WARNING,
        "item_id": "negotiation",
        "cause": "exam",
        "proposals": ["coach"],
        "times": 1,
        "note": office.note(),
    }
    assert office.table.told == [
        (EMPLOYEE, "training.warning_decided", decision),
        (EMPLOYEE, "plan.changed", added),
    ]
    office.lms.asked.clear()
    office.enrols()
    assert [(course, reference) for _, course, _, reference, _ in office.lms.asked] == [
        ("offline-coaching", f"{EMPLOYEE}/offline-coaching~negotiation")
    ]
    office.tells("offline-coaching~negotiation", local(5), 100)
    assert office.plans.get(EMPLOYEE).enrolments["offline-coaching~negotiation"].completion_percent == 100


def test_c4_declining_adds_nothing_and_enrols_nobody(office: Office) -> None:
    before = office.warned()
    office.decides()
    assert (office.plan().items, office.plan().warnings[0].status) == (before.items, WarningStatus.DECLINED)
    assert office.table.names() == ["training.warning_decided"]
    office.unchanged(office.enrols)


def test_c4_why_is_sealed_and_in_no_event(office: Office) -> None:
    office.warned()
    office.decides("coach", reason="家里有事,先辅导")
    assert office.why() == "家里有事,先辅导"
    assert office.plans.explanation(EMPLOYEE, "nte_of_nobody") is None
    kept = [office.table.get(plan_key(EMPLOYEE)), office.table.get(note_key(EMPLOYEE, str(office.note())))]
    for text in (repr(office.table.told), repr(kept)):
        assert "家里有事" not in text
        assert repr("家里有事".encode())[2:-1] not in text


@pytest.mark.parametrize("proposals", [(), ("coach",)])
def test_c4_decided_twice_the_same_is_decided_once(office: Office, proposals: tuple[str, ...]) -> None:
    office.warned()
    office.decides(*proposals, reason="first")
    office.unchanged(lambda: office.decides(*proposals, reason="second", actor="hr:2"))
    assert office.why() == "first"


def test_c4_decided_otherwise_is_a_conflict_and_changes_nothing(office: Office) -> None:
    office.warned()
    office.decides("coach")

    def otherwise() -> None:
        with pytest.raises(Conflict, match="'accepted'"):
            office.decides("read_more", reason="…")

    office.unchanged(otherwise)


def test_c4_what_was_not_proposed_changes_nothing(office: Office) -> None:
    office.warned()

    def unknown() -> None:
        with pytest.raises(DomainError, match="massage"):
            office.decides("massage", reason="…")

    office.unchanged(unknown)


def test_c4_who_has_no_plan_has_no_warning(office: Office) -> None:
    with pytest.raises(NotFound, match="training plan"):
        office.decides("coach")


def test_c4_a_decision_that_is_overtaken_by_a_review_is_decided_on_what_it_left(office: Office) -> None:
    office.warned()

    def overtakes() -> None:
        office.tells("product-knowledge", local(3), 80)
        office.reviews(local(4))

    office.table.before_put.append(overtakes)
    office.decides("coach")
    assert current(office.plan())[-2:] == ["offline-coaching~negotiation", "product-cases"]
    assert office.table.names().count("training.warning_decided") == 1


def test_c4_of_two_who_decide_at_once_one_is_told_that_it_was_decided(office: Office) -> None:
    office.warned()
    office.table.before_put.append(lambda: office.decides())
    with pytest.raises(Conflict, match="'declined'"):
        office.decides("coach", actor="hr:2")
    assert office.table.names() == ["training.warning_decided"]


def test_c4_why_is_the_reason_of_the_decision_that_counts(office: Office) -> None:
    office.warned()
    office.table.before_put.append(lambda: office.decides(reason="已自行补考,不需要辅导"))
    with pytest.raises(Conflict, match="'declined'"):
        office.decides("coach", reason="需要辅导", actor="hr:2")
    assert office.why() == "已自行补考,不需要辅导"


def test_c4_a_warning_whose_cause_is_known_to_be_gone_is_not_decided(office: Office) -> None:
    """The exam was passed; the review of it is still in its queue when HR decides."""
    office.warned()
    office.tells("negotiation", local(3, 12), 10, 85)
    with pytest.raises(Conflict, match="'cleared'"):
        office.decides("coach")


# --- due --------------------------------------------------------------------------------------------------------------


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


def test_c4_a_run_with_plans_it_could_not_review_is_an_error_of_the_function(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """... after the others were: it is what the alarm is made of."""
    onboarded(office, "emp_1", rules_version=9)
    onboarded(office, "emp_2")
    monkeypatch.setattr(wiring, "training_plans", lambda: office.plans)
    monkeypatch.setattr(wiring, "training", lambda: office.training)
    monkeypatch.setattr(wiring, "clock", lambda: local(5, 19))
    with logged() as log, pytest.raises(due.NotReviewed, match="1 plans"):
        due.handler({}, Context())
    assert warned_of(office) == ["emp_2"]
    assert {"message": "reviewed", "reviewed": 1, "failed": 1, "finished": True} in log.lines(
        "reviewed", "failed", "finished"
    )


# --- what the rules say about themselves ------------------------------------------------------------------------------


def test_every_course_that_a_rule_names_can_be_explained() -> None:
    assert RULES.why("can_not_negotiate").zh_cn == "can_not_negotiate"
    assert RULES.why("coach").text("zh-CN") == "线下辅导"
    with pytest.raises(KeyError):
        RULES.why("nobody")
    assert RULES.courses() <= set(CATALOGUE.courses)
    assert {"product-cases", "offline-coaching", "role-play", "negotiation"} <= RULES.courses()


def test_a_rule_and_a_proposal_have_different_ids() -> None:
    required = [{"id": "coach", "why": texts("x"), "add": [assign("orientation", 1)]}]
    with pytest.raises(ValueError, match="'coach' is the id of two"):
        TrainingRules.model_validate({**RULES_DOCUMENT, "required": required})


# --- the end of the probation -----------------------------------------------------------------------------------------


def test_c3_an_ended_probation_keeps_its_score_whatever_comes_later(office: Office) -> None:
    office.assigned()
    office.tells("product-knowledge", local(3), 100, 80)
    office.performances.record(EMPLOYEE, MARCH, "hr:1", local(31))
    office.reviews(local(31))
    over = local(2, 0, month=6)
    office.reviews(over - timedelta(seconds=1))
    running = office.plans.get(EMPLOYEE)
    assert running.scored is not None
    assert (running.scored.final, running.next_review_at) == (False, over)

    office.reviews(over)
    ended = office.plans.get(EMPLOYEE)
    assert ended.scored == replace(running.scored, final=True)
    assert ended.next_review_at is None
    assert EMPLOYEE not in office.plans.due(local(1, month=7), 10)
    office.edits(
        K.PROBATION_POLICY,
        ProbationPolicy(training_weight=Decimal(1), performance_weight=Decimal(0), months=6),
    )
    office.tells("negotiation", over + timedelta(days=1), 100, 20)
    office.performances.record(EMPLOYEE, replace(MARCH, score=Decimal(1)), "hr:1", over)
    office.table.told.clear()
    office.reviews(over + timedelta(days=2))
    later = office.plans.get(EMPLOYEE)
    assert later.scored == ended.scored
    shown, policy = office.training.score(later, over + timedelta(days=3))
    assert (shown.score, shown.coverage) == (ended.scored.score, ended.scored.coverage)
    assert policy.document == POLICY
    assert "probation.scored" not in [name for _, name, _ in office.table.told]
