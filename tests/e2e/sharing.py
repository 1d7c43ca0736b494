"""One embedded stack for all processes of a run: the first brings it up, the others join it, the last stops it.

Each holds a lock on ``users`` as long as it runs, which goes with its process however that ends; who gets it for itself
alone is the first, or the last. At ``gate`` they come and go one by one.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from infra.local.layout import Home
from infra.local.stack import Stack, load, stop


@contextmanager
def shared_stack(name: str, bring_up: Callable[[], Stack]) -> Iterator[Stack]:
    """The stack of that name, by ``bring_up`` when nobody uses it yet."""
    folder = Home(name).folder
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "gate").open("w") as gate, (folder / "users").open("w") as users:
        with _locked(gate):
            stack = _brought_up(name, bring_up) if _alone(users) else load(name)
            fcntl.flock(users, fcntl.LOCK_SH)
        assert stack, f"the stack {name!r} is gone while others use it"
        try:
            yield stack
        finally:
            with _locked(gate):
                fcntl.flock(users, fcntl.LOCK_UN)
                if _alone(users):
                    stop(name)


def _brought_up(name: str, bring_up: Callable[[], Stack]) -> Stack:
    try:
        return bring_up()
    except BaseException:
        stop(name)
        raise


def _alone(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(gate: IO[str]) -> Iterator[None]:
    fcntl.flock(gate, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(gate, fcntl.LOCK_UN)
