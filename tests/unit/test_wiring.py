"""Each function is given by template.yaml what its collaborators are built with: nothing else would notice until the
first message comes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rencai import wiring
from rencai.domain.configuration import VendorConnection
from rencai.platform.settings import Settings
from tests.template import ROOT, resources, template

FUNCTIONS = resources("AWS::Serverless::Function")
_ASKED_FOR = re.compile(r"\bwiring\.([a-z_]+)\(")
_SIBLINGS = re.compile(r"^from \.([a-z_]*) import (.*)$", re.MULTILINE)


class _Configurations:
    """A tenant that has set nothing."""

    @staticmethod
    def vendor_connection(_: str) -> VendorConnection:
        return VendorConnection()


def _environment(function: dict[str, Any]) -> dict[str, str]:
    """The variables a function has, with values that will do."""
    shared = template()["Globals"]["Function"]["Environment"]["Variables"]
    names = {**shared, **function.get("Environment", {}).get("Variables", {})}
    return dict.fromkeys(names, "7") | {"TIME_ZONE": "Asia/Shanghai"}


def _sources(path: Path, seen: set[Path]) -> Iterator[str]:
    """A handler's module and those of its folder that it imports."""
    if path in seen or not path.exists():
        return
    seen.add(path)
    source = path.read_text()
    yield source
    for module, names in _SIBLINGS.findall(source):
        for name in [module] if module else [part.strip() for part in names.split(",")]:
            yield from _sources(path.parent / f"{name}.py", seen)


def _collaborators(function: dict[str, Any]) -> set[str]:
    folder, file, _ = function["Handler"].split(".")
    path = ROOT / "functions" / folder / f"{file}.py"
    return {name for source in _sources(path, set()) for name in _ASKED_FOR.findall(source)} - {
        "clock",
        "client",
    }


@pytest.fixture
def nothing_built(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def forget() -> None:
        for made in vars(wiring).values():
            if hasattr(made, "cache_clear"):
                made.cache_clear()
        wiring._clients.clear()

    forget()
    yield
    forget()


@pytest.mark.parametrize("name", sorted(name for name in FUNCTIONS if _collaborators(FUNCTIONS[name])))
@pytest.mark.usefixtures("nothing_built")
def test_a_function_has_what_its_collaborators_are_built_with(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found on the embedded stack: two functions lacked the key that a collaborator of theirs is built with."""
    settings = Settings(_environment(FUNCTIONS[name]))
    monkeypatch.setattr(wiring, "settings", lambda: settings)
    for collaborator in sorted(_collaborators(FUNCTIONS[name]) - {"configurations"}):
        with monkeypatch.context() as patched:
            patched.setattr(wiring, "configurations", _Configurations)
            getattr(wiring, collaborator)()


def test_the_collaborators_are_found() -> None:
    assert _collaborators(FUNCTIONS["Watchdog"]) == {"assessments", "configurations", "cursors", "journeys"}
    assert "recognition" in _collaborators(FUNCTIONS["InterviewPart"])
