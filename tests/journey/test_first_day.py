"""The first day of work, said by HR before it and corrected after: whatever hangs on it follows (B6, C1, C3, F1)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from functions.api.employees import handler as employees
from functions.api.hr import handler
from functions.employees.first_day import FirstDayFile, first_day_desk_of
from functions.training import review
from rencai.employees.rules.signals import AnswerReport, AttendanceWeek, SurveyReport, survey_answers
from rencai.employees.store.employees import employee_told
from rencai.employees.store.signals import attendance_told
from rencai.hiring.rules.stages import Stage
from rencai.platform.consumer import Retry
from rencai.store.corrections import record
from tests.journey.deliveries import REFERENCE, check, envelope, qualifying
from tests.journey.edge import EMPLOYEE, hired, stage
from tests.journey.faults import Crash, Faults
from tests.journey.hr import asking
from tests.journey.test_contact import held_back
from tests.journey.world import World, world

PATH = f"/candidates/{REFERENCE}"
DAY = date(2026, 4, 13)
SAID = {"starts_on": DAY.isoformat(), "reason": "候选人要先交接前公司的工作"}
USUAL = date(2026, 3, 16)
"""The day that the shipped kit's days of grace lead to."""


def _employee(one: World) -> Any:
    return one.wired.employees.employees.get(EMPLOYEE)


def _plan(one: World) -> Any:
    file = one.wired.training.plans.find(EMPLOYEE)
    assert file is not None
    return file.plan


def _goes_on(one: World) -> None:
    one.webhook("esign", "msg-1", envelope())
    one.webhook("background", "msg-2", check())
    one.settle()


# --- before it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["qualified", "offer_drafted", "offer_sent", "signed", "checking"])
def test_onboarding_goes_by_the_day_that_hr_says(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    queues = {"qualified": "OfferQueue", "offer_drafted": "SignatureQueue", "signed": "CheckQueue"}
    with world() as one:
        one.hand_in(qualifying())
        waiting = held_back(one, queues[at]) if at in ("qualified", "offer_drafted") else []
        one.settle()
        if at in ("signed", "checking"):
            one.webhook("esign", "msg-1", envelope())
            waiting = held_back(one, queues[at]) if at == "signed" else []
            one.settle()
        assert stage(one) == at
        drafted = _plan(one)
        ask = asking(one, monkeypatch, handler)
        for _ in range(2):
            status, shown = ask("POST", f"{PATH}/first-day", SAID, key="day-1")
            assert (status, shown["starts_on"], shown["stage"]) == (200, str(DAY), at)
        one.settle()
        assert _plan(one).starts_on == DAY != drafted.starts_on, "the draft follows"
        assert len(one.esign.ledger.made) <= 1, "the letter names no day: it is not sent again"
        one.queue += waiting
        one.settle()
        _goes_on(one)
        assert stage(one) is Stage.ONBOARDED
        assert _employee(one).starts_on == _plan(one).starts_on == DAY
        assert all(item.starts_on >= DAY for item in _plan(one).items)
        (entry,) = [
            entry
            for entry in ask("GET", f"{PATH}/timeline?limit=100")[1]["items"]
            if entry["type"] == "onboarding.rescheduled"
        ]
        assert (entry["data"]["starts_on"], entry["data"]["reason"]) == (str(DAY), SAID["reason"])
        assert SAID["reason"] not in str(one.items()) + str(one.published)


def test_the_latest_word_counts_and_a_day_that_is_over_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        ask = asking(one, monkeypatch, handler)
        ask("POST", f"{PATH}/first-day", SAID)
        early = (one.now + timedelta(days=1)).date()
        ask("POST", f"{PATH}/first-day", {**SAID, "starts_on": early.isoformat()})
        one.settle()
        one.now += timedelta(days=5)
        _goes_on(one)
        assert _employee(one).starts_on > early
        assert _plan(one).starts_on == _employee(one).starts_on


def test_who_is_cleared_on_the_very_day_begins_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        today = one.now.astimezone(one.wired.zone).date()
        asking(one, monkeypatch, handler)(
            "POST", f"{PATH}/first-day", {**SAID, "starts_on": today.isoformat()}
        )
        _goes_on(one)
        assert _employee(one).starts_on == today == one.now.astimezone(one.wired.zone).date()


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-03-01", 422), ("2027-03-04", 422), ("2026-13-01", 400), ("13.4.2026", 400), (None, 400)],
)
def test_a_day_that_cannot_be_is_refused(day: Any, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        for language in ("zh-CN", "en"):
            answer = asking(one, monkeypatch, handler)(
                "POST", f"{PATH}/first-day", {**SAID, "starts_on": day}, language=language
            )
            assert answer[0] == status, answer
        assert "onboarding.rescheduled" not in [event.name for event in one.published]


def test_a_key_that_has_said_one_day_says_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        ask = asking(one, monkeypatch, handler)
        later = {**SAID, "starts_on": "2026-04-20"}
        assert ask("POST", f"{PATH}/first-day", SAID, key="one")[0] == 200
        status, problem = ask("POST", f"{PATH}/first-day", later, key="one")
        assert (status, problem["type"]) == (409, "urn:rencai:problem:key_reused")
        assert ask("POST", f"{PATH}/first-day", later, key="two")[1]["starts_on"] == "2026-04-20"
        # The first request once more, late: what was said since stays.
        assert ask("POST", f"{PATH}/first-day", SAID, key="one")[1]["starts_on"] == "2026-04-20"


def test_once_onboarded_it_is_the_employee_s(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        hired(one)
        status, problem = asking(one, monkeypatch, handler)("POST", f"{PATH}/first-day", SAID)
        assert (status, problem["type"]) == (409, "urn:rencai:problem:nothing_to_reschedule")


# --- after it ---------------------------------------------------------------------------------------------------


def test_plan_and_probation_follow_a_corrected_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        hired(one)
        before = _plan(one)
        assert before.starts_on == _employee(one).starts_on == USUAL
        ask = asking(one, monkeypatch, employees)
        ends_before = ask("GET", f"/employees/{EMPLOYEE}/probation")[1]["ends_on"]
        path = f"/employees/{EMPLOYEE}/first-day"
        assert ask("POST", path, SAID, key="day-1")[0] == 200
        status, shown = ask("POST", path, SAID, key="day-1")
        assert (status, shown["starts_on"]) == (200, str(DAY))
        assert [(one["before"], one["starts_on"], one["reason"]) for one in shown["corrections"]] == [
            (str(USUAL), str(DAY), SAID["reason"])
        ]
        assert {note["what"] for note in shown["goes_on"]} == {"plan", "learning_platform", "letter"}
        one.settle()
        after = _plan(one)
        assert after.starts_on == DAY
        shift = DAY - USUAL
        for was, item in zip(before.items, after.items, strict=True):
            assert item.item_id == was.item_id
            # Working days are not calendar days: what it hangs on has moved, and nothing is left on the old day.
            assert abs((item.due_on - was.due_on) - shift) <= timedelta(days=7)
            assert item.starts_on >= DAY
        assert ask("GET", f"/employees/{EMPLOYEE}/probation")[1]["ends_on"] > ends_before
        assert ask("GET", f"/employees/{EMPLOYEE}")[1]["starts_on"] == str(DAY)
        assert len([event for event in one.published if event.name == "employee.rescheduled"]) == 1
        assert SAID["reason"] not in str(one.items()) + str(one.published)
        # And back, which leads to what was.
        back = {"starts_on": USUAL.isoformat(), "reason": "看错了"}
        assert ask("POST", f"/employees/{EMPLOYEE}/first-day", back)[0] == 200
        one.settle()
        assert [(i.item_id, i.starts_on, i.due_on) for i in _plan(one).items] == [
            (i.item_id, i.starts_on, i.due_on) for i in before.items
        ]
        # The learning platform was asked once for each course.
        assert max(one.lms.ledger.asked.values()) == 1


def test_a_correction_between_the_file_and_the_plan_reaches_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        assign = one.wired.training.training.assign

        def corrected_meanwhile(*given: Any) -> Any:
            ask = asking(one, monkeypatch, employees)
            assert ask("POST", f"/employees/{EMPLOYEE}/first-day", SAID)[0] == 200
            return assign(*given)

        class Meanwhile:
            def __getattr__(self, name: str) -> Any:
                return corrected_meanwhile if name == "assign" else getattr(training, name)

        training = one.wired.training.training
        one.wired.training.training = cast(Any, Meanwhile())
        hired(one)
        one.wired.training.training = training
        one.settle()
        assert (_employee(one).starts_on, _plan(one).starts_on) == (DAY, DAY)


def test_a_correction_that_is_heard_before_the_plan_is_assigned_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        hired(one)
        asking(one, monkeypatch, employees)("POST", f"/employees/{EMPLOYEE}/first-day", SAID)
        one.settle()
        (told,) = [event for event in one.published if event.name == "employee.rescheduled"]
        monkeypatch.setattr(one.wired.training.plans, "find", lambda _: None)
        with pytest.raises(Retry):
            review.act(one.wired, told)
        one.now += timedelta(hours=2)
        review.act(one.wired, told)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (USUAL.isoformat(), "first_day_same"),
        ("1949-12-31", "first_day_out_of_range"),
        ("2027-04-13", "first_day_out_of_range"),
    ],
)
def test_an_employee_s_day_that_cannot_be_is_refused(
    day: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world() as one:
        hired(one)
        for language in ("zh-CN", "en"):
            status, problem = asking(one, monkeypatch, employees)(
                "POST", f"/employees/{EMPLOYEE}/first-day", {**SAID, "starts_on": day}, language=language
            )
            assert (status, problem["type"]) == (422, f"urn:rencai:problem:{code}")
            assert problem["errors"][0]["path"] == "starts_on"
        assert _employee(one).starts_on == USUAL


def test_a_plan_that_a_file_of_people_has_left_behind_is_brought_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        hired(one)
        told = employee_told(replace(_employee(one), starts_on=DAY))
        record(one.wired.table, told, "hr-1", one.now)
        one.settle()
        assert (_employee(one).starts_on, _plan(one).starts_on) == (DAY, USUAL)
        ask = asking(one, monkeypatch, employees)
        assert ask("POST", f"/employees/{EMPLOYEE}/first-day", SAID, key="day-1")[0] == 200
        one.settle()
        assert _plan(one).starts_on == DAY
        assert ask("POST", f"/employees/{EMPLOYEE}/first-day", SAID, key="day-2")[0] == 422


def test_work_on_record_before_the_new_first_day_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        hired(one)
        one.now += timedelta(days=30)
        week = AttendanceWeek(week="2026-W13", hours=Decimal(40), overtime_hours=Decimal(0))
        record(one.wired.table, attendance_told(EMPLOYEE, week), "hr-1", one.now)
        status, problem = asking(one, monkeypatch, employees)(
            "POST", f"/employees/{EMPLOYEE}/first-day", SAID
        )
        assert (status, problem["type"]) == (422, "urn:rencai:problem:work_before_first_day")
        assert "2026-W13" in problem["detail"]
        earlier = {**SAID, "starts_on": "2026-03-09"}
        assert (
            asking(one, monkeypatch, employees)("POST", f"/employees/{EMPLOYEE}/first-day", earlier)[0] == 200
        )


def test_answers_on_record_before_the_new_first_day_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        hired(one)
        one.now += timedelta(days=30)
        report = SurveyReport(answers=[AnswerReport(question_id="stress", score=2)])
        told = survey_answers("2026-03", report, one.now.date())
        one.wired.employees.signals.record_survey(EMPLOYEE, told, "hr-1", one.now)
        ask = asking(one, monkeypatch, employees)
        status, problem = ask("POST", f"/employees/{EMPLOYEE}/first-day", SAID)
        assert (status, problem["type"]) == (422, "urn:rencai:problem:work_before_first_day")
        assert "2026-03" in problem["detail"]


def test_the_same_correction_at_one_moment_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found in review: who came second by the same key was told that the day was so already."""
    with world() as one:
        hired(one)
        first_days = one.wired.employees.first_days
        correct = first_days.correct

        def said() -> FirstDayFile:
            desk = first_day_desk_of(one.wired)
            return desk.correct(EMPLOYEE, DAY, "-", decision_id="hr#day-1", actor="hr", now=one.now)

        def both(*given: Any, **more: Any) -> None:
            monkeypatch.setattr(first_days, "correct", correct)
            said()
            correct(*given, **more)

        monkeypatch.setattr(first_days, "correct", both)
        file = said()
        assert (file.employee.starts_on, len(file.corrections)) == (DAY, 1)


def test_once_the_probation_is_scored_for_good_the_day_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    with world() as one:
        hired(one)
        one.now += timedelta(days=200)
        one.review_due()
        one.settle()
        status, problem = asking(one, monkeypatch, employees)(
            "POST", f"/employees/{EMPLOYEE}/first-day", SAID
        )
        assert (status, problem["type"]) == (409, "urn:rencai:problem:probation_decided")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_call_of_a_correction_loses_nothing(
    when: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def corrected(one: World) -> None:
        ask = asking(one, monkeypatch, employees)
        try:
            status = ask("POST", f"/employees/{EMPLOYEE}/first-day", SAID, key="day-1")[0]
        except Crash:
            status = 0
        if status != 200:
            assert ask("POST", f"/employees/{EMPLOYEE}/first-day", SAID, key="day-1")[0] == 200
        one.settle()

    calm = Faults()
    with world(calm) as one:
        hired(one)
        first = len(calm.calls)
        corrected(one)
        last = len(calm.calls)
    # Each of the route's calls, and every third of those that follow.
    for at in [*range(first + 1, first + 8), *range(first + 8, last + 1, 3)]:
        faults = Faults(at, when)
        with world(faults) as one:
            hired(one)
            corrected(one)
            assert (_employee(one).starts_on, _plan(one).starts_on) == (DAY, DAY), faults.crashed_at
            names = {event.detail.event_id for event in one.published if event.name == "employee.rescheduled"}
            assert len(names) == 1, faults.crashed_at
