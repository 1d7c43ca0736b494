"""Who may sign in, from the old pool into the new one. Passwords cannot be copied: each person is invited anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

_THE_POOLS_OWN: Final = frozenset({"sub", "identities"})
"""Attributes that a pool gives, and takes from nobody."""


@dataclass(frozen=True, slots=True)
class Moved:
    """``invited``: who is in the new pool now. ``there``: how many were in it already. ``groups``: their names."""

    invited: tuple[str, ...]
    there: int
    groups: tuple[str, ...]


def move_people(client: CognitoIdentityProviderClient, old: str, new: str, *, invite: bool) -> Moved:
    """Make everybody of the pool ``old`` in ``new``, with their groups, disabled who was; with ``invite`` Cognito
    writes to each with a password for once. Done again it goes on, and invites nobody twice.
    """
    silent: dict[str, Any] = {} if invite else {"MessageAction": "SUPPRESS"}
    groups = _groups(client, old, new)
    invited, there = [], 0
    for page in client.get_paginator("list_users").paginate(UserPoolId=old):
        for user in page["Users"]:
            name = user["Username"]
            try:
                client.admin_create_user(
                    UserPoolId=new,
                    Username=name,
                    UserAttributes=[
                        one for one in user.get("Attributes", []) if one["Name"] not in _THE_POOLS_OWN
                    ],
                    DesiredDeliveryMediums=["EMAIL"],
                    **silent,
                )
            except client.exceptions.UsernameExistsException:
                there += 1
            else:
                invited.append(name)
            if not user.get("Enabled", True):
                client.admin_disable_user(UserPoolId=new, Username=name)
    for group in groups:
        members: Any = client.get_paginator("list_users_in_group").paginate(UserPoolId=old, GroupName=group)
        for page in members:
            for user in page["Users"]:
                client.admin_add_user_to_group(UserPoolId=new, Username=user["Username"], GroupName=group)
    return Moved(tuple(sorted(invited)), there, groups)


def clients_made_by_hand(client: CognitoIdentityProviderClient, old: str, new: str) -> dict[str, str]:
    """Names and ids of the old pool's app clients that the stack does not make itself: they are made again by hand,
    with another id, which documents that name them have to say.
    """
    named = {pool: _clients(client, pool) for pool in (old, new)}
    return {name: client_id for name, client_id in named[old].items() if name not in named[new]}


def _clients(client: CognitoIdentityProviderClient, pool: str) -> dict[str, str]:
    pages = client.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool)
    return {one["ClientName"]: one["ClientId"] for page in pages for one in page["UserPoolClients"]}


def _groups(client: CognitoIdentityProviderClient, old: str, new: str) -> tuple[str, ...]:
    """The old pool's groups, made in the new one where the stack has not made them itself."""
    names = []
    for page in client.get_paginator("list_groups").paginate(UserPoolId=old):
        for group in page["Groups"]:
            names.append(group["GroupName"])
            said: dict[str, Any] = {
                name: group[name] for name in ("Description", "Precedence") if name in group
            }
            try:
                client.create_group(UserPoolId=new, GroupName=group["GroupName"], **said)
            except client.exceptions.GroupExistsException:
                continue
    return tuple(sorted(names))
