"""The table's stream -> the timeline and the event bus.

The stream delivers every image of an item in order; those that carry ``events`` come here. The timeline is written
first, then the bus is told: a crash between the two brings the same records again, and both writes are idempotent
(the timeline by key, the consumers by event id).
"""

from collections.abc import Sequence
from typing import Any, Final

from rencai import wiring
from rencai.kernel.events import Event, EventName, Subject, SubjectKind
from rencai.platform.bus import Bus
from rencai.platform.observability import described, logger
from rencai.store.table import from_events
from rencai.store.timeline import Timeline

_WITH_TIMELINE: Final = frozenset({SubjectKind.CANDIDATE, SubjectKind.EMPLOYEE})
_ELSEWHERE: Final = frozenset(
    {
        EventName.DELIVERY_SETTLED,
        EventName.TRAINING_PROGRESSED,
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
_CARDS: Final = "CARDS#"
"""Partitions that hold a card an employee: the shards of the nightly scan."""


def subject_of(pk: str, sk: str) -> Subject:
    """Whose events these are, from the item's key.

    >>> subject_of("CANDIDATE#cand_01ABC", "JOURNEY")
    Subject(kind=<SubjectKind.CANDIDATE: 'candidate'>, id='cand_01ABC')
    """
    if pk in _BY_SORT_KEY:
        return Subject(kind=_BY_SORT_KEY[pk], id=sk)
    if pk.startswith(_CARDS):
        return Subject(kind=SubjectKind.EMPLOYEE, id=sk)
    kind, _, id_ = pk.partition("#")
    return Subject(kind=SubjectKind(kind.lower()), id=id_)


def told_by(record: dict[str, Any]) -> list[tuple[Subject, Event]]:
    """The events a stream record carries."""
    image = record["dynamodb"].get("NewImage", {})
    text = image.get("events", {}).get("S")
    if not text:
        return []
    subject = subject_of(image["pk"]["S"], image["sk"]["S"])
    return [(subject, event) for event in from_events(text)]


def relay(records: Sequence[dict[str, Any]], *, timeline: Timeline, bus: Bus) -> None:
    """Keep and publish the events of ``records``."""
    told = [pair for record in records for pair in told_by(record)]
    timeline.record(
        [
            (subject, event)
            for subject, event in told
            if subject.kind in _WITH_TIMELINE and event.name not in _ELSEWHERE
        ]
    )
    bus.publish(told)


# Made during init, where AWS gives a function a whole CPU.
wiring.container()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """The table's stream calls this. Order matters within an item, so the first failure ends the batch there."""
    wired, records = wiring.container(), event["Records"]
    try:
        # One call for the whole batch is the rule; only when it fails is it found out which record is to blame.
        relay(records, timeline=wired.timeline, bus=wired.bus)
    except Exception as error:  # noqa: BLE001 - whatever it was, the loop below finds the record and reports it
        logger.warning("batch will be relayed record by record", extra={"reason": described(error)})
        for record in records:
            try:
                relay([record], timeline=wired.timeline, bus=wired.bus)
            except Exception as failure:  # noqa: BLE001 - reported as this record's failure, and retried
                logger.error("not relayed", extra={"reason": described(failure), "record": record["eventID"]})
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}
