"""The vendor edge on a whole tenant: silent vendors, early and late results, offers sent again, late progress."""

import base64
import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from ats_sync.app import tell_ats
from rencai.domain import ids
from rencai.domain.background import Finding
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.errors import LostRace
from rencai.domain.events import Subject, SubjectKind
from rencai.domain.journey import Fact, FactKind, Stage
from rencai.domain.vendor_facts import (
    AssessmentCompleted,
    CheckCompleted,
    CourseProgressed,
    EnvelopeOutcome,
)
from rencai.hiring import Hiring
from rencai.platform.consumer import Retry
from rencai.store.deliveries import DeliveryStatus
from rencai.vendors.dialects.dialect import Delivered
from tests.journey.faults import Crash, Faults, When
from tests.journey.test_journey import OFFER, REFERENCE, check, envelope, failing, qualifying
from tests.journey.world import World, world
from vendor_callbacks.apply import apply_delivery

ENVELOPE = f"env-{OFFER}"
CHECK = f"chk-{REFERENCE}"
ASSESSMENT = f"asm-{REFERENCE}"
CANDIDATE = Subject(kind=SubjectKind.CANDIDATE, id=REFERENCE)
EMPLOYEE = ids.employee_id(REFERENCE)
COURSE = "company-orientation"
ENROLMENT = f"enr-{EMPLOYEE}/{COURSE}"
CLEAR = CheckCompleted(
    CHECK,
    "clear",
    tuple(Finding(kind=kind, verified=True) for kind in ("identity", "employment", "criminal")),
)


def stage(one: World) -> Stage:
    return one.journeys.get(REFERENCE).journey.stage


def statuses(one: World) -> list[str]:
    return sorted(item["status"] for item in one.deliveries.page(None, None, 100, None).items)


def told(one: World) -> list[str]:
    return [item["type"] for item in one.timeline.page(CANDIDATE, 100, None).items]


def assessed(assessment_id: str = ASSESSMENT) -> dict[str, Any]:
    return {
        "type": "assessment.completed",
        "timestamp": "2026-03-02T03:00:00Z",
        "data": {
            "assessment_id": assessment_id,
            "reference": REFERENCE,
            "scales": {"stress_tolerance": 72.5, "openness": 60},
            "summary": "抗压能力较好",
        },
    }


def learnt(percent: int, at: str, exam: int | None = None) -> dict[str, Any]:
    data = {"enrolment_id": ENROLMENT, "completion_percent": percent, "exam_score": exam, "occurred_at": at}
    return {"type": "enrolment.progressed", "timestamp": at, "data": data}


# --- B7: the watchdog -----------------------------------------------------------------------------------------------


def test_b7_vendors_that_answer_and_never_call_back_are_found_out_and_the_journey_completes() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.esign.closed[ENVELOPE] = EnvelopeOutcome.COMPLETED
        assert one.watchdog() == 0, "not late yet"
        one.now += timedelta(hours=11)
        one.watchdog()
        one.settle()
        assert stage(one) is Stage.CHECKING
        one.background.results[CHECK] = CLEAR
        one.now += timedelta(hours=8)
        one.watchdog()
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        one.psychometric.results[ASSESSMENT] = AssessmentCompleted(
            ASSESSMENT, {"stress_tolerance": Decimal(70)}
        )
        one.now += timedelta(hours=72)
        one.watchdog()
        one.settle()
        found = one.assessments.find(REFERENCE)
        assert found is not None
        assert found.completed is not None
        assert (len(one.esign.ledger.made), len(one.background.ledger.made), len(one.mail.sent)) == (1, 1, 1)
        assert one.watchdog() == 0


def test_b7_a_vendor_that_stays_silent_is_raised_to_hr_once_and_the_candidate_reminded_once() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.now += timedelta(hours=11)
        for _ in range(5):
            one.watchdog()
            one.settle()
            one.now += timedelta(hours=1)
        assert sum(event.name == "journey.overdue" for event in one.published) == 1
        assert [reference for *_, reference in one.mail.sent] == [f"sign_reminder-{REFERENCE}"]
        assert stage(one) is Stage.OFFER_SENT


def test_b7_a_step_of_ours_that_was_lost_is_taken_again() -> None:
    """The queue of a step was emptied by mistake: nothing would ever move that candidate again."""
    with world() as one:
        one.hand_in(qualifying())
        one._relay()
        one.queue.clear()
        one.now += timedelta(hours=1)
        one.watchdog()
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        assert "journey.resumed" in told(one)


# --- the inbox ------------------------------------------------------------------------------------------------------


def test_a_delivery_that_came_early_waits_and_says_so_until_its_turn_has_come() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("background", "msg-early", check())
        one.settle()
        assert statuses(one) == ["waiting"]
        one.webhook("esign", "msg-signed", envelope())
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        assert statuses(one) == ["applied", "applied"]
        assert "delivery.settled" not in told(one), "the candidate's timeline is not the inbox"


def test_a_delivery_about_somebody_who_is_not_there_yet_waits_and_is_applied_when_they_are() -> None:
    with world() as one:
        one.webhook("psychometric", "msg-1", assessed())
        one.settle()
        assert statuses(one) == ["waiting"]
        one.hand_in(qualifying())
        one.settle()
        one.now += timedelta(minutes=15)
        one.settle()
        assert statuses(one) == ["applied"]


def test_a_refused_delivery_says_why_and_its_replay_changes_nothing() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.webhook("esign", "msg-2", envelope("declined"))
        one.settle()
        (failed,) = one.deliveries.page(DeliveryStatus.FAILED, "esign", 10, None).items
        assert failed["reason"].startswith("409")
        before = one.end_state()["items"][f"CANDIDATE#{REFERENCE}/JOURNEY"]
        for item in one.deliveries.page(None, None, 10, None).items:
            one.deliveries.replay(one.deliveries.get(item["delivery_id"]), "hr-1", one.now)
        one.settle()
        assert one.end_state()["items"][f"CANDIDATE#{REFERENCE}/JOURNEY"] == before
        assert statuses(one) == ["applied", "failed"]


def test_a1_an_interview_by_webhook_is_a_result_like_any_other() -> None:
    with world() as one:
        body = {"type": "interview.completed", "timestamp": "2026-03-02T01:00:00Z", "data": qualifying()}
        one.webhook("interview", "msg-1", body)
        one.webhook("interview", "msg-2", body)
        one.webhook(
            "interview", "msg-3", body | {"data": qualifying() | {"answers": qualifying()["answers"][:1]}}
        )
        unknown = qualifying() | {"interview_id": "itv-2"}
        unknown["position"] = unknown["position"] | {"role": "astronaut"}
        one.webhook("interview", "msg-4", body | {"data": unknown})
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        assert statuses(one) == ["applied", "applied", "failed", "failed"]
        assert one.hand_in(qualifying()) == REFERENCE


# --- A7 -------------------------------------------------------------------------------------------------------------

_STEPS: dict[str, Callable[[World], object]] = {
    "interview": lambda one: one.hand_in(qualifying()),
    "signed": lambda one: one.webhook("esign", "msg-s", envelope()),
    "checked": lambda one: one.webhook("background", "msg-c", check()),
    "assessed": lambda one: one.webhook("psychometric", "msg-a", assessed()),
}


@pytest.mark.parametrize("order", list(itertools.permutations(_STEPS)), ids="-".join)
def test_a7_an_assessment_is_merged_whenever_it_comes_and_changes_no_decision(order: tuple[str, ...]) -> None:
    with world() as one:
        for step in order:
            _STEPS[step](one)
            one.settle()
        one.now += timedelta(minutes=20)
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        found = one.assessments.find(REFERENCE)
        assert found is not None
        assert found.completed is not None
        assert found.completed.scales["stress_tolerance"] == Decimal("72.5")
        assert len(one.psychometric.ledger.made) == 1
        assert told(one).count("assessment.completed") == 1
        assert set(statuses(one)) == {"applied"}


def test_a7_another_assessment_is_not_this_candidates() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("psychometric", "msg-1", assessed("asm-other"))
        one.settle()
        assert statuses(one) == ["failed"]
        one.webhook("psychometric", "msg-2", assessed())
        one.settle()
        assert statuses(one) == ["applied", "failed"]


def test_a7_who_does_not_qualify_is_not_assessed_unless_the_policy_says_so() -> None:
    with world() as one:
        one.hand_in(failing())
        one.settle()
        assert one.psychometric.ledger.made == {}


# --- B4, B5 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", ["declined", "expired", "voided"])
def test_b4_an_offer_that_ended_is_sent_again_in_an_envelope_of_its_own(ended: str) -> None:
    from hr_api.offers import resend

    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope(ended))
        one.settle()
        for _ in range(2):
            resend(
                REFERENCE,
                "候选人来电说明",
                journeys=one.journeys,
                offers=one.offers,
                actor="hr-1",
                request_key="request-1",
                now=one.now,
            )
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        assert list(one.esign.ledger.made) == [OFFER, f"{OFFER}-2"]
        one.webhook("esign", "msg-late", envelope("completed"))
        one.settle()
        assert stage(one) is Stage.OFFER_SENT, "the old envelope signs nothing"
        one.webhook("esign", "msg-2", envelope("completed", f"env-{OFFER}-2"))
        one.webhook("background", "msg-3", check())
        one.settle()
        assert stage(one) is Stage.ONBOARDED


def test_b5_a_disputed_check_that_comes_back_shows_the_reviewer_what_is_known_now() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.webhook("background", "msg-2", check("consider", verified=False))
        one.settle()
        one.now += timedelta(hours=1)
        one.webhook("background", "msg-3", check())
        one.settle()
        assert stage(one) is Stage.IN_REVIEW, "a person decides once a person was asked"
        assert all(finding.verified for finding in one.checks.findings(REFERENCE, CHECK))
        approved = Fact(
            FactKind.REVIEW_APPROVED, "r-1", data={"decision": "approve", "review_id": "r-1"}, actor="hr-1"
        )
        one.journeys.apply(REFERENCE, approved, one.now)
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        (decided,) = [
            item for item in one.timeline.page(CANDIDATE, 100, None).items if item["type"] == "review.decided"
        ]
        assert (decided["actor"], decided["sk"].split("#")[1][:10]) == ("hr-1", "2026-03-02")


# --- C2 -------------------------------------------------------------------------------------------------------------


def hired(one: World) -> None:
    one.hand_in(qualifying())
    one.settle()
    one.webhook("esign", "msg-1", envelope())
    one.webhook("background", "msg-2", check())
    one.settle()


def test_c2_progress_counts_by_when_it_was_so_whatever_order_it_comes_in() -> None:
    reports = [
        learnt(40, "2026-03-03T01:00:00Z"),
        learnt(100, "2026-03-05T01:00:00Z", 85),
        learnt(60, "2026-03-04T01:00:00Z"),
    ]
    ends = set()
    for order in itertools.permutations(range(3)):
        with world() as one:
            hired(one)
            for number in (*order, order[0]):
                one.webhook("lms", f"msg-l{number}", reports[number])
                one.settle()
            found = one.enrolments.find(EMPLOYEE, COURSE)
            assert found is not None
            ends.add((found.completion_percent, found.exam_score))
            assert ENROLMENT not in one.enrolments.unfinished(100, None, one.now)[0]
    assert ends == {(Decimal(100), Decimal(85))}


def test_c2_progress_that_is_pulled_before_the_enrolment_is_on_record_is_claimed_by_it() -> None:
    with world() as one:
        at = datetime(2026, 3, 3, tzinfo=UTC)
        one.lms.feed = [
            CourseProgressed("enr-of-somebody-else", at, Decimal(10)),
            CourseProgressed(ENROLMENT, at, Decimal(30), None, "学得很快"),
            CourseProgressed(ENROLMENT, at + timedelta(days=1), Decimal(50)),
        ]
        assert vars(one.pull_progress())["unknown"] == 3
        hired(one)
        found = one.enrolments.find(EMPLOYEE, COURSE)
        assert found is not None
        assert found.completion_percent == Decimal(50)
        assert one.enrolments.reviews(EMPLOYEE) == {COURSE: "学得很快"}
        again = one.pull_progress()
        assert (again.facts, again.news) == (0, 0)


def test_c2_a_pull_that_crashes_anywhere_loses_nothing() -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    feed = [CourseProgressed(ENROLMENT, at + timedelta(hours=n), Decimal(10 * n)) for n in range(1, 6)]
    undisturbed = Faults()
    with world(undisturbed) as one:
        hired(one)
        one.lms.feed = feed
        before = len(undisturbed.calls)
        one.pull_progress()
        calls = len(undisturbed.calls) - before
    assert calls > 15
    whens: tuple[When, ...] = ("before", "after")
    for call, when in itertools.product(range(1, calls + 1), whens):
        with world() as one:
            hired(one)
            one.lms.feed = feed
            one.faults.at, one.faults.when = len(one.faults.calls) + call, when
            with pytest.raises(Crash):
                one.pull_progress()
            one.pull_progress()
            found = one.enrolments.find(EMPLOYEE, COURSE)
            assert found is not None
            assert found.completion_percent == Decimal(50), f"crash {when} call {call}"


# --- A6 -------------------------------------------------------------------------------------------------------------


def applied(**more: Any) -> dict[str, Any]:
    data = {
        "external_id": "job-77",
        "candidate": {"name": "周晓", "email": "zhou.xiao@example.com", "phone": "13800000001"},
        "resume": {"work_history": [{"employer": "甲公司", "title": "销售", "from": "2020-01", "to": None}]},
        "evaluation": {"score": 88, "comment": "表达清晰", "by": "hr-li"},
        **more,
    }
    return {"type": "application.updated", "timestamp": "2026-03-02T01:00:00Z", "data": data}


@pytest.mark.parametrize("first", ["application", "interview"])
def test_a6_an_application_and_an_interview_of_one_person_are_one_candidate(first: str) -> None:
    with world() as one:
        if first == "application":
            one.webhook("ats", "msg-0", applied())
            one.settle()
        one.hand_in(qualifying())
        one.settle()
        if first == "interview":
            one.webhook("ats", "msg-0", applied())
            one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.webhook("background", "msg-2", check())
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        (made,) = one.background.ledger.made.values()
        assert [job.employer for job in made[3]] == ["甲公司"]  # type: ignore[index]  # a tuple
        link = one.applications.of(REFERENCE)
        assert link is not None
        assert link.external_id == "job-77"
        assert list(one.ats.ledger.made.values())[-1] == ("job-77", "onboarded", "employee.onboarded")


def test_nothing_of_the_new_vendors_is_in_the_clear() -> None:
    with world(Faults()) as one:
        one.webhook("ats", "msg-0", applied(candidate=qualifying()["candidate"]))
        hired(one)
        one.webhook("psychometric", "msg-a", assessed())
        one.webhook("lms", "msg-l", learnt(40, "2026-03-03T01:00:00Z") | {})
        one.settle()
        stored, events = repr(one.items()), repr([event.model_dump() for event in one.published])
        for secret in ("抗压能力较好", "表达清晰", "甲公司", qualifying()["candidate"]["national_id"]):
            assert secret not in stored
            assert secret not in events
        for personal in ("周晓", "zhou.xiao@example.com", "13800000001"):
            assert personal not in events


# --- found in review ------------------------------------------------------------------------------------------------


def test_a_waiting_delivery_that_is_replayed_or_sent_by_another_message_still_waits_and_then_is_applied() -> (
    None
):
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("background", "msg-1", check())
        one.settle()
        one.webhook("background", "msg-2", check())
        one.settle()
        first = one.deliveries.page(None, None, 10, None).items[-1]
        one.deliveries.replay(one.deliveries.get(first["delivery_id"]), "hr-1", one.now)
        one.settle()
        assert statuses(one) == ["waiting", "waiting"]
        one.webhook("esign", "msg-3", envelope())
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        assert statuses(one) == ["applied"] * 3


def test_a_lost_race_is_tried_again_and_does_not_fail_the_delivery() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one._relay()
        (message,) = [message for message in one.queue if message.consumer == "CallbackQueue"]

        class Losing:
            def __getattr__(self, name: str) -> Any:
                return getattr(one.hiring, name)

            def apply(self, *_: Any) -> Any:
                raise LostRace

        with pytest.raises(LostRace):
            apply_delivery(
                message.told.detail.subject.id, inbox=one.inbox, hiring=cast("Hiring", Losing()), now=one.now
            )
        one.settle()
        assert (stage(one), statuses(one)) == (Stage.CHECKING, ["applied"])


def test_a_statement_of_somebody_else_does_not_hold_up_ours_in_the_same_batch() -> None:
    with world() as one:
        hired(one)
        one.configurations.put(
            ConfigurationKind.VENDOR_CONNECTION, "lms", {"dialect": "xapi"}, actor="test", now=one.now
        )
        one.now += timedelta(minutes=2)
        one.keys = ["lms:secret"]

        def statement(registration: str, number: int) -> dict[str, Any]:
            return {
                "id": f"6690e6c9-3ef0-4ed3-8b37-7f3964730be{number}",
                "actor": {"mbox": "mailto:learner@example.com"},
                "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
                "object": {"id": "https://lms.example.com/orientation"},
                "context": {"registration": registration},
                "result": {"completion": True},
                "timestamp": "2026-03-05T01:00:00Z",
            }

        body = json.dumps([statement("somebody-elses", 1), statement(ENROLMENT, 2)]).encode()
        headers = {
            "authorization": [f"Basic {base64.b64encode(b'lms:secret').decode()}"],
            "x-experience-api-version": ["1.0.3"],
        }
        assert one.deliver("lms", Delivered(body, headers)) == 200
        one.settle()
        found = one.enrolments.find(EMPLOYEE, COURSE)
        assert found is not None
        assert found.completion_percent == Decimal(100)
        one.now += timedelta(hours=9)
        one.settle()
        (kept,) = one.deliveries.page(None, "lms", 10, None).items
        assert (kept["status"], one.queue) == ("failed", []), "what is nobody's is no dead letter"


def test_b8_an_ats_that_does_not_order_by_time_is_never_led_back() -> None:
    with world() as one:
        one.ats.orders_by_time = False
        one.hand_in(qualifying())
        one._relay()
        late = [message for message in one.queue if message.consumer == "AtsQueue"]
        one.queue = [message for message in one.queue if message.consumer != "AtsQueue"]
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.queue += late
        one.settle()
        assert [
            told for _, told, _ in cast("list[tuple[str, str, str]]", [*one.ats.ledger.made.values()])
        ] == [
            "offer_sent",
            "signed",
        ]


def test_b8_an_ats_hears_what_was_decided_before_its_application_was_found() -> None:
    with world() as one:
        one.ats.knows_interview_ids = False
        one.hand_in(failing())
        one.settle()
        assert one.ats.ledger.made == {}
        one.webhook("ats", "msg-0", applied())
        one.settle()
        assert [*one.ats.ledger.made.values()] == [("job-77", "talent_pool", "candidate.merged")]


def test_b8_what_an_ats_is_told_when_its_application_is_found_is_the_same_when_it_is_told_again() -> None:
    """The vendor did it and its answer was lost; meanwhile the journey has moved on, and the key is the same."""
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("ats", "msg-0", applied())
        one.settle()
        (merged,) = [told for told in one.published if told.name == "candidate.merged"]
        one.now += timedelta(minutes=1)
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        tell_ats(merged, journeys=one.journeys, applications=one.applications, ats=one.ats, now=one.now)
        assert one.ats.ledger.asked[merged.detail.event_id] == 2


def test_b8_an_ats_is_told_when_the_link_that_its_event_tells_of_is_there() -> None:
    """The event is told a moment before the link is written."""
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("ats", "msg-0", applied())
        one.settle()
        (merged,) = [told for told in one.published if told.name == "candidate.merged"]
        link = one.applications.of(REFERENCE)
        assert link is not None
        one.applications.unlink(link.application_id, REFERENCE)
        telling = {"journeys": one.journeys, "applications": one.applications, "ats": one.ats}
        with pytest.raises(Retry):
            tell_ats(merged, now=one.now, **telling)  # type: ignore[arg-type]  # three collaborators
        asked = one.ats.ledger.asked.copy()
        tell_ats(merged, now=one.now + timedelta(hours=2), **telling)  # type: ignore[arg-type]  # as above
        assert one.ats.ledger.asked == asked, "it was undone: there is nobody to tell"


def test_hr_is_one_that_resent_the_offer_and_the_other_hears_so() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope("expired"))
        one.settle()
        one.offers.resending(REFERENCE, 2, "先提出的", "request-1", one.now)
        with pytest.raises(LostRace):
            one.offers.resending(REFERENCE, 2, "后提出的", "request-2", one.now)
        one.offers.resending(REFERENCE, 2, "先提出的", "request-1", one.now)
        assert one.offers.resend_reason(REFERENCE, 2) == "先提出的"
