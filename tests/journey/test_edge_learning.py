"""The vendor edge on a whole tenant: late progress (C2)."""

import base64
import itertools
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rencai.inbox.dialect import Delivered
from rencai.training.rules.facts import CourseProgressed
from rencai.vendors.documents import VENDOR_CONNECTION
from tests.journey.edge import COURSE, EMPLOYEE, ENROLMENT, hired, learnt
from tests.journey.faults import Crash, Faults, When
from tests.journey.world import world


def test_c2_progress_counts_by_when_it_was_so_whatever_order_it_comes_in() -> None:
    reports = [
        learnt(40, "2026-03-03T01:00:00Z"),
        learnt(100, "2026-03-05T01:00:00Z", 85),
        learnt(60, "2026-03-04T01:00:00Z"),
    ]
    ends = set()
    for order in itertools.permutations(range(3)):
        with world() as one:
            hired(one)
            for number in (*order, order[0]):
                one.webhook("lms", f"msg-l{number}", reports[number])
                one.settle()
            found = one.wired.training.enrolments.find(EMPLOYEE, COURSE)
            assert found is not None
            ends.add((found.completion_percent, found.exam_score))
            assert ENROLMENT not in one.wired.training.enrolments.unfinished(100, None, one.now)[0]
    assert ends == {(Decimal(100), Decimal(85))}


def test_c2_progress_that_is_pulled_before_the_enrolment_is_on_record_is_claimed_by_it() -> None:
    with world() as one:
        at = datetime(2026, 3, 3, tzinfo=UTC)
        one.lms.feed = [
            CourseProgressed("enr-of-somebody-else", at, Decimal(10)),
            CourseProgressed(ENROLMENT, at, Decimal(30), None, "学得很快"),
            CourseProgressed(ENROLMENT, at + timedelta(days=1), Decimal(50)),
        ]
        assert vars(one.pull_progress())["unknown"] == 3
        hired(one)
        found = one.wired.training.enrolments.find(EMPLOYEE, COURSE)
        assert found is not None
        assert found.completion_percent == Decimal(50)
        assert one.wired.training.enrolments.reviews(EMPLOYEE) == {COURSE: "学得很快"}
        again = one.pull_progress()
        assert (again.facts, again.news) == (0, 0)


def test_c2_a_pull_that_crashes_anywhere_loses_nothing() -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    feed = [CourseProgressed(ENROLMENT, at + timedelta(hours=n), Decimal(10 * n)) for n in range(1, 6)]
    undisturbed = Faults()
    with world(undisturbed) as one:
        hired(one)
        one.lms.feed = feed
        before = len(undisturbed.calls)
        one.pull_progress()
        calls = len(undisturbed.calls) - before
    assert calls > 15
    whens: tuple[When, ...] = ("before", "after")
    for call, when in itertools.product(range(1, calls + 1), whens):
        with world() as one:
            hired(one)
            one.lms.feed = feed
            one.faults.at, one.faults.when = len(one.faults.calls) + call, when
            with pytest.raises(Crash):
                one.pull_progress()
            one.pull_progress()
            found = one.wired.training.enrolments.find(EMPLOYEE, COURSE)
            assert found is not None
            assert found.completion_percent == Decimal(50), f"crash {when} call {call}"


def test_a_statement_of_somebody_else_does_not_hold_up_ours_in_the_same_batch() -> None:
    with world() as one:
        hired(one)
        one.wired.configurations.put(VENDOR_CONNECTION, "lms", {"dialect": "xapi"}, actor="test", now=one.now)
        one.now += timedelta(minutes=2)
        one.keys = ["lms:secret"]

        def statement(registration: str, number: int) -> dict[str, Any]:
            return {
                "id": f"6690e6c9-3ef0-4ed3-8b37-7f3964730be{number}",
                "actor": {"mbox": "mailto:learner@example.com"},
                "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
                "object": {"id": "https://lms.example.com/orientation"},
                "context": {"registration": registration},
                "result": {"completion": True},
                "timestamp": "2026-03-05T01:00:00Z",
            }

        body = json.dumps([statement("somebody-elses", 1), statement(ENROLMENT, 2)]).encode()
        headers = {
            "authorization": [f"Basic {base64.b64encode(b'lms:secret').decode()}"],
            "x-experience-api-version": ["1.0.3"],
        }
        assert one.deliver("lms", Delivered(body, headers)) == 200
        one.settle()
        found = one.wired.training.enrolments.find(EMPLOYEE, COURSE)
        assert found is not None
        assert found.completion_percent == Decimal(100)
        one.now += timedelta(hours=9)
        one.settle()
        (kept,) = one.wired.inbox.deliveries.page(None, "lms", 10, None).items
        assert (kept["status"], one.queue) == ("failed", []), "what is nobody's is no dead letter"
