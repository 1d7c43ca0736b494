"""Of whom, when and how seriously a clause speaks: the shipped scope words on sentences of each kind."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from infra.admin import DEFAULTS
from rencai.reading.rules.clauses import (
    Clause,
    Parsed,
    Scope,
    Scopes,
    ScopeWords,
    _Found,
    plain,
    sentences,
)
from tests.examples import examples


@cache
def _shipped() -> Scopes:
    text = (DEFAULTS / "scope_words" / "default.yaml").read_text("utf-8")
    return Scopes(ScopeWords.model_validate(yaml.safe_load(text)))


def _scope(text: str, words: str) -> int:
    said = plain(text)
    place = said.index(words)
    clauses = [clause for start, end in sentences(said) for clause in _shipped().clauses(said, start, end)]
    return next(clause.scope_at(place) for clause in clauses if clause.start <= place < clause.end)


@pytest.mark.parametrize(
    ("text", "words", "scope"),
    [
        ("我没有带领过团队", "带领", Scope.DENIED),
        ("I have never led a team", "led", Scope.DENIED),
        ("压力大谈不上", "压力", Scope.DENIED),
        ("再难也不会撂挑子", "撂挑子", Scope.DENIED),
        ("My old boss led a team", "led", Scope.OTHERS),
        ("我以前的领导带过二十人", "带过", Scope.OTHERS),
        ("他们天天加班", "加班", Scope.OTHERS),
        ("去年天冷的时候很累", "累", Scope.OVER),
        ("last year it was too much", "too much", Scope.OVER),
        ("要是再这样就崩溃了", "崩溃", Scope.SUPPOSED),
        ("if this goes on we drown", "drown", Scope.SUPPOSED),
        ("希望少加班", "加班", Scope.WISHED),
        ("I hope to lead a team", "lead", Scope.WISHED),
        ("听说研发很累", "很累", Scope.HEARSAY),
        ("I heard it is stressful", "stressful", Scope.HEARSAY),
    ],
)
def test_a_word_puts_what_stands_beside_it_under_its_scope(text: str, words: str, scope: Scope) -> None:
    assert _scope(text, words) & scope


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我现在带一个十二个人的销售团队", "团队"),
        ("我们组三个月把业绩翻倍", "业绩"),
        ("我不仅带过团队", "带过"),
        ("跟客户打交道压力特别大", "压力"),
        ("我领着他们做完了项目", "做完"),
        ("以前轻松,现在天天加班", "天天加班"),
        ("I want to quit", "quit"),
        ("not only led but built it", "led"),
        ("上周连着干了六天", "连着"),
    ],
)
def test_what_the_speaker_says_of_themself_and_of_now_is_under_none(text: str, words: str) -> None:
    assert _scope(text, words) == Scope(0)


def test_a_denial_reaches_to_the_end_of_its_clause_and_no_further() -> None:
    assert _scope("没有加班,但是压力大", "加班") & Scope.DENIED
    assert not _scope("没有加班,但是压力大", "压力") & Scope.DENIED


_SAID = st.text(
    alphabet=st.sampled_from("我他没不加班累压力大但是现在以前,.!?;:,。!? \nabcI'’12３ＡＢ壓"), max_size=60
)


@given(text=_SAID)
@examples(200)
def test_plain_is_as_long_as_the_text(text: str) -> None:
    assert len(plain(text, {ord("壓"): "压"})) == len(text)


@given(text=_SAID)
@examples(200)
def test_clauses_lie_in_the_text_one_after_the_other(text: str) -> None:
    said = plain(text)
    last = 0
    for start, end in sentences(said):
        for clause in _shipped().clauses(said, start, end):
            assert last <= clause.start < clause.end <= len(text)
            last = clause.end


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("不仅不会", [("no_denial", 0, 2), ("denies", 2, 3)]),
        ("不但不", [("denies", 0, 1), ("denies", 2, 3)]),
        ("never mind, nevermind", [("no_denial", 0, 10)]),
        ("never, no", [("denies", 0, 5), ("denies", 7, 9)]),
        ("notes a+b", [("turns", 6, 9)]),
    ],
)
def test_of_words_that_begin_alike_the_longest_is_found(text: str, found: list[tuple[str, int, int]]) -> None:
    words = _Found(
        ("no_denial", ("不仅", "never mind")), ("denies", ("不", "not", "never", "no")), ("turns", ("A+B",))
    )
    assert list(words(text, 0, len(text))) == found


@given(st.text("我没加班,.。 a", max_size=40))
def test_a_place_is_in_the_clause_and_the_sentence_that_hold_it(text: str) -> None:
    parsed = _shipped().parsed(plain(text))
    for place in range(-1, len(text) + 1):
        assert parsed.at(place) == next((one for one in parsed.clauses if place < one.end), None)
        beside = [(first, last) for first, last in parsed.sentences if first <= place < last]
        expected = [one for first, last in beside for one in parsed.clauses if first <= one.start < last]
        assert list(parsed.sentence_at(place)) == expected
        for one in parsed.clauses:
            denied = place < one.denied_before or any(place >= denial for denial in one.denials)
            assert one.scope_at(place) == one.subject | (int(Scope.DENIED) if denied else 0)


class _Counted(list[Any]):
    """A list that counts how often one of its items is looked at."""

    looked = 0

    def __getitem__(self, at: Any) -> Any:
        self.looked += 1
        return super().__getitem__(at)

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("gone through from end to end")


def test_a_place_is_looked_up_in_a_few_steps_among_thousands_of_clauses() -> None:
    clauses = _Counted(Clause(at * 4, at * 4 + 3, 0, False, (), 0) for at in range(4_000))
    by_sentence = _Counted((at * 4, at * 4 + 3) for at in range(4_000))
    parsed = Parsed("我加班," * 4_000, by_sentence, clauses)
    clause = parsed.at(12_001)
    assert clause is not None
    assert clause.start == 12_000
    assert [one.start for one in parsed.sentence_at(12_001)] == [12_000]
    assert clauses.looked + by_sentence.looked < 60
