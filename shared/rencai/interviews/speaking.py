"""Is a result's vendor one that who brings it may speak for; asked at every door, before anything is done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rencai.interviews.rules.speakers import INTERVIEW_VENDORS, Door, Speaker
from rencai.store.configurations import Configurations


@dataclass(frozen=True, slots=True)
class Speaking:
    """The use case and its collaborators. ``own_clients`` gives the names of the stack's own OAuth clients, by id."""

    configurations: Configurations
    own_clients: Callable[[], Mapping[str, str]]

    def refuse_unbound(self, speaker: Speaker, vendor: str) -> None:
        """Raises ``Forbidden`` (VENDOR_NOT_BOUND) unless ``speaker`` may speak for ``vendor``."""
        binding = self.configurations.latest(INTERVIEW_VENDORS).document
        own = self.own_clients() if speaker.door is Door.CLIENT else {}
        binding.refuse_unbound(speaker, vendor, own)
