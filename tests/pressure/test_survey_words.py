"""Words rules (F4): what meets one, how surely, and what of it is kept on the card and on the alert."""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rencai.employees.rules.signals import Survey
from rencai.kernel.configuration import DEFAULT, Kind, Model
from rencai.kernel.errors import DomainError, NotFound
from rencai.pressure.rules.card import (
    CARD_HEAD,
    NO_WORDS,
    CardPlace,
    MetRule,
    WordsRead,
    card_content,
    make_card,
    month_number,
    question_number,
    questions_on,
    reader_number,
)
from rencai.pressure.rules.policy import RiskPolicy, SurveyRule, WordsRule
from rencai.pressure.rules.refusals import PressureDocumentRefusal
from rencai.pressure.rules.scan import measured
from rencai.pressure.rules.signals import StrainedSurvey, from_values, to_values
from rencai.pressure.rules.words import WordsRules
from rencai.pressure.words import SurveyWords
from rencai.reading.readers import Readers
from rencai.reading.rules.clauses import SCOPE_WORDS, Scope, ScopeWords
from rencai.reading.rules.examples import Examples
from rencai.reading.rules.lexicon import Lexicon
from rencai.reading.rules.meant import Meant
from rencai.store.configurations import Versioned
from tests.pressure.spoken import READER, UNSPOKEN, Hears, words
from tests.shipped import SHIPPED, ShippedConfigurations

TODAY = date(2026, 11, 22)
NAME = {"zh-CN": "规则", "en": "rule"}
NIGHTS = ["夜班排得太密了", "连着上夜班根本缓不过来", "夜班之后没有补休"]


def rules(*written: Mapping[str, Any]) -> tuple[WordsRule, ...]:
    """Words rules r1, r2 ..."""
    return tuple(
        WordsRule.model_validate({"id": f"r{number}", "name": NAME, **one})
        for number, one in enumerate(written, 1)
    )


def meant() -> Meant:
    """By the shipped scope words."""
    found = SHIPPED[SCOPE_WORDS, "default"]
    assert isinstance(found, ScopeWords)
    taken_back = Scope.DENIED | Scope.OTHERS | Scope.OVER | Scope.SUPPOSED | Scope.WISHED | Scope.HEARSAY
    return Meant(found, taken_back, {ord("沒"): "没"})


def read(
    written: Sequence[Mapping[str, Any]],
    *texts: str,
    said: Mapping[str, Mapping[str, float]] | None = None,
    by_scope: Meant | None = None,
) -> WordsRead:
    """What ``texts`` come to, to a reader that hears what ``said`` says."""
    reader = Hears(said or {})
    return WordsRules(rules(*written), reader, by_scope, reader.version).read(texts)


# --- rules ----------------------------------------------------------------------------------------------------------


def test_a_rule_of_claims_is_met_where_the_reader_is_sure_of_one_and_has_the_surest_certainty() -> None:
    said = {"甲": {"tired": 0.81, "pressed": 0.9}, "乙": {"tired": 0.95, "pressed": 0.5}}
    written = ({"says": ["tired"]}, {"says": ["pressed"]}, {"says": ["tired", "pressed"]}, {"says": ["ill"]})
    found = read(written, "甲", "乙", said=said)
    assert found == WordsRead((MetRule("r1", 95), MetRule("r2", 90), MetRule("r3", 95)), READER)


def test_what_the_reader_is_not_sure_of_leaves_no_trace() -> None:
    found = read(({"says": ["tired"]},), "甲", said={"甲": {"tired": 0.79}})
    assert found == read(({"says": ["tired"]},), "一切都好") == UNSPOKEN
    unsure = make_card((), (), (), Survey("2026-11", (("comment", None),)), found, None, TODAY)
    well = make_card((), (), (), Survey("2026-11", (("comment", None),)), UNSPOKEN, None, TODAY)
    assert unsure == well
    policy = RiskPolicy(survey=SurveyRule(words=rules({"says": ["tired"]})))
    assert measured(policy, unsure, TODAY) is None


def test_a_rule_of_patterns_is_met_or_is_not() -> None:
    written = ({"present": ["压力"], "unless": ["没有?压力", "不大"]},)
    assert read(written, "压力不大", "没压力") == UNSPOKEN
    # Each clause speaks for itself.
    assert read(written, "同事没有压力,我压力很大") == WordsRead((MetRule("r1"),), READER)


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("压力很大", True),
        ("最近压力很大,想请假", True),
        ("同事都没压力,我压力很大", True),
        # The denial is in what is looked for.
        ("没时间休息", True),
        ("根本没时间休息", True),
        ("Too much pressure on us", True),
        ("并不是压力很大", False),
        ("沒有觉得压力很大", False),
        ("同事压力很大", False),
        ("上个月压力很大,现在好了", False),
        ("如果压力很大我会说", False),
        ("听说别的部门压力很大", False),
        ("希望不要压力很大", False),
        ("It is not too much pressure", False),
        ("My boss has too much pressure", False),
    ],
)
def test_patterns_of_hr_do_not_hold_for_what_is_taken_back(text: str, is_met: bool) -> None:
    written = ({"present": ["压力很大", "没时间休息", "(?:^|[^A-Za-z])[Tt]oo much pressure"]},)
    found = read(written, text, by_scope=meant())
    assert [rule.id for rule in found.met] == (["r1"] if is_met else [])


def test_a_claim_and_a_pattern_stand_side_by_side() -> None:
    written = ({"present": ["夜班"]}, {"says": ["tired"]})
    found = read(written, "夜班太多,累", said={"夜班太多,累": {"tired": 0.9}})
    assert found.met == (MetRule("r1", None), MetRule("r2", 90))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({}, "should have one of present, says and examples"),
        ({"present": ["累"], "says": ["tired"]}, "should have one of present, says and examples"),
        ({"says": ["tired"], "unless": ["不累"]}, "should have unless only beside present or examples"),
        ({"examples": NIGHTS, "says": ["tired"]}, "should have one of present, says and examples"),
        ({"examples": NIGHTS, "present": ["累"]}, "should have one of present, says and examples"),
        ({"examples": NIGHTS[:2]}, "should have 3 examples or more"),
        ({"says": ["tired"], "counterexamples": NIGHTS}, "should have counterexamples only beside examples"),
        ({"examples": NIGHTS, "unless": ["(?=累)"]}, "looks ahead"),
        ({"examples": [*NIGHTS, "累"]}, "at least 4 characters"),
        ({"examples": [f"夜班排得太密了{number}" for number in range(31)]}, "at most 30 items"),
        ({"present": ["(?=累)"]}, "looks ahead"),
    ],
)
def test_a_rule_says_in_one_way_what_it_looks_for(written: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        WordsRule.model_validate({"id": "r", "name": NAME, **written})


def test_what_is_wrong_with_examples_is_said_in_both_languages() -> None:
    for refusal in (PressureDocumentRefusal.COUNTEREXAMPLES_ALONE, PressureDocumentRefusal.EXAMPLES_TOO_FEW):
        error = DomainError(refusal, fewest=3)
        assert "examples" in error.text("en")
        assert "examples”" in error.text("zh-CN")


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("最近夜班排得也太密了", True),
        ("都挺好的。就是连着上夜班,缓不过来", True),
        # Nothing of it is like an example.
        ("食堂的菜太咸了", False),
        ("没有夜班排得太密", False),
        ("同事夜班排得太密了", False),
        ("听说别的部门夜班排得太密了", False),
        ("如果夜班排得太密了我会说", False),
        ("上个月夜班排得太密了", False),
    ],
)
def test_a_rule_of_examples_is_met_by_what_is_surely_like_one_and_meant(text: str, is_met: bool) -> None:
    (one,) = read(({"examples": NIGHTS},), text, by_scope=meant()).met or (None,)
    assert (one is not None) == is_met
    if one is not None:
        assert one.percent in range(80, 101)


def test_what_is_not_surely_like_an_example_leaves_no_trace() -> None:
    found = Examples(NIGHTS, (), meant().parsed).nearest(meant().parsed("夜班宿舍太吵白天根本没法休息"))
    assert found
    assert not found.sure
    assert read(({"examples": NIGHTS},), "夜班宿舍太吵白天根本没法休息", by_scope=meant()) == UNSPOKEN


def test_a_rule_of_examples_has_counterexamples_and_unless() -> None:
    text = "夜班排得太密了,不过可以换班"
    assert read(({"examples": NIGHTS},), text, by_scope=meant()).met
    assert not read(({"examples": NIGHTS, "unless": ["可以换班"]},), text, by_scope=meant()).met
    against = {"examples": NIGHTS, "counterexamples": ["别的组夜班排得太密了", "夜班排得不密了"]}
    assert read((against,), "夜班排得太密了", by_scope=meant()).met
    assert not read(
        (against | {"counterexamples": ["夜班排得太密了"]},), "夜班排得太密了", by_scope=meant()
    ).met


def test_what_unless_excuses_does_not_hide_another_sentence() -> None:
    written = ({"examples": NIGHTS, "unless": ["开玩笑"]},)
    text = "夜班排得太密了,开玩笑的。夜班之后没有补休"
    assert [rule.id for rule in read(written, text, by_scope=meant()).met] == ["r1"]


def test_the_surest_of_several_texts_counts_and_without_scope_words_examples_are_not_met() -> None:
    written = ({"examples": NIGHTS},)
    (both,) = read(written, "最近夜班排得也太密了,确实", NIGHTS[0], by_scope=meant()).met
    (whole,) = read(written, NIGHTS[0], by_scope=meant()).met
    assert both == whole
    assert read(written, NIGHTS[0]) == UNSPOKEN


# --- with the tenant's documents --------------------------------------------------------------------------------------


def test_rules_are_read_by_the_newest_reader_and_say_its_version() -> None:
    written = rules({"says": ["strained", "pressure"]}, {"present": ["压力很大"]})
    found = SurveyWords(Readers(ShippedConfigurations())).by(written).read(["压力很大"])
    assert [rule.id for rule in found.met] == ["r1", "r2"]
    assert found.met[0].percent in range(50, 101)
    assert (found.met[1].percent, found.reader) == (None, (1, 1, 1))


def test_patterns_and_examples_need_the_readers_version_and_no_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def made(*_: object) -> None:
        raise AssertionError("a reader was made")

    monkeypatch.setattr(Readers, "of", made)
    written = rules({"examples": NIGHTS}, {"present": ["压力很大"]})
    found = SurveyWords(Readers(ShippedConfigurations())).by(written).read(["最近夜班排得也太密了"])
    assert [rule.id for rule in found.met] == ["r1"]
    assert found.reader == (1, 1, 1)


class Edited(ShippedConfigurations):
    """Every document is edited at once: ``version`` goes up."""

    version = 1

    def stored(self, kind: Kind[Model], name: str = DEFAULT) -> Versioned[Model]:
        return self.of_version(kind, self.version, name)


def test_rules_are_made_ready_again_when_they_or_their_reader_change() -> None:
    documents = Edited()
    made = SurveyWords(Readers(documents))
    tired, pressed = rules({"says": ["exhausted"]}), rules({"says": ["pressure"]})
    assert made.by(tired) is made.by(tired)
    assert made.by(pressed) is not made.by(tired)
    before = made.by(tired)
    documents.version = 2
    assert made.by(tired) is not before
    assert made.by(tired).read(["还好"]).reader == (2, 2, 2)


class OwnScope(ShippedConfigurations):
    """The lexicon of surveys adds a word that takes back."""

    def of_version(self, kind: Kind[Model], version: int | None, name: str = DEFAULT) -> Versioned[Model]:
        found = super().of_version(kind, version, name)
        if not isinstance(found.document, Lexicon):
            return found
        words = ScopeWords(hearsay=("茶余饭后",))
        return replace(found, document=found.document.model_copy(update={"words": words}))


def test_patterns_and_examples_go_by_the_scope_words_that_the_lexicon_adds() -> None:
    written = rules({"examples": NIGHTS}, {"present": ["压力很大"]})
    for documents, met in ((ShippedConfigurations(), 2), (OwnScope(), 0)):
        read_by = SurveyWords(Readers(documents)).by(written)
        texts = ["茶余饭后夜班排得太密了", "茶余饭后压力很大"]
        assert len(read_by.read(texts).met) == met


class NoReader(ShippedConfigurations):
    """A tenant that has stored nothing of what reads words."""

    def stored(self, kind: Kind[Model], name: str = DEFAULT) -> Versioned[Model]:
        raise NotFound(kind.name, name)


def test_patterns_hold_as_before_and_claims_are_not_heard_where_a_tenant_has_no_reader_yet(
    caplog: pytest.LogCaptureFixture,
) -> None:
    written = rules({"present": ["压力很大"], "unless": ["不是"]}, {"says": ["pressure"]})
    made = SurveyWords(Readers(NoReader())).by(written)
    assert made.read(["压力很大"]) == WordsRead((MetRule("r1"),), None)
    assert made.read(["不是压力很大"]) == NO_WORDS
    assert [(one.message, vars(one)["missing"]) for one in caplog.records] == [
        ("no reader of survey words", "There is no lexicon survey")
    ]


# --- on the card and on the alert -------------------------------------------------------------------------------------

_WORDS = st.builds(
    WordsRead,
    st.dictionaries(st.sampled_from(["a", "b_1", "tired"]), st.none() | st.integers(0, 100)).map(
        lambda met: tuple(MetRule(*one) for one in sorted(met.items()))
    ),
    st.none() | st.tuples(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999)),
)
_SCORES = st.dictionaries(st.sampled_from(["stress", "stay"]), st.none() | st.integers(1, 5), max_size=2)


@given(_WORDS, _SCORES)
def test_a_card_has_what_its_words_came_to(said: WordsRead, scores: Mapping[str, int | None]) -> None:
    survey = Survey("2026-11", tuple(sorted(scores.items())))
    made = make_card((), (), (), survey, said, None, TODAY)
    content = card_content(made)
    given_ = [score for score in scores.values() if score is not None]
    assert content.survey == (
        month_number("2026-11"),
        min(given_, default=None),
        tuple(rule.id for rule in said.met),
        reader_number(said.reader) if said.reader else 0,
    )
    assert questions_on(made) == {question_number(id_) for id_, score in scores.items() if score is not None}
    policy = RiskPolicy(
        survey=SurveyRule(at_most=0, words=tuple(rule_of(rule.id) for rule in said.met)),
    )
    found = measured(policy, made, TODAY)
    assert (found.signals if found else ()) == (
        (StrainedSurvey("2026-11", None, said.met, 0, said.reader),) if said.met else ()
    )


def rule_of(id_: str) -> WordsRule:
    return WordsRule.model_validate({"id": id_, "name": NAME, "says": ["tired"]})


def test_words_that_meet_no_rule_cost_a_card_four_bytes_and_the_scan_nothing_to_parse() -> None:
    survey = Survey("2026-11", (("stress", 4),))
    silent = make_card((), (), (), survey, NO_WORDS, None, TODAY)
    spoke = make_card((), (), (), survey, UNSPOKEN, None, TODAY)
    assert len(spoke) == len(silent) + 4
    assert b"[" not in spoke[CARD_HEAD.size + 8 :]


def test_a_card_of_before_there_was_a_reader_is_read_as_it_was() -> None:
    survey = Survey("2026-11", (("stress", 4),))
    silent = make_card((), (), (), survey, NO_WORDS, None, TODAY)
    before = silent + json.dumps([[], ["gone", "tired"]]).encode()
    assert card_content(before).survey == (month_number("2026-11"), 4, ("gone", "tired"), 0)
    policy = RiskPolicy(survey=SurveyRule(words=(rule_of("tired"),)))
    found = measured(policy, before, TODAY)
    assert found
    assert found.signals == (StrainedSurvey("2026-11", None, (MetRule("tired"),), 2),)
    fields = CARD_HEAD.unpack_from(before)
    assert struct.unpack_from(">I", before, CARD_HEAD.size) == (question_number("stress") << 3 | 4,)
    assert fields[CardPlace.ANSWERS] == 1


def test_an_alert_of_before_there_was_a_reader_is_read_as_it_was() -> None:
    kept = ["survey", "2026-11", 2, ["tired"], 2]
    assert from_values(kept) == StrainedSurvey("2026-11", 2, (MetRule("tired"),), 2)
    signal = StrainedSurvey("2026-11", 2, words("tired", "a").met, 2, READER)
    # In the policy's order, or each night would find another alert than the one before.
    assert from_values(json.loads(json.dumps(to_values(signal)))) == signal
