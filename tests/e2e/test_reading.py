"""How people were read is marked by HR, judged and previewed by an admin."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.admin import DEFAULTS
from tests.e2e.commands import admin
from tests.e2e.outsider import Outsider, eventually

pytestmark = pytest.mark.e2e


def test_a_reading_marked_wrong_is_listed_and_judged_by_an_admin(
    outsider: Outsider, interview: dict[str, Any]
) -> None:
    candidate_id = outsider.hand_in(interview)
    profile = outsider.get(f"/candidates/{candidate_id}/profile")
    found = next(e for c in profile["competencies"] for e in c["evidence"] if e["reading_id"])
    body = {
        "vendor": profile["vendor"],
        "interview_id": profile["interview_id"],
        "question_id": found["detail"]["question_id"],
        "claim": found["detail"]["claim"],
        "right": "not_said",
        "note": "这是别人做的",
    }
    path = f"/candidates/{candidate_id}/reading-marks"
    headers = {"Idempotency-Key": f"mark-{candidate_id}"}
    answer = outsider.call("POST", path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    mark = answer.json()
    assert (mark["reading_id"], mark["shown"]["reader"]) == (found["reading_id"], profile["reader"])
    assert outsider.call("POST", path, json=body, headers=headers).json() == mark

    def listed() -> dict[str, Any] | None:
        items = outsider.get("/reading-marks?kind=competency&limit=100")["items"]
        return next((one for one in items if one["mark_id"] == mark["mark_id"]), None)

    assert eventually("the mark is on the list", listed) == mark
    assert outsider.get(f"/candidates/{candidate_id}/profile") == profile

    def told() -> dict[str, Any] | None:
        lines = outsider.timeline(candidate_id)
        return next((line for line in lines if line["type"] == "reading.marked"), None)

    assert eventually("who marked is on the timeline", told)["actor"] == mark["actor"]
    judged = admin(outsider, "reading", "judge")
    assert f"  {found['detail']['claim']} " in judged
    words = next(a for a in interview["answers"] if a["question_id"] == body["question_id"])["transcript"]
    assert words not in judged
    assert words in admin(outsider, "reading", "judge", "--show")
    seen = "\n".join(outsider.logs()) + json.dumps(outsider.events(), ensure_ascii=False)
    assert "这是别人做的" not in seen


def test_a_changed_model_is_previewed_over_the_stack_s_interviews(
    outsider: Outsider, interview: dict[str, Any], tmp_path: Path
) -> None:
    candidate_id = outsider.hand_in(interview)
    outsider.get(f"/candidates/{candidate_id}/profile")
    model = yaml.safe_load((DEFAULTS / "competency_model" / "sales.yaml").read_text("utf-8"))
    model["pass_score"] = 99
    file = tmp_path / "competency_model" / "sales.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(model, allow_unicode=True), encoding="utf-8")
    rows = tmp_path / "changes.csv"
    command = ("configuration", "put", str(file), "--preview", "--interviews", "5000", "--changes", str(rows))
    said = admin(outsider, *command)
    assert "not stored: this was a preview" in said
    assert "newest stored interviews" in said
    (mine,) = [line for line in rows.read_text("utf-8").splitlines() if line.startswith(candidate_id)]
    assert mine.endswith(",1,0"), "it qualifies as it is, and would not"
    assert interview["answers"][0]["transcript"] not in said
