"""The ways in and out of applications (A6, B8, B5): events, webhooks and pulls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.hiring.background_check import request_check
from functions.people.ats_applications import apply_applications
from functions.people.ats_pull import pull_applications
from functions.people.ats_tell import tell_ats
from rencai.hiring.rules.background import Employment
from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.inbox.acting import Apply, Inbox
from rencai.inbox.deliveries import Delivery, DeliveryStatus
from rencai.inbox.facts import NotActedOn
from rencai.inbox.links import Links
from rencai.kernel.errors import NotFound, VendorUnavailable
from rencai.kernel.events import Envelope, EventName, Subject, SubjectKind
from rencai.kernel.page import Page
from rencai.people.rules.application import Application
from rencai.people.rules.facts import ApplicationUpdated
from rencai.people.store.applications import Link
from rencai.platform.consumer import BusEvent
from tests.journey.vendors import FakeAts, FakeBackground
from tests.people.tenant import APP, FIRST, PASSPORT, SECOND, START, ZHOU, Tenant


def envelope(name: EventName, candidate_id: str, **data: Any) -> BusEvent:
    detail = Envelope(
        event_id="evt_1",
        tenant_id="test",
        occurred_at=START,
        correlation_id="c",
        subject=Subject(kind=SubjectKind.CANDIDATE, id=candidate_id),
        data=data,
    )
    return BusEvent.model_validate({"detail-type": name, "detail": detail.model_dump(mode="json")})


def test_b8_the_ats_hears_of_its_application(one: Tenant) -> None:
    one.hand_in(ZHOU)
    ats = FakeAts()
    for number in range(2):
        told = envelope(EventName.OFFER_SENT, FIRST)
        told = told.model_copy(
            update={"detail": told.detail.model_copy(update={"event_id": f"evt_{number}"})}
        )
        tell_ats(told, applications=one.applications, ats=ats, now=START)
        one.applied(ZHOU)
    assert list(ats.ledger.made.values()) == [
        ("1", "offer_sent", "offer.sent"),
        ("app-1", "offer_sent", "offer.sent"),
    ]


def test_b5_the_work_history_of_the_application_is_checked(one: Tenant) -> None:
    one.hand_in(ZHOU)
    job = {"employer": "甲公司", "title": "销售", "from": "2021-03", "to": None}
    one.applied({**ZHOU, "national_id": PASSPORT}, resume={"work_history": [job]})
    one.sends_offer(FIRST)
    about = {"offer": "off_1", "envelope": "env_1"}
    one.journeys.apply(
        FIRST,
        Fact(FactKind.OFFER_SIGNED, "env_1", about, {"offer_id": "off_1", "envelope_id": "env_1"}),
        START,
    )
    background, links = FakeBackground(echoes_reference=False), Links(one.table)
    request_check(
        FIRST,
        journeys=one.journeys,
        people=one.people,
        applications=one.applications,
        links=links,
        background=background,
        now=START,
    )
    assert background.ledger.made == {
        f"check-{FIRST}": ("周晓", PASSPORT, FIRST, (Employment.model_validate(job),))
    }
    assert links.reference("background", f"chk-{FIRST}") == FIRST


class OneDelivery(Inbox):
    """An inbox with one delivery, which tells these facts."""

    def __init__(self, *told: Any) -> None:
        object.__setattr__(self, "told", told)
        object.__setattr__(self, "became", [])

    def act(self, delivery_id: str, apply: Apply, now: Any, *, since: int | None = None) -> None:
        delivery = Delivery(delivery_id, "ats", "generic", "m", b"", {}, "", START)
        self.__dict__["became"].extend(apply(delivery, fact) for fact in self.__dict__["told"])


def test_a6_the_ats_tells_by_webhook(one: Tenant) -> None:
    one.hand_in(ZHOU)
    told = Application.model_validate({"external_id": "app-1", "candidate": ZHOU})
    inbox = OneDelivery(ApplicationUpdated(told), NotActedOn("ping"))
    apply_applications("dlv_1", inbox=inbox, recognition=one.recognition, now=START)
    assert inbox.__dict__["became"] == [DeliveryStatus.APPLIED, DeliveryStatus.IGNORED]
    assert one.applications.of(FIRST) == Link(APP, "app-1")


@dataclass
class Feed(FakeAts):
    """An ATS that is gone when asked for a page from ``gone_at``."""

    gone_at: str | None = None
    asked: list[str | None] = field(default_factory=list)

    def applications(self, since: str | None) -> Page[Application]:
        self.asked.append(since)
        if since is not None and since == self.gone_at:
            raise VendorUnavailable("ats", "down")
        return super().applications(since)


def feed(*names: str) -> list[Application]:
    return [
        Application.model_validate({"external_id": name, "candidate": {"email": f"{name}@example.com"}})
        for name in names
    ]


def pull(one: Tenant, ats: FakeAts, has_time: Callable[[], bool] = lambda: True) -> Any:
    return pull_applications(
        feed="ats", ats=ats, cursors=one.cursors, recognition=one.recognition, now=START, has_time=has_time
    )


def on_record(one: Tenant) -> set[str]:
    return {item["external_id"] for item in one.items() if item["sk"] == "APPLICATION"}


def test_a6_a_pull_reads_on_from_where_the_last_one_ended(one: Tenant) -> None:
    ats = Feed(feed=feed("a", "b", "c"))
    assert (pull(one, ats).pages, on_record(one)) == (2, {"a", "b", "c"})
    ats.feed += feed("d")
    assert pull(one, ats).applications == 1
    assert ats.asked == [None, "2", "3"]
    assert on_record(one) == {"a", "b", "c", "d"}


def test_a6_a_pull_keeps_the_pages_before_an_outage_and_stops_in_time(one: Tenant) -> None:
    ats = Feed(feed=feed("a", "b", "c", "d", "e"), gone_at="2")
    with pytest.raises(VendorUnavailable):
        pull(one, ats)
    assert (one.cursors.get("ats"), on_record(one)) == ("2", {"a", "b"})
    ats.gone_at = None
    time = iter([True, False])
    assert pull(one, ats, lambda: next(time)).pages == 1
    assert one.cursors.get("ats") == "4"


def test_a_page_read_twice_is_on_record_once(one: Tenant) -> None:
    ats = Feed(feed=feed("a", "b"))
    pull(one, ats)
    one.cursors.put("ats", None, START)
    one.passes(days=1)
    pull(one, ats)
    assert [name for _, name, _ in one.told()] == ["application.received"] * 2


def test_an_application_belongs_to_one_candidate(one: Tenant) -> None:
    one.applied({})
    assert one.applications.link(APP, FIRST)
    assert one.applications.link(APP, FIRST)
    assert not one.applications.link(APP, SECOND)
    assert one.applications.of(SECOND) is None
    with pytest.raises(NotFound):
        one.applications.link("app_nothing", FIRST)


def test_a_cursor_stays_until_it_is_put_back(one: Tenant) -> None:
    assert one.cursors.get("ats") is None
    one.cursors.put("ats", "page-2", START)
    assert (one.cursors.get("ats"), one.cursors.get("lms")) == ("page-2", None)
    one.cursors.put("ats", None, START)
    assert one.cursors.get("ats") is None
