"""The bucket as it was, and the record of erasures as it is."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from infra.admin.restore import objects
from infra.admin.restore.foundation import expiries
from infra.admin.restore.objects import Copied
from infra.admin.restore.plan import Plan
from rencai.store.erasures import Erasure
from tests.restore.before import AT, BUCKET, NOW, Before
from tests.template import template

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TARGET = "rencai-acme-r1-123456789012-ap-southeast-1"


@pytest.fixture
def days(plan: Plan) -> dict[str, int]:
    return expiries(template(), plan)


def content(old: Before, bucket: str = TARGET) -> dict[str, str]:
    listed = old.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {
        one["Key"]: old.s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read().decode() for one in listed
    }


def copied(old: Before, plan: Plan, days: dict[str, int], *erasures: Erasure) -> Copied:
    with time_machine.travel(NOW, tick=False):
        return objects.copy_objects(old.s3, plan, TARGET, days, erasures, NOW)


def test_what_could_be_read_then_can_be_read_again(old: Before, plan: Plan, days: dict[str, int]) -> None:
    old.made_bucket(TARGET)
    old.wrote("raw/kept.json", "as it was", AT - DAY)
    old.wrote("raw/changed.json", "first", AT - 2 * DAY)
    old.wrote("raw/changed.json", "as it was", AT - DAY)
    old.wrote("raw/changed.json", "since", AT + HOUR)
    old.wrote("raw/deleted.json", "as it was", AT - DAY)
    old.deleted("raw/deleted.json", AT + HOUR)
    old.wrote("raw/gone.json", "before", AT - DAY)
    old.deleted("raw/gone.json", AT - HOUR)
    old.wrote("raw/new.json", "since", AT + HOUR)
    old.wrote("raw/that second.json", "as it was", AT)
    assert copied(old, plan, days) == Copied(copied=4)
    assert content(old) == dict.fromkeys(
        ("raw/kept.json", "raw/changed.json", "raw/deleted.json", "raw/that second.json"), "as it was"
    )
    # Broken off and begun again, it goes on.
    old.s3.delete_object(Bucket=TARGET, Key="raw/kept.json", VersionId=_version(old, "raw/kept.json"))
    assert copied(old, plan, days) == Copied(copied=1, there=3)


def _version(old: Before, key: str) -> str:
    return str(old.s3.list_object_versions(Bucket=TARGET, Prefix=key)["Versions"][0]["VersionId"])


def test_what_the_lifecycle_would_have_removed_by_now_stays_away_and_what_is_copied_goes_in_its_time(
    old: Before, plan: Plan, days: dict[str, int]
) -> None:
    assert days == {"deliveries/": 90, "rejected/": 7, "imports/": 90}
    old.made_bucket(TARGET)
    old.wrote("rejected/over", "", NOW - 7 * DAY)
    old.wrote("rejected/later", "", NOW - 7 * DAY + HOUR)
    old.wrote("deliveries/over", "", NOW - 91 * DAY)
    old.wrote("deliveries/later", "", NOW - 8 * DAY)
    old.wrote("raw/forever", "", NOW - 900 * DAY)
    assert copied(old, plan, days) == Copied(copied=3, left=2)
    assert objects.expire(old.s3, TARGET, days, NOW) == 0
    assert objects.expire(old.s3, TARGET, days, NOW + HOUR) == 1
    assert content(old).keys() == {"deliveries/later", "raw/forever"}
    # What came to the new bucket itself is the lifecycle's.
    with time_machine.travel(NOW, tick=False):
        old.s3.put_object(Bucket=TARGET, Key="rejected/new", Body=b"")
    assert objects.expire(old.s3, TARGET, days, NOW + 89 * DAY) == 1
    assert content(old).keys() == {"rejected/new", "raw/forever"}


def test_who_was_erased_since_stays_away_and_so_do_those_erased_before_a_later_restore(
    old: Before, plan: Plan, days: dict[str, int]
) -> None:
    old.made_bucket(TARGET)
    earlier = Erasure("ers_0", AT - DAY, ("CANDIDATE#cand_0",))
    since = Erasure("ers_1", AT + HOUR, ("CANDIDATE#cand_1",), objects=("raw/one.json", "imports/imp_1/"))
    for one in (earlier, since):
        old.wrote(one.key, one.body().decode(), one.at)
    for key in ("raw/one.json", "raw/one.json.other", "imports/imp_1/parts/1", "imports/imp_10/parts/1"):
        old.wrote(key, "theirs", AT - DAY)
    found = objects.erasures_since(old.s3, BUCKET, AT)
    assert found == [since]
    assert copied(old, plan, days, *found) == Copied(copied=4, left=2)
    # The record itself comes as it is now: it must be there for whoever restores the restored stack.
    assert content(old).keys() == {earlier.key, since.key, "raw/one.json.other", "imports/imp_10/parts/1"}
    assert objects.erasures_since(old.s3, TARGET, AT) == [since]


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"erasure_id": "ers_1", "at": "yesterday"}'])
def test_an_erasure_that_cannot_be_read_stops_the_restore(old: Before, body: bytes) -> None:
    """Passed over, somebody who was erased would be back."""
    old.s3.put_object(Bucket=BUCKET, Key="erasures/broken.json", Body=body)
    with pytest.raises((ValueError, KeyError, TypeError)):
        objects.erasures_since(old.s3, BUCKET, AT)


def test_an_erasure_is_read_back_as_it_was_written() -> None:
    one = Erasure(
        "ers_1", AT, ("CANDIDATE#cand_1", "EMPLOYEE#emp_1"), (("CARDS#07", "emp_1"),), ("raw/", "a.json")
    )
    assert Erasure.parsed(one.body()) == one
    assert one.key == "erasures/2026-03-02T01:00:00.000Z-ers_1.json"
    covered: list[Any] = [
        one.covers(*key) for key in (("CARDS#07", "emp_1"), ("CARDS#07", "emp_2"), ("EMPLOYEE#emp_1", "X"))
    ]
    assert covered == [True, False, True]
    assert [one.takes(key) for key in ("raw/x", "a.json", "a.json2", "raw")] == [True, True, False, False]
