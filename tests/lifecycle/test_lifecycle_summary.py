"""The summary of a life cycle and its reasons (F2)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.performance import Metric, MonthlyPerformance
from rencai.employees.rules.records import RecruitingRecord
from rencai.employees.rules.signals import AttendanceWeek
from rencai.kernel.errors import CHINESE, ENGLISH, LANGUAGES
from rencai.lifecycle.rules.summary import (
    CourseTaken,
    LifecycleFacts,
    Measure,
    Reason,
    Summary,
    Verdict,
    summarise,
)
from rencai.pressure.rules.card import NO_WORDS, make_card
from rencai.pressure.rules.company import CompanyFigures, MonthFigures, company_figures
from rencai.pressure.rules.policy import LifecycleRules, RiskLevel, RiskPolicy
from rencai.pressure.rules.scan import Scan

TODAY = date(2026, 3, 2)
WEEKS = ("2026-W06", "2026-W07", "2026-W08", "2026-W09")
SALES = MonthlyPerformance(
    "2026-02", None, Decimal(100), (Metric("sales", Decimal(12000), Decimal(12000), "USD"),)
)
NOTHING = LifecycleFacts(TODAY, TODAY, 4)


def weeks(overtime: Any, told: tuple[str, ...] = WEEKS) -> tuple[AttendanceWeek, ...]:
    """Weeks of 40 hours and some overtime."""
    over = Decimal(overtime)
    return tuple(AttendanceWeek(week, 40 + over, over) for week in told)


def interview(score: Any, competency: str = "沟通能力", on: date = date(2025, 12, 20)) -> RecruitingRecord:
    return RecruitingRecord(on, competency, Decimal(score), Decimal(10))


def course(percent: Any, name: str = "亚马逊选品技巧") -> CourseTaken:
    return CourseTaken((name, name), Decimal(percent))


def scored(score: Any, month: str = "2026-02", out_of: Any = 10) -> MonthlyPerformance:
    return MonthlyPerformance(month, Decimal(score), Decimal(out_of))


def company(overtime: Any = 40, **more: Any) -> CompanyFigures:
    mean = Decimal(overtime) if overtime is not None else None
    return CompanyFigures(13, Decimal(50), mean, Decimal(0), Decimal(0), **{"months": {}, **more})


def facts(**told: Any) -> LifecycleFacts:
    """An able person under no pressure, but for what is said otherwise."""
    able: dict[str, Any] = {
        "findings": (interview(8),),
        "courses": (course(90),),
        "months": (SALES,),
        "attendance": weeks(10),
    }
    return LifecycleFacts(TODAY, TODAY, 4, **(able | told))


def summary(
    told: LifecycleFacts, figures: CompanyFigures | None = None, rules: LifecycleRules | None = None
) -> Summary:
    return summarise(told, figures or company(), rules or LifecycleRules())


def scanned(cards: list[bytes]) -> CompanyFigures:
    """The company as the nightly scan finds it."""
    scan = Scan(RiskPolicy(), TODAY)
    for card in cards:
        scan.judge(card)
    return company_figures(scan.totals)


def card(overtime: int, months: tuple[MonthlyPerformance, ...] = ()) -> bytes:
    return make_card(weeks(overtime), [], months, None, NO_WORDS, None, TODAY)


def test_f2_capable_but_under_too_much_pressure_by_the_scans_own_averages() -> None:
    # Thirteen people: one with 60 hours of overtime in four weeks, twelve with 45 (11.25 a week).
    others = [make_card(weeks("11.25"), [], [], None, NO_WORDS, None, TODAY) for _ in range(12)]
    figures = scanned([card(15, (SALES,)), *others])
    found = summarise(facts(attendance=weeks(15)), figures, LifecycleRules())
    assert found == Summary(
        Verdict.CAPABLE_UNDER_PRESSURE,
        (
            Reason(
                Measure.INTERVIEW,
                True,
                (
                    "面试「沟通能力」 8 分(满分 10,要求 8)",
                    "interview, 沟通能力: 8 of 10 (asked for: 8)",
                ),
                Decimal(8),
                "/10",
                threshold=Decimal(8),
            ),
            Reason(
                Measure.COURSES,
                True,
                (
                    "《亚马逊选品技巧》完成 90%(要求 90%)",
                    "'亚马逊选品技巧' completed: 90 % (asked for: 90 %)",
                ),
                Decimal(90),
                "percent",
                threshold=Decimal(90),
            ),
            Reason(
                Measure.PERFORMANCE,
                True,
                (
                    "2026 年 2 月销售额 12,000 USD,目标 12,000 USD(已达标),公司平均 12,000 USD",
                    "sales in February 2026: 12,000 USD, target 12,000 USD (met), the company's mean: 12,000 USD",
                ),
                Decimal(12000),
                "USD",
                Decimal(12000),
                Decimal(12000),
            ),
        ),
        (
            Reason(
                Measure.OVERTIME,
                True,
                (
                    "近 4 周加班 60 小时,公司平均 46.15 小时,高 30%(警戒线:高 25%)",
                    "overtime in 4 weeks: 60 h, the company's mean: 46.15 h, 30 % above it (limit: 25 % above)",
                ),
                Decimal(60),
                "hours",
                Decimal("46.15"),
                Decimal("57.69"),
            ),
        ),
        (),
    )
    assert found.text(CHINESE) == "有能力,但压力过大:建议干预"
    assert found.text(ENGLISH) == "capable, under too much pressure: intervene"


# --- capability


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({}, Verdict.CAPABLE),
        ({"findings": (interview("7.9"),)}, Verdict.CAPABLE),
        ({"courses": (course("89.99"),)}, Verdict.CAPABLE),
        ({"findings": (interview("7.9"),), "courses": (course("89.99"),)}, Verdict.DEVELOPING),
        ({"months": (scored("7.9"),)}, Verdict.CAPABLE),
        ({"months": (scored("7.9"),), "courses": (course(10),)}, Verdict.DEVELOPING),
        ({"months": (scored("8"),), "courses": (course(10),)}, Verdict.CAPABLE),
        ({"months": (scored("80", out_of=100),), "courses": (course(10),)}, Verdict.CAPABLE),
    ],
)
def test_capable_is_who_reaches_two_of_three(told: dict[str, Any], verdict: Verdict) -> None:
    assert summary(facts(**told)).verdict is verdict


def test_how_many_it_takes_and_how_much_is_the_tenants() -> None:
    told = facts(findings=(interview(7),))
    assert summary(told, rules=LifecycleRules(at_least=3)).verdict is Verdict.DEVELOPING
    assert summary(told, rules=LifecycleRules(at_least=3, interview_percent=Decimal(70))).verdict is (
        Verdict.CAPABLE
    )


def test_of_several_interviews_the_latest_counts_and_of_its_findings_the_mean() -> None:
    early = interview(10, "执行力", date(2025, 11, 1))
    (reason, *_) = summary(facts(findings=(early, interview(9), interview(6, "执行力")))).capability
    assert (reason.value, reason.unit, reason.holds) == (Decimal(75), "/100", False)
    assert reason.text(ENGLISH) == "interview, mean of 2 findings: 75 of 100 (asked for: 80)"


def test_the_profile_of_our_own_interview_goes_before_an_earlier_systems_findings() -> None:
    (reason, *_) = summary(facts(overall=Decimal("91.50"))).capability
    assert reason.text(CHINESE) == "面试综合得分 91.5 分(满分 100,要求 80)"


def test_several_courses_count_by_their_mean() -> None:
    (_, reason, _) = summary(facts(courses=(course(100, "a"), course(79, "b")))).capability
    assert (reason.value, reason.holds) == (Decimal("89.5"), False)
    assert reason.text(ENGLISH) == "2 courses completed, mean: 89.5 % (asked for: 90 %)"


def test_a_missed_target_and_a_good_score_are_both_shown_and_the_score_counts() -> None:
    sales = Metric("sales", Decimal(9000), Decimal(12000), "USD")
    month = MonthlyPerformance("2026-02", Decimal(9), Decimal(10), (sales,))
    figures = company(months={"2026-02": MonthFigures(Decimal("8.25"), {"sales:USD": Decimal("10000.50")})})
    found = summary(facts(months=(month,), courses=()), figures)
    _, target, score = found.capability
    assert (target.holds, target.company, score.holds, score.company) == (
        False,
        Decimal("10000.50"),
        True,
        Decimal("8.25"),
    )
    assert target.text(CHINESE) == (
        "2026 年 2 月销售额 9,000 USD,目标 12,000 USD(未达标),公司平均 10,000.5 USD"
    )
    assert score.text(ENGLISH) == (
        "work performance in February 2026: 9 of 10 (asked for: 8), the company's mean: 8.25"
    )
    assert found.verdict is Verdict.CAPABLE


@pytest.mark.parametrize(("month", "told"), [("2025-12", False), ("2026-01", True), ("2026-03", True)])
def test_a_month_that_is_long_past_says_nothing_of_today(month: str, told: bool) -> None:
    missing = summary(facts(months=(scored(9, month),))).missing
    assert (Measure.PERFORMANCE not in missing) is told


def test_sales_without_a_target_measure_nothing() -> None:
    sales = MonthlyPerformance("2026-02", None, Decimal(100), (Metric("sales", Decimal(12000)),))
    assert summary(facts(months=(sales,))).missing == (Measure.PERFORMANCE,)


# --- pressure


@pytest.mark.parametrize(
    ("overtime", "mean", "above"),
    [("12.5", 40, True), ("12.4999", 40, False), (1, 0, True), (0, 0, False), (10, 40, False)],
)
def test_overtime_a_quarter_above_the_companys_is_too_much(overtime: Any, mean: Any, above: bool) -> None:
    (reason,) = summary(facts(attendance=weeks(overtime)), company(mean)).pressure
    assert reason.holds is above


def test_less_overtime_than_the_company_is_said_to_be_less() -> None:
    (reason,) = summary(facts(attendance=weeks(5))).pressure
    assert reason.text(CHINESE) == "近 4 周加班 20 小时,公司平均 40 小时,低 50%(警戒线:高 25%)"
    assert reason.text(ENGLISH) == (
        "overtime in 4 weeks: 20 h, the company's mean: 40 h, 50 % below it (limit: 25 % above)"
    )


def test_who_was_told_of_for_two_weeks_is_held_against_two_weeks_of_the_company() -> None:
    (reason,) = summary(facts(attendance=weeks("12.5", WEEKS[2:]))).pressure
    assert (reason.value, reason.company, reason.holds) == (Decimal(25), Decimal(20), True)


def test_overtime_counts_in_the_weeks_of_the_scan_that_found_the_companys() -> None:
    beside = weeks(40, ("2026-W05", "2026-W10"))
    (reason,) = summary(facts(attendance=(*weeks(10), *beside))).pressure
    assert reason.value == 40
    # A day before, on Sunday, it was the four weeks before.
    told = LifecycleFacts(TODAY, TODAY - timedelta(1), 4, attendance=(*weeks(10), *beside))
    (reason,) = summary(told).pressure
    assert reason.value == 70


def test_an_open_alert_is_pressure_whatever_else_is_known() -> None:
    found = summarise(facts(alert=RiskLevel.RED, attendance=()), None, LifecycleRules())
    assert found.verdict is Verdict.CAPABLE_UNDER_PRESSURE
    assert [reason.text(CHINESE) for reason in found.pressure] == ["压力预警:红色"]
    told = LifecycleFacts(TODAY, TODAY, 4, alert=RiskLevel.YELLOW)
    assert summary(told).verdict is Verdict.UNDER_PRESSURE
    assert summary(told).text(CHINESE) == "压力过大:建议干预"


# --- what is not known


def test_nothing_told_is_not_nothing_done() -> None:
    found = summarise(NOTHING, None, LifecycleRules())
    assert found == Summary(Verdict.NOT_ENOUGH_KNOWN, (), (), tuple(Measure)[:4])
    assert found.text(CHINESE) == (
        "资料不足,暂不下结论:缺少面试结果、课程完成情况、近期工作绩效、本人加班时长和公司平均"
    )
    assert found.text(ENGLISH) == (
        "not enough is known to say; missing: an interview's findings; completion of courses; "
        "recent work performance; overtime, theirs and the company's"
    )


@pytest.mark.parametrize(
    ("told", "figures", "verdict", "missing"),
    [
        ({"courses": ()}, company(), Verdict.CAPABLE, (Measure.COURSES,)),
        ({"courses": (), "findings": ()}, company(), Verdict.NOT_ENOUGH_KNOWN, None),
        (
            {"courses": (), "findings": (interview(1),), "months": (scored(1),)},
            company(),
            Verdict.DEVELOPING,
            (Measure.COURSES,),
        ),
        ({"attendance": ()}, company(), Verdict.NOT_ENOUGH_KNOWN, (Measure.OVERTIME,)),
        ({}, company(None), Verdict.NOT_ENOUGH_KNOWN, (Measure.OVERTIME,)),
        (
            {"attendance": (AttendanceWeek("2026-W09", Decimal(60), None),)},
            company(),
            Verdict.NOT_ENOUGH_KNOWN,
            (Measure.OVERTIME,),
        ),
    ],
)
def test_there_is_no_verdict_where_what_is_missing_could_change_it(
    told: dict[str, Any],
    figures: CompanyFigures,
    verdict: Verdict,
    missing: tuple[Measure, ...] | None,
) -> None:
    found = summary(facts(**told), figures)
    assert found.verdict is verdict
    assert missing is None or found.missing == missing


@given(st.permutations(WEEKS), st.permutations(["2026-01", "2026-02", "2025-11"]), st.randoms())
def test_the_order_in_which_things_were_told_changes_nothing(
    of_weeks: list[str], of_months: list[str], rng: Any
) -> None:
    findings = [interview(9), interview(6, "执行力"), interview(3, on=date(2025, 1, 1))]
    courses = [course(100, "a"), course(70, "b")]
    rng.shuffle(findings)
    rng.shuffle(courses)
    months = {"2026-01": scored(3, "2026-01"), "2026-02": scored(9), "2025-11": scored(2, "2025-11")}
    overtime = {week: Decimal(index) for index, week in enumerate(WEEKS)}
    told = facts(
        findings=tuple(findings),
        courses=tuple(courses),
        months=tuple(months[month] for month in of_months),
        attendance=tuple(AttendanceWeek(week, Decimal(50), overtime[week]) for week in of_weeks),
    )
    found = summary(told)
    assert [reason.value for reason in (*found.capability, *found.pressure)] == [75, 85, 9, 6]


_decimals = st.decimals(0, 100, places=2)


@given(
    st.none() | _decimals,
    st.lists(_decimals.map(course), max_size=3),
    st.lists(_decimals.map(lambda score: scored(score, out_of=100)), max_size=1),
    st.lists(st.sampled_from(WEEKS), unique=True),
    _decimals,
    st.none() | _decimals,
    st.sampled_from([None, *RiskLevel]),
)
def test_every_reason_can_be_read_and_whatever_is_missing_is_named(
    overall: Decimal | None,
    courses: list[CourseTaken],
    months: list[MonthlyPerformance],
    told: list[str],
    overtime: Decimal,
    mean: Decimal | None,
    alert: RiskLevel | None,
) -> None:
    found = summary(
        LifecycleFacts(
            TODAY,
            TODAY,
            4,
            overall,
            courses=tuple(courses),
            months=tuple(months),
            attendance=weeks(overtime, tuple(told)),
            alert=alert,
        ),
        company(mean),
    )
    reasons = (*found.capability, *found.pressure)
    measures = {reason.measure for reason in reasons}
    assert measures | set(found.missing) | {Measure.ALERT} == set(Measure)
    assert not measures & set(found.missing)
    pressed = any(reason.holds for reason in found.pressure)
    assert pressed is found.verdict.value.endswith("under_pressure")
    for language in LANGUAGES:
        assert found.text(language)
        assert all(reason.text(language) and "E+" not in reason.text(language) for reason in reasons)
