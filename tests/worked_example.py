"""contracts/examples/sales-worked-example.json, as the repository keeps it for its tests."""

import json
from pathlib import Path
from typing import Any, cast

_FILE = Path(__file__).parent / "fixtures" / "sales-worked-example.json"


def worked_example() -> dict[str, Any]:
    """A fresh copy."""
    return cast("dict[str, Any]", json.loads(_FILE.read_text()))


def one_short_answer(interview: dict[str, Any]) -> dict[str, Any]:
    """The interview with one good answer and no other: 98.33 by execution and communication alone, which is 0.30 of the
    sales model.
    """
    (answer,) = [one for one in interview["answers"] if one["topic"] == "past_results"]
    answer["transcript"] = "首先,我把目标拆解到每周复盘;上一家公司我曾带领团队完成120%销售目标。"
    answer["signals"] = {"speech_rate_cps": 3.0, "pause_seconds": [0.3], "pitch_variation": 0.5}
    return interview | {"answers": [answer]}
