"""A reader that asks a language model about what it is unsure of. An option, off by default."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rencai.platform.bedrock import ModelUnavailable

from .rules.asking import (
    INSTRUCTION,
    PROMPT,
    SCHEMA,
    LanguageModel,
    UnreadableAnswer,
    Unsure,
    believed,
    question,
)
from .rules.clauses import Parsed
from .rules.lexicon import Lexicon
from .rules.reader import Hears, Reading

if TYPE_CHECKING:
    from collections.abc import Callable


class HelpedReader:
    """``reader``'s sure readings stand; one question for all texts settles, where it can, those it is unsure of.

    ``unanswered`` is told of a question that got no answer: what was unsure stays so, and nothing waits.
    """

    def __init__(
        self,
        reader: Hears,
        lexicon: Lexicon,
        model: LanguageModel,
        unanswered: "Callable[[Exception], None]",
    ) -> None:
        self.version = replace(reader.version, model=f"{model.name} p{PROMPT}")
        self._reader = reader
        self._lexicon = lexicon
        self._model = model
        self._unanswered = unanswered

    def read(self, text: str, topic: str | None = None) -> tuple[Reading, ...]:
        """What ``text`` says; ``topic`` is that of the question it answers."""
        return self.read_all((text,), (topic,))[0]

    def parsed(self, text: str) -> Parsed:
        """``text`` in clauses."""
        return self._reader.parsed(text)

    def read_all(
        self, texts: Sequence[str], topics: Sequence[str | None] | None = None
    ) -> list[tuple[Reading, ...]]:
        """What each of ``texts`` says; ``topics`` are those of their questions."""
        read = self._reader.read_all(texts, topics)
        places = [place for place, readings in enumerate(read) if not all(one.sure for one in readings)]
        if not places:
            return read
        unsure = [Unsure(texts[place], tuple(one for one in read[place] if not one.sure)) for place in places]
        try:
            answer = self._model.fill_in(INSTRUCTION, question(self._lexicon, unsure), SCHEMA)
            settled = believed(answer, unsure)
        except (ModelUnavailable, UnreadableAnswer) as unavailable:
            self._unanswered(unavailable)
            return read
        for place, readings in zip(places, settled, strict=True):
            read[place] = (*(one for one in read[place] if one.sure), *readings)
        return read
