"""Patterns that are looked for only where their words are find what they find alone."""

import pytest
import re2

from infra.admin import DEFAULTS
from infra.admin.configuration import read
from infra.reader.corpus import training
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
