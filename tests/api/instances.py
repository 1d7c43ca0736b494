"""Inputs made from a JSON schema: those it takes, and for each thing that it asks for one that lacks it."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker

Schema = Mapping[str, Any]
_EXAMPLES: Final[Mapping[str, Any]] = {
    "date-time": "2026-03-02T09:00:00+08:00",
    "date": "2026-03-02",
    "time": "18:00:00",
    "uri": "https://example.com/x",
    "email": "zhou@example.com",
}
_OF_A_FORM: Final = (
    *("x1", "CNY", "2026-W10", "2026-11", "2026-03-02"),
    *("+8613800000001", "zhou@example.com", "march.csv"),
)
_MANY: Final = 400
"""Members or characters beyond which a bound is not tried: what comes of it is the same, and slow."""


class Instances:
    """``schemas`` are the document's components."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def takes(self, schema: Schema, instance: Any) -> bool:
        """Whether the schema takes it, formats among it."""
        whole = {"components": {"schemas": self._schemas}, **schema}
        return bool(Draft202012Validator(whole, format_checker=FormatChecker()).is_valid(instance))

    def faults(self, schema: Schema, instance: Any) -> list[str]:
        """What the schema has against it."""
        whole = {"components": {"schemas": self._schemas}, **schema}
        found = Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(instance)
        return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}"[:300] for error in found]

    def plain(self, schema: Schema) -> Schema:
        """Without references, unions with null and wrappers of one."""
        while True:
            if "$ref" in schema:
                schema = {**self._schemas[schema["$ref"].rpartition("/")[2]], **_but(schema, "$ref")}
            elif len(schema.get("allOf", ())) == 1:
                schema = {**self.plain(schema["allOf"][0]), **_but(schema, "allOf")}
            elif "anyOf" in schema:
                some = [one for one in schema["anyOf"] if one.get("type") != "null"]
                schema = {**self.plain(some[0]), **_but(schema, "anyOf")}
            else:
                return schema

    def sample(self, schema: Schema, whole: bool = True) -> Any:
        """One that it takes: with every field, or with those it asks for only."""
        asked = self.plain(schema)
        if "const" in asked:
            return asked["const"]
        if "enum" in asked:
            return asked["enum"][0]
        kind = asked.get("type")
        if kind == "object":
            wanted = asked.get("properties", {}) if whole else {}
            wanted = {**wanted, **{name: asked["properties"][name] for name in asked.get("required", ())}}
            made = {name: self.sample(one, whole) for name, one in wanted.items()}
            further = asked.get("additionalProperties")
            if isinstance(further, Mapping) and not wanted:
                made = {"a": self.sample(further, whole)} if asked.get("minProperties") or whole else {}
            return made
        if kind == "array":
            least = max(asked.get("minItems", 0), 1 if whole else 0)
            return [self.sample(asked.get("items", {}), whole) for _ in range(least)]
        if kind == "string":
            return _text(asked)
        if kind in ("integer", "number"):
            low = asked.get("minimum", asked.get("exclusiveMinimum", 0))
            high = asked.get("maximum", low + 1)
            return low if "minimum" in asked else (low + high) / 2 if kind == "number" else low + 1
        return True if kind == "boolean" else {}

    def broken(self, schema: Schema, instance: Any, where: str = "") -> Iterator[tuple[str, Any]]:
        """Beside ``instance`` as it is: ones with one thing wrong each, and what that is."""
        asked = self.plain(schema)
        kind = asked.get("type")
        for wrong in (None, True, 0, 7, 7.5, "7", "x", [], [1], {}, {"x": 1}):
            yield f"{where or 'all'} is {wrong!r}", wrong
        if kind == "object" and isinstance(instance, Mapping):
            yield f"{where} has another field", {**instance, "surely_not_a_field": 1}
            for name, one in instance.items():
                yield f"{where}.{name} is missing", _but(instance, name)
                inner = asked.get("properties", {}).get(name, asked.get("additionalProperties"))
                for what, wrong in (
                    self.broken(inner, one, f"{where}.{name}") if isinstance(inner, Mapping) else ()
                ):
                    yield what, {**instance, name: wrong}
        elif kind == "array" and isinstance(instance, list):
            for what, wrong in (
                self.broken(asked.get("items", {}), instance[0], f"{where}[]") if instance else ()
            ):
                yield what, [wrong, *instance[1:]]
            if asked.get("maxItems", _MANY + 1) <= _MANY and instance:
                yield f"{where} has too many", [copy.deepcopy(instance[0])] * (asked["maxItems"] + 1)
        elif kind == "string":
            longest = asked.get("maxLength", 50)
            for text in ("", " ", "x" * longest, "x" * (longest + 1), "人", "a b", "2026-13-45", "A", "~~"):
                yield f"{where} is {text[:20]!r} of {len(text)}", text
        elif kind in ("integer", "number"):
            for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
                for beside in (-1, 0, 1) if name in asked else ():
                    yield f"{where} beside its {name}", asked[name] + beside
            for number in (0, -1, 1e300, 10**30, 0.123456789):
                yield f"{where} is {number!r}", number


def _but(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}


def _text(asked: Schema) -> str:
    if "format" in asked:
        return str(_EXAMPLES[asked["format"]])
    if "pattern" in asked:
        found: str = next(text for text in _OF_A_FORM if re.search(asked["pattern"], text))
        return found
    return "x" * max(1, int(asked.get("minLength", 1)))
