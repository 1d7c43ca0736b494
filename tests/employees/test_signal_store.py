"""Attendance, leave and surveys against moto's table and KMS (F2, F4, F7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.relay.relay import told_by
from rencai.employees.rules.signals import AttendanceWeek, Leave, LeaveKind, Survey, SurveyAnswers
from rencai.employees.store.employees import Employees
from rencai.employees.store.signals import WorkSignals, attendance_key, leave_key, survey_key
from rencai.kernel.errors import LostRace
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
        assert records(bench.signals, one, f"hr:{number}")
        item = table.get(key)
        assert item is not None
        (told,) = from_events(item["events"])
        assert (told.id, told.name, told.at, told.data, told.actor) == (
            f"{event}_{number}_0",
            name,
            NOW,
            data,
            f"hr:{number}",
        )
        DATA_MODELS[told.name].model_validate(told.data)
        before = bench.items()
        assert records(bench.signals, one, "hr:9", LATER) is False
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
    same = bench.over(Racing(bench.dynamodb, lambda: records(bench.signals, signal, "hr:2")))
    assert records(same, signal) is False
    corrected = bench.over(Racing(bench.dynamodb, lambda: records(bench.signals, other, "hr:2")))
    records(bench.signals, replace_later(signal), "hr:2")
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
    assert bench.signals.surveys(EMPLOYEE, 12) == [february.survey, SURVEY.survey]
    assert bench.signals.surveys(EMPLOYEE, 1) == [SURVEY.survey]


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
    bench.dynamodb.put_item(TableName=TABLE, Item=item | {"pk": {"S": "EMPLOYEE#emp_02"}})
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
