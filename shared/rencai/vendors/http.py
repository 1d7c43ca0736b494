"""HTTPS to a vendor: who we are, one deadline, a circuit, and answers held against their contract."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

import urllib3
from pydantic import BaseModel, ValidationError

from rencai.kernel.errors import VendorRefusal, VendorUnavailable

from .asked import Pinned, Request
from .auth import Auth
from .circuit import Circuit, Unguarded
from .pool import VendorPool

TIMEOUT_SECONDS: Final = 10.0
LONGEST_RETRY_AFTER: Final = 6 * 3600
"""Seconds; a vendor that asks us to stay away for longer is asked again after these."""
_CONFLICT: Final = 409
_OF_THE_CONTENT: Final = frozenset({400, 413, 422})
_RETRYABLE_4XX: Final = frozenset({408, 425, 429})
_MAX_ANSWER: Final = 1024 * 1024
_SHOWN: Final = 200
_FIELD_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}")
_VERSION: Final = re.compile(r"v\d+(\.\d+)?")
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"

Answer = TypeVar("Answer", bound=BaseModel)
Read = TypeVar("Read")


class NotNow(VendorUnavailable):
    """The vendor is there and has answered, but does not do it now: nothing that its circuit counts as a failure."""


class ContentRefused(VendorRefusal):
    """The vendor refuses what was said, not who says it: it has done nothing, and other content may be taken."""


class OutOfContract(VendorUnavailable):
    """The vendor has answered, but not what its contract says."""

    def __init__(self, vendor: str) -> None:
        super().__init__(vendor, "answered what is not in its contract")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came; header names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_busy(answered: Answered) -> bool:
    """Whether a 4xx is to be tried again: a timeout, too early, too many."""
    return answered.status in _RETRYABLE_4XX


@dataclass(frozen=True, slots=True)
class Line:
    """How a vendor is reached: what all its clients share. ``log`` takes a message and ``extra``."""

    vendor: str
    pool: VendorPool
    circuit: Circuit
    clock: Callable[[], datetime]
    log: Callable[..., None]
    timeout_seconds: float = TIMEOUT_SECONDS

    def unguarded(self) -> "Line":
        """For calls that are part of another, guarded one: the two are one call to the circuit."""
        return replace(self, circuit=Unguarded())


def segment(text: str) -> str:
    """``text`` as one segment of a path; of dots alone it would name another place.

    >>> segment("a/b"), segment("..")
    ('a%2Fb', '%2E%2E')
    """
    return quote(text, safe="") if text.strip(".") else text.replace(".", "%2E")


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


def retry_after_seconds(value: str | None, now: datetime) -> int | None:
    """``Retry-After`` as seconds from ``now``, 0 to ``LONGEST_RETRY_AFTER``; None when it is missing or no sense.

    >>> from datetime import UTC
    >>> retry_after_seconds("120", datetime(2026, 3, 2, 1, tzinfo=UTC))
    120
    >>> retry_after_seconds("Mon, 02 Mar 2026 01:00:30 GMT", datetime(2026, 3, 2, 1, tzinfo=UTC))
    30
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text), LONGEST_RETRY_AFTER) if len(text) <= 9 else LONGEST_RETRY_AFTER
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        # It parses piece by piece, and whatever piece is odd raises what it will.
        return None
    if moment.tzinfo is None:
        return None
    return max(0, min(round((moment - now).total_seconds()), LONGEST_RETRY_AFTER))


class VendorHttp:
    """One vendor's API. Never repeats a call and never follows redirects: the queue in front of us does the waiting.

    The one exception is a 401 where a token may be renewed: nothing was done, and the second call is the last.
    """

    def __init__(
        self,
        line: Line,
        base_url: str,
        auth: Auth,
        *,
        renew: Callable[[], None] | None = None,
        busy: Callable[[Answered], bool] = is_busy,
    ) -> None:
        """``renew`` drops a cached token, ``busy`` says which 4xx are to be tried again."""
        self._line = line
        self._base_url = base_url.rstrip("/")
        self._auth = auth
        self._renew = renew
        self._busy = busy

    @property
    def vendor(self) -> str:
        """Whom this calls."""
        return self._line.vendor

    def get(self, path: str, params: Mapping[str, str], answer: type[Answer]) -> Answer:
        """``GET path?params``, answered by ``answer``; raises ``VendorUnavailable`` or ``VendorRefusal``."""
        return self.call(
            "GET", path, lambda answered: answer.model_validate_json(answered.body), params=params
        )

    def post(self, path: str, body: Mapping[str, Any], asked: Pinned, answer: type[Answer]) -> Answer:
        """``POST path``, answered by ``answer``; the same call again gives the vendor's first answer, for it is asked
        what it was asked first.
        """

        def read(answered: Answered) -> Answer:
            return answer.model_validate_json(answered.body)

        return self.call("POST", path, read, body=body, asked=asked)

    def post_for_nothing(
        self, path: str, body: Mapping[str, Any], idempotency_key: str | None = None
    ) -> None:
        """``POST path`` whose answer has no body. A key names all that the call says, for nothing is kept of it."""
        self.call("POST", path, lambda _: None, body=body, idempotency_key=idempotency_key)

    def call(
        self,
        method: str,
        path: str,
        read: Callable[[Answered], Read],
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        asked: Pinned | None = None,
    ) -> Read:
        """Make one call, with a JSON ``body`` or a ``form``, and read its 2xx answer. One that is ``asked`` for again
        says what it said first, under the same key.

        ``read`` raises ``ValidationError`` for an answer that is not in its contract. This raises ``VendorRefusal`` for
        a 4xx that will not change, ``VendorUnavailable`` for all else that is no answer.
        """
        headers = {"Accept": _JSON}
        content = None
        if body is not None:
            headers["Content-Type"], content = _JSON, json.dumps(body, ensure_ascii=False).encode()
        elif form is not None:
            headers["Content-Type"], content = _FORM, urlencode(form).encode()
        target = f"{path}?{urlencode(params)}" if params else path

        circuit = self._line.circuit
        request: Request | None = None
        circuit.admit()
        if asked is not None and content is not None:
            # Only now is it asked: what waits for a vendor that is down may still be corrected.
            request = asked.first(self._base_url + target, content)
            idempotency_key, content = request.idempotency_key, request.content
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        try:
            told = self._parsed(self._answered(method, target, headers, content), read)
        except (VendorRefusal, NotNow) as answered:
            circuit.succeeded()
            if asked is not None and request is not None and isinstance(answered, ContentRefused):
                asked.refused(self._base_url + target, request)
            raise
        except VendorUnavailable:
            circuit.failed()
            raise
        circuit.succeeded()
        return told

    def good_ones(self, items: Sequence[Any], answer: type[Answer]) -> tuple[list[Answer], int]:
        """Those of a page's items that are in their contract, and how many are not.

        One bad item must not lose the others of its page, nor hold up the pages behind it. It is logged by its place.
        """
        good: list[Answer] = []
        for place, item in enumerate(items):
            try:
                good.append(answer.model_validate(item))
            except ValidationError as error:
                self._line.log(
                    "vendor item is not in its contract",
                    extra={"vendor": self.vendor, "item": place, "where": _where(error)},
                )
        return good, len(items) - len(good)

    def _answered(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | None
    ) -> Answered:
        """The 2xx answer, after a second call at most."""
        deadline = time.monotonic() + self._line.timeout_seconds
        answered = self._exchange(method, target, {**headers, **self._auth()}, content, deadline)
        if answered.status == 401 and self._renew is not None:
            self._renew()
            answered = self._exchange(method, target, {**headers, **self._auth()}, content, deadline)
        status = answered.status
        if 200 <= status < 300 and len(answered.body) <= _MAX_ANSWER:
            return answered
        vendor = self.vendor
        self._line.log(
            "vendor answered", extra={"vendor": vendor, "status": status, "body": redacted(answered.body)}
        )
        reason = f"answered {status}"
        wait = retry_after_seconds(answered.headers.get("Retry-After"), self._line.clock())
        if 400 <= status < 500:
            # 409 to a key: its first call is under way still, or the vendor holds other content against it. Neither is
            # a refusal of what is asked; the tries end among the dead letters, and are told there.
            if self._busy(answered) or (status == _CONFLICT and "Idempotency-Key" in headers):
                raise NotNow(vendor, reason, wait)
            kind = ContentRefused if status in _OF_THE_CONTENT else VendorRefusal
            raise kind(vendor, f"{reason} to {method} {_subject(target)}")
        raise VendorUnavailable(vendor, reason, wait)

    def _exchange(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | None, deadline: float
    ) -> Answered:
        left = deadline - time.monotonic()
        if left <= 0:
            # Fetching a token took it all. What is sent now might be done without our hearing of it.
            raise VendorUnavailable(self.vendor, "answers too slowly")
        try:
            response = self._line.pool.request(
                method,
                self._base_url + target,
                body=content,
                headers=headers,
                timeout=urllib3.Timeout(total=left),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            return Answered(response.status, response.headers, _read(response))
        except urllib3.exceptions.HTTPError as error:
            raise VendorUnavailable(self.vendor, type(error).__name__) from error

    def _parsed(self, answered: Answered, read: Callable[[Answered], Read]) -> Read:
        try:
            return read(answered)
        except ValidationError as error:
            self._line.log(
                "vendor answer is not in its contract",
                extra={"vendor": self.vendor, "where": _where(error), "body": redacted(answered.body)},
            )
            raise OutOfContract(self.vendor) from error


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    """The body up to just over ``_MAX_ANSWER``; the pool's connections see to the deadline."""
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
    finally:
        # A connection with half an answer in it is of no use to the next call.
        if not complete:
            response.close()
        response.release_conn()
    return bytes(answer)


def _where(error: ValidationError) -> list[str]:
    """Up to ten places where an answer is not in its contract; a name that is no field's may be a person's."""
    errors = error.errors(include_input=False, include_url=False, include_context=False)
    return [
        ".".join(
            str(part) if isinstance(part, int) or _FIELD_NAME.fullmatch(part) else "****" for part in e["loc"]
        )
        for e in errors[:10]
    ]


def _subject(target: str) -> str:
    """What a call was about, for the log: the first part of its path that is no version. The rest may be ids.

    >>> _subject("/v2.1/accounts/42/envelopes?reference=x")
    'accounts'
    """
    parts = target.partition("?")[0].split("/")[1:]
    return next((part for part in parts if not _VERSION.fullmatch(part)), "")
