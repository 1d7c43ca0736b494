"""A function may read the secrets that its calls need, and no other."""

import ast
from typing import Final

from tests.journey.world import readers_of
from tests.template import ROOT

MAKES_IDS: Final = {
    # Interviews: whose a result is; under which name a file goes.
    "InterviewIngestion", "InterviewUpload", "InterviewPart", "InterviewDelivery",
    # Webhooks: what a delivery is called, when it comes and when a rejected one is looked at again.
    "VendorCallbacks", "CallbackApplication", "AtsApplications", "TrainingProgress",
    # Asked instead of told: findings, applications, reviews.
    "Chase", "AtsPull", "TrainingPull", "TrainingEnrolment",
    # Which words a mentor wrote beside a mark.
    "TrainingMentoring",
    # What a client asks for: uploads, imports, reasons.
    "HrApi", "ImportApi", "EmployeeApi", "RiskApi",
    # Which reading is marked, by which request.
    "TranscriptApi",
    # Whose an employee number is.
    "ImportPart",
}  # fmt: skip
"""Every function that makes an id of words from outside. Where a queue's function does, the journeys would fail for one
that is missing here (``tests.journey.world``); where the API's does, its end-to-end tests, with IAM enforced."""


def test_the_secret_of_ids_is_read_by_those_who_make_some() -> None:
    assert readers_of("IdSecret") == MAKES_IDS


def test_the_secret_of_ids_outlives_its_stack() -> None:
    """Without it nothing that is on record is found."""
    from tests.template import template

    secret = template()["Resources"]["IdSecret"]
    assert (secret["DeletionPolicy"], secret["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


# --- no other digests


ALLOWED: Final = {
    "shared/rencai/kernel/ids.py": "of our own ids alone; all else under the secret",
    "shared/rencai/pressure/store/cards.py": "which shard an employee's id falls into",
    "shared/rencai/migration/split.py": "of rows, in memory, while a file is cut",
    "shared/rencai/interviews/rules/interview.py": "of a result; made one of ours before it is kept",
    "shared/rencai/inbox/dialect.py": "what an unnamed message is called until it is kept",
    "shared/rencai/vendors/dialects/greenhouse.py": "likewise",
    "shared/rencai/vendors/dialects/xapi.py": "likewise",
    "shared/rencai/vendors/aliyun_sms.py": "of a request, which it signs",
    "shared/rencai/letters/notices.py": "of what a letter is about, as a tag for the mail service",
    "functions/people/ats_tell.py": "of an address at the ATS, told to the ATS and kept nowhere",
    "shared/rencai/platform/pages.py": "of the page's own style, for its content security policy",
}
"""Where a digest without a key is made, and of what."""


def test_whoever_makes_a_digest_without_a_key_says_of_what() -> None:
    """One of words from outside can be found by trying them all."""
    found = {
        str(path.relative_to(ROOT))
        for folder in ("functions", "shared/rencai")
        for path in (ROOT / folder).rglob("*.py")
        if any(_imports_hashlib(node) for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    }
    assert found == ALLOWED.keys()


def _imports_hashlib(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(one.name == "hashlib" for one in names)
        case ast.ImportFrom(module=module):
            return module == "hashlib"
    return False
