"""The table as of a point in time. moto, like the embedded AWS, restores what there is now: the moment is DynamoDB's to
keep; what is asked of it and what is taken out afterwards are ours."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from infra.admin.restore import table
from infra.admin.restore.plan import Plan
from infra.admin.restore.table import Cleaned
from rencai.store.erasures import Erasure
from rencai.store.table import to_item
from rencai.vendors.asked import asked_key
from tests.restore.before import AT, NOW, TABLE, Before, items_of
from tests.template import table_definition, template

EARLIEST, LATEST = AT - timedelta(days=35), AT + timedelta(minutes=1)
KEPT = {"EarliestRestorableDateTime": EARLIEST, "LatestRestorableDateTime": LATEST}


class Recording:
    """A client that notes what a restore was asked for, and answers as DynamoDB does about its points in time."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def describe_continuous_backups(self, **_: str) -> dict[str, Any]:
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": KEPT}}

    def restore_table_to_point_in_time(self, **asked: Any) -> Any:
        if not EARLIEST <= asked["RestoreDateTime"] <= LATEST:
            raise self._client.exceptions.InvalidRestoreTimeException(
                {"Error": {}}, "RestoreTableToPointInTime"
            )
        self.asked.append(asked)
        return self._client.restore_table_to_point_in_time(
            **{name: asked[name] for name in ("SourceTableName", "TargetTableName")}
        )


def test_the_table_of_that_moment_stands_beside_the_one_of_now_under_the_tenants_key(
    old: Before, plan: Plan
) -> None:
    old.has("CANDIDATE#cand_1", "JOURNEY", stage="offer_sent")
    client: Any = Recording(old.dynamodb)
    keyed = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Fn::GetAtt": "Key.Arn"}}
    made = {"Resources": {"Table": {"Properties": {"SSESpecification": keyed}}}}
    assert table.restore(client, made, plan)
    assert client.asked == [
        {
            "SourceTableName": TABLE,
            "TargetTableName": "rencai-acme-r1-table",
            "RestoreDateTime": AT,
            "BillingModeOverride": "PAY_PER_REQUEST",
            "SSESpecificationOverride": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": old.key_arn},
        }
    ]
    assert items_of(old.dynamodb, plan.table) == items_of(old.dynamodb, TABLE)
    # Broken off after that and begun again, it is not restored twice.
    assert not table.restore(client, made, plan)
    assert len(client.asked) == 1


def test_the_template_and_the_restore_agree_on_the_key(old: Before, plan: Plan) -> None:
    client: Any = Recording(old.dynamodb)
    table.restore(client, template(), plan)
    said = template()["Resources"]["Table"]["Properties"]["SSESpecification"]
    assert ("SSESpecificationOverride" in client.asked[0]) == ("KMSMasterKeyId" in said)


@pytest.mark.parametrize("at", [AT - timedelta(days=36), AT + timedelta(minutes=2)])
def test_a_moment_that_dynamodb_does_not_keep_is_refused_with_those_it_does(
    old: Before, plan: Plan, at: Any
) -> None:
    client: Any = Recording(old.dynamodb)
    with pytest.raises(
        LookupError, match=r"can be restored as of 2026-01-26T01:00:00\+00:00 to 2026-03-02T01:01"
    ):
        table.restore(client, template(), replace(plan, at=at))
    assert client.asked == []


def test_what_is_past_its_time_and_who_was_erased_since_does_not_come_back(old: Before) -> None:
    over, later = int(NOW.timestamp()), int(NOW.timestamp()) + 1
    for number in range(30):
        old.has(f"DELIVERY#dlv_{number}", "DELIVERY", forget_at=over - number, events="[]")
    old.has("DELIVERY#dlv_later", "DELIVERY", forget_at=later)
    for sk in ("PERSON", "JOURNEY", "EVENT#2026-03-01T00:00:00.000Z#evt_1_1_0"):
        old.has("CANDIDATE#cand_erased", sk)
        old.has("CANDIDATE#cand_kept", sk)
    old.has("CARDS#07", "emp_erased")
    old.has("CARDS#07", "emp_kept")
    erasure = Erasure(
        "ers_1", AT + timedelta(hours=1), ("CANDIDATE#cand_erased",), (("CARDS#07", "emp_erased"),)
    )
    assert table.clean(old.dynamodb, TABLE, NOW, [erasure]) == Cleaned(forgotten=30, erased=4)
    assert {pk for pk, _ in items_of(old.dynamodb, TABLE)} == {
        "DELIVERY#dlv_later",
        "CANDIDATE#cand_kept",
        "CARDS#07",
    }
    assert table.clean(old.dynamodb, TABLE, NOW, [erasure]) == Cleaned(0, 0)


def test_what_vendors_were_asked_since_is_asked_again_in_the_same_words(old: Before) -> None:
    """They hold a request against the first one under its key; and the restored table does not know it was made."""
    old.dynamodb.create_table(**table_definition("restored"))
    for vendor, key in (("esign", "off_1"), ("lms", "enr_1"), ("esign", "off_erased")):
        asked = asked_key("cand_erased" if key == "off_erased" else f"emp_{key}", vendor, key)
        old.has(asked.pk, asked.sk, content=f"since: {key}")
    known = asked_key("emp_enr_1", "lms", "enr_1")
    first = to_item({"pk": known.pk, "sk": known.sk, "content": "first"})
    old.dynamodb.put_item(TableName="restored", Item=first)
    old.has("CANDIDATE#cand_1", "JOURNEY", stage="since")
    erasure = Erasure("ers_1", AT, (asked_key("cand_erased", "", "").pk,))
    assert table.carry_over_asked(old.dynamodb, TABLE, "restored", [erasure]) == 1
    found = items_of(old.dynamodb, "restored")
    esign = asked_key("emp_off_1", "esign", "off_1")
    assert found.keys() == {(known.pk, known.sk), (esign.pk, esign.sk)}
    assert found[known.pk, known.sk] == first
    assert table.carry_over_asked(old.dynamodb, TABLE, "restored", [erasure]) == 0


def test_what_dynamodb_does_not_take_at_once_is_sent_again(
    old: Before, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.admin.restore.table.time.sleep", lambda _: None)

    class Busy(Recording):
        """Takes one delete of each call."""

        calls = 0

        def batch_write_item(self, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:  # noqa: N803 - AWS's name
            self.calls += 1
            first, *rest = RequestItems[TABLE]
            self._client.batch_write_item(RequestItems={TABLE: [first]})
            return {"UnprocessedItems": {TABLE: rest} if rest else {}}

    for number in range(3):
        old.has(f"DELIVERY#dlv_{number}", "DELIVERY", forget_at=1)
    busy: Any = Busy(old.dynamodb)
    assert table.clean(busy, TABLE, NOW, []) == Cleaned(3, 0)
    assert (items_of(old.dynamodb, TABLE), busy.calls) == ({}, 3)
