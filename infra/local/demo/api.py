"""The tenant's HTTP API as the demo and the soak call it."""

from __future__ import annotations

from typing import Any

import httpx

from infra.local import Stack


class DemoFailed(Exception):
    """The demo did not come to its end; the message says where it stands and where to look."""


class Unavailable(DemoFailed):
    """The API did not answer, or not with sense: worth asking again."""


class Api:
    """The tenant's HTTP API, called as one of its OAuth clients; a token that has run out is replaced."""

    def __init__(self, stack: Stack, client: str) -> None:
        self._stack = stack
        self._client = client
        self._token = stack.access_token(client)
        self._http = httpx.Client(timeout=60, trust_env=False)

    def get(self, path: str, **query: str | int) -> Any:
        """The JSON answer; raises ``DemoFailed`` for any status but 2xx, ``Unavailable`` for 5xx or none."""
        return self._call("GET", path, params={name: value for name, value in query.items() if value != ""})

    def post(self, path: str, body: object) -> Any:
        """As ``get``."""
        return self._call("POST", path, json=body)

    def pages(self, path: str) -> list[dict[str, Any]]:
        """Every item of a list."""
        items: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.get(path, limit=100, cursor=cursor)
            items += page["items"]
            if not page["next"]:
                return items
            cursor = page["next"]

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        answer = self._send(method, path, **arguments)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._token = self._stack.access_token(self._client)
            answer = self._send(method, path, **arguments)
        if not answer.is_success:
            failure = Unavailable if answer.is_server_error else DemoFailed
            raise failure(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json()

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            return self._http.request(method, self._stack.api_url + path, headers=headers, **arguments)
        except httpx.TransportError as error:
            raise Unavailable(f"{method} {path}: {type(error).__name__} {error}") from None
