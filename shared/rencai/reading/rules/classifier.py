"""A linear classifier: what a sentence's n-grams say of each claim, its coefficients a versioned document.

Score of a claim = its bias + the sum of its coefficients over the sentence's features, divided by the root of how many
known features there are; the certainty is the logistic function of the score by the claim's own calibration (Platt
1999), made on sentences that had no part in the training. Features are one, two, three and four Han characters in a
row and one, two and three Latin words in a row; numbers are one feature. Those of a clause that is taken back begin
with ``~``; those after a word that turns the sentence come once more with ``>``; ``=claim`` says that the lexicon has
the claim.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from rencai.kernel.configuration import Kind
from rencai.kernel.texts import Slug

_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_Number = Annotated[float, Field(allow_inf_nan=False)]


class ClaimModel(BaseModel):
    """``certainty = 1 / (1 + exp(-(slope x score + intercept)))``; surely said from ``sure`` on, unsure from
    ``unsure`` on.

    ``lexicon``: how often the lexicon is right (0-1) where it has the claim, measured on the labelled sentences. What
    it has is no less certain than that. None: not measured.
    """

    model_config = _Config

    bias: _Number
    slope: _Number
    intercept: _Number
    sure: Annotated[float, Field(gt=0, lt=1)] = 0.8
    unsure: Annotated[float, Field(gt=0, lt=1)] = 0.4
    lexicon: Annotated[float, Field(ge=0, le=1)] | None = None


class Classifier(BaseModel):
    """``coefficients``: of each feature those of the claims by their place in ``claims``: ``"3:1.2 17:-0.4"``.

    ``simplified``: pairs of a traditional character and its simplified one, as they stand in what was learned from.
    ``trained_on``: digest of corpus and lexicon.
    """

    model_config = _Config

    claims: dict[Slug, ClaimModel]
    coefficients: dict[str, str]
    simplified: str = ""
    trained_on: str = ""


CLASSIFIER: Final = Kind("classifier", Classifier)
"""Named as the lexicon is."""

_HAN: Final = r"\u3400-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"[0-9][0-9.,]*[%万亿千百]?|[{_HAN}]+|[a-z]+(?:'[a-z]+)?")
_HAN_NUMBER: Final = re.compile(
    r"[一二两三四五六七八九十百千万亿零半]{2,}|百分之[一二两三四五六七八九十百]+|[二三四五六七八九十](?=[个名人家年月成倍万千百])"
)


def features(text: str, start: int, end: int) -> Iterator[str]:
    """The n-grams of ``text[start:end]`` of a plain text; some come several times."""
    words: list[str] = []
    for run in _RUN.findall(text, start, end):
        first = run[0]
        if first <= "9":
            words.append("#%" if run[-1] == "%" else "#")
        elif first <= "z":
            words.append(run)
        else:
            yield from _han(run)
    if words:
        yield from _latin(words)


def _han(run: str) -> Iterator[str]:
    run = _HAN_NUMBER.sub("#", run)
    length = len(run)
    for at in range(length):
        yield run[at]
        if at + 1 < length:
            yield run[at : at + 2]
            if at + 2 < length:
                yield run[at : at + 3]
                if at + 3 < length:
                    yield run[at : at + 4]


def _latin(words: list[str]) -> Iterator[str]:
    before = older = ""
    for word in words:
        yield word
        if len(word) > 6:
            yield word[:5] + "*"
        if before:
            yield f"{before} {word}"
            if older:
                yield f"{older} {before} {word}"
        older, before = before, word
