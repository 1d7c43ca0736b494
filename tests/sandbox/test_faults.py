"""Vendors that misbehave on demand."""

from typing import Any

import pytest

from tests.sandbox.stage import Stage, application, check, envelope
from vendor_contract.faults import Fault

HEALTHY = {
    "mode": "none",
    "seconds": 0,
    "error_rate": 0,
    "latency_seconds": 0,
    "duplicate": 0,
    "reorder": False,
    "delay_seconds": 0,
    "silence": 0,
    "forged_signature": 0,
    "malformed_body": 0,
    "clock_skew_seconds": 0,
    "clock_skew_rate": 1,
    "only": "",
}


def test_nothing_is_broken_at_first(stage: Stage) -> None:
    vendors = ("ats", "background", "bedrock", "benefits", "esign", "finance", "lms", "psychometric", "sms")
    assert stage.get("/faults").json == {"items": [{"vendor": vendor, **HEALTHY} for vendor in vendors]}


def test_down_does_nothing_and_is_over_when_told(stage: Stage) -> None:
    assert stage.put("/faults/esign", {"mode": "down"}).json == {
        **HEALTHY,
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
    assert stage.get("/faults").json["items"][1] == {
        **HEALTHY,
        "vendor": "background",
        "mode": "slow",
        "seconds": 2.5,
    }


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


def test_a_fault_for_some_leaves_the_others_alone(stage: Stage) -> None:
    stage.put("/faults/finance", {"mode": "down", "only": "拉萨"})
    assert stage.get("/finance/salary-bands?role=sales&location=拉萨").status == 503
    assert stage.get("/finance/salary-bands?role=sales&location=上海").status == 200
    stage.put("/faults/esign", {"mode": "down", "only": "off_1"})
    assert stage.post("/esign/envelopes", envelope(reference="off_2"), key="key-2").status == 201
    assert stage.post("/esign/envelopes", envelope(reference="off_1")).status == 503


@pytest.mark.parametrize(
    "body", [{}, {"mode": "odd"}, {"mode": "slow", "seconds": 26}, {"mode": "slow", "seconds": -1}]
)
def test_a_fault_that_is_none_is_refused(stage: Stage, body: Any) -> None:
    assert stage.put("/faults/esign", body).status == 400


def test_a_vendor_must_be_known(stage: Stage) -> None:
    assert stage.put("/faults/payroll", {"mode": "down"}).status == 404


def test_all_of_it_is_shown_as_set_and_none_resets_it(stage: Stage) -> None:
    wrong = {
        "mode": "slow",
        "seconds": 1.5,
        "error_rate": 0.25,
        "latency_seconds": 0.5,
        "duplicate": 5,
        "reorder": True,
        "delay_seconds": 900,
        "silence": 0.1,
        "forged_signature": 0.2,
        "malformed_body": 0.3,
        "clock_skew_seconds": -600,
        "clock_skew_rate": 0.4,
        "only": "enr_1",
    }
    assert stage.put("/faults/lms", wrong).json == {"vendor": "lms", **wrong}
    assert stage.get("/faults").json["items"][6] == {"vendor": "lms", **wrong}
    # What is left out is not wrong any more.
    assert stage.put("/faults/lms", {"mode": "none", "error_rate": 1}).json == {
        **HEALTHY,
        "vendor": "lms",
        "seconds": 15,
        "error_rate": 1,
    }
    assert stage.put("/faults/lms", {"mode": "none"}).json == {**HEALTHY, "vendor": "lms", "seconds": 15}


@pytest.mark.parametrize(
    "wrong",
    [
        {"error_rate": 1.01},
        {"error_rate": -0.01},
        {"latency_seconds": 26},
        {"duplicate": 6},
        {"duplicate": 0.5},
        {"reorder": "perhaps"},
        {"delay_seconds": 901},
        {"silence": 2},
        {"forged_signature": -1},
        {"malformed_body": "all"},
        {"clock_skew_seconds": 90_000},
        {"clock_skew_rate": 1.5},
        {"surprise": 1},
    ],
)
def test_a_fault_out_of_range_is_refused_and_named(stage: Stage, wrong: dict[str, Any]) -> None:
    reply = stage.put("/faults/esign", {"mode": "none", **wrong})
    assert (reply.status, [one["path"] for one in reply.json["errors"]]) == (400, list(wrong))


def test_some_calls_fail_before_and_some_after_they_were_carried_out(stage: Stage) -> None:
    stage.put("/faults/background", {"mode": "none", "error_rate": 0.5})
    failed = {n for n in range(60) if stage.post("/background/checks", check(), key=f"key-{n}").status == 503}
    made = {int(one["idempotency_key"].removeprefix("key-")) for one in ledger(stage, "background")}
    assert 15 < len(failed) < 45
    assert 5 < len(failed & made) < len(failed) - 5
    assert set(range(60)) - failed <= made


def test_a_call_that_is_repeated_gets_through_and_is_carried_out_once(stage: Stage) -> None:
    stage.put("/faults/background", {"mode": "none", "error_rate": 0.5})
    for number in range(10):
        while stage.post("/background/checks", check(), key=f"key-{number}").status != 202:
            pass
    assert len(ledger(stage, "background")) == 10
    assert len(stage.queued) == 10


def test_errors_come_again_when_a_run_is_repeated(stage: Stage) -> None:
    stage.put("/faults/finance", {"mode": "none", "error_rate": 0.5})

    def run() -> list[int]:
        answers = [stage.get("/finance/salary-bands?role=sales&location=x").status for _ in range(20)]
        for item in stage.table.scan()["Items"]:
            if item["pk"].startswith("call#"):
                stage.table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
        return answers

    first = run()
    assert first == run()
    assert set(first) == {200, 503}


def test_an_error_rate_of_one_fails_every_call_but_a_testers(stage: Stage) -> None:
    stage.put("/faults/ats", {"mode": "none", "error_rate": 1})
    assert {stage.get("/ats/applications").status for _ in range(10)} == {503}
    assert stage.test("/ats/applications", application()).status == 201
    assert stage.get("/faults").status == 200


def test_latency_adds_to_slowness_up_to_what_the_gateway_bears(stage: Stage) -> None:
    stage.put("/faults/finance", {"mode": "none", "latency_seconds": 2})
    stage.get("/finance/salary-bands?role=sales")
    stage.put("/faults/finance", {"mode": "slow", "seconds": 3, "latency_seconds": 2})
    stage.get("/finance/salary-bands?role=sales")
    stage.put("/faults/finance", {"mode": "slow", "seconds": 25, "latency_seconds": 25})
    stage.get("/finance/salary-bands?role=sales")
    stage.put("/faults/finance", {"mode": "down", "latency_seconds": 4})
    assert stage.get("/finance/salary-bands?role=sales").status == 503
    assert stage.slept == [2, 5, 25, 4]
    stage.put("/faults/finance", {"mode": "none"})
    stage.get("/finance/salary-bands?role=sales")
    assert len(stage.slept) == 4


def test_a_draw_is_a_matter_of_vendor_thing_attempt_and_fault() -> None:
    fault = Fault("esign")
    draws = {
        fault.draw("silence", "msg_1"),
        fault.draw("silence", "msg_2"),
        fault.draw("silence", "msg_1", 2),
        fault.draw("malformed_body", "msg_1"),
        Fault("lms").draw("silence", "msg_1"),
    }
    assert len(draws) == 5
    assert all(0 <= draw < 1 for draw in draws)
    # For ever: a run of last year can be repeated.
    assert fault.draw("silence", "msg_1") == pytest.approx(0.20092178837727204)


def test_draws_are_even() -> None:
    fault = Fault("esign")
    draws = [fault.draw("silence", f"msg_{n}") for n in range(4000)]
    shares = [sum(low / 4 <= draw < (low + 1) / 4 for draw in draws) / 4000 for low in range(4)]
    assert all(0.22 < share < 0.28 for share in shares)


def ledger(stage: Stage, vendor: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = stage.get(f"/ledger?vendor={vendor}&limit=100").json["items"]
    return items
