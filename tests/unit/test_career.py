"""The career ladder (F3): how it is read, where a person stands, and the next step; with the ladder that is shipped."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.domain.career import (
    Basis,
    CareerLadder,
    CareerRecord,
    Evidence,
    MonthSales,
    Need,
    NeedKind,
    NeedState,
    ProjectDone,
    ProjectRole,
    Source,
    Standing,
    Taken,
    career_record,
    course_name,
    courses_taken,
    need_name,
    nothing_missing_text,
    sales_of,
    step_text,
    where_to_stand,
)
from rencai.domain.configuration import ConfigurationKind
from rencai.domain.errors import DomainError, Refusal
from rencai.domain.performance import Metric, MonthlyPerformance
from rencai.domain.records import LearningRecord
from rencai.domain.training import Enrolment, Told
from rencai.domain.training_plan import PlanItem, PlanStatus, Reason, ReasonKind, TrainingPlan
from rencai.domain.training_rules import CourseCatalogue
from tests.unit.shipped import SHIPPED, ShippedConfigurations

ROLE: Final = "ecommerce_operations"
LADDER: Final = cast(CareerLadder, SHIPPED[ConfigurationKind.CAREER_LADDER, ROLE])
CATALOGUE: Final = ShippedConfigurations().course_catalogue().document
TODAY: Final = date(2026, 11, 22)
NOON: Final = datetime(2026, 11, 22, 4, tzinfo=UTC)
LEVELS: Final = ("assistant", "junior", "middle", "senior")
LAUNCH: Final = ProjectDone("P-1", "launch", ProjectRole.MEMBER, date(2026, 9, 1))
CATEGORY: Final = ProjectDone("P-2", "small_category", ProjectRole.LEAD, date(2026, 10, 1))


def taken(**percents: str | None) -> dict[str, Taken]:
    return {
        id_.replace("_", "-"): Taken(
            Decimal(percent) if percent is not None else None, Source.TRAINING, enrolled=True
        )
        for id_, percent in percents.items()
    }


def usd(amount: int, month: str = "2026-10") -> MonthSales:
    return MonthSales(month, Decimal(amount), "USD")


def step(standing: Standing, language: str = "zh-CN", ladder: CareerLadder = LADDER) -> str:
    need = standing.next_step
    if need is None:
        return nothing_missing_text(standing, language)
    course = course_name(CATALOGUE, need.course_id, language) if need.course_id else None
    return step_text(need, need_name(ladder, CATALOGUE, need, language), course, language)


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


# --- courses taken ----------------------------------------------------------------------------------------------------


def item(item_id: str, removed_by: str | None = None) -> PlanItem:
    reason = Reason(ReasonKind.REQUIRED, "everyone")
    return PlanItem(item_id, (reason,), TODAY, TODAY, NOON, NOON, removed_by)


def plan(*items: PlanItem) -> TrainingPlan:
    return TrainingPlan("emp_1", ROLE, "aiview/itv-1", None, PlanStatus.ASSIGNED, TODAY, 1, 1, items)


def enrolment(item_id: str, percent: int | None) -> Enrolment:
    told = Told(f"{percent:010.4f}", NOON) if percent is not None else None
    return Enrolment("emp_1", item_id, f"enr-{item_id}", NOON, told)


def learnt(course: str, percent: int) -> LearningRecord:
    return LearningRecord(course, Decimal(percent), None, None)


def test_courses_are_those_of_the_plan_and_of_earlier_systems_the_further_counts() -> None:
    planned = plan(
        item("basic-operations"),
        item("amazon-listing", "somebody_knows_it"),
        item("offline-coaching~basic-operations"),
        item("inventory-planning"),
    )
    enrolments = {
        one.item_id: one
        for one in (
            enrolment("basic-operations", 40),
            enrolment("amazon-listing", 90),
            enrolment("offline-coaching~basic-operations", None),
        )
    }
    records = [
        learnt("  基础运营 ", 85),
        learnt("LISTINGS on amazon", 10),
        learnt("amazon-advertising", 70),
        learnt("一门别的课", 100),
    ]
    assert courses_taken(planned, enrolments, records, CATALOGUE) == {
        "basic-operations": Taken(Decimal(85), Source.EARLIER_SYSTEM, enrolled=True),
        "amazon-listing": Taken(Decimal(90), Source.TRAINING, enrolled=True),
        "offline-coaching": Taken(None, Source.TRAINING, enrolled=True),
        "amazon-advertising": Taken(Decimal(70), Source.EARLIER_SYSTEM),
    }
    assert courses_taken(None, {}, [], CATALOGUE) == {}


@given(st.permutations([learnt("基础运营", 10), learnt("Basic operations", 85), learnt("战略运营", 5)]))
def test_the_order_of_what_earlier_systems_tell_makes_no_difference(records: list[LearningRecord]) -> None:
    found = courses_taken(None, {}, [*records, records[0]], CATALOGUE)
    assert {id_: one.completion for id_, one in found.items()} == {
        "basic-operations": 85,
        "strategic-operations": 5,
    }


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


# --- what HR records --------------------------------------------------------------------------------------------------


def recorded(**told: Any) -> CareerRecord:
    return career_record(LADDER, ROLE, CareerRecord(**told), TODAY)


@given(
    st.permutations([LAUNCH, CATEGORY]),
    st.lists(st.sampled_from(sorted(LADDER.skills))),
)
def test_a_record_has_one_form_in_whatever_order_it_was_told(
    projects: list[ProjectDone], skills: list[str]
) -> None:
    record = recorded(level="junior", skills=tuple(skills), projects=tuple(projects))
    assert record == CareerRecord("junior", tuple(sorted(set(skills))), (LAUNCH, CATEGORY))


SKILLS = (
    "product_listing, order_handling, customer_mail, product_selection, advertising, market_research, "
    "supply_chain, strategy"
)


@pytest.mark.parametrize(
    ("told", "code", "path", "params"),
    [
        (
            {"level": "chief"},
            Refusal.LEVEL_UNKNOWN,
            "level",
            {"ladder": ROLE, "level": "chief", "known": ", ".join(LEVELS)},
        ),
        (
            {"skills": ("advertising", "juggling")},
            Refusal.SKILL_UNKNOWN,
            "skills[1]",
            {"ladder": ROLE, "id": "juggling", "known": SKILLS},
        ),
        (
            {"projects": (replace(LAUNCH, kind="party"),)},
            Refusal.SKILL_UNKNOWN,
            "projects[0].kind",
            {"ladder": ROLE, "id": "party", "known": "launch, small_category"},
        ),
        (
            {"projects": (LAUNCH, replace(CATEGORY, project_id="P-1"))},
            Refusal.PROJECT_REPEATED,
            "projects[1].project_id",
            {"project": "P-1"},
        ),
        (
            {"projects": (replace(LAUNCH, on=date(2026, 11, 23)),)},
            Refusal.STILL_AHEAD,
            "projects[0].on",
            {"today": "2026-11-22"},
        ),
    ],
)
def test_what_the_ladder_does_not_have_is_refused(
    told: dict[str, Any], code: Refusal, path: str, params: dict[str, object]
) -> None:
    with pytest.raises(DomainError) as refused:
        recorded(**told)
    assert (refused.value.code, refused.value.path, refused.value.params) == (code, path, params)


# --- the document -----------------------------------------------------------------------------------------------------


def both(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en": words}


SMALL: Final[dict[str, Any]] = {
    "skills": {"listens": {"name": both("倾听")}},
    "project_kinds": {"fair": both("展会")},
    "levels": [
        {"id": "one", "name": both("一级")},
        {"id": "two", "name": both("二级"), "skills": ["listens"], "projects": [{"kind": "fair"}]},
    ],
}


def test_a_skill_that_no_course_teaches_is_hrs_to_record() -> None:
    ladder = CareerLadder.model_validate(SMALL)
    standing = where_to_stand(ladder, Evidence({}))
    assert (standing.level.id, standing.basis) == ("one", Basis.MET)
    assert step(standing, ladder=ladder) == "还缺“倾听”;掌握后由 HR 记录"
    assert step(standing, "en", ladder) == "Lacks '倾听'; HR records it once it is there"


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([SMALL["levels"][0]] * 2, "two levels have the same id"),
        (
            [{"id": "one", "name": both("一级"), "skills": ["sings"]}],
            "level 'one' asks for 'sings', which is described nowhere",
        ),
        (
            [{"id": "one", "name": both("一级"), "projects": [{"kind": "party"}]}],
            "level 'one' asks for 'party', which is described nowhere",
        ),
        (
            [SMALL["levels"][0], {"id": "two", "name": both("二级")}],
            "level 'two' asks nothing, so everybody would be there",
        ),
        ([], "at least 1 item"),
    ],
)
def test_a_ladder_that_does_not_hang_together_is_refused(levels: list[Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        CareerLadder.model_validate({**SMALL, "levels": levels})


def test_a_course_that_left_the_catalogue_is_shown_by_its_id() -> None:
    assert (
        course_name(CourseCatalogue(courses={"a": CATALOGUE.courses["basic-operations"]}), "b", "en") == "b"
    )
