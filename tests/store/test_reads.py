"""What a read costs: documents are kept small and read once, and what was written before is read for half the price."""

from datetime import datetime
from typing import Any

import pytest

from rencai.kernel.configuration import Kind
from rencai.kernel.work_calendar import WORK_CALENDAR
from rencai.reading.rules.classifier import CLASSIFIER
from rencai.reading.rules.lexicon import LEXICON
from rencai.store.configurations import CACHED_FOR, Configurations, configuration_key
from rencai.store.table import ABSENT, Item, Key, Table, to_item
from rencai.training.rules.rules import COURSE_CATALOGUE, TRAINING_RULES
from tests.behind import Behind
from tests.bench.capacity import item_size, read_units
from tests.builders import NOW
from tests.moto_table import TABLE
from tests.shipped import DOCUMENTS

KEY = Key("CANDIDATE#cand_1", "JOURNEY")


_LARGE: dict[Kind[Any], int] = {LEXICON: 40, CLASSIFIER: 75}
"""Pages of 4 KB that the documents may have which words are read by; few functions read words, once a minute each."""


class Counted:
    """A client that says what it was asked."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self._target, name)


class _Answers:
    """A client that only queries, and says how many items each answer had."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self.counts: list[int] = []

    def query(self, **asked: Any) -> Any:
        answer = self._target.query(**asked)
        self.counts.append(answer["Count"])
        return answer


def _configurations(client: Any) -> Configurations:
    return Configurations(Table(client, TABLE), lambda: NOW)


def _put(configurations: Configurations, kind: Kind[Any], name: str = "default", now: datetime = NOW) -> int:
    return configurations.put(kind, name, DOCUMENTS[kind, name].content, actor="hr-li@example.com", now=now)


@pytest.mark.parametrize(("kind", "name"), DOCUMENTS, ids=str)
def test_every_shipped_document_costs_one_unit_to_read(kind: Kind[Any], name: str, dynamodb: Any) -> None:
    _put(_configurations(dynamodb), kind, name)
    item = Table(dynamodb, TABLE).get(configuration_key(kind, name, 1))
    assert item is not None
    units = read_units(item_size(to_item(item)), consistent=False)
    if kind in _LARGE:
        assert units <= 0.5 * _LARGE[kind]
    else:
        assert units == 0.5


def test_the_same_document_again_stores_nothing(dynamodb: Any) -> None:
    configurations = _configurations(dynamodb)
    assert [_put(configurations, COURSE_CATALOGUE) for _ in range(2)] == [1, 1]


def test_a_document_that_was_stored_as_text_is_read_and_is_the_same(dynamodb: Any) -> None:
    table = Table(dynamodb, TABLE)
    # As ``put`` wrote it at first; versions never change.
    text = '{"days_off":[],"worked_weekends":[],"day_ends":"17:30:00"}'
    table.put(
        configuration_key(WORK_CALENDAR, "default", 1),
        {"version": 1, "document": text, "actor": "admin", "at": "2026-03-02T01:00:00.000Z"},
        ABSENT,
    )
    configurations = _configurations(dynamodb)
    found = configurations.latest(WORK_CALENDAR)
    assert (found.version, found.document.day_ends.hour) == (1, 17)
    assert configurations.put(WORK_CALENDAR, "default", {"day_ends": "17:30"}, actor="hr", now=NOW) == 1


def test_a_version_is_read_once_by_whichever_way(dynamodb: Any) -> None:
    _put(_configurations(dynamodb), TRAINING_RULES)
    client = Counted(dynamodb)
    configurations = _configurations(client)
    newest = configurations.latest(TRAINING_RULES)
    assert configurations.of_version(TRAINING_RULES, newest.version) is newest
    assert client.calls == ["query"]


def test_a_newer_version_leaves_the_earlier_one_known(dynamodb: Any) -> None:
    editor, now = _configurations(dynamodb), [NOW]
    _put(editor, TRAINING_RULES)
    configurations = Configurations(Table(dynamodb, TABLE), lambda: now[0])
    first = configurations.latest(TRAINING_RULES)
    content: Item = DOCUMENTS[TRAINING_RULES, "default"].content
    fewer = content | {"gaps": content["gaps"][1:]}
    assert editor.put(TRAINING_RULES, "default", fewer, actor="hr", now=NOW) == 2
    now[0] = NOW.replace(hour=NOW.hour + 1)
    assert configurations.latest(TRAINING_RULES).version == 2
    assert configurations.of_version(TRAINING_RULES, 1) is first


@pytest.mark.parametrize("name", ["competency", "survey"])
def test_a_large_document_that_is_the_newest_still_is_not_read_again(dynamodb: Any, name: str) -> None:
    """A minute later its container asks for later versions: there are none, and nothing is half a unit."""
    _put(_configurations(dynamodb), CLASSIFIER, name)
    _put(_configurations(dynamodb), CLASSIFIER, "mentor")
    client, now = _Answers(dynamodb), [NOW]
    configurations = Configurations(Table(client, TABLE), lambda: now[0])  # type: ignore[arg-type]  # as below
    first = configurations.latest(CLASSIFIER, name)
    for minutes in (1, 2, 3):
        now[0] = NOW + CACHED_FOR * minutes
        assert configurations.latest(CLASSIFIER, name) is first
        assert configurations.latest(CLASSIFIER, name) is first
    assert client.counts == [1, 0, 0, 0]


def _written(dynamodb: Any, versions: int) -> tuple[Table, Behind]:
    behind = Behind(dynamodb, for_good=True)
    table = Table(behind, TABLE)  # type: ignore[arg-type]  # stands in for the client
    for version in range(1, versions + 1):
        table.put(KEY, {"version": version})
    return table, behind


@pytest.mark.parametrize(
    ("written", "since", "found", "shown"),
    [
        (2, 1, 1, True),  # as the event told, and that is enough
        (2, 2, 2, True),  # behind what the event told
        (1, 1, 1, True),  # not there yet
        (1, 0, 1, True),  # likewise
        (2, None, 2, False),  # nothing is known of it
    ],
)
def test_what_an_event_told_of_is_never_missed(
    dynamodb: Any, written: int, since: int | None, found: int, shown: bool
) -> None:
    table, behind = _written(dynamodb, written)
    item = table.get_since(KEY, since)
    assert item is not None
    assert (item["version"], bool(behind.shown)) == (found, shown)


def test_what_shows_at_once_is_read_once(dynamodb: Any) -> None:
    Table(dynamodb, TABLE).put(KEY, {"version": 3})
    client = Counted(dynamodb)
    assert Table(client, TABLE).get_since(KEY, 3) == {**KEY.attributes(), "version": 3}  # type: ignore[arg-type]  # as above
    assert client.calls == ["get_item"]


def test_what_is_not_there_is_not_there(dynamodb: Any) -> None:
    assert Table(dynamodb, TABLE).get_since(KEY, 1) is None
