"""An old profile is made again by what made it: model, policy and reader of then (A2), whatever was stored since."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.admin import __main__ as admin
from rencai.interviews.recomputing import Recomputing
from rencai.interviews.rules.competency import COMPETENCY_MODEL
from rencai.interviews.rules.interview import Interview
from rencai.interviews.rules.profile import FacialPolicy, Profile
from rencai.interviews.scorers import Scorers
from rencai.interviews.store.interviews import Interviews, StoredInterview, to_profile_document
from rencai.kernel.errors import NotFound
from rencai.reading.readers import Readers
from rencai.reading.rules.classifier import CLASSIFIER
from rencai.reading.rules.clauses import SCOPE_WORDS
from rencai.reading.rules.lexicon import LEXICON
from rencai.reading.rules.reader import ReaderVersion
from rencai.store.configurations import Configurations
from rencai.store.objects import Bucket
from rencai.store.table import Table, compact
from tests.aws import client
from tests.builders import answer, competency, encoded, model_document, result, rule
from tests.moto_table import TABLE

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BUCKET = "interviews-of-before"
LED = "我带过十二个人的团队,没有带过大区"
CLAIM = {"name": {"zh-CN": "带团队", "en": "Leads a team"}, "present": ["带过[^不没未无]{0,8}团队"]}
LEARNED = {"bias": -8, "slope": 1, "intercept": 0, "sure": 0.9, "unsure": 0.4, "lexicon": 0.95}
SCORES = model_document(
    execution=competency(
        "1",
        70,
        rule("leads", 10, says=["leads"]),
        rule("region", 10, present=["带过.{0,2}大区"]),
        rule("face", 5, signal="smile_count", gte=1),
    )
)


class Tenant:
    """Its documents, an interview on record, and the bytes that it came in as."""

    def __init__(self, dynamodb: Any) -> None:
        self.table = Table(dynamodb, TABLE)
        s3 = client("s3")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
        self.bucket = Bucket(s3, BUCKET)
        self.interviews = Interviews(self.table)
        self.put(SCOPE_WORDS, "default", {"denies": ["没有"]})
        self.put(LEXICON, "competency", {"claims": {"leads": CLAIM}})
        self.put(CLASSIFIER, "competency", {"claims": {"leads": LEARNED}, "coefficients": {}})
        self.put(COMPETENCY_MODEL, "sales", SCORES)

    def put(self, kind: Any, name: str, document: Any) -> None:
        Configurations(self.table, lambda: NOW).put(kind, name, document, actor="hr", now=NOW)

    def scorers(self, policy: FacialPolicy = FacialPolicy.USE) -> Scorers:
        configurations = Configurations(self.table, lambda: NOW)
        return Scorers(configurations, policy, Readers(configurations))

    def ingest(self, *, webhook: bool = False) -> Profile:
        document = {**result(), "answers": [answer("past_results", LED, smile_count=2)]}
        raw = encoded({"type": "interview.completed", "data": document} if webhook else document)
        profile = replace(
            self.scorers().of("sales").profile(Interview.model_validate_json(encoded(document))),
            inputs_digest="keyed",
        )
        where = self.bucket.put("raw/1.json", raw)
        stored = StoredInterview("aiview", "itv-1", "cand_1", "api", where, profile)
        self.interviews.record(stored, NOW)
        return self.interviews.get("aiview", "itv-1").profile

    def changes_everything(self) -> None:
        """A stricter lexicon, a classifier that knows nothing, other scope words, another model."""
        self.put(SCOPE_WORDS, "default", {"denies": ["没有"], "others": ["我"]})
        self.put(LEXICON, "competency", {"claims": {"leads": {**CLAIM, "present": ["率领"]}}})
        self.put(
            CLASSIFIER, "competency", {"claims": {"leads": LEARNED | {"sure": 0.99}}, "coefficients": {}}
        )
        other = json.loads(json.dumps(SCORES))
        other["competencies"]["execution"]["base"] = 40
        self.put(COMPETENCY_MODEL, "sales", other)

    def recomputing(self) -> Recomputing:
        return Recomputing(self.interviews, self.bucket, self.scorers(FacialPolicy.IGNORE))


@pytest.fixture
def tenant(dynamodb: Any) -> Tenant:
    return Tenant(dynamodb)


@pytest.mark.parametrize("webhook", [False, True])
def test_a2_an_old_profile_comes_out_to_the_byte_whatever_was_stored_since(
    tenant: Tenant, webhook: bool
) -> None:
    then = tenant.ingest(webhook=webhook)
    assert then.reader == ReaderVersion(1, 1, 1)
    assert [one.rule for one in then.competencies[0].evidence] == ["leads", "face"]
    tenant.changes_everything()
    found = tenant.recomputing().recompute("aiview", "itv-1")
    assert compact(to_profile_document(found.again)) == compact(to_profile_document(then))
    assert (found.is_the_same, found.differences()) == (True, [])
    # Today's would say something else, and of which documents.
    today = tenant.scorers().of("sales")
    assert today.reader is not None
    assert (today.version, today.reader.version) == (2, ReaderVersion(2, 2, 2))
    raw = json.loads(tenant.bucket.get("raw/1.json"))
    said = Interview.model_validate_json(json.dumps(raw.get("data", raw)))
    assert today.profile(said).overall != then.overall


def test_a2_a_profile_of_before_there_was_a_reader_comes_out_as_it_was(tenant: Tenant) -> None:
    document = model_document(c=competency("1", 50, rule("region", 10, present=["带过.{0,2}大区"])))
    tenant.put(COMPETENCY_MODEL, "sales", document)
    configurations = Configurations(tenant.table, lambda: NOW)
    then = tenant.ingest()
    assert then.overall == 50  # denied: read, it does not hold
    unread = replace(then, reader=None)
    scorer = tenant.scorers().of_profile(unread)
    assert (scorer.reader, scorer.version) == (None, 2)
    raw = Interview.model_validate_json(tenant.bucket.get("raw/1.json"))
    assert scorer.profile(raw).overall == 60
    assert configurations.latest(COMPETENCY_MODEL, "sales").version == 2


def test_a_tenant_without_the_readers_documents_scores_patterns_as_it_did(dynamodb: Any) -> None:
    configurations = Configurations(Table(dynamodb, TABLE), lambda: NOW)
    scorers = Scorers(configurations, FacialPolicy.USE, Readers(configurations))
    document = model_document(c=competency("1", 50, rule("region", 10, present=["大区"])))
    configurations.put(COMPETENCY_MODEL, "sales", document, actor="hr", now=NOW)
    assert scorers.of("sales").reader is None
    configurations.put(COMPETENCY_MODEL, "sales", SCORES, actor="hr", now=NOW)
    fresh = Configurations(Table(dynamodb, TABLE), lambda: NOW)
    with pytest.raises(NotFound):
        Scorers(fresh, FacialPolicy.USE, Readers(fresh)).of("sales")


def test_an_admin_is_told_whether_it_comes_out_the_same_and_no_word_of_it(tenant: Tenant) -> None:
    then = tenant.ingest()
    tenant.changes_everything()
    told = ["interviews", "recompute", "aiview", "itv-1", "--table", TABLE, "--bucket", BUCKET]
    same = CliRunner().invoke(admin.app, told)
    assert same.exit_code == 0
    assert same.output.splitlines() == [
        "sales: model version 1, reader: lexicon 1, classifier 1, scope words 1",
        "comes out the same",
    ]
    odd = replace(then, overall=then.overall and then.overall - 1, reader=ReaderVersion(2, 1, 1, "nova p1"))
    tenant.interviews.record(StoredInterview("aiview", "itv-2", "cand_1", "api", "raw/1.json", odd), NOW)
    other = CliRunner().invoke(admin.app, [*told[:3], "itv-2", *told[4:]])
    assert other.exit_code == 1
    lines = other.output.splitlines()
    assert lines[1:3] == [
        "nova p1 helped that reader; it was not asked again, and what it settled is unsure below",
        "comes out otherwise",
    ]
    assert "  execution: 85 on record by leads, face, 75 now by face" in lines
    assert "团队" not in same.output + other.output
