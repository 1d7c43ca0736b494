"""An offer from next to nothing: who says one thing well, and what is decided about something else."""

from tests.attack.attacks import attack, shown_by
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider
from tests.worked_example import one_short_answer

SHOWN = [
    shown_by(
        "Two decide about an interview at one moment; a second interview, a merge, a withdrawal while a person decides",
        "tests/journey/test_interview_review.py",
        "tests/hiring/test_journey_machine.py",
    ),
]


@attack("A top score from one short answer")
def one_answer(outsider: Outsider) -> str:
    candidate_id = outsider.hand_in(one_short_answer(stranger()))
    found = outsider.at(candidate_id, "in_review", "offer_sent")
    assert found["stage"] == "in_review", found
    assert found.get("offer_id") is None
    review = found["review"]
    return f"{review['overall']} at {review['coverage']} of {review['minimum_coverage']}: a person decides"


@attack("An approval of a check that is none, for who waits for a look at their interview")
def of_the_other(outsider: Outsider) -> str:
    candidate_id = outsider.hand_in(one_short_answer(stranger()))
    outsider.at(candidate_id, "in_review")
    said = {"decision": "approve", "reason": "ok", "about": "check"}
    answer = outsider.call("POST", f"/candidates/{candidate_id}/review", json=said)
    assert answer.status_code == 409, answer.text
    assert outsider.candidate(candidate_id)["stage"] == "in_review"
    return f"409 {answer.json()['detail']}"
