"""An employee enrolled for the courses of the plan (C2), on a table in memory."""

from decimal import Decimal

import pytest

from rencai.kernel.errors import NotFound, VendorRefusal
from rencai.platform.consumer import Retry
from rencai.training.rules.courses import Enrolment
from tests.builders import EMPLOYEE
from tests.training.memory_office import CLEARED_AT, NEGOTIATOR, Office
from tests.training.training_builders import IMPROVED, STARTS_ON, fact, learner, local, rate


class Died(Exception):
    """The function ends here."""


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
        rate(IMPROVED).rating,
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
