"""What is shipped was learned from what is in the repository."""

import json

import pytest
import yaml

from infra.admin import DEFAULTS
from infra.reader.corpus import KINDS, digest_of
from rencai.reading.rules.clauses import ScopeWords
from rencai.reading.rules.lexicon import Lexicon


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_lexicon_and_scope_words_are_those_it_was_trained_on(kind: str) -> None:
    """A change of any of them is followed by ``make reader``."""
    words = yaml.safe_load((DEFAULTS / "scope_words" / "default.yaml").read_text("utf-8"))
    lexicon = yaml.safe_load((DEFAULTS / "lexicon" / f"{kind}.yaml").read_text("utf-8"))
    shipped = json.loads((DEFAULTS / "classifier" / f"{kind}.json").read_text("utf-8"))
    assert shipped["trained_on"] == digest_of(
        kind,
        Lexicon.model_validate(lexicon).model_dump_json(),
        ScopeWords.model_validate(words).model_dump_json(),
    )
