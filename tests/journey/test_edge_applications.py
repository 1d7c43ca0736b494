"""The vendor edge on a whole tenant: applications, and what the ATS is told of them (A6, B8)."""

from datetime import timedelta
from typing import cast

import pytest

from functions.people.ats_tell import tell_ats
from rencai.hiring.rules.stages import Stage
from rencai.platform.consumer import Retry
from tests.journey.deliveries import REFERENCE, check, envelope, failing, qualifying
from tests.journey.edge import applied, assessed, hired, learnt, stage
from tests.journey.faults import Faults
from tests.journey.world import world


@pytest.mark.parametrize("first", ["application", "interview"])
def test_a6_an_application_and_an_interview_of_one_person_are_one_candidate(first: str) -> None:
    with world() as one:
        if first == "application":
            one.webhook("ats", "msg-0", applied())
            one.settle()
        one.hand_in(qualifying())
        one.settle()
        if first == "interview":
            one.webhook("ats", "msg-0", applied())
            one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.webhook("background", "msg-2", check())
        one.settle()
        assert stage(one) is Stage.ONBOARDED
        (made,) = one.background.ledger.made.values()
        assert [job.employer for job in made[3]] == ["甲公司"]  # type: ignore[index]  # a tuple
        link = one.wired.people.applications.of(REFERENCE)
        assert link is not None
        assert link.external_id == "job-77"
        assert list(one.ats.ledger.made.values())[-1] == ("job-77", "onboarded", "employee.onboarded")


def test_nothing_of_the_new_vendors_is_in_the_clear() -> None:
    with world(Faults()) as one:
        one.webhook("ats", "msg-0", applied(candidate=qualifying()["candidate"]))
        hired(one)
        one.webhook("psychometric", "msg-a", assessed())
        one.webhook("lms", "msg-l", learnt(40, "2026-03-03T01:00:00Z") | {})
        one.settle()
        stored, events = repr(one.items()), repr([event.model_dump() for event in one.published])
        for secret in ("抗压能力较好", "表达清晰", "甲公司", qualifying()["candidate"]["national_id"]):
            assert secret not in stored
            assert secret not in events
        for personal in ("周晓", "zhou.xiao@example.com", "13800000001"):
            assert personal not in events


def test_b8_an_ats_that_does_not_order_by_time_is_never_led_back() -> None:
    with world() as one:
        one.ats.orders_by_time = False
        one.hand_in(qualifying())
        one._relay()
        late = [message for message in one.queue if message.consumer == "AtsQueue"]
        one.queue = [message for message in one.queue if message.consumer != "AtsQueue"]
        one.settle()
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        one.queue += late
        one.settle()
        assert [
            told for _, told, _ in cast("list[tuple[str, str, str]]", [*one.ats.ledger.made.values()])
        ] == [
            "offer_sent",
            "signed",
        ]


def test_b8_an_ats_hears_what_was_decided_before_its_application_was_found() -> None:
    with world() as one:
        one.ats.knows_interview_ids = False
        one.hand_in(failing())
        one.settle()
        assert one.ats.ledger.made == {}
        one.webhook("ats", "msg-0", applied())
        one.settle()
        assert [*one.ats.ledger.made.values()] == [("job-77", "talent_pool", "candidate.merged")]


def test_b8_what_an_ats_is_told_when_its_application_is_found_is_the_same_when_it_is_told_again() -> None:
    """The vendor did it and its answer was lost; meanwhile the journey has moved on, and the key is the same."""
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("ats", "msg-0", applied())
        one.settle()
        (merged,) = [told for told in one.published if told.name == "candidate.merged"]
        one.now += timedelta(minutes=1)
        one.webhook("esign", "msg-1", envelope())
        one.settle()
        tell_ats(
            merged,
            applications=one.wired.people.applications,
            ats=one.ats,
            now=one.now,
        )
        (key,) = [key for key in one.ats.ledger.asked if key.startswith(f"{merged.detail.event_id}.")]
        assert one.ats.ledger.asked[key] == 2


def test_b8_an_ats_is_told_when_the_link_that_its_event_tells_of_is_there() -> None:
    """The event is told a moment before the link is written."""
    with world() as one:
        one.hand_in(qualifying())
        one.settle()
        one.webhook("ats", "msg-0", applied())
        one.settle()
        (merged,) = [told for told in one.published if told.name == "candidate.merged"]
        link = one.wired.people.applications.of(REFERENCE)
        assert link is not None
        one.wired.people.applications.unlink(link.application_id, REFERENCE)
        telling = {"applications": one.wired.people.applications, "ats": one.ats}
        with pytest.raises(Retry):
            tell_ats(merged, now=one.now, **telling)  # type: ignore[arg-type]  # two collaborators
        asked = one.ats.ledger.asked.copy()
        tell_ats(merged, now=one.now + timedelta(hours=2), **telling)  # type: ignore[arg-type]  # as above
        assert one.ats.ledger.asked == asked, "it was undone: there is nobody to tell"
