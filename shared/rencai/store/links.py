"""Whose a vendor's thing is, where webhooks do not carry our reference (DocuSign, Checkr, every LMS)."""

from rencai.domain.errors import NotFound

from .table import Key, Table


def link_key(vendor: str, thing_id: str) -> Key:
    """``LINK#esign#env-1`` / ``LINK``."""
    return Key(f"LINK#{vendor}#{thing_id}", "LINK")


class Links:
    """From a vendor's id to ours."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def record(self, vendor: str, thing_id: str, reference: str) -> None:
        """Remember whose it is; repeating it writes the same."""
        self._table.put(link_key(vendor, thing_id), {"reference": reference})

    def reference(self, vendor: str, thing_id: str) -> str:
        """Our reference; raises ``NotFound``, also for a webhook that overtakes the answer to our own call."""
        item = self._table.get(link_key(vendor, thing_id))
        if item is None:
            raise NotFound("link", f"{vendor}/{thing_id}")
        return str(item["reference"])
