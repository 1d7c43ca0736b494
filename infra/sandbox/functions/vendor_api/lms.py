"""Learning management: enrolments, and the progress that testers report in the learners' and mentors' place.

Nothing about the learner is kept, but for a mentor's review, which callers come to read.
"""

import json
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from vendor_contract.callback import Callback, rfc3339

from .collaborators import Collaborators, Outcome
from .paging import news
from .refusal import Refusal
from .requests import EnrolmentRequest, ProgressReport, read_body


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.post("/lms/enrolments")
    def enrol() -> Response[str]:
        body = read_body(EnrolmentRequest, app.current_event.decoded_body or "")
        with_.check_callback_url(body.callback_url)

        def outcome(enrolment_id: str, _now: datetime) -> Outcome:
            details = {"callback_url": body.callback_url} if body.callback_url else {}
            return Outcome(answer={"enrolment_id": enrolment_id}, details=details)

        thing = with_.make_once(
            app,
            body,
            vendor="lms",
            kind="enrolment",
            prefix="enr_",
            reference=body.reference,
            outcome=outcome,
        )
        return Response(201, content_types.APPLICATION_JSON, thing["answer"])

    @app.post("/lms/enrolments/<enrolment_id>/progress")
    def report_progress(enrolment_id: str) -> Response[str]:
        report = read_body(ProgressReport, app.current_event.decoded_body or "")
        with_.check_callback_url(report.callback_url)
        enrolment = with_.ledger.find("lms", enrolment_id)
        if enrolment is None:
            raise Refusal(404, "There is no such enrolment.")
        now = with_.now()
        progress: dict[str, Any] = {
            "enrolment_id": enrolment_id,
            "completion_percent": report.completion_percent,
            "exam_score": report.exam_score,
            "mentor_review": report.mentor_review,
            "occurred_at": rfc3339(report.occurred_at or now),
        }
        entry = json.dumps(progress, ensure_ascii=False)
        position = with_.progress.append(entry, now)
        url = report.callback_url or enrolment.get("callback_url")
        if url:
            told = {name: value for name, value in progress.items() if value is not None}
            callback = Callback.about(
                f"{enrolment_id}/{position}",
                vendor="lms",
                url=url,
                type="enrolment.progressed",
                at=now,
                data=told,
            )
            with_.callbacks.put(callback, 0)
        return Response(201, content_types.APPLICATION_JSON, entry)

    @app.get("/lms/progress")
    def list_progress() -> Response[str]:
        return news(app, with_.progress)
