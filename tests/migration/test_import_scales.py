"""Points of other systems (F1): on which scale they are, and which end of it is the best."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rencai.kernel.errors import Conflict, DomainError
from rencai.migration.rules.import_mapping import IMPORT_MAPPING
from rencai.migration.rules.refusals import MigrationRefusal
from rencai.migration.rules.scales import PointScale
from rencai.migration.store.imports import Counts, Import, ImportStatus
from tests.keyed import IDS
from tests.migration.import_office import Office, csv, office

NUMBER = "10001"
WHO = IDS.employee_of_number(NUMBER)
Ends = dict[str, tuple[Decimal, Decimal]]


@pytest.fixture
def one() -> Iterator[Office]:
    with office() as fresh:
        for number in (NUMBER, "10002", "10003"):
            fresh.hires(number)
        yield fresh


def ends(worst: float, best: float, field: str = "score:stress") -> Ends:
    return {field: (Decimal(str(worst)), Decimal(str(best)))}


def survey(header: str, *points: object) -> bytes:
    numbers = (NUMBER, "10002", "10003")
    return csv(
        ("工号", "月份", header),
        *((number, "2026-02", one) for number, one in zip(numbers, points, strict=False)),
    )


def scores(one: Office) -> list[int | None]:
    found = []
    for number in (NUMBER, "10002", "10003"):
        answers = one.signals.latest_survey(IDS.employee_of_number(number), with_texts=False)
        found += [score for _, score in answers.survey.scores] if answers else []
    return found


def confirms(one: Office, known: Import, scales: Ends, **more: Any) -> Import:
    columns = more.pop("columns", {})
    one.wired.migration.desk.confirm(known.import_id, columns, "hr", one.now, scales=scales, **more)
    one.splits(known.import_id)
    return one.works(known.import_id)


# --- a survey's questions


@pytest.mark.parametrize("header", ["压力", "Stress", "工作量", "stress level"])
def test_whether_much_stress_is_good_is_asked_and_nothing_is_written_before(one: Office, header: str) -> None:
    waits = one.brings("surveys", survey(header, 5, 4, 1))
    assert waits.status is ImportStatus.CONFIRMING
    assert scores(one) == []
    (asked,) = waits.scales_asked
    assert (asked.header, asked.lowest, asked.highest) == (header, "1", "5")
    with pytest.raises(DomainError) as refused:
        one.wired.migration.desk.confirm(waits.import_id, {}, "hr", one.now)
    assert refused.value.code is MigrationRefusal.SCALE_UNKNOWN
    for text in (refused.value.text("zh-CN"), refused.value.text("en")):
        assert header in text
        assert asked.field in text
        assert "worst" in text
    done = confirms(one, waits, ends(5, 1, asked.field))
    assert (done.status, done.counts) == (ImportStatus.FINISHED, Counts(created=3))
    assert scores(one) == [1, 2, 5], "much stress is the worst"


def test_the_other_way_about_the_points_are_as_they_are(one: Office) -> None:
    done = confirms(one, one.brings("surveys", survey("压力", 5, 4, 1)), ends(1, 5))
    assert (done.counts, scores(one)) == (Counts(created=3), [5, 4, 1])


def test_a_column_that_nobody_can_say_of_may_be_left_out(one: Office) -> None:
    content = csv(("工号", "月份", "满意度", "压力"), (NUMBER, "2026-02", 4, 5))
    done = confirms(one, one.brings("surveys", content), {}, columns={"压力": None})
    assert (done.counts, scores(one)) == (Counts(created=1), [4])


@pytest.mark.parametrize("header", ["满意度", "团队支持", "留任意愿"])
def test_what_is_good_whoever_asks_needs_nobody(one: Office, header: str) -> None:
    assert one.brings("surveys", survey(header, 5, 4, 1)).status is ImportStatus.FINISHED
    assert scores(one) == [5, 4, 1]


@pytest.mark.parametrize(
    ("points", "said", "expected"),
    [
        ((9, 3, 10), (1, 10), [5, 2, 5]),
        ((0, 2, 4), (0, 4), [1, 3, 5]),
        ((70, 20, 100), (0, 100), [4, 2, 5]),
        ((4.5, 3, 1), (1, 5), [5, 3, 1]),
        ((2, 6, 1), (6, 1), [4, 1, 5]),
    ],
)
def test_points_that_are_not_of_five_are_asked_about_whole_so_that_none_is_read_as_one_of_five(
    one: Office, points: tuple[float, ...], said: tuple[float, float], expected: list[int]
) -> None:
    """3 of 10 is not 3 of 5, though it could be read so."""
    waits = one.brings("surveys", survey("满意度", *points))
    assert waits.status is ImportStatus.CONFIRMING
    assert scores(one) == []
    done = confirms(one, waits, ends(*said, "score:satisfaction"))
    assert (done.counts, scores(one)) == (Counts(created=3), expected)


def test_many_answers_without_one_five_may_be_of_four_points(one: Office) -> None:
    def rows(best: int) -> bytes:
        told = [
            (number, f"2025-{month:02}", 1 + (month + place) % best)
            for month in range(1, 9)
            for place, number in enumerate((NUMBER, "10002", "10003"))
        ]
        return csv(("工号", "月份", "满意度"), *told)

    waits = one.brings("surveys", rows(4))
    (asked,) = waits.scales_asked
    assert (asked.lowest, asked.highest) == ("1", "4")
    assert confirms(one, waits, ends(1, 4, "score:satisfaction")).counts == Counts(created=24)
    assert one.brings("surveys", rows(5)).status is ImportStatus.FINISHED


def test_points_off_the_scale_that_was_said_are_refused(one: Office) -> None:
    waits = one.brings("surveys", survey("压力", 5, 7, 1))
    done = confirms(one, waits, ends(5, 1))
    assert done.counts == Counts(created=2, rejected=1)
    (line,) = one.report(done.import_id)
    assert (line["row"], line["field"], line["rule"]) == (3, "score:stress", "cell_not_on_scale")
    assert "1 到 5" in line["message"]


def test_what_was_remembered_of_a_source_is_not_asked_again(one: Office) -> None:
    one.configurations.put(IMPORT_MAPPING, "wenjuan", {"currency": "USD"}, actor="hr", now=one.now)
    waits = one.brings("surveys", survey("压力", 5, 4, 1), source="wenjuan")
    confirms(one, waits, ends(5, 1), memorable=True)
    again = one.brings("surveys", survey("压力", 5, 4, 1), source="wenjuan")
    assert (again.status, again.counts) == (ImportStatus.FINISHED, Counts(unchanged=3))
    kept = one.configurations.latest(IMPORT_MAPPING, "wenjuan").document
    assert kept.model_dump(mode="json", exclude_defaults=True)["scales"] == {
        "surveys": {"score:stress": {"worst": "5", "best": "1"}}
    }
    # Another source is another matter.
    assert one.brings("surveys", survey("压力", 5, 4, 1)).status is ImportStatus.CONFIRMING


def test_a_mapping_of_hrs_own_says_it_beforehand(one: Office) -> None:
    document = {"scales": {"surveys": {"score:stress": {"worst": 5, "best": 1}}}}
    one.configurations.put(IMPORT_MAPPING, "default", document, actor="hr", now=one.now)
    one.now = one.now.replace(hour=3)
    assert one.brings("surveys", survey("压力", 5, 4, 1)).counts == Counts(created=3)
    assert scores(one) == [1, 2, 5]


@pytest.mark.parametrize(
    ("scales", "code"),
    [
        (ends(3, 3), MigrationRefusal.SCALE_WITHOUT_ENDS),
        (ends(5, 1, "score:mood"), MigrationRefusal.SCALE_FIELD_UNKNOWN),
        (ends(5, 1, "month"), MigrationRefusal.SCALE_FIELD_UNKNOWN),
    ],
)
def test_a_scale_that_is_none_is_refused(one: Office, scales: Ends, code: MigrationRefusal) -> None:
    waits = one.brings("surveys", survey("压力", 5, 4, 1))
    with pytest.raises(DomainError) as refused:
        one.wired.migration.desk.confirm(waits.import_id, {}, "hr", one.now, scales=scales)
    assert refused.value.code is code
    assert not isinstance(refused.value, Conflict)


def test_a_column_that_becomes_a_question_is_asked_about_too(one: Office) -> None:
    """First which column it is, then which end is best: an import waits as often as there is something to say."""
    waits = one.brings("surveys", survey("情绪负荷指数", 5, 4, 1))
    assert waits.status is ImportStatus.CONFIRMING
    again = confirms(one, waits, {}, columns={"情绪负荷指数": "score:stress"})
    assert (again.status, [asked.field for asked in again.scales_asked]) == (
        ImportStatus.CONFIRMING,
        ["score:stress"],
    )
    assert confirms(one, again, ends(5, 1)).counts == Counts(created=3)


# --- a month's score, a finding's, an exam's


def month(*points: object, header: str = "绩效得分") -> bytes:
    return survey(header, *points)


def months(one: Office) -> list[tuple[Decimal | None, Decimal]]:
    found = []
    for number in (NUMBER, "10002", "10003"):
        found += [(told.score, told.out_of) for told in one.performances.of(IDS.employee_of_number(number))]
    return found


def test_a_score_that_may_be_of_five_or_of_a_hundred_is_asked_about(one: Office) -> None:
    waits = one.brings("performance", month(4.5, 3, 5))
    assert (waits.status, months(one)) == (ImportStatus.CONFIRMING, [])
    done = confirms(one, waits, ends(0, 5, "score"))
    assert done.counts == Counts(created=3)
    assert months(one) == [(Decimal("4.5"), Decimal(5)), (Decimal(3), Decimal(5)), (Decimal(5), Decimal(5))]


def test_a_grade_of_which_one_is_the_best_is_read_so(one: Office) -> None:
    waits = one.brings("performance", month(1, 5, 3))
    confirms(one, waits, ends(5, 1, "score"))
    assert [score for score, _ in months(one)] == [100, 0, 50]


def test_a_score_of_a_hundred_needs_nobody(one: Office) -> None:
    assert one.brings("performance", month(85, 92, 7)).counts == Counts(created=3)
    assert {out_of for _, out_of in months(one)} == {Decimal(100)}


def test_a_score_over_a_hundred_is_asked_about_and_not_refused_row_by_row(one: Office) -> None:
    waits = one.brings("performance", month(110, 92, 120))
    assert waits.status is ImportStatus.CONFIRMING
    assert confirms(one, waits, ends(0, 150, "score")).counts == Counts(created=3)


def test_a_row_that_leaves_out_of_how_many_empty_is_asked_about_as_if_there_were_no_column(
    one: Office,
) -> None:
    content = csv(
        ("工号", "月份", "绩效得分", "满分"), (NUMBER, "2026-02", 8, 10), ("10002", "2026-02", 7, "")
    )
    waits = one.brings("performance", content)
    (asked,) = waits.scales_asked
    assert (asked.lowest, asked.highest) == ("7", "7")
    assert confirms(one, waits, ends(0, 20, "score")).counts == Counts(created=2)
    assert months(one) == [(Decimal(8), Decimal(10)), (Decimal(7), Decimal(20))]


def test_a_finding_and_an_exam_are_asked_about_too(one: Office) -> None:
    finding = csv(("工号", "面试日期", "能力项", "得分"), (NUMBER, "2019-12-01", "沟通", 4))
    waits = one.brings("recruiting", finding)
    assert waits.status is ImportStatus.CONFIRMING
    confirms(one, waits, ends(0, 5, "score"))
    (found,) = one.records.recruiting(WHO)
    assert [found.score, found.out_of] == [4, 5]
    exam = csv(("工号", "课程", "完成率", "考试成绩"), (NUMBER, "选品", "100%", 9))
    waits = one.brings("training", exam)
    assert waits.status is ImportStatus.CONFIRMING
    confirms(one, waits, ends(0, 10, "exam_score"))
    (course,) = one.records.learning(WHO)
    assert course.exam_score == 90


# --- the rule


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(-30, 30), st.integers(-30, 30))
def test_the_better_of_two_points_is_never_the_worse_score(
    worst: int, best: int, one: int, other: int
) -> None:
    if worst == best:
        return
    scale = PointScale(worst=Decimal(worst), best=Decimal(best))
    assert (scale.scored(Decimal(worst)), scale.scored(Decimal(best))) == (1, 5)
    near, far = sorted((one, other), key=lambda points: abs(points - best))
    scores = scale.scored(Decimal(near)), scale.scored(Decimal(far))
    if scores[0] is not None and scores[1] is not None:
        assert scores[0] >= scores[1]
    assert (scores[0] is None) == (not min(worst, best) <= near <= max(worst, best))
