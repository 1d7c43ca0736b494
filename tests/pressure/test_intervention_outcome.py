"""Interventions (F5): what was measured, and what they came to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey, iso_week
from rencai.kernel.errors import Conflict
from rencai.pressure.rules.card import NO_WORDS, WordsRead, reader_number
from rencai.pressure.rules.intervention import NO_CARD, Measures, Outcome, closed, measures, raised
from rencai.pressure.rules.policy import RiskLevel, SignalKind
from rencai.pressure.rules.refusals import PressureRefusal
from rencai.pressure.rules.scan import measured
from rencai.pressure.rules.signals import (
    FallingPerformance,
    FrequentLeave,
    LongHours,
    RaisedSignal,
    StrainedSurvey,
)
from tests.pressure.measured import (
    AFTER,
    BEFORE,
    FOUR_WEEKS_LATER,
    OPENED_ON,
    SHIPPED_POLICY,
    K,
    came_to,
    card,
    ended,
    months,
    opened,
    sick,
    survey,
    weeks,
)
from tests.pressure.spoken import READER, UNSPOKEN, words

# --- the worked example -----------------------------------------------------------------------------------------------


def test_f5_less_hours_better_work_and_they_stay_is_worked() -> None:
    before = opened()
    assert (before.level, [signal.kind for signal in before.signals]) == (RiskLevel.RED, list(SignalKind))
    assert before.before == Measures(
        hours=Decimal(55),
        weeks=4,
        week="2026-W47",
        performance=Decimal(6),
        performance_month="2026-10",
        leave_times=2,
        leave_days=Decimal(4),
        survey_lowest=2,
        survey_words=("pressure", "strained"),
        survey_month="2026-11",
        survey_reader=reader_number(READER),
    )
    falling = next(signal for signal in before.signals if isinstance(signal, FallingPerformance))
    assert (falling.before, falling.after) == (Decimal(9), Decimal(6))
    after = ended(AFTER)
    assert after.closing
    assert after.closing.after == Measures(
        hours=Decimal(40),
        weeks=4,
        week="2026-W51",
        performance=Decimal(8),
        performance_month="2026-11",
        leave_times=0,
        leave_days=Decimal(0),
        survey_lowest=4,
        survey_words=(),
        survey_month="2026-12",
        survey_reader=reader_number(READER),
    )
    assert (after.closing.outcome, after.closing.signals, after.closing.not_measured) == (
        Outcome.WORKED,
        (),
        (),
    )
    assert (after.closing.policy_version, after.closing.actor) == (2, "hr:2")
    assert replace(after, closing=None) == before, "what it was opened with stays"


# --- what it came to --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left_on", [FOUR_WEEKS_LATER, OPENED_ON])
def test_f5_who_has_left_is_no_success_whatever_was_measured(left_on: date) -> None:
    assert came_to(AFTER, left_on=left_on)[0] is Outcome.LEFT


def test_f5_who_will_leave_tomorrow_is_still_here() -> None:
    assert came_to(AFTER, left_on=FOUR_WEEKS_LATER + timedelta(days=1))[0] is Outcome.WORKED


def test_f5_some_signals_gone_is_partly() -> None:
    facts = AFTER | {"weeks": [*weeks(55, 44), *weeks(52, 48)]}
    assert came_to(facts) == (Outcome.PARTLY, ())


def test_f5_the_same_as_before_has_not_worked() -> None:
    facts = {
        "weeks": weeks(55, 48),
        "leave": [sick(date(2026, 12, 2), 4)],
        "months": [*BEFORE["months"], *months(m11=5)],
        "survey": survey("2026-12", 1),
    }
    assert came_to(facts) == (Outcome.NOT_WORKED, ())


def test_f5_nothing_told_since_is_neither_success_nor_failure() -> None:
    """The old weeks, months and surveys have come out of the windows; that they raise nothing proves nothing."""
    today = date(2027, 3, 1)
    only = BEFORE | {"leave": []}
    assert raised(SHIPPED_POLICY, card(today, **only), today) == ()
    unknown = (K.LONG_HOURS, K.PERFORMANCE, K.SURVEY)
    assert came_to(only, opened(only), today=today) == (Outcome.UNKNOWN, unknown)


def test_f5_what_only_old_figures_raise_is_unknown_too() -> None:
    """Closed before a week of it was told: the same alert still stands, and nobody has looked since."""
    only = opened({"weeks": weeks(55, 44)})
    assert came_to({"weeks": weeks(55, 44)}, only, today=OPENED_ON + timedelta(days=1)) == (
        Outcome.UNKNOWN,
        (K.LONG_HOURS,),
    )


def test_f5_one_signal_measured_and_still_there_has_not_worked_whatever_the_others_are() -> None:
    facts = BEFORE | {"leave": [], "months": [*BEFORE["months"], *months(m11=4)]}
    assert came_to(facts, opened(BEFORE | {"leave": []}), today=date(2026, 12, 5)) == (
        Outcome.NOT_WORKED,
        (K.LONG_HOURS, K.SURVEY),
    )


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (9, (Outcome.WORKED, ())),
        (3, (Outcome.NOT_WORKED, ())),
        (5, (Outcome.UNKNOWN, (K.PERFORMANCE,))),
    ],
)
def test_f5_the_month_of_the_opening_told_again_counts(
    again: int, expected: tuple[Outcome, tuple[SignalKind, ...]]
) -> None:
    """It was told when it was not over, and told again when it was; the same as before was never told again."""
    only = opened({"months": months(m10=9, m11=5)})
    assert only.before.performance_month == "2026-11"
    assert came_to({"months": months(m10=9, m11=again)}, only) == expected


def test_f5_a_month_that_was_over_says_nothing_of_the_time_since_though_it_is_corrected() -> None:
    only = opened({"months": months(m09=9, m10=5)})
    assert came_to({"months": months(m09=9, m10=9)}, only) == (Outcome.UNKNOWN, (K.PERFORMANCE,))


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (4, (Outcome.WORKED, ())),
        (1, (Outcome.NOT_WORKED, ())),
        (2, (Outcome.UNKNOWN, (K.SURVEY,))),
    ],
)
def test_f5_the_survey_of_the_opening_answered_again_counts(
    score: int, expected: tuple[Outcome, tuple[SignalKind, ...]]
) -> None:
    only = replace(opened({"survey": survey("2026-11", 2)}), policy_version=2)
    assert came_to({"survey": survey("2026-11", score)}, only) == expected


def test_f5_a_survey_that_only_another_policy_reads_otherwise_was_not_answered_again() -> None:
    said = {"survey": survey("2026-11", 4), "words": words("pressure")}
    assert came_to(said | {"words": UNSPOKEN}, opened(said)) == (Outcome.UNKNOWN, (K.SURVEY,))


NEWER: Final = (4, 8, 2)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # The same reader no longer hears it, so it is not there: the survey of the month was answered again.
        (words("pressure"), UNSPOKEN, (Outcome.WORKED, ())),
        (words("pressure"), NO_WORDS, (Outcome.WORKED, ())),
        # Another reader hears otherwise, which is nobody's answer.
        (words("pressure"), words(reader=NEWER), (Outcome.UNKNOWN, (K.SURVEY,))),
        (words("pressure"), words("exhausted", reader=NEWER), (Outcome.UNKNOWN, (K.SURVEY,))),
        (words("pressure", percent=None, reader=None), UNSPOKEN, (Outcome.UNKNOWN, (K.SURVEY,))),
        # What nothing read can only have been taken back.
        (words("pressure", percent=None, reader=None), NO_WORDS, (Outcome.WORKED, ())),
        (words("pressure"), words("pressure", percent=85, reader=NEWER), (Outcome.UNKNOWN, (K.SURVEY,))),
    ],
)
def test_f5_words_that_only_another_reader_hears_otherwise_were_not_answered_again(
    before: WordsRead, after: WordsRead, expected: tuple[Outcome, tuple[SignalKind, ...]]
) -> None:
    said = {"survey": survey("2026-11", 4), "words": before}
    only = replace(opened(said), policy_version=2)
    assert came_to(said | {"words": after}, only) == expected


def test_f5_one_signal_measured_and_gone_is_worked_and_the_others_are_named() -> None:
    today = date(2027, 3, 1)
    facts = BEFORE | {"leave": [], "weeks": [AttendanceWeek("2027-W08", Decimal(38), None)]}
    assert came_to(facts, opened(BEFORE | {"leave": []}), today=today) == (
        Outcome.WORKED,
        (K.PERFORMANCE, K.SURVEY),
    )


def test_f5_a_signal_that_only_old_figures_raise_is_in_the_way_and_named() -> None:
    facts = AFTER | {"months": BEFORE["months"]}
    assert came_to(facts, today=date(2026, 12, 28)) == (Outcome.PARTLY, (K.PERFORMANCE,))


def test_f5_leave_tells_after_a_week_though_nobody_tells_of_any() -> None:
    facts = {"leave": [sick(date(2026, 10, 25), 4)]}
    only = opened(facts)
    assert [signal.kind for signal in only.signals] == [K.LEAVE]
    for days, expected in ((6, (Outcome.UNKNOWN, (K.LEAVE,))), (7, (Outcome.WORKED, ()))):
        assert came_to(facts, only, today=OPENED_ON + timedelta(days=days)) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # The week of the opening was not over, an earlier one that is told late was.
        (weeks(40, 48, 1), Outcome.WORKED),
        (weeks(40, 47, 1), Outcome.UNKNOWN),
    ],
)
def test_f5_a_week_speaks_of_the_time_since_when_it_was_not_over(
    told: list[AttendanceWeek], expected: Outcome
) -> None:
    only = opened({"weeks": weeks(55, 44, 3)})
    assert came_to({"weeks": told}, only, today=date(2026, 12, 7))[0] is expected


def test_f5_what_is_raised_only_now_does_not_count() -> None:
    only = opened({"weeks": weeks(55, 44)})
    facts = {"weeks": weeks(40, 48), "survey": survey("2026-12", 1)}
    after = ended(facts, only)
    assert after.closing
    assert (after.closing.outcome, [one.kind for one in after.closing.signals]) == (
        Outcome.WORKED,
        [K.SURVEY],
    )


def test_f5_signals_that_make_no_level_are_still_raised() -> None:
    """A policy that needs two of them must not make one of them look gone."""
    two = SHIPPED_POLICY.model_copy(update={"levels": (SHIPPED_POLICY.levels[0],)})
    told = card(weeks=weeks(55, 48))
    assert measured(two, told, FOUR_WEEKS_LATER) is None
    assert [signal.kind for signal in raised(two, told, FOUR_WEEKS_LATER)] == [K.LONG_HOURS]


def test_f5_of_whom_nothing_was_told_nothing_is_measured() -> None:
    nothing = Measures(None, 0, None, None, None, 0, Decimal(0), None, (), None)
    assert measures(SHIPPED_POLICY, NO_CARD, OPENED_ON) == nothing
    assert card() == NO_CARD


def test_f5_closed_by_another_is_a_conflict_and_by_the_same_request_the_same() -> None:
    after = ended(AFTER)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    again = closed(after, SHIPPED_POLICY, 2, NO_CARD, None, "hr:2", "req-2", now, now.date())
    assert again == after
    with pytest.raises(Conflict) as refused:
        closed(after, SHIPPED_POLICY, 2, NO_CARD, None, "hr:3", "req-3", now, now.date())
    assert refused.value.code is PressureRefusal.INTERVENTION_CLOSED


# --- any card ---------------------------------------------------------------------------------------------------------


_DAYS = st.integers(-100, 40).map(lambda days: OPENED_ON + timedelta(days=days))
_WEEKS = st.lists(
    st.builds(AttendanceWeek, _DAYS.map(iso_week), st.integers(0, 90).map(Decimal), st.none()),
    max_size=8,
    unique_by=lambda one: one.week,
)
_MONTHS = st.lists(
    st.builds(
        MonthlyPerformance,
        _DAYS.map(lambda day: f"{day:%Y-%m}"),
        st.none() | st.integers(0, 10).map(Decimal),
        st.just(Decimal(10)),
    ),
    max_size=4,
    unique_by=lambda one: one.month,
)
_LEAVE = st.lists(
    st.builds(
        Leave,
        st.uuids().map(str),
        st.sampled_from(LeaveKind),
        _DAYS,
        st.just(date(2027, 1, 1)),
        st.integers(1, 4).map(Decimal),
        st.booleans(),
    ),
    max_size=6,
)
_SURVEY = st.none() | st.builds(
    Survey,
    _DAYS.map(lambda day: f"{day:%Y-%m}"),
    st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(1, 5)), max_size=3).map(tuple),
)
_FACTS = st.fixed_dictionaries(
    {
        "weeks": _WEEKS,
        "leave": _LEAVE,
        "months": _MONTHS,
        "survey": _SURVEY,
        "words": st.sampled_from([NO_WORDS, UNSPOKEN, words("pressure"), words("gone_rule", "pressure")]),
    }
)


@given(_FACTS, st.integers(0, 40))
def test_f5_what_is_measured_is_what_the_scan_sees(facts: dict[str, Any], days: int) -> None:
    today = OPENED_ON + timedelta(days=days)
    told = card(today, **facts)
    found = measures(SHIPPED_POLICY, told, today)
    for signal in raised(SHIPPED_POLICY, told, today):
        _holds(signal, found)


def _holds(signal: RaisedSignal, found: Measures) -> None:
    match signal:
        case LongHours():
            assert (signal.hours, signal.weeks) == (found.hours, found.weeks)
        case FallingPerformance():
            assert (signal.after, signal.month) == (found.performance, found.performance_month)
        case FrequentLeave():
            assert (signal.times, signal.days) == (found.leave_times, found.leave_days)
        case StrainedSurvey():
            lowest = found.survey_lowest
            low = lowest is not None and lowest <= signal.at_most
            assert signal.lowest == (lowest if low else None)
            assert tuple(rule.id for rule in signal.words) == found.survey_words
            assert signal.month == found.survey_month


@given(_FACTS, st.integers(0, 40))
def test_f5_an_outcome_rests_on_what_was_told_since(facts: dict[str, Any], days: int) -> None:
    today = OPENED_ON + timedelta(days=days)
    before = opened()
    closing = ended(facts, before, today=today).closing
    assert closing
    kinds = {signal.kind for signal in before.signals}
    still = kinds & {signal.kind for signal in closing.signals}
    gone = kinds - still - set(closing.not_measured)
    expected = Outcome.PARTLY if still else Outcome.WORKED
    if not gone:
        expected = Outcome.NOT_WORKED if kinds - set(closing.not_measured) else Outcome.UNKNOWN
    assert closing.outcome is expected
    if days == 0:
        assert not gone & {K.LEAVE, K.LONG_HOURS}, "nothing of them can be told on the day itself"
