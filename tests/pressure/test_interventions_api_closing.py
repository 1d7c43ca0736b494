"""HR's API over interventions (F5): closing, changing and noting."""

from typing import Any

import pytest

from rencai.kernel.errors import CommonRefusal
from rencai.pressure.rules.refusals import PressureRefusal
from tests.logs import logged
from tests.pressure.risk_office import FIRST, WORDS, Caller, Risk, card_of, code
from tests.training.training_office import EMPLOYEE


def test_closed_once_and_the_same_request_again_has_the_same_answer(risk: Risk, call: Caller) -> None:
    call.opens()
    risk.recovers()
    first = call.closes({"note": "恢复正常"}, key="k-2")
    risk.passes(days=40)
    assert call.closes({"note": "恢复正常"}, key="k-2") == first
    assert code(call.closes()) == (409, PressureRefusal.INTERVENTION_CLOSED)
    assert code(call("PATCH", f"/risk/interventions/{FIRST}", {"owner": "别人"})) == (
        409,
        PressureRefusal.INTERVENTION_CLOSED,
    )
    assert len(call.shows()["notes"]) == 2


@pytest.mark.parametrize("at", [1, 2])
def test_closed_while_the_scan_clears_the_alert(risk: Risk, call: Caller, at: int) -> None:
    call.opens()
    risk.recovers()
    between = risk.interposed(at, risk.scanned)
    status, closed = call.closes()
    assert between.acted
    assert (status, closed["outcome"]) == (200, "worked")
    assert card_of(risk).alert is None


def test_a_next_one_follows_when_the_first_is_closed(risk: Risk, call: Caller) -> None:
    call.opens()
    call.closes()
    status, second = call.opens()
    assert (status, second["intervention_id"]) == (201, "int_01ABC_20261122_2")


def test_closed_at_once_nobody_knows(risk: Risk, call: Caller) -> None:
    call.opens()
    closed = call.closes()[1]
    assert (closed["outcome"], closed["not_measured"]) == (
        "unknown",
        ["long_hours", "falling_performance", "frequent_leave", "survey"],
    )
    assert closed["after"]["measures"] == closed["before"]["measures"]
    page = call("GET", "/risk/interventions", status="closed")[1]
    assert page["summary"] == {"open": 0, "worked": 0, "partly": 0, "not_worked": 0, "left": 0}
    assert page["unknown"] == 1, "it is in no share of what worked"


def test_notes_are_added_also_afterwards_and_are_nowhere_to_be_read(risk: Risk, call: Caller) -> None:
    path = f"/risk/interventions/{FIRST}/notes"
    with logged() as log:
        call.opens()
        call.closes()
        risk.passes(days=90)
        status, added = call("POST", path, {"text": "三个月后仍然稳定"}, key="k-3")
        assert call("POST", path, {"text": "三个月后仍然稳定"}, key="k-3") == (status, added)
        assert code(call("POST", path, {"text": "别的"}, key="k-3")) == (409, CommonRefusal.KEY_REUSED)
        risk.events()
    assert (status, added["text"], added["actor"]) == (201, "三个月后仍然稳定", "hr:1")
    assert [note["text"] for note in call.shows()["notes"]] == [WORDS, "三个月后仍然稳定"]
    kept = str(list(risk.table.query_all(f"EMPLOYEE#{EMPLOYEE}"))) + log.text
    assert not [words for words in (WORDS, "三个月后仍然稳定") if words in kept]
    assert "李经理" not in log.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"owner": "别人"}),
        ("POST", "/notes", {"text": "x"}),
        ("POST", "/close", {}),
    ],
)
@pytest.mark.parametrize("id_", ["int_01ABC_20261122_9", "nonsense", "int_"])
def test_there_is_no_such_intervention(
    risk: Risk, call: Caller, method: str, path: str, body: Any, id_: str
) -> None:
    assert code(call(method, f"/risk/interventions/{id_}{path}", body)) == (404, CommonRefusal.NOT_FOUND)
