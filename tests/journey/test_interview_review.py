"""An interview that shows too little is decided by a person, whatever its score (B1): on a whole tenant."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, Literal, cast

import pytest

from functions.api.hr import handler
from functions.hiring.candidate_desk import CandidateFile, candidate_desk_of
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.hiring.rules.stages import Review, Stage
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.interviews.store.interviews import from_profile_document, to_profile_document
from rencai.kernel import ids
from rencai.kernel.errors import IllegalTransition
from rencai.kernel.events import Subject, SubjectKind
from tests.journey.deliveries import REFERENCE, check, envelope, failing, qualifying, silent, thin
from tests.journey.faults import Crash, Faults
from tests.journey.hr import asking
from tests.journey.world import World, world
from tests.shipped import DOCUMENTS

CANDIDATE: Final = Subject(kind=SubjectKind.CANDIDATE, id=REFERENCE)
REASON: Final = "已电话面谈,项目经历属实。"


def review(
    one: World,
    decision: Literal["approve", "reject"] = "approve",
    *,
    about: Review | None = None,
    review_id: str = "hr#1",
    actor: str = "hr-1",
) -> CandidateFile:
    """HR's request; whose connection broke comes again."""

    def call() -> CandidateFile:
        return candidate_desk_of(one.wired).review(
            REFERENCE, decision, REASON, about=about, review_id=review_id, actor=actor, now=one.now
        )

    try:
        return call()
    except Crash:
        return call()


def stage(one: World) -> Stage:
    return one.wired.hiring.journeys.get(REFERENCE).journey.stage


def told(one: World) -> list[str]:
    return [event.name for event in one.published if event.detail.subject == CANDIDATE]


def ats_told(one: World) -> list[str]:
    return [told for _, told, _ in cast("list[tuple[str, str, str]]", [*one.ats.ledger.made.values()])]


def test_a_top_score_of_one_short_answer_gets_no_offer_by_itself() -> None:
    with world() as one:
        one.hand_in(thin())
        one.settle()
        record = one.wired.hiring.journeys.get(REFERENCE)
        assert (record.card.overall, record.journey.review) == (Decimal("98.33"), Review.INTERVIEW)
        assert one.wired.hiring.offers.find(REFERENCE) is None
        assert (one.esign.ledger.made, one.psychometric.ledger.made, one.mail.sent) == ({}, {}, [])
        assert one.wired.training.plans.find(ids.employee_id(REFERENCE)) is None
        assert told(one) == ["interview.received", "candidate.profiled", "review.requested"]
        asked = one.published[-1].detail.data
        assert asked == {
            "about": "interview",
            "coverage": 0.3,
            "minimum_coverage": 0.5,
            "missing": ["customer_orientation"],
        }
        assert ats_told(one) == ["in_review"]


def test_the_worked_example_still_goes_through_by_itself() -> None:
    """Coverage 0.50, score 80: just enough of both."""
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        profile = one.wired.interviews.interviews.get("aiview", "itv-worked-example-1").profile
        assert (profile.coverage, profile.overall, profile.missing) == (Decimal("0.50"), Decimal("80.00"), ())
        assert stage(one) is Stage.OFFER_SENT


def offer_after_a_review(one: World) -> None:
    one.hand_in(thin())
    one.settle()
    review(one)
    one.settle()


def hire_after_a_review(one: World) -> None:
    offer_after_a_review(one)
    one.webhook("esign", "msg-1", envelope())
    one.settle()
    one.webhook("background", "msg-2", check())
    one.settle()


def turn_away_after_a_review(one: World) -> None:
    one.hand_in(thin())
    one.settle()
    review(one, "reject")
    one.settle()


def interview_again(one: World) -> None:
    one.hand_in(thin())
    one.settle()
    one.hand_in(qualifying())
    one.settle()


def test_who_is_approved_goes_the_ordinary_way() -> None:
    with world() as one:
        hire_after_a_review(one)
        stages = [entry.stage for entry in one.wired.hiring.journeys.get(REFERENCE).journey.stages]
        assert stages[:3] == [Stage.INTERVIEWED, Stage.IN_REVIEW, Stage.QUALIFIED]
        assert stages[-1] is Stage.ONBOARDED
        assert one.wired.hiring.offers.get(REFERENCE).terms.base_salary.amount == Decimal("10000.00")
        assert one.psychometric.ledger.made.keys() == {f"assessment-{REFERENCE}"}
        assert ats_told(one) == ["in_review", "qualified", "offer_sent", "signed", "cleared", "onboarded"]
        happened = candidate_desk_of(one.wired).history(REFERENCE, 100, None)[0]
        (decided,) = [entry for entry in happened if entry.type == "review.decided"]
        assert (decided.actor, decided.data) == (
            "hr-1",
            {"about": "interview", "decision": "approve", "review_id": "hr#1", "reason": REASON},
        )


def test_who_is_rejected_rests_in_the_pool_and_is_told_kindly() -> None:
    with world() as one:
        turn_away_after_a_review(one)
        assert stage(one) is Stage.TALENT_POOL
        assert told(one)[-2:] == ["review.decided", "candidate.declined_by_us"]
        assert [reference for *_, reference in one.mail.sent] == [f"talent_pool-{REFERENCE}"]
        assert ats_told(one) == ["in_review", "talent_pool"]
        assert one.wired.hiring.offers.find(REFERENCE) is None


@pytest.mark.parametrize("what", [failing, silent])
def test_a_low_score_of_too_little_is_looked_at_as_well(what: Callable[[], dict[str, Any]]) -> None:
    weak = what()
    weak["answers"] = weak["answers"][-1:]
    with world() as one:
        one.hand_in(weak)
        one.settle()
        assert (stage(one), one.mail.sent) == (Stage.IN_REVIEW, [])


def test_who_was_not_measured_at_all_and_is_approved_starts_at_the_bands_lower_end() -> None:
    with world() as one:
        one.hand_in(silent())
        one.settle()
        review(one)
        one.settle()
        assert one.wired.hiring.offers.get(REFERENCE).terms.base_salary.amount == Decimal("8000.00")


@pytest.mark.parametrize(
    ("second", "ends"),
    [(qualifying, Stage.OFFER_SENT), (failing, Stage.TALENT_POOL), (None, Stage.IN_REVIEW)],
)
def test_a_second_interview_decides_by_itself_if_it_shows_enough(
    second: Callable[[], dict[str, Any]] | None, ends: Stage
) -> None:
    with world() as one:
        one.hand_in(thin())
        one.settle()
        again = second() if second else thin("itv-thin-2")
        one.hand_in(again)
        one.settle()
        assert stage(one) is ends
        card = one.wired.hiring.journeys.get(REFERENCE).card
        assert card.interview_ids == ("itv-thin", again["interview_id"])
        assert card.profile_of == ("itv-thin" if second is None else again["interview_id"])
        assert told(one).count("review.requested") == 1


@pytest.mark.parametrize("second", ["approve", "reject"])
def test_of_two_reviews_the_first_counts_and_the_second_is_told_so(
    second: Literal["approve", "reject"],
) -> None:
    with world() as one:
        one.hand_in(thin())
        one.settle()
        review(one, "approve", review_id="hr#1")
        with pytest.raises(IllegalTransition) as caught:
            review(one, second, review_id="hr#2", actor="hr-2")
        assert caught.value.code is HiringRefusal.NOTHING_TO_REVIEW
        one.settle()
        # The first request again, as a client does that heard no answer: known, whatever has happened since.
        review(one, "approve", review_id="hr#1")
        one.settle()
        assert (stage(one), len(one.esign.ledger.made)) == (Stage.OFFER_SENT, 1)
        assert told(one).count("review.decided") == 1


def test_a_decision_about_the_other_thing_decides_nothing() -> None:
    with world() as one:
        one.hand_in(thin())
        one.settle()
        with pytest.raises(IllegalTransition) as caught:
            review(one, about=Review.CHECK)
        assert caught.value.code is HiringRefusal.REVIEW_OF_INTERVIEW
        assert stage(one) is Stage.IN_REVIEW
        review(one, about=Review.INTERVIEW, review_id="hr#2")
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.webhook("background", "msg-2", check("consider", verified=False))
        one.settle()
        with pytest.raises(IllegalTransition) as caught:
            review(one, about=Review.INTERVIEW, review_id="hr#3")
        assert caught.value.code is HiringRefusal.REVIEW_OF_CHECK
        # The request that decided about the interview comes once more: it is not one about the check.
        review(one, review_id="hr#2")
        assert one.wired.hiring.journeys.get(REFERENCE).journey.review is Review.CHECK
        review(one, review_id="hr#4")
        one.settle()
        assert stage(one) is Stage.ONBOARDED


def test_a_review_that_nobody_decides_is_raised_to_hr() -> None:
    with world() as one:
        one.hand_in(thin())
        one.settle()
        due_at = one.wired.hiring.journeys.get(REFERENCE).journey.due_at
        assert due_at is not None
        one.now = due_at.replace(day=due_at.day + 1)
        assert one.watchdog() == 1
        one.settle()
        (raised,) = [event.detail.data for event in one.published if event.name == "journey.overdue"]
        assert (raised["stage"], raised["asked"]) == ("in_review", None)


WAYS: Final = {
    "approved": offer_after_a_review,
    "rejected": turn_away_after_a_review,
    "interviewed again": interview_again,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("chunk", range(4))
def test_a_crash_at_any_call_loses_nothing_and_repeats_nothing(way: str, when: Any, chunk: int) -> None:
    walk = WAYS[way]
    smooth = Faults()
    with world(smooth) as one:
        walk(one)
        undisturbed, letters = _state(one), len(one.mail.sent)
    for at in range(1 + chunk, len(smooth.calls) + 1, 4):
        faults = Faults(at, when)
        with world(faults) as one:
            walk(one)
            where = f"crash {when} call {at}: {faults.crashed_at}"
            assert _state(one) == undisturbed, where
            assert len(one.mail.sent) == letters, where


def _state(one: World) -> dict[str, Any]:
    """A vendor who got no answer sends again, and the inbox keeps that delivery too."""
    state = one.end_state()
    state["items"] = {
        key: item for key, item in state["items"].items() if item.get("gsi1pk") != "INBOX#duplicate"
    }
    return state


def test_what_vendors_tell_while_a_person_decides_hires_nobody() -> None:
    with world() as one:
        one.hand_in(thin())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.webhook("background", "msg-2", check())
        one.settle()
        assert stage(one) is Stage.IN_REVIEW
        review(one, "reject")
        one.settle()
        assert stage(one) is Stage.TALENT_POOL
        assert one.wired.employees.employees.get(ids.employee_id(REFERENCE)) is None
        assert told(one).count("transition.refused") == 2
        assert one.esign.ledger.made == {}


# --- what HR is shown and answered


WHY: Final = {
    "zh-CN": ["面试只测到模型权重的 0.30,要求至少 0.50", "必测的胜任力“客户导向”没有测到"],
    "en": [
        "The interview covers 0.30 of the model, and at least 0.50 is asked for",
        "The required competency 'Customer orientation' was not measured",
    ],
}


@pytest.mark.parametrize("language", WHY)
def test_hr_is_shown_what_waits_and_why(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(thin())
        one.settle()
        ask = asking(one, monkeypatch, handler)
        status, shown = ask("GET", f"/candidates/{REFERENCE}", language=language)
        assert (status, shown["stage"]) == (200, "in_review")
        entered = shown["stages"][-1]
        name = {"zh-CN": "客户导向", "en": "Customer orientation"}[language]
        assert shown["review"] == {
            "about": "interview",
            "requested_at": entered["entered_at"],
            "due_at": entered["due_at"],
            "reasons": WHY[language],
            "interview_id": "itv-thin",
            "overall": 98.33,
            "coverage": 0.3,
            "minimum_coverage": 0.5,
            "missing": [{"id": "customer_orientation", "name": name}],
        }
        assert shown["findings"] is None
        profile = ask("GET", f"/candidates/{REFERENCE}/profile")[1]
        assert (
            profile["coverage"],
            profile["minimum_coverage"],
            profile["missing"],
            profile["qualifies"],
        ) == (
            0.3,
            0.5,
            ["customer_orientation"],
            True,
        )
        (asked,) = [
            entry["data"]
            for entry in ask("GET", f"/candidates/{REFERENCE}/timeline")[1]["items"]
            if entry["type"] == "review.requested"
        ]
        assert (asked["about"], asked["coverage"], asked["minimum_coverage"]) == ("interview", 0.3, 0.5)


def test_a_check_that_waits_is_shown_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.webhook("background", "msg-2", check("consider", verified=False))
        one.settle()
        shown = asking(one, monkeypatch, handler)("GET", f"/candidates/{REFERENCE}", language="en")[1]
        assert shown["review"]["about"] == "check"
        assert shown["review"]["reasons"] == ["The background check is not plainly clear; see its findings"]
        assert (shown["review"]["interview_id"], shown["review"]["missing"]) == (None, [])
        assert [finding["verified"] for finding in shown["findings"]] == [False] * 4


def test_hrs_answer_is_about_what_waits_or_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/candidates/{REFERENCE}/review"
    approve = {"decision": "approve", "reason": REASON}
    with world() as one:
        one.hand_in(thin())
        one.settle()
        ask = asking(one, monkeypatch, handler)
        for language, words in (
            ("zh-CN", "等待复核的是面试"),
            ("en", "What waits for a review is the interview"),
        ):
            status, problem = ask("POST", path, approve | {"about": "check"}, language=language)
            assert (status, problem["type"]) == (409, "urn:rencai:problem:review_of_interview")
            assert problem["detail"].startswith(words)
        status, problem = ask("POST", path, approve | {"about": "hearsay"})
        assert (status, [error["path"] for error in problem["errors"]]) == (400, ["about"])
        status, shown = ask("POST", path, approve | {"about": "interview"}, key="yes")
        assert (status, shown["stage"]) == (200, "qualified")
        assert shown["review"] is None
        # Heard no answer and asked again, when a check waits: known, and the check still waits.
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.webhook("background", "msg-2", check("consider", verified=False))
        one.settle()
        for again in (approve, approve | {"about": "interview"}):
            status, shown = ask("POST", path, again, key="yes")
            assert (status, shown["stage"], shown["review"]["about"]) == (200, "in_review", "check")
        for other in ({"decision": "reject", "reason": "-"}, approve | {"about": "check"}):
            status, problem = ask("POST", path, other, key="yes")
            assert (status, problem["type"]) == (409, "urn:rencai:problem:key_reused")
        status, problem = ask("POST", path, approve | {"about": "interview"}, key="no", language="en")
        assert (status, problem["type"]) == (409, "urn:rencai:problem:review_of_check")
        assert ask("POST", path, approve, key="check")[1]["stage"] == "cleared"
        status, problem = ask("POST", path, approve, key="again")
        assert (status, problem["type"]) == (409, "urn:rencai:problem:nothing_to_review")


def test_two_who_decide_at_one_moment_are_told_who_was_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has read the journey before the first has written it."""
    with world() as one:
        one.hand_in(thin())
        one.settle()
        desk = candidate_desk_of(one.wired)
        decided = desk.checks.decided

        def first(*arguments: Any) -> None:
            monkeypatch.setattr(type(desk.checks), "decided", lambda _, *rest: decided(*rest))
            review(one, "reject", review_id="hr#1")
            decided(*arguments)

        monkeypatch.setattr(type(desk.checks), "decided", lambda _, *arguments: first(*arguments))
        with pytest.raises(IllegalTransition):
            review(one, "approve", review_id="hr#2", actor="hr-2")
        one.settle()
        assert (stage(one), one.wired.hiring.offers.find(REFERENCE)) == (Stage.TALENT_POOL, None)
        assert told(one).count("review.decided") == 1


# --- models, and profiles of before


def test_a_model_that_asks_for_nothing_decides_by_the_score_alone() -> None:
    with world() as one:
        model = DOCUMENTS[COMPETENCY_MODEL, "sales"].content | {"minimum_coverage": 0, "required": []}
        one.wired.configurations.put(COMPETENCY_MODEL, "sales", model, actor="hr-1", now=one.now)
        one.hand_in(thin())
        one.settle()
        assert stage(one) is Stage.OFFER_SENT


def test_a_required_competency_is_missed_at_any_coverage() -> None:
    with world() as one:
        model = DOCUMENTS[COMPETENCY_MODEL, "sales"].content | {"required": ["negotiation"]}
        one.wired.configurations.put(COMPETENCY_MODEL, "sales", model, actor="hr-1", now=one.now)
        one.hand_in(qualifying())
        one.settle()
        assert one.published[-1].detail.data | {"missing": ["negotiation"]} == one.published[-1].detail.data
        assert stage(one) is Stage.IN_REVIEW


def test_a_profile_of_before_asked_for_nothing() -> None:
    with world() as one:
        one.hand_in(thin())
        profile = one.wired.interviews.interviews.profile("aiview", "itv-thin")
        assert from_profile_document(to_profile_document(profile)) == profile
        before = {k: v for k, v in to_profile_document(profile).items() if k not in ("minimum", "missing")}
        assert from_profile_document(before).is_conclusive
