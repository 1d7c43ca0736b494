"""What is told of an employee as they work: attendance by week, leave, a month's survey (F2, F4, F7)."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

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
from rencai.kernel.errors import Conflict
from rencai.kernel.events import EventName
from rencai.store.corrections import Check, Correctable, nothing_against, record
from rencai.store.sealed import Vault
from rencai.store.table import LISTS_INDEX, Item, Key, Table, compact

_ATTENDANCE: Final = "ATTENDANCE#"
_LEAVE: Final = "LEAVE#"
_SURVEY: Final = "SURVEY#"
_TEXTS: Final = "survey"
_HISTORY: Final = 26


def attendance_key(employee_id: str, week: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``ATTENDANCE#2026-W10``: a week has one."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_ATTENDANCE}{week}")


def leave_key(employee_id: str, leave_id: str) -> Key:
    """``EMPLOYEE#emp_01ABC`` / ``LEAVE#QJ-1001``: by its own id, for a correction may move its days."""
    return Key(f"EMPLOYEE#{employee_id}", f"{_LEAVE}{leave_id}")


def survey_key(employee_id: str, month: str) -> Key:
    """``ANSWERS#emp_01ABC`` / ``SURVEY#2026-11``: a month has one. In a partition of their own, since whoever may put
    into a partition may put anything there, and the page that takes them is open to all.
    """
    return Key(answers_partition(employee_id), f"{_SURVEY}{month}")


def answers_partition(employee_id: str) -> str:
    """Where an employee's answers to surveys are: ``ANSWERS#emp_01ABC``."""
    return f"ANSWERS#{employee_id}"


def _partition(employee_id: str, prefix: str) -> str:
    return answers_partition(employee_id) if prefix == _SURVEY else f"EMPLOYEE#{employee_id}"


def attendance_told(employee_id: str, week: AttendanceWeek) -> Correctable:
    """A week about to go on record."""
    return Correctable(
        attendance_key(employee_id, week.week),
        f"{employee_id}_attendance_{week.week}",
        EventName.ATTENDANCE_RECORDED,
        {"week": week.week},
        lambda known: _attendance(known) == week,
        lambda _: {"hours": week.hours, "overtime_hours": week.overtime_hours},
    )


def leave_told(employee_id: str, leave: Leave) -> Correctable:
    """A leave about to go on record."""
    content: Item = {
        "kind": leave.kind,
        "starts_on": leave.starts_on.isoformat(),
        "ends_on": leave.ends_on.isoformat(),
        "days": leave.days,
        "cancelled": leave.cancelled or None,
    }
    return Correctable(
        leave_key(employee_id, leave.leave_id),
        f"{employee_id}_leave_{leave.leave_id}",
        EventName.LEAVE_RECORDED,
        {"leave_id": leave.leave_id},
        lambda known: _leave(known) == leave,
        lambda _: content,
    )


def survey_told(employee_id: str, answers: SurveyAnswers, actor: str, vault: Vault) -> Correctable:
    """A month's answers that ``actor`` tells of somebody, about to go on record; the words are sealed.

    What the employee has answered by their link stays: ``Conflict`` (SURVEY_ANSWERED), whatever is told. What somebody
    else told is replaced without being compared, for whether it is the same would say what was answered.
    """
    month = answers.survey.month

    def is_so(known: Item) -> bool:
        if "groups" in known:
            raise Conflict(EmployeeRefusal.SURVEY_ANSWERED, "month", month=month)
        return known["actor"] == actor and _says(employee_id, known, answers, vault)

    return _survey_told(employee_id, answers, vault, is_so, lambda _: {"gsi1pk": _told(month)})


def survey_answered(employee_id: str, answers: SurveyAnswers, groups: Groups, vault: Vault) -> Correctable:
    """A month's answers that the employee gives by their own link, in place of what HR told or they answered before.

    The groups they were in when they first answered stay, so that nobody is moved beside their answers afterwards.
    """
    month = answers.survey.month
    lately = [True] * (groups.is_new + groups.is_made)
    own = compact([groups.department, groups.location, groups.role, *lately])
    return _survey_told(
        employee_id,
        answers,
        vault,
        lambda known: "groups" in known and _says(employee_id, known, answers, vault),
        lambda known: {"gsi1pk": _answered(month), "groups": (known or {}).get("groups", own)},
    )


def _survey_told(
    employee_id: str,
    answers: SurveyAnswers,
    vault: Vault,
    is_so: Callable[[Item], bool],
    how: Callable[[Item | None], Item],
) -> Correctable:
    survey, texts = answers.survey, dict(answers.texts)

    def content(known: Item | None) -> Item:
        sealed = vault.seal(compact(texts), owner=employee_id, field=_TEXTS) if texts else None
        return {"scores": compact(survey.scores), "texts": sealed, "gsi1sk": employee_id, **how(known)}

    return Correctable(
        survey_key(employee_id, survey.month),
        f"{employee_id}_survey_{survey.month}",
        EventName.SURVEY_ANSWERED,
        {"month": survey.month},
        is_so,
        content,
    )


def _says(employee_id: str, known: Item, answers: SurveyAnswers, vault: Vault) -> bool:
    # The words are opened only where the scores do not tell the two apart.
    return _survey(known) == answers.survey and _texts(employee_id, known, vault) == answers.texts


def _answered(month: str) -> str:
    """The index's list of who answered a month's survey by their link, by employee id."""
    return f"SURVEY#{month}"


def _told(month: str) -> str:
    """The index's list of whose answers were told by HR, by employee id."""
    return f"SURVEY_TOLD#{month}"


def _texts(employee_id: str, item: Item, vault: Vault) -> dict[str, str]:
    if "texts" not in item:
        return {}
    texts: dict[str, str] = json.loads(vault.open(item["texts"], owner=employee_id, field=_TEXTS))
    return texts


class WorkSignals:
    """An employee's signals. Each can be corrected; the same again changes nothing and tells nothing."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self._table = table
        self._vault = vault

    def record_attendance(
        self,
        employee_id: str,
        week: AttendanceWeek,
        actor: str,
        now: datetime,
        check: Check = nothing_against,
    ) -> bool:
        """Put a week on record, or correct it; False when it was so already."""
        return record(self._table, attendance_told(employee_id, week), actor, now, check)

    def record_leave(
        self, employee_id: str, leave: Leave, actor: str, now: datetime, check: Check = nothing_against
    ) -> bool:
        """Put a leave on record, or correct it; False when it was so already."""
        return record(self._table, leave_told(employee_id, leave), actor, now, check)

    def record_survey(
        self,
        employee_id: str,
        answers: SurveyAnswers,
        actor: str,
        now: datetime,
        check: Check = nothing_against,
    ) -> bool:
        """Put what HR tells of a month's answers on record, or replace what it told; False when ``actor`` told the same
        before. The words are sealed. Raises ``Conflict`` (SURVEY_ANSWERED): they have answered by their link.
        """
        told = survey_told(employee_id, answers, actor, self._vault)
        return record(self._table, told, actor, now, check)

    def answer_survey(self, employee_id: str, answers: SurveyAnswers, groups: Groups, now: datetime) -> bool:
        """Put what somebody answers by their own link on record, in place of what there was; False when it was so
        already. ``groups`` count when it is their first answer. The words are sealed.
        """
        return record(
            self._table, survey_answered(employee_id, answers, groups, self._vault), "employee", now
        )

    def attendance(self, employee_id: str, weeks: int) -> list[AttendanceWeek]:
        """The latest ``weeks`` on record, oldest first."""
        return [_attendance(item) for item in self._latest(employee_id, _ATTENDANCE, weeks)]

    def leave(self, employee_id: str) -> list[Leave]:
        """Every leave on record, cancelled ones too, by when it starts."""
        # By their own ids they cannot be cut off at a date; somebody has a few dozen in a year.
        items = self._table.query_all(f"EMPLOYEE#{employee_id}", prefix=_LEAVE, consistent=True)
        return sorted(map(_leave, items), key=lambda one: (one.starts_on, one.leave_id))

    def surveys(self, employee_id: str, months: int) -> list[SurveyOnRecord]:
        """The scores of the latest ``months`` answered, oldest first, and how they came."""
        return [_on_record(item) for item in self._latest(employee_id, _SURVEY, months)]

    def latest_survey(self, employee_id: str, *, with_texts: bool) -> SurveyAnswers | None:
        """The latest month answered, read once; its texts are opened only when asked for. None: never answered."""
        items = self._latest(employee_id, _SURVEY, 1)
        if not items:
            return None
        return SurveyAnswers(
            _survey(items[0]), _texts(employee_id, items[0], self._vault) if with_texts else {}
        )

    def survey_texts(self, employee_id: str, month: str) -> dict[str, str]:
        """What was said in a month's survey, by question id; opening it is on KMS's record."""
        item = self._table.get(survey_key(employee_id, month))
        return _texts(employee_id, item, self._vault) if item else {}

    def attendance_history(self, employee_id: str, after: str = "") -> Iterator[tuple[AttendanceWeek, bool]]:
        """The weeks after ``after``, oldest first, 26 a read; each with whether an import wrote it."""
        items = self._history(employee_id, _ATTENDANCE, after)
        return ((_attendance(item), "batch" in item) for item in items)

    def leave_history(self, employee_id: str) -> list[tuple[Leave, bool]]:
        """Every leave on record, by when it starts; each with whether an import wrote it."""
        items = self._history(employee_id, _LEAVE, "")
        told = [(_leave(item), "batch" in item) for item in items]
        return sorted(told, key=lambda one: (one[0].starts_on, one[0].leave_id))

    def survey_history(self, employee_id: str, after: str = "") -> Iterator[tuple[str, bool]]:
        """The months answered after ``after``, oldest first, 26 a read; each with whether an import wrote it."""
        items = self._history(employee_id, _SURVEY, after)
        return ((item["sk"].removeprefix(_SURVEY), "batch" in item) for item in items)

    def _history(self, employee_id: str, prefix: str, after: str) -> Iterator[Item]:
        return self._table.query_all(
            _partition(employee_id, prefix), prefix=prefix, after=after, batch=_HISTORY
        )

    def survey_count(self, month: str, *, by_link: bool, at_least: int | None = None) -> int:
        """How many answers there are of a month's survey. 0.5 read units for some 35 of them.

        ``at_least``: whether there are as many is enough; no more are counted than those.
        """
        listed = _answered(month) if by_link else _told(month)
        if at_least is not None:
            return len(self._table.query(listed, limit=at_least, index=LISTS_INDEX)[0])
        return self._table.count(listed, index=LISTS_INDEX)

    def survey_page(
        self, month: str, *, by_link: bool, after: str | None, limit: int
    ) -> tuple[dict[str, SurveyOnRecord], str | None]:
        """Up to ``limit`` answers of a month's survey, by employee id after ``after``, and where to go on (None: those
        were all). 0.5 read units each, more with words, and 0.5 for some 35 entries of the index.
        """
        listed = _answered(month) if by_link else _told(month)
        start = (
            {**survey_key(after, month).attributes(), "gsi1pk": listed, "gsi1sk": after} if after else None
        )
        entries, last = self._table.query(listed, limit=limit, start=start, index=LISTS_INDEX)
        keys = {survey_key(entry["gsi1sk"], month): str(entry["gsi1sk"]) for entry in entries}
        found = self._table.get_all(keys, consistent=False)
        # An entry may be a moment older than the item: whoever has answered by their link since is not told of.
        answers = {keys[key]: _on_record(item) for key, item in found.items() if item.get("gsi1pk") == listed}
        return answers, str(last["gsi1sk"]) if last else None

    def _latest(self, employee_id: str, prefix: str, count: int) -> list[Item]:
        items, _ = self._table.query(
            _partition(employee_id, prefix), prefix=prefix, limit=count, newest_first=True, consistent=True
        )
        return items[::-1]


def _attendance(item: Item) -> AttendanceWeek:
    overtime = item.get("overtime_hours")
    return AttendanceWeek(
        item["sk"].removeprefix(_ATTENDANCE),
        Decimal(item["hours"]),
        Decimal(overtime) if overtime is not None else None,
    )


def _leave(item: Item) -> Leave:
    return Leave(
        item["sk"].removeprefix(_LEAVE),
        LeaveKind(item["kind"]),
        date.fromisoformat(item["starts_on"]),
        date.fromisoformat(item["ends_on"]),
        Decimal(item["days"]),
        item.get("cancelled", False),
    )


def _on_record(item: Item) -> SurveyOnRecord:
    groups = item.get("groups")
    return SurveyOnRecord(
        _survey(item),
        None if groups else item["actor"],
        Groups(*json.loads(groups)) if groups else None,
    )


def _survey(item: Item) -> Survey:
    scores = tuple((question, score) for question, score in json.loads(item["scores"]))
    return Survey(item["sk"].removeprefix(_SURVEY), scores)
