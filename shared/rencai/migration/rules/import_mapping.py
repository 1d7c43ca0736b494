"""How a source names things: the configuration document, and the fields that a kind has by it (F1)."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic import Field as Limited

from rencai.employees.rules.performance import METRIC
from rencai.employees.rules.signals import IDENTIFIER
from rencai.kernel.configuration import Kind
from rencai.kernel.texts import Slug
from rencai.kernel.wording import wrong

from .fields import FIELDS, Field, ImportKind, number_field, percent_field, question_field, words_field
from .names import compact, compared
from .options import MAX_VALUE, SPELLED, as_option, takes
from .refusals import MigrationDocumentRefusal
from .scales import PointScale, has_scale
from .sheet.currencies import CURRENCY
from .taken import AROUND_FIGURES

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
                for header in further_headers(kind, one.id, self)
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


def further_headers(kind: ImportKind, id_: str, mapping: ImportMapping) -> tuple[str, ...]:
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
        for name in (one.id, one.zh, one.en, *one.aliases, *further_headers(kind, one.id, mapping))
    )
