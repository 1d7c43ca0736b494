"""What the figures of 29,000 answers cost (F7): requests, units, memory, and what reading them takes."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from random import Random
from typing import Any

import pytest

from rencai.employees.rules.signals import Groups, Survey, SurveyAnswers, SurveyOnRecord
from rencai.survey.closing import PAGE, PAGES_AT_ONCE, ToCount
from tests.bench.capacity import item_size, read_units, write_units
from tests.survey.company import Company, read

MANY = 29_000
QUESTIONS = ("satisfaction", "workload", "stress", "support", "stay")


class Answers:
    """29,000 people's answers, made when they are asked for; 400 departments, 30 places, 25 roles."""

    def survey_page(
        self, month: str, *, by_link: bool, after: str | None, limit: int
    ) -> tuple[dict[str, SurveyOnRecord], str | None]:
        """A page, as ``WorkSignals`` has them."""
        assert by_link
        first = int(after.removeprefix("emp_")) + 1 if after else 0
        last = min(first + limit, MANY)
        found = {f"emp_{number:05}": self.of(month, number) for number in range(first, last)}
        return found, f"emp_{last - 1:05}" if last < MANY else None

    def of(self, month: str, number: int) -> SurveyOnRecord:
        """One person's."""
        chance = Random(number)
        scores = tuple((question, chance.randint(1, 5)) for question in QUESTIONS)
        department, place, role = chance.randrange(400), chance.randrange(30), chance.randrange(25)
        groups = Groups(f"第{department}事业部", f"城市{place}", f"role_{role}")
        return SurveyOnRecord(Survey(month, scores), None, groups)


class Metered:
    """DynamoDB, whose reads are counted in units by AWS's published rules."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self.read = self.written = 0.0
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._target, name)

        def made(**arguments: Any) -> Any:
            answer = call(**arguments)
            self.calls += 1
            self._count(name, arguments, answer)
            return answer

        return made

    def _count(self, name: str, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
        consistent = arguments.get("ConsistentRead", False)
        match name:
            case "get_item":
                self.read += read_units(item_size(answer.get("Item", {})), consistent=consistent)
            case "batch_get_item":
                ((table, asked),) = arguments["RequestItems"].items()
                for item in answer["Responses"][table]:
                    self.read += read_units(item_size(item), consistent=asked["ConsistentRead"])
            case "query":
                size = sum(map(item_size, answer["Items"]))
                self.read += read_units(size, consistent=consistent)
            case "put_item":
                self.written += write_units(item_size(arguments["Item"]))
            case _:
                raise AssertionError(f"no rule for {name}")


@contextmanager
def metered(one: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Metered]:
    with monkeypatch.context() as patched:
        meter = Metered(one.table._client)
        patched.setattr(one.table, "_client", meter)
        yield meter


def test_f7_an_answer_is_read_once_at_half_a_unit_and_the_figures_are_a_few_items(
    one: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 1_000
    one.survey_rounds.open("2026-11", date(2026, 12, 9), one.now)
    answers = Answers()
    for number in range(many):
        answered = answers.of("2026-11", number)
        assert answered.groups
        told = SurveyAnswers(answered.survey, {})
        one.signals.answer_survey(f"emp_{number:05}", told, answered.groups, one.now)
    one.passes(days=20)
    with metered(one, monkeypatch) as counting:
        one.counts()
    # Half a unit each; the index, pages as they are kept and read again, and four rounds are the rest.
    assert 0.5 * many <= counting.read < 0.55 * many
    assert (counting.written, counting.calls) <= (50, 60)
    with metered(one, monkeypatch) as reading:
        shown = read(by="department")
    assert shown["answered"] == many
    # The totals, the round, and a hundred groups; none of them large enough to be shown.
    assert (reading.calls, reading.read, reading.written) == (3, 3, 0)


@pytest.mark.timeout(300)
def test_f7_figures_of_29000_answers_are_made_in_a_few_messages_and_read_in_a_few_items(
    one: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.employs("emp_00000")
    one.asks()
    monkeypatch.setattr(
        type(one.signals), "survey_page", lambda _, *args, **more: Answers().survey_page(*args, **more)
    )
    one.passes(days=20)
    closing, waiting, messages = one.wired.survey.closing, [ToCount("2026-11")], 0
    for _ in range(MANY // (PAGE * PAGES_AT_ONCE)):
        closing.count(waiting.pop(), waiting.append, one.now)
        messages += 1
    # The last one also adds up what all said. Nearly everybody is in a cell of their own here.
    tracemalloc.start()
    closing.count(waiting.pop(), waiting.append, one.now)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (messages + 1, waiting) == (6, [])
    # 78 MB, of the function's 512; it takes 2 s of CPU where it is not traced.
    assert peak < 128 * 2**20
    with metered(one, monkeypatch) as reading:
        shown = read(by="department")
    assert (reading.calls, reading.written) == (3, 0)
    assert 2 < reading.read < 10
    assert (shown["answered"], [question["answers"] for question in shown["questions"]]) == (MANY, [MANY] * 5)
    assert len(shown["groups"]) == 100
