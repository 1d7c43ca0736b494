"""What is laid before the template is deployed over it, and that the deployment finds it as the template says it."""

import json
from typing import Any

from infra.admin.restore.foundation import _resolved, foundation, secret_names
from infra.admin.restore.plan import Plan
from tests.template import resources, template


def texts(value: Any) -> list[str]:
    return json.dumps(value).split('"')


def test_everything_that_holds_data_is_in_it_but_what_is_made_anew(plan: Plan) -> None:
    """A resource that is kept when its stack goes, and is forgotten here, would be missing after a restore."""
    kept = {name for name, one in template()["Resources"].items() if one.get("DeletionPolicy")}
    laid = foundation(template(), plan, with_table=True)["Resources"]
    assert kept - laid.keys() == {
        "Key",  # given by its ARN
        "UserPool",  # of passwords that nobody can copy
    }
    assert laid.keys() - kept == set()
    before = foundation(template(), plan, with_table=False)["Resources"]
    assert laid.keys() - before.keys() == {"Table"}


def test_no_parameter_and_no_condition_is_left_in_it(plan: Plan) -> None:
    made = foundation(template(), plan, with_table=True)
    assert made.keys() == {"AWSTemplateFormatVersion", "Description", "Resources"}
    for name in (*template()["Parameters"], "Fn::If", "Fn::GetAtt", "Condition"):
        assert name not in texts(made["Resources"]), name
        assert f"${{{name}}}" not in json.dumps(made)
    assert made["Resources"]["IdentitySecret"]["Properties"]["Name"] == "rencai/acme-r1/identity"
    bucket = made["Resources"]["Bucket"]["Properties"]
    assert made["Resources"]["Table"]["Properties"]["TableName"] == plan.table
    assert bucket["BucketName"] == {"Fn::Sub": "rencai-acme-r1-${AWS::AccountId}-${AWS::Region}"}
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == plan.source.key_arn


def test_the_deployment_over_it_changes_what_makes_it_run_and_nothing_else(plan: Plan) -> None:
    """The table as DynamoDB restores it has no stream, so nothing is told before it is complete; and the bucket tells
    nobody of the objects that are put back."""
    laid = foundation(template(), plan, with_table=True)["Resources"]
    values = {
        name: str(said["Default"]) for name, said in template()["Parameters"].items() if "Default" in said
    } | plan.parameters
    changed = {}
    for name, one in laid.items():
        whole = _resolved(template()["Resources"][name]["Properties"], values)
        assert all(whole[key] == said for key, said in one["Properties"].items())
        if added := whole.keys() - one["Properties"].keys():
            changed[name] = added
    assert changed == {
        "Bucket": {"NotificationConfiguration"},
        "Table": {
            "StreamSpecification",
            "TimeToLiveSpecification",
            "PointInTimeRecoverySpecification",
            "DeletionProtectionEnabled",
        },
    }


def test_secrets_are_found_by_the_names_that_the_template_gives_them() -> None:
    names = secret_names(template(), "acme", "-r1")
    assert names.keys() == resources("AWS::SecretsManager::Secret").keys()
    assert (names["EsignSecret"], names["SurveySecret"]) == ("rencai/acme-r1/esign", "rencai/acme-r1/survey")
    assert secret_names(template(), "acme", "")["EsignSecret"] == "rencai/acme/esign"
