"""Moodle against a server on loopback that answers as its web services do (webservice/rest, since 3.2)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from rencai.kernel.errors import VendorRefusal, VendorUnavailable
from rencai.kernel.page import Page
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.ports import Lms
from rencai.vendors.http import Line, NotNow
from rencai.vendors.moodle import MoodleLms, MoodleSettings
from tests.vendors.loopback import NOW, Asked, Log, Talk, Vendor

FIND, ENROL = "core_user_get_users_by_field", "enrol_manual_enrol_users"
COMPLETION, GRADES = "core_completion_get_activities_completion_status", "gradereport_user_get_grade_items"
DONE_AT, GRADED_AT = 1_772_000_000, 1_772_100_000


def error(code: str | None, exception: str = "moodle_exception") -> dict[str, Any]:
    return {"exception": exception, "message": "周晓"} | ({"errorcode": code} if code else {})


def moodle(vendor: Vendor, answers: Mapping[str, Sequence[Any]]) -> None:
    """Answers by function, one after the other; the last one is said from then on."""
    waiting = {function: list(said) for function, said in answers.items()}

    def answer(talk: Talk) -> None:
        left = waiting[vendor.asked[-1].form["wsfunction"]]
        said = left.pop(0) if len(left) > 1 else left[0]
        talk.answer(200, said)

    vendor.answering = answer


@pytest.fixture
def lms(vendor: Vendor, line: Line) -> Lms:
    return MoodleLms(MoodleSettings(courses={"negotiation-101": 7}), line, vendor.url, lambda: "t0ken")


def enrol(lms: Lms, course_id: str = "negotiation-101") -> str:
    return lms.enrol(
        learner="emp_1", course_id=course_id, due_at=NOW, reference="emp_1/x", idempotency_key="evt_1"
    )


def functions(vendor: Vendor) -> list[str]:
    return [asked.form["wsfunction"] for asked in vendor.asked]


def arguments(asked: Asked) -> dict[str, str]:
    return {
        name: value
        for name, value in asked.form.items()
        if name not in ("wstoken", "wsfunction", "moodlewsrestformat")
    }


# --- enrolling ----------------------------------------------------------------------------------------------


def test_c2_an_enrolment(vendor: Vendor, lms: Lms) -> None:
    moodle(vendor, {FIND: [[{"id": 31, "username": "z", "fullname": "周晓"}]], ENROL: [None]})
    assert enrol(lms) == "7-31"
    assert lms.asked_by_enrolment
    assert functions(vendor) == [FIND, ENROL]
    find, made = vendor.asked
    assert arguments(find) == {"field": "idnumber", "values[0]": "emp_1"}
    assert arguments(made) == {
        "enrolments[0][roleid]": "5",
        "enrolments[0][userid]": "31",
        "enrolments[0][courseid]": "7",
    }


def test_the_token_is_in_the_body_and_never_in_the_address(vendor: Vendor, lms: Lms) -> None:
    moodle(vendor, {FIND: [[{"id": 31}]], ENROL: [None]})
    enrol(lms)
    for asked in vendor.asked:
        assert (asked.method, asked.path) == ("POST", "/webservice/rest/server.php")
        assert (asked.form["wstoken"], asked.form["moodlewsrestformat"]) == ("t0ken", "json")
        assert "t0ken" not in repr(asked.headers)


def test_a_course_by_its_number(vendor: Vendor, lms: Lms) -> None:
    moodle(vendor, {FIND: [[{"id": 31}]], ENROL: [None]})
    assert enrol(lms, "12") == "12-31"


@pytest.mark.parametrize("course_id", ["sales-1", "-1", "٣", "9" * 30, ""])
def test_a_course_without_a_number_is_refused_before_anything_is_asked(
    vendor: Vendor, lms: Lms, course_id: str
) -> None:
    with pytest.raises(VendorRefusal, match="map this one in the settings"):
        enrol(lms, course_id)
    assert vendor.asked == []


@pytest.mark.parametrize("users", [[], [{"id": 31}, {"id": 32}]])
def test_an_employee_who_is_not_one_user_is_refused(
    vendor: Vendor, lms: Lms, users: list[dict[str, int]]
) -> None:
    moodle(vendor, {FIND: [users]})
    with pytest.raises(VendorRefusal, match=f"has {len(users)} users"):
        enrol(lms)


def test_a_retry_after_a_crash_enrols_into_the_same(vendor: Vendor, lms: Lms) -> None:
    enrolled: list[dict[str, str]] = []

    def answer(talk: Talk) -> None:
        asked = vendor.asked[-1]
        if asked.form["wsfunction"] == FIND:
            talk.answer(200, [{"id": 31}])
            return
        enrolled.append(arguments(asked))
        if len(enrolled) == 1:
            talk.close_connection = True
        else:
            talk.answer(200, b"null")

    vendor.answering = answer
    with pytest.raises(VendorUnavailable):
        enrol(lms)
    assert enrol(lms) == "7-31"
    assert enrolled[0] == enrolled[1]


# --- errors come as 200 -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["invalidtoken", "accessexception"])
def test_a_token_that_is_not_taken_is_for_a_person(vendor: Vendor, lms: Lms, code: str) -> None:
    moodle(vendor, {FIND: [error(code)]})
    with pytest.raises(VendorRefusal, match=f"answered {code}"):
        enrol(lms)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (error("sitemaintenance"), "answered sitemaintenance"),
        (error(None, "TypeError"), "answered an error without a code"),
        (error("周晓 is not here"), "answered an error without a code"),
    ],
)
def test_another_error_comes_back_and_quotes_nobody(
    vendor: Vendor, lms: Lms, log: Log, told: dict[str, Any], reason: str
) -> None:
    moodle(vendor, {FIND: [told]})
    with pytest.raises(NotNow) as caught:
        enrol(lms)
    assert caught.value.reason == reason
    assert "周晓" not in repr(log.lines)


@pytest.mark.parametrize("body", [b"", b"<html>", {"users": []}, [{"id": "x"}], [{}], b"null"])
def test_rubbish_is_no_user(vendor: Vendor, lms: Lms, body: Any) -> None:
    moodle(vendor, {FIND: [body]})
    with pytest.raises(VendorUnavailable, match="not in its contract"):
        enrol(lms)


# --- progress -----------------------------------------------------------------------------------------------


def activity(state: int, *, at: int = 0, tracking: int = 2) -> dict[str, int | str]:
    return {
        "cmid": 1,
        "modname": "quiz",
        "instance": 1,
        "state": state,
        "timecompleted": at,
        "tracking": tracking,
    }


def completion(*activities: dict[str, Any]) -> dict[str, Any]:
    return {"statuses": list(activities), "warnings": []}


def grades(
    raw: float | None = None, low: float = 0, high: float = 100, at: int | None = GRADED_AT
) -> dict[str, Any]:
    quiz = {"id": 1, "itemname": "Quiz", "itemtype": "mod", "graderaw": 3, "grademin": 0, "grademax": 10}
    total = {
        "id": 2,
        "itemname": None,
        "itemtype": "course",
        "graderaw": raw,
        "gradedategraded": at,
        "grademin": low,
        "grademax": high,
    }
    user = {"courseid": 7, "userid": 31, "userfullname": "周晓", "maxdepth": 2, "gradeitems": [quiz, total]}
    return {"usergrades": [user], "warnings": []}


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_c2_progress(vendor: Vendor, lms: Lms) -> None:
    done = [activity(1, at=DONE_AT), activity(2, at=DONE_AT - 9), activity(0), activity(0, tracking=0)]
    moodle(vendor, {COMPLETION: [completion(*done)], GRADES: [grades(85)]})
    # Something is still to be done, so the course's total is no exam yet.
    fact = CourseProgressed("7-31", at(DONE_AT), Decimal("66.67"))
    assert lms.progress(None, ["7-31"]) == Page((fact,), None, more=False)
    assert [arguments(asked) for asked in vendor.asked] == [{"courseid": "7", "userid": "31"}] * 2


def test_c2_an_exam_that_was_failed_is_told_too(vendor: Vendor, lms: Lms) -> None:
    done = [activity(1, at=DONE_AT), activity(3, at=DONE_AT), activity(0, tracking=0)]
    moodle(vendor, {COMPLETION: [completion(*done)], GRADES: [grades(55)]})
    fact = CourseProgressed("7-31", at(GRADED_AT), Decimal("50.00"), Decimal("55.00"))
    assert lms.progress(None, ["7-31"]) == Page((fact,), None, more=False)


@pytest.mark.parametrize(
    ("activities", "percent"),
    [
        ([activity(1, at=DONE_AT)], "100"),
        ([activity(3, at=DONE_AT), activity(1, at=DONE_AT)], "50"),
        ([activity(1, at=DONE_AT), activity(0), activity(0)], "33.33"),
        ([activity(1, at=DONE_AT, tracking=0)], None),
    ],
)
def test_c2_how_much_is_done(
    vendor: Vendor, lms: Lms, activities: Sequence[dict[str, Any]], percent: str | None
) -> None:
    moodle(vendor, {COMPLETION: [completion(*activities)], GRADES: [grades()]})
    (fact,) = lms.progress(None, ["7-31"]).items
    assert fact.completion_percent == (Decimal(percent) if percent else None)
    assert (fact.exam_score, fact.occurred_at) == (None, at(DONE_AT))


@pytest.mark.parametrize(
    ("total", "score"),
    [
        (grades(85), "85"),
        (grades(0), "0"),
        (grades(17, high=20), "85"),
        (grades(15, low=10, high=20), "50"),
        (grades(21, high=20), "100"),
        (grades(-1), "0"),
        (grades(1, high=3), "33.33"),
        (grades(5, low=5, high=5), None),
        (grades(None), None),
        ({"usergrades": [], "warnings": []}, None),
    ],
)
def test_c2_the_grade(vendor: Vendor, lms: Lms, total: dict[str, Any], score: str | None) -> None:
    moodle(vendor, {COMPLETION: [completion(activity(1, at=DONE_AT))], GRADES: [total]})
    (fact,) = lms.progress(None, ["7-31"]).items
    assert fact.exam_score == (Decimal(score) if score else None)


def test_nothing_has_happened_yet(vendor: Vendor, lms: Lms) -> None:
    moodle(vendor, {COMPLETION: [completion(activity(0))], GRADES: [grades()]})
    assert lms.progress(None, ["7-31"]) == Page((), None, more=False)


def test_nobody_is_asked_about(vendor: Vendor, lms: Lms) -> None:
    assert lms.progress(None) == Page((), None, more=False)
    assert vendor.asked == []


def test_one_enrolment_moodle_does_not_tell_of_does_not_lose_the_others(
    vendor: Vendor, lms: Lms, log: Log
) -> None:
    done = completion(activity(1, at=DONE_AT))
    moodle(vendor, {COMPLETION: [error("invalidrecord"), done, {"statuses": 7}], GRADES: [grades(85)]})
    page = lms.progress(None, ["7-30", "enr_1", "7-31", "7-32"])
    assert [fact.enrolment_id for fact in page.items] == ["7-31"]
    assert page.skipped == 3
    assert [line for line in log.lines if line[0] == "enrolment skipped"] == [
        ("enrolment skipped", {"vendor": "vendor", "item": 0, "reason": "answered invalidrecord"}),
        ("enrolment skipped", {"vendor": "vendor", "item": 1, "reason": "not an enrolment of this LMS"}),
        (
            "enrolment skipped",
            {"vendor": "vendor", "item": 3, "reason": "answered what is not in its contract"},
        ),
    ]


def test_a_page_of_which_nothing_can_be_told_does_not_hold_up_the_next(vendor: Vendor, lms: Lms) -> None:
    """Found in review: five enrolments of a deleted course were asked for ever, and nobody behind them."""
    moodle(vendor, {COMPLETION: [error("invalidrecord")]})
    page = lms.progress(None, ["7-30", "7-31"])
    assert (page.items, page.skipped) == ((), 2)


def test_a_site_that_is_down_is_not_asked_about_the_others(vendor: Vendor, lms: Lms) -> None:
    vendor.answering = lambda talk: talk.answer(503)
    with pytest.raises(VendorUnavailable, match="answered 503"):
        lms.progress(None, ["7-30", "7-31"])
    assert len(vendor.asked) == 1


@pytest.mark.parametrize(
    ("wrong", "total"),
    [
        ({"statuses": [{"state": "done", "tracking": 1}]}, grades()),
        ({"statuses": [activity(1, at=10**12)]}, grades()),
        ({}, grades()),
        (completion(), {"usergrades": [{"gradeitems": [{"itemtype": "course", "graderaw": "1e99"}]}]}),
        (completion(), b'{"usergrades": [{"gradeitems": [{"itemtype": "course", "graderaw": NaN}]}]}'),
        (completion(), {"usergrades": None}),
    ],
)
def test_rubbish_is_no_progress(vendor: Vendor, lms: Lms, wrong: Any, total: Any) -> None:
    moodle(vendor, {COMPLETION: [wrong], GRADES: [total]})
    page = lms.progress(None, ["7-31"])
    assert (page.items, page.skipped) == ((), 1)


@pytest.mark.parametrize("wrong", [{"courses": {"x": "y"}}, {"learner_field": "email"}, {"token": "x"}])
def test_settings_without_sense(wrong: dict[str, Any]) -> None:
    assert MoodleSettings() == MoodleSettings(learner_field="idnumber", courses={}, student_role_id=5)
    with pytest.raises(ValueError, match="validation error"):
        MoodleSettings.model_validate(wrong)
