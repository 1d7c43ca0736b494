"""The table's stream -> the timeline and the event bus.

The stream delivers every image of an item in order; those that carry ``events`` come here. The timeline is written
first, then the bus is told: a crash between the two brings the same records again, and both writes are idempotent
(the timeline by key, the consumers by event id).

What fails is tried again, in order, and holds up what comes after it: throttling, an outage, a denied permission,
whatever is not known. Not so a record that no retry by this code can help, since it cannot be read or is refused for
what it is: it is parked, and an admin has it relayed again when the cause is gone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from rencai import wiring
from rencai.kernel.events import Event, EventName, Subject, SubjectKind
from rencai.platform.bus import Bus, PublishFailed
from rencai.platform.observability import described, logger
from rencai.platform.parked import REDRIVEN, refused_for_good
from rencai.store.table import from_events
from rencai.store.timeline import Timeline
from rencai.wiring import Wired

_WITH_TIMELINE: Final = frozenset({SubjectKind.CANDIDATE, SubjectKind.EMPLOYEE})
_ELSEWHERE: Final = frozenset(
    {
        EventName.DELIVERY_SETTLED,
        EventName.TRAINING_PROGRESSED,
        EventName.TRAINING_COMPLETED,
        EventName.ATTENDANCE_RECORDED,
        EventName.LEAVE_RECORDED,
        EventName.SURVEY_ANSWERED,
    }
)
"""What is no history of anybody: what became of a webhook is in the inbox, how far a course has come on the course, and
weeks, leave and surveys are in the employee's file.
"""


_BY_SORT_KEY: Final = {
    "UPLOADS": SubjectKind.UPLOAD,
    "IMPORTS": SubjectKind.IMPORT,
    "SCANS": SubjectKind.SCAN,
}
"""Partitions that hold aggregates of one kind, each under its id."""
_ATTEMPTS: Final = "ATTEMPTS#"
"""Partitions of a message that was given up: what it was about is in the sort key."""
_CARDS: Final = "CARDS#"
"""Partitions that hold a card an employee: the shards of the nightly scan."""
_ANSWERS: Final = "ANSWERS#"
"""Partitions that hold an employee's answers to surveys."""
_MENTORS: Final = "MENTOR#"
"""Partitions that hold who mentors an employee, and what they marked by link."""


def subject_of(pk: str, sk: str) -> Subject:
    """Whose events these are, from the item's key.

    >>> subject_of("CANDIDATE#cand_01ABC", "JOURNEY")
    Subject(kind=<SubjectKind.CANDIDATE: 'candidate'>, id='cand_01ABC')
    """
    if pk in _BY_SORT_KEY:
        return Subject(kind=_BY_SORT_KEY[pk], id=sk)
    if pk.startswith(_CARDS):
        return Subject(kind=SubjectKind.EMPLOYEE, id=sk)
    if pk.startswith(_ANSWERS):
        return Subject(kind=SubjectKind.EMPLOYEE, id=pk.removeprefix(_ANSWERS))
    if pk.startswith(_MENTORS):
        return Subject(kind=SubjectKind.EMPLOYEE, id=pk.removeprefix(_MENTORS))
    kind, _, id_ = (sk if pk.startswith(_ATTEMPTS) else pk).partition("#")
    return Subject(kind=SubjectKind(kind.lower()), id=id_)


class Unreadable(Exception):
    """A record's events cannot be read by this code. The text is safe to log."""


def told_by(record: dict[str, Any]) -> list[tuple[Subject, Event]]:
    """The events a stream record carries; raises ``Unreadable``."""
    try:
        image = record["dynamodb"].get("NewImage", {})
        text = image.get("events", {}).get("S")
        if not text:
            return []
        subject = subject_of(image["pk"]["S"], image["sk"]["S"])
        events = from_events(text)
    except MemoryError:
        raise
    except Exception as error:
        # Nothing is asked of anybody here: what has failed once fails again, whatever it is.
        raise Unreadable(f"cannot be read: {described(error)}") from error
    if not all(_is_sound(event.at, event.data, event.actor) for event in events):
        raise Unreadable("cannot be read: an event of another shape")
    return [(subject, event) for event in events]


def _is_sound(at: datetime, data: object, actor: object) -> bool:
    """Whether an event's parts are what the timeline and the bus take; those that we write are."""
    return at.tzinfo is not None and isinstance(data, dict) and isinstance(actor, str)


def relay(records: Sequence[dict[str, Any]], *, timeline: Timeline, bus: Bus) -> None:
    """Keep and publish the events of ``records``; nothing of them if one is ``Unreadable``."""
    told = [pair for record in records for pair in told_by(record)]
    timeline.record(
        [
            (subject, event)
            for subject, event in told
            if subject.kind in _WITH_TIMELINE and event.name not in _ELSEWHERE
        ]
    )
    bus.publish(told)


def _hopeless(error: Exception) -> bool:
    """Whether trying the same record again, alone as it was tried, can do no good."""
    return isinstance(error, Unreadable) or refused_for_good(error)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Unreadable | PublishFailed) else described(error)


def _relay_or_park(wired: Wired, record: dict[str, Any]) -> None:
    """Relay a record by itself, or park it where that can never be; raises what may go away."""
    try:
        relay([record], timeline=wired.timeline, bus=wired.bus)
    except Exception as error:
        if not _hopeless(error):
            raise
        wired.parked_records.park(record, _reason(error))
        logger.error("record parked", extra={"reason": _reason(error), "record": record.get("eventID")})


def _redriven(wired: Wired, record: dict[str, Any]) -> dict[str, Any]:
    """Relay a parked record: an admin asks. One that fails stays where it is parked, so it is not parked again."""
    try:
        relay([record], timeline=wired.timeline, bus=wired.bus)
    except Exception as error:  # noqa: BLE001 - whatever it was, the admin is told
        logger.warning("not redriven", extra={"reason": _reason(error), "record": record.get("eventID")})
        return {"relayed": False, "reason": _reason(error)}
    return {"relayed": True}


# Made during init, where AWS gives a function a whole CPU.
wiring.container()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """The table's stream calls this, and ``redrive`` with a record that had been parked.

    Order matters within an item, so the first failure ends the batch there: the stream brings it again from that record
    on, and only what is done with has been parked.
    """
    wired = wiring.container()
    if REDRIVEN in event:
        return _redriven(wired, event[REDRIVEN])
    records = event["Records"]
    try:
        # One call for the whole batch is the rule; only when it fails is it found out which record is to blame.
        relay(records, timeline=wired.timeline, bus=wired.bus)
    except Exception as error:  # noqa: BLE001 - whatever it was, the loop below finds the record and deals with it
        logger.warning("batch will be relayed record by record", extra={"reason": _reason(error)})
        for record in records:
            try:
                _relay_or_park(wired, record)
            except Exception as failure:  # noqa: BLE001 - reported as this record's failure, and retried
                logger.error(
                    "not relayed", extra={"reason": _reason(failure), "record": record.get("eventID")}
                )
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}
