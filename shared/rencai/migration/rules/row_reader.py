"""A row of a file from another system as what goes on record, or what is wrong with it, cell by cell (F1).

The cells are read one by one; what they say together is then held against the very forms and rules that the API has for
the same thing, and what those refuse is told of the column it came from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from pydantic import ValidationError

from rencai.employees.rules.employee import check_first_day
from rencai.employees.rules.overlaps import is_part_of_a_day
from rencai.employees.rules.performance import PerformanceReport, monthly_performance
from rencai.employees.rules.records import (
    LearningReport,
    RecruitingReport,
    learning_record,
    recruiting_record,
)
from rencai.employees.rules.signals import (
    AttendanceReport,
    Leave,
    LeaveReport,
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
from .columns import ERRORS_HEADER
from .fields import CellType, Field, ImportKind
from .halves import Half, half_of, without_half
from .import_mapping import ImportMapping, field_of
from .names import compact
from .not_read import NotReadError, shown
from .numbers import DECIMAL_COMMA, digits_of, rounded
from .rows import (
    ALWAYS_TOLD,
    CellError,
    ImportRow,
    Person,
    Record,
    Reference,
    cell_of,
    check_left_after,
    made_id,
    shortened,
)
from .said import said_of
from .scales import PointScale
from .sheet.source import Mark, SourceRow
from .taken import Column, is_figure, missing
from .units import Scale, scale_of

_MAX_NAME: Final = 100


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
            if shown(cell) and index not in self._own and not (row.marks and row.is_covered(index))
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
                identity = (self._kind.value, *cast(tuple[str, str], who), *about)
                return ImportRow(number, reference, record, identity, self._period(cells))
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

    def _period(self, cells: Sequence[str]) -> str:
        periods = (
            index for index, field, _ in self._columns if field.type in (CellType.WEEK, CellType.MONTH)
        )
        return next((compact(cells[index]) for index in periods if index < len(cells)), "")

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
            if value == "" and field.id in ALWAYS_TOLD:
                errors.append(self._refused(MigrationRefusal.CELL_REQUIRED, field.id, cells))
            elif field.type is CellType.TEXT and len(cast(str, value)) > _MAX_NAME:
                size = {"size": len(cast(str, value)), "limit": _MAX_NAME}
                errors.append(self._refused(MigrationRefusal.CELL_TOO_LONG, field.id, cells, **size))

        def decide(_: object) -> tuple[Record, tuple[str, ...]]:
            person = Person(**told)
            if person.starts_on:
                check_first_day(person.starts_on, self._today)
            if person.starts_on and person.left_on:
                check_left_after(person.starts_on, person.left_on)
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
        return half_of(*(cell_of(cells, self._at.get(field)) for field in ("starts_on", "ends_on")))

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
        return CellError(header or field, field, shortened(value), str(rule), message, suggestion)
