"""The wiring as the tests build it: the real one, with ends of their own."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from rencai import wiring
from rencai.platform.api import Api
from rencai.platform.settings import Settings
from rencai.wiring import Wired
from rencai.wiring.routes import Routes
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


class BorrowedApi(Api):
    """An API of routes that a function serves: theirs while a call is answered, and the function's again behind it."""

    def __init__(self, *routers: Routes) -> None:
        super().__init__("zh-CN")
        self._routers: list[Routes] = []
        self.include(*routers)

    def include(self, *routers: Routes) -> None:
        """Further routes."""
        for one in routers:
            theirs = one.api_resolver
            self.resolver.include_router(one)
            one.api_resolver = theirs
        self._routers += routers

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer a call, see ``Api.handle``."""
        theirs = [one.api_resolver for one in self._routers]
        for one in self._routers:
            one.api_resolver = self.resolver
        try:
            return super().handle(event, context)
        finally:
            for one, resolver in zip(self._routers, theirs, strict=True):
                one.api_resolver = resolver
