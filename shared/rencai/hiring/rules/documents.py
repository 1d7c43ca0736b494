"""Configuration documents of hiring: what a new employee brings, and how long a stage may last."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rencai.kernel.configuration import Kind
from rencai.kernel.texts import LocalizedText
from rencai.kernel.wording import wrong

from .refusals import HiringDocumentRefusal
from .stages import DUE_STAGES, STAGE_DUE, Place, Review, Stage


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


ONBOARDING_KIT: Final = Kind("onboarding_kit", OnboardingKit)

_Hours = Annotated[Decimal, Field(gt=0, le=2160)]


def _hours(due: timedelta) -> Decimal:
    return Decimal(round(due.total_seconds())) / 3600


def _place(stage: Stage) -> Place:
    """What ``stage`` in the document stands for."""
    return Review.CHECK if stage is Stage.IN_REVIEW else stage


class HiringPolicy(BaseModel):
    """How long the stages of a hiring journey may last (B7), what is done about late ones, and who is assessed (A7).

    A journey that waits past its due time: at once the vendor is asked, and again every ``ask_again_after_hours``;
    ``remind_after_hours`` later the candidate is reminded (where it is theirs to act); ``raise_after_hours`` after the
    due time HR hears of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    stage_due_hours: dict[Stage, _Hours] = {stage: _hours(STAGE_DUE[_place(stage)]) for stage in DUE_STAGES}
    """``in_review`` is the review of a background check; the one of an interview has its own."""
    interview_review_due_hours: _Hours = _hours(STAGE_DUE[Review.INTERVIEW])
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
        if set(value) != set(DUE_STAGES):
            raise wrong(HiringDocumentRefusal.DUE_STAGES, known=tuple(DUE_STAGES))
        return value

    @model_validator(mode="after")
    def _within_a_day(self) -> Self:
        total = sum(hours for stage, hours in self.stage_due_hours.items() if stage is not Stage.IN_REVIEW)
        if total > 24:
            raise wrong(HiringDocumentRefusal.DUE_WITHIN_A_DAY, total=total)
        return self

    @property
    def stage_due(self) -> dict[Place, timedelta]:
        """How long each place may be stayed at."""
        hours = {_place(stage): hours for stage, hours in self.stage_due_hours.items()}
        hours[Review.INTERVIEW] = self.interview_review_due_hours
        return {place: timedelta(hours=float(these)) for place, these in hours.items()}


HIRING_POLICY: Final = Kind("hiring_policy", HiringPolicy, unset=HiringPolicy)
