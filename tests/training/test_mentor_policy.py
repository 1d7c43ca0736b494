"""What a mentor's words count by a policy: HR's own rules first, then the reader, where it is sure (C4)."""

from decimal import Decimal
from typing import Any

import pytest

from rencai.training.rules.mentors import MentorPolicy
from rencai.training.rules.ratings import Rated, RatedBy, Rating, WordsRead
from tests.training.training_builders import READER, by_rule, meant, read

RULE: dict[str, Any] = {"id": "signs_alone", "present": ["独立签单"], "unless": ["没"], "score": "95"}
POLICY = MentorPolicy.model_validate({"rules": [RULE]})


@pytest.mark.parametrize(
    ("words", "level", "counts"), [("进步神速", 5, 100), ("中规中矩", 3, 70), ("没什么长进", 1, 30)]
)
def test_c4_words_that_are_read_for_sure_count_as_the_scale_says(words: str, level: int, counts: int) -> None:
    rated = POLICY.rate(f"本周{words}。", 7, read, meant)
    assert rated.reading == WordsRead(level, Decimal("0.92"), True, 2, 2 + len(words), "lexicon", READER)
    assert rated.rating == Rating(
        Decimal(counts), RatedBy.WORDS, 7, level, certainty=Decimal("0.92"), reader=READER
    )


def test_c4_words_that_are_not_read_for_sure_count_nothing_and_the_reading_is_kept() -> None:
    rated = POLICY.rate("还行吧", 1, read, meant)
    assert rated.rating is None
    assert rated.reading is not None
    assert (rated.reading.level, rated.reading.sure) == (3, False)
    assert POLICY.rate("准时参加", 1, read, meant) == Rated()


def test_c4_a_rule_of_hrs_own_comes_before_the_reader() -> None:
    asked: list[str] = []
    rated = POLICY.rate("独立签单,进步神速", 2, lambda words: asked.append(words), meant)
    assert (rated, asked) == (Rated(by_rule("signs_alone", 95, 2)), [])
    assert POLICY.rate("没能独立签单,没什么长进", 2, read, meant).rating is not None, (
        "taken out, the words are read"
    )


@pytest.mark.parametrize("words", ["我没有觉得他可以独立签单,没什么长进", "如果独立签单,没什么长进"])
def test_c4_a_rule_of_hrs_own_goes_by_what_is_meant(words: str) -> None:
    policy = MentorPolicy.model_validate({"rules": [RULE | {"unless": []}]})
    rating = policy.rate(words, 2, read, meant).rating
    assert (rating and rating.by, rating and rating.level) == (RatedBy.WORDS, 1)
    without = policy.rate(words, 2, read, lambda _: None).rating
    assert without == by_rule("signs_alone", 95, 2), "a tenant without a reader goes by its patterns"


def test_a_policy_from_before_there_was_a_scale_keeps_its_rules() -> None:
    assert MentorPolicy.model_validate([RULE]) == POLICY


def test_hr_says_what_a_level_counts() -> None:
    scale = [level.model_dump() for level in POLICY.scale]
    scale[4]["counts"] = Decimal(90)
    policy = MentorPolicy.model_validate({"scale": scale})
    rating = policy.rate("进步神速", 1, read, meant).rating
    assert rating is not None
    assert rating.score == 90
