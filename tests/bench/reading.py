"""Reading: how well words are understood on the judging half of the corpus, beside the keyword rules; what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from rencai.interviews.rules.interview import Interview
from rencai.reading.readers import Readers, Words
from tests.bench.figures import Figures, median
from tests.bench.scoring import sample
from tests.reading import judged
from tests.shipped import SHIPPED, ShippedConfigurations

ROUNDS: Final = 15


def measure() -> Figures:
    """The corpus figures, then the costs on one core."""
    figures = Figures()
    _survey(figures)
    _competency(figures)
    _mentors(figures)
    _same(figures)
    _costs(figures)
    return figures


def _survey(figures: Figures) -> None:
    sentences = judged.sentences("survey")
    plain = judged.of_tags(sentences, "plain")
    counts = judged.strained(judged.surely(Words.SURVEY), sentences)
    before = judged.strained(judged.keyword_survey(), sentences)
    figures.add(
        "survey_precision", round(counts.precision, 4), f"{counts.precision:.3f}", f"keyword rules {before}"
    )
    figures.add(
        "survey_recall", round(counts.recall, 4), f"{counts.recall:.3f}", f"{len(sentences)} sentences"
    )
    found = judged.strained(judged.surely(Words.SURVEY), plain)
    worse = min(found.precision, found.recall)
    figures.add(
        "survey_plain", round(worse, 4), f"{worse:.3f}", f"the lower of both on {len(plain)} plain ones"
    )
    _languages(figures, "survey", lambda some: str(judged.strained(judged.surely(Words.SURVEY), some)))


def _competency(figures: Figures) -> None:
    sentences = judged.sentences("competency")
    counts = judged.claims(judged.surely(Words.COMPETENCY), sentences)
    before = judged.claims(judged.keyword_competency(), sentences)
    figures.add(
        "competency_precision",
        round(counts.precision, 4),
        f"{counts.precision:.3f}",
        f"keyword rules {before}",
    )
    figures.add(
        "competency_recall", round(counts.recall, 4), f"{counts.recall:.3f}", f"{len(sentences)} answers"
    )
    _languages(figures, "competency", lambda some: str(judged.claims(judged.surely(Words.COMPETENCY), some)))


def _mentors(figures: Figures) -> None:
    sentences = judged.sentences("mentor")
    found = judged.levels(judged.level_of, sentences)
    before = judged.levels(judged.keyword_mentor(), sentences)
    figures.add(
        "mentor_within_one_level",
        round(found.within_one, 4),
        f"{found.within_one:.3f}",
        f"keyword rules: {before}",
    )
    figures.say("mentor", "", str(found))
    _languages(figures, "mentor", lambda some: str(judged.levels(judged.level_of, some)))


def _languages(figures: Figures, kind: str, said: Callable[[Sequence[judged.Judged]], str]) -> None:
    for language in judged.LANGUAGES:
        some = [one for one in judged.sentences(kind) if one.language == language]
        figures.say(f"  {kind}, {language}", str(len(some)), said(some))


def _same(figures: Figures) -> None:
    for kind in ("survey", "competency", "mentor"):
        found = judged.same_claims(kind)
        ways = ", ".join(f"{way} {read}/{count}" for way, (read, count) in found.found.items())
        figures.add(
            f"{kind}_same_answer",
            round(found.alike / found.groups, 4),
            f"{found.alike}/{found.groups}",
            f"the same claim in other ways; read: {ways}; lowest ratio {found.lowest_ratio:.2f}",
        )


def _costs(figures: Figures) -> None:
    interviews = [Interview.model_validate_json(line) for line in sample()]
    answers = [[answer.transcript for answer in interview.answers] for interview in interviews]
    reader = judged.readers().of(Words.COMPETENCY)
    seconds = median([_seconds(lambda: [reader.read_all(said) for said in answers]) for _ in range(ROUNDS)])
    count = sum(map(len, answers))
    figures.add(
        "read_us", round(seconds / count * 1e6, 1), f"{seconds / count * 1e6:.0f}", "an answer, microseconds"
    )
    longest = max(answers, key=lambda said: sum(map(len, said)))
    worst = median([_seconds(lambda: reader.read_all(longest)) for _ in range(ROUNDS)]) * 1e3
    mean = seconds / len(answers) * 1e3
    figures.add(
        "read_interview_ms",
        round(mean, 3),
        f"{mean:.2f}",
        f"all told; the longest ({sum(map(len, longest))} characters) {worst:.2f}",
    )
    for words in Words:
        taken = median([_seconds(partial(_make, words)) for _ in range(5)]) * 1e3
        figures.add(
            f"reader_init_ms_{words}",
            round(taken, 1),
            f"{taken:.0f}",
            "the documents made ready, once a container",
        )


def _make(words: Words) -> object:
    # What is read of the table is measured as units; here the documents are there.
    assert SHIPPED
    readers = Readers(ShippedConfigurations())
    made = readers.mentors() if words is Words.MENTOR else readers.of(words)
    return made.read("压力很大, 带团队完成了目标 I led a team")


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
