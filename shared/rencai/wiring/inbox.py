"""The vendor inbox."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from .base import Base

if TYPE_CHECKING:
    from rencai.inbox.acting import Inbox
    from rencai.inbox.deliveries import Deliveries
    from rencai.inbox.desk import InboxDesk
    from rencai.inbox.links import Links
    from rencai.inbox.receiving import Reception


class InboxWiring:
    """The vendor inbox."""

    def __init__(self, base: Base) -> None:
        self._base = base

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

        return Inbox(self.deliveries, self.dialect_of, self.keys_of)

    @cached_property
    def reception(self) -> "Reception":
        """Webhooks coming in."""
        from rencai.inbox.receiving import Reception

        return Reception(self.deliveries, self._base.ids, self.dialect_of, self.keys_of)

    @cached_property
    def desk(self) -> "InboxDesk":
        """What HR does about webhooks."""
        from rencai.inbox.desk import InboxDesk

        return InboxDesk(self.deliveries)

    def dialect_of(self, vendor: str) -> str:
        """The dialect a vendor is set up to speak."""
        from rencai.vendors.documents import VENDOR_CONNECTION

        return self._base.configurations.latest(VENDOR_CONNECTION, vendor).document.dialect

    def keys_of(self, vendor: str) -> "Sequence[str]":
        """The keys a vendor signs its webhooks with now."""
        return self._base.secrets.of(vendor).webhook_secrets
