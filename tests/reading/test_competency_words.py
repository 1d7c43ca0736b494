"""What the shipped reader says of interview answers, by the kind of sentence: plain ones, and those that only have the
words of a claim. None of them is a sentence that it has learned from.
"""

from functools import cache

import pytest

from infra.admin import DEFAULTS
from infra.admin.configuration import read
from rencai.reading.rules.classifier import Classifier
from rencai.reading.rules.clauses import ScopeWords
from rencai.reading.rules.lexicon import Lexicon
from rencai.reading.rules.reader import Reader, ReaderVersion


@cache
def reader() -> Reader:
    """As it is shipped."""
    return Reader(
        Lexicon.model_validate(read(DEFAULTS / "lexicon" / "competency.yaml").content),
        Classifier.model_validate(read(DEFAULTS / "classifier" / "competency.json").content),
        ScopeWords.model_validate(read(DEFAULTS / "scope_words" / "default.yaml").content),
        ReaderVersion(1, 1, 1),
    )


def surely(text: str) -> set[str]:
    return {reading.claim for reading in reader().read(text) if reading.sure}


def read_at_all(text: str) -> set[str]:
    return {reading.claim for reading in reader().read(text)}


SAID = [
    ("我现在带一个十二个人的销售团队", "team_management"),
    ("任务八百万,做到了九百二十万", "goal_attainment"),
    ("业绩比指标高出两成", "goal_attainment"),
    ("I beat the target by 20%", "goal_attainment"),
]
NOT_SAID = [
    ("我没有带领过团队", "team_management"),
    ("My old boss led a team", "team_management"),
    ("再难也不会撂挑子", "gives_up"),
    ("我在旅游公司做过带团", "team_management"),
    ("I gave up smoking last spring", "gives_up"),
    ("我从来不跟客户吵", "talks_over_customer"),
    ("双赢两个字是我们公司的名字", "seeks_win_win"),
    ("I've never missed a deadline", "missed_goal"),
    ("我从来没有延期交过货", "missed_goal"),
    ("We check the tyre pressures every morning", "pressures"),
    ("我血压有点高", "pressures"),
    ("很多销售一听贵就打折,我不干这事", "gives_in"),
    ("I live alone", "goes_it_alone"),
]


@pytest.mark.parametrize(("text", "claim"), SAID)
def test_plain_words_are_read(text: str, claim: str) -> None:
    assert claim in read_at_all(text)


@pytest.mark.parametrize(("text", "claim"), NOT_SAID)
def test_words_without_their_meaning_are_not_surely_read(text: str, claim: str) -> None:
    assert claim not in surely(text)
