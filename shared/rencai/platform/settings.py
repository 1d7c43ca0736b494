"""What the stack tells a function, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """A function is given only what it needs; asking for what it was not given raises ``KeyError`` with the name."""

    environment: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        try:
            return self.environment[name]
        except KeyError:
            raise KeyError(f"{name} is not set: give it to this function in its room's stack.yaml") from None

    @property
    def tenant_id(self) -> str:
        """The tenant this stack serves."""
        return self["TENANT_ID"]

    @property
    def language(self) -> str:
        """The tenant's language, for those who ask for none."""
        return self["TENANT_LANGUAGE"]


@cache
def settings() -> Settings:
    """The settings of this container."""
    return Settings(dict(os.environ))
