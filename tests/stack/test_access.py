"""What the functions' roles allow is what access.yaml says: neither more nor less, by IAM's own rules.

The template's policies are asked, as they are deployed; the answers are held against the matrix as it is written.
"""

import json
from functools import cache
from typing import Any, Final

import pytest
from botocore import xform_name
from botocore.loaders import Loader

from infra.admin import ROOT
from infra.assembly.access import TABLE_ACTIONS, read_access
from infra.assembly.access_page import PAGE, page
from rencai.store.table import Table
from tests.iam import BUCKET_ARN, KEY_ARN, TABLE_ARN, Context, allowed, resolved, speaks_of, statements
from tests.matrix import MATRIX
from tests.stack.repository import ROOM, Repository
from tests.template import resources

FUNCTIONS: Final = resources("AWS::Serverless::Function")
_ACTIONS: Final = {
    "get": "GetItem",
    "get_all": "BatchGetItem",
    "query": "Query",
    "put": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
}
_OBJECT_ACTIONS: Final = {"get": "GetObject", "get_version": "GetObjectVersion", "put": "PutObject"}
_INDEX_ARN: Final = f"{TABLE_ARN}/index/gsi1"


def cells(kind: str) -> set[str]:
    """Every leading key, field or object's key that the matrix knows."""
    return {cell for own in MATRIX.values() for cell in own.get(kind, ())}


def some(pattern: str) -> str:
    """A key that matches it."""
    return pattern.replace("*", "x")


_ACTIONS_ONLY: Final = {
    "dynamodb": ("ConditionCheckItem", "PartiQLSelect", "PartiQLInsert", "PartiQLDelete", "PartiQLUpdate"),
    "kms": ("ReEncryptFrom", "ReEncryptTo"),
    "s3": ("GetObjectVersion", "ListBucket", "ListBucketVersions"),
}
"""What is no operation, and an action that a policy can allow."""


@cache
def operations(service: str) -> tuple[str, ...]:
    """Every action of a service there is."""
    return (*Loader().load_service_model(service, "service-2")["operations"], *_ACTIONS_ONLY[service])


def actions(name: str, service: str) -> list[str]:
    """The actions of a service that some statement of a function's role is about: no other is allowed."""
    return [
        action
        for operation in operations(service)
        if any(speaks_of(statement, action := f"{service}:{operation}") for statement in policy(name))
    ]


@cache
def policy(name: str) -> list[dict[str, Any]]:
    return statements(FUNCTIONS[name].get("Policies", []))


def may(name: str, action: str, resource: str, context: Context | None = None) -> bool:
    return allowed(policy(name), action, resource, context or {})


def sealed(field: str, tenant: str = "tenant", owner: str = "cand_x") -> Context:
    """The encryption context of a field, as ``rencai.store.sealed`` makes it."""
    pairs = {"tenant": tenant, "owner": owner, "field": field}
    return {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}


KEYS: Final = sorted({some(key) for key in cells("table") | cells("lists")})
STRANGERS: Final = [
    "STRANGER#x",
    "CANDIDATE",
    "CANDIDATEx",
    "xCANDIDATE#x",
    "EMPLOYE#x",
    "UPLOADSx",
    "config#x",
    "",
]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_table_is_open_to_a_function_as_the_matrix_says(name: str) -> None:
    own = MATRIX.get(name, {})
    expected = {
        (f"dynamodb:{_ACTIONS[word]}", key)
        for pattern, words in own.get("table", {}).items()
        for word in words.split()
        for key in KEYS
        if key == some(pattern) or (pattern.endswith("*") and key.startswith(pattern[:-1]))
    }
    asked = [(action, key) for action in actions(name, "dynamodb") for key in (*KEYS, *STRANGERS)]
    assert {
        (action, key)
        for action, key in asked
        if may(name, action, TABLE_ARN, {"dynamodb:LeadingKeys": [key]})
    } == expected


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_index_is_open_to_a_function_as_the_matrix_says(name: str) -> None:
    lists = MATRIX.get(name, {}).get("lists", [])
    expected = {
        ("dynamodb:Query", key)
        for pattern in lists
        for key in KEYS
        if key == some(pattern) or (pattern.endswith("*") and key.startswith(pattern[:-1]))
    }
    asked = [(action, key) for action in actions(name, "dynamodb") for key in (*KEYS, *STRANGERS)]
    assert {
        (action, key)
        for action, key in asked
        if may(name, action, _INDEX_ARN, {"dynamodb:LeadingKeys": [key]})
    } == expected
    assert not may(name, "dynamodb:Query", f"{TABLE_ARN}/index/gsi2", {"dynamodb:LeadingKeys": [KEYS[0]]})
    assert not may(name, "dynamodb:Query", TABLE_ARN + "-of-another", {"dynamodb:LeadingKeys": [KEYS[0]]})


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_a_request_for_several_keys_needs_all_of_them(name: str) -> None:
    for word, operation in _ACTIONS.items():
        own = [some(key) for key, words in MATRIX[name].get("table", {}).items() if word in words.split()]
        for key in STRANGERS:
            assert not may(name, f"dynamodb:{operation}", TABLE_ARN, {"dynamodb:LeadingKeys": [*own, key]})
        if own:
            assert may(name, f"dynamodb:{operation}", TABLE_ARN, {"dynamodb:LeadingKeys": own})


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_no_action_that_names_no_key_is_allowed(name: str) -> None:
    """Of no keys all are allowed ones: ``ForAllValues`` lets such a request by, so there must be none."""
    named = {f"dynamodb:{operation}" for operation in _ACTIONS.values()}
    assert {*actions(name, "dynamodb")} <= named


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_key_opens_and_seals_what_the_matrix_says(name: str) -> None:
    own = MATRIX.get(name, {})
    fields = cells("opens") | cells("seals")
    expected = {("kms:Decrypt", field) for field in own.get("opens", ())} | {
        ("kms:Encrypt", field) for field in own.get("seals", ())
    }
    asked = [action for action in actions(name, "kms") if action != "kms:Sign"]
    assert {
        (action, field)
        for action in asked
        for field in (*fields, "stranger", "")
        if may(name, action, KEY_ARN, sealed(field))
    } == expected
    for action in asked:
        assert not may(name, action, KEY_ARN)
        assert not may(name, action, KEY_ARN, {"kms:EncryptionContext:tenant": "tenant"})
        for field in fields:
            assert not may(name, action, KEY_ARN, sealed(field, tenant="another"))
            assert not may(name, action, KEY_ARN + "-of-another", sealed(field))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_keys_of_table_and_bucket_are_used_through_these_only(name: str) -> None:
    own = MATRIX.get(name, {})
    of_table = {"kms:EncryptionContext:aws:dynamodb:tableName": "of-the-tenant"}
    of_bucket = {"kms:EncryptionContext:aws:s3:arn": BUCKET_ARN}
    by = {
        service: {"kms:ViaService": f"{service}.ap-southeast-1.amazonaws.com"}
        for service in ("dynamodb", "s3", "ebs")
    }
    words = {word for said in own.get("objects", {}).values() for word in said.split()}
    expected = {("kms:Decrypt", "dynamodb", "table")} if own.get("table") or own.get("lists") else set()
    expected |= {("kms:Decrypt", "s3", "bucket")} if words & {"get", "get_version"} else set()
    expected |= {("kms:GenerateDataKey", "s3", "bucket")} if "put" in words else set()
    contexts = {"table": of_table, "bucket": of_bucket, "neither": {}}
    assert {
        (action, service, which)
        for action in actions(name, "kms")
        for service, via in by.items()
        for which, context in contexts.items()
        if may(name, action, KEY_ARN, {**context, **via})
    } == expected
    assert not [
        action
        for action in actions(name, "kms")
        for context in (of_table, of_bucket)
        if may(name, action, KEY_ARN, context)
    ]
    another = {**by["dynamodb"], "kms:EncryptionContext:aws:dynamodb:tableName": "of-another"}
    assert not may(name, "kms:Decrypt", KEY_ARN, another)


def test_the_table_and_the_bucket_are_encrypted_under_the_tenants_key() -> None:
    (table,), (bucket,) = (resources(kind).values() for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket"))
    assert resolved(table["SSESpecification"]) == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": KEY_ARN,
    }
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert resolved(rule["ServerSideEncryptionByDefault"]) == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": KEY_ARN,
    }


OBJECTS: Final = sorted({some(pattern) for pattern in cells("objects")})


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_bucket_is_open_to_a_function_as_the_matrix_says(name: str) -> None:
    own = MATRIX.get(name, {})
    expected = {
        (f"s3:{_OBJECT_ACTIONS[word]}", key)
        for pattern, words in own.get("objects", {}).items()
        for word in words.split()
        for key in OBJECTS
        if key.startswith(pattern.removesuffix("*"))
    }
    strangers = ("x", "rawx", "import/x", "reports", "imports/x")
    assert {
        (action, key)
        for action in actions(name, "s3")
        for key in (*OBJECTS, *strangers)
        if may(name, action, f"{BUCKET_ARN}/{key}")
    } == expected
    whole = {"s3:ListBucket"} if own.get("misses") else set()
    asked = actions(name, "s3")
    assert {action for action in asked if may(name, action, BUCKET_ARN)} == whole
    assert not [action for action in asked if may(name, action, f"{BUCKET_ARN}-of-another/{OBJECTS[0]}")]


def test_the_page_shows_the_matrix_as_it_is() -> None:
    assert PAGE.read_text() == page(read_access(ROOT)) + "\n", "make access"


# --- what outsiders tried, by name --------------------------------------------------------------------------


def openers(field: str) -> set[str]:
    return {name for name in FUNCTIONS if may(name, "kms:Decrypt", KEY_ARN, sealed(field))}


def test_the_survey_page_opens_and_puts_nothing_of_a_candidate() -> None:
    for field in cells("opens") - {"survey"}:
        assert not may("SurveyPage", "kms:Decrypt", KEY_ARN, sealed(field)), field
    for key in (*KEYS, *STRANGERS):
        may_put = may("SurveyPage", "dynamodb:PutItem", TABLE_ARN, {"dynamodb:LeadingKeys": [key]})
        assert may_put == key.startswith("ANSWERS#"), key


def test_the_mentors_page_opens_nothing_and_puts_marks_only() -> None:
    for field in cells("opens"):
        assert not may("MentorPage", "kms:Decrypt", KEY_ARN, sealed(field)), field
    for key in (*KEYS, *STRANGERS, "MENTOR#emp_1"):
        may_put = may("MentorPage", "dynamodb:PutItem", TABLE_ARN, {"dynamodb:LeadingKeys": [key]})
        assert may_put == key.startswith("MENTOR#"), key


def test_few_open_what_is_worth_most() -> None:
    # Who checks, who is asked, and who seals it anew: for whom somebody was merged into, or with an offer.
    asked = {"ContactApi", "IdentityQuestions"}
    assert openers("national_id") == {"BackgroundCheck", "HrApi", "OfferGeneration", *asked}
    assert openers("terms") == {"Chase", "HrApi", "OfferGeneration", "OfferSignature"}
    assert openers("findings") == {"HrApi"}
    assert openers("demographics") == set()


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    [
        "dynamodb:GetItem",
        "DynamoDB:Scan",
        "kms:Decrypt",
        "s3:GetObject",
        "dynamodb:*Item",
        "kms:*",
        "*",
        "ssm:*",
    ],
)
def test_a_block_that_speaks_of_the_data_is_refused(one: Repository, action: str) -> None:
    line = one.has(ROOM, "Action: ssm:GetParameter", f'Action: "{action}"')
    assert one.refused() == f"{ROOM}:{line}: Pay is given {action} here: access.yaml says who may touch what"


def test_a_policy_by_its_name_is_refused(one: Repository) -> None:
    one.has(ROOM, "        - Statement:", "        - AmazonDynamoDBFullAccess\n        - Statement:")
    assert "Pay has a policy of somebody else's: write its statements out" in one.refused()
    one.has(ROOM, "        - AmazonDynamoDBFullAccess\n", "        - S3CrudPolicy: {BucketName: !Ref Bus}\n")
    assert "Pay has a policy of somebody else's: write its statements out" in one.refused()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Payy:\n  table:\n    PAY#*: get\n", 1, "there is no function Payy: take this row out"),
        (
            "Pay:\n  tables:\n    PAY#*: get\n",
            2,
            "tables is no word here; there are table, lists, opens, seals, objects, misses",
        ),
        (
            "Pay:\n  table:\n    PAY#*: get scan\n",
            3,
            "scan is no word here; there are get, get_all, query, put, update, delete",
        ),
        ("Pay:\n  objects:\n    pay/*: list\n", 3, "list is no word here; there are get, get_version, put"),
    ],
)
def test_a_word_that_is_not_known_is_refused(one: Repository, text: str, line: int, said: str) -> None:
    one.writes("access.yaml", text)
    assert one.refused() == f"access.yaml:{line}: {said}"


def test_a_row_becomes_the_statements_of_the_role(one: Repository) -> None:
    one.writes(
        "access.yaml",
        """\
        Pay:
          table:
            PAY#*: get put
            MONTHS: get
          lists: ["PAY#open"]
          opens: [pay]
          objects:
            slips/*: put
        """,
    )
    (made,) = one.resources()["Pay"]["Properties"]["Policies"]
    said = {json.dumps(statement["Action"]): statement for statement in made["Statement"]}
    assert said['["dynamodb:GetItem"]']["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["MONTHS", "PAY#*"]}
    }
    assert said['["dynamodb:PutItem"]']["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["PAY#*"]}
    }
    assert said['["dynamodb:Query"]']["Resource"] == {"Fn::Sub": "${Table.Arn}/index/gsi1"}
    assert said['["s3:PutObject"]']["Resource"] == [{"Fn::Sub": "${Bucket.Arn}/slips/*"}]


def test_every_word_is_a_method_of_the_store() -> None:
    assert dict(TABLE_ACTIONS) == _ACTIONS
    assert all(hasattr(Table, word) for word in TABLE_ACTIONS)
    assert {xform_name(action) for action in TABLE_ACTIONS.values()} == {
        "get_item", "batch_get_item", "query", "put_item", "update_item", "delete_item",
    }  # fmt: skip
