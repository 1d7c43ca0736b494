"""Everybody who may sign in is made in the new pool and invited anew."""

from typing import Any

import pytest

from infra.admin.restore.people import Moved, move_people
from tests.restore.before import Before


def person(old: Before, name: str, **attributes: str) -> None:
    given = {"email": f"{name}@example.com", **attributes}.items()
    old.cognito.admin_create_user(
        UserPoolId=old.pool,
        Username=name,
        UserAttributes=[{"Name": key, "Value": value} for key, value in given],
    )


@pytest.mark.parametrize("invite", [True, False])
def test_people_with_their_groups_and_whether_they_may_sign_in(old: Before, invite: bool) -> None:
    person(old, "li", email_verified="true")
    person(old, "wang")
    old.cognito.admin_disable_user(UserPoolId=old.pool, Username="wang")
    for group in ("hr", "payroll"):
        old.cognito.create_group(
            UserPoolId=old.pool, GroupName=group, Description=f"the {group}", Precedence=1
        )
    old.cognito.admin_add_user_to_group(UserPoolId=old.pool, Username="li", GroupName="hr")
    new = old.cognito.made()
    # A stack may make its groups itself.
    old.cognito.create_group(UserPoolId=new, GroupName="hr", Description="made by the stack")
    cognito: Any = old.cognito
    old.cognito.made_by.clear()

    assert move_people(cognito, old.pool, new, invite=invite) == Moved(("li", "wang"), 0, ("hr", "payroll"))
    assert all(one["DesiredDeliveryMediums"] == ["EMAIL"] for one in old.cognito.made_by)
    assert [one.get("MessageAction") for one in old.cognito.made_by] == [None if invite else "SUPPRESS"] * 2
    users = old.cognito.users[new]
    assert {name: one["Enabled"] for name, one in users.items()} == {"li": True, "wang": False}
    given = {one["Name"]: one["Value"] for one in users["li"]["Attributes"]}
    assert given == {"email": "li@example.com", "email_verified": "true", "sub": f"sub of {new}"}
    groups = old.cognito.groups[new]
    assert groups["hr"]["Description"] == "made by the stack"
    assert (groups["payroll"]["Description"], groups["payroll"]["Precedence"]) == ("the payroll", 1)
    assert [one["Username"] for one in groups["hr"]["members"]] == ["li"]

    assert move_people(cognito, old.pool, new, invite=invite) == Moved((), 2, ("hr", "payroll"))
    assert len(old.cognito.made_by) == 2
