"""A person's word against the journey's: taken on after all, and withdrawn (B1, B9)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.api.hr import handler
from rencai.hiring.rules.facts import EnvelopeOutcome
from rencai.hiring.rules.stages import Place, Review, Stage
from rencai.kernel.errors import IllegalTransition, VendorRefusal
from rencai.wiring.events import DATA_MODELS
from tests.journey.deliveries import OFFER, REFERENCE, check, envelope, failing, qualifying, thin
from tests.journey.edge import CHECK, ENVELOPE, assessed, stage, told
from tests.journey.faults import Crash, Faults
from tests.journey.hr import asking
from tests.journey.test_contact import held_back
from tests.journey.world import Message, World, world
from tests.logs import logged

PATH = f"/candidates/{REFERENCE}"
WORDS = "候选人来电,家里老人生病,去不了上海"
WITHDRAWAL = {"by": "candidate", "code": "personal", "reason": WORDS}
ON = {"reason": "面试官复听录音后认为达标"}


def qualified(one: World) -> list[Any]:
    one.hand_in(qualifying())
    return held_back(one, "OfferQueue")


def drafted(one: World) -> list[Any]:
    one.hand_in(qualifying())
    return held_back(one, "SignatureQueue")


def sent(one: World) -> list[Any]:
    one.hand_in(qualifying())
    one.settle()
    return []


def signed(one: World) -> list[Any]:
    sent(one)
    one.webhook("esign", "msg-1", envelope())
    return held_back(one, "CheckQueue")


def checking(one: World) -> list[Any]:
    sent(one)
    one.webhook("esign", "msg-1", envelope())
    one.settle()
    return []


def in_review(one: World) -> list[Any]:
    checking(one)
    one.webhook("background", "msg-2", check("consider", verified=False))
    one.settle()
    return []


def talent_pool(one: World) -> list[Any]:
    one.hand_in(failing())
    one.settle()
    return []


def interview_in_review(one: World) -> list[Any]:
    one.hand_in(thin())
    one.settle()
    return []


OPEN: dict[Place, tuple[Callable[[World], list[Any]], set[str]]] = {
    Stage.QUALIFIED: (qualified, set()),
    Stage.OFFER_DRAFTED: (drafted, {"envelope"}),
    Stage.OFFER_SENT: (sent, {"envelope"}),
    Stage.SIGNED: (signed, {"signed_offer", "check"}),
    Stage.CHECKING: (checking, {"signed_offer", "check"}),
    Review.INTERVIEW: (interview_in_review, set()),
    Review.CHECK: (in_review, {"signed_offer"}),
    Stage.TALENT_POOL: (talent_pool, set()),
}
"""How a journey comes to each open stage, with the messages of steps not taken yet, and what goes on when it is
withdrawn there.
"""


@pytest.mark.parametrize("at", OPEN, ids=str)
def test_a_journey_is_withdrawn_at_any_open_stage(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    come, goes_on = OPEN[at]
    with world() as one:
        waiting = come(one)
        assert one.wired.hiring.journeys.get(REFERENCE).journey.place is at
        letters = list(one.mail.sent)
        ask = asking(one, monkeypatch, handler)
        with logged() as log:
            status, shown = ask("POST", f"{PATH}/withdrawal", WITHDRAWAL, key="no-1")
        assert (status, shown["stage"]) == (200, "withdrawn")
        assert {name: shown["withdrawal"][name] for name in WITHDRAWAL} == WITHDRAWAL
        assert {said["what"] for said in shown["withdrawal"]["goes_on"]} - {"assessment"} == goes_on
        one.queue += waiting
        one.settle()
        # The same request again, then another.
        assert ask("POST", f"{PATH}/withdrawal", WITHDRAWAL, key="no-1")[0] == 200
        status, problem = ask("POST", f"{PATH}/withdrawal", WITHDRAWAL, key="no-2")
        assert (status, problem["type"]) == (409, "urn:rencai:problem:nothing_to_withdraw")
        one.settle()
        assert told(one).count("candidate.withdrawn") == 1
        # Nothing runs on by itself: no letter, no step, nobody late; and the ATS knows.
        one.now += timedelta(days=30)
        one.watchdog()
        one.settle()
        assert one.mail.sent == letters
        assert stage(one) is Stage.WITHDRAWN
        assert [stage for _, stage in _stages_told(one)][-1] == "withdrawn"
        # The words are for HR alone.
        (event,) = [event for event in one.published if event.name == "candidate.withdrawn"]
        assert event.detail.data == {
            "by": "candidate",
            "code": "personal",
            "decision_id": event.detail.data["decision_id"],
        }
        DATA_MODELS[event.name].model_validate(event.detail.data)
        assert WORDS not in log.text + str(one.items()) + str(one.published)
        (entry,) = [
            entry
            for entry in ask("GET", f"{PATH}/timeline?limit=100")[1]["items"]
            if entry["type"] == "candidate.withdrawn"
        ]
        assert (entry["data"]["reason"], entry["data"]["code"]) == (WORDS, "personal")


def _stages_told(one: World) -> list[Any]:
    return [(key, told[1]) for key, told in one.ats.ledger.made.items()]  # type: ignore[index]  # as FakeAts keeps it


@pytest.mark.parametrize("ended", ["cleared", "onboarded", "declined", "expired", "rejected"])
def test_what_has_ended_is_not_withdrawn(ended: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        sent(one)
        if ended in ("declined", "expired"):
            one.webhook("esign", "msg-1", envelope(ended))
            one.settle()
        else:
            one.webhook("esign", "msg-1", envelope())
            one.settle()
        ask = asking(one, monkeypatch, handler)
        if ended == "rejected":
            one.webhook("background", "msg-2", check("consider", verified=False))
            one.settle()
            assert ask("POST", f"{PATH}/review", {"decision": "reject", "reason": "不符"})[0] == 200
        if ended in ("cleared", "onboarded"):
            one.webhook("background", "msg-2", check())
            held_back(one, "OnboardingQueue") if ended == "cleared" else one.settle()
        before = stage(one)
        assert ended in before
        for language, words in (("zh-CN", "招聘流程不能再撤回"), ("en", "nothing is left to withdraw")):
            status, problem = ask("POST", f"{PATH}/withdrawal", WITHDRAWAL, language=language)
            assert (status, problem["type"]) == (409, "urn:rencai:problem:nothing_to_withdraw")
            assert words in problem["detail"]
        assert stage(one) is before


def test_the_envelope_that_is_out_is_voided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        sent(one)
        ask = asking(one, monkeypatch, handler)
        ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        assert one.esign.voided == [ENVELOPE]
        one.queue += [
            Message("SignatureQueue", event) for event in one.published if event.name == "candidate.withdrawn"
        ]
        one.settle()
        assert one.esign.voided == [ENVELOPE]
        assert ask("GET", f"/offers/{OFFER}")[1]["status"] == "voided"


def test_an_envelope_that_goes_out_while_the_journey_is_withdrawn_is_voided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        waiting = drafted(one)
        ask = asking(one, monkeypatch, handler)
        send = one.esign.send

        def withdrawn_meanwhile(**asked: Any) -> Any:
            made = send(**asked)
            monkeypatch.setattr(one.esign, "send", send)
            assert ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)[0] == 200
            # Its own message finds nothing to void yet.
            held_back(one)
            assert one.esign.voided == []
            return made

        monkeypatch.setattr(one.esign, "send", withdrawn_meanwhile)
        one.queue += waiting
        one.settle()
        assert (stage(one), one.esign.voided) == (Stage.WITHDRAWN, [ENVELOPE])


@pytest.mark.parametrize("at", [Stage.SIGNED, Stage.CHECKING, Review.CHECK], ids=str)
def test_what_is_signed_is_not_voided(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        OPEN[at][0](one)
        ask = asking(one, monkeypatch, handler)
        ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        assert one.esign.voided == []
        assert ask("GET", f"/offers/{OFFER}")[1]["status"] == "signed"


def test_a_vendor_that_cannot_void_is_told_to_hr_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.esign.voids = False
        sent(one)
        asking(one, monkeypatch, handler)("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        one.queue += [
            Message("SignatureQueue", event) for event in one.published if event.name == "candidate.withdrawn"
        ]
        one.settle()
        (contested,) = [event for event in one.published if event.name == "offer.contested"]
        assert contested.detail.data == {"offer_id": OFFER, "envelope_id": ENVELOPE, "cause": "not_voided"}


def test_a_signature_whose_webhook_is_late_is_found_by_voiding(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        sent(one)
        one.esign.closed[ENVELOPE] = EnvelopeOutcome.COMPLETED
        asking(one, monkeypatch, handler)("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        assert one.esign.voided == []
        (contested,) = [event for event in one.published if event.name == "offer.contested"]
        assert contested.detail.data["cause"] == "signed"


def _withdrawn(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the interview to the voided envelope; HR asks again with its key after a crash."""
    ask = asking(one, monkeypatch, handler)
    sent(one)
    try:
        status = ask("POST", f"{PATH}/withdrawal", WITHDRAWAL, key="no-1")[0]
    except Crash:
        status = 0
    if status != 200:
        assert ask("POST", f"{PATH}/withdrawal", WITHDRAWAL, key="no-1")[0] == 200
    one.settle()


def _reconsidered(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = asking(one, monkeypatch, handler)
    talent_pool(one)
    try:
        status = ask("POST", f"{PATH}/reconsideration", ON, key="on-1")[0]
    except Crash:
        status = 0
    if status != 200:
        assert ask("POST", f"{PATH}/reconsideration", ON, key="on-1")[0] == 200
    one.settle()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("way", [_withdrawn, _reconsidered])
def test_a_crash_at_any_call_from_the_decision_on_loses_nothing_and_repeats_nothing(
    way: Callable[[World, pytest.MonkeyPatch], None], when: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sent if way is _withdrawn else talent_pool
    calm = Faults()
    with world(calm) as one:
        before(one)
        first = len(calm.calls)
    calm = Faults()
    with world(calm) as one:
        way(one, monkeypatch)
        last, undisturbed = len(calm.calls), _told_and_done(one)
    assert last - first > 10
    # Each of the route's calls, and every third of those that follow.
    for at in [*range(first + 1, first + 8), *range(first + 8, last + 1, 3)]:
        faults = Faults(at, when)
        with world(faults) as one:
            way(one, monkeypatch)
            assert _told_and_done(one) == undisturbed, f"crash {when} call {at}: {faults.crashed_at}"


def _told_and_done(one: World) -> dict[str, Any]:
    return {
        "stage": stage(one),
        "timeline": sorted(told(one)),
        "envelopes": list(one.esign.ledger.made),
        "voided": sorted(set(one.esign.voided)),
        "letters": [(to, letter) for to, letter, _ in one.mail.sent],
        "ats": [stage for _, stage in _stages_told(one)],
    }


def test_a_signature_after_the_withdrawal_moves_nothing_and_hr_hears_of_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        sent(one)
        ask = asking(one, monkeypatch, handler)
        ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        for message in ("msg-1", "msg-2"):
            one.webhook("esign", message, envelope())
            one.settle()
        assert stage(one) is Stage.WITHDRAWN
        (contested,) = [event for event in one.published if event.name == "offer.contested"]
        assert contested.detail.data == {"offer_id": OFFER, "envelope_id": ENVELOPE, "cause": "signed"}
        assert "transition.refused" in told(one)


def test_the_vendor_s_word_that_the_envelope_is_void_is_no_surprise(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        sent(one)
        asking(one, monkeypatch, handler)("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        one.webhook("esign", "msg-1", envelope("voided"))
        one.settle()
        assert "transition.refused" not in told(one)


def test_what_was_withdrawn_by_mistake_goes_out_again_in_another_envelope(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        sent(one)
        ask = asking(one, monkeypatch, handler)
        ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        assert ask("POST", f"/offers/{OFFER}/resend", {"reason": "点错了人"})[0] == 200
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        assert ask("GET", PATH)[1]["withdrawal"] is None
        one.webhook("esign", "msg-1", envelope("completed", f"{ENVELOPE}-2"))
        one.webhook("background", "msg-2", check())
        one.settle()
        assert stage(one) is Stage.ONBOARDED


def test_what_ends_the_next_envelope_is_not_taken_for_the_word_that_ended_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Found in review: the vendor voided the second envelope, and HR was shown who had withdrawn the first, and why."""
    with world() as one:
        sent(one)
        ask = asking(one, monkeypatch, handler)
        ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        ask("POST", f"/offers/{OFFER}/resend", {"reason": "点错了人"})
        one.settle()
        one.webhook("esign", "msg-1", envelope("voided", f"{ENVELOPE}-2"))
        one.settle()
        assert stage(one) is Stage.WITHDRAWN
        assert ask("GET", PATH)[1]["withdrawal"] is None
        # Signed all the same is a fact that is refused; nobody of ours withdrew what they signed.
        assert "offer.voided" in told(one)


def test_an_envelope_that_the_vendor_will_not_speak_of_is_told_to_hr_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        sent(one)

        def refuses(envelope_id: str) -> None:
            raise VendorRefusal("esign", f"answered 404 of {envelope_id}")

        monkeypatch.setattr(one.esign, "status", refuses)
        asking(one, monkeypatch, handler)("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        assert told(one).count("offer.contested") == 1


def test_each_envelope_that_the_vendor_will_not_void_is_told_to_hr(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        sent(one)

        def refuses(envelope_id: str, _: str) -> None:
            raise VendorRefusal("esign", f"answered 405 of {envelope_id}")

        monkeypatch.setattr(one.esign, "void", refuses)
        ask = asking(one, monkeypatch, handler)
        for withdrawn in (1, 2):
            assert ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)[0] == 200
            one.settle()
            assert told(one).count("offer.contested") == withdrawn
            assert ask("POST", f"/offers/{OFFER}/resend", {"reason": "-"})[0] == 200
            one.settle()


def test_a_key_that_has_decided_one_thing_decides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        talent_pool(one)
        ask = asking(one, monkeypatch, handler)
        assert ask("POST", f"{PATH}/reconsideration", ON, key="one")[0] == 200
        one.settle()
        tries: list[tuple[str, dict[str, str]]] = [
            ("withdrawal", WITHDRAWAL),
            ("first-day", {"starts_on": "2026-04-13", "reason": "-"}),
            ("review", {"decision": "approve", "reason": "-"}),
        ]
        for path, body in tries:
            status, problem = ask("POST", f"{PATH}/{path}", body, key="one")
            assert (status, problem["type"]) == (409, "urn:rencai:problem:key_reused"), path
        assert ask("POST", f"{PATH}/withdrawal", WITHDRAWAL, key="two")[0] == 200
        assert ask("POST", f"{PATH}/withdrawal", {**WITHDRAWAL, "code": "terms"}, key="two")[0] == 409
        one.settle()
        ask("POST", f"/offers/{OFFER}/resend", {"reason": "-"}, key="three")
        one.settle()
        # It is over: the same request once more neither ends the journey again nor says other words.
        assert ask("POST", f"{PATH}/withdrawal", {**WITHDRAWAL, "reason": "x"}, key="two")[0] == 200
        assert stage(one) is Stage.OFFER_SENT
        reasons = {
            entry["type"]: entry["data"]["reason"]
            for entry in ask("GET", f"{PATH}/timeline?limit=100")[1]["items"]
            if entry["type"].startswith("candidate.") and "reason" in entry["data"]
        }
        assert reasons["candidate.reconsidered"] == ON["reason"]
        assert reasons["candidate.withdrawn"] == WORDS


def test_what_was_signed_is_not_sent_again_and_hr_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        checking(one)
        ask = asking(one, monkeypatch, handler)
        ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        status, problem = ask("POST", f"/offers/{OFFER}/resend", {"reason": "-"})
        assert (status, problem["type"]) == (409, "urn:rencai:problem:offer_was_signed")
        assert one.wired.hiring.offers.resend_reason(REFERENCE, 2) is None


@pytest.mark.parametrize("wrong", [{"by": "us"}, {"code": "bored"}, {"reason": ""}, {"reason": "x" * 2001}])
def test_a_withdrawal_says_whose_and_why(wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        sent(one)
        assert asking(one, monkeypatch, handler)("POST", f"{PATH}/withdrawal", WITHDRAWAL | wrong)[0] == 400
        assert stage(one) is Stage.OFFER_SENT


def test_nobody_asks_for_the_assessment_of_who_is_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = Faults()
    with world(faults) as one:
        sent(one)
        ask = asking(one, monkeypatch, handler)
        shown = ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)[1]
        assert "assessment" in {said["what"] for said in shown["withdrawal"]["goes_on"]}
        one.settle()
        one.now += timedelta(days=10)
        assert one.watchdog() == 1
        assert one.watchdog() == 0, "it is on no list any more"
        assert "psychometric.status" not in faults.calls
        # Taken all the same, it is merged in, and nothing else comes of it.
        one.webhook("psychometric", "msg-9", assessed())
        one.settle()
        assert ask("GET", f"{PATH}/profile")[1]["assessment"]["scales"]
        assert stage(one) is Stage.WITHDRAWN


# --- why an offer was declined ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("ended", "at"), [("declined", "offer_declined"), ("voided", "withdrawn")])
def test_hr_sees_why_an_offer_was_declined_or_voided(
    ended: str, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world() as one, logged() as log:
        sent(one)
        # Told again in other words, what was told first stays.
        for message, reason in (("msg-1", "薪资低于另一家公司"), ("msg-2", "另一家公司更近")):
            one.webhook("esign", message, envelope(ended, reason=reason))
            one.settle()
        ask = asking(one, monkeypatch, handler)
        shown = ask("GET", PATH)[1]
        assert (shown["stage"], shown["closing_reason"]) == (at, "薪资低于另一家公司")
        assert ask("GET", f"/offers/{OFFER}")[1]["closing_reason"] == "薪资低于另一家公司"
        (entry,) = [
            entry
            for entry in ask("GET", f"{PATH}/timeline?limit=100")[1]["items"]
            if entry["type"] == f"offer.{ended}"
        ]
        assert entry["data"]["reason"] == "薪资低于另一家公司"
        assert "另一家公司" not in log.text + str(one.items()) + str(one.published)
        # What is out now was declined by nobody; what was said then stays on the timeline.
        assert ask("POST", f"/offers/{OFFER}/resend", {"reason": "调整后再发"})[0] == 200
        one.settle()
        assert ask("GET", PATH)[1]["closing_reason"] is None
        assert ask("GET", f"/offers/{OFFER}")[1]["closing_reason"] is None


def test_who_declines_without_a_word_said_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        sent(one)
        one.webhook("esign", "msg-1", envelope("declined"))
        one.settle()
        assert asking(one, monkeypatch, handler)("GET", PATH)[1]["closing_reason"] is None


# --- taken on after all ---------------------------------------------------------------------------------------


def test_who_rests_in_the_pool_is_taken_on_by_a_person_s_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        talent_pool(one)
        ask = asking(one, monkeypatch, handler)
        status, shown = ask("POST", f"{PATH}/reconsideration", ON, key="on-1")
        assert (status, shown["stage"]) == (200, "qualified")
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        # Below the band's anchors: its lower end.
        assert ask("GET", f"/offers/{OFFER}")[1]["base_salary"]["amount"] == "8000.00"
        assert ask("POST", f"{PATH}/reconsideration", ON, key="on-1")[0] == 200
        for language, words in (("zh-CN", "只有人才库"), ("en", "only somebody in the talent pool")):
            status, problem = ask("POST", f"{PATH}/reconsideration", ON, key="on-2", language=language)
            assert (status, problem["type"]) == (409, "urn:rencai:problem:nothing_to_reconsider")
            assert words in problem["detail"]
        assert [stage for _, stage in _stages_told(one)][:2] == ["talent_pool", "qualified"]
        (entry,) = [
            entry
            for entry in ask("GET", f"{PATH}/timeline?limit=100")[1]["items"]
            if entry["type"] == "candidate.reconsidered"
        ]
        assert entry["data"]["reason"] == ON["reason"]
        assert ON["reason"] not in str(one.items()) + str(one.published)
        one.webhook("esign", "msg-1", envelope())
        one.webhook("background", "msg-2", check())
        one.settle()
        assert stage(one) is Stage.ONBOARDED


def test_who_is_taken_on_before_the_kind_letter_goes_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(failing())
        waiting = held_back(one, "NoticeQueue")
        asking(one, monkeypatch, handler)("POST", f"{PATH}/reconsideration", ON)
        one.queue += waiting
        one.settle()
        assert one.mail.sent == []
        assert stage(one) is Stage.OFFER_SENT


def test_a_better_interview_and_a_person_s_word_at_one_moment_are_one_offer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        talent_pool(one)
        again = qualifying()
        again["interview_id"] += "-2"
        one.hand_in(again)
        status, _ = asking(one, monkeypatch, handler)("POST", f"{PATH}/reconsideration", ON)
        assert status == 409
        one.settle()
        assert stage(one) is Stage.OFFER_SENT
        assert list(one.esign.ledger.made) == [OFFER]


def test_nobody_known_is_404(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        ask = asking(one, monkeypatch, handler)
        assert ask("POST", f"{PATH}/reconsideration", ON)[0] == 404
        assert ask("POST", f"{PATH}/withdrawal", WITHDRAWAL)[0] == 404


def test_both_in_turn_and_refused_facts_stay_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        checking(one)
        asking(one, monkeypatch, handler)("POST", f"{PATH}/withdrawal", WITHDRAWAL)
        one.settle()
        one.webhook("background", "msg-2", check())
        one.settle()
        assert stage(one) is Stage.WITHDRAWN
        (refused,) = one.refusals
        assert isinstance(refused, IllegalTransition)
        assert (refused.stage, refused.fact) == ("withdrawn", "check_cleared")
        assert one.wired.hiring.checks.findings(REFERENCE, CHECK) == [], "nobody looks at them any more"
