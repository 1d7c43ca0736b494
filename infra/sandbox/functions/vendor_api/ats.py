"""Applicant tracking: has the applications that testers put there, and takes stage changes for any but the unknown."""

import json
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from vendor_contract.callback import Callback

from .collaborators import Collaborators, Outcome
from .paging import news
from .refusal import Refusal
from .requests import LARGEST_APPLICATION_BYTES, Application, StageChange, read_body


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.get("/ats/applications")
    def list_applications() -> Response[str]:
        return news(app, with_.applications)

    @app.post("/ats/applications")
    def put_application() -> Response[str]:
        body = read_body(Application, app.current_event.decoded_body or "")
        with_.check_callback_url(body.callback_url)
        application = body.model_dump_json(exclude={"callback_url"})
        if len(application.encode()) > LARGEST_APPLICATION_BYTES:
            raise Refusal(400, f"An application must not exceed {LARGEST_APPLICATION_BYTES} bytes.")
        now = with_.now()
        position = with_.applications.append(application, now)
        if body.callback_url:
            data: dict[str, Any] = json.loads(application)
            callback = Callback.about(
                f"{body.external_id}/{position}",
                vendor="ats",
                url=body.callback_url,
                type="application.updated",
                at=now,
                data=data,
            )
            with_.callbacks.put(callback, 0)
        answer = json.dumps({"external_id": body.external_id})
        return Response(201, content_types.APPLICATION_JSON, answer)

    @app.post("/ats/applications/<external_id>/stage")
    def change_stage(external_id: str) -> Response[str]:
        if external_id.startswith("unknown-"):
            raise Refusal(404, "There is no such application.")
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
