"""Interventions opened from an alert, changed, noted, closed and listed (F5), each with all that it is read with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rencai.employees.store.employees import Employees
from rencai.kernel.errors import Conflict, NotFound
from rencai.kernel.ids import Ids, employee_of_alert
from rencai.pressure.rules.intervention import (
    INTERVENTION_CATALOGUE,
    NO_CARD,
    Intervention,
    InterventionCatalogue,
    changed,
    checked,
    closed,
    measures,
)
from rencai.pressure.rules.policy import RISK_POLICY, RiskPolicy
from rencai.pressure.rules.refusals import PressureRefusal
from rencai.pressure.store.cards import Cards
from rencai.pressure.store.interventions import Interventions, Note, Remark
from rencai.store.configurations import Configurations


@dataclass(frozen=True, slots=True)
class Opening:
    """What is to be done, by ids of the intervention catalogue, who answers for it, and until when."""

    actions: Sequence[str]
    owner: str
    due_on: date
    note: str | None


@dataclass(frozen=True, slots=True)
class InterventionFile:
    """An intervention and what it is read with: the employee's ``name`` (None: they are on record no more), the present
    ``catalogue``, and the policies it was measured by at the opening and, once it is closed, at the closing. ``notes``,
    oldest first, are None in a list.
    """

    intervention: Intervention
    name: str | None
    catalogue: InterventionCatalogue
    policy: RiskPolicy
    closing_policy: RiskPolicy | None
    notes: Sequence[Note] | None


@dataclass(frozen=True, slots=True)
class InterventionList:
    """A page of interventions, and where to go on. ``counts`` of all there are come with the first page only."""

    files: Sequence[InterventionFile]
    counts: Mapping[str, int] | None
    following: str | None


@dataclass(frozen=True, slots=True)
class Intervening:
    """What HR does about pressure. ``request`` names who asked what: the same one again has the same answer."""

    interventions: Interventions
    cards: Cards
    employees: Employees
    configurations: Configurations
    zone: ZoneInfo
    ids: Ids

    def open(
        self, alert_id: str, opening: Opening, actor: str, request: str, now: datetime
    ) -> InterventionFile:
        """Open an intervention for the present alert, measured as it is today.

        Raises ``NotFound``, ``Conflict`` (ALERT_NOT_OPEN; INTERVENTION_OPEN; KEY_REUSED) and what ``checked`` does.
        """
        today = self._today(now)
        asked = self.ids.request_digest(
            *sorted(set(opening.actions)), opening.owner, opening.due_on.isoformat(), opening.note or ""
        )

        def make(intervention_id: str) -> Intervention:
            employee_id = employee_of_alert(alert_id)
            card = self.cards.get(employee_id)
            if card is None or card.alert is None or card.alert.alert_id != alert_id:
                if self.employees.get(employee_id) is None:
                    raise NotFound("alert", alert_id)
                raise Conflict(PressureRefusal.ALERT_NOT_OPEN)
            catalogue = self.configurations.latest(INTERVENTION_CATALOGUE).document
            policy = self.configurations.latest(RISK_POLICY)
            return Intervention(
                intervention_id=intervention_id,
                alert_id=alert_id,
                employee_id=employee_id,
                actions=checked(catalogue, opening.actions, opening.due_on, today),
                owner=opening.owner,
                due_on=opening.due_on,
                opened_on=today,
                opened_at=now,
                opened_by=actor,
                level=card.alert.judgement.level,
                signals=card.alert.judgement.signals,
                before=measures(policy.document, card.card, today),
                policy_version=policy.version,
                request=request,
                asked=asked,
            )

        note = _remark(opening.note, actor, request)
        return self._file(self.interventions.open(alert_id, request, asked, make, note))

    def change(
        self,
        intervention_id: str,
        actions: Sequence[str] | None,
        owner: str | None,
        due_on: date | None,
        actor: str,
        now: datetime,
    ) -> InterventionFile:
        """Give it other actions, another owner or another due date, None: as it is. Raises ``NotFound`` and what
        ``changed`` does.
        """
        today = self._today(now)
        catalogue = self.configurations.latest(INTERVENTION_CATALOGUE).document
        after = self.interventions.change(
            intervention_id,
            lambda one: changed(one, catalogue, actions, owner, due_on, today),
            actor,
            now,
        )
        return self._file(after)

    def note(self, intervention_id: str, text: str, actor: str, request: str, now: datetime) -> Note:
        """Add a note, also to a closed one. Raises ``NotFound`` and ``Conflict`` (KEY_REUSED)."""
        return self.interventions.add_note(intervention_id, Remark(text, request, actor), now)

    def close(
        self, intervention_id: str, note: str | None, actor: str, request: str, now: datetime
    ) -> InterventionFile:
        """End it, measured again by the present policy. Raises ``NotFound`` and what ``closed`` does."""
        today = self._today(now)
        policy = self.configurations.latest(RISK_POLICY)

        def decide(one: Intervention) -> Intervention:
            # On each try anew: what made the first one lose may have been told since.
            card, employee = self.cards.get(one.employee_id), self.employees.get(one.employee_id)
            return closed(
                one,
                policy.document,
                policy.version,
                card.card if card else NO_CARD,
                employee.left_on if employee else None,
                actor,
                request,
                now,
                today,
            )

        remark = _remark(note, actor, request)
        return self._file(self.interventions.change(intervention_id, decide, actor, now, remark))

    def get(self, intervention_id: str) -> InterventionFile:
        """One intervention; raises ``NotFound``."""
        return self._file(self.interventions.get(intervention_id))

    def running(self, limit: int, cursor: str | None) -> InterventionList:
        """A page of open ones, the first due first."""
        return self._list(self.interventions.running(limit, cursor), cursor)

    def ended(self, limit: int, cursor: str | None) -> InterventionList:
        """A page of closed ones, the last closed first."""
        return self._list(self.interventions.ended(limit, cursor), cursor)

    def _list(self, page: tuple[list[Intervention], str | None], cursor: str | None) -> InterventionList:
        # 0.5 read units for ~30 of a list (there are five of closed ones), 1 for each that is shown and 1 for their
        # name; the counts read the whole index: 0.5 for ~30 interventions there ever were.
        found, following = page
        employees = self.employees.get_all({one.employee_id for one in found})
        names = {employee_id: employee.name for employee_id, employee in employees.items()}
        files = [self._read_with(one, names.get(one.employee_id), None) for one in found]
        return InterventionList(files, None if cursor else self.interventions.counts(), following)

    def _file(self, intervention: Intervention) -> InterventionFile:
        employee = self.employees.get(intervention.employee_id)
        notes = self.interventions.notes(intervention)
        return self._read_with(intervention, employee.name if employee else None, notes)

    def _read_with(
        self, intervention: Intervention, name: str | None, notes: Sequence[Note] | None
    ) -> InterventionFile:
        closing = intervention.closing
        return InterventionFile(
            intervention=intervention,
            name=name,
            catalogue=self.configurations.latest(INTERVENTION_CATALOGUE).document,
            policy=self._policy(intervention.policy_version),
            closing_policy=self._policy(closing.policy_version) if closing else None,
            notes=notes,
        )

    def _policy(self, version: int) -> RiskPolicy:
        return self.configurations.of_version(RISK_POLICY, version).document

    def _today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


def _remark(text: str | None, actor: str, request: str) -> Remark | None:
    return Remark(text, request, actor) if text else None
