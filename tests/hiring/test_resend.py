"""B4: an offer that came to nothing is sent again, in one new envelope, however often that is asked for."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from functions.api.hr import handler as hr_api
from functions.hiring.offer_signature import send_offer
from rencai.hiring.offer_desk import OfferDesk
from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.offer import Benefits, Bonus, Money, OfferTerms
from rencai.hiring.rules.ports import Envelope, Signer
from rencai.hiring.rules.refusals import HiringRefusal
from rencai.hiring.rules.stages import Stage
from rencai.hiring.store.journeys import CandidateCard, Journeys, journey_key
from rencai.hiring.store.offers import Offer, Offers
from rencai.inbox.links import Links
from rencai.kernel import ids
from rencai.kernel.errors import Conflict, IllegalTransition, NotFound
from rencai.kernel.events import EventName
from rencai.people.store.people import Person
from rencai.store.sealed import Vault
from rencai.store.table import Table, from_events
from rencai.wiring.consumers import Handler
from rencai.wiring.events import DATA_MODELS
from tests.aws import client, fresh_table, key_id
from tests.builders import CANDIDATE, NOW, OFFER, closed, drafted, merged, profiled, sent, signed
from tests.journey.faults import Crash, Faults, Faulty
from tests.logs import logged
from tests.shipped import ShippedConfigurations
from tests.template import ROOT
from tests.wired import serves, wired_with

TABLE = "rencai-test"
DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
REASON = "候选人来电:当时在出差"
FIRST, SECOND, THIRD = f"env-{OFFER}", f"env-{OFFER}-2", f"env-{OFFER}-3"
CARD = CandidateCard(
    "周晓", "sales", "上海", "REQ-1", "aiview", "ats-1001", ("itv-1",), "itv-1", Decimal("80.00")
)
PERSON = Person(CANDIDATE, "周晓", "zhou.xiao@example.com", None, "zh-CN", None, None)
CNY = Money(amount=Decimal("8000.00"), currency="CNY")
TERMS = OfferTerms(
    base_salary=CNY,
    bonus=Bonus(target_percent=Decimal(20), target=CNY),
    benefits=Benefits(
        social_insurance_employer_percent=Decimal(26),
        social_insurance_employee_percent=Decimal(10),
        housing_fund_percent=Decimal(7),
        allowances=(),
    ),
)


@dataclass
class FakeEsign:
    """One envelope a key, whatever is asked; another letter for a key is a bug. ``silent`` vendors give no link and do
    not send our reference back.
    """

    silent: bool = False
    made: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    @property
    def echoes_reference(self) -> bool:
        return not self.silent

    def send(
        self, *, title: str, html: str, signer: Signer, reference: str, idempotency_key: str
    ) -> Envelope:
        self.asked[idempotency_key] += 1
        letter = (title, html, reference)
        assert self.made.setdefault(idempotency_key, letter) == letter
        link = None if self.silent else f"https://sign.example.com/{idempotency_key}"
        return Envelope(f"env-{idempotency_key}", link, datetime(2026, 5, 1, tzinfo=UTC))


class Desk:
    """HR, the signature function, and a candidate whose offer is drafted."""

    def __init__(
        self, client: Any, vault: Vault, faults: Faults | None = None, *, silent: bool = False
    ) -> None:
        self.faults = faults or Faults()
        self.esign = FakeEsign(silent)
        self.now = NOW
        self.client, self.table = client, Table(client, TABLE)
        faulty: Any = Faulty("dynamodb", client, self.faults)
        table = Table(faulty, TABLE)
        self.journeys, self.offers, self.links = Journeys(table), Offers(table, vault), Links(table)
        calm = Journeys(self.table)
        calm.open(CARD, CANDIDATE, profiled(), NOW)
        Offers(self.table, vault).draft(Offer(CANDIDATE, "sales", TERMS, NOW, 14))
        calm.apply(CANDIDATE, drafted(), NOW)

    def send(self) -> None:
        send_offer(
            CANDIDATE,
            journeys=self.journeys,
            offers=self.offers,
            people=cast(Any, self),
            configurations=ShippedConfigurations(),
            links=self.links,
            esign=Faulty("esign", self.esign, self.faults)
            if not self.esign.silent
            else cast(Any, self.esign),
            zone=ZONE,
            now=self.now,
        )

    def get(self, _: str, *, consistent: bool = False) -> Person:
        """Stands for the people."""
        return PERSON

    def vendor(self, kind: FactKind, envelope: str) -> None:
        self.journeys.apply(CANDIDATE, closed(kind, envelope), self.now)

    def resend(self, request_key: str = "req-1", reason: str = REASON) -> None:
        OfferDesk(self.journeys, self.offers).resend(
            OFFER, reason, actor="hr-1", request_key=request_key, now=self.now
        )

    def stage(self) -> Stage:
        return self.journeys.get(CANDIDATE).journey.stage

    @property
    def about(self) -> dict[str, str]:
        return dict(self.journeys.get(CANDIDATE).journey.about)


@contextmanager
def aws() -> Iterator[tuple[Any, Vault]]:
    with fresh_table() as dynamodb:
        yield dynamodb, Vault(client("kms"), key_id(), "test")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with aws() as (client, vault):
        yield Desk(client, vault)


ENDS = {
    FactKind.OFFER_DECLINED: Stage.OFFER_DECLINED,
    FactKind.OFFER_EXPIRED: Stage.OFFER_EXPIRED,
    FactKind.OFFER_VOIDED: Stage.WITHDRAWN,
}


def ended(desk: Desk, kind: FactKind = FactKind.OFFER_EXPIRED) -> Desk:
    """The first envelope came to nothing, three days later."""
    desk.send()
    desk.now += 3 * DAY
    desk.vendor(kind, FIRST)
    return desk


# --- what is sent again -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ENDS)
def test_what_was_declined_expired_or_voided_goes_out_in_a_new_envelope(desk: Desk, kind: FactKind) -> None:
    ended(desk, kind)
    assert desk.stage() is ENDS[kind]
    desk.resend()
    assert desk.stage() is Stage.OFFER_DRAFTED
    item = desk.table.get(journey_key(CANDIDATE))
    assert item is not None
    (event,) = from_events(item["events"])
    assert (event.name, event.actor) == (EventName.OFFER_RESENT, "hr-1")
    assert event.data == {"offer_id": OFFER, "attempt": 2}
    DATA_MODELS[event.name].model_validate(event.data)
    desk.send()
    assert desk.stage() is Stage.OFFER_SENT
    assert list(desk.esign.made) == [OFFER, f"{OFFER}-2"]
    offer = desk.offers.get(CANDIDATE)
    assert (offer.envelope_id, offer.sign_url) == (SECOND, f"https://sign.example.com/{OFFER}-2")
    desk.vendor(FactKind.OFFER_SIGNED, SECOND)
    assert desk.stage() is Stage.SIGNED


def test_the_new_letter_is_valid_from_the_re_sending_on(desk: Desk) -> None:
    ended(desk).resend()
    # The queue may take its time: the date is the request's, not the clock's.
    desk.now += 5 * DAY
    desk.send()
    assert [day in desk.esign.made[OFFER][1] for day in ("3 月 16 日", "3 月 19 日")] == [True, False]
    assert [day in desk.esign.made[f"{OFFER}-2"][1] for day in ("3 月 16 日", "3 月 19 日")] == [False, True]
    assert str(desk.offers.get(CANDIDATE).valid_until) == "2026-03-19"


def test_and_a_third_time(desk: Desk) -> None:
    ended(desk).resend("req-1")
    desk.send()
    desk.vendor(FactKind.OFFER_DECLINED, SECOND)
    desk.now += DAY
    desk.resend("req-2", "又改主意了")
    desk.send()
    assert (desk.about["attempt"], desk.about["envelope"]) == ("3", THIRD)
    assert [desk.offers.resend_reason(CANDIDATE, attempt) for attempt in (2, 3)] == [REASON, "又改主意了"]
    assert str(desk.offers.get(CANDIDATE).valid_until) == "2026-03-20"


# --- what is not --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [[], [sent()], [sent(), signed()]], ids=["drafted", "sent", "signed"])
def test_an_offer_that_has_not_ended_is_not_sent_again(desk: Desk, facts: list[Fact]) -> None:
    for fact in facts:
        desk.journeys.apply(CANDIDATE, fact, NOW)
    stage = desk.stage()
    with pytest.raises(Conflict) as refused:
        desk.resend()
    assert refused.value.code is HiringRefusal.OFFER_NOT_ENDED
    assert f"'{stage}'" in str(refused.value)
    assert desk.stage() is stage
    assert desk.offers.resent_by(CANDIDATE, 2) is None


def test_who_was_merged_away_is_sent_nothing(desk: Desk) -> None:
    ended(desk)
    desk.journeys.apply(CANDIDATE, merged(), desk.now)
    with pytest.raises(Conflict) as refused:
        desk.resend()
    assert refused.value.code is HiringRefusal.OFFER_NOT_ENDED


def test_nobody_is_merged_away_while_an_envelope_may_be_out(desk: Desk) -> None:
    """The vendor may have taken it and its answer been lost: the candidate could sign what nobody would honour."""
    with pytest.raises(Conflict):
        desk.journeys.apply(CANDIDATE, merged(), desk.now)
    assert desk.stage() is Stage.OFFER_DRAFTED


# --- the same request again ---------------------------------------------------------------------------------


def test_the_same_request_again_makes_no_second_envelope(desk: Desk) -> None:
    ended(desk)
    for _ in range(2):
        desk.resend("req-1")
        desk.send()
    assert desk.stage() is Stage.OFFER_SENT
    # Not even after the new envelope has ended, too.
    desk.vendor(FactKind.OFFER_DECLINED, SECOND)
    desk.resend("req-1")
    assert desk.stage() is Stage.OFFER_DECLINED
    desk.resend("req-2")
    desk.resend("req-1")
    desk.send()
    assert list(desk.esign.made) == [OFFER, f"{OFFER}-2", f"{OFFER}-3"]


def test_of_two_requests_at_once_one_envelope_comes(desk: Desk) -> None:
    ended(desk)

    class Overtaken(Journeys):
        """Another request is done between this one's reading and its writing."""

        overtaken = False

        def get(self, candidate_id: str, *, since: int | None = None) -> Any:
            read = super().get(candidate_id, since=since)
            if not self.overtaken:
                self.overtaken = True
                desk.resend("req-2")
            return read

    with pytest.raises(Conflict):
        OfferDesk(Overtaken(desk.table), desk.offers).resend(
            OFFER, REASON, actor="hr-2", request_key="req-1", now=desk.now
        )
    assert (desk.stage(), desk.about["attempt"]) == (Stage.OFFER_DRAFTED, "2")
    desk.send()
    desk.send()
    assert desk.esign.asked == {OFFER: 1, f"{OFFER}-2": 1}


# --- late webhooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [FactKind.OFFER_SIGNED, FactKind.OFFER_DECLINED, FactKind.OFFER_VOIDED])
def test_what_comes_late_of_the_old_envelope_is_refused(desk: Desk, kind: FactKind) -> None:
    ended(desk).resend()
    desk.send()
    with pytest.raises(IllegalTransition):
        desk.vendor(kind, FIRST)
    assert (desk.stage(), desk.about["envelope"]) == (Stage.OFFER_SENT, SECOND)


@pytest.mark.parametrize("kind", [FactKind.OFFER_SIGNED, FactKind.OFFER_DECLINED, FactKind.OFFER_VOIDED])
def test_what_comes_of_the_old_envelope_before_the_new_one_is_out_is_refused_then(
    desk: Desk, kind: FactKind
) -> None:
    ended(desk).resend()
    desk.vendor(kind, FIRST)
    assert desk.stage() is Stage.OFFER_DRAFTED
    desk.send()
    assert (desk.stage(), desk.about["envelope"]) == (Stage.OFFER_SENT, SECOND)
    item = desk.table.get(journey_key(CANDIDATE))
    assert item is not None
    assert [event.name for event in from_events(item["events"])] == ["offer.sent", "transition.refused"]


def test_the_old_envelope_s_end_told_again_changes_nothing(desk: Desk) -> None:
    ended(desk).resend()
    desk.vendor(FactKind.OFFER_EXPIRED, FIRST)
    desk.send()
    desk.vendor(FactKind.OFFER_EXPIRED, FIRST)
    assert desk.stage() is Stage.OFFER_SENT


# --- sending, crashes and vendors that keep quiet ---------------------------------------------------------------


@pytest.mark.parametrize("attempts", [1, 2])
def test_a_crash_anywhere_in_sending_makes_one_envelope_and_one_letter(attempts: int) -> None:
    def prepared(client: Any, vault: Vault, faults: Faults) -> Desk:
        desk = Desk(client, vault, faults)
        if attempts == 2:
            ended(desk).resend()
        faults.calls.clear()
        return desk

    with aws() as (client, vault):
        smooth = prepared(client, vault, Faults())
        smooth.send()
        calls = len(smooth.faults.calls)
        expected = (smooth.stage(), smooth.about, smooth.offers.get(CANDIDATE), smooth.esign.made)
    assert calls >= 5
    for at in range(1, calls + 1):
        for when in ("before", "after"):
            with aws() as (client, vault):
                faults = Faults()
                desk = prepared(client, vault, faults)
                faults.at, faults.when = at, when
                with pytest.raises(Crash):
                    desk.send()
                # The queue brings the message again, a day later: the letter is the same to the last byte.
                desk.now += DAY
                desk.send()
                assert (desk.stage(), desk.about, desk.offers.get(CANDIDATE), desk.esign.made) == expected


def test_a_crash_anywhere_in_asking_for_it_sends_it_again_once() -> None:
    with aws() as (client, vault):
        smooth = ended(Desk(client, vault))
        smooth.faults.calls.clear()
        smooth.resend()
        calls = len(smooth.faults.calls)
    for at in range(1, calls + 1):
        for when in ("before", "after"):
            with aws() as (client, vault):
                desk = ended(Desk(client, vault))
                desk.faults.calls.clear()
                desk.faults.at, desk.faults.when = at, when
                with suppress(Crash):
                    desk.resend()
                desk.resend()
                desk.send()
                assert (desk.stage(), desk.about["attempt"]) == (Stage.OFFER_SENT, "2")
                assert list(desk.esign.made) == [OFFER, f"{OFFER}-2"]


def test_whose_an_envelope_is_is_kept_where_the_vendor_does_not_say() -> None:
    with aws() as (client, vault):
        desk = Desk(client, vault, silent=True)
        desk.send()
        assert desk.links.reference("esign", FIRST) == OFFER
        assert desk.offers.get(CANDIDATE).sign_url is None
    with aws() as (client, vault):
        desk = Desk(client, vault)
        desk.send()
        with pytest.raises(NotFound):
            desk.links.reference("esign", FIRST)


def test_the_link_is_there_before_the_journey_has_moved() -> None:
    with aws() as (client, vault):
        desk = Desk(client, vault, silent=True)
        desk.faults.calls.clear()
        desk.send()
        writes = [call for call in desk.faults.calls if call.endswith(("put_item", "update_item"))]
        assert writes == ["dynamodb.update_item", "dynamodb.put_item", "dynamodb.put_item"]


# --- over HTTP ----------------------------------------------------------------------------------------------

EVENT = json.loads(Path(ROOT / "tests" / "fixtures" / "events" / "apigw_rest.json").read_text())


class _Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


@pytest.fixture
def api(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Handler:
    clients = {"dynamodb": desk.client, "kms": None}
    wired = wired_with(clients.__getitem__, lambda: desk.now)
    wired.hiring.journeys, wired.hiring.offers = desk.journeys, desk.offers
    serves(monkeypatch, wired)
    return hr_api


def call(
    api: Handler, method: str, path: str, body: object = None, key: str = "req-1", client: str = "hr-console"
) -> tuple[int, Any]:
    event = json.loads(json.dumps(EVENT))
    event["requestContext"]["authorizer"]["claims"]["sub"] = client
    event |= {
        "httpMethod": method,
        "path": path,
        "resource": path,
        "body": json.dumps(body) if body else None,
    }
    event["queryStringParameters"] = event["multiValueQueryStringParameters"] = None
    event["headers"] |= {"Idempotency-Key": key, "Accept-Language": "en"}
    answer = api(event, _Context())
    return answer["statusCode"], json.loads(answer["body"])


def test_hr_sends_an_offer_again_and_sees_which_envelope_is_out(api: Handler, desk: Desk) -> None:
    ended(desk)
    status, offer = call(api, "POST", f"/offers/{OFFER}/resend", {"reason": REASON})
    assert status == 200
    shown = ("status", "attempt", "sign_url", "expires_at")
    # Between the two envelopes no link is shown: the one on record leads to the old one.
    assert [offer[name] for name in shown] == ["drafted", 2, None, None]
    desk.send()
    for method, path, body in (
        ("POST", f"/offers/{OFFER}/resend", {"reason": REASON}),
        ("GET", f"/offers/{OFFER}", None),
    ):
        status, offer = call(api, method, path, body)
        assert status == 200
        link = f"https://sign.example.com/{OFFER}-2"
        assert [offer[name] for name in shown] == ["sent", 2, link, "2026-05-01T00:00:00Z"]


def test_a_key_of_another_client_is_another_request(api: Handler, desk: Desk) -> None:
    """Two clients that count their requests come to the same keys: what one has asked for is not what the other did."""
    ended(desk)
    assert call(api, "POST", f"/offers/{OFFER}/resend", {"reason": REASON})[0] == 200
    assert call(api, "POST", f"/offers/{OFFER}/resend", {"reason": REASON})[0] == 200
    assert call(api, "POST", f"/offers/{OFFER}/resend", {"reason": "a"}, client="other")[0] == 409


def test_an_offer_that_has_not_ended_is_a_conflict_that_names_the_stage(api: Handler, desk: Desk) -> None:
    desk.send()
    status, problem = call(api, "POST", f"/offers/{OFFER}/resend", {"reason": REASON})
    assert (status, problem["type"]) == (409, "urn:rencai:problem:offer_not_ended")
    assert "'offer_sent'" in problem["detail"]


@pytest.mark.parametrize("offer_id", [ids.offer_id("cand_nobody"), "cand_01ABC"])
def test_an_offer_nobody_knows(api: Handler, offer_id: str) -> None:
    assert call(api, "POST", f"/offers/{offer_id}/resend", {"reason": REASON})[0] == 404


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 2001}])
def test_a_reason_is_asked_for(api: Handler, desk: Desk, body: object) -> None:
    ended(desk)
    assert call(api, "POST", f"/offers/{OFFER}/resend", body or {"why": 1})[0] == 400
    assert desk.stage() is Stage.OFFER_EXPIRED


def test_the_reason_is_neither_logged_nor_told(api: Handler, desk: Desk) -> None:
    ended(desk)
    with logged() as log:
        call(api, "POST", f"/offers/{OFFER}/resend", {"reason": REASON})
        desk.send()
    item = desk.table.get(journey_key(CANDIDATE))
    assert item is not None
    assert REASON not in log.text + str(item)
