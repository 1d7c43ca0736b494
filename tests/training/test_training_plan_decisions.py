"""HR decides about a warning (C4): what is accepted is added, and only what was proposed can be."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from rencai.kernel.errors import Conflict, DomainError, NotFound
from rencai.kernel.events import EventName
from rencai.training.rules.courses import Cause
from rencai.training.rules.plan import (
    Change,
    Decision,
    PlanItem,
    Reason,
    ReasonKind,
    TrainingPlan,
    Warned,
    WarningStatus,
)
from rencai.training.rules.refusals import TrainingRefusal
from rencai.training.rules.review import decide, proposals_for
from rencai.wiring.events import DATA_MODELS
from tests.training.plan_builders import (
    CHANGED,
    COMPLETION,
    EXAM,
    FRIDAY,
    LATER,
    NEGOTIATOR,
    WARNED,
    WARNING_ID,
    active,
    all_done,
    decided,
    item,
    reviewed,
)
from tests.training.training_builders import CALENDAR, RULES, enrolled, fact, local


def about(plan: TrainingPlan, item_id: str, cause: Cause) -> Warned:
    (found,) = (one for one in plan.warnings if (one.item_id, one.cause) == (item_id, cause))
    return found


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
    assert (refused.value.code, refused.value.params) == (
        TrainingRefusal.WARNING_NOT_OPEN,
        {"status": status},
    )


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
    assert (refused.value.code, refused.value.path) == (TrainingRefusal.PROPOSAL_UNKNOWN, "proposals")
    assert refused.value.params == {"proposal": "massage", "known": ("coach", "read_more", "clinic")}


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
