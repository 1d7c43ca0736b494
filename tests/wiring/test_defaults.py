"""The shipped configuration is good enough to start with: every kind, the competency models, and pay."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rencai.career.rules.ladder import CAREER_LADDER
from rencai.career.rules.scorecard import SCORECARD
from rencai.hiring.rules.documents import HIRING_POLICY, ONBOARDING_KIT
from rencai.hiring.rules.offer import SALARY_POLICY, Money, SalaryBand, base_salary
from rencai.interviews.rules.competency import COMPETENCY_MODEL, Competency
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.profile import FacialPolicy, Profile
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.letters.documents import NOTICE_TEMPLATE
from rencai.migration.rules.import_mapping import IMPORT_MAPPING
from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.survey.rules.survey import SURVEY_FORM
from rencai.training.rules.probation import PROBATION_POLICY
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES
from rencai.vendors.documents import VENDOR_CONNECTION
from rencai.wiring.documents import KINDS
from tests.shipped import DOCUMENTS, MODELS, ROLES, ShippedConfigurations, shipped_reader, shipped_scorer

WORKED_EXAMPLE = Path(__file__).parents[1] / "fixtures" / "sales-worked-example.json"
COMPETENCIES = [(role, id_) for role in ROLES for id_ in MODELS[role].competencies]


def test_every_kind_is_shipped_and_every_role_has_a_model() -> None:
    assert {kind for kind, _ in DOCUMENTS} == set(KINDS.values())
    # Whatever else comes to be shipped: these are not lost.
    assert DOCUMENTS.keys() >= {
        (CAREER_LADDER, "ecommerce_operations"),
        *((COMPETENCY_MODEL, role) for role in ROLES),
        (COURSE_CATALOGUE, "default"),
        (HIRING_POLICY, "default"),
        (IMPORT_MAPPING, "default"),
        (INTERVENTION_CATALOGUE, "default"),
        *(
            (NOTICE_TEMPLATE, name)
            for name in ("offer_letter", "onboarding", "sign_reminder", "survey_invitation", "talent_pool")
        ),
        (ONBOARDING_KIT, "default"),
        (PROBATION_POLICY, "default"),
        (RISK_POLICY, "default"),
        (SALARY_POLICY, "default"),
        (SCORECARD, "ecommerce_operations"),
        (SURVEY_FORM, "default"),
        (TRAINING_RULES, "default"),
        *(
            (VENDOR_CONNECTION, vendor)
            for vendor in ("ats", "background", "esign", "interview", "lms", "psychometric")
        ),
        (WORK_CALENDAR, "default"),
    }


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
    return shipped_scorer("sales", policy).profile(interview)


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
    assert (customer["no_empathy"].when.unsaid, customer["no_empathy"].points) == (("empathy",), -10)
    for claim in ("team_management", "goal_attainment"):
        assert (execution[claim].when.says, execution[claim].points) == ((claim,), 10)


@pytest.mark.parametrize(
    ("words", "claims"),
    [
        ("我会换位思考", {"empathy"}),
        ("我很有同理心", {"empathy"}),
        ("我说理解您的难处", {"empathy"}),
        ("我做过团队管理", {"team_management"}),
        ("我带领过十人团队", {"team_management"}),
        ("连续三年目标达成", {"goal_attainment"}),
        ("我完成了全年的目标", {"goal_attainment"}),
        ("我们达成季度目标", {"goal_attainment"}),
        ("我没有带领过团队", set()),
        ("我没有完成全年的目标", {"missed_goal"}),
    ],
)
def test_a3_the_words_of_the_contract_surely_make_their_claims(words: str, claims: set[str]) -> None:
    sure = {reading.claim for reading in shipped_reader().read(words) if reading.sure}
    assert sure & {"empathy", "team_management", "goal_attainment", "missed_goal"} == claims


def test_the_worked_example_is_the_contract_s() -> None:
    example = json.loads(WORKED_EXAMPLE.read_bytes())
    assert example["interview_id"] == "itv-worked-example-1"
    assert [answer["topic"] for answer in example["answers"]] == ["objection_handling", "past_results"]


# --- pay (B2) -----------------------------------------------------------------------------------------------


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


@pytest.mark.parametrize(("score", "pay"), [("80", "8000"), ("85", "9000"), ("90", "10000"), ("97", "10000")])
def test_b2_the_band_by_score_with_the_default_policy(score: str, pay: str) -> None:
    policy = ShippedConfigurations().latest(SALARY_POLICY).document
    band = SalaryBand(minimum=cny("8000"), maximum=cny("10000"), bonus_percent=Decimal(20))
    assert base_salary(band, policy.anchors("sales"), Decimal(score)) == cny(pay)
