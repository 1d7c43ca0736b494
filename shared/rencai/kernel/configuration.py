"""Versioned documents that HR edits without a deploy, each validated before it is stored.

Each capability declares its kinds beside their models; ``rencai.wiring.documents`` only lists them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from .errors import CHINESE, LANGUAGES, CommonRefusal, DomainError
from .refusals import DocumentRefusal
from .terms import Said
from .wording import field_errors, path_of

DEFAULT: Final = "default"
"""The name of a document of which a tenant has one."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Model]):
    """A kind of document: ``name`` in the table, in the admin command and as the folder of its shipped defaults
    (``infra/defaults/<name>/<document>.yaml``), and its model.

    ``unset`` makes what holds, as version 0, where a tenant has stored none; without it there has to be one. It stands
    for every document of the kind, or for the one named ``unset_for``. ``named_by`` is a field that has to say the
    document's own name.
    """

    name: str
    model: type[Model]
    unset: Callable[[], Model] | None = None
    unset_for: str | None = None
    named_by: str | None = None

    def __str__(self) -> str:
        return self.name

    def when_unset(self, name: str) -> Model | None:
        """What holds for the document ``name`` where none is stored; None where there has to be one."""
        if self.unset is None or self.unset_for not in (None, name):
            return None
        return self.unset()


def validated(kind: Kind[Model], name: str, document: Mapping[str, Any]) -> Model:
    """The document as its model; raises ``DomainError`` saying where it is wrong."""
    try:
        model = kind.model.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise DomainError(
            CommonRefusal.CONFIGURATION_INVALID,
            path_of(details[0]["loc"]),
            kind=kind,
            name=name,
            reason=Said(*(_first(details, language) for language in LANGUAGES)),
        ) from None
    said = name if kind.named_by is None else getattr(model, kind.named_by)
    if said != name:
        raise DomainError(
            CommonRefusal.CONFIGURATION_INVALID,
            str(kind.named_by),
            kind=kind,
            name=name,
            reason=DomainError(
                DocumentRefusal.NAMED_OTHERWISE, named=kind.named_by, said=said, document=name
            ),
        )
    return model


def _first(details: list[Any], language: str) -> str:
    (found,) = field_errors(details[:1], language)
    between = ":" if language == CHINESE else ": "
    return f"{found.path}{between}{found.message}" if found.path else found.message
