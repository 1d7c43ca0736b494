"""What reads words."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base

if TYPE_CHECKING:
    from rencai.reading.readers import Readers
    from rencai.reading.rules.asking import LanguageModel, ReadingModel
    from rencai.reading.store.marks import Marks


class ReadingWiring:
    """What reads words."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._asked: tuple[ReadingModel, LanguageModel] | None = None

    @cached_property
    def readers(self) -> "Readers":
        """The readers, kept from one text to the next."""
        from rencai.reading.readers import Readers

        return Readers(self._base.configurations, self._model)

    @cached_property
    def marks(self) -> "Marks":
        """What HR says of readings."""
        from rencai.reading.store.marks import Marks

        return Marks(self._base.table, lambda: self._base.vault, lambda: self._base.ids)

    def _model(self) -> "LanguageModel | None":
        from rencai.reading.rules.asking import READING_MODEL

        said = self._base.configurations.latest(READING_MODEL).document
        if said.model is None:
            return None
        if self._asked is None or self._asked[0] != said:
            from rencai.platform.bedrock import Converse, client

            self._asked = said, Converse(client(said.region, said.url), said.model)
        return self._asked[1]
