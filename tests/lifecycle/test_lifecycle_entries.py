"""The entries a life cycle is told in (F2)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.performance import Metric, MonthlyPerformance
from rencai.employees.rules.records import LearningRecord
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, iso_week
from rencai.kernel.events import EventName
from rencai.letters.wording import Undeliverable
from rencai.lifecycle.rules.entries import (
    TITLES,
    Entry,
    System,
    attended,
    away,
    counted,
    happened,
    month_of_week,
    of_company,
    performed,
    week_before,
)
from rencai.pressure.rules.company import MonthFigures
from rencai.training.rules.courses import Enrolment, Told

TODAY = date(2026, 3, 2)
ZONE = ZoneInfo("Asia/Shanghai")


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_the_weeks_of_a_month_are_those_after_the_week_before_it(day: date) -> None:
    week = iso_week(day)
    month = month_of_week(week)
    assert week_before(month) < week
    assert month_of_week(week_before(month)) < month


def test_attendance_is_added_up_by_month_and_what_was_not_told_is_left_out() -> None:
    told = [
        (AttendanceWeek("2026-W05", Decimal(50), Decimal(10)), True),
        (AttendanceWeek("2026-W06", Decimal(55), Decimal("15.5")), True),
        (AttendanceWeek("2026-W07", Decimal(40), None), False),
        (AttendanceWeek("2026-W10", Decimal(40), None), False),
    ]
    found = list(attended(told))
    assert [(one.at, one.value, one.imported, one.data["weeks"]) for one in found] == [
        (date(2026, 1, 1), Decimal(10), True, 1),
        (date(2026, 2, 1), Decimal("15.5"), False, 2),
        (date(2026, 3, 1), None, False, 1),
    ]
    assert found[1].title == ("2026 年 2 月加班", "Overtime in February 2026")


def test_a_months_figures_stand_beside_the_companys_on_their_own_scale() -> None:
    month = MonthlyPerformance(
        "2026-02", Decimal(90), Decimal(100), (Metric("acos", Decimal(35)), Metric("own", Decimal(1)))
    )
    figures = MonthFigures(Decimal("8.255"), {"acos": Decimal(25)})
    found = [of_company(entry, figures) for entry in performed(month, imported=False)]
    assert [(one.kind, one.value, one.unit, one.company) for one in found] == [
        ("score", Decimal(90), "/100", Decimal("82.55")),
        ("acos", Decimal(35), "percent", Decimal(25)),
        ("own", Decimal(1), None, None),
    ]
    assert [one.title[1] for one in found] == [
        "Work performance in February 2026",
        "ACoS in February 2026",
        "own in February 2026",
    ]


def test_a_metric_may_be_called_score_and_money_stands_beside_its_own_currency() -> None:
    metrics = (
        Metric("score", Decimal(3)),
        Metric("sales", Decimal(900), None, "EUR"),
        Metric("profit", Decimal(90), None, "USD"),
    )
    month = MonthlyPerformance("2026-02", None, Decimal(100), metrics)
    means = {"score": Decimal(4), "sales:USD": Decimal(700), "sales": Decimal(1), "profit:USD": Decimal(80)}
    found = [of_company(entry, MonthFigures(Decimal(7), means)) for entry in performed(month, imported=False)]
    assert [(one.kind, one.company) for one in found] == [
        ("score", Decimal(4)),
        ("sales", None),
        ("profit", Decimal(80)),
    ]


def test_a_leave_that_was_not_taken_has_no_days() -> None:
    leave = Leave("L1", LeaveKind.SICK, TODAY, TODAY, Decimal(1), cancelled=True)
    found = away(leave, imported=False)
    assert (found.value, found.title) == (None, ("病假(已取消)", "Sick leave (cancelled)"))


def test_what_has_no_date_comes_first_and_a_day_begins_in_the_tenants_zone() -> None:
    at: list[date | datetime | None] = [
        datetime(2026, 3, 1, 16, 0, tzinfo=UTC),
        date(2026, 3, 2),
        None,
        datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC),
        date(2026, 3, 3),
    ]
    entries = [Entry(str(i), one, System.LEAVE, "sick", ("", "")) for i, one in enumerate(at)]
    ordered = sorted(entries, key=lambda entry: entry.order(ZONE))
    assert [entry.id for entry in ordered] == ["2", "3", "0", "1", "4"]


@given(st.lists(st.none() | st.dates() | st.datetimes(timezones=st.just(UTC)), max_size=10))
def test_entries_have_one_order(at: list[Any]) -> None:
    in_time = [one for one in at if one is None or date(2, 1, 1) < date(one.year, one.month, one.day)]
    entries = [Entry(str(i), one, System.LEAVE, "x", ("", "")) for i, one in enumerate(in_time)]
    orders = sorted(entry.order(ZONE) for entry in entries)
    assert all(one < other for one, other in pairwise(orders))


def test_an_event_is_told_with_its_level_its_outcome_or_its_course() -> None:
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    names = {"product": ("产品知识", "Product knowledge")}

    def titled(name: EventName, **data: Any) -> tuple[str, str]:
        entry = happened("evt_1", name, now, data, names)
        assert entry is not None
        return entry.title

    assert titled(EventName.ALERT_RAISED, level="red") == ("压力预警:红色", "Pressure warning: red")
    assert titled(EventName.INTERVENTION_CLOSED, outcome="worked")[1] == "Intervention closed: it worked"
    assert titled(EventName.PLAN_CHANGED, course_id="product")[0] == "培训计划调整:产品知识"
    assert titled(EventName.PLAN_CHANGED, course_id="gone")[0] == "培训计划调整"
    assert titled(EventName.REVIEW_REQUESTED, about="interview") == (
        "等待人工判断:面试",
        "A person's decision asked for: the interview",
    )
    assert titled(EventName.REVIEW_DECIDED, about="check", decision="reject") == (
        "人工判断完成:背景调查,不通过",
        "Decided by a person: the background check, rejected",
    )
    # Of before, when there was one kind of review.
    assert titled(EventName.REVIEW_DECIDED, decision="approve")[0] == "人工判断完成"
    assert happened("evt_1", EventName.EMPLOYEE_RECORDED, now, {}, names) is None


@pytest.mark.parametrize("reason", list(Undeliverable))
def test_a_letter_that_did_not_arrive_is_told_where_it_belongs_and_why(reason: Undeliverable) -> None:
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    for letter, system in (
        ("offer_letter", System.RECRUITING),
        ("onboarding", System.ONBOARDING),
        ("survey_invitation", System.SURVEY),
    ):
        told = {"letter": letter, "reason": reason.value}
        entry = happened("evt_1", EventName.NOTICE_UNDELIVERABLE, now, told, {})
        assert entry is not None
        assert entry.system is system
        chinese, english = entry.title
        assert chinese.startswith("邮件未能送达:")
        assert english.startswith("A letter did not arrive: ")


def test_every_event_is_shown_unless_it_only_says_that_something_shown_was_put_on_record() -> None:
    about_nobody = ("scan.", "delivery.", "import.", "vendor.")
    left_out = {name for name in EventName if name not in TITLES and not name.startswith(about_nobody)}
    assert left_out == {
        EventName.MERGE_QUESTIONED,
        EventName.CONTACT_VIEWED,
        EventName.TRANSCRIPT_VIEWED,
        EventName.READING_MARKED,
        EventName.TRANSITION_REFUSED,
        EventName.JOURNEY_RESUMED,
        EventName.WORK_ABANDONED,
        EventName.TRAINING_PROGRESSED,
        EventName.TRAINING_COMPLETED,
        EventName.PERFORMANCE_RECORDED,
        EventName.ATTENDANCE_RECORDED,
        EventName.LEAVE_RECORDED,
        EventName.SURVEY_ANSWERED,
        EventName.EMPLOYEE_RECORDED,
    }


def test_a_course_that_still_runs_counts_neither_way() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)

    def enrolment(percent: int | None, due_in: int) -> tuple[Enrolment, tuple[str, str], datetime]:
        told = Told(f"{percent:010.4f}", now) if percent is not None else None
        due_at = now + timedelta(days=due_in)
        return Enrolment("emp_1", f"c{percent}", "enr", due_at, told), (f"{percent}", ""), due_at

    own = [enrolment(10, 1), enrolment(60, 0), enrolment(100, 1), enrolment(None, -1)]
    earlier = [
        LearningRecord("以前的课程", Decimal(70), None, None),
        # The plan's own record of it is newer.
        LearningRecord("100", Decimal(40), None, None),
    ]
    found = counted(own, earlier, now)
    assert [(one.name[0], one.percent) for one in found] == [
        ("60", Decimal(60)),
        ("100", Decimal(100)),
        ("以前的课程", Decimal(70)),
    ]
