"""What HR is told of that the restored table does not have."""

from typing import Any

import pytest

from infra.admin.restore.comparing import Difference, differences
from rencai.store.table import to_item
from tests.restore.before import TABLE, Before
from tests.template import table_definition

RESTORED = "restored"


@pytest.fixture
def both(old: Before) -> Before:
    old.dynamodb.create_table(**table_definition(RESTORED))
    return old


def has(old: Before, table: str, pk: str, sk: str, **attributes: Any) -> None:
    old.dynamodb.put_item(TableName=table, Item=to_item({"pk": pk, "sk": sk, **attributes}))


def test_what_stands_otherwise_is_told_by_kind_id_and_stage(both: Before) -> None:
    for table, stage, version in ((TABLE, "signed", 5), (RESTORED, "offer_sent", 4)):
        has(both, table, "CANDIDATE#cand_1", "JOURNEY", gsi1pk=f"STAGE#{stage}", version=version)
        has(both, table, "CANDIDATE#cand_2", "JOURNEY", gsi1pk="STAGE#onboarded", version=9)
    # written since, and not where a stage shows it; nothing of theirs but who they are
    has(both, TABLE, "EMPLOYEE#emp_2", "TRAINING#PLAN", version=3)
    has(both, RESTORED, "EMPLOYEE#emp_2", "TRAINING#PLAN", version=2)
    has(both, TABLE, "INTERVIEW#aiview#itv-1", "RESULT", candidate_id="cand_9")
    has(both, TABLE, "DELIVERY#dlv_1", "DELIVERY", gsi1pk="INBOX#applied", version=2)
    has(both, TABLE, "IMPORTS", "imp_1", status="undone", version=7)
    has(both, RESTORED, "IMPORTS", "imp_1", status="finished", version=5)
    has(both, TABLE, "MERGE#mrg_1", "MERGE", gsi1pk="MERGE#question", version=1)
    has(both, TABLE, "CONFIG#hiring_policy", "default#V000002")
    has(both, TABLE, "EMPLOYEE#emp_2", "INTERVENTION#int_1", gsi1pk="INTERVENTION#open", version=1)
    has(both, RESTORED, "UPLOADS", "upl_1", status="running")
    # What follows from the rest tells nobody anything.
    has(both, TABLE, "CANDIDATE#cand_1", "EVENT#2026-03-02T02:00:00.000Z#evt_1_5_0")
    has(both, TABLE, "CANDIDATE#cand_1", "JOURNEY#APPLICATION")
    has(both, TABLE, "EMPLOYEE#emp_2", "INTERVENTION_NOTE#int_1#nte_1")
    assert differences(both.dynamodb, TABLE, RESTORED) == [
        Difference("configuration", "hiring_policy/default#V000002", "there", "-"),
        Difference("delivery", "dlv_1", "applied (2)", "-"),
        Difference("import", "imp_1", "undone (7)", "finished (5)"),
        Difference("intervention", "int_1", "open (1)", "-"),
        Difference("interview", "aiview#itv-1", "there", "-"),
        Difference("journey", "cand_1", "signed (5)", "offer_sent (4)"),
        Difference("merge", "mrg_1", "question (1)", "-"),
        Difference("plan", "emp_2", "there (3)", "there (2)"),
        Difference("upload", "upl_1", "-", "running"),
    ]
    assert differences(both.dynamodb, RESTORED, RESTORED) == []
