"""The answers of an interview as rules look at them: each is searched once, parsed once and read once for all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from rencai.kernel.patterns import Patterns
from rencai.reading.rules.clauses import Parsed, Scope
from rencai.reading.rules.meant import Excused

if TYPE_CHECKING:
    from rencai.reading.rules.reader import Hears, Reading

    from .interview import Answer

_QUOTE_CONTEXT: Final = 12
"""Characters kept on each side of a quoted match, so that a reader sees what it was said about."""
TAKEN_BACK_BY: Final = Scope.DENIED | Scope.OTHERS | Scope.WISHED | Scope.HEARSAY
"""Scopes in which HR's own patterns do not hold: what is denied, others', wished for or heard of is not done."""


class SeekingRule(Protocol):
    """A rule that looks for patterns in the answers on ``topics``, none: in all. ``scoped``: only where nothing takes
    them back; ``unless``: only where no clause of the same sentence has one of these.
    """

    topics: tuple[str, ...]
    scoped: bool
    unless: Patterns | None


@dataclass(slots=True)
class Spot:
    """Where a rule's words were found first."""

    answer: Answer
    start: int
    end: int


def _unread(_: str) -> Parsed:
    raise ValueError("words that are to be read, and no reader")


def silent(transcript: str) -> bool:
    """Whether nothing was said."""
    return not transcript or transcript.isspace()


def quoted(answer: Answer, start: int, end: int) -> dict[str, Any]:
    """The words of an answer as evidence has them."""
    text = answer.transcript
    return {
        "quote": text[start:end],
        "start": start,
        "end": end,
        "context": text[max(0, start - _QUOTE_CONTEXT) : end + _QUOTE_CONTEXT],
        "question_id": answer.question_id,
    }


class Words:
    """The patterns of all of a model's rules, looked for in one pass over a text."""

    __slots__ = ("every", "first", "found_in", "rules")

    def __init__(self, owned: Iterable[tuple[SeekingRule, str]]) -> None:
        pairs = list(owned)
        patterns = Patterns([pattern for _, pattern in pairs])
        self.found_in = patterns.found_in
        self.first = patterns.first
        self.every = patterns.every
        self.rules = [rule for rule, _ in pairs]
        """Whose the pattern at each place is."""


class Voice:
    """One answer that has words; ``readings`` are filled in for those that are read."""

    def __init__(self, answer: Answer, parse: Callable[[str], Parsed]) -> None:
        self.answer = answer
        self.readings: tuple[Reading, ...] = ()
        self._parse = parse

    @cached_property
    def parsed(self) -> Parsed:
        """Its clauses."""
        return self._parse(self.answer.transcript)

    def means(self, start: int) -> bool:
        """Whether nothing takes back what stands at ``start``."""
        clause = self.parsed.at(start)
        return clause is not None and not clause.scope_at(start) & TAKEN_BACK_BY

    def excused(self, unless: Patterns) -> Excused:
        """Tells of a place whether a clause of its sentence has a pattern of ``unless``."""
        return Excused(self.answer.transcript, self.parsed, unless)


class Heard:
    """The answers of an interview, and which rules' words are in them."""

    __slots__ = ("_answers", "_by_topic", "_spoken_on", "found", "voices")

    def __init__(
        self,
        answers: Sequence[Answer],
        words: Words,
        reader: Hears | None,
        read: frozenset[str] | None,
    ) -> None:
        """``read`` are the topics on which somebody asks what is said: empty none, None all."""
        self.found: dict[SeekingRule, Spot] = {}
        self.voices: list[Voice] = []
        self._answers = answers
        self._by_topic: dict[str, list[Answer]] = {}
        self._spoken_on: set[str] = set()
        parse = reader.parsed if reader else _unread
        for answer in answers:
            self._by_topic.setdefault(answer.topic, []).append(answer)
            if silent(answer.transcript):
                continue
            self._spoken_on.add(answer.topic)
            voice = Voice(answer, parse)
            self.voices.append(voice)
            self._seek(voice, words)
        if reader is not None and (read is None or read):
            asked = [voice for voice in self.voices if read is None or voice.answer.topic in read]
            texts = [voice.answer.transcript for voice in asked]
            topics = [voice.answer.topic for voice in asked]
            for voice, readings in zip(asked, reader.read_all(texts, topics), strict=True):
                voice.readings = readings

    def _seek(self, voice: Voice, words: Words) -> None:
        text, topic = voice.answer.transcript, voice.answer.topic
        places: dict[SeekingRule, list[int]] = {}
        for place in words.found_in(text):
            rule = words.rules[place]
            topics = rule.topics
            if topics:
                if topic not in topics:
                    continue
                known = self.found.get(rule)
                if known is not None and topics.index(topic) >= topics.index(known.answer.topic):
                    continue
            elif rule in self.found:
                continue
            places.setdefault(rule, []).append(place)
        for rule, those in places.items():
            plainly = not rule.scoped and rule.unless is None
            span = words.first(those, text) if plainly else _first_meant(rule, those, voice, words)
            if span is not None:
                self.found[rule] = Spot(voice.answer, *span)

    def to(self, topics: Sequence[str]) -> Sequence[Answer]:
        """The answers on ``topics``, in the order of those; none: all of them."""
        if not topics:
            return self._answers
        return [answer for topic in topics for answer in self._by_topic.get(topic, ())]

    def voices_on(self, topics: Sequence[str]) -> Sequence[Voice]:
        """The answers with words on ``topics``, in the order of those; none: all of them."""
        if not topics:
            return self.voices
        return [voice for topic in topics for voice in self.voices if voice.answer.topic == topic]

    def spoke_on(self, topics: Sequence[str]) -> bool:
        """Whether an answer on ``topics`` has words at all."""
        return not self._spoken_on.isdisjoint(topics) if topics else bool(self._spoken_on)


def _first_meant(
    rule: SeekingRule, places: Sequence[int], voice: Voice, words: Words
) -> tuple[int, int] | None:
    """Where the first of ``places`` is said that nothing takes back."""
    found: tuple[int, int] | None = None
    excused = voice.excused(rule.unless) if rule.unless else None
    for place in places:
        for span in words.every(place, voice.answer.transcript):
            if found is not None and span[0] >= found[0]:
                break
            if rule.scoped and not voice.means(span[0]):
                continue
            if excused is None or not excused(span[0]):
                found = span
                break
    return found
