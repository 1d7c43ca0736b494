"""One embedded stack for the processes of an end-to-end run."""

from pathlib import Path
from typing import Any

import pytest

from infra.local import layout
from tests.e2e import sharing
from tests.e2e.sharing import shared_stack


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done to the stack, in order."""
    done: list[str] = []
    monkeypatch.setattr(layout, "LOCAL", tmp_path)
    monkeypatch.setattr(sharing, "stop", lambda _: done.append("down"))
    monkeypatch.setattr(sharing, "load", lambda _: "joined")
    return done


def test_the_first_brings_it_up_and_the_last_stops_it(done: list[str]) -> None:
    def bring_up() -> Any:
        done.append("up")
        return "brought up"

    first: Any = shared_stack("x", bring_up)
    second: Any = shared_stack("x", bring_up)
    assert first.__enter__() == "brought up"
    assert second.__enter__() == "joined"
    # Who came first may go first.
    first.__exit__(None, None, None)
    assert done == ["up"]
    second.__exit__(None, None, None)
    assert done == ["up", "down"]
    with shared_stack("x", bring_up):
        pass
    assert done == ["up", "down", "up", "down"]


def test_what_does_not_come_up_is_stopped_and_the_next_one_tries_again(done: list[str]) -> None:
    def fail() -> Any:
        done.append("up")
        raise layout.LocalStackError("no")

    for _ in range(2):
        with pytest.raises(layout.LocalStackError), shared_stack("x", fail):
            pass
    assert done == ["up", "down"] * 2
