"""Warnings decided by HR (C4), on a table in memory."""

import pytest

from rencai.kernel.errors import Conflict, DomainError, NotFound
from rencai.training.rules.plan import Decision, WarningStatus
from rencai.training.store.plans import note_key, plan_key
from tests.builders import EMPLOYEE
from tests.training.memory_office import EXAM_WARNING, Office, current
from tests.training.training_builders import local


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
