"""The shipped defaults, loaded into a local stack: until then every role is unknown."""

from datetime import UTC, datetime

from infra.admin import DEFAULTS
from infra.admin.configuration import Stored, load
from infra.local.stack import Stack
from rencai.store.configurations import Configurations
from rencai.store.table import Table


def load_defaults(stack: Stack) -> list[Stored]:
    """Store what is not stored yet."""
    table = Table(stack.session.client("dynamodb"), stack.table)
    return load(DEFAULTS, Configurations(table, lambda: datetime.now(UTC)), datetime.now(UTC))
