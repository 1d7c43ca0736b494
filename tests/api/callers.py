"""Who may call what: the whole API, written down by hand. The code has to say the same."""

from typing import Final

Scopes = tuple[str, ...]

API: Final[Scopes] = ("rencai/api",)
INGEST: Final[Scopes] = ("rencai/ingest",)
INGEST_OR_API: Final[Scopes] = (*INGEST, *API)
ANYBODY: Final[Scopes] = ()

CALLERS: Final[dict[str, Scopes]] = {
    # Anybody: the documentation, and what carries a signature of its own.
    "GET /openapi.json": ANYBODY,
    "GET /docs": ANYBODY,
    "POST /webhooks/{vendor}": ANYBODY,
    "GET /survey/{token}": ANYBODY,
    "POST /survey/{token}": ANYBODY,
    # Who hands in interviews.
    "POST /interviews": INGEST,
    "POST /uploads": INGEST_OR_API,
    "GET /uploads": INGEST_OR_API,
    "GET /uploads/{upload_id}": INGEST_OR_API,
    # Who reads and decides.
    "GET /candidates": API,
    "GET /candidates/{candidate_id}": API,
    "GET /candidates/{candidate_id}/profile": API,
    "GET /candidates/{candidate_id}/timeline": API,
    "GET /candidates/{candidate_id}/training": API,
    "GET /candidates/{candidate_id}/transcript": API,
    "POST /candidates/{candidate_id}/review": API,
    "POST /candidates/{candidate_id}/reconsideration": API,
    "POST /candidates/{candidate_id}/withdrawal": API,
    "POST /candidates/{candidate_id}/first-day": API,
    "GET /employees/{employee_id}/first-day": API,
    "POST /employees/{employee_id}/first-day": API,
    "GET /offers/{offer_id}": API,
    "POST /offers/{offer_id}/resend": API,
    "GET /merges": API,
    "GET /merges/{merge_id}": API,
    "POST /merges/{merge_id}/decision": API,
    "POST /merges/{merge_id}/undo": API,
    "GET /notices/undeliverable": API,
    "POST /notices/{notice_id}/settlement": API,
    "GET /identity-questions": API,
    "GET /identity-questions/{question_id}": API,
    "POST /identity-questions/{question_id}/decision": API,
    "GET /candidates/{candidate_id}/contact": API,
    "POST /candidates/{candidate_id}/contact": API,
    "GET /employees/{employee_id}/contact": API,
    "POST /employees/{employee_id}/contact": API,
    "POST /employees/{employee_id}/contact/requests": API,
    "GET /vendor-inbox": API,
    "GET /vendor-inbox/{delivery_id}": API,
    "POST /vendor-inbox/{delivery_id}/replay": API,
    "GET /employees/{employee_id}": API,
    "GET /employees/{employee_id}/career": API,
    "PUT /employees/{employee_id}/career": API,
    "GET /employees/{employee_id}/lifecycle": API,
    "GET /employees/{employee_id}/probation": API,
    "GET /employees/{employee_id}/scorecard": API,
    "GET /employees/{employee_id}/training": API,
    "GET /employees/{employee_id}/training/history": API,
    "POST /employees/{employee_id}/training/warnings/{warning_id}": API,
    "PUT /employees/{employee_id}/attendance/{week}": API,
    "PUT /employees/{employee_id}/leave/{leave_id}": API,
    "PUT /employees/{employee_id}/performance/{month}": API,
    "PUT /employees/{employee_id}/surveys/{month}": API,
    "POST /signals": API,
    "GET /training/warnings": API,
    "GET /imports": API,
    "POST /imports": API,
    "GET /imports/{import_id}": API,
    "GET /imports/{import_id}/rows": API,
    "POST /imports/{import_id}/columns": API,
    "POST /imports/{import_id}/undo": API,
    "GET /risk/alerts": API,
    "GET /risk/alerts/{alert_id}": API,
    "POST /risk/alerts/{alert_id}/interventions": API,
    "GET /risk/interventions": API,
    "GET /risk/interventions/{intervention_id}": API,
    "PATCH /risk/interventions/{intervention_id}": API,
    "POST /risk/interventions/{intervention_id}/notes": API,
    "POST /risk/interventions/{intervention_id}/close": API,
    "GET /risk/scans": API,
    "GET /surveys/{month}": API,
}
"""``METHOD /path`` to the scopes of which a token has to carry one; none: no token is asked for."""
