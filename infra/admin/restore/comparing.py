"""What the restored table does not have of the one that was in use since: ids and stages, for HR to look at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from infra.admin.restore.table import in_parallel, scan

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_KINDS: Final = {
    "journey": re.compile(r"CANDIDATE#([^\n]+)\nJOURNEY"),
    "interview": re.compile(r"INTERVIEW#([^\n]+)\nRESULT"),
    "delivery": re.compile(r"DELIVERY#([^\n]+)\nDELIVERY"),
    "merge": re.compile(r"MERGE#([^\n]+)\nMERGE"),
    "upload": re.compile(r"UPLOADS\n([^\n]+)"),
    "import": re.compile(r"IMPORTS\n([^\n]+)"),
    "employee": re.compile(r"EMPLOYEE#([^\n]+)\nEMPLOYEE"),
    "plan": re.compile(r"EMPLOYEE#([^\n]+)\nTRAINING#PLAN"),
    "intervention": re.compile(r"EMPLOYEE#[^\n]+\nINTERVENTION#([^\n]+)"),
    "configuration": re.compile(r"CONFIG#([^\n]+\n[^\n]+)"),
}
"""What a person would miss, by its key as ``pk`` and ``sk`` on two lines."""
GONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Difference:
    """``before``: how it stands in the old table; ``restored``: in the restored one. GONE: it is not there."""

    kind: str
    id: str
    before: str
    restored: str

    def line(self) -> str:
        """Tab-separated."""
        return "\t".join((self.kind, self.id, self.before, self.restored))


def differences(client: DynamoDBClient, old: str, restored: str) -> list[Difference]:
    """Everything that stands otherwise in the two tables, by kind and id."""
    before, after = _states(client, old), _states(client, restored)
    return [
        Difference(*which, before.get(which, GONE), after.get(which, GONE))
        for which in sorted({*before, *after})
        if before.get(which) != after.get(which)
    ]


def _states(client: DynamoDBClient, table: str) -> dict[tuple[str, str], str]:
    def of_segment(segment: int) -> dict[tuple[str, str], str]:
        found = {}
        for item in scan(client, table, segment, "pk", "sk", "gsi1pk", "status", "version"):
            which = _which(item["pk"]["S"], item["sk"]["S"])
            if which is not None:
                found[which] = _state(item)
        return found

    return {which: state for part in in_parallel(of_segment) for which, state in part.items()}


def _which(pk: str, sk: str) -> tuple[str, str] | None:
    for kind, pattern in _KINDS.items():
        if found := pattern.fullmatch(f"{pk}\n{sk}"):
            return kind, found[1].replace("\n", "/")
    return None


def _state(item: Mapping[str, Any]) -> str:
    """Stage or status, and the version: ``offer_sent (4)``."""
    listed = item.get("gsi1pk", {}).get("S", "").rpartition("#")[2]
    state = item.get("status", {}).get("S") or listed or "there"
    version = item.get("version", {}).get("N")
    return f"{state} ({version})" if version else state
