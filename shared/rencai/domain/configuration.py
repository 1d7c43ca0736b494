"""Versioned documents that HR edits without a deploy, each validated before it is stored."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from .competency import CompetencyModel, LocalizedText
from .errors import DomainError, Refusal
from .journey import STAGE_DUE, Stage
from .offer import SalaryPolicy


class ConfigurationKind(StrEnum):
    """The kinds of document there are."""

    COMPETENCY_MODEL = "competency_model"
    SALARY_POLICY = "salary_policy"
    ONBOARDING_KIT = "onboarding_kit"
    NOTICE_TEMPLATE = "notice_template"
    HIRING_POLICY = "hiring_policy"
    VENDOR_CONNECTION = "vendor_connection"
    WORK_CALENDAR = "work_calendar"
    COURSE_CATALOGUE = "course_catalogue"
    TRAINING_RULES = "training_rules"
    PROBATION_POLICY = "probation_policy"
    IMPORT_MAPPING = "import_mapping"
    RISK_POLICY = "risk_policy"
    INTERVENTION_CATALOGUE = "intervention_catalogue"
    CAREER_LADDER = "career_ladder"
    SCORECARD = "scorecard"
    SURVEY = "survey"


class OnboardingKit(BaseModel):
    """What a new employee brings on the first day. ``roles`` adds to ``everyone``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    everyone: tuple[LocalizedText, ...]
    roles: dict[str, tuple[LocalizedText, ...]] = {}
    starts_after_days: Annotated[int, Field(ge=0, le=180)] = 14
    """Calendar days from clearance to the first day, which is the next working day."""

    def materials(self, role: str, language: str) -> list[str]:
        """The materials list of ``role`` in ``language``."""
        return [item.text(language) for item in (*self.everyone, *self.roles.get(role, ()))]


class NoticeTemplate(BaseModel):
    """A letter in both languages, as Jinja templates: ``subject`` plain text, ``body`` HTML (escaped by default)."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    subject: LocalizedText
    body: LocalizedText


_Hours = Annotated[Decimal, Field(gt=0, le=2160)]


class HiringPolicy(BaseModel):
    """How long the stages of a hiring journey may last (B7), what is done about late ones, and who is assessed (A7).

    A journey that waits past its due time: at once the vendor is asked, and again every ``ask_again_after_hours``;
    ``remind_after_hours`` later the candidate is reminded (where it is theirs to act); ``raise_after_hours`` after the
    due time HR hears of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    stage_due_hours: dict[Stage, _Hours] = {
        stage: Decimal(round(due.total_seconds())) / 3600 for stage, due in STAGE_DUE.items()
    }
    # A quarter of an hour is what DocuSign asks for between two questions about an envelope.
    ask_again_after_hours: Annotated[Decimal, Field(ge=0, le=720)] = Decimal("0.25")
    remind_after_hours: Annotated[Decimal, Field(ge=0, le=720)] = Decimal(1)
    raise_after_hours: Annotated[Decimal, Field(ge=0, le=720)] = Decimal(2)
    assess: Literal["qualified", "everyone", "nobody"] = "qualified"
    assessment_due_hours: _Hours = Decimal(72)
    instruments: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=64)], ...], Field(max_length=10)
    ] = (
        "personality",
        "stress_tolerance",
    )

    @field_validator("stage_due_hours")
    @classmethod
    def _whole(cls, value: dict[Stage, Decimal]) -> dict[Stage, Decimal]:
        if set(value) != set(STAGE_DUE):
            raise ValueError(f"should name exactly these stages: {', '.join(STAGE_DUE)}")
        return value

    @model_validator(mode="after")
    def _within_a_day(self) -> Self:
        total = sum(hours for stage, hours in self.stage_due_hours.items() if stage is not Stage.IN_REVIEW)
        if total > 24:
            raise ValueError(f"the stages that need no person add up to {total} hours; at most 24 (B7)")
        return self

    @property
    def stage_due(self) -> dict[Stage, timedelta]:
        """How long each stage may last."""
        return {stage: timedelta(hours=float(hours)) for stage, hours in self.stage_due_hours.items()}


class VendorConnection(BaseModel):
    """Which dialect a vendor speaks, and what that dialect needs to know besides its secret.

    ``settings`` are checked by the dialect's client, which alone knows what they are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    dialect: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")] = "generic"
    settings: dict[str, Any] = {}


_MODELS: Final[Mapping[ConfigurationKind, type[BaseModel]]] = {
    ConfigurationKind.COMPETENCY_MODEL: CompetencyModel,
    ConfigurationKind.SALARY_POLICY: SalaryPolicy,
    ConfigurationKind.ONBOARDING_KIT: OnboardingKit,
    ConfigurationKind.NOTICE_TEMPLATE: NoticeTemplate,
    ConfigurationKind.HIRING_POLICY: HiringPolicy,
    ConfigurationKind.VENDOR_CONNECTION: VendorConnection,
}


def model_of(kind: ConfigurationKind) -> type[BaseModel]:
    """The model of a kind. What only training needs is imported when it is asked for: models cost at cold start."""
    match kind:
        case ConfigurationKind.WORK_CALENDAR:
            from .work_calendar import WorkCalendar

            return WorkCalendar
        case ConfigurationKind.COURSE_CATALOGUE:
            from .training_rules import CourseCatalogue

            return CourseCatalogue
        case ConfigurationKind.TRAINING_RULES:
            from .training_rules import TrainingRules

            return TrainingRules
        case ConfigurationKind.PROBATION_POLICY:
            from .probation import ProbationPolicy

            return ProbationPolicy
        case ConfigurationKind.IMPORT_MAPPING:
            from .import_columns import ImportMapping

            return ImportMapping
        case ConfigurationKind.RISK_POLICY:
            from .risk import RiskPolicy

            return RiskPolicy
        case ConfigurationKind.INTERVENTION_CATALOGUE:
            from .intervention import InterventionCatalogue

            return InterventionCatalogue
        case ConfigurationKind.CAREER_LADDER:
            from .career import CareerLadder

            return CareerLadder
        case ConfigurationKind.SCORECARD:
            from .scorecard import Scorecard

            return Scorecard
        case ConfigurationKind.SURVEY:
            from .survey import SurveyForm

            return SurveyForm
        case _:
            return _MODELS[kind]


def validated(kind: ConfigurationKind, name: str, document: Mapping[str, Any]) -> BaseModel:
    """The document as its model; raises ``DomainError`` saying where it is wrong. A model's role is its name."""
    try:
        model = model_of(kind).model_validate(document)
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
