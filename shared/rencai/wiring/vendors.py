"""Vendors' clients, each for the dialect the vendor is set up to speak."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .base import Base

if TYPE_CHECKING:
    from rencai.hiring.rules.ports import BackgroundCheck, Esign, Psychometric
    from rencai.letters.sms import Sms
    from rencai.people.rules.ports import Ats
    from rencai.training.rules.ports import Lms
    from rencai.vendors.asked import Asked
    from rencai.vendors.documents import VendorConnection
    from rencai.vendors.http import Line, VendorHttp
    from rencai.vendors.pay import BenefitsProvider, Finance

Client = TypeVar("Client")


class Ports(Protocol):
    """Every vendor; a test gives its own."""

    @property
    def finance(self) -> "Finance":
        """The finance vendor."""

    @property
    def benefits(self) -> "BenefitsProvider":
        """The benefits vendor."""

    @property
    def esign(self) -> "Esign":
        """The e-signature vendor."""

    @property
    def background(self) -> "BackgroundCheck":
        """The background-check vendor."""

    @property
    def psychometric(self) -> "Psychometric":
        """The psychometric vendor."""

    @property
    def ats(self) -> "Ats":
        """The applicant tracking system."""

    @property
    def lms(self) -> "Lms":
        """The learning management system."""

    @property
    def sms(self) -> "Sms | None":
        """The carrier of text messages; None: the tenant has none."""

    def feed(self, vendor: str) -> str:
        """The name of the place a pull has come to: a place in one product's feed means nothing to another's."""


class VendorsWiring:
    """The real clients; one is made again only when the vendor's connection changes."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._clients: dict[str, tuple[VendorConnection, Any]] = {}
        # What a vendor is reached by outlives its clients: its connections and its circuit.
        self._line = cache(self._made_line)
        self._generic = cache(self._made_generic)

    @cached_property
    def finance(self) -> "Finance":
        """The finance vendor."""
        from rencai.vendors.pay import Finance

        return Finance(self._generic("finance"))

    @cached_property
    def benefits(self) -> "BenefitsProvider":
        """The benefits vendor."""
        from rencai.vendors.pay import BenefitsProvider

        return BenefitsProvider(self._generic("benefits"))

    @property
    def esign(self) -> "Esign":
        """The e-signature vendor."""

        def make(connection: "VendorConnection") -> "Esign":
            match connection.dialect:
                case "generic":
                    from rencai.vendors.esign import GenericEsign

                    return GenericEsign(self._generic("esign"), self._callback("esign"), self._asked)
                case "docusign":
                    from rencai.vendors.docusign import DocusignEsign, DocusignSettings

                    docusign = DocusignSettings.model_validate(connection.settings)
                    return DocusignEsign(
                        docusign, self._line("esign"), self._url("esign"), self._signed_by_kms, self._asked
                    )
                case _:
                    raise _unknown("esign", connection)

        return self._client_of("esign", make)

    @property
    def background(self) -> "BackgroundCheck":
        """The background-check vendor."""

        def make(connection: "VendorConnection") -> "BackgroundCheck":
            match connection.dialect:
                case "generic":
                    from rencai.vendors.background import GenericBackgroundCheck

                    return GenericBackgroundCheck(
                        self._generic("background"), self._callback("background"), self._asked
                    )
                case "checkr":
                    from rencai.vendors.checkr import CheckrBackgroundCheck, CheckrSettings

                    checkr = CheckrSettings.model_validate(connection.settings)
                    return CheckrBackgroundCheck(
                        checkr,
                        self._line("background"),
                        self._url("background"),
                        lambda: self._token("background"),
                        self._asked,
                    )
                case _:
                    raise _unknown("background", connection)

        return self._client_of("background", make)

    @cached_property
    def psychometric(self) -> "Psychometric":
        """The psychometric vendor."""
        from rencai.vendors.psychometric import GenericPsychometric

        return GenericPsychometric(self._generic("psychometric"), self._callback("psychometric"), self._asked)

    @property
    def ats(self) -> "Ats":
        """The applicant tracking system."""

        def make(connection: "VendorConnection") -> "Ats":
            match connection.dialect:
                case "generic":
                    from rencai.vendors.ats import GenericAts

                    return GenericAts(self._generic("ats"))
                case "greenhouse":
                    from rencai.vendors.greenhouse import GreenhouseAts, GreenhouseSettings

                    greenhouse = GreenhouseSettings.model_validate(connection.settings)
                    return GreenhouseAts(
                        greenhouse, self._line("ats"), self._url("ats"), lambda: self._token("ats")
                    )
                case _:
                    raise _unknown("ats", connection)

        return self._client_of("ats", make)

    @property
    def lms(self) -> "Lms":
        """The learning management system. One that tells by xAPI what was learnt is enrolled in by the generic
        contract.
        """

        def make(connection: "VendorConnection") -> "Lms":
            match connection.dialect:
                case "generic" | "xapi":
                    from rencai.vendors.lms import GenericLms

                    return GenericLms(self._generic("lms"), self._asked)
                case "moodle":
                    from rencai.vendors.moodle import MoodleLms, MoodleSettings

                    moodle = MoodleSettings.model_validate(connection.settings)
                    return MoodleLms(moodle, self._line("lms"), self._url("lms"), lambda: self._token("lms"))
                case _:
                    raise _unknown("lms", connection)

        return self._client_of("lms", make)

    @property
    def sms(self) -> "Sms | None":
        """The carrier of text messages; None: the tenant has none."""
        if not self._url("sms"):
            return None

        def make(connection: "VendorConnection") -> "Sms":
            match connection.dialect:
                case "generic":
                    from rencai.vendors.sms import GenericSms

                    return GenericSms(self._generic("sms"), self._asked)
                case "aliyun":
                    import secrets

                    from rencai.vendors.aliyun_sms import AliyunSettings, AliyunSms

                    aliyun = AliyunSettings.model_validate(connection.settings)
                    return AliyunSms(
                        aliyun,
                        self._line("sms"),
                        self._url("sms"),
                        lambda: self._token("sms"),
                        lambda: secrets.token_hex(16),
                    )
                case _:
                    raise _unknown("sms", connection)

        return self._client_of("sms", make)

    def feed(self, vendor: str) -> str:
        """The name of the place a pull has come to: a place in one product's feed means nothing to another's."""
        return f"{vendor}-{self._connection(vendor).dialect}"

    @cached_property
    def _asked(self) -> "Asked":
        """What vendors were asked for."""
        from rencai.vendors.asked import SharedAsked

        return SharedAsked(self._base.table, self._base.vault, self._base.clock)

    def _connection(self, vendor: str) -> "VendorConnection":
        from rencai.vendors.documents import VENDOR_CONNECTION

        return self._base.configurations.latest(VENDOR_CONNECTION, vendor).document

    def _client_of(self, vendor: str, make: Callable[["VendorConnection"], Client]) -> Client:
        """The vendor's client for the dialect it is set up to speak, made again only when that changes."""
        connection = self._connection(vendor)
        known = self._clients.get(vendor)
        if known is None or known[0] != connection:
            known = self._clients[vendor] = (connection, make(connection))
        made: Client = known[1]
        return made

    def _made_line(self, vendor: str) -> "Line":
        """How a vendor is reached: its connections and its circuit, whatever it speaks."""
        from rencai.platform.observability import logger
        from rencai.vendors.circuit import SharedCircuit
        from rencai.vendors.circuits import Circuits
        from rencai.vendors.http import Line
        from rencai.vendors.pool import VendorPool

        circuit = SharedCircuit(vendor, Circuits(self._base.table), self._base.clock, logger.warning)
        return Line(vendor, VendorPool(), circuit, self._base.clock, logger.warning)

    def _made_generic(self, vendor: str) -> "VendorHttp":
        from rencai.vendors.auth import bearer
        from rencai.vendors.http import VendorHttp

        return VendorHttp(self._line(vendor), self._url(vendor), bearer(lambda: self._token(vendor)))

    def _url(self, vendor: str) -> str:
        return self._base.settings[f"{vendor.upper()}_URL"]

    def _token(self, vendor: str) -> str:
        return self._base.secrets.of(vendor).token

    def _callback(self, vendor: str) -> Callable[[], str]:
        return lambda: f"{self._base.public_url}/webhooks/{vendor}"

    def _signed_by_kms(self, content: bytes) -> bytes:
        """An RS256 signature by the tenant's key for DocuSign. It never leaves KMS: no crypto library in the layer."""
        answer = self._base.client("kms").sign(
            KeyId=f"alias/rencai-{self._base.settings.tenant_id}-docusign",
            Message=content,
            MessageType="RAW",
            SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
        )
        return bytes(answer["Signature"])


def _unknown(vendor: str, connection: "VendorConnection") -> Exception:
    return LookupError(f"{vendor} has no client that speaks {connection.dialect}")
