"""Builds the real collaborators, once per container, each when it is first asked for.

The table's client is made during init, where AWS gives a function a whole CPU; the others wait until a path needs
them. botocore is used without boto3: the same clients, typed by the same stubs, and a shorter import.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import botocore.session
from botocore.config import Config

from rencai.platform.settings import settings
from rencai.store.table import Table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rencai.correspondence import Correspondence
    from rencai.domain.configuration import VendorConnection
    from rencai.domain.training import Rating
    from rencai.hiring import Hiring
    from rencai.inbox import Inbox
    from rencai.merging import Merging
    from rencai.platform.bus import Bus
    from rencai.platform.mail import Mail
    from rencai.platform.queues import SqsQueue
    from rencai.platform.secrets import Secrets
    from rencai.platform.survey_links import SurveyLinks
    from rencai.recognition import Recognition
    from rencai.store.applications import Applications
    from rencai.store.assessments import Assessments
    from rencai.store.cards import Cards
    from rencai.store.careers import Careers
    from rencai.store.chases import Chases
    from rencai.store.configurations import Configurations
    from rencai.store.cursors import Cursors
    from rencai.store.deliveries import Deliveries
    from rencai.store.employees import Employees
    from rencai.store.enrolments import Enrolments
    from rencai.store.import_objects import ImportObjects
    from rencai.store.imports import Imports
    from rencai.store.interventions import Interventions
    from rencai.store.interviews import Interviews
    from rencai.store.journeys import Journeys
    from rencai.store.links import Links
    from rencai.store.merges import Merges
    from rencai.store.notices import Notices
    from rencai.store.objects import Bucket
    from rencai.store.offers import Checks, Offers
    from rencai.store.people import People
    from rencai.store.performances import Performances
    from rencai.store.records import Records
    from rencai.store.scans import Scans
    from rencai.store.sealed import Vault
    from rencai.store.signals import Signals
    from rencai.store.survey_rounds import SurveyRounds
    from rencai.store.timeline import Timeline
    from rencai.store.training_plans import TrainingPlans
    from rencai.store.uploads import Uploads
    from rencai.training import Training
    from rencai.vendors.ats import Ats
    from rencai.vendors.background import BackgroundCheck
    from rencai.vendors.esign import Esign
    from rencai.vendors.http import Line, VendorHttp
    from rencai.vendors.lms import Lms
    from rencai.vendors.pay import BenefitsProvider, Finance
    from rencai.vendors.psychometric import Psychometric

Client = TypeVar("Client")
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

    return Journeys(table(), lambda: configurations().hiring_policy().stage_due)


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

    retention = timedelta(days=int(settings()["INBOX_RETENTION_DAYS"]))
    return Deliveries(table(), vault(), bucket(), retention)


@cache
def inbox() -> "Inbox":
    """Acting on deliveries."""
    from rencai.inbox import Inbox

    return Inbox(deliveries(), configurations(), lambda vendor: secrets().of(vendor).webhook_secrets)


@cache
def applications() -> "Applications":
    """Applications, as the ATS tells of them."""
    from rencai.store.applications import Applications

    return Applications(table(), vault())


@cache
def merges() -> "Merges":
    """Who is one with whom, and what HR is asked."""
    from rencai.store.merges import Merges

    return Merges(table(), vault())


@cache
def recognition() -> "Recognition":
    """The same person from two sources."""
    from rencai.recognition import Recognition
    from rencai.store.identities import Fingerprints, Identities

    fingerprints = Fingerprints(lambda: secrets().value("identity").encode())
    return Recognition(Identities(table(), fingerprints), applications(), merges(), people())


@cache
def merging() -> "Merging":
    """What HR decides of merges."""
    from rencai.merging import Merging

    return Merging(merges(), journeys(), interviews(), people(), applications())


@cache
def chases() -> "Chases":
    """What the watchdog did about late journeys."""
    from rencai.store.chases import Chases

    return Chases(table())


@cache
def links() -> "Links":
    """Whose a vendor's thing is."""
    from rencai.store.links import Links

    return Links(table())


@cache
def cursors() -> "Cursors":
    """How far pulls have come."""
    from rencai.store.cursors import Cursors

    return Cursors(table())


@cache
def assessments() -> "Assessments":
    """Psychometric assessments."""
    from rencai.store.assessments import Assessments

    return Assessments(table(), vault())


@cache
def enrolments() -> "Enrolments":
    """Employees' courses."""
    from rencai.store.enrolments import Enrolments

    def rate(review: str) -> "Rating | None":
        policy = configurations().probation_policy()
        return policy.document.rate(review, policy.version)

    return Enrolments(table(), vault(), links(), rate)


@cache
def training_plans() -> "TrainingPlans":
    """Employees' training plans."""
    from rencai.store.training_plans import TrainingPlans

    return TrainingPlans(table(), vault())


@cache
def performances() -> "Performances":
    """Employees' work performance."""
    from rencai.store.performances import Performances

    return Performances(table())


@cache
def signals() -> "Signals":
    """Employees' attendance, leave and surveys."""
    from rencai.store.signals import Signals

    return Signals(table(), vault())


@cache
def records() -> "Records":
    """What earlier systems knew of employees."""
    from rencai.store.records import Records

    return Records(table())


@cache
def cards() -> "Cards":
    """What the nightly scan reads, and the alerts."""
    from rencai.store.cards import Cards

    return Cards(table())


@cache
def scans() -> "Scans":
    """Runs of the nightly scan, and what the company is like."""
    from rencai.store.scans import Scans

    return Scans(table())


@cache
def careers() -> "Careers":
    """What HR recorded of employees' careers."""
    from rencai.store.careers import Careers

    return Careers(table())


@cache
def survey_rounds() -> "SurveyRounds":
    """The monthly surveys: whom they asked, and what came of them."""
    from rencai.store.survey_rounds import SurveyRounds

    return SurveyRounds(table())


@cache
def survey_links() -> "SurveyLinks":
    """Signed links to the survey."""
    from rencai.platform.survey_links import SurveyLinks

    return SurveyLinks(lambda: secrets().value("survey"), _public_url)


@cache
def interventions() -> "Interventions":
    """What is done about pressure."""
    from rencai.store.interventions import Interventions

    return Interventions(table(), vault())


@cache
def zone() -> "ZoneInfo":
    """The tenant's time zone."""
    from zoneinfo import ZoneInfo

    return ZoneInfo(settings()["TIME_ZONE"])


@cache
def training() -> "Training":
    """Training plans made, reviewed and decided about."""
    from rencai.training import Training

    return Training(training_plans(), performances(), configurations(), zone())


def hiring() -> "Hiring":
    """What vendors tell of candidates, applied."""
    from rencai.hiring import Hiring

    return Hiring(journeys(), checks(), assessments(), links(), background())


@cache
def uploads() -> "Uploads":
    """Import files."""
    from rencai.store.uploads import Uploads

    return Uploads(table())


@cache
def imports() -> "Imports":
    """Imports of other systems' files."""
    from rencai.store.imports import Imports

    return Imports(table())


@cache
def import_objects() -> "ImportObjects":
    """What imports keep in the bucket."""
    from rencai.store.import_objects import ImportObjects

    return ImportObjects(bucket())


@cache
def _line(vendor: str) -> "Line":
    """How a vendor is reached: its connections and its circuit, whatever it speaks."""
    from rencai.platform.observability import logger
    from rencai.store.circuits import Circuits
    from rencai.vendors.circuit import SharedCircuit
    from rencai.vendors.http import Line
    from rencai.vendors.pool import VendorPool

    circuit = SharedCircuit(vendor, Circuits(table()), clock, logger.warning)
    return Line(vendor, VendorPool(), circuit, clock, logger.warning)


def _url(vendor: str) -> str:
    return settings()[f"{vendor.upper()}_URL"]


def _token(vendor: str) -> str:
    return secrets().of(vendor).token


@cache
def _generic(vendor: str) -> "VendorHttp":
    from rencai.vendors.auth import bearer
    from rencai.vendors.http import VendorHttp

    return VendorHttp(_line(vendor), _url(vendor), bearer(lambda: _token(vendor)))


_clients: dict[str, tuple["VendorConnection", Any]] = {}


def _client_of(vendor: str, make: Callable[["VendorConnection"], Client]) -> Client:
    """The vendor's client for the dialect it is set up to speak, made again only when that changes."""
    connection = configurations().vendor_connection(vendor)
    known = _clients.get(vendor)
    if known is None or known[0] != connection:
        known = _clients[vendor] = (connection, make(connection))
    made: Client = known[1]
    return made


def _unknown(vendor: str, connection: "VendorConnection") -> Exception:
    return LookupError(f"{vendor} has no client that speaks {connection.dialect}")


@cache
def _public_url() -> str:
    """The API's own address. Read by name at run time: a function of the API cannot be told it by the template."""
    parameter = client("ssm").get_parameter(Name=settings()["PUBLIC_URL_PARAMETER"])
    return str(parameter["Parameter"]["Value"])


def _callback(vendor: str) -> Callable[[], str]:
    return lambda: f"{_public_url()}/webhooks/{vendor}"


@cache
def finance() -> "Finance":
    """The finance vendor."""
    from rencai.vendors.pay import Finance

    return Finance(_generic("finance"))


@cache
def benefits() -> "BenefitsProvider":
    """The benefits vendor."""
    from rencai.vendors.pay import BenefitsProvider

    return BenefitsProvider(_generic("benefits"))


def esign() -> "Esign":
    """The e-signature vendor."""

    def make(connection: "VendorConnection") -> "Esign":
        match connection.dialect:
            case "generic":
                from rencai.vendors.esign import GenericEsign

                return GenericEsign(_generic("esign"), _callback("esign"))
            case "docusign":
                from rencai.vendors.docusign import DocusignEsign, DocusignSettings

                docusign = DocusignSettings.model_validate(connection.settings)
                return DocusignEsign(docusign, _line("esign"), _url("esign"), _signed_by_kms)
            case _:
                raise _unknown("esign", connection)

    return _client_of("esign", make)


def _signed_by_kms(content: bytes) -> bytes:
    """An RS256 signature by the tenant's key for DocuSign, which never leaves KMS: no crypto library in the layer."""
    answer = client("kms").sign(
        KeyId=f"alias/rencai-{settings().tenant_id}-docusign",
        Message=content,
        MessageType="RAW",
        SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
    )
    return bytes(answer["Signature"])


def background() -> "BackgroundCheck":
    """The background-check vendor."""

    def make(connection: "VendorConnection") -> "BackgroundCheck":
        match connection.dialect:
            case "generic":
                from rencai.vendors.background import GenericBackgroundCheck

                return GenericBackgroundCheck(_generic("background"), _callback("background"))
            case "checkr":
                from rencai.vendors.checkr import CheckrBackgroundCheck, CheckrSettings

                checkr = CheckrSettings.model_validate(connection.settings)
                return CheckrBackgroundCheck(
                    checkr, _line("background"), _url("background"), lambda: _token("background")
                )
            case _:
                raise _unknown("background", connection)

    return _client_of("background", make)


@cache
def psychometric() -> "Psychometric":
    """The psychometric vendor."""
    from rencai.vendors.psychometric import GenericPsychometric

    return GenericPsychometric(_generic("psychometric"), _callback("psychometric"))


def ats() -> "Ats":
    """The applicant tracking system."""

    def make(connection: "VendorConnection") -> "Ats":
        match connection.dialect:
            case "generic":
                from rencai.vendors.ats import GenericAts

                return GenericAts(_generic("ats"))
            case "greenhouse":
                from rencai.vendors.greenhouse import GreenhouseAts, GreenhouseSettings

                greenhouse = GreenhouseSettings.model_validate(connection.settings)
                return GreenhouseAts(greenhouse, _line("ats"), _url("ats"), lambda: _token("ats"))
            case _:
                raise _unknown("ats", connection)

    return _client_of("ats", make)


def lms() -> "Lms":
    """The learning management system. One that tells by xAPI what was learnt is enrolled in by the generic contract."""

    def make(connection: "VendorConnection") -> "Lms":
        match connection.dialect:
            case "generic" | "xapi":
                from rencai.vendors.lms import GenericLms

                return GenericLms(_generic("lms"))
            case "moodle":
                from rencai.vendors.moodle import MoodleLms, MoodleSettings

                moodle = MoodleSettings.model_validate(connection.settings)
                return MoodleLms(moodle, _line("lms"), _url("lms"), lambda: _token("lms"))
            case _:
                raise _unknown("lms", connection)

    return _client_of("lms", make)
