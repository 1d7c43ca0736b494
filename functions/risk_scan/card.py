"""Something was told of an employee -> their card, made anew from their file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from rencai import wiring
from rencai.domain.errors import LostRace
from rencai.domain.events import EventName
from rencai.domain.risk import CARD_WEEKS, MONTHS_LOOKED_AT, RiskPolicy, make_card
from rencai.platform.consumer import BusEvent, consume_events
from rencai.platform.observability import logger
from rencai.store.cards import Cards
from rencai.store.employees import Employees
from rencai.store.import_objects import ImportObjects
from rencai.store.performances import Performances
from rencai.store.signals import Signals

_TRIES: Final = 3
"""How often a card is made anew when something is told meanwhile; then the message comes back."""


@dataclass(frozen=True, slots=True)
class Cardmaking:
    """Makes cards. What it reads, it reads after the card it replaces: whoever made that one knew no more."""

    cards: Cards
    employees: Employees
    signals: Signals
    performances: Performances
    policy: RiskPolicy

    def remake(self, employee_id: str, today: date) -> None:
        """Write the card as the file is now; raises ``LostRace`` when it cannot be had at rest."""
        for _ in range(_TRIES):
            try:
                return self._remake(employee_id, today)
            except LostRace:
                continue
        raise LostRace

    def _remake(self, employee_id: str, today: date) -> None:
        # 6 read units and one write; and a call of KMS where the latest survey has words.
        before = self.cards.get(employee_id)
        employee = self.employees.get(employee_id)
        if employee is None:
            if before:
                self.cards.remove(before)
            return
        rules = self.policy.survey
        answers = self.signals.latest_survey(employee_id, with_texts=bool(rules.words))
        card = make_card(
            self.signals.attendance(employee_id, CARD_WEEKS),
            self.signals.leave(employee_id),
            self.performances.latest(employee_id, MONTHS_LOOKED_AT),
            answers.survey if answers else None,
            self.policy.words_in(answers.texts.values()) if answers else (),
            employee.left_on,
            today,
            questions=rules.questions,
        )
        if before is None or before.card != card:
            self.cards.replace(before, employee_id, card)


def told_of(event: BusEvent, objects: ImportObjects) -> Iterable[str]:
    """The employees an event is about: one, or those of an import's part."""
    data = event.detail.data
    match event.name:
        case EventName.IMPORT_PART_DONE:
            return objects.result(event.detail.subject.id, data["part"]).employees
        case EventName.EMPLOYEE_ONBOARDED:
            return (data["employee_id"],)
        case _:
            return (event.detail.subject.id,)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue behind what is told of employees calls this."""
    cardmaking = Cardmaking(
        wiring.cards(),
        wiring.employees(),
        wiring.signals(),
        wiring.performances(),
        wiring.configurations().risk_policy().document,
    )
    # All of a batch was on record before it was received, so one look at an employee answers all that is told of them.
    remade: set[str] = set()

    def act(told: BusEvent) -> None:
        today = wiring.clock().astimezone(wiring.zone()).date()
        for employee_id in told_of(told, wiring.import_objects()):
            if employee_id not in remade:
                cardmaking.remake(employee_id, today)
                remade.add(employee_id)

    return consume_events(event, context, wiring.queue(), act)
