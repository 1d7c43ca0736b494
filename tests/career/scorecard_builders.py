"""What the tests of the balanced scorecard share: the scorecard that is shipped."""

from decimal import Decimal
from typing import Final, cast

from rencai.career.rules.scorecard import SCORECARD, Measured, Scorecard
from tests.shipped import SHIPPED

ROLE: Final = "ecommerce_operations"
CARD: Final = cast(Scorecard, SHIPPED[SCORECARD, ROLE])
RULES: Final = {rule.id: rule for rule in CARD.metrics}


def of(value: str | int, target: str | int | None = None, company: str | int | None = None) -> Measured:
    return Measured(
        Decimal(value),
        Decimal(target) if target is not None else None,
        Decimal(company) if company is not None else None,
    )


def both(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en": words}
