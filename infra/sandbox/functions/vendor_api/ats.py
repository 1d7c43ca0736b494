"""Applicant tracking: takes stage changes, has no applications of its own to offer."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from .collaborators import Collaborators, Outcome
from .requests import StageChange, read_body


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.get("/ats/applications")
    def list_applications() -> dict[str, Any]:
        return {"items": [], "next": None}

    @app.post("/ats/applications/<external_id>/stage")
    def change_stage(external_id: str) -> Response[str]:
        body = read_body(StageChange, app.current_event.decoded_body or "")
        with_.make_once(
            app,
            body,
            vendor="ats",
            kind="stage_change",
            prefix="stg_",
            reference=external_id,
            # The reason is HR's words about a person: taken, not kept.
            outcome=lambda _id, _now: Outcome(answer={}, details={"stage": body.stage}),
        )
        # An empty body rather than none: the embedded API Gateway stumbles over null.
        return Response(204, body="")
