"""Chases, who is overdue, and envelopes after the first, against moto's table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from functions.relay.relay import subject_of
from rencai.hiring.rules.journey import Fact
from rencai.hiring.rules.moves import FactKind
from rencai.hiring.rules.offer import Benefits, Bonus, Money, OfferTerms
from rencai.hiring.rules.stages import STAGE_DUE, Stage, StageEntry
from rencai.hiring.store.chases import Asked, Chase, Chases, chase_key
from rencai.hiring.store.journeys import CandidateCard, Journeys
from rencai.hiring.store.offers import Offer, Offers, offer_key, resend_key
from rencai.kernel.errors import DomainError, LostRace
from rencai.kernel.events import EventName
from rencai.store.sealed import Vault
from rencai.store.table import Table, from_events, from_item, instant
from tests.aws import client, key_id
from tests.builders import CANDIDATE, NOW, drafted, profiled, sent
from tests.keyed import IDS

TABLE = "rencai-test"
ENTRY = StageEntry(Stage.OFFER_SENT, NOW, NOW + timedelta(hours=11))
LATER = NOW + timedelta(hours=12)
CARD = CandidateCard(
    "周晓", "sales", "上海", "REQ-1", "aiview", "ats-1", ("itv-1",), "itv-1", Decimal("80.00")
)
CNY = Money(amount=Decimal("2000.00"), currency="CNY")
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


@pytest.fixture
def table(dynamodb: Any) -> Table:
    return Table(dynamodb, TABLE)


@pytest.fixture
def offers(table: Table) -> Offers:
    return Offers(table, Vault(client("kms"), key_id(), "test"))


# --- chases -------------------------------------------------------------------------------------------------


def test_a_chase_reads_back_as_it_was_written(table: Table) -> None:
    chases = Chases(table)
    fresh = chases.of(CANDIDATE, ENTRY)
    assert fresh == Chase(CANDIDATE, Stage.OFFER_SENT, NOW)
    done = replace(fresh, asked_at=LATER, asked=Asked.UNREACHABLE, reminded_at=LATER, raised_at=LATER)
    assert chases.save(done, LATER) == replace(done, version=1) == chases.of(CANDIDATE, ENTRY)


def test_the_next_entry_begins_anew_and_the_versions_go_on(table: Table) -> None:
    chases = Chases(table)
    chases.save(replace(chases.of(CANDIDATE, ENTRY), raised_at=LATER), LATER)
    again = chases.of(CANDIDATE, replace(ENTRY, entered_at=LATER))
    assert again == Chase(CANDIDATE, Stage.OFFER_SENT, LATER, version=1)
    after = chases.of(CANDIDATE, replace(ENTRY, stage=Stage.SIGNED))
    assert after == Chase(CANDIDATE, Stage.SIGNED, NOW, version=1)
    assert chases.save(after, LATER).version == 2


@pytest.mark.parametrize("writes", [0, 1])
def test_of_two_who_read_the_same_one_writes(table: Table, writes: int) -> None:
    chases = Chases(table)
    for _ in range(writes):
        chases.save(chases.of(CANDIDATE, ENTRY), LATER)
    read = chases.of(CANDIDATE, ENTRY)
    won = chases.save(replace(read, asked_at=LATER), LATER)
    with pytest.raises(LostRace):
        chases.save(replace(read, raised_at=LATER), LATER)
    assert chases.of(CANDIDATE, ENTRY) == won


def test_events_ride_on_the_write_they_belong_to_and_on_no_other(table: Table, dynamodb: Any) -> None:
    chases = Chases(table)
    key = chase_key(CANDIDATE)
    overdue = {"stage": "offer_sent", "due_at": "2026-03-02T12:20:00.000Z", "asked": "open"}
    told = [(EventName.JOURNEY_RESUMED, {"stage": "signed"}), (EventName.JOURNEY_OVERDUE, overdue)]
    chase = chases.save(chases.of(CANDIDATE, ENTRY), LATER, told)
    item = table.get(key)
    assert item is not None
    events = from_events(item["events"])
    assert [(event.name, event.data, event.at) for event in events] == [(*one, LATER) for one in told]
    assert [event.id for event in events] == ["evt_01ABC_chase_1_0", "evt_01ABC_chase_1_1"]
    assert subject_of(key.pk, key.sk).id == CANDIDATE
    chases.save(chase, LATER)
    (raw,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert from_item(raw).keys() == {"pk", "sk", "stage", "entered_at", "version"}


def test_each_assessment_is_asked_for_by_itself(table: Table) -> None:
    chases = Chases(table)
    chases.save(chases.of(CANDIDATE, ENTRY), NOW)
    assert chases.assessment_asked_at(CANDIDATE, "asm_1") is None
    chases.assessment_asked(CANDIDATE, "asm_1", NOW)
    chases.assessment_asked(CANDIDATE, "asm_1", LATER)
    assert chases.assessment_asked_at(CANDIDATE, "asm_1") == LATER
    assert chases.assessment_asked_at(CANDIDATE, "asm_2") is None


# --- who is overdue -----------------------------------------------------------------------------------------


def test_those_past_their_due_time_are_found_over_all_pages_and_nobody_else(table: Table) -> None:
    journeys = Journeys(table)
    numbers = {IDS.candidate_id("aiview", f"ats-{number}"): number for number in range(7)}
    for candidate_id, number in numbers.items():
        card = replace(CARD, role=("sales", "marketing")[number % 2])
        journeys.open(card, candidate_id, profiled(f"itv-{number}"), NOW + timedelta(minutes=number))
    now = NOW + STAGE_DUE[Stage.QUALIFIED] + timedelta(minutes=3)
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = journeys.overdue(Stage.QUALIFIED, now, 2, cursor)
        found += [numbers[item["candidate_id"]] for item in page.items]
        cursor, pages = page.next, pages + 1
    assert (sorted(found), pages) == ([0, 1, 2, 3], 4)
    assert journeys.overdue(Stage.SIGNED, now, 10, None).items == []
    with pytest.raises(DomainError, match="cursor"):
        journeys.overdue(Stage.QUALIFIED, now, 10, "nonsense")


def test_where_nobody_is_waited_for_nobody_is_overdue(table: Table) -> None:
    journeys = Journeys(table)
    journeys.open(CARD, CANDIDATE, profiled(qualifies=False), NOW)
    assert journeys.overdue(Stage.TALENT_POOL, NOW + timedelta(days=900), 10, None).items == []


# --- envelopes after the first ------------------------------------------------------------------------------


def envelope(number: int, **others: Any) -> dict[str, Any]:
    return {
        "attempt": number,
        "envelope_id": f"env_{number}",
        "sign_url": f"https://sign.example.com/{number}",
        "expires_at": datetime(2026, 4, number, tzinfo=UTC),
        "valid_until": date(2026, 3, number),
        **others,
    }


def test_the_latest_envelope_is_on_record(offers: Offers) -> None:
    offers.draft(Offer(CANDIDATE, "sales", TERMS, NOW, 14))
    for number in (1, 1, 2, 3):
        made = envelope(number)
        offers.sent(CANDIDATE, **made)
        del made["attempt"]
        assert offers.get(CANDIDATE) == Offer(CANDIDATE, "sales", TERMS, NOW, 14, **made)
    with pytest.raises(LostRace):
        offers.sent(CANDIDATE, **envelope(2))
    assert offers.get(CANDIDATE).envelope_id == "env_3"


def test_a_vendor_that_writes_to_the_signer_leaves_no_link_of_the_envelope_before(offers: Offers) -> None:
    offers.draft(Offer(CANDIDATE, "sales", TERMS, NOW, 14))
    offers.sent(CANDIDATE, **envelope(1))
    offers.sent(CANDIDATE, **envelope(2, sign_url=None))
    assert offers.get(CANDIDATE).sign_url is None


def test_an_offer_sent_before_envelopes_were_counted_is_sent_again(offers: Offers, table: Table) -> None:
    offers.draft(Offer(CANDIDATE, "sales", TERMS, NOW, 14))
    table.update(offer_key(CANDIDATE), {"envelope_id": "env_1", "expires_at": instant(NOW)})
    before = offers.get(CANDIDATE)
    assert (before.expires_at, before.valid_until) == (NOW, None)
    offers.sent(CANDIDATE, **envelope(2))
    assert offers.get(CANDIDATE).valid_until == date(2026, 3, 2)


def test_why_an_offer_is_sent_again_is_sealed_for_each_envelope(offers: Offers, table: Table) -> None:
    offers.resending(CANDIDATE, 2, "候选人请求延期", "req-1", NOW)
    offers.resending(CANDIDATE, 3, "信封地址有误", "req-2", LATER)
    assert [offers.resend_reason(CANDIDATE, number) for number in (1, 2, 3)] == [
        None,
        "候选人请求延期",
        "信封地址有误",
    ]
    assert [offers.resent_by(CANDIDATE, number) for number in (1, 2, 3)] == [None, "req-1", "req-2"]
    item = table.get(resend_key(CANDIDATE, 2))
    assert item is not None
    assert "延期".encode() not in b"".join(item["reason"])


def test_a_journey_that_was_sent_again_reads_back_as_it_was(table: Table) -> None:
    """The second attempt's key is written as a name of ``about``, until there is a third."""
    journeys = Journeys(table)
    journeys.open(CARD, CANDIDATE, profiled(), NOW)
    facts = [drafted(), sent("env_1")]
    for attempt in (2, 3):
        old = {"offer": "off_01ABC", "envelope": f"env_{attempt - 1}"}
        facts += [
            Fact(FactKind.OFFER_EXPIRED, old["envelope"], old, {}),
            Fact(FactKind.OFFER_RESENT, str(attempt), {**old, "merge": "", "attempt": str(attempt)}, {}),
            sent(f"env_{attempt}"),
        ]
    for fact in facts:
        advanced = journeys.apply(CANDIDATE, fact, NOW)
        assert journeys.get(CANDIDATE).journey == advanced.journey
    assert {"offer_resent:2", "offer_resent:3"} <= set(journeys.get(CANDIDATE).journey.applied)
