"""Something was told of an employee -> their card, made anew from their file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from rencai.employees.store.employees import Employees
from rencai.employees.store.performances import Performances
from rencai.employees.store.signals import WorkSignals
from rencai.kernel.events import EventName
from rencai.migration.store.objects import ImportObjects
from rencai.platform.consumer import BusEvent
from rencai.pressure.rules.card import CARD_WEEKS, MONTHS_LOOKED_AT, NO_WORDS, WordsRead, make_card
from rencai.pressure.rules.policy import RISK_POLICY, RiskPolicy
from rencai.pressure.store.cards import Cards
from rencai.store.table import decided
from rencai.wiring import Wired
from rencai.wiring.consumers import on_batch

_TRIES: Final = 3
"""How often a card is made anew when something is told meanwhile; then the message comes back."""


@dataclass(frozen=True, slots=True)
class Cardmaking:
    """Makes cards. What it reads, it reads after the card it replaces: whoever made that one knew no more.

    ``read`` reads the words of an answer; it is called where there are any.
    """

    cards: Cards
    employees: Employees
    signals: WorkSignals
    performances: Performances
    policy: RiskPolicy
    read: Callable[[Iterable[str]], WordsRead]

    def remake(self, employee_id: str, today: date) -> None:
        """Write the card as the file is now; raises ``LostRace`` when it cannot be had at rest."""
        decided(lambda: self._remake(employee_id, today), tries=_TRIES)

    def _remake(self, employee_id: str, today: date) -> None:
        # 6 read units and one write; and a call of KMS where the latest survey has words.
        before = self.cards.get(employee_id)
        employee = self.employees.get(employee_id)
        if employee is None:
            if before:
                self.cards.remove(before)
            return
        answers = self.signals.latest_survey(employee_id, with_texts=bool(self.policy.survey.words))
        card = make_card(
            self.signals.attendance(employee_id, CARD_WEEKS),
            self.signals.leave(employee_id),
            self.performances.latest(employee_id, MONTHS_LOOKED_AT),
            answers.survey if answers else None,
            self.read(answers.texts.values()) if answers and answers.texts else NO_WORDS,
            employee.left_on,
            today,
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


def cardmaking_of(wired: Wired) -> Cardmaking:
    """Makes the tenant's cards, by the policy of now."""
    policy = wired.configurations.latest(RISK_POLICY).document

    def read(texts: Iterable[str]) -> WordsRead:
        # Made with the first answer that has words: most of what is told of employees has none.
        return wired.pressure.words.by(policy.survey.words).read(texts)

    return Cardmaking(
        wired.pressure.cards,
        wired.employees.employees,
        wired.employees.signals,
        wired.employees.performances,
        policy,
        read,
    )


def acting(wired: Wired) -> Callable[[BusEvent], None]:
    """What the queue behind what is told of employees calls for each event of a batch."""
    cardmaking = cardmaking_of(wired)
    # All of a batch was on record before it was received, so one look at an employee answers all that is told of them.
    remade: set[str] = set()

    def act(told: BusEvent) -> None:
        today = wired.clock().astimezone(wired.zone).date()
        for employee_id in told_of(told, wired.migration.objects):
            if employee_id not in remade:
                cardmaking.remake(employee_id, today)
                remade.add(employee_id)

    return act


def act(wired: Wired, told: BusEvent) -> None:
    """One event by itself."""
    acting(wired)(told)


handler = on_batch(acting)
