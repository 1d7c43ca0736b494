"""The whole template: assembled in memory, and written for SAM."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import yaml

from infra.assembly.checking import check_completed, check_said
from infra.assembly.completing import Body, apply_defaults, complete
from infra.assembly.joining import join

_LOCAL_PATHS: Final = ("CodeUri", "ContentUri")


def assemble(root: Path, body: Body | None = None) -> dict[str, Any]:
    """Root and rooms of the repository ``root`` as one SAM template.

    Args:
        root: the folder of template.yaml and ``functions/``.
        body: makes an API's OpenAPI document of the functions that serve it; it imports their code. Without it the APIs
            have no paths, which is all that most tests need.

    Raises:
        AssemblyError: the template would not do; it says where and why.
    """
    joined = join(root)
    apply_defaults(joined, root)
    check_said(joined, root)
    complete(joined, root, body)
    check_completed(joined)
    template: dict[str, Any] = _plain(joined.template)
    return template


def write(template: dict[str, Any], root: Path, file: Path) -> None:
    """Write it where SAM reads it: its local paths, relative to ``root``, become relative to the file's folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Another process may be reading: whole or not at all.
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    scratch.write_text(
        "# Made by `make template` from template.yaml and functions/*/stack.yaml: change those.\n"
        + yaml.dump(
            _moved(template, root, file.parent),
            Dumper=_Dumper,
            sort_keys=False,
            allow_unicode=True,
            width=120,
        )
    )
    scratch.replace(file)


def _plain(value: Any) -> Any:
    """Without the places of its words."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


def _moved(template: dict[str, Any], root: Path, folder: Path) -> dict[str, Any]:
    def moved(properties: dict[str, Any]) -> dict[str, Any]:
        return properties | {
            name: os.path.relpath(root / properties[name], folder)
            for name in _LOCAL_PATHS
            if name in properties
        }

    return template | {
        "Globals": {section: moved(said) for section, said in template.get("Globals", {}).items()},
        "Resources": {
            name: resource | {"Properties": moved(resource["Properties"])}
            if "Properties" in resource
            else resource
            for name, resource in template["Resources"].items()
        },
    }


class _Dumper(yaml.SafeDumper):
    """Writes short forms, and every value in full: CloudFormation knows no aliases."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _short_form(dumper: _Dumper, value: dict[str, Any]) -> yaml.Node:
    (name,) = value if len(value) == 1 else ("",)
    if name != "Ref" and not name.startswith("Fn::"):
        return dumper.represent_dict(value)
    node = dumper.represent_data(value[name])
    node.tag = f"!{name.removeprefix('Fn::')}"
    return node


_Dumper.add_representer(dict, _short_form)
