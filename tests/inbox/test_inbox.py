"""The vendor inbox on moto's table: kept to the byte, listed, forgotten, replayed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from rencai.inbox.deliveries import Deliveries, Delivery, DeliveryStatus, Verdict
from rencai.kernel.errors import Conflict, DomainError, LostRace, NotFound
from rencai.kernel.terms import Said
from rencai.store.table import from_events
from tests.journey.world import RETENTION, START, World, world
from tests.keyed import IDS

HEADERS = {"webhook-id": ["msg-1"], "webhook-signature": ["v1,abc", "v1,def"]}


@pytest.fixture
def one() -> Iterator[World]:
    with world() as fresh:
        yield fresh


def delivery(number: int = 1, vendor: str = "esign", body: bytes = b'{"type": "x"}') -> Delivery:
    return Delivery(
        delivery_id=IDS.delivery_id(vendor, f"msg-{number}"),
        vendor=vendor,
        dialect="generic",
        message_id=f"msg-{number}",
        body=body,
        headers=HEADERS,
        source_ip="192.0.2.1",
        received_at=START + timedelta(seconds=number),
    )


def rejected(number: int = 1) -> Delivery:
    return replace(
        delivery(number),
        delivery_id=IDS.arrival_id("esign", f"request-{number}"),
        message_id=None,
        verdict=Verdict.REJECTED,
        status=DeliveryStatus.REJECTED,
        reason=Said("无法确认", "Not authentic"),
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", "值".encode() * 1000, b"x" * 4096, b"x" * 4097, b"x" * 1024 * 1024, b"\xff\x00"],
    ids=["empty", "small", "chinese", "largest inline", "smallest object", "1 MB", "no text"],
)
def test_a_delivery_reads_back_to_the_byte(one: World, body: bytes) -> None:
    deliveries: Deliveries = one.wired.inbox.deliveries
    kept = delivery(body=body)
    assert deliveries.receive(kept) is True
    assert deliveries.receive(replace(kept, body=b"other")) is False
    found = deliveries.get(kept.delivery_id)
    assert replace(found, body_object=None) == kept
    assert (found.body_object is not None) == (body == b"\xff\x00" or len(body) > 4096)
    assert deliveries.body_url(found, timedelta(minutes=1)) is None or found.body_object


def test_only_an_accepted_delivery_is_told(one: World) -> None:
    for kept in (delivery(), rejected()):
        one.wired.inbox.deliveries.receive(kept)
    told = {item["pk"]: item.get("events") for item in one.items()}
    assert told[f"DELIVERY#{rejected().delivery_id}"] is None
    (event,) = from_events(str(told[f"DELIVERY#{delivery().delivery_id}"]))
    assert event.data == {"vendor": "esign", "delivery_id": delivery().delivery_id}


def test_a_delivery_is_forgotten_when_its_retention_is_over(one: World) -> None:
    one.wired.inbox.deliveries.receive(delivery())
    (item,) = one.items()
    assert item["forget_at"] == int((delivery().received_at + RETENTION).timestamp())


@pytest.mark.parametrize(
    ("verdict", "message_id", "retention", "kept"),
    [
        (Verdict.REJECTED, None, RETENTION, timedelta(days=7)),
        (Verdict.REJECTED, None, timedelta(days=3), timedelta(days=3)),
        # Its sender signed it: what is wrong with it is for a person to see.
        (Verdict.REJECTED, "msg-1", RETENTION, RETENTION),
        (Verdict.DUPLICATE, None, RETENTION, RETENTION),
    ],
    ids=["anybody's", "anybody's where all is kept for less", "authentic and malformed", "duplicate"],
)
def test_what_anybody_can_send_is_forgotten_after_a_week(
    one: World, verdict: Verdict, message_id: str | None, retention: timedelta, kept: timedelta
) -> None:
    deliveries = Deliveries(one.wired.table, one.wired.vault, one.wired.bucket, IDS, retention)
    came = replace(rejected(), verdict=verdict, message_id=message_id)
    deliveries.receive(came)
    (item,) = one.items()
    assert item["forget_at"] == int((came.received_at + kept).timestamp())


def test_deliveries_are_listed_newest_first_across_statuses_page_by_page(one: World) -> None:
    statuses = [
        DeliveryStatus.APPLIED,
        DeliveryStatus.FAILED,
        DeliveryStatus.RECEIVED,
        DeliveryStatus.WAITING,
    ]
    made = [delivery(number, "esign" if number % 3 else "background") for number in range(1, 24)]
    for number, kept in enumerate(made):
        one.wired.inbox.deliveries.receive(kept)
        if statuses[number % 4] is not DeliveryStatus.RECEIVED:
            one.wired.inbox.deliveries.settle(
                kept.delivery_id, statuses[number % 4], Said("原因", "why"), START
            )

    def listed(status: DeliveryStatus | None, vendor: str | None, limit: int) -> list[str]:
        found: list[str] = []
        cursor = None
        for _ in range(100):
            page = one.wired.inbox.deliveries.page(status, vendor, limit, cursor)
            assert len(page.items) <= limit
            found += [item["delivery_id"] for item in page.items]
            cursor = page.next
            if cursor is None:
                return found
        raise AssertionError("the list has no end")

    newest_first = [kept.delivery_id for kept in reversed(made)]
    for limit in (1, 4, 7, 100):
        assert listed(None, None, limit) == newest_first
        failed = [kept.delivery_id for number, kept in enumerate(made) if statuses[number % 4] == "failed"]
        assert listed(DeliveryStatus.FAILED, None, limit) == failed[::-1]
        of_background = [kept.delivery_id for kept in reversed(made) if kept.vendor == "background"]
        assert listed(None, "background", limit) == of_background
    (newest,) = one.wired.inbox.deliveries.page(None, None, 1, None).items
    assert newest == {
        "delivery_id": made[-1].delivery_id,
        "vendor": "esign",
        "status": "received",
        "received_at": "2026-03-02T01:00:23.000Z",
        "reason": None,
    }


@pytest.mark.parametrize("cursor", ["bm90IG91cnM", "eyJmYWlsZWQiOjF9", "eyJub3doZXJlIjoieCJ9"])
def test_a_crafted_cursor_is_a_bad_cursor(one: World, cursor: str) -> None:
    with pytest.raises(DomainError, match="cursor"):
        one.wired.inbox.deliveries.page(None, None, 10, cursor)


def test_a_replay_tells_the_delivery_once_more_and_by_another_event(one: World) -> None:
    one.wired.inbox.deliveries.receive(delivery())
    one.wired.inbox.deliveries.settle(
        delivery().delivery_id, DeliveryStatus.FAILED, Said("因为", "because"), START
    )
    failed = one.wired.inbox.deliveries.get(delivery().delivery_id)
    one.wired.inbox.deliveries.replay(failed, "hr-1", START + timedelta(hours=1))
    (item,) = one.items()
    (event,) = from_events(item["events"])
    assert (event.name, event.actor) == ("delivery.received", "hr-1")
    assert event.id != f"evt_{delivery().delivery_id[4:]}_1_0"
    again = one.wired.inbox.deliveries.get(delivery().delivery_id)
    assert (again.status, again.reason, again.version) == (DeliveryStatus.RECEIVED, None, 2)
    with pytest.raises(LostRace):
        one.wired.inbox.deliveries.replay(failed, "hr-2", START)


def test_of_a_duplicate_the_original_is_replayed(one: World) -> None:
    duplicate = replace(
        rejected(), verdict=Verdict.DUPLICATE, status=DeliveryStatus.DUPLICATE, duplicate_of="dlv_first"
    )
    one.wired.inbox.deliveries.receive(duplicate)
    with pytest.raises(Conflict, match="dlv_first"):
        one.wired.inbox.deliveries.replay(
            one.wired.inbox.deliveries.get(duplicate.delivery_id), "hr-1", START
        )


def test_a_digest_tells_the_same_content_from_another(one: World) -> None:
    one.wired.inbox.deliveries.receive(delivery())
    deliveries = one.wired.inbox.deliveries
    assert deliveries.says(delivery().delivery_id, delivery().body)
    assert not deliveries.says(delivery().delivery_id, b"other")
    assert not deliveries.says("dlv_nobody", delivery().body)


def test_what_is_not_there_is_not_found(one: World) -> None:
    with pytest.raises(NotFound):
        one.wired.inbox.deliveries.get("dlv_nobody")
