"""Any vendor down for six hours: no lost step, no duplicate effect, nothing hammered; and what happens after that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from rencai.hiring.rules.journey import Stage
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


def _everything_once(one: World, people: list[str]) -> None:
    assert {one.wired.hiring.journeys.get(candidate_id).journey.stage for candidate_id in people} == {
        Stage.ONBOARDED
    }
    for ledger in (one.esign, one.background, one.psychometric):
        assert len(ledger.ledger.made) == PEOPLE, type(ledger).__name__
    for candidate_id in people:
        employee_id = ids.employee_id(candidate_id)
        items = [item.item_id for item in one.wired.training.plans.get(employee_id).plan.current]
        enrolled = [key for key in one.lms.ledger.made if key.startswith(f"enrol-{employee_id}-")]
        assert sorted(enrolled) == sorted(f"enrol-{employee_id}-{item_id}" for item_id in items)
    assert len(one.ats.ledger.made) == 5 * PEOPLE
    assert len(one.mail.sent) == PEOPLE


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_down_for_six_hours_loses_nothing_and_repeats_nothing(vendor: str) -> None:
    with world() as one:
        outage = _break(one, vendor, hours=6)
        people = _people(one)
        clocked = Clocked(one)
        clocked.run(START + timedelta(hours=12), _outsiders(one, people))
        assert clocked.dead == []
        _everything_once(one, people)
        # Back within a quarter of an hour: the longest backoff.
        ended = START + timedelta(hours=6)
        resumed = min(at for at in outage.calls if at >= ended)
        assert resumed - ended <= timedelta(minutes=15)


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_circuit_keeps_a_dead_vendor_from_being_hammered(vendor: str) -> None:
    """Six candidates tried some thirty times each would be 180 calls; a probe every five minutes at most is 72."""
    with world() as one:
        outage = _break(one, vendor, hours=6)
        people = _people(one)
        Clocked(one).run(START + timedelta(hours=12), _outsiders(one, people))
        ended = START + timedelta(hours=6)
        made = [at for at in outage.calls if at < ended]
        assert 5 < len(made) <= 5 + 72 + 5
        told = [event for event in one.published if event.name == "vendor.unreachable"]
        assert [event.detail.data for event in told] == [{"vendor": vendor}]


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
        _everything_once(one, people)


def test_everybody_down_at_once() -> None:
    with world() as one:
        for vendor in VENDORS:
            _break(one, vendor, hours=5)
        people = _people(one)
        clocked = Clocked(one)
        clocked.run(START + timedelta(hours=12), _outsiders(one, people))
        assert clocked.dead == []
        _everything_once(one, people)
