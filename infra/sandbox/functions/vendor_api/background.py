"""Background checks. The person's name decides the verdict; nothing about the person is kept."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types

from vendor_contract.callback import Callback

from .collaborators import Collaborators, Outcome
from .refusal import Refusal
from .requests import CheckRequest, Person, read_body

_VERIFIED: Final = {
    "identity": "身份信息一致 / identity confirmed",
    "education": "学历已核实 / education confirmed",
    "employment": "工作经历已核实 / employment confirmed",
    # A finding has but one flag. For this kind, verified means: records searched, nothing found.
    "criminal": "已查询,无犯罪记录 / records searched, none found",
}
_UNVERIFIED_EMPLOYMENT: Final = "原雇主未能确认任职时间 / a former employer could not confirm the dates"


def verdict(person: Person) -> dict[str, Any]:
    """`{result, findings}`: clear, unless the name holds `consider` (in any case) or 待核实."""
    asks_for_consider = "consider" in person.name.casefold() or "待核实" in person.name
    findings = [{"kind": kind, "verified": True, "detail": detail} for kind, detail in _VERIFIED.items()]
    if asks_for_consider:
        doubtful = {"kind": "employment", "verified": False, "detail": _UNVERIFIED_EMPLOYMENT}
        findings = [doubtful if one["kind"] == "employment" else one for one in findings]
    return {"result": "consider" if asks_for_consider else "clear", "findings": findings}


def add_routes(app: APIGatewayRestResolver, with_: Collaborators) -> None:
    @app.post("/background/checks")
    def order_check() -> Response[str]:
        body = read_body(CheckRequest, app.current_event.decoded_body or "")
        with_.check_callback_url(body.callback_url)

        def outcome(check_id: str, now: datetime) -> Outcome:
            completed = Callback.about(
                check_id,
                vendor="background",
                url=body.callback_url,
                type="check.completed",
                at=now + timedelta(seconds=with_.callback_delay_seconds),
                data={"check_id": check_id, "reference": body.reference, **verdict(body.person)},
            )
            return Outcome(answer={"check_id": check_id}, details={}, callback=completed)

        thing = with_.make_once(
            app,
            body,
            vendor="background",
            kind="check",
            prefix="chk_",
            reference=body.reference,
            outcome=outcome,
        )
        return Response(202, content_types.APPLICATION_JSON, thing["answer"])

    @app.get("/background/checks/<check_id>")
    def show_check(check_id: str) -> Response[str]:
        thing = with_.ledger.find("background", check_id)
        if thing is None:
            raise Refusal(404, "There is no such check.")
        completed = Callback.from_message(thing["callback"])
        answer: dict[str, Any] = {
            "check_id": check_id,
            "status": "pending",
            "reference": completed.data["reference"],
        }
        if completed.has_happened(with_.now()):
            answer |= {"status": "complete", **completed.data}
        return Response(200, content_types.APPLICATION_JSON, json.dumps(answer, ensure_ascii=False))
