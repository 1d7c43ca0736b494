"""contracts/examples/sales-worked-example.json, as the repository keeps it for its tests."""

import json
from pathlib import Path
from typing import Any, cast

_FILE = Path(__file__).parent / "fixtures" / "sales-worked-example.json"


def worked_example() -> dict[str, Any]:
    """A fresh copy."""
    return cast("dict[str, Any]", json.loads(_FILE.read_text()))
