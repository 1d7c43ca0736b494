"""The hiring journey from the first request to the last event: every order, every duplicate, every crash."""

import itertools
from decimal import Decimal
from typing import Any, cast

import pytest

from rencai.hiring.rules.stages import Stage
from rencai.kernel import ids
from rencai.kernel.events import Subject, SubjectKind
from tests.journey.deliveries import NATIONAL_ID, OFFER, REFERENCE, check, envelope, failing, qualifying
from tests.journey.faults import Crash, Faults
from tests.journey.world import World, consumer_of, routes, world


def hire(one: World) -> None:
    """The undisturbed journey, deliveries in their natural order."""
    one.hand_in(qualifying())
    one.settle()
    one.webhook("esign", "msg-1", envelope())
    one.settle()
    one.webhook("background", "msg-2", check())
    one.settle()


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    with world() as one:
        hire(one)
        return one.end_state()


def test_every_consumer_of_an_event_is_found_by_its_handler() -> None:
    """Without this a consumer whose event no journey here brings about could not be found, and nobody would know."""
    found = {queue: consumer_of(queue) for queue, _ in routes()}
    assert {"OfferQueue", "CardQueue", "ImportQueue"} <= set(found)


def test_an_interview_becomes_an_onboarded_employee() -> None:
    with world() as one:
        candidate_id = one.hand_in(qualifying())
        assert candidate_id == REFERENCE
        one.settle()
        offer = one.wired.hiring.offers.get(candidate_id)
        assert (offer.terms.base_salary.amount, offer.envelope_id) == (Decimal("8000.00"), f"env-{OFFER}")
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.webhook("background", "msg-2", check())
        one.settle()

        record = one.wired.hiring.journeys.get(candidate_id)
        assert [entry.stage for entry in record.journey.stages] == [
            Stage.INTERVIEWED,
            Stage.QUALIFIED,
            Stage.OFFER_DRAFTED,
            Stage.OFFER_SENT,
            Stage.SIGNED,
            Stage.CHECKING,
            Stage.CLEARED,
            Stage.ONBOARDED,
        ]
        employee = one.wired.employees.employees.get(ids.employee_id(candidate_id))
        assert employee is not None
        assert (employee.role, employee.profile_of) == ("sales", "aiview/itv-worked-example-1")
        assert [(to, reference) for to, _, reference in one.mail.sent] == [
            ("zhou.xiao@example.com", f"onboarding-{candidate_id}")
        ]
        (made,) = one.background.ledger.made.values()
        assert made == ("周晓", NATIONAL_ID, candidate_id, ())
        assert [told.name for told in one.published if told.detail.subject.kind == "candidate"] == [
            "interview.received",
            "candidate.profiled",
            "offer.drafted",
            "offer.sent",
            "offer.signed",
            "check.requested",
            "check.cleared",
            "employee.onboarded",
        ]
        told = cast("list[tuple[str, str, str]]", list(one.ats.ledger.made.values()))
        assert [stage for _, stage, _ in told] == [
            "qualified",
            "offer_sent",
            "signed",
            "cleared",
            "onboarded",
        ]


def test_who_does_not_qualify_is_told_kindly_once_and_kept() -> None:
    with world() as one:
        candidate_id = one.hand_in(failing())
        one.settle()
        assert one.wired.hiring.journeys.get(candidate_id).journey.stage is Stage.TALENT_POOL
        assert [reference for *_, reference in one.mail.sent] == [f"talent_pool-{candidate_id}"]
        assert one.wired.hiring.offers.find(candidate_id) is None
        assert one.esign.ledger.made == {}
        # Found in review: it also heard of a qualification that never was.
        assert [
            stage for _, stage, _ in cast("list[tuple[str, str, str]]", [*one.ats.ledger.made.values()])
        ] == ["talent_pool"]


def test_who_fails_again_is_told_again() -> None:
    """Found in review: the second letter counted as sent."""
    with world() as one:
        one.hand_in(failing())
        one.settle()
        one.hand_in(failing() | {"interview_id": "itv-second"})
        one.settle()
        assert len(one.mail.sent) == 2


def test_a_result_for_another_check_is_refused_and_the_reviewers_findings_stay() -> None:
    """Found in review: the findings were overwritten before the fact was refused."""
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.webhook("background", "msg-2", check("consider", verified=False))
        one.settle()
        other = check()
        other["data"]["check_id"] = "chk-other"
        one.webhook("background", "msg-3", other)
        one.webhook("background", "msg-4", check())
        one.settle()
        assert one.wired.hiring.journeys.get(REFERENCE).journey.stage is Stage.IN_REVIEW
        found = one.wired.hiring.checks.findings(REFERENCE, f"chk-{REFERENCE}")
        assert [finding.verified for finding in found] == [False] * 4


def test_of_contradictory_early_results_the_adverse_one_counts() -> None:
    """Found in review: the clear one won by the alphabet."""
    with world() as one:
        one.hand_in(qualifying())
        one.webhook("background", "msg-2", check())
        one.webhook("background", "msg-3", check("consider", verified=False))
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        assert one.wired.hiring.journeys.get(REFERENCE).journey.stage is Stage.IN_REVIEW


def test_a_reference_that_is_not_ours_is_settled_and_not_waited_for() -> None:
    with world() as one:
        body = envelope()
        body["data"]["reference"] = "somebody-elses"
        one.webhook("esign", "msg-1", body)
        one.settle()
        (delivery,) = [item for item in one.items() if item["pk"].startswith("DELIVERY#")]
        assert (delivery["gsi1pk"], one.queue) == ("INBOX#failed", [])


def test_a_flagged_check_waits_for_a_person() -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.webhook("background", "msg-2", check("consider", verified=False))
        one.settle()
        assert one.wired.hiring.journeys.get(REFERENCE).journey.stage is Stage.IN_REVIEW
        assert [
            finding.verified for finding in one.wired.hiring.checks.findings(REFERENCE, f"chk-{REFERENCE}")
        ] == [False] * 4
        assert one.wired.employees.employees.get(ids.employee_id(REFERENCE)) is None


_DELIVERIES = ("interview", "interview", "signed", "signed", "checked", "checked")
_ORDERS = sorted(set(itertools.permutations(_DELIVERIES)))


def _deliver(one: World, what: str, number: int) -> None:
    if what == "interview":
        one.hand_in(qualifying())
    elif what == "signed":
        one.webhook("esign", f"msg-signed-{number}", envelope())
    else:
        one.webhook("background", f"msg-checked-{number}", check())


@pytest.mark.parametrize("eager", [True, False], ids=["settled-between", "all-at-once"])
@pytest.mark.parametrize("chunk", range(6))
def test_every_delivery_twice_in_every_order_ends_the_same(
    undisturbed: dict[str, Any], chunk: int, eager: bool
) -> None:
    """All 90 orders of a journey's deliveries, each delivered twice - the second time as the vendor's retry (the same
    message id) in half of the orders, as a new message of the same fact in the other half.
    """
    expected = _without_deliveries(undisturbed)
    assert len(_ORDERS) == 90
    for index, order in list(enumerate(_ORDERS))[chunk::6]:
        with world() as one:
            for position, what in enumerate(order):
                second = what in order[:position]
                _deliver(one, what, int(second and index % 2))
                if eager:
                    one.settle()
            one.settle()
            assert _without_deliveries(one.end_state()) == expected, order
            assert len(one.mail.sent) == 1, order
            assert one.dead == []


def _without_deliveries(state: dict[str, Any]) -> dict[str, Any]:
    """The inbox keeps every delivery, so it differs by design; the journey must not. Versions count the writes, and a
    fact that came early is a write of its own.
    """
    items = {
        key: {name: value for name, value in item.items() if name != "version"}
        for key, item in state["items"].items()
        if not key.startswith("DELIVERY#")
    }
    for item in items.values():
        if "applied" in item:
            item["applied"] = sorted(item["applied"])
    names = sorted({name for name, _ in state["events"] if not name.startswith("delivery.")})
    return {
        "items": items,
        "event names": names,
        "timeline length": len(state["timeline"]),
        "envelopes": state["envelopes"],
        "checks": state["checks"],
        "ats": sorted(told for _, told in state["ats"]),
    }


def _without_duplicates(state: dict[str, Any]) -> dict[str, Any]:
    """A vendor who got no answer sends again, and the inbox keeps that delivery too."""
    items = {key: item for key, item in state["items"].items() if item.get("gsi1pk") != "INBOX#duplicate"}
    return state | {"items": items}


def _calls_of_the_undisturbed_journey() -> list[str]:
    faults = Faults()
    with world(faults) as one:
        hire(one)
    return faults.calls


_CALLS = 143
"""At least as many as the journey makes (a test below holds it against the count), so that each is crashed at."""


def test_every_call_of_the_journey_is_crashed_at() -> None:
    calls = _calls_of_the_undisturbed_journey()
    assert len(calls) <= _CALLS
    assert {"mail.send", "esign.send", "background.request", "ats.tell_stage", "events.put_events"} <= set(
        calls
    )


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("chunk", range(9))
def test_a_crash_at_any_call_loses_nothing_and_repeats_nothing(
    undisturbed: dict[str, Any], chunk: int, when: Any
) -> None:
    for at in range(1 + chunk, _CALLS + 1, 9):
        faults = Faults(at, when)
        with world(faults) as one:
            hire(one)
            assert _without_duplicates(one.end_state()) == undisturbed, (
                f"crash {when} call {at}: {faults.crashed_at}"
            )
            assert len(one.mail.sent) == 1, f"crash {when} call {at}: {faults.crashed_at}"


def test_a_letter_sent_but_not_marked_is_sent_again_only_when_ses_says_nothing_of_it() -> None:
    """SES knows no idempotency key: what it tells of the letter is what we have, and it may be lost (decisions)."""
    at = _calls_of_the_undisturbed_journey().index("mail.send") + 1
    letters = []
    for silent in (False, True):
        with world(Faults(at, "after")) as one:
            one.ses_is_silent = silent
            hire(one)
            letters.append(len(one.mail.sent))
    assert letters == [1, 2]


def test_a_crash_is_not_an_exception_the_code_could_catch() -> None:
    assert not issubclass(Crash, Exception)


def test_a_finance_outage_makes_the_offer_wait_and_guesses_nothing() -> None:
    with world() as one:
        one.pay.outages = 3
        one.hand_in(qualifying())
        one._relay()
        assert one.wired.hiring.offers.find(REFERENCE) is None
        one.settle()
        assert one.wired.hiring.offers.get(REFERENCE).terms.base_salary.amount == Decimal("8000.00")
        assert len(one.esign.ledger.made) == 1


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        (envelope("declined"), "offer_declined"),
        (envelope("completed", "env-of-somebody-else"), "offer_signed"),
        (check("consider", verified=False), "check_flagged"),
    ],
)
def test_b9_an_illegal_delivery_is_refused_and_recorded_and_changes_nothing(
    undisturbed: dict[str, Any], body: dict[str, Any], fact: str
) -> None:
    with world() as one:
        hire(one)
        vendor = "background" if body["type"] == "check.completed" else "esign"
        one.webhook(vendor, "msg-late", body)
        one.settle()
        assert [(refusal.stage, refusal.fact) for refusal in one.refusals] == [("onboarded", fact)]
        page = one.wired.timeline.page(Subject(kind=SubjectKind.CANDIDATE, id=REFERENCE), 100, None)
        assert [item["type"] for item in page.items][-1] == "transition.refused"
        (refused,) = [
            item for item in one.items() if item["gsi1pk" if "gsi1pk" in item else "pk"] == "INBOX#failed"
        ]
        assert "409: The candidate is at stage" in refused["reason"]
        journey = f"CANDIDATE#{REFERENCE}/JOURNEY"
        assert one.end_state()["items"][journey] == undisturbed["items"][journey]


def test_b9_no_offer_to_a_rejected_candidate_whatever_the_vendor_says() -> None:
    with world() as one:
        one.hand_in(failing())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.webhook("background", "msg-2", check())
        one.settle()
        assert one.wired.hiring.journeys.get(REFERENCE).journey.stage is Stage.TALENT_POOL
        assert one.esign.ledger.made == {}
        assert {refusal.fact for refusal in one.refusals} == {"offer_signed", "check_cleared"}


def test_national_id_and_pay_are_not_in_the_table_nor_in_an_event() -> None:
    with world() as one:
        hire(one)
        stored = repr(one.items())
        told = repr([event.model_dump() for event in one.published])
        for secret in (NATIONAL_ID, "8000.00", "1600.00"):
            assert secret not in stored
            assert secret not in told
        for personal in ("周晓", "zhou.xiao@example.com", "+8613800000001"):
            assert personal not in told
