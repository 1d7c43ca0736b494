"""Scoring: interview JSON to profile, against validating the same JSON alone."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from typing import Final

from infra.local.candidates import candidates
from rencai.interviews.rules.interview import Interview
from tests.bench.figures import Figures, median
from tests.shipped import shipped_scorer

ROLE: Final = "sales"
SAMPLE: Final = 200
ROUNDS: Final = 25
SEED: Final = 7


def sample(count: int = SAMPLE) -> list[bytes]:
    """Invented sales interviews as they come in: weak to strong, Chinese and English, always the same."""
    found: list[bytes] = []
    for candidate in candidates(count * 4, SEED, run="bench"):
        if candidate.interview["position"]["role"] == ROLE:
            found.append(candidate.line.encode())
            if len(found) == count:
                return found
    raise AssertionError(f"only {len(found)} of the invented candidates are for {ROLE}")


def measure(rounds: int = ROUNDS) -> Figures:
    """Both in turns, round by round over the same interviews, on one core."""
    lines = sample()
    scorer = shipped_scorer(ROLE)
    validate = Interview.model_validate_json

    def parse() -> None:
        for line in lines:
            validate(line)

    def score() -> None:
        for line in lines:
            scorer.profile(validate(line))

    parse_seconds, score_seconds = _in_turns((parse, score), rounds)
    per_parse, per_score = median(parse_seconds) / len(lines), median(score_seconds) / len(lines)
    ratio = median([ours / alone for ours, alone in zip(score_seconds, parse_seconds, strict=True)])
    size = sum(len(line) for line in lines) / len(lines)
    answers = sum(len(validate(line).answers) for line in lines) / len(lines)
    rules = sum(len(competency.rules) for competency in scorer.model.competencies.values())

    figures = Figures()
    figures.add(
        "score_per_second_per_core",
        round(1 / per_score, 1),
        f"{1 / per_score:,.0f}",
        f"{per_score * 1e6:.0f} µs each; default sales model, {rules} rules, reading included",
    )
    figures.add(
        "score_ratio_to_parse",
        round(ratio, 3),
        f"{ratio:.2f}",
        f"validating alone: {per_parse * 1e6:.0f} µs; {len(lines)} interviews, "
        f"{size / 1024:.1f} KB and {answers:.1f} answers on average",
    )
    return figures


def _in_turns(calls: Sequence[Callable[[], None]], rounds: int) -> list[list[float]]:
    taken: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(rounds):
        for seconds, call in zip(taken, calls, strict=True):
            gc.collect()
            began = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - began)
    return taken
