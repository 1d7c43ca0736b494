"""Training plans against moto's table: races, who is listed as due and as warned about, sizes, sealed reasons."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.relay.relay import told_by
from rencai.inbox.links import Links
from rencai.kernel import ids
from rencai.kernel.errors import DomainError, LostRace, NotFound
from rencai.kernel.events import EventName
from rencai.store.sealed import Vault
from rencai.store.table import Table, from_item
from rencai.training.rules.courses import Cause, Enrolment
from rencai.training.rules.plan import (
    Change,
    Decision,
    Gap,
    PlanItem,
    PlanStatus,
    Reason,
    ReasonKind,
    TrainingPlan,
    Warned,
)
from rencai.training.store.enrolments import Enrolments
from rencai.training.store.plans import Scored, TrainingFile, TrainingPlans, note_key, plan_key
from tests.bench.capacity import item_size
from tests.builders import EMPLOYEE
from tests.keyed import IDS
from tests.training.training_builders import fact, local, made, rate

TABLE = "rencai-test"
NOW = local(3)
PLAN = replace(made(("negotiation", 70), ("poetry", 50), style="visual"), role="sales")
OPEN = Warned("wrn_1", "negotiation", Cause.EXAM, NOW)
ACCEPTED = replace(OPEN, decision=Decision(("coach",), "hr:1", NOW))
CLEARED = replace(ACCEPTED, cleared_at=NOW, times=2)
SCORED = Scored(Decimal("84.20"), Decimal("0.30"), 3)


@pytest.fixture
def plans(dynamodb: Any, vault: Vault) -> TrainingPlans:
    return TrainingPlans(Table(dynamodb, TABLE), vault)


@pytest.fixture
def enrolments(dynamodb: Any, vault: Vault) -> Enrolments:
    table = Table(dynamodb, TABLE)
    return Enrolments(table, vault, Links(table), rate, IDS)


def saved(
    plans: TrainingPlans,
    *warnings: Warned,
    review_at: datetime | None = None,
    employee_id: str = EMPLOYEE,
    status: PlanStatus = PlanStatus.ASSIGNED,
    plan: TrainingPlan = PLAN,
) -> None:
    """The plan as the next version of what is on record."""
    found = plans.find(employee_id)
    version = found.plan.version if found else 0
    after = replace(plan, employee_id=employee_id, warnings=warnings, status=status, version=version)
    plans.save(after, [], None, review_at, NOW)


# --- one plan ---------------------------------------------------------------------------------------------------------


def test_c1_a_plan_reads_back_with_its_courses(plans: TrainingPlans, enrolments: Enrolments) -> None:
    assert plans.find(EMPLOYEE) is None
    plan = replace(
        PLAN,
        warnings=(OPEN, replace(CLEARED, warning_id="wrn_2", cause=Cause.COMPLETION)),
        items=(replace(PLAN.items[0], removed_by="seasoned"), *PLAN.items[1:]),
    )
    plans.save(plan, [], SCORED, local(5, 18), NOW)
    for course in ("negotiation", "offline-coaching~negotiation"):
        enrolments.open(Enrolment(EMPLOYEE, course, f"enr-{course}", local(23, 18)))
    enrolments.progress(fact("negotiation", NOW, 50, 60, "没有明显提升"), NOW)
    enrolments.open(Enrolment("emp_02", "negotiation", "enr-other", local(23, 18)))
    courses = {
        course: enrolments.find(EMPLOYEE, course)
        for course in ("negotiation", "offline-coaching~negotiation")
    }
    expected = TrainingFile(replace(plan, version=1), courses, SCORED, local(5, 18), NOW)  # type: ignore[arg-type]  # both are there
    found = plans.get(EMPLOYEE)
    assert found == expected
    assert [item.dated_by for item in found.plan.items] == [item.dated_by for item in plan.items]
    assert courses["negotiation"] is not None
    assert courses["negotiation"].version == 2


def test_a_plan_without_anything_more_reads_back(plans: TrainingPlans) -> None:
    plan = replace(PLAN, items=(), unanswered=(), style=None, status=PlanStatus.DRAFT)
    plans.save(plan, [], Scored(None, Decimal(0), 0), None, NOW)
    assert plans.get(EMPLOYEE) == TrainingFile(
        replace(plan, version=1), {}, Scored(None, Decimal(0), 0), None, NOW
    )


def test_courses_without_a_plan_are_no_plan(plans: TrainingPlans, enrolments: Enrolments) -> None:
    enrolments.open(Enrolment(EMPLOYEE, "negotiation", "enr-1", local(23, 18)))
    assert plans.find(EMPLOYEE) is None
    with pytest.raises(NotFound, match=f"training plan {EMPLOYEE}"):
        plans.get(EMPLOYEE)


def test_more_courses_than_a_page_has_are_all_read(plans: TrainingPlans, enrolments: Enrolments) -> None:
    saved(plans)
    for number in range(120):
        enrolments.open(Enrolment(EMPLOYEE, f"course-{number}", f"enr-{number}", local(23, 18)))
    assert set(plans.get(EMPLOYEE).enrolments) == {f"course-{number}" for number in range(120)}


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_of_two_who_read_the_same_one_writes(plans: TrainingPlans, writes: int) -> None:
    for _ in range(writes):
        saved(plans)
    read = replace(PLAN, version=writes)
    plans.save(replace(read, role="marketing"), [], None, None, NOW)
    with pytest.raises(LostRace):
        plans.save(read, [Change(EventName.PLAN_ASSIGNED, {"role": "sales", "items": 0})], SCORED, None, NOW)
    assert plans.get(EMPLOYEE).plan == replace(PLAN, role="marketing", version=writes + 1)


def test_events_ride_on_the_write_they_belong_to_and_on_no_other(plans: TrainingPlans, dynamodb: Any) -> None:
    decision = {"warning_id": "wrn_1", "item_id": "a", "cause": "exam", "proposals": [], "times": 1}
    scored = {"score": 84.2, "coverage": 0.3, "policy_version": 3}
    changes = [
        Change(EventName.TRAINING_WARNING_DECIDED, decision, "hr:1"),
        Change(EventName.PROBATION_SCORED, scored),
    ]
    plans.save(PLAN, changes, SCORED, None, NOW)
    (image,) = dynamodb.scan(TableName=TABLE)["Items"]
    told = [
        (subject.id, event.id, event.name, event.data, event.actor, event.at)
        for subject, event in told_by({"dynamodb": {"NewImage": image}})
    ]
    assert told == [
        (EMPLOYEE, "evt_01ABC_plan_1_0", "training.warning_decided", decision, "hr:1", NOW),
        (EMPLOYEE, "evt_01ABC_plan_1_1", "probation.scored", scored, "rencai", NOW),
    ]
    saved(plans)
    (image,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert "events" not in image


# --- who is due, who is warned about ----------------------------------------------------------------------------------


def listed(plans: TrainingPlans) -> tuple[list[str], list[str]]:
    """Who is due by the end of time, and who is warned about."""
    files, following = plans.warned(10, None)
    assert following is None
    return plans.due(datetime(9000, 1, 1, tzinfo=NOW.tzinfo), 10), [file.plan.employee_id for file in files]


def test_c4_a_plan_is_listed_by_what_is_to_come_and_by_its_open_warnings(plans: TrainingPlans) -> None:
    """Each transition after the other, of one plan."""
    me = [EMPLOYEE]
    saved(plans, status=PlanStatus.DRAFT, review_at=local(5, 18))
    assert listed(plans) == ([], []), "a draft is nobody's to look at"
    saved(plans, review_at=local(5, 18))
    assert listed(plans) == (me, [])
    saved(plans, OPEN, review_at=local(16, 18))
    assert listed(plans) == (me, me)
    saved(plans, ACCEPTED, review_at=local(16, 18))
    assert listed(plans) == (me, [])
    saved(plans, ACCEPTED, replace(OPEN, warning_id="wrn_2", cause=Cause.COMPLETION))
    assert listed(plans) == ([], me), "nothing more comes due, and HR has not decided"
    saved(plans, ACCEPTED, replace(CLEARED, warning_id="wrn_2", cause=Cause.COMPLETION))
    assert listed(plans) == ([], []), "nothing more is to come"
    saved(plans, replace(OPEN, times=2), review_at=local(30, 18))
    assert listed(plans) == (me, me)


def test_c4_the_longest_due_are_found_first_whether_warned_about_or_not(plans: TrainingPlans) -> None:
    for number in range(6):
        warnings = (OPEN,) if number % 2 else ()
        saved(plans, *warnings, review_at=local(20 - number), employee_id=f"emp_{number}")
    saved(plans, OPEN, employee_id="emp_9")
    by_now = ["emp_5", "emp_4", "emp_3", "emp_2"]
    now = local(18) + timedelta(milliseconds=1)
    assert [plans.due(now, limit) for limit in (1, 3, 4, 100)] == [by_now[:1], by_now[:3], by_now, by_now]
    assert plans.due(local(15), 100) == []


def test_c4_those_warned_about_are_listed_page_by_page_by_what_comes_next(plans: TrainingPlans) -> None:
    for number in range(5):
        saved(plans, OPEN, review_at=local(20 - number), employee_id=f"emp_{number}")
    saved(plans, review_at=local(4), employee_id="emp_8")
    saved(plans, OPEN, employee_id="emp_9")
    for limit in (1, 2, 100):
        found: list[str] = []
        cursor = None
        while True:
            files, cursor = plans.warned(limit, cursor)
            assert len(files) <= limit
            assert all(file.plan.warnings == (OPEN,) for file in files)
            found += [file.plan.employee_id for file in files]
            if cursor is None:
                break
        assert found == ["emp_4", "emp_3", "emp_2", "emp_1", "emp_0", "emp_9"]
    for bad in ("nonsense", "e30x", "W10"):
        with pytest.raises(DomainError, match="cursor"):
            plans.warned(10, bad)


# --- why HR decided so ------------------------------------------------------------------------------------------------


def test_c4_why_hr_decided_so_is_sealed_for_each_time(
    plans: TrainingPlans, dynamodb: Any, vault: Vault
) -> None:
    reason = "孩子生病,先不安排线下辅导"
    plans.explain(EMPLOYEE, "nte_1", reason, NOW)
    plans.explain(EMPLOYEE, "nte_2", "再次预警", NOW)
    assert [plans.explanation(EMPLOYEE, f"nte_{number}") for number in (1, 2, 3)] == [
        reason,
        "再次预警",
        None,
    ]
    assert plans.explanation("emp_02", "nte_1") is None
    stored = dynamodb.scan(TableName=TABLE)["Items"]
    assert not any(reason.encode()[:6] in piece["B"] for item in stored for piece in item["reason"]["L"])
    assert reason not in json.dumps(stored, default=str, ensure_ascii=False)
    item = Table(dynamodb, TABLE).get(note_key(EMPLOYEE, "nte_1"))
    assert item is not None
    with pytest.raises(ClientError):
        vault.open(item["reason"], owner="emp_02", field="decision")


def test_c4_why_is_kept_apart_from_the_plan_and_its_courses(plans: TrainingPlans) -> None:
    saved(plans, ACCEPTED)
    plans.explain(EMPLOYEE, "nte_1", "…", NOW)
    assert plans.get(EMPLOYEE).plan == replace(PLAN, warnings=(ACCEPTED,), version=1)


# --- what it costs ----------------------------------------------------------------------------------------------------


def large(items: int, warnings: int) -> TrainingPlan:
    """A plan with ids as long as the shipped ones and real employees' are."""
    employee_id = ids.employee_id(IDS.candidate_id("aiview", "ats-1001"))

    def one(number: int) -> PlanItem:
        since = local(3) + timedelta(days=number)
        due = date(2026, 4, 1) + timedelta(days=number)
        reason = Reason(ReasonKind.GAP, f"negotiation_below_target_{number}", "customer_orientation", 70)
        if number % 3 == 2:
            reason = Reason(ReasonKind.WARNING, "offline_coaching", about=f"fmcg-negotiation-{number}")
        id_ = (
            f"offline-coaching~fmcg-negotiation-{number}" if number % 3 == 2 else f"fmcg-negotiation-{number}"
        )
        return PlanItem(id_, (reason,), due, due, datetime.combine(due, NOW.timetz()), since)

    decision = Decision(
        ("offline_coaching", "extra_material"), "hr:8c2f7b1e-5f5c-4f0e-9d8a-1b2c3d4e5f60", NOW
    )
    return TrainingPlan(
        employee_id=employee_id,
        role="ecommerce_operations",
        profile_of=f"aiview/{'i' * 36}",
        style="kinesthetic",
        status=PlanStatus.ASSIGNED,
        starts_on=date(2026, 3, 2),
        rules_version=12,
        catalogue_version=12,
        items=tuple(one(number) for number in range(items)),
        unanswered=(Gap("customer_orientation", 70), Gap("data_analysis", 65)),
        warnings=tuple(
            Warned(
                ids.warning_id(employee_id, str(number), "exam"),
                one(number).item_id,
                Cause.COMPLETION,
                NOW,
                cleared_at=NOW if number % 2 else None,
                decision=decision,
            )
            for number in range(warnings)
        ),
    )


def test_a_plan_of_12_items_with_6_warnings_is_read_for_one_unit(plans: TrainingPlans, dynamodb: Any) -> None:
    """4 KB is what a consistent read unit gives; the courses beside it come on top."""
    plan = large(12, 6)
    plans.save(plan, [], SCORED, local(23, 18), NOW)
    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert from_item(item)["pk"] == plan_key(plan.employee_id).pk
    assert item_size(item) < 4096
    assert plans.get(plan.employee_id).plan == replace(plan, version=1)


def test_the_list_holds_no_more_of_a_plan_than_its_place(plans: TrainingPlans, dynamodb: Any) -> None:
    saved(plans, OPEN, review_at=local(5, 18))
    answer = dynamodb.query(
        TableName=TABLE,
        IndexName="gsi1",
        KeyConditionExpression="gsi1pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "TRAINING#warned"}},
    )
    (item,) = answer["Items"]
    assert "items" not in item, "the index is written with every review"
