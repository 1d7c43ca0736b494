"""Courses and their progress on moto's table: on record, kept until claimed, and read by the page (C2)."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.relay.relay import told_by
from rencai.inbox.links import Links
from rencai.kernel.errors import DomainError, LostRace, NotFound
from rencai.store.sealed import Vault
from rencai.store.table import Table, Unfinished, from_events
from rencai.training.rules.courses import Enrolment, Reached, Told
from rencai.training.rules.facts import CourseProgressed
from rencai.training.rules.ratings import Rated
from rencai.training.store.enrolments import Enrolments, Taken, enrolment_key, unclaimed_key
from rencai.wiring.events import DATA_MODELS
from tests.builders import EMPLOYEE
from tests.keyed import IDS
from tests.training.enrolment_builders import DUE, NOW, OPENED, REVIEW, TABLE, as_told, opened, through
from tests.training.training_builders import IMPROVED, by_rule, fact, local, rate

LATER = local(13)
KEY = {"pk": {"S": f"EMPLOYEE#{EMPLOYEE}"}, "sk": {"S": "TRAINING#COURSE#negotiation"}}


class Watched:
    """A client that counts its calls, and behind whose back somebody acts just before each put that has an act."""

    def __init__(self, target: Any, *acts: Callable[[], object]) -> None:
        self._target = target
        self._acts = list(acts)
        self.calls: Counter[str] = Counter()

    def put_item(self, **arguments: Any) -> Any:
        self.calls["put_item"] += 1
        if self._acts:
            self._acts.pop(0)()
        return self._target.put_item(**arguments)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._target, name)

        def counted(**arguments: Any) -> Any:
            self.calls[name] += 1
            return method(**arguments)

        return counted


def told(
    percent: Any = None, exam: Any = None, review: str | None = None, at: datetime = NOW
) -> CourseProgressed:
    return fact("negotiation", at, percent, exam, review)


# --- on record --------------------------------------------------------------------------------------------------------


def test_c2_an_enrolment_is_on_record_once(enrolments: Enrolments) -> None:
    assert enrolments.find(EMPLOYEE, "negotiation") is None
    opened(enrolments)
    assert enrolments.find(EMPLOYEE, "negotiation") == OPENED
    enrolments.progress(told(50), NOW)
    opened(enrolments)
    known = enrolments.find(EMPLOYEE, "negotiation")
    assert known == replace(as_told(told(50)), version=2), "what has progressed since stays"


def test_c2_everything_that_is_told_reads_back(enrolments: Enrolments) -> None:
    opened(enrolments)
    at = datetime(2026, 3, 10, 9, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=-9, minutes=-30)))
    facts = [told(50, at=local(9)), told("80.25", "85.5", IMPROVED, at), told(30, at=at + timedelta(days=1))]
    for one in facts:
        assert enrolments.progress(one, LATER) is True
    known = enrolments.find(EMPLOYEE, "negotiation")
    assert known == replace(as_told(*facts), version=4)
    assert known is not None
    assert known.exam == Told("00085.5000", at)
    kept = at.astimezone(UTC).replace(microsecond=123_000)
    assert known.reached == (Reached(50, local(9)), Reached(80, kept))
    assert enrolments.progress(facts[1], LATER) is False


def test_c2_what_is_no_news_is_not_written(dynamodb: Any, vault: Vault) -> None:
    watched = Watched(dynamodb)
    enrolments = through(watched, vault)
    opened(enrolments)
    facts = [told(50, 60, REVIEW), told(40, at=NOW - timedelta(minutes=1))]
    enrolments.progress(facts[0], NOW)
    before = watched.calls["put_item"]
    assert [enrolments.progress(one, NOW) for one in (facts[0], facts[0])] == [False, False]
    assert enrolments.take([facts[0], facts[0]], NOW) == Taken(0, ())
    assert watched.calls["put_item"] == before


def test_c2_progress_is_told_as_the_employees(enrolments: Enrolments, dynamodb: Any) -> None:
    opened(enrolments)
    enrolments.progress(told(50, None, REVIEW), NOW, actor="import")
    answer = dynamodb.get_item(TableName=TABLE, Key=KEY)
    ((subject, event),) = told_by({"dynamodb": {"NewImage": answer["Item"]}})
    data = {
        "enrolment_id": "enr-negotiation",
        "item_id": "negotiation",
        "completion_percent": 50.0,
        "exam_score": None,
    }
    assert (subject.kind, subject.id, event.id, event.name, event.data, event.actor, event.at) == (
        "employee",
        EMPLOYEE,
        "evt_01ABC_negotiation_2_0",
        "training.progressed",
        data,
        "import",
        NOW,
    )
    DATA_MODELS[event.name].model_validate(event.data)


def test_c2_progress_of_what_is_not_on_record_is_somebody_elses_so_far(enrolments: Enrolments) -> None:
    with pytest.raises(NotFound, match="link lms/enr-negotiation"):
        enrolments.progress(told(50), NOW)


def test_c2_a_link_without_its_enrolment_is_an_enrolment_that_is_just_being_made(
    enrolments: Enrolments, dynamodb: Any
) -> None:
    Links(Table(dynamodb, TABLE)).record("lms", "enr-negotiation", f"{EMPLOYEE}/negotiation")
    with pytest.raises(NotFound, match="enrolment enr-negotiation"):
        enrolments.progress(told(50), NOW)
    assert enrolments.take([told(50)], NOW) == Taken(0, (told(50),))


def test_c2_what_is_not_completed_is_listed_page_by_page(enrolments: Enrolments) -> None:
    items = [f"course-{number}" for number in range(5)]
    opened(enrolments, *items)

    def unfinished(limit: int = 2) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            page, cursor = enrolments.unfinished(limit, cursor, NOW)
            assert len(page) <= limit
            found += page
            if cursor is None:
                return found

    assert unfinished() == [f"enr-{item}" for item in items]
    for percent, exam, at, still in (
        ("99.99", None, 8, True),
        (100, None, 9, True),
        (100, 60, 10, False),
        (90, None, 11, True),
        (100, None, 12, False),
    ):
        enrolments.progress(fact("course-3", local(at), percent, exam), LATER)
        assert ("enr-course-3" in unfinished()) is still
    # Nobody is asked for ever: long after the due date there is nothing more to hear.
    assert enrolments.unfinished(10, None, DUE + timedelta(days=90))[0] == []
    with pytest.raises(DomainError, match="cursor"):
        enrolments.unfinished(2, "nonsense", NOW)


def test_a_rating_from_before_words_were_read_as_levels_reads_back(
    enrolments: Enrolments, dynamodb: Any
) -> None:
    opened(enrolments)
    dynamodb.update_item(
        TableName=TABLE,
        Key=KEY,
        UpdateExpression="SET rating = :rating",
        ExpressionAttributeValues={":rating": {"L": [{"S": "90"}, {"S": "outstanding"}, {"N": "4"}]}},
    )
    known = enrolments.find(EMPLOYEE, "negotiation")
    assert known is not None
    assert (known.rating, known.reading) == (by_rule("outstanding", 90, 4), None)


@pytest.mark.parametrize("review", ["报价时有所进步", "还行吧", IMPROVED])
def test_c4_what_was_read_and_what_it_counts_read_back(enrolments: Enrolments, review: str) -> None:
    opened(enrolments)
    enrolments.progress(told(review=review), NOW)
    known = enrolments.find(EMPLOYEE, "negotiation")
    assert known is not None
    assert Rated(known.rating, known.reading) == rate(review)


# --- a mentor's words -------------------------------------------------------------------------------------------------


def test_c2_a_mentors_words_are_never_stored_in_clear(
    enrolments: Enrolments, dynamodb: Any, vault: Vault
) -> None:
    opened(enrolments)
    enrolments.progress(told(50, review=REVIEW), NOW)
    enrolments.keep(fact("product-knowledge", NOW, review=REVIEW), NOW)
    enrolments.take([told(review=f"{REVIEW}!", at=NOW + timedelta(hours=1))], NOW)
    stored = dynamodb.scan(TableName=TABLE)["Items"]
    sealed = [piece["B"] for item in stored for piece in item.get("review", {"L": []})["L"]]
    assert len(sealed) == 2
    text = json.dumps(stored, default=lambda _: "", ensure_ascii=False)
    for words in (REVIEW, REVIEW[:4], "家里有事"):
        assert words not in text
        assert not any(words.encode() in piece for piece in sealed)
    assert enrolments.reviews(EMPLOYEE) == {"negotiation": f"{REVIEW}!"}
    item = Table(dynamodb, TABLE).get(enrolment_key(EMPLOYEE, "negotiation"))
    assert item is not None
    with pytest.raises(ClientError):
        vault.open(item["review"], owner="emp_02", field="review")


def test_c2_the_latest_words_are_kept_and_older_ones_do_not_come_back(enrolments: Enrolments) -> None:
    opened(enrolments, "negotiation", "product-knowledge")
    for words, hour in (("第二次", 11), ("第一次", 9), ("第三次", 12), ("第二次", 11)):
        enrolments.progress(told(review=words, at=local(10, hour)), LATER)
    assert enrolments.reviews(EMPLOYEE) == {"negotiation": "第三次"}
    page = [
        told(review=words, at=local(11, hour)) for words, hour in (("b", 9), ("c", 10), ("a", 8), ("d", 7))
    ]
    enrolments.take(page, LATER)
    assert enrolments.reviews(EMPLOYEE) == {"negotiation": "c"}
    enrolments.progress(told(100, at=local(12)), LATER)
    assert enrolments.reviews(EMPLOYEE) == {"negotiation": "c"}
    assert enrolments.reviews("emp_02") == {}


def test_c2_words_longer_than_kms_takes_at_once_read_back(enrolments: Enrolments) -> None:
    opened(enrolments)
    words = "谈判技巧有明显提升。" * 400
    enrolments.progress(told(review=words), NOW)
    assert enrolments.reviews(EMPLOYEE) == {"negotiation": words}


# --- kept until it is claimed -----------------------------------------------------------------------------------------


def test_c2_what_was_told_too_early_is_claimed(enrolments: Enrolments) -> None:
    facts = [told(50, at=local(8)), told(60, 85, REVIEW, local(9)), told(55, at=local(7))]
    for one in (*facts, facts[0]):
        enrolments.keep(one, NOW)
    opened(enrolments)
    enrolments.claim("enr-negotiation", NOW)
    once = enrolments.find(EMPLOYEE, "negotiation")
    assert once is not None
    assert replace(once, version=1) == as_told(*facts)
    enrolments.claim("enr-negotiation", NOW)
    assert enrolments.find(EMPLOYEE, "negotiation") == once
    assert enrolments.reviews(EMPLOYEE) == {"negotiation": REVIEW}


def test_c2_what_is_kept_is_forgotten_after_a_while(enrolments: Enrolments, dynamodb: Any) -> None:
    kept = told(50)
    enrolments.keep(kept, NOW)
    item = Table(dynamodb, TABLE).get(unclaimed_key(kept, IDS))
    assert item is not None
    assert datetime.fromtimestamp(item["forget_at"], UTC) == NOW + timedelta(days=30)
    enrolments.claim("enr-other", NOW)


@pytest.mark.parametrize("microseconds", [0, 1])
def test_c2_two_facts_of_one_moment_are_both_kept(enrolments: Enrolments, microseconds: int) -> None:
    """An xAPI store tells ``completed`` and ``scored`` with one timestamp."""
    enrolments.keep(told(100), NOW)
    enrolments.keep(told(exam=85, at=NOW + timedelta(microseconds=microseconds)), NOW)
    opened(enrolments)
    enrolments.claim("enr-negotiation", NOW)
    known = enrolments.find(EMPLOYEE, "negotiation")
    assert known is not None
    assert (known.completion_percent, known.exam_score) == (Decimal(100), Decimal(85))


# --- a page of facts --------------------------------------------------------------------------------------------------


def test_c2_a_page_is_read_in_batches_and_written_once_for_each_enrolment_with_news(
    dynamodb: Any, vault: Vault
) -> None:
    items = [f"course-{number}" for number in range(120)]
    opened(through(dynamodb, vault), *items)
    watched = Watched(dynamodb)
    enrolments = through(watched, vault)
    page = [fact(item, local(10, hour), 10 * hour) for hour in (1, 2, 3) for item in items]
    assert enrolments.take(page, NOW) == Taken(120, ())
    assert watched.calls == {"batch_get_item": 4, "put_item": 120}
    assert enrolments.take(page, NOW) == Taken(0, ())
    assert watched.calls == {"batch_get_item": 8, "put_item": 120}
    known = enrolments.find(EMPLOYEE, "course-7")
    assert known is not None
    assert (known.completion_percent, known.version) == (Decimal(30), 2)
    item = Table(dynamodb, TABLE).get(enrolment_key(EMPLOYEE, "course-7"))
    assert item is not None
    assert len(from_events(item["events"])) == 1


def test_c2_unknown_enrolments_do_not_keep_the_others_of_a_page_back(enrolments: Enrolments) -> None:
    opened(enrolments)
    page = [fact("theirs", NOW, 10), told(50), fact("later", NOW, 20), fact("theirs", NOW, 30)]
    assert enrolments.take(page, NOW) == Taken(1, (page[0], page[3], page[2]))
    assert enrolments.find(EMPLOYEE, "negotiation") == replace(as_told(told(50)), version=2)
    assert enrolments.take([], NOW) == Taken(0, ())


def test_c2_an_overtaken_page_sees_what_the_other_left(dynamodb: Any, vault: Vault) -> None:
    enrolments = through(dynamodb, vault)
    opened(enrolments, "negotiation", "product-knowledge")
    webhook = told(90, 70, REVIEW, NOW + timedelta(hours=1))
    overtaken = through(Watched(dynamodb, lambda: enrolments.progress(webhook, NOW)), vault)
    page = [told(50), fact("product-knowledge", NOW, 80)]
    assert overtaken.take(page, NOW) == Taken(2, ())
    assert enrolments.find(EMPLOYEE, "negotiation") == replace(as_told(webhook, told(50)), version=3)
    assert enrolments.reviews(EMPLOYEE) == {"negotiation": REVIEW}


@pytest.mark.parametrize("by_page", [True, False])
def test_c2_the_same_news_from_two_is_told_once(dynamodb: Any, vault: Vault, by_page: bool) -> None:
    enrolments = through(dynamodb, vault)
    opened(enrolments)
    one = told(50, 60, REVIEW)
    overtaken = through(Watched(dynamodb, lambda: enrolments.progress(one, NOW)), vault)
    news = overtaken.take([one], NOW).news if by_page else overtaken.progress(one, NOW)
    assert news == 0
    assert enrolments.find(EMPLOYEE, "negotiation") == replace(as_told(one), version=2)


@pytest.mark.parametrize("by_page", [True, False])
def test_a_race_that_is_lost_twice_is_lost_and_nothing_of_the_winners(
    dynamodb: Any, vault: Vault, by_page: bool
) -> None:
    enrolments = through(dynamodb, vault)
    opened(enrolments)
    # A page is read at half the price first, so it has one more try.
    theirs = [told(60 + hour, at=local(11, hour)) for hour in range(3 if by_page else 2)]
    acts = [lambda one=one: enrolments.progress(one, LATER) for one in theirs]
    overtaken = through(Watched(dynamodb, *acts), vault)
    with pytest.raises(LostRace):
        overtaken.take([told(50)], LATER) if by_page else overtaken.progress(told(50), LATER)
    assert enrolments.find(EMPLOYEE, "negotiation") == replace(as_told(*theirs), version=1 + len(theirs))


def test_a_page_the_table_will_not_read_now_is_read_again_later(dynamodb: Any, vault: Vault) -> None:
    class Busy(Watched):
        def batch_get_item(self, **arguments: Any) -> Any:
            return {"Responses": {}, "UnprocessedKeys": arguments["RequestItems"]}

    opened(through(dynamodb, vault))
    with pytest.raises(Unfinished):
        through(Busy(dynamodb), vault).take([told(50)], NOW)


def test_c2_two_items_that_are_one_course_to_the_lms_both_hear_of_it(enrolments: Enrolments) -> None:
    """Moodle's enrolment is ``<course>-<user>``, whichever item it is for: material proposed for two courses, say."""
    for about in ("negotiation", "product-knowledge"):
        enrolments.open(Enrolment(EMPLOYEE, f"extra-material~{about}", "7-31", DUE))
    fact_of_both = CourseProgressed("7-31", NOW, Decimal(100))
    enrolments.take([fact_of_both], NOW)
    found = [
        enrolments.find(EMPLOYEE, f"extra-material~{about}") for about in ("negotiation", "product-knowledge")
    ]
    assert [one and one.completion_percent for one in found] == [100, 100]


def test_c2_two_items_that_are_one_enrolment_tell_two_events(enrolments: Enrolments, dynamodb: Any) -> None:
    for about in ("negotiation", "product-knowledge"):
        enrolments.open(Enrolment(EMPLOYEE, f"extra-material~{about}", "7-31", DUE))
    enrolments.take([CourseProgressed("7-31", NOW, Decimal(100))], NOW)
    images = dynamodb.scan(TableName=TABLE)["Items"]
    told_of = [event.id for image in images for _, event in told_by({"dynamodb": {"NewImage": image}})]
    assert len(told_of) == 4, "progressed and completed, of each"
    assert len(set(told_of)) == 4


@pytest.mark.parametrize("by_page", [True, False])
def test_c2_what_is_said_to_happen_in_time_to_come_is_refused(enrolments: Enrolments, by_page: bool) -> None:
    """Taken in, it would be the latest word for ever."""
    opened(enrolments)
    ahead = told(100, at=datetime(9999, 12, 31, tzinfo=UTC))
    if by_page:
        assert enrolments.take([ahead, told(50)], NOW) == Taken(1, (), 1)
    else:
        with pytest.raises(DomainError, match="still to come"):
            enrolments.progress(ahead, NOW)
        enrolments.progress(told(50), NOW)
    known = enrolments.find(EMPLOYEE, "negotiation")
    assert known is not None
    assert known.completion_percent == 50
