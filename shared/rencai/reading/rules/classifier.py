"""A linear classifier: what a sentence's n-grams say of each claim, its coefficients a versioned document.

Score of a claim = its bias + the sum of its coefficients over the sentence's features, divided by the root of how many
known features there are; the certainty is the logistic function of the score by the claim's own calibration (Platt
1999), made on sentences that had no part in the training. Features are one, two, three and four Han characters in a
row and one, two and three Latin words in a row; numbers are one feature. Those of a clause that is taken back begin
with ``~``; those after a word that turns the sentence come once more with ``>``; ``=claim`` says that the lexicon has
the claim. ``^topic``, which adds to the score as it is, is what the question was about, ``^`` that it is not known: a
claim is likelier where somebody has asked for it.
"""

import re
from itertools import pairwise
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
    ``plain``: how sure is what the lexicon has in a short sentence of one clause with nothing else in it (``PLAIN``);
    None: no surer than elsewhere. ``trained_on``: digest of corpus and lexicon.
    """

    model_config = _Config

    claims: dict[Slug, ClaimModel]
    plain: Annotated[float, Field(gt=0, lt=1)] | None = None
    coefficients: dict[str, str]
    simplified: str = ""
    trained_on: str = ""


PLAIN: Final = (12, 30)
"""Characters of a short sentence: with Han, and without."""
ALONE: Final = "^"
"""Of what was said nobody knows what it answers."""

CLASSIFIER: Final = Kind("classifier", Classifier)
"""Named as the lexicon is."""

_HAN: Final = r"\u3400-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"[0-9][0-9.,]*[%万亿千百]?|[{_HAN}]+|[a-z]+(?:'[a-z]+)?")
_HAN_NUMBER: Final = re.compile(
    r"[一二两三四五六七八九十百千万亿零半]{2,}|百分之[一二两三四五六七八九十百]+|[二三四五六七八九十](?=[个名人家年月成倍万千百])"
)


def features(text: str, start: int, end: int) -> list[str]:
    """The n-grams of ``text[start:end]`` of a plain text; some come several times."""
    found: list[str] = []
    words: list[str] = []
    for run in _RUN.findall(text, start, end):
        first = run[0]
        if first <= "9":
            words.append("#%" if run[-1] == "%" else "#")
        elif first <= "z":
            words.append(run)
        else:
            said = _HAN_NUMBER.sub("#", run)
            length = len(said)
            found += said
            found += [said[at : at + 2] for at in range(length - 1)]
            found += [said[at : at + 3] for at in range(length - 2)]
            found += [said[at : at + 4] for at in range(length - 3)]
    if words:
        found += words
        found += [word[:5] + "*" for word in words if len(word) > 6]
        found += map(" ".join, pairwise(words))
        found += map(" ".join, zip(words, words[1:], words[2:], strict=False))
    return found
