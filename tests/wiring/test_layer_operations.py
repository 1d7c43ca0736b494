"""What the functions call of AWS is in the layer: its service models are cut down to it (shared/prune_botocore.py)."""

import re
import shutil
import sys
from pathlib import Path

import botocore.session
from botocore import xform_name
from botocore.loaders import Loader

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


def test_every_client_of_the_layer_can_be_made_of_what_is_left(tmp_path: Path) -> None:
    """The build prunes what it installed: here a copy of what the tests have installed."""
    (listed,) = re.findall(r"^SERVICES := (.*)$", (ROOT / "shared" / "Makefile").read_text(), re.MULTILINE)
    services = set(listed.split())
    assert set(prune_botocore.OPERATIONS) <= services
    installed = Path(botocore.__file__).parent / "data"
    for file in installed.glob("*.json"):
        shutil.copy(file, tmp_path)
    for service in services:
        shutil.copytree(installed / service, tmp_path / service)
    prune_botocore.prune(tmp_path, services | prune_botocore.OTHER_NAMES)

    session = botocore.session.Session()
    loader = Loader(extra_search_paths=[str(tmp_path)], include_default_search_paths=False)
    session.register_component("data_loader", loader)
    session.set_credentials("testing", "testing")
    for service, operations in prune_botocore.OPERATIONS.items():
        assert len(list((tmp_path / service).iterdir())) == 1
        made = session.create_client(service, region_name="cn-north-1")
        whole = botocore.session.get_session().create_client(
            service, region_name="cn-north-1", aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        assert set(made.meta.service_model.operation_names) == operations
        assert made.meta.endpoint_url == whole.meta.endpoint_url
