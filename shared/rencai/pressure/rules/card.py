"""An employee's card (F4): what was told of the last weeks and months, in the few bytes that the nightly scan reads.

It holds nothing of what follows from it, so that the same facts give the same card in whatever order they came, and is
in whole numbers (``SCALE`` to the unit): what is shown is divided once, at the end.
"""

import json
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Any, Final, NamedTuple

from rencai.employees.rules.performance import MonthlyPerformance, company_metric
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey

SCALE: Final = 10_000
"""What is told has at most four decimals."""
CARD_WEEKS: Final = 5
"""Weeks of attendance a card holds, back from the latest told: a policy's, and the one that runs."""
CARD_MONTHS: Final = 3
"""Months of performance a card holds, back from the latest that was scored; of metrics, from the latest told."""
CARD_LEAVE_DAYS: Final = 90
"""How far back a card holds leave, before the day it is made; longer than any policy looks."""
PERFORMANCE_MONTHS_BACK: Final = 2
"""How many months before the present one performance still counts."""
MONTHS_LOOKED_AT: Final = CARD_MONTHS + PERFORMANCE_MONTHS_BACK
"""Months on record that a card is made of: of the latest ones metrics may have been told, and no score yet."""


class CardPlace:
    """Where a card's head has what, see ``make_card``. Plain numbers: the scan takes them a million times a night."""

    WEEK: Final = 0
    HOURS: Final = WEEK + 1
    OVERTIME: Final = HOURS + CARD_WEEKS
    SCORED_MONTH: Final = OVERTIME + CARD_WEEKS
    SCORES: Final = SCORED_MONTH + 1
    SURVEY_MONTH: Final = SCORES + CARD_MONTHS
    LOWEST_ANSWER: Final = SURVEY_MONTH + 1
    LEFT: Final = LOWEST_ANSWER + 1
    LEAVES: Final = LEFT + 1
    ANSWERS: Final = LEAVES + 1


CARD_HEAD: Final = struct.Struct(f">{CardPlace.ANSWERS + 1}i")
"""What every card begins with."""
UNTOLD: Final = -(2**31)
"""What stands for what was not told: a sum that holds one is negative, which is quicker to see than to look for it."""
READ_BY: Final = 7
"""Stands where an answer has its score, 1 to 5: what stands before it is a reader's number, and no question's."""
NUMBER_OF_KIND: Final = {kind: number for number, kind in enumerate(LeaveKind)}
"""How a card has the kind of a leave."""
HUNDREDTH: Final = Decimal("0.01")


ReaderVersions = tuple[int, int, int]
"""The documents that words were read by: versions of lexicon, classifier and scope words."""


class MetRule(NamedTuple):
    """A words rule, by its id, that somebody's answer meets, and how surely: ``percent``, None of a rule that is met or
    is not, for it is of patterns, and of cards made before there was one.
    """

    id: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class WordsRead:
    """What the words of an answer come to: the rules they surely meet, and what read them; None: nothing did."""

    met: tuple[MetRule, ...] = ()
    reader: ReaderVersions | None = None


NO_WORDS: Final = WordsRead()


def make_card(
    weeks: Iterable[AttendanceWeek],
    leave: Iterable[Leave],
    months: Iterable[MonthlyPerformance],
    survey: Survey | None,
    words: WordsRead,
    left_on: date | None,
    today: date,
) -> bytes:
    """An employee's card: 80 bytes, and what not everybody has. 0 stands for what is not there, the least number for
    what was not told.

    In order, four bytes each, the most significant first: the latest week told, then hours, then overtime of it and the
    weeks before it (``CARD_WEEKS``); the latest month scored, and scores of 10 of it and the months before it
    (``CARD_MONTHS``); the latest survey's month, and its lowest score; the day after the last one; how many leaves
    there are, and how many scores. Then of each leave its first day, its days, and its kind's place in ``LeaveKind``;
    of each score its question's number (``question_number``) times 8, and the score, and where words were read one
    more, of the reader's number and ``READ_BY``; and as JSON, where there is any of it: ``[[the latest month told,
    {metric: value} of it, of the month before it ...], {words rule: percent ..., "": the reader's versions}]``. Days,
    weeks and months are counted through the years (``week_number``).

    Which questions count is the policy's of the day, and not the card's: it may change between two nights.
    """
    since = today - timedelta(days=CARD_LEAVE_DAYS)
    taken = [
        (one.starts_on.toordinal(), scaled(one.days), NUMBER_OF_KIND[one.kind])
        for one in sorted(leave, key=lambda one: (one.starts_on, one.leave_id), reverse=True)
        if not one.cancelled and one.starts_on >= since
    ]
    by_month = {month_number(one.month): one for one in months}
    # Of the month that runs the metrics are often told, and the score later: it must not hide the scores there are.
    scored = max((number for number, one in by_month.items() if one.score is not None), default=0)
    scores = [by_month.get(scored - back) for back in range(CARD_MONTHS)]
    metrics = _metrics(by_month)
    answers = [(id_, score) for id_, score in survey.scores if score is not None] if survey else []
    given = [question_number(id_) << 3 | score for id_, score in answers]
    if words.reader:
        given.append(reader_number(words.reader) << 3 | READ_BY)
    card = CARD_HEAD.pack(
        *_weeks({week_number(one.week): one for one in weeks}),
        scored,
        *(_of_ten(one) if one else UNTOLD for one in scores),
        month_number(survey.month) if survey else 0,
        min((score for _, score in answers), default=UNTOLD),
        left_on.toordinal() + 1 if left_on else 0,
        len(taken),
        len(given),
    )
    card += struct.pack(f">{3 * len(taken)}i", *chain.from_iterable(taken))
    card += struct.pack(f">{len(given)}I", *given)
    rest = [metrics, kept_words(WordsRead(tuple(sorted(words.met)), words.reader))]
    return card + json.dumps(rest, ensure_ascii=False, separators=(",", ":")).encode() if any(rest) else card


def _weeks(told: Mapping[int, AttendanceWeek]) -> list[int]:
    latest = max(told, default=0)
    back = [told.get(latest - number) for number in range(CARD_WEEKS)]
    return [
        latest,
        *(scaled(one.hours) if one else UNTOLD for one in back),
        *(_optional(one.overtime_hours) if one else UNTOLD for one in back),
    ]


def _metrics(by_month: Mapping[int, MonthlyPerformance]) -> list[Any]:
    latest = max(by_month, default=0)
    told = [by_month.get(latest - back) for back in range(CARD_MONTHS)]
    values = [
        {company_metric(one.id, one.currency): scaled(one.value) for one in month.metrics} if month else {}
        for month in told
    ]
    return [latest, *values] if any(values) else []


def _of_ten(one: MonthlyPerformance) -> int:
    return UNTOLD if one.score is None else scaled(one.score * 10 / one.out_of)


def question_number(question: str) -> int:
    """What stands for a survey's question on a card: 29 bits of its CRC-32. Two of a tenant's questions with one number
    (one in five million, of fifty) would count as one.

    >>> question_number("stress") < 1 << 29
    True
    """
    return zlib.crc32(question.encode()) >> 3


def reader_number(reader: ReaderVersions) -> int:
    """What stands for a reader on a card, as ``question_number`` for a question; never 0."""
    return question_number(repr(reader)) or 1


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a card holds, newest first: ``weeks`` as week and hours, ``leave`` as first day, days and kind, ``months``
    as month and score of 10, ``survey`` as month, lowest score of the questions that count, words rules, and the number
    of what read the words, 0 for nothing. In whole numbers, as on the card.
    """

    weeks: tuple[tuple[int, int], ...]
    leave: tuple[tuple[int, int, str], ...]
    months: tuple[tuple[int, int], ...]
    survey: tuple[int, int | None, tuple[str, ...], int] | None


def card_content(card: bytes, questions: Collection[str] = ()) -> CardContent:
    """What ``make_card`` put on a card, but for overtime, metrics and the last day. ``questions`` count; empty: all."""
    fields = CARD_HEAD.unpack_from(card)
    week, month, survey = (
        fields[CardPlace.WEEK],
        fields[CardPlace.SCORED_MONTH],
        fields[CardPlace.SURVEY_MONTH],
    )
    hours = fields[CardPlace.HOURS : CardPlace.HOURS + CARD_WEEKS]
    scores = fields[CardPlace.SCORES : CardPlace.SCORES + CARD_MONTHS]
    leaves, answers = fields[CardPlace.LEAVES], fields[CardPlace.ANSWERS]
    lowest = lowest_answer(card, leaves, answers, frozenset(map(question_number, questions)))
    kinds = list(LeaveKind)
    words = metrics_and_words_on(card, leaves, answers)[1]
    return CardContent(
        tuple((week - back, told) for back, told in enumerate(hours) if told != UNTOLD),
        tuple((first, days, kinds[kind].value) for first, days, kind in leaves_on(card, leaves)),
        tuple((month - back, score) for back, score in enumerate(scores) if score != UNTOLD),
        (
            survey,
            None if lowest == UNTOLD else lowest,
            tuple(rule.id for rule in words.met) if words else (),
            next((one >> 3 for one in _answers_on(card, leaves, answers) if one & 7 == READ_BY), 0),
        )
        if survey
        else None,
    )


def leaves_on(card: bytes, count: int) -> Iterator[tuple[int, ...]]:
    """A card's leaves, as many as its head says: of each the first day, its days and its kind's number."""
    return struct.iter_unpack(">3i", card[CARD_HEAD.size : CARD_HEAD.size + 12 * count])


def lowest_answer(card: bytes, leaves: int, answers: int, questions: Collection[int]) -> int:
    """The lowest score on a card of ``questions``, by their numbers (empty: of all); ``UNTOLD``: none has any."""
    given = [one for one in _answers_on(card, leaves, answers) if one & 7 != READ_BY]
    return min((one & 7 for one in given if not questions or one >> 3 in questions), default=UNTOLD)


def questions_on(card: bytes) -> set[int]:
    """The numbers of the questions that a card has a score of."""
    fields = CARD_HEAD.unpack_from(card)
    given = _answers_on(card, fields[CardPlace.LEAVES], fields[CardPlace.ANSWERS])
    return {one >> 3 for one in given if one & 7 != READ_BY}


def _answers_on(card: bytes, leaves: int, answers: int) -> tuple[int, ...]:
    at = CARD_HEAD.size + 12 * leaves
    return struct.unpack(f">{answers}I", card[at : at + 4 * answers])


def metrics_and_words_on(card: bytes, leaves: int, answers: int) -> tuple[list[Any], WordsRead | None]:
    """What a card says after its head, ``leaves`` and ``answers``, see ``make_card``; of words None, where no rule is
    met.
    """
    text = card[CARD_HEAD.size + 12 * leaves + 4 * answers :]
    if not text:
        return [], None
    metrics, words = json.loads(text)
    return metrics, words_of(words) if words else None


def words_of(words: Sequence[str] | Mapping[str, Any]) -> WordsRead:
    """Words rules as they are kept, see ``make_card``; before there was a reader they were ids only."""
    if not isinstance(words, Mapping):
        return WordsRead(tuple(map(MetRule, words)))
    reader = words.get("")
    met = tuple(MetRule(id_, percent) for id_, percent in words.items() if id_)
    return WordsRead(met, tuple(reader) if reader else None)


def kept_words(words: WordsRead) -> dict[str, int | ReaderVersions | None]:
    """Words rules as JSON values, in their order, which ``words_of`` takes back."""
    rules: dict[str, int | ReaderVersions | None] = dict(words.met)
    return {**rules, "": words.reader} if rules and words.reader else rules


def scaled(value: Decimal) -> int:
    """What was told as a whole number of ``SCALE`` to the unit."""
    return int((value * SCALE).to_integral_value(ROUND_HALF_UP))


def _optional(value: Decimal | None) -> int:
    return UNTOLD if value is None else scaled(value)


def week_number(week: str) -> int:
    """Weeks from the year 1 to an ISO week.

    >>> week_number("2026-W53") + 1 == week_number("2027-W01")
    True
    """
    return date.fromisocalendar(int(week[:4]), int(week[-2:]), 1).toordinal() // 7


def month_number(month: str) -> int:
    """Months from the year 0 to a month.

    >>> month_number("2026-12") + 1 == month_number("2027-01")
    True
    """
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_of_number(number: int) -> str:
    """The month ``month_number`` counted.

    >>> month_of_number(month_number("2026-12"))
    '2026-12'
    """
    return f"{number // 12:04}-{number % 12 + 1:02}"


def unscaled(value: int, count: int = 1) -> Decimal:
    """A whole number (or the mean of ``count``) as what it stands for, to hundredths, half up."""
    return (Decimal(value) / (SCALE * count)).quantize(HUNDREDTH, ROUND_HALF_UP)
