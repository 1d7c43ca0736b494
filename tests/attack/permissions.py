"""A function is taken over, and its role used for what the function never does."""

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider
from tests.e2e.roles import Role, Sealing

EVERYBODYS = (
    "CANDIDATE#x",
    "EMPLOYEE#x",
    "MERGE#x",
    "DELIVERY#x",
    "CARDS#01",
    "CONFIG#survey",
    "UPLOADS",
    "IMPORTS",
    "SCANS",
)


@attack("The survey page's role opens a national id, pay, findings")
def page_opens(outsider: Outsider) -> str:
    """The page is open to all; its role could once open everything."""
    role, sealing = Role(outsider.stack, "SurveyPage"), Sealing(outsider.stack)
    for field in ("national_id", "terms", "findings", "application", "body", "reason"):
        assert not sealing.opened_by(role, sealing.context(field)), field
    assert sealing.opened_by(role, sealing.context("survey")), "or this attack would fail of itself"
    return "AccessDenied for each; it opens surveys' words alone"


@attack("The survey page's role puts items of other kinds, and deletes")
def page_puts(outsider: Outsider) -> str:
    """It may put answers, and could once put anything."""
    role = Role(outsider.stack, "SurveyPage")
    for pk in EVERYBODYS:
        for word in ("put", "update", "delete", "transact", "batch_write"):
            assert not role.may(word, pk), f"{word} {pk}"
    return "AccessDenied for each"


@attack("The whole table is read with one function's role")
def scans(outsider: Outsider) -> str:
    """No function needs it."""
    names = (
        "HrApi",
        "EmployeeApi",
        "SurveyPage",
        "VendorCallbacks",
        "InterviewIngestion",
        "EventRelay",
        "ImportUndo",
    )
    assert not [name for name in names if Role(outsider.stack, name).may("scan", "")]
    return f"AccessDenied for {len(names)} roles"


@attack("What anybody may send to - webhooks, interviews - is taken over, and reads what came before")
def doors(outsider: Outsider) -> str:
    """The doors can put in and open nothing."""
    sealing = Sealing(outsider.stack)
    for name in ("VendorCallbacks", "InterviewIngestion"):
        role = Role(outsider.stack, name)
        for field in ("body", "national_id", "terms", "demographics"):
            assert not sealing.opened_by(role, sealing.context(field)), f"{name} {field}"
        assert not role.may("query", "EMPLOYEE#x")
    return "AccessDenied for every field"


@attack("A role opens by the key what DynamoDB and S3 keep under it, or another tenant's")
def around(outsider: Outsider) -> str:
    """Only DynamoDB and S3 may, in its name."""
    role, sealing = Role(outsider.stack, "HrApi"), Sealing(outsider.stack)
    for context in (
        {"aws:dynamodb:tableName": outsider.stack.table},
        {"aws:s3:arn": f"arn:aws:s3:::{outsider.stack.bucket}"},
        sealing.context("terms", tenant="another"),
        {},
    ):
        assert not sealing.opened_by(role, context), context
    return "AccessDenied for each"


SHOWN = [
    shown_by(
        "A role is given more, or less, than the matrix says: every function, action, key, field and object",
        "tests/stack/test_access.py",
    )
]
