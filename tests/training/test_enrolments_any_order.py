"""Progress in any order, duplication and batching, also on a table whose cheaper reads are out of date (C2)."""

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rencai.store.table import Condition, Item, Key
from rencai.training.rules.courses import Enrolment, progressed
from rencai.training.rules.facts import CourseProgressed
from rencai.training.store.enrolments import Enrolments, Taken
from tests.builders import EMPLOYEE
from tests.examples import examples
from tests.training.enrolment_builders import DUE, NOW, REVIEW, as_told, on, opened
from tests.training.training_builders import IMPROVED, MemoryTable, OpenVault, local, marked, rate

ITEMS = ("a", "b", "c")
_OFFSETS = [UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-9, minutes=-30))]
moments = st.builds(
    lambda hours, microseconds, zone: (
        local(9) + timedelta(hours=hours, microseconds=microseconds)
    ).astimezone(zone),
    st.integers(0, 4),
    st.sampled_from([0, 1, 999, 1000]),
    st.sampled_from(_OFFSETS),
)
percents = st.none() | st.sampled_from(["0", "50", "79.99", "80", "100"]).map(Decimal)
facts_told = st.builds(
    CourseProgressed,
    st.sampled_from([f"enr-{item}" for item in ITEMS]),
    moments,
    percents,
    percents,
    st.none() | st.sampled_from([IMPROVED, REVIEW, "按时参加"]),
)
fact_lists = st.lists(facts_told, min_size=1, max_size=10)


@st.composite
def pages_of(draw: st.DrawFn, facts: list[CourseProgressed]) -> list[list[CourseProgressed]]:
    """These facts in any order, some twice, in pages."""
    order = draw(st.permutations([*facts, *draw(st.lists(st.sampled_from(facts), max_size=4))]))
    ends = sorted(draw(st.sets(st.integers(1, len(order)), max_size=4)) | {len(order)})
    return [list(order[start:end]) for start, end in itertools.pairwise([0, *ends])]


def of(enrolments: Enrolments, employee_id: str) -> tuple[dict[str, Enrolment | None], dict[str, str]]:
    """All there is to know of somebody, but how many writes it took."""
    found = {item: enrolments.find(employee_id, item) for item in ITEMS}
    same = {
        item: one and replace(one, employee_id="", enrolment_id="", version=0) for item, one in found.items()
    }
    return _without_digests(same), enrolments.reviews(employee_id)


def _without_digests(found: Mapping[str, Enrolment | None]) -> dict[str, Enrolment | None]:
    # The digest names the enrolment, which differs from one employee of the test to the other.
    return {
        item: one
        and replace(
            one,
            review=replace(one.review, value="") if one.review else None,
            asked=replace(one.asked, rating_id="") if one.asked else None,
        )
        for item, one in found.items()
    }


def test_c2_a_feed_in_any_pages_comes_to_the_same_as_webhooks_one_by_one(enrolments: Enrolments) -> None:
    numbers = itertools.count()

    @examples(20)
    @given(fact_lists, st.data())
    def holds(facts: list[CourseProgressed], data: st.DataObject) -> None:
        # Of one moment the greater digest counts, and digests differ by enrolment: one review a moment.
        facts = _one_review_a_moment(facts)
        by_page, one_by_one = (f"emp_{next(numbers)}" for _ in range(2))
        for employee_id in (by_page, one_by_one):
            for item in ITEMS:
                enrolments.open(Enrolment(employee_id, item, f"{employee_id}-{item}", DUE))

        def about(employee_id: str, one: CourseProgressed) -> CourseProgressed:
            return replace(one, enrolment_id=f"{employee_id}-{one.enrolment_id.removeprefix('enr-')}")

        for one in facts:
            enrolments.progress(about(one_by_one, one), NOW)
        for page in data.draw(pages_of(facts)):
            assert enrolments.take([about(by_page, one) for one in page], NOW).unknown == ()
        assert of(enrolments, by_page) == of(enrolments, one_by_one)

    holds()


def _one_review_a_moment(facts: list[CourseProgressed]) -> list[CourseProgressed]:
    seen: set[tuple[str, datetime]] = set()
    found = []
    for one in facts:
        place = (one.enrolment_id, one.occurred_at)
        found.append(replace(one, mentor_review=None) if place in seen else one)
        seen.add(place)
    return found


class StaleTable(MemoryTable):
    """A table whose cheaper reads give each item as it was up to so many writes ago, or as if it were not there yet."""

    def __init__(self, ages: Iterator[int]) -> None:
        super().__init__()
        self._ages = ages
        self._images: dict[Key, list[Item | None]] = {}

    def put(self, key: Key, item: Mapping[str, Any], condition: Condition | None = None) -> None:
        super().put(key, item, condition)
        self._images.setdefault(key, [None]).append(self.get(key))

    def get_all(self, keys: Collection[Key], *, consistent: bool = True) -> dict[Key, Item]:
        if consistent:
            return super().get_all(keys)
        old = {key: self._images.get(key, [None]) for key in keys}
        seen = {key: images[max(0, len(images) - 1 - next(self._ages))] for key, images in old.items()}
        return {key: item for key, item in seen.items() if item is not None}


def test_c2_an_item_that_a_read_out_of_date_does_not_have_yet_hears_of_it_too() -> None:
    """Of two items that are one enrolment, the second is too new for the cheaper read."""
    link, first, second = 0, 0, 1
    enrolments = on(StaleTable(iter([link, first, second])), OpenVault())
    for about in ("a", "b"):
        enrolments.open(Enrolment(EMPLOYEE, f"extra-material~{about}", "7-31", DUE))
    assert enrolments.take([CourseProgressed("7-31", NOW, Decimal(100))], NOW) == Taken(2, ())
    found = [enrolments.find(EMPLOYEE, f"extra-material~{about}") for about in ("a", "b")]
    assert [one and one.completion_percent for one in found] == [100, 100]


@examples(300)
@given(fact_lists, st.data())
def test_c2_reads_that_are_out_of_date_lose_nothing(
    facts: list[CourseProgressed], data: st.DataObject
) -> None:
    ages = (data.draw(st.integers(0, 5), label="age") for _ in itertools.count())
    table = StaleTable(ages)
    enrolments = on(table, OpenVault())
    opened(enrolments, *ITEMS)
    news = 0
    for page in data.draw(pages_of(facts)):
        taken = enrolments.take(page, NOW)
        assert taken.unknown == ()
        news += taken.news
    for item in ITEMS:
        first = Enrolment(EMPLOYEE, item, f"enr-{item}", DUE)
        mine = [one for one in facts if one.enrolment_id == f"enr-{item}"]
        found = enrolments.find(EMPLOYEE, item)
        assert found is not None
        assert replace(found, version=0) == as_told(*mine, enrolment=first)
    assert table.names().count("training.progressed") == news
    latest = {one.enrolment_id: one.mentor_review for one in _latest_reviews(facts)}
    for item, words in enrolments.reviews(EMPLOYEE).items():
        assert words == latest[f"enr-{item}"]
    assert len(enrolments.reviews(EMPLOYEE)) == len(latest)


def _latest_reviews(facts: list[CourseProgressed]) -> list[CourseProgressed]:
    """Of each enrolment the review that counts, the earlier ones before it."""

    def at(one: CourseProgressed) -> tuple[datetime, str]:
        known = progressed(Enrolment(EMPLOYEE, "", one.enrolment_id, DUE), one, rate, marked).review
        return one.occurred_at, known.value if known else ""

    return sorted((one for one in facts if one.mentor_review), key=at)


@examples(200)
@given(fact_lists, st.data())
def test_c2_what_is_told_before_during_and_after_enrolling_is_all_there(
    facts: list[CourseProgressed], data: st.DataObject
) -> None:
    """Kept when it is nobody's yet, claimed when it is."""
    enrolments = on(StaleTable(data.draw(st.integers(0, 3)) for _ in itertools.count()), OpenVault())
    pages = data.draw(pages_of(facts))
    opens = data.draw(st.integers(0, len(pages)), label="opened before page")
    for place, page in enumerate([*pages, []]):
        if place == opens:
            opened(enrolments, *ITEMS)
            for item in ITEMS:
                enrolments.claim(f"enr-{item}", NOW)
        for one in enrolments.take(page, NOW).unknown:
            enrolments.keep(one, NOW)
    for item in ITEMS:
        mine = [one for one in facts if one.enrolment_id == f"enr-{item}"]
        found = enrolments.find(EMPLOYEE, item)
        assert found is not None
        assert replace(found, version=0) == as_told(
            *mine, enrolment=Enrolment(EMPLOYEE, item, f"enr-{item}", DUE)
        )
