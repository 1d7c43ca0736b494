"""Builds the real collaborators, once per container, each when it is first asked for.

The table's client is made during init, where AWS gives a function a whole CPU; the others wait until a path needs
them. botocore is used without boto3: the same clients, typed by the same stubs, and a shorter import.
"""

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from rencai.platform.settings import settings
from rencai.store.table import Table

if TYPE_CHECKING:
    from rencai.correspondence import Correspondence
    from rencai.platform.bus import Bus
    from rencai.platform.mail import Mail
    from rencai.platform.queues import SqsQueue
    from rencai.platform.secrets import Secrets
    from rencai.store.configurations import Configurations
    from rencai.store.deliveries import Deliveries
    from rencai.store.employees import Employees
    from rencai.store.interviews import Interviews
    from rencai.store.journeys import Journeys
    from rencai.store.notices import Notices
    from rencai.store.objects import Bucket
    from rencai.store.offers import Checks, Offers
    from rencai.store.people import People
    from rencai.store.sealed import Vault
    from rencai.store.timeline import Timeline
    from rencai.store.uploads import Uploads
    from rencai.vendors.hiring import Ats, BackgroundCheck, Esign
    from rencai.vendors.http import VendorHttp
    from rencai.vendors.pay import BenefitsProvider, Finance

_SESSION = botocore.session.get_session()
# Short timeouts and few retries: what does not answer is the queue's to wait for.
_CONFIG = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "max_attempts": 3}, tcp_keepalive=True
)


def clock() -> datetime:
    """The time, aware, UTC: read at the edge and passed on as a value."""
    return datetime.now(UTC)


@cache
def client(service: str) -> Any:
    """An AWS client; the callers' signatures say which."""
    # Presigned URLs must be regional and SigV4, or buckets under a KMS key refuse them.
    config = (
        _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))
        if service == "s3"
        else _CONFIG
    )
    return _SESSION.create_client(service, config=config)


# Every function but the documentation reads or writes the table.
client("dynamodb")


@cache
def table() -> Table:
    """The tenant's table."""
    return Table(client("dynamodb"), settings()["TABLE_NAME"])


@cache
def vault() -> "Vault":
    """The tenant's key."""
    from rencai.store.sealed import Vault

    return Vault(client("kms"), settings()["KEY_ID"], settings().tenant_id)


@cache
def bucket() -> "Bucket":
    """The tenant's bucket."""
    from rencai.store.objects import Bucket

    return Bucket(client("s3"), settings()["BUCKET_NAME"])


@cache
def secrets() -> "Secrets":
    """Vendor credentials."""
    from rencai.platform.secrets import Secrets

    return Secrets(client("secretsmanager"), settings().tenant_id, clock)


@cache
def queue() -> "SqsQueue":
    """The consumer's own queue."""
    from rencai.platform.queues import SqsQueue

    return SqsQueue(client("sqs"), settings()["QUEUE_URL"], settings()["DEAD_LETTER_URL"])


@cache
def bus() -> "Bus":
    """The tenant's event bus."""
    from rencai.platform.bus import Bus

    return Bus(client("events"), settings()["BUS_NAME"], settings().tenant_id)


@cache
def mail() -> "Mail":
    """E-mail in the tenant's name."""
    from rencai.platform.mail import Mail

    return Mail(client("sesv2"), settings()["SENDER_ADDRESS"])


@cache
def journeys() -> "Journeys":
    """Hiring journeys."""
    from rencai.store.journeys import Journeys

    return Journeys(table())


@cache
def interviews() -> "Interviews":
    """Interview results."""
    from rencai.store.interviews import Interviews

    return Interviews(table())


@cache
def people() -> "People":
    """Candidates as people."""
    from rencai.store.people import People

    return People(table(), vault())


@cache
def offers() -> "Offers":
    """Offers."""
    from rencai.store.offers import Offers

    return Offers(table(), vault())


@cache
def checks() -> "Checks":
    """Background checks."""
    from rencai.store.offers import Checks

    return Checks(table(), vault())


@cache
def employees() -> "Employees":
    """Employees."""
    from rencai.store.employees import Employees

    return Employees(table())


@cache
def notices() -> "Notices":
    """Letters sent."""
    from rencai.store.notices import Notices

    return Notices(table())


@cache
def correspondence() -> "Correspondence":
    """Letters to people."""
    from rencai.correspondence import Correspondence

    return Correspondence(notices(), configurations(), mail())


@cache
def timeline() -> "Timeline":
    """Candidates' events."""
    from rencai.store.timeline import Timeline

    return Timeline(table())


@cache
def configurations() -> "Configurations":
    """Configuration documents."""
    from rencai.store.configurations import Configurations

    return Configurations(table(), clock)


@cache
def deliveries() -> "Deliveries":
    """The vendor inbox."""
    from rencai.store.deliveries import Deliveries

    return Deliveries(table(), vault(), bucket())


@cache
def uploads() -> "Uploads":
    """Import files."""
    from rencai.store.uploads import Uploads

    return Uploads(table())


@cache
def _vendor(name: str) -> "VendorHttp":
    import urllib3

    from rencai.platform.observability import logger
    from rencai.vendors.http import VendorHttp

    return VendorHttp(
        name,
        settings()[f"{name.upper()}_URL"],
        lambda: secrets().of(name).token,
        urllib3.PoolManager(maxsize=4),
        logger.warning,
    )


@cache
def _public_url() -> str:
    """The API's own address. Read by name at run time: a function of the API cannot be told it by the template."""
    parameter = client("ssm").get_parameter(Name=settings()["PUBLIC_URL_PARAMETER"])
    return str(parameter["Parameter"]["Value"])


@cache
def finance() -> "Finance":
    """The finance vendor."""
    from rencai.vendors.pay import Finance

    return Finance(_vendor("finance"))


@cache
def benefits() -> "BenefitsProvider":
    """The benefits vendor."""
    from rencai.vendors.pay import BenefitsProvider

    return BenefitsProvider(_vendor("benefits"))


@cache
def esign() -> "Esign":
    """The e-signature vendor."""
    from rencai.vendors.hiring import Esign

    return Esign(_vendor("esign"), lambda: f"{_public_url()}/webhooks/esign")


@cache
def background() -> "BackgroundCheck":
    """The background-check vendor."""
    from rencai.vendors.hiring import BackgroundCheck

    return BackgroundCheck(_vendor("background"), lambda: f"{_public_url()}/webhooks/background")


@cache
def ats() -> "Ats":
    """The applicant tracking system."""
    from rencai.vendors.hiring import Ats

    return Ats(_vendor("ats"))
