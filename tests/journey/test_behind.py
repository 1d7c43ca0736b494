"""Replicas that are behind: the journey reads at half the price, and nothing comes out otherwise."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest

from functions.hiring.vendor_told import act as act_on_delivery
from functions.training.draft import act as draft
from functions.training.enrolment import act as enrol
from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.stages import Stage
from rencai.inbox.deliveries import DeliveryStatus
from rencai.kernel.errors import IllegalTransition
from rencai.kernel.events import EventName
from rencai.store.table import to_item
from tests.behind import Behind
from tests.journey.deliveries import OFFER, REFERENCE, check, envelope, failing, qualifying
from tests.journey.edge import CHECK, COURSE, EMPLOYEE, ENVELOPE, assessed, hired, stage, statuses
from tests.journey.world import World, world


def behind(one: World, *, for_good: bool = False) -> Behind:
    """From now on the tenant's table is behind. People are not where it is ``for_good``: nobody knows their versions,
    and who does not show yet is waited for.
    """
    table = Behind(one.wired.table._client, for_good=for_good, but=["PERSON"] if for_good else [])
    one.wired.table._client = cast(Any, table)
    return table


@pytest.fixture
def one() -> Iterator[World]:
    with world() as fresh:
        yield fresh


def _everything(one: World) -> None:
    one.hand_in(qualifying())
    one.settle()
    one.webhook("psychometric", "msg-3", assessed())
    one.webhook("esign", "msg-1", envelope())
    one.settle()
    one.webhook("background", "msg-2", check())
    one.settle()


def test_a_journey_on_replicas_that_are_behind_comes_to_the_same() -> None:
    with world() as one:
        _everything(one)
        expected = one.end_state()
    with world() as one:
        table = behind(one)
        _everything(one)
        assert one.end_state() == expected
        assert one.dead == []
        assert len(one.mail.sent) == 1
    # Else it would say nothing.
    assert {"JOURNEY", "DELIVERY", "OFFER", "RESULT", "TRAINING#PLAN", "ASSESSMENT"} <= set(table.shown)


def test_what_an_event_tells_of_is_seen_by_who_hears_of_it(one: World) -> None:
    """A drafted offer that still shows as not drafted would never be sent."""
    behind(one, for_good=True)
    one.hand_in(qualifying())
    one.settle()
    one.webhook("esign", "msg-1", envelope())
    one.settle()
    one.webhook("background", "msg-2", check())
    one.settle()
    assert (stage(one), statuses(one)) == (Stage.ONBOARDED, ["applied", "applied"])
    assert one.wired.training.enrolments.find(EMPLOYEE, COURSE)


def test_a_better_interview_counts_though_the_journey_still_shows_in_the_talent_pool(one: World) -> None:
    one.hand_in(failing())
    one.settle()
    assert stage(one) is Stage.TALENT_POOL
    table = behind(one, for_good=True)
    one.hand_in({**qualifying(), "interview_id": "the-better-one"})
    one._relay()
    told = [event for event in one.published if event.name is EventName.CANDIDATE_PROFILED]
    draft(one.wired, told[-1])
    assert "JOURNEY" in table.shown
    assert one.wired.training.plans.get(EMPLOYEE).plan.profile_of == "aiview/the-better-one"
    one.settle()
    assert stage(one) is Stage.OFFER_SENT


def test_a_replay_is_acted_on_though_its_delivery_still_shows_as_settled(one: World) -> None:
    one.hand_in(qualifying())
    one.settle()
    one.webhook("psychometric", "msg-3", assessed("another"))
    one.settle()
    (delivery,) = one.wired.inbox.deliveries.page(None, None, 10, None).items
    delivery_id = delivery["delivery_id"]
    one.wired.inbox.deliveries.settle(delivery_id, DeliveryStatus.IGNORED, None, one.now)
    table = behind(one, for_good=True)
    one.wired.inbox.desk.replay(delivery_id, "hr-1", one.now)
    one.settle()
    assert "DELIVERY" in table.shown
    assert statuses(one) == ["failed"], "it was thought to be done"


def test_a_fact_is_refused_only_by_what_is_so_now(one: World) -> None:
    """The offer went out again since the journey was read; its first envelope had been declined then."""
    one.hand_in(qualifying())
    one.settle()
    one.webhook("esign", "msg-1", envelope("declined"))
    one.settle()
    journeys = one.wired.hiring.journeys
    read = journeys.get(REFERENCE)
    assert read.journey.stage is Stage.OFFER_DECLINED
    one.wired.hiring.offer_desk.resend(OFFER, "再发一次", actor="hr-1", request_key="1", now=one.now)
    one.settle()
    about = journeys.get(REFERENCE).journey.about
    signed = Fact(
        FactKind.OFFER_SIGNED,
        about["envelope"],
        {"offer": OFFER, "envelope": about["envelope"]},
        {"offer_id": OFFER, "envelope_id": about["envelope"]},
    )
    assert journeys.apply(REFERENCE, signed, one.now, read).changed
    assert stage(one) is Stage.SIGNED
    assert not [item for item in one.items() if item["sk"].startswith("REFUSAL#")]


def test_a_fact_that_is_refused_by_what_is_so_now_is_on_record_as_before(one: World) -> None:
    hired(one)
    journeys = one.wired.hiring.journeys
    declined = Fact(FactKind.OFFER_DECLINED, ENVELOPE, {"offer": OFFER, "envelope": ENVELOPE})
    with pytest.raises(IllegalTransition):
        journeys.apply(REFERENCE, declined, one.now, journeys.get(REFERENCE))
    assert [item["sk"] for item in one.items() if item["sk"].startswith("REFUSAL#")] == [
        f"REFUSAL#{declined.key}"
    ]


def test_a_fact_that_waited_waits_only_as_long_as_it_is_so(one: World) -> None:
    """The check came before the signature; since it was read as waiting, it has had its turn."""
    one.hand_in(qualifying())
    one.settle()
    one.webhook("background", "msg-2", check())
    one.settle()
    journeys = one.wired.hiring.journeys
    read = journeys.get(REFERENCE)
    (waiting,) = read.journey.pending
    one.webhook("esign", "msg-1", envelope())
    one.settle()
    again = journeys.apply(REFERENCE, waiting, one.now, read)
    assert (again.changed, again.kept) == (False, False)
    assert CHECK in waiting.key


def test_a_result_of_another_assessment_is_refused_though_the_order_does_not_show_yet(one: World) -> None:
    table = behind(one, for_good=True)
    one.hand_in(qualifying())
    one.settle()
    one.webhook("psychometric", "msg-3", assessed("another"))
    one.settle()
    assert "ASSESSMENT" in table.shown
    assert statuses(one) == ["failed"]
    found = one.wired.hiring.assessments.find(REFERENCE)
    assert found is not None
    assert (found.completed, found.invite_url is None) == (None, False)


def test_who_is_onboarded_is_enrolled_though_the_plan_still_shows_as_a_draft(one: World) -> None:
    hired(one)
    (told,) = [event for event in one.published if event.name is EventName.EMPLOYEE_ONBOARDED]
    one.lms.ledger.made.clear()
    (plan,) = [item for item in one.items() if item["sk"] == "TRAINING#PLAN"]
    table = behind(one, for_good=True)
    table.show(plan["pk"], plan["sk"], to_item({**plan, "status": "draft"}))
    enrol(one.wired, told)
    assert table.shown == ["TRAINING#PLAN"]
    # The plan as it is was looked at, and with it that they are enrolled.
    assert one.lms.ledger.made == {}


def test_a_delivery_comes_again_once_it_was_acted_on_and_settles_the_same(one: World) -> None:
    """SQS delivers twice; the second time the journey shows as it was before the first."""
    one.hand_in(qualifying())
    one.settle()
    table = behind(one, for_good=True)
    one.webhook("esign", "msg-1", envelope())
    one._relay()
    (message,) = [message for message in one.queue if message.consumer == "CallbackQueue"]
    act_on_delivery(one.wired, message.told)
    one.now += timedelta(seconds=1)
    act_on_delivery(one.wired, message.told)
    one.settle()
    assert table.shown.count("JOURNEY") == 1
    assert (stage(one), statuses(one)) == (Stage.CHECKING, ["applied"])
    assert one.refusals == []
