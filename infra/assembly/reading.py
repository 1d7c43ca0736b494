"""YAML with CloudFormation's short forms. Every string knows the line it stands on, wherever it is merged to later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from infra.assembly.faults import AssemblyError, Fault, Place

# libyaml's parser where PyYAML has it: ten times faster on a template of a thousand lines.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Word(str):
    """A string of a template; keys are words too."""

    __slots__ = ("place",)
    place: Place


def place_of(value: Any) -> Place:
    """Where it stands: a string's own place, else that of the first string in it."""
    if isinstance(value, Word):
        return value.place
    inside = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    for part in inside if isinstance(inside, list) else []:
        if isinstance(part, Word | dict | list) and (found := place_of(part)).line:
            return found
    return Place("?", 0)


def read(file: Path, root: Path) -> dict[str, Any]:
    """A template's content, short forms as ``{"Ref": ...}`` and ``{"Fn::GetAtt": "Table.Arn"}``.

    Raises:
        AssemblyError: for what is not YAML, a key that is said twice (YAML itself takes the last), and a file that is
            no mapping.
    """
    shown = file.relative_to(root).as_posix()
    try:
        node = yaml.compose(file.read_text(), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AssemblyError(Fault(Place(shown, line), f"this is not YAML: {error.problem}")) from None
    if not isinstance(node, yaml.MappingNode):
        raise AssemblyError(Fault(Place(shown, 1), "a template is a mapping that starts with `Resources:`"))
    content: dict[str, Any] = _Reading(shown).value(node)
    return content


class _Reading:
    def __init__(self, file: str) -> None:
        self._file = file
        self._plain = yaml.SafeLoader("")

    def value(self, node: yaml.Node) -> Any:
        if node.tag.startswith("!"):
            return self._short_form(node)
        return self._content(node)

    def _content(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one) for one in node.value]
        # 2012-10-17 is a version here, never a date.
        if node.tag in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp") or node.tag.startswith("!"):
            return self._word(node)
        return self._plain.construct_object(node)

    def _mapping(self, node: yaml.MappingNode) -> dict[Word, Any]:
        made: dict[Word, Any] = {}
        for key_node, value_node in node.value:
            key = self._word(key_node)
            if key in made:
                first = next(one for one in made if one == key)
                raise AssemblyError(
                    Fault(key.place, f"{key} is said twice, first at {first.place}: keep one of them")
                )
            made[key] = self._named(key, self.value(value_node))
        return made

    def _short_form(self, node: yaml.Node) -> dict[Word, Any]:
        name = node.tag.removeprefix("!")
        key = self._placed(name if name in ("Ref", "Condition") else f"Fn::{name}", node)
        return {key: self._named(key, self._content(node))}

    @staticmethod
    def _named(key: Word, value: Any) -> Any:
        """``[Table, Arn]`` is another way to write Table.Arn."""
        if key != "Fn::GetAtt" or not isinstance(value, list):
            return value
        name = Word(".".join(value))
        name.place = place_of(value)
        return name

    def _word(self, node: yaml.Node) -> Word:
        return self._placed(str(node.value), node)

    def _placed(self, text: str, node: yaml.Node) -> Word:
        word = Word(text)
        word.place = Place(self._file, node.start_mark.line + 1)
        return word
