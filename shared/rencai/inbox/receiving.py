"""A webhook comes in: is it authentic, keep it raw. What it says is acted on later (``acting``)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from rencai.kernel.errors import Conflict, DomainError, Forbidden
from rencai.kernel.ids import Ids
from rencai.kernel.terms import Said
from rencai.platform.observability import logger

from .deliveries import Deliveries, Delivery, DeliveryStatus, Verdict
from .dialect import Admit, Delivered, NotAuthentic, NotInContract, Signers, verified
from .dialects import dialect_spoken, kept_headers
from .refusals import InboxReason, InboxRefusal


@dataclass(frozen=True, slots=True)
class Inbound:
    """A webhook as it came. ``request_id`` is API Gateway's."""

    vendor: str
    delivered: Delivered
    source_ip: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Reception:
    """The use case and its collaborators: ``dialect_of`` says what a vendor is set up to speak, ``signers`` gives the
    keys it is signed for with now, ``admit`` refuses what the signer may not say. Anybody can send what is not
    authentic: of each vendor ``unauthentic_kept`` an hour are kept, and the others are counted.
    """

    deliveries: Deliveries
    ids: Ids
    dialect_of: Callable[[str], str]
    signers: Callable[[str], Signers]
    admit: Admit
    unauthentic_kept: int

    def receive(self, inbound: Inbound, now: datetime) -> int:
        """Verify and keep one delivery, whatever the verdict; returns the status that tells this vendor that all is
        well. Of those that are not authentic, no more than ``unauthentic_kept``.

        Raises ``NotFound`` for a vendor that is set up with a dialect in which it does not call. Raises, after keeping
        the delivery as rejected: ``NotAuthentic``; ``NotInContract``; ``Forbidden``; ``Conflict`` when a dialect
        forbids the same id with other content (xAPI).
        """
        vendor, delivered = inbound.vendor, inbound.delivered
        dialect, signers = self.dialect_of(vendor), self.signers(vendor)
        spoken = dialect_spoken(dialect, vendor)
        arrived = Delivery(
            delivery_id=self.ids.arrival_id(vendor, inbound.request_id),
            vendor=vendor,
            dialect=dialect,
            message_id=None,
            body=delivered.body,
            headers=kept_headers(delivered, dialect),
            source_ip=inbound.source_ip,
            received_at=now,
        )
        try:
            message, signer = verified(spoken, delivered, signers, now)
            arrived = replace(arrived, message_id=message.name(self.ids), signer=signer)
            for fact in spoken.parse(vendor, delivered.body):
                self.admit(vendor, signer, fact)
        except NotAuthentic as wrong:
            # Perhaps it is another dialect that is spoken: with that one's headers it can be looked at again.
            unknown = replace(arrived, headers=kept_headers(delivered, None))
            self._reject_unknown(unknown, wrong.said, now)
            raise
        except (NotInContract, Forbidden) as wrong:
            self._reject(arrived, wrong.said)
            raise
        name = self.ids.delivery_id(vendor, message.message_id)
        new = self.deliveries.receive(replace(arrived, delivery_id=name))
        logger.info("delivery", extra={"delivery_id": name, "vendor": vendor, "new": new})
        if new:
            return spoken.ACCEPTED
        changed = not self.deliveries.says(name, delivered.body)
        if changed and spoken.ONE_CONTENT_PER_ID:
            conflict = Conflict(InboxRefusal.MESSAGE_CHANGED)
            self._reject(arrived, conflict.said)
            raise conflict
        self.deliveries.receive(
            replace(
                arrived,
                verdict=Verdict.DUPLICATE,
                status=DeliveryStatus.DUPLICATE,
                reason=DomainError(InboxReason.OTHER_CONTENT).said if changed else None,
                duplicate_of=name,
            )
        )
        return spoken.ACCEPTED

    def _reject_unknown(self, arrived: Delivery, reason: Said, now: datetime) -> None:
        came = self.deliveries.count_unauthentic(arrived.vendor, self.unauthentic_kept, now)
        if came <= self.unauthentic_kept:
            self._reject(arrived, reason)
        elif came == self.unauthentic_kept + 1:
            # Once an hour: a line for each would be what it is to spare.
            logger.warning("no more of what is not authentic is kept", extra={"vendor": arrived.vendor})

    def _reject(self, arrived: Delivery, reason: Said) -> None:
        rejected = replace(arrived, verdict=Verdict.REJECTED, status=DeliveryStatus.REJECTED, reason=reason)
        self.deliveries.receive(rejected)
        logger.warning(
            "delivery rejected",
            extra={"delivery_id": rejected.delivery_id, "vendor": arrived.vendor, "reason": reason.english},
        )
