"""What every test stands on: the environment the stack would give, and Hypothesis without a clock."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rencai.store.sealed import Vault

# Before any function is imported: they read their environment once. Nothing here reaches AWS.
os.environ.update(
    {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "ap-southeast-1",
        "TENANT_ID": "test",
        "TENANT_LANGUAGE": "zh-CN",
        "TABLE_NAME": "rencai-test",
        "BUCKET_NAME": "rencai-test",
        "BUS_NAME": "rencai-test",
        "KEY_ID": "alias/rencai-test",
        "FACIAL_SIGNALS": "use",
        "TIME_ZONE": "Asia/Shanghai",
        "TOKEN_URL": "https://login.example.com/oauth2/token",
        "SENDER_ADDRESS": "hr@example.com",
        "POWERTOOLS_DEV": "false",
    }
)
for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
    os.environ.pop(name, None)

from hypothesis import settings  # noqa: E402 - the environment comes first

# Machines are shared and noisy: a deadline would test the neighbours. Derandomised, a red run is red again.
settings.register_profile("rencai", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("rencai")


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A table as the stack describes it, moto's."""
    import botocore.session
    from moto import mock_aws

    from tests.moto_table import TABLE
    from tests.template import table_definition

    with mock_aws():
        client: Any = botocore.session.get_session().create_client("dynamodb", region_name="ap-southeast-1")
        client.create_table(**table_definition(TABLE))
        yield client


@pytest.fixture
def vault(dynamodb: Any) -> "Vault":
    """A tenant's key beside that table."""
    import botocore.session

    from rencai.store.sealed import Vault

    kms: Any = botocore.session.get_session().create_client("kms", region_name="ap-southeast-1")
    return Vault(kms, kms.create_key()["KeyMetadata"]["KeyId"], "test")
