"""What a person said that the values of a file's cells mean, and what is known of them anyway (F1)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rencai.kernel.errors import DomainError
from rencai.kernel.seen import legible
from rencai.migration.rules.refusals import MigrationRefusal

from .fields import CellType, Field, ImportKind
from .import_mapping import MAX_VALUES, ImportMapping, field_of
from .names import compared
from .options import SPELLED, has_options, options_of, takes
from .sheet.currencies import CURRENCIES
from .taken import Asked, Column, Options, Said

_ROLE: Final = "role"


def value_key(field_id: str, text: str) -> str:
    """A value as it is compared; of what may be spelled in several ways, as it is spelled."""
    return " ".join(legible(text).split()) if field_id in SPELLED else compared(text)


def said_of(mapping: ImportMapping, kind: ImportKind) -> dict[str, dict[str, str | None]]:
    """What values of a kind mean, by field and by the value as it is compared."""
    return {
        field_id: {value_key(field_id, value): option for value, option in options.items()}
        for field_id, options in mapping.values.get(kind, {}).items()
    }


def names_of(field: Field, mapping: ImportMapping) -> dict[str, str]:
    """What the options of a field are called, and which each name is."""
    options: Mapping[str, Sequence[str]] = mapping.roles if field.type is CellType.ROLE else field.options
    names = {name: option for option, known in options.items() for name in (option, *known)}
    return {**names, **CURRENCIES} if field.type is CellType.CURRENCY else names


def extended(
    own: ImportMapping,
    default: ImportMapping,
    roles: Mapping[str, Sequence[str]],
    kind: ImportKind,
    said: Mapping[str, Said],
) -> ImportMapping:
    """A source's mapping by which its file is read: over it what was ``said`` of this file, under it the ``roles``
    there are with their names, and what all sources call roles and values (``default``). The nearer counts where two
    say different things.
    """
    values = {field_id: dict(options) for field_id, options in own.values.get(kind, {}).items()}
    for field_id, one in said.items():
        values[field_id] = _over(field_id, one.options, values.get(field_id, {}))
    named = {compared(name) for role, names in own.roles.items() for name in (role, *names)}
    for field_id, options in default.values.get(kind, {}).items():
        free = {v: o for v, o in options.items() if field_id != _ROLE or compared(v) not in named}
        values[field_id] = _over(field_id, values.get(field_id, {}), free)
    known = dict(own.roles)
    for further in (_of_one(roles), default.roles):
        for role, names in further.items():
            if role in known or compared(role) not in named:
                free_names = tuple(name for name in names if compared(name) not in named)
                known[role] = (*known.get(role, ()), *free_names)
        named |= {compared(name) for role, names in known.items() for name in (role, *names)}
    if known:
        # Of a list that there is, a role that somebody chose is one more.
        known |= {role: () for role in values.get(_ROLE, {}).values() if role and role not in known}
    return own.model_copy(update={"roles": known, "values": {**own.values, kind: values}})


def _of_one(roles: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Roles with those of their names that are no other's."""
    of = Counter(compared(name) for role, names in roles.items() for name in {role, *names})
    return {role: [name for name in names if of[compared(name)] == 1] for role, names in roles.items()}


def _over(field_id: str, options: Options, under: Options) -> dict[str, str | None]:
    keys = {value_key(field_id, value) for value in options}
    return {**{v: o for v, o in under.items() if value_key(field_id, v) not in keys}, **options}


def chosen(
    kind: ImportKind,
    columns: Sequence[Column],
    asked: Sequence[Asked],
    choice: Mapping[str, Options],
    mapping: ImportMapping,
    before: Mapping[str, Said],
    *,
    guesses: bool,
) -> dict[str, Said]:
    """What the values of a file mean by a person's ``choice``, over what was said of it ``before``. Of what they were
    asked and did not name, the guess counts where ``guesses``. An option may be said by its name.

    Raises ``DomainError``: VALUE_FIELD_UNKNOWN, VALUE_OPTION_UNKNOWN, VALUE_ROLE_UNKNOWN, VALUE_TWICE.
    """
    index_of = {one.field: one.index for one in columns if one.field}
    fields = {
        id_: field for id_ in index_of if (field := field_of(kind, id_, mapping)) and has_options(field)
    }
    shown = {one.field: one for one in asked if index_of.get(one.field) == one.column}
    _each_means_one_thing(choice)
    said = {id_: one for id_, one in before.items() if id_ in fields and one.column in (None, index_of[id_])}
    for id_ in choice:
        if id_ not in fields:
            known = tuple(fields)
            raise DomainError(MigrationRefusal.VALUE_FIELD_UNKNOWN, f"values.{id_}", field=id_, known=known)
    for id_ in (*shown, *(one for one in choice if one not in shown)):
        named = {
            value: _resolved(fields[id_], value, option, mapping)
            for value, option in choice.get(id_, {}).items()
        }
        likely: dict[str, str | None] = {}
        if id_ in shown and guesses:
            likely = {one.value: one.guess for one in shown[id_].values if one.guess is not None}
        earlier = said.get(id_, Said(None, {}))
        column = shown[id_].column if id_ in shown else earlier.column
        said[id_] = Said(column, _over(id_, _over(id_, named, likely), earlier.options))
    return said


def _each_means_one_thing(choice: Mapping[str, Options]) -> None:
    for id_, options in choice.items():
        first: dict[str, str] = {}
        for value, option in options.items():
            other = first.setdefault(value_key(id_, value), value)
            if options[other] != option:
                raise DomainError(
                    MigrationRefusal.VALUE_TWICE, f"values.{id_}.{value}", value=value, other=other
                )


def _resolved(field: Field, value: str, option: str | None, mapping: ImportMapping) -> str | None:
    if option is None:
        return None
    by_name = {compared(name): one for name, one in names_of(field, mapping).items()}
    meant = by_name.get(compared(option), " ".join(option.split()))
    if not takes(field, meant):
        options = options_of(field, mapping.roles, CURRENCIES.values())
        role = field.type is CellType.ROLE
        raise DomainError(
            MigrationRefusal.VALUE_ROLE_UNKNOWN if role else MigrationRefusal.VALUE_OPTION_UNKNOWN,
            f"values.{field.id}.{value}",
            field=field.id,
            option=option,
            options=tuple(options) or (field.example,),
        )
    return meant


def remember_values(document: dict[str, Any], kind: ImportKind, said: Mapping[str, Said]) -> None:
    """A mapping's document learns what values mean; one that was the name of a role is that no more.

    Raises ``DomainError`` (MAPPING_FULL).
    """
    for field_id, one in said.items():
        if not one.options:
            continue
        fields = document.setdefault("values", {}).setdefault(kind.value, {})
        fields[field_id] = _over(field_id, one.options, fields.get(field_id, {}))
        if len(fields[field_id]) > MAX_VALUES:
            raise DomainError(
                MigrationRefusal.MAPPING_FULL, f"values.{field_id}", field=field_id, limit=MAX_VALUES
            )
        if field_id == _ROLE:
            _unname(document, {compared(value): role for value, role in one.options.items()})


def _unname(document: dict[str, Any], said: Options) -> None:
    for role, names in document.get("roles", {}).items():
        document["roles"][role] = [name for name in names if compared(name) not in said]
