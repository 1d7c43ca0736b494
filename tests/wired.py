"""The wiring as the tests build it: the real one, with ends of their own."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from rencai import wiring
from rencai.platform.settings import Settings
from rencai.wiring import Wired
from tests.keyed import IDS


def wired_with(
    client: Callable[[str], Any], clock: Callable[[], datetime], settings: Mapping[str, str] | None = None
) -> Wired:
    """What is wired with these clients and this clock, in the environment of the tests (``tests/conftest.py``) with
    ``settings`` on top. Other ends - ``wired.vendors``, ``wired.letters.mail``, any collaborator - are set on it.
    """
    wired = Wired(Settings({**os.environ, **(settings or {})}), clock, client)
    wired.ids = IDS
    return wired


def serves(monkeypatch: pytest.MonkeyPatch, wired: Wired) -> None:
    """From now on handlers answer with ``wired``."""
    monkeypatch.setattr(wiring, "container", lambda: wired)
