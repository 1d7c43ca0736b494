"""Circuits against moto's table: what one function sees of a vendor, all do; races have one winner; trouble blocks no
call.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pydantic import BaseModel

from functions.relay.relay import subject_of
from rencai.kernel.errors import LostRace, VendorUnavailable
from rencai.kernel.events import Event, EventName
from rencai.store.table import Key, Table, from_events
from rencai.vendors.auth import bearer
from rencai.vendors.circuit import CACHED_FOR, FIRST_OPEN, PROBE, THRESHOLD, SharedCircuit, open_for
from rencai.vendors.circuits import Circuits, CircuitState, circuit_key
from rencai.vendors.http import Line, VendorHttp
from rencai.vendors.pool import VendorPool
from tests.aws import fresh_table
from tests.vendors.loopback import Log, Said, running

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
TABLE = "rencai-test"


class Counting:
    """The table's client, counting its calls; ``broken`` refuses them all, ``before`` runs once, ahead of a write."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self.calls: list[str] = []
        self.broken = False
        self.before: Callable[[], None] | None = None

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls.append(name)
            if self.broken:
                throttled = {"Error": {"Code": "ThrottlingException", "Message": "周晓"}}
                raise ClientError(throttled, name)  # type: ignore[arg-type]  # what of it matters
            if name != "get_item" and self.before is not None:
                first, self.before = self.before, None
                first()
            return getattr(self._target, name)(**arguments)

        return call


@dataclass
class Container:
    """One function's view of the vendor's circuit."""

    circuit: SharedCircuit
    client: Counting
    logged: list[tuple[str, dict[str, Any]]]

    def call(self, *, works: bool) -> str:
        """Make a call if it may be made, to a vendor who is there or not."""
        try:
            self.circuit.admit()
        except VendorUnavailable as error:
            return f"open for {error.retry_after_seconds} s"
        if works:
            self.circuit.succeeded()
            return "succeeded"
        self.circuit.failed()
        return "failed"


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, time: timedelta) -> None:
        self.now += time


@dataclass
class Tenant:
    """Containers over one table."""

    table: Table
    client: Any
    clock: Clock = field(default_factory=Clock)

    def container(self, vendor: str = "esign") -> Container:
        logged: list[tuple[str, dict[str, Any]]] = []
        counting = Counting(self.client)
        circuits = Circuits(Table(counting, TABLE))  # type: ignore[arg-type]  # stands in for it
        circuit = SharedCircuit(
            vendor, circuits, self.clock, lambda message, extra: logged.append((message, extra))
        )
        return Container(circuit, counting, logged)

    def state(self) -> CircuitState:
        return Circuits(self.table).get("esign")

    def events(self) -> list[Event]:
        item = self.table.get(circuit_key("esign")) or {}
        return from_events(item["events"]) if "events" in item else []

    def outage(self, container: Container, failures: int = THRESHOLD) -> None:
        assert [container.call(works=False) for _ in range(failures)] == ["failed"] * failures


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with fresh_table() as client:
        yield Tenant(Table(client, TABLE), client)


def test_all_well_is_one_read_in_ten_seconds_and_no_write(tenant: Tenant) -> None:
    container = tenant.container()
    for _ in range(20):
        assert container.call(works=True) == "succeeded"
        tenant.clock.wait(timedelta(seconds=1))
    assert container.client.calls == ["get_item"] * 2
    assert tenant.table.get(circuit_key("esign")) is None


def test_the_fifth_failure_in_a_row_opens_and_tells(tenant: Tenant) -> None:
    container = tenant.container()
    tenant.outage(container, THRESHOLD - 1)
    assert tenant.events() == []
    assert container.call(works=False) == "failed"
    assert tenant.state() == CircuitState(5, 1, START + FIRST_OPEN, START + FIRST_OPEN, 1)
    assert tenant.events() == [
        Event("evt_esign_1_0", EventName.VENDOR_UNREACHABLE, START, {"vendor": "esign"})
    ]
    tenant.clock.wait(timedelta(seconds=8.5))
    assert container.call(works=True) == "open for 22 s"


def test_the_event_is_about_the_vendor() -> None:
    assert circuit_key("esign") == Key("VENDOR#esign", "CIRCUIT")
    subject = subject_of("VENDOR#esign", "CIRCUIT")
    assert (subject.kind, subject.id) == ("vendor", "esign")


def test_failures_are_those_that_anybody_saw(tenant: Tenant) -> None:
    containers = [tenant.container() for _ in range(THRESHOLD)]
    assert [one.call(works=False) for one in containers] == ["failed"] * THRESHOLD
    assert tenant.container().call(works=True) == "open for 30 s"


def test_one_vendors_outage_is_not_anothers(tenant: Tenant) -> None:
    tenant.outage(tenant.container("esign"))
    assert tenant.container("ats").call(works=True) == "succeeded"


def test_a_success_in_between_begins_the_count_again(tenant: Tenant) -> None:
    failing, working = tenant.container(), tenant.container()
    tenant.outage(failing, THRESHOLD - 1)
    assert working.call(works=True) == "succeeded"
    assert tenant.state() == CircuitState()
    assert failing.call(works=False) == "failed"
    assert tenant.state() == CircuitState(failures=1)


def test_a_success_does_not_hide_a_failure_it_did_not_know(tenant: Tenant) -> None:
    failing, working = tenant.container(), tenant.container()
    tenant.outage(failing, 2)
    working.circuit.admit()
    tenant.outage(failing, 1)
    working.circuit.succeeded()
    assert tenant.state() == CircuitState(failures=3)


def test_half_open_a_success_closes(tenant: Tenant) -> None:
    container = tenant.container()
    tenant.outage(container)
    tenant.clock.wait(FIRST_OPEN)
    assert container.call(works=True) == "succeeded"
    assert tenant.state() == CircuitState(outages=1)
    assert tenant.events() == []
    assert container.call(works=True) == "succeeded"


def test_half_open_a_failure_opens_for_twice_as_long_and_tells_nothing_new(tenant: Tenant) -> None:
    container = tenant.container()
    tenant.outage(container)
    waited = []
    for _ in range(6):
        state = tenant.state()
        assert state.open_until is not None
        waited.append(round((state.open_until - tenant.clock.now).total_seconds()))
        tenant.clock.now = state.open_until
        assert container.call(works=False) == "failed"
        assert tenant.events() == []
        assert container.call(works=True).startswith("open for")
    assert waited == [30, 60, 120, 240, 300, 300]


def test_a_second_outage_is_another_event(tenant: Tenant) -> None:
    container = tenant.container()
    tenant.outage(container)
    tenant.clock.wait(FIRST_OPEN)
    assert container.call(works=True) == "succeeded"
    tenant.outage(container)
    assert [event.id for event in tenant.events()] == ["evt_esign_2_0"]


def test_one_caller_tries_and_the_others_still_see_it_open(tenant: Tenant) -> None:
    one, other = tenant.container(), tenant.container()
    tenant.outage(one)
    tenant.clock.wait(FIRST_OPEN)
    one.circuit.admit()
    assert other.call(works=True) == "open for 30 s"
    one.circuit.succeeded()
    tenant.clock.wait(CACHED_FOR)
    assert other.call(works=True) == "succeeded"


def test_the_lost_race_for_the_try(tenant: Tenant) -> None:
    """Both have read that it may be tried; the write decides."""
    winner, loser = tenant.container(), tenant.container()
    tenant.outage(winner)
    tenant.clock.wait(FIRST_OPEN)
    loser.client.before = winner.circuit.admit
    assert loser.call(works=True) == "open for 10 s"
    winner.circuit.failed()
    assert tenant.state().openings == 2
    assert loser.call(works=True) == "open for 60 s"


def test_a_try_whose_container_died_is_another_s_after_a_while(tenant: Tenant) -> None:
    dead, other = tenant.container(), tenant.container()
    tenant.outage(dead)
    tenant.clock.wait(FIRST_OPEN)
    dead.circuit.admit()
    tenant.clock.wait(PROBE - timedelta(seconds=1))
    assert other.call(works=True) == "open for 1 s"
    tenant.clock.wait(timedelta(seconds=1))
    assert other.call(works=True) == "succeeded"
    assert tenant.state() == CircuitState(outages=1)


def test_a_try_that_comes_back_after_its_time_does_not_undo_what_another_found(tenant: Tenant) -> None:
    late, other = tenant.container(), tenant.container()
    tenant.outage(late)
    tenant.clock.wait(FIRST_OPEN)
    late.circuit.admit()
    tenant.clock.wait(PROBE)
    assert other.call(works=False) == "failed"
    reopened = tenant.state()
    late.circuit.succeeded()
    assert tenant.state() == reopened


def test_two_who_see_the_fifth_failure_open_once(tenant: Tenant) -> None:
    one, other = tenant.container(), tenant.container()
    tenant.outage(one, THRESHOLD - 1)
    other.circuit.admit()
    one.client.calls.clear()

    def also_fails() -> None:
        # Between the one's count and its opening.
        one.client.before = other.circuit.failed

    one.client.before = also_fails
    assert one.call(works=False) == "failed"
    state = tenant.state()
    assert (state.failures, state.openings, state.outages) == (6, 1, 1)
    assert [event.id for event in tenant.events()] == ["evt_esign_1_0"]


def test_calls_under_way_when_it_opens_change_nothing(tenant: Tenant) -> None:
    opener, failing, working = (tenant.container() for _ in range(3))
    failing.circuit.admit()
    working.circuit.admit()
    tenant.outage(opener)
    before = tenant.state()
    working.circuit.succeeded()
    failing.circuit.failed()
    after = tenant.state()
    assert (after.open_until, after.openings, after.outages) == (before.open_until, 1, 1)
    assert failing.call(works=True) == "open for 30 s"


@pytest.mark.parametrize("works", [True, False])
def test_a_table_that_does_not_answer_keeps_nobody_from_calling(tenant: Tenant, works: bool) -> None:
    container = tenant.container()
    container.client.broken = True
    expected = "succeeded" if works else "failed"
    assert [container.call(works=works) for _ in range(8)] == [expected] * 8
    assert container.logged
    assert {message for message, _ in container.logged} == {"circuit not kept"}
    assert all("周晓" not in extra["reason"] for _, extra in container.logged)


def test_a_try_that_cannot_be_claimed_is_made(tenant: Tenant) -> None:
    container = tenant.container()
    tenant.outage(container)
    tenant.clock.wait(FIRST_OPEN)
    container.circuit.admit()  # reads and claims
    tenant.clock.wait(PROBE)
    container.client.calls.clear()
    container.circuit._read_at = tenant.clock.now  # still knows what it read
    container.client.broken = True
    assert container.call(works=True) == "succeeded"
    assert container.client.calls == ["update_item"]


def test_an_item_without_sense_keeps_nobody_from_calling(tenant: Tenant) -> None:
    tenant.table.put(circuit_key("esign"), {"failures": "many"})
    container = tenant.container()
    assert container.call(works=True) == "succeeded"
    assert [message for message, _ in container.logged] == ["circuit not kept"]


def test_what_is_not_as_it_was_seen_is_a_lost_race(tenant: Tenant) -> None:
    circuits = Circuits(tenant.table)
    seen = circuits.count_failure("esign")
    circuits.count_failure("esign")
    until = START + FIRST_OPEN
    with pytest.raises(LostRace):
        circuits.close("esign", seen)
    with pytest.raises(LostRace):
        circuits.open("esign", seen, until, START)
    with pytest.raises(LostRace):
        circuits.claim_probe("esign", CircuitState(open_until=until), until, START)


@pytest.mark.parametrize("openings", [1, 7, 10_000])
def test_however_often_it_opens_it_is_tried_every_five_minutes(openings: int) -> None:
    assert timedelta(seconds=30) <= open_for(openings) <= timedelta(minutes=5)


def test_times_read_back_as_they_were_written(tenant: Tenant) -> None:
    circuits = Circuits(tenant.table)
    until = datetime(2026, 3, 2, 1, 0, 30, 500_000, tzinfo=UTC)
    opened = circuits.open("esign", circuits.count_failure("esign"), until, START)
    assert opened == circuits.get("esign")
    assert opened.open_until == until


class Thing(BaseModel):
    id: str


def test_an_outage_from_its_first_call_to_its_end(tenant: Tenant) -> None:
    container = tenant.container()
    with running() as vendor, VendorPool() as pool:
        line = Line("esign", pool, container.circuit, tenant.clock, Log())
        http = VendorHttp(line, vendor.url, bearer(lambda: "t"))

        def calls(times: int) -> list[str]:
            told = []
            for _ in range(times):
                try:
                    told.append(http.get("/things", {}, Thing).id)
                except VendorUnavailable as error:
                    told.append(f"{error.reason}, {error.retry_after_seconds}")
            return told

        busy, down, well = Said(status=429), Said(status=503), Said({"id": "x"})
        vendor.says({"GET /things": [*[busy] * 6, *[down] * 6, well]})
        assert calls(6) == ["answered 429, None"] * 6
        assert calls(7) == ["answered 503, None"] * 5 + ["circuit open, 30"] * 2
        tenant.clock.wait(FIRST_OPEN)
        assert calls(2) == ["answered 503, None", "circuit open, 60"]
        tenant.clock.wait(2 * FIRST_OPEN)
        assert calls(3) == ["x"] * 3
        assert len(vendor.asked) == 15
