"""Files of other systems from the bucket to the table and back (F1), on moto's bucket, table and key."""

import csv as reader
import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from rencai.employees.rules.signals import AttendanceWeek, Groups, Survey, SurveyAnswers
from rencai.kernel.errors import Conflict
from rencai.kernel.events import EventName
from rencai.migration import report, split
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.row_reader import RowReader
from rencai.migration.rules.sheet.source import SourceRow
from rencai.migration.store.imports import Counts, Import, ImportStatus
from tests.keyed import IDS
from tests.logs import logged
from tests.migration.import_office import Office, csv, office, xlsx
from tests.racing import Racing

PEOPLE = ("工号", "姓名", "岗位", "工作地点", "部门", "入职日期")
ZHANG = ("10001", "张三", "sales", "深圳", "亚马逊运营部", "2025-03-03")
LI = ("10002", "李四", "sales", "深圳", "亚马逊运营部", "2025-06-02")
ATTENDANCE = ("工号", "周", "工时", "加班")
FINISHED, UNDONE, REFUSED = ImportStatus.FINISHED, ImportStatus.UNDONE, ImportStatus.UNDO_REFUSED


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as fresh:
        yield fresh


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "PART_ROWS", 2)


def weeks(*rows: tuple[Any, ...]) -> bytes:
    return csv(("工号", "周", "工时"), *rows)


def rules(one: Office, done: Import) -> list[tuple[int, str, str]]:
    return [(error["row"], error["column"], error["rule"]) for error in one.report(done.import_id)]


def test_f1_people_and_their_attendance_come_from_files(one: Office) -> None:
    people = one.brings("people", csv(PEOPLE, ZHANG, LI))
    assert (people.status, people.counts) == (FINISHED, Counts(created=2))
    zhang = one.employees.get(IDS.employee_of_number("10001"))
    assert zhang is not None
    assert (zhang.name, zhang.department, zhang.employee_no) == ("张三", "亚马逊运营部", "10001")

    told = csv(
        ATTENDANCE,
        ("10001", "2026-W08", 55, 15),
        ("10002", "2026-W08", 40, ""),
        ("10009", "2026-W08", 40, ""),
    )
    done = one.brings("attendance", told)
    assert (done.status, done.counts) == (FINISHED, Counts(created=2, rejected=1, unmatched=1))
    assert one.signals.attendance(zhang.employee_id, 9) == [
        AttendanceWeek("2026-W08", Decimal(55), Decimal(15))
    ]
    (error,) = one.report(done.import_id)
    assert (error["row"], error["column"], error["value"], error["rule"]) == (
        4,
        "工号",
        "10009",
        "employee_unmatched",
    )
    assert one.import_objects.summary(done.import_id).unmatched == ("10009",)


def test_f1_a_spreadsheet_and_a_file_in_gb18030_say_the_same_as_utf8(one: Office) -> None:
    assert one.brings("people", xlsx(PEOPLE, ZHANG, LI), filename="people.xlsx").counts == Counts(created=2)
    rows = (PEOPLE, ZHANG, LI)
    assert one.brings("people", csv(*rows, encoding="gb18030")).counts == Counts(unchanged=2)
    assert one.brings("people", csv(*rows)).counts == Counts(unchanged=2)


KINDS: dict[str, bytes] = {
    "people": csv(PEOPLE, ZHANG, LI),
    "recruiting": csv(("工号", "面试日期", "能力项", "得分"), ("10001", "2025-02-20", "沟通能力", "8")),
    "training": csv(("工号", "课程", "完成率", "考试成绩"), ("10001", "亚马逊选品技巧", "90%", "85")),
    "performance": csv(
        ("工号", "月份", "绩效得分", "满分", "销售额", "销售目标"),
        ("10001", "2026-02", "9", "10", "12000", "12000"),
    ),
    "attendance": weeks(("10001", "2026-W08", 55)),
    "leave": csv(
        ("工号", "请假单号", "假期类型", "开始日期", "结束日期", "天数"),
        ("10001", "QJ-1", "病假", "2026-02-26", "2026-02-27", "1.5"),
    ),
    "surveys": csv(("工号", "月份", "满意度", "意见"), ("10001", "2026-02", "2", "压力很大")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_f1_every_kind_is_written_once_and_taken_back(one: Office, kind: str) -> None:
    if kind != "people":
        one.hires("10001")
    before = one.image()
    rows = 2 if kind == "people" else 1
    dry = one.brings(kind, KINDS[kind], dry_run=True)
    assert (dry.status, dry.counts) == (FINISHED, Counts(created=rows))
    assert one.image() == before

    done = one.brings(kind, KINDS[kind])
    assert (done.status, done.counts) == (FINISHED, Counts(created=rows))
    written = one.image()
    assert len(written) == len(before) + rows

    again = one.brings(kind, KINDS[kind])
    assert (again.status, again.counts) == (FINISHED, Counts(unchanged=rows))
    assert one.image() == written

    undone = one.undoes(done.import_id)
    assert (undone.status, undone.undo.restored) == (UNDONE, rows)
    assert one.image() == before


def test_f7_a_file_does_not_replace_what_people_answered_by_their_link_nor_say_whether_it_is_the_same(
    one: Office,
) -> None:
    one.hires("10002")
    answered = one.hires("10001")
    answers = SurveyAnswers(
        Survey("2026-02", (("comment", None), ("satisfaction", 2))), {"comment": "压力很大"}
    )
    one.signals.answer_survey(answered, answers, Groups("运营", "上海", "sales"), one.now)
    one.signals.record_survey(one.hires("10003"), answers, "another of HR", one.now)
    head = ("工号", "月份", "满意度", "意见")
    same = [(number, "2026-02", "2", "压力很大") for number in ("10001", "10002", "10003")]
    before = one.image()
    dry = one.brings("surveys", csv(head, *same), dry_run=True)
    assert one.image() == before
    done = one.brings("surveys", csv(head, *same))
    for came in (dry, done):
        # Who answered is told nothing over; what another told counts as changed, though it says the same.
        assert came.counts == Counts(created=1, updated=1, rejected=1)
        assert rules(one, came) == [(2, "月份", "survey_answered")]
    assert one.signals.surveys(answered, 1)[0].told_by is None
    assert one.undoes(done.import_id).undo.restored == 2
    assert one.image() == before


def test_f1_a_dry_run_says_what_the_real_run_then_does(one: Office, small_parts: None) -> None:
    one.hires("10001")
    one.signals.record_attendance(
        IDS.employee_of_number("10001"), AttendanceWeek("2026-W07", Decimal(40), None), "hr", one.now
    )
    content = weeks(
        ("10001", "2026-W07", 40),
        ("10001", "2026-W08", 44),
        ("10001", "2026-W09", 400),
        ("10001", "2026-W08", 44),
        ("10001", "2026-W08", 45),
        ("10009", "2026-W08", 45),
    )
    before = one.image()
    dry = one.brings("attendance", content, dry_run=True)
    assert one.image() == before
    assert not [event for event in one.told() if event.name is EventName.IMPORT_PART_DONE]
    real = one.brings("attendance", content)
    assert real.counts == dry.counts == Counts(created=1, unchanged=2, rejected=3, unmatched=1)
    assert rules(one, real) == rules(one, dry)
    assert real.rows == 6
    assert [row for row, _, _ in rules(one, real)] == [4, 6, 7]


def test_f1_the_error_file_is_corrected_and_uploaded_as_it_is(one: Office) -> None:
    one.hires("10001")
    done = one.brings(
        "attendance",
        weeks(("10001", "2026-W08", "55"), ("10001", "2026-W99", "四十"), ("10001", "2026-W09", "半天")),
    )
    assert done.counts == Counts(created=1, rejected=2)
    text = one.bucket.get(f"imports/{done.import_id}/errors.csv").decode("utf-8-sig")
    header, *bad = list(reader.reader(io.StringIO(text)))
    assert header[:3] == ["工号", "周", "工时"]
    assert [row[:3] for row in bad] == [["10001", "2026-W99", "四十"], ["10001", "2026-W09", "半天"]]
    assert all(row[3] for row in bad)
    book = openpyxl.load_workbook(io.BytesIO(one.bucket.get(f"imports/{done.import_id}/errors.xlsx")))
    assert book.active is not None
    assert [[cell.value for cell in row] for row in book.active.iter_rows()] == [header, *bad]
    bad[0][1:3] = ["2026-W06", "40"]
    corrected = io.StringIO()
    reader.writer(corrected).writerows([header, *bad])
    again = one.brings("attendance", corrected.getvalue().encode("utf-8-sig"))
    assert again.counts == Counts(created=1, rejected=1)
    assert [row for row, _, _ in rules(one, again)] == [3]
    book.active["B2"], book.active["C2"] = "2026-W05", "40"
    saved = io.BytesIO()
    book.save(saved)
    once_more = one.brings("attendance", saved.getvalue())
    assert once_more.counts == Counts(created=1, rejected=1)


def test_errors_are_in_the_language_of_who_asked(one: Office) -> None:
    one.hires("10001")
    content = weeks(("10009", "2026-W08", 40))
    (chinese,) = one.report(one.brings("attendance", content).import_id)
    (english,) = one.report(one.brings("attendance", content, language="en").import_id)
    assert "没有找到员工" in chinese["message"]
    assert "There is no employee" in english["message"]
    assert chinese["rule"] == english["rule"]


# --- the same thing twice in a file


def test_a_row_that_repeats_one_of_another_part_is_refused_and_names_it(
    one: Office, small_parts: None
) -> None:
    one.hires("10001")
    done = one.brings(
        "attendance",
        weeks(
            ("10001", "2026-W07", 40),
            ("10001", "2026-W08", 40),
            ("10001", "2026-W07", "41"),
            ("10001", "2026-W08", "40.0"),
        ),
    )
    assert (done.parts_total, done.counts) == (2, Counts(created=2, unchanged=1, rejected=1))
    (error,) = one.report(done.import_id)
    assert (error["row"], error["rule"]) == (4, "row_repeated")
    assert "第 2 行" in error["message"]


@pytest.mark.parametrize("apart", [False, True])
def test_one_person_by_number_and_by_id_is_still_one(one: Office, apart: bool, small_parts: None) -> None:
    employee_id = one.hires("10001")
    between = [("10001", "", "2026-W05", 40), ("10001", "", "2026-W06", 40)] if apart else []
    done = one.brings(
        "attendance",
        csv(
            ("工号", "Rencai 员工 ID", "周", "工时"),
            ("10001", "", "2026-W07", 40),
            *between,
            ("", employee_id, "2026-W07", 41),
        ),
    )
    assert done.counts == Counts(created=1 + len(between), rejected=1)
    (error,) = one.report(done.import_id)
    assert (error["row"], error["rule"]) == (3 + len(between), "row_repeated")


# --- whose number it is


def hired(one: Office, employee_id: str = "emp_01HIRED") -> None:
    known = one.employees.get(one.hires("19999"))
    assert known is not None
    one.employees.hire(replace(known, employee_id=employee_id, candidate_id="cand_01HIRED", employee_no=None))


WITH_ID = ("工号", "Rencai 员工 ID", "部门")


def test_who_was_hired_through_rencai_gets_the_number_hr_uses(one: Office) -> None:
    hired(one)
    before = one.image()
    done = one.brings("people", csv(WITH_ID, ("10086", "emp_01HIRED", "亚马逊运营部")))
    assert done.counts == Counts(updated=1)
    assert one.employees.of_numbers(["10086"]) == {"10086": "emp_01HIRED"}
    known = one.employees.get("emp_01HIRED")
    assert known is not None
    assert (known.employee_no, known.department) == ("10086", "亚马逊运营部")
    assert one.brings("attendance", weeks(("10086", "2026-W08", 40))).counts == Counts(created=1)
    assert len(one.signals.attendance("emp_01HIRED", 9)) == 1

    # The attendance is a change of its own, and stays: they were on record before.
    assert one.undoes(done.import_id).status is UNDONE
    after = {key: item for key, item in one.image().items() if not key[1].startswith("ATTENDANCE#")}
    assert after == before


def test_a_number_of_somebody_else_is_refused(one: Office) -> None:
    hired(one)
    one.hires("10001")
    before = one.image()
    done = one.brings(
        "people",
        csv(WITH_ID, ("10001", "emp_01HIRED", "x"), ("10002", "emp_01NOBODY", "x")),
    )
    assert done.counts == Counts(rejected=2, unmatched=1)
    assert [(row, rule) for row, _, rule in rules(one, done)] == [
        (2, "employee_no_taken"),
        (3, "employee_unmatched"),
    ]
    assert one.image() == before


# --- what breaks


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "file_empty"),
        (b"\xff\xfe\x00\x00", "file_utf16"),
        (b"PK\x03\x04 no spreadsheet", "file_not_readable"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_writes_nothing(
    one: Office, content: bytes, rule: str
) -> None:
    before = one.image()
    done = one.brings("people", content)
    assert done.status is ImportStatus.FAILED
    assert done.failure is not None
    assert done.failure[0] in (rule, "file_no_header")
    assert one.image() == before


def test_a_file_that_breaks_off_in_the_middle_has_written_nothing(one: Office, small_parts: None) -> None:
    one.hires("10001")
    before = one.image()
    good = weeks(*(("10001", f"2025-W{week:02}", 40) for week in range(1, 9)))
    done = one.brings("attendance", b"\xef\xbb\xbf" + good + b"\r\n10001,2026-W01,\xff\xff\xff")
    assert done.status is ImportStatus.FAILED
    assert one.image() == before


def test_a_file_without_rows_is_finished_with_none(one: Office) -> None:
    done = one.brings("people", csv(PEOPLE))
    assert (done.status, done.rows, done.counts) == (FINISHED, 0, Counts())
    assert one.undoes(done.import_id).status is UNDONE


def test_a_second_file_put_to_the_same_url_is_not_read(one: Office) -> None:
    made = one.asks("people")
    one.puts(made, csv(PEOPLE, ZHANG))
    one.puts(made, csv(PEOPLE, LI))
    done = one.works(made.import_id)
    assert done.counts == Counts(created=1)
    assert one.employees.get(IDS.employee_of_number("10002")) is None


def test_everything_delivered_again_changes_nothing(one: Office, small_parts: None) -> None:
    one.hires("10001")
    done = one.brings("attendance", weeks(*(("10001", f"2026-W0{week}", 40) for week in range(1, 6))))
    image, told = one.image(), one.told()
    one.splits(done.import_id, done.version_id)
    for part in (1, 2, 3):
        one._part(done.import_id, part)
    assert one.works(done.import_id) == done
    assert (one.image(), one.told()) == (image, told)


def test_our_own_mistake_rejects_a_row_and_stops_no_other(
    one: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.hires("10001")

    read = RowReader.read

    def failing(reader: RowReader, row: SourceRow) -> Any:
        if row.number == 3:
            raise LookupError("a bug")
        return read(reader, row)

    monkeypatch.setattr(RowReader, "read", failing)
    with logged() as log:
        done = one.brings("attendance", weeks(("10001", "2026-W07", 40), ("10001", "2026-W08", 40)))
    assert done.counts == Counts(created=1, rejected=1)
    assert "10001" not in log.text
    assert [rule for _, _, rule in rules(one, done)] == ["internal"]


def test_what_a_new_person_needs_is_asked_for_in_the_column_or_without_one(one: Office) -> None:
    one.hires("10001")
    told = csv(("工号", "姓名", "部门"), ("10001", "", "运营部"), ("10002", "张三", "运营部"))
    done = one.brings("people", told)
    assert done.counts == Counts(rejected=2)
    assert [(error["row"], error["rule"], error["field"]) for error in one.report(done.import_id)] == [
        (2, "cell_required", "name"),
        (3, "cell_required", "role"),
    ]


# --- events


def test_changed_parts_are_told_and_months_one_by_one(one: Office, small_parts: None) -> None:
    one.hires("10001")
    months = csv(
        ("工号", "月份", "绩效得分", "满分"),
        *(("10001", f"2025-{month:02}", 8, 10) for month in range(1, 4)),
    )
    done = one.brings("performance", months)
    one.brings("performance", months)
    one.undoes(done.import_id)
    told = [(event.name, tuple(event.data.values())) for event in one.told()]
    assert [data for name, data in told if name is EventName.IMPORT_PART_DONE] == [
        (1, False),
        (2, False),
        (1, True),
        (2, True),
    ]
    assert [data for name, data in told if name is EventName.PERFORMANCE_RECORDED] == [
        ("2025-01",),
        ("2025-02",),
        ("2025-03",),
    ]
    assert [data for name, data in told if name is EventName.IMPORT_FINISHED] == [(3, 0, 0), (0, 0, 3)]
    assert [data for name, data in told if name is EventName.IMPORT_UNDO_ASKED] == [("performance",)]
    assert [data for name, data in told if name is EventName.IMPORT_UNDONE] == [("performance",)]
    assert one.import_objects.result(done.import_id, 1).employees == (IDS.employee_of_number("10001"),)


# --- undo


def corrected(one: Office, week: str, hours: int) -> None:
    told = AttendanceWeek(week, Decimal(hours), None)
    one.signals.record_attendance(IDS.employee_of_number("10001"), told, "hr", one.now)


def test_f1_undo_refuses_where_a_later_change_would_be_lost(one: Office, small_parts: None) -> None:
    one.hires("10001")
    done = one.brings("attendance", weeks(*(("10001", f"2026-W0{week}", 40) for week in range(1, 6))))
    corrected(one, "2026-W04", 44)
    image = one.image()
    refused = one.undoes(done.import_id)
    assert (refused.status, refused.undo.refused) == (REFUSED, 1)
    assert one.import_objects.lost_rows(done.import_id, "refused", refused.undo.refused_parts, 100) == [5]
    assert one.image() == image


def test_f1_undo_refuses_to_leave_a_persons_records_without_the_person(one: Office) -> None:
    people = one.brings("people", csv(PEOPLE, ZHANG, LI))
    attendance = one.brings("attendance", weeks(("10002", "2026-W08", 40)))
    refused = one.undoes(people.import_id)
    assert (refused.status, refused.undo.refused) == (REFUSED, 1)
    assert one.import_objects.lost_rows(people.import_id, "refused", refused.undo.refused_parts, 100) == [3]
    # What stands against it is taken back, and then it can be.
    assert one.undoes(attendance.import_id).status is UNDONE
    undone = one.undoes(people.import_id)
    assert (undone.status, undone.undo.number, undone.undo.restored) == (UNDONE, 2, 2)
    assert one.image() == {}


def test_f1_undo_refuses_to_leave_answers_without_the_person(one: Office) -> None:
    """They have a partition of their own."""
    people = one.brings("people", csv(PEOPLE, ZHANG, LI))
    answers = SurveyAnswers(Survey("2026-02", (("stress", 3),)), {})
    one.signals.answer_survey(IDS.employee_of_number("10002"), answers, Groups(None, None, None), one.now)
    assert one.undoes(people.import_id).status is REFUSED


def test_f1_two_imports_of_the_same_rows_are_undone_the_later_one_first(one: Office) -> None:
    one.hires("10001")
    before = one.image()
    first = one.brings("attendance", weeks(("10001", "2026-W08", 40)))
    second = one.brings("attendance", weeks(("10001", "2026-W08", 50)))
    assert second.counts == Counts(updated=1)
    assert one.undoes(first.import_id).status is REFUSED
    assert one.undoes(second.import_id).status is UNDONE
    assert one.signals.attendance(IDS.employee_of_number("10001"), 1)[0].hours == 40
    assert one.undoes(first.import_id).status is UNDONE
    assert one.image() == before


def test_a_change_while_the_undo_runs_is_kept_and_named(one: Office) -> None:
    one.hires("10001")
    done = one.brings("attendance", weeks(("10001", "2026-W07", 40), ("10001", "2026-W08", 40)))
    one.imports.undo_asked(done, "hr", one.now)
    one._begin_undo(done.import_id)
    one.queue.popleft()()  # looked at; the restoring is on the queue
    corrected(one, "2026-W08", 44)
    undone = one.works(done.import_id)
    assert (undone.status, undone.undo.restored, undone.undo.kept) == (UNDONE, 1, 1)
    assert one.import_objects.lost_rows(done.import_id, "kept", undone.undo.kept_parts, 100) == [3]
    assert [week.hours for week in one.signals.attendance(IDS.employee_of_number("10001"), 9)] == [44]


def test_an_undo_delivered_again_changes_nothing(one: Office, small_parts: None) -> None:
    one.hires("10001")
    done = one.brings("attendance", weeks(*(("10001", f"2026-W0{week}", 40) for week in range(1, 6))))
    undone = one.undoes(done.import_id)
    again = one.brings("attendance", weeks(("10001", "2026-W01", 40)))
    image = one.image()
    one._begin_undo(done.import_id)
    for part in (1, 2, 3):
        one._undo_part(done.import_id, "check", part)
        one._undo_part(done.import_id, "restore", part)
    assert one.works(done.import_id) == undone
    assert (one.image(), again.counts) == (image, Counts(created=1))


def test_only_what_is_finished_is_undone(one: Office) -> None:
    made = one.asks("people")
    with pytest.raises(Conflict) as refused:
        one.imports.undo_asked(made, "hr", one.now)
    assert (refused.value.code, refused.value.params) == (
        MigrationRefusal.IMPORT_NOT_FINISHED,
        {"status": "waiting"},
    )


# --- others who write meanwhile


def test_a_correction_between_reading_and_writing_is_decided_again(one: Office) -> None:
    one.hires("10001")
    made = one.asks("attendance")
    one.puts(made, weeks(("10001", "2026-W07", 40)))
    one.queue.popleft()()

    def corrects() -> None:
        corrected(one, "2026-W07", 38)

    behind = Racing(one.table._client, corrects)
    one.importing.batches._table._client = behind  # type: ignore[assignment]
    try:
        done = one.works(made.import_id)
    finally:
        one.table._client = behind._target
    assert done.counts == Counts(updated=1)
    assert [week.hours for week in one.signals.attendance(IDS.employee_of_number("10001"), 9)] == [40]
    assert one.undoes(done.import_id).status is UNDONE
    assert [week.hours for week in one.signals.attendance(IDS.employee_of_number("10001"), 9)] == [38]


def test_a_report_ends_where_it_would_not_fit_the_disk_and_the_error_file_has_every_row(
    one: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MAX_REPORT_BYTES", 500)
    one.hires("10001")
    done = one.brings("attendance", weeks(*(("10001", "2026-W99", "x") for _ in range(1200))))
    assert done.counts.rejected == 1200
    lines = one.report(done.import_id)
    assert (len(lines), lines[-1]["rule"], lines[-1]["row"]) == (1001, "import_report_cut", 0)
    text = one.bucket.get(f"imports/{done.import_id}/errors.csv").decode("utf-8-sig")
    assert len(list(reader.reader(io.StringIO(text)))) == 1201


def test_a_part_ends_with_the_row_that_makes_it_long(one: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "PART_CHARACTERS", 30)
    one.hires("10001")
    done = one.brings("attendance", weeks(*(("10001", f"2026-W0{week}", "40") for week in range(1, 6))))
    assert (done.parts_total, done.rows, done.counts) == (3, 5, Counts(created=5))
