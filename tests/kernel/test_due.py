"""When a run was last due, by EventBridge Scheduler's expressions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.kernel.due import last_due
from tests.examples import examples

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WEDNESDAY = datetime(2026, 12, 2, 12, tzinfo=UTC)
"""Eight in the evening of the 2nd of December in Shanghai."""


def due(
    expression: str, until: datetime = WEDNESDAY, zone: ZoneInfo = SHANGHAI, since: datetime = LONG_AGO
) -> str:
    found = last_due(expression, zone, since, until)
    return found.astimezone(zone).strftime("%a %Y-%m-%d %H:%M") if found else "never"


@pytest.mark.parametrize(
    ("expression", "last"),
    [
        # The schedules that template.yaml has.
        ("cron(0 2 * * ? *)", "Wed 2026-12-02 02:00"),
        ("cron(0 9 25 * ? *)", "Wed 2026-11-25 09:00"),
        # Lists, ranges, steps, names.
        ("cron(0/15 * * * ? *)", "Wed 2026-12-02 20:00"),
        ("cron(5/15 8-17 * * ? *)", "Wed 2026-12-02 17:50"),
        ("cron(0 22-2 * * ? *)", "Wed 2026-12-02 02:00"),
        ("cron(0 0,12,21 * * ? *)", "Wed 2026-12-02 12:00"),
        ("cron(30 9 ? * MON-FRI *)", "Wed 2026-12-02 09:30"),
        ("cron(30 9 ? * FRI-MON *)", "Mon 2026-11-30 09:30"),
        ("cron(0 9 ? * 1 *)", "Sun 2026-11-29 09:00"),
        ("cron(0 9 ? * 7 *)", "Sat 2026-11-28 09:00"),
        ("cron(0 9 ? jan,jul * *)", "Fri 2026-07-31 09:00"),
        ("cron(0 9 1 */3 ? *)", "Thu 2026-10-01 09:00"),
        # The last, the nearest weekday, the n-th.
        ("cron(0 9 L * ? *)", "Mon 2026-11-30 09:00"),
        ("cron(0 9 L 2 ? *)", "Sat 2026-02-28 09:00"),
        ("cron(0 9 LW 10 ? *)", "Fri 2026-10-30 09:00"),
        ("cron(0 9 1W 11 ? *)", "Mon 2026-11-02 09:00"),
        ("cron(0 9 1W 8 ? *)", "Mon 2026-08-03 09:00"),
        ("cron(0 9 31W 10 ? *)", "Fri 2026-10-30 09:00"),
        ("cron(0 9 31W * ? *)", "Fri 2026-10-30 09:00"),
        ("cron(0 9 15W 11 ? *)", "Mon 2026-11-16 09:00"),
        ("cron(0 9 ? * FRI#3 *)", "Fri 2026-11-20 09:00"),
        ("cron(0 9 ? * 2#5 *)", "Mon 2026-11-30 09:00"),
        ("cron(0 9 ? * 6L *)", "Fri 2026-11-27 09:00"),
        ("cron(0 9 ? * L *)", "Sat 2026-11-28 09:00"),
        ("cron(0 9 29 2 ? *)", "Thu 2024-02-29 09:00"),
        ("cron(0 9 1 1 ? 2027-2030)", "never"),
        ("cron(0 9 1 1 ? 2024)", "Mon 2024-01-01 09:00"),
        # At the very minute it is due.
        ("cron(0 20 * * ? *)", "Wed 2026-12-02 20:00"),
        ("cron(1 20 * * ? *)", "Tue 2026-12-01 20:01"),
        ("at(2026-12-02T20:00:00)", "Wed 2026-12-02 20:00"),
        ("at(2026-12-02T20:00:01)", "never"),
    ],
)
def test_it_was_last_due(expression: str, last: str) -> None:
    assert due(expression) == last


def test_a_rate_is_due_once_in_an_interval() -> None:
    assert due("rate(5 minutes)") == "Wed 2026-12-02 19:55"
    assert due("rate(1 hour)") == "Wed 2026-12-02 19:00"
    assert due("rate(2 days)") == "Mon 2026-11-30 20:00"
    assert due("rate(2 days)", since=WEDNESDAY - timedelta(hours=47)) == "never"


def test_what_was_due_before_it_was_set_up_is_not_due() -> None:
    nine = datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert due("cron(0 9 25 * ? *)", since=nine - timedelta(seconds=1)) == "Wed 2026-11-25 09:00"
    assert due("cron(0 9 25 * ? *)", since=nine) == "never"


def test_an_hour_that_the_clocks_leave_out_is_not_due_and_one_that_comes_twice_is_once() -> None:
    spring = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert due("cron(30 2 * * ? *)", spring, BERLIN) == "Sat 2026-03-28 02:30"
    autumn = last_due("cron(30 2 * * ? *)", BERLIN, LONG_AGO, datetime(2026, 10, 25, 12, tzinfo=UTC))
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "expression",
    [
        "", "rate()", "rate(0 minutes)", "rate(5)", "rate(5 weeks)", "rate(5 minutes", "cron(0 2 * * ?)",
        "cron(60 2 * * ? *)", "cron(0 24 * * ? *)", "cron(0 2 32 * ? *)", "cron(0 2 0 * ? *)", "cron(0 2 * 13 ? *)",
        "cron(0 2 ? * 8 *)", "cron(0 2 ? * FOO *)", "cron(0/0 2 * * ? *)", "cron(x 2 * * ? *)", "every(5 minutes)",
        "at(tomorrow)", "cron(0 2 ? * MON#6 *)", "cron(² 2 * * ? *)",
    ],
)  # fmt: skip
def test_no_expression(expression: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the kind is the point
        due(expression)


@examples(200)
@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    day=st.sampled_from(["*", "?", "1", "28", "31", "L", "15W", "1/5"]),
    zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/Sao_Paulo")]),
    until=st.integers(0, 8 * 365 * 24 * 60).map(
        lambda minutes: LONG_AGO + timedelta(days=730, minutes=minutes)
    ),
    back=st.timedeltas(timedelta(0), timedelta(days=400)),
)
def test_it_is_within_and_nothing_later_is(
    minute: int, hour: int, day: str, zone: ZoneInfo, until: datetime, back: timedelta
) -> None:
    expression = f"cron({minute} {hour} {day} * ? *)"
    found = last_due(expression, zone, until - back, until)
    if found is None:
        return
    assert until - back < found <= until
    local = found.astimezone(zone)
    assert (local.hour, local.minute, local.second) == (hour, minute, 0)
    assert last_due(expression, zone, found, until) is None
    assert last_due(expression, zone, found - timedelta(seconds=1), until) == found
