"""The tenant's secrets as they are now: vendors' tokens and keys, and what ids, links and fingerprints are made with.

They have no earlier state that would be of use: what a vendor took back since is not given again, and the tenant's own
never change. Were they made anew, every id would be another, and nobody on record be found again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient


def copy_secrets(client: SecretsManagerClient, old: Mapping[str, str], new: Mapping[str, str]) -> int:
    """Give each secret of ``new`` the value of the one of ``old`` with the same logical id; how many there were.

    Raises LookupError for one that the old stack did not leave: nothing is copied then.
    """
    found: dict[str, str] = {}
    missing = []
    for name, secret in old.items():
        try:
            found[name] = client.get_secret_value(SecretId=secret)["SecretString"]
        except client.exceptions.ResourceNotFoundException:
            missing.append(secret)
    if missing:
        raise LookupError(
            f"there is no secret {', '.join(missing)}. One that was deleted can be had back for a month: "
            "`aws secretsmanager restore-secret --secret-id <name>`. One that a newer release brought: make it first"
        )
    for name, value in found.items():
        client.put_secret_value(SecretId=new[name], SecretString=value)
    return len(found)
