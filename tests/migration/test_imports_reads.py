"""What a part of an import reads (F1): how much of it, and that what it reads may be a moment old."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, cast

import pytest

from rencai.employees.rules.signals import AttendanceWeek
from rencai.migration import split
from rencai.migration.store.imports import Counts, Import, ImportStatus
from tests.aws import client
from tests.bench.capacity import item_size, read_units
from tests.journey.faults import Crash, Faults
from tests.keyed import IDS
from tests.migration.import_office import TABLE, Office, csv, office
from tests.migration.test_import_crashes import CASES, Case, outcome
from tests.racing import Racing

ROWS: Final = 40
UNDONE: Final = ImportStatus.UNDONE


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as fresh:
        yield fresh


def place(key: Any) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]


class Between:
    """A client as the table has it; the tests' stand between."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)


class Counting(Between):
    """Counts the read units of single items, by AWS's rules, and those of rows apart from the import's own."""

    def __init__(self, target: Any) -> None:
        super().__init__(target)
        self.all = self.rows = 0.0

    def get_item(self, **asked: Any) -> Any:
        answer = self._target.get_item(**asked)
        self._count(asked["Key"], answer.get("Item", {}), asked["ConsistentRead"])
        return answer

    def batch_get_item(self, **asked: Any) -> Any:
        answer = self._target.batch_get_item(**asked)
        found = {place(item): item for item in answer["Responses"][TABLE]}
        wanted = asked["RequestItems"][TABLE]
        for key in wanted["Keys"]:
            self._count(key, found.get(place(key), {}), wanted["ConsistentRead"])
        return answer

    def query(self, **asked: Any) -> Any:
        """All keys are known but those of somebody's other leave, which are looked for once, to be certain of them."""
        assert asked["ExpressionAttributeValues"][":prefix"] == {"S": "LEAVE#"}, "nothing else is looked for"
        assert asked["ConsistentRead"]
        answer = self._target.query(**asked)
        size = sum(map(item_size, answer["Items"]))
        self.all += read_units(size, consistent=True)
        self.rows += read_units(size, consistent=True)
        return answer

    def _count(self, key: Any, item: Any, consistent: bool) -> None:
        units = read_units(item_size(item), consistent=consistent)
        self.all += units
        self.rows += units if not key["pk"]["S"].startswith("IMPORTS") else 0


class Lagging(Between):
    """The table's eventually consistent reads show it as it was when this was made: the longest a replica may lag."""

    def __init__(self, target: Any) -> None:
        super().__init__(target)
        items = client("dynamodb").scan(TableName=TABLE)["Items"]
        self._was = {place(item): item for item in items}

    def batch_get_item(self, **asked: Any) -> Any:
        answer = self._target.batch_get_item(**asked)
        wanted = asked["RequestItems"][TABLE]
        if wanted["ConsistentRead"]:
            return answer
        found = [self._was[place(key)] for key in wanted["Keys"] if place(key) in self._was]
        return {**answer, "Responses": {TABLE: found}}


def stands_between(one: Office, between: Callable[[Any], Any]) -> Any:
    """From now on the stores' table is reached through this."""
    made = one.table._client = between(one.table._client)
    return made


def given(one: Office, number: str, employee_id: str) -> None:
    """Somebody was hired through Rencai, and HR's number was given to them."""
    known = one.employees.get(one.hires("19999"))
    assert known is not None
    one.employees.hire(replace(known, employee_id=employee_id, candidate_id="cand_01HIRED", employee_no=None))
    one.brings("people", csv(("工号", "Rencai 员工 ID"), (number, employee_id)))


def run(one: Office, case: Case, *, crash: int | None = None) -> Import:
    """What is known is known before any fault may strike, at the ``crash``-th call; then the file comes."""
    case.known(one)
    made = one.asks(case.kind)
    one.puts(made, case.content)
    one.faults.calls.clear()
    one.faults.at = crash
    return one.works(made.import_id)


def corrected(one: Office, week: str, hours: int) -> None:
    told = AttendanceWeek(week, Decimal(hours), None)
    one.signals.record_attendance(IDS.employee_of_number("10001"), told, "hr", one.now)


def weeks(*rows: tuple[Any, ...]) -> bytes:
    return csv(("工号", "周", "工时"), *rows)


def hours(one: Office) -> list[Decimal]:
    return [week.hours for week in one.signals.attendance(IDS.employee_of_number("10001"), 9)]


# --- how much

NUMBERS: Final = [f"{10001 + count}" for count in range(ROWS)]
PEOPLE: Final = ("工号", "姓名", "岗位", "工作地点", "入职日期")
KINDS: Final[dict[str, tuple[tuple[str, ...], tuple[object, ...]]]] = {
    "attendance": (("工号", "周", "工时"), ("2026-W07", 40)),
    "leave": (
        ("工号", "请假单号", "请假类型", "开始日期", "结束日期", "天数"),
        ("QJ-1001", "年假", "2026-02-02", "2026-02-03", 2),
    ),
    "surveys": (("工号", "月份", "满意度", "意见"), ("2026-02", 5, "压力很大")),
    "performance": (("工号", "月份", "绩效得分", "满分"), ("2026-01", 9, 10)),
    "training": (("工号", "课程", "完成率"), ("亚马逊广告", "100%")),
    "recruiting": (("工号", "面试日期", "能力项", "得分", "满分"), ("2025-02-02", "沟通", 8, 10)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_row_is_read_in_one_unit_half_for_who_it_is_and_half_for_what_is_there(
    one: Office, kind: str
) -> None:
    for number in NUMBERS:
        one.hires(number)
    header, told = KINDS[kind]
    counting = stands_between(one, Counting)
    done = one.brings(kind, csv(header, *((number, *told) for number in NUMBERS)))
    assert done.counts == Counts(created=ROWS)
    # Leave is held against all other leave of the same person: one more.
    units = 2 if kind == "leave" else 1
    assert counting.rows == units * ROWS
    assert counting.all <= (units + 1) * ROWS


def test_a_person_is_read_once_for_all_the_rows_of_a_part(one: Office) -> None:
    one.hires("10001")
    counting = stands_between(one, Counting)
    done = one.brings("attendance", weeks(*(("10001", f"2025-W{week:02}", 40) for week in range(1, 41))))
    assert done.counts == Counts(created=40)
    assert counting.rows == 0.5 + 40 * 0.5


def test_a_number_that_makes_no_id_takes_a_unit_more(one: Office) -> None:
    """Half for whom it was given to, and half for the first and the last day of whom that is."""
    given(one, "10086", "emp_01HIRED")
    counting = stands_between(one, Counting)
    assert one.brings("attendance", weeks(("10086", "2026-W07", 40))).counts == Counts(created=1)
    assert counting.rows == 2


def test_a_new_person_is_read_in_one_and_a_half(one: Office) -> None:
    """Half for who is there already; one to be certain that the number was not given to anybody else."""
    counting = stands_between(one, Counting)
    rows = [(number, "张三", "sales", "深圳", "2025-03-03") for number in NUMBERS]
    assert one.brings("people", csv(PEOPLE, *rows)).counts == Counts(created=ROWS)
    assert counting.rows == 1.5 * ROWS
    assert counting.all <= 2 * ROWS


def test_a_number_is_given_to_somebody_for_two(one: Office) -> None:
    given(one, "10085", "emp_01OTHER")
    known = one.employees.get("emp_01OTHER")
    assert known is not None
    one.employees.hire(replace(known, employee_id="emp_01HIRED", employee_no=None))
    counting = stands_between(one, Counting)
    done = one.brings("people", csv(("工号", "Rencai 员工 ID"), ("10086", "emp_01HIRED")))
    assert done.counts == Counts(updated=1)
    assert counting.rows == 2


def test_the_same_again_is_read_in_one_unit_more_to_be_certain_that_it_is_so(one: Office) -> None:
    one.hires("10001")
    rows = weeks(*(("10001", f"2025-W{week:02}", 40) for week in range(1, 41)))
    one.brings("attendance", rows)
    counting = stands_between(one, Counting)
    assert one.brings("attendance", rows).counts == Counts(unchanged=40)
    assert counting.rows == 0.5 + 40 * 1.5


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_again_of_everybody_is_read_in_two_units(one: Office, kind: str) -> None:
    for number in NUMBERS:
        one.hires(number)
    header, told = KINDS[kind]
    rows = csv(header, *((number, *told) for number in NUMBERS))
    one.brings(kind, rows)
    counting = stands_between(one, Counting)
    assert one.brings(kind, rows).counts == Counts(unchanged=ROWS)
    assert counting.rows == 2 * ROWS


def test_somebodys_other_leave_is_looked_for_once_for_all_the_rows_of_a_part(one: Office) -> None:
    one.hires("10001")
    days = [f"2026-02-{day:02}" for day in range(1, 29)]
    rows = [("10001", f"QJ-{day}", "年假", day, day, 1) for day in days]
    counting = stands_between(one, Counting)
    done = one.brings("leave", csv(KINDS["leave"][0], *rows))
    assert done.counts == Counts(created=28)
    assert counting.rows == 0.5 + 28 * 0.5 + 1


def test_words_that_are_so_are_opened_once(one: Office) -> None:
    one.hires("10001")
    header, told = KINDS["surveys"]
    rows = csv(header, ("10001", *told))
    one.brings("surveys", rows)
    one.faults.calls.clear()
    assert one.brings("surveys", rows).counts == Counts(unchanged=1)
    assert one.faults.calls.count("kms.decrypt") == 1


# --- that it may be old


@pytest.mark.parametrize("kind", CASES)
def test_what_is_told_of_nothing_but_old_reads_is_what_is_told_of_new_ones(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "PART_ROWS", 2)
    case = CASES[kind]
    with office() as prompt:
        expected = outcome(prompt, run(prompt, case))
    with office() as one:
        # The table as it was before anything was known, and before any part.
        stands_between(one, Lagging)
        assert outcome(one, run(one, case)) == expected


def test_a_part_that_was_tried_before_sees_what_it_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "PART_ROWS", 2)
    case = CASES["attendance"]
    with office() as undisturbed:
        stands_between(undisturbed, Lagging)
        expected = outcome(undisturbed, run(undisturbed, case))
        puts = [at for at, call in enumerate(undisturbed.faults.calls, 1) if call == "dynamodb.put_item"]
    crashed = 0
    for at in puts:
        with office(Faults(when="after")) as one:
            stands_between(one, Lagging)
            assert outcome(one, run(one, case, crash=at)) == expected, f"crash after call {at}"
            crashed += bool(one.faults.crashed_at)
    # What is refused does nothing to die after.
    assert crashed == case.counts.written


def test_a_correction_of_a_moment_ago_is_what_the_undo_puts_back(one: Office) -> None:
    one.hires("10001")
    corrected(one, "2026-W07", 37)
    stands_between(one, Lagging)
    corrected(one, "2026-W07", 38)
    done = one.brings("attendance", weeks(("10001", "2026-W07", 40)))
    assert done.counts == Counts(updated=1)
    assert hours(one) == [40]
    assert one.undoes(done.import_id).status is UNDONE
    assert hours(one) == [38]


def test_what_was_corrected_a_moment_ago_is_not_what_it_was(one: Office) -> None:
    one.hires("10001")
    corrected(one, "2026-W07", 40)
    stands_between(one, Lagging)
    corrected(one, "2026-W07", 38)
    assert one.brings("attendance", weeks(("10001", "2026-W07", 40))).counts == Counts(updated=1)
    assert hours(one) == [40]


def test_who_was_taken_back_a_moment_ago_comes_again(one: Office) -> None:
    people = csv(PEOPLE, ("10001", "张三", "sales", "深圳", "2025-03-03"))
    first = one.brings("people", people)
    stands_between(one, Lagging)
    assert one.undoes(first.import_id).status is UNDONE
    assert one.brings("people", people).counts == Counts(created=1)
    assert one.employees.get(IDS.employee_of_number("10001")) is not None


def test_who_was_taken_back_a_moment_ago_is_nobody_by_id(one: Office) -> None:
    first = one.brings("people", csv(PEOPLE, ("10001", "张三", "sales", "深圳", "2025-03-03")))
    stands_between(one, Lagging)
    assert one.undoes(first.import_id).status is UNDONE
    employee_id = IDS.employee_of_number("10001")
    by_id = csv(("Rencai 员工 ID", *PEOPLE[1:]), (employee_id, "张三", "sales", "深圳", "2025-03-03"))
    assert one.brings("people", by_id).counts == Counts(rejected=1, unmatched=1)
    assert one.employees.get(employee_id) is None


def test_a_number_that_was_taken_back_a_moment_ago_is_given_again_with_the_rest_of_the_row(
    one: Office,
) -> None:
    given(one, "10085", "emp_01HIRED")
    first = one.brings("people", csv(("工号", "Rencai 员工 ID"), ("10086", "emp_01HIRED")))
    stands_between(one, Lagging)
    assert one.undoes(first.import_id).status is UNDONE
    again = csv(("工号", "Rencai 员工 ID", "部门"), ("10086", "emp_01HIRED", "运营部"))
    assert one.brings("people", again).counts == Counts(updated=1)
    assert one.employees.of_numbers(["10086"]) == {"10086": "emp_01HIRED"}


def test_who_came_a_moment_ago_is_known_by_number_and_by_id(one: Office) -> None:
    stands_between(one, Lagging)
    employee_id = one.hires("10001")
    given(one, "10086", "emp_01HIRED")
    header = ("工号", "Rencai 员工 ID", "周", "工时")
    done = one.brings(
        "attendance",
        csv(
            header,
            ("10001", "", "2026-W07", 40),
            ("10086", "", "2026-W07", 40),
            ("", employee_id, "2026-W08", 40),
            ("10002", "", "2026-W07", 40),
        ),
    )
    assert done.counts == Counts(created=3, rejected=1, unmatched=1)
    assert len(one.signals.attendance("emp_01HIRED", 9)) == 1


def test_a_number_given_a_moment_ago_makes_no_second_person(one: Office) -> None:
    stands_between(one, Lagging)
    given(one, "10086", "emp_01HIRED")
    done = one.brings("people", csv(PEOPLE, ("10086", "张三", "sales", "深圳", "2025-03-03")))
    assert done.counts == Counts(updated=1)
    assert one.employees.get(IDS.employee_of_number("10086")) is None


def test_a_number_of_who_came_a_moment_ago_is_given_to_nobody_else(one: Office) -> None:
    given(one, "10085", "emp_01HIRED")
    stands_between(one, Lagging)
    one.hires("10001")
    done = one.brings("people", csv(("工号", "Rencai 员工 ID"), ("10001", "emp_01HIRED")))
    assert done.counts == Counts(rejected=1)
    (error,) = one.report(done.import_id)
    assert error["rule"] == "employee_no_taken"


def test_of_who_came_a_moment_ago_no_more_is_asked_than_of_anybody_known(one: Office) -> None:
    stands_between(one, Lagging)
    one.hires("10001")
    done = one.brings("people", csv(("工号", "部门"), ("10001", "亚马逊运营部")))
    assert done.counts == Counts(updated=1)


@pytest.mark.parametrize("apart", [False, True])
def test_a_row_that_another_wrote_a_moment_ago_is_one_too_many(
    one: Office, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "PART_ROWS", 1 if apart else 2)
    employee_id = one.hires("10001")
    stands_between(one, Lagging)
    done = one.brings(
        "attendance",
        csv(
            ("工号", "Rencai 员工 ID", "周", "工时"),
            ("10001", "", "2026-W07", 40),
            ("", employee_id, "2026-W07", 41),
        ),
    )
    assert done.counts == Counts(created=1, rejected=1)
    assert hours(one) == [40]


def test_who_is_refused_at_the_last_moment_leaves_nothing_to_undo(one: Office) -> None:
    """A number is given to somebody else between reading and writing: then the rest of the row is not written either,
    and the undo does not look for it.
    """
    for employee_id in ("emp_01FIRST", "emp_01OTHER"):
        given(one, f"9{employee_id[-1:]}", employee_id)
    made: Import = one.asks("people")
    one.puts(made, csv(("工号", "Rencai 员工 ID", "部门"), ("10086", "emp_01FIRST", "运营部")))
    one.queue.popleft()()
    other = csv(("工号", "Rencai 员工 ID"), ("10086", "emp_01OTHER"))
    stands_between(one, lambda target: Racing(target, lambda: one.brings("people", other)))
    done = one.works(made.import_id)
    assert done.counts == Counts(rejected=1)
    assert one.import_objects.undo_log(done.import_id, 1) == []
    assert one.undoes(done.import_id).status is UNDONE


# --- twice at once


def dies() -> None:
    raise Crash("it dies")


class Overtaken(Between):
    """Right before the first object is put, somebody else comes to the end."""

    def __init__(self, target: Any, act: Callable[[], object]) -> None:
        super().__init__(target)
        self._acts = [act]

    def put_object(self, **asked: Any) -> Any:
        if self._acts:
            self._acts.pop()()
        return self._target.put_object(**asked)


@pytest.mark.parametrize("tried", [False, True], ids=["first", "again"])
def test_of_two_that_do_a_part_at_once_the_later_log_is_of_who_saw_the_earlier(
    one: Office, tried: bool
) -> None:
    """The week is corrected, and the part done by another, while one that has read the week before is about to keep
    what it read.
    """
    one.hires("10001")
    corrected(one, "2026-W07", 37)
    made = one.asks("attendance")
    one.puts(made, weeks(("10001", "2026-W07", 40)))
    one.queue.popleft()()
    part = one.queue[0]
    if tried:
        # It dies of its first write: its log is there.
        stands_between(one, lambda target: Racing(target, dies))
        with pytest.raises(Crash):
            part()
        corrected(one, "2026-W07", 36)

    def meanwhile() -> None:
        corrected(one, "2026-W07", 38)
        part()

    one.bucket._client = cast("Any", Overtaken(one.bucket._client, meanwhile))
    done = one.works(made.import_id)
    assert done.counts == Counts(updated=1)
    assert hours(one) == [40]
    assert one.undoes(done.import_id).status is UNDONE
    assert hours(one) == [38]
