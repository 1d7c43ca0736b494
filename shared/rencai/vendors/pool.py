"""Connections whose timeout is for the whole answer.

A socket's timeout is for each read, so a vendor who sends a byte now and then - of the headers or of the body - could
hold us for hours. Here each read gets what is left of the one timeout.
"""

import http.client
import io
import socket
import time
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _UntilDeadline(io.RawIOBase):
    """A socket's input, read until a moment that no byte puts off."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock = sock
        self._input = sock.makefile("rb", buffering=0)
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._input.readinto(buffer)

    def close(self) -> None:
        self._input.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer whose status line, headers and body together have the socket's timeout."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        seconds = sock.gettimeout()
        if seconds is not None:
            self.fp.close()
            self.fp = io.BufferedReader(_UntilDeadline(sock, seconds))


class _Connection(HTTPConnection):
    response_class = _Answer


class _TlsConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class VendorPool(urllib3.PoolManager):
    """A ``PoolManager`` whose timeouts bound the whole answer. One for each vendor and container."""

    def __init__(self, maxsize: int = 4) -> None:
        super().__init__(maxsize=maxsize)
        self.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
