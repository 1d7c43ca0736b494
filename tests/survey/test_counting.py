"""A closed survey counted page by page on moto's table (F7): cut short anywhere, twice, and with who pries."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from functions.survey import closing
from rencai.employees.store.employees import MOVED_AT, employee_key, employee_told
from rencai.store.corrections import record
from rencai.store.table import instant
from rencai.survey import closing as rules
from rencai.survey.closing import ToCount
from rencai.survey.rules.figures import Grouping
from tests.survey.company import Company, Context, consumed, read, sent, token_in

STAFF = [f"emp_{number:02}" for number in range(11)]


@pytest.fixture
def answered(one: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Eleven have answered by their links, and the survey has closed; two answers are a page, two pages a message."""
    monkeypatch.setattr(rules, "PAGE", 2)
    monkeypatch.setattr(rules, "PAGES_AT_ONCE", 2)
    for number, employee_id in enumerate(STAFF):
        one.employs(employee_id, department="运营" if number < 6 else "销售")
    one.asks()
    for number, employee_id in enumerate(STAFF):
        one.says(employee_id, stress=1 + number % 5)
    one.now = datetime(2026, 12, 11, 1, 0, tzinfo=UTC)
    return one


def shown() -> tuple[Any, ...]:
    found = read(by="department")
    groups = {group["name"]: group["questions"][0]["distribution"] for group in found["groups"]}
    return found["answered"], found["questions"][0]["distribution"], groups


EXPECTED = (11, [3, 2, 2, 2, 2], {"运营": [2, 1, 1, 1, 1], "销售": [1, 1, 1, 1, 1]})


def test_f7_every_page_is_counted_and_the_last_makes_the_figures(answered: Company) -> None:
    answered.counts()
    assert shown() == EXPECTED


def test_every_message_may_come_twice_and_by_two_ways(answered: Company) -> None:
    read()
    closing.handler({}, Context())
    assert len(answered.sqs.messages) == 2
    answered.delivers(times=2)
    assert shown() == EXPECTED


def test_cut_short_at_any_call_it_comes_to_the_same(
    answered: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table or the queue fails once, at the first call, the second, and so on; the message is delivered again."""
    closing.handler({}, Context())
    failures = 0
    while answered.sqs.messages:
        body = answered.sqs.messages.pop(0)
        sent, done, fails_at = list(answered.sqs.messages), False, 0
        while not done:
            fails_at += 1
            # What a try has sent before it was cut short is another delivery; the test above has those.
            answered.sqs.messages = list(sent)
            calls = _Failing(fails_at)
            with monkeypatch.context() as patched:
                for owner, name in (
                    (answered.table, "put"),
                    (answered.table, "get"),
                    (answered.table, "get_all"),
                    (answered.table, "query"),
                    (answered.sqs, "send_message"),
                ):
                    patched.setattr(owner, name, calls.through(getattr(owner, name)))
                done = consumed(body) == []
            failures += not done
    assert failures > 10
    assert shown() == EXPECTED


class _Failing:
    """Calls, of which one fails."""

    def __init__(self, fails_at: int) -> None:
        self.left = fails_at

    def through(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise TimeoutError
            return call(*args, **more)

        return made


def test_a_counting_whose_message_is_lost_goes_on_with_the_next_hour(answered: Company) -> None:
    closing.handler({}, Context())
    (first,) = answered.sqs.messages
    answered.sqs.messages = []
    assert consumed(first) == []
    (lost,) = answered.sqs.messages
    assert json.loads(lost) == {"month": "2026-11", "page": 2, "after": "emp_03"}
    answered.sqs.messages = []
    # Who looks does not begin anew what has begun.
    assert read()["made_at"] is None
    assert answered.sqs.messages == []
    answered.counts()
    assert shown() == EXPECTED


def test_a_message_that_comes_too_early_counts_nothing(one: Company) -> None:
    one.employs("emp_00")
    one.asks()
    assert consumed(json.dumps({"month": "2026-11", "page": 0, "after": None})) == []
    assert read()["open"] is True
    assert one.wired.survey.figures.totals("2026-11") is None


def test_figures_are_not_made_while_a_page_does_not_show(
    answered: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PAGES_AT_ONCE", 10)
    counts = answered.wired.survey.closing.counts
    monkeypatch.setattr(type(counts), "all", lambda *_: iter([counts.page("2026-11", 0)]))
    assert len(consumed(json.dumps({"month": "2026-11", "page": 0, "after": None}))) == 1
    assert answered.wired.survey.figures.totals("2026-11") is None


def test_months_are_closed_back_to_the_oldest_whose_links_may_have_been_good(one: Company) -> None:
    for month, closes_on in (
        ("2026-09", date(2026, 11, 24)),
        ("2026-10", date(2026, 11, 8)),
        ("2026-11", date(2026, 12, 9)),
    ):
        one.survey_rounds.open(month, closes_on, one.now)
    sent: list[ToCount] = []
    assert one.wired.survey.closing.begin_due(sent.append, one.now) == ["2026-10", "2026-09"]
    assert sent == [ToCount("2026-10"), ToCount("2026-09")]
    one.now = datetime(2027, 1, 5, tzinfo=UTC)
    assert one.wired.survey.closing.begin_due(sent.append, one.now) == ["2026-11", "2026-10"]


# --- who pries


def test_f7_four_answers_told_in_others_names_do_not_show_what_the_fifth_said(one: Company) -> None:
    for number in range(5):
        one.employs(f"emp_{number}", department="法务")
    one.asks()
    one.says("emp_4", stress=1)
    for number in range(4):
        one.answers(f"emp_{number}", stress=5)
    assert read()["answered"] == 1
    one.closes()
    closed = read(by="department")
    assert (closed["answered"], closed["questions"]) == (1, [])
    assert [(group["answered"], group["questions"]) for group in closed["groups"]] == [(1, [])]


def test_f7_nor_where_nobody_was_asked_and_another_brought_what_people_said(one: Company) -> None:
    for number in range(20):
        one.employs(f"emp_{number:02}", department="法务" if number < 6 else "运营")
        one.answers(f"emp_{number:02}", month="2026-10", by="survey system", stress=1 + number % 5)
    for number in range(5):
        # In place of what was brought, and somebody else for whom nothing was.
        one.answers(f"emp_{number:02}", month="2026-10", by="hr", stress=3)
    one.employs("emp_new", department="法务")
    one.answers("emp_new", month="2026-10", by="hr", stress=3)
    one.counts()
    shown_now = read("2026-10", by="department")
    # Fifteen are left of the one hand; of legal one, who does not follow from the total less operations either.
    assert shown_now["answered"] == 15
    assert [(group["name"], group["answered"], group["questions"]) for group in shown_now["groups"]] == [
        ("法务", 1, []),
        ("运营", 14, []),
    ]
    assert shown_now["questions"][0]["answers"] == 15


def test_f7_who_is_moved_after_answering_counts_where_they_were(one: Company) -> None:
    for number in range(10):
        one.employs(f"emp_{number}", department="法务" if number < 5 else "运营")
    one.asks()
    for number in range(10):
        one.says(f"emp_{number}", stress=1 if number < 5 else 5)
    # HR moves one of legal beside four whose answers they know.
    item = one.table.get(employee_key("emp_0"))
    assert item is not None
    one.table.put(employee_key("emp_0"), {**item, "department": "运营"})
    one.closes()
    by_department = one.wired.survey.figures.groups("2026-11", Grouping.DEPARTMENT, None)[0]
    assert {group.name: group.questions["stress"] for group in by_department} == {
        "法务": (5, 0, 0, 0, 0),
        "运营": (0, 0, 0, 0, 5),
    }


def test_f7_people_put_on_file_to_answer_do_not_show_what_the_one_they_stand_beside_said(
    one: Company,
) -> None:
    for number in range(10):
        one.employs(f"emp_{number}", department="法务" if number < 1 else "运营")
    one.passes(days=61)
    for number in range(4):
        one.employs(f"emp_made_up_{number}", department="法务")
    month = "2027-01"
    one.asks()
    for number in range(10):
        one.says(f"emp_{number}", month=month, stress=1 if number < 1 else 3)
    for number in range(4):
        one.says(f"emp_made_up_{number}", month=month, stress=5)
    one.passes(days=16)
    one.counts()
    closed = read(month, by="department")
    assert [(group["name"], group["answered"], group["questions"]) for group in closed["groups"]] == [
        ("法务", 5, []),
        ("运营", 9, []),
    ]
    assert closed["questions"][0]["distribution"] == [1, 0, 9, 0, 4]


@pytest.mark.parametrize(
    ("changed", "then"),
    [
        ("email", "stays"),
        ("email", "is taken back"),
        ("department", "stays"),
        ("department", "was asked before"),
    ],
)
def test_f7_whose_file_was_changed_for_the_survey_hides_nobody(one: Company, changed: str, then: str) -> None:
    """Four get an address of HR's; or the one that is not HR's is moved beside four."""
    for number in range(15):
        one.employs(f"emp_{number:02}", department="法务" if number < 5 else "运营")
    one.passes(days=61)
    if then == "was asked before":
        one.asks()
    items = {
        number: one.table.get(employee_key(f"emp_{number:02}"))
        for number in (range(1, 5) if changed == "email" else range(1))
    }
    for number, item in items.items():
        assert item is not None
        said = {
            changed: f"hr+{number}@example.com" if changed == "email" else "法务",
            MOVED_AT: instant(one.now),
        }
        one.table.put(employee_key(f"emp_{number:02}"), {**item, **said})
    one.asks()
    links = {html for to, _, html in one.mail.letters if to.startswith("hr+")}
    assert len(links) == (4 if changed == "email" else 0)
    if then == "is taken back":
        for number, item in items.items():
            assert item is not None
            one.table.put(employee_key(f"emp_{number:02}"), item)
    month = "2027-01"
    for number in range(15):
        letter = next(
            html
            for to, _, html in one.mail.letters
            if to in (f"emp_{number:02}@example.com", f"hr+{number}@example.com")
        )
        assert sent(token_in(letter), {"stress": "1" if number == 0 else "5"})[0] == 200
    one.passes(days=16)
    one.counts()
    closed = read(month, by="department")
    assert [(group["name"], group["answered"], bool(group["questions"])) for group in closed["groups"]] == [
        ("法务", 5, False),
        ("运营", 10, False),
    ]
    assert closed["questions"][0]["answers"] == 15


@pytest.mark.parametrize("victim", ["moved", "hired", "everybody's file is touched"])
def test_f7_a_group_of_people_put_on_file_shows_nothing_of_the_one_brought_there(
    one: Company, victim: str
) -> None:
    """A department of its own: four whom HR made up, and one it moved there or who has just been hired."""
    for number in range(12):
        one.employs(f"emp_{number:02}", department="运营")
    if victim == "hired":
        # The night's part of the company that is longer there is as large without them.
        one.employs("emp_12", department="运营")
    one.passes(days=61)
    for number in range(4):
        one.employs(f"emp_made_up_{number}", department="新部门")
    touched = range(12) if victim.startswith("everybody") else range(1)
    for number in touched:
        item = one.table.get(employee_key(f"emp_{number:02}"))
        assert item is not None
        department = "新部门" if number == 0 else "运营"
        changed = {"department": department, MOVED_AT: instant(one.now)}
        if victim == "hired":
            changed["created_at"] = instant(one.now)
        one.table.put(employee_key(f"emp_{number:02}"), {**item, **changed})
    month = "2027-01"
    one.asks()
    staff = [f"emp_{number:02}" for number in range(12 + (victim == "hired"))]
    for employee_id in [*staff, *(f"emp_made_up_{number}" for number in range(4))]:
        score = {"emp_00": "1"}.get(employee_id, "5" if "made" in employee_id else "3")
        assert sent(one.link(employee_id), {"stress": score})[0] == 200
    one.passes(days=16)
    one.counts()
    closed = read(month, by="department")
    (brought,) = [group for group in closed["groups"] if group["name"] == "新部门"]
    assert (brought["answered"], brought["questions"]) == (5, [])
    # Nor does it follow from the total less the others.
    assert not closed["questions"] or not any(group["questions"] for group in closed["groups"])


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({"level": "P7", "phone": "+8613800000009"}, True),
        ({"department": "销售"}, False),
        ({"location": "北京"}, False),
        ({"role": "trainee"}, False),
        ({"email": "hr@example.com"}, False),
    ],
)
def test_f7_a_file_hides_whom_it_moves_or_has_asked_elsewhere_and_nobody_else(
    one: Company, changed: dict[str, str], counts: bool
) -> None:
    """A raise for everybody must not cost the company two surveys."""
    for number in range(6):
        one.employs(f"emp_{number}", department="运营")
    one.passes(days=61)
    for number in range(6):
        for told in (changed, {"level": "P8"}):
            employee = one.employees.get(f"emp_{number}")
            assert employee is not None
            record(one.table, employee_told(replace(employee, **told)), "hr", one.now)  # type: ignore[arg-type]
    one.asks()
    month = "2027-01"
    for number in range(6):
        one.says(f"emp_{number}", month=month, stress=3)
    one.passes(days=16)
    one.counts()
    assert bool(read(month)["questions"]) is counts
