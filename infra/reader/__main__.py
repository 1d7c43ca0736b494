"""``make reader``: learn from the sentences anew and write what is shipped."""

import json
import sys
from typing import Final

import yaml

from infra.admin import DEFAULTS
from infra.reader.corpus import KINDS, digest_of, training
from infra.reader.training import train
from rencai.reading.rules.clauses import ScopeWords
from rencai.reading.rules.lexicon import Lexicon

_WIDTH: Final = 6


def main(kinds: tuple[str, ...]) -> None:
    """Make and write the classifiers of ``kinds``."""
    words = ScopeWords.model_validate(
        yaml.safe_load((DEFAULTS / "scope_words" / "default.yaml").read_text("utf-8"))
    )
    for kind in kinds:
        text = (DEFAULTS / "lexicon" / f"{kind}.yaml").read_text("utf-8")
        lexicon = Lexicon.model_validate(yaml.safe_load(text))
        sentences = training(kind)
        document, figures = train(kind, sentences, lexicon, words)
        document["trained_on"] = digest_of(kind, lexicon.model_dump_json(), words.model_dump_json())
        path = DEFAULTS / "classifier" / f"{kind}.json"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        size = path.stat().st_size
        print(f"{kind}: {len(sentences)} sentences, {len(document['coefficients'])} features, {size:,} bytes")
        for claim, of in figures.items():
            print(
                f"  {claim:24} n {of.count:4}  precision {of.precision:.2f}  recall {of.recall:.2f}"
                f"  lexicon {of.right}/{of.hits}"
            )


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or KINDS)
