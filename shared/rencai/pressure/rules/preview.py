"""What another risk policy would come to over the cards as they are (F4): how many each level flags, and who changes.

Both policies are held against the same cards on the same day, so that what differs is the policy's. Rules of words are
looked at when a card is made: one that is new or changed is met by nobody here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from .card import question_number, questions_on
from .policy import RiskLevel, RiskPolicy, WordsRule
from .scan import Scan

TOO_MANY_PERCENT: Final = 10
"""Above this share of people flagged, an alert tells HR little about anybody."""
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody whom the other policy flags otherwise; None: not at all."""

    employee_id: str
    before: RiskLevel | None
    after: RiskLevel | None


class PolicyPreview:
    """Adds up cards by the policy that counts (``now``) and by the ``proposed`` one, on ``day``."""

    def __init__(self, now: RiskPolicy, proposed: RiskPolicy, day: date) -> None:
        self.day = day
        self.before: Counter[RiskLevel] = Counter()
        self.after: Counter[RiskLevel] = Counter()
        self.changes: list[Change] = []
        self.words_not_looked_at = _words_not_looked_at(now, proposed)
        self._asks_for = proposed.survey.questions
        self._answered: set[int] = set()
        self._now, self._proposed = Scan(now, day), Scan(proposed, day)

    @property
    def people(self) -> int:
        """Whose cards were added up: those who have left are none of them."""
        return self._proposed.totals.employees

    def add(self, page: Sequence[tuple[str, bytes]]) -> None:
        """Add up cards: whose, and the card."""
        cards = [card for _, card in page]
        self._answered.update(*map(questions_on, cards))
        before = {place: found.level for place, found in self._now.judge_all(cards)}
        after = {place: found.level for place, found in self._proposed.judge_all(cards)}
        self.before.update(before.values())
        self.after.update(after.values())
        for place in sorted(before.keys() | after.keys()):
            if before.get(place) is not after.get(place):
                self.changes.append(Change(page[place][0], before.get(place), after.get(place)))

    @property
    def never_answered(self) -> tuple[str, ...]:
        """The questions that the proposed policy asks for and nobody's latest survey has a score of, where surveys have
        any: a slip of the pen, which would never raise anything.
        """
        if not self._answered:
            return ()
        return tuple(one for one in self._asks_for if question_number(one) not in self._answered)

    def percent(self, count: int) -> Decimal:
        """``count`` people as a share of all, in percent to tenths, half up; nobody of nobody is 0."""
        share = Decimal(count * 100) / self.people if self.people else Decimal(0)
        return share.quantize(_TENTH, ROUND_HALF_UP)

    @property
    def flags_too_many(self) -> bool:
        """Whether the proposed policy flags more than ``TOO_MANY_PERCENT`` of the people."""
        return self.after.total() * 100 > self.people * TOO_MANY_PERCENT


def _words_not_looked_at(now: RiskPolicy, proposed: RiskPolicy) -> tuple[str, ...]:
    known = {rule.id: _looked_for(rule) for rule in now.survey.words}
    return tuple(rule.id for rule in proposed.survey.words if known.get(rule.id) != _looked_for(rule))


def _looked_for(rule: WordsRule) -> dict[str, Any]:
    return rule.model_dump(exclude={"id", "name"})
