"""What every capability is built on: the tenant's table, key, bucket, bus and clock.

botocore is used without boto3: the same clients, typed by the same stubs, and a shorter import.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from rencai.kernel.ids import Ids
from rencai.platform.settings import Settings
from rencai.store.table import Table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rencai.platform.attendance import Attendance
    from rencai.platform.bus import Bus
    from rencai.platform.parked import ParkedRecords
    from rencai.platform.queues import Backlog, Outbox, SqsQueue
    from rencai.platform.secrets import Secrets
    from rencai.platform.signed_links import LinkKeys
    from rencai.store.attempts import Attempts
    from rencai.store.configurations import Configurations
    from rencai.store.cursors import Cursors
    from rencai.store.objects import Bucket
    from rencai.store.sealed import Vault
    from rencai.store.timeline import Timeline

_SESSION = botocore.session.get_session()
# Short timeouts and few retries: what does not answer is the queue's to wait for.
_CONFIG = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "max_attempts": 3}, tcp_keepalive=True
)


def utc_now() -> datetime:
    """The time, aware, UTC: read at the edge and passed on as a value."""
    return datetime.now(UTC)


@cache
def aws_client(service: str) -> Any:
    """An AWS client of this process; the callers' signatures say which."""
    if service == "sesv2":
        # A letter has no idempotency key: one that got no answer may have been sent.
        return _SESSION.create_client(
            service, config=_CONFIG.merge(Config(retries={"total_max_attempts": 1}))
        )
    # Presigned URLs must be regional and SigV4, or buckets under a KMS key refuse them.
    config = (
        _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))
        if service == "s3"
        else _CONFIG
    )
    return _SESSION.create_client(service, config=config)


class Base:
    """What every capability is built on. ``settings``, ``clock`` and ``client`` are its ends: a test gives its own."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = utc_now,
        client: Callable[[str], Any] = aws_client,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.client = client

    @property
    def language(self) -> str:
        """The tenant's language, for those who ask for none."""
        return self.settings.language

    @cached_property
    def zone(self) -> "ZoneInfo":
        """The tenant's time zone."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.settings["TIME_ZONE"])

    @cached_property
    def table(self) -> Table:
        """The tenant's table."""
        return Table(self.client("dynamodb"), self.settings["TABLE_NAME"])

    @cached_property
    def attempts(self) -> "Attempts":
        """What is counted of messages that come again."""
        from rencai.store.attempts import Attempts

        return Attempts(self.table, self.clock)

    @cached_property
    def vault(self) -> "Vault":
        """The tenant's key."""
        from rencai.store.sealed import Vault

        return Vault(self.client("kms"), self.settings["KEY_ID"], self.settings.tenant_id)

    @cached_property
    def bucket(self) -> "Bucket":
        """The tenant's bucket."""
        from rencai.store.objects import Bucket

        return Bucket(self.client("s3"), self.settings["BUCKET_NAME"])

    @cached_property
    def secrets(self) -> "Secrets":
        """Vendor credentials."""
        from rencai.platform.secrets import Secrets

        return Secrets(self.client("secretsmanager"), self.settings["SECRETS_PREFIX"], self.clock)

    @cached_property
    def ids(self) -> Ids:
        """Ids made of words from outside, under the tenant's secret."""
        return Ids(lambda: self.secrets.value("ids").encode())

    @cached_property
    def queue(self) -> "SqsQueue":
        """The consumer's own queue."""
        from rencai.platform.queues import SqsQueue

        return SqsQueue(self.client("sqs"), self.settings["QUEUE_URL"], self.settings["DEAD_LETTER_URL"])

    def outbox(self, url_setting: str) -> "Outbox":
        """The queue whose address is in the setting of that name, to hand work over to."""
        from rencai.platform.queues import Outbox

        return Outbox(self.client("sqs"), self.settings[url_setting])

    def backlog(self, url_setting: str) -> "Backlog":
        """What waits on the queue whose address is in the setting of that name."""
        from rencai.platform.queues import Backlog

        return Backlog(self.client("sqs"), self.settings[url_setting])

    @cached_property
    def bus(self) -> "Bus":
        """The tenant's event bus."""
        from rencai.platform.bus import Bus

        return Bus(self.client("events"), self.settings["BUS_NAME"], self.settings.tenant_id)

    @cached_property
    def attendance(self) -> "Attendance":
        """Whether what has to run by itself does."""
        from rencai.platform.attendance import Attendance, Expected

        expected = Expected.said(
            self.settings["SCHEDULES"],
            self.settings["RULES"],
            self.settings["STREAMS"],
            self.settings["BUS_NAME"],
        )
        return Attendance(expected, self.settings["SCHEDULE_GROUP"], self.client)

    @cached_property
    def parked_records(self) -> "ParkedRecords":
        """Where the relay puts what it cannot relay."""
        from rencai.platform.parked import ParkedRecords

        return ParkedRecords(self.client("sqs"), self.settings["DEAD_LETTER_URL"])

    @cached_property
    def configurations(self) -> "Configurations":
        """Configuration documents."""
        from rencai.store.configurations import Configurations

        return Configurations(self.table, self.clock)

    @cached_property
    def timeline(self) -> "Timeline":
        """Candidates' events."""
        from rencai.store.timeline import Timeline

        return Timeline(self.table)

    @cached_property
    def cursors(self) -> "Cursors":
        """How far pulls have come."""
        from rencai.store.cursors import Cursors

        return Cursors(self.table)

    @cached_property
    def link_keys(self) -> "LinkKeys":
        """What links to pages are signed with."""
        from rencai.platform.signed_links import LinkKeys

        return LinkKeys(lambda: self.secrets.value("survey"), lambda: self.public_url)

    @cached_property
    def public_url(self) -> str:
        """The API's own address. Read by name at run time: a function of the API cannot be told it by the template."""
        parameter = self.client("ssm").get_parameter(Name=self.settings["PUBLIC_URL_PARAMETER"])
        return str(parameter["Parameter"]["Value"])
