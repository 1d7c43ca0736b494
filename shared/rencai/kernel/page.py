"""A page of what a vendor has to tell."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """``next`` is where to go on, now or at the next pull; None: where this page began. ``more``: going on now brings
    more. ``skipped`` items were not in their contract: they are logged and left out.
    """

    items: tuple[Item, ...]
    next: str | None
    more: bool
    skipped: int = 0
