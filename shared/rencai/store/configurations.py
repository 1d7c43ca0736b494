"""Configuration documents: every version is kept, the newest is what counts, reads are cached for a minute."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pydantic import BaseModel

from rencai.domain.competency import CompetencyModel
from rencai.domain.configuration import (
    ConfigurationKind,
    HiringPolicy,
    NoticeTemplate,
    OnboardingKit,
    VendorConnection,
    validated,
)
from rencai.domain.errors import LostRace, NoneForRole, NotFound
from rencai.domain.offer import SalaryPolicy

from .table import ABSENT, Item, Key, Table, instant

if TYPE_CHECKING:
    from rencai.domain.career import CareerLadder
    from rencai.domain.import_columns import ImportMapping
    from rencai.domain.intervention import InterventionCatalogue
    from rencai.domain.probation import ProbationPolicy
    from rencai.domain.risk import RiskPolicy
    from rencai.domain.scorecard import Scorecard
    from rencai.domain.survey import SurveyForm
    from rencai.domain.training_rules import CourseCatalogue, TrainingRules
    from rencai.domain.work_calendar import WorkCalendar

CACHED_FOR: Final = timedelta(seconds=60)
"""An edit by HR counts everywhere within this time."""


def configuration_key(kind: ConfigurationKind, name: str, version: int) -> Key:
    """``CONFIG#competency_model`` / ``sales#V000003``."""
    return Key(f"CONFIG#{kind}", f"{name}#V{version:06d}")


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Versioned(Generic[Model]):
    """A validated document and which version of it this is."""

    name: str
    version: int
    document: Model


class Configurations:
    """Reads are cached in the container by ``clock``; a version, once read, never changes."""

    def __init__(self, table: Table, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock
        self._latest: dict[tuple[ConfigurationKind, str], tuple[datetime, Versioned[BaseModel]]] = {}
        self._names: dict[ConfigurationKind, tuple[datetime, list[str]]] = {}
        self._versions: dict[tuple[ConfigurationKind, str, int], Versioned[BaseModel]] = {}

    def competency_model(self, role: str, version: int | None = None) -> Versioned[CompetencyModel]:
        """A role's model: the newest, or the version that made a profile."""
        kind = ConfigurationKind.COMPETENCY_MODEL
        return _as(CompetencyModel, self._of_version(kind, version, role))

    def salary_policy(self) -> SalaryPolicy:
        """How scores become pay."""
        return _as(SalaryPolicy, self.latest(ConfigurationKind.SALARY_POLICY, "default")).document

    def onboarding_kit(self) -> OnboardingKit:
        """What new employees bring."""
        return _as(OnboardingKit, self.latest(ConfigurationKind.ONBOARDING_KIT, "default")).document

    def hiring_policy(self) -> HiringPolicy:
        """Due times, reminders and assessments; a tenant that set none has the defaults."""
        try:
            found = self.latest(ConfigurationKind.HIRING_POLICY, "default")
        except NotFound:
            return HiringPolicy()
        return _as(HiringPolicy, found).document

    def vendor_connection(self, vendor: str) -> VendorConnection:
        """How a vendor is spoken with; the generic dialect where nothing else is set."""
        try:
            found = self.latest(ConfigurationKind.VENDOR_CONNECTION, vendor)
        except NotFound:
            return VendorConnection()
        return _as(VendorConnection, found).document

    def course_catalogue(self, version: int | None = None) -> "Versioned[CourseCatalogue]":
        """The courses there are: the newest, or the version a plan was made with."""
        from rencai.domain.training_rules import CourseCatalogue

        return _as(CourseCatalogue, self._of_version(ConfigurationKind.COURSE_CATALOGUE, version))

    def training_rules(self, version: int | None = None) -> "Versioned[TrainingRules]":
        """How plans are made and changed: the newest, or the version a plan was made with."""
        from rencai.domain.training_rules import TrainingRules

        return _as(TrainingRules, self._of_version(ConfigurationKind.TRAINING_RULES, version))

    def probation_policy(self, version: int | None = None) -> "Versioned[ProbationPolicy]":
        """How probations are scored: the newest, or the version that made a score final. A tenant that set nothing has
        the defaults, which are version 0.
        """
        from rencai.domain.probation import ProbationPolicy

        try:
            found = self._of_version(ConfigurationKind.PROBATION_POLICY, version)
        except NotFound:
            return Versioned("default", 0, ProbationPolicy())
        return _as(ProbationPolicy, found)

    def risk_policy(self, version: int | None = None) -> "Versioned[RiskPolicy]":
        """What speaks of pressure: the newest, or the version an alert is by. A tenant that set nothing has the
        defaults, which are version 0.
        """
        from rencai.domain.risk import RiskPolicy

        if version == 0:
            return Versioned("default", 0, RiskPolicy())
        try:
            found = self._of_version(ConfigurationKind.RISK_POLICY, version)
        except NotFound:
            return Versioned("default", 0, RiskPolicy())
        return _as(RiskPolicy, found)

    def intervention_catalogue(self) -> "Versioned[InterventionCatalogue]":
        """What HR can do about pressure; raises ``NotFound``."""
        from rencai.domain.intervention import InterventionCatalogue

        return _as(InterventionCatalogue, self.latest(ConfigurationKind.INTERVENTION_CATALOGUE, "default"))

    def career_ladder(self, role: str) -> "Versioned[CareerLadder]":
        """A role's career ladder; raises ``NotFound`` naming the roles that have one."""
        from rencai.domain.career import CareerLadder

        return _as(CareerLadder, self._of_role(ConfigurationKind.CAREER_LADDER, role))

    def scorecard(self, role: str) -> "Versioned[Scorecard]":
        """A role's balanced scorecard; raises ``NotFound`` naming the roles that have one."""
        from rencai.domain.scorecard import Scorecard

        return _as(Scorecard, self._of_role(ConfigurationKind.SCORECARD, role))

    def import_mapping(self, source: str, version: int | None = None) -> "Versioned[ImportMapping]":
        """How a source names things: the newest, or the version an import is read by. A tenant that set none has the
        built-in names, which are version 0 of ``default``; raises ``NotFound`` for any other source.
        """
        from rencai.domain.import_columns import ImportMapping

        if version != 0:
            try:
                return _as(ImportMapping, self._of_version(ConfigurationKind.IMPORT_MAPPING, version, source))
            except NotFound:
                if source != "default" or version is not None:
                    raise
        return Versioned(source, 0, ImportMapping())

    def work_calendar(self) -> "WorkCalendar":
        """The tenant's working days; weekends only where nothing is set."""
        from rencai.domain.work_calendar import WorkCalendar

        try:
            found = self.latest(ConfigurationKind.WORK_CALENDAR, "default")
        except NotFound:
            return WorkCalendar()
        return _as(WorkCalendar, found).document

    def survey_form(self) -> "SurveyForm":
        """What is asked each month."""
        from rencai.domain.survey import SurveyForm

        return _as(SurveyForm, self.latest(ConfigurationKind.SURVEY, "default")).document

    def notice_template(self, name: str) -> NoticeTemplate:
        """A letter."""
        return _as(NoticeTemplate, self.latest(ConfigurationKind.NOTICE_TEMPLATE, name)).document

    def latest(self, kind: ConfigurationKind, name: str) -> Versioned[BaseModel]:
        """The newest version, at most ``CACHED_FOR`` old; raises ``NotFound``."""
        now = self._clock()
        cached = self._latest.get((kind, name))
        if cached and now - cached[0] < CACHED_FOR:
            return cached[1]
        items, _ = self._table.query(f"CONFIG#{kind}", prefix=f"{name}#V", limit=1, newest_first=True)
        if not items:
            raise NotFound(kind, name)
        known = cached[1] if cached else None
        version = int(items[0]["version"])
        # The same object while the version is the same, so that what is compiled from it need not be made again.
        found = known if known and known.version == version else _from_item(kind, name, items[0])
        self._latest[kind, name] = (now, found)
        return found

    def version(self, kind: ConfigurationKind, name: str, version: int) -> Versioned[BaseModel]:
        """One version; raises ``NotFound``."""
        known = self._versions.get((kind, name, version))
        if known is None:
            item = self._table.get(configuration_key(kind, name, version), consistent=False)
            if item is None:
                raise NotFound(kind, f"{name} version {version}")
            known = self._versions[kind, name, version] = _from_item(kind, name, item)
        return known

    def names(self, kind: ConfigurationKind) -> list[str]:
        """The names there are of a kind, sorted; at most ``CACHED_FOR`` old, for a file may ask for each line."""
        now = self._clock()
        cached = self._names.get(kind)
        if cached is None or now - cached[0] >= CACHED_FOR:
            found = {item["sk"].partition("#V")[0] for item in self._table.query_all(f"CONFIG#{kind}")}
            cached = self._names[kind] = (now, sorted(found))
        return cached[1]

    def put(
        self,
        kind: ConfigurationKind,
        name: str,
        document: Mapping[str, Any],
        *,
        actor: str,
        now: datetime,
        over: int | None = None,
    ) -> int:
        """Validate and store as the next version; the same document again stores nothing. Returns the version.

        Raises ``DomainError`` when the document is not valid, ``LostRace`` when another edit came first: since version
        ``over`` was read, where that is given.
        """
        text = validated(kind, name, document).model_dump_json(by_alias=True, exclude_defaults=True)
        items, _ = self._table.query(f"CONFIG#{kind}", prefix=f"{name}#V", limit=1, newest_first=True)
        newest = int(items[0]["version"]) if items else 0
        if over is not None and over != newest:
            self._latest.pop((kind, name), None)
            raise LostRace
        if items and items[0]["document"] == text:
            return newest
        self._table.put(
            configuration_key(kind, name, newest + 1),
            {"version": newest + 1, "document": text, "actor": actor, "at": instant(now)},
            ABSENT,
        )
        self._latest.pop((kind, name), None)
        self._names.pop(kind, None)
        return newest + 1

    def _of_role(self, kind: ConfigurationKind, role: str) -> Versioned[BaseModel]:
        try:
            return self.latest(kind, role)
        except NotFound:
            raise NoneForRole(kind, role, self.names(kind)) from None

    def _of_version(
        self, kind: ConfigurationKind, version: int | None, name: str = "default"
    ) -> Versioned[BaseModel]:
        return self.latest(kind, name) if version is None else self.version(kind, name, version)


def _from_item(kind: ConfigurationKind, name: str, item: Item) -> Versioned[BaseModel]:
    return Versioned(name, int(item["version"]), validated(kind, name, json.loads(item["document"])))


def _as(model: type[Model], found: Versioned[BaseModel]) -> Versioned[Model]:
    if not isinstance(found.document, model):
        raise TypeError(f"{found.name} is a {type(found.document).__name__}, not a {model.__name__}")
    return Versioned(found.name, found.version, found.document)
