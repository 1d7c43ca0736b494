"""The vendor edge on the embedded stack: the inbox, silent vendors, dead letters, people from two sources, learning."""

import json
import uuid
from typing import Any

import pytest

from rencai.kernel import ids
from tests.e2e.commands import admin
from tests.e2e.outsider import Outsider, eventually, placed_apart

pytestmark = pytest.mark.e2e


def _deliveries(outsider: Outsider, message_id: str, vendor: str) -> list[dict[str, Any]]:
    listed = outsider.get(f"/vendor-inbox?vendor={vendor}&limit=100")["items"]
    found = [outsider.get(f"/vendor-inbox/{item['delivery_id']}") for item in listed]
    return [one for one in found if one["message_id"] == message_id]


def test_a_delivery_is_listed_read_and_replayed_and_a_forgery_is_kept_apart(outsider: Outsider) -> None:
    message_id = f"msg-{uuid.uuid4().hex[:8]}"
    body = json.dumps(
        {
            "type": "envelope.completed",
            "timestamp": "2026-03-02T02:00:00Z",
            "data": {"envelope_id": "env-1", "reference": "nobody's", "occurred_at": "2026-03-02T02:00:00Z"},
        }
    ).encode()
    forged = outsider.webhook("esign", message_id, body, secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert [
        forged.status_code,
        *(outsider.webhook("esign", message_id, body).status_code for _ in range(2)),
    ] == [
        401,
        202,
        202,
    ]

    def settled() -> dict[str, Any] | None:
        kept = {one["status"]: one for one in _deliveries(outsider, message_id, "esign")}
        return kept if {"failed", "duplicate"} <= set(kept) else None

    kept = eventually("the delivery is acted on", settled)
    original, duplicate = kept["failed"], kept["duplicate"]
    assert duplicate["duplicate_of"] == original["delivery_id"]
    assert (original["body"].encode(), original["verdict"], original["dialect"]) == (
        body,
        "accepted",
        "generic",
    )
    assert "不是本系统发出的" in original["reason"]
    assert original["headers"]["webhook-id"] == [message_id]
    assert outsider.call("POST", f"/vendor-inbox/{duplicate['delivery_id']}/replay").status_code == 409
    replayed = outsider.post(f"/vendor-inbox/{original['delivery_id']}/replay", {})
    assert replayed["status"] == "received"
    eventually("it is acted on again", settled)
    assert outsider.call("GET", "/vendor-inbox/dlv_nobody").status_code == 404
    assert outsider.call("GET", "/vendor-inbox", "ingest").status_code in (401, 403)


def test_b7_vendors_that_never_call_back_are_found_out_and_the_journey_completes(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.stack.ids.candidate_id(interview["vendor"], interview["candidate"]["external_id"])
    silent = {"mode": "none", "silence": 1}
    # Of their orders all have what comes after the prefix in common: off_X, cand_X.
    with outsider.broken(
        candidate_id.partition("_")[2], esign=silent, background=silent, psychometric=silent
    ):
        assert outsider.hand_in(interview) == candidate_id
        outsider.sign(candidate_id)

        def found_signed() -> bool | None:
            if outsider.candidate(candidate_id)["stage"] != "offer_sent":
                return True
            outsider.invoke("Watchdog")
            return None

        # The first is found by a run that was asked for; the next one the watchdog's own schedule has to find.
        eventually("the signature is found out", found_signed)
        outsider.at(candidate_id, "onboarded")

        def assessed() -> dict[str, Any] | None:
            found: dict[str, Any] | None = outsider.get(f"/candidates/{candidate_id}/profile")["assessment"]
            return found

        assessment = eventually("the assessment is found out", assessed)
    assert 0 <= assessment["scales"]["stress_tolerance"] <= 100
    told = [
        event["detail-type"]
        for event in outsider.events()
        if event["detail"]["subject"]["id"] == candidate_id
    ]
    assert told.count("employee.onboarded") == told.count("assessment.completed") == 1
    (envelope,) = [row for row in outsider.ledger("esign") if row["reference"] == ids.offer_id(candidate_id)]
    (check,) = [row for row in outsider.ledger("background") if row["reference"] == candidate_id]
    assert {one["message_id"] for one in _deliveries(outsider, envelope["id"], "esign")} == set()
    assert check["requests"] == 1


def test_what_the_queue_gave_up_is_a_dead_letter_and_redrive_brings_it_back(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    """The queue's forty deliveries are made two, so that eight hours are fifteen seconds."""
    sqs = outsider.stack.session.client("sqs")
    url = outsider.resource("OfferQueue")
    policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"][
        "RedrivePolicy"
    ]
    impatient = json.dumps({**json.loads(policy), "maxReceiveCount": 2})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": impatient})
    with outsider.broken(placed_apart(interview), finance={"mode": "down"}):
        try:
            before = outsider.messages_on("DeadLetters")
            candidate_id = outsider.hand_in(interview)
            eventually("the dead letter", lambda: outsider.messages_on("DeadLetters") > before or None)
        finally:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
        assert outsider.candidate(candidate_id)["stage"] == "qualified"
    said = admin(outsider, "redrive", "OfferQueue")
    assert "OfferQueue" in said
    outsider.at(candidate_id, "offer_sent")
    assert outsider.messages_on("DeadLetters") == before


def test_a6_an_application_becomes_part_of_the_candidate_and_doubt_becomes_a_question(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    external_id = f"job-{uuid.uuid4().hex[:8]}"
    person = interview["candidate"]
    application = {
        "external_id": external_id,
        "candidate": {"name": person["name"], "email": person["email"].upper(), "phone": person["phone"]},
        "resume": {
            "work_history": [{"employer": "甲公司", "title": "销售代表", "from": "2019-03", "to": None}]
        },
        "evaluation": {"score": 88, "comment": "表达清晰", "by": "hr-li"},
        "callback_url": f"{outsider.stack.api_url}/webhooks/ats",
    }
    candidate_id = outsider.hand_in(interview)
    outsider.sandbox("POST", "/ats/applications", json=application)

    def linked() -> dict[str, Any] | None:
        found: dict[str, Any] | None = outsider.candidate(candidate_id)["application"]
        return found

    found = eventually("the application is linked", linked)
    assert (found["external_id"], found["evaluation"]["score"]) == (external_id, 88)
    assert found["work_history"][0]["employer"] == "甲公司"

    # Somebody else with the same e-mail address only: nobody guesses.
    other = dict(interview) | {"interview_id": f"{interview['interview_id']}-other"}
    other["candidate"] = {
        "external_id": f"{person['external_id']}-other",
        "name": "另一位",
        "email": person["email"],
    }
    other_id = outsider.hand_in(other)
    assert other_id != candidate_id

    def asked() -> dict[str, Any] | None:
        questions = outsider.get("/merges?status=question&limit=100")["items"]
        views = [outsider.get(f"/merges/{item['merge_id']}") for item in questions]
        mine = [view for view in views if other_id in json.dumps(view)]
        return mine[0] if mine else None

    question = eventually("HR is asked", asked)
    outsider.at(other_id, "offer_sent")
    late = outsider.call(
        "POST", f"/merges/{question['merge_id']}/decision", json={"decision": "same", "reason": "同一人"}
    )
    assert late.status_code == 409, "an envelope is out to each of them"
    decided = outsider.post(
        f"/merges/{question['merge_id']}/decision", {"decision": "different", "reason": "夫妻共用邮箱"}
    )
    assert decided["status"] == "different"


def test_a6_the_same_person_from_a_second_interview_vendor_is_one_candidate_until_that_is_undone(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    interview["answers"][1]["transcript"] = "记不清了。"  # to the talent pool
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "talent_pool")
    second = interview | {"interview_id": f"{interview['interview_id']}-b", "vendor": "otherview"}
    assert outsider.hand_in(second) == candidate_id
    assert len(outsider.candidate(candidate_id)["interview_ids"]) == 2
    own_id = outsider.stack.ids.candidate_id("otherview", interview["candidate"]["external_id"])
    assert outsider.call("GET", f"/candidates/{own_id}").status_code == 404
    merges = [
        item
        for item in outsider.get("/merges?status=merged&limit=100")["items"]
        if own_id in json.dumps(item) or candidate_id in json.dumps(item)
    ]
    undone = outsider.post(f"/merges/{merges[0]['merge_id']}/undo", {"reason": "同名同号,不是同一人"})
    assert undone["status"] == "undone"
    outsider.at(own_id, "talent_pool")
    assert len(outsider.candidate(candidate_id)["interview_ids"]) == 1
    types = [entry["type"] for entry in outsider.timeline(candidate_id)]
    assert "interview.received" in types


def test_c2_a_new_employee_is_enrolled_once_and_progress_comes_back(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.sign(candidate_id)
    outsider.at(candidate_id, "onboarded")
    employee_id = ids.employee_id(candidate_id)

    def enrolled() -> dict[str, Any] | None:
        mine = [
            row for row in outsider.ledger("lms") if row["reference"] == f"{employee_id}/company-orientation"
        ]
        return mine[0] if mine else None

    enrolment = eventually("the enrolment", enrolled)
    told = {
        "completion_percent": 100,
        "exam_score": 85,
        "mentor_review": "学得很快",
        "callback_url": f"{outsider.stack.api_url}/webhooks/lms",
    }
    outsider.sandbox("POST", f"/lms/enrolments/{enrolment['id']}/progress", json=told)

    def progressed() -> dict[str, Any] | None:
        mine = [
            event["detail"]["data"]
            for event in outsider.events()
            if event["detail-type"] == "training.progressed"
            and event["detail"]["subject"]["id"] == employee_id
        ]
        return mine[-1] if mine else None

    assert eventually("the progress", progressed) == {
        "enrolment_id": enrolment["id"],
        "item_id": "company-orientation",
        "completion_percent": 100.0,
        "exam_score": 85.0,
    }


def test_b4_an_offer_that_was_declined_is_sent_again_and_signed(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.sign(candidate_id, action="decline", reason="想再考虑")
    offer_id = outsider.at(candidate_id, "offer_declined")["offer_id"]
    outsider.post(f"/offers/{offer_id}/resend", {"reason": "候选人来电表示愿意接受"})
    outsider.at(candidate_id, "offer_sent")
    assert outsider.get(f"/offers/{offer_id}")["attempt"] == 2
    outsider.sign(candidate_id)
    outsider.at(candidate_id, "onboarded")
    assert len([row for row in outsider.ledger("esign") if row["reference"] == offer_id]) == 2
    late = outsider.call("POST", f"/offers/{offer_id}/resend", json={"reason": "再发一次"})
    assert late.status_code == 409
    (again,) = [entry for entry in outsider.timeline(candidate_id) if entry["type"] == "offer.resent"]
    assert again["data"]["reason"] == "候选人来电表示愿意接受"
