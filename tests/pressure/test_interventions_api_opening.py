"""HR's API over interventions (F5): opening one for the present alert, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from rencai.kernel.errors import CommonRefusal
from rencai.pressure.rules.refusals import PressureRefusal
from tests.pressure.risk_office import ALERT, ASKED, FIRST, Caller, Risk, card_of, code
from tests.training.training_office import EMPLOYEE


def test_the_same_request_again_has_the_same_answer(risk: Risk, call: Caller) -> None:
    first = call.opens(key="k-1")
    again = ASKED | {"actions": ASKED["actions"][::-1]}
    assert first == call.opens(again, key="k-1")
    risk.cards.tell(card_of(risk), None, "scan_2", risk.now)
    assert first == call.opens(key="k-1"), "also when the alert is gone by then"
    assert code(call.opens(ASKED | {"owner": "别人"}, key="k-1")) == (409, CommonRefusal.KEY_REUSED)
    assert code(call.opens(key="k-1", actor="hr:2")) == (409, PressureRefusal.INTERVENTION_OPEN)
    assert len(risk.events()) == 1


def test_of_two_people_one_opens(risk: Risk, call: Caller) -> None:
    risk.employs("emp_02ABC")
    risk.under_pressure("emp_02ABC")
    call.opens(alert="alr_02ABC_20261122")
    straight = risk.interventions
    known = straight.get("int_02ABC_20261122_1")
    theirs = replace(known, alert_id=ALERT, employee_id=EMPLOYEE, owner="另一位", request="theirs", version=0)

    def acts() -> None:
        straight.open(ALERT, "theirs", "", lambda id_: replace(theirs, intervention_id=id_), None)

    between = risk.interposed(2, acts)
    status, problem = call.opens()
    assert between.acted
    assert (status, problem["detail"]) == (409, f"这条预警已有进行中的干预 {FIRST}")
    assert call.shows()["owner"] == "另一位"
    assert call.shows()["notes"] == []


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        ("alr_01ABC_20261101", (409, PressureRefusal.ALERT_NOT_OPEN)),
        ("alr_01NOBODY_20261122", (404, CommonRefusal.NOT_FOUND)),
        ("nonsense", (404, CommonRefusal.NOT_FOUND)),
    ],
)
def test_only_the_present_alert_can_be_acted_on(
    risk: Risk, call: Caller, alert: str, expected: tuple[int, str]
) -> None:
    assert code(call.opens(alert=alert)) == expected
    assert risk.events() == []


def test_an_alert_that_is_cleared_is_not_acted_on(risk: Risk, call: Caller) -> None:
    risk.recovers()
    risk.scanned()
    assert code(call.opens()) == (409, PressureRefusal.ALERT_NOT_OPEN)


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        (
            {"actions": ["massage"]},
            "actions[0]",
            "没有干预措施“massage”;可选:“redistribute_work”、“support_training”",
        ),
        ({"due_on": "2026-11-22"}, "due_on", "截止日期不能早于今天(2026-11-23)"),
    ],
)
def test_what_is_against_the_rules(
    risk: Risk, call: Caller, body: dict[str, Any], path: str, message: str
) -> None:
    status, problem = call.opens(ASKED | body)
    assert (status, problem["errors"]) == (422, [{"path": path, "message": message}])
    assert risk.events() == []


@pytest.mark.parametrize(
    "body",
    [
        {"actions": []},
        {"owner": "  "},
        {"due_on": "21.12.2026"},
        {"note": ""},
        {"note": "长" * 2001},
        {"actions": None},
    ],
)
def test_what_has_not_the_form(risk: Risk, call: Caller, body: dict[str, Any]) -> None:
    status, problem = call.opens(ASKED | body)
    assert (status, len(problem["errors"])) == (400, 1)
    assert risk.events() == []
