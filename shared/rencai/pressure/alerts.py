"""Open alerts (F4), each with all that it is read with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rencai.employees.rules.employee import Employee
from rencai.employees.store.employees import Employees
from rencai.kernel.errors import NotFound
from rencai.kernel.texts import LocalizedText
from rencai.pressure.rules.company import CompanyFigures
from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE, suggested
from rencai.pressure.rules.policy import RISK_POLICY, RiskLevel, RiskPolicy
from rencai.pressure.rules.signals import Alert, StrainedSurvey
from rencai.pressure.store.cards import Cards
from rencai.pressure.store.interventions import Interventions
from rencai.pressure.store.scans import Scans
from rencai.store.configurations import Configurations


@dataclass(frozen=True, slots=True)
class AlertFile:
    """An alert and what it is read with: the ``employee`` (None: on record no more), the ``policy`` it was found by,
    the ``company`` as that scan found it and, of a survey that is closed, its mean; names of the actions that suit, by
    id, and the id of the intervention that is under way.
    """

    alert: Alert
    employee: Employee | None
    policy: RiskPolicy
    company: CompanyFigures | None
    survey_mean: Decimal | None
    suggested: Mapping[str, LocalizedText]
    intervention_id: str | None


@dataclass(frozen=True, slots=True)
class Alerts:
    """What HR reads of alerts.

    ``survey_mean``: the company's mean of a month's survey, 1-5, None while it is open and where it may not be shown.
    """

    cards: Cards
    scans: Scans
    interventions: Interventions
    employees: Employees
    configurations: Configurations
    survey_mean: Callable[[str], Decimal | None]

    def page(
        self, level: RiskLevel | None, limit: int, cursor: str | None
    ) -> tuple[list[AlertFile], str | None]:
        """A page of open alerts, the most urgent first and of those the oldest; and where to go on."""
        # 0.5 read units for ~20 of the list, then for each alert its card, the employee and their open interventions:
        # 2-3.
        alerts, following = self.cards.alerts(level, limit, cursor)
        return self._files(alerts), following

    def get(self, alert_id: str) -> AlertFile:
        """One alert; raises ``NotFound`` once it is cleared."""
        alert = self.cards.alert(alert_id)
        if alert is None:
            raise NotFound("alert", alert_id)
        return self._files([alert])[0]

    def _files(self, alerts: Sequence[Alert]) -> list[AlertFile]:
        employees = self.employees.get_all({alert.employee_id for alert in alerts})
        figures = {scan_id: self._figures(scan_id) for scan_id in {alert.scan_id for alert in alerts}}
        return [
            self._file(alert, employees.get(alert.employee_id), figures[alert.scan_id]) for alert in alerts
        ]

    def _figures(self, scan_id: str) -> CompanyFigures | None:
        """The company as that scan found it; while it runs, as the one before did."""
        found = self.scans.get(scan_id).figures
        if found is None:
            latest = self.scans.latest()
            found = latest.figures if latest else None
        return found

    def _file(self, alert: Alert, employee: Employee | None, company: CompanyFigures | None) -> AlertFile:
        policy = self.configurations.of_version(RISK_POLICY, alert.policy_version).document
        catalogue = self.configurations.latest(INTERVENTION_CATALOGUE).document
        open_one = self.interventions.open_for(alert.alert_id)
        signals = alert.judgement.signals
        month = next((one.month for one in signals if isinstance(one, StrainedSurvey)), None)
        return AlertFile(
            alert=alert,
            employee=employee,
            policy=policy,
            company=company,
            survey_mean=self.survey_mean(month) if month else None,
            suggested={id_: catalogue.actions[id_].name for id_ in suggested(catalogue, signals)},
            intervention_id=open_one.intervention_id if open_one else None,
        )
