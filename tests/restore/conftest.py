"""A tenant of before, as data: table, bucket, secrets and pool in moto."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from infra.admin.restore.plan import Plan, Source
from tests.restore.before import Before, before

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def old() -> Iterator[Before]:
    with before() as made:
        yield made


@pytest.fixture
def plan(old: Before) -> Plan:
    source = Source("acme", "", old.table, old.bucket, old.pool, old.key_arn, {"InboxRetentionDays": "90"})
    return Plan(source, AT, "-r1")
