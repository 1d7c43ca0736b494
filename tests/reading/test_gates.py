"""Patterns that are looked for only where their words are find what they find alone."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from infra.admin import DEFAULTS
from infra.admin.configuration import read
from infra.reader.corpus import training
from rencai.kernel.patterns import Spans, checked
from rencai.reading.rules.gates import Gated
from rencai.reading.rules.lexicon import Lexicon

TEXTS = (
    "我带过一个十二人的团队",
    "任务八百万,做到了九百二十万",
    "i led a small team of six",
    "",
    "。",
    "a(b",
    "没有",
)


@pytest.mark.parametrize(
    "pattern",
    [
        "带.{0,4}团队",
        "(?:带|管)过?(?:一个)?[^不没]{0,6}(?:团队|队伍)",
        "(?:led|ran) (?:a|the) (?:[a-z]+ ){0,2}team",
        "八百万|九百二十万",
        "十{1,2}二?人",
        "(?:没|没有)?带",
        r"a\(b",
        "[一-龥]{3}团队",
        "(?:一|[0-9])(?:个|位)?",
        "^i led",
        "(?:任务)*八百",
    ],
)
def test_what_a_pattern_finds_alone_it_finds_behind_its_gates(pattern: str) -> None:
    gated = Gated(["zzzz", pattern])
    for text in TEXTS:
        alone = [(1, *one.span()) for one in re2.finditer(pattern, text) if one.group()]
        assert sorted(set(gated.found(text))) == sorted(set(alone)), text


@pytest.mark.parametrize("kind", ["competency", "survey", "mentor"])
def test_shipped_lexicons_find_in_sentences_what_each_pattern_finds_alone(kind: str) -> None:
    lexicon = Lexicon.model_validate(read(DEFAULTS / "lexicon" / f"{kind}.yaml").content)
    patterns = [one for claim in lexicon.claims.values() for one in (*claim.present, *claim.unless)]
    gated = Gated(patterns)
    alone = [(place, re2.compile(pattern)) for place, pattern in enumerate(patterns) if "\\" not in pattern]
    simple = {place for place, _ in alone}
    for sentence in training(kind)[::60]:
        text = sentence.text.lower()
        found = {place for place, *_ in gated.found(text)} & simple
        assert found == {place for place, pattern in alone if pattern.search(text)}, text


SELDOM_WRITTEN = (
    "加班.*?累",
    "累??了",
    "累{1,3}?加",
    "累+?了",
    "(?:加班)*?累",
    "(?i)Team",
    "(?i:Team)",
    "(?i)ab|cd",
    "(?P<what>加)班",
    "(加|累)班",
    r"\u52a0",
    r"\U000052a0班",
    r"\x74",
    r"\x{52a0}班",
    r"\101b",
    r"\pL",
    r"\p{Han}班",
    r"\PL班",
    r"[^\]a]",
    r"[\]a]b",
    r"[^\]a|b]c",
    "[]a|b]c",
    "[^]|a]c",
    r"[\[a]b",
    r"a\\b|ab版",
    r"a\\\]",
    r"加\.班",
    r"\d+%",
    "a{b",
    "a{x}b",
    "a{(?:b}c)",
    "a{b|c}d",
    "a{,2}班",
)
_texts = st.lists(
    st.sampled_from(
        [*"加班累了aAbBcdtT]|[{}x.%\\", "加班", "team", "TEAM", "累了", "a]b", "a{b", "a{x}b", "版", "1"]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("pattern", SELDOM_WRITTEN)
@given(text=_texts)
def test_what_is_seldom_written_is_found_where_it_is_found_alone(pattern: str, text: str) -> None:
    checked(pattern)
    alone = Spans([pattern]).every(0, text)
    found = Gated(["zzzz", pattern]).found(text)
    assert {(first, last) for _, first, last in found} == set(alone)
