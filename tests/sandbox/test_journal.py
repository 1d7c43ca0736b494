"""The journal: positions without holes, whoever writes at the same time or dies."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.sandbox.stage import NOW, Stage
from vendor_api.journal import Journal


def everything(journal: Journal) -> list[str]:
    last = journal.last()
    return journal.page(0, last, 1_000)[0] if last else []


@dataclass
class Interrupting:
    """A table that lets something happen between two of the writer's calls."""

    table: Any
    before: dict[str, Any] = field(default_factory=dict)
    """What to call before the first call of this name."""

    def __getattr__(self, name: str) -> Any:
        interruption = self.before.pop(name, None)
        if interruption:
            interruption()
        return getattr(self.table, name)


def test_two_writers_at_once_get_two_positions(stage: Stage) -> None:
    other = Journal(stage.table, "progress")
    table = Interrupting(stage.table, {"put_item": lambda: [other.append(one, NOW) for one in "bc"]})
    assert Journal(table, "progress").append("a", NOW) == 3
    assert everything(other) == ["b", "c", "a"]


def test_a_note_of_the_last_position_never_goes_back(stage: Stage) -> None:
    other = Journal(stage.table, "progress")
    table = Interrupting(stage.table, {"update_item": lambda: other.append("b", NOW)})
    assert Journal(table, "progress").append("a", NOW) == 1
    assert other.last() == 2
    assert everything(other) == ["a", "b"]


def test_a_writer_that_died_before_its_note_is_overtaken_and_nothing_is_lost(stage: Stage) -> None:
    journal = Journal(stage.table, "progress")

    def die() -> None:
        raise ConnectionError

    journal.append("a", NOW)
    with pytest.raises(ConnectionError):
        Journal(Interrupting(stage.table, {"update_item": die}), "progress").append("b", NOW)
    # Nobody reads further than is noted: else "c" might come to be behind a reader's back.
    assert everything(journal) == ["a"]
    assert journal.append("c", NOW) == 3
    assert everything(journal) == ["a", "b", "c"]


def test_what_was_forgotten_leaves_no_trace_and_no_trap(stage: Stage) -> None:
    journal = Journal(stage.table, "progress", segment=2)
    for one in "abcdefg":
        journal.append(one, NOW)
    for position in (1, 2, 3, 4, 6):
        key = {"pk": f"progress#{(position - 1) // 2}", "sk": f"{position:010}"}
        stage.table.delete_item(Key=key)
    assert journal.page(0, 7, 1) == (["e"], 5)
    assert journal.page(0, 7, 9) == (["e", "g"], 7)
    assert journal.page(7, 7, 9) == ([], 7)


def test_many_entries_stand_in_their_order_behind_what_was_there(stage: Stage) -> None:
    journal = Journal(stage.table, "progress", segment=30)
    journal.append("first", NOW)
    many = [str(number) for number in range(250)]
    journal.append_all(many, NOW)
    journal.append_all([], NOW)
    journal.append("last", NOW)
    assert journal.last() == 252
    assert journal.page(0, 252, 300) == (["first", *many, "last"], 252)


def test_many_entries_among_those_of_another_writer(stage: Stage) -> None:
    other = Journal(stage.table, "progress")
    # Right before the first hundred, and before the last position is noted: both find what the other wrote.
    table = Interrupting(
        stage.table,
        {
            "meta": lambda: other.append_all(["a", "b"], NOW),
            "update_item": lambda: other.append("c", NOW),
        },
    )
    many = [str(number) for number in range(150)]
    Journal(table, "progress").append_all(many, NOW)
    assert other.last() == 153
    assert everything(other) == ["a", "b", *many[:100], "c", *many[100:]]


def test_many_entries_of_a_writer_that_died_are_overtaken_whole(stage: Stage) -> None:
    journal = Journal(stage.table, "progress")

    def die() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Journal(Interrupting(stage.table, {"update_item": die}), "progress").append_all(["a", "b"], NOW)
    assert journal.last() is None
    journal.append_all(["c", "d"], NOW)
    assert everything(journal) == ["a", "b", "c", "d"]


def test_journals_do_not_mix(stage: Stage) -> None:
    progress, applications = (Journal(stage.table, name) for name in ("progress", "applications"))
    progress.append("a", NOW)
    applications.append("b", NOW)
    assert (everything(progress), everything(applications)) == (["a"], ["b"])


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_a_page_that_ends_with_a_segment_goes_on_with_the_next(stage: Stage, limit: int) -> None:
    journal = Journal(stage.table, "progress", segment=3)
    for number in range(1, 11):
        journal.append(str(number), NOW)
    read: list[str] = []
    position = 0
    while position < 10:
        entries, position = journal.page(position, 10, limit)
        read += entries
    assert read == [str(number) for number in range(1, 11)]
