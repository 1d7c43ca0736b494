"""What is known of a person for the career ladder: courses taken, and what HR records (F3)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.career.rules.known import CareerRecord, ProjectDone, Source, Taken, career_record, courses_taken
from rencai.career.rules.refusals import CareerRefusal
from rencai.employees.rules.records import LearningRecord
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.kernel.errors import DomainError, Refusal
from rencai.training.rules.courses import Enrolment, Told
from rencai.training.rules.plan import PlanItem, PlanStatus, Reason, ReasonKind, TrainingPlan
from tests.career.career_builders import CATALOGUE, CATEGORY, LADDER, LAUNCH, LEVELS, ROLE, TODAY

NOON: Final = datetime(2026, 11, 22, 4, tzinfo=UTC)


# --- courses taken ----------------------------------------------------------------------------------------------------


def item(item_id: str, removed_by: str | None = None) -> PlanItem:
    reason = Reason(ReasonKind.REQUIRED, "everyone")
    return PlanItem(item_id, (reason,), TODAY, TODAY, NOON, NOON, removed_by)


def plan(*items: PlanItem) -> TrainingPlan:
    return TrainingPlan("emp_1", ROLE, "aiview/itv-1", None, PlanStatus.ASSIGNED, TODAY, 1, 1, items)


def enrolment(item_id: str, percent: int | None) -> Enrolment:
    told = Told(f"{percent:010.4f}", NOON) if percent is not None else None
    return Enrolment("emp_1", item_id, f"enr-{item_id}", NOON, told)


def learnt(course: str, percent: int) -> LearningRecord:
    return LearningRecord(course, Decimal(percent), None, None)


def test_courses_are_those_of_the_plan_and_of_earlier_systems_the_further_counts() -> None:
    planned = plan(
        item("basic-operations"),
        item("amazon-listing", "somebody_knows_it"),
        item("offline-coaching~basic-operations"),
        item("inventory-planning"),
    )
    enrolments = {
        one.item_id: one
        for one in (
            enrolment("basic-operations", 40),
            enrolment("amazon-listing", 90),
            enrolment("offline-coaching~basic-operations", None),
        )
    }
    records = [
        learnt("  基础运营 ", 85),
        learnt("LISTINGS on amazon", 10),
        learnt("amazon-advertising", 70),
        learnt("一门别的课", 100),
    ]
    assert courses_taken(planned, enrolments, records, CATALOGUE) == {
        "basic-operations": Taken(Decimal(85), Source.EARLIER_SYSTEM, enrolled=True),
        "amazon-listing": Taken(Decimal(90), Source.TRAINING, enrolled=True),
        "offline-coaching": Taken(None, Source.TRAINING, enrolled=True),
        "amazon-advertising": Taken(Decimal(70), Source.EARLIER_SYSTEM),
    }
    assert courses_taken(None, {}, [], CATALOGUE) == {}


@given(st.permutations([learnt("基础运营", 10), learnt("Basic operations", 85), learnt("战略运营", 5)]))
def test_the_order_of_what_earlier_systems_tell_makes_no_difference(records: list[LearningRecord]) -> None:
    found = courses_taken(None, {}, [*records, records[0]], CATALOGUE)
    assert {id_: one.completion for id_, one in found.items()} == {
        "basic-operations": 85,
        "strategic-operations": 5,
    }


# --- what HR records --------------------------------------------------------------------------------------------------


def recorded(**told: Any) -> CareerRecord:
    return career_record(LADDER, ROLE, CareerRecord(**told), TODAY)


@given(
    st.permutations([LAUNCH, CATEGORY]),
    st.lists(st.sampled_from(sorted(LADDER.skills))),
)
def test_a_record_has_one_form_in_whatever_order_it_was_told(
    projects: list[ProjectDone], skills: list[str]
) -> None:
    record = recorded(level="junior", skills=tuple(skills), projects=tuple(projects))
    assert record == CareerRecord("junior", tuple(sorted(set(skills))), (LAUNCH, CATEGORY))


SKILLS = (
    "product_listing, order_handling, customer_mail, product_selection, advertising, market_research, "
    "supply_chain, strategy"
)


@pytest.mark.parametrize(
    ("told", "code", "path", "params"),
    [
        (
            {"level": "chief"},
            CareerRefusal.LEVEL_UNKNOWN,
            "level",
            {"ladder": ROLE, "level": "chief", "known": tuple(LEVELS)},
        ),
        (
            {"skills": ("advertising", "juggling")},
            CareerRefusal.SKILL_UNKNOWN,
            "skills[1]",
            {"ladder": ROLE, "id": "juggling", "known": SKILLS.split(", ")},
        ),
        (
            {"projects": (replace(LAUNCH, kind="party"),)},
            CareerRefusal.SKILL_UNKNOWN,
            "projects[0].kind",
            {"ladder": ROLE, "id": "party", "known": ["launch", "small_category"]},
        ),
        (
            {"projects": (LAUNCH, replace(CATEGORY, project_id="P-1"))},
            CareerRefusal.PROJECT_REPEATED,
            "projects[1].project_id",
            {"project": "P-1"},
        ),
        (
            {"projects": (replace(LAUNCH, on=date(2026, 11, 23)),)},
            EmployeeRefusal.STILL_AHEAD,
            "projects[0].on",
            {"today": "2026-11-22"},
        ),
    ],
)
def test_what_the_ladder_does_not_have_is_refused(
    told: dict[str, Any], code: Refusal, path: str, params: dict[str, object]
) -> None:
    with pytest.raises(DomainError) as refused:
        recorded(**told)
    assert (refused.value.code, refused.value.path, refused.value.params) == (code, path, params)
