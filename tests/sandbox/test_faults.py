"""Vendors that misbehave on demand."""

from typing import Any

import pytest

from tests.sandbox.stage import Stage, check, envelope

NO_FAULT = {"mode": "none", "seconds": 0}


def test_nothing_is_broken_at_first(stage: Stage) -> None:
    vendors = ("ats", "background", "benefits", "esign", "finance")
    assert stage.get("/faults").json == {"items": [{"vendor": vendor, **NO_FAULT} for vendor in vendors]}


def test_down_does_nothing_and_is_over_when_told(stage: Stage) -> None:
    assert stage.put("/faults/esign", {"mode": "down"}).json == {
        "vendor": "esign",
        "mode": "down",
        "seconds": 15,
    }
    assert stage.post("/esign/envelopes", envelope()).status == 503
    assert stage.raw("GET", "/esign/sign/x").status == 503
    assert stage.get("/ledger").json["items"] == []
    assert stage.get("/benefits/packages?location=x").status == 200
    stage.put("/faults/esign", {"mode": "none"})
    assert stage.post("/esign/envelopes", envelope()).status == 201


def test_slow_does_it_and_takes_its_time(stage: Stage) -> None:
    stage.put("/faults/background", {"mode": "slow", "seconds": 2.5})
    assert stage.post("/background/checks", check()).status == 202
    assert stage.slept == [2.5]
    assert len(stage.queued) == 1
    assert stage.get("/faults").json["items"][1] == {"vendor": "background", "mode": "slow", "seconds": 2.5}


def test_garbage_does_it_and_the_retry_finds_the_true_answer(stage: Stage) -> None:
    stage.put("/faults/background", {"mode": "garbage"})
    broken = stage.post("/background/checks", check())
    assert (broken.status, broken.headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="delimiter"):
        broken.json  # noqa: B018  reading it is the test
    stage.put("/faults/background", {"mode": "none"})
    assert stage.post("/background/checks", check()).status == 202
    assert [one["requests"] for one in stage.get("/ledger").json["items"]] == [2]
    assert len(stage.queued) == 1


@pytest.mark.parametrize(
    "body", [{}, {"mode": "odd"}, {"mode": "slow", "seconds": 26}, {"mode": "slow", "seconds": -1}]
)
def test_a_fault_that_is_none_is_refused(stage: Stage, body: Any) -> None:
    assert stage.put("/faults/esign", body).status == 400


def test_a_vendor_must_be_known(stage: Stage) -> None:
    assert stage.put("/faults/lms", {"mode": "down"}).status == 404
