"""The scale of a source's points by its two ends (F1), and of which fields the cells are points."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rencai.kernel.wording import wrong

from .fields import ImportKind
from .refusals import MigrationDocumentRefusal

USUAL: Final = {
    # Between what the most points of a column lie, where nobody says out of how many they are.
    (ImportKind.PERFORMANCE, "score"): (Decimal(10), Decimal(100)),
    (ImportKind.RECRUITING, "score"): (Decimal(5), Decimal(10)),
    (ImportKind.TRAINING, "exam_score"): (Decimal(10), Decimal(100)),
}
_FURTHEST: Final = 1_000_000


class PointScale(BaseModel):
    """A scale by its two ends: ``{worst: 5, best: 1}`` is one to five, and five is bad."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    worst: Annotated[Decimal, Field(ge=-_FURTHEST, le=_FURTHEST, allow_inf_nan=False)]
    best: Annotated[Decimal, Field(ge=-_FURTHEST, le=_FURTHEST, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _two_ends(self) -> Self:
        if self.worst == self.best:
            raise wrong(MigrationDocumentRefusal.SCALE_ONE_POINT)
        return self

    def placed(self, points: Decimal, worst: int, best: int) -> Decimal | None:
        """Points on another scale, exactly; None: they are not on this one.

        >>> PointScale(worst=Decimal(5), best=Decimal(1)).placed(Decimal(4), 1, 5)
        Decimal('2.00')
        """
        share = (points - self.worst) / (self.best - self.worst)
        return worst + share * (best - worst) if 0 <= share <= 1 else None

    def scored(self, points: Decimal) -> int | None:
        """Points as an answer from 1, the worst, to 5, half up; None: they are not on the scale."""
        placed = self.placed(points, 1, 5)
        return None if placed is None else int(placed.quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def ends(self) -> tuple[str, str]:
        """The lowest and the highest point, as text."""
        low, high = sorted((self.worst, self.best))
        return f"{low.normalize():f}", f"{high.normalize():f}"


def has_scale(kind: ImportKind, field_id: str) -> bool:
    """Whether the cells of a field are points of a scale that a source may have another of."""
    if kind is ImportKind.SURVEYS:
        return field_id.startswith("score:")
    return (kind, field_id) in USUAL
