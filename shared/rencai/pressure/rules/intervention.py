"""What is done about pressure (F5): from an alert, with an owner and a due date, and measured when it ends.

What was measured is kept at the opening and again at the closing: the figures behind every kind of signal, by the
policy of that day, also those that raised none. A signal is gone when it was raised before, is not raised any more, and
something of it was measured of the time since the opening: a week, a month or a survey that was not over then and was
told, or told again with another figure; or for leave, of which there is none where none was told,
``LEAVE_TELLS_AFTER``. What was not measured is no success, and no failure either.

============  =====================================================================================================
left          the employee's last day has come; whatever was measured
worked        none of the signals of before is raised, and at least one of them is gone
partly        some are gone, others are raised
not worked    something of them was measured, and none is gone
unknown       nothing of them was measured; it is in no share of what worked
============  =====================================================================================================
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from rencai.employees.rules.signals import iso_week
from rencai.kernel.configuration import Kind
from rencai.kernel.errors import Conflict, DomainError
from rencai.kernel.texts import LocalizedText, Slug

from .card import (
    NO_WORDS,
    PERFORMANCE_MONTHS_BACK,
    card_content,
    make_card,
    month_number,
    month_of_number,
    unscaled,
    week_number,
)
from .policy import LevelRule, RiskLevel, RiskPolicy, SignalKind
from .refusals import PressureRefusal
from .scan import measured
from .signals import RaisedSignal

LEAVE_TELLS_AFTER: Final = timedelta(days=7)
"""How long after the opening leave tells of the time since."""
NO_CARD: Final = make_card((), (), (), None, NO_WORDS, None, date.max)
"""The card of whom nothing was told."""

_Config: Final = ConfigDict(extra="forbid", frozen=True, defer_build=True)
_ANY_SIGNAL: Final = LevelRule(level=RiskLevel.YELLOW, at_least=1)


class Action(BaseModel):
    """Something HR can do. ``signals`` are those it suits, ``due_days`` the calendar days it is given unless HR says
    otherwise. ``courses`` of the course catalogue are added to the employee's plan.
    """

    model_config = _Config

    name: LocalizedText
    about: LocalizedText
    signals: Annotated[tuple[SignalKind, ...], Field(min_length=1)]
    due_days: Annotated[int, Field(ge=1, le=365)] = 14
    courses: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=64)], ...], Field(max_length=20)
    ] = ()


class InterventionCatalogue(BaseModel):
    """The actions there are, by id."""

    model_config = _Config

    actions: Annotated[dict[Slug, Action], Field(min_length=1, max_length=50)]

    def courses(self, actions: Iterable[str]) -> tuple[str, ...]:
        """The courses that these actions bring, each once; an action that is there no more brings none."""
        known = (self.actions[id_] for id_ in actions if id_ in self.actions)
        return tuple(dict.fromkeys(course for action in known for course in action.courses))

    def named_courses(self) -> list[tuple[str, str]]:
        """What names a course, and the course: ``("action 'support_training'", "stress-management")``."""
        return [
            (f"action '{id_}'", course) for id_, action in self.actions.items() for course in action.courses
        ]


INTERVENTION_CATALOGUE: Final = Kind("intervention_catalogue", InterventionCatalogue)


def suggested(catalogue: InterventionCatalogue, signals: Iterable[RaisedSignal]) -> tuple[str, ...]:
    """Ids of the actions that suit any of the signals: those that suit most of them first, else as the catalogue has
    them.
    """
    raised = {signal.kind for signal in signals}
    suits = {id_: len(raised.intersection(action.signals)) for id_, action in catalogue.actions.items()}
    return tuple(sorted((id_ for id_ in suits if suits[id_]), key=lambda id_: -suits[id_]))


# --- measuring --------------------------------------------------------------------------------------------------------


class Measures(NamedTuple):
    """The figures behind the signals, None for what was not told: mean ``hours`` a week of the ``weeks`` told, the last
    of which is ``week``; the latest ``performance``, of 10, and its month; leave that counts, in times and days; of the
    latest survey the lowest score that counts, 1-5, the words rules it meets, and the number of what read its words
    (``card.reader_number``), 0 for nothing.
    """

    hours: Decimal | None
    weeks: int
    week: str | None
    performance: Decimal | None
    performance_month: str | None
    leave_times: int
    leave_days: Decimal
    survey_lowest: int | None
    survey_words: tuple[str, ...]
    survey_month: str | None
    survey_reader: int = 0


def measures(policy: RiskPolicy, card: bytes, today: date) -> Measures:
    """What a card of ``card.make_card`` comes to within the policy's weeks, days and months before ``today``."""
    content = card_content(card, policy.survey.questions)
    this_week, this_month = week_number(iso_week(today)), month_number(f"{today:%Y-%m}")
    # The week of today runs, and is told when it is over.
    told = [one for one in content.weeks if this_week - policy.hours.weeks <= one[0] < this_week]
    # Of the months that count in the scan.
    scored = next((one for one in content.months if one[0] >= this_month - PERFORMANCE_MONTHS_BACK), None)
    kinds, last = {kind.value for kind in policy.leave.kinds}, today.toordinal()
    taken = [
        days
        for first, days, kind in content.leave
        if last - policy.leave.days < first <= last and kind in kinds
    ]
    survey = content.survey
    answered = survey if survey and survey[0] >= this_month - policy.survey.months else None
    return Measures(
        hours=unscaled(sum(hours for _, hours in told), len(told)) if told else None,
        weeks=len(told),
        week=iso_week(date.fromordinal(max(week for week, _ in told) * 7 + 1)) if told else None,
        performance=unscaled(scored[1]) if scored else None,
        performance_month=month_of_number(scored[0]) if scored else None,
        leave_times=len(taken),
        leave_days=unscaled(sum(taken)),
        survey_lowest=answered[1] if answered else None,
        survey_words=tuple(rule.id for rule in policy.survey.words if answered and rule.id in answered[2]),
        survey_month=month_of_number(answered[0]) if answered else None,
        survey_reader=answered[3] if answered else 0,
    )


def raised(policy: RiskPolicy, card: bytes, today: date) -> tuple[RaisedSignal, ...]:
    """Every signal that a card raises, also where they make no level."""
    judged = measured(policy.model_copy(update={"levels": (_ANY_SIGNAL,)}), card, today)
    return judged.signals if judged else ()


class Outcome(StrEnum):
    """What an intervention came to."""

    WORKED = "worked"
    PARTLY = "partly"
    NOT_WORKED = "not_worked"
    LEFT = "left"
    UNKNOWN = "unknown"


def told_since(
    kind: SignalKind, before: Measures, after: Measures, opened_on: date, today: date, *, same_policy: bool
) -> bool:
    """Whether ``after`` knows anything of a kind of signal that speaks of the time since ``opened_on``.

    The week and the month of the opening count: they were not over, and ``before`` may not have them, or have what was
    corrected since. What a survey came to depends on the policy as well, and of its words on what read them: by another
    one (not ``same_policy``), or another reader, it may look different though nobody answered again.
    """
    month = f"{opened_on:%Y-%m}"
    match kind:
        case SignalKind.LONG_HOURS:
            return _told(after.week, before.week, iso_week(opened_on), again=False)
        case SignalKind.PERFORMANCE:
            again = after.performance != before.performance
            return _told(after.performance_month, before.performance_month, month, again=again)
        case SignalKind.SURVEY:
            scores = after.survey_lowest != before.survey_lowest
            words = after.survey_words != before.survey_words and _read_alike(before, after)
            return _told(
                after.survey_month, before.survey_month, month, again=same_policy and (scores or words)
            )
        case SignalKind.LEAVE:
            return today >= opened_on + LEAVE_TELLS_AFTER


def _read_alike(before: Measures, after: Measures) -> bool:
    """Whether words that come to something else are other words: the same read them, or there are none of before."""
    if not before.survey_reader:
        return not before.survey_words or not after.survey_reader
    return after.survey_reader in (0, before.survey_reader)


def _told(after: str | None, before: str | None, opened: str, *, again: bool) -> bool:
    """Whether a week or a month was told since: it was not over at the opening, and is a later one than was known then,
    or the same one told ``again``.
    """
    if after is None or after < opened:
        return False
    return before is None or after > before or (after == before and again)


# --- an intervention --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Closing:
    """How an intervention ended, and by which request. ``not_measured`` are signals of before of which nothing was told
    since. The policy of ``policy_version`` measured.
    """

    outcome: Outcome
    at: datetime
    actor: str
    request: str
    after: Measures
    signals: tuple[RaisedSignal, ...]
    not_measured: tuple[SignalKind, ...]
    policy_version: int


@dataclass(frozen=True, slots=True)
class Intervention:
    """``actions`` of the catalogue, for which ``owner`` answers until ``due_on``. ``opened_on`` is the tenant's day;
    ``level`` and ``signals`` are the alert's at that time, ``before`` was measured by the policy of ``policy_version``.
    ``closing``: None while it is open.

    ``request`` and ``asked`` know the request that opened it again: its key, and a digest of what it said.
    """

    intervention_id: str
    alert_id: str
    employee_id: str
    actions: tuple[str, ...]
    owner: str
    due_on: date
    opened_on: date
    opened_at: datetime
    opened_by: str
    level: RiskLevel
    signals: tuple[RaisedSignal, ...]
    before: Measures
    policy_version: int
    request: str
    asked: str
    closing: Closing | None = None
    version: int = 0


def checked(
    catalogue: InterventionCatalogue, actions: Sequence[str], due_on: date, today: date
) -> tuple[str, ...]:
    """``actions``, each once, when the catalogue has them all and ``due_on`` is not over.

    Raises ``DomainError`` (ACTION_UNKNOWN, DUE_IN_THE_PAST).
    """
    for place, action in enumerate(actions):
        if action not in catalogue.actions:
            known = tuple(catalogue.actions)
            raise DomainError(PressureRefusal.ACTION_UNKNOWN, f"actions[{place}]", action=action, known=known)
    if due_on < today:
        raise DomainError(PressureRefusal.DUE_IN_THE_PAST, "due_on", today=today.isoformat())
    return tuple(dict.fromkeys(actions))


def changed(
    intervention: Intervention,
    catalogue: InterventionCatalogue,
    actions: Sequence[str] | None,
    owner: str | None,
    due_on: date | None,
    today: date,
) -> Intervention:
    """With other actions, another owner or another due date, None: as it is. What it has already is not checked again.

    Raises ``Conflict`` (INTERVENTION_CLOSED) and what ``checked`` does.
    """
    if intervention.closing:
        raise Conflict(PressureRefusal.INTERVENTION_CLOSED)
    fresh = [one for one in actions or () if one not in intervention.actions]
    moved = due_on is not None and due_on != intervention.due_on
    checked(catalogue, fresh, due_on if due_on is not None and moved else today, today)
    return replace(
        intervention,
        actions=tuple(dict.fromkeys(actions)) if actions is not None else intervention.actions,
        owner=owner if owner is not None else intervention.owner,
        due_on=due_on if due_on is not None else intervention.due_on,
    )


def closed(
    intervention: Intervention,
    policy: RiskPolicy,
    policy_version: int,
    card: bytes,
    left_on: date | None,
    actor: str,
    request: str,
    now: datetime,
    today: date,
) -> Intervention:
    """The intervention ended, and measured by ``policy`` of this version. ``left_on`` is the employee's last day, None:
    they stay. The same ``request`` again changes nothing.

    Raises ``Conflict`` (INTERVENTION_CLOSED) when another one closed it.
    """
    if intervention.closing and intervention.closing.request == request:
        return intervention
    if intervention.closing:
        raise Conflict(PressureRefusal.INTERVENTION_CLOSED)
    after, signals = measures(policy, card, today), raised(policy, card, today)
    before_kinds = tuple(signal.kind for signal in intervention.signals)
    still = {signal.kind for signal in signals}.intersection(before_kinds)
    told = {
        kind
        for kind in before_kinds
        if told_since(
            kind,
            intervention.before,
            after,
            intervention.opened_on,
            today,
            same_policy=policy_version == intervention.policy_version,
        )
    }
    left = left_on is not None and left_on <= today
    closing = Closing(
        outcome=Outcome.LEFT if left else _outcome(still, told),
        at=now,
        actor=actor,
        request=request,
        after=after,
        signals=signals,
        not_measured=tuple(kind for kind in before_kinds if kind not in told),
        policy_version=policy_version,
    )
    return replace(intervention, closing=closing)


def _outcome(still: set[SignalKind], told: set[SignalKind]) -> Outcome:
    if not told:
        return Outcome.UNKNOWN
    if told <= still:
        return Outcome.NOT_WORKED
    return Outcome.PARTLY if still else Outcome.WORKED
