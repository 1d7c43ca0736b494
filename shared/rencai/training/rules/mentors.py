"""What a mentor's words and marks count (C3, C4): a scale of five with an anchor each, and rules of HR's own."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rencai.kernel.clauses import ClauseRule, checked_rules, made_ready
from rencai.kernel.texts import LocalizedText
from rencai.kernel.wording import wrong

from .ratings import Rated, RatedBy, Rating, WordsRead
from .refusals import TrainingDocumentRefusal

LEVELS: Final = range(1, 6)
_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_Score = Annotated[Decimal, Field(ge=0, le=100)]


class MentorRule(ClauseRule):
    """What a mentor's review counts, 0-100, that meets the rule. Read in order: the first that holds."""

    score: _Score


class ScaleLevel(BaseModel):
    """A level of the scale: what it counts, 0-100, what it is called, and by what one knows it."""

    model_config = _Config

    counts: _Score
    name: LocalizedText
    anchor: LocalizedText


def _level(counts: int, name: tuple[str, str], anchor: tuple[str, str]) -> ScaleLevel:
    both = [LocalizedText(zh_cn=chinese, en=english) for chinese, english in (name, anchor)]
    return ScaleLevel(counts=Decimal(counts), name=both[0], anchor=both[1])


def _scale() -> tuple[ScaleLevel, ...]:
    """What holds where a tenant has set none; the shipped policy says the same."""
    return (
        _level(
            30,
            ("没有进步", "No improvement"),
            (
                "没有长进或有退步;教过几遍仍达不到要求",
                "Does not get better, or gets worse; falls short even after being shown several times",
            ),
        ),
        _level(
            60,
            ("仍需努力", "Needs work"),
            (
                "还需要较多指导;进步慢,或只在个别方面有进步",
                "Still needs much guidance; slow, or better in single points only",
            ),
        ),
        _level(
            70,
            ("达到要求", "Meets what is asked"),
            (
                "完成了要求的内容,表现稳定,优缺点相当",
                "Does what is asked, steadily; good and weak points in balance",
            ),
        ),
        _level(
            80,
            ("有进步", "Good progress"),
            ("看得到进步,多数情况下可以独立完成", "Visibly better; works without help most of the time"),
        ),
        _level(
            100,
            ("明显进步", "Clear improvement"),
            (
                "进步明显或表现突出,可以独立完成,超出预期",
                "Clearly better, or outstanding; works without help, beyond what was expected",
            ),
        ),
    )


class MentorPolicy(BaseModel):
    """What levels 1 to 5 count, and HR's own rules, which come before the reader: the first that holds. A mentor's link
    is good for ``link_days`` after the day it was sent.
    """

    model_config = _Config

    scale: Annotated[tuple[ScaleLevel, ...], Field(min_length=5, max_length=5)] = Field(
        default_factory=_scale
    )
    rules: tuple[MentorRule, ...] = ()
    link_days: Annotated[int, Field(ge=1, le=90)] = 30

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, document: Any) -> Any:
        """A policy from before there was a scale is a list of rules; versions of it stay."""
        return {"rules": document} if isinstance(document, list | tuple) else document

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if any(higher.counts < lower.counts for lower, higher in pairwise(self.scale)):
            raise wrong(TrainingDocumentRefusal.SCALE_FALLS)
        checked_rules(self.rules)
        return self

    def counts(self, level: int) -> Decimal:
        """What a level, 1-5, counts."""
        return self.scale[level - 1].counts

    def rate(
        self,
        words: str,
        version: int,
        read: Callable[[str], WordsRead | None],
        meant: Callable[[str], Callable[[int], bool] | None],
    ) -> Rated:
        """What a mentor's words count by this policy, which is ``version``: by the first of HR's rules that holds of
        what is ``meant``, else as ``read`` makes of them, where that is sure. What counts nothing is not measured, and
        is not zero.

        ``meant`` gives what tells of a place in the words whether what begins there is meant; None: all is.
        """
        for place in made_ready(self.rules).met_by(words, meant(words)) if self.rules else ():
            rule = self.rules[place]
            return Rated(Rating(rule.score, RatedBy.RULE, version, rule=rule.id))
        reading = read(words)
        if reading is None or not reading.sure:
            return Rated(reading=reading)
        rating = Rating(
            self.counts(reading.level),
            RatedBy.WORDS,
            version,
            reading.level,
            certainty=reading.certainty,
            reader=reading.reader,
        )
        return Rated(rating, reading)
