"""What makes a competency model valid (A2), and that no pattern in one can hold up an import."""

import re
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from rencai.interviews.rules.competency import COMPETENCY_MODEL, CompetencyModel, Condition
from rencai.interviews.rules.profile import FacialPolicy
from rencai.interviews.rules.scoring import Scorer
from rencai.kernel.configuration import validated
from rencai.kernel.errors import DomainError
from rencai.kernel.texts import LocalizedText
from tests.builders import answer, competency, interview, model, model_document, rule
from tests.shipped import MODELS

ANY = rule("any", 1, present=["团队"])


def refusal(document: dict[str, Any]) -> tuple[tuple[int | str, ...], str]:
    """Where and why a model is refused."""
    with pytest.raises(ValidationError) as caught:
        CompetencyModel.model_validate(document)
    first = caught.value.errors(include_url=False)[0]
    return first["loc"], first["msg"].removeprefix("Value error, ")


def of_rule(**when: Any) -> tuple[tuple[int | str, ...], str]:
    where, why = refusal(model_document(c=competency("1", 50, rule("r", 1, **when))))
    assert where[:4] == ("competencies", "c", "rules", 0)
    return where[4:], why


def test_weights_add_up_to_one_exactly() -> None:
    tenths = {f"c{number}": competency("0.1", 50, ANY) for number in range(10)}
    assert model(**tenths).competencies["c9"].weight.as_tuple().digits == (1,)
    assert refusal(model_document(a=competency("0.5", 50, ANY), b=competency("0.49", 50, ANY))) == (
        (),
        "the weights add up to 0.99, not to 1",
    )
    assert refusal(model_document(a=competency("0.5", 50, ANY), b=competency("0.51", 50, ANY))) == (
        (),
        "the weights add up to 1.01, not to 1",
    )


def test_weights_written_as_numbers_add_up_too() -> None:
    """YAML reads 0.1 as a float; ten of them must still be one."""
    tenths: dict[str, Any] = {f"c{n}": {**competency("0", 50, ANY), "weight": 0.1} for n in range(10)}
    assert len(model(**tenths).competencies) == 10


@pytest.mark.parametrize("weight", ["0", "-0.5", "1.5", "NaN", "Infinity", "much"])
def test_a_weight_lies_between_0_and_1(weight: str) -> None:
    assert refusal(model_document(a=competency(weight, 50, ANY)))[0] == ("competencies", "a", "weight")


@pytest.mark.parametrize("base", [-1, 101, 50.5, "fifty"])
def test_a_base_lies_between_0_and_100(base: Any) -> None:
    assert refusal(model_document(a=competency("1", base, ANY)))[0] == ("competencies", "a", "base")


@pytest.mark.parametrize("points", [-101, 101, 0.5])
def test_points_lie_between_100_either_way(points: Any) -> None:
    where, _ = refusal(model_document(a=competency("1", 50, rule("r", points, present=["x"]))))
    assert where == ("competencies", "a", "rules", 0, "points")


def test_a_model_has_competencies_and_they_have_rules() -> None:
    assert refusal(model_document()) == (("competencies",), "a model needs at least one competency")
    assert refusal(model_document(a=competency("1", 50)))[0] == ("competencies", "a", "rules")


def test_rule_ids_do_not_repeat() -> None:
    assert refusal(model_document(a=competency("1", 50, ANY, ANY))) == (
        ("competencies", "a"),
        "rule ids repeat within the competency",
    )
    model(a=competency("0.5", 50, ANY), b=competency("0.5", 50, ANY))  # within a competency, not across


def test_a_rules_topics_are_among_its_competencys() -> None:
    elsewhere = {**ANY, "topics": ["b"]}
    assert refusal(model_document(c=competency("1", 50, elsewhere, topics=("a",)))) == (
        ("competencies", "c"),
        "rule any: its topics are not among the competency's",
    )
    assert model(c=competency("1", 50, elsewhere)).competencies["c"].rules[0].topics == ("b",)


@pytest.mark.parametrize("share", [-0.1, 1.1, "NaN", "half"])
def test_a_minimum_coverage_is_a_share(share: Any) -> None:
    where, _ = refusal(model_document(c=competency("1", 50, ANY)) | {"minimum_coverage": share})
    assert where == ("minimum_coverage",)


def test_a_model_that_says_nothing_of_coverage_asks_for_half() -> None:
    document = model_document(c=competency("1", 50, ANY))
    made = CompetencyModel.model_validate(document)
    assert (made.minimum_coverage, made.required) == (Decimal("0.5"), ())
    for share in (0, 0.5, 1):
        said = CompetencyModel.model_validate(document | {"minimum_coverage": share})
        assert said.minimum_coverage == Decimal(str(share))


def test_what_is_required_is_in_the_model_and_named_once() -> None:
    document = model_document(c=competency("1", 50, ANY))
    assert refusal(document | {"required": ["c", "charm"]}) == (
        (),
        "required names no competency of the model: charm",
    )
    assert refusal(document | {"required": ["c", "c"]}) == ((), "required names a competency twice")


@pytest.mark.parametrize("made", MODELS.values(), ids=MODELS)
def test_the_shipped_models_ask_for_half_and_for_what_weighs_most(made: CompetencyModel) -> None:
    heaviest = max(one.weight for one in made.competencies.values())
    assert made.minimum_coverage == Decimal("0.5")
    assert set(made.required) == {id_ for id_, one in made.competencies.items() if one.weight == heaviest}


def test_strengths_lie_above_areas_to_improve() -> None:
    document = {**model_document(c=competency("1", 50, ANY)), "strength_at": 75, "improve_at": 75}
    assert refusal(document) == ((), "improve_at must be below strength_at")


@pytest.mark.parametrize("id_", ["", "Team", "团队", "1st", "a b", "a-b", "a\n", "x" * 65])
def test_ids_are_slugs(id_: str) -> None:
    assert refusal(model_document(c=competency("1", 50, rule(id_, 1, present=["x"]))))[0][-1] == "id"


def test_nothing_unknown_is_accepted() -> None:
    document = model_document(c={**competency("1", 50, ANY), "wieght": 1})
    assert refusal(document)[0] == ("competencies", "c", "wieght")


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"signal": "frown_count", "gte": 1, "present": ["x"]},
        {"present": ["x"], "absent": ["y"]},
        {"present": [], "absent": []},
        {"present": ["x"], "says": ["empathy"]},
        {"says": ["empathy"], "unsaid": ["follows_up"]},
        {"unless": ["x"]},
    ],
)
def test_a_rule_has_one_kind_of_condition(when: dict[str, Any]) -> None:
    assert of_rule(**when) == (
        ("when",),
        "a rule has exactly one of signal, present, absent, says, unsaid, examples",
    )


@pytest.mark.parametrize(
    "when",
    [
        {"absent": ["x"], "unless": ["y"]},
        {"says": ["empathy"], "anywhere": True},
        {"signal": "frown_count", "gte": 1, "unless": ["y"]},
    ],
)
def test_unless_and_anywhere_go_with_present(when: dict[str, Any]) -> None:
    assert of_rule(**when) == (
        ("when",),
        "anywhere goes with present, and unless with present or examples",
    )


def test_examples_are_three_or_more_and_counterexamples_go_with_them() -> None:
    assert of_rule(examples=["我每天点检设备"] * 2) == (("when",), "examples are 3 sentences or more")
    assert of_rule(says=["empathy"], counterexamples=["我每天点检设备"]) == (
        ("when",),
        "counterexamples go with examples",
    )
    where, _ = of_rule(examples=["我每天点检设备"] * 31)
    assert where == ("when", "examples")
    where, _ = of_rule(examples=["我每天点检设备", "  好 ", "我每天点检设备"])
    assert where == ("when", "examples", 1)
    made = model(c=competency("1", 50, rule("r", 1, examples=["我每天点检设备"] * 3, unless=["同事"])))
    assert made.cannot_do_unread


@pytest.mark.parametrize(
    ("when", "is_read", "cannot"),
    [
        ({"signal": "frown_count", "gte": 1}, False, False),
        ({"absent": ["x"]}, False, False),
        ({"present": ["x"], "anywhere": True}, False, False),
        ({"present": ["x"]}, True, False),
        ({"present": ["x"], "unless": ["y"], "anywhere": True}, True, True),
        ({"says": ["empathy"]}, True, True),
        ({"unsaid": ["empathy"]}, True, True),
    ],
)
def test_what_a_reader_has_to_look_at(when: dict[str, Any], is_read: bool, cannot: bool) -> None:
    made = model(
        a=competency("0.5", 50, rule("r", 1, signal="pitch_variation", gte=0.3)),
        b=competency("0.5", 50, rule("r", 1, **when)),
    )
    assert (made.is_read, made.cannot_do_unread) == (is_read, cannot)


@pytest.mark.parametrize("when", [{"signal": "frown_count"}, {"present": ["x"], "gte": 1}])
def test_thresholds_go_with_a_signal(when: dict[str, Any]) -> None:
    assert of_rule(**when) == (
        ("when",),
        "gte, gt, lte and lt go with a signal, and a signal needs at least one of them",
    )


def test_a_zero_threshold_is_a_threshold() -> None:
    assert Condition(signal="frown_count", lte=0).thresholds == {"lte": 0.0}


def test_a_signal_must_be_in_the_contract() -> None:
    assert of_rule(signal="heart_rate", gte=1)[0] == ("when", "signal")


@pytest.mark.parametrize("threshold", [float("nan"), float("inf")])
def test_a_threshold_is_a_finite_number(threshold: float) -> None:
    assert of_rule(signal="frown_count", gte=threshold)[0] == ("when", "gte")


@pytest.mark.parametrize("kind", ["present", "absent"])
@pytest.mark.parametrize(
    "pattern",
    [
        "(a*)*",
        r"(团)\1",
        r"\bteam\b",
        "(?=团)队",
        "(?!团)队",
        "(?<=团)队",
        "(?>a)b",
        ".*",
        "a*+b",
        ".{0,99}.{0,99}.{0,99}队",
        "团(",
        "[团",
        "团{3}{4}",
        "*团",
        "团\\",
        ".{0,8}",
        "团?",
        "团|",
        "()",
        "^",
        "",
        "团" * 201,
    ],
)
def test_patterns_that_are_refused(kind: str, pattern: str) -> None:
    where, why = of_rule(**{kind: [pattern]})
    assert where[:2] == ("when", kind)
    assert why


@pytest.mark.parametrize(
    "pattern",
    [
        "同理心",
        "带领.{0,6}团队",
        "(完成|达成).{0,8}目标",
        r"\d{1,12} ?%",
        r"10万\+",
        r"A\+|B\*",
        "[*+?(){}|]",
        r"[\]*]",
        "[]*]",
        "[^]+]团",
        r"\(团队\)",
        r"a\\b",
        "(?:客户|用户)(?:满意|开心)",
        "团{2}",
        "团{,3}队",
        "[Bb]ullet",
        "{团}",
        "(a+)+b",
        "(a|a)+b",
        "(a|aa){3}b",
        "(a|aa){1,30}b",
        r"(a|a|\\)+b",
        "(?:a|b)*c",
        "(?P<x>团)队",
        "(?i)abc",
        "团.*队",
        "团.+?队",
        ".{0,}队",
        "队{2,}",
        "(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)b",
        "a?a?a?a?a?a?a?a?a?a?a?b",
    ],
)
def test_patterns_that_are_accepted(pattern: str) -> None:
    assert Condition(present=(pattern,)).present == (pattern,)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("带领.{0,6}团队", "我带领一个小团队", "带领一个小团队"),
        ("带领.{0,6}团队", "我带领一二三四五六七团队", None),
        ("[*+]", "A+", "+"),
        (r"10万\+", "阅读10万+", "10万+"),
    ],
)
def test_an_accepted_pattern_means_what_it_says(pattern: str, text: str, found: str | None) -> None:
    made = model(c=competency("1", 50, rule("r", 10, present=[pattern])))
    (score,) = Scorer(made, 1, FacialPolicy.USE).profile(interview(answer("t", text))).competencies
    assert [evidence.detail["quote"] for evidence in score.evidence] == ([found] if found else [])


# Each of them would keep a matcher busy for years that tries one way after the other.
@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+c",
        "(a|aa)+c",
        "(a|a){1,30}c",
        "(a*)*c",
        ".*.*.*c",
        "[ab]{0,43}[ab]{0,43}[ab]c",
        ".{0,60}.{0,60}.{0,20}c",
        "(?:a?){60}a{60}c",
    ],
)
def test_no_pattern_holds_up_the_longest_transcript(pattern: str) -> None:
    """Its end is half of its assertion: what takes for ever runs into the suite's time limit."""
    made = model(
        c=competency("1", 50, rule("said", 1, present=[pattern]), rule("unsaid", 1, absent=[pattern, "d"]))
    )
    scorer = Scorer(made, 1, FacialPolicy.USE)

    def found(text: str) -> list[str]:
        return [one.rule for one in scorer.profile(interview(answer("t", text))).competencies[0].evidence]

    assert found("ab" * 10_000) == ["unsaid"]
    assert found("a" * 19_999 + "c") == ["said"]


# --- documents ----------------------------------------------------------------------------------------------


def test_a2_a_refused_document_says_where_and_why() -> None:
    document = model_document(c=competency("1", 50, rule("r", 1, present=["(?=a)+"])))
    with pytest.raises(DomainError) as caught:
        validated(COMPETENCY_MODEL, "sales", document)
    assert caught.value.path == "competencies.c.rules[0].when.present"
    assert re.search(r"competency model 'sales'.*competencies\.c.*\(\?=a\)\+", caught.value.text("en"))


def test_a2_a_models_role_is_its_name() -> None:
    document = model_document(c=competency("1", 50, ANY))
    assert validated(COMPETENCY_MODEL, "sales", document) == CompetencyModel.model_validate(document)
    with pytest.raises(DomainError) as caught:
        validated(COMPETENCY_MODEL, "marketing", document)
    assert (caught.value.path, caught.value.text("zh-CN")) == (
        "role",
        "胜任力模型“marketing”的配置无效:“role”是“sales”,应为文档自己的名称“marketing”",
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-CN", "能力"), ("zh", "能力"), ("ZH-hant", "能力"), ("en", "Skill"), ("fr", "Skill")],
)
def test_words_in_the_readers_language(language: str, text: str) -> None:
    assert LocalizedText.model_validate({"zh-CN": "能力", "en": "Skill"}).text(language) == text
