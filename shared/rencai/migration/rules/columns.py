"""Which column of a file from another system is which field (F1).

A header is compared without case, width, white space and punctuation, and without the unit behind it: 工时(小时) is
工时. What matches a name exactly is taken; what only comes close is guessed, and a person confirms it. The unit counts
when the cells are read: 加班(分钟) is minutes, 销售额(万元) is tens of thousands of CNY.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from itertools import product
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic import Field as Limited

from rencai.employees.rules.performance import METRIC
from rencai.employees.rules.signals import IDENTIFIER
from rencai.kernel.configuration import Kind
from rencai.kernel.errors import DomainError
from rencai.kernel.seen import visible
from rencai.kernel.texts import Slug
from rencai.kernel.wording import wrong

from .edges import Edge, edge_of
from .fields import (
    FIELDS,
    CellType,
    Field,
    ImportKind,
    Unit,
    number_field,
    percent_field,
    question_field,
    words_field,
)
from .options import MAX_VALUE, SPELLED, as_option, takes
from .refusals import MigrationDocumentRefusal, MigrationRefusal
from .scales import PointScale, has_scale
from .taken import AROUND_FIGURES, Column, letter, missing

ERRORS_HEADER: Final = "错误 / Errors"
"""The last column of an error file; it is no field of anything when the file comes back."""
CURRENCY: Final = r"^[A-Z]{3}$"
"""An ISO 4217 code."""
CURRENCIES: Final[Mapping[str, str]] = {
    "元": "CNY", "人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "cny": "CNY", "¥": "CNY",
    "美元": "USD", "美金": "USD", "usd": "USD", "us$": "USD", "$": "USD",
    "欧元": "EUR", "eur": "EUR", "€": "EUR", "英镑": "GBP", "gbp": "GBP", "£": "GBP",
    "日元": "JPY", "日币": "JPY", "jpy": "JPY", "港元": "HKD", "港币": "HKD", "hkd": "HKD", "hk$": "HKD",
    "新台币": "TWD", "台币": "TWD", "twd": "TWD", "nt$": "TWD", "新加坡元": "SGD", "新币": "SGD",
    "sgd": "SGD", "s$": "SGD",
    "澳元": "AUD", "aud": "AUD", "加元": "CAD", "cad": "CAD", "加拿大元": "CAD",
}  # fmt: skip
"""What currencies are called, in lower case. ``$`` is that of the United States and ``¥`` that of China."""
TIMES: Final = {
    "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000,
    "萬": 10_000, "百萬": 1_000_000, "千萬": 10_000_000, "億": 100_000_000,
}  # fmt: skip
"""What money is counted in."""
UNITS: Final[Mapping[Unit, Mapping[str, Fraction | int]]] = {
    Unit.HOURS: {
        **dict.fromkeys(("小时", "小时数", "h", "hr", "hrs", "hour", "hours"), 1),
        **dict.fromkeys(("分钟", "分钟数", "min", "mins", "minute", "minutes"), Fraction(1, 60)),
    },
    Unit.DAYS: dict.fromkeys(("天", "日", "工作日", "d", "day", "days"), 1),
    Unit.PERCENT: dict.fromkeys(("%", "百分比", "百分数", "百分率", "percent", "percentage", "pct"), 1),
    Unit.POINTS: dict.fromkeys(
        ("分", "分数", "points", "pts", "15", "1到5", "1至5", "15分", "1到5分", "1至5分"), 1
    ),
}
_REMARKS: Final = (
    "必填项", "必填", "选填", "可选", "required", "optional", "yyyymmdd", "格式yyyymmdd", "yyyymm", "年月日",
)  # fmt: skip
"""What a header says of filling it in."""
_CLOSE: Final = 0.8
"""How close a name comes for its column to be guessed."""

MAX_HEADERS: Final = 100
"""Further headers of a field, and names of a role."""
MAX_IGNORED: Final = 1_000
"""Headers of a kind that are not read."""

MAX_VALUES: Final = 2_000
"""Values of a field."""

_Header = Annotated[str, Limited(min_length=1, max_length=200)]
_Headers = Annotated[tuple[_Header, ...], Limited(max_length=MAX_HEADERS)]
_Option = Annotated[str, Limited(max_length=MAX_VALUE), BeforeValidator(as_option)]
_Values = Annotated[
    dict[Annotated[str, Limited(min_length=1, max_length=MAX_VALUE)], _Option | None],
    Limited(max_length=MAX_VALUES),
]
_Question = Annotated[str, Limited(pattern=IDENTIFIER)]
_Metric = Annotated[str, Limited(pattern=METRIC)]


class ImportMapping(BaseModel):
    """How a source names things, beyond the names that are known anyway.

    ``columns`` are further headers of fields, ``ignored`` those that are none. ``questions`` and ``texts`` are further
    questions of surveys (or further headers of those there are), ``metrics`` and ``percent_metrics`` further figures of
    a month, the latter in percent. ``roles`` are the names of each role in the source, ``values`` what further cells of
    fields with options mean (None: nothing, their rows are refused); both extend what is known anyway. Where no role is
    known, the source writes role ids. ``scales`` are those of a source's points: which is the worst and which the
    best of a survey's question, of a month's score, of an exam. ``currency`` is that of money whose column, header
    and cell name none. ``dates`` says what 03/04/2026 is, ``decimals`` whether 1.500 is one and a half (``point``)
    or 1500 (``comma``); without them such a cell is refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    columns: dict[ImportKind, dict[str, _Headers]] = {}
    ignored: dict[ImportKind, Annotated[tuple[_Header, ...], Limited(max_length=MAX_IGNORED)]] = {}
    questions: dict[_Question, _Headers] = {}
    texts: dict[_Question, _Headers] = {}
    metrics: dict[_Metric, _Headers] = {}
    percent_metrics: dict[_Metric, _Headers] = {}
    roles: dict[Slug, _Headers] = {}
    values: dict[ImportKind, dict[str, _Values]] = {}
    scales: dict[ImportKind, dict[str, PointScale]] = {}
    currency: Annotated[str, Limited(pattern=CURRENCY)] = "CNY"
    dates: Literal["day-first", "month-first"] | None = None
    decimals: Literal["point", "comma"] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for kind, further in self.columns.items():
            for field_id in further:
                if field_of(kind, field_id, self) is None:
                    raise wrong(MigrationDocumentRefusal.MAPPING_FIELD_UNKNOWN, of=kind, id=field_id)
        for kind in ImportKind:
            headers = [
                (compared(header), one.id)
                for one in fields_of(kind, self)
                for header in _further(kind, one.id, self)
            ]
            _once([*headers, *((compared(header), "ignored") for header in self.ignored.get(kind, ()))])
        said = self.values.get(ImportKind.PEOPLE, {}).get("role", {})
        _once((compact(name), role) for role, names in self.roles.items() for name in (role, *names))
        named = [(compared(name), role) for role, names in self.roles.items() for name in names]
        _once([*named, *((compared(name), role or "nothing") for name, role in said.items())])
        for kind, scales in self.scales.items():
            for field_id in scales:
                if field_of(kind, field_id, self) is None or not has_scale(kind, field_id):
                    raise wrong(MigrationDocumentRefusal.MAPPING_NO_POINTS, of=kind, id=field_id)
        for kind, fields in self.values.items():
            for field_id, options in fields.items():
                field = field_of(kind, field_id, self)
                if field_id not in SPELLED:
                    _once((compared(value), option or "nothing") for value, option in options.items())
                for option in options.values():
                    if field is None or not (option is None or takes(field, option)):
                        raise wrong(
                            MigrationDocumentRefusal.MAPPING_NO_VALUE, of=kind, id=field_id, option=option
                        )
        if other := (self.metrics.keys() | self.percent_metrics.keys()) & AROUND_FIGURES:
            raise wrong(MigrationDocumentRefusal.MAPPING_NO_FIGURE, id=min(other))
        if both := self.metrics.keys() & self.percent_metrics.keys():
            raise wrong(MigrationDocumentRefusal.MAPPING_METRIC_TWICE, id=min(both))
        return self


IMPORT_MAPPING: Final = Kind("import_mapping", ImportMapping, unset=ImportMapping, unset_for="default")


def _once(names: Iterable[tuple[str, str]]) -> None:
    of: dict[str, str] = {}
    for name, meant in names:
        if of.setdefault(name, meant) != meant:
            raise wrong(MigrationDocumentRefusal.MAPPING_TWO_MEANINGS, name=name, one=of[name], other=meant)


@dataclass(frozen=True, slots=True)
class Scale:
    """What a header says of the numbers under it: they are ``factor`` of the field's unit each; ``currency`` and
    ``stated`` (the unit is named at all), as far as it says. ``edge``: the days under it are the first, or the last, of
    their weeks.
    """

    factor: Fraction = Fraction(1)
    currency: str | None = None
    stated: bool = False
    edge: Edge | None = None


def compact(text: str) -> str:
    """A header, or another name, as it is compared: no case, width, white space or punctuation.

    >>> compact("工时 （小时）"), compact("Employee-No.")
    ('工时小时', 'employeeno')
    """
    # Twice: folding may leave what NFKC would change again.
    folded = visible(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible(text)).casefold()))
    return "".join(
        one for one in folded if one == "%" or unicodedata.category(one)[0] in "LNM" or _is_money(one)
    )


def compared(text: str) -> str:
    """A header, or a value, as it is compared; one of nothing but signs is what it is."""
    return compact(text) or unicodedata.normalize("NFKC", text).strip()


def _is_money(character: str) -> bool:
    return unicodedata.category(character) == "Sc"


def fields_of(kind: ImportKind, mapping: ImportMapping) -> tuple[Field, ...]:
    """The fields of a kind: those built in, and those that the mapping makes or has headers of."""
    known = {one.id: one for one in FIELDS[kind]}
    for one in (*_made(kind, mapping), *map(partial(_unnamed, kind), mapping.columns.get(kind, {}))):
        if one is not None:
            known.setdefault(one.id, one)
    return tuple(known.values())


def field_of(kind: ImportKind, id_: str, mapping: ImportMapping) -> Field | None:
    """A field by its id; a survey's question needs no mapping, and neither does a figure. None: there is none."""
    known = next((one for one in fields_of(kind, mapping) if one.id == id_), None)
    return known or _unnamed(kind, id_)


def _unnamed(kind: ImportKind, id_: str) -> Field | None:
    """The question or figure of this id, of which nothing else is known."""
    match id_.partition(":"):
        case ("score", ":", question) if kind is ImportKind.SURVEYS and re.fullmatch(IDENTIFIER, question):
            return question_field(question, question, question)
        case ("text", ":", question) if kind is ImportKind.SURVEYS and re.fullmatch(IDENTIFIER, question):
            return words_field(question, question, question)
        case ("metric", ":", metric) if kind is ImportKind.PERFORMANCE and re.fullmatch(METRIC, metric):
            # What is built in has its own name, and nothing is told under two.
            built_in = any(one.id == metric for one in FIELDS[kind])
            return None if built_in else number_field(id_, metric, metric, example="12.5")
    return None


def _made(kind: ImportKind, mapping: ImportMapping) -> Iterator[Field]:
    if kind is ImportKind.SURVEYS:
        for question, headers in mapping.questions.items():
            yield question_field(question, (*headers, question)[0], question)
        for question, headers in mapping.texts.items():
            yield words_field(question, (*headers, question)[0], question)
    elif kind is ImportKind.PERFORMANCE:
        built_in = {one.id for one in FIELDS[kind]}
        for metric, headers in mapping.metrics.items():
            if metric not in built_in:
                yield number_field(f"metric:{metric}", (*headers, metric)[0], metric, example="12.5")
        for metric, headers in mapping.percent_metrics.items():
            if metric not in built_in:
                yield percent_field(f"metric:{metric}", (*headers, metric)[0], metric, example="30%")


def _further(kind: ImportKind, id_: str, mapping: ImportMapping) -> tuple[str, ...]:
    """The headers that the mapping has for a field."""
    made: tuple[str, ...] = ()
    prefix, _, name = id_.partition(":")
    if kind is ImportKind.SURVEYS and name:
        made = (mapping.questions if prefix == "score" else mapping.texts).get(name, ())
    elif kind is ImportKind.PERFORMANCE:
        metric = name or prefix
        made = (*mapping.metrics.get(metric, ()), *mapping.percent_metrics.get(metric, ()))
    return (*made, *mapping.columns.get(kind, {}).get(id_, ()))


def known_names(kind: ImportKind, mapping: ImportMapping) -> frozenset[str]:
    """What the fields of a kind are called, as names are compared."""
    return frozenset(
        compact(name)
        for one in fields_of(kind, mapping)
        for name in (one.id, one.zh, one.en, *one.aliases, *_further(kind, one.id, mapping))
    )


def scale_of(field: Field, header: str) -> Scale:
    """What ``header`` says of the numbers under it.

    >>> scale_of(field_of(ImportKind.ATTENDANCE, "overtime_hours", ImportMapping()), "加班(分钟)").factor
    Fraction(1, 60)
    """
    name = compact(header)
    if field.type is CellType.WEEK:
        return Scale(edge=edge_of(name))
    return _parted(field, name)[1]


def _parted(field: Field, name: str) -> tuple[str, Scale]:
    """A header without what it says of its numbers and of filling it in, and what it says of its numbers."""
    bare = _without_remark(name)
    for ending, scale in _endings(field.unit):
        if bare.endswith(ending) and bare != ending:
            return bare.removesuffix(ending), scale
    return bare, Scale()


def _without_remark(name: str) -> str:
    return next((name[: -len(one)] for one in _REMARKS if name.endswith(one) and name != one), name)


@cache
def _endings(unit: Unit | None) -> tuple[tuple[str, Scale], ...]:
    """What a header may end in where its field has this unit, the longest first."""
    scales: dict[str, Scale] = {}
    if unit is Unit.MONEY:
        for name, currency in CURRENCIES.items():
            scales[name] = Scale(currency=currency, stated=True)
            for times, factor in TIMES.items():
                scales[times + name] = Scale(Fraction(factor), currency, stated=True)
        for times, factor in TIMES.items():
            scales[times] = Scale(Fraction(factor), stated=True)
            scales[f"人民币{times}元"] = Scale(Fraction(factor), "CNY", stated=True)
    elif unit is not None:
        scales = {name: Scale(Fraction(factor), stated=True) for name, factor in UNITS[unit].items()}
    return tuple(sorted(scales.items(), key=lambda one: -len(one[0])))


def guess(kind: ImportKind, headers: Sequence[str], mapping: ImportMapping) -> tuple[Column, ...]:
    """Which field each column is, as far as the headers say; a field has at most one column.

    The mapping's names come before those built in, a whole name before one with a unit behind it. Where two columns
    have an equally good name, the first is guessed, so that a person looks. A name that comes close (a ratio of 0.8 by
    ``difflib``, or one within the other) is guessed as well.
    """
    names = [compared(header) for header in headers]
    unread = {"", compact(ERRORS_HEADER), *map(compared, mapping.ignored.get(kind, ()))}
    free = [index for index, name in enumerate(names) if name not in unread]
    open_ = list(fields_of(kind, mapping))
    found: dict[int, tuple[str, Literal["exact", "guessed"]]] = {}

    def take(index: int, field: Field, how: Literal["exact", "guessed"]) -> None:
        found[index] = field.id, how
        free.remove(index)
        open_.remove(field)

    further = {one.id: {compared(header) for header in _further(kind, one.id, mapping)} for one in open_}
    built_in = {one.id: {compact(name) for name in (one.id, one.zh, one.en, *one.aliases)} for one in open_}
    ways: tuple[Callable[[Field, str], bool], ...] = (
        lambda one, name: name in further[one.id],
        lambda one, name: name in built_in[one.id],
        lambda one, name: _parted(one, name)[0] in built_in[one.id] | further[one.id],
    )
    for fits in ways:
        for one in tuple(open_):
            fitting = [index for index in free if fits(one, names[index])]
            if fitting:
                take(fitting[0], one, "exact" if len(fitting) == 1 else "guessed")
    close = [
        (likeness, index, place)
        for index in free
        for place, one in enumerate(open_)
        if (
            likeness := _likeness(
                {names[index], _parted(one, names[index])[0]}, built_in[one.id] | further[one.id]
            )
        )
        >= _CLOSE
    ]
    remaining = tuple(open_)
    for _, index, place in sorted(close, key=lambda one: (-one[0], *one[1:])):
        if index in free and remaining[place] in open_:
            take(index, remaining[place], "guessed")
    return tuple(
        Column(header, index, *found.get(index, (None, "ignored"))) for index, header in enumerate(headers)
    )


def _likeness(headers: Iterable[str], names: Iterable[str]) -> float:
    """How close one of ``headers`` comes to one of ``names``, 0 to 1."""
    best = 0.0
    for header, name in product(headers, names):
        if name in header and _speaks(name):
            best = max(best, _CLOSE + (1 - _CLOSE) * len(name) / len(header))
        elif header in name and len(header) > len(name) / 2 and _speaks(header):
            best = max(best, _CLOSE + (1 - _CLOSE) * len(header) / len(name))
        else:
            from difflib import SequenceMatcher

            matcher = SequenceMatcher(None, header, name, autojunk=False)
            if matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE:
                best = max(best, matcher.ratio())
    return best


def _speaks(name: str) -> bool:
    """Whether a name says enough for it to count where it is part of another."""
    return len(name) >= (4 if name.isascii() else 2)


def confirmed(
    kind: ImportKind,
    columns: Sequence[Column],
    choice: Mapping[str, str | None],
    mapping: ImportMapping,
    by_letter: Mapping[str, str | None] | None = None,
) -> tuple[Column, ...]:
    """The columns as a person chose them: the field of each header, or of each letter (``by_letter``), None: it is not
    read. What is not spoken of stays as it was, except that a guess gives way.

    Raises ``DomainError`` (COLUMN_UNKNOWN for a header or a field, COLUMN_AMBIGUOUS, COLUMN_TWICE, COLUMN_MISSING).
    """
    chosen = _choices(columns, choice, by_letter or {})
    known = [one.id for one in fields_of(kind, mapping)]
    for path, id_ in chosen.values():
        if id_ is not None and field_of(kind, id_, mapping) is None:
            raise DomainError(MigrationRefusal.COLUMN_UNKNOWN, path, column=id_, known=", ".join(known))
    fields = {id_ for _, id_ in chosen.values() if id_}
    made = tuple(_chosen(column, chosen, fields) for column in columns)
    count = Counter(column.field for column in made if column.field)
    for column in made:
        if column.field and count[column.field] > 1:
            raise DomainError(MigrationRefusal.COLUMN_TWICE, f"columns.{column.header}", field=column.field)
    for id_ in missing(kind, made):
        raise DomainError(MigrationRefusal.COLUMN_MISSING, "columns", column=id_)
    return made


def _choices(
    columns: Sequence[Column], choice: Mapping[str, str | None], by_letter: Mapping[str, str | None]
) -> dict[int, tuple[str, str | None]]:
    """What was chosen of each column, by its index, with where it was said."""
    made: dict[int, tuple[str, str | None]] = {}
    indexes = {letter(column.index): column.index for column in columns}
    for name, id_ in by_letter.items():
        path = f"by_letter.{name}"
        if name not in indexes:
            raise DomainError(MigrationRefusal.COLUMN_UNKNOWN, path, column=name, known=", ".join(indexes))
        made[indexes[name]] = path, id_
    headers: dict[str, list[int]] = {}
    for column in columns:
        headers.setdefault(column.header, []).append(column.index)
    for header, id_ in choice.items():
        path = f"columns.{header}"
        if header not in headers:
            raise DomainError(
                MigrationRefusal.COLUMN_UNKNOWN, path, column=header, known=", ".join(sorted(headers))
            )
        left = [index for index in headers[header] if index not in made]
        if id_ is not None and len(left) > 1:
            letters = ", ".join(map(letter, left))
            raise DomainError(MigrationRefusal.COLUMN_AMBIGUOUS, path, header=header, letters=letters)
        made |= dict.fromkeys(left, (path, id_))
    return made


def _chosen(column: Column, chosen: Mapping[int, tuple[str, str | None]], fields: Collection[str]) -> Column:
    if column.index in chosen:
        id_ = chosen[column.index][1]
        return replace(column, field=id_, how="confirmed" if id_ else "ignored")
    if column.how != "guessed":
        return column
    if column.field in fields:
        return replace(column, field=None, how="ignored")
    return replace(column, how="confirmed")


def needs_confirmation(kind: ImportKind, columns: Sequence[Column]) -> bool:
    """Whether a person has to look: a required field is not there, or a column is only guessed."""
    return bool(missing(kind, columns)) or any(column.how == "guessed" for column in columns)
