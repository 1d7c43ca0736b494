"""Fifty readings drawn at random from the judging half, with their evidence, for docs/reading.md.

``python -m tests.reading.drawn`` writes them there.
"""

from collections.abc import Iterator
from random import Random
from typing import Final

from infra.admin import ROOT
from rencai.reading.readers import Words
from tests.reading import judged

PAGE: Final = ROOT / "docs" / "reading.md"
BEGIN: Final = "<!-- drawn readings: made by python -m tests.reading.drawn -->"
END: Final = "<!-- end of drawn readings -->"
SEED: Final = 2026
DRAWN: Final = {"survey": 17, "competency": 17, "mentor": 16}


def table() -> str:
    """The readings as a table in Markdown; how many are right stands above it."""
    rows = list(_rows())
    right = sum(row.startswith("| ✓") for row in rows)
    head = [
        f"{right} of {len(rows)} are read as they are labelled. *Sure* readings count; unsure ones are in brackets.",
        "",
        "| | kind | what was said | labelled | read: certainty, by, the phrase that carried it |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows])


def _rows() -> Iterator[str]:
    draw = Random(SEED)
    for kind, count in DRAWN.items():
        for one in draw.sample(judged.sentences(kind), count):
            yield _mentor(one) if kind == "mentor" else _claims(kind, one)


def _mentor(one: judged.Judged) -> str:
    reading = judged.readers().mentors().read(one.text)
    if reading is None:
        return _row(one.level is None, "mentor", one.text, _level(one.level), "rates nothing")
    said = f"{reading.level} ({reading.certainty:.2f}, {reading.by}, {_quoted(one.text, reading.start, reading.end)})"
    right = one.level is not None and abs(reading.level - one.level) <= 1
    if not reading.sure:
        return _row(right or one.level is None, "mentor", one.text, _level(one.level), f"[{said}]")
    return _row(right, "mentor", one.text, _level(one.level), said)


def _claims(kind: str, one: judged.Judged) -> str:
    readings = judged.readers().of(Words(kind)).read(one.text, one.topic)
    said = [
        f"{reading.claim} ({reading.certainty:.2f}, {reading.by}, {_quoted(one.text, reading.start, reading.end)})"
        for reading in readings
        if reading.sure
    ]
    said += [f"[{reading.claim} {reading.certainty:.2f}]" for reading in readings if not reading.sure]
    sure = {reading.claim for reading in readings if reading.sure}
    as_labelled = one.says <= sure <= one.says | one.disputed
    right = bool(sure) == bool(one.says) if kind == "survey" else as_labelled
    return _row(right, kind, one.text, ", ".join(sorted(one.says)) or "nothing", "; ".join(said) or "nothing")


def _quoted(text: str, start: int, end: int) -> str:
    return f"“{text[start:end].strip()}”"


def _level(level: int | None) -> str:
    return "rates nothing" if level is None else str(level)


def _row(right: bool, *cells: str) -> str:
    mark = "✓" if right else "✗"
    return "| " + " | ".join([mark, *(cell.replace("|", "/").replace("\n", " ") for cell in cells)]) + " |"


def drawn_into(page: str) -> str:
    """The page with today's readings in it."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(drawn_into(PAGE.read_text("utf-8")), encoding="utf-8")
