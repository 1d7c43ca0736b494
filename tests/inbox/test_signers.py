"""A delivery proves the vendor whose key signed it, and no other: among interview vendors, and among all."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from rencai.inbox.deliveries import DeliveryStatus
from rencai.inbox.dialect import Delivered, NotAuthentic, NotInContract
from rencai.inbox.dialects import MODULES, dialect_named
from rencai.inbox.facts import NotActedOn
from rencai.inbox.receiving import Inbound
from rencai.interviews.rules.speakers import INTERVIEW_VENDORS
from rencai.kernel.errors import Forbidden
from rencai.platform.secrets import Secrets
from tests.builders import result
from tests.journey.world import World, world
from tests.vendors.forgeries import genuine

SHARED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OF_AIVIEW = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
OF_TALK = "whsec_QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJC"
VENDORS = ("interview", "esign", "background", "psychometric", "ats", "lms")
SAID_BY = {
    "interview": ("interview.completed", result()),
    "esign": (
        "envelope.completed",
        {"envelope_id": "e", "reference": "off_1", "occurred_at": "2026-03-02T01:00:00Z"},
    ),
    "background": (
        "check.completed",
        {"check_id": "c", "reference": "cand_1", "result": "clear", "findings": []},
    ),
    "psychometric": ("assessment.completed", {"assessment_id": "a", "reference": "cand_1", "scales": {}}),
    "ats": ("application.updated", {"external_id": "job-1"}),
    "lms": (
        "enrolment.progressed",
        {"enrolment_id": "n", "completion_percent": 1, "occurred_at": "2026-03-02T01:00:00Z"},
    ),
}


class _Secrets(Secrets):
    """Every vendor's own."""

    def __init__(self, kept: dict[str, dict[str, Any]]) -> None:
        self._kept = kept

    def value(self, name: str) -> str:
        return json.dumps(self._kept[name]) if name != "identity" else "the tenant's secret"


@pytest.fixture
def one() -> Iterator[World]:
    with world() as tenant:
        tenant.wired.secrets = _Secrets(
            {
                "interview": {
                    "webhook_secrets": [SHARED],
                    "webhook_secrets_of": {"aiview": [OF_AIVIEW], "talk": [OF_TALK]},
                }
            }
        )
        yield tenant


def _bind(one: World, **bound: object) -> None:
    one.wired.configurations.put(INTERVIEW_VENDORS, "default", bound, actor="test", now=one.now)


def _signed(one: World, secret: str, type_: str, data: dict[str, Any], name: str = "msg-1") -> Delivered:
    raw = json.dumps({"type": type_, "timestamp": one.now.isoformat(), "data": data})
    headers = {
        "webhook-id": [name],
        "webhook-timestamp": [str(int(one.now.timestamp()))],
        "webhook-signature": [Webhook(secret).sign(name, one.now, raw)],
    }
    return Delivered(raw.encode(), headers)


def _interview(one: World, secret: str, vendor: str, name: str = "msg-1") -> int:
    told = _signed(one, secret, "interview.completed", {**result(), "vendor": vendor}, name)
    return one.deliver("interview", told)


@pytest.mark.parametrize(
    ("secret", "vendor", "may"),
    [
        (OF_AIVIEW, "aiview", True),
        (OF_AIVIEW, "talk", False),
        (OF_TALK, "talk", True),
        (OF_TALK, "aiview", False),
        (OF_TALK, "other", False),
        (SHARED, "other", True),
        (SHARED, "aiview", False),
    ],
)
def test_an_interview_vendor_speaks_for_itself(one: World, secret: str, vendor: str, may: bool) -> None:
    _bind(one, webhook=["other"])
    if may:
        assert _interview(one, secret, vendor) == 202
        one.settle()
        assert [event.name for event in one.published][:2] == ["delivery.received", "interview.received"]
        return
    with pytest.raises(Forbidden):
        _interview(one, secret, vendor)
    one.settle()
    assert not one.published
    assert not [item for item in one.items() if item["pk"].startswith("CANDIDATE#")]
    (kept,) = one.wired.inbox.deliveries.page(DeliveryStatus.REJECTED, None, 10, None).items
    assert "may not hand in results" in kept["reason"].english


def test_a_key_that_is_nobodys_is_no_ones(one: World) -> None:
    _bind(one, webhook="all")
    with pytest.raises(NotAuthentic):
        _interview(one, "whsec_Q0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0ND", "aiview")


def test_a_refused_delivery_comes_in_once_its_vendor_is_bound_and_hr_replays_it(one: World) -> None:
    _bind(one)
    with pytest.raises(Forbidden):
        _interview(one, SHARED, "other")
    (kept,) = one.wired.inbox.deliveries.page(DeliveryStatus.REJECTED, None, 10, None).items
    one.wired.inbox.desk.replay(kept["delivery_id"], "hr", one.now)
    one.settle()
    assert not one.wired.hiring.journeys.page(None, None, 10, None).items, "it is not bound yet"
    _bind(one, webhook=["other"])
    one.wired.inbox.desk.replay(kept["delivery_id"], "hr", one.now)
    one.settle()
    assert len(one.wired.hiring.journeys.page(None, None, 10, None).items) == 1


def test_what_was_kept_is_refused_where_its_vendor_is_bound_no_more(one: World) -> None:
    _bind(one, webhook="all")
    assert _interview(one, SHARED, "other") == 202
    _bind(one, webhook=[])
    one.settle()
    (kept,) = one.wired.inbox.deliveries.page(DeliveryStatus.FAILED, None, 10, None).items
    assert "may not hand in results" in kept["reason"].english
    assert not one.wired.hiring.journeys.page(None, None, 10, None).items


@pytest.mark.parametrize("told_by", VENDORS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendors_key_is_its_own_and_so_is_what_it_tells(vendor: str, told_by: str) -> None:
    """Signed with a key of another it is not authentic; with its own, what is another's to tell tells nothing."""
    with world() as tenant:
        keys = {name: f"whsec_{letter * 32}" for name, letter in zip(VENDORS, "ABCDEF", strict=True)}
        tenant.wired.secrets = _Secrets({name: {"webhook_secrets": [key]} for name, key in keys.items()})
        type_, data = SAID_BY[told_by]
        inbound = Inbound(vendor, _signed(tenant, keys[told_by], type_, data), "192.0.2.1", "request-1")
        if vendor != told_by:
            with pytest.raises(NotAuthentic):
                tenant.wired.inbox.reception.receive(inbound, tenant.now)
            own = Inbound(
                vendor, _signed(tenant, keys[vendor], type_, data, "msg-2"), "192.0.2.1", "request-2"
            )
            assert tenant.wired.inbox.reception.receive(own, tenant.now) == 202
            tenant.settle()
            assert {event.name.partition(".")[0] for event in tenant.published} == {"delivery"}
            page = tenant.wired.inbox.deliveries.page(DeliveryStatus.IGNORED, None, 10, None)
            assert len(page.items) == 1
        else:
            assert tenant.wired.inbox.reception.receive(inbound, tenant.now) == 202


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("dialect", [name for name in MODULES if name != "generic"])
def test_a_dialect_tells_nothing_for_a_vendor_who_does_not_speak_it(dialect: str, vendor: str) -> None:
    with world() as tenant:
        told = genuine(dialect, tenant.now)
        spoken = dialect_named(dialect)
        try:
            facts = spoken.parse(vendor, told.delivered.body)
        except NotInContract:
            facts = ()
        assert (vendor in spoken.VENDORS) == (vendor == told.vendor)
        if vendor != told.vendor:
            assert all(isinstance(fact, NotActedOn) for fact in facts)
