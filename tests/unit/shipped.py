"""The shipped configuration as the functions read it, without a table."""

from datetime import UTC, datetime
from typing import Any, cast

from pydantic import BaseModel

from infra.admin import DEFAULTS
from infra.admin.configuration import Document, read_all
from rencai.domain.competency import CompetencyModel
from rencai.domain.configuration import ConfigurationKind, validated
from rencai.domain.errors import NotFound
from rencai.store.configurations import Configurations, Versioned

ROLES = ("ecommerce_operations", "general", "marketing", "sales")
DOCUMENTS: dict[tuple[ConfigurationKind, str], Document] = {
    (document.kind, document.name): document for document in read_all(DEFAULTS)
}
SHIPPED: dict[tuple[ConfigurationKind, str], BaseModel] = {
    key: validated(*key, document.content) for key, document in DOCUMENTS.items()
}
MODELS: dict[str, CompetencyModel] = {
    name: document for (_, name), document in SHIPPED.items() if isinstance(document, CompetencyModel)
}


class ShippedConfigurations(Configurations):
    """Every document at version 1."""

    def __init__(self) -> None:
        super().__init__(cast(Any, None), lambda: datetime(2026, 3, 2, tzinfo=UTC))

    def latest(self, kind: ConfigurationKind, name: str) -> Versioned[BaseModel]:
        return self.version(kind, name, 1)

    def version(self, kind: ConfigurationKind, name: str, version: int) -> Versioned[BaseModel]:
        if (kind, name) not in SHIPPED:
            raise NotFound(kind, name)
        return Versioned(name, version, SHIPPED[kind, name])

    def names(self, kind: ConfigurationKind) -> list[str]:
        return sorted(name for of, name in SHIPPED if of is kind)
