"""From the table's stream to the timeline and the bus, through a real stream event."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from functions.relay.relay import relay, told_by
from rencai.kernel.events import Event, EventName, Subject, SubjectKind
from rencai.platform.bus import Bus, PublishFailed
from rencai.store.timeline import Timeline
from tests.builders import NOW, profiled
from tests.template import ROOT

EVENT = json.loads(Path(ROOT / "tests" / "fixtures" / "events" / "dynamodb_stream.json").read_text())
RECORDS: list[dict[str, Any]] = EVENT["Records"]
CANDIDATE = Subject(kind=SubjectKind.CANDIDATE, id="cand_7Z0717V3KVSZ46D65KY3XYD9Q5")
DELIVERY = Subject(kind=SubjectKind.DELIVERY, id="dlv_0AVTW15SM5PGVRDW7Z49V2XCMF")


class MemoryTimeline(Timeline):
    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.kept: list[tuple[Subject, Event]] = []

    def record(self, told: Sequence[tuple[Subject, Event]]) -> None:
        self.log.append("timeline")
        self.kept += told


class MemoryBus(Bus):
    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.told: list[tuple[Subject, Event]] = []

    def publish(self, told: Sequence[tuple[Subject, Event]]) -> None:
        self.log.append("bus")
        self.told += told


def test_what_a_real_record_tells() -> None:
    assert [event.name for _, event in told_by(RECORDS[0])] == ["interview.received", "candidate.profiled"]
    assert {subject for subject, _ in told_by(RECORDS[0])} == {CANDIDATE}
    assert told_by(RECORDS[0])[0][1] == Event(
        "evt_7Z0717V3KVSZ46D65KY3XYD9Q5_1_0",
        EventName.INTERVIEW_RECEIVED,
        NOW,
        profiled().data["received"],
        "aiview",
    )


def test_the_timeline_is_kept_first_and_of_candidates_only() -> None:
    log: list[str] = []
    timeline, bus = MemoryTimeline(log), MemoryBus(log)
    relay(RECORDS, timeline=timeline, bus=bus)
    assert log == ["timeline", "bus"]
    assert [(subject, event.name) for subject, event in timeline.kept] == [
        (CANDIDATE, "interview.received"),
        (CANDIDATE, "candidate.profiled"),
    ]
    assert [(subject, event.name) for subject, event in bus.told] == [
        (CANDIDATE, "interview.received"),
        (CANDIDATE, "candidate.profiled"),
        (DELIVERY, "delivery.received"),
    ]


def test_an_image_without_events_tells_nothing() -> None:
    image = {"pk": {"S": "CANDIDATE#x"}, "sk": {"S": "JOURNEY"}}
    assert told_by({"dynamodb": {"NewImage": image}}) == []
    assert told_by({"dynamodb": {"Keys": image}}) == []  # a removal has no image


# --- the bus ------------------------------------------------------------------------------------------------


class EventsClient:
    """PutEvents, refusing the events whose place in its whole life is in ``refused``."""

    def __init__(self, *refused: int, code: str = "ThrottlingException") -> None:
        self._code = code
        self.calls: list[list[dict[str, Any]]] = []
        self._refused = refused
        self._seen = 0

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        self.calls.append(Entries)
        answers = []
        for _ in Entries:
            refused = self._seen in self._refused
            answers.append({"ErrorCode": self._code} if refused else {"EventId": str(self._seen)})
            self._seen += 1
        return {"FailedEntryCount": sum("ErrorCode" in one for one in answers), "Entries": answers}


def numbered(count: int) -> list[tuple[Subject, Event]]:
    (_, event) = told_by(RECORDS[1])[0]
    return [(DELIVERY, Event(f"evt_{n}", event.name, NOW, event.data)) for n in range(count)]


def bus_of(client: Any) -> Bus:
    return Bus(client, "rencai-test", "test")


def test_an_entry_whole() -> None:
    client = EventsClient()
    bus_of(client).publish(told_by(RECORDS[0])[1:])
    ((entry,),) = client.calls
    assert json.loads(entry.pop("Detail")) == {
        "event_id": "evt_7Z0717V3KVSZ46D65KY3XYD9Q5_1_1",
        "version": 1,
        "tenant_id": "test",
        "occurred_at": "2026-03-02T01:20:00Z",
        "correlation_id": CANDIDATE.id,
        "subject": {"kind": "candidate", "id": CANDIDATE.id},
        "data": profiled().data["profiled"],
    }
    assert entry == {
        "EventBusName": "rencai-test",
        "Source": "rencai",
        "DetailType": "candidate.profiled",
        "Time": NOW,
    }


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])]
)
def test_ten_at_a_time_and_in_order(count: int, sizes: list[int]) -> None:
    client = EventsClient()
    bus_of(client).publish(numbered(count))
    assert [len(call) for call in client.calls] == sizes
    ids = [json.loads(entry["Detail"])["event_id"] for call in client.calls for entry in call]
    assert ids == [f"evt_{n}" for n in range(count)]


def test_what_the_bus_did_not_take_is_an_error_that_names_it() -> None:
    client = EventsClient(1, 3)
    with pytest.raises(PublishFailed) as caught:
        bus_of(client).publish(numbered(12))
    assert caught.value.event_ids == ("evt_1", "evt_3")
    assert len(client.calls) == 1  # what follows waits: order matters


def test_what_is_never_taken_does_not_keep_back_what_follows() -> None:
    client = EventsClient(1, 24, code="MalformedDetail")
    with pytest.raises(PublishFailed) as caught:
        bus_of(client).publish(numbered(25))
    assert (caught.value.event_ids, caught.value.for_good) == (("evt_1", "evt_24"), True)
    assert [len(call) for call in client.calls] == [10, 10, 5]


def test_a_refusal_in_a_later_call_is_an_error_too() -> None:
    with pytest.raises(PublishFailed) as caught:
        bus_of(EventsClient(11)).publish(numbered(12))
    assert caught.value.event_ids == ("evt_11",)


@pytest.mark.parametrize(
    ("codes", "for_good"),
    [
        (["MalformedDetail"], True),
        (["InvalidArgument", "RedactionFailure"], True),
        (["MalformedDetail", "ThrottlingException"], False),
        (["AccessDeniedException"], False),
        ([], False),  # it failed, and nothing is said of any entry
    ],
)
def test_whether_a_refusal_is_for_good(codes: list[str], for_good: bool) -> None:
    failed = PublishFailed([(f"evt_{number}", code) for number, code in enumerate(codes)])
    assert failed.for_good is for_good
    assert str(failed) == f"{len(codes)} events were not taken: {', '.join(codes)}"
