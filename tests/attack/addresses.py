"""E-mail addresses that are more than they show, and parameters longer than anything needs."""

from tests.attack.attacks import attack
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider


@attack("An e-mail address with a second one behind characters that cannot be seen")
def two_addresses(outsider: Outsider) -> str:
    interview = stranger()
    interview["candidate"]["email"] = "zhou@example.com\u200b,\u2060other@example.com"
    answer = outsider.call("POST", "/interviews", "ingest", json=interview)
    assert answer.status_code == 400, (answer.status_code, answer.text)
    assert "other@example.com" not in answer.text
    return f"{answer.status_code} {answer.json()['title']}"


@attack("An id of 3,000 characters in a path")
def long_id(outsider: Outsider) -> str:
    answers = {
        outsider.call("GET", f"/{room}/{'x' * 3000}").status_code
        for room in ("candidates", "offers", "uploads")
    }
    assert answers <= {400, 404}, answers
    return f"{sorted(answers)}, and no 500"
