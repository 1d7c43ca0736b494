"""Whoever writes down who is who, against whoever else does: at every call of the one the other comes in whole.

Afterwards, and after each delivery has come once more, two who share an identifier are one person, or somebody has been
asked or has said; what is on record as one is one; and who has an application finds it.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import combinations
from typing import Any, Final

import pytest

from rencai.kernel.errors import DomainError, LostRace
from rencai.people.rules.identity import Different, Identity, decide, united
from rencai.people.store.identities import _from_item
from rencai.people.store.merges import Merge, MergeStatus
from tests.people.tenant import APP, LI, NATIONAL_ID, ZHOU, Between, Tenant, tenant

Writer = Callable[[Tenant], object]
OLD_PHONE: Final = {"name": ZHOU["name"], "phone": "+8613900000009", "national_id": NATIONAL_ID}
MAILBOX: Final = {"name": "助理", "email": ZHOU["email"]}


def _answers(one: Tenant) -> None:
    for merge in one.all_merges():
        if merge.status is MergeStatus.QUESTION:
            one.merging.same(merge.merge_id, merge.candidates[0], "同一人", "hr-1", one.now)


def _denies(one: Tenant) -> None:
    for merge in one.all_merges():
        if merge.status is MergeStatus.QUESTION:
            one.merging.different(merge.merge_id, "两个人", "hr-2", one.now)


def _undoes(one: Tenant) -> None:
    for merge in one.all_merges():
        if merge.status is MergeStatus.MERGED:
            one.merging.undo(merge.merge_id, "弄错了", "hr-3", one.now)


DELIVERED: Final[Mapping[str, Writer]] = {
    "an interview": lambda one: one.hand_in(ZHOU),
    "another vendor's interview": lambda one: one.hand_in(ZHOU, "other", "theirs"),
    "an application": lambda one: one.applied({**ZHOU, "national_id": NATIONAL_ID}),
    "a second application": lambda one: one.applied(ZHOU, "app-2"),
    "somebody of the same mailbox": lambda one: one.hand_in(MAILBOX, "fourth", "4th"),
    "a known candidate's new phone": lambda one: one.hand_in(
        {**LI, "phone": ZHOU["phone"], "email": ZHOU["email"]}, "third", "3rd-2"
    ),
}
"""What comes again when nobody has heard of it."""
DECIDED: Final[Mapping[str, Writer]] = {
    "HR says yes": _answers,
    "HR says no": _denies,
    "HR takes it back": _undoes,
}
WRITERS: Final = {**DELIVERED, **DECIDED}


def _with_an_application(one: Tenant) -> None:
    one.hand_in(ZHOU, "zero", "0")
    one.applied(ZHOU)


BEFORE: Final[Mapping[str, Writer]] = {
    "nobody": lambda one: one.hand_in(LI, "third", "3rd"),
    "one with the same national id": lambda one: one.hand_in(OLD_PHONE, "zero", "0"),
    "one who is asked about": lambda one: (
        one.hand_in(ZHOU, "zero", "0", passes=False),
        one.hand_in(MAILBOX, "other", "theirs-0", external_id="0", passes=False),
    ),
    "one with an application": _with_an_application,
}


def _tried(one: Tenant, writer: Writer) -> bool:
    """Whether it came to its end. What lost is tried again by a queue, a client or a person; a rule's no is an end."""
    try:
        writer(one)
    except LostRace:
        return False
    except DomainError:
        return True
    return True


def _persons(one: Tenant) -> dict[str, str]:
    """By source, candidate or application: whose it is in the end."""
    whose: dict[str, str] = {}
    for item in one.items():
        source = item["pk"].partition("#")[2]
        if item["sk"] in ("JOURNEY", "JOURNEY#ALIAS"):
            whose[source] = one.merges.resolve(source)[0]
        elif item["sk"] == "APPLICATION":
            owner = item.get("candidate_id")
            whose[source] = one.merges.resolve(owner)[0] if owner else source
    return whose


def _identities(one: Tenant, whose: Mapping[str, str]) -> dict[str, tuple[Identity, frozenset[str]]]:
    """By person: who they are, and their sources."""
    given: dict[str, list[Identity]] = {}
    for item in one.items():
        if item["pk"].startswith("IDENTITY#") and item["sk"] in whose:
            given.setdefault(whose[item["sk"]], []).append(_from_item(item))
    return {
        person: (united(person, them), frozenset(one.owner for one in them)) for person, them in given.items()
    }


def wrong(one: Tenant) -> Iterator[str]:
    """What must not be."""
    whose, merges = _persons(one), one.all_merges()
    for (left, mine), (right, theirs) in combinations(_identities(one, whose).values(), 2):
        applicants = left.owner.startswith("app_") and right.owner.startswith("app_")
        if applicants or isinstance(decide(left, [right]), Different):
            continue  # applications find their candidates, not one another
        if not any(_settles(merge, mine, theirs) for merge in merges):
            yield "two who share an identifier are two, and nobody is asked"
    for merge in merges:
        made = merge.absorbed if merge.status is MergeStatus.MERGED else None
        if made and whose.get(made) != one.merges.resolve(merge.into or "")[0]:
            yield "a merge on record has not come true"
    owners = [item.get("candidate_id") for item in one.items() if item["sk"] == "APPLICATION"]
    for owner in filter(None, owners):
        if one.applications.of(one.merges.resolve(owner)[0]) is None:
            yield "who has an application does not find it"


def _settles(merge: Merge, mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether somebody is asked about two people, or has said."""
    parties = set(merge.parties)
    return merge.status is not MergeStatus.MERGED and bool(parties & mine and parties & theirs)


@pytest.mark.parametrize("second", WRITERS)
@pytest.mark.parametrize("first", WRITERS)
def test_two_writers_at_one_moment_leave_one_person_or_a_question(first: str, second: str) -> None:
    reached = 0
    for name in _where(first, second):
        with tenant() as clean:
            BEFORE[name](clean)
            again, at, acted = clean.again(), 0, True
            while acted:
                at += 1
                one = again()
                other = _Other(one, WRITERS[second])
                between = Between(at, other)
                whole = _tried(one.seen_by(between), WRITERS[first])
                acted = between.acted
                reached += acted
                for writer, over in ((first, whole), (second, other.ended)):
                    if writer in DELIVERED or not over:
                        assert _settled(one, WRITERS[writer]), (name, at, writer)
                if one.applications.find(APP):
                    # An ATS has always more to tell: what HR took from one is found to be another's then.
                    assert _settled(one, DELIVERED["an application"])
                assert sorted(wrong(one)) == [], (name, at)
    assert reached > 4


def _where(first: str, second: str) -> list[str]:
    """Where there is something to decide."""
    if "HR takes it back" in (first, second):
        asked = ["one who is asked about"] if "HR says yes" in (first, second) else []
        return ["one with an application", *asked]
    if DECIDED.keys() & {first, second}:
        return ["one who is asked about"]
    return ["nobody", "one with the same national id"]


class _Other:
    """The one who comes in whole; ``ended`` unless they lost."""

    def __init__(self, one: Tenant, writer: Writer) -> None:
        self._one, self._writer, self.ended = one, writer, True

    def __call__(self) -> None:
        self.ended = _tried(self._one, self._writer)


def _settled(one: Tenant, writer: Writer) -> bool:
    """Alone, nobody loses for long."""
    return any(_tried(one, writer) for _ in range(3))


class _Noted(Between):
    """Writes down what is called, too."""

    def __init__(self, at: int, act: Callable[[], object]) -> None:
        super().__init__(at, act)
        self.calls: list[str] = []

    def through(self, name: str, call: Callable[[], Any]) -> Any:
        self.calls.append(name)
        return super().through(name, call)


def test_who_is_decided_about_while_coming_in_becomes_one_and_nothing_sealed_is_opened() -> None:
    """Ingestion may not open a national id; it knows what the interview says of it."""
    with tenant() as clean:
        clean.hand_in(ZHOU, "zero", "0", passes=False)
        again, at, acted, finished = clean.again(), 0, True, 0
        while acted:
            at, one = at + 1, again()
            noted = _Noted(at, partial(_answers, one))
            one.seen_by(noted).hand_in({**MAILBOX, "national_id": NATIONAL_ID}, "fourth", "4th", passes=False)
            acted = noted.acted
            assert "kms.decrypt" not in noted.calls
            merged = [merge for merge in one.all_merges() if merge.status is MergeStatus.MERGED]
            finished += bool(merged)
            assert list(wrong(one)) == []
    assert finished > 2


def test_who_shares_with_both_makes_nobody_one_silently(one: Tenant) -> None:
    """An application with the national id of one and the phone and e-mail of another: found from outside, it was linked
    to the first, and the two stayed two.
    """
    known = one.hand_in(OLD_PHONE, "zero", "0")
    one.applied({**ZHOU, "national_id": NATIONAL_ID})
    assert one.hand_in(ZHOU) == known


def test_who_was_interviewed_a_moment_before_the_application_is_asked_about(one: Tenant) -> None:
    known = one.hand_in(OLD_PHONE, "zero", "0")
    met = one.hand_in(ZHOU)
    one.applied({**ZHOU, "national_id": NATIONAL_ID})
    (question,) = [merge for merge in one.all_merges() if merge.status is MergeStatus.QUESTION]
    assert set(question.parties) == {known, met}
