"""A tenant's newest documents, and the same with one offered in its place: what would read, and what would score."""

from __future__ import annotations

from typing import Any

from infra.admin.configuration import Document
from rencai.interviews.rules.competency import COMPETENCY_MODEL, CompetencyModel
from rencai.interviews.rules.profile import FacialPolicy
from rencai.interviews.rules.scoring import Scorer
from rencai.kernel.configuration import DEFAULT, Kind, validated
from rencai.kernel.errors import NotFound
from rencai.kernel.patterns import Patterns
from rencai.reading.readers import Words, meant_by
from rencai.reading.rules.classifier import CLASSIFIER
from rencai.reading.rules.clauses import SCOPE_WORDS
from rencai.reading.rules.examples import Examples, Likeness
from rencai.reading.rules.levels import LevelReader
from rencai.reading.rules.lexicon import LEXICON
from rencai.reading.rules.meant import Meant
from rencai.reading.rules.reader import Reader, ReaderVersion, Reading
from rencai.store.configurations import Configurations
from rencai.training.rules.mentors import MentorPolicy
from rencai.training.rules.probation import PROBATION_POLICY


class Documents:
    """The newest of each kind and name, or what is ``offered``; each looked for once."""

    def __init__(self, configurations: Configurations, *offered: Document) -> None:
        self._configurations = configurations
        self._offered = {
            (one.kind.name, one.name): validated(one.kind, one.name, one.content) for one in offered
        }
        self._found: dict[tuple[str, str], tuple[Any, int]] = {}
        self._examples: dict[str, tuple[Examples | None, Patterns | None]] = {}
        self._readers: dict[Words, Reader] = {}
        self._scorers: dict[tuple[str, FacialPolicy], Scorer] = {}

    def find(self, kind: Kind[Any], name: str = DEFAULT) -> tuple[Any, int]:
        """A document and its version, of one that is offered the one it would get; raises ``NotFound``."""
        key = (kind.name, name)
        if key not in self._found:
            try:
                newest = self._configurations.latest(kind, name)
                found = (newest.document, newest.version)
            except NotFound:
                if key not in self._offered:
                    raise
                found = (None, 0)
            if key in self._offered:
                found = (self._offered[key], found[1] + 1)
            self._found[key] = found
        return self._found[key]

    def reader(self, words: Words) -> Reader:
        """What reads these words, with no language model to help it; raises ``NotFound``."""
        made = self._readers.get(words)
        if made is None:
            made = self._readers[words] = Reader(*self._read_by(words))
        return made

    def claimed(self, words: str, claim: str) -> Reading | Likeness | None:
        """What of ``words`` makes a claim, of the lexicon or of a rule of examples (``example_claim``); None: nothing
        does, or the rule is gone. Raises ``NotFound``.
        """
        reader = self.reader(Words.COMPETENCY)
        role, colon, _ = claim.partition(":")
        if not colon:
            return next((one for one in reader.read(words) if one.claim == claim), None)
        if claim not in self._examples:
            when = self.find(COMPETENCY_MODEL, role)[0].example_claims().get(claim)
            examples = Examples(when.examples, when.counterexamples, reader.parsed) if when else None
            self._examples[claim] = (examples, Patterns(when.unless) if when and when.unless else None)
        examples, unless = self._examples[claim]
        parsed = reader.parsed(words)
        nearest = examples.nearest(parsed) if examples else None
        if nearest and unless:
            sentence = parsed.sentence_at(nearest.start)
            if any(unless.found_in(words[one.start : one.end]) for one in sentence):
                return None
        return nearest

    def mentors(self) -> LevelReader:
        """What reads mentors' reviews; raises ``NotFound``."""
        return LevelReader(*self._read_by(Words.MENTOR))

    def meant(self) -> Meant:
        """Tells what of mentors' reviews is meant; raises ``NotFound``."""
        return meant_by(*self._read_by(Words.MENTOR)[:3])

    def scorer(self, role: str, policy: FacialPolicy) -> Scorer:
        """What scores the interviews for a role; raises ``NotFound``."""
        made = self._scorers.get((role, policy))
        if made is None:
            model, version = self.find(COMPETENCY_MODEL, role)
            made = self._scorers[role, policy] = Scorer(model, version, policy, self._reader_for(model))
        return made

    def _reader_for(self, model: CompetencyModel) -> Reader | None:
        if not model.is_read:
            return None
        try:
            return self.reader(Words.COMPETENCY)
        except NotFound:
            # As in `Scorers`: a tenant of before has no reader's documents, and models that need none.
            if model.cannot_do_unread:
                raise
            return None

    def mentor_policy(self) -> tuple[MentorPolicy, int]:
        """What reviews count, and its version."""
        policy, version = self.find(PROBATION_POLICY)
        return policy.mentor, version

    def _read_by(self, words: Words) -> tuple[Any, Any, Any, ReaderVersion]:
        lexicon, first = self.find(LEXICON, words.value)
        classifier, second = self.find(CLASSIFIER, words.value)
        scope_words, third = self.find(SCOPE_WORDS)
        return lexicon, classifier, scope_words, ReaderVersion(first, second, third)
