"""Interventions (F5): which actions are suggested, and which may be chosen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.admin.configuration import InvalidConfiguration, read, store
from rencai.kernel.errors import LANGUAGES, Conflict, DomainError
from rencai.pressure.rules.intervention import changed, checked, suggested
from rencai.pressure.rules.refusals import PressureRefusal
from rencai.training.rules.rules import COURSE_CATALOGUE
from tests.pressure.measured import ACTIONS, AFTER, OPENED_ON, K, ended, opened
from tests.shipped import ShippedConfigurations


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
    known = ShippedConfigurations().latest(COURSE_CATALOGUE).document.courses
    assert {course for _, course in ACTIONS.named_courses()} <= known.keys()


def test_f5_only_actions_of_the_catalogue_and_days_to_come() -> None:
    actions = ("comp_leave", "counselling", "comp_leave")
    assert checked(ACTIONS, actions, OPENED_ON, OPENED_ON) == ("comp_leave", "counselling")
    with pytest.raises(DomainError) as refused:
        checked(ACTIONS, ["comp_leave", "massage"], OPENED_ON, OPENED_ON)
    assert (refused.value.code, refused.value.path) == (PressureRefusal.ACTION_UNKNOWN, "actions[1]")
    assert refused.value.params == {"action": "massage", "known": tuple(ACTIONS.actions)}
    with pytest.raises(DomainError) as refused:
        checked(ACTIONS, ["comp_leave"], OPENED_ON - timedelta(days=1), OPENED_ON)
    assert (refused.value.code, refused.value.path) == (PressureRefusal.DUE_IN_THE_PAST, "due_on")


def test_f5_what_stays_as_it_is_is_not_checked_again() -> None:
    """An action may have gone from the catalogue and the due date have passed: the owner can change all the same."""
    late = opened().due_on + timedelta(days=3)
    without = ACTIONS.model_copy(update={"actions": {"comp_leave": ACTIONS.actions["comp_leave"]}})
    after = changed(opened(), without, ["support_training", "comp_leave"], "王主管", opened().due_on, late)
    assert after == replace(opened(), actions=("support_training", "comp_leave"), owner="王主管")
    assert changed(opened(), without, None, None, None, late) == opened()
    with pytest.raises(DomainError) as refused:
        changed(opened(), without, ["care_fund"], None, None, late)
    assert refused.value.code is PressureRefusal.ACTION_UNKNOWN
    with pytest.raises(DomainError) as refused:
        changed(opened(), without, None, None, late - timedelta(days=1), late)
    assert refused.value.code is PressureRefusal.DUE_IN_THE_PAST
    with pytest.raises(Conflict) as conflict:
        changed(ended(AFTER), ACTIONS, None, "王主管", None, late)
    assert conflict.value.code is PressureRefusal.INTERVENTION_CLOSED


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
