"""From a mentor named to the letter to the mark by link to the score, crashed at every call (C3)."""

from datetime import date
from typing import Any

import pytest

from rencai.employees.rules.employee import Employee
from rencai.platform.signed_links import LinkKeys
from rencai.training.rules.mentor_links import Mentor, MentorInvitation, signed
from tests.journey.faults import Faults, When
from tests.journey.test_training import EMPLOYEE, ORIENTATION, again, file, learnt
from tests.journey.test_training_ratings import begun as enrolled
from tests.journey.world import World, world

_MOST = 90
"""At least as many calls as there are."""
KEY = b"of the test"


def begun(one: World) -> None:
    one.wired.link_keys = LinkKeys(lambda: '{"key": "of the test"}', lambda: "https://api.example.com/v1")
    one.wired.employees.employees.hire(
        Employee(EMPLOYEE, "周晓", "sales", "上海", date(2026, 3, 16), one.now)
    )
    enrolled(one)


def rated(one: World) -> None:
    desk, marking = one.wired.training.mentor_desk, one.wired.training.marking
    mentor = Mentor("李敏", "zh-CN", None, "li@example.com")
    again(lambda: desk.name(EMPLOYEE, ORIENTATION, mentor, "hr-1", one.now))
    one.settle()
    one.webhook("lms", "msg-1", learnt(ORIENTATION, 100, "2026-03-17T01:00:00Z", 85))
    one.settle()
    token = signed(MentorInvitation(EMPLOYEE, ORIENTATION, 1, date(2026, 4, 30)), KEY)

    def sends() -> None:
        guest = marking.let_in(token, None, one.now)
        marking.rate(guest, {"level": "4", "words": "没什么长进"}, one.now)

    again(sends)
    one.settle()


def end(one: World) -> dict[str, Any]:
    found = file(one)
    enrolment = found.enrolments[ORIENTATION]
    waiting, _ = one.wired.training.rating_desk.waiting(25, None)
    return {
        "rating": enrolment.rating,
        "asked": enrolment.asked and enrolment.asked.cause,
        "scored": found.scored,
        "waiting": [each.to_rate.words for each in waiting],
        "letters": {(to, subject) for to, subject, _ in one.mail.sent},
        "words": one.wired.training.enrolments.reviews(EMPLOYEE),
    }


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    with world() as one:
        begun(one)
        rated(one)
        assert len(one.mail.sent) == 1
        return end(one)


def test_c3_the_mark_counts_and_hr_hears_of_words_that_say_else(undisturbed: dict[str, Any]) -> None:
    # 0.4 x 100 + 0.4 x 85 + 0.2 x 80 = 90.
    assert undisturbed["scored"].score == 90
    assert undisturbed["rating"].by == "link"
    assert (undisturbed["asked"], undisturbed["waiting"]) == ("differs", ["没什么长进"])
    assert [to for to, _ in undisturbed["letters"]] == ["li@example.com"]


def test_every_call_is_crashed_at() -> None:
    faults = Faults()
    with world(faults) as one:
        begun(one)
        before = len(faults.calls)
        rated(one)
    assert len(faults.calls) - before <= _MOST


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("chunk", range(4))
def test_a_crash_at_any_call_loses_nothing(undisturbed: dict[str, Any], chunk: int, when: When) -> None:
    for call in range(1 + chunk, _MOST + 1, 4):
        faults = Faults()
        with world(faults) as one:
            begun(one)
            faults.at, faults.when = len(faults.calls) + call, when
            rated(one)
            faults.at = 0
            assert end(one) == undisturbed, f"crash {when} call {call}: {faults.crashed_at}"
