"""Powertools in the layer hands on what the functions ask of it, and nothing else (shared/prune_powertools.py)."""

import shutil
import subprocess
import sys
from pathlib import Path

import aws_lambda_powertools
import pytest

from tests.template import ROOT, served

_PACKAGE = Path(aws_lambda_powertools.__file__).parent
_IMPORT = """
import sys
from importlib import import_module

for module in sys.argv[1:]:
    import_module(module)
print(sum(name.startswith("aws_lambda_powertools") for name in sys.modules), "asyncio" in sys.modules)
"""


def _cut(layer: Path) -> None:
    folders = (layer, ROOT / "shared" / "rencai", ROOT / "functions")
    subprocess.run([sys.executable, ROOT / "shared" / "prune_powertools.py", *folders], check=True)


def _imported(layer: Path | None) -> tuple[int, bool]:
    """How many of its modules all functions of the API import together, and whether asyncio comes with them."""
    path = [*([str(layer)] if layer else []), str(ROOT / "shared")]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path[:0] = {path}\n{_IMPORT}",
            *sorted({*served().values()}),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    count, has_asyncio = done.stdout.split()
    return int(count), has_asyncio == "True"


def test_every_function_of_the_api_imports_with_what_is_left(tmp_path: Path) -> None:
    shutil.copytree(_PACKAGE, tmp_path / _PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    whole = _imported(None)
    _cut(tmp_path)
    cut = _imported(tmp_path)
    assert cut[0] < whole[0] - 40, "it was cut"
    assert not cut[1], "asyncio is for resolvers that are not ours"


def test_a_name_that_is_not_there_stops_the_build(tmp_path: Path) -> None:
    layer, ours = tmp_path / "layer", tmp_path / "ours"
    shutil.copytree(_PACKAGE, layer / _PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    ours.mkdir()
    (ours / "one.py").write_text("from aws_lambda_powertools.event_handler import Response, Router2\n")
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run([sys.executable, ROOT / "shared" / "prune_powertools.py", layer, ours], check=True)
