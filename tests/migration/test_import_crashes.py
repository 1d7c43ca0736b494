"""An import and its undo, crashed at every call to AWS and delivered again, or delivered twice at once: nothing is
lost, nothing counted twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.employees.rules.signals import AttendanceWeek, Survey, SurveyAnswers
from rencai.kernel.errors import LostRace
from rencai.kernel.events import EventName
from rencai.migration import split
from rencai.migration.store.imports import Counts, Import, ImportStatus
from rencai.platform.consumer import Retry
from tests.aws import Saved, objects
from tests.examples import examples
from tests.journey.faults import Crash, Faults
from tests.migration.import_office import BUCKET, Office, account, csv, office

WORDS: Final = "压力很大"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "PART_ROWS", 2)


@dataclass(frozen=True)
class Case:
    """A file that creates, corrects, repeats, and is partly wrong, over what is known before."""

    kind: str
    content: bytes
    counts: Counts
    known: Callable[[Office], object]


def _people(one: Office) -> None:
    one.hires("10001")
    one.employees.hire(_hired(one, "emp_01HIRED"))


def _hired(one: Office, employee_id: str) -> Any:
    known = one.employees.get(one.hires("10009"))
    assert known is not None
    return replace(known, employee_id=employee_id, candidate_id="cand_01HIRED", employee_no=None)


def _weeks(one: Office) -> None:
    employee_id = one.hires("10001")
    one.hires("10002")
    for week in ("2026-W07", "2026-W08"):
        told = AttendanceWeek(week, Decimal(40), None)
        one.signals.record_attendance(employee_id, told, "hr", one.now)


def _two(one: Office) -> None:
    one.hires("10001")
    one.hires("10002")


def _answered(one: Office) -> None:
    _two(one)
    answers = SurveyAnswers(Survey("2026-02", (("satisfaction", 2),)), {"comment": WORDS})
    one.signals.record_survey(one.hires("10002"), answers, "hr", one.now)


CASES: Final = {
    "people": Case(
        "people",
        csv(
            ("工号", "Rencai 员工 ID", "姓名", "岗位", "工作地点", "入职日期"),
            ("10001", "", "周晓", "sales", "北京", "2026-01-05"),
            ("10003", "", "张三", "sales", "深圳", "2025-03-03"),
            ("20001", "emp_01HIRED", "李四", "sales", "上海", "2026-01-05"),
            ("10004", "", "", "sales", "深圳", "2025-03-03"),
            ("10003", "", "张三", "sales", "深圳", "2025-03-03"),
        ),
        Counts(created=1, updated=2, unchanged=1, rejected=1),
        _people,
    ),
    "attendance": Case(
        "attendance",
        csv(
            ("工号", "周", "工时"),
            ("10001", "2026-W07", "40"),
            ("10001", "2026-W08", "55"),
            ("10001", "2026-W09", "50"),
            ("10002", "2026-W09", "44"),
            ("10002", "2026-W09", "45"),
        ),
        Counts(created=2, updated=1, unchanged=1, rejected=1),
        _weeks,
    ),
    "surveys": Case(
        "surveys",
        csv(
            ("工号", "月份", "满意度", "意见"),
            ("10001", "2026-02", "4", WORDS),
            ("10002", "2026-02", "3", ""),
            ("10009", "2026-02", "3", ""),
        ),
        Counts(created=1, updated=1, rejected=1, unmatched=1),
        _answered,
    ),
    "performance": Case(
        "performance",
        csv(
            ("工号", "月份", "绩效得分", "满分", "销售额"),
            ("10001", "2026-01", "9", "10", "12000"),
            ("10002", "2026-01", "8", "10", ""),
            ("10002", "2026-02", "6", "10", ""),
        ),
        Counts(created=3),
        _two,
    ),
}


def begun(one: Office, case: Case) -> Import:
    """What there is before the file comes, and the file."""
    case.known(one)
    made = one.asks(case.kind)
    one.puts(made, case.content)
    return made


def run(one: Office, case: Case) -> Import:
    """To its end."""
    return one.works(begun(one, case).import_id)


def comparable(items: dict[Any, Any]) -> dict[Any, Any]:
    """Items: sealed words are another text whenever they are sealed."""
    return {
        key: {name: value for name, value in item.items() if name != "texts"} for key, item in items.items()
    }


def left() -> dict[str, bytes]:
    """What an import leaves in the bucket, but logs that hold sealed words."""
    return {key: content for key, content in objects(BUCKET).items() if b'"texts"' not in content}


def told(one: Office) -> list[Any]:
    return sorted((event.id, event.name, tuple(event.data.items())) for event in one.told())


def outcome(one: Office, done: Import) -> Any:
    return replace(done, version_id=None), comparable(one.image()), left(), told(one)


@pytest.mark.parametrize("kind", CASES)
def test_what_is_crashed_at_does_all_there_is(kind: str) -> None:
    with office() as one:
        done = run(one, CASES[kind])
        assert (done.status, done.counts) == (ImportStatus.FINISHED, CASES[kind].counts)
        assert done.parts_total in (2, 3)


# --- crashes
# A message is taken by a process that knows nothing but what is stored. So whoever dies in one, takes it again, and
# stands where an undisturbed process stands after it - in table, bucket, stream and queue - comes to the same end: the
# messages before and after need not be taken again for every call that is crashed at. Who stands elsewhere walks on.


@dataclass(frozen=True)
class Standing:
    """Where an import stands between two messages."""

    saved: Saved
    waiting: tuple[tuple[str, Any], ...]
    """The messages on the queue: the office's act, and what is told to it."""
    seen: Any

    @classmethod
    def of(cls, one: Office) -> "Standing":
        return cls(Saved(), _waiting(one), _seen(one))

    def taken_up(self, faults: Faults) -> Office:
        """Another process goes on from here."""
        self.saved.put_back()
        one = Office(faults)
        one.queue.extend(partial(getattr(one, name), *told) for name, told in self.waiting)
        return one

    def is_where(self, one: Office) -> bool:
        return (self.waiting, self.seen) == (_waiting(one), _seen(one))


def _waiting(one: Office) -> tuple[tuple[str, Any], ...]:
    acts = [act for act in one.queue if isinstance(act, partial)]
    assert len(acts) == len(one.queue)
    return tuple((act.func.__name__, act.args) for act in acts)


def _seen(one: Office) -> Any:
    """All that whoever goes on can find, and what was told: imports and versions, too."""
    return comparable(one.items()), left(), told(one)


@dataclass(frozen=True)
class Walk:
    """An undisturbed run, message by message, each taken by a process of its own."""

    standings: list[Standing]
    calls: list[int]
    """Of each message."""
    end: Office

    @classmethod
    def of(cls, one: Office) -> "Walk":
        standings, calls = [Standing.of(one)], []
        while one.queue:
            one = standings[-1].taken_up(Faults())
            one.queue.popleft()()
            calls.append(len(one.faults.calls))
            standings.append(Standing.of(one))
        return cls(standings, calls, one)

    def crashes(self, chunk: int, when: Any, finds: Callable[[Office, str], None]) -> None:
        """Dies at every second call, and ``finds`` looks at whoever does not stand where the walk stood."""
        points = [(message, at) for message, calls in enumerate(self.calls) for at in range(1, calls + 1)]
        for message, at in points[chunk::2]:
            faults = Faults(at, when)
            one = self.standings[message].taken_up(faults)
            one.takes()
            faults.at = None  # whoever looks at the outcome is not to die of it
            if not self.standings[message + 1].is_where(one):
                finds(one, f"crash {when} call {at} of message {message}: {faults.crashed_at}")
            assert faults.crashed_at or when == "after", "a call that is refused does nothing to die after"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("chunk", range(2))
@pytest.mark.parametrize("kind", CASES)
def test_a_crash_at_any_call_of_an_import_loses_no_row_and_counts_none_twice(
    kind: str, chunk: int, when: Any
) -> None:
    case = CASES[kind]
    with office() as undisturbed:
        expected = outcome(undisturbed, run(undisturbed, case))
    with office() as one:
        made = begun(one, case)
        walk = Walk.of(one)
        assert outcome(walk.end, walk.end.imports.get(made.import_id)) == expected
        assert sum(walk.calls) > 20

        def finds(one: Office, where: str) -> None:
            assert outcome(one, one.works(made.import_id)) == expected, where

        walk.crashes(chunk, when, finds)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("chunk", range(2))
@pytest.mark.parametrize("kind", ["people", "surveys"])
def test_a_crash_at_any_call_of_an_undo_leaves_the_table_as_it_was_before(
    kind: str, chunk: int, when: Any
) -> None:
    case = CASES[kind]
    with office() as one:
        case.known(one)
        before = one.image()
        made = one.brings(case.kind, case.content)
        assert one.image() != before
        one.imports.undo_asked(made, "hr", one.now)
        one.delivers(partial(one._begin_undo, made.import_id))

        def finds(one: Office, where: str) -> None:
            done = one.works(made.import_id)
            assert one.image() == before, where
            assert (done.status, done.undo.restored, done.undo.kept) == (
                ImportStatus.UNDONE,
                case.counts.written,
                0,
            ), where
            parts = [
                dict(e.data)["part"]
                for e in one.told()
                if e.name is EventName.IMPORT_PART_DONE and e.data["undone"]
            ]
            assert len(set(parts)) == len(parts) > 0, where

        walk = Walk.of(one)
        finds(walk.end, "undisturbed")
        walk.crashes(chunk, when, finds)


# --- twice at once


@dataclass
class Overtaken(Faults):
    """Right before the ``at``-th call somebody else acts, and comes to the end."""

    act: Callable[[], object] | None = None
    acted: bool = False

    def through(self, name: str, call: Callable[[], Any]) -> Any:
        self.calls.append(name)
        if self.act and len(self.calls) == self.at:
            act, self.act, self.acted = self.act, None, True
            act()
        return call()


def overtaken(case: Case, at: int | None) -> tuple[Office, Overtaken]:
    """Every message of an import comes twice, the second while the first has come to its ``at``-th call."""
    faults = Overtaken()
    one = Office(faults)
    begun(one, case)
    while one.queue:
        act = one.queue.popleft()
        faults.calls.clear()
        faults.at, faults.act = at, act
        try:
            act()
        except (Retry, LostRace):
            one.queue.append(act)
    faults.act = None
    return one, faults


@pytest.mark.parametrize("kind", CASES)
def test_a_message_delivered_twice_at_once_does_what_one_does(kind: str) -> None:
    case = CASES[kind]
    for at in range(1, 18):
        with account():
            one, _ = overtaken(case, at)
            (made,), _ = one.imports.page(10, None)
            assert (made.status, made.counts) == (ImportStatus.FINISHED, case.counts), f"at call {at}"
            assert one.undoes(made.import_id).status is ImportStatus.UNDONE, f"at call {at}"


@pytest.mark.parametrize("crashes", [False, True])
def test_a_correction_made_meanwhile_is_there_after_the_undo(crashes: bool) -> None:
    """Made before the import wrote its own, it is put back; made after, the undo is refused for it."""
    correction = AttendanceWeek("2026-W08", Decimal(38), None)
    outcomes: set[ImportStatus] = set()
    for at in range(1, 25):
        with account():
            faults = Overtaken()
            one = Office(faults)
            employee_id = one.hires("10001")
            made = one.asks("attendance")
            one.puts(made, csv(("工号", "周", "工时"), ("10001", "2026-W07", 40), ("10001", "2026-W08", 55)))
            one.queue.popleft()()

            def corrects(one: Office = one, employee_id: str = employee_id) -> None:
                one.signals.record_attendance(employee_id, correction, "hr", one.now)
                if crashes:
                    raise Crash("corrected")

            faults.calls.clear()
            faults.at, faults.act = at, corrects
            done = one.works(made.import_id)
            if not faults.acted:
                break
            assert (done.status, done.counts.written) in (
                (ImportStatus.FINISHED, 2),
                (ImportStatus.FINISHED, 1),
            )
            outcomes.add(one.undoes(made.import_id).status)
            after = {week.week: week.hours for week in one.signals.attendance(employee_id, 9)}
            assert after["2026-W08"] == 38, f"corrected before call {at}"
    else:
        pytest.fail("a part makes fewer calls")
    assert outcomes == {ImportStatus.UNDONE, ImportStatus.UNDO_REFUSED}


@examples(12)
@given(st.randoms(use_true_random=False))
def test_parts_in_any_order_and_any_number_of_times_come_to_the_same(random: Any) -> None:
    rows = [("10001", f"2025-W{week:02}", 40) for week in range(1, 8)]
    with pytest.MonkeyPatch.context() as patch, office() as one:
        patch.setattr(split, "PART_ROWS", 2)
        one.hires("10001")
        before = one.image()
        made = one.asks("attendance")
        one.puts(made, csv(("工号", "周", "工时"), *rows))
        one.queue.popleft()()
        shuffled(one, random)
        done = one.works(made.import_id)
        assert (done.counts, done.status) == (Counts(created=7), ImportStatus.FINISHED)
        assert len(one.image()) == 8
        one.imports.undo_asked(done, "hr", one.now)
        one._begin_undo(done.import_id)
        shuffled(one, random)
        undone = one.works(done.import_id)
        assert (undone.status, undone.undo.restored) == (ImportStatus.UNDONE, 7)
        assert one.image() == before


def shuffled(one: Office, random: Any) -> None:
    """What is on the queue comes in any order, and some of it twice."""
    messages = [*one.queue, *random.sample(list(one.queue), 2)]
    random.shuffle(messages)
    one.queue.clear()
    one.queue.extend(messages)
