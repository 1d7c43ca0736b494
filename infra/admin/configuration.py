"""Configuration documents as files, ``<kind>/<name>.yaml`` or ``.json``: read, checked as a whole, then stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ValidationError

from infra.admin.claims import NamesClaims, claims_missing, classifier_errors
from infra.admin.letters import letter_errors
from infra.admin.training import courses_missing, names_no_model_has
from infra.admin.vendors import connection_errors
from rencai.career.rules.ladder import CAREER_LADDER, CareerLadder
from rencai.career.rules.scorecard import SCORECARD, Scorecard
from rencai.interviews.rules.competency import COMPETENCY_MODEL, CompetencyModel
from rencai.kernel.configuration import Kind, validated
from rencai.kernel.errors import ENGLISH, DomainError, LostRace
from rencai.kernel.wording import field_errors
from rencai.letters.documents import NoticeTemplate
from rencai.pressure.rules.intervention import INTERVENTION_CATALOGUE, InterventionCatalogue
from rencai.pressure.rules.policy import RISK_POLICY
from rencai.reading.rules.classifier import Classifier
from rencai.reading.rules.lexicon import LEXICON, Lexicon
from rencai.store.configurations import Configurations
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES, CourseCatalogue, TrainingRules
from rencai.vendors.documents import VendorConnection
from rencai.wiring.documents import KINDS

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
"""A classifier has thousands of lines, which are JSON: YAML takes seconds over them."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file: what it configures, and its content as written."""

    path: Path
    kind: Kind[Any]
    name: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a document came to: its version, and whether that version is new."""

    kind: Kind[Any]
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
    return store_all(read_all(directory), configurations, now, actor=actor, say=say)


def store_all(
    documents: Sequence[Document],
    configurations: Configurations,
    now: datetime,
    *,
    actor: str = "admin",
    say: Callable[[Stored], None] = lambda _: None,
) -> list[Stored]:
    """Store documents that were read, once they agree with one another and with what is stored.

    Raises ``InvalidConfiguration``, before the first is stored, with everything in which they do not agree.
    """
    if errors := _disagreements(documents, configurations):
        raise InvalidConfiguration(errors)
    stored = []
    for document in documents:
        stored.append(_store(document, configurations, now, actor))
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
    if kind not in KINDS:
        raise InvalidConfiguration(
            [f"{path}: '{kind}' is not a kind of configuration; there are {', '.join(KINDS)}"]
        )
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            content = json.loads(text, parse_float=str, object_pairs_hook=_once)
        else:
            content = yaml.load(text, Loader=_Strict)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration([f"{path}: {error}"]) from None
    except json.JSONDecodeError as error:
        raise InvalidConfiguration(
            [f"{path}: line {error.lineno}, column {error.colno}: {error.msg}"]
        ) from None
    except _Twice as twice:
        raise InvalidConfiguration([f"{path}: '{twice}' is there twice"]) from None
    except yaml.YAMLError as error:
        raise InvalidConfiguration([f"{path}: {_where(error)}"]) from None
    if not isinstance(content, dict):
        raise InvalidConfiguration(
            [f"{path}: should be a mapping (name: value), not {type(content).__name__}"]
        )
    document = Document(path, KINDS[kind], name, content)
    if errors := _wrong_with(document):
        raise InvalidConfiguration([f"{path}: {error}" for error in errors])
    return document


def store(document: Document, configurations: Configurations, now: datetime, *, actor: str) -> Stored:
    """Store one document. Raises ``InvalidConfiguration``, also when somebody else stored it at the same moment."""
    (stored,) = store_all((document,), configurations, now, actor=actor)
    return stored


def check(document: Document, configurations: Configurations) -> None:
    """Raises ``InvalidConfiguration`` with everything in which it does not agree with what is stored."""
    if errors := _disagreements((document,), configurations):
        raise InvalidConfiguration(errors)


def as_yaml(document: BaseModel) -> str:
    """A stored document as a file that ``read`` takes back unchanged, its defaults included."""
    content = _filled(document.model_dump(by_alias=True, exclude_none=True))
    return yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)


def _filled(value: Any) -> Any:
    """Without the lists and mappings that are empty: they say nothing, and a rule has many."""
    if isinstance(value, Mapping):
        return {
            str(key): _filled(member) for key, member in value.items() if member not in ((), {}, frozenset())
        }
    if isinstance(value, frozenset):
        return sorted(value)
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


def _name(dumper: yaml.SafeDumper, value: StrEnum) -> yaml.ScalarNode:
    return dumper.represent_str(value.value)


def _time(dumper: yaml.SafeDumper, value: time) -> yaml.ScalarNode:
    return dumper.represent_str(value.isoformat("auto"))


_Plain.add_representer(Decimal, _number)
_Plain.add_representer(str, _text)
_Plain.add_representer(time, _time)
_Plain.add_multi_representer(StrEnum, _name)


def _files(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.rglob("*")):
        if path.suffix in SUFFIXES and not any(
            part.startswith(".") for part in path.relative_to(directory).parts
        ):
            yield path


def _wrong_with(document: Document) -> list[str]:
    try:
        document.kind.model.model_validate(document.content)
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
        case Classifier():
            return classifier_errors(document.name, model)
        case _:
            return []


def _store(document: Document, configurations: Configurations, now: datetime, actor: str) -> Stored:
    kind, name = document.kind, document.name
    before = 0
    try:
        newest = configurations.stored(kind, name)
        before = newest.version
        # As documents and not as texts: a set's order is another in each process.
        if newest.document == validated(kind, name, document.content):
            return Stored(kind, name, before, changed=False)
    except DomainError:
        pass  # there is none, or one that today's rules refuse
    try:
        version = configurations.put(kind, name, document.content, actor=actor, now=now)
    except LostRace:
        raise InvalidConfiguration(
            [f"{document.path}: somebody else has just stored {kind}/{name}; look at theirs, then try again"]
        ) from None
    except DomainError as error:
        raise InvalidConfiguration([f"{document.path}: {error}"]) from None
    return Stored(kind, name, version, changed=version != before)


@dataclass(frozen=True, slots=True)
class _Newest:
    """Documents as they will be once all that are ``told`` are stored."""

    told: Mapping[tuple[Kind[Any], str], Document]
    configurations: Configurations

    def find(self, kind: Kind[Any], name: str) -> tuple[BaseModel | None, str]:
        """The document and where it is, which an error can say."""
        document = self.told.get((kind, name))
        if document:
            return validated(kind, name, document.content), str(document.path)
        try:
            found = self.configurations.stored(kind, name)
        except DomainError:
            return None, ""  # there is none, or one that today's rules refuse
        return found.document, f"{kind}/{name} version {found.version}"

    def names(self, kind: Kind[Any]) -> list[str]:
        """The names there will be of a kind."""
        return sorted({*(name for of, name in self.told if of == kind), *self.configurations.names(kind)})

    def competency_models(self, roles: Iterable[str]) -> dict[str, CompetencyModel]:
        found = {role: self.find(COMPETENCY_MODEL, role)[0] for role in roles}
        return {role: model for role, model in found.items() if isinstance(model, CompetencyModel)}


def _disagreements(documents: Sequence[Document], configurations: Configurations) -> list[str]:
    """What documents say of one another and is not so. What is not among them is what is stored."""
    newest = _Newest({(document.kind, document.name): document for document in documents}, configurations)
    errors = _courses_missing(newest, TRAINING_RULES, "the rules")
    rules_key = (TRAINING_RULES, "default")
    rules, rules_place = newest.find(*rules_key) if rules_key in newest.told else (None, "")
    if isinstance(rules, TrainingRules):
        errors += [f"{rules_place}: {error}" for error in _for_nobody(rules, newest)]
    errors += _courses_missing(newest, INTERVENTION_CATALOGUE, "the actions")
    for kind, called in (
        (CAREER_LADDER, "the ladder"),
        (SCORECARD, "the scorecard"),
    ):
        for role in newest.names(kind):
            errors += _courses_missing(newest, kind, called, role)
    for role in newest.names(COMPETENCY_MODEL):
        errors += _claims_missing(newest, (COMPETENCY_MODEL, role), "competency")
    return errors + _claims_missing(newest, (RISK_POLICY, "default"), "survey")


def _claims_missing(newest: _Newest, key: tuple[Kind[Any], str], words: str) -> list[str]:
    """The claims that a document names and the lexicon of ``words`` does not have, where one of them is stored."""
    if not {key, (LEXICON, words)} & set(newest.told):
        return []
    naming, place = newest.find(*key)
    if not isinstance(naming, NamesClaims):
        return []
    found, lexicon_place = newest.find(LEXICON, words)
    lexicon = found if isinstance(found, Lexicon) else None
    missing = claims_missing(naming, lexicon)
    if key not in newest.told:
        return [
            f"{lexicon_place}: claim '{claim}' is gone, and {what} of {place} names it; keep the claim, or take it out "
            "there first"
            for what, claim in missing
        ]
    there_are = (
        f"{lexicon_place} has {', '.join(lexicon.told)}"
        if lexicon
        else f"no lexicon/{words} is stored, and has to be first"
    )
    return [f"{place}: {what}: there is no claim '{claim}'; {there_are}" for what, claim in missing]


def _courses_missing(newest: _Newest, kind: Kind[Any], called: str, name: str = "default") -> list[str]:
    """The courses that a document names and the catalogue does not have, when one of the two is being stored."""
    key, catalogue_key = (kind, name), (COURSE_CATALOGUE, "default")
    if not {key, catalogue_key} & set(newest.told):
        return []
    naming, place = newest.find(*key)
    if not isinstance(naming, TrainingRules | InterventionCatalogue | CareerLadder | Scorecard):
        return []
    catalogue, catalogue_place = newest.find(*catalogue_key)
    missing = courses_missing(naming, catalogue if isinstance(catalogue, CourseCatalogue) else None)
    if key not in newest.told:
        return [
            f"{catalogue_place}: course '{course}' is gone, and {what} of {place} names it; keep the course, "
            f"or take it out of {called} first"
            for what, course in missing
        ]
    where = catalogue_place or "the course catalogue, for none is stored"
    return [
        f"{place}: {what}: there is no course '{course}' in {where}; add it there first, or name another"
        for what, course in missing
    ]


def _for_nobody(rules: TrainingRules, newest: _Newest) -> list[str]:
    models = newest.competency_models(name for kind, name in newest.told if kind == COMPETENCY_MODEL)
    # A directory that explains itself, like the shipped one, need not wait for what is stored.
    if not models or names_no_model_has(rules, models):
        stored = newest.configurations.names(COMPETENCY_MODEL)
        models |= newest.competency_models(stored)
    return names_no_model_has(rules, models) if models else []


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return " ".join(str(error).split())
    return f"line {mark.line + 1}, column {mark.column + 1}: {getattr(error, 'problem', '')}"


class _Twice(Exception):
    """A name that stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


class _Strict(yaml.SafeLoader):
    """YAML lets a repeated name replace the first one silently; in a competency model that loses rules. It also takes
    18:00 for the number 1080, sixty being its base where it sees a colon.
    """

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


def _whole_number(loader: _Strict, node: yaml.ScalarNode) -> int | str:
    return node.value if ":" in node.value else loader.construct_yaml_int(node)


_Strict.add_constructor("tag:yaml.org,2002:int", _whole_number)
