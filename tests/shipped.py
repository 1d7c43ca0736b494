"""The shipped configuration as the functions read it, without a table."""

from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from pydantic import BaseModel

from infra.admin import DEFAULTS
from infra.admin.configuration import Document, read_all
from rencai.interviews.rules.competency import CompetencyModel
from rencai.interviews.rules.profile import FacialPolicy
from rencai.interviews.rules.scoring import Scorer
from rencai.kernel.configuration import DEFAULT, Kind, Model, validated
from rencai.kernel.errors import NotFound
from rencai.reading.readers import Readers, Words
from rencai.reading.rules.reader import Hears
from rencai.store.configurations import Configurations, Versioned

ROLES = ("ecommerce_operations", "general", "marketing", "sales")
DOCUMENTS: dict[tuple[Kind[Any], str], Document] = {
    (document.kind, document.name): document for document in read_all(DEFAULTS)
}
SHIPPED: dict[tuple[Kind[Any], str], BaseModel] = {
    key: validated(*key, document.content) for key, document in DOCUMENTS.items()
}
MODELS: dict[str, CompetencyModel] = {
    name: document for (_, name), document in SHIPPED.items() if isinstance(document, CompetencyModel)
}


class ShippedConfigurations(Configurations):
    """Every document at version 1."""

    def __init__(self) -> None:
        super().__init__(cast(Any, None), lambda: datetime(2026, 3, 2, tzinfo=UTC))

    def stored(self, kind: Kind[Model], name: str = DEFAULT) -> Versioned[Model]:
        return self.of_version(kind, 1, name)

    def of_version(self, kind: Kind[Model], version: int | None, name: str = DEFAULT) -> Versioned[Model]:
        if version in (None, 0):
            return super().of_version(kind, version, name)
        if (kind, name) not in SHIPPED:
            raise NotFound(kind.name, name)
        return Versioned(name, version or 0, cast("Model", SHIPPED[kind, name]))

    def names(self, kind: Kind[Any]) -> list[str]:
        return sorted(name for of, name in SHIPPED if of == kind)


@cache
def shipped_reader() -> Hears:
    """The shipped reader of interviews."""
    return Readers(ShippedConfigurations()).of(Words.COMPETENCY)


def shipped_scorer(role: str, policy: FacialPolicy = FacialPolicy.USE) -> Scorer:
    """The shipped model of ``role``, with the shipped reader."""
    return Scorer(MODELS[role], 1, policy, shipped_reader())
