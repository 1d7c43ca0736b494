"""The labelled sentences, and what each teaches."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

SENTENCES: Final = Path(__file__).parent / "sentences"
"""``<kind>/*.jsonl``: a sentence a line, as docs/reading.md says."""
KINDS: Final = ("competency", "mentor", "survey")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``says``: the claims; ``level`` is a mentor's, 1-5, None: nothing is rated. ``tag``: what makes it hard;
    ``topic``: what the question was about."""

    text: str
    says: frozenset[str]
    level: int | None
    tag: str
    topic: str | None = None


def read(paths: Iterator[Path]) -> list[Sentence]:
    """The sentences of files, those that come twice once."""
    found: dict[str, Sentence] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            one: Mapping[str, Any] = json.loads(line)
            found.setdefault(
                one["text"],
                Sentence(
                    one["text"],
                    frozenset(one.get("says", ())),
                    one.get("level"),
                    one["tag"],
                    one.get("topic"),
                ),
            )
    return list(found.values())


def training(kind: str) -> list[Sentence]:
    """What the classifier of ``kind`` learns from."""
    return read(iter(sorted((SENTENCES / kind).glob("*.jsonl"))))


def digest_of(kind: str, *others: str) -> str:
    """Tells one corpus, and what else a classifier is made of, from another."""
    mark = sha256()
    for path in sorted((SENTENCES / kind).glob("*.jsonl")):
        mark.update(path.read_bytes())
    for other in others:
        mark.update(other.encode())
    return mark.hexdigest()[:16]
