"""Psychometric assessments: the order, the result, the invitation."""

from typing import Any

import pytest

from tests.sandbox.stage import BASE, CALLBACK_URL, Stage, assessment
from vendor_api.psychometric import scores, summary
from vendor_contract.callback import webhook_id

TRAITS = {"openness", "conscientiousness", "extraversion", "agreeableness", "emotional_stability"}


def test_an_assessment_is_completed_after_the_delay(stage: Stage) -> None:
    reply = stage.post("/psychometric/assessments", assessment())
    made = reply.json["assessment_id"]
    assert (reply.status, reply.json["invite_url"]) == (202, f"{BASE}/psychometric/invitations/{made}")
    scales = scores("cand_1", ["personality", "stress_tolerance"])
    assert stage.queued == [
        (
            {
                "vendor": "psychometric",
                "webhook_id": webhook_id(made, "assessment.completed"),
                "url": CALLBACK_URL,
                "type": "assessment.completed",
                "timestamp": "2026-11-22T04:00:01Z",
                "data": {
                    "assessment_id": made,
                    "reference": "cand_1",
                    "scales": scales,
                    "summary": summary(scales),
                },
                "copy": 0,
            },
            1,
        )
    ]


def test_whoever_asks_is_told_once_its_time_has_come(stage: Stage) -> None:
    made = stage.post("/psychometric/assessments", assessment()).json["assessment_id"]
    ordered = {"assessment_id": made, "status": "ordered", "reference": "cand_1"}
    assert stage.get(f"/psychometric/assessments/{made}").json == ordered
    stage.later(seconds=1)
    scales = scores("cand_1", ["personality", "stress_tolerance"])
    completed = {**ordered, "status": "completed", "scales": scales, "summary": summary(scales)}
    assert stage.get(f"/psychometric/assessments/{made}").json == completed


@pytest.mark.parametrize(
    ("instruments", "scales"),
    [
        (["stress_tolerance"], {"stress_tolerance"}),
        (["personality"], TRAITS),
        (["personality", "stress_tolerance"], {"stress_tolerance", *TRAITS}),
    ],
)
def test_what_was_ordered_is_measured(stage: Stage, instruments: list[str], scales: set[str]) -> None:
    stage.post("/psychometric/assessments", assessment(instruments=instruments))
    ((callback, _),) = stage.queued
    assert set(callback["data"]["scales"]) == scales


def test_scores_follow_from_the_reference_and_stay_on_their_scale() -> None:
    people = [scores(f"cand_{n}", ["personality", "stress_tolerance"]) for n in range(200)]
    assert people == [scores(f"cand_{n}", ["stress_tolerance", "personality"]) for n in range(200)]
    every = {score for person in people for score in person.values()}
    assert (min(every), max(every)) == (35, 100)
    alone = scores("cand_1", ["stress_tolerance"])
    assert alone["stress_tolerance"] == people[1]["stress_tolerance"]


def test_a_summary_names_the_extremes() -> None:
    assert summary({"stress_tolerance": 40, "openness": 90}) == (
        "最高 / highest: 开放性 / openness 90; 最低 / lowest: 抗压能力 / stress tolerance 40"
    )
    assert summary({"stress_tolerance": 40}) == "最高 / highest: 抗压能力 / stress tolerance 40"


@pytest.mark.parametrize(
    "changes",
    [
        {"instruments": []},
        {"instruments": ["astrology"]},
        {"candidate": {"name": "王芳"}},
        {"candidate": {"name": "", "email": None}},
        {"callback_url": "http://tenant.example/"},
    ],
)
def test_an_order_that_is_none_is_refused(stage: Stage, changes: dict[str, Any]) -> None:
    assert stage.post("/psychometric/assessments", assessment(**changes)).status == 400


def test_a_candidate_without_an_address_is_fine(stage: Stage) -> None:
    order = assessment(candidate={"name": "王芳", "email": None})
    assert stage.post("/psychometric/assessments", order).status == 202


def test_an_invitation_is_a_page_that_asks_for_nothing(stage: Stage) -> None:
    made = stage.post("/psychometric/assessments", assessment()).json
    page = stage.raw("GET", made["invite_url"].removeprefix(BASE))
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-store"
    assert "王芳" not in page.text


@pytest.mark.parametrize("place", ["assessments", "invitations"])
def test_what_is_not_there_is_not_found(stage: Stage, place: str) -> None:
    assert stage.get(f"/psychometric/{place}/asm_0").status == 404


def test_nothing_of_the_candidate_is_stored_or_sent(stage: Stage) -> None:
    stage.post("/psychometric/assessments", assessment())
    kept = str([stage.table.scan()["Items"], stage.queued])
    assert not [text for text in ("王芳", "wang@example.com") if text in kept]
