"""Learning management: enrolments, and the progress that testers report in the learners' and mentors' place, one by one
or of whole classes (`classes`).

Nothing about the learner is kept, but for a mentor's review, which callers come to read.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from vendor_contract.callback import Callback, rfc3339

from .classes import WeeklyReport, weekly_report
from .collaborators import Collaborators, Outcome
from .ledger import NewThing, thing_id
from .paging import news
from .refusal import Refusal
from .requests import ClassReport, EnrolmentRequest, ProgressReport, read_body


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
        progress = _entry(enrolment_id, report, report.occurred_at or now)
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

    @app.post("/lms/classes")
    def report_class() -> Response[str]:
        body = read_body(ClassReport, app.current_event.decoded_body or "")
        now = with_.now()
        numbers = range(body.first, body.first + body.size)
        enrolments = {number: _in_class(body.class_id, number) for number in numbers}
        with_.ledger.make_all(list(enrolments.values()), now)
        entries = [
            json.dumps(_entry(enrolments[number].id, report, report.occurred_at), ensure_ascii=False)
            for number in numbers
            if (report := weekly_report(body.class_id, number, body.week, body.ended_at or now))
        ]
        with_.progress.append_all(entries, now)
        items = [{"enrolment_id": one.id, "reference": one.reference} for one in enrolments.values()]
        answer = json.dumps({"items": items, "reported": len(entries)}, ensure_ascii=False)
        return Response(201, content_types.APPLICATION_JSON, answer)

    @app.get("/lms/progress")
    def list_progress() -> Response[str]:
        return news(app, with_.progress)


def _entry(enrolment_id: str, report: ProgressReport | WeeklyReport, occurred_at: datetime) -> dict[str, Any]:
    """As the feed has it."""
    return {
        "enrolment_id": enrolment_id,
        "completion_percent": report.completion_percent,
        "exam_score": report.exam_score,
        "mentor_review": report.mentor_review,
        "occurred_at": rfc3339(occurred_at),
    }


def _in_class(class_id: str, number: int) -> NewThing:
    """The enrolment of a class's learner, as if it had been ordered under a key of the class's own."""
    reference = f"{class_id}-{number}"
    key = f"class-{reference}"
    id = thing_id("enr_", "lms", key)
    answer = json.dumps({"enrolment_id": id})
    digest = hashlib.sha256(key.encode()).hexdigest()
    return NewThing("lms", "enrolment", id, key, digest, reference, answer)
