"""Callbacks that leave late, twice, out of order, or never. What is wrong with a delivery: test_callback_sender."""

import pytest

from tests.sandbox.stage import BASE, CALLBACK_URL, Stage, application, assessment, check, enrolment, envelope
from vendor_api.callback_queue import held_back
from vendor_contract.tally import Outcome, Tally


def cause_esign(stage: Stage, number: int) -> None:
    made = stage.post("/esign/envelopes", envelope(), key=f"key-{number}").json
    stage.raw("POST", made["sign_url"].removeprefix(BASE))


def cause_background(stage: Stage, number: int) -> None:
    stage.post("/background/checks", check(), key=f"key-{number}")


def cause_psychometric(stage: Stage, number: int) -> None:
    stage.post("/psychometric/assessments", assessment(), key=f"key-{number}")


def cause_lms(stage: Stage, number: int) -> None:
    made = stage.post("/lms/enrolments", enrolment(), key=f"key-{number}").json
    report = {"completion_percent": 50, "callback_url": CALLBACK_URL}
    stage.test(f"/lms/enrolments/{made['enrolment_id']}/progress", report)


def cause_ats(stage: Stage, number: int) -> None:
    stage.test("/ats/applications", application(external_id=f"app-{number}", callback_url=CALLBACK_URL))


EVENTS = {
    "esign": cause_esign,
    "background": cause_background,
    "psychometric": cause_psychometric,
    "lms": cause_lms,
    "ats": cause_ats,
}
every_vendor = pytest.mark.parametrize("vendor", EVENTS)


@every_vendor
def test_every_vendors_callbacks_have_that_vendors_faults(stage: Stage, vendor: str) -> None:
    for other in EVENTS:
        stage.put(f"/faults/{other}", {"mode": "none", "silence": 1})
    stage.put(f"/faults/{vendor}", {"mode": "none", "duplicate": 2, "delay_seconds": 60})
    EVENTS[vendor](stage, 1)
    own_delay = 1 if vendor in ("background", "psychometric") else 0
    assert [(callback["vendor"], callback["copy"], delay) for callback, delay in stage.queued] == [
        (vendor, copy, 60 + own_delay) for copy in range(3)
    ]
    assert len({callback["webhook_id"] for callback, _ in stage.queued}) == 1


@every_vendor
def test_some_events_nobody_hears_of_and_they_are_counted(stage: Stage, vendor: str) -> None:
    stage.put(f"/faults/{vendor}", {"mode": "none", "silence": 0.5})
    for number in range(24):
        EVENTS[vendor](stage, number)
    silenced = stage.tally(vendor)["silenced"]
    assert 4 < silenced < 20
    assert len(stage.queued) == 24 - silenced


def test_silence_for_one_is_not_silence_for_another(stage: Stage) -> None:
    stage.put("/faults/background", {"mode": "none", "silence": 1, "only": "cand_1"})
    stage.post("/background/checks", check(reference="cand_1"), key="key-1")
    stage.post("/background/checks", check(reference="cand_2"), key="key-2")
    assert [callback["data"]["reference"] for callback, _ in stage.queued] == ["cand_2"]


def test_an_event_kept_silent_stays_silent_when_it_is_asked_for_again(stage: Stage) -> None:
    stage.put("/faults/background", {"mode": "none", "silence": 1})
    made = stage.post("/background/checks", check()).json["check_id"]
    stage.put("/faults/background", {"mode": "none"})
    stage.later(minutes=10)
    stage.post("/background/checks", check())
    assert stage.queued == []
    # But whoever asks is told.
    assert stage.get(f"/background/checks/{made}").json["status"] == "complete"


def test_no_callback_waits_longer_than_the_queue_allows(stage: Stage) -> None:
    stage.put("/faults/background", {"mode": "none", "delay_seconds": 900, "reorder": True})
    cause_background(stage, 1)
    assert [delay for _, delay in stage.queued] == [900]


def test_events_of_quick_succession_leave_in_another_order(stage: Stage) -> None:
    stage.put("/faults/lms", {"mode": "none", "reorder": True})
    made = stage.post("/lms/enrolments", enrolment()).json["enrolment_id"]
    leaving = []
    for percent in range(1, 9):
        report = {"completion_percent": percent, "callback_url": CALLBACK_URL}
        stage.test(f"/lms/enrolments/{made}/progress", report)
        callback, delay = stage.queued[-1]
        leaving.append((stage.now.timestamp() + delay, callback["data"]["completion_percent"]))
        stage.later(seconds=2)
    assert [percent for _, percent in sorted(leaving)] == [4, 3, 2, 1, 8, 7, 6, 5]
    # The feed keeps the order.
    assert [one["completion_percent"] for one in stage.get("/lms/progress").json["items"]] == [*range(1, 9)]


def test_places_are_held_back_in_turns() -> None:
    assert [held_back(place) for place in range(1, 7)] == [9, 6, 3, 0, 9, 6]


def test_the_summary_adds_up_what_the_sender_counts(stage: Stage) -> None:
    for _ in range(2):
        Tally(stage.table).add("lms", [Outcome.RETRIED, Outcome.FORGED_REFUSED, Outcome.RETRIED])
    Tally(stage.table).add("lms", [])
    assert stage.tally("lms") == {"forged_refused": 2, "retried": 4}
    assert stage.tally("ats") == {}


def test_the_summary_tells_of_every_vendor(stage: Stage) -> None:
    items = stage.get("/deliveries/summary").json["items"]
    assert [one["vendor"] for one in items] == [
        "ats",
        "background",
        "bedrock",
        "benefits",
        "esign",
        "finance",
        "lms",
        "psychometric",
        "sms",
    ]
    assert items[0] == {
        "vendor": "ats",
        "genuine_accepted": 0,
        "forged_accepted": 0,
        "forged_refused": 0,
        "malformed_accepted": 0,
        "malformed_refused": 0,
        "stale_accepted": 0,
        "stale_refused": 0,
        "unclear": 0,
        "retried": 0,
        "silenced": 0,
    }
