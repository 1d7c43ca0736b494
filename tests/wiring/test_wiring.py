"""Each function is given by the template what its collaborators are built with: nothing else would notice until the
first message comes.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from types import FunctionType, MethodType
from typing import Any, Final

import pytest

from rencai.platform.settings import Settings
from rencai.wiring import Wired
from tests.template import resources, template
from tests.wiring.reach import chains, follow

FUNCTIONS: Final = resources("AWS::Serverless::Function")
_VALUES: Final = {"TIME_ZONE": "Asia/Shanghai", "FACIAL_SIGNALS": "use"}
_NEVER_ASKED: Final = {
    "SurveyPage": {"PUBLIC_URL_PARAMETER"},
    "MentorPage": {"PUBLIC_URL_PARAMETER"},
    "TrainingMentoring": {"SMS_URL"},
    "InterviewDelivery": {"INGEST_CLIENT_ID"},
}
"""What a collaborator would ask for at an act that this function has no part in: a page makes no links, a webhook
carries no token of a client, and nobody has a mentor's telephone number.
"""


class Environment(dict[str, str]):
    """The variables a function has, with values that will do; ``missing``: what was asked for all the same."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__((name, _VALUES.get(name, "7")) for name in names)
        self.missing: set[str] = set()

    def __missing__(self, name: str) -> str:
        self.missing.add(name)
        raise KeyError(name)


class NothingStored:
    """A client of AWS of a tenant that has set nothing."""

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        return lambda **_: {"Items": []} if operation == "query" else {}


def own_variables(name: str) -> list[str]:
    """The names of the variables that the template gives to this function, and not to all."""
    return list(FUNCTIONS[name].get("Environment", {}).get("Variables", {}))


def environment_of(name: str, *, without: str = "") -> Environment:
    """What the template gives a function."""
    everywhere = template()["Globals"]["Function"]["Environment"]["Variables"]
    return Environment(one for one in (*everywhere, *own_variables(name)) if one != without)


def wired_by(environment: Environment) -> Wired:
    nothing = NothingStored()
    return Wired(Settings(environment), lambda: datetime(2026, 3, 2, tzinfo=UTC), lambda _: nothing)


def asked_for(name: str, environment: Environment) -> dict[str, object]:
    """Every collaborator of a function, by name, built; raises ``KeyError`` for a variable that is not there."""
    wired = wired_by(environment)
    module = FUNCTIONS[name]["Handler"].rpartition(".")[0]
    found = dict(follow(wired, chain) for chain in sorted(chains(module), key=repr))
    return {name: built for name, built in found.items() if is_collaborator(built)}


def is_collaborator(built: object) -> bool:
    """Whether it is of the house, and not the wiring's own."""
    of = type(built).__module__
    return of.startswith("rencai.") and not of.startswith("rencai.wiring")


def asked_later(built: object, seen: set[int]) -> Iterator[Callable[[], Any]]:
    """What the wiring gave to collaborators to ask when they need it."""
    if id(built) in seen or isinstance(built, str | bytes | int | type):
        return
    seen.add(id(built))
    if isinstance(built, FunctionType | MethodType):
        if built.__module__.startswith("rencai.wiring"):
            if not inspect.signature(built).parameters:
                yield built
            return
        held: list[Any] = [cell.cell_contents for cell in built.__closure__ or ()]
    elif isinstance(built, dict):
        held = list(built.values())
    elif isinstance(built, list | tuple | set | frozenset):
        held = list(built)
    elif is_collaborator(built):
        slots = [name for kind in type(built).__mro__ for name in getattr(kind, "__slots__", ())]
        held = [*getattr(built, "__dict__", {}).values(), *(getattr(built, name, None) for name in slots)]
    else:
        return
    for one in held:
        yield from asked_later(one, seen)


def missing(name: str, environment: Environment) -> set[str]:
    """The variables that a function's collaborators ask for, now or later, and do not get."""
    try:
        built = asked_for(name, environment)
    except KeyError:
        if environment.missing:
            return environment.missing
        raise
    seen: set[int] = set()
    asks = list(asked_later(built, seen))
    answers: list[object] = []
    while asks:
        # Mostly it answers nothing of use here, and only a variable that is not there counts; or a collaborator.
        with suppress(Exception):
            answers.append(asks.pop()())
            asks += asked_later(answers[-1], seen)
    return environment.missing


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_has_what_its_collaborators_are_built_with(name: str) -> None:
    """Found on the embedded stack: two functions lacked the key that a collaborator of theirs is built with."""
    assert missing(name, environment_of(name)) == _NEVER_ASKED.get(name, set())


@pytest.mark.parametrize(
    ("name", "variable"), [(name, variable) for name in sorted(FUNCTIONS) for variable in own_variables(name)]
)
def test_a_variable_that_is_taken_away_is_missed(name: str, variable: str) -> None:
    """So the test above sees them all; and no function is given what it does not ask for."""
    assert variable in missing(name, environment_of(name, without=variable))


def test_the_collaborators_are_found() -> None:
    assert asked_for("Watchdog", environment_of("Watchdog")).keys() == {
        "configurations",
        "cursors",
        "hiring.assessments",
        "hiring.journeys",
        "outbox(CHASE_QUEUE_URL)",
    }
    assert "people.recognition" in asked_for("InterviewPart", environment_of("InterviewPart"))
