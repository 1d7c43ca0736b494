"""The shipped configuration is good enough to start with, and the loader puts it (or HR's own) into a tenant whole."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import botocore.session
import pytest
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment
from moto import mock_aws

from candidate_notices.app import decline_kindly
from infra.admin import DEFAULTS
from infra.admin.configuration import InvalidConfiguration, as_yaml, load, read, read_all, store
from infra.admin.letters import SAMPLES
from infra.admin.redrive import Redriven, StackQueue, redrive
from offer_signature.app import send_offer
from onboarding.app import onboard
from rencai.domain.competency import Competency
from rencai.domain.configuration import ConfigurationKind, validated
from rencai.domain.errors import LANGUAGES
from rencai.domain.interview import Interview
from rencai.domain.journey import Stage
from rencai.domain.offer import (
    Allowance,
    Benefits,
    Bonus,
    Money,
    OfferTerms,
    SalaryBand,
    SalaryPolicy,
    base_salary,
)
from rencai.domain.scoring import FacialPolicy, Profile, Scorer
from rencai.platform.letters import html, plain
from rencai.store.configurations import Configurations
from rencai.store.offers import Offer
from rencai.store.people import Person
from rencai.store.table import Table
from rencai.training import Training
from tests.template import table_definition
from tests.unit.builders import CANDIDATE, NOW
from tests.unit.shipped import DOCUMENTS, MODELS, ROLES, SHIPPED, ShippedConfigurations

WORKED_EXAMPLE = Path(__file__).parents[1] / "fixtures" / "sales-worked-example.json"
COMPETENCIES = [(role, id_) for role in ROLES for id_ in MODELS[role].competencies]


def test_every_kind_is_shipped_and_every_role_has_a_model() -> None:
    assert sorted(DOCUMENTS) == [
        (ConfigurationKind.CAREER_LADDER, "ecommerce_operations"),
        *((ConfigurationKind.COMPETENCY_MODEL, role) for role in ROLES),
        (ConfigurationKind.COURSE_CATALOGUE, "default"),
        (ConfigurationKind.HIRING_POLICY, "default"),
        (ConfigurationKind.IMPORT_MAPPING, "default"),
        (ConfigurationKind.INTERVENTION_CATALOGUE, "default"),
        *(
            (ConfigurationKind.NOTICE_TEMPLATE, name)
            for name in ("offer_letter", "onboarding", "sign_reminder", "survey_invitation", "talent_pool")
        ),
        (ConfigurationKind.ONBOARDING_KIT, "default"),
        (ConfigurationKind.PROBATION_POLICY, "default"),
        (ConfigurationKind.RISK_POLICY, "default"),
        (ConfigurationKind.SALARY_POLICY, "default"),
        (ConfigurationKind.SCORECARD, "ecommerce_operations"),
        (ConfigurationKind.SURVEY, "default"),
        (ConfigurationKind.TRAINING_RULES, "default"),
        *(
            (ConfigurationKind.VENDOR_CONNECTION, vendor)
            for vendor in ("ats", "background", "esign", "interview", "lms", "psychometric")
        ),
        (ConfigurationKind.WORK_CALENDAR, "default"),
    ]


# --- competency models (A2) ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_a_model_has_five_to_eight_competencies_with_weights_that_sum_to_one(role: str) -> None:
    competencies = MODELS[role].competencies.values()
    assert 5 <= len(competencies) <= 8
    assert sum(competency.weight for competency in competencies) == 1
    thresholds = (MODELS[role].pass_score, MODELS[role].strength_at, MODELS[role].improve_at)
    assert thresholds == (Decimal(80), 85, 75)


@pytest.mark.parametrize("role", ROLES)
def test_a_model_asks_about_several_topics_and_looks_at_signals_and_words(role: str) -> None:
    competencies = MODELS[role].competencies.values()
    rules = [rule for competency in competencies for rule in competency.rules]
    assert len({topic for competency in competencies for topic in competency.topics}) >= 5
    assert any(rule.when.signal for rule in rules)
    assert any(rule.when.present for rule in rules)


def reach(competency: Competency) -> tuple[int, int]:
    points = [rule.points for rule in competency.rules]
    lowest = competency.base + sum(point for point in points if point < 0)
    highest = competency.base + sum(point for point in points if point > 0)
    return max(0, lowest), min(100, highest)


@pytest.mark.parametrize(("role", "competency"), COMPETENCIES)
def test_a_competency_reaches_from_weak_to_strong(role: str, competency: str) -> None:
    lowest, highest = reach(MODELS[role].competencies[competency])
    assert lowest <= 50
    assert highest >= 90


def test_facial_signals_are_few_and_in_one_competency() -> None:
    facial = [
        (role, id_, rule.id)
        for role, id_ in COMPETENCIES
        for rule in MODELS[role].competencies[id_].rules
        if rule.facial
    ]
    assert facial == [("sales", "customer_orientation", "frowning")]


@pytest.mark.parametrize(
    ("role", "competency", "chinese"),
    [("sales", "negotiation", "谈判技巧"), ("marketing", "data_analysis", "数据分析")],
)
def test_the_competencies_training_will_name_are_there(role: str, competency: str, chinese: str) -> None:
    assert MODELS[role].competencies[competency].name.zh_cn == chinese


def profile_of_the_worked_example(policy: FacialPolicy) -> Profile:
    interview = Interview.model_validate_json(WORKED_EXAMPLE.read_bytes())
    return Scorer(MODELS["sales"], 1, policy).profile(interview)


def test_a3_the_worked_example_with_the_default_sales_model() -> None:
    profile = profile_of_the_worked_example(FacialPolicy.USE)
    scores = {score.id: (score.score, score.score_without_facial) for score in profile.competencies}
    rules = {score.id: [evidence.rule for evidence in score.evidence] for score in profile.competencies}
    assert scores["customer_orientation"] == (70, 80)
    assert scores["execution"] == (90, 90)
    assert rules["customer_orientation"] == ["rushed_speech", "frowning", "no_empathy"]
    assert rules["execution"] == ["team_management", "goal_attainment"]
    assert profile.strengths == ("execution",)
    assert profile.improve == ("customer_orientation",)
    assert (profile.overall, profile.overall_without_facial) == (Decimal("80.00"), Decimal("84.00"))


@pytest.mark.parametrize("policy", [FacialPolicy.SHOW_ONLY, FacialPolicy.IGNORE])
def test_a5_the_worked_example_without_facial_signals(policy: FacialPolicy) -> None:
    profile = profile_of_the_worked_example(policy)
    scores = {score.id: score.score for score in profile.competencies}
    assert (scores["customer_orientation"], scores["execution"]) == (80, 90)


def test_a3_the_rules_of_the_contract_are_kept_to_the_letter() -> None:
    customer, execution = (
        {rule.id: rule for rule in MODELS["sales"].competencies[id_].rules}
        for id_ in ("customer_orientation", "execution")
    )
    assert MODELS["sales"].competencies["customer_orientation"].base == 100
    assert MODELS["sales"].competencies["execution"].base == 70
    rushed, frowning = customer["rushed_speech"], customer["frowning"]
    assert (rushed.when.signal, rushed.when.gte, rushed.points) == ("speech_rate_cps", 3.5, -10)
    assert (frowning.when.signal, frowning.when.gte, frowning.points) == ("frown_count", 5, -10)
    assert {"同理心", "换位思考", "理解您的"} <= set(customer["no_empathy"].when.absent)
    assert customer["no_empathy"].points == -10
    assert {"团队管理", "带领.{0,6}团队"} <= set(execution["team_management"].when.present)
    assert {"目标达成", "(完成|达成).{0,8}目标"} <= set(execution["goal_attainment"].when.present)
    assert (execution["team_management"].points, execution["goal_attainment"].points) == (10, 10)


# --- pay (B2) -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("score", "pay"), [("80", "8000"), ("85", "9000"), ("90", "10000"), ("97", "10000")])
def test_b2_the_band_by_score_with_the_default_policy(score: str, pay: str) -> None:
    policy = ShippedConfigurations().salary_policy()
    band = SalaryBand(minimum=cny("8000"), maximum=cny("10000"), bonus_percent=Decimal(20))
    assert base_salary(band, policy.anchors("sales"), Decimal(score)) == cny(pay)


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


# --- letters ------------------------------------------------------------------------------------------------


@dataclass
class Letters:
    """What the functions would send: stands for the correspondence and for the e-signature vendor."""

    written: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    documents: list[tuple[str, str]] = field(default_factory=list)
    echoes_reference = True

    def write(self, person: Person, template: str, about: str, values: dict[str, Any], now: object) -> None:
        self.written.append((template, values))

    def send(self, *, title: str, html: str, **rest: object) -> Any:
        self.documents.append((title, html))
        return SimpleNamespace(envelope_id="env_1", sign_url="https://esign.example.com/1", expires_at=NOW)


def some(**attributes: Any) -> Any:
    return SimpleNamespace(**attributes)


def at(stage: Stage, role: str) -> Any:
    """Journeys in which the one candidate stands at ``stage``."""
    card = some(name="周晓", role=role, location="上海", vendor="aiview", profile_of="itv-1")
    return some(
        get=lambda _: some(journey=some(stage=stage, about={}, attempt=1), card=card), apply=lambda *_: None
    )


def person(language: str) -> Person:
    return Person(CANDIDATE, "周晓 & Co", "zhou.xiao@example.com", None, language, None, None)


TERMS = OfferTerms(
    base_salary=cny("9876.50"),
    bonus=Bonus(target_percent=Decimal(20), target=cny("1975.30")),
    benefits=Benefits(
        social_insurance_employer_percent=Decimal("25.70"),
        social_insurance_employee_percent=Decimal("10.50"),
        housing_fund_percent=Decimal(7),
        allowances=(Allowance(name="餐饮补贴", amount=cny("500"), period="month"),),
    ),
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_offer_letter_says_what_is_offered(role: str, language: str) -> None:
    letters = Letters()
    offer = Offer(CANDIDATE, role, TERMS, drafted_at=NOW)
    send_offer(
        CANDIDATE,
        journeys=at(Stage.OFFER_DRAFTED, role),
        offers=some(get=lambda _: offer, sent=lambda *_, **__: None),
        people=some(get=lambda _: person(language)),
        configurations=ShippedConfigurations(),
        links=some(),
        esign=cast(Any, letters),
        zone=ZoneInfo("Asia/Shanghai"),
        now=NOW,
    )
    ((title, letter),) = letters.documents
    chinese = language == "zh-CN"
    assert MODELS[role].name.text(language) in title
    day = "2026 年 3 月 16 日" if chinese else "16 March 2026"
    social, fund = ("社会保险", "住房公积金") if chinese else ("社保", "公积金")
    expected = (
        *("周晓 &amp; Co", MODELS[role].name.text(language), "上海", "9,876.50", "1,975.30", "20%"),
        *("25.7%", "10.5%", "7%", "餐饮补贴", "500.00", social, fund, day, offer.offer_id),
    )
    assert [text for text in expected if text not in letter] == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("measured", [True, False])
def test_b6_the_onboarding_notice_says_when_what_to_bring_and_brings_the_training_plan(
    role: str, language: str, measured: bool
) -> None:
    letters = Letters()
    configurations = ShippedConfigurations()
    ids = list(MODELS[role].competencies)
    strengths, improve = (tuple(ids[:2]), tuple(ids[2:])) if measured else ((), ())
    scores = [some(id=id_, score=70) for id_ in ids]
    profile = some(model_id=role, model_version=1, strengths=strengths, improve=improve, competencies=scores)
    plans = some(find=lambda _: None, save=lambda *_: None)
    onboard(
        CANDIDATE,
        journeys=at(Stage.CLEARED, role),
        interviews=some(get=lambda *_: some(profile=profile)),
        people=some(get=lambda _: person(language)),
        employees=some(hire=lambda employee: employee),
        configurations=configurations,
        training=Training(plans, some(), configurations, ZoneInfo("Asia/Shanghai")),
        correspondence=cast(Any, letters),
        now=NOW,
    )
    ((template, values),) = letters.written
    subject, letter = rendered(template, values, language)
    kit = configurations.onboarding_kit()
    competencies = [MODELS[role].competencies[id_].name.text(language) for id_ in (*strengths, *improve)]
    first_day = date(2026, 3, 16)
    assert values["starts_on"] == first_day == (NOW + timedelta(days=kit.starts_after_days)).date()
    plan = values["plan"]
    # What everybody takes and what the role does; each area to improve adds one course or more.
    assert len(plan) >= 2 + len(improve) - (role == "sales")
    assert [course["due_on"] for course in plan] == sorted(course["due_on"] for course in plan)
    texts = [text for course in plan for text in (course["name"], course["why"])]
    days = [first_day, *(course["due_on"] for course in plan)]
    expected = [
        *(MODELS[role].name.text(language), "上海", *kit.materials(role, language), *competencies, *texts),
        *(spelt(day, language) for day in days),
    ]
    assert [text for text in expected if str(html("{{ text }}", text=text)) not in letter] == []
    assert "周晓 & Co" in subject
    assert set(values) == set(SAMPLES["onboarding"])
    assert {frozenset(course) for course in plan} == {
        frozenset(course) for course in SAMPLES["onboarding"]["plan"]
    }


def spelt(day: date, language: str) -> str:
    if language == "zh-CN":
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.day} {day:%B %Y}"


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "zh-CN",
            [
                ["快消品谈判技巧实战", "线上课程", "20 节", "2026 年 5 月 22 日"],
                ["谈判角色扮演工作坊", "线下工作坊", "0.5 天", "2026 年 5 月 22 日"],
                ["市场数据报告导师辅导", "导师辅导", "每周 1 次", "2026 年 5 月 22 日"],
                ["线下辅导", "线下辅导", "2 天,每周 2 次", "2026 年 5 月 22 日"],
                ["补充资料", "学习资料", "—", "2026 年 5 月 22 日"],
            ],
        ),
        (
            "en",
            [
                ["快消品谈判技巧实战", "Online course", "20 lessons", "22 May 2026"],
                ["谈判角色扮演工作坊", "Workshop, in person", "0.5 days", "22 May 2026"],
                ["市场数据报告导师辅导", "Mentoring", "once a week", "22 May 2026"],
                ["线下辅导", "Coaching, in person", "2 days, twice a week", "22 May 2026"],
                ["补充资料", "Reading and practice material", "—", "22 May 2026"],
            ],
        ),
    ],
)
def test_b6_every_kind_and_length_of_course_is_put_in_words(language: str, rows: list[list[str]]) -> None:
    _, letter = rendered("onboarding", dict(SAMPLES["onboarding"]), language)
    why = "谈判会是您每周都要做的事。"
    assert table_rows(letter)[1:] == [[*row[:3], why, row[3]] for row in rows]


@pytest.mark.parametrize(
    ("language", "length"),
    [("zh-CN", ["1 节", "10 天", "每周 3 次"]), ("en", ["1 lesson", "10 days", "3 times a week"])],
)
def test_lengths_are_counted_as_people_count(language: str, length: list[str]) -> None:
    course = {**SAMPLES["onboarding"]["plan"][4]}
    lengths = ({"lessons": 1}, {"days": Decimal("10.0")}, {"sessions_per_week": 3})
    plan = [course | one for one in lengths]
    _, letter = rendered("onboarding", {**SAMPLES["onboarding"], "plan": plan}, language)
    assert [row[2] for row in table_rows(letter)[1:]] == length


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", "目前没有为您安排培训课程"), ("en", "No courses are planned for you at the moment")],
)
def test_a_plan_without_courses_is_said_to_be_one(language: str, said: str) -> None:
    _, letter = rendered("onboarding", {**SAMPLES["onboarding"], "plan": []}, language)
    assert said in letter
    assert table_rows(letter) == []


def table_rows(letter: str) -> list[list[str]]:
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", letter))
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in cells]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_talent_pool_letter_is_kind_gives_no_score_and_names_the_rights(role: str, language: str) -> None:
    letters = Letters()
    decline_kindly(
        CANDIDATE,
        journeys=at(Stage.TALENT_POOL, role),
        people=some(get=lambda _: person(language)),
        configurations=ShippedConfigurations(),
        correspondence=cast(Any, letters),
        now=NOW,
    )
    ((template, values),) = letters.written
    subject, letter = rendered(template, values, language)
    expected = (
        ("人才库", "人工复核", "第二十四条", "删除")
        if language == "zh-CN"
        else ("talent pool", "human review", "Article 24", "delete")
    )
    assert [text for text in expected if text not in letter] == []
    assert not [word for word in ("score", "分数", "得分", "不合格", "failed") if word in subject + letter]
    assert set(values) == set(SAMPLES["talent_pool"])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_letter_asks_only_for_values_it_is_given(name: str) -> None:
    template = ShippedConfigurations().notice_template(name)
    environment = SandboxedEnvironment()
    for language in LANGUAGES:
        for text in (template.subject.text(language), template.body.text(language)):
            assert meta.find_undeclared_variables(environment.parse(text)) <= set(SAMPLES[name])


def rendered(template: str, values: dict[str, Any], language: str) -> tuple[str, str]:
    document = ShippedConfigurations().notice_template(template)
    return plain(document.subject.text(language), **values), html(document.body.text(language), **values)


# --- loading ------------------------------------------------------------------------------------------------


@pytest.fixture
def configurations() -> Iterator[Configurations]:
    with mock_aws():
        client: Any = botocore.session.get_session().create_client("dynamodb", region_name="ap-southeast-1")
        client.create_table(**table_definition("rencai-test"))
        yield Configurations(Table(client, "rencai-test"), lambda: NOW)


def test_loading_again_stores_nothing(configurations: Configurations) -> None:
    first = load(DEFAULTS, configurations, NOW)
    again = load(DEFAULTS, configurations, NOW)
    assert [(one.version, one.changed) for one in first] == [(1, True)] * len(DOCUMENTS)
    assert [(one.version, one.changed) for one in again] == [(1, False)] * len(DOCUMENTS)


def test_a_change_is_a_new_version_and_the_old_one_stays(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = copied(tmp_path, "salary_policy/default.yaml")
    file.write_text(file.read_text().replace("minimum_at: 80", "minimum_at: 78"))
    (stored,) = load(tmp_path, configurations, NOW)
    kind = ConfigurationKind.SALARY_POLICY
    assert (stored.version, stored.changed) == (2, True)
    old, new = (configurations.version(kind, "default", version).document for version in (1, 2))
    assert isinstance(old, SalaryPolicy)
    assert isinstance(new, SalaryPolicy)
    assert (old.default.minimum_at, new.default.minimum_at) == (Decimal(80), Decimal(78))


def test_one_mistake_and_nothing_is_stored(configurations: Configurations, tmp_path: Path) -> None:
    copied(tmp_path, "competency_model/sales.yaml")
    general = copied(tmp_path, "competency_model/general.yaml")
    general.write_text(
        general.read_text().replace("weight: 0.05", "weight: 0.15").replace("base: 65", "base: x", 1)
    )
    letter = copied(tmp_path, "notice_template/talent_pool.yaml")
    letter.write_text(letter.read_text().replace("{{ name }}", "{{ nmae }}"))
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "2026.yaml").write_text("days: []\n")
    with pytest.raises(InvalidConfiguration) as caught:
        load(tmp_path, configurations, NOW)
    assert [error.removeprefix(f"{tmp_path}/") for error in caught.value.errors] == [
        "competency_model/general.yaml: competencies.problem_solving.base: should be a whole number",
        f"holidays/2026.yaml: 'holidays' is not a kind of configuration; there are {', '.join(ConfigurationKind)}",
        "notice_template/talent_pool.yaml: body.zh-CN: 'nmae' is undefined",
        "notice_template/talent_pool.yaml: body.en: 'nmae' is undefined",
    ]
    assert configurations.names(ConfigurationKind.COMPETENCY_MODEL) == []


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    file = copied(folder, name)
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    return file


CATALOGUE, RULES = "course_catalogue/default.yaml", "training_rules/default.yaml"


def test_c1_rules_that_name_a_course_the_stored_catalogue_does_not_have_are_refused(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, RULES, "fmcg-negotiation", "haggling")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    where = "there is no course 'haggling' in course_catalogue/default version 1; add it there first, or name another"
    assert caught.value.errors == (
        f"{file}: gap rule 'negotiation': {where}",
        f"{file}: proposal 'negotiation_coaching': {where}",
    )
    assert configurations.training_rules().version == 1


def test_c1_a_catalogue_that_drops_a_course_the_newest_rules_name_is_refused(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, CATALOGUE, "  product-mentoring:", "  product-hour:")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    named = "of training_rules/default version 1 names it; keep the course, or take it out of the rules first"
    assert caught.value.errors == (
        f"{file}: course 'product-mentoring' is gone, and gap rule 'product_knowledge' {named}",
        f"{file}: course 'product-mentoring' is gone, and progress rule 'product_learnt' {named}",
    )
    assert configurations.course_catalogue().version == 1


def test_c1_a_directory_is_held_against_its_own_documents_first(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    catalogue = edited(tmp_path, CATALOGUE, "product-mentoring:", "product-hour:")
    rules = edited(tmp_path, RULES, "product-mentoring", "product-hour")
    stored = load(tmp_path, configurations, NOW)
    assert [(one.version, one.changed) for one in stored] == [(2, True), (2, True)]
    rules.write_text(rules.read_text().replace("product-case-study", "no-such"))
    with pytest.raises(InvalidConfiguration) as caught:
        load(tmp_path, configurations, NOW)
    where = f"in {catalogue}; add it there first, or name another"
    assert caught.value.errors == (
        f"{rules}: progress rule 'product_cases': there is no course 'no-such' {where}",
    )
    assert (configurations.course_catalogue().version, configurations.training_rules().version) == (2, 2)


def test_c1_rules_without_any_catalogue_are_refused(configurations: Configurations, tmp_path: Path) -> None:
    file = copied(tmp_path, RULES)
    with pytest.raises(InvalidConfiguration) as caught:
        load(tmp_path, configurations, NOW)
    assert caught.value.errors[0] == (
        f"{file}: required rule 'everyone': there is no course 'company-orientation' in the course catalogue, "
        "for none is stored; add it there first, or name another"
    )
    assert configurations.names(ConfigurationKind.TRAINING_RULES) == []


def test_a_catalogue_may_come_before_there_are_rules(configurations: Configurations, tmp_path: Path) -> None:
    copied(tmp_path, CATALOGUE)
    (stored,) = load(tmp_path, configurations, NOW)
    assert (stored.version, stored.changed) == (1, True)


@pytest.mark.parametrize(
    ("kind", "named", "course", "called"),
    [
        ("career_ladder", "skill 'product_selection'", "amazon-product-selection", "the ladder"),
        ("scorecard", "incentive 'advertising'", "amazon-advertising", "the scorecard"),
    ],
)
def test_a_ladder_and_a_scorecard_are_held_against_the_catalogue(
    configurations: Configurations, tmp_path: Path, kind: str, named: str, course: str, called: str
) -> None:
    name = f"{kind}/ecommerce_operations"
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, f"{name}.yaml", f"course: {course}", "course: haggling")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    where = "in course_catalogue/default version 1; add it there first, or name another"
    assert caught.value.errors == (f"{file}: {named}: there is no course 'haggling' {where}",)
    catalogue = edited(tmp_path, CATALOGUE, f"  {course}:", "  haggling:")
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(catalogue), configurations, NOW, actor="admin")
    gone = (
        f"{catalogue}: course '{course}' is gone, and {named} of {name} version 1 names it; keep the course, "
    )
    assert f"{gone}or take it out of {called} first" in caught.value.errors


def test_rules_about_a_role_or_a_competency_that_no_model_has_are_refused(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    file = edited(tmp_path, RULES, "roles: [sales]", "roles: [salse]")
    file.write_text(file.read_text().replace("competency: teamwork", "competency: team_work"))
    file.write_text(
        file.read_text().replace("roles: [marketing]\n    add:\n", "roles: [general]\n    add:\n")
    )
    with pytest.raises(InvalidConfiguration) as caught:
        store(read(file), configurations, NOW, actor="admin")
    roles = ", ".join(ROLES)
    general = f"the model of general; there are {', '.join(sorted(MODELS['general'].competencies))}"
    every = ", ".join(sorted({id_ for model in MODELS.values() for id_ in model.competencies}))
    assert [error.removeprefix(f"{file}: ") for error in caught.value.errors] == [
        f"required rule 'sales_basics': there is no competency model of the role 'salse'; there are {roles}",
        f"gap rule 'marketing_data_analysis': 'data_analysis' is no competency of {general}",
        f"gap rule 'teamwork': 'team_work' is no competency of any model; there are {every}",
    ]


def test_rules_for_a_role_of_the_tenants_own_are_taken(
    configurations: Configurations, tmp_path: Path
) -> None:
    load(DEFAULTS, configurations, NOW)
    model = edited(tmp_path, "competency_model/general.yaml", "role: general", "role: designer")
    store(read(model.rename(model.with_stem("designer"))), configurations, NOW, actor="admin")
    rules = edited(tmp_path, RULES, "roles: [general]", "roles: [designer]")
    assert store(read(rules), configurations, NOW, actor="admin").version == 2


def test_a_time_needs_no_quotes(tmp_path: Path) -> None:
    file = tmp_path / "default.yaml"
    file.write_text("day_ends: 17:30\n")
    assert read(file, kind="work_calendar").content == {"day_ends": "17:30"}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            "default: {minimum_at: 80, maximum_at: 90}\ndefault: {}\n",
            "line 2, column 1: 'default' is there twice",
        ),
        ("default: {minimum_at: 80\n", "line 2, column 1: expected ',' or '}', but got '<stream end>'"),
        ("- 1\n", "should be a mapping (name: value), not list"),
        ("default: {minimum_at: 90, maximum_at: 80}\n", "default: minimum_at must be below maximum_at"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(tmp_path: Path, content: str, error: str) -> None:
    file = tmp_path / "default.yaml"
    file.write_text(content)
    with pytest.raises(InvalidConfiguration) as caught:
        read(file, kind="salary_policy")
    assert caught.value.errors == (f"{file}: {error}",)


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="no <kind>/<name>"):
        read_all(tmp_path)


@pytest.mark.parametrize("key", DOCUMENTS, ids=lambda key: "/".join(key))
def test_a_document_shown_as_yaml_is_the_same_document(
    key: tuple[ConfigurationKind, str], tmp_path: Path
) -> None:
    file = tmp_path / f"{key[1]}.yaml"
    file.write_text(as_yaml(SHIPPED[key]))
    again = read(file, kind=key[0])
    assert validated(*key, again.content) == SHIPPED[key]


def copied(folder: Path, name: str) -> Path:
    target = folder / name
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(DEFAULTS / name, target)
    return target


# --- dead letters -------------------------------------------------------------------------------------------


@dataclass
class FakeSqs:
    """Messages by queue; a received one stays, hidden, until it is deleted. The arguments are AWS's."""

    messages: dict[str, list[dict[str, Any]]]

    def receive_message(self, **asked: Any) -> dict[str, Any]:
        visible = [message for message in self.messages[asked["QueueUrl"]] if not message.get("hidden")]
        received = visible[: asked["MaxNumberOfMessages"]]
        for message in received:
            message["hidden"] = True
        return {"Messages": received}

    def send_message(self, **sent: Any) -> None:
        self.messages[sent.pop("QueueUrl")].append(
            {"Body": sent["MessageBody"], "MessageAttributes": sent["MessageAttributes"]}
        )

    def delete_message(self, **which: Any) -> None:
        self.messages[which["QueueUrl"]].remove(self._held(which))

    def change_message_visibility(self, **which: Any) -> None:
        self._held(which)["hidden"] = which["VisibilityTimeout"] > 0

    def _held(self, which: dict[str, Any]) -> dict[str, Any]:
        (message,) = (
            one for one in self.messages[which["QueueUrl"]] if one["ReceiptHandle"] == which["ReceiptHandle"]
        )
        return message


def arn(name: str) -> str:
    return f"arn:aws:sqs:ap-southeast-1:123456789012:{name}"


def url(name: str) -> str:
    return f"https://sqs.ap-southeast-1.amazonaws.com/123456789012/{name}"


def text_attribute(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def dead_letters() -> tuple[FakeSqs, list[StackQueue]]:
    messages: list[dict[str, Any]] = [
        # parked by a consumer, brought by the redrive policy, and put there by hand
        {
            "Body": "parked",
            "MessageAttributes": {
                "reason": text_attribute("finance: 404"),
                "queue_url": text_attribute(url("offers")),
                "trace": text_attribute("1"),
            },
        },
        {"Body": "worn out", "Attributes": {"DeadLetterQueueSourceArn": arn("checks")}},
        {"Body": "stray"},
    ]
    for number, message in enumerate(messages):
        message["ReceiptHandle"] = str(number)
    sqs = FakeSqs({url("dead"): messages, url("offers"): [], url("checks"): []})
    queues = [
        StackQueue("OfferQueue", url("offers"), arn("offers"), 0, (), has_dead_letters=True),
        StackQueue("CheckQueue", url("checks"), arn("checks"), 0, (), has_dead_letters=True),
        StackQueue(
            "DeadLetters", url("dead"), arn("dead"), 3, (arn("offers"), arn("checks")), has_dead_letters=False
        ),
        StackQueue("RelayDeadLetters", url("relay"), arn("relay"), 2, (), has_dead_letters=False),
    ]
    return sqs, queues


def test_dead_letters_go_back_to_the_queue_they_came_from() -> None:
    sqs, queues = dead_letters()
    done = redrive(cast(Any, sqs), queues)
    assert done == Redriven({"OfferQueue": 1, "CheckQueue": 1}, 1, {"finance: 404": 1})
    assert sqs.messages[url("offers")] == [
        {"Body": "parked", "MessageAttributes": {"trace": text_attribute("1")}}
    ]
    assert sqs.messages[url("checks")] == [{"Body": "worn out", "MessageAttributes": {}}]
    assert [(message["Body"], message["hidden"]) for message in sqs.messages[url("dead")]] == [
        ("stray", False)
    ]


@pytest.mark.parametrize("name", ["CheckQueue", "checks"])
def test_one_queue_by_itself(name: str) -> None:
    sqs, queues = dead_letters()
    assert redrive(cast(Any, sqs), queues, name) == Redriven({"CheckQueue": 1})
    assert [message["Body"] for message in sqs.messages[url("dead")]] == ["parked", "stray"]


def test_an_unknown_queue_is_said_with_those_there_are() -> None:
    sqs, queues = dead_letters()
    with pytest.raises(LookupError, match=r"'Nope'.*OfferQueue, CheckQueue"):
        redrive(cast(Any, sqs), queues, "Nope")


def test_the_worked_example_is_the_contract_s() -> None:
    example = json.loads(WORKED_EXAMPLE.read_bytes())
    assert example["interview_id"] == "itv-worked-example-1"
    assert [answer["topic"] for answer in example["answers"]] == ["objection_handling", "past_results"]
