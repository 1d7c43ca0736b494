"""access.yaml as the tests read it: apart from the assembler, whose policies are held against it."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from infra.local.layout import ROOT
from tests.template import resources

_SAID: Final[dict[str, Any]] = yaml.safe_load((ROOT / "access.yaml").read_text())
_FOR_READERS: Final[Mapping[str, str]] = _SAID.pop("QueueReaders")["table"]


def _row(name: str) -> dict[str, Any]:
    """A function's row, with what every reader of a queue has."""
    events = resources("AWS::Serverless::Function")[name].get("Events", {}).values()
    if not any(event["Type"] == "SQS" for event in events):
        return dict(_SAID.get(name, {}))
    own = dict(_SAID.get(name, {}))
    return own | {"table": {**own.get("table", {}), **_FOR_READERS}}


MATRIX: Final[Mapping[str, Any]] = {
    name: said for name in resources("AWS::Serverless::Function") if (said := _row(name))
}
"""What each function may touch; who may touch nothing is not in it."""
