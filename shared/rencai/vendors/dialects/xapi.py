"""xAPI 1.0.3: statements of learners' progress, posted as to an LRS.

xAPI has no signature. A client names itself with HTTP Basic; each key is its ``user:password``. What guards against a
replay is that a statement is acted on once, by its id: the same id with other content is a conflict.

A body is one statement or an array of them (no attachments). The verbs are ADL's, the progress is cmi5's.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, RootModel, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from rencai.inbox.dialect import (
    Delivered,
    Message,
    Moment,
    NotAuthentic,
    NotInContract,
    any_matches,
    body_id,
    in_contract,
    part_in_contract,
    usable,
)
from rencai.inbox.facts import NotActedOn
from rencai.inbox.refusals import InboxReason
from rencai.kernel.facts import VendorFact
from rencai.training.rules.facts import CourseProgressed

VENDORS: Final = frozenset({"lms"})
ACCEPTED: Final = 200
ONE_CONTENT_PER_ID: Final = True
_VERSION: Final = re.compile(r"1\.0(\.[0-9]{1,3})?")
_VERB: Final = "http://adlnet.gov/expapi/verbs/"
_COMPLETED: Final = f"{_VERB}completed"
_PASSED: Final = f"{_VERB}passed"
_ASSESSED: Final = frozenset({_COMPLETED, _PASSED, f"{_VERB}failed"})
_ACTED_ON: Final = _ASSESSED | {f"{_VERB}progressed"}
_PROGRESS: Final = (
    "https://w3id.org/xapi/cmi5/result/extensions/progress",
    "http://w3id.org/xapi/cmi5/result/extensions/progress",  # as some authoring tools write it
)
_FULL: Final = Decimal(100)
_MAX_RAW: Final = 10**9


def _no_text(value: Any) -> Any:
    if isinstance(value, str):
        raise PydanticCustomError("decimal_type", "Input should be a number")
    return value


_Number = Annotated[Decimal, BeforeValidator(_no_text), Field(allow_inf_nan=False)]
_Percent = Annotated[_Number, Field(ge=0, le=100)]
_Raw = Annotated[_Number, Field(ge=-_MAX_RAW, le=_MAX_RAW)]


class _Verb(BaseModel):
    id: Annotated[str, Field(min_length=1, max_length=300)]


class _Statement(BaseModel):
    """What every statement has; the rest is read of those that are acted on."""

    id: UUID | None = None
    verb: _Verb
    timestamp: Any = None
    context: Any = None
    result: Any = None


class _Batch(RootModel[Annotated[tuple[_Statement, ...], Field(fail_fast=True)]]):
    pass


class _Context(BaseModel):
    registration: Annotated[str | None, Field(min_length=1, max_length=128)] = None


class _InContext(BaseModel):
    context: _Context | None = None


class _Score(BaseModel):
    """``raw`` lies between ``min`` and ``max``."""

    scaled: Annotated[_Number, Field(ge=-1, le=1)] | None = None
    raw: _Raw | None = None
    min: _Raw | None = None
    max: _Raw | None = None

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        low, high = self.min, self.max
        if low is not None and high is not None and low >= high:
            raise PydanticCustomError("min_not_below_max", "min should be less than max")
        if self.raw is not None and (
            (low is not None and self.raw < low) or (high is not None and self.raw > high)
        ):
            raise PydanticCustomError("raw_out_of_range", "raw should lie between min and max")
        return self


class _Result(BaseModel):
    completion: StrictBool | None = None
    score: _Score | None = None
    extensions: dict[str, Any] | None = None


class _Progress(BaseModel):
    timestamp: Moment
    result: _Result | None = None


class _Extension(BaseModel):
    progress: _Percent


def verify(delivered: Delivered, keys: Sequence[str], now: datetime) -> Message:  # noqa: ARG001 - nothing to hold against it
    """Check who posts statements, and that they speak xAPI 1.0.x.

    ``message_id`` is the statement's id; of several, a digest of their ids in order; when one has none, of the body.
    """
    given = delivered.header("authorization").encode()
    expected = (b"Basic " + base64.b64encode(key) for key in usable(keys) if _has_password(key))
    if not any_matches(expected, [given]):
        raise NotAuthentic(InboxReason.NOT_OUR_CREDENTIALS)
    if not _VERSION.fullmatch(delivered.header("x-experience-api-version")):
        raise NotAuthentic(InboxReason.XAPI_VERSION)
    return _message(delivered.body)


def _has_password(key: bytes) -> bool:
    user, _, password = key.partition(b":")
    return bool(user.strip() and password.strip())


def _message(body: bytes) -> Message:
    try:
        ids = [statement.id for statement in _statements(body)]
    except NotInContract:
        return Message(body_id(body))
    named = [str(id_) for id_ in ids if id_ is not None]
    if not ids or len(named) < len(ids):
        return Message(body_id(body))
    if len(named) == 1:
        return Message(named[0], given=named[0])
    return Message(f"batch-{hashlib.sha256(' '.join(named).encode()).hexdigest()}")


def parse(vendor: str, body: bytes) -> tuple[VendorFact, ...]:
    """One fact for each statement, in order.

    ``enrolment_id`` is the registration: what an LMS calls one learner's run of one course. A statement without one, of
    another verb, or that voids another, is not acted on; nor is one that tells neither progress nor a score.

    ``completion_percent`` is 100 when the verb is ``completed`` or ``completion`` is true; else cmi5's progress, 0-100;
    else 100 when the verb is ``passed`` and ``completion`` is not false. It is never the score, which "SHOULD NOT be
    used for scores relating to progress or completion" (xAPI 1.0.3, 2.4.5.1).

    ``exam_score`` is told by ``completed``, ``passed`` and ``failed`` only: before that the exam is not over. It is
    ``scaled`` x 100, 0 for a negative one; else ``raw`` between ``min`` (0 if not given) and ``max`` in percent; else
    ``raw`` if that is 0-100. Rounded to hundredths.

    A statement that is acted on must say when (``timestamp``): an LRS would put in the time of arrival, which nobody
    who reads the kept delivery again could.
    """
    statements = _statements(body)
    several = _is_array(body)
    if not statements:
        return (NotActedOn("no statement"),)
    return tuple(
        _fact(vendor, statement, (place,) if several else ()) for place, statement in enumerate(statements)
    )


def _is_array(body: bytes) -> bool:
    return body.lstrip(b" \t\r\n").startswith(b"[")


def _statements(body: bytes) -> tuple[_Statement, ...]:
    if not _is_array(body):
        return (in_contract(_Statement, body),)
    batch = in_contract(_Batch, body).root
    ids = [statement.id for statement in batch if statement.id is not None]
    if len(set(ids)) < len(ids):
        raise NotInContract(InboxReason.ID_TWICE_IN_BATCH)
    return batch


def _fact(vendor: str, statement: _Statement, within: tuple[int, ...]) -> VendorFact:
    verb = statement.verb.id
    unread = NotActedOn(verb)
    if vendor not in VENDORS or verb not in _ACTED_ON:
        return unread
    part = {"timestamp": statement.timestamp, "context": statement.context, "result": statement.result}
    context = part_in_contract(_InContext, part, *within).context
    if context is None or context.registration is None:
        return unread
    told = part_in_contract(_Progress, part, *within)
    result = told.result or _Result()
    completion = _completion_percent(verb, result, within)
    score = _exam_score(result.score) if verb in _ASSESSED and result.score else None
    if completion is None and score is None:
        return unread
    return CourseProgressed(context.registration, told.timestamp, completion, score)


def _completion_percent(verb: str, result: _Result, within: tuple[int, ...]) -> Decimal | None:
    if result.completion or verb == _COMPLETED:
        return _FULL
    extensions = result.extensions or {}
    for name in _PROGRESS:
        if name in extensions:
            part = {"progress": extensions[name]}
            return part_in_contract(_Extension, part, *within, "result", "extensions").progress
    return _FULL if verb == _PASSED and result.completion is not False else None


def _exam_score(score: _Score) -> Decimal | None:
    if score.scaled is not None:
        return round(max(score.scaled, Decimal(0)) * 100, 2)
    if score.raw is None:
        return None
    if score.max is None:
        return round(score.raw, 2) if 0 <= score.raw <= _FULL else None
    low, raw, high = score.min or Decimal(0), score.raw, score.max
    # Without ``min`` a scale may lie below 0, of which nothing can be said.
    return round((raw - low) * 100 / (high - low), 2) if low <= raw <= high and low < high else None
