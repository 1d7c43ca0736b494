"""Versioned documents that HR edits without a deploy, each validated before it is stored."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .competency import CompetencyModel, LocalizedText
from .errors import DomainError, Refusal
from .offer import SalaryPolicy


class ConfigurationKind(StrEnum):
    """The kinds of document there are."""

    COMPETENCY_MODEL = "competency_model"
    SALARY_POLICY = "salary_policy"
    ONBOARDING_KIT = "onboarding_kit"
    NOTICE_TEMPLATE = "notice_template"


class OnboardingKit(BaseModel):
    """What a new employee brings on the first day. ``roles`` adds to ``everyone``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    everyone: tuple[LocalizedText, ...]
    roles: dict[str, tuple[LocalizedText, ...]] = {}
    starts_after_days: Annotated[int, Field(ge=1, le=180)] = 14

    def materials(self, role: str, language: str) -> list[str]:
        """The materials list of ``role`` in ``language``."""
        return [item.text(language) for item in (*self.everyone, *self.roles.get(role, ()))]


class NoticeTemplate(BaseModel):
    """A letter in both languages, as Jinja templates: ``subject`` plain text, ``body`` HTML (escaped by default)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: LocalizedText
    body: LocalizedText


MODELS: Final[Mapping[ConfigurationKind, type[BaseModel]]] = {
    ConfigurationKind.COMPETENCY_MODEL: CompetencyModel,
    ConfigurationKind.SALARY_POLICY: SalaryPolicy,
    ConfigurationKind.ONBOARDING_KIT: OnboardingKit,
    ConfigurationKind.NOTICE_TEMPLATE: NoticeTemplate,
}


def validated(kind: ConfigurationKind, name: str, document: Mapping[str, Any]) -> BaseModel:
    """The document as its model; raises ``DomainError`` saying where it is wrong. A model's role is its name."""
    try:
        model = MODELS[kind].model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DomainError(
            Refusal.CONFIGURATION_INVALID, where, kind=kind, name=name, reason=f"{where}: {first['msg']}"
        ) from None
    if isinstance(model, CompetencyModel) and model.role != name:
        raise DomainError(
            Refusal.CONFIGURATION_INVALID, "role", kind=kind, name=name, reason=f"role is '{model.role}'"
        )
    return model
