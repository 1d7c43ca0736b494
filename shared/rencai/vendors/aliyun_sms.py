"""Text messages by Alibaba Cloud (阿里云短信服务, Dysmsapi 2017-05-25).

Its words are a template that was approved beforehand; a message names it, and gives its parameters. Requests are signed
as "V3 request structure and signature" (ACS3-HMAC-SHA256) of its developer guide says.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

from jinja2 import TemplateError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rencai.kernel.errors import VendorRefusal
from rencai.letters.rendering import plain
from rencai.letters.sms import NotTaken, ShortMessage

from .http import Answered, ContentRefused, Line, NotNow, VendorHttp, is_busy

_ACTION: Final = "SendSms"
_VERSION: Final = "2017-05-25"
_ALGORITHM: Final = "ACS3-HMAC-SHA256"
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{1,99}")
_LONGEST_PARAMETER: Final = 35
"""Characters of a parameter's value in a message to a mainland number."""
_OF_THE_MESSAGE: Final = frozenset(
    {
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
        "isv.BLACK_KEY_CONTROL_LIMIT",
        "isv.SMS_CONTENT_ILLEGAL",
        "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE",
        "isv.PARAM_LENGTH_LIMIT",
        "isv.PARAM_NOT_SUPPORT_URL",
        "isv.TEMPLATE_PARAMS_ILLEGAL",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.INVALID_JSON_PARAM",
        "isv.INVALID_PARAMETERS",
    }
)
"""What it says of a number or of words that it will say again (error codes, Short Message Service)."""
_LATER: Final = frozenset(
    {
        "isv.BUSINESS_LIMIT_CONTROL",
        "isv.DAY_LIMIT_CONTROL",
        "isv.MONTH_LIMIT_CONTROL",
        "isp.SYSTEM_ERROR",
        "SignatureNonceUsed",
    }
)
"""What passes by itself. Everything else is about the account, its signature or its templates: a person's to mend."""


_Language = Annotated[str, Field(pattern=r"^(zh-CN|en)$")]


class AliyunTemplate(BaseModel):
    """An approved template: its code, and each of its parameters as a Jinja template of the letter's values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(pattern=r"^SMS_[0-9]{1,20}$")]
    params: dict[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,30}$")], str] = {}


class AliyunSettings(BaseModel):
    """``sign_name`` is the approved signature (签名); ``templates`` are by letter and language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sign_name: Annotated[str, Field(min_length=2, max_length=30)]
    templates: dict[str, dict[_Language, AliyunTemplate]]


class _Answer(BaseModel):
    code: str = Field(alias="Code")
    message_id: str = Field("", alias="BizId")


class AliyunSms:
    """``token`` gives ``<AccessKey id>:<AccessKey secret>``.

    It has no idempotency key. ``OutId`` is our reference, so that a person finds the message in its records.
    """

    def __init__(
        self,
        settings: AliyunSettings,
        line: Line,
        url: str,
        token: Callable[[], str],
        nonce: Callable[[], str],
    ) -> None:
        self._settings = settings
        self._line = line
        self._url = url
        self._token = token
        self._nonce = nonce

    def send(self, message: ShortMessage) -> str:
        """Send one message by the letter's approved template; ``NotTaken`` where there is none in its language."""
        template = self._settings.templates.get(message.letter, {}).get(message.language)
        if template is None:
            raise NotTaken(f"no template for {message.letter} in {message.language}")
        query = canonical_query(
            {
                "PhoneNumbers": message.to.removeprefix("+"),
                "SignName": self._settings.sign_name,
                "TemplateCode": template.code,
                "TemplateParam": _parameters(template, message),
                "OutId": message.reference,
            }
        )

        def signed() -> Mapping[str, str]:
            access_key, _, secret = self._token().partition(":")
            stamp = RequestStamp(urlsplit(self._url).netloc, self._line.clock(), self._nonce())
            return signature_headers(access_key, secret, _ACTION, _VERSION, query, stamp)

        http = VendorHttp(self._line, self._url, signed, busy=_is_busy)
        try:
            return http.call("POST", f"/?{query}", self._sent)
        except _OfTheMessage as refused:
            raise NotTaken(str(refused)) from None

    def _sent(self, answered: Answered) -> str:
        answer = _Answer.model_validate_json(answered.body)
        vendor = self._line.vendor
        if answer.code == "OK":
            return answer.message_id
        reason = f"answered {answer.code if _CODE.fullmatch(answer.code) else 'a code that is none'}"
        if answer.code in _OF_THE_MESSAGE:
            raise _OfTheMessage(vendor, reason)
        if _passes(answer.code):
            raise NotNow(vendor, reason)
        raise VendorRefusal(vendor, reason)


class _OfTheMessage(ContentRefused):
    """The number or the words are at fault, and not the account."""


def _parameters(template: AliyunTemplate, message: ShortMessage) -> str:
    """The parameters' values, cut to what one may have."""
    try:
        values = {name: plain(said, **message.values) for name, said in template.params.items()}
    except TemplateError as error:
        raise VendorRefusal("sms", f"a parameter of {template.code} does not render: {error}") from None
    cut = {name: value[:_LONGEST_PARAMETER] for name, value in values.items()}
    return json.dumps(cut, ensure_ascii=False)


def _passes(code: str) -> bool:
    return code in _LATER or code.startswith("Throttling")


def _is_busy(answered: Answered) -> bool:
    """Throttling is a 400 with a code."""
    if is_busy(answered):
        return True
    try:
        return _passes(_Answer.model_validate_json(answered.body).code)
    except ValidationError:
        return False


# --- signature --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestStamp:
    """What tells a request from every other: to which ``host``, when, and a ``nonce`` that comes once."""

    host: str
    at: datetime
    nonce: str


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Parameters by name, encoded as RFC 3986 has it: as they are signed, and as they are sent.

    >>> canonical_query({"b": "a b", "a": "~*"})
    'a=~%2A&b=a%20b'
    """
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(parameters.items()))


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def signature_headers(
    access_key: str, secret: str, action: str, version: str, query: str, stamp: RequestStamp
) -> dict[str, str]:
    """The headers of a POST to ``/`` without a body, signed (ACS3-HMAC-SHA256)."""
    body = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": stamp.host,
        "x-acs-action": action,
        "x-acs-content-sha256": body,
        "x-acs-date": stamp.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": stamp.nonce,
        "x-acs-version": version,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = hashlib.sha256("\n".join(("POST", "/", query, lines, names, body)).encode()).hexdigest()
    signature = hmac.new(secret.encode(), f"{_ALGORITHM}\n{request}".encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={access_key},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": f"{_ALGORITHM} {credential}"}
