"""What reads words."""

from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base

if TYPE_CHECKING:
    from rencai.reading.readers import Readers


class ReadingWiring:
    """What reads words."""

    def __init__(self, base: Base) -> None:
        self._base = base

    @cached_property
    def readers(self) -> "Readers":
        """The readers, kept from one text to the next."""
        from rencai.reading.readers import Readers

        return Readers(self._base.configurations)
