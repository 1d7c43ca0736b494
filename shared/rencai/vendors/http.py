"""HTTPS JSON to a vendor: bearer token, idempotency key, one timeout, and answers held against their contract."""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import urllib3
from pydantic import BaseModel, ValidationError

from rencai.domain.errors import VendorRefusal, VendorUnavailable

TIMEOUT_SECONDS: Final = 10.0
_RETRYABLE_4XX: Final = frozenset({408, 425, 429})
_MAX_ANSWER: Final = 1024 * 1024
_SHOWN: Final = 200
_FIELD_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}")

Answer = TypeVar("Answer", bound=BaseModel)


def redacted(body: bytes) -> str:
    """The start of an answer for the log: of JSON the structure and the field names stay, of anything else only the
    punctuation, so that a vendor's echo of personal data is not logged.

    >>> redacted(b'{"name": "Wang", "n": 12}')
    '{"name": "****", "n": **}'
    >>> redacted(b"no such person: Wang")
    '** **** ******: ****'
    """
    try:
        return _shape(json.loads(body), _SHOWN)[:_SHOWN]
    except (ValueError, RecursionError):
        return re.sub(r"[^\W_]", "*", body[:_SHOWN].decode("utf-8", "replace"))


def _shape(value: Any, room: int) -> str:
    if room <= 0:
        return ""
    if isinstance(value, dict):
        fields: list[str] = []
        for name, part in value.items():
            left = room - sum(map(len, fields))
            if left <= 0:
                break
            shown = name if _FIELD_NAME.fullmatch(name) else "****"
            fields.append(f'"{shown}": {_shape(part, left)}')
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shape(part, room // 4) for part in value[:4]) + "]"
    if isinstance(value, str):
        return '"****"'
    return "null" if value is None else "**"


class VendorHttp:
    """One vendor's API. Never retries and never follows redirects: the queue in front of us does the waiting."""

    def __init__(
        self,
        vendor: str,
        base_url: str,
        token: Callable[[], str],
        pool: urllib3.PoolManager,
        log: Callable[..., None],
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._vendor = vendor
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._pool = pool
        self._log = log
        self._timeout_seconds = timeout_seconds

    def get(self, path: str, params: Mapping[str, str], answer: type[Answer]) -> Answer:
        """``GET path?params``, answered by ``answer``; raises ``VendorUnavailable`` or ``VendorRefusal``."""
        return self._parsed(self._send("GET", f"{path}?{urlencode(params)}", None, None), answer)

    def post(self, path: str, body: Mapping[str, Any], idempotency_key: str, answer: type[Answer]) -> Answer:
        """``POST path``, answered by ``answer``; the same key again gives the vendor's first answer."""
        return self._parsed(self._send("POST", path, body, idempotency_key), answer)

    def post_for_nothing(self, path: str, body: Mapping[str, Any], idempotency_key: str) -> None:
        """``POST path`` whose answer has no body."""
        self._send("POST", path, body, idempotency_key)

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None, key: str | None) -> bytes:
        headers = {"Authorization": f"Bearer {self._token()}", "Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body, ensure_ascii=False).encode()
        if key is not None:
            headers["Idempotency-Key"] = key
        deadline = time.monotonic() + self._timeout_seconds
        try:
            response = self._pool.request(
                method,
                self._base_url + path,
                body=content,
                headers=headers,
                timeout=urllib3.Timeout(total=self._timeout_seconds),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            answer = self._read(response, deadline)
        except urllib3.exceptions.HTTPError as error:
            raise VendorUnavailable(self._vendor, type(error).__name__) from error
        status = response.status
        if 200 <= status < 300 and len(answer) <= _MAX_ANSWER:
            return answer
        self._log(
            "vendor answered", extra={"vendor": self._vendor, "status": status, "body": redacted(answer)}
        )
        if 400 <= status < 500 and status not in _RETRYABLE_4XX:
            raise VendorRefusal(
                self._vendor, f"answered {status} to {method} {path.partition('?')[0].split('/')[1]}"
            )
        raise VendorUnavailable(self._vendor, f"answered {status}")

    def _read(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        """The body up to just over ``_MAX_ANSWER``. urllib3's timeout is for each read, so that a vendor who sends a
        byte now and then could hold us for hours; this one is for all of them (and one read more, at most).
        """
        answer = bytearray()
        complete = False
        try:
            while len(answer) <= _MAX_ANSWER:
                # As sent: we ask for no compression, and inflating is a loop of its own.
                chunk = response.read1(_MAX_ANSWER + 1, decode_content=False)
                if not chunk:
                    complete = True
                    break
                answer += chunk
                if time.monotonic() >= deadline:
                    raise VendorUnavailable(self._vendor, "answers too slowly")
        finally:
            # A connection with half an answer in it is of no use to the next call.
            if not complete:
                response.close()
            response.release_conn()
        return bytes(answer)

    def _parsed(self, body: bytes, answer: type[Answer]) -> Answer:
        try:
            return answer.model_validate_json(body)
        except ValidationError as error:
            where = [
                ".".join(str(part) for part in e["loc"])
                for e in error.errors(include_input=False, include_url=False)
            ]
            self._log(
                "vendor answer is not in its contract",
                extra={"vendor": self._vendor, "where": where[:10], "body": redacted(body)},
            )
            raise VendorUnavailable(self._vendor, "answered what is not in its contract") from error
