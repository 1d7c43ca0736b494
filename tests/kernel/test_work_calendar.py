"""Working days: the calendar's own rules, and how it is filled with a country's holidays."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner, Result

from infra.admin.__main__ import app
from infra.admin.configuration import InvalidConfiguration, as_yaml, read, store
from infra.admin.work_calendar import Filled, PublicHolidays, as_document, filled, public_holidays
from infra.local.defaults import load_defaults
from rencai.kernel.work_calendar import WORK_CALENDAR, WorkCalendar
from rencai.store.configurations import Configurations, configuration_key
from rencai.store.table import Table
from tests.aws import client, fresh_table
from tests.shipped import DOCUMENTS, ShippedConfigurations

TABLE = "rencai-test"
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
FAR = 2050
"""A year nobody has announced."""


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


# --- the calendar's own rules -------------------------------------------------------------------------------

SOME_DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    off = draw(st.frozensets(SOME_DAYS, max_size=60))
    weekends = SOME_DAYS.map(lambda day: day + timedelta(days=5 - day.weekday()))
    worked = draw(st.frozensets(weekends, max_size=30)) - off
    return WorkCalendar(days_off=off, worked_weekends=worked)


@given(calendar=calendars(), day=SOME_DAYS, count=st.integers(0, 250))
def test_so_many_working_days_later_is_a_working_day_with_so_many_in_between(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    first, last = calendar.on_or_after(day), calendar.after(day, count)
    assert not [one for one in days(day, first - timedelta(days=1)) if calendar.is_working(one)]
    assert calendar.is_working(last)
    assert sum(calendar.is_working(one) for one in days(first, last)) == count + 1


@given(calendar=calendars(), day=SOME_DAYS, later=st.integers(0, 30), count=st.integers(0, 60))
def test_who_begins_later_or_has_longer_is_done_no_earlier(
    calendar: WorkCalendar, day: date, later: int, count: int
) -> None:
    end = calendar.after(day, count)
    assert end <= calendar.after(day + timedelta(days=later), count)
    assert end < calendar.after(day, count + 1)
    assert calendar.after(calendar.after(day, count), later) == calendar.after(day, count + later)


@given(day=SOME_DAYS)
def test_without_lists_the_week_is_monday_to_friday(day: date) -> None:
    assert WorkCalendar().is_working(day) == (day.weekday() < 5)


@pytest.mark.parametrize(
    ("zone", "day", "ends", "due_at"),
    [
        ("Asia/Shanghai", date(2026, 3, 6), time(18), datetime(2026, 3, 6, 10, tzinfo=UTC)),
        # the Friday before New York's clocks go forward, and the Monday after
        ("America/New_York", date(2026, 3, 6), time(18), datetime(2026, 3, 6, 23, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 9), time(18), datetime(2026, 3, 9, 22, tzinfo=UTC)),
        # half past two is not there when Berlin's go forward, and there twice when they go back
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # by half an hour
        ("Australia/Lord_Howe", date(2026, 10, 5), time(18), datetime(2026, 10, 5, 7, tzinfo=UTC)),
    ],
)
def test_what_is_due_on_a_day_is_due_when_it_ends_there(
    zone: str, day: date, ends: time, due_at: datetime
) -> None:
    assert WorkCalendar(day_ends=ends).due_at(day, ZoneInfo(zone)).astimezone(UTC) == due_at


ZONES = st.sampled_from(
    ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe"]
)


@given(day=SOME_DAYS, ends=st.times(), zone=ZONES.map(ZoneInfo))
def test_a_due_time_is_on_its_day_and_before_those_of_later_days(
    day: date, ends: time, zone: ZoneInfo
) -> None:
    calendar = WorkCalendar(day_ends=ends)
    due_at = calendar.due_at(day, zone).astimezone(UTC)
    assert due_at.astimezone(zone).date() == day
    assert due_at < calendar.due_at(day + timedelta(days=1), zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"days_off": ["2026-02-14"], "worked_weekends": ["2026-02-14"]}, "both a day off and worked"),
        ({"worked_weekends": ["2026-02-16"]}, "2026-02-16 is no Saturday or Sunday"),
        ({"day_ends": "18:00+08:00"}, "local time, without an offset"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(content: dict[str, Any], error: str) -> None:
    with pytest.raises(ValidationError, match=error):
        WorkCalendar.model_validate(content)


# --- the law's days -----------------------------------------------------------------------------------------

# The General Office of the State Council on the holidays of 2026, of November 2025.
OFF_2026 = [
    *days(date(2026, 1, 1), date(2026, 1, 3)),
    *days(date(2026, 2, 15), date(2026, 2, 23)),
    *days(date(2026, 4, 4), date(2026, 4, 6)),
    *days(date(2026, 5, 1), date(2026, 5, 5)),
    *days(date(2026, 6, 19), date(2026, 6, 21)),
    *days(date(2026, 9, 25), date(2026, 9, 27)),
    *days(date(2026, 10, 1), date(2026, 10, 7)),
]
WORKED_2026 = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]


def test_the_state_councils_2026_is_what_the_calendar_has() -> None:
    law = public_holidays("CN", (2026,))
    calendar = filled(WorkCalendar(), law).calendar
    expected = {
        day: day in WORKED_2026 or (day.weekday() < 5 and day not in OFF_2026)
        for day in days(date(2026, 1, 1), date(2026, 12, 31))
    }
    assert {day: calendar.is_working(day) for day in expected} == expected
    assert calendar.worked_weekends == set(WORKED_2026)
    assert calendar.days_off == {day for day in OFF_2026 if day.weekday() < 5}
    assert calendar.known_until == date(2026, 12, 31)


def test_due_days_pass_over_the_spring_festival_and_count_its_worked_weekends() -> None:
    calendar = filled(WorkCalendar(), public_holidays("CN", (2026,))).calendar
    # Fri 13 and Sat 14 February, then from Tue 24 to Sat 28
    assert [calendar.after(date(2026, 2, 12), count) for count in range(1, 8)] == [
        *(date(2026, 2, 13), date(2026, 2, 14)),
        *days(date(2026, 2, 24), date(2026, 2, 28)),
    ]


def test_a_year_that_is_not_announced_has_the_laws_own_days_and_is_not_said_to_be_known() -> None:
    law = public_holidays("CN", (2026, FAR))
    assert law.announced == {2026}
    assert {day for day in law.days_off if day.year == FAR} >= {date(FAR, 10, 3), date(FAR, 5, 2)}
    assert not [day for day in law.worked_weekends if day.year == FAR]
    assert filled(WorkCalendar(), law).calendar.known_until == date(2026, 12, 31)
    assert filled(WorkCalendar(), public_holidays("CN", (FAR,))).calendar.known_until is None


def test_where_no_day_is_moved_and_none_estimated_every_year_is_announced() -> None:
    germany, bavaria = public_holidays("DE", (FAR,)), public_holidays("DE", (2026,), "BY")
    assert germany.announced == {FAR}
    assert germany.worked_weekends == set()
    assert date(2026, 1, 6) in bavaria.days_off
    assert date(2026, 1, 6) not in public_holidays("DE", (2026,)).days_off


def test_feasts_by_the_moon_make_a_year_known_once_they_are_set() -> None:
    assert public_holidays("SG", (2025, FAR)).announced == {2025}


@pytest.mark.parametrize(
    ("country", "year", "subdivision", "error"),
    [
        ("XX", 2026, None, "Country XX not available; countries are named as in ISO 3166-1, like CN"),
        ("CN", 2026, "BY", "does not have subdivision BY"),
        ("CN", 1900, None, "CN: nothing is known of its holidays in 1900"),
        ("SA", 2026, None, "SA: its weekend is not Saturday and Sunday"),
    ],
)
def test_what_the_library_does_not_know_is_said(
    country: str, year: int, subdivision: str | None, error: str
) -> None:
    with pytest.raises(InvalidConfiguration, match=error):
        public_holidays(country, (year,), subdivision)


# --- the law's days into a calendar -------------------------------------------------------------------------

LAW = PublicHolidays(
    years=(2026, 2027),
    days_off=frozenset({date(2026, 10, 1), date(2027, 10, 1)}),
    worked_weekends=frozenset({date(2026, 10, 10)}),
    announced=frozenset({2026}),
)
COMPANY_DAY, COMPANY_SATURDAY = date(2026, 8, 7), date(2026, 8, 15)


def test_days_of_the_tenants_own_stay_and_win() -> None:
    before = WorkCalendar(
        days_off=frozenset({COMPANY_DAY, date(2026, 10, 10), date(2024, 5, 3)}),
        worked_weekends=frozenset({COMPANY_SATURDAY}),
        day_ends=time(17, 30),
    )
    assert filled(before, LAW) == Filled(
        WorkCalendar(
            days_off=before.days_off | LAW.days_off,
            worked_weekends=frozenset({COMPANY_SATURDAY}),
            known_until=date(2026, 12, 31),
            day_ends=time(17, 30),
        ),
        own=(COMPANY_DAY, COMPANY_SATURDAY, date(2026, 10, 10)),
        left=(),
        unannounced=(2027,),
    )


def test_replacing_keeps_nothing_but_when_days_end() -> None:
    before = WorkCalendar(
        days_off=frozenset({COMPANY_DAY}),
        worked_weekends=frozenset({COMPANY_SATURDAY}),
        known_until=date(2027, 12, 31),
        day_ends=time(17, 30),
    )
    assert filled(before, LAW, keep_own=False).calendar == WorkCalendar(
        days_off=LAW.days_off,
        worked_weekends=LAW.worked_weekends,
        known_until=date(2026, 12, 31),
        day_ends=time(17, 30),
    )


def test_a_year_the_tenant_knows_before_the_library_does_stays_as_it_is() -> None:
    before = WorkCalendar(days_off=frozenset({date(2027, 10, 7)}), known_until=date(2027, 12, 31))
    done = filled(before, LAW)
    assert (done.left, done.unannounced, done.own) == ((2027,), (), ())
    assert done.calendar == WorkCalendar(
        days_off=frozenset({date(2026, 10, 1), date(2027, 10, 7)}),
        worked_weekends=LAW.worked_weekends,
        known_until=date(2027, 12, 31),
    )


def test_an_announcement_is_taken_in_by_the_next_run() -> None:
    first = filled(WorkCalendar(), LAW).calendar
    announced = PublicHolidays(
        years=(2027,),
        days_off=frozenset({date(2027, 10, 1), date(2027, 10, 6)}),
        worked_weekends=frozenset({date(2027, 10, 9)}),
        announced=frozenset({2027}),
    )
    done = filled(first, announced)
    assert done.calendar == WorkCalendar(
        days_off=first.days_off | announced.days_off,
        worked_weekends=LAW.worked_weekends | announced.worked_weekends,
        known_until=date(2027, 12, 31),
    )
    assert (done.own, done.unannounced) == ((), ())


@given(before=calendars())
def test_filling_twice_is_filling_once(before: WorkCalendar) -> None:
    law = public_holidays("CN", (2026, 2027))
    once = filled(before, law).calendar
    assert filled(once, law).calendar == once
    assert before.days_off <= once.days_off
    assert before.worked_weekends <= once.worked_weekends


# --- as the administrator and a local stack have it ---------------------------------------------------------


@pytest.fixture
def configurations(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configurations]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    with fresh_table() as dynamodb, time_machine.travel(NOW, tick=False):
        yield Configurations(Table(dynamodb, TABLE), lambda: datetime.now(UTC))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["work-calendar", "--table", TABLE, *arguments])


def test_the_command_stores_the_next_version_and_says_what_is_not_known_yet(
    configurations: Configurations,
) -> None:
    store(read(DOCUMENTS[WORK_CALENDAR, "default"].path), configurations, NOW, actor="admin")
    done = run("--country", "CN", "--years", "2026", "2026")
    assert (done.exit_code, done.output) == (
        0,
        "stored: work_calendar/default version 2\nknown until 2026-12-31\n",
    )
    again = run("--country", "CN", "--years", "2026", "2026")
    assert again.output.startswith("unchanged: work_calendar/default version 2\n")
    later = configurations.of_version(WORK_CALENDAR, 2, "default").document
    assert later == filled(WorkCalendar(), public_holidays("CN", (2026,))).calendar
    far = run("--country", "CN", "--years", str(FAR), str(FAR), "--replace")
    assert far.output.splitlines() == [
        "stored: work_calendar/default version 3",
        "known until nothing is announced",
        f"{FAR} is not announced, or not known to be: it has the days that the law itself names",
    ]


def test_the_command_keeps_the_tenants_own_days_and_names_them(configurations: Configurations) -> None:
    own = WorkCalendar(days_off=frozenset({COMPANY_DAY}), worked_weekends=frozenset({COMPANY_SATURDAY}))
    store(as_document(own), configurations, NOW, actor="admin")
    done = run("--country", "CN", "--years", "2026", "2026")
    assert done.output.splitlines()[-1] == "kept, though the law does not say so: 2026-08-07, 2026-08-15"
    kept = configurations.of_version(WORK_CALENDAR, 2, "default").document
    assert isinstance(kept, WorkCalendar)
    assert COMPANY_DAY in kept.days_off
    assert COMPANY_SATURDAY in kept.worked_weekends
    replaced = run("--country", "CN", "--years", "2026", "2026", "--replace")
    assert "kept" not in replaced.output


def test_without_years_it_is_this_year_and_the_next(configurations: Configurations) -> None:
    assert run("--country", "DE").exit_code == 0
    calendar = configurations.latest(WORK_CALENDAR).document
    assert {day.year for day in calendar.days_off} == {2026, 2027}
    assert calendar.known_until == date(2027, 12, 31)


def test_the_same_days_in_another_order_are_no_new_version(configurations: Configurations) -> None:
    document = as_document(filled(WorkCalendar(), public_holidays("CN", (2026,))).calendar)
    store(document, configurations, NOW, actor="admin")
    key = configuration_key(document.kind, document.name, 1)
    content = document.content | {"days_off": sorted(document.content["days_off"], reverse=True)}
    items = Table(client("dynamodb"), TABLE)
    items.update(key, {"document": json.dumps(content)})
    stored = store(document, Configurations(items, lambda: NOW), NOW, actor="admin")
    assert (stored.version, stored.changed) == (1, False)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--country", "XX"], 1, "Country XX not available"),
        (["--country", "CN", "--years", "2027", "2026"], 2, "2027 is after 2026"),
        ([], 2, "Missing option '--country'"),
    ],
)
def test_what_is_wrong_with_the_command_is_said_and_nothing_is_stored(
    configurations: Configurations, arguments: list[str], code: int, said: str
) -> None:
    done = run(*arguments)
    assert done.exit_code == code
    assert said in done.output
    assert configurations.names(WORK_CALENDAR) == []


def test_a_filled_calendar_shown_as_yaml_is_the_same_calendar(tmp_path: Path) -> None:
    calendar = filled(WorkCalendar(day_ends=time(17, 30)), public_holidays("CN", (2026,))).calendar
    file = tmp_path / "default.yaml"
    file.write_text(as_yaml(calendar))
    assert file.read_text().startswith("days_off:\n- 2026-01-01\n- 2026-01-02\n")
    assert WorkCalendar.model_validate(read(file, kind="work_calendar").content) == calendar


def test_as_shipped_it_is_weekends_only_until_six_in_the_evening() -> None:
    assert ShippedConfigurations().latest(WORK_CALENDAR).document == WorkCalendar(day_ends=time(18))


def test_a_local_stack_has_the_holidays_of_this_year_and_the_next(configurations: Configurations) -> None:
    stack = SimpleNamespace(session=SimpleNamespace(client=client), table=TABLE)
    first, again = (load_defaults(cast(Any, stack)) for _ in range(2))
    assert [(one.version, one.changed) for one in first] == [(1, True)] * len(DOCUMENTS)
    assert [(one.version, one.changed) for one in again] == [(1, False)] * len(DOCUMENTS)
    expected = filled(WorkCalendar(), public_holidays("CN", (2026, 2027))).calendar
    assert configurations.latest(WORK_CALENDAR).document == expected
    assert {day.year for day in expected.days_off} == {2026, 2027}
