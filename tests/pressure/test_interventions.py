"""Interventions on the table (F5): one open for an alert, requests that come again, notes, lists and counts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.relay.relay import told_by
from rencai.kernel.errors import CommonRefusal, Conflict, DomainError, LostRace, NotFound
from rencai.kernel.events import EventName
from rencai.pressure.rules.card import MetRule
from rencai.pressure.rules.intervention import Closing, Intervention, Measures, Outcome
from rencai.pressure.rules.policy import RiskLevel, SignalKind
from rencai.pressure.rules.refusals import PressureRefusal
from rencai.pressure.rules.signals import FallingPerformance, FrequentLeave, LongHours, StrainedSurvey
from rencai.pressure.store.interventions import Interventions, Note, Remark, intervention_key, note_key
from rencai.store.sealed import Vault
from rencai.store.table import LISTS_INDEX, Table, from_item, to_item
from rencai.wiring.events import DATA_MODELS
from tests.aws import client, fresh_table
from tests.examples import examples
from tests.journey.faults import Crash, Faults, Faulty
from tests.keyed import IDS
from tests.moto_table import TABLE
from tests.people.tenant import Between

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
ALERT = "alr_01ABC_20261122"
FIRST = "int_01ABC_20261122_1"
SECOND = "int_01ABC_20261122_2"
WORDS = "本人希望先减少夜班"
BEFORE = Measures(
    Decimal("55.25"), 4, "2026-W47", Decimal(6), "2026-10", 2, Decimal(4), 2, ("pressure",), "2026-11"
)
AFTER = Measures(None, 0, None, None, None, 0, Decimal(0), None, (), None)
SIGNALS = (
    LongHours(Decimal("55.25"), 4, Decimal(50)),
    FallingPerformance(Decimal(9), Decimal(6), 3, "2026-10", 2, 25, Decimal(1)),
    FrequentLeave(2, Decimal(4), 30, 3, Decimal(3)),
    StrainedSurvey("2026-11", 2, (MetRule("pressure", 92), MetRule("old")), 2, (4, 7, 2)),
)


def one(id_: str = FIRST, request: str = "req-1", asked: str = "asked-1", **more: Any) -> Intervention:
    content: dict[str, Any] = {
        "alert_id": id_.replace("int", "alr").rpartition("_")[0],
        "employee_id": f"emp_{id_.split('_')[1]}",
        "actions": ("redistribute_work", "support_training"),
        "owner": "李经理",
        "due_on": date(2026, 12, 21),
        "opened_on": date(2026, 11, 23),
        "opened_at": NOW,
        "opened_by": "hr:1",
        "level": RiskLevel.RED,
        "signals": SIGNALS,
        "before": BEFORE,
        "policy_version": 3,
    }
    return Intervention(intervention_id=id_, request=request, asked=asked, **content | more)


def ended(intervention: Intervention, outcome: Outcome = Outcome.WORKED, at: datetime = NOW) -> Intervention:
    if intervention.closing:
        raise Conflict(PressureRefusal.INTERVENTION_CLOSED)
    missing = (SignalKind.SURVEY,)
    closing = Closing(outcome, at, "hr:2", "req-close", AFTER, SIGNALS[:1], missing, 4)
    return replace(intervention, closing=closing)


@pytest.fixture
def store(dynamodb: Any, vault: Vault) -> Interventions:
    return Interventions(Table(dynamodb, TABLE), vault, IDS)


def opens(
    store: Interventions, request: str = "req-1", alert: str = ALERT, asked: str = "asked-1", **more: Any
) -> Intervention:
    note: Remark | None = more.pop("note", None)
    return store.open(alert, request, asked, lambda id_: one(id_, request, asked, **more), note)


def closes(
    store: Interventions, id_: str = FIRST, outcome: Outcome = Outcome.WORKED, at: datetime = NOW
) -> None:
    store.change(id_, lambda known: ended(known, outcome, at), "hr:2", at)


def seen_by(calls: Any, dynamodb: Any, vault: Vault) -> Interventions:
    """The same interventions, every call of the table going through ``calls``."""
    client: Any = Faulty("dynamodb", dynamodb, calls)
    return Interventions(Table(client, TABLE), vault, IDS)


def items(dynamodb: Any) -> list[dict[str, Any]]:
    return [from_item(item) for item in dynamodb.scan(TableName=TABLE)["Items"]]


# --- as it is kept ----------------------------------------------------------------------------------------------------


def test_what_is_opened_and_closed_is_read_as_it_was_written(store: Interventions) -> None:
    assert opens(store) == store.get(FIRST) == one(version=1)
    closes(store)
    assert store.get(FIRST) == ended(one(version=2))


def test_an_item_is_small_and_under_its_employee(store: Interventions, dynamodb: Any) -> None:
    employee = "0" * 26
    opened = opens(store, alert=f"alr_{employee}_20261122")
    closes(store, opened.intervention_id)
    (item,) = items(dynamodb)
    assert (item["pk"], item["sk"]) == (f"EMPLOYEE#emp_{employee}", f"INTERVENTION#int_{employee}_20261122_1")
    size = sum(len(name) + len(str(value).encode()) for name, value in to_item(item).items())
    assert size < 1400


@pytest.mark.parametrize("id_", [FIRST, "int_", "int", "", "nonsense", "int_x_y_z_1", "alr_01ABC_20261122"])
def test_there_is_no_such_intervention(store: Interventions, id_: str) -> None:
    with pytest.raises(NotFound):
        store.get(id_)


def test_what_happened_is_told_with_each_write(store: Interventions, dynamodb: Any) -> None:
    told = []
    act: Callable[[], object]
    for act in (
        lambda: opens(store),
        lambda: store.change(FIRST, lambda known: replace(known, owner="王主管"), "hr:3", NOW),
        lambda: store.add_note(FIRST, Remark(WORDS, "r", "hr:1"), NOW),
        lambda: closes(store),
    ):
        act()
        item = dynamodb.get_item(TableName=TABLE, Key=to_item(intervention_key(FIRST).attributes()))["Item"]
        ((subject, event),) = told_by({"dynamodb": {"NewImage": item}})
        DATA_MODELS[event.name].model_validate(event.data)
        assert (subject.kind, subject.id) == ("employee", "emp_01ABC")
        told.append((event.id, event.name, event.actor))
    assert told == [
        ("evt_01ABC_20261122_1_1_0", EventName.INTERVENTION_OPENED, "hr:1"),
        ("evt_01ABC_20261122_1_2_0", EventName.INTERVENTION_CHANGED, "hr:3"),
        ("evt_01ABC_20261122_1_2_0", EventName.INTERVENTION_CHANGED, "hr:3"),
        ("evt_01ABC_20261122_1_3_0", EventName.INTERVENTION_CLOSED, "hr:2"),
    ]


def test_what_stays_as_it_is_is_not_written(store: Interventions) -> None:
    opens(store)
    store.change(FIRST, lambda known: known, "hr:1", NOW)
    assert store.get(FIRST).version == 1


# --- one at a time ----------------------------------------------------------------------------------------------------


def test_an_alert_has_one_open_at_a_time_and_several_after_each_other(store: Interventions) -> None:
    assert store.open_for(ALERT) is None
    opens(store)
    with pytest.raises(Conflict) as refused:
        opens(store, "req-2")
    assert (refused.value.code, refused.value.params) == (
        PressureRefusal.INTERVENTION_OPEN,
        {"intervention": FIRST},
    )
    closes(store)
    later = opens(store, "req-2", opened_at=NOW + timedelta(days=9))
    assert later.intervention_id == SECOND
    assert store.open_for(ALERT) == later
    assert [known.intervention_id for known in store.of_alert(ALERT)] == [FIRST, SECOND]


def test_other_alerts_of_the_same_employee_are_not_in_the_way(store: Interventions) -> None:
    opens(store)
    other = opens(store, "req-2", "alr_01ABC_20261221")
    assert other.intervention_id == "int_01ABC_20261221_1"
    assert store.of_alert("alr_01ABC_2026122") == []


def test_the_same_request_again_finds_it_open_or_closed(store: Interventions) -> None:
    opened = opens(store)
    assert opens(store, opened_at=NOW + timedelta(hours=1)) == opened
    closes(store)
    assert opens(store) == store.get(FIRST)
    with pytest.raises(Conflict) as refused:
        opens(store, asked="otherwise")
    assert (refused.value.code, refused.value.path) == (CommonRefusal.KEY_REUSED, "Idempotency-Key")


@pytest.mark.parametrize("at", range(1, 4))
@pytest.mark.parametrize("note", [None, Remark(WORDS, "req-2", "hr:2")])
@pytest.mark.parametrize("request_", ["req-1", "req-2"])
def test_of_two_who_open_at_once_one_does(
    store: Interventions, dynamodb: Any, vault: Vault, at: int, note: Remark | None, request_: str
) -> None:
    """Somebody else opens right before any of our calls; or the same request came twice."""
    between = Between(at, lambda: opens(store))
    mine = seen_by(between, dynamodb, vault)
    if request_ == "req-1":
        assert opens(mine, request_, note=note).intervention_id == FIRST
    elif at < 3:
        with pytest.raises(Conflict) as refused:
            opens(mine, request_, note=note)
        assert refused.value.params == {"intervention": FIRST}
    else:
        opens(mine, request_, note=note)
        assert not between.acted, "it was open by then"
        return
    (known,) = store.of_alert(ALERT)
    assert known.request == ("req-1" if between.acted or request_ == "req-1" else "req-2")
    assert store.notes(known) == [] or not between.acted


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", range(1, 4))
@pytest.mark.parametrize("note", [None, Remark(WORDS, "req-1", "hr:1")])
def test_who_crashes_while_opening_asks_again(
    store: Interventions, dynamodb: Any, vault: Vault, at: int, when: Any, note: Remark | None
) -> None:
    faults = Faults(at, when)
    try:
        opens(seen_by(faults, dynamodb, vault), note=note)
    except Crash:
        opens(store, note=note)
    (known,) = store.of_alert(ALERT)
    assert [kept.text for kept in store.notes(known)] == ([WORDS] if note else [])


# --- closing ----------------------------------------------------------------------------------------------------------


def test_of_two_who_close_at_once_one_does(store: Interventions, dynamodb: Any, vault: Vault) -> None:
    opens(store)
    mine = seen_by(Between(2, lambda: closes(store, outcome=Outcome.PARTLY)), dynamodb, vault)
    with pytest.raises(Conflict) as refused:
        closes(mine)
    assert refused.value.code is PressureRefusal.INTERVENTION_CLOSED
    closing = store.get(FIRST).closing
    assert closing
    assert closing.outcome is Outcome.PARTLY


def test_a_change_that_comes_first_is_kept_by_the_closing(
    store: Interventions, dynamodb: Any, vault: Vault
) -> None:
    opens(store)

    def changes() -> None:
        store.change(FIRST, lambda known: replace(known, owner="王主管"), "hr:3", NOW)

    closes(seen_by(Between(2, changes), dynamodb, vault))
    known = store.get(FIRST)
    assert (known.owner, known.closing is not None) == ("王主管", True)


@pytest.mark.parametrize("at", [1, 2])
def test_a_note_that_is_added_while_it_is_closed_is_kept(
    store: Interventions, dynamodb: Any, vault: Vault, at: int
) -> None:
    opens(store)
    between = Between(at, lambda: store.add_note(FIRST, Remark(WORDS, "r-1", "hr:1"), NOW))
    closes(seen_by(between, dynamodb, vault))
    assert between.acted
    known = store.get(FIRST)
    assert known.closing
    assert [note.text for note in store.notes(known)] == [WORDS]


def test_overtaken_twice_is_for_the_caller(store: Interventions, dynamodb: Any, vault: Vault) -> None:
    opens(store)

    class Always:
        @staticmethod
        def through(name: str, call: Callable[[], Any]) -> Any:
            if name == "dynamodb.put_item":
                known = store.get(FIRST)
                store.change(FIRST, lambda now: replace(now, owner=f"{known.owner}+"), "hr:3", NOW)
            return call()

    with pytest.raises(LostRace):
        closes(seen_by(Always(), dynamodb, vault))
    assert store.get(FIRST).owner == "李经理++"


# --- notes ------------------------------------------------------------------------------------------------------------


def test_notes_are_in_order_and_nowhere_to_be_read(store: Interventions, dynamodb: Any) -> None:
    opened = opens(store, note=Remark(WORDS, "req-1", "hr:1"))
    later = NOW + timedelta(days=1)
    added = store.add_note(FIRST, Remark("已调整排班", "req-2", "hr:2"), later)
    first, second = store.notes(opened)
    assert (first.text, first.actor, first.at) == (WORDS, "hr:1", NOW)
    assert second == added == Note(added.note_id, "已调整排班", "hr:2", later)
    assert WORDS not in str(items(dynamodb))
    assert "已调整排班" not in str(items(dynamodb))


def test_a_note_that_comes_again_is_kept_once_and_never_changed(store: Interventions) -> None:
    opened = opens(store)
    remark = Remark(WORDS, "req-2", "hr:1")
    added = store.add_note(FIRST, remark, NOW)
    assert store.add_note(FIRST, remark, NOW + timedelta(hours=1)) == added
    with pytest.raises(Conflict) as refused:
        store.add_note(FIRST, replace(remark, text="别的"), NOW)
    assert refused.value.code is CommonRefusal.KEY_REUSED
    assert store.notes(opened) == [added]


def test_a_key_that_added_a_note_and_closes_with_another_loses_none(store: Interventions) -> None:
    opened = opens(store)
    store.add_note(FIRST, Remark(WORDS, "req-close", "hr:2"), NOW)
    last = Remark("恢复正常", "req-close", "hr:2")
    store.change(FIRST, ended, "hr:2", NOW + timedelta(days=1), last)
    assert [note.text for note in store.notes(opened)] == [WORDS, "恢复正常"]


def test_a_note_needs_its_intervention(store: Interventions, dynamodb: Any) -> None:
    with pytest.raises(NotFound):
        store.add_note(FIRST, Remark(WORDS, "req-1", "hr:1"), NOW)
    assert items(dynamodb) == []


def test_the_notes_of_the_tenth_are_not_the_firsts(store: Interventions) -> None:
    assert not note_key("int_01ABC_20261122_10", "").sk.startswith(note_key(FIRST, "").sk)


# --- lists ------------------------------------------------------------------------------------------------------------


def walked(page: Callable[[int, str | None], tuple[list[Intervention], str | None]], limit: int) -> list[str]:
    found, cursor = [], None
    while True:
        shown, cursor = page(limit, cursor)
        assert len(shown) <= limit
        found += [known.intervention_id for known in shown]
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_open_ones_are_listed_by_due_date(store: Interventions, limit: int) -> None:
    for number, due in ((1, 9), (2, 3), (3, 21)):
        opens(store, alert=f"alr_0{number}_20261122", due_on=date(2026, 12, due))
    closed_one = opens(store, alert="alr_04_20261122")
    closes(store, closed_one.intervention_id)
    assert walked(store.running, limit) == [f"int_0{number}_20261122_1" for number in (2, 1, 3)]


@given(
    st.lists(st.sampled_from(Outcome), max_size=9),
    st.integers(1, 4),
)
@examples(10)
def test_closed_ones_are_listed_newest_first_whatever_they_came_to(
    outcomes: list[Outcome], limit: int
) -> None:
    with fresh_table() as dynamodb:
        fresh = Interventions(Table(dynamodb, TABLE), Vault(client("kms"), "unused", "test"), IDS)
        for number, outcome in enumerate(outcomes):
            opened = opens(fresh, alert=f"alr_{number}_20261122")
            closes(fresh, opened.intervention_id, outcome, NOW + timedelta(minutes=number))
        expected = [f"int_{number}_20261122_1" for number in reversed(range(len(outcomes)))]
        assert walked(fresh.ended, limit) == expected
        counted = {outcome.value: outcomes.count(outcome) for outcome in Outcome}
        assert fresh.counts() == {"open": 0, **counted}


@pytest.mark.parametrize("cursor", ["x", "e30x", "eyJ3b3JrZWQiOiJ4In0", "eyJ4Ijp7fX0"])
def test_a_cursor_we_did_not_make_is_refused(store: Interventions, cursor: str) -> None:
    with pytest.raises(DomainError) as refused:
        store.ended(10, cursor)
    assert refused.value.code is CommonRefusal.BAD_CURSOR


def test_a_count_goes_on_from_page_to_page() -> None:
    class Paging:
        def __init__(self) -> None:
            self.asked: list[dict[str, Any]] = []

        def query(self, **arguments: Any) -> dict[str, Any]:
            self.asked.append(dict(arguments))
            last = {} if len(self.asked) == 3 else {"LastEvaluatedKey": {"pk": {"S": str(len(self.asked))}}}
            return {"Count": len(self.asked), **last}

    client: Any = Paging()
    assert Table(client, TABLE).count("A", index=LISTS_INDEX) == 6
    assert [asked.get("ExclusiveStartKey") for asked in client.asked] == [
        None,
        {"pk": {"S": "1"}},
        {"pk": {"S": "2"}},
    ]
    assert {asked["Select"] for asked in client.asked} == {"COUNT"}
