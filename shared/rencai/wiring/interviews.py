"""Interview results, and files of them."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base
from .reading import ReadingWiring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rencai.interviews.desk import UploadDesk
    from rencai.interviews.scorers import Scorers
    from rencai.interviews.speaking import Speaking
    from rencai.interviews.store.interviews import Interviews
    from rencai.interviews.store.uploads import Uploads


class InterviewsWiring:
    """Interview results, and files of them."""

    def __init__(self, base: Base, reading: ReadingWiring) -> None:
        self._base = base
        self._reading = reading

    @cached_property
    def interviews(self) -> "Interviews":
        """Interview results."""
        from rencai.interviews.store.interviews import Interviews

        return Interviews(self._base.table)

    @cached_property
    def uploads(self) -> "Uploads":
        """Files of interviews."""
        from rencai.interviews.store.uploads import Uploads

        return Uploads(self._base.table)

    @cached_property
    def desk(self) -> "UploadDesk":
        """What clients do about files of interviews."""
        from rencai.interviews.desk import UploadDesk

        return UploadDesk(self.uploads, self._base.bucket, self._base.ids)

    @cached_property
    def speaking(self) -> "Speaking":
        """Who may speak for which interview vendor."""
        from rencai.interviews.speaking import Speaking

        return Speaking(self._base.configurations, self.own_clients)

    def own_clients(self) -> "Mapping[str, str]":
        """The names of the stack's own OAuth clients, by id."""
        settings = self._base.settings
        return {settings["INGEST_CLIENT_ID"]: "ingest", settings["HR_CLIENT_ID"]: "hr"}

    @cached_property
    def scorers(self) -> "Scorers":
        """The scorers of the roles, kept from one interview to the next."""
        from rencai.interviews.rules.profile import FacialPolicy
        from rencai.interviews.scorers import Scorers

        policy = FacialPolicy(self._base.settings["FACIAL_SIGNALS"])
        return Scorers(self._base.configurations, policy, self._reading.readers)
