"""What the functions call of AWS is in the layer: its service models are cut down to it (shared/prune_botocore.py)."""

import re
import sys
from pathlib import Path

from botocore import xform_name

from tests.template import ROOT

sys.path.insert(0, str(ROOT / "shared"))

import prune_botocore

_CALL = re.compile(r"(?:_client|client\(\"\w+\"\))\.([a-z_]+)\(")
_NOT_OPERATIONS = {"generate_presigned_url"}


def _calls(folder: Path) -> set[str]:
    return {name for path in folder.rglob("*.py") for name in _CALL.findall(path.read_text())}


def test_every_call_of_a_client_is_in_the_layers_models() -> None:
    kept = {xform_name(name) for names in prune_botocore.OPERATIONS.values() for name in names}
    called = (_calls(ROOT / "shared" / "rencai") | _calls(ROOT / "functions")) - _NOT_OPERATIONS
    assert called - kept == set()
    assert len(called) > 15, "the pattern finds them"
