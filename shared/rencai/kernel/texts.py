"""What configuration documents are written in: words in both languages, ids, patterns that cannot run for ever."""

import re
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class LocalizedText(BaseModel):
    """The same words for both audiences; Chinese is what users see first."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    zh_cn: str = Field(alias="zh-CN", min_length=1)
    en: str = Field(min_length=1)

    def text(self, language: str) -> str:
        """The words in ``language`` (BCP 47): Chinese for any ``zh``, else English."""
        return self.zh_cn if language.lower().startswith("zh") else self.en


MOST_WAYS: Final = 2000
"""Ways in which a pattern may try to match at one place of a transcript: what its work is bounded by."""

_TOKEN: Final = re.compile(
    r"""(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])
      | (?P<back>\\[1-9])
      | (?P<escaped>\\.)
      | (?P<extension>\(\?(?!:))
      | (?P<unbounded>[*+]|\{\d*,\})
      | (?P<bounded>\{(?P<least>\d*),(?P<most>\d+)\})
      | (?P<exact>\{\d+\})
      | (?P<optional>\?)
      | (?P<open>\((?:\?:)?)
      | (?P<close>\))
      | (?P<either>\|)
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)


def bounded_regex(pattern: str) -> str:
    """A regular expression that cannot backtrack for ever on a 20,000-character transcript.

    HR edits these without a deploy, so what repeats without a bound, repeated groups, back references and
    look-arounds are refused, and so is a pattern whose bounded gaps and alternatives multiply to too many ways.
    """
    ways = _ways(pattern)
    if ways > MOST_WAYS:
        raise ValueError(
            f"pattern {pattern!r}: its gaps and alternatives can combine in {ways} ways, at most {MOST_WAYS} are "
            "accepted; use shorter gaps"
        )
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"pattern {pattern!r} is not a regular expression: {error}") from None
    if compiled.search(""):
        raise ValueError(f"pattern {pattern!r} matches nothing at all, so it would always hold")
    return pattern


def _ways(pattern: str) -> int:
    """No fewer than the ways in which ``pattern`` can be tried at one place: the product of the widths of its gaps
    and the numbers of its alternatives.
    """
    ways = 1
    alternatives = [1]
    previous = None
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        if kind in ("back", "extension") or (
            previous == "close" and kind in ("unbounded", "bounded", "exact")
        ):
            raise ValueError(
                f"pattern {pattern!r}: repeated groups, back references and look-arounds are not accepted"
            )
        if kind == "unbounded":
            raise ValueError(
                f"pattern {pattern!r}: *, + and {{n,}} have no bound; use a bounded gap such as .{{0,8}}"
            )
        if kind == "bounded":
            ways *= max(1, int(token["most"]) - int(token["least"] or 0) + 1)
        elif kind == "optional":
            ways *= 2
        elif kind == "open":
            alternatives.append(1)
        elif kind == "either":
            alternatives[-1] += 1
        elif kind == "close" and len(alternatives) > 1:
            ways *= alternatives.pop()
        previous = kind
    for left in alternatives:
        ways *= left
    return ways
