"""Any vendor down for six hours: no lost step, no duplicate effect, nothing hammered; and what happens after that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import pytest

from rencai.hiring.rules.stages import Stage
from rencai.kernel import ids
from tests.journey.clocked import Clocked, Outage
from tests.journey.deliveries import check, envelope, qualifying
from tests.journey.world import START, World, world

PEOPLE = 6
VENDORS = ("pay", "esign", "background", "psychometric", "ats", "lms")


def _people(one: World) -> list[str]:
    found = []
    for number in range(PEOPLE):
        interview = qualifying()
        interview["interview_id"] = f"itv-{number}"
        interview["candidate"] |= {
            "external_id": f"ats-{number}",
            "email": f"person{number}@example.com",
            "phone": f"+86138000001{number:02d}",
            "name": f"候选人{number}",
        }
        interview["candidate"].pop("national_id", None)
        found.append(one.hand_in(interview))
    return found


def _outsiders(one: World, people: list[str]) -> Callable[[], None]:
    """Candidates sign when they can, the check vendor calls back when it was asked; each once."""
    done: set[str] = set()

    def act() -> None:
        for candidate_id in people:
            journey = one.wired.hiring.journeys.get(candidate_id).journey
            if journey.stage is Stage.OFFER_SENT and f"sign {candidate_id}" not in done:
                done.add(f"sign {candidate_id}")
                body = envelope(envelope_id=journey.about["envelope"])
                body["data"]["reference"] = ids.offer_id(candidate_id)
                one.webhook("esign", f"msg-sign-{candidate_id}", body)
            if journey.stage is Stage.CHECKING and f"check {candidate_id}" not in done:
                done.add(f"check {candidate_id}")
                body = check()
                body["data"] |= {"check_id": journey.about["check"], "reference": candidate_id}
                one.webhook("background", f"msg-check-{candidate_id}", body)

    return act


def _break(one: World, vendor: str, hours: int) -> Outage:
    names = ("finance", "benefits") if vendor == "pay" else (vendor,)
    outage = Outage(vendor, getattr(one.vendors, names[0]), one, START, START + timedelta(hours=hours))
    for name in names:
        setattr(one.vendors, name, outage)
    return outage


@dataclass(frozen=True)
class _End:
    """What became of everybody."""

    stages: set[Stage]
    plans: dict[str, list[str]]
    """The items of each employee's plan, by employee."""
    esign: int
    background: int
    psychometric: int
    enrolled: list[str]
    told_to_ats: int
    letters: int

    @classmethod
    def of(cls, one: World, people: list[str]) -> "_End":
        employees = [ids.employee_id(candidate_id) for candidate_id in people]
        plans = one.wired.training.plans
        return cls(
            {one.wired.hiring.journeys.get(candidate_id).journey.stage for candidate_id in people},
            {employee: [item.item_id for item in plans.get(employee).plan.current] for employee in employees},
            len(one.esign.ledger.made),
            len(one.background.ledger.made),
            len(one.psychometric.ledger.made),
            list(one.lms.ledger.made),
            len(one.ats.ledger.made),
            len(one.mail.sent),
        )


def _everything_once(end: _End) -> None:
    assert end.stages == {Stage.ONBOARDED}
    assert (end.esign, end.background, end.psychometric) == (PEOPLE, PEOPLE, PEOPLE)
    assert len(end.plans) == PEOPLE
    for employee_id, items in end.plans.items():
        enrolled = [key for key in end.enrolled if key.startswith(f"enrol-{employee_id}-")]
        assert sorted(enrolled) == sorted(f"enrol-{employee_id}-{item_id}" for item_id in items)
    assert end.told_to_ats == 5 * PEOPLE
    assert end.letters == PEOPLE


@dataclass(frozen=True)
class _Ridden:
    """Six hours without one vendor, as they went."""

    dead: int
    end: _End
    calls: list[datetime]
    unreachable: list[dict[str, object]]


@cache
def _six_hours_without(vendor: str) -> _Ridden:
    """Lived through once a worker: what a test asks of it, it only looks at."""
    with world() as one:
        outage = _break(one, vendor, hours=6)
        people = _people(one)
        clocked = Clocked(one)
        clocked.run(START + timedelta(hours=12), _outsiders(one, people))
        told = [event.detail.data for event in one.published if event.name == "vendor.unreachable"]
        return _Ridden(len(clocked.dead), _End.of(one, people), outage.calls, told)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_down_for_six_hours_loses_nothing_and_repeats_nothing(vendor: str) -> None:
    ridden = _six_hours_without(vendor)
    assert ridden.dead == 0
    _everything_once(ridden.end)
    # Back within a quarter of an hour: the longest backoff.
    ended = START + timedelta(hours=6)
    resumed = min(at for at in ridden.calls if at >= ended)
    assert resumed - ended <= timedelta(minutes=15)


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_circuit_keeps_a_dead_vendor_from_being_hammered(vendor: str) -> None:
    """Six candidates tried some thirty times each would be 180 calls; a probe every five minutes at most is 72."""
    ridden = _six_hours_without(vendor)
    ended = START + timedelta(hours=6)
    made = [at for at in ridden.calls if at < ended]
    assert 5 < len(made) <= 5 + 72 + 5
    assert ridden.unreachable == [{"vendor": vendor}]


def test_after_the_queue_gives_up_the_message_is_dead_and_redrive_brings_it_back() -> None:
    with world() as one:
        _break(one, "esign", hours=30)
        people = _people(one)
        clocked = Clocked(one)
        outsiders = _outsiders(one, people)
        clocked.run(START + timedelta(hours=7), outsiders)
        assert clocked.dead == [], "six hours are ridden out, with an hour to spare"
        clocked.run(START + timedelta(hours=30), outsiders)
        assert len(clocked.dead) == PEOPLE
        assert {one.wired.hiring.journeys.get(candidate_id).journey.stage for candidate_id in people} == {
            Stage.OFFER_DRAFTED
        }
        assert clocked.redrive() == PEOPLE
        clocked.run(START + timedelta(hours=40), outsiders)
        assert clocked.dead == []
        _everything_once(_End.of(one, people))


def test_everybody_down_at_once() -> None:
    with world() as one:
        for vendor in VENDORS:
            _break(one, vendor, hours=5)
        people = _people(one)
        clocked = Clocked(one)
        clocked.run(START + timedelta(hours=12), _outsiders(one, people))
        assert clocked.dead == []
        _everything_once(_End.of(one, people))
