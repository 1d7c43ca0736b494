"""Psychometric assessments. The reference decides the scores; nothing about the candidate is kept."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from vendor_contract.callback import Callback

from .collaborators import Collaborators, Outcome
from .ledger import Thing
from .refusal import Refusal
from .requests import AssessmentRequest, read_body
from .signing_page import PAGE_HEADERS

INVITATION_PATH: Final = "/psychometric/invitations/"
_LOWEST: Final = 35
_SCALES: Final = {
    # instrument: its scales, by their names in the answer and in the summary
    "stress_tolerance": {"stress_tolerance": "抗压能力 / stress tolerance"},
    "personality": {
        "openness": "开放性 / openness",
        "conscientiousness": "尽责性 / conscientiousness",
        "extraversion": "外向性 / extraversion",
        "agreeableness": "宜人性 / agreeableness",
        "emotional_stability": "情绪稳定性 / emotional stability",
    },
}
_INVITATION: Final = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>测评 / Assessment</title>
</head>
<body>
<h1>测评</h1>
<p>这是沙箱,无需作答:结果会自动返回。</p>
<p lang="en">This is a sandbox, there is nothing to answer: the result comes by itself.</p>
</body>
</html>
"""


def scores(reference: str, instruments: Sequence[str]) -> dict[str, int]:
    """35 to 100 for each scale of the instruments; the same for the same reference, in whatever company."""
    return {
        scale: _LOWEST
        + int.from_bytes(hashlib.sha256(f"{reference}\n{scale}".encode()).digest()[:4], "big")
        % (101 - _LOWEST)
        for instrument, scales in _SCALES.items()
        if instrument in instruments
        for scale in scales
    }


def summary(scales: dict[str, int]) -> str:
    """The strongest and the weakest scale in words."""
    names = {scale: name for of_instrument in _SCALES.values() for scale, name in of_instrument.items()}
    strongest, weakest = max(scales, key=scales.__getitem__), min(scales, key=scales.__getitem__)
    text = f"最高 / highest: {names[strongest]} {scales[strongest]}"
    return text if strongest == weakest else f"{text}; 最低 / lowest: {names[weakest]} {scales[weakest]}"


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.post("/psychometric/assessments")
    def order_assessment() -> Response[str]:
        body = read_body(AssessmentRequest, app.current_event.decoded_body or "")
        with_.check_callback_url(body.callback_url)
        base = with_.public_base(app.current_event)

        def outcome(assessment_id: str, now: datetime) -> Outcome:
            scales = scores(body.reference, body.instruments)
            completed = Callback.about(
                assessment_id,
                vendor="psychometric",
                url=body.callback_url,
                type="assessment.completed",
                at=now + timedelta(seconds=with_.callback_delay_seconds),
                data={
                    "assessment_id": assessment_id,
                    "reference": body.reference,
                    "scales": scales,
                    "summary": summary(scales),
                },
            )
            answer = {"assessment_id": assessment_id, "invite_url": f"{base}{INVITATION_PATH}{assessment_id}"}
            return Outcome(answer, details={}, callback=completed)

        thing = with_.make_once(
            app,
            body,
            vendor="psychometric",
            kind="assessment",
            prefix="asm_",
            reference=body.reference,
            outcome=outcome,
        )
        return Response(202, content_types.APPLICATION_JSON, thing["answer"])

    @app.get("/psychometric/assessments/<assessment_id>")
    def show_assessment(assessment_id: str) -> Response[str]:
        completed = Callback.from_message(_found(with_, assessment_id)["callback"])
        answer: dict[str, Any] = {
            "assessment_id": assessment_id,
            "status": "ordered",
            "reference": completed.data["reference"],
        }
        if completed.has_happened(with_.now()):
            answer |= {"status": "completed", **completed.data}
        return Response(200, content_types.APPLICATION_JSON, json.dumps(answer, ensure_ascii=False))

    @app.get(INVITATION_PATH + "<assessment_id>")
    def show_invitation(assessment_id: str) -> Response[str]:
        _found(with_, assessment_id)
        return Response(200, "text/html; charset=utf-8", _INVITATION, headers=dict(PAGE_HEADERS))


def _found(with_: Collaborators, assessment_id: str) -> Thing:
    """Raises Refusal 404."""
    thing = with_.ledger.find("psychometric", assessment_id)
    if thing is None:
        raise Refusal(404, "There is no such assessment.")
    return thing
