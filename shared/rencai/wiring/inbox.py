"""The vendor inbox."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from .base import Base
from .interviews import InterviewsWiring

if TYPE_CHECKING:
    from rencai.inbox.acting import Inbox
    from rencai.inbox.deliveries import Deliveries
    from rencai.inbox.desk import InboxDesk
    from rencai.inbox.dialect import Signers
    from rencai.inbox.links import Links
    from rencai.inbox.receiving import Reception
    from rencai.kernel.facts import VendorFact

_INTERVIEW: Final = "interview"


class InboxWiring:
    """The vendor inbox."""

    def __init__(self, base: Base, interviews: InterviewsWiring) -> None:
        self._base = base
        self._interviews = interviews

    @cached_property
    def deliveries(self) -> "Deliveries":
        """Webhooks, kept."""
        from rencai.inbox.deliveries import Deliveries

        retention = timedelta(days=int(self._base.settings["INBOX_RETENTION_DAYS"]))
        return Deliveries(self._base.table, self._base.vault, self._base.bucket, self._base.ids, retention)

    @cached_property
    def links(self) -> "Links":
        """Whose a vendor's thing is."""
        from rencai.inbox.links import Links

        return Links(self._base.table)

    @cached_property
    def inbox(self) -> "Inbox":
        """Acting on deliveries."""
        from rencai.inbox.acting import Inbox

        return Inbox(self.deliveries, self.dialect_of, self.signers_of, self.admit)

    @cached_property
    def reception(self) -> "Reception":
        """Webhooks coming in."""
        from rencai.inbox.receiving import Reception

        kept = int(self._base.settings["UNAUTHENTIC_KEPT"])
        return Reception(self.deliveries, self._base.ids, self.dialect_of, self.signers_of, self.admit, kept)

    @cached_property
    def desk(self) -> "InboxDesk":
        """What HR does about webhooks."""
        from rencai.inbox.desk import InboxDesk

        return InboxDesk(self.deliveries)

    def dialect_of(self, vendor: str) -> str:
        """The dialect a vendor is set up to speak."""
        from rencai.vendors.documents import VENDOR_CONNECTION

        return self._base.configurations.latest(VENDOR_CONNECTION, vendor).document.dialect

    def signers_of(self, vendor: str) -> "Signers":
        """The keys a vendor's webhooks are signed with now. Of interview vendors a tenant may have several, each with
        keys of its own.
        """
        kept = self._base.secrets.of(vendor)
        named = kept.webhook_secrets_of if vendor == _INTERVIEW else {}
        return {**{name: keys for name, keys in named.items() if name}, "": kept.webhook_secrets}

    def admit(self, vendor: str, signer: str, fact: "VendorFact") -> None:
        """Refuses an interview of a vendor for which its signer may not speak; raises ``Forbidden``."""
        if vendor != _INTERVIEW:
            return
        from rencai.interviews.rules.facts import InterviewCompleted
        from rencai.interviews.rules.speakers import Door, Speaker

        if isinstance(fact, InterviewCompleted):
            self._interviews.speaking.refuse_unbound(Speaker(Door.WEBHOOK, signer), fact.interview.vendor)
