"""A risk office with an alert that is raised, and HR's API over it."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from functions.pressure import interventions
from functions.training.support import support
from rencai import wiring
from rencai.employees.rules.employee import Employee
from rencai.employees.rules.performance import MonthlyPerformance
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey
from rencai.employees.store.employees import employee_key
from rencai.kernel import ids
from rencai.pressure.rules.card import make_card
from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.pressure.rules.scan import measured
from rencai.pressure.rules.signals import Alert
from rencai.pressure.store.interventions import Interventions
from rencai.store.table import Table
from rencai.wiring.pressure import PressureWiring
from tests.aws import client
from tests.journey.faults import Faulty
from tests.people.tenant import Between
from tests.pressure import spoken
from tests.pressure.measured import weeks
from tests.training.training_office import EMPLOYEE, EVENT, TABLE, ZONE, Office, both
from tests.wired import BorrowedApi

OPENED_AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
"""Monday, 9:00 in Shanghai."""
RAISED_ON = date(2026, 11, 22)
ALERT = "alr_01ABC_20261122"
FIRST = "int_01ABC_20261122_1"
WORDS = "本人希望先减少夜班"
ACTIONS: dict[str, Any] = {
    "actions": {
        "redistribute_work": {
            "name": both("重新分配工作", "Redistribute work"),
            "about": both("移交任务", "Hand over tasks"),
            "signals": ["long_hours"],
        },
        "support_training": {
            "name": both("支持性培训", "Support training"),
            "about": both("学会调节", "Learn to cope"),
            "signals": ["survey"],
            "courses": ["reading", "product"],
        },
    }
}
POLICY: dict[str, Any] = {
    "survey": {"words": [{"id": "pressure", "name": both("压力大", "Pressure"), "present": ["压力很大"]}]}
}
ASKED: dict[str, Any] = {
    "actions": ["redistribute_work", "support_training"],
    "owner": "李经理",
    "due_on": "2026-12-21",
    "note": WORDS,
}


def month(number: int, score: int) -> MonthlyPerformance:
    return MonthlyPerformance(f"2026-{number:02}", Decimal(score), Decimal(10))


SICK = Leave("QJ-1", LeaveKind.SICK, date(2026, 11, 16), date(2026, 11, 19), Decimal(4))
OLD_MONTHS = [month(8, 9), month(9, 8), month(10, 6)]


class Risk(Office):
    """An office with one employee under pressure."""

    def __init__(self) -> None:
        super().__init__()
        self.now = OPENED_AT
        self.configure(INTERVENTION_CATALOGUE, ACTIONS)
        self.configure(RISK_POLICY, POLICY)
        self.cards = self.wired.pressure.cards
        self.interventions = self.wired.pressure.interventions
        self.employs(EMPLOYEE)
        self.under_pressure()

    def employs(self, employee_id: str) -> None:
        """Somebody who came from another system, long ago."""
        self.employees.hire(
            Employee(employee_id, "王五", "sales", "上海", date(2020, 1, 6), self.now, employee_no="10086")
        )

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def under_pressure(self, employee_id: str = EMPLOYEE) -> None:
        """What is known is on the card, and the scan has seen it."""
        self.told(
            weeks(55, 44),
            [SICK],
            OLD_MONTHS,
            Survey("2026-11", (("workload", 2),)),
            ["pressure"],
            employee_id,
        )
        self.scanned(employee_id)

    def told(
        self,
        hours: list[AttendanceWeek],
        leave: list[Leave],
        months: list[MonthlyPerformance],
        survey: Survey,
        words: list[str],
        employee_id: str = EMPLOYEE,
    ) -> None:
        card = make_card(hours, leave, months, survey, spoken.words(*words), None, self.today)
        self.cards.replace(self.cards.get(employee_id), employee_id, card)

    def recovers(self) -> None:
        """Four weeks later: 40 hours a week, performance 8, no more leave, a better survey."""
        self.passes(days=28)
        better = Survey("2026-12", (("workload", 4),))
        self.told([*weeks(55, 44), *weeks(40, 48)], [SICK], [*OLD_MONTHS, month(11, 8)], better, [])

    def scanned(self, employee_id: str = EMPLOYEE) -> None:
        """A night's scan, as far as this employee goes."""
        card = self.cards.get(employee_id)
        assert card
        judged = measured(self.configurations.latest(RISK_POLICY).document, card.card, self.today)
        day = card.alert.raised_on if card.alert else RAISED_ON
        alert = (
            Alert(ids.alert_id(employee_id, day), employee_id, judged, day, "scan_1", 1) if judged else None
        )
        self.cards.tell(card, alert, "scan_1", self.now)

    def leaves(self, day: date) -> None:
        """It is their last day."""
        self.table.update(employee_key(EMPLOYEE), {"left_on": day.isoformat()})

    def supports(self) -> None:
        """The consumer of ``intervention.opened`` and ``intervention.changed``."""
        support(
            FIRST,
            interventions=self.interventions,
            employees=self.employees,
            configurations=self.configurations,
            training=self.training,
            now=self.now,
        )

    def interposed(self, at: int, act: Any) -> Between:
        """Somebody acts right before the routes' ``at``-th call to the interventions' table."""
        between = Between(at, act)
        calls: Any = between
        faulty: Any = Faulty("dynamodb", client("dynamodb"), calls)
        # Made anew, with all that is made of it.
        self.wired.pressure = PressureWiring(
            self.wired, self.wired.employees, self.wired.survey, self.wired.reading
        )
        self.interventions = Interventions(Table(faulty, TABLE), self.wired.vault, self.wired.ids)
        self.wired.pressure.interventions = self.interventions
        return between

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The interventions' events by the table's stream."""
        self.published.clear()
        self.relays()
        return [
            (event.name, dict(event.data))
            for _, event in self.published
            if event.name.startswith("intervention.")
        ]


class Caller:
    """HR's API over a risk office; each call is a request of its own unless it has a key."""

    def __init__(self) -> None:
        self._api = BorrowedApi(interventions.router)
        self._calls = 0

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        actor: str = "hr:1",
        **query: str,
    ) -> tuple[int, Any]:
        """Status and body of an answer."""
        event = json.loads(json.dumps(EVENT))
        self._calls += 1
        event |= {"httpMethod": method, "path": path, "resource": path}
        event["body"] = json.dumps(body) if body is not None else None
        event["queryStringParameters"] = query or None
        event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} if query else None
        event["headers"] = {
            name: value for name, value in event["headers"].items() if "dempotency" not in name
        }
        event["headers"]["Accept-Language"] = "zh-CN"
        event["requestContext"]["requestId"] = f"request-{self._calls}"
        event["requestContext"]["authorizer"] = {"claims": {"sub": actor}}
        if key:
            event["headers"]["Idempotency-Key"] = key
        self._api.resolver.append_context(wired=wiring.container())  # type: ignore[no-untyped-call]  # untyped in Powertools
        answer = self._api.handle(event, object())
        return answer["statusCode"], json.loads(answer["body"])

    def opens(self, body: dict[str, Any] | None = None, alert: str = ALERT, **more: Any) -> tuple[int, Any]:
        return self("POST", f"/risk/alerts/{alert}/interventions", body or ASKED, **more)

    def closes(self, body: dict[str, Any] | None = None, **more: Any) -> tuple[int, Any]:
        return self("POST", f"/risk/interventions/{FIRST}/close", body or {}, **more)

    def shows(self) -> Any:
        status, answer = self("GET", f"/risk/interventions/{FIRST}")
        assert status == 200
        return answer


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    status, problem = answer
    return status, problem["type"].removeprefix("urn:rencai:problem:")


def card_of(risk: Risk) -> Any:
    card = risk.cards.get(EMPLOYEE)
    assert card
    return card
