"""A table as template.yaml describes it, and a tenant's key, both moto's."""

from collections.abc import Iterator
from typing import Any, Final

import botocore.session
import pytest
from moto import mock_aws

from rencai.store.sealed import Vault
from tests.template import table_definition

TABLE: Final = "rencai-test"


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with mock_aws():
        client: Any = botocore.session.get_session().create_client("dynamodb", region_name="ap-southeast-1")
        client.create_table(**table_definition(TABLE))
        yield client


@pytest.fixture
def vault(dynamodb: Any) -> Vault:
    kms: Any = botocore.session.get_session().create_client("kms", region_name="ap-southeast-1")
    return Vault(kms, kms.create_key()["KeyMetadata"]["KeyId"], "test")
