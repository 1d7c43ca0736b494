"""Letters that do not arrive, or twice."""

import json

from rencai.letters.notices import tags_of
from tests.attack.attacks import attack, shown_by
from tests.e2e.deployment import stranger
from tests.e2e.outsider import Outsider, eventually


@attack("A letter bounces, SES tells it five times, and nobody hears of it")
def bounced(outsider: Outsider) -> str:
    interview = stranger()
    interview["answers"][1]["transcript"] = "记不清了。"  # to the talent pool
    candidate_id = outsider.hand_in(interview)
    outsider.at(candidate_id, "talent_pool")
    email = interview["candidate"]["email"]
    eventually("the letter", lambda: [one for one in outsider.letters() if email in one["To"]] or None)
    tags = tags_of(candidate_id, f"talent_pool#{interview['interview_id']}")
    for _ in range(5):
        outsider.ses_tells("Bounce", tags, bounceType="Permanent")
    entry = eventually(
        "HR is told",
        lambda: next(
            (e for e in outsider.timeline(candidate_id) if e["type"] == "notice.undeliverable"), None
        ),
    )
    eventually("all five are read", lambda: outsider.is_read("MailEventQueue") or None)
    told = [e for e in outsider.timeline(candidate_id) if e["type"] == "notice.undeliverable"]
    assert len(told) == 1, told
    assert email not in json.dumps(told)
    return f"notice.undeliverable, once: {entry['data']}"


SHOWN = (
    shown_by(
        "A function dies after SES took the letter and before that is on record",
        "tests/journey/test_journey.py::test_a_letter_sent_but_not_marked_is_sent_again_only_when_ses_says_nothing_of_it",
        "tests/letters/test_correspondence.py",
    ),
)
