"""The judging half of the corpus: sentences that nobody looked at who wrote rules or sentences to learn from.

``judging/<kind>.<language>.jsonl`` as infra/reader/sentences, written by others, and labelled twice, apart:
``disputed`` are the claims on which the two did not agree, which count neither way; of mentors only those are here
whose two levels are at most one apart. What is measured is what is *surely* read.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from rencai.kernel.clauses import ClauseRule, ClauseRules
from rencai.kernel.patterns import Patterns
from rencai.reading.readers import Readers, Words
from tests.shipped import ShippedConfigurations

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("zh", "en")
STRAINED: Final = "strained"


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence and what it says."""

    text: str
    language: str
    tag: str
    says: frozenset[str] = frozenset()
    disputed: frozenset[str] = frozenset()
    level: int | None = None
    topic: str | None = None


@dataclass(slots=True)
class Counts:
    """True and false positives and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(
        self, said: frozenset[str], truth: frozenset[str], disputed: frozenset[str] = frozenset()
    ) -> None:
        self.right += len(said & truth)
        self.wrong += len(said - truth - disputed)
        self.missed += len(truth - said)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    def __str__(self) -> str:
        found = self.right + self.missed
        return f"precision {self.precision:.3f}, recall {self.recall:.3f} (of {found})"


@dataclass(slots=True)
class Levels:
    """How far from the level a mentor's words were read."""

    rated: int = 0
    within: int = 0
    exact: int = 0
    sure: int = 0
    sure_within: int = 0
    nothing: int = 0
    nothing_read: int = 0

    def count(self, read: int | None, *, sure: bool, level: int | None) -> None:
        if level is None:
            self.nothing += 1
            self.nothing_read += read is None or not sure
            return
        near = read is not None and abs(read - level) <= 1
        self.rated += 1
        self.within += near
        self.exact += read == level
        self.sure += sure
        self.sure_within += sure and near

    @property
    def within_one(self) -> float:
        return self.within / max(1, self.rated)

    @property
    def sure_within_one(self) -> float:
        return self.sure_within / max(1, self.sure)

    def __str__(self) -> str:
        return (
            f"within one level {self.within_one:.3f}, exact {self.exact / max(1, self.rated):.3f} (of {self.rated}); "
            f"surely read {self.sure / max(1, self.rated):.3f}, within one {self.sure_within_one:.3f}; "
            f"rating nothing and so read {self.nothing_read} of {self.nothing}"
        )


@cache
def sentences(kind: str) -> tuple[Judged, ...]:
    """The judging sentences of a kind."""
    return tuple(_sentences(kind))


def _sentences(kind: str) -> Iterator[Judged]:
    for language in LANGUAGES:
        path = HERE / "judging" / f"{kind}.{language}.jsonl"
        for line in path.read_text("utf-8").splitlines():
            one: Mapping[str, Any] = json.loads(line)
            yield Judged(
                one["text"],
                language,
                one["tag"],
                frozenset(one.get("says", ())),
                frozenset(one.get("disputed", ())),
                one.get("level"),
                one.get("topic"),
            )


# --- who reads --------------------------------------------------------------------------------------------------------

ClaimsOf = Callable[[str, str | None], frozenset[str]]
"""Of a text and the topic of the question it answers."""
LevelOf = Callable[[str], tuple[int | None, bool]]


@cache
def readers() -> Readers:
    """The shipped readers."""
    return Readers(ShippedConfigurations())


def surely(words: Words) -> ClaimsOf:
    """What the shipped reader surely reads."""
    reader = readers().of(words)
    return lambda text, topic: frozenset(one.claim for one in reader.read(text, topic) if one.sure)


def level_of(text: str) -> tuple[int | None, bool]:
    """The level that the shipped reader reads, and whether surely."""
    reading = readers().mentors().read(text)
    return (reading.level, reading.sure) if reading else (None, False)


def _keywords(kind: str) -> Any:
    return yaml.safe_load((HERE / "keywords" / f"{kind}.yaml").read_text("utf-8"))


def keyword_survey() -> ClaimsOf:
    """What the keyword rules of before found in a survey's words."""
    rules = [
        ClauseRule(id=id_, present=one["present"], unless=one["unless"])
        for id_, one in _keywords("survey").items()
    ]
    ready = ClauseRules(rules)
    return lambda text, _: frozenset(rules[place].id for place in ready.met_by(text))


def keyword_competency() -> ClaimsOf:
    """What the keyword rules of before found in an answer."""
    owned = [(claim, pattern) for claim, patterns in _keywords("competency").items() for pattern in patterns]
    ready = Patterns([pattern for _, pattern in owned])
    return lambda text, _: frozenset(owned[place][0] for place in ready.found_in(text))


def keyword_mentor() -> LevelOf:
    """The level that the keyword rules of before gave: the first that held."""
    told = _keywords("mentor")
    ready = ClauseRules(
        [ClauseRule(id=one["id"], present=one["present"], unless=one["unless"]) for one in told]
    )

    def level(text: str) -> tuple[int | None, bool]:
        met = ready.met_by(text)
        return (told[met[0]]["level"], True) if met else (None, False)

    return level


# --- measured ---------------------------------------------------------------------------------------------------------


def strained(claims_of: ClaimsOf, judged: Iterable[Judged]) -> Counts:
    """Whether a survey's words speak of strain at all."""
    counts = Counts()
    for one in judged:
        said = frozenset([STRAINED]) if claims_of(one.text, None) else frozenset()
        truth = frozenset([STRAINED]) if one.says else frozenset()
        counts.count(said, truth, frozenset([STRAINED]) if one.disputed and not one.says else frozenset())
    return counts


def claims(claims_of: ClaimsOf, judged: Iterable[Judged]) -> Counts:
    """Claims of answers, over all claims of all sentences."""
    counts = Counts()
    for one in judged:
        counts.count(claims_of(one.text, one.topic), one.says, one.disputed)
    return counts


def levels(level: LevelOf, judged: Iterable[Judged]) -> Levels:
    """Levels of mentors' words."""
    found = Levels()
    for one in judged:
        read, sure = level(one.text)
        found.count(read, sure=sure, level=one.level)
    return found


@dataclass(slots=True)
class Same:
    """One claim said in several ways (D7's question): whether each way gets the same answer."""

    groups: int = 0
    alike: int = 0
    found: dict[str, list[int]] = field(default_factory=dict)
    """By the way of saying it: how many were surely read, of how many."""

    @property
    def lowest_ratio(self) -> float:
        """The share of the way that is read least, of that which is read most: the four-fifths heuristic."""
        shares = [one[0] / one[1] for one in self.found.values()]
        most = max(shares, default=0.0)
        return min(shares) / most if most else 1.0


def same(
    kind: str,
    answer: Callable[[str, str | None], object],
    right: Callable[[object, Mapping[str, Any]], bool],
) -> Same:
    """``judging/same.<kind>.jsonl``: a group a line, ``ways`` by name, and what all of them say."""
    found = Same()
    for line in (HERE / "judging" / f"same.{kind}.jsonl").read_text("utf-8").splitlines():
        group: Mapping[str, Any] = json.loads(line)
        ways: Mapping[str, str] = group["ways"]
        answers = {way: right(answer(text, group.get("topic")), group) for way, text in ways.items()}
        found.groups += 1
        found.alike += len(set(answers.values())) == 1
        for way, is_right in answers.items():
            counted = found.found.setdefault(way, [0, 0])
            counted[0] += is_right
            counted[1] += 1
    return found


def of_tags(judged: Sequence[Judged], *tags: str) -> list[Judged]:
    """Those of certain tags."""
    return [one for one in judged if one.tag in tags]


def same_claims(kind: str) -> Same:
    """What the shipped reader answers to each way of saying one claim."""
    if kind == "mentor":
        return same(kind, _level_answered, _near)
    claims_of = surely(Words(kind))
    if kind == "survey":
        return same(kind, claims_of, lambda said, group: bool(said) == bool(group["says"]))
    return same(kind, claims_of, _all_said)


def _level_answered(text: str, _: str | None) -> object:
    return level_of(text)


def _near(answer: object, group: Mapping[str, Any]) -> bool:
    assert isinstance(answer, tuple)
    level = group["level"]
    if level is None or answer[0] is None:
        return level is None and not answer[1]
    return bool(abs(answer[0] - level) <= 1)


def _all_said(answer: object, group: Mapping[str, Any]) -> bool:
    assert isinstance(answer, frozenset)
    return answer >= frozenset(group["says"])
