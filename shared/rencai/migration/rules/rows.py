"""A row of a file from another system as what goes on record, or what is wrong with it, cell by cell (F1).

The cells are read one by one; what they say together is then held against the very forms and rules that the API has for
the same thing, and what those refuse is told of the column it came from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, cast

from pydantic import ValidationError

from rencai.employees.rules.employee import Employee
from rencai.employees.rules.overlaps import is_part_of_a_day
from rencai.employees.rules.performance import MonthlyPerformance, PerformanceReport, monthly_performance
from rencai.employees.rules.records import (
    LearningRecord,
    LearningReport,
    RecruitingRecord,
    RecruitingReport,
    learning_record,
    recruiting_record,
)
from rencai.employees.rules.signals import (
    AttendanceReport,
    AttendanceWeek,
    Leave,
    LeaveReport,
    SurveyAnswers,
    SurveyReport,
    attendance_week,
    leave,
    survey_answers,
)
from rencai.kernel.errors import CHINESE, DomainError, Refusal
from rencai.kernel.ids import folded
from rencai.kernel.wording import MOST, field_errors
from rencai.migration.rules.refusals import MigrationRefusal

from .cells import Amount, Reading, Value, read_cell
from .columns import (
    ERRORS_HEADER,
    ImportMapping,
    Scale,
    compact,
    field_of,
    scale_of,
)
from .fields import CellType, Field, ImportKind
from .halves import Half, half_of, without_half
from .not_read import NotReadError, shown
from .numbers import DECIMAL_COMMA, digits_of, rounded
from .said import said_of
from .scales import PointScale
from .source import Mark, SourceRow
from .taken import Column, is_figure, missing

MAX_VALUE: Final = 40
"""Characters of a cell that an error quotes."""
_MAX_NAME: Final = 100
_ALWAYS_TOLD: Final = ("name", "role", "location", "starts_on")
"""What an employee cannot be without."""


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with a cell: ``column`` is its header ("": the row as a whole), ``value`` what it says, shortened
    to 40 characters, ``rule`` the code of the rule that is against it. ``message`` says why, ``suggestion`` what would
    be right, both in the report's language; "" where nobody can know.
    """

    column: str
    field: str
    value: str
    rule: str
    message: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Who a row is about, as the file says it: at least one of the two."""

    employee_no: str | None
    employee_id: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """What a row tells of a person: None where the file has no such column, "" where the cell is empty.

    Name, role, location and the first day are never empty.
    """

    name: str | None = None
    role: str | None = None
    location: str | None = None
    department: str | None = None
    level: str | None = None
    email: str | None = None
    locale: str | None = None
    starts_on: date | None = None
    left_on: date | Literal[""] | None = None


Record = (
    Person | RecruitingRecord | LearningRecord | MonthlyPerformance | AttendanceWeek | Leave | SurveyAnswers
)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row that its cells and the rules allow. ``identity`` is what it is about: where two rows of a file have the
    same, one of them is too many. Who is named by number in one and by id in the other, it tells apart.
    """

    number: int
    reference: Reference
    record: Record
    identity: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """The cells of a row as values by field; ``failed`` are the fields that have none because of an error."""

    values: Mapping[str, Value]
    failed: frozenset[str]

    def some(self, *fields: str) -> dict[str, Any]:
        """What there is of these."""
        return {one: self.values[one] for one in fields if one in self.values}


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a row claims, in the API's form. ``fields``: which field each place of the form comes from, where it is not
    the field of that name; ``decide`` makes of the form what goes on record and what it is called.
    """

    form: Any
    content: Mapping[str, Any]
    decide: Callable[[Any], tuple[Record, tuple[str, ...]]]
    fields: Mapping[str, str]


class RowReader:
    """Reads the rows of one file: what does not change from row to row is worked out once."""

    def __init__(
        self,
        kind: ImportKind,
        columns: Sequence[Column],
        mapping: ImportMapping,
        today: date,
        language: str,
    ) -> None:
        self._kind = kind
        self._today = today
        self._reading = Reading(mapping, today, language, said_of(mapping, kind))
        self._width = len(columns)
        self._own = [one.index for one in columns if compact(one.header) == compact(ERRORS_HEADER)]
        self._headers = [one.header for one in columns]
        self._columns: list[tuple[int, Field, Scale]] = []
        for column in columns:
            if column.field and (field := field_of(kind, column.field, mapping)):
                self._columns.append((column.index, field, scale_of(field, column.header)))
        self._at = {field.id: index for index, field, _ in self._columns}
        self._absent = missing(kind, columns)

    def read(self, row: SourceRow) -> ImportRow | list[CellError] | None:
        """A row, or everything that is wrong with it; None: it is blank."""
        number, cells = row.number, row.cells
        filled = [
            index
            for index, cell in enumerate(cells)
            if index not in self._own and shown(cell) and not row.is_covered(index)
        ]
        if not filled:
            return None
        if filled[-1] >= self._width:
            refused = DomainError(
                MigrationRefusal.ROW_TOO_LONG,
                "",
                cells=filled[-1] + 1 - len(self._own),
                columns=self._width - len(self._own),
            )
            return [self._error(refused.code, refused.text(self._reading.language), "", cells)]
        errors = [self._refused(MigrationRefusal.CELL_REQUIRED, field, cells) for field in self._absent]
        read = self._values(cells, row.marks, errors)
        reference = self._reference(read, cells, errors)
        claim = self._claim(read, cells, errors)
        try:
            form = claim.form.model_validate(claim.content) if claim.form else None
            if not errors:
                record, about = claim.decide(form)
                who = (
                    ("no", reference.employee_no) if reference.employee_no else ("id", reference.employee_id)
                )
                return ImportRow(
                    number, reference, record, (self._kind.value, *cast(tuple[str, str], who), *about)
                )
        except ValidationError as error:
            by_column, elsewhere = self._shape_errors(error, claim, read, cells)
            errors += by_column
            errors = errors or elsewhere
        except DomainError as error:
            field = claim.fields.get(error.path, error.path)
            errors.append(self._error(error.code, error.text(self._reading.language), field, cells))
        # Each cell is told of once, by what is said of it first; from left to right.
        first: dict[str, CellError] = {}
        for one in errors:
            first.setdefault(one.field, one)
        told = sorted(first.values(), key=lambda one: self._at.get(one.field, self._width))
        if len(told) > MOST:
            more = DomainError(MigrationRefusal.ROW_MORE_ERRORS, count=len(told) - MOST)
            told[MOST:] = [self._error(more.code, more.text(self._reading.language), "", cells)]
        return told

    def _values(self, cells: Sequence[str], marks: Mapping[int, Mark], errors: list[CellError]) -> _Read:
        values: dict[str, Value] = {}
        failed: set[str] = set()
        for index, field, scale in self._columns:
            text = shown(cells[index]) if index < len(cells) else ""
            if not text:
                if field.required:
                    failed.add(field.id)
                    errors.append(self._refused(MigrationRefusal.CELL_REQUIRED, field.id, cells))
                continue
            if field.type is CellType.DATE and self._kind is ImportKind.LEAVE:
                text = without_half(text)
            try:
                values[field.id] = read_cell(text, field, scale, self._reading, marks.get(index))
            except NotReadError as refused:
                failed.add(field.id)
                message = refused.error.text(self._reading.language)
                suggestion = refused.suggestion or self._example(field.id)
                errors.append(self._error(refused.error.code, message, field.id, cells, suggestion))
        return _Read(values, frozenset(failed))

    def _reference(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> Reference:
        number, id_ = read.values.get("employee_no"), read.values.get("employee_id")
        if number is None and id_ is None and not read.failed & {"employee_no", "employee_id"}:
            field = "employee_no" if "employee_no" in self._at else "employee_id"
            errors.append(self._refused(MigrationRefusal.CELL_REQUIRED, field, cells))
        return Reference(cast(str | None, number), cast(str | None, id_))

    # --- what a row of each kind claims -------------------------------------------------------------------------------

    def _claim(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> _Claim:
        match self._kind:
            case ImportKind.PEOPLE:
                return self._person(read, cells, errors)
            case ImportKind.RECRUITING:
                return self._recruiting(read, cells, errors)
            case ImportKind.TRAINING:
                return self._training(read, cells, errors)
            case ImportKind.PERFORMANCE:
                return self._performance(read, cells, errors)
            case ImportKind.ATTENDANCE:
                return self._attendance(read)
            case ImportKind.LEAVE:
                return self._leave(read, cells)
            case ImportKind.SURVEYS:
                return self._survey(read, cells, errors)

    def _person(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> _Claim:
        told: dict[str, Any] = {}
        for _, field, _ in self._columns:
            if field.id in ("employee_no", "employee_id") or field.id in read.failed:
                continue
            told[field.id] = value = read.values.get(field.id, "")
            if value == "" and field.id in _ALWAYS_TOLD:
                errors.append(self._refused(MigrationRefusal.CELL_REQUIRED, field.id, cells))
            elif field.type is CellType.TEXT and len(cast(str, value)) > _MAX_NAME:
                size = {"size": len(cast(str, value)), "limit": _MAX_NAME}
                errors.append(self._refused(MigrationRefusal.CELL_TOO_LONG, field.id, cells, **size))

        def decide(_: object) -> tuple[Record, tuple[str, ...]]:
            person = Person(**told)
            if person.starts_on and person.left_on:
                _left_after(person.starts_on, person.left_on)
            return person, ()

        return _Claim(None, {}, decide, {})

    def _recruiting(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> _Claim:
        def decide(form: RecruitingReport) -> tuple[Record, tuple[str, ...]]:
            record = recruiting_record(form, self._today)
            return record, (record.interviewed_on.isoformat(), folded(record.competency))

        content = {**read.some("interviewed_on", "competency"), **self._points(read, cells, errors)}
        return _Claim(RecruitingReport, content, decide, {})

    def _training(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> _Claim:
        def decide(form: LearningReport) -> tuple[Record, tuple[str, ...]]:
            record = learning_record(form, self._today)
            return record, (folded(record.course),)

        content = read.some("course", "completion_percent", "exam_score", "completed_on")
        if (scale := self._scale("exam_score")) and "exam_score" in content:
            exam = scale.placed(cast(Decimal, content["exam_score"]), 0, 100)
            if exam is None:
                errors.append(self._off(scale, "exam_score", cells))
            content["exam_score"] = rounded(exam) if exam is not None else Decimal(0)
        return _Claim(LearningReport, content, decide, {})

    def _attendance(self, read: _Read) -> _Claim:
        def decide(form: AttendanceReport) -> tuple[Record, tuple[str, ...]]:
            week = attendance_week(cast(str, read.values["week"]), form, self._today)
            return week, (week.week,)

        return _Claim(AttendanceReport, read.some("hours", "overtime_hours"), decide, {})

    def _leave(self, read: _Read, cells: Sequence[str]) -> _Claim:
        def decide(form: LeaveReport) -> tuple[Record, tuple[str, ...]]:
            id_ = cast(str | None, read.values.get("leave_id"))
            one = leave(id_ or "made", form, self._today)
            one = replace(one, leave_id=id_ or made_id(one, self._half(one, cells)))
            return one, (one.leave_id,)

        content = read.some("kind", "starts_on", "ends_on", "days", "cancelled")
        return _Claim(LeaveReport, content, decide, {})

    def _half(self, one: Leave, cells: Sequence[str]) -> Half | None:
        """The half of its day that a leave's cells say it takes."""
        if not is_part_of_a_day(one):
            return None
        return half_of(*(_cell(cells, self._at.get(field)) for field in ("starts_on", "ends_on")))

    def _performance(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> _Claim:
        currency = self._currency(read, cells, errors)
        if currency in DECIMAL_COMMA:
            errors += self._undecided(read, cells)
        metrics: list[dict[str, Any]] = []
        fields = {"metrics": self._first_figure()}
        for _, field, _ in self._columns:
            value = read.values.get(field.id)
            if value is None or field.id == "score" or not is_figure(field.id, self._kind):
                continue
            place = f"metrics[{len(metrics)}]"
            fields |= {
                f"{place}.value": field.id,
                f"{place}.target": "sales_target",
                f"{place}.currency": "currency",
            }
            metric: dict[str, Any] = {"id": field.id.removeprefix("metric:")}
            if isinstance(value, Amount):
                metric |= {"value": value.value, "currency": currency}
                if target := read.values.get("sales_target"):
                    metric["target"] = cast(Amount, target).value
            else:
                metric["value"] = value
            metrics.append(metric)
        lost = any(is_figure(one, self._kind) for one in read.failed)
        if "sales_target" in read.values and "sales" not in read.values and "sales" not in read.failed:
            errors.append(self._refused(MigrationRefusal.CELL_REQUIRED, "sales", cells))
        elif not metrics and "score" not in read.values and not lost:
            errors.append(self._refused(MigrationRefusal.CELL_REQUIRED, self._first_figure(), cells))

        def decide(form: PerformanceReport) -> tuple[Record, tuple[str, ...]]:
            month = monthly_performance(cast(str, read.values["month"]), form, self._today)
            return month, (month.month,)

        content = {**self._points(read, cells, errors), "metrics": metrics}
        return _Claim(PerformanceReport, content, decide, fields)

    def _undecided(self, read: _Read, cells: Sequence[str]) -> Iterator[CellError]:
        """Money that is another amount in a currency of this kind, as the whole row says it is."""
        for id_ in ("sales", "sales_target"):
            amount = read.values.get(id_)
            if isinstance(amount, Amount) and amount.by_comma is not None:
                both = {"large": digits_of(amount.value), "small": digits_of(amount.by_comma)}
                yield self._refused(MigrationRefusal.CELL_NUMBER_AMBIGUOUS, id_, cells, **both)

    def _points(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> dict[str, Any]:
        """The score and out of how many points it is, of a month or a finding: as the row says, else by the source's
        scale.
        """
        told = read.some("score", "out_of")
        if "score" not in told or "out_of" in told:
            return told
        scale = self._scale("score")
        if scale is None:
            return told
        score = cast(Decimal, told["score"])
        placed = scale.placed(score, 0, 100)
        if placed is None:
            errors.append(self._off(scale, "score", cells))
            return {}
        # From nothing upwards it is a score out of so many, and kept as it was written.
        return (
            {"score": score, "out_of": scale.best}
            if scale.worst == 0 < scale.best
            else {"score": rounded(placed), "out_of": Decimal(100)}
        )

    def _scale(self, field: str) -> PointScale | None:
        """The scale that a source's points are on, as far as it or a person says."""
        return self._reading.mapping.scales.get(self._kind, {}).get(field)

    def _off(self, scale: PointScale, field: str, cells: Sequence[str]) -> CellError:
        lowest, highest = scale.ends
        return self._refused(MigrationRefusal.CELL_NOT_ON_SCALE, field, cells, lowest=lowest, highest=highest)

    def _currency(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> str:
        """What the money of a row is in: as its cells and headers say, all the same; else the source's currency."""
        said = cast(str | None, read.values.get("currency"))
        for id_ in ("sales", "sales_target"):
            amount = read.values.get(id_)
            if isinstance(amount, Amount) and amount.currency:
                if said not in (None, amount.currency):
                    both = {"currency": amount.currency, "other": said}
                    errors.append(self._refused(MigrationRefusal.CELL_CURRENCY_DIFFERS, id_, cells, **both))
                said = said or amount.currency
        return said or self._reading.mapping.currency

    def _survey(self, read: _Read, cells: Sequence[str], errors: list[CellError]) -> _Claim:
        answers: dict[str, dict[str, Any]] = {}
        fields: dict[str, str] = {}
        for _, field, _ in self._columns:
            what, _, question = field.id.partition(":")
            if question and field.id in read.values:
                answer = answers.setdefault(question, {"question_id": question})
                answer[what] = read.values[field.id]
                place = f"answers[{list(answers).index(question)}]"
                fields[f"{place}.{what}"] = field.id
                if what == "text":
                    fields.setdefault("answers", field.id)
        fields.setdefault("answers", self._first_figure())
        if not answers and not any(is_figure(one, self._kind) for one in read.failed):
            errors.append(self._refused(MigrationRefusal.CELL_REQUIRED, self._first_figure(), cells))

        def decide(form: SurveyReport) -> tuple[Record, tuple[str, ...]]:
            told = survey_answers(cast(str, read.values["month"]), form, self._today)
            return told, (told.survey.month,)

        return _Claim(SurveyReport, {"answers": list(answers.values())}, decide, fields)

    def _first_figure(self) -> str:
        return next((field.id for _, field, _ in self._columns if is_figure(field.id, self._kind)), "")

    # --- errors -------------------------------------------------------------------------------------------------------

    def _shape_errors(
        self, error: ValidationError, claim: _Claim, read: _Read, cells: Sequence[str]
    ) -> tuple[list[CellError], list[CellError]]:
        """What the form says of columns, and what of none. What is missing for want of a readable cell is the latter,
        and was told of.
        """
        details = error.errors(include_url=False, include_input=False)
        by_column: list[CellError] = []
        elsewhere: list[CellError] = []
        for detail, told in zip(details, field_errors(details, self._reading.language), strict=True):
            field = claim.fields.get(told.path, told.path)
            if field in self._at and field not in read.failed:
                example = self._example(field)
                by_column.append(self._error(detail["type"], told.message, field, cells, example))
            else:
                elsewhere.append(self._error(detail["type"], told.message, "", cells))
        return by_column, elsewhere

    def _refused(self, code: Refusal, field: str, cells: Sequence[str], **params: object) -> CellError:
        message = DomainError(code, "", **params).text(self._reading.language)
        return self._error(code, message, field, cells, self._example(field))

    def _example(self, field: str) -> str:
        example = next((one.example for _, one, _ in self._columns if one.id == field), "")
        if not example:
            return ""
        return f"例如 {example}" if self._reading.language == CHINESE else f"for example {example}"

    def _error(
        self, rule: str, message: str, field: str, cells: Sequence[str], suggestion: str = ""
    ) -> CellError:
        index = self._at.get(field)
        header = "" if index is None else self._headers[index]
        value = cells[index].strip() if index is not None and index < len(cells) else ""
        return CellError(header or field, field, _shortened(value), str(rule), message, suggestion)


def read_row(
    kind: ImportKind,
    row: SourceRow,
    columns: Sequence[Column],
    mapping: ImportMapping,
    today: date,
    language: str,
) -> ImportRow | list[CellError] | None:
    """A row as what goes on record, or everything that is wrong with it; None: it is blank.

    ``today`` is the tenant's. For the rows of one file a ``RowReader`` does the same with less work.
    """
    return RowReader(kind, columns, mapping, today, language).read(row)


def cell_error(
    error: DomainError, field: str, cells: Sequence[str], columns: Sequence[Column], language: str
) -> CellError:
    """What a rule that looks beyond the row (who is an employee, which row came first) has against ``field`` of it."""
    column = next((one for one in columns if one.field == field), None)
    value = cells[column.index].strip() if column and column.index < len(cells) else ""
    header = column.header if column else field
    return CellError(header, field, _shortened(value), str(error.code), error.text(language), "")


def employee_of(
    person: Person, known: Employee | None, employee_id: str, now: datetime, known_no: str | None
) -> Employee:
    """The employee as a row tells of them: over what is ``known``, or new. ``known_no`` is the row's number, None: it
    has none, and the number stays what it was.

    Raises ``DomainError`` (CELL_REQUIRED, LEFT_BEFORE_START); its path is the field.
    """
    if known is None:
        for field in _ALWAYS_TOLD:
            if not getattr(person, field):
                raise DomainError(MigrationRefusal.CELL_REQUIRED, field)
    told: dict[str, Any] = {}
    for field in Person.__dataclass_fields__:
        value = getattr(person, field)
        if value is not None:
            told[field] = None if value == "" else value
    if known_no is not None:
        told["employee_no"] = known_no
    employee = replace(known, **told) if known else Employee(employee_id=employee_id, created_at=now, **told)
    if employee.left_on is not None:
        _left_after(employee.starts_on, employee.left_on)
    return employee


def made_id(leave: Leave, half: Half | None = None) -> str:
    """What a leave is called whose source has no ids: one of a kind begins on a day, or on each half of it."""
    made = f"{leave.kind}-{leave.starts_on}"
    return f"{made}-{half}" if half else made


def _cell(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def _left_after(starts_on: date, left_on: date) -> None:
    if left_on < starts_on:
        raise DomainError(MigrationRefusal.LEFT_BEFORE_START, "left_on", starts_on=starts_on.isoformat())


def _shortened(value: str) -> str:
    return value if len(value) <= MAX_VALUE else f"{value[: MAX_VALUE - 1]}…"
