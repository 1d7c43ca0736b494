"""How far a pull from a vendor has come."""

from datetime import datetime

from .table import Key, Table, instant


def cursor_key(feed: str) -> Key:
    """``CURSOR#ats-generic`` / ``CURSOR``."""
    return Key(f"CURSOR#{feed}", "CURSOR")


class Cursors:
    """The vendor's own cursor of each feed we read. Whoever reads a page again finds its facts applied."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, feed: str) -> str | None:
        """Where to go on; None: from the beginning."""
        item = self._table.get(cursor_key(feed))
        return str(item["position"]) if item and item.get("position") else None

    def put(self, feed: str, position: str | None, now: datetime) -> None:
        """Remember where the next page begins, once what the last one said is on record; None: at the beginning."""
        self._table.put(cursor_key(feed), {"position": position, "updated_at": instant(now)})
