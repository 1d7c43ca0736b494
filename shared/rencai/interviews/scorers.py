"""The scorer of each role, compiled from its competency model, with the reader of what is said in interviews."""

from typing import TYPE_CHECKING

from rencai.interviews.rules.competency import COMPETENCY_MODEL, CompetencyModel
from rencai.interviews.rules.profile import FacialPolicy, Profile
from rencai.interviews.rules.refusals import InterviewRefusal
from rencai.interviews.rules.scoring import Scorer
from rencai.kernel.errors import DomainError, NotFound
from rencai.reading.readers import Readers, Words
from rencai.store.configurations import Configurations

if TYPE_CHECKING:
    from rencai.reading.rules.reader import Hears


class Scorers:
    """A compiled scorer for each role's newest model and reader, compiled again only when one of them changes."""

    def __init__(self, configurations: Configurations, policy: FacialPolicy, readers: Readers) -> None:
        self._configurations = configurations
        self._policy = policy
        self._readers = readers
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
        reader = self._reader(latest.document)
        scorer = self._compiled.get(role)
        if scorer is None or scorer.version != latest.version or scorer.reader is not reader:
            scorer = self._compiled[role] = Scorer(latest.document, latest.version, self._policy, reader)
        return scorer

    def of_profile(self, profile: Profile) -> Scorer:
        """What made ``profile``: its version of the model, its policy, its reader; raises ``NotFound``.

        The same interview gives the same profile again, whatever has been stored since. Not so where a language model
        helped the reader: its answers are not kept, and the scorer reads without it.
        """
        model = self._configurations.of_version(COMPETENCY_MODEL, profile.model_version, profile.model_id)
        reader = self._readers.of(Words.COMPETENCY, profile.reader) if profile.reader else None
        return Scorer(model.document, model.version, profile.facial_policy, reader)

    def _reader(self, model: CompetencyModel) -> "Hears | None":
        if not model.is_read:
            return None
        try:
            return self._readers.of(Words.COMPETENCY)
        except NotFound:
            # A tenant of before, whose patterns hold wherever they stand until an admin loads the reader's documents.
            if model.cannot_do_unread:
                raise
            return None
