"""The nightly scan says how far it sees (F4): it waits for cards that are not made yet, up to a limit."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.pressure.handing import WAITS_AT_MOST
from functions.pressure.scan_messages import ScanPart, ScanWait, message_of
from functions.pressure.scan_part import give_up
from rencai.kernel.errors import CommonRefusal, DomainError
from rencai.pressure.store.scans import ScanStatus
from tests.journey.faults import Crash, Faults
from tests.pressure.night import Night, night

WANG = "emp_wang"
SCAN = "scn_20261123"


@pytest.fixture
def tenant() -> Iterator[Night]:
    with night() as made:
        yield made


def takes(tenant: Night) -> ScanWait | ScanPart:
    """The first message that waits, delivered."""
    message = message_of(tenant.messages[0])
    tenant.scan(tenant.messages.popleft())
    return message


def finished(tenant: Night) -> dict[str, Any]:
    (told,) = [data for _, name, data in tenant.told() if name == "scan.finished"]
    return told


def test_a_night_with_nothing_outstanding_waits_for_nothing(tenant: Night) -> None:
    tenant.begins()
    assert {type(message_of(body)) for body in tenant.messages} == {ScanPart}
    assert set(tenant.delays) == {0}
    record = tenant.scans.get(SCAN)
    assert (record.cards_behind, record.waited) == (0, 0)


def test_what_is_told_just_before_the_night_is_in_it(tenant: Night) -> None:
    tenant.hire(WANG)
    tenant.works(WANG, "55")
    tenant.behind = 1
    tenant.begins()
    record = tenant.scans.get(SCAN)
    assert (record.status, record.cards_behind, record.waited) == (ScanStatus.RUNNING, 1, None)
    assert message_of(tenant.messages[0]) == ScanWait(SCAN, 1, 5)
    tenant.makes_cards([WANG])
    tenant.behind = 0
    tenant.scans_parts()
    record = tenant.scans.get(SCAN)
    assert (record.status, record.cards_behind, record.waited) == (ScanStatus.FINISHED, 0, 5)
    assert finished(tenant)["cards_behind"] == 0
    assert [one.employee_id for one in tenant.cards.alerts(None, 25, None)[0]] == [WANG]


def test_it_waits_up_to_a_limit_and_says_what_it_did_not_see(tenant: Night) -> None:
    tenant.behind = 7
    tenant.begins()
    while isinstance(takes(tenant), ScanWait):
        assert tenant.delays[-1] <= 900, "SQS holds a message no longer"
    tenant.scans_parts()
    record = tenant.scans.get(SCAN)
    assert (record.status, record.cards_behind, record.waited) == (ScanStatus.FINISHED, 7, WAITS_AT_MOST)
    assert sum(tenant.delays) == WAITS_AT_MOST
    assert finished(tenant)["cards_behind"] == 7


def test_each_look_says_how_many_are_left(tenant: Night) -> None:
    seen: list[int | None] = []
    for behind in (300, 12, 1):
        tenant.behind = behind
        if seen:
            takes(tenant)
        else:
            tenant.begins()
        seen.append(tenant.scans.get(SCAN).cards_behind)
    assert seen == [300, 12, 1]


def test_begun_again_while_it_waits_it_is_one_run(tenant: Night) -> None:
    tenant.behind = 1
    tenant.begins()
    tenant.begins()
    tenant.behind = 0
    tenant.scans_parts()
    record = tenant.scans.get(SCAN)
    assert (record.run, record.status, record.cards_behind) == (1, ScanStatus.FINISHED, 0)
    assert finished(tenant)["scan_id"] == SCAN


def test_begun_again_when_its_parts_are_out_it_does_not_wait(tenant: Night) -> None:
    tenant.begins()
    tenant.messages.clear()
    tenant.behind = 5
    tenant.begins()
    assert {type(message_of(body)) for body in tenant.messages} == {ScanPart}
    record = tenant.scans.get(SCAN)
    assert (record.cards_behind, record.waited) == (0, 0), "what it saw when it began to read"


def test_a_night_that_waits_gives_way_to_the_next_days(tenant: Night) -> None:
    tenant.behind = 1
    tenant.begins()
    waiting = tenant.messages.popleft()
    tenant.now = tenant.now.replace(day=23)
    tenant.behind = 0
    tenant.passes()
    tenant.scan(waiting)
    assert not tenant.messages
    assert tenant.scans.get(SCAN).status is ScanStatus.RUNNING


def test_a_wait_that_kills_whoever_takes_it_ends_the_run(tenant: Night) -> None:
    tenant.behind = 1
    tenant.begins()
    give_up(tenant.wired, tenant.messages[0], DomainError(CommonRefusal.INTERNAL))
    assert tenant.scans.get(SCAN).status is ScanStatus.FAILED
    tenant.scan(tenant.messages.popleft())
    assert not tenant.messages


def test_a_crash_at_any_call_of_a_look_hands_out_the_same_parts() -> None:
    for at in range(1, 5):
        with night() as tenant:
            tenant.behind = 1
            tenant.begins()
            tenant.behind = 0
            faults = Faults(at)
            try:
                tenant.seen_by(faults).scan(tenant.messages[0])
            except Crash:
                assert not [
                    body for body in list(tenant.messages)[1:] if isinstance(message_of(body), ScanWait)
                ]
            tenant.scans_parts()
            assert tenant.scans.get(SCAN).status is ScanStatus.FINISHED


def test_a_part_of_before_the_waiting_is_read_as_it_was() -> None:
    told = json.dumps({"scan_id": SCAN, "run": 1, "number": 2, "shards": [3, 4]})
    assert message_of(told) == ScanPart(SCAN, 1, 2, (3, 4))
