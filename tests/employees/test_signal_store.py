"""Attendance, leave and surveys against moto's table and KMS (F2, F4, F7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.relay.relay import told_by
from rencai.employees.rules.refusals import EmployeeRefusal
from rencai.employees.rules.signals import (
    AttendanceWeek,
    Groups,
    Leave,
    LeaveKind,
    Survey,
    SurveyAnswers,
    SurveyOnRecord,
)
from rencai.employees.store.employees import Employees
from rencai.employees.store.signals import WorkSignals, attendance_key, leave_key, survey_key
from rencai.kernel.errors import Conflict, LostRace
from rencai.store.sealed import Vault
from rencai.store.table import Key, Table, from_events
from rencai.wiring.events import DATA_MODELS
from tests.aws import client, fresh_table, key_id
from tests.builders import EMPLOYEE, NOW
from tests.keyed import IDS
from tests.racing import Racing

TABLE = "rencai-test"
LATER = NOW + timedelta(days=1)
WORDS = "压力很大,周末也在加班"
WEEK = AttendanceWeek("2026-W09", Decimal("55.5"), Decimal(15))
SICK = Leave("QJ-1", LeaveKind.SICK, date(2026, 2, 26), date(2026, 2, 27), Decimal("1.5"))
SURVEY = SurveyAnswers(Survey("2026-03", (("load", 2), ("mood", None))), {"mood": WORDS})


class Kms:
    """KMS, counting what is asked of it."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self.sealed = 0
        self.opened = 0

    def encrypt(self, **arguments: Any) -> Any:
        self.sealed += 1
        return self._target.encrypt(**arguments)

    def decrypt(self, **arguments: Any) -> Any:
        self.opened += 1
        return self._target.decrypt(**arguments)


class Bench:
    """A tenant's table and key."""

    def __init__(self) -> None:
        self.dynamodb = client("dynamodb")
        self.kms = Kms(client("kms"))
        self.vault = Vault(self.kms, key_id(), "test")  # type: ignore[arg-type]  # stands in for the client
        self.signals = self.over(self.dynamodb)

    def over(self, client: Any) -> WorkSignals:
        return WorkSignals(Table(client, TABLE), self.vault)

    def items(self) -> list[Any]:
        found: list[Any] = self.dynamodb.scan(TableName=TABLE)["Items"]
        return found


@pytest.fixture
def bench() -> Iterator[Bench]:
    with fresh_table():
        yield Bench()


def records(signals: WorkSignals, signal: Any, actor: str = "hr:1", at: Any = NOW) -> bool:
    if isinstance(signal, AttendanceWeek):
        return signals.record_attendance(EMPLOYEE, signal, actor, at)
    if isinstance(signal, Leave):
        return signals.record_leave(EMPLOYEE, signal, actor, at)
    return signals.record_survey(EMPLOYEE, signal, actor, at)


ALL = pytest.mark.parametrize(
    ("signal", "other", "key", "event", "name", "data"),
    [
        (
            WEEK,
            replace(WEEK, overtime_hours=None),
            attendance_key(EMPLOYEE, "2026-W09"),
            "evt_01ABC_attendance_2026-W09",
            "attendance.recorded",
            {"week": "2026-W09"},
        ),
        (
            SICK,
            replace(SICK, cancelled=True),
            leave_key(EMPLOYEE, "QJ-1"),
            "evt_01ABC_leave_QJ-1",
            "leave.recorded",
            {"leave_id": "QJ-1"},
        ),
        (
            SURVEY,
            replace(SURVEY, texts={"mood": "好多了"}),
            survey_key(EMPLOYEE, "2026-03"),
            "evt_01ABC_survey_2026-03",
            "survey.answered",
            {"month": "2026-03"},
        ),
    ],
    ids=["attendance", "leave", "survey"],
)


@ALL
def test_each_correction_is_told_once_and_the_same_again_is_not(
    bench: Bench, signal: Any, other: Any, key: Key, event: str, name: str, data: dict[str, str]
) -> None:
    table = Table(bench.dynamodb, TABLE)
    for number, one in enumerate((signal, other, signal), start=1):
        assert records(bench.signals, one)
        item = table.get(key)
        assert item is not None
        (told,) = from_events(item["events"])
        assert (told.id, told.name, told.at, told.data, told.actor) == (
            f"{event}_{number}_0",
            name,
            NOW,
            data,
            "hr:1",
        )
        DATA_MODELS[told.name].model_validate(told.data)
        before = bench.items()
        assert records(bench.signals, one, at=LATER) is False
        assert bench.items() == before


@ALL
def test_an_event_is_the_employees(
    bench: Bench, signal: Any, other: Any, key: Key, event: str, name: str, data: dict[str, str]
) -> None:
    records(bench.signals, signal)
    (image,) = bench.items()
    ((subject, told),) = told_by({"dynamodb": {"NewImage": image}})
    assert (subject.kind, subject.id, told.name) == ("employee", EMPLOYEE, name)


@ALL
def test_a_lost_race_is_decided_again_on_what_the_winner_left(
    bench: Bench, signal: Any, other: Any, key: Key, event: str, name: str, data: dict[str, str]
) -> None:
    same = bench.over(Racing(bench.dynamodb, lambda: records(bench.signals, signal)))
    assert records(same, signal) is False
    corrected = bench.over(Racing(bench.dynamodb, lambda: records(bench.signals, other)))
    records(bench.signals, replace_later(signal))
    assert records(corrected, signal) is True
    assert records(bench.signals, signal) is False
    between = [lambda one=one: records(bench.signals, one) for one in (replace_later(signal), other)]
    twice = bench.over(Racing(bench.dynamodb, *between))
    records(bench.signals, other)
    with pytest.raises(LostRace):
        records(twice, signal)
    assert records(bench.signals, other) is False


def replace_later(signal: Any) -> Any:
    """Something else of the same."""
    match signal:
        case AttendanceWeek():
            return replace(signal, hours=Decimal(60))
        case Leave():
            return replace(signal, kind=LeaveKind.COMP)
        case _:
            return replace(signal, survey=replace(signal.survey, scores=(("load", 5),)), texts={})


def test_weeks_and_surveys_read_back_the_latest_oldest_first(bench: Bench) -> None:
    weeks = [AttendanceWeek(f"20{year}-W{week}", Decimal(40), None) for year, week in ((26, 10), (25, 52))]
    for week in (*weeks, WEEK):
        records(bench.signals, week)
    bench.signals.record_attendance("emp_02", WEEK, "hr:1", NOW)
    assert bench.signals.attendance(EMPLOYEE, 2) == [WEEK, weeks[0]]
    assert bench.signals.attendance(EMPLOYEE, 8) == [weeks[1], WEEK, weeks[0]]
    assert bench.signals.attendance("emp_03", 8) == []
    february = SurveyAnswers(Survey("2026-02", (("load", 5),)), {})
    for one in (SURVEY, february):
        records(bench.signals, one)
    told = [SurveyOnRecord(one.survey, "hr:1", None) for one in (february, SURVEY)]
    assert bench.signals.surveys(EMPLOYEE, 12) == told
    assert bench.signals.surveys(EMPLOYEE, 1) == told[1:]


GROUPS = Groups("运营", "上海", None)


def test_f7_what_is_answered_by_link_stays_whatever_hr_tells(bench: Bench) -> None:
    assert records(bench.signals, replace_later(SURVEY))
    assert bench.signals.answer_survey(EMPLOYEE, SURVEY, GROUPS, NOW)
    answered, before = [SurveyOnRecord(SURVEY.survey, None, GROUPS)], bench.items()
    # The same as well: it would say what they answered.
    for told in (SURVEY, replace_later(SURVEY)):
        with pytest.raises(Conflict) as caught:
            records(bench.signals, told)
        assert caught.value.code is EmployeeRefusal.SURVEY_ANSWERED
    assert (bench.signals.surveys(EMPLOYEE, 1), bench.items()) == (answered, before)
    # Moved since, they are where they were when they first answered.
    assert bench.signals.answer_survey(EMPLOYEE, SURVEY, Groups("法务", "上海", None), NOW) is False
    assert bench.signals.answer_survey(EMPLOYEE, replace_later(SURVEY), Groups("法务", None, None), NOW)
    assert [one.groups for one in bench.signals.surveys(EMPLOYEE, 1)] == [GROUPS]


def test_f7_hr_telling_at_the_moment_of_an_answer_does_not_replace_it(bench: Bench) -> None:
    def answers() -> None:
        bench.signals.answer_survey(EMPLOYEE, SURVEY, GROUPS, NOW)

    with pytest.raises(Conflict) as caught:
        records(bench.over(Racing(bench.dynamodb, answers)), replace_later(SURVEY))
    assert caught.value.code is EmployeeRefusal.SURVEY_ANSWERED
    assert bench.signals.surveys(EMPLOYEE, 1) == [SurveyOnRecord(SURVEY.survey, None, GROUPS)]


def test_f7_what_another_told_is_replaced_and_never_said_to_be_the_same(bench: Bench) -> None:
    assert records(bench.signals, SURVEY, "hr:1")
    assert records(bench.signals, SURVEY, "hr:2") is True
    assert records(bench.signals, SURVEY, "hr:2") is False
    assert [one.told_by for one in bench.signals.surveys(EMPLOYEE, 1)] == ["hr:2"]


def test_leaves_read_back_by_when_they_start_whatever_they_are_called(bench: Bench) -> None:
    earlier = replace(SICK, leave_id="QJ-9", starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 1))
    moved = replace(SICK, starts_on=date(2026, 2, 25), cancelled=True)
    for one in (SICK, earlier, moved):
        records(bench.signals, one)
    assert bench.signals.leave(EMPLOYEE) == [earlier, moved]
    assert bench.signals.leave("emp_02") == []


def test_what_was_said_is_sealed_for_this_employee_and_read_back(bench: Bench) -> None:
    records(bench.signals, SURVEY)
    assert WORDS not in str(bench.items())
    assert WORDS.encode() not in b"".join(piece["B"] for piece in bench.items()[0]["texts"]["L"])
    assert bench.signals.survey_texts(EMPLOYEE, "2026-03") == {"mood": WORDS}
    assert bench.signals.survey_texts(EMPLOYEE, "2026-02") == {}
    (item,) = bench.items()
    bench.dynamodb.put_item(TableName=TABLE, Item=item | {"pk": {"S": "ANSWERS#emp_02"}})
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        bench.signals.survey_texts("emp_02", "2026-03")


def test_the_longest_survey_fits_an_item(bench: Bench) -> None:
    """10,000 characters that JSON writes in six bytes each."""
    texts = {f"q{number}": "\x01" * 2000 for number in range(5)}
    records(bench.signals, SurveyAnswers(Survey("2026-03", tuple((q, None) for q in texts)), texts))
    assert bench.signals.survey_texts(EMPLOYEE, "2026-03") == texts
    assert bench.kms.sealed == 15


def test_the_key_is_asked_only_where_there_are_words_to_compare_or_keep(bench: Bench) -> None:
    scores = SurveyAnswers(Survey("2026-03", (("load", 2),)), {})
    for _ in range(2):
        records(bench.signals, scores)
    assert (bench.kms.sealed, bench.kms.opened) == (0, 0)
    for _ in range(2):
        records(bench.signals, SURVEY)
    assert (bench.kms.sealed, bench.kms.opened) == (1, 1)
    bench.signals.surveys(EMPLOYEE, 12)
    assert bench.kms.opened == 1


def test_who_of_many_is_an_employee(bench: Bench) -> None:
    employees = Employees(Table(bench.dynamodb, TABLE), IDS)
    for number in range(0, 230, 2):
        bench.dynamodb.put_item(
            TableName=TABLE, Item={"pk": {"S": f"EMPLOYEE#emp_{number}"}, "sk": {"S": "EMPLOYEE"}}
        )
    asked = {f"emp_{number}" for number in range(230)}
    assert employees.known(asked) == {f"emp_{number}" for number in range(0, 230, 2)}
    assert employees.known(set()) == set()
