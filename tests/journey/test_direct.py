"""What a journey asks of moto without a wire between is answered as over the wire, by moto's table as it is."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from tests.aws import REGION, by_wire, client
from tests.journey import test_import, test_journey, test_training
from tests.journey.world import BUCKET, TABLE, World, world

Call = tuple[str, dict[str, Any]]


def _imported(one: World) -> None:
    client("s3").put_object(Bucket=BUCKET, Key=test_import.KEY, Body=test_import.content())
    test_import.run(one)


def _trained(one: World) -> None:
    test_training.begun(one)
    test_training.live(one)


def _recorded(monkeypatch: pytest.MonkeyPatch, way: Callable[[World], object]) -> list[Call]:
    calls: list[Call] = []
    dynamodb = client("dynamodb")
    asked = dynamodb._make_api_call

    def recording(operation: str, params: dict[str, Any]) -> Any:
        calls.append((operation, copy.deepcopy(params)))
        return asked(operation, params)

    with world() as one, monkeypatch.context() as patched:
        patched.setattr(dynamodb, "_make_api_call", recording)
        way(one)
    return calls


def _answer(dynamodb: Any, call: Call) -> Any:
    try:
        answer = dynamodb._make_api_call(*copy.deepcopy(call))
    except ClientError as error:
        answer = {"raised": type(error).__name__, **error.response}
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


@pytest.mark.parametrize("way", [test_journey.hire, _trained, _imported])
def test_every_answer_of_a_journey_is_the_one_of_the_wire(
    monkeypatch: pytest.MonkeyPatch, way: Callable[[World], object]
) -> None:
    calls = [*_recorded(monkeypatch, way), ("Scan", {"TableName": TABLE})]
    assert {"GetItem", "Query", "PutItem", "UpdateItem"} <= {name for name, _ in calls}
    sent: list[str] = []

    def count(model: Any, **_: Any) -> None:
        sent.append(model.name)

    with world():
        direct = client("dynamodb")
        direct.meta.events.register("before-call.dynamodb", count)
        without = [_answer(direct, call) for call in calls]
        direct.meta.events.unregister("before-call.dynamodb", count)
    with world():
        dynamodb_backends[ACCOUNT_ID][REGION].tables[TABLE].__class__ = Table  # type: ignore[type-abstract]  # moto's
        over = [_answer(by_wire("dynamodb"), call) for call in calls]
    assert without == over
    assert len(sent) == sum("raised" in answer for answer in without), (
        "only what is refused goes the whole way"
    )


def test_what_one_way_seals_the_other_opens() -> None:
    with world() as one:
        key_id, context = one.wired.settings["KEY_ID"], {"of": "somebody"}
        ways = (client("kms"), by_wire("kms"))
        for sealer, opener in (ways, reversed(ways)):
            sealed = sealer.encrypt(KeyId=key_id, Plaintext=b"secret", EncryptionContext=context)
            opened = opener.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=context)
            assert (opened["Plaintext"], opened["KeyId"]) == (b"secret", sealed["KeyId"])
            with pytest.raises(ClientError, match="InvalidCiphertext"):
                opener.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"of": "another"})
