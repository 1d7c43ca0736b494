"""A vendor on this machine: a real HTTP server on loopback that answers as it is told and keeps what it was asked."""

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from rencai.kernel.errors import VendorUnavailable


@dataclass
class Asked:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """A form, of which no field comes twice."""
        pairs = parse_qsl(self.body.decode(), strict_parsing=True)
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    @property
    def route(self) -> str:
        """``GET /path``, without the query."""
        return f"{self.method} {urlsplit(self.path).path}"

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))


Answering = Callable[["Talk"], None]


class Talk(BaseHTTPRequestHandler):
    """One request; ``server`` knows how to answer."""

    protocol_version = "HTTP/1.1"
    server: "Vendor"

    def answer(
        self,
        status: int = 200,
        body: Any = b"{}",
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        """A whole answer; anything but bytes is sent as JSON. ``length`` may lie."""
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.start(
            status, {"Content-Length": str(len(content) if length is None else length), **(headers or {})}
        )
        self.wfile.write(content)

    def start(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def _asked(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.command, self.path, headers, self.rfile.read(length)))
        try:
            self.server.answering(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client gave up, as it should

    do_GET = do_POST = do_PUT = _asked  # noqa: N815 - http.server's names


@dataclass(frozen=True)
class Said:
    """An answer that is said whenever its route is asked for; ``body`` as in ``Talk.answer``."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Vendor(ThreadingHTTPServer):
    """``answering`` may be replaced between calls; ``released`` ends every answer that is held back."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.asked: list[Asked] = []
        self.answering: Answering = Talk.answer
        self.released = threading.Event()

    def says(self, answers: Mapping[str, Said | Sequence[Said]]) -> None:
        """Answer by route (``GET /path``); of several answers each is said once, and the last one from then on."""
        waiting = {route: [said] if isinstance(said, Said) else list(said) for route, said in answers.items()}

        def answer(talk: Talk) -> None:
            left = waiting.get(self.asked[-1].route, [Said({"error": "no such route"}, 404)])
            said = left.pop(0) if len(left) > 1 else left[0]
            talk.answer(said.status, said.body, said.headers)

        self.answering = answer

    @property
    def routes(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.route for asked in self.asked]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about; anything else is a mistake to be seen."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def running() -> Iterator[Vendor]:
    """A vendor for as long as the block lasts."""
    vendor = Vendor()
    thread = threading.Thread(target=vendor.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        vendor.released.set()
        vendor.shutdown()
        vendor.server_close()
        thread.join()


NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Stopwatch:
    """In the place of ``time`` where a deadline is counted: it stands until it is told to go on, so that what has to
    come in time does, however busy the machine is.
    """

    def __init__(self) -> None:
        self._seconds = 0.0

    def monotonic(self) -> float:
        return self._seconds

    def go_on(self, seconds: float) -> None:
        self._seconds += seconds


@dataclass
class Heard:
    """A circuit that keeps what it is told."""

    told: list[str] = field(default_factory=list)
    closed: bool = True

    def admit(self) -> None:
        self.told.append("admit")
        if not self.closed:
            raise VendorUnavailable("finance", "circuit open", retry_after_seconds=30)

    def succeeded(self) -> None:
        self.told.append("succeeded")

    def failed(self) -> None:
        self.told.append("failed")


@dataclass
class Log:
    """Stands in for ``logger.warning``."""

    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, message: str, *, extra: dict[str, Any]) -> None:
        self.lines.append((message, extra))
