"""The relay's handler: what it publishes, what it has brought again, what it parks."""

import copy
import json
import random
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, NoCredentialsError

from functions.relay import relay
from rencai.platform.parked import PACKED, PLAIN, ParkedRecords, record_in
from rencai.store import table
from tests.logs import logged
from tests.relay.stream import (
    CONTEXT,
    DONE,
    NAME,
    Relay,
    failed_at,
    poison,
    refused,
    sequence_number,
    stream_record,
)
from tests.template import resources
from tests.wired import serves


@pytest.fixture
def one(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Relay:
    made = Relay(dynamodb)
    serves(monkeypatch, made.wired)
    return made


def code_of(error: Exception) -> str:
    return str(getattr(error, "response", {}).get("Error", {}).get("Code") or type(error).__name__)


def events(*numbers: int) -> list[str]:
    return [f"evt_{number}_0" for number in numbers]


# --- nothing is wrong ---------------------------------------------------------------------------------------


def test_a_batch_is_kept_and_published_in_order_and_nothing_is_parked(one: Relay) -> None:
    records = [stream_record(number) for number in range(25)]
    assert one.handed(*records) == DONE
    assert one.bus.published == events(*range(25))
    assert [one.timeline(record) for record in records] == [["offer.signed"]] * 25
    assert one.letters() == []


# --- what may go away: brought again from the record that failed ----------------------------------------------


@pytest.mark.parametrize("at", [0, 1, 17, 24])
def test_the_bus_refuses_a_call_for_now(one: Relay, at: int) -> None:
    """That record is reported, by the number that the stream knows; what is after it waits."""
    records = [stream_record(number) for number in range(25)]
    one.bus.verdicts = dict.fromkeys(events(at), refused("InternalException", status=500))
    assert one.handed(*records) == failed_at(records[at])
    assert one.bus.in_order() == events(*range(at))
    assert one.letters() == []
    one.bus.verdicts = {}
    assert one.handed(*records[at:]) == DONE
    assert one.bus.in_order() == events(*range(25))


def test_the_table_refuses_a_record_for_now(one: Relay) -> None:
    records = [stream_record(number) for number in range(5)]
    key = f"{records[3]['dynamodb']['Keys']['pk']['S']}"
    one.table.error = refused("ProvisionedThroughputExceededException", "PutItem")
    one.table.only = lambda arguments: key in json.dumps(arguments)
    assert one.handed(*records) == failed_at(records[3])
    assert one.bus.published == events(0, 1, 2)
    assert one.letters() == []


@pytest.mark.parametrize(
    "error",
    [
        refused("ThrottlingException"),
        refused("InternalException", status=500),
        refused("InternalFailure", status=500),
        refused("ServiceUnavailable", status=503),
        refused("AccessDeniedException"),
        refused("ResourceNotFoundException"),
        refused("ExpiredTokenException"),
        refused("NobodyKnowsException"),
        ConnectTimeoutError(endpoint_url="https://events"),
        NoCredentialsError(),
        ValueError(f"nobody knows {NAME}"),
        MemoryError(),
    ],
    ids=code_of,
)
@pytest.mark.parametrize("client", ["bus", "table"])
def test_what_may_go_away_is_not_parked(one: Relay, client: str, error: Exception) -> None:
    if client == "bus":
        one.bus.verdicts = dict.fromkeys(events(1), error)
    else:
        one.table.error = error
        one.table.only = lambda arguments: "off_1" in json.dumps(arguments)
    records = [stream_record(number) for number in range(3)]
    with logged() as log:
        assert one.handed(*records) == failed_at(records[1])
    assert one.bus.in_order() == events(0)
    assert one.letters() == []
    (said,) = [line for line in log.lines("record", "reason") if line["message"] == "not relayed"]
    assert said["record"] == records[1]["eventID"]
    assert type(error).__name__ in said["reason"]
    assert NAME not in log.text


@pytest.mark.parametrize(
    "code",
    [
        "ThrottlingException",
        "InternalFailure",
        "AccessDeniedException",
        "InvalidAccountIdException",
        "NotAuthorizedForSourceException",
        "NotAuthorizedForDetailTypeException",
        "NobodyKnows",
    ],
)
def test_an_entry_that_the_bus_did_not_take_for_now_is_not_parked(one: Relay, code: str) -> None:
    one.bus.verdicts = dict.fromkeys(events(2), code)
    records = [stream_record(number) for number in range(30)]
    assert one.handed(*records) == failed_at(records[2])
    assert one.letters() == []
    # Taken with the same call of ten, before its answer was known; the calls after it were not made.
    assert set(one.bus.in_order()) == set(events(*range(10))) - set(events(2))


def test_a_batch_of_one_that_fails_is_reported(one: Relay) -> None:
    one.bus.verdicts = dict.fromkeys(events(7), "ThrottlingException")
    assert one.handed(stream_record(7)) == failed_at(stream_record(7))


def test_memory_that_is_short_is_no_fault_of_the_record(one: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    def short(_: str) -> list[Any]:
        raise MemoryError

    monkeypatch.setattr(relay, "from_events", short)
    assert one.handed(stream_record(1)) == failed_at(stream_record(1))
    assert one.letters() == []


# --- what no retry can help: parked, and the others go on ------------------------------------------------------


@pytest.mark.parametrize(("at", "size"), [(0, 100), (13, 25), (24, 25)])
def test_a_record_that_cannot_be_read_is_parked_and_the_others_go_on_in_order(
    one: Relay, at: int, size: int
) -> None:
    """With it first in a batch, nothing was published for six hours."""
    records = [poison(number) if number == at else stream_record(number) for number in range(size)]
    delivered = copy.deepcopy(records[at])
    with logged() as log:
        assert one.handed(*records) == DONE
    assert one.bus.published == events(*(number for number in range(size) if number != at))
    (letter,) = one.letters()
    assert (letter.record, letter.encoding) == (delivered, PLAIN)
    assert json.dumps(letter.record) == json.dumps(delivered)  # byte for byte, the order of its members too
    assert letter.reason.startswith("cannot be read: builtins.ValueError at ")
    (said,) = [line for line in log.lines("record", "reason") if line["message"] == "record parked"]
    assert (said["record"], said["reason"]) == (delivered["eventID"], letter.reason)
    assert NAME not in log.text
    assert NAME not in letter.reason


def test_alone(one: Relay) -> None:
    assert one.handed(poison(0)) == DONE
    assert [letter.record for letter in one.letters()] == [poison(0)]
    assert one.bus.published == []


def test_all_of_them(one: Relay) -> None:
    records = [poison(number) for number in range(12)]
    assert one.handed(*records) == DONE
    assert [letter.record for letter in one.letters()] == records


def without(name: str) -> dict[str, Any]:
    record = stream_record(0)
    del record["dynamodb"]["NewImage"][name]
    return record


def of_nobody() -> dict[str, Any]:
    return stream_record(0, pk={"S": "DRAGON#drg_1"})


def told(*event: Any, at: str = "2026-03-02T01:20:00.000Z") -> dict[str, Any]:
    return stream_record(0, json.dumps(["evt_0", at, [event]]))


UNREADABLE = {
    "an event of a newer release": poison(0),
    "no JSON": stream_record(0, "[not json"),
    "JSON of another shape": stream_record(0, '{"evt": 1}'),
    "a version with more parts": stream_record(0, '["evt_0", "2026-03-02T01:20:00.000Z", [], 2]'),
    "an event with more parts": told("offer.signed", {}, "esign", "and more"),
    "no time": told("offer.signed", {}, "esign", at="yesterday"),
    "a time without its zone": told("offer.signed", {}, "esign", at="2026-03-02T01:20:00"),
    "what it tells is no object": told("offer.signed", ["off_1"], "esign"),
    "whoever did it is no name": told("offer.signed", {}, 1.5),
    "too deep to read": stream_record(0, "[" * 100_000 + "]" * 100_000),
    "a subject of a newer release": of_nobody(),
    "no key": without("pk"),
    "no sort key": without("sk"),
    "an image that is none": {**stream_record(0), "dynamodb": {"SequenceNumber": "1", "NewImage": None}},
    "no stream's": {"eventID": "1", "Sns": {"Message": NAME}},
}


@pytest.mark.parametrize("record", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read(one: Relay, record: dict[str, Any]) -> None:
    with logged() as log:
        assert one.handed(record, stream_record(1)) == DONE
    (letter,) = one.letters()
    assert letter.record == record
    assert letter.reason.startswith("cannot be read: ")
    assert one.bus.published == events(1)
    assert NAME not in log.text + letter.reason


@pytest.mark.parametrize("code", ["InvalidArgument", "MalformedDetail", "RedactionFailure"])
def test_an_entry_that_the_bus_will_never_take(one: Relay, code: str) -> None:
    one.bus.verdicts = dict.fromkeys(events(3), code)
    records = [stream_record(number) for number in range(12)]
    assert one.handed(*records) == DONE
    (letter,) = one.letters()
    assert (letter.record, letter.reason) == (records[3], f"1 events were not taken: {code}")
    assert set(one.bus.in_order()) == set(events(*range(12))) - set(events(3))


@pytest.mark.parametrize("error", [refused("ValidationException"), refused("413", status=413)], ids=code_of)
def test_an_event_larger_than_the_bus_takes(one: Relay, error: Exception) -> None:
    one.bus.verdicts = dict.fromkeys(events(3), error)
    records = [stream_record(number) for number in range(12)]
    assert one.handed(*records) == DONE
    (letter,) = one.letters()
    assert letter.record == records[3]
    assert letter.reason.startswith("botocore.exceptions.ClientError at ")
    assert NAME not in letter.reason
    assert one.bus.in_order() == events(*(number for number in range(12) if number != 3))


def test_events_that_are_too_large_only_together_are_published_one_by_one(one: Relay) -> None:
    """The call's size is the sum of its entries, and their refusal is of none of them."""
    take = one.bus.put_events

    def in_all(**call: Any) -> Any:
        if len(call["Entries"]) > 4:
            raise refused("ValidationException")
        return take(**call)

    one.bus.put_events = in_all  # type: ignore[method-assign]  # a smaller bus
    assert one.handed(*(stream_record(number) for number in range(9))) == DONE
    assert (one.bus.published, one.letters()) == (events(*range(9)), [])


@pytest.mark.parametrize("code", ["ValidationException", "SerializationException"])
def test_a_line_of_the_timeline_that_the_table_will_never_take(one: Relay, code: str) -> None:
    one.table.error = refused(code, "PutItem")
    one.table.only = lambda arguments: "off_1" in json.dumps(arguments)
    records = [stream_record(number) for number in range(3)]
    assert one.handed(*records) == DONE
    (letter,) = one.letters()
    assert letter.record == records[1]
    assert letter.reason.endswith(f"PutItem: {code}")
    assert one.bus.published == events(0, 2)


def test_moto_refuses_what_is_too_large_for_the_table(one: Relay) -> None:
    """And not only a fake does."""
    large = told("offer.signed", {"why": "x" * 410_000}, "esign")
    assert one.handed(large, stream_record(1)) == DONE
    (letter,) = one.letters()
    assert letter.record == large
    assert letter.reason.endswith("PutItem: ValidationException")
    assert one.bus.published == events(1)


# --- both ------------------------------------------------------------------------------------------------------


def test_before_what_may_go_away_it_is_parked_once(one: Relay) -> None:
    records = [stream_record(0), poison(1), stream_record(2), stream_record(3), poison(4), stream_record(5)]
    one.bus.verdicts = dict.fromkeys(events(3), "ThrottlingException")
    assert one.handed(*records) == failed_at(records[3])
    assert [letter.record for letter in one.letters()] == [records[1]]
    assert one.bus.published == events(0, 2)
    # Six hours of that, and what comes after is not parked again and again.
    for _ in range(3):
        assert one.handed(*records[3:]) == failed_at(records[3])
    one.bus.verdicts = {}
    assert one.handed(*records[3:]) == DONE
    assert [letter.record for letter in one.letters()] == [records[1], records[4]]
    assert one.bus.published == events(0, 2, 3, 5)


def test_one_call_with_entries_of_both_kinds(one: Relay) -> None:
    one.bus.verdicts = {"evt_2_0": "MalformedDetail", "evt_5_0": "ThrottlingException"}
    records = [stream_record(number) for number in range(10)]
    assert one.handed(*records) == failed_at(records[5])
    assert [letter.record for letter in one.letters()] == [records[2]]


def test_a_record_of_which_one_event_may_be_taken_yet_is_not_parked(one: Relay) -> None:
    both = stream_record(
        0,
        json.dumps(
            ["evt_0", "2026-03-02T01:20:00.000Z", [["offer.signed", {}, "a"], ["check.requested", {}, "a"]]]
        ),
    )
    one.bus.verdicts = {"evt_0_0": "MalformedDetail", "evt_0_1": "ThrottlingException"}
    assert one.handed(both) == failed_at(both)
    assert one.letters() == []
    del one.bus.verdicts["evt_0_1"]
    assert one.handed(both) == DONE
    assert [letter.record for letter in one.letters()] == [both]


@pytest.mark.parametrize("at", [0, 3])
def test_what_cannot_be_parked_is_brought_again(one: Relay, at: int) -> None:
    records = [poison(number) if number == at else stream_record(number) for number in range(6)]
    one.sqs.error = refused("AccessDenied", "SendMessage")
    with logged() as log:
        assert one.handed(*records) == failed_at(records[at])
    assert one.bus.published == events(*range(at))
    assert "SendMessage: AccessDenied" in log.text
    one.sqs.error = None
    assert one.handed(*records[at:]) == DONE
    assert [letter.record for letter in one.letters()] == [records[at]]
    assert one.bus.published == events(*(number for number in range(6) if number != at))


def test_a_queue_that_refuses_the_message_itself_loses_nothing_either(one: Relay) -> None:
    """What no retry helps is said of the record's own writes, not of the parking."""
    one.sqs.error = refused("ValidationException", "SendMessage")
    assert one.handed(poison(0)) == failed_at(poison(0))


def test_a_crash_after_parking_parks_it_twice(one: Relay) -> None:
    for _ in range(2):
        assert one.handed(poison(0), stream_record(1)) == DONE
    assert [letter.record for letter in one.letters()] == [poison(0)] * 2


# --- the message -------------------------------------------------------------------------------------------------


def test_control_characters_fit_into_a_message(one: Relay) -> None:
    """SQS takes no text that holds them; moto does not mind, so it is looked at here."""
    record = stream_record(0, "\x00\x1b\ud800\uffff not json", name={"S": "周\x07😀"})
    assert one.handed(record) == DONE
    (letter,) = one.letters()
    assert letter.record == record
    assert letter.body.isascii()
    assert letter.body.isprintable()


def _strings(draw: random.Random, characters: range) -> dict[str, Any]:
    bytes_each = len(chr(characters[-1]).encode())
    return {"S": "".join(chr(draw.choice(characters)) for _ in range(400_000 // bytes_each))}


@pytest.mark.parametrize(
    "shape",
    [
        lambda draw: _strings(draw, range(0x20)),
        lambda draw: _strings(draw, range(0x4E00, 0x9FA5)),
        lambda draw: _strings(draw, range(0x10000, 0x10FFFF)),
        lambda draw: _strings(draw, range(0x800)),
        lambda draw: {"L": [{"N": str(draw.randrange(100))} for _ in range(130_000)]},
        lambda _: {"S": '"' * 400_000},
    ],
    ids=["control", "chinese", "emoji", "two bytes", "numbers", "quotes"],
)
def test_the_largest_item_fits_into_a_message_whatever_it_holds(shape: Any) -> None:
    """An item has 400 KB."""
    record = stream_record(0, "no json", filling=shape(random.Random(0)))
    sent: dict[str, Any] = {}
    sqs: Any = SimpleNamespace(send_message=lambda **message: sent.update(message))
    ParkedRecords(sqs, "url").park(record, "x" * 250)
    encoding = sent["MessageAttributes"]["encoding"]["StringValue"]
    assert record_in(sent["MessageBody"], encoding) == record
    plain = len(json.dumps(record, separators=(",", ":")))
    assert encoding == (PACKED if plain > 1_000_000 else PLAIN)
    assert len(sent["MessageBody"]) + 500 < 1024 * 1024


def test_one_that_has_to_be_packed_is_parked_too(one: Relay) -> None:
    record = stream_record(0, "no json", filling={"S": "\x07" * 300_000})
    assert one.handed(record) == DONE
    (letter,) = one.letters()
    assert (letter.record, letter.encoding) == (record, PACKED)


def test_a_reason_is_of_the_length_that_reasons_have(one: Relay) -> None:
    one.wired.parked_records.park(stream_record(0), "x" * 300)
    (letter,) = one.letters()
    assert letter.reason == "x" * 250


def test_the_queue_keeps_what_is_parked_as_long_as_the_others_do_and_takes_the_largest() -> None:
    queues = resources("AWS::SQS::Queue")
    assert queues["RelayDeadLetters"] == {**queues["DeadLetters"], "MaximumMessageSize": 1024 * 1024}
    assert queues["DeadLetters"]["MessageRetentionPeriod"] == 14 * 24 * 3600


# --- asked by redrive ----------------------------------------------------------------------------------------------


def redriven(record: dict[str, Any]) -> Any:
    return relay.handler({"redriven": record}, CONTEXT)


def test_a_parked_record_is_relayed_as_if_it_had_never_been_parked(
    one: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = stream_record(3)
    with monkeypatch.context() as rolled_back:
        rolled_back.setattr(table, "EventName", StrEnum("EventName", {"OFFER_SENT": "offer.sent"}))
        assert one.handed(record) == DONE
    assert one.bus.published == []
    (letter,) = one.letters()
    assert letter.record is not None
    assert redriven(letter.record) == {"relayed": True}
    parked = (one.bus.entries.pop("evt_3_0"), one.timeline(record))
    assert one.handed(record) == DONE
    assert (one.bus.entries["evt_3_0"], one.timeline(record)) == parked


def test_one_that_still_cannot_be_relayed_is_said_and_not_parked_again(one: Relay) -> None:
    with logged() as log:
        answer = redriven(poison(1))
    assert answer["relayed"] is False
    assert answer["reason"].startswith("cannot be read: builtins.ValueError")
    assert (one.letters(), one.bus.published) == ([], [])
    assert NAME not in log.text + answer["reason"]


def test_one_that_cannot_be_relayed_for_now_is_said_too(one: Relay) -> None:
    one.bus.verdicts = dict.fromkeys(events(1), "ThrottlingException")
    assert redriven(stream_record(1)) == {
        "relayed": False,
        "reason": "1 events were not taken: ThrottlingException",
    }
    assert one.letters() == []


def test_the_numbers_are_not_the_events_ids() -> None:
    """So that the tests above tell a failure that is reported by the wrong one."""
    assert sequence_number(stream_record(1)) != stream_record(1)["eventID"]
