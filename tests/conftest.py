"""What every test stands on: the environment the stack would give, and Hypothesis without a clock."""

import os
import sys
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
        "SECRETS_PREFIX": "rencai/test",
        "TENANT_LANGUAGE": "zh-CN",
        "TABLE_NAME": "rencai-test",
        "BUCKET_NAME": "rencai-test",
        "BUS_NAME": "rencai-test",
        "KEY_ID": "alias/rencai-test",
        "FACIAL_SIGNALS": "use",
        "TIME_ZONE": "Asia/Shanghai",
        "TOKEN_URL": "https://login.example.com/oauth2/token",
        "API_URL_PREFIX": "https://",
        "API_URL_SUFFIX": ".execute-api.ap-southeast-1.amazonaws.com",
        "UNAUTHENTIC_KEPT": "1000",
        "SENDER_ADDRESS": "hr@example.com",
        "MAIL_CONFIGURATION_SET": "rencai-test",
        "POWERTOOLS_DEV": "false",
    }
)
for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
    os.environ.pop(name, None)

from hypothesis import is_hypothesis_test, settings  # noqa: E402 - the environment comes first

from tests import answers  # noqa: E402
from tests.examples import ASKED, long, quick  # noqa: E402

# Machines are shared and noisy: a deadline would test the neighbours. Derandomised, a red run is red again.
# `--hypothesis-profile=long` (`make test-long`) is taken after this file is read, and before any test is.
settings.register_profile("long", deadline=None, derandomize=True, max_examples=long(ASKED))
settings.register_profile("quick", settings.get_profile("long"), max_examples=quick(ASKED))
settings.load_profile("quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever looks at examples looks at more of them in ``make test-long``."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("long")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """A test fails in which a function does what access.yaml does not let it do, or a route answers what the
    documentation does not say of it, whatever the test asserts itself.
    """
    answers.watch()
    try:
        yield
    finally:
        # Where no test has made a client yet, nobody has done anything.
        permissions = sys.modules.get("tests.permissions")
        missing = [*(permissions.missing() if permissions else []), *answers.unlisted()]
    assert not missing, "\n".join(missing)


# --- what of access.yaml no test needs


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--unneeded", action="store_true", help="print which cells of access.yaml no test needed"
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What the tests of a process of xdist needed."""
    if told := getattr(node, "workeroutput", {}).get("permissions"):
        from tests import permissions

        permissions.add(told)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Of a process, hands on what its tests needed; of a whole run, says what nobody did."""
    config = session.config
    if hasattr(config, "workeroutput"):
        if watching := sys.modules.get("tests.permissions"):
            config.workeroutput["permissions"] = watching.told()
    elif config.getoption("--unneeded"):
        from tests import permissions

        print("", *permissions.unneeded(), sep="\n")


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A table as the stack describes it, moto's."""
    from tests.aws import fresh_table

    with fresh_table() as client:
        yield client


@pytest.fixture
def vault(dynamodb: Any) -> "Vault":
    """A tenant's key beside that table."""
    from rencai.store.sealed import Vault
    from tests.aws import client, key_id

    return Vault(client("kms"), key_id(), "test")
