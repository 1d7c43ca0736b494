"""What may be told of an employee's weeks, leave and surveys (F2, F4, F7)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import (
    MAX_TEXT,
    AttendanceReport,
    AttendanceWeek,
    Leave,
    LeaveKind,
    LeaveReport,
    Survey,
    SurveyAnswers,
    SurveyReport,
    attendance_week,
    iso_week,
    leave,
    survey_answers,
    years_from,
)
from rencai.kernel.errors import DomainError, Refusal

MONDAY = date(2026, 3, 2)
FORTY = AttendanceReport(hours=Decimal(40))
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
hours = st.decimals(0, 168, places=2)


def attendance(told: Any, overtime: Any = None) -> AttendanceReport:
    return AttendanceReport.model_validate({"hours": told, "overtime_hours": overtime})


def sick(starts_on: date, ends_on: date, told: Any = 1, **more: Any) -> LeaveReport:
    return LeaveReport.model_validate(
        {"kind": "sick", "starts_on": starts_on, "ends_on": ends_on, "days": told} | more
    )


def survey(*answers: tuple[str, int | None, str | None]) -> SurveyReport:
    told = [{"question_id": id_, "score": score, "text": text} for id_, score, text in answers]
    return SurveyReport.model_validate({"answers": told})


def refused(error: pytest.ExceptionInfo[DomainError]) -> tuple[Refusal, str, dict[str, object]]:
    return error.value.code, error.value.path, error.value.params


# --- attendance


@given(days, st.integers(0, 4000), hours, st.none() | hours)
def test_every_week_up_to_the_present_one_goes_on_record_as_it_was_told(
    today: date, ago: int, told: Decimal, overtime: Decimal | None
) -> None:
    part = min(told, overtime) if overtime is not None else None
    week = iso_week(today - timedelta(days=ago))
    assert attendance_week(week, attendance(told, part), today) == AttendanceWeek(week, told, part)


@given(days, st.integers(1, 500))
def test_no_week_to_come_does(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    week, latest = iso_week(day), iso_week(today)
    if week == latest:
        assert attendance_week(week, FORTY, today).week == latest
        return
    with pytest.raises(DomainError) as error:
        attendance_week(week, FORTY, today)
    assert refused(error) == (EmployeeRefusal.PERIOD_TO_COME, "week", {"period": week, "latest": latest})


@given(st.integers(1900, 2025))
def test_a_week_that_its_year_does_not_have_is_none(year: int) -> None:
    """By the calendar: a year has 53 weeks when it begins on a Thursday, or is leap and begins on a Wednesday."""
    begins = date(year, 1, 1).isoweekday()
    leap = (date(year, 12, 31) - date(year, 1, 1)).days == 365
    week = f"{year}-W53"
    if begins == 4 or (leap and begins == 3):
        assert attendance_week(week, FORTY, MONDAY).week == week
        return
    with pytest.raises(DomainError) as error:
        attendance_week(week, FORTY, MONDAY)
    assert refused(error) == (EmployeeRefusal.WEEK_UNKNOWN, "week", {"week": week, "year": year, "weeks": 52})


@given(hours, hours)
def test_overtime_is_part_of_the_hours(told: Decimal, overtime: Decimal) -> None:
    report = attendance(told, overtime)
    if overtime <= told:
        assert attendance_week("2026-W09", report, MONDAY).overtime_hours == overtime
        return
    with pytest.raises(DomainError) as error:
        attendance_week("2026-W09", report, MONDAY)
    assert refused(error)[:2] == (EmployeeRefusal.OVERTIME_BEYOND_HOURS, "overtime_hours")
    assert Decimal(str(error.value.params["hours"])) == told


# --- leave


@given(days, st.integers(-4000, 365), st.integers(0, 300), st.decimals("0.01", 400, places=2))
def test_a_leave_holds_at_most_its_calendar_days_and_ends_within_a_year(
    today: date, begins: int, length: int, told: Decimal
) -> None:
    starts_on = today + timedelta(days=begins)
    ends_on = starts_on + timedelta(days=length)
    report = sick(starts_on, ends_on, told)
    if ends_on > years_from(today, 1):
        expected: Any = (
            EmployeeRefusal.LEAVE_TOO_FAR_AHEAD,
            "ends_on",
            {"latest": years_from(today, 1).isoformat()},
        )
    elif told > length + 1:
        expected = (EmployeeRefusal.LEAVE_DAYS_BEYOND, "days", {"calendar_days": length + 1})
    else:
        assert leave("QJ-1", report, today) == Leave("QJ-1", LeaveKind.SICK, starts_on, ends_on, told, False)
        return
    with pytest.raises(DomainError) as error:
        leave("QJ-1", report, today)
    assert refused(error) == expected


@given(days, st.integers(1, 4000))
def test_a_leave_does_not_end_before_it_starts(starts_on: date, earlier: int) -> None:
    with pytest.raises(DomainError) as error:
        leave("QJ-1", sick(starts_on, starts_on - timedelta(days=earlier)), starts_on)
    assert refused(error) == (
        EmployeeRefusal.LEAVE_ENDS_BEFORE_START,
        "ends_on",
        {"starts_on": starts_on.isoformat()},
    )


def test_a_year_ahead_is_a_year_ahead() -> None:
    leap = date(2028, 2, 29)
    assert leave("QJ-1", sick(leap, date(2029, 2, 28)), leap).ends_on == date(2029, 2, 28)
    with pytest.raises(DomainError) as error:
        leave("QJ-1", sick(leap, date(2029, 3, 1)), leap)
    assert refused(error)[2] == {"latest": "2029-02-28"}


def test_a_cancelled_leave_says_so() -> None:
    assert leave("QJ-1", sick(MONDAY, MONDAY, 0.5, cancelled=True), MONDAY) == Leave(
        "QJ-1", LeaveKind.SICK, MONDAY, MONDAY, Decimal("0.5"), True
    )


# --- surveys

answers = st.lists(
    st.tuples(
        st.sampled_from([f"q{number}" for number in range(60)]),
        st.none() | st.integers(1, 5),
        st.none() | st.text(min_size=1, max_size=50),
    ).filter(lambda one: one[1] is not None or one[2] is not None),
    min_size=1,
    max_size=50,
    unique_by=lambda one: one[0],
)


@given(answers, st.randoms(use_true_random=False))
def test_a_survey_is_its_scores_and_its_words_in_whatever_order(
    told: list[tuple[str, int | None, str | None]], random: Any
) -> None:
    shuffled = random.sample(told, len(told))
    made = survey_answers("2026-03", survey(*told), MONDAY)
    assert made == survey_answers("2026-03", survey(*shuffled), MONDAY)
    assert dict(made.survey.scores) == {id_: score for id_, score, _ in told}
    assert made.texts == {id_: text for id_, _, text in told if text is not None}


@given(st.lists(st.integers(1, 5), min_size=1, max_size=50))
def test_a_surveys_score_is_the_mean_of_its_scores(scores: list[int]) -> None:
    told = tuple((f"q{number}", score) for number, score in enumerate(scores))
    one = Survey("2026-03", (*told, ("words", None)))
    assert one.score is not None
    assert 1 <= one.score <= 5
    assert abs(one.score - Decimal(sum(scores)) / len(scores)) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("scores", "mean"),
    [((4, 5, 5, 4, 4, 4, 4, 3), "4.13"), ((5,), "5.00"), ((2, 3, 3), "2.67"), ((None,), None)],
)
def test_the_mean_is_to_hundredths_half_up(scores: tuple[int | None, ...], mean: str | None) -> None:
    told = tuple((f"q{number}", score) for number, score in enumerate(scores))
    assert Survey("2026-03", told).score == (Decimal(mean) if mean else None)


def test_a_question_has_one_answer() -> None:
    with pytest.raises(DomainError) as error:
        survey_answers("2026-03", survey(("mood", 3, None), ("load", 2, None), ("mood", 3, None)), MONDAY)
    assert refused(error) == (
        EmployeeRefusal.QUESTION_REPEATED,
        "answers[2].question_id",
        {"question": "mood"},
    )


def test_the_words_have_a_limit_together() -> None:
    most = [(f"q{number}", None, "累" * 2000) for number in range(MAX_TEXT // 2000)]
    assert len(survey_answers("2026-03", survey(*most), MONDAY).texts) == 5
    with pytest.raises(DomainError) as error:
        survey_answers("2026-03", survey(*most, ("more", 1, "累")), MONDAY)
    assert refused(error) == (
        EmployeeRefusal.ANSWERS_TOO_LONG,
        "answers",
        {"size": MAX_TEXT + 1, "limit": MAX_TEXT},
    )


@pytest.mark.parametrize(("month", "begun"), [("2026-02", True), ("2026-03", True), ("2026-04", False)])
def test_a_month_to_come_has_no_survey(month: str, begun: bool) -> None:
    if begun:
        assert survey_answers(month, survey(("mood", 3, None)), MONDAY) == SurveyAnswers(
            Survey(month, (("mood", 3),)), {}
        )
        return
    with pytest.raises(DomainError) as error:
        survey_answers(month, survey(("mood", 3, None)), MONDAY)
    assert refused(error) == (
        EmployeeRefusal.PERIOD_TO_COME,
        "month",
        {"period": "2026-04", "latest": "2026-03"},
    )


# --- forms


@pytest.mark.parametrize(
    "value", [20260302, 1772409600, "20260302", "2026-3-2", "2026-02-30", "2026-03-02T00:00:00", "", None]
)
def test_what_is_no_date(value: Any) -> None:
    with pytest.raises(ValidationError) as error:
        sick(value, MONDAY)
    assert [(one["type"], one["loc"]) for one in error.value.errors()] == [("date_type", ("starts_on",))]


def test_the_weeks_around_new_year() -> None:
    assert [iso_week(date(2026, 12, 28) + timedelta(days=days)) for days in (0, 6, 7)] == [
        "2026-W53",
        "2026-W53",
        "2027-W01",
    ]
