"""Configuration documents as YAML files, ``<kind>/<name>.yaml``: read, checked as a whole, then stored."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ValidationError

from infra.admin.letters import letter_errors
from infra.admin.vendors import connection_errors
from rencai.domain.configuration import MODELS, ConfigurationKind, NoticeTemplate, VendorConnection, validated
from rencai.domain.errors import ENGLISH, DomainError, LostRace
from rencai.domain.wording import field_errors
from rencai.store.configurations import Configurations

SUFFIXES: Final = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Document:
    """One file: what it configures, and its content as written."""

    path: Path
    kind: ConfigurationKind
    name: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a document came to: its version, and whether that version is new."""

    kind: ConfigurationKind
    name: str
    version: int
    changed: bool


class InvalidConfiguration(Exception):
    """Something is wrong with the files; ``errors`` are sentences, each naming its file. Nothing was stored."""

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(errors))


def load(
    directory: Path,
    configurations: Configurations,
    now: datetime,
    *,
    actor: str = "admin",
    say: Callable[[Stored], None] = lambda _: None,
) -> list[Stored]:
    """Store every YAML file of ``directory``; what is already stored as it stands gets no new version.

    All files are checked before the first is stored. Raises ``InvalidConfiguration`` with everything that is wrong.
    """
    documents = read_all(directory)
    stored = []
    for document in documents:
        stored.append(store(document, configurations, now, actor=actor))
        say(stored[-1])
    return stored


def read_all(directory: Path) -> list[Document]:
    """Every YAML file of ``directory``, checked. Raises ``InvalidConfiguration``."""
    documents: list[Document] = []
    errors: list[str] = []
    for path in _files(directory):
        try:
            documents.append(read(path))
        except InvalidConfiguration as invalid:
            errors += invalid.errors
    if not documents and not errors:
        errors.append(f"{directory}: no <kind>/<name>.yaml files in it")
    if errors:
        raise InvalidConfiguration(errors)
    return documents


def read(path: Path, kind: str | None = None, name: str | None = None) -> Document:
    """One file, checked. Kind and name are told by its path unless given. Raises ``InvalidConfiguration``."""
    kind, name = kind or path.parent.name, name or path.stem
    if kind not in MODELS:
        raise InvalidConfiguration(
            [f"{path}: '{kind}' is not a kind of configuration; there are {', '.join(ConfigurationKind)}"]
        )
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration([f"{path}: {error}"]) from None
    except yaml.YAMLError as error:
        raise InvalidConfiguration([f"{path}: {_where(error)}"]) from None
    if not isinstance(content, dict):
        raise InvalidConfiguration(
            [f"{path}: should be a mapping (name: value), not {type(content).__name__}"]
        )
    document = Document(path, ConfigurationKind(kind), name, content)
    if errors := _wrong_with(document):
        raise InvalidConfiguration([f"{path}: {error}" for error in errors])
    return document


def store(document: Document, configurations: Configurations, now: datetime, *, actor: str) -> Stored:
    """Store one document. Raises ``InvalidConfiguration``, also when somebody else stored it at the same moment."""
    kind, name = document.kind, document.name
    try:
        before = configurations.latest(kind, name).version
    except DomainError:
        before = 0  # there is none, or one that today's rules refuse
    try:
        version = configurations.put(kind, name, document.content, actor=actor, now=now)
    except LostRace:
        raise InvalidConfiguration(
            [f"{document.path}: somebody else has just stored {kind}/{name}; look at theirs, then try again"]
        ) from None
    except DomainError as error:
        raise InvalidConfiguration([f"{document.path}: {error}"]) from None
    return Stored(kind, name, version, changed=version != before)


def as_yaml(document: BaseModel) -> str:
    """A stored document as a file that ``read`` takes back unchanged, its defaults included."""
    content = _filled(document.model_dump(by_alias=True, exclude_none=True))
    return yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)


def _filled(value: Any) -> Any:
    """Without the lists and mappings that are empty: they say nothing, and a rule has many."""
    if isinstance(value, Mapping):
        return {str(key): _filled(member) for key, member in value.items() if member not in ((), {})}
    if isinstance(value, tuple):
        return [_filled(member) for member in value]
    return value


class _Plain(yaml.SafeDumper):
    """Numbers and letters as HR writes them: 0.2 and not '0.2', a body line by line."""


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    kind = "int" if value == value.to_integral_value() else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", f"{value:f}")


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Plain.add_representer(Decimal, _number)
_Plain.add_representer(str, _text)


def _files(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.rglob("*")):
        if path.suffix in SUFFIXES and not any(
            part.startswith(".") for part in path.relative_to(directory).parts
        ):
            yield path


def _wrong_with(document: Document) -> list[str]:
    try:
        MODELS[document.kind].model_validate(document.content)
    except ValidationError as error:
        found = field_errors(error.errors(include_url=False, include_input=False), ENGLISH)
        said = [(one.path, one.message.removeprefix("Value error, ")) for one in found]
        return [f"{field}: {message}" if field else message for field, message in said]
    try:
        model = validated(document.kind, document.name, document.content)
    except DomainError as error:
        return [error.text(ENGLISH)]
    match model:
        case NoticeTemplate():
            return letter_errors(document.name, model)
        case VendorConnection():
            return connection_errors(document.name, model)
        case _:
            return []


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return " ".join(str(error).split())
    return f"line {mark.line + 1}, column {mark.column + 1}: {getattr(error, 'problem', '')}"


class _Strict(yaml.SafeLoader):
    """YAML lets a repeated name replace the first one silently; in a competency model that loses rules."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"'{key.value}' is there twice", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)
