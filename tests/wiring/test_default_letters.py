"""The shipped letters say what they have to, in both languages."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

from functions.hiring.candidate_notices import decline_kindly
from functions.hiring.offer_signature import send_offer
from functions.hiring.onboarding import onboard
from infra.admin.letters import SAMPLES
from rencai.hiring.rules.documents import ONBOARDING_KIT
from rencai.hiring.rules.offer import Allowance, Benefits, Bonus, Money, OfferTerms
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.offers import Offer
from rencai.kernel.errors import LANGUAGES
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.letters.rendering import html, plain
from rencai.people.rules.contact import ContactField
from rencai.people.store.people import Person
from rencai.training.planning import Training
from tests.builders import CANDIDATE, NOW
from tests.keyed import IDS
from tests.shipped import MODELS, ROLES, ShippedConfigurations


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
        get=lambda *_, **__: some(journey=some(stage=stage, about={}, attempt=1), card=card),
        apply=lambda *_: None,
    )


def person(language: str) -> Person:
    return Person(CANDIDATE, "周晓 & Co", "zhou.xiao@example.com", None, language, None, None)


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


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
    offer = Offer(CANDIDATE, role, TERMS, drafted_at=NOW, valid_days=14)
    send_offer(
        CANDIDATE,
        journeys=at(Stage.OFFER_DRAFTED, role),
        offers=some(find=lambda *_, **__: offer, sent=lambda *_, **__: None),
        people=some(get=lambda _, **__: person(language)),
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
    plans = some(find=lambda *_, **__: None, save=lambda *_: None)
    kit = configurations.latest(ONBOARDING_KIT).document
    onboard(
        CANDIDATE,
        journeys=at(Stage.CLEARED, role),
        interviews=some(profile=lambda *_: profile),
        people=some(get=lambda _, **__: person(language), held=lambda _: None),
        employees=some(hire=lambda employee: employee),
        employee_contacts=some(following=lambda *_: {ContactField.NAME: person(language).name}),
        configurations=configurations,
        training=Training(
            plans, some(), configurations, ZoneInfo("Asia/Shanghai"), lambda: kit.starts_after_days, IDS
        ),
        correspondence=cast(Any, letters),
        now=NOW,
    )
    ((template, values),) = letters.written
    subject, letter = rendered(template, values, language)
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
        people=some(get=lambda _, **__: person(language)),
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
    template = ShippedConfigurations().latest(NOTICE_TEMPLATE, name).document
    environment = SandboxedEnvironment()
    for language in LANGUAGES:
        for text in (template.subject.text(language), template.body.text(language)):
            assert meta.find_undeclared_variables(environment.parse(text)) <= set(SAMPLES[name])


def rendered(template: str, values: dict[str, Any], language: str) -> tuple[str, str]:
    document = ShippedConfigurations().latest(NOTICE_TEMPLATE, template).document
    return plain(document.subject.text(language), **values), html(document.body.text(language), **values)
