"""The nightly scan over the table: cards, alerts, reruns, crashes, and what is told while it runs (F4)."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rencai.employees.rules.signals import Survey, SurveyAnswers
from rencai.kernel.errors import LostRace
from rencai.pressure.rules.card import NO_WORDS, MetRule, card_content, make_card
from rencai.pressure.rules.policy import RISK_POLICY, RiskLevel, SignalKind
from rencai.pressure.rules.signals import StrainedSurvey
from rencai.pressure.store.cards import shard_of
from rencai.pressure.store.scans import Counts, ScanStatus
from rencai.reading.rules.classifier import CLASSIFIER
from rencai.reading.rules.clauses import SCOPE_WORDS
from rencai.reading.rules.lexicon import LEXICON
from rencai.store.table import Item
from tests.journey.faults import Crash, Faults
from tests.pressure.night import Night, night
from tests.shipped import DOCUMENTS

WANG, ZHAO, LI, SUN = "emp_wang", "emp_zhao", "emp_li", "emp_sun"
EVERYBODY = (WANG, ZHAO, LI, SUN)
SCAN = "scn_20261123"
ALERT = "alr_wang_20261123"


@pytest.fixture
def tenant() -> Iterator[Night]:
    with night() as made:
        yield made


def told_of_everybody(tenant: Night) -> None:
    """One is under pressure by every signal, one works long, two are well."""
    for employee_id in EVERYBODY:
        tenant.hire(employee_id)
    tenant.works(WANG, "55")
    tenant.performs(WANG, m10="9", m11="6")
    tenant.is_sick(WANG, 1, 5, 9, 20)
    tenant.says(WANG, "最近压力很大")
    tenant.works(ZHAO, "51")
    tenant.works(LI, "17")
    tenant.works(SUN, "17")
    tenant.makes_cards(EVERYBODY)


def test_f4_a_night_raises_who_is_under_pressure_and_computes_the_companys_figures(tenant: Night) -> None:
    told_of_everybody(tenant)
    tenant.passes()
    alerts, following = tenant.cards.alerts(None, 25, None)
    assert [(one.alert_id, one.judgement.level) for one in alerts] == [
        (ALERT, RiskLevel.RED),
        ("alr_zhao_20261123", RiskLevel.YELLOW),
    ]
    assert following is None
    assert [signal.kind for signal in alerts[0].judgement.signals] == list(SignalKind)
    assert alerts[0].judgement.signals[-1] == StrainedSurvey("2026-11", None, (MetRule("pressure"),), 2)
    record = tenant.scans.get(SCAN)
    assert (record.status, record.counts) == (ScanStatus.FINISHED, Counts(raised=2, open=2))
    assert tenant.scans.latest() == record
    figures = record.figures
    assert figures
    assert (figures.employees, figures.hours, figures.leave_days) == (4, Decimal("35.00"), Decimal("1.00"))
    month = tenant.scans.month("2026-11")
    assert month
    assert month.score == Decimal("6.00")
    assert tenant.told() == [
        *sorted(
            [
                (WANG, "alert.raised", {"alert_id": ALERT, "level": "red"}),
                (ZHAO, "alert.raised", {"alert_id": "alr_zhao_20261123", "level": "yellow"}),
            ],
            key=lambda told: shard_of(told[0], 4),
        ),
        (
            SCAN,
            "scan.finished",
            {
                "scan_id": SCAN,
                "employees": 4,
                "raised": 2,
                "changed": 0,
                "cleared": 0,
                "open": 2,
                "seconds": 0.0,
                "cards_behind": 0,
            },
        ),
    ]


def test_a_reader_is_made_for_an_answer_that_has_words_and_for_nothing_else(
    tenant: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    by = tenant.wired.pressure.words.by

    def counted(rules: Any) -> Any:
        made.append(rules)
        return by(rules)

    monkeypatch.setattr(tenant.wired.pressure.words, "by", counted)
    for employee_id in (WANG, ZHAO):
        tenant.hire(employee_id)
        tenant.works(employee_id, "40")
    scores = SurveyAnswers(Survey("2026-11", (("stress", 3),)), {})
    tenant.signals.record_survey(ZHAO, scores, "hr", tenant.now)
    tenant.makes_cards([WANG, ZHAO])
    assert made == []
    tenant.says(WANG, "最近压力很大")
    tenant.makes_cards([WANG, ZHAO])
    assert len(made) == 1


def test_f4_the_shipped_documents_find_the_worked_example_red_and_say_how_surely(tenant: Night) -> None:
    read_by = ((LEXICON, "survey"), (CLASSIFIER, "survey"), (SCOPE_WORDS, "default"))
    for kind, name in (*read_by, (RISK_POLICY, "default")):
        content = DOCUMENTS[kind, name].content
        tenant.configurations.put(kind, name, content, actor="test", now=tenant.now)
    tenant.now += timedelta(minutes=2)
    told_of_everybody(tenant)
    tenant.says(WANG, "压力很大")
    tenant.makes_cards([WANG])
    tenant.passes()
    alerts, _ = tenant.cards.alerts(RiskLevel.RED, 25, None)
    assert [one.alert_id for one in alerts] == [ALERT]
    signal = alerts[0].judgement.signals[-1]
    assert isinstance(signal, StrainedSurvey)
    assert {rule.id for rule in signal.words} & {"pressure", "strained"}
    assert all(rule.percent in range(50, 101) for rule in signal.words)
    assert signal.reader == (1, 1, 1)


def test_a_second_run_of_the_same_night_writes_no_card_and_tells_of_no_alert(tenant: Night) -> None:
    told_of_everybody(tenant)
    tenant.passes()
    before, told = cards(tenant), tenant.told()
    tenant.passes()
    assert cards(tenant) == before
    assert tenant.told()[: len(told)] == told
    assert [name for _, name, _ in tenant.told()[len(told) :]] == ["scan.finished"]
    record = tenant.scans.get(SCAN)
    assert (record.run, record.counts) == (2, Counts(open=2))


def test_an_alert_changes_with_the_facts_keeps_its_id_and_is_cleared(tenant: Night) -> None:
    told_of_everybody(tenant)
    tenant.passes()
    # Four weeks later: less work, no leave, performance rising again, and no words.
    tenant.now += timedelta(weeks=4)
    tenant.works(WANG, "52")
    tenant.makes_cards([WANG])
    tenant.passes()
    (alert,), _ = tenant.cards.alerts(None, 25, None)
    assert (alert.alert_id, alert.raised_on, alert.scan_id) == (ALERT, date(2026, 11, 23), "scn_20261221")
    assert alert.judgement.level is RiskLevel.RED
    tenant.performs(WANG, m12="8")
    tenant.makes_cards([WANG])
    tenant.passes()
    tenant.works(WANG, "40")
    tenant.makes_cards([WANG])
    tenant.now += timedelta(weeks=8)
    tenant.passes()
    assert tenant.cards.alerts(None, 25, None) == ([], None)
    assert tenant.cards.alert(ALERT) is None
    about = [(name, data["level"]) for subject, name, data in tenant.told() if subject == WANG]
    assert about == [("alert.raised", "red"), ("alert.changed", "orange"), ("alert.cleared", "orange")]


def cards(tenant: Night) -> dict[str, Item]:
    """What each card says: not its shard, nor how often it was written, which is in its event's id as well."""
    items = [item for item in tenant.items() if item["pk"].startswith("CARDS#")]
    aside = ("pk", "version", "events")
    return {item["sk"]: {name: item[name] for name in item if name not in aside} for item in items}


def test_the_result_depends_on_the_facts_and_not_on_order_shards_or_reruns() -> None:
    seen = []
    for shards, seed in ((1, 0), (3, 1), (64, 2)):
        with night(shards) as tenant:
            facts: list[Callable[[], None]] = [
                *(
                    lambda who=who, days=days: tenant.is_sick(who, days)
                    for who in (WANG, ZHAO)
                    for days in (2, 4, 6, 8)
                ),
                lambda: tenant.works(WANG, "55"),
                lambda: tenant.works(ZHAO, "41"),
                lambda: tenant.performs(LI, m09="9", m10="8"),
                lambda: tenant.performs(LI, m11="7"),
                lambda: tenant.says(SUN, "压力大"),
            ]
            for employee_id in EVERYBODY:
                tenant.hire(employee_id)
            chance = random.Random(seed)
            chance.shuffle(facts)
            for fact in facts:
                fact()
                tenant.makes_cards(chance.sample(EVERYBODY, 2))
            tenant.makes_cards(EVERYBODY)
            for _ in range(seed + 1):
                tenant.begins()
                waiting = list(tenant.messages)
                chance.shuffle(waiting)
                tenant.messages.extend(waiting)
                tenant.scans_parts()
            alerts, _following = tenant.cards.alerts(None, 25, None)
            record = tenant.scans.get(SCAN)
            seen.append((cards(tenant), sorted(one.alert_id for one in alerts), record.figures))
    assert seen[0][1:] == seen[1][1:] == seen[2][1:]
    assert seen[0][0] == seen[1][0] == seen[2][0]
    assert len(seen[0][1]) == 4


def test_a_crash_at_any_call_of_a_night_changes_nothing_of_what_comes_of_it() -> None:
    with night() as tenant:
        told_of_everybody(tenant)
        calls = Faults()
        tenant.seen_by(calls).passes()
        undisturbed = (cards(tenant), tenant.scans.get(SCAN).counts, tenant.told())
        steps = len(calls.calls)
    assert steps > 10
    for at in range(1, steps + 1):
        for when in ("before", "after"):
            with night() as tenant:
                told_of_everybody(tenant)
                crashing = tenant.seen_by(Faults(at=at, when=when))
                with pytest.raises(Crash):
                    crashing.passes()
                if SCAN not in {item["sk"] for item in tenant.items()} or not tenant.messages:
                    # The schedule calls again.
                    tenant.begins()
                tenant.scans_parts()
                if tenant.scans.get(SCAN).status is not ScanStatus.FINISHED:
                    tenant.passes()
                record = tenant.scans.get(SCAN)
                assert record.status is ScanStatus.FINISHED
                if record.run == 1:
                    assert (cards(tenant), record.counts) == undisturbed[:2], (at, when)
                alerts = [told for told in tenant.told() if told[1] != "scan.finished"]
                assert sorted(alerts, key=str) == sorted(undisturbed[2][:-1], key=str), (at, when)


class Meanwhile:
    """Sees every call, and lets somebody act right before the ``at``-th."""

    def __init__(self, at: int, act: Callable[[], object]) -> None:
        self._left = at
        self._act = act

    def through(self, _: str, call: Callable[[], Any]) -> Any:
        self._left -= 1
        if self._left == 0:
            self._act()
        return call()


def test_what_is_told_while_the_scan_runs_is_not_lost_whenever_it_comes() -> None:
    with night(1) as tenant:
        told_of_everybody(tenant)
        calls = Faults()
        tenant.seen_by(calls).passes()
        steps = len(calls.calls)

    def rests(tenant: Night) -> None:
        tenant.works(WANG, "30")
        tenant.makes_cards([WANG])

    for at in range(1, steps + 1):
        with night(1) as tenant:
            told_of_everybody(tenant)
            tenant.seen_by(Meanwhile(at, lambda tenant=tenant: rests(tenant))).passes()  # type: ignore[misc]
            card = tenant.cards.get(WANG)
            assert card
            assert card_content(card.card).weeks[0][1] == 300_000, at
            tenant.passes()
            alert = tenant.cards.alert(ALERT)
            assert alert
            assert [signal.kind for signal in alert.judgement.signals] == list(SignalKind)[1:], at


def test_a_run_handed_out_twice_counts_each_part_once_and_one_that_is_over_counts_nothing(
    tenant: Night,
) -> None:
    told_of_everybody(tenant)
    tenant.begins()
    tenant.begins()
    first = tenant.messages[0]
    tenant.scans_parts()
    assert tenant.scans.get(SCAN).counts == Counts(raised=2, open=2)
    tenant.begins()
    # A delivery of the run before comes late.
    tenant.scan(first)
    assert tenant.scans.get(SCAN).parts_done == frozenset()
    tenant.scans_parts()
    assert tenant.scans.get(SCAN).run == 2


def test_an_alert_that_the_days_second_run_changes_was_not_raised_by_it(tenant: Night) -> None:
    told_of_everybody(tenant)
    tenant.passes()
    tenant.is_sick(ZHAO, 1, 2, 3, 4)
    tenant.makes_cards([ZHAO])
    tenant.begins()

    class DiesAfterTheAlert:
        def through(self, name: str, call: Callable[[], Any]) -> Any:
            answer = call()
            if name == "dynamodb.put_item":
                raise Crash
            return answer

    with pytest.raises(Crash):
        tenant.seen_by(DiesAfterTheAlert()).scans_parts()
    tenant.scans_parts()
    assert tenant.scans.get(SCAN).counts == Counts(changed=1, open=2)
    about = [name for subject, name, _ in tenant.told() if subject == ZHAO]
    assert about == ["alert.raised", "alert.changed"]


def test_a_part_that_comes_after_the_next_days_scan_takes_nothing_back(tenant: Night) -> None:
    told_of_everybody(tenant)
    tenant.begins()
    late = list(tenant.messages)
    tenant.messages.clear()
    tenant.now += timedelta(days=1)
    tenant.is_sick(LI, 0, 1, 2, 3)
    tenant.makes_cards([LI])
    tenant.passes()
    alerts, told = tenant.cards.alerts(None, 25, None)[0], tenant.told()
    assert LI in {one.employee_id for one in alerts}
    for body in late:
        tenant.scan(body)
    assert tenant.cards.alerts(None, 25, None)[0] == alerts
    assert tenant.told() == told
    latest = tenant.scans.latest()
    assert latest
    assert latest.scan_id == "scn_20261124"


def test_a_scan_keeps_the_policy_it_began_with(tenant: Night) -> None:
    told_of_everybody(tenant)
    tenant.begins()
    tenant.policy({"hours": {"over": 60}})
    tenant.scans_parts()
    alerts, _ = tenant.cards.alerts(RiskLevel.YELLOW, 25, None)
    assert [(one.employee_id, one.policy_version) for one in alerts] == [(ZHAO, 1)]
    tenant.passes()
    assert tenant.cards.alerts(RiskLevel.YELLOW, 25, None) == ([], None)


def test_who_leaves_is_no_longer_warned_about_and_who_is_no_employee_has_no_card(tenant: Night) -> None:
    tenant.hire(WANG, left_on=date(2026, 11, 23))
    tenant.works(WANG, "60")
    tenant.makes_cards([WANG, "emp_nobody"])
    tenant.passes()
    assert tenant.cards.alert(ALERT)
    tenant.now += timedelta(days=1)
    tenant.passes()
    assert tenant.cards.alert(ALERT) is None
    assert tenant.cards.get("emp_nobody") is None


def test_pages_of_alerts_go_from_the_most_urgent_to_the_least(tenant: Night) -> None:
    told_of_everybody(tenant)
    tenant.works(LI, "58")
    tenant.makes_cards([LI])
    tenant.passes()
    found, cursor = [], None
    for _ in range(6):
        page, cursor = tenant.cards.alerts(None, 1, cursor)
        found += [one.employee_id for one in page]
        if cursor is None:
            break
    assert cursor is None
    assert found == [WANG, *sorted([LI, ZHAO])]


def test_a_card_that_is_never_at_rest_comes_back_to_the_queue(tenant: Night) -> None:
    told_of_everybody(tenant)

    def tells() -> None:
        tenant.cards.replace(
            tenant.cards.get(LI), LI, make_card((), (), (), None, NO_WORDS, None, tenant.today)
        )

    class Restless:
        def through(self, name: str, call: Callable[[], Any]) -> Any:
            if name == "dynamodb.put_item":
                tells()
            return call()

    tenant.works(LI, "19", 1)
    with pytest.raises(LostRace):
        tenant.seen_by(Restless()).makes_cards([LI])
