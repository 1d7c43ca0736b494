"""Characters that nobody sees, in what finds somebody."""

from urllib.parse import quote

from tests.attack.attacks import attack
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider

UNSEEN = "\u200b\ufeff\u202e\u00ad\u2060"


@attack("An id, a role and a phone with characters that cannot be seen")
def look_alike(outsider: Outsider) -> str:
    interview = stranger()
    seen = outsider.call("POST", "/interviews", "ingest", json=interview)
    assert seen.status_code == 202, seen.text
    interview["candidate"]["phone"] += UNSEEN
    interview["candidate"]["name"] = UNSEEN + interview["candidate"]["name"]
    interview["position"]["role"] += UNSEEN
    again = outsider.call("POST", "/interviews", "ingest", json=interview)
    assert again.status_code == 200, (again.status_code, again.text)
    candidate = seen.json()["candidate_id"]
    found = outsider.call("GET", f"/candidates/{quote(candidate[:9] + UNSEEN + candidate[9:])}")
    assert found.status_code == 200, (found.status_code, found.text)
    assert found.json()["candidate_id"] == candidate
    return "202, then 200: the same result, and the same candidate"
