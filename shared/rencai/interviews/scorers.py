"""The scorer of each role, compiled from its competency model."""

from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.interviews.rules.scoring import FacialPolicy, Scorer
from rencai.kernel.errors import DomainError, NotFound
from rencai.store.configurations import Configurations


class Scorers:
    """A compiled scorer for each role's newest model, compiled again only when the version changes."""

    def __init__(self, configurations: Configurations, policy: FacialPolicy) -> None:
        self._configurations = configurations
        self._policy = policy
        self._compiled: dict[str, Scorer] = {}

    def of(self, role: str) -> Scorer:
        """The scorer of ``role``; raises ``DomainError`` (UNKNOWN_ROLE) naming the roles there are."""
        try:
            latest = self._configurations.latest(COMPETENCY_MODEL, role)
        except NotFound:
            known = tuple(self._configurations.names(COMPETENCY_MODEL))
            raise DomainError(
                InterviewRefusal.UNKNOWN_ROLE, "position.role", role=role, known=known
            ) from None
        scorer = self._compiled.get(role)
        if scorer is None or scorer.version != latest.version:
            scorer = self._compiled[role] = Scorer(latest.document, latest.version, self._policy)
        return scorer
