"""Pressure warnings: cards, signals, levels and the company's figures (F4)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.employees.rules.performance import Metric, MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey, iso_week
from rencai.pressure.rules.card import NO_WORDS, MetRule, WordsRead, make_card
from rencai.pressure.rules.company import CompanyFigures, MonthFigures, Totals, company_figures
from rencai.pressure.rules.policy import LevelRule, RiskLevel, RiskPolicy, SignalKind, SurveyRule, WordsRule
from rencai.pressure.rules.scan import Scan, measured
from rencai.pressure.rules.signals import (
    FallingPerformance,
    FrequentLeave,
    Judgement,
    LongHours,
    StrainedSurvey,
    from_values,
    to_values,
)
from rencai.pressure.rules.wording import shown
from tests.pressure.spoken import READER, UNSPOKEN, words

TODAY = date(2026, 11, 22)
"""A Sunday: the running week is 2026-W47, so the last four are W43 to W46."""
WORDS = WordsRule.model_validate(
    {"id": "under_pressure", "name": {"zh-CN": "压力大", "en": "pressure"}, "present": ["压力很?大"]}
)
POLICY = RiskPolicy(survey=SurveyRule(words=(WORDS,)))


def weeks(
    hours: str, count: int = 4, last: str = "2026-W46", overtime: str | None = None
) -> list[AttendanceWeek]:
    """The same hours in ``count`` weeks up to ``last``."""
    monday = date.fromisocalendar(int(last[:4]), int(last[-2:]), 1)
    over = Decimal(overtime) if overtime else None
    return [
        AttendanceWeek(iso_week(monday - timedelta(weeks=back)), Decimal(hours), over)
        for back in range(count)
    ]


def sick(*days: date, lasted: str = "1", kind: LeaveKind = LeaveKind.SICK) -> list[Leave]:
    """A leave for each of ``days``."""
    return [Leave(f"l-{day}", kind, day, day, Decimal(lasted)) for day in days]


def month(name: str, score: str | None, *metrics: Metric) -> MonthlyPerformance:
    """A month on a scale of 10."""
    return MonthlyPerformance(name, Decimal(score) if score else None, Decimal(10), metrics)


def card(
    attendance: Sequence[AttendanceWeek] = (),
    leave: Sequence[Leave] = (),
    months: Sequence[MonthlyPerformance] = (),
    survey: Survey | None = None,
    words: WordsRead = NO_WORDS,
    left_on: date | None = None,
) -> bytes:
    """A card made today."""
    return make_card(attendance, leave, months, survey, words, left_on, TODAY)


SICK_DAYS = sick(*(TODAY - timedelta(days=back) for back in (2, 6, 9, 20)))
OVERLOADED = card(
    weeks("55"),
    SICK_DAYS,
    [month("2026-10", "9"), month("2026-11", "6")],
    Survey("2026-11", (("comment", None),)),
    words("under_pressure", percent=93),
)


def test_f4_four_signals_are_red_and_each_is_shown_with_the_companys_figure() -> None:
    scan = Scan(POLICY, TODAY)
    found = scan.judge(OVERLOADED)
    assert found == Judgement(
        RiskLevel.RED,
        (
            LongHours(Decimal("55.00"), 4, Decimal(50)),
            FallingPerformance(Decimal("9.00"), Decimal("6.00"), 2, "2026-11", 2, 25, Decimal(1)),
            FrequentLeave(4, Decimal("4.00"), 30, 3, Decimal(3)),
            StrainedSurvey("2026-11", None, (MetRule("under_pressure", 93),), 2, READER),
        ),
    )
    # With three colleagues at (140 - 55) / 3 hours the company's mean is 35; its four sick days are 1 an employee.
    for hours in ("28", "28", "29"):
        scan.judge(card(weeks(hours)))
    company = company_figures(scan.totals)
    assert (company.hours, company.leave_days, company.leave_times) == (
        Decimal("35.00"),
        Decimal(1),
        Decimal(1),
    )
    signals = [shown(signal, POLICY, company, "zh-CN") for signal in found.signals]
    assert [(one.value, one.threshold, one.company) for one in signals] == [
        (Decimal("55.00"), Decimal(50), Decimal("35.00")),
        (Decimal("6.00"), Decimal(25), Decimal("6.00")),
        (Decimal(4), Decimal(3), Decimal(1)),
        (None, Decimal(2), None),
    ]
    assert [one.text for one in signals] == [
        "近 4 周平均每周工作 55 小时,超过 50 小时,公司平均 35 小时",
        "绩效在 2 个月内从 9 降到 6(满分 10;共降 1 分及以上,且连续 2 次下降或一次下降 25% 才提示),公司平均 6",
        "近 30 天请假 4 次、共 4 天,超过 3 次或 3 天,公司平均 1 次",
        "2026-11 的问卷:文字反映“压力大”(把握 93%)",
    ]
    assert [shown(signal, POLICY, company, "en").text for signal in found.signals] == [
        "55 hours a week over 4 weeks, above 50; the company's average is 35",
        (
            "performance fell from 9 to 6 of 10 within 2 months (told of after 2 falls running, or one of 25 %, "
            "of 1 or more in all); "
            "the company's average is 6"
        ),
        "4 times of leave, 4 days, within 30 days; above 3 times or 3 days; the company's average is 1",
        "survey of 2026-11: its words speak of pressure (93 % sure)",
    ]


@pytest.mark.parametrize(
    ("signals", "level"),
    [
        ({"attendance": weeks("50.5")}, RiskLevel.YELLOW),
        ({"attendance": weeks("50.5"), "leave": SICK_DAYS}, RiskLevel.ORANGE),
        ({"attendance": weeks("50")}, None),
        ({}, None),
    ],
)
def test_f4_signals_together_decide_the_level(signals: dict[str, Any], level: RiskLevel | None) -> None:
    found = measured(POLICY, card(**signals), TODAY)
    assert (found.level if found else None) == level


def test_a_level_may_ask_for_certain_signals() -> None:
    both = LevelRule(level=RiskLevel.RED, all_of=(SignalKind.LONG_HOURS, SignalKind.LEAVE))
    policy = RiskPolicy(levels=(both,))
    found = measured(policy, card(weeks("51"), SICK_DAYS), TODAY)
    assert found
    assert found.level is RiskLevel.RED
    # One of them alone is no level of this policy, and so no alert.
    assert measured(policy, card(weeks("51")), TODAY) is None


@pytest.mark.parametrize(
    "rule", [{"level": "red"}, {"level": "red", "at_least": 1, "all_of": ["long_hours"]}]
)
def test_a_level_has_one_rule(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="either at_least or all_of"):
        LevelRule.model_validate(rule)


@pytest.mark.parametrize(
    "levels",
    [
        # Whatever makes the second makes the first.
        [{"level": "yellow", "at_least": 1}, {"level": "red", "at_least": 3}],
        [{"level": "orange", "at_least": 2}, {"level": "red", "all_of": ["survey", "long_hours"]}],
        [{"level": "red", "all_of": ["survey"]}, {"level": "red", "all_of": ["survey", "long_hours"]}],
        [{"level": "red", "at_least": 2}, {"level": "red", "at_least": 2}],
    ],
)
def test_a_level_that_can_never_hold_is_refused(levels: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError, match=r"level 2, '[a-z]+', can never hold"):
        RiskPolicy.model_validate({"levels": levels})


def test_levels_that_each_hold_sometimes_are_accepted() -> None:
    levels = [
        {"level": "red", "all_of": ["survey", "long_hours"]},
        {"level": "red", "at_least": 3},
        {"level": "orange", "at_least": 2},
        {"level": "orange", "all_of": ["survey"]},
        {"level": "yellow", "at_least": 1},
    ]
    assert len(RiskPolicy.model_validate({"levels": levels}).levels) == 5


def test_a_words_rule_comes_once() -> None:
    with pytest.raises(ValidationError, match="words rule 'under_pressure' comes twice"):
        SurveyRule(words=(WORDS, WORDS))


def test_hours_are_the_mean_of_the_weeks_told_of_the_last_four() -> None:
    told = [
        *weeks("60", 1),
        *weeks("60", 1, "2026-W43"),
        *weeks("90", 4, "2026-W42"),
        *weeks("90", 1, "2026-W47"),
    ]
    found = measured(POLICY, card(told), TODAY)
    assert found
    assert found.signals == (LongHours(Decimal("60.00"), 2, Decimal(50)),)


@pytest.mark.parametrize(
    ("months", "falls"),
    [
        ([month("2026-11", "6"), month("2026-10", "9")], (9, 6, 2)),
        ([month("2026-11", "6"), month("2026-10", "7"), month("2026-09", "8")], (8, 6, 3)),
        ([month("2026-11", "8"), month("2026-10", "8.5")], None),
        ([month("2026-11", "8"), month("2026-10", "8.5"), month("2026-09", "8")], None),
        # A month is missing between the two: nobody knows that it fell two months running.
        ([month("2026-11", "6"), month("2026-09", "9")], None),
        ([month("2026-07", "6"), month("2026-06", "9")], None),
        ([], None),
    ],
)
def test_performance_falls_two_months_running_or_far_at_once(
    months: list[MonthlyPerformance], falls: tuple[int, int, int] | None
) -> None:
    found = measured(POLICY, card(months=months), TODAY)
    assert (found.signals if found else None) == (
        (FallingPerformance(Decimal(falls[0]), Decimal(falls[1]), falls[2], "2026-11", 2, 25, Decimal(1)),)
        if falls
        else None
    )


def test_a_month_whose_metrics_are_told_before_its_score_hides_no_fall() -> None:
    fell = [month("2026-10", "7"), month("2026-09", "8"), month("2026-08", "9")]
    known = measured(POLICY, card(months=fell), TODAY)
    assert known
    assert known.signals == (
        FallingPerformance(Decimal("9.00"), Decimal("7.00"), 3, "2026-10", 2, 25, Decimal(1)),
    )
    running = month("2026-11", None, Metric("acos", Decimal(30)))
    told = card(months=[running, *fell])
    assert measured(POLICY, told, TODAY) == known
    # Each counts in its own month.
    scan = Scan(POLICY, TODAY)
    scan.judge(told)
    assert company_figures(scan.totals).months == {
        "2026-09": MonthFigures(Decimal("8.00")),
        "2026-10": MonthFigures(Decimal("7.00")),
        "2026-11": MonthFigures(None, {"acos": Decimal("30.00")}),
    }


def test_a_month_that_was_to_come_on_the_day_of_the_scan_is_none_of_its_months() -> None:
    scan = Scan(POLICY, date(2026, 10, 31))
    acos = Metric("acos", Decimal(30))
    scan.judge(card(months=[month("2026-11", "5", acos), month("2026-10", "8"), month("2026-09", "9", acos)]))
    assert company_figures(scan.totals).months == {
        "2026-09": MonthFigures(Decimal("9.00"), {"acos": Decimal("30.00")}),
        "2026-10": MonthFigures(Decimal("8.00")),
    }


def test_money_of_two_currencies_is_not_added_up() -> None:
    scan = Scan(POLICY, TODAY)
    for value, currency in ((12_000, "USD"), (16_000, "USD"), (90_000, "CNY")):
        scan.judge(card(months=[month("2026-11", None, Metric("sales", Decimal(value), None, currency))]))
    assert company_figures(scan.totals).months["2026-11"].metrics == {
        "sales:CNY": Decimal(90_000),
        "sales:USD": Decimal(14_000),
    }


def test_scores_of_any_scale_are_compared_on_one_of_ten() -> None:
    told = [
        MonthlyPerformance("2026-10", Decimal(90), Decimal(100)),
        MonthlyPerformance("2026-11", Decimal(3), Decimal(5)),
    ]
    found = measured(POLICY, card(months=told), TODAY)
    assert found
    assert found.signals == (FallingPerformance(Decimal(9), Decimal(6), 2, "2026-11", 2, 25, Decimal(1)),)


@pytest.mark.parametrize(
    ("leave", "shows"),
    [
        (sick(TODAY, lasted="3.5"), (1, "3.5")),
        (sick(*(TODAY - timedelta(days=back) for back in range(4)), lasted="0.5"), (4, "2")),
        (sick(*(TODAY - timedelta(days=back) for back in range(3))), None),
        (sick(TODAY, lasted="10", kind=LeaveKind.ANNUAL), None),
        (sick(TODAY - timedelta(days=30), lasted="4"), None),
        (sick(TODAY - timedelta(days=29), lasted="4"), (1, "4")),
        (sick(TODAY + timedelta(days=1), lasted="4"), None),
        ([replace(sick(TODAY, lasted="9")[0], cancelled=True)], None),
    ],
)
def test_leave_counts_times_and_days_of_the_kinds_that_come_unplanned(
    leave: list[Leave], shows: tuple[int, str] | None
) -> None:
    found = measured(POLICY, card(leave=leave), TODAY)
    assert (found.signals if found else None) == (
        (FrequentLeave(shows[0], Decimal(shows[1]), 30, 3, Decimal(3)),) if shows else None
    )


def answers(name: str, **scores: int) -> Survey:
    """A month's scores."""
    return Survey(name, tuple(sorted(scores.items())))


@pytest.mark.parametrize(
    ("survey", "said", "shows"),
    [
        (answers("2026-11", stress=2, stay=5), NO_WORDS, (2, ())),
        (answers("2026-11", stress=3), NO_WORDS, None),
        # The words speak, and the score is nobody's to read.
        (answers("2026-11", stress=3), words("under_pressure"), (None, (MetRule("under_pressure", 92),))),
        (answers("2026-11", stress=2), words("under_pressure"), (2, (MetRule("under_pressure", 92),))),
        # Words that were read and meet no rule say nothing, also of how low a score is.
        (answers("2026-11", stress=3), UNSPOKEN, None),
        (answers("2026-11", stress=2), UNSPOKEN, (2, ())),
        (Survey("2026-11", (("comment", None),)), UNSPOKEN, None),
        # The policy has no such rule any more.
        (answers("2026-11", stress=3), words("gone"), None),
        (answers("2026-10", stress=1), NO_WORDS, (1, ())),
        (answers("2026-09", stress=1), NO_WORDS, None),
    ],
)
def test_a_survey_speaks_by_a_low_score_or_by_its_words(
    survey: Survey, said: WordsRead, shows: tuple[int | None, tuple[MetRule, ...]] | None
) -> None:
    found = measured(POLICY, card(survey=survey, words=said), TODAY)
    assert (found.signals if found else None) == (
        (StrainedSurvey(survey.month, shows[0], shows[1], 2, READER if shows[1] else None),)
        if shows
        else None
    )


def test_only_the_questions_that_count_are_looked_at() -> None:
    policy = RiskPolicy(survey=SurveyRule(questions=("stress",)))
    told = answers("2026-11", stay=1, stress=4)
    assert measured(policy, card(survey=told), TODAY) is None
    # The same card by another day's policy: which questions count is not the card's to say.
    other = RiskPolicy(survey=SurveyRule(questions=("stress", "stay")))
    found = measured(other, card(survey=told), TODAY)
    assert found
    assert found.signals == (StrainedSurvey("2026-11", 1, (), 2),)


def test_who_has_left_is_judged_and_counted_no_more() -> None:
    for left_on, people in ((TODAY - timedelta(days=1), 0), (TODAY, 1)):
        scan = Scan(POLICY, TODAY)
        assert (scan.judge(card(weeks("60"), left_on=left_on)) is None) == (people == 0)
        assert scan.totals.employees == people


def test_what_was_not_told_is_no_zero_in_the_companys_figures() -> None:
    scan = Scan(POLICY, TODAY)
    scan.judge(
        card(weeks("40", 2, overtime="5"), months=[month("2026-11", "8", Metric("acos", Decimal(30)))])
    )
    scan.judge(card(weeks("46", 1)))
    scan.judge(card())
    assert company_figures(scan.totals) == CompanyFigures(
        employees=3,
        hours=Decimal("42.00"),
        overtime_hours=Decimal("10.00"),
        leave_times=Decimal(0),
        leave_days=Decimal(0),
        months={"2026-11": MonthFigures(Decimal("8.00"), {"acos": Decimal("30.00")})},
    )
    assert company_figures(Totals()) == CompanyFigures(0, None, None, None, None, {})


def test_months_long_ago_are_not_the_companys_any_more() -> None:
    scan = Scan(POLICY, TODAY)
    scan.judge(card(months=[month("2026-09", "8"), month("2026-08", "9")]))
    assert list(company_figures(scan.totals).months) == ["2026-09"]


_DECIMALS = st.decimals(0, 168, places=4)
_WEEKS = st.lists(
    st.builds(
        AttendanceWeek,
        st.sampled_from([one.week for one in weeks("1", 12)]),
        _DECIMALS,
        st.none() | _DECIMALS,
    ),
    unique_by=lambda one: one.week,
    max_size=10,
)
_MONTHS = st.lists(
    st.builds(
        MonthlyPerformance,
        st.sampled_from([f"2026-{number:02}" for number in range(5, 12)]),
        st.none() | st.decimals(0, 10, places=4),
        st.just(Decimal(10)),
        st.lists(
            st.builds(Metric, st.sampled_from(["acos", "sales"]), st.decimals(-9, 9, places=4)),
            unique_by=lambda one: one.id,
        ).map(tuple),
    ),
    unique_by=lambda one: one.month,
)
_LEAVE = st.lists(
    st.builds(
        Leave,
        st.sampled_from([f"l-{number}" for number in range(20)]),
        st.sampled_from(LeaveKind),
        st.dates(TODAY - timedelta(days=120), TODAY + timedelta(days=40)),
        st.just(TODAY),
        st.decimals("0.5", 9, places=1),
        st.booleans(),
    ),
    unique_by=lambda one: one.leave_id,
)
_SURVEYS = st.none() | st.builds(
    Survey,
    st.sampled_from(["2026-09", "2026-10", "2026-11"]),
    st.dictionaries(st.sampled_from(["stay", "stress"]), st.none() | st.integers(1, 5), min_size=1).map(
        lambda given: tuple(sorted(given.items()))
    ),
)
_WORDS = st.sampled_from(
    [NO_WORDS, UNSPOKEN, words("under_pressure"), words("under_pressure", percent=None, reader=None)]
)
_FACTS = st.tuples(_WEEKS, _LEAVE, _MONTHS, _SURVEYS, _WORDS)


@given(_FACTS, st.randoms())
def test_a_card_depends_on_the_facts_and_not_on_their_order(facts: Any, chance: Any) -> None:
    attendance, leave, months, survey, said = facts
    made = card(attendance, leave, months, survey, said)
    for told in (attendance, leave, months):
        chance.shuffle(told)
    assert card(attendance, leave, months, survey, said) == made


@given(st.lists(_FACTS, max_size=12), st.integers(1, 5), st.randoms())
def test_the_scan_depends_on_the_facts_and_not_on_order_or_shards(
    everybody: list[Any], shards: int, chance: Any
) -> None:
    cards = [card(*facts) for facts in everybody]
    whole = Scan(POLICY, TODAY)
    judged = [whole.judge(one) for one in cards]
    order = list(range(len(cards)))
    chance.shuffle(order)
    parts = [Scan(POLICY, TODAY) for _ in range(shards)]
    again = {place: parts[place % shards].judge(cards[place]) for place in order}
    assert [again[place] for place in range(len(cards))] == judged
    total = Totals()
    for part in parts:
        total.add(Totals.from_json(part.totals.to_json()))
    assert total.to_json() == whole.totals.to_json()
    assert company_figures(total) == company_figures(whole.totals)


@given(_FACTS)
def test_signals_come_back_from_the_table_as_they_were(facts: Any) -> None:
    found = measured(POLICY, card(*facts), TODAY)
    for signal in found.signals if found else ():
        assert from_values(to_values(signal)) == signal
        assert shown(signal, POLICY, None, "en").text
