"""Every refusal there is, found by walking the packages: a new capability's is under the tests without being listed."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

import rencai
from rencai.kernel.errors import Refusal


def _kinds(of: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in of.__subclasses__():
        yield one
        yield from _kinds(one)


def _found() -> tuple[type[Refusal], ...]:
    for module in walk_packages(rencai.__path__, "rencai."):
        if module.name.endswith(".refusals"):
            import_module(module.name)
    return tuple(sorted(_kinds(Refusal), key=lambda kind: (kind.__module__, kind.__name__)))


KINDS: Final = _found()
REFUSALS: Final[tuple[Refusal, ...]] = tuple(refusal for kind in KINDS for refusal in kind)
