"""Whose a vendor's thing is, where webhooks do not carry our reference (DocuSign, Checkr, every LMS)."""

from collections.abc import Iterable

from rencai.kernel.errors import LostRace, NotFound
from rencai.store.table import ABSENT, Condition, Key, Table


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

    def share(self, vendor: str, thing_id: str, reference: str) -> None:
        """Remember whose it is beside whoever else's it is already; repeating it changes nothing.

        ``reference`` then gives all of them, with spaces between. Raises ``LostRace``.
        """
        key = link_key(vendor, thing_id)
        try:
            self._table.put(key, {"reference": reference}, ABSENT)
        except LostRace:
            known = self.reference(vendor, thing_id)
            if reference not in known.split():
                unchanged = Condition("#reference = :known", {"#reference": "reference"}, {":known": known})
                self._table.put(key, {"reference": f"{known} {reference}"}, unchanged)

    def references(self, vendor: str, thing_ids: Iterable[str]) -> dict[str, str]:
        """Ours by theirs, of those that have been on record for a moment: a link hardly ever changes once it is
        written, so it is read at half the price.
        """
        keys = {link_key(vendor, thing_id): thing_id for thing_id in thing_ids}
        found = self._table.get_all(keys, consistent=False)
        return {keys[key]: str(item["reference"]) for key, item in found.items()}
