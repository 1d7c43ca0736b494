"""HR's answers to the question whether two are one, and how to ask it."""

from collections.abc import Callable

import pytest

from rencai.kernel.errors import DomainError, Refusal
from rencai.people.store.merges import Merge
from tests.people.tenant import ZHOU, Tenant

CHILD = {"name": "周小", "phone": ZHOU["phone"]}


def asked(one: Tenant) -> Merge:
    """Two candidates who share a phone."""
    one.hand_in(ZHOU)
    one.hand_in(CHILD, vendor="other", interview_id="theirs")
    one.passes(hours=1)
    return one.the_merge()


def same(one: Tenant, merge: Merge, into: str | None = None) -> Merge:
    return one.merging.same(merge.merge_id, into, "同一个人", "hr-1", one.now)


def different(one: Tenant, merge: Merge) -> Merge:
    return one.merging.different(merge.merge_id, "母子", "hr-1", one.now)


def undo(one: Tenant, merge: Merge) -> Merge:
    return one.merging.undo(merge.merge_id, "看错了", "hr-2", one.now)


def refusal(call: Callable[[], object]) -> Refusal:
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value.code
