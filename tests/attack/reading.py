"""Who may not read it reads what people said and where they live; who may, reads it unseen."""

from typing import Any

from tests.attack.attacks import attack, shown_by
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider, eventually
from tests.e2e.roles import Role, denied

SHOWN = [
    shown_by(
        "A candidate's words for declining, HR's for ending a journey, in an event, a log, the table",
        "tests/journey/test_edge_decisions.py",
    ),
    shown_by("Another candidate's interview by its id", "tests/journey/test_transcripts.py"),
    shown_by("A reading of another candidate's interview is marked", "tests/journey/test_reading_marks.py"),
]


@attack("A client that may only hand in reads a transcript and contact data, and ends a journey")
def hands_in_and_reads(outsider: Outsider) -> str:
    candidate = outsider.hand_in(stranger())
    calls: tuple[tuple[str, str, Any], ...] = (
        ("GET", f"/candidates/{candidate}/transcript", None),
        ("GET", f"/candidates/{candidate}/contact", None),
        ("POST", f"/candidates/{candidate}/contact", {"name": "x", "reason": "x"}),
        ("POST", f"/candidates/{candidate}/reconsideration", {"reason": "x"}),
        (
            "POST",
            f"/candidates/{candidate}/withdrawal",
            {"by": "company", "code": "other", "reason": "x"},
        ),
    )
    answers = set()
    for client in ("ingest", None):
        for method, path, body in calls:
            answer = outsider.call(method, path, client, **({"json": body} if body else {}))
            assert answer.status_code in (401, 403), (method, path, answer.status_code, answer.text)
            answers.add(answer.status_code)
    assert outsider.candidate(candidate)["name"] != "x"
    return f"{sorted(answers)} for {len(calls)} calls, with its token and without one"


@attack("A client that may only hand in marks how somebody was read, and lists the marks")
def marks_readings(outsider: Outsider) -> str:
    interview = stranger()
    candidate = outsider.hand_in(interview)
    mark = {
        "vendor": interview["vendor"],
        "interview_id": interview["interview_id"],
        "question_id": interview["answers"][0]["question_id"],
        "claim": "team_management",
        "right": "said",
    }
    calls: tuple[tuple[str, str, Any], ...] = (
        ("POST", f"/candidates/{candidate}/reading-marks", mark),
        ("POST", "/employees/emp_nobody/reading-marks", {"item_id": "x", "level": 1}),
        ("GET", "/reading-marks", None),
    )
    for client in ("ingest", None):
        for method, path, body in calls:
            answer = outsider.call(method, path, client, **({"json": body} if body else {}))
            assert answer.status_code in (401, 403), (method, path, answer.status_code, answer.text)
    assert candidate not in str(outsider.get("/reading-marks"))
    return f"[401] for {len(calls)} calls, with its token and without one"


@attack("A transcript and contact data are read, and nobody ever knows by whom")
def reads_unseen(outsider: Outsider) -> str:
    interview = stranger()
    candidate = outsider.hand_in(interview)
    said = outsider.get(f"/candidates/{candidate}/transcript")["answers"][0]["transcript"]
    assert said == interview["answers"][0]["transcript"]
    outsider.get(f"/candidates/{candidate}/contact")

    def read() -> list[dict[str, Any]] | None:
        found = [line for line in outsider.timeline(candidate) if line["type"].endswith(".viewed")]
        return found if len(found) == 2 else None

    lines = eventually("both readings are on the timeline", read)
    assert all(line["actor"] for line in lines)
    assert said not in str(lines)
    return f"on the timeline: {', '.join(sorted(line['type'] for line in lines))}"


@attack("The roles of the other routes read raw interviews")
def raw_results(outsider: Outsider) -> str:
    def may(name: str) -> bool:
        s3 = Role(outsider.stack, name).client("s3")
        return not denied(lambda: s3.get_object(Bucket=outsider.stack.bucket, Key="raw/nobody.json"))

    names = ("HrApi", "ContactApi", "EmployeeApi", "RiskApi", "SurveyPage", "InterviewIngestion")
    assert not [name for name in names if may(name)]
    assert may("TranscriptApi"), "or this attack would fail of itself"
    return f"AccessDenied for {len(names)} roles"
