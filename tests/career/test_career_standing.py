"""Where a person stands on the career ladder and the next step (F3); with the ladder that is shipped."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.career.rules.known import CareerRecord, Evidence, MonthSales, Source, Taken, sales_of
from rencai.career.rules.ladder import ProjectRole
from rencai.career.rules.standing import Basis, Need, NeedKind, NeedState, Standing, where_to_stand
from rencai.career.rules.wording import course_name, need_name
from rencai.employees.rules.performance import Metric, MonthlyPerformance
from tests.career.career_builders import CATALOGUE, CATEGORY, LADDER, LAUNCH, LEVELS, TODAY, step


def taken(**percents: str | None) -> dict[str, Taken]:
    return {
        id_.replace("_", "-"): Taken(
            Decimal(percent) if percent is not None else None, Source.TRAINING, enrolled=True
        )
        for id_, percent in percents.items()
    }


def usd(amount: int, month: str = "2026-10") -> MonthSales:
    return MonthSales(month, Decimal(amount), "USD")


def states(standing: Standing, level: str) -> dict[str, NeedState]:
    return {need.id: need.state for need in standing.needs[level]}


def missing(standing: Standing) -> list[str]:
    return [need.id for need in standing.missing]


THE_EXAMPLE: Final = Evidence(
    courses=taken(basic_operations="85"),
    record=CareerRecord("assistant", (), (LAUNCH,)),
    sales=usd(12_000),
)


# --- F3, the worked example -------------------------------------------------------------------------------------------


def test_f3_the_worked_example_lacks_product_selection_and_is_to_enrol_in_its_course() -> None:
    standing = where_to_stand(LADDER, THE_EXAMPLE)
    assert (standing.level.id, standing.basis) == ("assistant", Basis.RECORDED)
    assert standing.following is not None
    assert standing.following.id == "junior"
    assert standing.next_step == Need(
        "junior",
        NeedKind.SKILL,
        "product_selection",
        NeedState.MISSING,
        required=Decimal(80),
        course_id="amazon-product-selection",
    )
    assert need_name(LADDER, CATALOGUE, standing.next_step, "zh-CN") == "选品分析"
    assert course_name(CATALOGUE, "amazon-product-selection", "zh-CN") == "亚马逊选品技巧"
    assert step(standing) == "还缺“选品分析”;建议报名《亚马逊选品技巧》"
    assert step(standing, "en") == "Lacks 'Product selection'; enrol in 'Product selection on Amazon'"


def test_f3_the_worked_example_has_all_that_an_assistant_has_and_all_that_is_missing_is_listed() -> None:
    standing = where_to_stand(LADDER, THE_EXAMPLE)
    assert set(states(standing, "assistant").values()) == {NeedState.MET}
    assert missing(standing) == ["product_selection", "advertising", "intermediate-operations", "sales"]
    sales = standing.missing[-1]
    assert (sales.value, sales.required) == (Decimal(12_000), Decimal(15_000))
    assert (sales.currency, sales.month) == ("USD", "2026-10")
    assert not standing.ready


@pytest.mark.parametrize("level", ["assistant", "运营助理", " operations  ASSISTANT "])
def test_f3_the_level_may_come_from_the_employees_file_by_its_id_or_a_name(level: str) -> None:
    told = replace(THE_EXAMPLE, record=replace(THE_EXAMPLE.record, level=None), level=level)
    standing = where_to_stand(LADDER, told)
    assert (standing.level.id, standing.basis) == ("assistant", Basis.EMPLOYEE_FILE)
    assert standing.next_step == where_to_stand(LADDER, THE_EXAMPLE).next_step


def test_f3_the_shipped_ladder_asks_what_the_requirement_says() -> None:
    assert tuple(level.id for level in LADDER.levels) == LEVELS
    asked = {
        level.id: (
            [LADDER.skills[id_].name.zh_cn for id_ in level.skills],
            [
                (CATALOGUE.courses[need.course].name.zh_cn, int(need.completion_at_least))
                for need in level.courses
            ],
            [(need.kind, need.role.value, need.at_least) for need in level.projects],
            (int(level.sales.amount), level.sales.currency) if level.sales else None,
        )
        for level in LADDER.levels
    }
    assert asked == {
        "assistant": (
            ["商品上架", "订单处理", "客户邮件"],
            [("基础运营", 80)],
            [("launch", "member", 1)],
            None,
        ),
        "junior": (["选品分析", "广告投放"], [("进阶运营", 90)], [], (15_000, "USD")),
        "middle": (
            ["市场调研", "供应链管理"],
            [("高级运营", 100)],
            [("small_category", "lead", 1)],
            None,
        ),
        "senior": (["战略规划"], [("战略运营", 100)], [], (50_000, "USD")),
    }


def test_every_course_of_the_shipped_ladder_is_in_the_catalogue() -> None:
    assert [pair for pair in LADDER.named_courses() if pair[1] not in CATALOGUE.courses] == []
    assert ("skill 'advertising'", "amazon-advertising") in set(LADDER.named_courses())
    assert ("level 'senior'", "strategic-operations") in set(LADDER.named_courses())


# --- where somebody stands --------------------------------------------------------------------------------------------


def test_without_a_level_it_is_the_highest_of_which_all_is_met_or_the_first() -> None:
    nobody = where_to_stand(LADDER, Evidence({}))
    assert (nobody.level.id, nobody.basis) == ("assistant", Basis.FIRST)
    junior = Evidence(
        taken(basic_operations="80", intermediate_operations="90"),
        CareerRecord(projects=(LAUNCH,)),
        sales=usd(15_000),
    )
    found = where_to_stand(LADDER, junior)
    assert (found.level.id, found.basis) == ("junior", Basis.MET)
    below = where_to_stand(LADDER, replace(junior, sales=usd(14_999)))
    assert (below.level.id, below.basis) == ("assistant", Basis.MET)


@pytest.mark.parametrize("level", ["principal", ""])
def test_a_level_that_the_ladder_does_not_have_counts_as_none(level: str) -> None:
    standing = where_to_stand(LADDER, Evidence({}, CareerRecord(level), level=level))
    assert (standing.level.id, standing.basis) == ("assistant", Basis.FIRST)


def test_at_the_highest_level_there_is_no_next_one() -> None:
    everything = Evidence(taken(strategic_operations="100"), CareerRecord("senior"), sales=usd(50_000))
    standing = where_to_stand(LADDER, everything)
    assert (standing.following, standing.next_step, standing.ready) == (None, None, False)
    assert step(standing) == "已在最高级别“高级运营”,要求全部达到"
    assert step(standing, "en") == "At the highest level, 'Senior operator', and all it asks is met"


def test_who_has_all_that_the_next_level_asks_is_ready_for_it() -> None:
    courses = taken(basic_operations="100", intermediate_operations="90")
    standing = where_to_stand(LADDER, replace(THE_EXAMPLE, courses=courses, sales=usd(15_000)))
    assert (standing.ready, standing.missing) == (True, ())
    assert step(standing) == "“初级运营”的要求已全部达到,可以申请晋升"
    assert step(standing, "en") == "All that 'Junior operator' asks is met: time to talk about the promotion"


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_a_skill_is_held_when_hr_recorded_it_or_a_course_that_teaches_it_is_far_enough() -> None:
    def selection(evidence: Evidence) -> Need:
        return where_to_stand(LADDER, evidence).needs["junior"][0]

    recorded = selection(Evidence({}, CareerRecord(skills=("product_selection",))))
    assert (recorded.state, recorded.source, recorded.course_id) == (NeedState.MET, Source.RECORDED, None)
    for percent, state in (("79.99", NeedState.MISSING), ("80", NeedState.MET)):
        by_its_course = selection(Evidence(taken(amazon_product_selection=percent)))
        assert (by_its_course.state, by_its_course.value) == (state, Decimal(percent))
    by_another = selection(Evidence(taken(amazon_product_selection="10", intermediate_operations="90")))
    assert (by_another.state, by_another.course_id) == (NeedState.MET, "intermediate-operations")


def test_who_is_in_a_course_that_teaches_it_goes_on_with_that_one() -> None:
    standing = where_to_stand(
        LADDER,
        replace(THE_EXAMPLE, courses=taken(basic_operations="85", intermediate_operations="40")),
    )
    need = standing.next_step
    assert need is not None
    assert (need.id, need.course_id, need.value) == (
        "product_selection",
        "intermediate-operations",
        Decimal(40),
    )
    assert step(standing) == "还缺“选品分析”;请继续学习《进阶运营》"
    assert step(standing, "en") == "Lacks 'Product selection'; go on with 'Intermediate operations'"


def test_after_the_skills_come_courses_then_projects_then_sales() -> None:
    skills = ("market_research", "product_listing", "order_handling", "customer_mail", "supply_chain")
    at_junior = CareerRecord("junior", (*skills, "product_selection", "advertising"))
    known = Evidence(taken(intermediate_operations="100"), at_junior, sales=usd(20_000))
    course = where_to_stand(LADDER, known)
    assert missing(course) == ["advanced-operations", "small_category"]
    assert step(course) == "《高级运营》需完成 100%,目前没有进度;建议报名《高级运营》"
    assert step(course, "en") == (
        "'Advanced operations' is to be 100% complete, and is not begun; enrol in 'Advanced operations'"
    )
    begun = replace(known, courses=taken(intermediate_operations="100", advanced_operations="40.5"))
    assert step(where_to_stand(LADDER, begun)) == "《高级运营》需完成 100%,目前 40.5%;请继续学习《高级运营》"
    learnt = replace(known, courses=taken(intermediate_operations="100", advanced_operations="100"))
    assert step(where_to_stand(LADDER, learnt)) == "需负责“小品类运营”项目 1 个,目前 0 个"
    assert step(where_to_stand(LADDER, learnt), "en") == (
        "To lead projects: small category, 1 in all; so far 0"
    )
    assistant = replace(THE_EXAMPLE, courses=taken(basic_operations="85", intermediate_operations="90"))
    assert step(where_to_stand(LADDER, assistant)) == "月销售额需达到 15,000 USD,2026-10 为 12,000"
    assert step(where_to_stand(LADDER, assistant), "en") == (
        "Sales are to reach 15,000 USD a month; in 2026-10 they were 12,000"
    )
    without = replace(assistant, record=replace(assistant.record, projects=()))
    assert step(where_to_stand(LADDER, without), "en") == (
        "To take part in projects: product launch, 1 in all; so far 0"
    )


def test_who_led_a_project_took_part_in_it_and_who_took_part_did_not_lead_it() -> None:
    led = Evidence({}, CareerRecord(projects=(replace(LAUNCH, role=ProjectRole.LEAD),)))
    assert states(where_to_stand(LADDER, led), "assistant")["launch"] is NeedState.MET
    member = Evidence({}, CareerRecord(projects=(replace(CATEGORY, role=ProjectRole.MEMBER),)))
    assert states(where_to_stand(LADDER, member), "middle")["small_category"] is NeedState.MISSING
    leads = Evidence({}, CareerRecord(projects=(CATEGORY,)))
    assert states(where_to_stand(LADDER, leads), "middle")["small_category"] is NeedState.MET


@pytest.mark.parametrize(
    "told",
    [None, MonthSales("2026-10", Decimal(99_000), "CNY"), MonthSales("2026-10", Decimal(99_000), None)],
)
def test_sales_that_were_not_told_or_in_another_currency_are_not_measured_and_not_met(
    told: MonthSales | None,
) -> None:
    known = replace(
        THE_EXAMPLE, sales=told, courses=taken(basic_operations="85", intermediate_operations="90")
    )
    standing = where_to_stand(LADDER, known)
    assert states(standing, "junior")["sales"] is NeedState.NOT_MEASURED
    assert not standing.ready
    assert step(standing) == "月销售额需达到 15,000 USD;还没有可以比较的数据"
    assert step(standing, "en") == (
        "Sales are to reach 15,000 USD a month; there is no figure to compare yet"
    )


def month(name: str, *metrics: Metric) -> MonthlyPerformance:
    return MonthlyPerformance(name, Decimal(8), Decimal(10), metrics)


def test_sales_are_those_of_the_latest_month_that_is_over_and_has_any() -> None:
    def sold(amount: int) -> Metric:
        return Metric("sales", Decimal(amount), None, "USD")

    months = [
        month("2026-08", sold(9)),
        month("2026-09", sold(10)),
        month("2026-10", Metric("acos", Decimal(30))),
        month("2026-11", sold(11)),
    ]
    assert sales_of(months, TODAY) == usd(10, "2026-09")
    assert sales_of(months[::-1], TODAY) == usd(10, "2026-09")
    assert sales_of(months, date(2026, 12, 1)) == usd(11, "2026-11")
    assert sales_of(months[2:], TODAY) is None


# --- properties -------------------------------------------------------------------------------------------------------


percents = st.dictionaries(
    st.sampled_from(sorted({id_ for _, id_ in LADDER.named_courses()})), st.integers(0, 100)
)
records = st.builds(
    CareerRecord,
    st.none() | st.sampled_from(LEVELS),
    st.lists(st.sampled_from(sorted(LADDER.skills)), unique=True).map(tuple),
    st.lists(st.sampled_from([LAUNCH, CATEGORY]), unique=True).map(tuple),
)


def known(percent: Mapping[str, int], record: CareerRecord, sales: int) -> Evidence:
    courses = {id_: Taken(Decimal(one), Source.EARLIER_SYSTEM) for id_, one in percent.items()}
    return Evidence(courses, record, sales=usd(sales))


@given(percents, percents, records, st.sets(st.sampled_from(sorted(LADDER.skills))), st.integers(0, 60_000))
def test_more_that_is_known_never_takes_away_what_was_met(
    percent: dict[str, int], more: dict[str, int], record: CareerRecord, skills: set[str], sales: int
) -> None:
    further = {id_: max(percent.get(id_, 0), more.get(id_, 0)) for id_ in percent | more}
    before = where_to_stand(LADDER, known(percent, record, sales))
    after = where_to_stand(
        LADDER, known(further, replace(record, skills=tuple({*record.skills, *skills})), sales)
    )
    for level in LEVELS:
        was, is_ = states(before, level), states(after, level)
        assert [id_ for id_ in was if was[id_] is NeedState.MET and is_[id_] is not NeedState.MET] == []
    assert LEVELS.index(before.level.id) <= LEVELS.index(after.level.id)


@given(percents, records, st.integers(0, 60_000))
def test_there_is_a_next_step_exactly_when_something_is_missing_and_it_can_be_said(
    percent: dict[str, int], record: CareerRecord, sales: int
) -> None:
    standing = where_to_stand(LADDER, known(percent, record, sales))
    assert (standing.next_step is None) == (not standing.missing)
    assert standing.next_step is None or standing.next_step in standing.missing
    kinds = list(NeedKind)
    if standing.next_step:
        assert all(
            kinds.index(standing.next_step.kind) <= kinds.index(need.kind) for need in standing.missing
        )
    for language in ("zh-CN", "en"):
        assert "None" not in step(standing, language)
