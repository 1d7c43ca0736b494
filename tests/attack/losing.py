"""A tenant is lost: its data deleted by mistake, or brought back otherwise than it was."""

from botocore.exceptions import ClientError

from tests.attack.attacks import attack, shown_by
from tests.e2e.outsider import Outsider


@attack("An admin deletes the tenant's table")
def the_table(outsider: Outsider) -> str:
    dynamodb = outsider.stack.session.client("dynamodb")
    # Asked first: were it not protected, the attack would be what it warns of.
    assert dynamodb.describe_table(TableName=outsider.stack.table)["Table"]["DeletionProtectionEnabled"]
    try:
        dynamodb.delete_table(TableName=outsider.stack.table)
    except ClientError as refused:
        return f"{refused.response['Error']['Code']}, it is protected"
    raise AssertionError("it is gone")


SHOWN = [
    shown_by(
        "The user pool, or what else holds data, is deleted with its stack",
        "tests/stack/test_tenant.py::test_what_holds_data_outlives_its_stack_and_refuses_to_be_deleted",
    ),
    shown_by(
        "A second stack of the tenant finds a name taken",
        "tests/stack/test_tenant.py::test_a_second_stack_of_a_tenant_finds_no_name_taken",
    ),
    shown_by(
        "A restore brings back who was erased since, or what was to be forgotten",
        "tests/restore/test_table.py::test_what_is_past_its_time_and_who_was_erased_since_does_not_come_back",
        "tests/restore/test_objects.py",
    ),
    shown_by(
        "A restore makes new ids, and everybody is somebody else",
        "tests/restore/test_command.py::test_a_secret_that_was_not_left_stops_it_before_any_is_copied",
    ),
    shown_by(
        "What was under way is lost with the old queues, or asked of vendors in other words",
        "tests/restore/test_resuming.py",
        "tests/restore/test_table.py::test_what_vendors_were_asked_since_is_asked_again_in_the_same_words",
    ),
    shown_by(
        "A deployment leaves the API at the code, layer or parameter of before",
        "tests/stack/test_tenant.py::test_a_version_is_published_for_whatever_a_function_would_do_otherwise",
        "tests/stack/test_tenant.py::test_the_api_calls_aliases_only",
    ),
]
